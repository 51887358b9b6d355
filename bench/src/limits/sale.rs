//! The rows of complete sales, in the four commits that make them: a cart, a line in it, a checkout, its payment.

use std::collections::HashMap;

use oxcart::args;
use oxcart::store::Arg;
use uuid::Uuid;

use super::driver::Write;
use crate::Failure;
use crate::seed::tables::{self, Batch, Rows, changes};

/// What is committed one after the other.
pub const STEPS: [&str; 4] = ["cart", "item", "open", "pay"];

/// The writes of each step for a batch of sales that ended in paid orders.
pub fn steps(batch: Batch) -> Result<[Vec<Write>; 4], Failure> {
    let carts = batch.carts.iter();
    let new_carts = carts.clone().map(|cart| with(cart, &[(1, 1.into()), (4, NONE), (5, NONE)])).collect();
    let edited = carts.clone().map(|cart| vec![cart[0].clone(), Arg::Int(Some(2)), cart[7].clone()]).collect();
    let checked_out = carts.clone().map(|cart| vec![cart[0].clone(), cart[4].clone()]).collect();
    let bought = carts.map(|cart| pick(cart, &[0, 5, 1, 7])).collect();
    let open = batch.checkouts.iter().map(|row| with(row, &[(2, 1.into()), (3, "open".into()), (7, NONE), (8, NONE)]));
    let paid = batch.checkouts.iter().map(|row| pick(row, &[0, 2, 3, 7, 8, 10])).collect();
    let held = batch.reservations.iter().map(|row| with(row, &[(4, "active".into())])).collect();
    let ended = batch.reservations.iter().map(|row| pick(row, &[0, 4])).collect();
    let units = units(&batch.reservations)?;
    let (told_open, told_paid) = events(batch.events);
    let letters = letters(&batch.checkouts);
    Ok([
        vec![Write::insert(tables::CARTS, new_carts)],
        vec![Write::insert(tables::CART_ITEMS, batch.cart_items), Write::change(changes::CART_EDITED, edited)],
        vec![
            Write::insert(tables::CHECKOUTS, open.collect()),
            Write::insert(tables::FROZEN, batch.frozen),
            Write::insert(tables::RESERVATIONS, held),
            Write::change(changes::STOCK_HELD, units.clone()),
            Write::change(changes::CART_CHECKED_OUT, checked_out),
            Write::insert(tables::EVENTS, told_open),
        ],
        vec![
            Write::insert(tables::PAYMENTS, batch.payments),
            Write::insert(tables::BANK, batch.bank),
            Write::change(changes::HOLDS_ENDED, ended),
            Write::change(changes::STOCK_SOLD, units),
            Write::insert(tables::MOVEMENTS, batch.movements),
            Write::change(changes::CHECKOUT_PAID, paid),
            Write::change(changes::CART_BOUGHT, bought),
            Write::insert(tables::ORDERS, batch.orders),
            Write::insert(tables::ORDER_ITEMS, batch.order_items),
            Write::insert_or(tables::CUSTOMERS, batch.customers, changes::CUSTOMER_KNOWN),
            Write::insert(tables::EVENTS, told_paid),
            Write::insert(changes::JOBS, letters),
        ],
    ])
}

/// No id yet.
const NONE: Arg = Arg::Uuid(None);

fn with(row: &[Arg], changes: &[(usize, Arg)]) -> Vec<Arg> {
    let mut row = row.to_vec();
    changes.iter().for_each(|(column, value)| row[*column] = value.clone());
    row
}

fn pick(row: &[Arg], columns: &[usize]) -> Vec<Arg> {
    columns.iter().map(|column| row[*column].clone()).collect()
}

/// How many of each variant are held: a list that names a row twice would change it once.
fn units(reservations: &Rows) -> Result<Rows, Failure> {
    let mut units: HashMap<Uuid, i64> = HashMap::new();
    for row in reservations {
        let (Arg::Uuid(Some(variant)), Arg::Int(Some(quantity))) = (&row[1], &row[3]) else {
            return Err("a reservation is one of a variant".into());
        };
        *units.entry(*variant).or_default() += quantity;
    }
    Ok(units.into_iter().map(|(variant, units)| args![variant, units]).collect())
}

/// What is told when a checkout opens, and what when it is paid. Of two tidings of a stock the first is that of opening.
fn events(events: Rows) -> (Rows, Rows) {
    let mut stock = 0;
    events.into_iter().partition(|event| match &event[0] {
        Arg::Text(Some(kind)) if kind == "stock.changed" => {
            stock += 1;
            stock % 2 == 1
        }
        Arg::Text(Some(kind)) => kind == "checkout.opened",
        _ => false,
    })
}

/// The letter about each order, which is a job.
fn letters(checkouts: &Rows) -> Rows {
    let job = |checkout: &Vec<Arg>| {
        let id = checkout[0].clone();
        let at = checkout[6].clone();
        let payload = Arg::json(&serde_json::json!({ "checkout_id": uuid_text(&checkout[0]) }));
        let (attempts, error) = (Arg::Int(Some(0)), Arg::Text(None));
        vec![
            id,
            "mail_order_confirmation".into(),
            payload,
            "waiting".into(),
            at.clone(),
            at.clone(),
            attempts,
            error,
            at,
        ]
    };
    checkouts.iter().map(job).collect()
}

fn uuid_text(id: &Arg) -> String {
    if let Arg::Uuid(Some(id)) = id { id.to_string() } else { String::new() }
}
