//! Products of a batch: compared with what the shop has, and written together.

use std::collections::{HashMap, HashSet};

use commerce::catalog::ProductInput;
use commerce::ids::{CategoryId, ProductId};
use commerce::inventory::MovementKind;

use super::super::prepare::in_words;
use super::super::{Entry, Kind, Row, Says, Verdict};
use super::Saving;
use super::sheet::keep_unsaid;
use crate::error::Result;
use crate::store::locations;
use crate::store::products::{self, Change, StoredProduct};

/// A product that a file asks for, and the entry that does.
type Asked<'p> = (&'p Entry, &'p ProductInput);

impl Saving<'_> {
    pub(super) async fn products(&mut self, wanted: &[Asked<'_>]) -> Result<()> {
        let mut rest = wanted;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(independent(rest));
            self.products_at_once(now).await?;
            rest = later;
        }
        Ok(())
    }

    async fn products_at_once(&mut self, wanted: &[Asked<'_>]) -> Result<()> {
        let named: Vec<String> = wanted.iter().flat_map(|(_, product)| names(product)).cloned().collect();
        let writes = self.foreseen.is_none();
        let mut stored = products::load(self.conn, self.target.currency, &named, writes).await?;
        let mut moved = products::moved(self.conn, &named).await?;
        let places = locations::by_name(self.conn).await?;
        if let Some(foreseen) = &self.foreseen {
            foreseen.correct(&named, &mut stored, &mut moved);
        }
        let mut changes: Vec<Change> = Vec::new();
        let mut lines: Vec<u64> = Vec::new();
        for (entry, product) in wanted {
            let line = &entry.line;
            let known = names(product).find_map(|slug| stored.get(slug));
            let placed = self.placed(entry, product, known).and_then(|product| {
                match misnamed(&product, known, &stored, &moved) {
                    Some(problem) => Err(problem),
                    None => Ok(product),
                }
            });
            let product = match placed {
                Ok(product) => product,
                Err(problem) => {
                    self.report.add(Row::skipped(*line, &product.slug, problem));
                    continue;
                }
            };
            if let Some(other) =
                moved.get(&product.slug).filter(|now| known.is_none_or(|known| known.input.slug != **now))
            {
                self.report.add(Row::warning(*line, &product.slug, format!("this address led to {other} till now")));
            }
            let slug = product.slug.clone();
            match products::change(known, product, &places, &self.target.clock, self.now) {
                Ok(None) => self.report.take(*line, &slug, Kind::Product, Verdict::Unchanged),
                Ok(Some(change)) => {
                    let verdict = if change.is_new() { Verdict::New } else { Verdict::Changed };
                    self.report.take(*line, &slug, Kind::Product, verdict);
                    changes.push(change);
                    lines.push(*line);
                }
                Err(errors) => self.report.add(Row::skipped(*line, &slug, in_words(&errors))),
            }
        }
        self.warn_of_shared_skus(&changes, &lines).await?;
        let ids: HashMap<String, CategoryId> =
            self.categories.iter().map(|(slug, known)| (slug.clone(), known.id)).collect();
        if let Some(foreseen) = &mut self.foreseen {
            let by_id: HashMap<ProductId, &StoredProduct> = stored.values().map(|known| (known.id, known)).collect();
            changes.iter().for_each(|change| foreseen.take(change, by_id.get(&change.id).copied()));
            return Ok(());
        }
        let by = (self.actor, MovementKind::Import);
        products::write(self.conn, &self.target.clock, &changes, &ids, by, self.now).await
    }

    /// The product in the categories it names, by the slugs they have now; or what is wrong with them.
    fn placed(
        &self,
        entry: &Entry,
        product: &ProductInput,
        known: Option<&StoredProduct>,
    ) -> Result<ProductInput, String> {
        let mut product = product.clone();
        if let (Says::Sheet(columns), Some(known)) = (&entry.says, known) {
            keep_unsaid(&mut product, &known.input, columns);
        }
        let mut seen = HashSet::new();
        for slug in &mut product.categories {
            let Some(category) = self.category_at(slug) else {
                return Err(format!("categories: there is no category {slug}; list it before its products"));
            };
            slug.clone_from(&category.input.slug);
        }
        product.categories.retain(|slug| seen.insert(slug.clone()));
        Ok(product)
    }

    /// Real catalogs give one number to several products. That is taken, and said.
    async fn warn_of_shared_skus(&mut self, changes: &[Change], lines: &[u64]) -> Result<()> {
        let skus_of = |change: &Change| {
            change.product.variants.iter().filter_map(|variant| variant.sku.clone()).collect::<Vec<_>>()
        };
        let skus: Vec<String> = changes.iter().flat_map(skus_of).collect();
        let mut owners = products::skus_elsewhere(self.conn, &skus).await?;
        if let Some(foreseen) = &self.foreseen {
            foreseen.correct_skus(&skus, &mut owners);
        }
        let mut owners: HashMap<String, String> = owners.into_iter().collect();
        for (change, line) in changes.iter().zip(lines) {
            let slug = &change.product.slug;
            for sku in skus_of(change) {
                let owner = owners.entry(sku.clone()).or_insert_with(|| slug.clone());
                if owner != slug && !change.product.old_slugs.contains(owner) {
                    self.report.add(Row::warning(*line, slug, format!("the SKU {sku} is also that of {owner}")));
                }
            }
        }
        Ok(())
    }
}

/// The slugs a product has and had.
fn names(product: &ProductInput) -> impl Iterator<Item = &String> {
    std::iter::once(&product.slug).chain(&product.old_slugs)
}

/// How many of the first products have no name in common. A file may give a name that it took from one product to
/// another, and then the order counts.
fn independent(wanted: &[Asked<'_>]) -> usize {
    let mut seen = HashSet::new();
    let shared = wanted.iter().position(|(_, product)| !names(product).all(|slug| seen.insert(slug)));
    shared.unwrap_or(wanted.len()).max(1)
}

/// Why a product can't have had the names that it is said to have had.
fn misnamed(
    product: &ProductInput,
    known: Option<&StoredProduct>,
    stored: &HashMap<String, StoredProduct>,
    moved: &HashMap<String, String>,
) -> Option<String> {
    let is_itself = |slug: &String| known.is_some_and(|known| known.input.slug == *slug);
    product.old_slugs.iter().filter(|old| !is_itself(old)).find_map(|old| {
        let leads_to = moved.get(old).filter(|now| !is_itself(now));
        let of_its_own = stored.contains_key(old).then(|| format!("old_slugs: {old} is a product of its own"));
        of_its_own.or_else(|| leads_to.map(|now| format!("old_slugs: {old} leads to {now} already")))
    })
}
