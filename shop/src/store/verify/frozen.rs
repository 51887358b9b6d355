//! What checkouts, payments and orders say in their documents, beside their columns and their rows. The documents are
//! read once, some hundred checkouts at a time with all that grew from them.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus, complete};
use commerce::ids::{CheckoutId, OrderId, PaymentId};
use commerce::money::Money;
use commerce::order::{Order, OrderStatus};
use commerce::payment::{Attempt, AttemptStatus};
use commerce::pricing::Quote;
use uuid::Uuid;

use super::Violation;
use crate::args;
use crate::error::Result;
use crate::store::orders::{self, Bought};
use crate::store::{Conn, payments};

const COLUMNS: &str = "checkout_columns_are_its_document";
const ADDS_UP: &str = "checkout_adds_up";
const HELD: &str = "checkout_holds_what_it_froze";
const COUPONS: &str = "checkout_uses_its_coupons";
const PAYMENT: &str = "payment_columns_are_its_state";
const ORDER: &str = "order_is_what_its_checkout_froze";
const TAX: &str = "order_tax_is_the_sum_of_its_parts";
const STATUS: &str = "order_status_follows_from_its_lines";

/// How many invariants are here.
pub(super) const COUNT: usize = [COLUMNS, ADDS_UP, HELD, COUPONS, PAYMENT, ORDER, TAX, STATUS].len();

/// How many checkouts are looked at together.
const PAGE: i64 = 500;

#[derive(sqlx::FromRow)]
struct CheckoutRow {
    id: Uuid,
    cart_id: Uuid,
    version: i64,
    status: String,
    body: String,
    currency: String,
    total: i64,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    order_id: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct ReservationRow {
    checkout_id: Uuid,
    variant_id: Uuid,
    quantity: i64,
    status: String,
}

#[derive(sqlx::FromRow)]
struct UseRow {
    checkout_id: Uuid,
    status: String,
}

/// Compares every document with what stands beside it.
pub(super) async fn run(conn: &mut Conn) -> sqlx::Result<Vec<Violation>> {
    const CHECKOUTS: &str =
        "SELECT c.id, c.cart_id, c.version, c.status, COALESCE(CAST(f.body AS TEXT), '') AS body, c.currency, c.total,
            c.expires_at, c.created_at, c.order_id
         FROM checkouts c LEFT JOIN frozen_checkouts f ON f.checkout_id = c.id WHERE c.id > $1 ORDER BY c.id LIMIT $2";
    let mut found = Vec::new();
    let mut after = CheckoutId(Uuid::nil());
    loop {
        let rows: Vec<CheckoutRow> = conn.all(CHECKOUTS, args![after, PAGE]).await?;
        let Some(last) = rows.last().map(|row| CheckoutId(row.id)) else { return Ok(found) };
        page(conn, after, last, &rows, &mut found).await?;
        after = last;
    }
}

/// Everything of the checkouts after one and up to another.
async fn page(
    conn: &mut Conn,
    after: CheckoutId,
    last: CheckoutId,
    rows: &[CheckoutRow],
    found: &mut Vec<Violation>,
) -> sqlx::Result<()> {
    const RESERVATIONS: &str = "SELECT checkout_id, variant_id, quantity, status FROM reservations
         WHERE checkout_id > $1 AND checkout_id <= $2";
    const USES: &str = "SELECT checkout_id, status FROM coupon_uses WHERE checkout_id > $1 AND checkout_id <= $2";
    let mut held: HashMap<Uuid, Vec<ReservationRow>> = HashMap::new();
    for row in conn.all::<ReservationRow>(RESERVATIONS, args![after, last]).await? {
        held.entry(row.checkout_id).or_default().push(row);
    }
    let mut uses: HashMap<Uuid, Vec<UseRow>> = HashMap::new();
    for row in conn.all::<UseRow>(USES, args![after, last]).await? {
        uses.entry(row.checkout_id).or_default().push(row);
    }
    let mut broken = |invariant, subject: Uuid| found.push(Violation { invariant, subject: subject.to_string() });

    let orders = orders::of_checkouts(conn, after, last).await?;
    let is_canceled =
        |record: &Result<Bought>| record.as_ref().is_ok_and(|bought| bought.order.status == OrderStatus::Canceled);
    let canceled: HashSet<CheckoutId> =
        orders.iter().filter(|(_, _, record)| is_canceled(record)).map(|(_, checkout, _)| *checkout).collect();
    let mut checkouts: HashMap<CheckoutId, Checkout> = HashMap::new();
    for row in rows {
        let Some(checkout) = row.checkout() else {
            broken(COLUMNS, row.id);
            continue;
        };
        if !adds_up(&checkout) {
            broken(ADDS_UP, row.id);
        }
        if !holds(&checkout, held.get(&row.id).map_or(&[], Vec::as_slice)) {
            broken(HELD, row.id);
        }
        let called_off = canceled.contains(&checkout.id);
        if !uses_coupons(&checkout, called_off, uses.get(&row.id).map_or(&[], Vec::as_slice)) {
            broken(COUPONS, row.id);
        }
        checkouts.insert(checkout.id, checkout);
    }

    let mut attempts: HashMap<PaymentId, Attempt> = HashMap::new();
    for (id, attempt) in payments::of_checkouts(conn, after, last).await? {
        match attempt {
            Some(attempt) => drop(attempts.insert(id, attempt)),
            None => broken(PAYMENT, id.0),
        }
    }

    for (id, checkout, record) in orders {
        let Ok(record) = record else {
            broken(ORDER, id.0);
            continue;
        };
        let order = &record.order;
        if tax(order) != i128::from(order.totals.tax.map_or(0, |tax| tax.minor)) {
            broken(TAX, id.0);
        }
        // What is missing here has been named above, or by the invariants of payments.
        let (Some(checkout), Some(attempt)) = (checkouts.get(&checkout), attempts.get(&order.payment.attempt)) else {
            continue;
        };
        if !is_frozen(&record, checkout, attempt) {
            broken(ORDER, id.0);
        }
        if !is_projected(order, attempt) {
            broken(STATUS, id.0);
        }
    }
    Ok(())
}

impl CheckoutRow {
    /// What was frozen, and how far it has come; nothing if the two contradict each other.
    fn checkout(&self) -> Option<Checkout> {
        let frozen: Checkout = serde_json::from_str(&self.body).ok()?;
        let status = self.status.parse().ok()?;
        let (version, expires_at, order) = (self.version, self.expires_at, self.order_id.map(OrderId));
        self.says(&frozen).then_some(Checkout { version, status, expires_at, order, ..frozen })
    }

    /// Whether the columns of what was frozen say what the document says.
    fn says(&self, checkout: &Checkout) -> bool {
        let total = checkout.quote.totals.total;
        (self.id, self.cart_id) == (checkout.id.0, checkout.cart_id.0)
            && (self.total, self.currency.as_str()) == (total.minor, total.currency.code())
            && self.created_at == checkout.created_at
    }
}

/// Whether the lines are those of the quote, and its sums the sums of its parts.
fn adds_up(checkout: &Checkout) -> bool {
    let Quote { lines, discounts, shipping, totals, .. } = &checkout.quote;
    let on_top = |tax: i128| if totals.tax_included { 0 } else { tax };
    let line_of_item = checkout.items.iter().zip(lines).all(|(item, line)| {
        (item.item_id, item.variant_id, item.quantity) == (line.item_id, line.variant_id, line.quantity)
            && minor(line.subtotal) == minor(line.unit_price) * i128::from(line.quantity)
            && minor(line.total) == minor(line.subtotal) - minor(line.discount) + on_top(minor(line.tax))
    });
    let sum = |part: fn(&commerce::pricing::PricedLine) -> Money| lines.iter().map(part).map(minor).sum::<i128>();
    let sent = shipping.as_ref().map_or(0, |shipping| minor(shipping.amount));
    let tax = sum(|line| line.tax) + shipping.as_ref().map_or(0, |shipping| minor(shipping.tax));
    let discount = sum(|line| line.discount);
    checkout.items.len() == lines.len()
        && line_of_item
        && minor(totals.subtotal) == sum(|line| line.subtotal)
        && minor(totals.discount) == discount
        && discount == discounts.iter().map(|discount| minor(discount.amount)).sum::<i128>()
        && totals.shipping.map_or(0, minor) == sent
        && totals.tax.map_or(0, minor) == tax
        && minor(totals.total) == minor(totals.subtotal) - discount + sent + on_top(tax)
}

/// Whether the reservations are its counted items, wherever they were taken from, and stand where it stands.
fn holds(checkout: &Checkout, reservations: &[ReservationRow]) -> bool {
    let mut froze: BTreeMap<Uuid, i64> = BTreeMap::new();
    for item in checkout.items.iter().filter(|item| item.tracked) {
        *froze.entry(item.variant_id.0).or_default() += item.quantity;
    }
    let mut held: BTreeMap<Uuid, i64> = BTreeMap::new();
    reservations.iter().for_each(|row| *held.entry(row.variant_id).or_default() += row.quantity);
    let (usual, at_review) = match checkout.status {
        CheckoutStatus::Open | CheckoutStatus::Processing => ("active", "active"),
        CheckoutStatus::Completed => ("sold", "sold"),
        CheckoutStatus::Expired | CheckoutStatus::Canceled => ("released", "released"),
        // Money may come in for a checkout that ended before.
        CheckoutStatus::NeedsReview => ("active", "released"),
    };
    let all = |status: &str| reservations.iter().all(|row| row.status == status);
    held == froze && (all(usual) || all(at_review))
}

/// Whether it has a use of each of its coupons, and they stand where it stands. An order that was called off has given
/// them back.
fn uses_coupons(checkout: &Checkout, called_off: bool, uses: &[UseRow]) -> bool {
    let (usual, at_review) = match checkout.status {
        CheckoutStatus::Completed if called_off => ("released", "released"),
        CheckoutStatus::Open | CheckoutStatus::Processing => ("active", "active"),
        CheckoutStatus::Completed => ("consumed", "consumed"),
        CheckoutStatus::Expired | CheckoutStatus::Canceled => ("released", "released"),
        CheckoutStatus::NeedsReview => ("active", "released"),
    };
    let all = |status: &str| uses.iter().all(|row| row.status == status);
    uses.len() == checkout.quote.discounts.len() && (all(usual) || all(at_review))
}

/// Whether an order is what completing its checkout makes, but for what happens to orders afterwards.
fn is_frozen(record: &Bought, checkout: &Checkout, attempt: &Attempt) -> bool {
    let order = &record.order;
    let made = complete(checkout, attempt, &order.number, order.placed_at);
    let items = made.items.into_iter().zip(&order.items).map(|(item, now)| commerce::order::OrderItem {
        fulfilled: now.fulfilled,
        delivered: now.delivered,
        returned: now.returned,
        refunded_quantity: now.refunded_quantity,
        refunded: now.refunded,
        ..item
    });
    let made = Order {
        items: items.collect(),
        status: order.status,
        payment_status: order.payment_status,
        fulfillment_status: order.fulfillment_status,
        payment: order.payment.clone(),
        version: order.version,
        ..made
    };
    order.items.len() == checkout.items.len() && made == *order && record.explanation == checkout.quote.explanation
}

/// Whether its three statuses are those that follow from its payment and its lines.
fn is_projected(order: &Order, attempt: &Attempt) -> bool {
    let failed = matches!(attempt.status, AttemptStatus::Declined { .. } | AttemptStatus::Canceled);
    let review = matches!(attempt.status, AttemptStatus::NeedsReview { .. });
    order.projected(failed, review) == *order
}

fn tax(order: &Order) -> i128 {
    let shipping = order.shipping.as_ref().map_or(0, |shipping| minor(shipping.tax));
    order.items.iter().map(|item| minor(item.tax)).sum::<i128>() + shipping
}

fn minor(money: Money) -> i128 {
    i128::from(money.minor)
}
