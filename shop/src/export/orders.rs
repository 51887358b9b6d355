//! Orders for who keeps the books: a row for each line of each order. What belongs to the whole order stands in its first
//! row only, so that columns can be summed.

use std::io::Write;

use commerce::address::Address;

use super::table::Table;
use crate::error::Result;
use crate::store::order_export::{self, ExportedItem, ExportedOrder, Period};
use crate::store::{Conn, Db};

/// Orders held in memory at once.
const PAGE: i64 = 500;

const COLUMNS: [&str; 47] = [
    "Order",
    "Placed at",
    "Status",
    "Payment status",
    "Fulfilment status",
    "Email",
    "Currency",
    "Line",
    "SKU",
    "Product",
    "Variant",
    "Quantity",
    "Unit price",
    "Line discount",
    "Tax rate %",
    "Line tax",
    "Line total",
    "Sent",
    "Refunded quantity",
    "Subtotal",
    "Discount",
    "Shipping",
    "Tax",
    "Prices include tax",
    "Total",
    "Paid",
    "Refunded",
    "Payment provider",
    "Payment reference",
    "Shipping method",
    "Discount codes",
    "Shipping name",
    "Shipping address 1",
    "Shipping address 2",
    "Shipping city",
    "Shipping region",
    "Shipping postal code",
    "Shipping country",
    "Shipping phone",
    "Billing name",
    "Billing address 1",
    "Billing address 2",
    "Billing city",
    "Billing region",
    "Billing postal code",
    "Billing country",
    "Billing phone",
];

/// Writes the orders of a period, oldest first: one picture of the database. Answers how many rows there are.
pub async fn orders(db: &Db, period: Period, to: &mut impl Write) -> Result<u64> {
    let mut snapshot = db.snapshot().await?;
    let mut table = Table::begin(to, COLUMNS)?;
    let mut after = None;
    while let Some(last) = page(&mut snapshot, period, after, &mut table).await? {
        after = Some(last);
    }
    table.finish()
}

/// Writes the orders that follow one; answers the last of them.
async fn page(
    conn: &mut Conn,
    period: Period,
    after: Option<order_export::Place>,
    table: &mut Table<impl Write>,
) -> Result<Option<order_export::Place>> {
    let orders = order_export::page(conn, period, after, PAGE).await?;
    for order in &orders {
        for (number, item) in (1..).zip(&order.items) {
            line(table, order, number, item);
            if number == 1 {
                whole(table, order);
            }
            table.end()?;
        }
    }
    Ok(orders.last().map(ExportedOrder::place))
}

fn line(table: &mut Table<impl Write>, order: &ExportedOrder, number: i64, item: &ExportedItem) {
    table.text(&order.number).time(order.placed_at);
    table.text(&order.status).text(&order.payment_status).text(&order.fulfillment_status);
    table.text(&order.email).text(order.total.currency.code());
    table.number(number).maybe(item.sku.as_deref()).text(&item.name).maybe(item.variant_title.as_deref());
    table.number(item.quantity).money(item.unit_price).money(item.discount).text(&item.tax_rate.to_string());
    table.money(item.tax).money(item.total).number(item.fulfilled).number(item.refunded_quantity);
}

fn whole(table: &mut Table<impl Write>, order: &ExportedOrder) {
    table.money(order.subtotal).money(order.discount).money(order.shipping).money(order.tax);
    table.text(if order.tax_included { "yes" } else { "no" }).money(order.total);
    table.money(order.captured).money(order.refunded).text(&order.provider).text(&order.reference);
    table.maybe(order.shipping_method.as_deref()).text(&order.discount_codes.join(", "));
    address(table, &order.shipping_address);
    address(table, &order.billing_address);
}

fn address(table: &mut Table<impl Write>, address: &Address) {
    table.text(&address.name).text(&address.line1).maybe(address.line2.as_deref()).text(&address.city);
    table.maybe(address.region.as_deref()).maybe(address.postal_code.as_deref()).text(&address.country);
    table.maybe(address.phone.as_deref());
}
