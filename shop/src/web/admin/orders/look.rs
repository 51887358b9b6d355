//! The page of one order.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;
use commerce::ids::{OrderId, OrderItemId};
use commerce::order::{Order, OrderAction};

use super::parts::{self, Lines, quantity_field};
use super::timeline::{self, Happened};
use super::{path, under};
use crate::app::{App, Shop};
use crate::error::Result;
use crate::store::customers::{self, Customer};
use crate::store::locations::Taken;
use crate::store::orders::OrderRecord;
use crate::store::{events, order_list, order_notes, orders, staff};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, render};
use crate::web::admin::views::orders::{
    ActionView, CustomerCard, OrderLineView, OrderPage, ShipLineView, ShipmentView, ToShipView,
};
use crate::web::admin::views::{FieldView, Section};
use crate::web::admin::which::Which;
use crate::web::storefront::form::Form;
use crate::web::storefront::order_view;

/// `GET /admin/orders/{id}`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    answer(&app, &member, id, &uri, Came::default()).await
}

/// A form of the page that came back.
#[derive(Default)]
pub struct Came {
    /// The status of the page: 200 unless something was refused.
    pub status: StatusCode,
    /// What was refused.
    pub refused: Option<String>,
    /// The form that sends, as it was filled.
    pub ship: Option<(Form, Vec<FieldError>)>,
    /// The note, as it was written, and what is wrong with it.
    pub note: Option<(String, String)>,
}

/// Draws the page of an order with what came back.
pub async fn answer(app: &App, member: &Member, id: OrderId, uri: &Uri, came: Came) -> Result<Response, AdminError> {
    let seen = Seen::load(app, id).await?;
    let order = &seen.record.order;
    let title = parts::title(app, "order-numbered", order);
    let mut head = Head::new(Section::Orders, title, uri).status(came.status);
    if uri.path() != path(id) {
        head.path = path(id);
    }
    render(app, member, "orders/order.html", head, &seen.page(app, came))
}

/// Everything that the page shows.
struct Seen {
    record: OrderRecord,
    happened: Happened,
    customer: Option<Customer>,
    taken: Taken,
    previous: Option<OrderId>,
    next: Option<OrderId>,
}

impl Seen {
    async fn load(app: &App, id: OrderId) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let record = orders::load(&mut conn, id).await?;
        let order = &record.order;
        // Placed first, then paid: both happen in one moment.
        let mut happened = events::of(&mut conn, id.0).await?;
        happened.extend(events::of(&mut conn, order.payment.attempt.0).await?);
        let notes = order_notes::of(&mut conn, id).await?;
        let names = staff::names(&mut conn, timeline::staff(&record, &happened, &notes)).await?;
        let customer = customers::of_email(&mut conn, &order.email).await?;
        let taken = parts::taken(app, &mut conn, [order].into_iter()).await?;
        let (previous, next) = order_list::neighbours(&mut conn, order.placed_at, id).await?;
        Ok(Self { happened: Happened { events: happened, notes, names }, record, customer, taken, previous, next })
    }

    fn page(&self, app: &App, came: Came) -> OrderPage {
        let (record, order) = (&self.record, &self.record.order);
        let lines = Lines::of(&app.catalog.load(), order).taken(order, &self.taken);
        let billing = &order.billing_address;
        let (text, error) = came.note.map_or((String::new(), None), |(text, error)| (text, Some(error)));
        OrderPage {
            order: parts::head(order),
            previous: self.previous.map(path),
            next: self.next.map(path),
            to_ship: to_ship(record, &lines, came.ship),
            shipments: shipments(record, &lines),
            unsent: unsent(record, &lines),
            payment: parts::payment(record),
            actions: actions(record),
            customer: self.card(order),
            shipping_address: order_view::written(&order.shipping_address),
            billing_address: (*billing != order.shipping_address).then(|| order_view::written(billing)),
            note: FieldView { name: "note".into(), value: text, error, options: vec![] },
            days: timeline::days(app, record, &self.happened),
            refused: came.refused,
        }
    }

    fn card(&self, order: &Order) -> CustomerCard {
        let known = self.customer.as_ref();
        CustomerCard {
            name: order.shipping_address.name.clone(),
            url: known.map_or_else(|| "/admin/customers".to_owned(), |known| format!("/admin/customers/{}", known.id)),
            email: order.email.clone(),
            phone: order.shipping_address.phone.clone(),
            orders: known.map_or(1, |known| known.orders),
            spent: known.map_or(order.payment.captured, |known| known.spent),
            since: known.map_or(order.placed_at, |known| known.first_order_at),
        }
    }
}

/// What is left to send of each line, those aside that are being paid back.
pub fn left_to_send(record: &OrderRecord) -> Vec<(OrderItemId, i64)> {
    let pending = record.pending();
    if record.order.can(OrderAction::Fulfill, &pending).is_err() {
        return vec![];
    }
    let Ok(seen) = record.order.counting(&pending) else { return vec![] };
    let left = seen.items.iter().map(|item| (item.id, item.to_fulfill()));
    left.filter(|(_, left)| *left > 0).collect()
}

fn to_ship(record: &OrderRecord, lines: &Lines, came: Option<(Form, Vec<FieldError>)>) -> Option<ToShipView> {
    let left = left_to_send(record);
    if left.is_empty() {
        return None;
    }
    let (form, errors) = came.map_or((None, vec![]), |(form, errors)| (Some(form), errors));
    let field = |name: &str, usual: String| FieldView {
        name: name.to_owned(),
        value: form.as_ref().map_or(usual, |form| form.text(name).to_owned()),
        error: errors.iter().find(|error| error.field == name).map(|error| error.message.clone()),
        options: vec![],
    };
    let line = |(id, left): &(OrderItemId, i64)| {
        let now = field(&quantity_field(*id), left.to_string());
        Some(ShipLineView { line: lines.units(*id, *left)?, now })
    };
    let rows: Vec<ShipLineView> = left.iter().filter_map(line).collect();
    Some(ToShipView {
        units: left.iter().map(|(_, left)| left).sum(),
        now: rows.iter().filter_map(|row| row.now.value.parse::<i64>().ok()).sum(),
        lines: rows,
        carrier: field("carrier", String::new()),
        tracking: field("tracking_number", String::new()),
        notify: form.as_ref().is_none_or(|form| form.is_ticked("notify")),
        owed: Some(record.order.outstanding()).filter(|owed| !owed.is_zero()),
    })
}

fn shipments(record: &OrderRecord, lines: &Lines) -> Vec<ShipmentView> {
    let parcels = record.fulfillments.iter().zip(1..);
    // What was paid back without having been sent stands beside the parcels, not in them.
    let unsent = unsent(record, lines);
    let in_parcel = |(id, quantity): &(OrderItemId, i64)| {
        let line = lines.units(*id, *quantity)?;
        let kept: i64 = unsent.iter().filter(|kept| kept.id == line.id).map(|kept| kept.quantity).sum();
        Some(OrderLineView { refunded: (line.refunded - kept).max(line.returned), ..line })
    };
    let view = |(parcel, number): (&crate::store::fulfillments::Fulfillment, i64)| ShipmentView {
        number,
        units: parcel.items.iter().map(|(_, quantity)| quantity).sum(),
        carrier: parcel.carrier.clone(),
        tracking: parcel.tracking_number.clone(),
        at: parcel.created_at,
        lines: parcel.items.iter().filter_map(in_parcel).collect(),
    };
    parcels.map(view).collect()
}

/// Units that are neither sent nor to be sent.
fn unsent(record: &OrderRecord, lines: &Lines) -> Vec<OrderLineView> {
    let left = left_to_send(record);
    let to_send = |id| left.iter().find(|(own, _)| *own == id).map_or(0, |(_, left)| *left);
    let rest = record.order.items.iter().map(|item| (item.id, item.quantity - item.fulfilled - to_send(item.id)));
    rest.filter(|(_, rest)| *rest > 0).filter_map(|(id, rest)| lines.units(id, rest)).collect()
}

/// What can be done, and why not where it can't. Sending and marking as paid have a place of their own while they can be
/// done.
fn actions(record: &OrderRecord) -> Vec<ActionView> {
    let (order, pending) = (&record.order, record.pending());
    let action = |action: OrderAction, place: &str, at_once: bool| ActionView {
        key: action.to_string(),
        url: under(order.id, place),
        at_once,
        reason: order.can(action, &pending).err().map(|refusal| refusal.to_string()),
    };
    let resend = ActionView { key: "resend".into(), url: under(order.id, "resend"), at_once: false, reason: None };
    let elsewhere = [action(OrderAction::Fulfill, "", false), action(OrderAction::MarkPaid, "paid", true)];
    let mut all = vec![action(OrderAction::Refund, "refund", false), resend];
    all.push(action(OrderAction::Deliver, "delivered", true));
    all.extend(elsewhere.into_iter().filter(|action| action.reason.is_some()));
    all.push(action(OrderAction::Cancel, "cancel", false));
    all
}
