//! What an edited product must be before it is kept: what the rules say of it alone, and what the shop has beside it.

use std::collections::{HashMap, HashSet};

use commerce::catalog::{MAX_SLUG, ProductInput};
use commerce::error::FieldError;
use commerce::ids::CategoryId;

use super::drafted_slug;
use crate::app::App;
use crate::error::{Error, Result};
use crate::import::safe_html;
use crate::store::categories::{self, StoredCategory};
use crate::store::products::{self, StoredProduct};
use crate::store::{Conn, media};

/// How many numbered slugs are tried for a name.
const SLUGS_TRIED: usize = 200;

/// A product that can be kept, and the ids of the categories it names.
pub(in crate::flows) struct Wanted {
    pub(in crate::flows) product: ProductInput,
    pub(in crate::flows) categories: HashMap<String, CategoryId>,
}

/// The product in the form it is kept in.
pub(super) fn tidied(mut product: ProductInput) -> ProductInput {
    product.tidy();
    product.description_html = safe_html(&product.description_html);
    product
}

impl Wanted {
    /// Checks a product against the rules and the shop.
    pub(super) async fn checked(
        app: &App,
        conn: &mut Conn,
        stored: Option<&StoredProduct>,
        product: ProductInput,
    ) -> Result<Self> {
        let mut product = tidied(product);
        if product.slug.is_empty() && !product.name.is_empty() {
            product.slug = free_slug(conn, &product.name).await?;
        }
        let mut errors = product.check(app.shop.load().currency).err().unwrap_or_default();
        check_parts(&product, &mut errors);
        check_slug(conn, stored, &product, &mut errors).await?;
        check_skus(conn, stored, &product, &mut errors).await?;
        take_in_pictures(app, conn, stored, &mut product, &mut errors).await?;
        let known = categories::all(conn).await?;
        let categories = place(&mut product, &known, &mut errors);
        if errors.is_empty() { Ok(Self { product, categories }) } else { Err(Error::Invalid(errors)) }
    }
}

/// A slug from the name that leads to no other product, and never did.
async fn free_slug(conn: &mut Conn, name: &str) -> Result<String> {
    let mut slug = drafted_slug(name);
    slug.truncate(MAX_SLUG - 4);
    let numbered = (2..=SLUGS_TRIED).map(|number| format!("{slug}-{number}"));
    let tried: Vec<String> = std::iter::once(slug.clone()).chain(numbered).collect();
    let known: HashSet<String> = products::known_slugs(conn, &tried).await?.into_iter().collect();
    let free = tried.into_iter().find(|slug| !known.contains(slug));
    free.ok_or_else(|| Error::field("slug", "Many products have this name. Please give it an address."))
}

async fn check_slug(
    conn: &mut Conn,
    stored: Option<&StoredProduct>,
    product: &ProductInput,
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let owner = products::slug_owner(conn, &product.slug).await?;
    if owner.is_some_and(|owner| stored.is_none_or(|stored| stored.id != owner)) {
        errors.push(FieldError::new("slug", "Another product has this address."));
    }
    Ok(())
}

/// Real catalogs give one number to several products, and those that do are left alone: only a number that this edit
/// brings must be free.
async fn check_skus(
    conn: &mut Conn,
    stored: Option<&StoredProduct>,
    product: &ProductInput,
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let had: HashSet<&String> =
        stored.iter().flat_map(|stored| &stored.input.variants).filter_map(|variant| variant.sku.as_ref()).collect();
    let brought = product.variants.iter().filter_map(|variant| variant.sku.clone()).filter(|sku| !had.contains(sku));
    let taken: HashMap<String, String> =
        products::skus_elsewhere(conn, &brought.collect::<Vec<_>>()).await?.into_iter().collect();
    for (index, variant) in product.variants.iter().enumerate() {
        if let Some(owner) = variant.sku.as_ref().and_then(|sku| taken.get(sku)) {
            errors.push(FieldError::new(format!("variants[{index}].sku"), format!("{owner} has this SKU already.")));
        }
    }
    Ok(())
}

fn check_parts(product: &ProductInput, errors: &mut Vec<FieldError>) {
    let mut seen = HashSet::new();
    for (index, part) in product.parts.iter().enumerate() {
        if !seen.insert(&part.slug) {
            errors.push(FieldError::new(format!("parts[{index}].slug"), "It is there twice."));
        }
    }
}

/// New pictures are links, or were brought before; of those that were, the shop knows the size.
async fn take_in_pictures(
    app: &App,
    conn: &mut Conn,
    stored: Option<&StoredProduct>,
    product: &mut ProductInput,
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let had: HashSet<&String> = stored.iter().flat_map(|stored| &stored.input.images).map(|image| &image.src).collect();
    let names: Vec<String> =
        product.images.iter().filter_map(|image| image.src.strip_prefix("/media/").map(str::to_owned)).collect();
    let sizes = media::sizes(conn, &names).await?;
    for (index, image) in product.images.iter_mut().enumerate() {
        let name = image.src.strip_prefix("/media/");
        if let Some((width, height)) = name.and_then(|name| sizes.get(name)) {
            (image.width, image.height) = (Some(*width), Some(*height));
        }
        let is_link = image.src.starts_with("https://") || image.src.starts_with("http://");
        let is_kept = || name.and_then(|name| app.files.path(name)).is_some_and(|path| path.is_file());
        if !image.src.trim().is_empty() && !had.contains(&image.src) && !is_link && !is_kept() {
            let message = "Upload the picture first, or give a link that begins with https://.";
            errors.push(FieldError::new(format!("images[{index}].src"), message));
        }
    }
    Ok(())
}

/// The ids of the categories a product names. One that was named by an old slug gets the one it has now.
fn place(
    product: &mut ProductInput,
    known: &HashMap<String, StoredCategory>,
    errors: &mut Vec<FieldError>,
) -> HashMap<String, CategoryId> {
    let mut ids = HashMap::new();
    for (index, slug) in product.categories.iter_mut().enumerate() {
        let once = |slug: &String| known.values().find(|category| category.input.old_slugs.contains(slug));
        match known.get(slug).or_else(|| once(slug)) {
            Some(category) => {
                slug.clone_from(&category.input.slug);
                ids.insert(slug.clone(), category.id);
            }
            None => {
                let message = format!("There is no category {slug}.");
                errors.push(FieldError::new(format!("categories[{index}]"), message));
            }
        }
    }
    let mut seen = HashSet::new();
    product.categories.retain(|slug| seen.insert(slug.clone()));
    ids
}
