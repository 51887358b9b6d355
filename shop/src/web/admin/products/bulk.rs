//! One change to many products, and the page that says what became of each.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::ids::{BulkRunId, ProductId};
use commerce::money::{Currency, Money};

use super::draw::sign;
use super::list::{PRODUCTS, wanted};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::bulk_products::{self, BulkChange, CompareAtChange, Report};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::list::{Picked, Place};
use crate::web::admin::page::{Head, render, see};
use crate::web::admin::posted::Posted;
use crate::web::admin::views::Section;
use crate::web::admin::views::products::{Failure, ProductReport};

/// `POST /admin/products/bulk`
pub async fn begin(State(app): State<Shop>, member: Member, posted: Posted) -> Result<Response, AdminError> {
    let change = change(&posted, app.shop.load().currency)?;
    let picked = match Picked::read(&PRODUCTS, &posted.fields, Place::of(&app), member.id.0)? {
        Picked::These(ids) => bulk_products::Picked::These(ids.into_iter().map(ProductId).collect()),
        Picked::Matching(asked) => bulk_products::Picked::Matching(Box::new(wanted(&app.catalog.load(), &asked))),
    };
    let report = bulk_products::begin(&app, &picked, &change, &member.actor()).await?;
    Ok(see(&format!("/admin/products/bulk/{}", report.id)))
}

/// `GET /admin/products/bulk/{id}`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Path(id): Path<BulkRunId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let report = bulk_products::report(&app, id).await?;
    let view = view(&app, &report)?;
    let title = app.admin_theme.text(&format!("bulk-{}", view.what));
    let head = Head::new(Section::Products, title, &uri).status(StatusCode::OK);
    render(&app, &member, "products/report.html", head, &view)
}

/// The change that the pressed button and the fields beside it say.
fn change(posted: &Posted, currency: Currency) -> Result<BulkChange> {
    let tags =
        || posted.text("tags").split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    match posted.text("do") {
        "publish" => Ok(BulkChange::Publish {}),
        "draft" => Ok(BulkChange::Draft {}),
        "archive" => Ok(BulkChange::Archive {}),
        "tag" => Ok(BulkChange::AddTags { tags: tags() }),
        "untag" => Ok(BulkChange::RemoveTags { tags: tags() }),
        "price" => priced(posted, currency),
        _ => Err(Error::field("do", "Choose what shall be done.")),
    }
}

fn priced(posted: &Posted, currency: Currency) -> Result<BulkChange> {
    let by = posted.text("by").trim();
    let amount = || {
        let amount = Money::parse_decimal(by, currency);
        amount.map(|amount| amount.minor).map_err(|error| Error::field("by", format!("{error}.")))
    };
    let (mut set, mut add, mut percent) = (None, None, None);
    match posted.text("step") {
        "raise" => percent = Some(by.to_owned()),
        "lower" => percent = Some(format!("-{by}")),
        "add" => add = Some(amount()?),
        "take" => add = Some(-amount()?),
        "set" => set = Some(amount()?),
        _ => {}
    }
    Ok(BulkChange::Price {
        set,
        add,
        percent,
        rounding: posted.text("rounding").parse().map_err(|_| Error::field("rounding", "Choose how it is rounded."))?,
        compare_at: match posted.text("compare_at") {
            "former" => CompareAtChange::FormerPrice,
            "clear" => CompareAtChange::Clear,
            _ => CompareAtChange::Keep,
        },
        compare_at_set: None,
    })
}

fn view(app: &App, report: &Report) -> Result<ProductReport> {
    let change: BulkChange = serde_json::from_value(report.run.change.clone())
        .map_err(|error| Error::Internal(format!("a change of many products: {error}")))?;
    let progress = report.progress;
    let gone = || app.admin_theme.text("bulk-gone");
    let failures = report.failures.iter().map(|failure| Failure {
        id: failure.product_id.to_string(),
        name: failure.name.clone().unwrap_or_else(gone),
        there: failure.name.is_some(),
        why: failure.message.clone(),
    });
    Ok(ProductReport {
        what: name(&change).to_owned(),
        running: !progress.is_finished(),
        total: progress.total,
        done: progress.done(),
        changed: progress.changed,
        unchanged: progress.unchanged,
        failed: progress.failed,
        failures: failures.collect(),
        currency_sign: sign(app),
    })
}

fn name(change: &BulkChange) -> &'static str {
    match change {
        BulkChange::Publish {} => "publish",
        BulkChange::Draft {} => "draft",
        BulkChange::Archive {} => "archive",
        BulkChange::AddTags { .. } => "tag",
        BulkChange::RemoveTags { .. } => "untag",
        BulkChange::Price { .. } => "price",
    }
}
