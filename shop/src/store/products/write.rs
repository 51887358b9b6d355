//! Writes changed products: a few statements for any number of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::{OptionAxis, OptionInput, OptionValue, fold};
use commerce::ids::CategoryId;
use commerce::inventory::MovementKind;

use super::super::defaults::{ALWAYS, PRICE_LIST};
use super::super::events::{self, Event};
use super::super::stock::{self, ShelfKey};
use super::super::{Arg, Conn, keys};
use super::{Change, lines};
use crate::args;
use crate::clock::Clock;
use crate::error::{Error, Result};

const PRODUCTS: &str = "INSERT INTO products
     (id, slug, name, name_folded, brand, summary, description_html, status, tags, options, attributes, seo_title,
      seo_description, low_stock_threshold, version, created_at, updated_at, published_at)";
const PRODUCTS_KNOWN: &str = "ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name,
     name_folded = excluded.name_folded, brand = excluded.brand, summary = excluded.summary, description_html = excluded.description_html,
     status = excluded.status, tags = excluded.tags, options = excluded.options, attributes = excluded.attributes,
     seo_title = excluded.seo_title, seo_description = excluded.seo_description,
     low_stock_threshold = excluded.low_stock_threshold, version = excluded.version, updated_at = excluded.updated_at,
     published_at = excluded.published_at WHERE products.version = excluded.version - 1";
const OLD_SLUGS: &str = "INSERT INTO slug_history (entity, slug, entity_id, at)";
const IMAGES: &str = "INSERT INTO images (id, product_id, src, alt, width, height, focal_x, focal_y, position)";
const IMAGES_KNOWN: &str = "ON CONFLICT (id) DO UPDATE SET alt = excluded.alt, width = excluded.width,
     height = excluded.height, focal_x = excluded.focal_x, focal_y = excluded.focal_y, position = excluded.position";
const VARIANTS: &str = "INSERT INTO variants
     (id, product_id, sku, barcode, option_values, image_id, tracked, policy, requires_shipping, taxable, weight_grams,
      position, archived, version)";
const VARIANTS_KNOWN: &str = "ON CONFLICT (id) DO UPDATE SET sku = excluded.sku, barcode = excluded.barcode,
     option_values = excluded.option_values, image_id = excluded.image_id, tracked = excluded.tracked,
     policy = excluded.policy, requires_shipping = excluded.requires_shipping, taxable = excluded.taxable,
     weight_grams = excluded.weight_grams, position = excluded.position, archived = excluded.archived,
     version = excluded.version";
const VARIANTS_VANISHED: &str = "UPDATE variants SET archived = true, image_id = NULL, version = variants.version + 1";
const PRICES: &str = "INSERT INTO prices
     (id, variant_id, price_list_id, currency, min_quantity, starts_at, amount, compare_at)";
const PRICES_KNOWN: &str = "ON CONFLICT (variant_id, price_list_id, currency, min_quantity, starts_at)
     DO UPDATE SET amount = excluded.amount, compare_at = excluded.compare_at";
const PRODUCT_CATEGORIES: &str = "INSERT INTO product_categories (product_id, category_id, position)";
const PRODUCT_LINKS: &str = "INSERT INTO product_links (product_id, kind, target_slug, label, position)";

/// Writes products with everything that belongs to them, their stock movements and their events.
///
/// `categories` knows the id of every category they name; `counted` is what the ledger says of stock that differs. A product that somebody else changed since it was read fails
/// the whole transaction.
pub async fn write(
    conn: &mut Conn,
    clock: &Clock,
    changes: &[Change],
    categories: &HashMap<String, CategoryId>,
    (actor, counted): (&str, MovementKind),
    now: DateTime<Utc>,
) -> Result<()> {
    let rows = changes.iter().map(|change| product_row(change, now)).collect();
    if conn.insert_many(PRODUCTS, rows, PRODUCTS_KNOWN).await? != changes.len() as u64 {
        return Err(super::changed_meanwhile("A product"));
    }
    lines::write(conn, changes, now).await?;
    write_old_slugs(conn, changes, now).await?;
    conn.insert_many(IMAGES, changes.iter().flat_map(image_rows).collect(), IMAGES_KNOWN).await?;
    conn.insert_many(VARIANTS, changes.iter().flat_map(variant_rows).collect(), VARIANTS_KNOWN).await?;
    remove_vanished(conn, changes).await?;
    let rows = changes.iter().flat_map(|change| price_rows(change, clock)).collect();
    conn.insert_many(PRICES, rows, PRICES_KNOWN).await?;
    write_links(conn, changes, categories).await?;
    write_stock(conn, clock, changes, (actor, counted), now).await?;
    Ok(events::append_all(conn, changes.iter().map(|change| event(change, actor, now)).collect()).await?)
}

/// Addresses that once led to a product go on doing so, until another product takes them.
async fn write_old_slugs(conn: &mut Conn, changes: &[Change], now: DateTime<Utc>) -> sqlx::Result<()> {
    const TAKEN: &str = "DELETE FROM slug_history WHERE entity = 'product' AND slug IN";
    conn.delete_in(TAKEN, keys(changes.iter().map(|change| &change.product.slug))).await?;
    let of = |change: &Change, slug: &String| args!["product", slug, change.id, now];
    let rows = changes.iter().flat_map(|change| change.product.old_slugs.iter().map(move |slug| of(change, slug)));
    conn.insert_many(OLD_SLUGS, rows.collect(), "ON CONFLICT (entity, slug) DO NOTHING").await.map(|_| ())
}

fn product_row(change: &Change, now: DateTime<Utc>) -> Vec<Arg> {
    let product = &change.product;
    let axes: Vec<OptionAxis> = product.options.iter().map(axis).collect();
    args![
        change.id,
        &product.slug,
        &product.name,
        fold(&product.name),
        &product.brand,
        &product.summary,
        &product.description_html,
        product.status.as_str(),
        Arg::json(&product.tags),
        Arg::json(&axes),
        Arg::json(&product.attributes),
        &product.seo.title,
        &product.seo.description,
        product.low_stock_threshold,
        change.version,
        now,
        now,
        change.published_at,
    ]
}

fn axis(option: &OptionInput) -> OptionAxis {
    let value = |value: &String| OptionValue { value: value.clone(), swatch: option.swatches.get(value).cloned() };
    OptionAxis { name: option.name.clone(), values: option.values.iter().map(value).collect() }
}

fn image_rows(change: &Change) -> impl Iterator<Item = Vec<Arg>> {
    let images = change.images.iter().zip(&change.product.images).zip(0_i64..);
    images.map(|((id, image), position)| {
        let (x, y) = (image.focal.map(|focal| focal.x), image.focal.map(|focal| focal.y));
        args![*id, change.id, &image.src, &image.alt, image.width, image.height, x, y, position]
    })
}

fn variant_rows(change: &Change) -> impl Iterator<Item = Vec<Arg>> {
    let variants = change.variants.iter().zip(&change.product.variants).zip(0_i64..);
    variants.map(|((behind, variant), position)| {
        args![
            behind.id,
            change.id,
            &variant.sku,
            &variant.barcode,
            Arg::json(&behind.values),
            behind.image,
            variant.tracked,
            variant.policy.as_str(),
            variant.requires_shipping,
            variant.taxable,
            variant.weight_grams,
            position,
            false,
            behind.version,
        ]
    })
}

fn price_rows(change: &Change, clock: &Clock) -> impl Iterator<Item = Vec<Arg>> {
    change.variants.iter().zip(&change.product.variants).map(|(behind, variant)| {
        let id: uuid::Uuid = clock.id();
        let compare_at = variant.compare_at_price.map(|money| money.minor);
        let currency = variant.price.currency.code();
        args![id, behind.id, PRICE_LIST, currency, 1_i64, ALWAYS, variant.price.minor, compare_at]
    })
}

/// Variants stay for the orders that point to them; pictures go, once no variant shows them.
async fn remove_vanished(conn: &mut Conn, changes: &[Change]) -> sqlx::Result<()> {
    let variants = changes.iter().flat_map(|change| &change.vanished_variants).map(|id| args![*id]);
    conn.update_many(VARIANTS_VANISHED, variants.collect(), "WHERE variants.id = v.column1").await?;
    let images = changes.iter().flat_map(|change| &change.vanished_images);
    conn.delete_in("DELETE FROM images WHERE id IN", keys(images.copied())).await
}

async fn write_links(conn: &mut Conn, changes: &[Change], categories: &HashMap<String, CategoryId>) -> Result<()> {
    let known = keys(changes.iter().filter(|change| !change.is_new()).map(|change| change.id));
    conn.delete_in("DELETE FROM product_categories WHERE product_id IN", known.clone()).await?;
    conn.delete_in("DELETE FROM product_links WHERE product_id IN", known).await?;
    let mut rows = Vec::new();
    for change in changes {
        for (slug, position) in change.product.categories.iter().zip(0_i64..) {
            let category = categories.get(slug).ok_or_else(|| Error::Internal(format!("no category {slug}")))?;
            rows.push(args![change.id, *category, position]);
        }
    }
    conn.insert_many(PRODUCT_CATEGORIES, rows, "").await?;
    conn.insert_many(PRODUCT_LINKS, changes.iter().flat_map(link_rows).collect(), "").await?;
    Ok(())
}

fn link_rows(change: &Change) -> impl Iterator<Item = Vec<Arg>> {
    let parts = change.product.parts.iter().map(|part| ("part", &part.slug, part.number.as_str()));
    let related = change.product.related.iter().map(|slug| ("related", slug, ""));
    let links = parts.chain(related).zip(0_i64..);
    links.map(|((kind, slug, label), position)| args![change.id, kind, slug, label, position])
}

async fn write_stock(
    conn: &mut Conn,
    clock: &Clock,
    changes: &[Change],
    (actor, recount): (&str, MovementKind),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let counted = changes.iter().flat_map(|change| &change.variants).flat_map(|variant| {
        variant.counts.iter().map(|count| (variant.version == 1, ((variant.id, count.0), count.1)))
    });
    let (new, known): (Vec<_>, Vec<_>) = counted.partition(|(is_new, _)| *is_new);
    for (counted, kind) in [(new, MovementKind::Initial), (known, recount)] {
        let levels: Vec<(ShelfKey, i64)> = counted.into_iter().map(|(_, level)| level).collect();
        stock::set_on_hand(conn, clock, &levels, kind, "catalog", actor, now).await?;
        if !matches!(kind, MovementKind::Initial | MovementKind::Import) {
            tell(conn, &levels, (actor, kind), now).await?;
        }
    }
    Ok(())
}

/// A count that a person put right is told like every other; what a file brings is told by its product.
async fn tell(
    conn: &mut Conn,
    levels: &[(ShelfKey, i64)],
    (actor, reason): (&str, MovementKind),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let event = |((variant, location), on_hand): &(ShelfKey, i64)| Event {
        kind: "stock.changed",
        subject: "variant",
        subject_id: variant.0,
        version: 0,
        data: serde_json::json!({ "location": location, "now": on_hand, "reason": reason }),
        actor,
        at: now,
    };
    events::append_all(conn, levels.iter().map(event).collect()).await
}

fn event<'a>(change: &Change, actor: &'a str, at: DateTime<Utc>) -> Event<'a> {
    let Change { event: kind, id, version, data, .. } = change;
    Event { kind, subject: "product", subject_id: id.0, version: *version, data: data.clone(), actor, at }
}
