//! Attempts, the sandbox's cards, the payment status of an order.

use crate::common::{World, at, currency, eur, id};
use commerce::money::Money;
use commerce::payment::{
    Attempt, DeclineCode, Outcome, PaymentError, PaymentFacts, apply, begin, payment_status, sandbox_card,
};

fn asked() -> Money {
    World::new().checkout().quote.totals.total
}

fn outcome(name: &str) -> Outcome {
    let reference = "pay-1".to_owned();
    match name {
        "paid" => Outcome::Succeeded { reference, amount: asked() },
        "paid less" => Outcome::Succeeded { reference, amount: eur(1) },
        "paid in dollars" => Outcome::Succeeded { reference, amount: Money::new(asked().minor, currency("USD")) },
        "declined" => Outcome::Declined { code: DeclineCode::CardDeclined },
        "action" => Outcome::RequiresAction { url: "/confirm".into(), reference },
        "processing" => Outcome::Processing { reference },
        "canceled" => Outcome::Canceled,
        "unknown" => Outcome::Unknown,
        other => panic!("{other:?} names no outcome"),
    }
}

/// Applies the outcomes in turn; compares the last state and effect.
fn check(outcomes: &[&str], expected: &str) {
    let mut attempt: Attempt = begin(&World::new().checkout(), id(31), id(41), at(0));
    let mut last = "nothing";
    for name in outcomes {
        let transition = apply(&attempt, outcome(name), at(1)).expect("one reference only");
        let moved = i64::from(transition.attempt.status != attempt.status);
        assert_eq!(transition.attempt.version, attempt.version + moved, "a version for a change");
        (attempt, last) = (transition.attempt, transition.effect.as_str());
    }
    assert_eq!(format!("{} {last}", attempt.status.as_str()), expected, "{outcomes:?}");
}

#[test]
fn what_outcomes_make_of_an_attempt() {
    check(&["paid"], "succeeded paid");
    check(&["declined"], "declined declined");
    check(&["canceled"], "canceled canceled");
    check(&["processing"], "processing wait");
    check(&["action"], "requires_action wait");
    check(&["unknown"], "pending nothing");
    check(&["action", "paid"], "succeeded paid");
    check(&["action", "processing", "paid"], "succeeded paid");
    check(&["action", "declined"], "declined declined");
    check(&["processing", "processing"], "processing nothing");
    check(&["processing", "unknown"], "processing nothing");
    // Told twice, or too late.
    check(&["paid", "paid"], "succeeded nothing");
    check(&["paid", "declined"], "succeeded nothing");
    check(&["paid", "processing"], "succeeded nothing");
    check(&["paid", "canceled"], "succeeded nothing");
    check(&["declined", "processing"], "declined nothing");
    check(&["declined", "declined"], "declined nothing");
    check(&["canceled", "declined"], "canceled nothing");
    // Money that does not fit is never called paid, and never dropped.
    check(&["paid less"], "needs_review review");
    check(&["paid in dollars"], "needs_review review");
    check(&["declined", "paid"], "needs_review review");
    check(&["canceled", "paid"], "needs_review review");
    check(&["paid less", "paid"], "needs_review nothing");
    check(&["paid less", "canceled"], "needs_review nothing");
}

#[test]
fn a_second_charge_is_an_error() {
    let attempt = begin(&World::new().checkout(), id(31), id(41), at(0));
    let paid = apply(&attempt, outcome("paid"), at(1)).expect("paid").attempt;
    let again = Outcome::Succeeded { reference: "pay-2".into(), amount: asked() };
    let error = PaymentError::SecondCharge { first: "pay-1".into(), second: "pay-2".into() };
    assert_eq!(apply(&paid, again, at(2)), Err(error));
}

#[test]
fn an_attempt_keeps_its_form_in_json() {
    let attempt = begin(&World::new().checkout(), id(31), id(41), at(0));
    for name in ["paid", "paid less", "declined", "action", "processing", "canceled"] {
        let attempt = apply(&attempt, outcome(name), at(1)).expect("an outcome").attempt;
        let json = serde_json::to_value(&attempt).expect("json");
        assert_eq!(json["status"]["status"], attempt.status.as_str());
        assert_eq!(serde_json::from_value::<Attempt>(json).expect("an attempt"), attempt);
    }
}

#[test]
fn what_the_sandbox_does_with_a_card() {
    fn check(number: &str, exp: &str, cvc: &str, expected: &str) {
        let answer = match sandbox_card(number, exp, cvc, at(0)) {
            Ok(answer) => format!("{answer:?}"),
            Err(errors) => errors.into_iter().map(|error| error.field).collect::<Vec<_>>().join(" "),
        };
        assert_eq!(answer, expected, "{number} {exp} {cvc}");
    }
    check("4242424242424242", "12/30", "123", "Approve");
    check("4242 4242-4242 4242", " 06 / 26 ", "1234", "Approve");
    check("4000000000000002", "12/30", "123", "Decline(CardDeclined)");
    check("4000000000009995", "12/30", "123", "Decline(InsufficientFunds)");
    check("4000002760003184", "12/30", "123", "ThreeDSecure");
    check("4000000000000077", "12/30", "123", "Late");
    check("5555555555554444", "12/30", "123", "Decline(CardDeclined)");
    check("", "12/30", "123", "card.number");
    check("4242", "12/30", "123", "card.number");
    check("424242424242424x", "12/30", "123", "card.number");
    check("4242424242424242", "05/26", "123", "card.exp");
    check("4242424242424242", "13/30", "123", "card.exp");
    check("4242424242424242", "00/30", "123", "card.exp");
    check("4242424242424242", "1/30", "123", "card.exp");
    check("4242424242424242", "12/2030", "123", "card.exp");
    check("4242424242424242", "+1/30", "123", "card.exp");
    check("4242424242424242", "1230", "123", "card.exp");
    check("4242424242424242", "12/30", "12", "card.cvc");
    check("4242424242424242", "12/30", "12a", "card.cvc");
    check("x", "x", "x", "card.number card.exp card.cvc");
}

#[test]
fn the_payment_status_of_an_order() {
    fn check(captured: i64, refunded: i64, change: fn(&mut PaymentFacts), expected: &str) {
        let mut facts = PaymentFacts {
            total: eur(100),
            captured: eur(captured),
            refunded: eur(refunded),
            authorized: false,
            failed: false,
            needs_review: false,
        };
        change(&mut facts);
        assert_eq!(payment_status(&facts).as_str(), expected, "{captured} in, {refunded} back");
    }
    check(0, 0, |_| {}, "pending");
    check(0, 0, |facts| facts.authorized = true, "authorized");
    check(0, 0, |facts| facts.failed = true, "failed");
    check(50, 0, |_| {}, "pending");
    check(100, 0, |_| {}, "paid");
    check(100, 1, |_| {}, "partially_refunded");
    check(100, 100, |_| {}, "refunded");
    check(100, 0, |facts| facts.failed = true, "paid");
    check(100, 0, |facts| facts.needs_review = true, "needs_review");
    check(0, 0, |facts| facts.total = eur(0), "paid");
}
