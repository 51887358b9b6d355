//! What an order looks like from outside: to its buyer, and to staff.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::address::Address;
use commerce::ids::StaffId;
use commerce::money::Money;
use commerce::order::OrderItem;
use commerce::pricing::Totals;
use commerce::returns::{Refund, RefundStatus};
use commerce::shipping::tracking_url;
use serde::Serialize;
use utoipa::ToSchema;

use super::documents::{AddressDocument, DiscountDocument, MoneyDocument, TotalsDocument, discounts};
use crate::settings::Location;
use crate::store::events::Recorded;
use crate::store::fulfillments::Fulfillment;
use crate::store::locations::Taken;
use crate::store::order_notes::Note;
use crate::store::orders::OrderRecord;

/// An order.
#[derive(Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderDocument {
    id: String,
    number: String,
    /// open, completed or canceled
    status: String,
    /// pending, authorized, paid, partially_refunded, refunded, failed or needs_review
    payment_status: String,
    /// unfulfilled, partial, fulfilled, delivered or returned
    fulfillment_status: String,
    email: String,
    items: Vec<OrderItemDocument>,
    #[schema(value_type = TotalsDocument)]
    totals: Totals,
    discounts: Vec<DiscountDocument>,
    /// What came in.
    #[schema(value_type = MoneyDocument)]
    paid: Money,
    /// What went back.
    #[schema(value_type = MoneyDocument)]
    refunded: Money,
    /// What is still to be paid.
    #[schema(value_type = MoneyDocument)]
    outstanding: Money,
    refunds: Vec<RefundDocument>,
    fulfillments: Vec<FulfillmentDocument>,
    timeline: Vec<TimelineDocument>,
    #[schema(value_type = AddressDocument)]
    shipping_address: Address,
    #[schema(value_type = AddressDocument)]
    billing_address: Address,
    terms_version: Option<String>,
    placed_at: DateTime<Utc>,
}

/// A line of an order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderItem)]
pub struct OrderItemDocument {
    id: String,
    variant_id: String,
    product_slug: String,
    name: String,
    variant: Option<String>,
    sku: Option<String>,
    image: Option<String>,
    quantity: i64,
    /// Units that were sent.
    fulfilled: i64,
    /// Units of those that came back.
    returned: i64,
    /// Units that were paid back.
    refunded: i64,
    #[schema(value_type = MoneyDocument)]
    unit_price: Money,
    #[schema(value_type = MoneyDocument)]
    discount: Money,
    #[schema(value_type = MoneyDocument)]
    tax: Money,
    #[schema(value_type = MoneyDocument)]
    total: Money,
}

/// Money that went back, or is on its way.
#[derive(Serialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundDocument {
    id: String,
    /// pending, succeeded or failed
    status: String,
    #[schema(value_type = MoneyDocument)]
    amount: Money,
    items: Vec<RefundItemDocument>,
    created_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
}

/// Units that were paid back.
#[derive(Serialize, ToSchema)]
#[schema(as = RefundItem)]
pub struct RefundItemDocument {
    item_id: String,
    quantity: i64,
    #[schema(value_type = MoneyDocument)]
    amount: Money,
}

/// A parcel.
#[derive(Serialize, ToSchema)]
#[schema(as = Fulfillment)]
pub struct FulfillmentDocument {
    id: String,
    carrier: Option<String>,
    tracking_number: Option<String>,
    /// The carrier's page about it, where its address is known.
    tracking_url: Option<String>,
    items: Vec<FulfillmentItemDocument>,
    created_at: DateTime<Utc>,
}

/// Units in a parcel.
#[derive(Serialize, ToSchema)]
#[schema(as = FulfillmentItem)]
pub struct FulfillmentItemDocument {
    item_id: String,
    quantity: i64,
}

/// Something that happened to an order.
#[derive(Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
pub struct TimelineDocument {
    at: DateTime<Utc>,
    kind: String,
    text: String,
    /// Who did it; staff alone are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

impl OrderDocument {
    /// The document of an order, with what happened to it and to its payment.
    pub fn of(record: &OrderRecord, happened: &[Recorded]) -> Self {
        let order = &record.order;
        // A refund that the bank refused is between it and staff.
        let told = record.refunds.iter().filter(|refund| refund.status != RefundStatus::Failed);
        OrderDocument {
            id: order.id.to_string(),
            number: order.number.clone(),
            status: order.status.as_str().to_owned(),
            payment_status: order.payment_status.as_str().to_owned(),
            fulfillment_status: order.fulfillment_status.as_str().to_owned(),
            email: order.email.clone(),
            items: order.items.iter().map(item).collect(),
            totals: order.totals,
            discounts: discounts(&order.discounts),
            paid: order.payment.captured,
            refunded: order.payment.refunded,
            outstanding: order.outstanding(),
            refunds: told.map(refund).collect(),
            fulfillments: record.fulfillments.iter().map(fulfillment).collect(),
            timeline: happened.iter().filter_map(|event| told_to_buyer(record, event)).collect(),
            shipping_address: order.shipping_address.clone(),
            billing_address: order.billing_address.clone(),
            terms_version: order.terms_version.clone(),
            placed_at: order.placed_at,
        }
    }
}

fn item(item: &OrderItem) -> OrderItemDocument {
    OrderItemDocument {
        id: item.id.to_string(),
        variant_id: item.variant_id.to_string(),
        product_slug: item.product_slug.clone(),
        name: item.name.clone(),
        variant: item.variant_title.clone(),
        sku: item.sku.clone(),
        image: item.image.clone(),
        quantity: item.quantity,
        fulfilled: item.fulfilled,
        returned: item.returned,
        refunded: item.refunded_quantity,
        unit_price: item.unit_price,
        discount: item.discount,
        tax: item.tax,
        total: item.total,
    }
}

fn refund(refund: &Refund) -> RefundDocument {
    let lines = refund.plan.lines.iter().map(|line| RefundItemDocument {
        item_id: line.item_id.to_string(),
        quantity: line.quantity,
        amount: line.amount,
    });
    RefundDocument {
        id: refund.id.to_string(),
        status: refund.status.as_str().to_owned(),
        amount: refund.plan.amount,
        items: lines.collect(),
        created_at: refund.created_at,
        settled_at: refund.settled_at,
    }
}

fn fulfillment(parcel: &Fulfillment) -> FulfillmentDocument {
    let (carrier, number) = (parcel.carrier.as_deref(), parcel.tracking_number.as_deref());
    let item = |(item, quantity): &(commerce::ids::OrderItemId, i64)| FulfillmentItemDocument {
        item_id: item.to_string(),
        quantity: *quantity,
    };
    FulfillmentDocument {
        id: parcel.id.to_string(),
        carrier: parcel.carrier.clone(),
        tracking_number: parcel.tracking_number.clone(),
        tracking_url: carrier.zip(number).and_then(|(carrier, number)| tracking_url(carrier, number)),
        items: parcel.items.iter().map(item).collect(),
        created_at: parcel.created_at,
    }
}

/// What of the events of an order its buyer is told.
fn told_to_buyer(record: &OrderRecord, event: &Recorded) -> Option<TimelineDocument> {
    let text = match event.kind.as_str() {
        "order.placed" => "The order was placed.".to_owned(),
        "payment.succeeded" => "The payment arrived.".to_owned(),
        "order.fulfilled" => sent(record, event),
        "order.delivered" => "Everything that was sent has arrived.".to_owned(),
        "order.canceled" => "The order was canceled; nothing of it will be sent.".to_owned(),
        "order.refunded" => format!("{} went back to the buyer.", amount(record, event)),
        _ => return None,
    };
    Some(TimelineDocument { at: event.at, kind: event.kind.clone(), text, by: None })
}

fn sent(record: &OrderRecord, event: &Recorded) -> String {
    let id = event.data.0["fulfillment"].as_str().unwrap_or_default();
    let parcel = record.fulfillments.iter().find(|parcel| parcel.id.to_string() == id);
    let things = match event.data.0["units"].as_i64().unwrap_or(0) {
        1 => "One thing was sent".to_owned(),
        units => format!("{units} things were sent"),
    };
    match parcel.and_then(|parcel| parcel.carrier.as_deref()) {
        Some(carrier) => format!("{things} with {carrier}."),
        None => format!("{things}."),
    }
}

/// The amount that an event is about, as the order's language writes it.
fn amount(record: &OrderRecord, event: &Recorded) -> String {
    let amount: Option<Money> = serde_json::from_value(event.data.0["amount"].clone()).ok();
    amount.map_or_else(|| "Some of it".to_owned(), |amount| amount.format(&record.order.locale))
}

/// An order with everything that only staff see.
#[derive(Serialize, ToSchema)]
#[schema(as = StaffOrder)]
pub struct StaffOrderDocument {
    #[serde(flatten)]
    order: OrderDocument,
    version: i64,
    /// Who takes the money: sandbox, manual or stripe.
    provider: String,
    cancellation: Option<CancellationDocument>,
    /// Why each refund was asked for, and what became of it.
    refund_details: Vec<RefundDetailDocument>,
    /// From which locations its counted lines were taken.
    taken_from: Vec<TakenDocument>,
    notes: Vec<NoteDocument>,
    actions: Vec<ActionDocument>,
}

/// Units of a line that lay at a location.
#[derive(Serialize, ToSchema)]
#[schema(as = TakenFrom)]
pub struct TakenDocument {
    item_id: String,
    /// Its code.
    location: String,
    quantity: i64,
}

/// Why an order was called off.
#[derive(Serialize, ToSchema)]
#[schema(as = Cancellation)]
pub struct CancellationDocument {
    reason: String,
    restocked: bool,
    by: String,
    at: DateTime<Utc>,
}

/// What staff know of a refund beside what its buyer does.
#[derive(Serialize, ToSchema)]
#[schema(as = RefundDetail)]
pub struct RefundDetailDocument {
    id: String,
    /// pending, succeeded or failed
    status: String,
    #[schema(value_type = MoneyDocument)]
    amount: Money,
    reason: String,
    /// Whether its units go back on the shelf.
    restock: bool,
    by: String,
    /// Why the provider refused.
    failure: Option<String>,
}

/// A note about an order.
#[derive(Serialize, ToSchema)]
#[schema(as = Note)]
pub struct NoteDocument {
    id: String,
    text: String,
    by: String,
    at: DateTime<Utc>,
}

/// Something that can or can't be done with an order now.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderAction)]
pub struct ActionDocument {
    /// fulfill, deliver, mark_paid, refund or cancel
    action: String,
    allowed: bool,
    /// Why not.
    reason: Option<String>,
}

impl StaffOrderDocument {
    /// The document of an order for staff. `names` are those of the staff who did something with it.
    pub fn of(
        record: &OrderRecord,
        happened: &[Recorded],
        notes: &[Note],
        taken: &Taken,
        names: &HashMap<StaffId, String>,
    ) -> Self {
        let by = |actor: &str| name(actor, names);
        let detail = |refund: &Refund| RefundDetailDocument {
            id: refund.id.to_string(),
            status: refund.status.as_str().to_owned(),
            amount: refund.plan.amount,
            reason: refund.reason.clone(),
            restock: refund.restock,
            by: by(&refund.actor),
            failure: refund.failure.clone(),
        };
        let action = |(action, answer): (commerce::order::OrderAction, Result<(), commerce::error::Refusal>)| {
            let reason = answer.err().map(|refusal| refusal.to_string());
            ActionDocument { action: action.to_string(), allowed: reason.is_none(), reason }
        };
        let entry = |event: &Recorded| {
            let told = told_to_buyer(record, event).or_else(|| told_to_staff(record, event))?;
            Some(TimelineDocument { by: Some(by(&event.actor)), ..told })
        };
        let note = |note: &Note| NoteDocument {
            id: note.id.to_string(),
            text: note.text.clone(),
            by: by(&note.actor),
            at: note.created_at,
        };
        let checkout = record.order.checkout_id;
        let of_item = |item: &OrderItem| {
            let id = item.id.to_string();
            let places = taken.get(&(checkout, item.variant_id)).map(Vec::as_slice).unwrap_or_default();
            let part = |(place, units): &(Location, i64)| TakenDocument {
                item_id: id.clone(),
                location: place.code.clone(),
                quantity: *units,
            };
            places.iter().map(part).collect::<Vec<_>>()
        };
        let order = OrderDocument {
            refunds: record.refunds.iter().map(refund).collect(),
            timeline: happened.iter().filter_map(entry).collect(),
            ..OrderDocument::of(record, &[])
        };
        StaffOrderDocument {
            taken_from: record.order.items.iter().flat_map(of_item).collect(),
            order,
            version: record.order.version,
            provider: record.order.payment.provider.to_string(),
            cancellation: record.cancellation.as_ref().map(|canceled| CancellationDocument {
                reason: canceled.reason.clone(),
                restocked: canceled.restock,
                by: by(&canceled.actor),
                at: canceled.created_at,
            }),
            refund_details: record.refunds.iter().map(detail).collect(),
            notes: notes.iter().map(note).collect(),
            actions: record.order.actions(&record.pending()).into_iter().map(action).collect(),
        }
    }
}

/// What of the events of an order only staff are told.
fn told_to_staff(record: &OrderRecord, event: &Recorded) -> Option<TimelineDocument> {
    let text = match event.kind.as_str() {
        "order.paid" => format!("{} was marked as paid.", amount(record, event)),
        "refund.started" => format!("A refund of {} was asked for.", amount(record, event)),
        "refund.failed" => format!("The bank refused a refund of {}.", amount(record, event)),
        "letter.resent" => "A letter was sent once more.".to_owned(),
        _ => return None,
    };
    Some(TimelineDocument { at: event.at, kind: event.kind.clone(), text, by: None })
}

/// The name of an actor: of staff their own, of everybody else the word.
fn name(actor: &str, names: &HashMap<StaffId, String>) -> String {
    let staff = staff_of(actor).and_then(|id| names.get(&id));
    staff.cloned().unwrap_or_else(|| actor.to_owned())
}

/// The member of staff that an actor is.
pub fn staff_of(actor: &str) -> Option<StaffId> {
    actor.strip_prefix("staff:")?.parse().ok()
}
