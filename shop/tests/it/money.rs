//! Amounts: every currency's minor units, tax in the price or on top, and parts that make up the whole.

use commerce::money::{Currency, Money};
use commerce::tax::TaxRules;
use oxcart::settings::ShopSettings;
use serde_json::{Value, json};

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{GOOD_CARD, method, money, percent_off, priced, rate, simple};
use crate::buyer::{Buyer, minor, text};

both_engines!(
    yen_and_dinars_have_their_own_minor_units,
    tax_is_added_where_prices_are_without_it,
    the_parts_always_make_up_the_whole,
);

fn sells_in(settings: &mut ShopSettings, code: &str, delivery: i64) {
    settings.currency = Currency::parse(code).expect("a currency of ISO 4217");
    settings.shipping.methods = vec![method("post", &[], money(delivery, code), None)];
}

/// M6
async fn yen_and_dinars_have_their_own_minor_units(engine: Engine) {
    for (code, price, delivery, shown) in
        [("JPY", 1980, 500, "2,480"), ("KWD", 12_345, 1_250, "13.595"), ("USD", 1999, 0, "19.99")]
    {
        let shop = Setup::on(engine).shop(|settings| sells_in(settings, code, delivery));
        let shop = shop.products(vec![priced("THING", money(price, code), 5)]).open().await;
        let mut buyer = Buyer::at_the_till(&shop, "THING").await;
        assert_eq!(buyer.checkout["totals"]["total"], json!({ "amount": price + delivery, "currency": code }));
        let order = buyer.pay(GOOD_CARD).await.ok(200)["order"].clone();
        let page = shop.visitor().open(shop.path(text(&order["url"]))).await.is(200);
        assert!(page.words().contains(shown), "{code}: {}", page.words());
        let product = shop.visitor().open("/p/thing").await.is(200);
        assert!(product.html.contains(&format!("\"priceCurrency\":\"{code}\"")), "search engines are told {code}");
        shop.drain().await;
        shop.verify().await;
    }
}

async fn tax_is_added_where_prices_are_without_it(engine: Engine) {
    let shop = Setup::on(engine).shop(|settings| {
        let rates = vec![rate("US", None, "0"), rate("US", Some("CA"), "7.25"), rate("NL", None, "21")];
        settings.tax = TaxRules { prices_include_tax: false, tax_shipping: false, rates, ..settings.tax.clone() };
    });
    let shop = shop.open().await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 3).await.ok(200);
    let totals = &buyer.cart["totals"];
    assert_eq!((minor(&totals["total"]), &totals["tax"], &totals["shipping"]), (4350, &Value::Null, &Value::Null));
    buyer.address = json!({ "name": "Ada", "line1": "1 Main St", "city": "Fresno", "region": "CA", "postal_code": "93650", "country": "US" });
    let totals = buyer.check_out().await.ok(201)["totals"].clone();
    // 43.50 at 7.25 % is 3.15375.
    assert_eq!(
        (minor(&totals["tax"]), minor(&totals["shipping"]), minor(&totals["total"])),
        (315, 1995, 4350 + 315 + 1995)
    );
    assert_eq!(totals["tax_included"], false);

    let mut moved = buyer.address.clone();
    (moved["region"], moved["city"], moved["postal_code"]) = (json!("NV"), json!("Reno"), json!("89501"));
    let changed = buyer.patch(&buyer.checkout_path(), &json!({ "shipping_address": moved })).await.ok(200);
    assert_eq!(
        (minor(&changed["totals"]["tax"]), minor(&changed["totals"]["total"])),
        (0, 4350 + 1995),
        "the region decides"
    );
    buyer.look_at_checkout().await;
    buyer.pay(GOOD_CARD).await.ok(200);
    shop.verify().await;
}

/// M5: 33.33 % off, 21 % in the price, quantities up to 999: nothing is lost between the lines.
async fn the_parts_always_make_up_the_whole(engine: Engine) {
    let mut third = percent_off("THIRD", "33.33");
    third.combinable = true;
    let goods = [1, 7, 99, 333, 1999, 10_001].map(|price| simple(&format!("AT-{price}"), price, 999));
    let shop = Setup::on(engine).products(goods.to_vec()).coupon(third).open().await;
    for quantities in [[1, 1, 1, 1, 1, 1], [999, 3, 1, 7, 2, 1], [1, 998, 13, 1, 999, 990]] {
        let mut buyer = shop.buyer().await;
        for (price, quantity) in [1, 7, 99, 333, 1999, 10_001].into_iter().zip(quantities) {
            buyer.add(&shop, &format!("AT-{price}"), quantity).await.ok(200);
        }
        buyer.coupon("THIRD").await.ok(200);
        let checkout = buyer.check_out().await.ok(201);
        adds_up(&checkout);
        let order = order_of(&shop, &mut buyer).await;
        adds_up(&order);
        for member in ["totals", "items"] {
            assert_eq!(
                order[member].to_string().matches("amount").count(),
                checkout[member].to_string().matches("amount").count()
            );
        }
        assert_eq!(order["totals"], checkout["totals"], "seen is charged");
        shop.stock_up(vec![], vec![]).await;
        shop.tamper("UPDATE stock SET on_hand = on_hand + 1000").await;
        shop.tamper("UPDATE stock_movements SET delta = delta + 1000 WHERE kind = 'initial'").await;
    }
    shop.verify().await;
}

async fn order_of(shop: &TestApp, buyer: &mut Buyer) -> Value {
    let paid = buyer.pay(GOOD_CARD).await.ok(200);
    let url = shop.path(text(&paid["order"]["url"])).to_owned();
    buyer.get(&format!("/api{url}")).await.ok(200)
}

/// total = subtotal - discount + shipping + (tax_included ? 0 : tax), and the lines make up all but the shipping.
fn adds_up(document: &Value) {
    let totals = &document["totals"];
    let [subtotal, discount, shipping, tax, total] =
        ["subtotal", "discount", "shipping", "tax", "total"].map(|name| minor(&totals[name]));
    let on_top = if totals["tax_included"] == json!(true) { 0 } else { tax };
    assert_eq!(total, subtotal - discount + shipping + on_top, "{totals}");
    let items = document["items"].as_array().expect("a list");
    let sum = |of: fn(&Value) -> i64| items.iter().map(of).sum::<i64>();
    assert_eq!(sum(|item| minor(&item["unit_price"]) * item["quantity"].as_i64().unwrap_or(0)), subtotal);
    assert_eq!(sum(|item| minor(&item["discount"])), discount);
    assert_eq!(
        sum(|item| minor(&item["total"])),
        subtotal - discount + if on_top > 0 { sum(|item| minor(&item["tax"])) } else { 0 }
    );
    for item in items {
        let goods = minor(&item["unit_price"]) * item["quantity"].as_i64().unwrap_or(0);
        assert!((0..=goods).contains(&minor(&item["discount"])), "{item}");
        let gross = minor(&item["total"]);
        // In the price: gross - round(gross / 1.21), half away from zero.
        assert_eq!(minor(&item["tax"]), gross - (gross * 200 + 121) / 242, "{item}");
    }
    let discounts = document["discounts"].as_array().expect("a list");
    assert_eq!(discounts.iter().map(|line| minor(&line["amount"])).sum::<i64>(), discount);
    let whole: Money = serde_json::from_value(totals["total"].clone()).expect("an amount");
    assert_eq!(whole.currency.code(), "EUR");
}
