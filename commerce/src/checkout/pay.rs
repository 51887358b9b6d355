//! Beginning to pay.

use super::Checkout;
use crate::error::{FieldError, Refusal};
use crate::ids::{OrderId, PaymentId};
use crate::payment::{self, Attempt, BankAnswer, CardInput, ProviderKind, sandbox_card};
use chrono::{DateTime, Duration, Utc};

/// How long stock is held while the buyer may have to act, as for 3-D Secure.
pub const ACTION_HOLD: Duration = Duration::minutes(60);

/// What the buyer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayCommand {
    /// The version of the checkout the buyer saw.
    pub version: i64,
    /// The card, for the sandbox only.
    pub card: Option<CardInput>,
}

/// What beginning does, to be written in one transaction before the provider is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayPlan {
    /// The attempt; of a zero total, it has succeeded.
    pub attempt: Attempt,
    /// Until when the stock is held.
    pub hold_until: DateTime<Utc>,
    /// Whether the order is written at once, without a call to the provider: manual or a zero total.
    pub immediate: bool,
    /// What the sandbox will do with the card; `None` for the other providers and for a zero total.
    pub bank: Option<BankAnswer>,
}

/// Begins to pay, or says why not: the first reason of a fixed order.
pub fn begin_payment(
    checkout: &Checkout,
    command: &PayCommand,
    payment_id: PaymentId,
    order_id: OrderId,
    now: DateTime<Utc>,
) -> Result<PayPlan, Refusal> {
    checkout.must_be_open(now)?;
    if command.version != checkout.version {
        return Err(Refusal::CheckoutChanged { version: checkout.version });
    }
    let bank = ask_sandbox(checkout, command.card.as_ref(), now).map_err(Refusal::InvalidFields)?;

    let immediate = checkout.payment_method == ProviderKind::Manual || checkout.quote.totals.total.is_zero();
    let hold_until = if immediate { checkout.expires_at } else { checkout.expires_at.max(now + ACTION_HOLD) };
    let attempt = payment::begin(checkout, payment_id, order_id, now);
    Ok(PayPlan { attempt, hold_until, immediate, bank })
}

/// What the sandbox will do with the card; refuses a card it needs and did not get, or got and may not have.
fn ask_sandbox(
    checkout: &Checkout,
    card: Option<&CardInput>,
    now: DateTime<Utc>,
) -> Result<Option<BankAnswer>, Vec<FieldError>> {
    let refused = |message: &str| Err(vec![FieldError::new("card", message)]);
    let to_pay = !checkout.quote.totals.total.is_zero();
    match (checkout.payment_method, card) {
        (ProviderKind::Sandbox, Some(card)) if to_pay => {
            sandbox_card(&card.number, &card.exp, &card.cvc, now).map(Some)
        }
        (ProviderKind::Sandbox, None) if to_pay => refused("Enter the card to pay with."),
        (ProviderKind::Sandbox, _) | (_, None) => Ok(None),
        (_, Some(_)) => refused("Card numbers are taken by the sandbox only. Leave the card out."),
    }
}
