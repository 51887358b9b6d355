//! Saves a batch of checked entries in the transaction it is given.

mod categories;
mod products;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::CouponInput;
use commerce::ids::CouponId;

use super::coupons::{coupon, coupon_input};
use super::{Entry, Report, Target, Wanted};
use crate::error::{Error, Result};
use crate::store::categories::StoredCategory;
use crate::store::{self, Conn, coupons};

/// Who the events say it was.
const ACTOR: &str = "import";

/// Saves the entries; what could not be taken is in the report, and the rest of the batch stands.
pub(super) async fn save(conn: &mut Conn, target: &Target, entries: &[Entry]) -> Result<Report> {
    let categories = store::categories::all(conn).await?;
    let mut saving = Saving { conn, target, now: target.clock.now(), categories, report: Report::default() };
    let mut products = Vec::new();
    for entry in entries {
        match &entry.wanted {
            Wanted::Category(category) => saving.category(entry.line, category).await?,
            Wanted::CategoryName(category) => saving.category_name(entry.line, category).await?,
            Wanted::Coupon(coupon) => saving.coupon(coupon).await?,
            Wanted::Product(product) => products.push((entry.line, &**product)),
        }
    }
    saving.products(&products).await?;
    Ok(saving.report)
}

/// A batch being saved.
struct Saving<'a> {
    conn: &'a mut Conn,
    target: &'a Target,
    now: DateTime<Utc>,
    /// Every category of the shop, by slug.
    categories: HashMap<String, StoredCategory>,
    report: Report,
}

impl Saving<'_> {
    async fn coupon(&mut self, wanted: &CouponInput) -> Result<()> {
        let id: CouponId = self.target.clock.id();
        let coupon = coupon(wanted, id).ok_or_else(|| Error::Internal("an unchecked coupon".into()))?;
        let known = coupons::load(self.conn, std::slice::from_ref(&coupon.code), "", false).await?;
        let tally = &mut self.report.coupons;
        match known.first() {
            Some(known) if coupon_input(&known.coupon) == coupon_input(&coupon) => tally.unchanged += 1,
            Some(_) => tally.changed += 1,
            None => tally.new += 1,
        }
        coupons::save(self.conn, &self.target.clock, &coupon, self.now).await?;
        Ok(())
    }
}
