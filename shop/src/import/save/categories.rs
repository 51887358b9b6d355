//! Categories of a batch: new ones, changed ones, renamed ones.

use commerce::catalog::CategoryInput;

use super::super::{Kind, Row, Verdict};
use super::Saving;
use crate::error::Result;
use crate::store::categories::{self, StoredCategory};
use crate::store::products::join_old_slugs;

impl Saving<'_> {
    /// The category that has this slug, or else the one that once had it.
    pub(super) fn category_at(&self, slug: &str) -> Option<&StoredCategory> {
        self.categories.get(slug).or_else(|| self.category_once_at(slug))
    }

    fn category_once_at(&self, slug: &str) -> Option<&StoredCategory> {
        self.categories.values().find(|known| known.input.old_slugs.iter().any(|old| old == slug))
    }

    pub(super) async fn category_name(&mut self, line: u64, wanted: &CategoryInput) -> Result<()> {
        if self.category_at(&wanted.slug).is_none() && self.write_category(line, wanted.clone(), None).await? {
            self.report.take(line, &wanted.slug, Kind::Category, Verdict::New);
        }
        Ok(())
    }

    pub(super) async fn category(&mut self, line: u64, wanted: &CategoryInput) -> Result<()> {
        let mut wanted = wanted.clone();
        let named = std::iter::once(&wanted.slug).chain(&wanted.old_slugs);
        let known = named.into_iter().find_map(|slug| self.categories.get(slug)).cloned();
        let has = known.as_ref().map(|known| (&known.input.slug, &known.input.old_slugs));
        join_old_slugs(&mut wanted.old_slugs, &wanted.slug, has);
        if let Some(parent) = wanted.parent.as_ref().and_then(|slug| self.category_at(slug)) {
            wanted.parent = Some(parent.input.slug.clone());
        }
        let verdict = if known.is_none() { Verdict::New } else { Verdict::Changed };
        let slug = wanted.slug.clone();
        if known.as_ref().is_some_and(|known| known.input == wanted) {
            self.report.take(line, &slug, Kind::Category, Verdict::Unchanged);
        } else if self.write_category(line, wanted, known).await? {
            self.report.take(line, &slug, Kind::Category, verdict);
        }
        Ok(())
    }

    /// Writes a category under its parent; answers `false` when it can't stand there.
    async fn write_category(
        &mut self,
        line: u64,
        wanted: CategoryInput,
        known: Option<StoredCategory>,
    ) -> Result<bool> {
        if let Some(problem) =
            self.misplaced(&wanted, known.as_ref()).or_else(|| self.misnamed(&wanted, known.as_ref()))
        {
            self.report.add(Row::skipped(line, &wanted.slug, problem));
            return Ok(false);
        }
        let parent = wanted.parent.as_ref().and_then(|slug| self.categories.get(slug)).map(|parent| parent.id);
        let category = StoredCategory {
            id: known.as_ref().map_or_else(|| self.target.clock.id(), |known| known.id),
            version: known.as_ref().map_or(1, |known| known.version + 1),
            input: wanted,
        };
        if self.foreseen.is_none() {
            categories::save(self.conn, &category, parent, self.actor, self.now).await?;
        }
        self.put(line, category, known);
        Ok(true)
    }

    /// Keeps in mind what was written: who stands under a category knows its new name, and who had the address lost it.
    fn put(&mut self, line: u64, category: StoredCategory, known: Option<StoredCategory>) {
        let slug = category.input.slug.clone();
        if let Some(known) = known.filter(|known| known.input.slug != slug) {
            self.categories.remove(&known.input.slug);
            for child in self.categories.values_mut() {
                if child.input.parent.as_ref() == Some(&known.input.slug) {
                    child.input.parent = Some(slug.clone());
                }
            }
        }
        for other in self.categories.values_mut().filter(|other| other.id != category.id) {
            if other.input.old_slugs.contains(&slug) {
                other.input.old_slugs.retain(|old| *old != slug);
                self.report.add(Row::warning(
                    line,
                    &slug,
                    format!("this address led to {} till now", other.input.slug),
                ));
            }
        }
        self.categories.insert(slug, category);
    }

    /// Why a category can't stand where it is wanted.
    fn misplaced(&self, wanted: &CategoryInput, known: Option<&StoredCategory>) -> Option<String> {
        let mut above = wanted.parent.as_ref();
        while let Some(slug) = above {
            if *slug == wanted.slug || known.is_some_and(|known| known.input.slug == *slug) {
                return Some(format!("parent: {} would stand under itself", wanted.slug));
            }
            let Some(category) = self.categories.get(slug) else {
                return Some(format!("parent: there is no category {slug}; list it before its children"));
            };
            above = category.input.parent.as_ref();
        }
        None
    }

    /// Why a category can't have had the names that it is said to have had.
    fn misnamed(&self, wanted: &CategoryInput, known: Option<&StoredCategory>) -> Option<String> {
        let is_other = |other: &&StoredCategory| known.is_none_or(|known| known.id != other.id);
        wanted.old_slugs.iter().find_map(|old| {
            let other = self.category_at(old).filter(is_other)?;
            Some(match other.input.slug == *old {
                true => format!("old_slugs: {old} is a category of its own"),
                false => format!("old_slugs: {old} leads to {} already", other.input.slug),
            })
        })
    }
}
