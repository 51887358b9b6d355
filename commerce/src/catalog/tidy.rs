//! What is the same to a person is made the same for the shop: empty texts, spaces around words, things listed twice.

use super::input::ProductInput;
use std::collections::HashSet;
use std::hash::Hash;

impl ProductInput {
    /// Empty texts become none, spaces around names go, and what is listed twice is listed once.
    pub fn tidy(&mut self) {
        trim(&mut self.name);
        let texts = [&mut self.brand, &mut self.summary, &mut self.seo.title, &mut self.seo.description];
        let of_variants =
            self.variants.iter_mut().flat_map(|variant| [&mut variant.sku, &mut variant.barcode, &mut variant.image]);
        for text in texts.into_iter().chain(of_variants) {
            *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        self.tags.retain(|tag| !tag.trim().is_empty());
        self.tags.iter_mut().for_each(trim);
        keep_first(&mut self.old_slugs);
        keep_first(&mut self.tags);
        keep_first(&mut self.categories);
        keep_first(&mut self.related);
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
