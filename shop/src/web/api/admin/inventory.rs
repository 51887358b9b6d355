//! The inventory for programs: sheets of stock and prices, the list, the ledger, who holds what.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::catalog::StockPolicy;
use commerce::ids::{LocationId, VariantId};
use commerce::inventory::sheet::{Reason, Row};
use commerce::money::Money;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::stock_sheet::{self, Outcome};
use crate::settings::Location;
use crate::store::inventory::{self, Moved, StockFilter, StockPlace, StockSort, Stocked};
use crate::store::locations;
use crate::store::order_list::Slice;
use crate::store::stock_sheet::{Hold, holds};
use crate::web::access::Member;
use crate::web::api::body::{Ids, List};
use crate::web::api::carts::Answer;
use crate::web::api::documents::MoneyDocument;
use crate::web::api::problem::Refused;
use crate::web::params;

/// A row of a sheet: a variant, and how many there are of it or how many more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetRow {
    /// Either this or the id.
    sku: Option<String>,
    /// Either this or the SKU.
    variant_id: Option<String>,
    /// So many lie there. Either this or `delta`.
    on_hand: Option<i64>,
    /// So many more, or fewer. Either this or `on_hand`.
    delta: Option<i64>,
    /// How many lay there when they were looked at: `on_hand` is refused when it is another number by now.
    seen: Option<i64>,
    /// Minor units of the shop's currency.
    price: Option<i64>,
    /// Minor units of the shop's currency; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    compare_at_price: Option<Option<i64>>,
    /// Code or id; the first one when it is left out.
    location: Option<String>,
    /// correction (when it is left out), received, stocktake, damaged, returned or moved.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
    /// A word for the ledger.
    note: Option<String>,
}

/// A null that was written is not the same as nothing.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl SheetRow {
    fn row(self) -> Row {
        // A text that can't be an id is one that names nothing.
        let variant_id = self.variant_id.map(|id| id.parse().unwrap_or(VariantId(Uuid::nil())));
        Row {
            sku: self.sku,
            variant_id,
            location: self.location,
            on_hand: self.on_hand,
            delta: self.delta,
            seen: self.seen,
            price: self.price,
            compare_at: self.compare_at_price,
            reason: self.reason,
            note: self.note,
        }
    }
}

/// What became of a sheet.
#[derive(Serialize, ToSchema)]
pub struct Updated {
    /// Rows that were taken.
    updated: usize,
}

/// Writes a sheet of stock and prices: all of it, or nothing and why. 422 names rows as `4.on_hand`; 409 `below_reserved`
/// lists the `reservations` in the way; 409 `version_conflict` means that `seen` is old.
#[utoipa::path(post, path = "/api/admin/inventory/bulk", request_body = Vec<SheetRow>,
    responses((status = 200, body = Updated), Refused), tag = "inventory")]
pub async fn bulk(State(app): State<Shop>, member: Member, List(rows): List<SheetRow>) -> Answer {
    let rows: Vec<Row> = rows.into_iter().map(SheetRow::row).collect();
    match stock_sheet::save(&app, &rows, &member.actor()).await? {
        Outcome::Saved(plan) => Ok(Json(Updated { updated: plan.rows }).into_response()),
        Outcome::Refused { rows, holds } => Err(stock_sheet::refused(&rows, &holds).into()),
    }
}

/// A page of the inventory.
#[derive(Serialize, ToSchema)]
pub struct InventoryList {
    items: Vec<StockedDocument>,
    total: i64,
    page: i64,
    per_page: i64,
    pages: i64,
}

/// A variant and its stock.
#[derive(Serialize, ToSchema)]
#[schema(as = InventoryItem)]
pub struct StockedDocument {
    variant_id: String,
    product_id: String,
    product: String,
    /// Its option values; null where the product has no options.
    variant: Option<String>,
    sku: Option<String>,
    /// The product's: draft or active.
    status: String,
    tracked: bool,
    /// deny or continue, when it has run out.
    policy: String,
    /// At the locations that were asked for: without a choice, at those the shop sells from.
    on_hand: i64,
    reserved: i64,
    /// At every location that keeps it.
    levels: Vec<LevelDocument>,
    /// Null when it is not counted.
    available: Option<i64>,
    low_stock_threshold: i64,
    /// in, low, out or backorder.
    state: String,
    #[schema(value_type = MoneyDocument)]
    price: Money,
    #[schema(value_type = Option<MoneyDocument>)]
    compare_at_price: Option<Money>,
}

/// What lies at a location.
#[derive(Serialize, ToSchema)]
#[schema(as = InventoryLevel)]
pub struct LevelDocument {
    /// Its code.
    location: String,
    on_hand: i64,
    reserved: i64,
}

impl StockedDocument {
    fn of(variant: Stocked, places: &Places) -> Self {
        let level = |(place, (on_hand, reserved)): (&LocationId, &(i64, i64))| LevelDocument {
            location: places.code(*place),
            on_hand: *on_hand,
            reserved: *reserved,
        };
        Self {
            levels: variant.shelves.iter().map(level).collect(),
            state: variant.state().as_str().to_owned(),
            variant_id: variant.id.to_string(),
            product_id: variant.product_id.to_string(),
            variant: (!variant.values.is_empty()).then(|| variant.values.join(" / ")),
            product: variant.product,
            sku: variant.sku,
            status: variant.status.as_str().to_owned(),
            tracked: variant.level.tracked,
            policy: StockPolicy::as_str(variant.level.policy).to_owned(),
            on_hand: variant.level.on_hand,
            reserved: variant.level.reserved,
            available: variant.level.available(),
            low_stock_threshold: variant.low_at,
            price: variant.price,
            compare_at_price: variant.compare_at,
        }
    }
}

/// Variants with their stock and prices. `stock` is in, low or out and may be repeated; `location` is the code of one and
/// may be repeated, without it all that the shop sells from are meant; `sort` is product, available or
/// -available.
#[utoipa::path(get, path = "/api/admin/inventory",
    params(("q" = Option<String>, Query), ("category" = Option<String>, Query), ("stock" = Option<String>, Query),
        ("location" = Option<String>, Query),        ("sort" = Option<String>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query)),
    responses((status = 200, body = InventoryList), Refused), tag = "inventory")]
pub async fn list(State(app): State<Shop>, RawQuery(query): RawQuery) -> Answer {
    let places = Places::load(&app).await?;
    let asked = Asked::read(&app, &places, query.as_deref())?;
    let slice = asked.pages.slice();
    let (sort, descending) = asked.sort;
    let (items, total, _) = inventory::page(&app.db, &asked.filter, sort, descending, slice).await?;
    let Pages { page, per_page } = asked.pages;
    let items = items.into_iter().map(|one| StockedDocument::of(one, &places)).collect();
    let pages = (total + per_page - 1) / per_page;
    Ok(Json(InventoryList { items, total, page, per_page, pages }).into_response())
}

/// An entry of the ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = Movement)]
pub struct MovedDocument {
    /// initial, import, correction, received, stocktake, damaged, returned, moved, sale, return or cancel.
    kind: String,
    delta: i64,
    /// The code of the place.
    location: String,
    /// How many lay there then.
    on_hand: i64,
    /// An order's number, a catalog, or a note.
    reference: String,
    order_id: Option<String>,
    /// Who did it, such as `staff:` and an id.
    actor: String,
    at: DateTime<Utc>,
}

impl MovedDocument {
    fn of(moved: Moved, places: &Places) -> Self {
        Self {
            location: places.code(moved.location),
            kind: moved.kind.as_str().to_owned(),
            delta: moved.delta,
            on_hand: moved.left,
            reference: moved.reference,
            order_id: moved.order.map(|order| order.to_string()),
            actor: moved.actor,
            at: moved.at,
        }
    }
}

/// A page of the ledger of a variant, the latest entry first.
#[derive(Serialize, ToSchema)]
pub struct MovementList {
    items: Vec<MovedDocument>,
    total: i64,
    page: i64,
    per_page: i64,
    pages: i64,
}

/// How the stock of a variant came to be what it is.
#[utoipa::path(get, path = "/api/admin/inventory/{variant_id}/movements",
    params(("variant_id" = String, Path), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query)),
    responses((status = 200, body = MovementList), Refused), tag = "inventory")]
pub async fn movements(State(app): State<Shop>, Ids(id): Ids<VariantId>, RawQuery(query): RawQuery) -> Answer {
    let mut pages = Pages::default();
    for (name, value) in params::pairs(query.as_deref())? {
        if !pages.take(&name, &value)? {
            return Err(unknown_parameter(&name).into());
        }
    }
    let places = Places::load(&app).await?;
    let mut conn = app.db.read().await?;
    inventory::one(&mut conn, id, &[]).await?;
    let (items, total) = inventory::movements(&mut conn, id, pages.slice()).await?;
    let Pages { page, per_page } = pages;
    let items = items.into_iter().map(|one| MovedDocument::of(one, &places)).collect();
    Ok(Json(MovementList { items, total, page, per_page, pages: (total + per_page - 1) / per_page }).into_response())
}

/// Who holds stock of a variant, and until when.
#[derive(Serialize, ToSchema)]
pub struct ReservationList {
    items: Vec<ReservationDocument>,
}

/// Units that an open checkout holds.
#[derive(Serialize, ToSchema)]
#[schema(as = Reservation)]
pub struct ReservationDocument {
    checkout_id: String,
    /// The code of the place.
    location: String,
    quantity: i64,
    /// open, processing (being paid) or needs_review.
    status: String,
    /// When an open checkout gives them back.
    until: DateTime<Utc>,
}

impl ReservationDocument {
    fn of(hold: Hold, places: &Places) -> Self {
        let Hold { checkout_id, location_id, quantity, status, until, .. } = hold;
        let location = places.code(LocationId(location_id));
        Self { checkout_id: checkout_id.to_string(), location, quantity, status, until }
    }
}

/// Who holds stock of a variant, and until when.
#[utoipa::path(get, path = "/api/admin/inventory/{variant_id}/reservations", params(("variant_id" = String, Path)),
    responses((status = 200, body = ReservationList), Refused), tag = "inventory")]
pub async fn reservations(State(app): State<Shop>, Ids(id): Ids<VariantId>) -> Answer {
    let places = Places::load(&app).await?;
    let mut conn = app.db.read().await?;
    inventory::one(&mut conn, id, &[]).await?;
    let held = holds(&mut conn, vec![id]).await?;
    let items = held.into_iter().map(|hold| ReservationDocument::of(hold, &places)).collect();
    Ok(Json(ReservationList { items }).into_response())
}

/// Every place there ever was, and where the shop sells from.
struct Places(Vec<Location>);

impl Places {
    async fn load(app: &App) -> Result<Self> {
        Ok(Self(locations::all(&mut app.db.read().await?).await?))
    }

    fn code(&self, id: LocationId) -> String {
        self.0.iter().find(|place| place.id() == id).map(|place| place.code.clone()).unwrap_or_default()
    }

    fn named(&self, code: &str) -> Result<LocationId> {
        let found = self.0.iter().find(|place| place.code == code).map(Location::id);
        found.ok_or_else(|| Error::field("location", "There is no such location."))
    }

    fn selling(&self) -> Vec<LocationId> {
        self.0.iter().filter(|place| place.sells).map(Location::id).collect()
    }
}

/// Which rows of a list.
struct Pages {
    page: i64,
    per_page: i64,
}

impl Default for Pages {
    fn default() -> Self {
        Self { page: 1, per_page: 24 }
    }
}

impl Pages {
    /// Takes a parameter that is about pages; answers whether it is one.
    fn take(&mut self, name: &str, value: &str) -> Result<bool> {
        let number = |least, most, message: &str| {
            let number = value.parse().ok().filter(|number| (least..=most).contains(number));
            number.ok_or_else(|| Error::field(name, message))
        };
        match name {
            "page" => self.page = number(1, i64::MAX / 100, "has to be 1 or more")?,
            "per_page" => self.per_page = number(1, 100, "has to be 1 to 100")?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn slice(&self) -> Slice {
        Slice { limit: self.per_page, offset: (self.page - 1) * self.per_page }
    }
}

/// What a list of the inventory was asked for.
struct Asked {
    filter: StockFilter,
    sort: (StockSort, bool),
    pages: Pages,
}

impl Asked {
    fn read(app: &App, places: &Places, query: Option<&str>) -> Result<Self> {
        let mut asked =
            Asked { filter: StockFilter::default(), sort: (StockSort::Product, false), pages: Pages::default() };
        for (name, value) in params::pairs(query)? {
            match name.as_str() {
                "q" => asked.filter.q = value,
                "category" => {
                    let catalog = app.catalog.load();
                    let below = catalog.categories().below(&value);
                    asked.filter.categories.get_or_insert_default().extend(below);
                }
                "location" => asked.filter.places.push(places.named(&value)?),
                "stock" => {
                    let place = StockPlace::named(&value);
                    asked.filter.states.push(place.ok_or_else(|| Error::field("stock", "has to be in, low or out"))?);
                }
                "sort" => {
                    asked.sort = match value.as_str() {
                        "product" => (StockSort::Product, false),
                        "available" => (StockSort::Available, false),
                        "-available" => (StockSort::Available, true),
                        _ => return Err(Error::field("sort", "has to be product, available or -available")),
                    }
                }
                _ if asked.pages.take(&name, &value)? => {}
                _ => return Err(unknown_parameter(&name)),
            }
        }
        if asked.filter.places.is_empty() {
            asked.filter.places = places.selling();
        }
        Ok(asked)
    }
}

fn unknown_parameter(name: &str) -> Error {
    Error::field(name, "is not a parameter of this list")
}
