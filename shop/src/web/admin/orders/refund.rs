//! Paying back: what it comes to is shown before it is done, and what was shown is what is done.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;
use commerce::ids::{OrderId, OrderItemId};
use commerce::money::Money;
use commerce::order::OrderAction;
use commerce::returns::{RefundItem, RefundPlan, RefundWhat, decide};

use super::act::quantities;
use super::parts::{self, Lines, quantity_field};
use super::{path, refusal};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::refund::{Refund, refund};
use crate::store::orders::{self, OrderRecord};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, render};
use crate::web::admin::views::orders::{RefundPage, ShipLineView};
use crate::web::admin::views::{FieldView, Section};
use crate::web::admin::which::Which;
use crate::web::storefront::form::Form;

/// `GET /admin/orders/{id}/refund`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let record = load(&app, id).await?;
    let refused = record.order.can(OrderAction::Refund, &record.pending()).err();
    let came = Came { refused: refused.map(|refusal| refusal.to_string()), ..Came::default() };
    draw(&app, &member, &uri, &record, came)
}

/// `POST /admin/orders/{id}/refund`: shows what it comes to until exactly that is confirmed.
pub async fn submit(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let record = load(&app, id).await?;
    let (what, plan) = match worked_out(&app, &record, &form) {
        Ok(both) => both,
        Err(error) => {
            let came = refused(error, form)?;
            return draw(&app, &member, &uri, &record, came);
        }
    };
    let confirmed = form.number("expected") == Some(plan.amount.minor);
    if !confirmed {
        return draw(&app, &member, &uri, &record, Came { form: Some(form), plan: Some(plan), ..Came::default() });
    }
    if form.number("version") != Some(record.order.version) {
        let said = app.admin_theme.text("refund-changed");
        let came = Came { status: StatusCode::CONFLICT, refused: Some(said), form: Some(form), ..Came::default() };
        return draw(&app, &member, &uri, &record, came);
    }
    let asked = Refund {
        what,
        reason: form.text("reason").to_owned(),
        restock: form.is_ticked("restock"),
        notify: form.is_ticked("notify"),
    };
    match refund(&app, id, asked, &member.actor()).await {
        Ok(_) => Ok(done(&path(id), "order-refunded")),
        Err(error) => {
            let came = refused(error, form)?;
            draw(&app, &member, &uri, &record, came)
        }
    }
}

/// The form as it came back.
#[derive(Default)]
struct Came {
    status: StatusCode,
    refused: Option<String>,
    form: Option<Form>,
    errors: Vec<FieldError>,
    plan: Option<RefundPlan>,
}

async fn load(app: &App, id: OrderId) -> Result<OrderRecord> {
    let mut conn = app.db.read().await?;
    orders::load(&mut conn, id).await
}

/// What is asked for, and what it comes to.
fn worked_out(app: &App, record: &OrderRecord, form: &Form) -> Result<(RefundWhat, RefundPlan)> {
    let order = &record.order;
    let what = match form.text("what") {
        "remaining" => RefundWhat::Remaining,
        "amount" => {
            let read = Money::parse_decimal(form.text("amount"), order.totals.total.currency);
            RefundWhat::Amount(read.map_err(|error| Error::field("amount", format!("{error}.")))?)
        }
        _ => {
            let chosen = quantities(app, form, &units_left(record)).map_err(Error::Invalid)?;
            let item = |(item_id, quantity)| RefundItem { item_id, quantity };
            RefundWhat::Items(chosen.into_iter().map(item).collect())
        }
    };
    let plan = decide(order, &record.pending(), &what)?;
    Ok((what, plan))
}

fn refused(error: Error, form: Form) -> Result<Came, AdminError> {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Error::Invalid(errors) = error {
        return Ok(Came { status, errors, form: Some(form), ..Came::default() });
    }
    let (status, said) = refusal(error)?;
    Ok(Came { status, refused: Some(said), form: Some(form), ..Came::default() })
}

/// Units of each line that can still be paid back, those aside that are on their way.
fn units_left(record: &OrderRecord) -> Vec<(OrderItemId, i64)> {
    let Ok(seen) = record.order.counting(&record.pending()) else { return vec![] };
    let left = seen.items.iter().map(|item| (item.id, item.quantity - item.refunded_quantity));
    left.filter(|(_, left)| *left > 0).collect()
}

fn draw(app: &App, member: &Member, uri: &Uri, record: &OrderRecord, came: Came) -> Result<Response, AdminError> {
    let order = &record.order;
    let mut head = Head::new(Section::Orders, parts::title(app, "refund-title", order), uri).status(came.status);
    head.said = None;
    let pending: i64 = record.pending().iter().map(|plan| plan.amount.minor).sum();
    let left = order.payment.captured.minor - order.payment.refunded.minor - pending;
    let text = |name: &str| came.form.as_ref().map_or("", |form| form.text(name)).to_owned();
    let field = |name: &str, value: String| FieldView {
        error: came.errors.iter().find(|error| error.field == name).map(|error| error.message.clone()),
        name: name.to_owned(),
        value,
        options: vec![],
    };
    let lines = Lines::of(&app.catalog.load(), order);
    let row = |(id, left): (OrderItemId, i64)| {
        let name = quantity_field(id);
        let value = Some(text(&name)).filter(|typed| !typed.is_empty()).unwrap_or_else(|| "0".to_owned());
        Some(ShipLineView { line: lines.units(id, left)?, now: field(&name, value) })
    };
    let rows: Vec<ShipLineView> = units_left(record).into_iter().filter_map(row).collect();
    let ticked = |name: &str, usual: bool| came.form.as_ref().map_or(usual, |form| form.is_ticked(name));
    let usual = if rows.is_empty() { "amount" } else { "items" };
    let view = RefundPage {
        order: parts::head(order),
        what: Some(text("what")).filter(|what| !what.is_empty()).unwrap_or_else(|| usual.to_owned()),
        lines: rows,
        amount: field("amount", text("amount")),
        reason: field("reason", text("reason")),
        restock: ticked("restock", true),
        notify: ticked("notify", true),
        left: Money::new(left.max(0), order.totals.total.currency),
        comes_to: came.plan.as_ref().map(|plan| plan.amount),
        provider: order.payment.provider.to_string(),
        refused: came.refused.clone(),
    };
    render(app, member, "orders/refund.html", head, &view)
}
