//! Everything that is done to an entry before it is written: tidied, pictures taken in, description made safe, checked.

use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use commerce::cart::normalize_code;
use commerce::catalog::{CategoryInput, ProductInput};
use commerce::error::FieldError;
use commerce::money::Currency;

use super::pictures::{PictureSource, Pictures};
use super::sanitise::Sanitiser;
use super::{Entry, Item, Row, Target, Wanted};

/// Prepares the entries of one import, in their order.
pub(super) struct Preparer {
    currency: Currency,
    sanitiser: Sanitiser,
    pictures: Pictures,
    /// Attributes that were taken out of descriptions, and how often.
    looks: BTreeMap<String, u64>,
    /// The line that each thing was first on.
    first_lines: HashMap<(&'static str, String), u64>,
}

impl Preparer {
    pub(super) fn new(target: &Target, pictures: PictureSource, dry_run: bool) -> Self {
        let files = (!dry_run).then(|| target.files.clone());
        Self {
            currency: target.currency,
            sanitiser: Sanitiser::new(),
            pictures: Pictures::new(pictures, files),
            looks: BTreeMap::new(),
            first_lines: HashMap::new(),
        }
    }

    /// The entry as it can be written, after what has to be said about it; or why it is left out.
    pub(super) fn prepare(&mut self, item: Item) -> Vec<Item> {
        let Item::Entry(mut entry) = item else {
            return vec![item];
        };
        if let Wanted::Coupon(coupon) = &mut entry.wanted {
            coupon.code = normalize_code(&coupon.code);
        }
        if let Some(first) = self.line_of_first(&entry) {
            return match entry.wanted {
                Wanted::CategoryName(_) => vec![],
                _ => vec![skipped(&entry, format!("it was on line {first} already; that one stands"))],
            };
        }
        let mut remarks = Vec::new();
        let checked = match &mut entry.wanted {
            Wanted::Category(category) | Wanted::CategoryName(category) => self.category(category, &mut remarks),
            Wanted::Product(product) => self.product(product, &mut remarks),
            Wanted::Coupon(coupon) => coupon.check(self.currency),
        };
        let said = remarks.into_iter().map(|remark| Row::warning(entry.line, entry.name(), remark));
        let mut items: Vec<Item> = said.map(Item::Row).collect();
        items.push(match checked {
            Ok(()) => Item::Entry(entry),
            Err(errors) => skipped(&entry, in_words(&errors)),
        });
        items
    }

    /// What has to be said about the whole file.
    pub(super) fn finish(self) -> impl Iterator<Item = Item> {
        self.looks.into_iter().map(|(attribute, count)| {
            Item::Row(Row::of_file(format!("{attribute} was taken out of descriptions ({count} values)")))
        })
    }

    fn line_of_first(&mut self, entry: &Entry) -> Option<u64> {
        let kind = match entry.wanted {
            Wanted::Category(_) | Wanted::CategoryName(_) => "category",
            Wanted::Product(_) => "product",
            Wanted::Coupon(_) => "coupon",
        };
        match self.first_lines.entry((kind, entry.name().to_owned())) {
            Slot::Occupied(first) => Some(*first.get()),
            Slot::Vacant(slot) => {
                slot.insert(entry.line);
                None
            }
        }
    }

    fn category(&mut self, category: &mut CategoryInput, remarks: &mut Vec<String>) -> Result<(), Vec<FieldError>> {
        trim(&mut category.name);
        keep_first(&mut category.old_slugs);
        category.image =
            category.image.take().filter(|src| !src.is_empty()).and_then(|src| self.picture(&src, remarks));
        category.check()
    }

    fn product(&mut self, product: &mut ProductInput, remarks: &mut Vec<String>) -> Result<(), Vec<FieldError>> {
        product.tidy();
        self.take_in_pictures(product, remarks);
        let (clean, dropped) = self.sanitiser.clean(&product.description_html);
        product.description_html = clean;
        if !dropped.losses.is_empty() {
            let losses: Vec<String> = dropped.losses.into_iter().collect();
            remarks.push(format!("{} was taken out of the description", losses.join(", ")));
        }
        for (attribute, count) in dropped.looks {
            *self.looks.entry(attribute).or_default() += count;
        }
        let mut errors = product.check(self.currency).err().unwrap_or_default();
        let mut seen = HashSet::new();
        if let Some(twice) = product.parts.iter().find(|part| !seen.insert(&part.slug)) {
            errors.push(FieldError::new("parts", format!("{} is there twice.", twice.slug)));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Pictures that can't be had are left out, and so is their place at a variant.
    fn take_in_pictures(&mut self, product: &mut ProductInput, remarks: &mut Vec<String>) {
        let mut kept: HashMap<String, Option<String>> = HashMap::new();
        for image in &product.images {
            if !kept.contains_key(&image.src) {
                let src = self.picture(&image.src, remarks);
                kept.insert(image.src.clone(), src);
            }
        }
        let resolve = |src: &str| kept.get(src).cloned().unwrap_or_else(|| Some(src.to_owned()));
        product.images.retain_mut(|image| resolve(&image.src).map(|src| image.src = src).is_some());
        for variant in &mut product.variants {
            variant.image = variant.image.take().and_then(|src| resolve(&src));
        }
    }

    fn picture(&mut self, src: &str, remarks: &mut Vec<String>) -> Option<String> {
        let resolved = self.pictures.resolve(src);
        resolved.map_err(|problem| remarks.push(format!("{problem}; it is left out"))).ok()
    }
}

fn trim(text: &mut String) {
    if text.trim().len() != text.len() {
        *text = text.trim().to_owned();
    }
}

fn keep_first<T: Clone + Eq + Hash>(list: &mut Vec<T>) {
    let mut seen = HashSet::new();
    list.retain(|item| seen.insert(item.clone()));
}

fn skipped(entry: &Entry, message: String) -> Item {
    Item::Row(Row::skipped(entry.line, entry.name(), message))
}

/// What is wrong, field by field.
pub(super) fn in_words(errors: &[FieldError]) -> String {
    let words: Vec<String> = errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
    words.join(" ")
}
