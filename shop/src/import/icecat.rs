//! Icecat's open catalog: one product a line, with hundreds of attributes. Prices are minor units of the shop's currency,
//! and nothing is said about stock.

mod line;

use std::collections::{BTreeMap, BTreeSet};

use commerce::catalog::{
    Attribute, CategoryInput, ImageInput, MAX_LINE, MAX_NAME, ProductInput, ProductStatus, Seo, StockPolicy,
    VariantInput, slugify,
};
use commerce::money::{Currency, Money};
use serde_json::Value;

use self::line::Line;
use super::source::without_control_characters;
use super::{Entry, Item, Row, Says, Wanted};

/// The longest part of a slug that comes from the title; the number that makes it unique follows.
const TITLE_IN_SLUG: usize = 80;

/// Reads the lines of one file.
pub(super) struct Reader {
    currency: Currency,
    unkept: BTreeSet<String>,
    smaller_pictures: u64,
}

impl Reader {
    pub(super) fn new(currency: Currency) -> Self {
        Self { currency, unkept: BTreeSet::new(), smaller_pictures: 0 }
    }

    /// Reads one line.
    pub(super) fn entry(&mut self, number: u64, text: &str, take: &mut dyn FnMut(Item)) {
        match serde_json::from_str::<Line>(text) {
            Ok(line) => self.product(number, line, take),
            Err(error) => take(Item::Row(Row::skipped(number, "", format!("not an Icecat product: {error}")))),
        }
    }

    /// Names what was left out of the whole file.
    pub(super) fn finish(self, take: &mut dyn FnMut(Item)) {
        if self.smaller_pictures > 0 {
            let what = format!(
                "of each picture the largest size is kept, not the smaller ones ({} links)",
                self.smaller_pictures
            );
            take(Item::Row(Row::of_file(what)));
        }
        for field in self.unkept {
            take(Item::Row(Row::of_file(format!("the field {field} is not kept"))));
        }
    }

    fn product(&mut self, number: u64, line: Line, take: &mut dyn FnMut(Item)) {
        let slug = slug(&line);
        let mut say = |remark: String| take(Item::Row(Row::warning(number, &slug, remark)));
        let name = match cut(&line.title, MAX_NAME) {
            Some(cut) => {
                say(format!(
                    "the title is longer than {MAX_NAME} characters and was cut; the whole one is an attribute"
                ));
                cut
            }
            None => line.title.clone(),
        };
        let attributes = self.attributes(&line, &name, &mut say);
        let category = line.rest.text("attr_t_product_type").and_then(category);
        let product = ProductInput {
            name,
            brand: Some(line.supplier.clone()),
            summary: None,
            description_html: paragraph(&line.short_description),
            status: ProductStatus::Active,
            categories: category.iter().map(|category| category.slug.clone()).collect(),
            tags: vec![],
            options: vec![],
            variants: vec![self.variant(&line)],
            images: self.images(&line),
            attributes,
            low_stock_threshold: 0,
            seo: Seo::default(),
            parts: vec![],
            related: vec![],
            old_slugs: vec![],
            slug,
        };
        if let Some(category) = category {
            take(Item::Entry(Entry { line: number, wanted: Wanted::CategoryName(category), says: Says::Everything }));
        }
        take(Item::Entry(Entry { line: number, wanted: Wanted::Product(Box::new(product)), says: Says::Everything }));
    }

    fn variant(&self, line: &Line) -> VariantInput {
        VariantInput {
            id: None,
            // Icecat's own number: the maker's is not one of a single product.
            sku: Some(line.id.clone()),
            barcode: line.ean.first().cloned(),
            options: BTreeMap::new(),
            price: Money::new(line.price, self.currency),
            compare_at_price: None,
            on_hand: None,
            elsewhere: BTreeMap::new(),
            tracked: false,
            policy: StockPolicy::Deny,
            weight_grams: None,
            image: None,
            requires_shipping: true,
            taxable: true,
            position: None,
        }
    }

    fn images(&mut self, line: &Line) -> Vec<ImageInput> {
        let sizes = [&line.img_high, &line.img_500x500, &line.img_low, &line.img_thumb];
        let mut given = sizes.into_iter().filter(|src| !src.is_empty());
        let largest = given.next();
        self.smaller_pictures += given.count() as u64;
        let image =
            |src: &String| ImageInput { src: src.clone(), alt: String::new(), width: None, height: None, focal: None };
        largest.map(image).into_iter().collect()
    }

    /// Everything that has no place of its own in a product.
    fn attributes(&mut self, line: &Line, name: &str, say: &mut dyn FnMut(String)) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        let mut add = |name: &str, value: &str| {
            let printable = without_control_characters(value);
            if printable.len() < value.len() {
                say(format!("control characters were taken out of {name}"));
            }
            let cut = cut(&printable, MAX_LINE);
            if cut.is_some() {
                say(format!("{name} is longer than {MAX_LINE} characters and was cut"));
            }
            attributes.push(Attribute { name: name.to_owned(), value: cut.unwrap_or_else(|| printable.into_owned()) });
        };
        if name != line.title {
            add("Title", &line.title);
        }
        if !line.name.is_empty() {
            add("Model", &line.name);
        }
        if line.ean.len() > 1 {
            add("EAN", &line.ean.join(", "));
        }
        if let Some((day, _)) = line.date_released.split_once('T') {
            add("Released", day);
        }
        for (key, value) in &line.rest.0 {
            match (attribute_name(key), attribute_value(value)) {
                (Some(name), Some(value)) => add(&name, &value),
                _ => {
                    self.unkept.insert(key.clone());
                }
            }
        }
        attributes
    }
}

fn slug(line: &Line) -> String {
    let mut title = slugify(&line.title);
    title.truncate(TITLE_IN_SLUG);
    slugify(&format!("{title} {}", line.id))
}

/// `attr_n_display_diagonal` is "Display diagonal"; `attr_t_contrast_ratio__typical_` is "Contrast ratio (typical)".
fn attribute_name(key: &str) -> Option<String> {
    let words = ["attr_t_", "attr_n_", "attr_b_"].iter().find_map(|kind| key.strip_prefix(kind))?;
    let bracketed = words.strip_suffix('_').and_then(|inner| inner.rsplit_once("__"));
    let spaced = |words: &str| words.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let name = match bracketed {
        Some((before, inner)) if !before.is_empty() && !inner.is_empty() => {
            format!("{} ({})", spaced(before), spaced(inner))
        }
        _ => spaced(words),
    };
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect())
}

fn attribute_value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(if *yes { "Yes" } else { "No" }.to_owned()),
        // 17.0 is written 17.
        Value::Number(number) => number.as_f64().map(|number| number.to_string()),
        _ => None,
    }
}

/// A product type is a category, when it is a word.
fn category(name: &str) -> Option<CategoryInput> {
    let is_word = name.chars().any(char::is_alphabetic);
    let slug = slugify(name);
    (is_word && !slug.is_empty()).then(|| CategoryInput {
        slug,
        old_slugs: vec![],
        name: name.to_owned(),
        parent: None,
        description: String::new(),
        image: None,
        position: 0,
    })
}

fn paragraph(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<p>{}</p>", ammonia::clean_text(text)) }
}

/// A text that is too long, cut between two characters; `None` when it is not too long.
fn cut(text: &str, longest: usize) -> Option<String> {
    let (end, _) = text.char_indices().nth(longest)?;
    Some(text[..end].trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_names_are_words() {
        for (key, name) in [
            ("attr_n_display_diagonal", Some("Display diagonal")),
            ("attr_t_contrast_ratio__typical_", Some("Contrast ratio (typical)")),
            ("attr_n_ethernet_lan__rj_45__ports", Some("Ethernet lan rj 45 ports")),
            ("weight", None),
        ] {
            assert_eq!(attribute_name(key).as_deref(), name, "{key}");
        }
    }

    #[test]
    fn a_line_becomes_an_untracked_product() {
        let line = r#"{"id":"42","name":"X-1","title":"Étui X-1 <black>","ean":["1","2"],"short_description":"5 < 6 & so",
            "img_high":"http://e.com/h.jpg","img_thumb":"http://e.com/t.jpg","date_released":"2009-12-10T00:00:00Z",
            "supplier":"Xerox","price":4995,"attr_t_product_type":"Case","attr_n_weight":17.0,"attr_b_usb":false,"new":[1]}"#;
        let mut reader = Reader::new(Currency::parse("EUR").expect("a currency"));
        let mut products = Vec::new();
        reader.entry(1, line, &mut |item| {
            if let Item::Entry(Entry { wanted: Wanted::Product(product), .. }) = item {
                products.push(product);
            }
        });
        let product = products.pop().expect("a product");
        assert_eq!(product.slug, "etui-x-1-black-42");
        assert_eq!(product.categories, ["case"]);
        assert_eq!(product.variants[0].price.minor, 4995);
        assert_eq!(product.variants[0].sku.as_deref(), Some("42"));
        assert!(!product.variants[0].tracked);
        assert_eq!(product.images.len(), 1);
        let attributes: Vec<String> = product.attributes.iter().map(|a| format!("{}: {}", a.name, a.value)).collect();
        assert_eq!(
            attributes,
            ["Model: X-1", "EAN: 1, 2", "Released: 2009-12-10", "Product type: Case", "Weight: 17", "Usb: No"]
                .map(str::to_owned)
        );
        assert!(reader.unkept.contains("new"));
    }
}
