//! Saves a batch of checked entries in the transaction it is given.

mod categories;
mod foreseen;
mod products;
mod sheet;

use std::collections::HashMap;

pub(super) use foreseen::Foreseen;

use chrono::{DateTime, Utc};
use commerce::catalog::CouponInput;
use commerce::ids::CouponId;
use commerce::promotion::Coupon;

use super::coupons::{coupon, coupon_input};
use super::{Entry, Kind, Report, Target, Verdict, Wanted};
use crate::error::{Error, Result};
use crate::store::categories::StoredCategory;
use crate::store::{self, Conn, coupons};

/// Saves the entries; what could not be taken is in the report, and the rest of the batch stands. In a dry run nothing is
/// written: what would have been is foreseen.
pub(super) async fn save(
    conn: &mut Conn,
    target: &Target,
    entries: &[Entry],
    actor: &str,
    mut foreseen: Option<&mut Foreseen>,
) -> Result<Report> {
    let categories = match foreseen.as_mut().and_then(|foreseen| foreseen.categories.take()) {
        Some(categories) => categories,
        None => store::categories::all(conn).await?,
    };
    let now = target.clock.now();
    let mut saving = Saving { conn, target, actor, now, categories, foreseen, report: Report::default() };
    let (mut products, mut coupons) = (Vec::new(), Vec::new());
    for entry in entries {
        match &entry.wanted {
            Wanted::Category(category) => saving.category(entry.line, category).await?,
            Wanted::CategoryName(category) => saving.category_name(entry.line, category).await?,
            Wanted::Coupon(coupon) => coupons.push((entry.line, coupon)),
            Wanted::Product(product) => products.push((entry, &**product)),
        }
    }
    // Stock before coupons, as a sale locks them.
    saving.products(&products).await?;
    saving.coupons(&coupons).await?;
    if let Some(foreseen) = saving.foreseen {
        foreseen.categories = Some(saving.categories);
    }
    Ok(saving.report)
}

/// A batch being saved.
struct Saving<'a> {
    conn: &'a mut Conn,
    target: &'a Target,
    /// Who the events say it was.
    actor: &'a str,
    now: DateTime<Utc>,
    /// Every category of the shop, by slug.
    categories: HashMap<String, StoredCategory>,
    /// What a dry run would have written.
    foreseen: Option<&'a mut Foreseen>,
    report: Report,
}

impl Saving<'_> {
    async fn coupons(&mut self, wanted: &[(u64, &CouponInput)]) -> Result<()> {
        let codes: Vec<String> = wanted.iter().map(|(_, coupon)| coupon.code.clone()).collect();
        let known = coupons::load(self.conn, &codes, "", false).await?;
        let known: HashMap<&str, &Coupon> =
            known.iter().map(|usage| (usage.coupon.code.as_str(), &usage.coupon)).collect();
        let mut changed = Vec::new();
        for (line, wanted) in wanted {
            let id: CouponId = self.target.clock.id();
            let coupon = coupon(wanted, id).ok_or_else(|| Error::Internal("an unchecked coupon".into()))?;
            let known = known.get(coupon.code.as_str());
            let verdict = match known {
                Some(known) if coupon_input(known) == coupon_input(&coupon) => Verdict::Unchanged,
                Some(_) => Verdict::Changed,
                None => Verdict::New,
            };
            self.report.take(*line, &coupon.code, Kind::Coupon, verdict);
            if verdict != Verdict::Unchanged {
                changed.push((known.map_or(id, |known| known.id), coupon));
            }
        }
        changed.sort_by_key(|(id, _)| *id);
        if self.foreseen.is_none() {
            for (_, coupon) in &changed {
                coupons::save(self.conn, coupon, self.actor, self.now).await?;
            }
        }
        Ok(())
    }
}
