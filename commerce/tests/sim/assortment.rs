//! What a world begins with: goods, stock, coupons, the terms of the shop, and who buys there.

use super::dice::Dice;
use super::shop::{LOCATIONS, Shop, Written, location_at};
use super::tables::{Goods, Movement, StockRow};
use chrono::{DateTime, Duration, Utc};
use commerce::address::Address;
use commerce::catalog::{ProductStatus, StockPolicy};
use commerce::checkout::{SaleVariant, SellingTerms};
use commerce::inventory::MovementKind;
use commerce::money::{Currency, Money, Rate};
use commerce::payment::ProviderKind;
use commerce::promotion::{Coupon, CouponKind};
use commerce::shipping::{ShippingMethod, ShippingTable};
use commerce::tax::{TaxRate, TaxRules};

pub const CODES: [&str; 5] = ["TEN", "ONCE", "ALL", "FIVE", "ENDS"];

/// Who buys; the second and the third are one person to a coupon.
pub const EMAILS: [&str; 4] = ["ada@example.com", "bob@example.com", "Bob+shop@example.com", "cy@example.com"];

/// Noon of the first of June 2026.
pub fn beginning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_315_200, 0).expect("a time")
}

pub fn terms(dice: &mut Dice) -> SellingTerms {
    let currency = Currency::parse(["EUR", "EUR", "JPY", "KWD"][dice.below(4)]).expect("it is a currency");
    let method = |id: &str, amount, free_from| ShippingMethod {
        id: id.to_owned(),
        label: id.to_owned(),
        countries: Vec::new(),
        regions: Vec::new(),
        amount: Money::new(amount, currency),
        free_from,
        min_days: 1,
        max_days: 3,
    };
    let free_from = dice.chance(50).then(|| Money::new(6_000, currency));
    let rate = |country: &str, percent| TaxRate {
        country: country.to_owned(),
        region: None,
        rate: Rate::percent(percent),
        label: "VAT".to_owned(),
    };
    SellingTerms {
        currency,
        reservation: Duration::minutes([15, 15, 90][dice.below(3)]),
        tax: TaxRules {
            prices_include_tax: dice.chance(50),
            tax_shipping: dice.chance(50),
            rates: vec![rate("NL", 21), rate("DE", 19)],
            default_rate: Rate::ZERO,
        },
        shipping: ShippingTable { methods: vec![method("fast", 1_295, None), method("post", 495, free_from)] },
        providers: vec![ProviderKind::Sandbox, ProviderKind::Manual],
        terms_version: None,
        locations: (0..LOCATIONS).map(location_at).collect(),
    }
}

/// Fills the tables.
pub fn stock_up(shop: &mut Shop, dice: &mut Dice) -> Written<()> {
    let plans = [
        (1_999, true, StockPolicy::Deny, true),
        (333, true, StockPolicy::Deny, true),
        (4_500, true, StockPolicy::Continue, true),
        (250, false, StockPolicy::Deny, false),
    ];
    for (at, (price, tracked, policy, requires_shipping)) in plans.into_iter().enumerate() {
        let variant = variant(at, shop.money(price), requires_shipping);
        shop.db.goods.push(Goods { variant, tracked, policy });
        for location in 0..LOCATIONS {
            let on_hand = dice.between(1, 8);
            shop.db.stock.push(StockRow { on_hand, reserved: 0 });
            let (stock, kind) = (at * LOCATIONS + location, MovementKind::Initial);
            shop.db.movements.push(Movement { stock, kind, delta: on_hand, cart: usize::MAX, number: 0 });
        }
    }
    for (at, code) in CODES.into_iter().enumerate() {
        let coupon = coupon(shop, dice, at as u128 + 201, code);
        shop.db.coupons.push(coupon);
    }
    Ok(())
}

fn variant(at: usize, price: Money, requires_shipping: bool) -> SaleVariant {
    SaleVariant {
        product_id: uuid::Uuid::from_u128(at as u128 + 301).into(),
        product_slug: String::new(),
        name: format!("thing {at}"),
        status: ProductStatus::Active,
        variant_title: None,
        sku: None,
        image: None,
        price,
        requires_shipping,
        taxable: at != 1,
    }
}

fn coupon(shop: &Shop, dice: &mut Dice, id: u128, code: &str) -> Coupon {
    let plain = Coupon {
        id: uuid::Uuid::from_u128(id).into(),
        code: code.to_owned(),
        label: String::new(),
        kind: CouponKind::Percentage(Rate::percent(10)),
        min_subtotal: None,
        starts_at: None,
        ends_at: None,
        total_limit: None,
        per_customer_limit: None,
        combinable: true,
        used: 0,
    };
    match code {
        "TEN" => Coupon { total_limit: Some(dice.between(1, 3)), ..plain },
        "ONCE" => Coupon { per_customer_limit: Some(1), kind: CouponKind::Percentage(Rate::percent(7)), ..plain },
        "ALL" => Coupon { total_limit: Some(2), kind: CouponKind::Percentage(Rate::ONE), combinable: false, ..plain },
        "FIVE" => Coupon {
            kind: CouponKind::Fixed(shop.money(500)),
            min_subtotal: Some(shop.money(1_000)),
            per_customer_limit: Some(2),
            ..plain
        },
        _ => Coupon { ends_at: Some(shop.now + Duration::hours(2)), ..plain },
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
