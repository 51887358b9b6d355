//! From the fields of a posted form to the form.

use std::collections::HashMap;

use super::{AttributeForm, OptionForm, PictureForm, ProductForm, ValueForm, VariantForm};

/// A field as it was posted.
type Field = (String, String);

impl ProductForm {
    /// Reads the fields; what is missing is empty.
    pub fn read(fields: &[Field]) -> Self {
        let text = |name: &str| texts(fields, name).next().unwrap_or_default();
        let options = rows(fields, "option.");
        let variants = rows(fields, "variant.");
        let mut form = Self {
            version: text("version").parse().unwrap_or(0),
            base: text("base"),
            name: text("name"),
            summary: text("summary"),
            description_html: text("description_html"),
            status: text("status"),
            slug: text("slug"),
            brand: text("brand"),
            category: text("category"),
            also_in: texts(fields, "also_in").filter(|slug| !slug.is_empty()).collect(),
            tags: texts(fields, "tag").collect(),
            attributes: rows(fields, "attribute.").iter().map(|(_, row)| attribute(row)).collect(),
            seo_title: text("seo_title"),
            seo_description: text("seo_description"),
            low_stock_threshold: text("low_stock_threshold"),
            variants: variants.iter().map(|(_, row)| variant(row, &options)).collect(),
            options: options.iter().map(|(_, row)| option(row)).collect(),
            pictures: rows(fields, "picture.").iter().map(|(_, row)| picture(row)).collect(),
        };
        form.also_in.dedup();
        form.tags.extend(listed(&text("tags_add")));
        form.tags.retain(|tag| !tag.trim().is_empty());
        form
    }
}

/// Words that were typed with commas or line breaks between them.
pub(super) fn listed(text: &str) -> impl Iterator<Item = String> {
    text.split([',', '\n']).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}

fn texts(fields: &[Field], name: &str) -> impl Iterator<Item = String> {
    // Browsers send line breaks as CR LF; the database keeps what the textarea showed.
    fields.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.replace("\r\n", "\n"))
}

/// The fields of one row, named by what stands after its number.
type Row<'f> = HashMap<&'f str, &'f str>;

/// The rows of `head`, in the order of the page, with the numbers that name them.
fn rows<'f>(fields: &'f [Field], head: &str) -> Vec<(&'f str, Vec<(&'f str, &'f str)>)> {
    let mut rows: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (name, value) in fields {
        let Some((number, rest)) = name.strip_prefix(head).and_then(|rest| rest.split_once('.')) else { continue };
        let place = *places.entry(number).or_insert_with(|| {
            rows.push((number, Vec::new()));
            rows.len() - 1
        });
        rows[place].1.push((rest, value.as_str()));
    }
    rows
}

fn attribute(row: &[(&str, &str)]) -> AttributeForm {
    let row = map(row);
    AttributeForm { name: text(&row, "name"), value: text(&row, "value") }
}

fn picture(row: &[(&str, &str)]) -> PictureForm {
    let row = map(row);
    // One of nine places is chosen without a script; an exact point is set by one, which then unticks the nine.
    let (x, y) = match row.get("spot").and_then(|spot| spot.split_once(' ')) {
        Some(("50", "50")) => (String::new(), String::new()),
        Some((x, y)) => (x.to_owned(), y.to_owned()),
        None => (text(&row, "focus_x"), text(&row, "focus_y")),
    };
    PictureForm { src: text(&row, "src"), alt: text(&row, "alt"), focus_x: x, focus_y: y }
}

fn option(row: &[(&str, &str)]) -> OptionForm {
    let numbers = value_numbers(row);
    let row = map(row);
    let value = |number: &&str| ValueForm {
        text: text(&row, &format!("value.{number}")),
        swatch: text(&row, &format!("swatch.{number}")),
    };
    OptionForm { name: text(&row, "name"), values: numbers.iter().map(value).collect(), adding: text(&row, "add") }
}

/// The numbers of an option's values, in the order of the page.
fn value_numbers<'f>(row: &[(&'f str, &'f str)]) -> Vec<&'f str> {
    row.iter().filter_map(|(name, _)| name.strip_prefix("value.")).collect()
}

fn variant(row: &[(&str, &str)], options: &[(&str, Vec<(&str, &str)>)]) -> VariantForm {
    let elsewhere = row.iter().filter_map(|(name, count)| Some((name.strip_prefix("elsewhere.")?, count.trim())));
    let elsewhere = elsewhere.filter(|(_, count)| !count.is_empty());
    let elsewhere = elsewhere.map(|(code, count)| (code.to_owned(), count.to_owned())).collect();
    let row = map(row);
    let ticked = |name: &str| row.contains_key(name);
    VariantForm {
        id: text(&row, "id"),
        at: places(row.get("at").copied().unwrap_or_default(), options),
        sku: text(&row, "sku"),
        barcode: text(&row, "barcode"),
        price: text(&row, "price"),
        compare_at: text(&row, "compare_at"),
        on_hand: text(&row, "on_hand"),
        elsewhere,
        weight: text(&row, "weight"),
        picture: text(&row, "picture"),
        stock: text(&row, "stock"),
        sold: ticked("sold"),
        sent: ticked("sent"),
        taxed: ticked("taxed"),
        picked: ticked("picked"),
    }
}

/// Which values a variant has: `0.2 1.0` is value 2 of option 0 and value 0 of option 1, by the numbers of the page.
fn places(at: &str, options: &[(&str, Vec<(&str, &str)>)]) -> Vec<Option<usize>> {
    let pairs: Vec<(&str, &str)> = at.split(' ').filter_map(|pair| pair.split_once('.')).collect();
    let place = |(number, row): &(&str, Vec<(&str, &str)>)| {
        let (_, value) = pairs.iter().find(|(option, _)| option == number)?;
        // A value that was taken off the page takes its variants with it: they point past the last one.
        let numbers = value_numbers(row);
        Some(numbers.iter().position(|number| number == value).unwrap_or(usize::MAX))
    };
    options.iter().map(place).collect()
}

fn map<'f>(row: &[(&'f str, &'f str)]) -> Row<'f> {
    row.iter().copied().collect()
}

fn text(row: &Row<'_>, name: &str) -> String {
    row.get(name).map(|value| value.trim().to_owned()).unwrap_or_default()
}
