//! Puts a product together from its rows.

use commerce::catalog::{Attribute, CategoryInput, ImageInput, ProductInput, ProductStatus, Seo};
use commerce::money::Currency;

use super::super::{Entry, Item, Row, Says, Wanted};
use super::columns::{Columns, Field};
use super::{Group, Line, slug};

/// The columns that say something about the whole product.
const FACTS: [Field; 11] = [
    Field::Title,
    Field::Body,
    Field::Vendor,
    Field::ProductCategory,
    Field::Type,
    Field::Collection,
    Field::Tags,
    Field::Published,
    Field::Status,
    Field::SeoTitle,
    Field::SeoDescription,
];

/// Why a product can't be taken: the line and what is wrong on it.
pub(super) type Problem = (u64, String);

/// Hands over the product of a group and the categories it names, or why it is left out.
pub(super) fn read(group: Group, columns: &Columns, currency: Currency, take: &mut dyn FnMut(Item)) {
    let first_line = group.lines.first().map_or(0, |line| line.number);
    let mut reader = Reader { slug: &group.slug, columns, currency, remarks: group.remarks, categories: Vec::new() };
    let result = match group.broken {
        Some(problem) => Err(problem),
        None => reader.product(&group.lines),
    };
    match result {
        Ok(product) => {
            for (line, remark) in reader.remarks {
                take(Item::Row(Row::warning(line, &group.slug, remark)));
            }
            for category in reader.categories {
                take(Item::Entry(Entry {
                    line: first_line,
                    wanted: Wanted::CategoryName(category),
                    says: Says::Everything,
                }));
            }
            take(Item::Entry(Entry {
                line: first_line,
                wanted: Wanted::Product(Box::new(product)),
                says: Says::Sheet(columns.attribute_set()),
            }));
        }
        Err((line, problem)) => take(Item::Row(Row::skipped(line, &group.slug, problem))),
    }
}

/// Reads one product.
pub(super) struct Reader<'a> {
    slug: &'a str,
    pub(super) columns: &'a Columns,
    pub(super) currency: Currency,
    remarks: Vec<(u64, String)>,
    categories: Vec<CategoryInput>,
}

impl Reader<'_> {
    fn product(&mut self, lines: &[Line]) -> Result<ProductInput, Problem> {
        let main = lines.first().ok_or((0, "there are no rows".to_owned()))?;
        self.name_contradictions(lines);
        let images = self.images(lines);
        let options = self.options(lines);
        Ok(ProductInput {
            slug: self.slug.to_owned(),
            old_slugs: vec![],
            name: self.first(lines, Field::Title).ok_or((main.number, "the product has no title".to_owned()))?,
            brand: self.first(lines, Field::Vendor),
            summary: None,
            description_html: self.first(lines, Field::Body).unwrap_or_default(),
            status: self.status(lines)?,
            categories: self.categories(lines),
            tags: self
                .first(lines, Field::Tags)
                .unwrap_or_default()
                .split(',')
                .map(|tag| tag.trim().to_owned())
                .collect(),
            variants: self.variants(lines, &options)?,
            options,
            images,
            attributes: self.attributes(lines),
            low_stock_threshold: 0,
            seo: Seo {
                title: self.first(lines, Field::SeoTitle),
                description: self.first(lines, Field::SeoDescription),
            },
            parts: vec![],
            related: vec![],
        })
    }

    pub(super) fn cell<'l>(&self, line: &'l Line, field: Field) -> &'l str {
        self.columns.get(&line.cells, field)
    }

    /// What the first row says that says anything: Shopify writes facts about the product once.
    pub(super) fn first(&self, lines: &[Line], field: Field) -> Option<String> {
        lines.iter().map(|line| self.cell(line, field)).find(|cell| !cell.is_empty()).map(str::to_owned)
    }

    /// Some files repeat the facts in every row. Where the rows disagree, the first one stands.
    fn name_contradictions(&mut self, lines: &[Line]) {
        for field in FACTS {
            let Some(stands) = self.first(lines, field) else { continue };
            let other = lines.iter().find(|line| !["", &stands].contains(&self.cell(line, field)));
            if let Some(line) = other {
                self.remark(line, format!("{field:?} differs from an earlier row, which stands"));
            }
        }
    }

    pub(super) fn remark(&mut self, line: &Line, remark: impl Into<String>) {
        self.remarks.push((line.number, remark.into()));
    }

    /// The first row that says anything, as [`Reader::first`] reads it.
    fn line_of<'l>(&self, lines: &'l [Line], field: Field) -> &'l Line {
        lines.iter().find(|line| !self.cell(line, field).is_empty()).unwrap_or(&lines[0])
    }

    /// Yes or no; an empty cell is `unsaid`, and so is one that says neither, but that is remarked on.
    pub(super) fn flag(&mut self, line: &Line, field: Field, unsaid: bool) -> bool {
        let cell = self.cell(line, field);
        let is_one_of = |words: [&str; 3]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
        if is_one_of(["true", "yes", "1"]) {
            return true;
        }
        if is_one_of(["false", "no", "0"]) {
            return false;
        }
        if !cell.is_empty() {
            let (column, read) = (self.columns.name(field), if unsaid { "yes" } else { "no" });
            self.remark(line, format!("{column}: {cell:?} is neither yes nor no; it is read as {read}"));
        }
        unsaid
    }

    /// A product that is not published online is a draft, whatever its status.
    fn status(&mut self, lines: &[Line]) -> Result<ProductStatus, Problem> {
        let main = &lines[0];
        let is_said = self.first(lines, Field::Published).is_some();
        let published = !is_said || self.flag(self.line_of(lines, Field::Published), Field::Published, false);
        let status = self.first(lines, Field::Status).map(|cell| cell.to_lowercase());
        if self.flag(self.line_of(lines, Field::GiftCard), Field::GiftCard, false) {
            self.remark(main, "gift cards are not sold by this version; it is kept as a draft");
            return Ok(ProductStatus::Draft);
        }
        match status.as_deref() {
            None | Some("active") if published => Ok(ProductStatus::Active),
            Some("active") => {
                self.remark(main, "it is active but not published; it is kept as a draft");
                Ok(ProductStatus::Draft)
            }
            None | Some("draft") => Ok(ProductStatus::Draft),
            Some("archived") => Ok(ProductStatus::Archived),
            Some("unlisted") => {
                self.remark(main, "there are no unlisted products here; it is kept as a draft");
                Ok(ProductStatus::Draft)
            }
            Some(other) => Err((main.number, format!("status: {other:?} is not active, draft or archived"))),
        }
    }

    /// Slugs of the categories a product names, which are nested on " > ".
    fn categories(&mut self, lines: &[Line]) -> Vec<String> {
        let mut slugs = Vec::new();
        for field in [Field::ProductCategory, Field::Type, Field::Collection] {
            let path = self.first(lines, field).unwrap_or_default();
            let mut parent: Option<String> = None;
            let mut names: Vec<&str> = Vec::new();
            for name in path.split(" > ").map(str::trim).filter(|name| !name.is_empty()) {
                names.push(name);
                let category = category(&names, parent.take());
                parent = Some(category.slug.clone());
                self.categories.push(category);
            }
            slugs.extend(parent);
        }
        slugs
    }

    fn attributes(&self, lines: &[Line]) -> Vec<Attribute> {
        let mut attributes: Vec<Attribute> = Vec::new();
        for (name, value) in lines.iter().flat_map(|line| self.columns.attributes(&line.cells)) {
            if attributes.iter().all(|known| known.name != name) {
                attributes.push(Attribute { name: name.to_owned(), value: value.to_owned() });
            }
        }
        attributes
    }

    /// The pictures by their position, each link once; those that only a variant names come last.
    fn images(&self, lines: &[Line]) -> Vec<ImageInput> {
        let mut images: Vec<(u64, ImageInput)> = Vec::new();
        for field in [Field::ImageSrc, Field::VariantImage] {
            for line in lines {
                let src = self.cell(line, field);
                if src.is_empty() || images.iter().any(|(_, image)| image.src == src) {
                    continue;
                }
                let (position, alt) = match field {
                    Field::ImageSrc => (self.cell(line, Field::ImagePosition), self.cell(line, Field::ImageAlt)),
                    _ => ("", ""),
                };
                let image =
                    ImageInput { src: src.to_owned(), alt: alt.to_owned(), width: None, height: None, focal: None };
                images.push((position.parse().unwrap_or(u64::MAX), image));
            }
        }
        images.sort_by_key(|(position, _)| *position);
        images.into_iter().map(|(_, image)| image).collect()
    }
}

/// The slug of a category that is named by its whole path.
pub(crate) fn category_slug(path: &[&str]) -> String {
    slug(&path.join(" "))
}

/// A category named by its whole path, because leaves of one name stand under several parents.
fn category(path: &[&str], parent: Option<String>) -> CategoryInput {
    let name = path.last().map(|name| (*name).to_owned()).unwrap_or_default();
    CategoryInput {
        slug: category_slug(path),
        old_slugs: vec![],
        name,
        parent,
        description: String::new(),
        image: None,
        position: 0,
    }
}
