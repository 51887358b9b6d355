//! The inventory: a sheet of stock and prices, and the stock of one variant with its ledger.

mod sheet;
mod variant;

use axum::extract::{RawForm, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::catalog::ProductStatus;
use commerce::inventory::sheet::Reason;

use super::errors::AdminError;
use super::list::{self, Asked, Column, Filter, List, Sort, Width};
use super::page::{Head, done, render};
use super::views::inventory::{InventoryPage, PlaceLink, SheetCell, SheetRow};
use super::views::{Choice, Section};
use crate::app::{App, Shop};
use crate::error::Result;
use crate::flows::stock_sheet::{self, Outcome};
use crate::settings::Location;
use crate::store::inventory::{self, StockFilter, StockPlace, StockSort, Stocked, Tally};
use crate::store::locations;
use crate::store::order_list::Slice;
use crate::web::access::Member;
use crate::web::params;
pub use variant::{bring, panel, show};

static INVENTORY: List = List {
    name: "inventory",
    path: "/admin/inventory",
    columns: &[
        Column::new("product").sorted().fixed(),
        Column::new("sku").hidden_below(Width::Medium),
        Column::new("on-hand").numeric().fixed(),
        Column::new("reserved").numeric(),
        Column::new("available").sorted().numeric(),
        Column::new("low-at").numeric().hidden_below(Width::Medium),
        Column::new("price").numeric(),
        Column::new("compare-at").numeric(),
    ],
    filters: &[
        Filter::choice("stock", &["in", "low", "out"]),
        Filter::open_choice("category"),
        Filter::open_choice("location"),
    ],
    sort: Sort::ascending("product"),
    views: &[("low", "filter=stock:any:low"), ("out", "filter=stock:any:out")],
};

/// The sheet.
pub async fn list(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let page = page(&app, &member, &uri).await?;
    draw(&app, &member, &uri, StatusCode::OK, page)
}

/// Saves the sheet as a form sends it, or shows it again with what is wrong.
pub async fn save(
    State(app): State<Shop>,
    member: Member,
    uri: Uri,
    RawForm(form): RawForm,
) -> Result<Response, AdminError> {
    let typed = sheet::Typed::read(&form)?;
    let mut page = page(&app, &member, &uri).await?;
    typed.fill(&mut page);
    let rows = match typed.rows(&mut page, app.shop.load().currency) {
        Some(rows) => rows,
        None => return draw(&app, &member, &uri, StatusCode::UNPROCESSABLE_ENTITY, page),
    };
    match stock_sheet::save(&app, &rows, &member.actor()).await? {
        Outcome::Saved(_) => Ok(done(&page.list.url, "inventory-saved")),
        Outcome::Refused { rows: refused, .. } => {
            sheet::tell(&mut page, &rows, &refused);
            draw(&app, &member, &uri, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
    }
}

fn draw(
    app: &App,
    member: &Member,
    uri: &Uri,
    status: StatusCode,
    page: InventoryPage,
) -> Result<Response, AdminError> {
    let head = Head::new(Section::Inventory, app.admin_theme.text("nav-inventory"), uri).status(status);
    render(app, member, "inventory/sheet.html", head, &page)
}

async fn page(app: &App, member: &Member, uri: &Uri) -> Result<InventoryPage> {
    let asked = list::asked(app, &INVENTORY, member.id.0, uri).await?;
    let places = locations::shown(&mut app.db.read().await?, &app.shop.load().locations).await?;
    let filter = filter(app, &asked, &places);
    let sort = if asked.sort.column == "available" { StockSort::Available } else { StockSort::Product };
    let slice = Slice { limit: asked.limit(), offset: asked.offset() };
    let (rows, total, tally) = inventory::page(&app.db, &filter, sort, asked.sort.descending, slice).await?;
    let Tally { all, low, out } = tally;
    let place = places.iter().find(|place| filter.places == [place.id()]);
    let frame = asked.frame(total).counted("all", all).counted("low", low).counted("out", out);
    let currency = app.shop.load().currency;
    let choices = places.iter().map(|place| Choice { value: place.code.clone(), label: place.name.clone() }).collect();
    let mut list = frame.offering("category", categories(app)).offering("location", choices).view();
    if places.len() == 1 {
        list.fields.retain(|field| field.name != "location");
    }
    Ok(InventoryPage {
        list,
        location: place.map(|place| place.code.clone()),
        locations: links(&places, &asked.choices("location"), uri)?,
        rows: rows.iter().map(row).collect(),
        currency: currency.code().to_owned(),
        exponent: currency.exponent(),
        reasons: Reason::ALL.iter().map(|reason| reason.as_str().to_owned()).collect(),
        reason: Reason::Correction.as_str().to_owned(),
        note: String::new(),
        error: None,
        wrong: 0,
    })
}

/// Ways to the sheet of each location, with whatever else is asked for.
fn links(places: &[Location], chosen: &[String], uri: &Uri) -> Result<Vec<PlaceLink>> {
    if places.len() < 2 {
        return Ok(vec![]);
    }
    let is_place = |name: &str, value: &str| name == "page" || (name == "filter" && value.starts_with("location:"));
    let mut rest = params::pairs(uri.query())?;
    rest.retain(|(name, value)| !is_place(name, value));
    let url = |place: Option<&Location>| {
        let own = place.map(|place| ("filter".to_owned(), format!("location:any:{}", place.code)));
        let pairs: Vec<(String, String)> = rest.iter().cloned().chain(own).collect();
        params::address("/admin/inventory", &pairs)
    };
    let all = PlaceLink { name: None, url: url(None), current: chosen.is_empty() };
    let link = |place: &Location| PlaceLink {
        name: Some(place.name.clone()),
        url: url(Some(place)),
        current: *chosen == [place.code.clone()],
    };
    Ok([all].into_iter().chain(places.iter().map(link)).collect())
}

/// Without a choice, what lies wherever the shop sells from.
fn filter(app: &App, asked: &Asked, places: &[Location]) -> StockFilter {
    let named = asked.choices("location");
    let is_meant = |place: &&Location| if named.is_empty() { place.sells } else { named.contains(&place.code) };
    let chosen = asked.choices("category");
    let catalog = app.catalog.load();
    let below = |slug: &String| catalog.categories().below(slug);
    StockFilter {
        q: asked.q.clone(),
        categories: (!chosen.is_empty()).then(|| chosen.iter().flat_map(below).collect()),
        places: places.iter().filter(is_meant).map(Location::id).collect(),
        states: asked.choices("stock").iter().filter_map(|name| StockPlace::named(name)).collect(),
    }
}

fn categories(app: &App) -> Vec<Choice> {
    let catalog = app.catalog.load();
    let categories = catalog.categories();
    let path = |id| categories.breadcrumbs(id).iter().map(|crumb| crumb.name.clone()).collect::<Vec<_>>().join(" / ");
    let all = categories.all();
    all.iter().map(|category| Choice { value: category.slug.clone(), label: path(category.id) }).collect()
}

fn row(variant: &Stocked) -> SheetRow {
    let cell = |was: String| SheetCell { value: was.clone(), was, wrong: false };
    SheetRow {
        id: variant.id.to_string(),
        url: variant::address(variant.id),
        product: variant.product.clone(),
        variant: variant::options(variant),
        sku: variant.sku.clone(),
        draft: variant.status == ProductStatus::Draft,
        tracked: variant.level.tracked,
        on_hand: cell(variant.level.on_hand.to_string()),
        reserved: variant.level.reserved,
        available: variant.level.available(),
        state: variant.state().as_str().to_owned(),
        low_at: variant.low_at,
        price: cell(variant.price.to_decimal()),
        compare_at: cell(variant.compare_at.map(|money| money.to_decimal()).unwrap_or_default()),
        errors: vec![],
    }
}
