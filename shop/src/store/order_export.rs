//! Orders with their lines, page by page, for exports.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use commerce::address::Address;
use commerce::ids::OrderId;
use commerce::money::{Currency, Money, Rate};
use commerce::pricing::{DiscountLine, PricedShipping};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Conn, keys};
use crate::args;
use crate::error::{Error, Result};

/// From when, and up to when: placed in it.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The first moment that is too late.
    pub before: DateTime<Utc>,
}

impl Period {
    /// Whole days in UTC, the last one included; without an end, all time there is.
    pub fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let after = to.and_then(|day| day.succ_opt()).map(start);
        // Times are compared as texts on SQLite, so they stay within four digits of a year.
        let last = DateTime::UNIX_EPOCH + TimeDelta::days(365 * 1_000);
        Self {
            from: from.map_or(DateTime::UNIX_EPOCH, start).clamp(DateTime::UNIX_EPOCH, last),
            before: after.unwrap_or(last).clamp(DateTime::UNIX_EPOCH, last),
        }
    }
}

/// Where an order stands among all, oldest first.
pub type Place = (DateTime<Utc>, OrderId);

/// An order as it is exported.
#[derive(Clone, Debug)]
pub struct ExportedOrder {
    /// Its id.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub status: String,
    /// What its payments come to.
    pub payment_status: String,
    /// How much of it was sent.
    pub fulfillment_status: String,
    /// Whose it is.
    pub email: String,
    /// The lines together.
    pub subtotal: Money,
    /// What was taken off.
    pub discount: Money,
    /// What sending it costs.
    pub shipping: Money,
    /// The tax in it, or on it.
    pub tax: Money,
    /// Whether the prices have the tax in them.
    pub tax_included: bool,
    /// What had to be paid.
    pub total: Money,
    /// What came in.
    pub captured: Money,
    /// What went back.
    pub refunded: Money,
    /// Who took the money.
    pub provider: String,
    /// The provider's name for it.
    pub reference: String,
    /// How it is sent.
    pub shipping_method: Option<String>,
    /// The coupons that were used.
    pub discount_codes: Vec<String>,
    /// Where it goes.
    pub shipping_address: Address,
    /// Who is billed.
    pub billing_address: Address,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// What was bought.
    pub items: Vec<ExportedItem>,
}

impl ExportedOrder {
    /// Where it stands among all.
    pub fn place(&self) -> Place {
        (self.placed_at, self.id)
    }
}

/// A line of an exported order.
#[derive(Clone, Debug)]
pub struct ExportedItem {
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// The product's name.
    pub name: String,
    /// The variant's values.
    pub variant_title: Option<String>,
    /// How many.
    pub quantity: i64,
    /// The price of one.
    pub unit_price: Money,
    /// The line's part of the discounts.
    pub discount: Money,
    /// The rate of tax.
    pub tax_rate: Rate,
    /// The tax in it, or on it.
    pub tax: Money,
    /// What was paid for it.
    pub total: Money,
    /// How many were sent.
    pub fulfilled: i64,
    /// How many were paid back.
    pub refunded_quantity: i64,
}

#[derive(sqlx::FromRow)]
struct OrderRow {
    id: Uuid,
    number: String,
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
    captured: i64,
    refunded: i64,
    provider: String,
    reference: String,
    body: Json<Body>,
    placed_at: DateTime<Utc>,
}

/// The part of an order's body that is exported.
#[derive(Deserialize)]
struct Body {
    shipping_address: Address,
    billing_address: Address,
    discounts: Vec<DiscountLine>,
    shipping: Option<PricedShipping>,
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    order_id: Uuid,
    sku: Option<String>,
    name: String,
    variant_title: Option<String>,
    quantity: i64,
    unit_price: i64,
    discount: i64,
    tax_rate_ppm: i64,
    tax: i64,
    total: i64,
    fulfilled: i64,
    refunded_quantity: i64,
}

/// The orders of a period that follow one, oldest first.
pub async fn page(conn: &mut Conn, period: Period, after: Option<Place>, limit: i64) -> Result<Vec<ExportedOrder>> {
    const ORDERS: &str = "SELECT o.id, o.number, o.status, o.payment_status, o.fulfillment_status, o.email, o.currency,
            o.subtotal, o.discount, o.shipping, o.tax, o.tax_included, o.total, p.captured, p.refunded, p.provider,
            p.reference, o.body, o.placed_at
         FROM orders o JOIN payments p ON p.id = o.payment_id
         WHERE o.placed_at >= $1 AND o.placed_at < $2 AND (o.placed_at, o.id) > ($3, $4)
         ORDER BY o.placed_at, o.id LIMIT $5";
    const ITEMS: &str = "SELECT order_id, sku, name, variant_title, quantity, unit_price, discount, tax_rate_ppm, tax,
            total, fulfilled, refunded_quantity
         FROM order_items WHERE order_id IN";
    let (at, id) = after.unwrap_or((DateTime::UNIX_EPOCH, OrderId(Uuid::nil())));
    // The later of the two beginnings, so that the database starts where the page does.
    let from = period.from.max(at);
    let rows: Vec<OrderRow> = conn.all(ORDERS, args![from, period.before, at, id, limit]).await?;
    let ids = keys(rows.iter().map(|row| OrderId(row.id)));
    let mut items: HashMap<Uuid, Vec<ItemRow>> = HashMap::new();
    for item in conn.all_in::<ItemRow>(ITEMS, ids, "ORDER BY order_id, position").await? {
        items.entry(item.order_id).or_default().push(item);
    }
    rows.into_iter()
        .map(|row| {
            let of_it = items.remove(&row.id).unwrap_or_default();
            row.order(of_it)
        })
        .collect()
}

impl OrderRow {
    fn order(self, items: Vec<ItemRow>) -> Result<ExportedOrder> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        let money = |minor: i64| Money::new(minor, currency);
        let body = self.body.0;
        Ok(ExportedOrder {
            id: OrderId(self.id),
            number: self.number,
            status: self.status,
            payment_status: self.payment_status,
            fulfillment_status: self.fulfillment_status,
            email: self.email,
            subtotal: money(self.subtotal),
            discount: money(self.discount),
            shipping: money(self.shipping),
            tax: money(self.tax),
            tax_included: self.tax_included,
            total: money(self.total),
            captured: money(self.captured),
            refunded: money(self.refunded),
            provider: self.provider,
            reference: self.reference,
            shipping_method: body.shipping.map(|shipping| shipping.label),
            discount_codes: body.discounts.into_iter().map(|line| line.code).collect(),
            shipping_address: body.shipping_address,
            billing_address: body.billing_address,
            placed_at: self.placed_at,
            items: items.into_iter().map(|item| item.item(currency)).collect::<Result<_>>()?,
        })
    }
}

impl ItemRow {
    fn item(self, currency: Currency) -> Result<ExportedItem> {
        let money = |minor: i64| Money::new(minor, currency);
        let ppm = u32::try_from(self.tax_rate_ppm).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(ExportedItem {
            sku: self.sku,
            name: self.name,
            variant_title: self.variant_title,
            quantity: self.quantity,
            unit_price: money(self.unit_price),
            discount: money(self.discount),
            tax_rate: Rate { ppm },
            tax: money(self.tax),
            total: money(self.total),
            fulfilled: self.fulfilled,
            refunded_quantity: self.refunded_quantity,
        })
    }
}
