//! Saves a batch of checked entries in the transaction it is given.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::{CategoryInput, CouponInput, ProductInput};
use commerce::ids::{CategoryId, CouponId};

use super::coupons::{coupon, coupon_input};
use super::prepare::in_words;
use super::{Entry, Report, Row, Target, Wanted};
use crate::error::{Error, Result};
use crate::store::categories::{self, StoredCategory};
use crate::store::products::{self, Change};
use crate::store::{Conn, coupons};

/// Who the events say it was.
const ACTOR: &str = "import";

/// Saves the entries; what could not be taken is in the report, and the rest of the batch stands.
pub(super) async fn save(conn: &mut Conn, target: &Target, entries: &[Entry]) -> Result<Report> {
    let categories = categories::all(conn).await?;
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
    categories: HashMap<String, StoredCategory>,
    report: Report,
}

impl Saving<'_> {
    async fn category_name(&mut self, line: u64, wanted: &CategoryInput) -> Result<()> {
        if self.categories.contains_key(&wanted.slug) {
            return Ok(());
        }
        self.write_category(line, wanted).await.map(|_| ())
    }

    async fn category(&mut self, line: u64, wanted: &CategoryInput) -> Result<()> {
        let known = self.categories.get(&wanted.slug);
        let is_new = known.is_none();
        if known.is_some_and(|known| known.input == *wanted) {
            self.report.unchanged += 1;
        } else if self.write_category(line, wanted).await? {
            *if is_new { &mut self.report.taken } else { &mut self.report.changed } += 1;
        }
        Ok(())
    }

    /// Writes a category under its parent; answers `false` when it can't stand there.
    async fn write_category(&mut self, line: u64, wanted: &CategoryInput) -> Result<bool> {
        if let Some(problem) = self.misplaced(wanted) {
            self.report.add(Row::skipped(line, &wanted.slug, problem));
            return Ok(false);
        }
        let parent = wanted.parent.as_ref().and_then(|slug| self.categories.get(slug)).map(|parent| parent.id);
        let known = self.categories.get(&wanted.slug);
        let category = StoredCategory {
            id: known.map_or_else(|| self.target.clock.id(), |known| known.id),
            version: known.map_or(1, |known| known.version + 1),
            input: wanted.clone(),
        };
        categories::save(self.conn, &self.target.clock, &category, parent, ACTOR, self.now).await?;
        self.categories.insert(wanted.slug.clone(), category);
        Ok(true)
    }

    /// Why a category can't stand where it is wanted.
    fn misplaced(&self, wanted: &CategoryInput) -> Option<String> {
        let mut above = wanted.parent.as_ref();
        while let Some(slug) = above {
            if *slug == wanted.slug {
                return Some(format!("parent: {} would stand under itself", wanted.slug));
            }
            let Some(category) = self.categories.get(slug) else {
                return Some(format!("parent: there is no category {slug}; list it before its children"));
            };
            above = category.input.parent.as_ref();
        }
        None
    }

    async fn coupon(&mut self, wanted: &CouponInput) -> Result<()> {
        let id: CouponId = self.target.clock.id();
        let coupon = coupon(wanted, id).ok_or_else(|| Error::Internal("an unchecked coupon".into()))?;
        let known = coupons::load(self.conn, std::slice::from_ref(&coupon.code), "", false).await?;
        match known.first() {
            Some(known) if coupon_input(&known.coupon) == coupon_input(&coupon) => self.report.unchanged += 1,
            Some(_) => self.report.changed += 1,
            None => self.report.taken += 1,
        }
        coupons::save(self.conn, &self.target.clock, &coupon, self.now).await?;
        Ok(())
    }

    async fn products(&mut self, wanted: &[(u64, &ProductInput)]) -> Result<()> {
        let slugs: Vec<String> = wanted.iter().map(|(_, product)| product.slug.clone()).collect();
        let stored = products::load(self.conn, self.target.currency, &slugs, true).await?;
        let mut changes: Vec<Change> = Vec::new();
        let mut lines: Vec<u64> = Vec::new();
        for (line, product) in wanted {
            if let Some(unknown) = product.categories.iter().find(|slug| !self.categories.contains_key(*slug)) {
                let problem = format!("categories: there is no category {unknown}; list it before its products");
                self.report.add(Row::skipped(*line, &product.slug, problem));
                continue;
            }
            let known = stored.get(&product.slug);
            match products::change(known, (*product).clone(), &self.target.clock, self.now) {
                Ok(None) => self.report.unchanged += 1,
                Ok(Some(change)) => {
                    *if change.is_new() { &mut self.report.taken } else { &mut self.report.changed } += 1;
                    changes.push(change);
                    lines.push(*line);
                }
                Err(errors) => self.report.add(Row::skipped(*line, &product.slug, in_words(&errors))),
            }
        }
        self.warn_of_shared_skus(&changes, &lines).await?;
        let ids: HashMap<String, CategoryId> =
            self.categories.iter().map(|(slug, known)| (slug.clone(), known.id)).collect();
        products::write(self.conn, &self.target.clock, &changes, &ids, ACTOR, self.now).await
    }

    /// Real catalogs give one number to several products. That is taken, and said.
    async fn warn_of_shared_skus(&mut self, changes: &[Change], lines: &[u64]) -> Result<()> {
        let skus_of = |change: &Change| {
            change.product.variants.iter().filter_map(|variant| variant.sku.clone()).collect::<Vec<_>>()
        };
        let skus: Vec<String> = changes.iter().flat_map(skus_of).collect();
        let mut owners: HashMap<String, String> =
            products::skus_elsewhere(self.conn, &skus).await?.into_iter().collect();
        for (change, line) in changes.iter().zip(lines) {
            let slug = &change.product.slug;
            for sku in skus_of(change) {
                let owner = owners.entry(sku.clone()).or_insert_with(|| slug.clone());
                if owner != slug {
                    self.report.add(Row::warning(*line, slug, format!("the SKU {sku} is also that of {owner}")));
                }
            }
        }
        Ok(())
    }
}
