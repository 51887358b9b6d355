//! What stands beside the form: the product as it is saved, its history, the categories and brands to choose from.

use std::collections::{BTreeMap, HashMap};

use chrono::Duration;
use commerce::catalog::ProductStatus;
use commerce::ids::StaffId;
use commerce::money::{Currency, Money};

use super::names::name_of_path;
use crate::app::App;
use crate::error::Result;
use crate::settings::Location;
use crate::store::categories::{self, StoredCategory};
use crate::store::products::{self, Sales, StoredProduct, history};
use crate::store::{Conn, locations, staff};
use crate::web::admin::views::Choice;
use crate::web::admin::views::product::{CategoryChoice, HistoryLine, SalesView, SavedProduct};
use crate::web::storefront::shell::product_path;

/// Days that sales are told of.
const LATELY: i64 = 30;
/// The most lines of history on the page.
const MOST_LINES: usize = 30;
/// The most fields named in a line.
const MOST_FIELDS: usize = 6;
/// The most brands to choose from.
const MOST_BRANDS: usize = 500;

/// What was read for the page.
#[derive(Debug)]
pub struct Shelf {
    /// The product as it is saved; `None` for a new one.
    pub saved: Option<SavedProduct>,
    /// Units that can be bought now, by the id of the variant.
    pub available: BTreeMap<String, i64>,
    /// Every category, as the tree runs.
    pub categories: Vec<CategoryChoice>,
    /// Brands there are.
    pub brands: Vec<String>,
    /// The locations where stock lies, the main one first; none where there is only that one.
    pub places: Vec<Choice>,
}

impl Shelf {
    /// Reads it: a handful of statements, however large the product is.
    pub async fn load(app: &App, stored: Option<&StoredProduct>) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let categories = choices(categories::all(&mut conn).await?);
        let saved = match stored {
            Some(stored) => {
                let edits = history(&mut conn, stored.id).await?;
                let actors = edits.iter().filter_map(|edit| edit.actor.strip_prefix("staff:")?.parse().ok());
                let names = staff::names(&mut conn, actors.collect()).await?;
                let lines = edits.iter().take(MOST_LINES).map(|edit| line(app, edit, &names)).collect();
                let (currency, since) = (app.shop.load().currency, app.clock.now() - Duration::days(LATELY));
                let sales = products::sales(&mut conn, stored.id, currency, since).await?;
                Some(saved(stored, lines, sales, currency))
            }
            None => None,
        };
        let places = places(&mut conn, app).await?;
        let available = stored.map(available).unwrap_or_default();
        Ok(Self { saved, available, categories, brands: brands(app), places })
    }

    /// Who saved the product last, where that was a person.
    pub fn saved_by(&self) -> Option<String> {
        self.saved.as_ref()?.by.clone()
    }
}

async fn places(conn: &mut Conn, app: &App) -> Result<Vec<Choice>> {
    let mut places = locations::shown(conn, &app.shop.load().locations).await?;
    places.sort_by_key(|place| place.code != Location::MAIN);
    let choice = |place: Location| Choice { value: place.code, label: place.name };
    Ok(if places.len() > 1 { places.into_iter().map(choice).collect() } else { vec![] })
}

fn saved(stored: &StoredProduct, history: Vec<HistoryLine>, sales: Sales, currency: Currency) -> SavedProduct {
    let input = &stored.input;
    let counted = input.variants.iter().filter(|variant| variant.tracked);
    let on_hand = counted.clone().map(|one| one.on_hand.unwrap_or(0) + one.elsewhere.values().sum::<i64>()).sum();
    SavedProduct {
        id: stored.id.to_string(),
        name: input.name.clone(),
        status: input.status.to_string(),
        variants: input.variants.len() as i64,
        on_hand: counted.clone().next().map(|_| on_hand),
        by: history.first().and_then(|line| line.who.clone()),
        at: history.first().map(|line| line.at),
        url: (input.status == ProductStatus::Active).then(|| product_path(&input.slug)),
        old_slugs: input.old_slugs.clone(),
        sales: SalesView { sold: sales.units, revenue: Money::new(sales.revenue, currency) },
        history,
    }
}

fn line(app: &App, edit: &products::Edit, names: &HashMap<StaffId, String>) -> HistoryLine {
    let by = edit.actor.strip_prefix("staff:").and_then(|id| id.parse().ok());
    let shown = edit.told.fields.iter().take(MOST_FIELDS);
    let beyond = edit.told.fields.len().saturating_sub(MOST_FIELDS) as i64 + edit.told.more;
    HistoryLine {
        at: edit.at,
        who: by.and_then(|id: StaffId| names.get(&id).cloned()),
        what: edit.kind.clone(),
        fields: shown.map(|path| name_of_path(&app.admin_theme, path)).collect(),
        more: beyond,
    }
}

fn available(stored: &StoredProduct) -> BTreeMap<String, i64> {
    let of = stored.variants.iter().filter(|variant| variant.input.tracked);
    of.map(|variant| (variant.id.to_string(), variant.free)).collect()
}

/// The categories as the tree runs: each above what stands under it.
pub fn choices(all: HashMap<String, StoredCategory>) -> Vec<CategoryChoice> {
    let mut below: HashMap<Option<String>, Vec<StoredCategory>> = HashMap::new();
    for category in all.into_values() {
        below.entry(category.input.parent.clone()).or_default().push(category);
    }
    for siblings in below.values_mut() {
        siblings.sort_by(|one, other| {
            (one.input.position, &one.input.name).cmp(&(other.input.position, &other.input.name)).reverse()
        });
    }
    let mut open: Vec<(usize, StoredCategory)> =
        below.remove(&None).unwrap_or_default().into_iter().map(|top| (0, top)).collect();
    let mut choices = Vec::new();
    while let Some((depth, category)) = open.pop() {
        let children = below.remove(&Some(category.input.slug.clone())).unwrap_or_default();
        open.extend(children.into_iter().map(|child| (depth + 1, child)));
        choices.push(CategoryChoice { slug: category.input.slug, name: category.input.name, depth });
    }
    choices
}

fn brands(app: &App) -> Vec<String> {
    let catalog = app.catalog.load();
    let mut brands: Vec<String> = catalog.products().iter().filter_map(|entry| entry.product.brand.clone()).collect();
    brands.sort_unstable();
    brands.dedup();
    brands.truncate(MOST_BRANDS);
    brands
}
