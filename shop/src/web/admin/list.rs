//! The frame of every list of the admin: search, typed filters, sort, columns, pages, saved views and selection, all of it
//! in the address. A list is a [`List`] that says what it has; the frame reads the address, builds every link, and draws
//! everything around the rows. The area has the query of the store, the rows and its texts.
//!
//! ```text
//! static ORDERS: List = List {
//!     name: "orders",                     // texts begin with it, saved views belong to it
//!     path: "/admin/orders",
//!     columns: &[
//!         Column::new("number").fixed(),  // always shown
//!         Column::new("placed").sorted(), // its head sorts
//!         Column::new("total").sorted().numeric(),
//!         Column::new("delivery").hidden_below(Width::Medium),
//!         Column::new("country").off(),   // shown only when somebody chooses it
//!     ],
//!     filters: &[
//!         Filter::choice("payment", &["pending", "paid"]),  // a fixed set, texts in the theme
//!         Filter::open_choice("country"),                   // a set that the handler brings
//!         Filter::date("placed"), Filter::money("total"), Filter::number("units"), Filter::text("sku"), Filter::flag("b2b"),
//!     ],
//!     sort: Sort::descending("placed"),
//!     views: &[("to-ship", "filter=fulfillment:any:unfulfilled,partial&filter=payment:any:paid")],
//! };
//!
//! let asked = list::asked(&app, &ORDERS, member.id.0, &uri).await?;       // one statement: the saved views
//! let filter = OrderFilter {
//!     q: asked.q.clone(),
//!     payment: parsed(asked.choices("payment")),                        // empty: no such filter
//!     placed_from: asked.dates("placed").from, placed_before: asked.dates("placed").before,
//!     min_total: asked.amounts("total").min, max_total: asked.amounts("total").max,
//! };
//! // asked.sort.column, asked.sort.descending, asked.limit(), asked.offset()
//! let list = asked.frame(total).counted("to-ship", 14).offering("country", choices).view();
//! render(&app, &member, "orders/list.html", head, &OrdersPage { list, rows })
//! ```
//!
//! The template extends `list.html` (see there for its blocks: `rows`, `empty`, `actions`, `bulk`), where `list` is the
//! [`ListView`](super::views::ListView) and a cell is drawn if `"total" in list.shown`. Texts it needs, for a list called
//! `orders`: `orders-col-{column}`, `orders-filter-{filter}`, `orders-{filter}-{choice}` for fixed choices,
//! `orders-view-{view}`, `orders-search` (label of the search) and `orders-search-in` (its placeholder).
//!
//! A bulk action posts the form `bulk`: [`Picked::read`] tells which rows were picked, or that all that match were.
//! Addresses: `?q=&filter=field:operator:value&sort=-placed&page=2&per_page=50&cols=placed,total&view=to-ship`. What can't
//! be read in a filter is shown in its place with a word on what to do, and is not applied.

mod asked;
mod filter;
mod frame;
mod picked;

use std::sync::Arc;

use axum::http::Uri;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commerce::money::Currency;
use uuid::Uuid;

pub use asked::Asked;
pub use filter::{Dates, Numbers};
pub use frame::Frame;
pub use picked::Picked;

use crate::app::App;
use crate::error::Result;
use crate::store::saved_views;

/// Page sizes to choose from; the second is the usual one.
pub const PAGE_SIZES: [i64; 3] = [25, 50, 100];

/// What a list has.
#[derive(Debug)]
pub struct List {
    /// What its texts begin with and its saved views belong to.
    pub name: &'static str,
    /// Where it is.
    pub path: &'static str,
    /// In the order of the table.
    pub columns: &'static [Column],
    /// In the order of the menu.
    pub filters: &'static [Filter],
    /// How it is sorted when nobody says.
    pub sort: Sort,
    /// Views that everybody has: name and query.
    pub views: &'static [(&'static str, &'static str)],
}

/// How wide a page has to be for a column to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// More than 640 px.
    Small,
    /// More than 1024 px.
    Medium,
    /// More than 1280 px.
    Large,
}

/// A column of the table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    name: &'static str,
    sorted: bool,
    numeric: bool,
    fixed: bool,
    shown: bool,
    above: Option<Width>,
}

impl Column {
    /// A column that is shown, starts its text where the line starts and does not sort.
    pub const fn new(name: &'static str) -> Self {
        Self { name, sorted: false, numeric: false, fixed: false, shown: true, above: None }
    }

    /// Its head sorts.
    pub const fn sorted(self) -> Self {
        Self { sorted: true, ..self }
    }

    /// Numbers and amounts stand at the end of the cell.
    pub const fn numeric(self) -> Self {
        Self { numeric: true, ..self }
    }

    /// It can't be taken away.
    pub const fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    /// It is there only when somebody chooses it.
    pub const fn off(self) -> Self {
        Self { shown: false, ..self }
    }

    /// It leaves first where there is little room. The cells of the rows need the same class.
    pub const fn hidden_below(self, width: Width) -> Self {
        Self { above: Some(width), ..self }
    }
}

/// Something to filter by.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    name: &'static str,
    kind: Kind,
}

/// What the values of a filter are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Money,
    Date,
    Flag,
    /// A fixed set of names.
    Choice(&'static [&'static str]),
    /// A set that the handler brings with each page.
    OpenChoice,
}

impl Filter {
    /// A part of a text.
    pub const fn text(name: &'static str) -> Self {
        Self { name, kind: Kind::Text }
    }

    /// A whole number.
    pub const fn number(name: &'static str) -> Self {
        Self { name, kind: Kind::Number }
    }

    /// An amount in the shop's currency.
    pub const fn money(name: &'static str) -> Self {
        Self { name, kind: Kind::Money }
    }

    /// A day where the shop is.
    pub const fn date(name: &'static str) -> Self {
        Self { name, kind: Kind::Date }
    }

    /// Yes or no.
    pub const fn flag(name: &'static str) -> Self {
        Self { name, kind: Kind::Flag }
    }

    /// Some of a fixed set.
    pub const fn choice(name: &'static str, values: &'static [&'static str]) -> Self {
        Self { name, kind: Kind::Choice(values) }
    }

    /// Some of a set that the handler brings, such as categories: [`Frame::offering`].
    pub const fn open_choice(name: &'static str) -> Self {
        Self { name, kind: Kind::OpenChoice }
    }
}

/// An order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: &'static str,
    /// From large to small, from late to early.
    pub descending: bool,
}

impl Sort {
    /// From small to large.
    pub const fn ascending(column: &'static str) -> Self {
        Self { column, descending: false }
    }

    /// From large to small.
    pub const fn descending(column: &'static str) -> Self {
        Self { column, descending: true }
    }
}

/// What amounts and days of an address are read with.
#[derive(Clone, Debug)]
pub struct Place {
    /// Amounts are in it.
    pub currency: Currency,
    /// Amounts and days are written as its people do.
    pub locale: String,
    /// Days begin and end here.
    pub zone: Tz,
    /// What "the last days" end with.
    pub now: DateTime<Utc>,
}

impl Place {
    /// Where the shop is.
    pub fn of(app: &App) -> Self {
        let settings = app.shop.load();
        Self {
            currency: settings.currency,
            locale: settings.locale.clone(),
            zone: settings.time_zone.parse().unwrap_or(Tz::UTC),
            now: app.clock.now(),
        }
    }
}

/// Reads what a page of a list was asked for, with the saved views that this member of staff has for it.
pub async fn asked(app: &App, list: &'static List, member: Uuid, uri: &Uri) -> Result<Asked> {
    let mut conn = app.db.read().await?;
    let saved = saved_views::of(&mut conn, member, list.name).await?;
    Asked::read(list, uri.query(), Arc::new(Place::of(app)), saved, member)
}

#[cfg(test)]
mod tests;
