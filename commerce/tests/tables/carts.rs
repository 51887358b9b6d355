//! Edits of a cart, and e-mail addresses.

use crate::common::{at, currency, id};
use commerce::cart::{Cart, CartRefusal, CartStatus};
use commerce::customer::{canonical_email, check_email};

#[derive(Clone, Copy)]
enum Edit {
    Add(u128, u128, i64),
    Set(u128, i64),
    Remove(u128),
    Coupon(&'static str),
    NoCoupon(&'static str),
}
use Edit::{Add, Coupon, NoCoupon, Remove, Set};

fn edit(cart: &Cart, edit: Edit) -> Result<Cart, CartRefusal> {
    match edit {
        Add(item, variant, quantity) => cart.add(id(item), id(variant), quantity, at(1)),
        Set(item, quantity) => cart.set_quantity(id(item), quantity, at(1)),
        Remove(item) => cart.remove(id(item), at(1)),
        Coupon(code) => cart.apply_coupon(code, at(1)),
        NoCoupon(code) => cart.remove_coupon(code, at(1)),
    }
}

/// Makes the edits in turn and compares the last answer: version, lines as `variant x quantity`, coupons, or the code
/// of the refusal.
fn check(edits: &[Edit], expected: &str) {
    let (last, before) = edits.split_last().expect("an edit");
    let start = Cart::new(id(1), currency("EUR"), at(0));
    let cart = before.iter().fold(start, |cart, &step| edit(&cart, step).expect("a step before the last"));
    let answer = match edit(&cart, *last) {
        Ok(cart) => {
            let lines: Vec<String> =
                cart.items.iter().map(|item| format!("{}x{}", item.variant_id.0.as_u128(), item.quantity)).collect();
            format!("v{} {} {}", cart.version, lines.join("+"), cart.coupons.join(",")).trim().to_owned()
        }
        Err(refusal) => refusal.code().to_owned(),
    };
    assert_eq!(answer, expected);
}

#[test]
fn edits_of_a_cart() {
    check(&[Add(1, 7, 2)], "v2 7x2");
    check(&[Add(1, 7, 2), Add(2, 7, 3)], "v3 7x5");
    check(&[Add(1, 7, 2), Add(2, 8, 1)], "v3 7x2+8x1");
    check(&[Add(1, 7, 999)], "v2 7x999");
    check(&[Add(1, 7, 1000)], "quantity_too_large");
    check(&[Add(1, 7, 999), Add(2, 7, 1)], "quantity_too_large");
    check(&[Add(1, 7, i64::MAX)], "quantity_too_large");
    check(&[Add(1, 7, 1), Add(2, 7, i64::MAX)], "quantity_too_large");
    check(&[Add(1, 7, 0)], "quantity_too_small");
    check(&[Add(1, 7, -1)], "quantity_too_small");
    check(&[Add(1, 7, 2), Set(1, 5)], "v3 7x5");
    check(&[Add(1, 7, 2), Set(1, 2)], "v2 7x2");
    check(&[Add(1, 7, 2), Set(1, 0)], "v3");
    check(&[Add(1, 7, 2), Set(1, -1)], "quantity_too_small");
    check(&[Add(1, 7, 2), Set(1, 1000)], "quantity_too_large");
    check(&[Add(1, 7, 2), Set(9, 1)], "item_unknown");
    check(&[Add(1, 7, 2), Remove(1)], "v3");
    check(&[Add(1, 7, 2), Remove(1), Remove(1)], "item_unknown");
    check(&[Coupon(" spring ")], "v2  SPRING");
    check(&[Coupon("spring"), Coupon("SPRING")], "v2  SPRING");
    check(&[Coupon("spring"), NoCoupon("Spring")], "v3");
    check(&[NoCoupon("spring")], "v1");
    check(&[Coupon("  ")], "coupon_invalid");
    check(&[Coupon("a\0b")], "coupon_invalid");
    check(&[Coupon("a"), Coupon("b"), Coupon("c"), Coupon("d"), Coupon("e"), Coupon("f")], "too_many_coupons");
    let hundred: Vec<Edit> = (1..=101).map(|number| Add(number, number, 1)).collect();
    check(&hundred, "too_many_lines");
}

#[test]
fn the_refusals_state_the_limits() {
    let sentences = [
        CartRefusal::QuantityTooLarge { wanted: 1_200 }.to_string(),
        CartRefusal::TooManyLines.to_string(),
        CartRefusal::TooManyCoupons.to_string(),
    ];
    for (sentence, limit) in sentences.iter().zip(["999", "100", "5"]) {
        assert!(sentence.contains(limit), "{sentence}");
    }
}

#[test]
fn a_bought_cart_stands_still() {
    let cart = Cart { status: CartStatus::Completed(id(9)), ..Cart::new(id(1), currency("EUR"), at(0)) };
    for step in [Add(1, 7, 1), Set(1, 1), Remove(1), Coupon("a"), NoCoupon("a")] {
        assert_eq!(edit(&cart, step), Err(CartRefusal::Completed { order: id(9) }));
    }
}

#[test]
fn email_addresses() {
    let label = "b".repeat(63);
    let longest = format!("{}@{label}.{label}.{}.co", "a".repeat(64), "b".repeat(58));
    for good in ["a@b.co", " ada@example.com ", "o'hara+x@mail.example.org", "j@xn--mller-kva.de", longest.as_str()] {
        assert_eq!(check_email(good), Ok(()), "{good}");
    }
    assert_eq!(longest.len(), 254);
    let too_long = format!("{longest}m");
    let bad = ["", "ada", "@b.co", "a@", "a@b", "a@@b.co", "a b@c.de", "a@b..co", "a@-b.co", "a@b.co.", "a\0@b.co"];
    // No mail server can be counted on to take these.
    let unwritable =
        ["<script>@b.co", "a..b@b.co", ".a@b.co", "a,b@b.co", "(a)@b.co", "\"a b\"@b.co", "jürgen@b.de", "a@müller.de"];
    for bad in bad.into_iter().chain(unwritable).chain([too_long.as_str()]) {
        assert!(check_email(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn one_person_is_counted_once() {
    for (email, canonical) in [
        (" Ada@Example.com ", "ada@example.com"),
        ("ada+shop@example.com", "ada@example.com"),
        ("a.d.a+x@googlemail.com", "ada@gmail.com"),
        ("a.d.a@example.com", "a.d.a@example.com"),
        ("+x@example.com", "+x@example.com"),
        ("nonsense", "nonsense"),
    ] {
        assert_eq!(canonical_email(email), canonical);
    }
}
