//! The page of the sandbox's own bank, where a buyer confirms a payment or refuses it. No money moves.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commerce::ids::PaymentId;
use commerce::payment::{Attempt, AttemptStatus};

use super::checkout_status::status_path;
use super::errors::PageError;
use super::form::{self, Form};
use super::private;
use super::shell::{PageMeta, render};
use super::views::SandboxBankPage;
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::settle::settle;
use crate::payments::Sandbox;
use crate::store::payments;

/// The one test card that asks the buyer; the bank keeps no numbers.
const CARD_LAST4: &str = "3184";

/// `GET /sandbox/3ds/{payment_id}`
pub async fn show(State(app): State<Shop>, id: Result<Path<String>, PathRejection>) -> Result<Response, PageError> {
    let (_, attempt) = asked(&app, id).await?;
    if !waits_for_buyer(&attempt) {
        return Ok(private::see_other(&status_path(attempt.checkout_id)));
    }
    let view = SandboxBankPage {
        id: attempt.id.to_string(),
        total: attempt.amount,
        card_last4: CARD_LAST4.to_owned(),
        form_token: form::token(&app, attempt.id.0),
    };
    let meta = PageMeta::private(app.theme.text("bank-title"), format!("/sandbox/3ds/{}", attempt.id));
    Ok(private::page(StatusCode::OK, render(&app, "storefront/sandbox_bank.html", meta, &view)?))
}

/// `POST /sandbox/3ds/{payment_id}`: `outcome=succeed` or `outcome=fail`
pub async fn answer(
    State(app): State<Shop>,
    id: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response, PageError> {
    let (sandbox, attempt) = asked(&app, id).await?;
    if !form::has_token(&app, &form, attempt.id.0) {
        return Err(
            Error::Code("forbidden", "This page was out of date. Please reload it and try again.".into()).into()
        );
    }
    let succeed = match form.text("outcome") {
        "succeed" => true,
        "fail" => false,
        _ => return Err(Error::field("outcome", "Choose one: succeed or fail.").into()),
    };
    if waits_for_buyer(&attempt) {
        let outcome = sandbox.finish(attempt.id, succeed).await?;
        settle(&app, attempt.id, outcome).await?;
    }
    Ok(private::see_other(&status_path(attempt.checkout_id)))
}

/// The bank and the payment it is asked about; nothing is here while the sandbox is closed.
async fn asked(app: &App, id: Result<Path<String>, PathRejection>) -> Result<(&Sandbox, Attempt)> {
    let sandbox = app.sandbox.as_ref().ok_or(Error::NotFound)?;
    let id: PaymentId = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Error::NotFound)?;
    Ok((sandbox, payments::load(&mut app.db.read().await?, id).await?))
}

fn waits_for_buyer(attempt: &Attempt) -> bool {
    matches!(attempt.status, AttemptStatus::RequiresAction { .. })
}
