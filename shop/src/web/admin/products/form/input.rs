//! From the form to a product, with everything that can't be read told beside its field.

use std::collections::BTreeMap;

use commerce::catalog::{
    Attribute, Focal, ImageInput, OptionInput, ProductInput, ProductStatus, Seo, StockPolicy, VariantInput,
};
use commerce::error::FieldError;
use commerce::money::{Currency, Money};

use super::{OptionForm, PictureForm, ProductForm, VariantForm, is_colour};

impl ProductForm {
    /// The product that was typed, or the fields that are wrong, by their names in the form.
    ///
    /// `base` is the product the form was begun on: what the form does not show is as it was.
    pub fn input(&self, base: Option<&ProductInput>, currency: Currency) -> Result<ProductInput, Vec<FieldError>> {
        let mut reader = Reader { currency, errors: Vec::new() };
        let input = ProductInput {
            slug: self.slug_over(base),
            old_slugs: base.map(|base| base.old_slugs.clone()).unwrap_or_default(),
            name: self.name.trim().to_owned(),
            brand: optional(&self.brand),
            summary: optional(&self.summary),
            description_html: self.description_html.trim().to_owned(),
            status: self.status.parse().unwrap_or(ProductStatus::Draft),
            categories: self.categories(),
            tags: self.tags.iter().map(|tag| tag.trim().to_owned()).collect(),
            options: self.options.iter().map(option).collect(),
            variants: self.sold_variants().map(|(at, row)| reader.variant(self, at, row, base)).collect(),
            images: self.pictures.iter().map(|picture| image(picture, base)).collect(),
            attributes: self.attributes(),
            low_stock_threshold: reader.count("low_stock_threshold", &self.low_stock_threshold),
            seo: Seo { title: optional(&self.seo_title), description: optional(&self.seo_description) },
            parts: base.map(|base| base.parts.clone()).unwrap_or_default(),
            related: base.map(|base| base.related.clone()).unwrap_or_default(),
        };
        let mut errors = reader.errors;
        errors.extend(self.wrong_colours());
        if let Err(wrong) = input.check(currency) {
            // A new product without an address gets a free one from its title when it is saved.
            let open = |error: &FieldError| error.field == "slug" && input.slug.is_empty();
            errors.extend(wrong.into_iter().filter(|error| !open(error)).map(|error| self.named(error)));
        }
        if errors.is_empty() { Ok(input) } else { Err(errors) }
    }

    /// An error of the product, at the field of the form that it is about.
    pub fn named(&self, error: FieldError) -> FieldError {
        let field = self.field_of(&error.field);
        FieldError { field, message: error.message }
    }

    /// The address that was typed; without one a product keeps the one it has.
    fn slug_over(&self, base: Option<&ProductInput>) -> String {
        match base {
            Some(base) if self.slug.trim().is_empty() => base.slug.clone(),
            _ => self.slug.trim().to_owned(),
        }
    }

    /// The rows that are for sale, with their places in the form.
    fn sold_variants(&self) -> impl Iterator<Item = (usize, &VariantForm)> {
        self.variants.iter().enumerate().filter(|(_, row)| row.sold)
    }

    fn categories(&self) -> Vec<String> {
        let mut slugs: Vec<String> = Vec::new();
        for slug in std::iter::once(&self.category).chain(&self.also_in).filter(|slug| !slug.is_empty()) {
            if !slugs.contains(slug) {
                slugs.push(slug.clone());
            }
        }
        slugs
    }

    fn attributes(&self) -> Vec<Attribute> {
        let filled = self.attributes.iter().filter(|row| !row.name.is_empty() || !row.value.is_empty());
        filled.map(|row| Attribute { name: row.name.clone(), value: row.value.clone() }).collect()
    }

    fn wrong_colours(&self) -> impl Iterator<Item = FieldError> {
        self.options.iter().enumerate().flat_map(|(at, option)| {
            let wrong = option.values.iter().enumerate();
            let wrong = wrong.filter(|(_, value)| !value.swatch.is_empty() && !is_colour(&value.swatch));
            wrong.map(move |(value, _)| {
                FieldError::new(
                    format!("option.{at}.swatch.{value}"),
                    "Write a colour as # and six digits, such as #6d7a54.",
                )
            })
        })
    }

    /// `variants[1].price` is `variant.4.price` where the second variant for sale stands in row 4.
    fn field_of(&self, path: &str) -> String {
        let (head, at, rest) = parts(path);
        let at = at.unwrap_or(0);
        match (head, rest) {
            ("variants", "") if !path.contains('[') => "variants".into(),
            ("variants", rest) => {
                let row = self.sold_variants().nth(at).map_or(at, |(row, _)| row);
                let name = match rest {
                    "compare_at_price" => "compare_at",
                    "weight_grams" => "weight",
                    "image" => "picture",
                    "options" => "sold",
                    rest => rest,
                };
                format!("variant.{row}.{name}")
            }
            ("options", "") => "options".into(),
            ("options", rest) => match parts(rest) {
                ("values", Some(value), _) => format!("option.{at}.value.{value}"),
                ("values" | "swatches", ..) => format!("option.{at}.add"),
                (name, ..) => format!("option.{at}.{name}"),
            },
            ("images", rest) => format!("picture.{at}.{rest}"),
            ("attributes", rest) => format!("attribute.{at}.{rest}"),
            ("seo", rest) => format!("seo_{rest}"),
            ("categories", _) => "category".into(),
            ("tags", _) => "tags_add".into(),
            ("old_slugs", _) => "slug".into(),
            (head, _) => head.to_owned(),
        }
    }
}

/// `images[2].alt` in its parts: `images`, 2, `alt`; `seo.title` has no number.
fn parts(path: &str) -> (&str, Option<usize>, &str) {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    match head.split_once('[') {
        Some((head, number)) => (head, number.trim_end_matches(']').parse().ok(), rest),
        None => (head, None, rest),
    }
}

fn optional(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn option(option: &OptionForm) -> OptionInput {
    let coloured = option.values.iter().filter(|value| !value.swatch.is_empty());
    OptionInput {
        name: option.name.clone(),
        values: option.values.iter().map(|value| value.text.clone()).collect(),
        swatches: coloured.map(|value| (value.text.clone(), value.swatch.clone())).collect(),
    }
}

fn image(picture: &PictureForm, base: Option<&ProductInput>) -> ImageInput {
    let was = base.and_then(|base| base.images.iter().find(|image| image.src == picture.src));
    let side = |text: &str| text.parse().ok();
    ImageInput {
        src: picture.src.clone(),
        alt: picture.alt.clone(),
        width: was.and_then(|was| was.width),
        height: was.and_then(|was| was.height),
        focal: side(&picture.focus_x).zip(side(&picture.focus_y)).map(|(x, y)| Focal { x, y }),
    }
}

/// Reads numbers and amounts, and keeps what is wrong with them.
struct Reader {
    currency: Currency,
    errors: Vec<FieldError>,
}

impl Reader {
    fn variant(
        &mut self,
        form: &ProductForm,
        at: usize,
        row: &VariantForm,
        base: Option<&ProductInput>,
    ) -> VariantInput {
        let options = options_of(form, row);
        let was = base.and_then(|base| base.variants.iter().find(|variant| variant.options == options));
        let name = |field: &str| format!("variant.{at}.{field}");
        let on_hand = self.count(&name("on_hand"), &row.on_hand);
        let elsewhere = row.elsewhere.iter();
        let elsewhere =
            elsewhere.map(|(code, text)| (code.clone(), self.count(&name(&format!("elsewhere.{code}")), text)));
        let elsewhere = elsewhere.collect();
        VariantInput {
            id: row.id.parse().ok(),
            sku: optional(&row.sku),
            barcode: optional(&row.barcode),
            price: self.amount(&name("price"), &row.price).unwrap_or(Money::zero(self.currency)),
            compare_at_price: if row.compare_at.is_empty() {
                None
            } else {
                self.amount(&name("compare_at"), &row.compare_at)
            },
            on_hand: Some(on_hand),
            elsewhere,
            tracked: row.stock != "untracked",
            // A stock that is not counted keeps the policy it had.
            policy: match row.stock.as_str() {
                "continue" => StockPolicy::Continue,
                "untracked" => was.map_or(StockPolicy::Deny, |was| was.policy),
                _ => StockPolicy::Deny,
            },
            weight_grams: if row.weight.is_empty() { None } else { Some(self.count(&name("weight"), &row.weight)) },
            image: optional(&row.picture),
            requires_shipping: row.sent,
            taxable: row.taxed,
            position: None,
            options,
        }
    }

    fn amount(&mut self, field: &str, text: &str) -> Option<Money> {
        if text.is_empty() {
            self.errors.push(FieldError::new(field, "A price is missing."));
            return None;
        }
        let amount = Money::parse_decimal(text, self.currency);
        amount.map_err(|error| self.errors.push(FieldError::new(field, format!("{error}.")))).ok()
    }

    fn count(&mut self, field: &str, text: &str) -> i64 {
        let digits = if text.is_empty() { "0" } else { text };
        digits.replace('\u{2212}', "-").parse().unwrap_or_else(|_| {
            self.errors.push(FieldError::new(field, "Write a whole number, such as 12."));
            0
        })
    }
}

fn options_of(form: &ProductForm, row: &VariantForm) -> BTreeMap<String, String> {
    let value = |(option, at): (&OptionForm, &Option<usize>)| {
        let value = option.values.get((*at)?)?;
        Some((option.name.clone(), value.text.clone()))
    };
    form.options.iter().zip(&row.at).filter_map(value).collect()
}
