//! Coupons and their uses. A use is taken when a checkout opens and given back when it ends without an order.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use commerce::ids::{CheckoutId, CouponId};
use commerce::promotion::{Coupon, CouponUsage};
use sqlx::types::Json;
use uuid::Uuid;

use super::events::{self, Event};
use super::{Arg, Conn, Query, Writes, keys};
use crate::args;
use crate::faults::{self, Fault};

#[derive(sqlx::FromRow)]
struct CouponRow {
    id: Uuid,
    terms: Json<Coupon>,
    used: i64,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct UsedRow {
    coupon_id: Uuid,
}

/// The coupons of these codes, with how often they were used in all and by a customer.
///
/// `customer` is the digest of an e-mail address, or "" before there is one. With `lock`, the rows stay ours until the
/// transaction ends, in the order of their ids.
pub async fn load(conn: &mut Conn, codes: &[String], customer: &str, lock: bool) -> sqlx::Result<Vec<CouponUsage>> {
    let known = these(conn, codes.to_vec(), lock).await?;
    let customers = if customer.is_empty() { vec![] } else { vec![customer.to_owned()] };
    let uses = uses_by(conn, known.values().map(|coupon| coupon.id).collect(), customers).await?;
    let usage = |coupon: Coupon| CouponUsage {
        used_by_customer: uses.iter().filter(|one| one.coupon == coupon.id).count() as i64,
        coupon,
    };
    Ok(known.into_values().map(usage).collect())
}

/// The coupons of these codes. With `lock`, the rows stay ours until the transaction ends, in the order of their ids.
pub async fn these(conn: &mut Conn, codes: Vec<String>, lock: bool) -> sqlx::Result<HashMap<String, Coupon>> {
    const COUPONS: &str = "SELECT id, terms, used, version FROM coupons WHERE code IN";
    let keys = keys(codes);
    let rows: Vec<CouponRow> = match lock {
        true => conn.lock_in(COUPONS, keys, "ORDER BY id").await?,
        false => conn.all_in(COUPONS, keys, "").await?,
    };
    let coupon = |row: CouponRow| Coupon { id: CouponId(row.id), used: row.used, ..row.terms.0 };
    Ok(rows.into_iter().map(coupon).map(|coupon| (coupon.code.clone(), coupon)).collect())
}

/// A use that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Of which coupon.
    pub coupon: CouponId,
    /// By which checkout.
    pub checkout: CheckoutId,
    /// By whom: the digest of an e-mail address.
    pub customer: String,
}

#[derive(sqlx::FromRow)]
struct UseRow {
    coupon_id: Uuid,
    checkout_id: Uuid,
    customer: String,
}

/// The uses of coupons by customers, of orders and of open checkouts.
pub async fn uses_by(conn: &mut Conn, coupons: Vec<CouponId>, customers: Vec<String>) -> sqlx::Result<Vec<Use>> {
    if coupons.is_empty() || customers.is_empty() {
        return Ok(vec![]);
    }
    let mut query = Query::new("SELECT coupon_id, checkout_id, customer FROM coupon_uses");
    query.and_any_of("coupon_id", keys(coupons));
    query.and_any_of("customer", keys(customers));
    query.and("status <> 'released'");
    let rows: Vec<UseRow> = conn.all_by(query).await?;
    Ok(rows.into_iter().map(UseRow::a_use).collect())
}

/// The uses that checkouts hold.
pub async fn held(conn: &mut Conn, checkouts: Vec<CheckoutId>) -> sqlx::Result<Vec<Use>> {
    const HELD: &str = "SELECT coupon_id, checkout_id, customer FROM coupon_uses
         WHERE status = 'active' AND checkout_id IN";
    let rows: Vec<UseRow> = conn.all_in(HELD, keys(checkouts), "").await?;
    Ok(rows.into_iter().map(UseRow::a_use).collect())
}

impl UseRow {
    fn a_use(self) -> Use {
        Use { coupon: CouponId(self.coupon_id), checkout: CheckoutId(self.checkout_id), customer: self.customer }
    }
}

/// Writes down uses that checkouts take. The counts follow with [`count`].
pub fn take(writes: &mut Writes, uses: &[Use]) {
    const HEAD: &str = "INSERT INTO coupon_uses (coupon_id, checkout_id, customer, status)";
    let row = |one: &Use| args![one.coupon, one.checkout, &one.customer, "active"];
    writes.insert(HEAD, uses.iter().map(row).collect(), "");
}

/// Ends the uses that checkouts hold: 'released' or 'consumed'. The counts follow with [`count`].
pub fn end(writes: &mut Writes, ended: &[(CheckoutId, &'static str)]) {
    const END: &str = "UPDATE coupon_uses SET status = v.column2";
    let rows = ended.iter().map(|(checkout, status)| args![*checkout, *status]).collect();
    let tail = "WHERE coupon_uses.checkout_id = v.column1 AND coupon_uses.status = 'active'";
    writes.update(END, rows, tail);
}

/// Counts uses that were taken, or given back.
pub fn count(writes: &mut Writes, counts: &BTreeMap<CouponId, i64>) {
    const COUNT: &str = "UPDATE coupons SET used = coupons.used + v.column2";
    let rows = counts.iter().map(|(coupon, more)| args![*coupon, *more]).collect();
    writes.update(COUNT, rows, "WHERE coupons.id = v.column1");
}

/// Gives back the uses that a checkout holds. Twice gives back once.
pub async fn release(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<()> {
    give_back(conn, checkout, "active").await
}

/// Gives back the uses of an order that was called off. Twice gives back once.
pub async fn give_back_consumed(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<()> {
    give_back(conn, checkout, "consumed").await
}

async fn give_back(conn: &mut Conn, checkout: CheckoutId, status: &'static str) -> sqlx::Result<()> {
    const HELD: &str = "SELECT coupon_id FROM coupon_uses
         WHERE checkout_id = $1 AND status = $2 ORDER BY coupon_id";
    const RELEASE: &str = "UPDATE coupon_uses SET status = 'released' WHERE coupon_id = $1 AND checkout_id = $2";
    const COUNT: &str = "UPDATE coupons SET used = used - 1 WHERE id = $1";
    let held: Vec<UsedRow> = conn.all(HELD, args![checkout, status]).await?;
    for row in held.iter().filter(|_| !faults::is(Fault::CouponKept)) {
        conn.execute(RELEASE, args![row.coupon_id, checkout]).await?;
        conn.execute(COUNT, args![row.coupon_id]).await?;
        if faults::is(Fault::CouponGivenBackTwice) {
            conn.execute(COUNT, args![row.coupon_id]).await?;
        }
    }
    Ok(())
}

/// Takes again the uses that a checkout gave back, for a customer who may be another one now.
pub async fn retake(
    conn: &mut Conn,
    checkout: CheckoutId,
    coupons: &[CouponUsage],
    customer: &str,
) -> sqlx::Result<()> {
    const RETAKE: &str =
        "UPDATE coupon_uses SET status = 'active', customer = $3 WHERE coupon_id = $1 AND checkout_id = $2";
    const COUNT: &str = "UPDATE coupons SET used = used + 1 WHERE id = $1";
    for usage in coupons {
        if conn.execute(RETAKE, args![usage.coupon.id, checkout, customer]).await? == 1 {
            conn.execute(COUNT, args![usage.coupon.id]).await?;
        }
    }
    Ok(())
}

/// Keeps a coupon; one of the same code takes over its id and count. Answers whether anything changed.
pub async fn save(conn: &mut Conn, coupon: &Coupon, actor: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    const FIND: &str = "SELECT id, terms, used, version FROM coupons WHERE code = $1";
    const INSERT: &str =
        "INSERT INTO coupons (id, code, terms, total_limit, per_customer_limit, used, version, created_at)
         VALUES ($1, $2, $3, $4, $5, 0, 1, $6)";
    const UPDATE: &str =
        "UPDATE coupons SET terms = $2, total_limit = $3, per_customer_limit = $4, version = version + 1
         WHERE id = $1";
    let known: Option<CouponRow> = conn.optional(FIND, args![&coupon.code]).await?;
    let terms = |id: CouponId| Arg::json(&Coupon { id, used: 0, ..coupon.clone() });
    let limits = (coupon.total_limit, coupon.per_customer_limit);
    let (kind, id, version) = match known {
        None => {
            let row = args![coupon.id, &coupon.code, terms(coupon.id), limits.0, limits.1, now];
            conn.execute(INSERT, row).await?;
            ("coupon.created", coupon.id, 1)
        }
        Some(row) if row.terms.0 == (Coupon { id: CouponId(row.id), used: 0, ..coupon.clone() }) => return Ok(false),
        Some(row) => {
            let id = CouponId(row.id);
            conn.execute(UPDATE, args![id, terms(id), limits.0, limits.1]).await?;
            ("coupon.updated", id, row.version + 1)
        }
    };
    let data = serde_json::json!({});
    let event = Event { kind, subject: "coupon", subject_id: id.0, version, data, actor, at: now };
    events::append(conn, event).await?;
    Ok(true)
}

/// Every coupon, by code.
pub async fn all(conn: &mut Conn) -> sqlx::Result<Vec<Coupon>> {
    let rows: Vec<CouponRow> = conn.all("SELECT id, terms, used, version FROM coupons ORDER BY code", args![]).await?;
    Ok(rows.into_iter().map(|row| Coupon { id: CouponId(row.id), used: row.used, ..row.terms.0 }).collect())
}
