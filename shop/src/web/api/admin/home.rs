//! The figures of home, for programs.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::Shop;
use crate::error::Error;
use crate::figures::Span;
use crate::flows::home::{self, Figures, Home};
use crate::web::access::Member;
use crate::web::api::body::Body;
use crate::web::api::carts::Answer;
use crate::web::api::documents::MoneyDocument;
use crate::web::api::problem::Refused;
use crate::web::params;

/// The figures of a period against the one before, and what waits.
#[derive(Serialize, ToSchema)]
#[schema(as = Home)]
pub struct HomeDocument {
    /// today, 7 or 30
    period: String,
    now: FiguresDocument,
    /// The period before, up to the same time of day.
    before: FiguresDocument,
    /// Days, or hours of today.
    parts: Vec<PartDocument>,
    top_products: Vec<TopDocument>,
    low_stock: Vec<LowDocument>,
    /// All variants that run low.
    low_stock_count: usize,
    needs: NeedsDocument,
    /// What a new shop has to do; null when all is done or somebody put the list away.
    setup: Option<Vec<StepDocument>>,
}

/// The figures of a period. Canceled orders are left out, and what was paid back is taken off.
#[derive(Serialize, ToSchema)]
#[schema(as = Figures)]
pub struct FiguresDocument {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    #[schema(value_type = MoneyDocument)]
    revenue: Money,
    orders: i64,
    #[schema(value_type = Option<MoneyDocument>)]
    average_order: Option<Money>,
    carts: i64,
    /// Carts of the period that became orders.
    bought: i64,
}

/// A day, or an hour of today.
#[derive(Serialize, ToSchema)]
#[schema(as = HomePart)]
pub struct PartDocument {
    /// On the clock of the shop.
    begins: String,
    /// Null while it lies ahead.
    #[schema(value_type = Option<MoneyDocument>)]
    revenue: Option<Money>,
    #[schema(value_type = MoneyDocument)]
    revenue_before: Money,
}

/// A product that sells.
#[derive(Serialize, ToSchema)]
#[schema(as = TopProduct)]
pub struct TopDocument {
    product_id: String,
    name: String,
    units: i64,
    #[schema(value_type = MoneyDocument)]
    revenue: Money,
}

/// A variant that runs low.
#[derive(Serialize, ToSchema)]
#[schema(as = LowStock)]
pub struct LowDocument {
    product_id: String,
    name: String,
    variant_title: Option<String>,
    left: i64,
    /// Null when none of it goes.
    lasts_days: Option<i64>,
}

/// How much waits for somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = Needs)]
pub struct NeedsDocument {
    payments_to_review: i64,
    failed_refunds: i64,
    dead_jobs: i64,
    to_ship: i64,
    /// Of those, paid more than two days ago.
    to_ship_late: i64,
    unpaid: i64,
}

/// A step of setting up.
#[derive(Serialize, ToSchema)]
#[schema(as = SetupStep)]
pub struct StepDocument {
    step: &'static str,
    done: bool,
}

/// Whether the set-up list is put away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupChange {
    hidden: bool,
}

/// Figures, what sells, what runs low and what waits for somebody.
#[utoipa::path(get, path = "/api/admin/home",
    params(("period" = Option<String>, Query, description = "today, 7 or 30 (days); 30 when not given")),
    responses((status = 200, body = HomeDocument), Refused), tag = "home")]
pub async fn read(State(app): State<Shop>, RawQuery(query): RawQuery) -> Answer {
    let mut span = Span::default();
    for (name, value) in params::pairs(query.as_deref())? {
        span = match Span::parse(&value) {
            Some(span) if name == "period" => span,
            _ => return Err(Error::field(&name, "This has to be period=today, 7 or 30.").into()),
        };
    }
    let home = home::home(&app, span).await?;
    Ok(Json(document(&home)).into_response())
}

/// Puts the set-up list away, or back.
#[utoipa::path(put, path = "/api/admin/home/setup", request_body = SetupChange,
    responses((status = 204), Refused), tag = "home")]
pub async fn set_setup(State(app): State<Shop>, member: Member, Body(body): Body<SetupChange>) -> Answer {
    home::hide_setup(&app, body.hidden, &member.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn document(home: &Home) -> HomeDocument {
    let money = |minor| Money::new(minor, home.currency);
    let figures = |of: &Figures, (from, to): (DateTime<Utc>, DateTime<Utc>)| FiguresDocument {
        from,
        to,
        revenue: money(of.sold.revenue),
        orders: of.sold.orders,
        average_order: of.average().map(money),
        carts: of.carts,
        bought: of.bought,
    };
    let (period, needs) = (&home.period, &home.needs);
    let (now, before) = &home.sold;
    let parts = period.slots.iter().zip(before).enumerate().map(|(nth, (slot, before))| PartDocument {
        begins: slot.begins.to_string(),
        revenue: now.get(nth).map(|sold| money(sold.revenue)),
        revenue_before: money(before.revenue),
    });
    HomeDocument {
        period: period.span.as_str().to_owned(),
        now: figures(&home.now, (period.now.start, period.now.end)),
        before: figures(&home.before, (period.before.start, period.before.end)),
        parts: parts.collect(),
        top_products: home.top.iter().map(|top| top_document(top, money(top.revenue))).collect(),
        low_stock: home.low.1.iter().map(low_document).collect(),
        low_stock_count: home.low.0,
        needs: NeedsDocument {
            payments_to_review: needs.reviews,
            failed_refunds: needs.failed_refunds,
            dead_jobs: needs.dead_jobs,
            to_ship: needs.to_ship,
            to_ship_late: needs.to_ship_late,
            unpaid: needs.unpaid,
        },
        setup: home
            .setup
            .as_ref()
            .map(|steps| steps.iter().map(|(step, done)| StepDocument { step: step.as_str(), done: *done }).collect()),
    }
}

fn top_document(top: &crate::store::home::TopProduct, revenue: Money) -> TopDocument {
    TopDocument { product_id: top.id.to_string(), name: top.name.clone(), units: top.units, revenue }
}

fn low_document(low: &home::Low) -> LowDocument {
    LowDocument {
        product_id: low.product.to_string(),
        name: low.name.clone(),
        variant_title: low.title.clone(),
        left: low.left,
        lasts_days: low.lasts,
    }
}
