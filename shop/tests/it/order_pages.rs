//! Pages of orders, customers and payments under review, as staff see and use them.

use commerce::ids::OrderId;
use commerce::order::OrderAction;
use commerce::payment::Outcome;
use oxcart::flows::settle::settle;
use oxcart::store::orders::{self, OrderRecord};
use serde_json::json;

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{DECLINED_CARD, GOOD_CARD, eur};
use crate::buyer::Buyer;
use crate::order_list::order;
use crate::staff::{ADMIN, Staff};
use crate::visitor::Visitor;

both_engines!(
    an_order_is_sent_paid_back_and_written_about,
    what_is_refused_comes_back_as_it_was_filled,
    a_page_offers_what_the_state_allows,
    a_refund_is_shown_before_it_is_made,
    a_note_is_as_long_as_its_field_says,
    an_order_is_called_off,
    money_that_fits_no_order_goes_back,
    lists_find_what_the_address_says,
    lists_ask_as_often_for_many_as_for_few,
    programs_list_orders_and_customers,
);

/// Somebody of the staff at a browser without scripts.
async fn merchant(shop: &TestApp) -> Visitor {
    let staff = Staff::hire(shop, ADMIN).await;
    shop.visitor().with_bearer(&staff.token)
}

/// The page of the latest order.
async fn page_of_latest(shop: &TestApp) -> String {
    let latest = "SELECT CAST(number AS TEXT) AS text FROM orders ORDER BY LENGTH(number) DESC, number DESC LIMIT 1";
    let number = shop.texts(latest).await.swap_remove(0);
    format!("/admin/orders/{}", id_of(shop, &number).await)
}

async fn id_of(shop: &TestApp, number: &str) -> OrderId {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: uuid::Uuid,
    }
    let found: Vec<Found> = shop.query("SELECT id FROM orders WHERE number = $1", oxcart::args![number]).await;
    OrderId(found.first().expect("there is such an order").id)
}

async fn record(shop: &TestApp, page: &str) -> OrderRecord {
    let id = page.rsplit('/').next().expect("an address has a last part").parse().expect("it is an id");
    let mut conn = shop.app.db.read().await.expect("the database answers");
    orders::load(&mut conn, id).await.expect("the order is there")
}

/// The field for units of a line, by its SKU.
fn units_of(record: &OrderRecord, sku: &str) -> String {
    let item = record.order.items.iter().find(|item| item.sku.as_deref() == Some(sku));
    format!("quantity-{}", item.expect("it was bought").id)
}

async fn two_lines(shop: &TestApp) -> String {
    let mut buyer = shop.buyer().await;
    buyer.add(shop, "MUG", 3).await.ok(200);
    buyer.add(shop, "LAMP", 1).await.ok(200);
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    page_of_latest(shop).await
}

async fn an_order_is_sent_paid_back_and_written_about(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    let url = two_lines(&shop).await;
    let seen = record(&shop, &url).await;
    let page = ines.open(&url).await.is(200).says("To ship 4 of 4 items").says("Ada Lovelace placed the order");
    let part = page.form(&format!("{url}/fulfillments")).set(&units_of(&seen, "MUG"), "2");
    let part = part.set(&units_of(&seen, "LAMP"), "0").set("carrier", "bpost").set("tracking_number", "3232 1100");
    let page = ines.send(&part).await.is(200).says("Shipped.").says("To ship 2 of 4 items");
    let page = page.says("Shipment 1 2 of 4 items · bpost 3232 1100").says("Ada Somebody shipped 2 items with bpost");
    shop.verify().await;

    let page = ines.send(&page.form(&format!("{url}/delivered"))).await.is(200).says("Marked as delivered.");
    let note = page.form(&format!("{url}/notes")).set("note", "She phoned:\nno hurry <b>.");
    let page = ines.send(&note).await.is(200).says("Ada Somebody left a note").says("no hurry <b>.");
    assert!(page.html.contains("no hurry &lt;b&gt;."), "what people write is escaped");

    let resend = ines.open(&page.link(&format!("{url}/resend"))).await.says("To ada@example.com");
    let resent = ines.send(&resend.form(&format!("{url}/resend"))).await.is(200);
    resent.says("The mail is on its way.").says("sent the mail “On its way” again");
    shop.drain().await;
    shop.verify().await;
    let subjects: Vec<String> = shop.mails().into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects.len(), 3, "the receipt, the parcel, and the parcel again: {subjects:?}");
}

async fn what_is_refused_comes_back_as_it_was_filled(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    let url = two_lines(&shop).await;
    let mug = units_of(&record(&shop, &url).await, "MUG");
    let form = ines.open(&url).await.form(&format!("{url}/fulfillments"));
    for (units, said) in [("4", "from 0 to 3"), ("-1", "from 0 to 3"), ("two", "from 0 to 3"), ("1.5", "from 0 to 3")] {
        let wrong = form.clone().set(&mug, units).set("carrier", "bpost");
        let page = ines.send(&wrong).await.is(422).says(said);
        let again = page.form(&format!("{url}/fulfillments"));
        assert_eq!((again.value(&mug), again.value("carrier")), (Some(units), Some("bpost")));
    }
    let long = form.clone().set("carrier", &"x".repeat(200));
    ines.send(&long).await.is(422).says("at most");
    let lamp = units_of(&record(&shop, &url).await, "LAMP");
    ines.send(&form.set(&mug, "0").set(&lamp, "0")).await.is(422).says("Choose at least one item.");
    let note = ines.open(&url).await.form(&format!("{url}/notes"));
    ines.send(&note).await.is(422).says("Write something first.");
    ines.open("/admin/orders/nothing").await.is(404);
    ines.post(&format!("{url}/paid"), &[]).await.is(409).says("This order is paid already.");
    ines.post(&format!("{url}/delivered"), &[]).await.is(409).says("Nothing of this order was sent yet.");
    shop.visitor().open(&url).await.says("Sign in");
    shop.verify().await;
}

/// Every action is a form or a link exactly where the rules allow it; where they don't, the page says why.
async fn a_page_offers_what_the_state_allows(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    order(&shop, "By Transfer", "transfer@example.com", ("MUG", 2), "manual").await;
    let transfer = page_of_latest(&shop).await;
    offers(&shop, &ines, &transfer, "fulfill mark_paid cancel").await;
    let form = ines.open(&transfer).await.form(&format!("{transfer}/paid"));
    ines.send(&form).await.is(200).says("Marked as paid.").says("marked €33.95 as paid");
    offers(&shop, &ines, &transfer, "fulfill refund cancel").await;
    let form = ines.open(&transfer).await.form(&format!("{transfer}/fulfillments"));
    ines.send(&form).await.is(200).says("Completed Paid Shipped");
    offers(&shop, &ines, &transfer, "deliver refund").await;
    ines.send(&ines.open(&transfer).await.form(&format!("{transfer}/delivered"))).await.is(200);
    offers(&shop, &ines, &transfer, "refund").await;

    let mut download = shop.buyer().await;
    download.add(&shop, "PLAN", 1).await.ok(200);
    download.check_out().await.ok(201);
    download.pay(GOOD_CARD).await.ok(200);
    let download = page_of_latest(&shop).await;
    ines.open(&download).await.is(200).says("Nothing to send");
    offers(&shop, &ines, &download, "refund").await;
    shop.verify().await;
}

async fn offers(shop: &TestApp, ines: &Visitor, url: &str, expected: &str) {
    let seen = record(shop, url).await;
    let page = ines.open(url).await.is(200);
    let mut offered = vec![];
    for (action, answer) in seen.order.actions(&seen.pending()) {
        let place = match action {
            OrderAction::Fulfill => "fulfillments",
            OrderAction::Deliver => "delivered",
            OrderAction::MarkPaid => "paid",
            OrderAction::Refund => "refund",
            OrderAction::Cancel => "cancel",
        };
        let place = format!("\"{url}/{place}\"");
        let is_offered =
            [format!("action={place}"), format!("class=\"act\" href={place}")].iter().any(|at| page.html.contains(at));
        assert_eq!(is_offered, answer.is_ok(), "{action} on {}", page.words());
        match answer {
            Ok(()) => offered.push(action.as_str()),
            Err(refusal) => assert!(page.words().contains(&refusal.to_string()), "{action}: {refusal}"),
        }
    }
    assert_eq!(offered.join(" "), expected, "{url}");
}

async fn a_refund_is_shown_before_it_is_made(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    let url = two_lines(&shop).await;
    let mug = units_of(&record(&shop, &url).await, "MUG");
    let action = format!("{url}/refund");
    let form = ines.open(&action).await.is(200).says("€177.45 can still be paid back").form(&action);
    ines.send(&form).await.is(422).says("Choose at least one item.");
    ines.send(&form.clone().set("what", "amount").set("amount", "200")).await.is(422).says("can still be refunded");
    ines.send(&form.clone().set("what", "amount").set("amount", "1,234")).await.is(422).says("may mean two amounts");
    ines.send(&form.clone().set(&mug, "9")).await.is(422).says("from 0 to 3");

    let shown = ines.send(&form.set(&mug, "1").set("reason", "chipped")).await.is(200).says("Pay back €14.50");
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM refunds").await, 0, "nothing is done before it is confirmed");
    let confirmed = shown.form(&action);
    let other = confirmed.clone().set(&mug, "2");
    ines.send(&other).await.is(200).says("Pay back €29.00");
    let page = ines.send(&confirmed).await.is(200).says("The refund is on its way.").says("Partly refunded");
    let page = page.says("refunded €14.50 for 1 item, restocked").says("chipped").says("To ship 3 of 4 items");
    shop.verify().await;
    assert_eq!(shop.stock("MUG").await.0, 98);
    ines.send(&confirmed).await.is(409).says("This order has changed meanwhile.");
    let rest = ines.open(&page.link(&action)).await.form(&action).set("what", "remaining");
    let rest = ines.send(&rest).await.says("Pay back €162.95");
    ines.send(&rest.form(&action)).await.is(200).says("Refunded");
    ines.open(&action).await.is(200).says("went back already");
    let spent = shop.texts("SELECT CAST(spent AS TEXT) AS text FROM customers").await;
    assert_eq!(spent, ["0"]);
    shop.drain().await;
    shop.verify().await;
}

async fn a_note_is_as_long_as_its_field_says(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    let url = two_lines(&shop).await;
    let page = ines.open(&url).await;
    assert!(page.html.contains("name=\"note\" rows=\"2\" maxlength=\"2000\""), "{}", page.html);
    let form = page.form(&format!("{url}/notes"));
    ines.send(&form.clone().set("note", &"n".repeat(2001))).await.is(422).says("at most 2000 characters");
    ines.send(&form.set("note", &"n".repeat(2000))).await.is(200);
}

async fn an_order_is_called_off(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    let url = two_lines(&shop).await;
    let action = format!("{url}/cancel");
    let form = ines.open(&action).await.is(200).says("€177.45 will be paid back.").form(&action);
    let page = ines.send(&form.set("reason", "Changed her mind")).await.is(200).says("The order is canceled.");
    page.says("Canceled Refunded").says("canceled the order; the items are back in stock").says("Changed her mind");
    assert_eq!((shop.stock("MUG").await, shop.stock("LAMP").await), ((100, 0), (1, 0)));
    ines.open(&action).await.is(200).says("This order is canceled already.");
    offers(&shop, &ines, &url, "").await;
    shop.drain().await;
    shop.verify().await;
}

async fn money_that_fits_no_order_goes_back(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    ines.open("/admin/payments").await.is(200).says("Nothing to look at");
    Buyer::at_the_till(&shop, "MUG").await.pay(DECLINED_CARD).await.refused(402, "card_declined");
    let (payment, _) = shop.last_payment().await;
    let late = Outcome::Succeeded { reference: "late".into(), amount: eur(1945) };
    settle(&shop.app, payment, late).await.expect("it is heard");
    ines.open("/admin/orders").await.is(200).says("1 payment fits no order");
    let page = ines.open("/admin/payments").await.is(200).says("Paid after a decline").says("1 × The mug");
    let form = page.form(&format!("/admin/payments/{payment}/refund"));
    let page = ines.send(&form).await;
    assert!(page.status == 200 || page.status == 409, "{}", page.words());
}

async fn lists_find_what_the_address_says(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    ines.open("/admin/orders").await.is(200).says("No orders yet");
    ines.open("/admin/customers").await.is(200).says("No customers yet");
    order(&shop, "Chloë Åkesson", "chloe@example.com", ("MUG", 1), "sandbox").await;
    order(&shop, "Bram de Wit", "bram@example.org", ("MUG", 3), "manual").await;
    order(&shop, "Anna", "anna@example.com", ("LAMP", 1), "sandbox").await;
    let cases = [
        ("/admin/orders", "Anna Bram Chloë"),
        ("/admin/orders?q=akesson", "Chloë"),
        ("/admin/orders?filter=payment:any:pending", "Bram"),
        ("/admin/orders?filter=payment:any:paid&filter=total:min:100", "Anna"),
        ("/admin/orders?filter=payment:any:paid&filter=payment:any:pending", ""),
        ("/admin/orders?filter=placed:within:1", "Anna Bram Chloë"),
        ("/admin/orders?filter=placed:until:2001-01-01", ""),
        ("/admin/orders?view=unpaid", "Bram"),
        ("/admin/orders?view=to-ship", "Anna Chloë"),
        ("/admin/orders?view=attention", ""),
        ("/admin/orders?sort=total", "Chloë Bram Anna"),
        ("/admin/orders?sort=customer", "Anna Bram Chloë"),
        ("/admin/customers", "Anna Bram Chloë"),
        ("/admin/customers?q=example.org", "Bram"),
        ("/admin/customers?sort=-spent", "Anna Chloë Bram"),
        ("/admin/customers?filter=orders:min:2", ""),
    ];
    for (address, expected) in cases {
        let words = ines.open(address).await.is(200).words();
        let mut found: Vec<(usize, &str)> =
            ["Anna", "Bram", "Chloë"].iter().filter_map(|name| Some((words.find(*name)?, *name))).collect();
        found.sort_unstable();
        let found: Vec<&str> = found.into_iter().map(|(_, name)| name).collect();
        assert_eq!(found.join(" "), expected, "{address}");
    }
    let list = ines.open("/admin/orders").await.says("To ship 2").says("Unpaid 1").says("Needs attention 0");
    let order = ines.open(&list.link("/admin/orders/0")).await.is(200);
    let customer = ines.open(&order.link("/admin/customers/")).await.is(200).says("Latest orders");
    ines.open(&customer.link("/admin/orders/")).await.is(200);
    let paper = ines.open(&order.link(&format!("{}/print", order.path))).await.is(200).says("Packing slip");
    ines.open(&paper.link(&order.path)).await.is(200).says("Bill to");
    let ids = shop.texts("SELECT number AS text FROM orders").await;
    let mut picked = vec![];
    for number in &ids {
        picked.push(("id", id_of(&shop, number).await.to_string()));
    }
    let picked: Vec<(&str, &str)> = picked.iter().map(|(name, id)| (*name, id.as_str())).collect();
    let slips = ines.post("/admin/orders/slips", &picked).await.is(200);
    assert_eq!(slips.html.matches("<article").count(), 3);
    let all = ines.post("/admin/orders/slips", &[("all", "1"), ("query", "filter=payment:any:pending")]).await.is(200);
    assert_eq!(all.html.matches("<article").count(), 1);
}

async fn lists_ask_as_often_for_many_as_for_few(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ines = merchant(&shop).await;
    let addresses = ["/admin/orders", "/admin/orders?q=mug", "/admin/customers", "/admin/customers?q=example"];
    let mut few = vec![];
    for n in 0..30 {
        order(&shop, &format!("Nr {n}"), &format!("nr{n}@example.com"), ("MUG", 1), "sandbox").await;
        if n == 2 {
            for address in addresses {
                few.push(ines.open(address).await.is(200).statements());
            }
        }
    }
    for (address, few) in addresses.iter().zip(few) {
        let page = ines.open(address).await.is(200).says("Nr 29").says("Nr 4");
        assert_eq!(page.statements(), few, "{address}");
    }
}

async fn programs_list_orders_and_customers(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    order(&shop, "Chloë Åkesson", "chloe@example.com", ("MUG", 1), "sandbox").await;
    order(&shop, "Bram de Wit", "bram@example.org", ("MUG", 3), "manual").await;
    let list = staff.get("/api/admin/orders?payment_status=pending&payment_status=failed").await.ok(200);
    assert_eq!(
        (&list["total"], &list["page"], &list["per_page"], &list["pages"]),
        (&json!(1), &json!(1), &json!(24), &json!(1))
    );
    assert_eq!((&list["items"][0]["customer"], &list["items"][0]["quantity"]), (&json!("Bram de Wit"), &json!(3)));
    let sorted = staff.get("/api/admin/orders?sort=total&per_page=1&page=2").await.ok(200);
    assert_eq!((&sorted["items"][0]["customer"], &sorted["pages"]), (&json!("Bram de Wit"), &json!(2)));
    let wrong = staff.get("/api/admin/orders?status=new&min_total=x&page=0&per_page=101&sort=age&colour=red").await;
    assert_eq!(wrong.wrong_fields(), ["status", "min_total", "page", "per_page", "sort", "colour"]);
    assert_eq!(wrong.status, 422);
    let customers = staff.get("/api/admin/customers?sort=name&q=example").await.ok(200);
    assert_eq!((&customers["total"], &customers["items"][0]["name"]), (&json!(2), &json!("Bram de Wit")));
    let id = customers["items"][1]["id"].as_str().expect("an id").to_owned();
    let chloe = staff.get(&format!("/api/admin/customers/{id}")).await.ok(200);
    assert_eq!((&chloe["order_count"], &chloe["spent"]["amount"]), (&json!(1), &json!(1945)));
    assert_eq!((&chloe["orders"][0]["status"], &chloe["addresses"][0]["city"]), (&json!("open"), &json!("Amsterdam")));
    staff.get("/api/admin/customers/0").await.refused(404, "not_found");
    shop.api().get("/api/admin/customers").await.refused(401, "unauthenticated");
}
