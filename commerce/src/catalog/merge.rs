//! Two people edit one product: what only one of them touched is taken from that one, and what both touched differently
//! is put before a person.

mod lists;
mod variants;

use super::input::ProductInput;
use serde::{Deserialize, Serialize};

/// A field that both sides changed, each in another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// Its path, such as `name` or `variants[Red / M].price`.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What it was when both began; `None` is nothing.
    pub was: Option<String>,
    /// What the others made of it.
    pub theirs: Option<String>,
    /// What you made of it.
    pub yours: Option<String>,
}

/// A field that one side changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Its path, such as `name` or `variants[Red / M].price`.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What it was; `None` is nothing.
    pub was: Option<String>,
    /// What it became.
    pub now: Option<String>,
}

/// What came of putting two edits together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The product with the changes of both; where they conflict, with yours.
    pub merged: ProductInput,
    /// What a person has to decide.
    pub conflicts: Vec<FieldConflict>,
    /// What the others changed.
    pub by_them: Vec<FieldChange>,
    /// What you changed beyond that.
    pub by_you: Vec<FieldChange>,
}

/// Puts `yours` and `theirs` together, both having begun from `base`.
pub fn merge(base: &ProductInput, theirs: &ProductInput, yours: &ProductInput) -> Merge {
    let mut merger = Merger::default();
    let merged = merger.product(base, theirs, yours);
    Merge { merged, conflicts: merger.conflicts, by_them: merger.by_them, by_you: merger.by_you }
}

/// What is different after an edit, field by field.
pub fn changes(before: &ProductInput, after: &ProductInput) -> Vec<FieldChange> {
    merge(before, before, after).by_you
}

/// Your product with some fields taken over from another: how a conflict is given in to.
pub fn taking(yours: &ProductInput, from: &ProductInput, fields: &[String]) -> ProductInput {
    Merger { taken: fields, ..Merger::default() }.product(from, from, yours)
}

/// The three states of one thing.
#[derive(Debug, Clone, Copy)]
struct Sides<T> {
    base: T,
    theirs: T,
    yours: T,
}

impl<T> Sides<T> {
    fn map<U>(self, one: impl Fn(T) -> U) -> Sides<U> {
        Sides { base: one(self.base), theirs: one(self.theirs), yours: one(self.yours) }
    }
}

#[derive(Default)]
struct Merger<'f> {
    /// Fields that are taken from the others, whatever you made of them.
    taken: &'f [String],
    conflicts: Vec<FieldConflict>,
    by_them: Vec<FieldChange>,
    by_you: Vec<FieldChange>,
}

/// How a value is shown to people; `None` is nothing.
type Shown<T> = fn(&T) -> Option<String>;

impl Merger<'_> {
    fn product(&mut self, base: &ProductInput, theirs: &ProductInput, yours: &ProductInput) -> ProductInput {
        let all = Sides { base, theirs, yours };
        ProductInput {
            name: self.field("name", "Name", all.map(|p| &p.name), |name| text(name)),
            slug: self.field("slug", "Address", all.map(|p| &p.slug), |slug| text(slug)),
            // The shop keeps these by itself.
            old_slugs: theirs.old_slugs.clone(),
            brand: self.field("brand", "Brand", all.map(|p| &p.brand), Option::clone),
            summary: self.field("summary", "Summary", all.map(|p| &p.summary), Option::clone),
            description_html: self
                .field("description_html", "Description", all.map(|p| &p.description_html), |html| text(html)),
            status: self.field("status", "Status", all.map(|p| &p.status), |s| Some(s.to_string())),
            categories: self.set("categories", "Categories", all.map(|p| p.categories.as_slice())),
            tags: self.set("tags", "Tags", all.map(|p| p.tags.as_slice())),
            options: self.options(all.map(|p| p.options.as_slice())),
            variants: self.variants(all),
            images: self.images(all.map(|p| p.images.as_slice())),
            attributes: self.attributes(all.map(|p| p.attributes.as_slice())),
            low_stock_threshold: self.field(
                "low_stock_threshold",
                "Low stock from",
                all.map(|p| &p.low_stock_threshold),
                number,
            ),
            seo: super::Seo {
                title: self.field("seo.title", "Title for search engines", all.map(|p| &p.seo.title), Option::clone),
                description: self.field(
                    "seo.description",
                    "Description for search engines",
                    all.map(|p| &p.seo.description),
                    Option::clone,
                ),
            },
            parts: self.field("parts", "Spare parts", all.map(|p| &p.parts), |parts| {
                listed(parts.iter().map(|part| format!("{} {}", part.number, part.slug)))
            }),
            related: self.set("related", "Goes with", all.map(|p| p.related.as_slice())),
        }
    }

    /// One value: from the one side that changed it, or yours with a conflict.
    fn field<T: PartialEq + Clone>(&mut self, field: &str, label: &str, sides: Sides<&T>, shown: Shown<T>) -> T {
        let Sides { base, theirs, yours } = sides;
        if self.taken.iter().any(|taken| taken == field) {
            return theirs.clone();
        }
        let (they_did, you_did) = (theirs != base, yours != base && yours != theirs);
        let change = |now: &T| FieldChange {
            field: field.to_owned(),
            label: label.to_owned(),
            was: shown(base),
            now: shown(now),
        };
        if they_did {
            self.by_them.push(change(theirs));
        }
        if you_did {
            self.by_you.push(change(yours));
        }
        if they_did && you_did {
            let FieldChange { field, label, was, now: theirs } = change(theirs);
            self.conflicts.push(FieldConflict { field, label, was, theirs, yours: shown(yours) });
        }
        if you_did { yours.clone() } else { theirs.clone() }
    }

    /// A list of words without an order that counts: what either added or removed.
    fn set(&mut self, field: &str, label: &str, sides: Sides<&[String]>) -> Vec<String> {
        let Sides { base, theirs, yours } = sides.map(<[String]>::to_vec);
        let taken = self.taken.iter().any(|taken| taken == field);
        if taken || theirs == base || yours == base {
            return self.field(field, label, Sides { base: &base, theirs: &theirs, yours: &yours }, |own| words(own));
        }
        let kept = yours.iter().filter(|word| theirs.contains(word) || !base.contains(word));
        let added = theirs.iter().filter(|word| !base.contains(word) && !yours.contains(word));
        let joined: Vec<String> = kept.chain(added).cloned().collect();
        // Both count, so that nothing can conflict: first what they did, then what you did beyond that.
        self.field(field, label, Sides { base: &base, theirs: &theirs, yours: &base }, |own| words(own));
        self.field(field, label, Sides { base: &theirs, theirs: &theirs, yours: &joined }, |own| words(own))
    }
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn number(number: &i64) -> Option<String> {
    Some(number.to_string())
}

fn words(words: &[String]) -> Option<String> {
    listed(words.iter().cloned())
}

fn listed(words: impl Iterator<Item = String>) -> Option<String> {
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}
