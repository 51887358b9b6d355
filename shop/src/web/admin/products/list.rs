//! The list of products.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use commerce::ids::CategoryId;
use commerce::money::Money;

use super::draw::sign;
use super::saved::choices;
use crate::app::{App, Shop};
use crate::catalog::Catalog;
use crate::store::categories;
use crate::store::product_list::{self, Listed, Sort as SortBy, Stock};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::list::{self, Asked, Column, Filter, List, Sort, Width};
use crate::web::admin::page::{Head, render};
use crate::web::admin::views::product::CategoryChoice;
use crate::web::admin::views::products::{ProductRow, ProductsPage};
use crate::web::admin::views::{Choice, Section};
use crate::web::storefront::cards::picture_url;

/// What the list has.
pub static PRODUCTS: List = List {
    name: "products",
    path: "/admin/products",
    columns: &[
        Column::new("name").fixed().sorted(),
        Column::new("status"),
        Column::new("stock").sorted().numeric(),
        Column::new("price").sorted().numeric(),
        Column::new("category").hidden_below(Width::Medium),
        Column::new("brand").hidden_below(Width::Medium),
        Column::new("updated").sorted().hidden_below(Width::Medium),
        Column::new("created").sorted().hidden_below(Width::Medium).off(),
    ],
    filters: &[
        Filter::choice("status", &["active", "draft", "archived"]),
        Filter::open_choice("category"),
        Filter::choice("stock", &["in", "low", "out", "untracked"]),
        Filter::money("price"),
    ],
    sort: Sort::descending("updated"),
    views: &[
        ("active", "filter=status:any:active"),
        ("draft", "filter=status:any:draft"),
        ("archived", "filter=status:any:archived"),
        ("low", "filter=status:any:active&filter=stock:any:low,out"),
    ],
};

/// `GET /admin/products`
pub async fn show(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let asked = list::asked(&app, &PRODUCTS, member.id.0, &uri).await?;
    let mut conn = app.db.read().await?;
    let page = product_list::list(&mut conn, &wanted(&app.catalog.load(), &asked)).await?;
    let counts = product_list::counts(&mut conn).await?;
    let offered = choices(categories::all(&mut conn).await?).into_iter().map(offered).collect();
    let frame = asked
        .frame(page.total)
        .counted("all", counts.draft + counts.active + counts.archived)
        .counted("active", counts.active)
        .counted("draft", counts.draft)
        .counted("archived", counts.archived)
        .offering("category", offered)
        .selectable();
    let view = ProductsPage {
        list: frame.view(),
        rows: page.items.into_iter().map(|listed| row(&app, listed)).collect(),
        currency_sign: sign(&app),
    };
    let head = Head::new(Section::Products, app.admin_theme.text("products"), &uri);
    render(&app, &member, "products/list.html", head, &view)
}

/// What the store is asked for.
pub fn wanted(catalog: &Catalog, asked: &Asked) -> product_list::Asked {
    let price = asked.amounts("price");
    product_list::Asked {
        q: (!asked.q.is_empty()).then(|| asked.q.clone()),
        statuses: asked.choices("status").iter().filter_map(|name| name.parse().ok()).collect(),
        categories: categories_asked(catalog, &asked.choices("category")),
        stock: asked.choices("stock").iter().filter_map(|name| Stock::named(name)).collect(),
        min_price: price.min,
        max_price: price.max,
        sort: match asked.sort.column {
            "name" => SortBy::Name,
            "stock" => SortBy::Stock,
            "price" => SortBy::Price,
            "created" => SortBy::Created,
            _ => SortBy::Updated,
        },
        descending: asked.sort.descending,
        limit: asked.limit(),
        offset: asked.offset(),
    }
}

/// The categories that were chosen, with what stands below them.
fn categories_asked(catalog: &Catalog, slugs: &[String]) -> Option<Vec<CategoryId>> {
    let below = slugs.iter().flat_map(|slug| catalog.categories().below(slug));
    (!slugs.is_empty()).then(|| below.collect())
}

fn offered(category: CategoryChoice) -> Choice {
    let indent = "\u{2003}".repeat(category.depth);
    Choice { value: category.slug, label: format!("{indent}{}", category.name) }
}

fn row(app: &App, listed: Listed) -> ProductRow {
    let currency = app.shop.load().currency;
    let money = |minor| Money::new(minor, currency);
    ProductRow {
        id: listed.id.to_string(),
        name: listed.name,
        picture: listed.picture.as_deref().map(picture_url),
        status: listed.status.to_string(),
        available: listed.available,
        stock: listed.stock.name().to_owned(),
        variants: listed.variants,
        price: money(listed.price_min),
        highest: (listed.price_max != listed.price_min).then(|| money(listed.price_max)),
        category: listed.categories.into_iter().next(),
        brand: listed.brand,
        updated: listed.updated_at,
        created: listed.created_at,
    }
}
