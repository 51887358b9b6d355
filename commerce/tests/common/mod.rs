//! What the tests build their cases from.
#![allow(dead_code, reason = "each test binary uses its part")]

use chrono::{DateTime, Duration, Utc};
use commerce::address::{Address, Destination};
use commerce::cart::Cart;
use commerce::catalog::{ProductStatus, StockPolicy};
use commerce::checkout::{Checkout, OpenCommand, OpenPlan, OpenSnapshot, SaleVariant, SellingTerms, open};
use commerce::error::Refusal;
use commerce::ids::*;
use commerce::inventory::{Level, Shelf};
use commerce::money::{Currency, Money, Rate};
use commerce::order::Order;
use commerce::payment::{Attempt, Outcome, ProviderKind, apply, begin};
use commerce::promotion::{Coupon, CouponKind, CouponUsage};
use commerce::shipping::{ShippingMethod, ShippingTable};
use commerce::tax::{TaxRate, TaxRules};
use std::collections::HashMap;
use uuid::Uuid;

pub fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a test names a real currency")
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, currency("EUR"))
}

/// Noon of the first of June 2026, and so many seconds.
pub fn at(seconds: i64) -> DateTime<Utc> {
    let noon: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().expect("a time");
    noon + Duration::seconds(seconds)
}

pub fn address(country: &str) -> Address {
    let (city, region, postal_code) = match country {
        "US" => ("Portland", Some("OR"), "97205"),
        "CA" => ("Toronto", Some("ON"), "M5V 2T6"),
        "DE" => ("Berlin", None, "10115"),
        _ => ("Utrecht", None, "3511 LX"),
    };
    Address {
        name: "Ada Byron".into(),
        line1: "Oudegracht 12".into(),
        line2: None,
        city: city.into(),
        region: region.map(Into::into),
        postal_code: Some(postal_code.into()),
        country: country.into(),
        phone: None,
    }
}

pub fn destination(country: &str, region: Option<&str>) -> Destination {
    Destination { country: country.into(), region: region.map(Into::into), postal_code: None }
}

pub fn coupon(code: &str, kind: CouponKind) -> Coupon {
    Coupon {
        id: id(code.bytes().map(u128::from).sum()),
        code: code.into(),
        label: code.to_lowercase(),
        kind,
        min_subtotal: None,
        starts_at: None,
        ends_at: None,
        total_limit: None,
        per_customer_limit: None,
        combinable: true,
        used: 0,
    }
}

pub fn percent(code: &str, percent: u16) -> Coupon {
    coupon(code, CouponKind::Percentage(Rate::percent(percent)))
}

pub fn method(name: &str, amount: i64, countries: &[&str]) -> ShippingMethod {
    ShippingMethod {
        id: name.into(),
        label: name.into(),
        countries: countries.iter().map(|&country| country.into()).collect(),
        regions: Vec::new(),
        amount: eur(amount),
        free_from: None,
        min_days: 1,
        max_days: 3,
    }
}

pub fn tax(country: &str, region: Option<&str>, rate: &str) -> TaxRate {
    let rate = rate.parse().expect("a rate");
    TaxRate { country: country.into(), region: region.map(Into::into), rate, label: "VAT".into() }
}

pub fn terms() -> SellingTerms {
    let mut standard = method("standard", 495, &["NL", "DE"]);
    standard.free_from = Some(eur(10_000));
    SellingTerms {
        currency: currency("EUR"),
        reservation: Duration::minutes(15),
        tax: TaxRules {
            prices_include_tax: true,
            tax_shipping: true,
            rates: vec![tax("NL", None, "21"), tax("DE", None, "19")],
            default_rate: Rate::ZERO,
        },
        shipping: ShippingTable { methods: vec![method("express", 1_295, &["NL"]), standard] },
        providers: vec![ProviderKind::Sandbox, ProviderKind::Manual],
        terms_version: Some("2026-01".into()),
        locations: vec![id(1), id(2)],
    }
}

/// A small shop with one cart: variant 1 at 19.99 (five left), variant 2 at 45.00 (not tracked).
#[derive(Clone)]
pub struct World {
    pub cart: Cart,
    pub variants: HashMap<VariantId, SaleVariant>,
    pub levels: HashMap<VariantId, Level>,
    pub shelves: HashMap<VariantId, Vec<Shelf>>,
    pub coupons: Vec<CouponUsage>,
    pub terms: SellingTerms,
    pub payment_in_flight: bool,
    pub command: OpenCommand,
}

pub fn variant(number: u128, price: i64) -> SaleVariant {
    SaleVariant {
        product_id: id(number),
        product_slug: format!("thing-{number}"),
        name: format!("Thing {number}"),
        status: ProductStatus::Active,
        variant_title: Some("Brick".into()),
        sku: Some(format!("MW-{number}")),
        image: None,
        price: eur(price),
        requires_shipping: true,
        taxable: true,
    }
}

impl World {
    pub fn new() -> Self {
        let cart = Cart::new(id(1), currency("EUR"), at(0));
        let cart = cart.add(id(11), id(1), 2, at(1)).expect("an item");
        let cart = cart.add(id(12), id(2), 1, at(2)).expect("an item");
        let counted = Level { on_hand: 6, reserved: 1, tracked: true, policy: StockPolicy::Deny };
        let command = OpenCommand {
            checkout_id: id(21),
            cart_version: cart.version,
            email: "ada@example.com".into(),
            shipping_address: address("NL"),
            billing_address: None,
            shipping_method: None,
            payment_method: ProviderKind::Sandbox,
            terms_accepted: true,
            locale: "en".into(),
        };
        Self {
            cart,
            variants: HashMap::from([(id(1), variant(1, 1_999)), (id(2), variant(2, 4_500))]),
            levels: HashMap::from([(id(1), counted), (id(2), Level { tracked: false, ..counted })]),
            shelves: HashMap::new(),
            coupons: Vec::new(),
            terms: terms(),
            payment_in_flight: false,
            command,
        }
    }

    /// With a coupon known to the shop and entered in the cart.
    pub fn with_coupon(mut self, coupon: Coupon) -> Self {
        self.cart = self.cart.apply_coupon(&coupon.code, at(3)).expect("a code");
        self.command.cart_version = self.cart.version;
        self.coupons.push(CouponUsage { coupon, used_by_customer: 0 });
        self
    }

    pub fn open(&self) -> Result<OpenPlan, Refusal> {
        let snapshot = OpenSnapshot {
            cart: &self.cart,
            variants: &self.variants,
            levels: &self.levels,
            shelves: &self.shelves,
            coupons: &self.coupons,
            terms: &self.terms,
            payment_in_flight: self.payment_in_flight,
        };
        open(&snapshot, &self.command, at(10))
    }

    pub fn checkout(&self) -> Checkout {
        self.open().expect("the world can be checked out").checkout
    }

    /// The order of its cart, paid in full.
    pub fn order(&self) -> Order {
        let checkout = self.checkout();
        let amount = checkout.quote.totals.total;
        let attempt = begin(&checkout, id(31), id(41), at(20));
        let paid = Outcome::Succeeded { reference: "pay-1".into(), amount };
        let attempt: Attempt = apply(&attempt, paid, at(21)).expect("a success").attempt;
        commerce::checkout::complete(&checkout, &attempt, "1001", at(22))
    }
}
