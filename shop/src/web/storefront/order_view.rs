//! An order as its buyer sees it: on its page and in the receipt.

use chrono::{DateTime, Utc};
use commerce::address::{Address, country, form_fields};
use commerce::ids::OrderId;
use commerce::money::Money;
use commerce::order::{FulfillmentStatus, Order, OrderItem, OrderStatus};
use commerce::payment::{PaymentStatus, ProviderKind};
use commerce::pricing::{Explained, ExplainedKind};
use commerce::shipping::tracking_url;

use super::views::order::{ExplainedView, PaymentView, ShipmentView, TimelineStep};
use super::views::{AddressView, OrderView};
use super::{arrivals, lines, totals};
use crate::app::App;
use crate::error::Result;
use crate::settings::ShopSettings;
use crate::store::events::{self, Recorded};
use crate::store::fulfillments::Fulfillment;
use crate::store::orders::{self, OrderRecord};

/// Reads an order and what happened to it.
pub async fn load(app: &App, id: OrderId) -> Result<OrderView> {
    let mut conn = app.db.read().await?;
    let record = orders::load(&mut conn, id).await?;
    let order = &record.order;
    let mut happened = events::of(&mut conn, order.payment.attempt.0).await?;
    happened.extend(events::of(&mut conn, id.0).await?);
    drop(conn);
    let some = |amount: Money| Some(amount).filter(|amount| !amount.is_zero());
    let shop = app.shop.load();
    let delivery = order.shipping.as_ref().map(|shipping| shipping.label.clone());
    Ok(OrderView {
        number: order.number.clone(),
        placed_at: order.placed_at,
        first_name: first_name(&order.shipping_address.name),
        email: order.email.clone(),
        status: order.status.to_string(),
        payment_status: order.payment_status.to_string(),
        fulfillment_status: order.fulfillment_status.to_string(),
        timeline: timeline(&record, &happened),
        lines: lines::of_order(&app.catalog.load(), order),
        count: u64::try_from(order.items.iter().map(|item| item.quantity).sum::<i64>()).unwrap_or(0),
        totals: totals::view(&order.totals, &order.discounts, &record.explanation, delivery.clone()),
        explanation: explain(order, &record.explanation),
        paid: some(order.payment.captured),
        refunded: some(order.payment.refunded),
        outstanding: some(order.outstanding()),
        shipments: record.fulfillments.iter().map(|parcel| shipment(app, order, parcel)).collect(),
        shipping_address: written(&order.shipping_address),
        billing_address: (order.billing_address != order.shipping_address).then(|| written(&order.billing_address)),
        shipping_method: delivery.unwrap_or_default(),
        arrival: order.shipping.as_ref().and_then(|shipping| arrivals::by_choice(shipping, order.placed_at)),
        payment: payment(order, &shop),
        contact_email: Some(shop.sender.email.clone()).filter(|email| !email.is_empty()),
    })
}

/// A parcel of an order, and where to follow it.
pub fn shipment(app: &App, order: &Order, parcel: &Fulfillment) -> ShipmentView {
    let (carrier, number) = (parcel.carrier.as_deref(), parcel.tracking_number.as_deref());
    ShipmentView {
        sent_at: parcel.created_at,
        carrier: parcel.carrier.clone(),
        tracking_number: parcel.tracking_number.clone(),
        tracking_url: carrier.zip(number).and_then(|(carrier, number)| tracking_url(carrier, number)),
        lines: lines::of_units(&app.catalog.load(), order, &parcel.items),
    }
}

/// The first word of a name, to be greeted by.
pub fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// How it was paid, and what the buyer still has to do.
fn payment(order: &Order, shop: &ShopSettings) -> PaymentView {
    let total = order.totals.total;
    let is_owed = order.payment.provider == ProviderKind::Manual && order.payment_status == PaymentStatus::Pending;
    let account = match &shop.bank_details {
        Some(details) => details.clone(),
        None => format!("For our account number write to {}.", shop.sender.email),
    };
    let instructions = format!(
        "Send {} to {} and write {} with it. We pack as soon as it is here.\n{account}",
        total.format(&order.locale),
        shop.name,
        order.number,
    );
    PaymentView {
        method: if total.is_zero() { "none".to_owned() } else { order.payment.provider.to_string() },
        card_last4: None,
        instructions: is_owed.then_some(instructions),
    }
}

/// Each amount and how it came to be. A line of goods gets its name, which the calculation does not know.
fn explain(order: &Order, explanation: &[Explained]) -> Vec<ExplainedView> {
    let mut items = order.items.iter();
    let mut label = |amount: &Explained| match amount.kind {
        ExplainedKind::Line => items.next().map_or_else(|| amount.label.clone(), |item| bought(order, item)),
        ExplainedKind::IncludedTax => format!("{}, inside the amounts above", amount.label),
        _ => amount.label.clone(),
    };
    let amounts = explanation.iter().filter(|amount| amount.kind != ExplainedKind::Total);
    amounts.map(|amount| ExplainedView { label: label(amount), amount: amount.amount }).collect()
}

fn bought(order: &Order, item: &OrderItem) -> String {
    let variant = lines::in_words(item.variant_title.as_deref());
    let comma = if variant.is_empty() { "" } else { ", " };
    format!("{} × {}{comma}{variant}, at {}", item.quantity, item.name, item.unit_price.format(&order.locale))
}

/// What happened to an order, where it is and what comes. `happened` are the events of it and of its payment.
fn timeline(record: &OrderRecord, happened: &[Recorded]) -> Vec<TimelineStep> {
    let order = &record.order;
    let at = |kind: &str| happened.iter().rev().find(|event| event.kind == kind).map(|event| event.at);
    let is_paid = !matches!(
        order.payment_status,
        PaymentStatus::Pending | PaymentStatus::Authorized | PaymentStatus::Failed | PaymentStatus::NeedsReview
    );
    let mut steps = vec![step("placed", "past", Some(order.placed_at))];
    if is_paid {
        steps.push(step("paid", "past", Some(at("payment.succeeded").unwrap_or(order.placed_at))));
    }
    if order.status == OrderStatus::Canceled {
        steps.push(step("canceled", "past", at("order.canceled")));
    } else {
        if !is_paid {
            steps.push(step("awaiting_payment", "current", None));
        }
        if order.items.iter().any(|item| item.progress().due > 0) {
            let sent_at = record.fulfillments.last().map(|parcel| parcel.created_at);
            steps.extend(way(order.fulfillment_status, is_paid, sent_at, at("order.delivered")));
        }
    }
    if !order.payment.refunded.is_zero() {
        // What has happened stands before what is still to come.
        let past = steps.iter().take_while(|step| step.state == "past").count();
        steps.insert(past, step("refunded", "past", at("order.refunded")));
    }
    steps
}

/// The way of the goods, from the shelf to the door.
fn way(
    status: FulfillmentStatus,
    is_paid: bool,
    sent_at: Option<DateTime<Utc>>,
    arrived_at: Option<DateTime<Utc>>,
) -> Vec<TimelineStep> {
    let steps: &[(&str, &str)] = match status {
        FulfillmentStatus::Unfulfilled if is_paid => {
            &[("packing", "current"), ("shipped", "next"), ("delivered", "next")]
        }
        FulfillmentStatus::Unfulfilled => &[("packing", "next"), ("shipped", "next"), ("delivered", "next")],
        FulfillmentStatus::Partial => &[("shipped_partly", "current"), ("shipped", "next"), ("delivered", "next")],
        FulfillmentStatus::Fulfilled => &[("shipped", "current"), ("delivered", "next")],
        FulfillmentStatus::Delivered => &[("shipped", "past"), ("delivered", "past")],
        FulfillmentStatus::Returned => &[("shipped", "past"), ("returned", "past")],
    };
    let at = |kind: &str, state: &str| match kind {
        _ if state == "next" => None,
        "shipped" | "shipped_partly" => sent_at,
        "delivered" => arrived_at,
        _ => None,
    };
    steps.iter().map(|(kind, state)| step(kind, state, at(kind, state))).collect()
}

fn step(kind: &str, state: &str, at: Option<DateTime<Utc>>) -> TimelineStep {
    TimelineStep { kind: kind.to_owned(), state: state.to_owned(), at, text: String::new() }
}

/// An address as its country writes it, a line each, with the name of the country last.
pub fn written(address: &Address) -> AddressView {
    let land = country(&address.country);
    let region = address.region.as_deref().map(|code| {
        let regions = land.map(|land| land.regions()).unwrap_or_default();
        regions.iter().find(|region| region.code == code).map_or(code, |region| region.name)
    });
    let mut lines = Vec::new();
    let mut place = String::new();
    for field in form_fields(&address.country) {
        let (text, is_place) = match field.name {
            "name" => (Some(address.name.as_str()), false),
            "line1" => (Some(address.line1.as_str()), false),
            "line2" => (address.line2.as_deref(), false),
            "city" => (Some(address.city.as_str()), true),
            "region" => (region, true),
            "postal_code" => (address.postal_code.as_deref(), true),
            _ => continue,
        };
        let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
        if is_place {
            let comma = if field.name == "region" { "," } else { "" };
            let gap = if place.is_empty() { String::new() } else { format!("{comma} ") };
            place.push_str(&format!("{gap}{text}"));
        } else {
            lines.extend(Some(std::mem::take(&mut place)).filter(|place| !place.is_empty()));
            lines.push(text.to_owned());
        }
    }
    lines.extend(Some(place).filter(|place| !place.is_empty()));
    lines.push(land.map_or_else(|| address.country.clone(), |land| land.name.to_owned()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(country: &str, region: Option<&str>, postal_code: &str, city: &str) -> Address {
        Address {
            name: "Ines Okafor".into(),
            line1: "Prinsengracht 12".into(),
            line2: None,
            city: city.into(),
            region: region.map(str::to_owned),
            postal_code: Some(postal_code.into()),
            country: country.into(),
            phone: Some("0612345678".into()),
        }
    }

    #[test]
    fn an_address_is_written_as_its_country_writes_it() {
        let dutch = address("NL", None, "1015 DV", "Amsterdam");
        assert_eq!(written(&dutch), ["Ines Okafor", "Prinsengracht 12", "1015 DV Amsterdam", "Netherlands"]);
        let american = address("US", Some("CA"), "94105", "San Francisco");
        assert_eq!(written(&american)[2..], ["San Francisco, California 94105", "United States"]);
    }

    #[test]
    fn a_way_has_at_most_one_present() {
        for status in FulfillmentStatus::ALL {
            for is_paid in [true, false] {
                let steps = way(*status, is_paid, None, None);
                assert!(steps.iter().filter(|step| step.state == "current").count() <= 1, "{status} {is_paid}");
                let end = if *status == FulfillmentStatus::Returned { "returned" } else { "delivered" };
                assert_eq!(steps.last().map(|step| step.kind.as_str()), Some(end));
            }
        }
    }
}
