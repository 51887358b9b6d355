//! The columns of a Shopify CSV, by their old and new names.

use std::collections::HashSet;
use std::sync::Arc;

use csv::StringRecord;

use crate::csv_cells::unguarded;

/// A column that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Handle,
    Title,
    Body,
    Vendor,
    ProductCategory,
    Type,
    Collection,
    Tags,
    Published,
    Status,
    Option1Name,
    Option1Value,
    Option2Name,
    Option2Value,
    Option3Name,
    Option3Value,
    Sku,
    Barcode,
    Price,
    CompareAtPrice,
    Tracker,
    Quantity,
    Policy,
    Grams,
    RequiresShipping,
    Taxable,
    ImageSrc,
    ImagePosition,
    ImageAlt,
    VariantImage,
    GiftCard,
    SeoTitle,
    SeoDescription,
}

/// Every name a column has had, in lower case; the oldest first.
const NAMES: &[(Field, &[&str])] = &[
    (Field::Handle, &["handle", "url handle"]),
    (Field::Title, &["title", "product title"]),
    (Field::Body, &["body (html)", "body html", "description"]),
    (Field::Vendor, &["vendor"]),
    (Field::ProductCategory, &["standard product type", "standardized product type", "product category"]),
    (Field::Type, &["type", "product type", "custom product type"]),
    (Field::Collection, &["collection", "collections", "custom collections"]),
    (Field::Tags, &["tags"]),
    (Field::Published, &["published", "published on online store"]),
    (Field::Status, &["status"]),
    (Field::Option1Name, &["option1 name"]),
    (Field::Option1Value, &["option1 value"]),
    (Field::Option2Name, &["option2 name"]),
    (Field::Option2Value, &["option2 value"]),
    (Field::Option3Name, &["option3 name"]),
    (Field::Option3Value, &["option3 value"]),
    (Field::Sku, &["variant sku", "sku"]),
    (Field::Barcode, &["variant barcode", "barcode"]),
    (Field::Price, &["variant price", "price"]),
    (Field::CompareAtPrice, &["variant compare at price", "compare-at price", "compare at price"]),
    (Field::Tracker, &["variant inventory tracker", "inventory tracker"]),
    (Field::Quantity, &["variant inventory qty", "variant inventory quantity", "inventory quantity"]),
    (Field::Policy, &["variant inventory policy", "continue selling when out of stock"]),
    (Field::Grams, &["variant grams", "weight value (grams)"]),
    (Field::RequiresShipping, &["variant requires shipping", "requires shipping"]),
    (Field::Taxable, &["variant taxable", "charge tax"]),
    (Field::ImageSrc, &["image src", "product image url"]),
    (Field::ImagePosition, &["image position"]),
    (Field::ImageAlt, &["image alt text"]),
    (Field::VariantImage, &["variant image", "variant image url"]),
    (Field::GiftCard, &["gift card"]),
    (Field::SeoTitle, &["seo title"]),
    (Field::SeoDescription, &["seo description"]),
];

/// The column of an error file that says what is wrong with a row. It may stay when the row is mended.
pub(in crate::import) const PROBLEM: &str = "Import problem";

/// The options of a product: the columns of their names and values.
pub(super) const OPTIONS: [(Field, Field); 3] = [
    (Field::Option1Name, Field::Option1Value),
    (Field::Option2Name, Field::Option2Value),
    (Field::Option3Name, Field::Option3Value),
];

/// What a column holds.
enum Column {
    Field(Field),
    /// A metafield of the product, which becomes an attribute of this name.
    Attribute(String),
    /// What an earlier import had to say about the row.
    Problem,
    /// Nothing we keep; how many cells of it say something.
    Unkept(u64),
}

/// The columns of one file.
pub(super) struct Columns {
    columns: Vec<(String, Column)>,
    attributes: Arc<HashSet<String>>,
}

impl Columns {
    pub(super) fn read(headers: &StringRecord) -> Self {
        let mut columns: Vec<(String, Column)> = Vec::new();
        for header in headers.iter().map(unguarded) {
            let column = match field(header).filter(|field| !columns.iter().any(|(_, known)| known.is(*field))) {
                Some(field) => Column::Field(field),
                None if header.trim() == PROBLEM => Column::Problem,
                None => attribute(header).map_or(Column::Unkept(0), Column::Attribute),
            };
            columns.push((header.trim().to_owned(), column));
        }
        let attributes = columns.iter().filter_map(|(_, column)| match column {
            Column::Attribute(name) => Some(name.clone()),
            _ => None,
        });
        Self { attributes: Arc::new(attributes.collect()), columns }
    }

    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|(_, column)| column.is(field))
    }

    /// What a file calls a column.
    pub(super) fn name(&self, field: Field) -> &str {
        self.columns.iter().find(|(_, column)| column.is(field)).map_or("", |(name, _)| name)
    }

    /// What a row says in a column; nothing when the column is missing.
    pub(super) fn get<'c>(&self, cells: &'c StringRecord, field: Field) -> &'c str {
        let place = self.columns.iter().position(|(_, column)| column.is(field));
        place.and_then(|place| cells.get(place)).map(unguarded).unwrap_or_default().trim()
    }

    /// Names and values of the metafields of a row.
    pub(super) fn attributes<'c>(&'c self, cells: &'c StringRecord) -> impl Iterator<Item = (&'c str, &'c str)> {
        self.columns.iter().zip(cells).filter_map(|((_, column), cell)| match column {
            Column::Attribute(name) if !cell.trim().is_empty() => Some((name.as_str(), unguarded(cell).trim())),
            _ => None,
        })
    }

    /// The attributes that have a column.
    pub(super) fn attribute_set(&self) -> Arc<HashSet<String>> {
        self.attributes.clone()
    }

    pub(super) fn count_unkept(&mut self, cells: &StringRecord) {
        for ((_, column), cell) in self.columns.iter_mut().zip(cells) {
            if let Column::Unkept(count) = column
                && !cell.trim().is_empty()
            {
                *count += 1;
            }
        }
    }

    /// A sentence for each column that said something and is not kept.
    pub(super) fn unkept(&self) -> impl Iterator<Item = String> {
        self.columns.iter().filter_map(|(name, column)| match column {
            Column::Unkept(count) if *count > 0 => Some(format!("the column {name:?} is not kept ({count} values)")),
            _ => None,
        })
    }
}

impl Column {
    fn is(&self, wanted: Field) -> bool {
        matches!(self, Column::Field(field) if *field == wanted)
    }
}

fn field(header: &str) -> Option<Field> {
    let header = header.trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&header.as_str())).map(|(field, _)| *field)
}

/// `Colour (product.metafields.custom.colour)` is the attribute Colour.
fn attribute(header: &str) -> Option<String> {
    let (name, rest) = header.split_once("(product.metafields.")?;
    (!name.trim().is_empty() && rest.trim_end().ends_with(')')).then(|| name.trim().to_owned())
}
