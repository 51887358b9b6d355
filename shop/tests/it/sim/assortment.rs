//! What a world begins with: goods, stock, coupons, and who buys there.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use commerce::address::Address;
use commerce::promotion::Coupon;
use oxcart::clock::Clock;

use super::bank::Bank;
use super::dice::Dice;
use crate::app::{Engine, Setup, TestApp};
use crate::builders::{also_at_the_depot, amount_off, depot, download, eur, made_to_order, percent_off, simple};

/// Few of them, counted; one is made when it is ordered, one is never counted.
pub const SKUS: [&str; 4] = ["KETTLE", "LAMP", "STOOL", "PLAN"];

pub const CODES: [&str; 4] = ["TEN", "ONCE", "ALL", "FIVE"];

/// Who buys; the second and the third are one person to a coupon.
pub const EMAILS: [&str; 4] = ["ada@example.com", "bob@gmail.com", "b.ob+shop@gmail.com", "cy@example.com"];

/// Noon of the first of June 2026.
fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_315_200, 0).expect("a time")
}

/// Opens the shop of a world.
pub async fn open(engine: Engine, bank: &Bank, dice: &mut Dice) -> TestApp {
    let goods = vec![
        also_at_the_depot(simple("KETTLE", 1_999, dice.between(1, 6)), dice.between(2, 3)),
        also_at_the_depot(simple("LAMP", 333, dice.between(1, 2)), dice.between(0, 2)),
        made_to_order("STOOL", 4_500),
        download("PLAN", 250),
    ];
    let reservation = ["15", "15", "90"][dice.below(3)];
    let mut setup = Setup::on(engine)
        .in_memory()
        .bank({
            let bank = bank.clone();
            move |_| Arc::new(bank)
        })
        .clock(Clock::simulated(noon()))
        .shop(|shop| shop.locations.push(depot()))
        .setting("OXCART_RESERVATION_MINUTES", reservation)
        .products(goods);
    for code in CODES {
        setup = setup.coupon(coupon(code, dice));
    }
    setup.open().await
}

fn coupon(code: &str, dice: &mut Dice) -> Coupon {
    let ten = Coupon { combinable: true, ..percent_off(code, "10") };
    match code {
        "TEN" => Coupon { total_limit: Some(dice.between(1, 3)), ..ten },
        "ONCE" => Coupon { per_customer_limit: Some(1), ..ten },
        "ALL" => Coupon { total_limit: Some(2), ..percent_off(code, "100") },
        _ => Coupon {
            min_subtotal: Some(eur(1_000)),
            per_customer_limit: Some(2),
            combinable: true,
            ..amount_off(code, 500)
        },
    }
}

pub fn address(country: &str) -> Address {
    let postal_code = if country == "DE" { "10115" } else { "3511 LX" };
    Address {
        name: "A".to_owned(),
        line1: "B 1".to_owned(),
        line2: None,
        city: "C".to_owned(),
        region: None,
        postal_code: Some(postal_code.to_owned()),
        country: country.to_owned(),
        phone: None,
    }
}
