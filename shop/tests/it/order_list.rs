//! Lists of orders and customers: what is asked for is found, on either engine.

use chrono::{DateTime, TimeDelta, Utc};
use commerce::order::OrderStatus;
use commerce::payment::PaymentStatus;
use oxcart::store::customers::{self, CustomerFilter, CustomerSort};
use oxcart::store::order_list::{self, OrderFilter, OrderSort, Slice};
use serde_json::json;

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{GOOD_CARD, address};
use crate::buyer::Buyer;

both_engines!(orders_are_found_by_what_is_known_of_them, customers_appear_from_their_orders);

const ALL: Slice = Slice { limit: 100, offset: 0 };

/// Somebody's order of one line, by card or by bank transfer.
pub async fn order(shop: &TestApp, name: &str, email: &str, (sku, quantity): (&str, i64), method: &str) -> Buyer {
    let mut buyer = shop.buyer().await.named(email);
    buyer.address = address();
    buyer.address["name"] = json!(name);
    buyer.add(shop, sku, quantity).await.ok(200);
    let checkout = buyer.check_out_with(json!({ "payment_method": method })).await.ok(201);
    match method {
        "manual" => buyer.pay_with(&json!({ "version": checkout["version"] })).await.ok(200),
        _ => buyer.pay(GOOD_CARD).await.ok(200),
    };
    buyer
}

/// Orders of three days: a mug, three mugs unpaid, a lamp, and a stool that was called off.
async fn some_orders(shop: &TestApp) -> DateTime<Utc> {
    let begin = shop.app.clock.now();
    order(shop, "Chloë Åkesson", "chloe@example.com", ("MUG", 1), "sandbox").await;
    order(shop, "Bram de Wit", "bram@example.org", ("MUG", 3), "manual").await;
    shop.app.clock.advance(24 * 60 * 60);
    order(shop, "anna_50%", "anna+shop@example.com", ("LAMP", 1), "sandbox").await;
    shop.app.clock.advance(24 * 60 * 60);
    order(shop, "Bram de Wit", "Bram+two@example.org", ("STOOL", 1), "sandbox").await;
    begin
}

async fn orders_are_found_by_what_is_known_of_them(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let begin = some_orders(&shop).await;
    shop.tamper("UPDATE orders SET status = 'canceled' WHERE total > 20000").await;
    let of = |q: &str| OrderFilter { q: q.into(), ..OrderFilter::default() };
    let day = TimeDelta::hours(24);
    let cases = [
        (OrderFilter::default(), "1 2 3 4"),
        (of("chloe akesson"), "1"),
        (of("CHLOË"), "1"),
        (of("mug"), "1 2"),
        (of("the  mug BRAM"), "2"),
        (of("@example.com"), "1 3"),
        (of("50%"), "3"),
        (of("a_5"), "3"),
        (of("n%5"), ""),
        (of("'"), ""),
        (OrderFilter { status: vec![OrderStatus::Canceled], ..OrderFilter::default() }, "4"),
        (OrderFilter { payment: vec![PaymentStatus::Pending, PaymentStatus::Failed], ..OrderFilter::default() }, "2"),
        (OrderFilter { payment: vec![PaymentStatus::Paid], ..of("bram") }, "4"),
        (OrderFilter { placed_from: Some(begin + day), ..OrderFilter::default() }, "3 4"),
        (OrderFilter { placed_before: Some(begin + day), ..OrderFilter::default() }, "1 2"),
        (OrderFilter { min_total: Some(13_395), max_total: Some(13_395), ..OrderFilter::default() }, "3"),
        (OrderFilter { customer: Some("bram@example.org".into()), ..OrderFilter::default() }, "2 4"),
    ];
    let mut conn = shop.app.db.read().await.expect("the database answers");
    let first = order_list::page(&mut conn, &OrderFilter::default(), OrderSort::Number, false, ALL).await;
    let first: i64 = first.expect("orders are listed")[0].number.parse().expect("numbers of tests are plain");
    for (filter, expected) in cases {
        let found = order_list::page(&mut conn, &filter, OrderSort::Placed, false, ALL).await.expect("it is answered");
        let place = |number: &str| number.parse::<i64>().expect("a number") - first + 1;
        let found: Vec<String> = found.iter().map(|order| place(&order.number).to_string()).collect();
        assert_eq!(found.join(" "), expected, "{filter:?}");
        let count = order_list::count(&mut conn, &filter).await.expect("it is counted");
        assert_eq!(count, found.len() as i64, "{filter:?}");
    }
    let sorts = [
        (OrderSort::Placed, true, "Bram de Wit, anna_50%, Bram de Wit, Chloë Åkesson"),
        (OrderSort::Customer, false, "anna_50%, Bram de Wit, Bram de Wit, Chloë Åkesson"),
        (OrderSort::Total, false, "Chloë Åkesson, Bram de Wit, anna_50%, Bram de Wit"),
    ];
    for (sort, descending, expected) in sorts {
        let all = OrderFilter::default();
        let found = order_list::page(&mut conn, &all, sort, descending, ALL).await.expect("it is answered");
        let found: Vec<&str> = found.iter().map(|order| order.address.name.as_str()).collect();
        assert_eq!(found.join(", "), expected, "{sort:?}");
    }
    let second = order_list::page(&mut conn, &of(""), OrderSort::Placed, false, Slice { limit: 1, offset: 1 }).await;
    let second = second.expect("it is answered").swap_remove(0);
    assert_eq!((second.units, second.delivery.as_deref()), (3, Some("By standard")));
    let (before, after) = order_list::neighbours(&mut conn, second.placed_at, second.id).await.expect("it is answered");
    assert!(before.is_some() && after.is_some() && before != after);
}

async fn customers_appear_from_their_orders(engine: Engine) {
    let shop = TestApp::open(engine).await;
    some_orders(&shop).await;
    shop.verify().await;
    let mut conn = shop.app.db.read().await.expect("the database answers");
    let cases = [
        ("", CustomerSort::LastOrder, true, "Bram de Wit, anna_50%, Chloë Åkesson"),
        ("", CustomerSort::FirstOrder, false, "Chloë Åkesson, Bram de Wit, anna_50%"),
        ("", CustomerSort::Name, false, "anna_50%, Bram de Wit, Chloë Åkesson"),
        ("", CustomerSort::Orders, true, "Bram de Wit"),
        ("", CustomerSort::Spent, true, "Bram de Wit, anna_50%, Chloë Åkesson"),
        ("akesson chloe", CustomerSort::Name, false, "Chloë Åkesson"),
        ("example.org", CustomerSort::Name, false, "Bram de Wit"),
        ("%", CustomerSort::Name, false, "anna_50%"),
    ];
    for (q, sort, descending, expected) in cases {
        let filter = CustomerFilter { q: q.into(), ..CustomerFilter::default() };
        let found = customers::page(&mut conn, &filter, sort, descending, ALL).await.expect("it is answered");
        let names: Vec<&str> = found.iter().map(|customer| customer.name.as_str()).collect();
        assert!(names.join(", ").starts_with(expected), "{q} {sort:?}: {names:?}");
        assert_eq!(customers::count(&mut conn, &filter).await.expect("it is counted"), found.len() as i64, "{q}");
    }
    let loyal = CustomerFilter { min_orders: Some(2), min_spent: Some(21_000), ..CustomerFilter::default() };
    assert_eq!(customers::count(&mut conn, &loyal).await.expect("it is counted"), 1);
    let early = CustomerFilter { last_before: Some(shop.app.clock.now() - TimeDelta::hours(30)), ..loyal };
    assert_eq!(customers::count(&mut conn, &early).await.expect("it is counted"), 0);
    let bram = customers::of_email(&mut conn, "BRAM@example.org").await.expect("it is answered").expect("he ordered");
    // A transfer that has not come in is not spent.
    assert_eq!((bram.orders, bram.spent.minor, bram.email.as_str()), (2, 21_000, "Bram+two@example.org"));
    assert!(bram.first_order_at < bram.last_order_at);
    assert_eq!(customers::load(&mut conn, bram.id).await.expect("it is there"), bram);
}
