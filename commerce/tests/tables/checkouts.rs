//! Opening, changing and paying a checkout: what is refused, in which order, and what is planned.

use crate::common::{World, address, at, eur, id, method, percent};
use commerce::cart::CartStatus;
use commerce::catalog::ProductStatus;
use commerce::checkout::{ACTION_HOLD, Amendment, CheckoutStatus, PayCommand, amend, begin_payment};
use commerce::error::Refusal;
use commerce::inventory::{Reserve, Shortage};
use commerce::payment::{BankAnswer, CardInput, DeclineCode, Effect, ProviderKind};
use commerce::promotion::Coupon;

/// Puts something in the way of opening.
type Obstruct = fn(&mut World);

/// Everything that can be wrong with opening, in the order it is told.
fn obstacles() -> Vec<(&'static str, Obstruct)> {
    vec![
        ("cart_completed", |world| world.cart.status = CartStatus::Completed(id(99))),
        ("payment_in_progress", |world| world.payment_in_flight = true),
        ("cart_changed", |world| world.command.cart_version -= 1),
        ("cart_empty", |world| world.cart.items.clear()),
        ("invalid_fields", |world| world.command.email = "nobody".into()),
        ("payment_method_unavailable", |world| world.command.payment_method = ProviderKind::Stripe),
        ("items_unavailable", |world| {
            world.variants.remove(&id(2));
        }),
        ("insufficient_stock", |world| {
            world.levels.remove(&id(1));
        }),
        ("coupon_unknown", |world| world.cart.coupons.push("NOPE".into())),
        ("shipping_unavailable", |world| world.terms.shipping.methods.clear()),
    ]
}

#[test]
fn each_obstacle_is_told_and_the_first_one_first() {
    assert!(World::new().open().is_ok());
    let obstacles = obstacles();
    for (index, (code, _)) in obstacles.iter().enumerate() {
        let mut alone = World::new();
        obstacles[index].1(&mut alone);
        assert_eq!(alone.open().expect_err("an obstacle").code(), *code);

        let mut with_all_later = World::new();
        obstacles[index..].iter().for_each(|(_, obstruct)| obstruct(&mut with_all_later));
        assert_eq!(with_all_later.open().expect_err("obstacles").code(), *code, "before all later ones");
    }
}

#[test]
fn what_else_stands_in_the_way() {
    fn check(change: fn(&mut World), expected: &str) {
        let mut world = World::new();
        change(&mut world);
        assert_eq!(world.open().map_or_else(|refusal| refusal.code(), |_| "opened"), expected);
    }
    check(|world| world.variants.get_mut(&id(1)).expect("there").status = ProductStatus::Draft, "items_unavailable");
    check(|world| world.variants.get_mut(&id(1)).expect("there").status = ProductStatus::Archived, "items_unavailable");
    check(|world| world.command.shipping_method = Some("pigeon".into()), "shipping_method_unavailable");
    check(|world| world.command.shipping_address = address("US"), "shipping_unavailable");
    check(|world| world.command.billing_address = Some(address("US")), "opened");
    check(|world| world.variants.get_mut(&id(1)).expect("there").price = eur(i64::MAX), "amount_out_of_range");
    check(|world| world.levels.get_mut(&id(1)).expect("there").reserved = 4, "opened");
    check(|world| world.levels.get_mut(&id(1)).expect("there").reserved = 5, "insufficient_stock");
}

#[test]
fn every_bad_field_is_named_with_its_path() {
    let mut world = World::new();
    world.command.email = String::new();
    world.command.shipping_address.city = " ".into();
    world.command.billing_address = Some(address("NL"));
    world.command.billing_address.as_mut().expect("there").postal_code = Some("12".into());
    let Err(Refusal::InvalidFields(errors)) = world.open() else { panic!("fields are refused") };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["email", "shipping_address.city", "billing_address.postal_code"]);
}

#[test]
fn all_shortages_are_told_at_once() {
    let mut world = World::new();
    world.levels.clear();
    let Err(Refusal::InsufficientStock(shortages)) = world.open() else { panic!("it comes up short") };
    let short = |item, variant, requested| Shortage {
        item_id: Some(id(item)),
        variant_id: id(variant),
        requested,
        available: 0,
    };
    assert_eq!(shortages, [short(11, 1, 2), short(12, 2, 1)]);
}

#[test]
fn the_plan_freezes_the_quote_and_reserves_what_is_counted() {
    let world = World::new().with_coupon(percent("TEN", 10));
    let plan = world.open().expect("a plan");
    assert_eq!(plan.reserve, [Reserve { variant_id: id(1), location_id: id(1), quantity: 2 }]);
    assert_eq!(plan.coupon_uses, [world.coupons[0].coupon.id]);
    let checkout = plan.checkout;
    assert_eq!((checkout.version, checkout.status), (1, CheckoutStatus::Open));
    // 2 x 19.99 + 45.00, less 10 %, and shipping.
    assert_eq!(checkout.quote.totals.total, eur(8_498 - 850 + 495));
    assert_eq!(checkout.quote.shipping.as_ref().map(|shipping| shipping.method_id.as_str()), Some("standard"));
    assert_eq!(checkout.billing_address, checkout.shipping_address);
    assert_eq!(checkout.expires_at, at(10) + world.terms.reservation);
    assert_eq!(checkout.terms_version.as_deref(), Some("2026-01"));
    let kept = serde_json::to_string(&checkout).expect("json");
    assert_eq!(serde_json::from_str::<commerce::checkout::Checkout>(&kept).expect("a checkout"), checkout);
}

#[test]
fn changing_an_open_checkout() {
    fn check(change: Amendment, expected: &str) {
        let world = World::new();
        let checkout = world.checkout();
        let answer = match amend(&checkout, &change, &world.terms, &world.coupons, at(60)) {
            Ok(amended) => {
                let shipping = amended.quote.shipping.expect("shipping is known");
                format!("v{} {} {}", amended.version, shipping.method_id, amended.quote.totals.total.minor)
            }
            Err(refusal) => refusal.code().to_owned(),
        };
        assert_eq!(answer, expected);
    }
    let none = Amendment::default;
    check(none(), "v1 standard 8993");
    check(Amendment { email: Some("ada@example.com".into()), ..none() }, "v1 standard 8993");
    check(Amendment { email: Some("eve@example.com".into()), ..none() }, "v2 standard 8993");
    check(Amendment { email: Some("eve".into()), ..none() }, "invalid_fields");
    check(Amendment { shipping_method: Some("express".into()), ..none() }, "v2 express 9793");
    check(Amendment { shipping_method: Some("pigeon".into()), ..none() }, "shipping_method_unavailable");
    check(Amendment { shipping_address: Some(address("DE")), ..none() }, "v2 standard 8993");
    check(Amendment { shipping_address: Some(address("US")), ..none() }, "shipping_unavailable");
    check(Amendment { payment_method: Some(ProviderKind::Manual), ..none() }, "v2 standard 8993");
    check(Amendment { payment_method: Some(ProviderKind::Stripe), ..none() }, "payment_method_unavailable");
}

#[test]
fn an_amended_checkout_keeps_what_was_promised() {
    let mut world = World::new().with_coupon(Coupon { ends_at: Some(at(30)), ..percent("TEN", 10) });
    let mut checkout = world.checkout();
    checkout = amend(
        &checkout,
        &Amendment { shipping_method: Some("express".into()), ..Amendment::default() },
        &world.terms,
        &world.coupons,
        at(31),
    )
    .expect("a coupon that was good when the checkout was opened stays good");
    assert_eq!(checkout.quote.discounts.len(), 1);

    let moved = Amendment { shipping_address: Some(address("DE")), ..Amendment::default() };
    let moved_checkout = amend(&checkout, &moved, &world.terms, &world.coupons, at(32)).expect("Germany is served");
    assert_eq!(moved_checkout.billing_address.country, "DE", "billed as shipped");
    let method = moved_checkout.quote.shipping.expect("shipping is known").method_id;
    assert_eq!(method, "standard", "express does not go to Germany");

    world.coupons[0].coupon.per_customer_limit = Some(1);
    world.coupons[0].used_by_customer = 1;
    let other = Amendment { email: Some("eve@example.com".into()), ..Amendment::default() };
    let refused = amend(&checkout, &other, &world.terms, &world.coupons, at(33)).expect_err("Eve has used it");
    assert_eq!(refused.code(), "coupon_used_up");
}

fn card(number: &str) -> Option<CardInput> {
    Some(CardInput { number: number.into(), exp: "12/30".into(), cvc: "123".into() })
}

#[test]
fn who_may_begin_to_pay() {
    fn check(change: fn(&mut commerce::checkout::Checkout), seconds: i64, expected: &str) {
        let mut checkout = World::new().checkout();
        change(&mut checkout);
        let command = PayCommand { version: 1, card: card("4242 4242 4242 4242") };
        let answer = begin_payment(&checkout, &command, id(31), id(41), at(seconds));
        assert_eq!(answer.map_or_else(|refusal| refusal.code(), |_| "begun"), expected);
    }
    let reserved_until = 10 + 15 * 60;
    check(|_| {}, 20, "begun");
    check(|_| {}, reserved_until - 1, "begun");
    check(|_| {}, reserved_until, "checkout_expired");
    check(|checkout| checkout.version = 2, 20, "checkout_changed");
    check(|checkout| (checkout.status, checkout.order) = (CheckoutStatus::Completed, Some(id(41))), 20, "already_paid");
    check(|checkout| checkout.status = CheckoutStatus::Expired, 20, "checkout_expired");
    check(|checkout| checkout.status = CheckoutStatus::Canceled, 20, "checkout_canceled");
    check(|checkout| checkout.status = CheckoutStatus::Processing, reserved_until, "payment_in_progress");
    check(|checkout| checkout.status = CheckoutStatus::NeedsReview, 20, "payment_in_review");
    check(|checkout| checkout.payment_method = ProviderKind::Manual, 20, "invalid_fields");
    check(|checkout| checkout.payment_method = ProviderKind::Stripe, 20, "invalid_fields");
    check(|checkout| checkout.quote.totals.total = eur(0), 20, "begun");
}

#[test]
fn the_plan_of_a_payment() {
    let sandbox = World::new().checkout();
    let late = PayCommand { version: 1, card: card("4000000000000077") };
    let plan = begin_payment(&sandbox, &late, id(31), id(41), at(20)).expect("a plan");
    assert_eq!((plan.immediate, plan.bank), (false, Some(BankAnswer::Late)));
    assert_eq!(plan.hold_until, at(20) + ACTION_HOLD);
    assert_eq!((plan.attempt.order_id, plan.attempt.amount), (id(41), sandbox.quote.totals.total));
    assert_eq!(plan.attempt.status.as_str(), "pending");

    let cardless = PayCommand { version: 1, card: None };
    assert_eq!(
        begin_payment(&sandbox, &cardless, id(31), id(41), at(20)).expect_err("no card").code(),
        "invalid_fields"
    );

    let mut manual = sandbox.clone();
    manual.payment_method = ProviderKind::Manual;
    let plan = begin_payment(&manual, &cardless, id(31), id(41), at(20)).expect("a plan");
    assert_eq!((plan.immediate, plan.bank, plan.hold_until), (true, None, manual.expires_at));
    assert_eq!(plan.attempt.status.as_str(), "pending");

    let mut free = sandbox;
    free.quote.totals.total = eur(0);
    let plan = begin_payment(&free, &cardless, id(31), id(41), at(20)).expect("a plan");
    assert_eq!((plan.immediate, plan.bank), (true, None));
    assert_eq!(plan.attempt.status.as_str(), "succeeded");
}

#[test]
fn a_card_is_never_shown() {
    assert_eq!(format!("{:?}", card("4242424242424242")), "Some(CardInput(..))");
    assert!(DeclineCode::InsufficientFunds.message().contains("funds"));
}

#[test]
fn what_may_end_and_what_an_outcome_makes_of_it() {
    use CheckoutStatus::*;
    let with = |status| commerce::checkout::Checkout { status, order: Some(id(41)), ..World::new().checkout() };
    let late = at(100_000);
    for (status, cancel, expire) in [
        (Open, "ok", true),
        (Processing, "payment_in_progress", false),
        (Completed, "already_paid", false),
        (Expired, "ok", false),
        (Canceled, "ok", false),
        (NeedsReview, "payment_in_review", false),
    ] {
        assert_eq!(with(status).can_cancel().map_or_else(|refusal| refusal.code(), |()| "ok"), cancel, "{status}");
        assert_eq!(with(status).can_expire(late), expire, "{status}");
    }
    for (before, effect, after) in [
        (Processing, Effect::Paid, Completed),
        (Processing, Effect::Declined, Open),
        (Processing, Effect::Canceled, Open),
        (Processing, Effect::Review, NeedsReview),
        (Open, Effect::Wait, Processing),
        (Completed, Effect::Declined, Completed),
        (Completed, Effect::Review, Completed),
        (Processing, Effect::Nothing, Processing),
        // What these held may have been sold since: nothing that comes late sells it again or opens them.
        (Expired, Effect::Paid, NeedsReview),
        (Canceled, Effect::Paid, NeedsReview),
        (NeedsReview, Effect::Paid, NeedsReview),
        (Expired, Effect::Declined, Expired),
        (Canceled, Effect::Wait, Canceled),
        (NeedsReview, Effect::Declined, NeedsReview),
        (NeedsReview, Effect::Canceled, NeedsReview),
    ] {
        assert_eq!(with(before).status_after(effect), after, "{before} {effect}");
    }
}

#[test]
fn nothing_to_send_needs_no_delivery() {
    let mut world = World::new();
    world.variants.values_mut().for_each(|variant| variant.requires_shipping = false);
    world.terms.shipping.methods = vec![method("moon", 1, &["XX"])];
    let quote = world.checkout().quote;
    assert_eq!(
        quote.shipping.map(|shipping| (shipping.label, shipping.amount)),
        Some(("No delivery needed".into(), eur(0)))
    );
}
