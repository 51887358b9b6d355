//! Orders and their lines: a copy of everything as it was bought.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::address::Address;
use commerce::customer::canonical_email;
use commerce::ids::{CartId, CheckoutId, OrderId, OrderItemId, PaymentId, ProductId, VariantId};
use commerce::money::{Currency, Money, Rate};
use commerce::order::{Order, OrderItem, OrderPayment, OrderStatus};
use commerce::pricing::{DiscountLine, Explained, PricedShipping, Totals};
use commerce::returns::{Refund, RefundPlan, RefundStatus};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cancellations::{self, Cancellation};
use super::fulfillments::{self, Fulfillment};
use super::{Arg, Conn, Query, Writes, carts, customers, order_list, refunds};
use crate::args;
use crate::error::{Error, Result};

/// The part of an order that no SQL looks into.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    shipping_address: Address,
    billing_address: Address,
    discounts: Vec<DiscountLine>,
    shipping: Option<PricedShipping>,
    explanation: Vec<Explained>,
    terms_version: Option<String>,
    locale: String,
}

/// An order, and how each of its amounts came to be.
#[derive(Clone, Debug)]
pub struct Bought {
    /// The order of the rules.
    pub order: Order,
    /// The steps of its quote.
    pub explanation: Vec<Explained>,
}

/// An order with everything that was done with it.
#[derive(Clone, Debug)]
pub struct OrderRecord {
    /// The order of the rules.
    pub order: Order,
    /// The steps of its quote.
    pub explanation: Vec<Explained>,
    /// What went back or is on its way back, oldest first.
    pub refunds: Vec<Refund>,
    /// Its parcels, oldest first.
    pub fulfillments: Vec<Fulfillment>,
    /// Why it was called off.
    pub cancellation: Option<Cancellation>,
}

impl OrderRecord {
    /// The plans of the refunds on their way: what they take is no longer left.
    pub fn pending(&self) -> Vec<RefundPlan> {
        let pending = self.refunds.iter().filter(|refund| refund.status == RefundStatus::Pending);
        pending.map(|refund| refund.plan.clone()).collect()
    }
}

#[derive(sqlx::FromRow)]
struct OrderRow {
    id: Uuid,
    number: String,
    checkout_id: Uuid,
    payment_id: Uuid,
    status: String,
    payment_status: String,
    fulfillment_status: String,
    email: String,
    currency: String,
    subtotal: i64,
    discount: i64,
    shipping: i64,
    tax: i64,
    tax_included: bool,
    total: i64,
    /// JSON, read only when the row is looked at: `verify` names a body that can't be read.
    body: String,
    version: i64,
    placed_at: DateTime<Utc>,
    provider: String,
    reference: String,
    captured: i64,
    refunded: i64,
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    id: Uuid,
    order_id: Uuid,
    variant_id: Uuid,
    product_id: Uuid,
    product_slug: String,
    name: String,
    variant_title: Option<String>,
    sku: Option<String>,
    image: Option<String>,
    requires_shipping: bool,
    quantity: i64,
    unit_price: i64,
    discount: i64,
    tax_rate_ppm: i64,
    tax: i64,
    total: i64,
    fulfilled: i64,
    delivered: i64,
    returned: i64,
    refunded_quantity: i64,
    refunded: i64,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// An order, or `NotFound`.
pub async fn load(conn: &mut Conn, id: OrderId) -> Result<OrderRecord> {
    const ORDER: &str = "SELECT o.id, o.number, o.checkout_id, o.payment_id, o.status, o.payment_status,
            o.fulfillment_status, o.email, o.currency, o.subtotal, o.discount, o.shipping, o.tax, o.tax_included, o.total,
            CAST(o.body AS TEXT) AS body, o.version, o.placed_at, p.provider, p.reference, p.captured, p.refunded
         FROM orders o JOIN payments p ON p.id = o.payment_id WHERE o.id = $1";
    const ITEMS: &str = "SELECT id, order_id, variant_id, product_id, product_slug, name, variant_title, sku, image,
            requires_shipping, quantity, unit_price, discount, tax_rate_ppm, tax, total, fulfilled, delivered, returned,
            refunded_quantity, refunded
         FROM order_items WHERE order_id = $1 ORDER BY position";
    let row: OrderRow = conn.optional(ORDER, args![id]).await?.ok_or(Error::NotFound)?;
    let items: Vec<ItemRow> = conn.all(ITEMS, args![id]).await?;
    let Bought { order, explanation } = row.order(items)?;
    let refunds = refunds::of_payment(conn, order.payment.attempt).await?;
    let fulfillments = fulfillments::of_order(conn, id).await?;
    let cancellation = match order.status {
        OrderStatus::Canceled => cancellations::of_order(conn, id).await?,
        _ => None,
    };
    Ok(OrderRecord { order, explanation, refunds, fulfillments, cancellation })
}

/// An order, alone until the transaction ends, or `NotFound`. Like everything that grew from a cart it is locked by the
/// cart's row.
pub async fn lock(conn: &mut Conn, id: OrderId) -> Result<OrderRecord> {
    let row: Option<IdRow> = conn.optional("SELECT cart_id AS id FROM orders WHERE id = $1", args![id]).await?;
    carts::hold(conn, CartId(row.ok_or(Error::NotFound)?.id)).await?;
    load(conn, id).await
}

/// Writes what was done with an order: its statuses, and how far its lines are.
pub async fn save(conn: &mut Conn, order: &Order, now: DateTime<Utc>) -> Result<()> {
    const ORDER: &str = "UPDATE orders SET status = $3, payment_status = $4, fulfillment_status = $5, version = $6,
            updated_at = $7 WHERE id = $1 AND version = $2";
    const ITEMS: &str = "UPDATE order_items SET fulfilled = v.column2, delivered = v.column3, returned = v.column4,
            refunded_quantity = v.column5, refunded = v.column6";
    let row = args![
        order.id,
        order.version - 1,
        order.status.as_str(),
        order.payment_status.as_str(),
        order.fulfillment_status.as_str(),
        order.version,
        now,
    ];
    if conn.execute(ORDER, row).await? != 1 {
        return Err(Error::Internal("an order changed under its cart's lock".into()));
    }
    let item = |item: &OrderItem| {
        let (units, refunded) = (item.refunded_quantity, item.refunded.minor);
        args![item.id, item.fulfilled, item.delivered, item.returned, units, refunded]
    };
    conn.update_many(ITEMS, order.items.iter().map(item).collect(), "WHERE order_items.id = v.column1").await?;
    Ok(())
}

/// An order of many: its id, its checkout, and what it is if it can be read.
pub type OneOfMany = (OrderId, CheckoutId, Result<Bought>);

/// The orders of the checkouts whose ids lie after one and up to another.
pub async fn of_checkouts(conn: &mut Conn, after: CheckoutId, last: CheckoutId) -> sqlx::Result<Vec<OneOfMany>> {
    const ORDERS: &str = "SELECT o.id, o.number, o.checkout_id, o.payment_id, o.status, o.payment_status,
            o.fulfillment_status, o.email, o.currency, o.subtotal, o.discount, o.shipping, o.tax, o.tax_included, o.total,
            CAST(o.body AS TEXT) AS body, o.version, o.placed_at, p.provider, p.reference, p.captured, p.refunded
         FROM orders o JOIN payments p ON p.id = o.payment_id WHERE o.checkout_id > $1 AND o.checkout_id <= $2";
    const ITEMS: &str = "SELECT i.id, i.order_id, i.variant_id, i.product_id, i.product_slug, i.name, i.variant_title,
            i.sku, i.image, i.requires_shipping, i.quantity, i.unit_price, i.discount, i.tax_rate_ppm, i.tax, i.total,
            i.fulfilled, i.delivered, i.returned, i.refunded_quantity, i.refunded
         FROM order_items i JOIN orders o ON o.id = i.order_id
         WHERE o.checkout_id > $1 AND o.checkout_id <= $2 ORDER BY i.order_id, i.position";
    let orders: Vec<OrderRow> = conn.all(ORDERS, args![after, last]).await?;
    let mut items: HashMap<Uuid, Vec<ItemRow>> = HashMap::new();
    for item in conn.all::<ItemRow>(ITEMS, args![after, last]).await? {
        items.entry(item.order_id).or_default().push(item);
    }
    let one = |row: OrderRow| {
        let of_it = items.remove(&row.id).unwrap_or_default();
        (OrderId(row.id), CheckoutId(row.checkout_id), row.order(of_it))
    };
    Ok(orders.into_iter().map(one).collect())
}

/// The orders of these ids, as they were bought, in this order.
pub async fn these(conn: &mut Conn, ids: Vec<OrderId>) -> Result<Vec<Bought>> {
    const ORDERS: &str = "SELECT o.id, o.number, o.checkout_id, o.payment_id, o.status, o.payment_status,
            o.fulfillment_status, o.email, o.currency, o.subtotal, o.discount, o.shipping, o.tax, o.tax_included, o.total,
            CAST(o.body AS TEXT) AS body, o.version, o.placed_at, p.provider, p.reference, p.captured, p.refunded
         FROM orders o JOIN payments p ON p.id = o.payment_id";
    const ITEMS: &str = "SELECT id, order_id, variant_id, product_id, product_slug, name, variant_title, sku, image,
            requires_shipping, quantity, unit_price, discount, tax_rate_ppm, tax, total, fulfilled, delivered, returned,
            refunded_quantity, refunded FROM order_items";
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let (mut orders, mut items) = (Query::new(ORDERS), Query::new(ITEMS));
    orders.and_one_of("o.id", ids.iter().copied());
    items.and_one_of("order_id", ids.iter().copied());
    items.then("ORDER BY order_id, position");
    let mut rows: Vec<OrderRow> = conn.all_by(orders).await?;
    let mut lines: HashMap<Uuid, Vec<ItemRow>> = HashMap::new();
    for item in conn.all_by::<ItemRow>(items).await? {
        lines.entry(item.order_id).or_default().push(item);
    }
    rows.sort_by_key(|row| ids.iter().position(|id| id.0 == row.id));
    let bought = |row: OrderRow| {
        let of_it = lines.remove(&row.id).unwrap_or_default();
        row.order(of_it)
    };
    rows.into_iter().map(bought).collect()
}

/// The order of a number and an e-mail address, as a guest looks it up.
pub async fn find(conn: &mut Conn, number: &str, email: &str) -> Result<Option<OrderId>> {
    const FIND: &str = "SELECT id FROM orders WHERE number = $1 AND email_canonical = $2";
    let row: Option<IdRow> = conn.optional(FIND, args![number, canonical_email(email)]).await?;
    Ok(row.map(|row| OrderId(row.id)))
}

/// Whether there is such an order.
pub async fn exists(conn: &mut Conn, id: OrderId) -> Result<bool> {
    let row: Option<IdRow> = conn.optional("SELECT id FROM orders WHERE id = $1", args![id]).await?;
    Ok(row.is_some())
}

/// Every order's id, oldest first, for exports.
pub async fn ids(conn: &mut Conn) -> Result<Vec<OrderId>> {
    let rows: Vec<IdRow> = conn.all("SELECT id FROM orders ORDER BY placed_at, id", args![]).await?;
    Ok(rows.into_iter().map(|row| OrderId(row.id)).collect())
}

/// A new order, with the cart it was and how its amounts came to be.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The order.
    pub order: Order,
    /// The cart.
    pub cart: CartId,
    /// The steps of its quote.
    pub explanation: Vec<Explained>,
}

/// Keeps new orders, and counts them in for their customers.
pub fn insert_all(writes: &mut Writes, placed: &[Placed]) {
    const ORDERS: &str = "INSERT INTO orders (id, number, checkout_id, cart_id, payment_id, status, payment_status,
            fulfillment_status, email, email_canonical, currency, subtotal, discount, shipping, tax, tax_included, total,
            body, version, placed_at, updated_at, customer_folded, search_folded)";
    const ITEMS: &str = "INSERT INTO order_items (id, order_id, position, variant_id, product_id, product_slug, name,
            variant_title, sku, image, requires_shipping, quantity, unit_price, discount, tax_rate_ppm, tax, total,
            fulfilled, delivered, returned, refunded_quantity, refunded)";
    writes.insert(ORDERS, placed.iter().map(Placed::row).collect(), "");
    let items = placed.iter().flat_map(|placed| placed.order.items.iter().enumerate().map(move |at| (placed, at)));
    let rows = items.map(|(placed, (position, item))| item_row(placed.order.id, position as i64, item));
    writes.insert(ITEMS, rows.collect(), "");
    customers::placed(writes, placed.iter().map(|placed| &placed.order).collect());
}

impl Placed {
    fn row(&self) -> Vec<Arg> {
        let order = &self.order;
        let totals = &order.totals;
        let body = Body {
            shipping_address: order.shipping_address.clone(),
            billing_address: order.billing_address.clone(),
            discounts: order.discounts.clone(),
            shipping: order.shipping.clone(),
            explanation: self.explanation.clone(),
            terms_version: order.terms_version.clone(),
            locale: order.locale.clone(),
        };
        args![
            order.id,
            &order.number,
            order.checkout_id,
            self.cart,
            order.payment.attempt,
            order.status.as_str(),
            order.payment_status.as_str(),
            order.fulfillment_status.as_str(),
            &order.email,
            canonical_email(&order.email),
            totals.total.currency.code(),
            totals.subtotal.minor,
            totals.discount.minor,
            totals.shipping.map_or(0, |amount| amount.minor),
            totals.tax.map_or(0, |amount| amount.minor),
            totals.tax_included,
            totals.total.minor,
            Arg::json(&body),
            order.version,
            order.placed_at,
            order.placed_at,
            order_list::sort_name(&order.shipping_address.name),
            order_list::search_text(order),
        ]
    }
}

fn item_row(order: OrderId, position: i64, item: &OrderItem) -> Vec<Arg> {
    args![
        item.id,
        order,
        position,
        item.variant_id,
        item.product_id,
        &item.product_slug,
        &item.name,
        &item.variant_title,
        &item.sku,
        &item.image,
        item.requires_shipping,
        item.quantity,
        item.unit_price.minor,
        item.discount.minor,
        i64::from(item.tax_rate.ppm),
        item.tax.minor,
        item.total.minor,
        item.fulfilled,
        item.delivered,
        item.returned,
        item.refunded_quantity,
        item.refunded.minor,
    ]
}

impl OrderRow {
    fn order(self, items: Vec<ItemRow>) -> Result<Bought> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        let money = |minor| Money::new(minor, currency);
        let body: Body = serde_json::from_str(&self.body)
            .map_err(|error| Error::Internal(format!("the body of order {}: {error}", self.number)))?;
        let order = Order {
            id: OrderId(self.id),
            number: self.number,
            checkout_id: CheckoutId(self.checkout_id),
            status: named(&self.status)?,
            payment_status: named(&self.payment_status)?,
            fulfillment_status: named(&self.fulfillment_status)?,
            email: self.email,
            items: items.into_iter().map(|item| item.item(currency)).collect::<Result<_>>()?,
            totals: Totals {
                subtotal: money(self.subtotal),
                discount: money(self.discount),
                shipping: Some(money(self.shipping)),
                tax: Some(money(self.tax)),
                total: money(self.total),
                tax_included: self.tax_included,
            },
            discounts: body.discounts,
            shipping: body.shipping,
            shipping_address: body.shipping_address,
            billing_address: body.billing_address,
            payment: OrderPayment {
                attempt: PaymentId(self.payment_id),
                provider: named(&self.provider)?,
                reference: Some(self.reference).filter(|name| *name != self.payment_id.to_string()),
                captured: money(self.captured),
                refunded: money(self.refunded),
            },
            terms_version: body.terms_version,
            locale: body.locale,
            placed_at: self.placed_at,
            version: self.version,
        };
        Ok(Bought { order, explanation: body.explanation })
    }
}

impl ItemRow {
    fn item(self, currency: Currency) -> Result<OrderItem> {
        let money = |minor| Money::new(minor, currency);
        let ppm = u32::try_from(self.tax_rate_ppm).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(OrderItem {
            id: OrderItemId(self.id),
            variant_id: VariantId(self.variant_id),
            product_id: ProductId(self.product_id),
            product_slug: self.product_slug,
            name: self.name,
            variant_title: self.variant_title,
            sku: self.sku,
            image: self.image,
            quantity: self.quantity,
            unit_price: money(self.unit_price),
            discount: money(self.discount),
            tax_rate: Rate { ppm },
            tax: money(self.tax),
            total: money(self.total),
            requires_shipping: self.requires_shipping,
            fulfilled: self.fulfilled,
            delivered: self.delivered,
            returned: self.returned,
            refunded_quantity: self.refunded_quantity,
            refunded: money(self.refunded),
        })
    }
}

fn named<T: std::str::FromStr<Err = commerce::UnknownName>>(text: &str) -> Result<T> {
    text.parse().map_err(|error: commerce::UnknownName| Error::Internal(error.to_string()))
}
