//! What stands in the shop of the tests, and short ways to make more of it.

use std::collections::HashMap;

use commerce::catalog::{CategoryInput, ProductInput};
use commerce::ids::CategoryId;
use commerce::inventory::MovementKind;
use commerce::money::{Currency, Money, Rate};
use commerce::promotion::{Coupon, CouponKind};
use commerce::shipping::{ShippingMethod, ShippingTable};
use commerce::tax::{TaxRate, TaxRules};
use oxcart::app::App;
use oxcart::error::Result;
use oxcart::settings::{Location, ShopSettings};
use oxcart::store::categories::{self, StoredCategory};
use oxcart::store::{locations, products};
use serde_json::{Value, json};

/// Succeeds.
pub const GOOD_CARD: &str = "4242424242424242";
/// Is declined.
pub const DECLINED_CARD: &str = "4000000000000002";
/// Has too little money on it.
pub const POOR_CARD: &str = "4000000000009995";
/// Asks the buyer to confirm.
pub const SECURE_CARD: &str = "4000002760003184";
/// Succeeds two seconds later.
pub const LATE_CARD: &str = "4000000000000077";

/// An amount of the shop of the tests.
pub fn eur(minor: i64) -> Money {
    money(minor, "EUR")
}

/// An amount of any currency.
pub fn money(minor: i64, currency: &str) -> Money {
    Money::new(minor, Currency::parse(currency).expect("a currency of ISO 4217"))
}

/// An amount as it stands in a document.
pub fn amount(minor: i64) -> Value {
    json!({ "amount": minor, "currency": "EUR" })
}

/// An address in Amsterdam.
pub fn address() -> Value {
    json!({
        "name": "Ada Lovelace",
        "line1": "Keizersgracht 1",
        "postal_code": "1015 CJ",
        "city": "Amsterdam",
        "country": "NL",
    })
}

/// A card of the sandbox that expires in the far future.
pub fn card(number: &str) -> Value {
    json!({ "number": number, "exp": "12/79", "cvc": "123" })
}

/// Euros; prices include 21 % in the Netherlands; three ways to send.
pub fn settings() -> ShopSettings {
    let defaults = ShopSettings::default();
    ShopSettings {
        name: "Test & Sons".into(),
        tax: TaxRules { rates: vec![rate("NL", None, "21")], ..defaults.tax },
        shipping: ShippingTable {
            methods: vec![
                method("express", &["NL"], eur(995), None),
                method("standard", &["NL", "DE"], eur(495), Some(eur(20_000))),
                method("world", &["US"], eur(1995), None),
            ],
        },
        ..defaults
    }
}

/// A rate of tax.
pub fn rate(country: &str, region: Option<&str>, percent: &str) -> TaxRate {
    let rate: Rate = serde_json::from_value(json!(percent)).expect("a percentage");
    TaxRate { country: country.into(), region: region.map(Into::into), rate, label: "VAT".into() }
}

/// A way to send.
pub fn method(id: &str, countries: &[&str], amount: Money, free_from: Option<Money>) -> ShippingMethod {
    ShippingMethod {
        id: id.into(),
        label: format!("By {id}"),
        countries: countries.iter().map(|country| (*country).to_owned()).collect(),
        regions: vec![],
        amount,
        free_from,
        min_days: 2,
        max_days: 4,
    }
}

/// Kitchen, and kettles in it.
pub fn categories() -> Vec<CategoryInput> {
    let category = |document| serde_json::from_value(document).expect("a category");
    vec![
        category(json!({ "slug": "kitchen", "name": "Kitchen" })),
        category(json!({ "slug": "kettles", "name": "Kettles", "parent": "kitchen" })),
    ]
}

/// One product of each sort that behaves differently.
pub fn products() -> Vec<ProductInput> {
    vec![
        kettle(),
        simple("MUG", 1450, 100),
        simple("LAMP", 12_900, 1),
        made_to_order("STOOL", 21_000),
        download("PLAN", 500),
        with(simple("DRAFT", 100, 10), json!({ "status": "draft" })),
        with(simple("GONE", 100, 10), json!({ "status": "archived" })),
    ]
}

/// A product of one variant: its slug is the SKU in small letters.
pub fn simple(sku: &str, price: i64, on_hand: i64) -> ProductInput {
    priced(sku, eur(price), on_hand)
}

/// The same in any currency.
pub fn priced(sku: &str, price: Money, on_hand: i64) -> ProductInput {
    product(json!({
        "slug": sku.to_lowercase(),
        "name": format!("The {}", sku.to_lowercase()),
        "status": "active",
        "categories": ["kitchen"],
        "variants": [{ "sku": sku, "price": price, "on_hand": on_hand }],
    }))
}

/// A second location, which sells too.
pub fn depot() -> Location {
    Location { code: "depot".into(), name: "Depot".into(), sells: true }
}

/// The same with more of each variant at the depot.
pub fn also_at_the_depot(mut product: ProductInput, units: i64) -> ProductInput {
    for variant in &mut product.variants {
        variant.elsewhere.insert("depot".into(), units);
    }
    product
}

/// Sold on when the shelf is empty.
pub fn made_to_order(sku: &str, price: i64) -> ProductInput {
    let mut product = simple(sku, price, 0);
    product.variants[0].policy = commerce::catalog::StockPolicy::Continue;
    product
}

/// Not counted and not sent.
pub fn download(sku: &str, price: i64) -> ProductInput {
    let mut product = simple(sku, price, 0);
    (product.variants[0].tracked, product.variants[0].requires_shipping) = (false, false);
    product
}

/// Two options and three of their four combinations: one on sale, one low, one sold out.
fn kettle() -> ProductInput {
    let variant = |sku: &str, colour: &str, size: &str, price: i64, on_hand: i64| {
        json!({
            "sku": sku,
            "options": { "Colour": colour, "Size": size },
            "price": amount(price),
            "on_hand": on_hand,
        })
    };
    let mut on_sale = variant("KETTLE-BRICK-10", "Brick", "1.0 l", 6800, 10);
    on_sale["compare_at_price"] = amount(8000);
    product(json!({
        "slug": "stove-kettle",
        "name": "Stove kettle",
        "brand": "Harbour",
        "summary": "Boils and sings.",
        "description_html": "<p>Enamelled steel.</p>",
        "status": "active",
        "categories": ["kettles", "kitchen"],
        "tags": ["tea"],
        "options": [
            { "name": "Colour", "values": ["Brick", "Ink"] },
            { "name": "Size", "values": ["1.0 l", "1.5 l"] },
        ],
        "variants": [
            on_sale,
            variant("KETTLE-BRICK-15", "Brick", "1.5 l", 7800, 3),
            variant("KETTLE-INK-10", "Ink", "1.0 l", 6900, 0),
        ],
        "images": [{ "src": "https://pictures.example/kettle.jpg", "alt": "A kettle", "width": 800, "height": 1000 }],
        "attributes": [{ "name": "Material", "value": "Steel" }],
        "low_stock_threshold": 3,
        "related": ["mug"],
    }))
}

/// A product of a line of a catalog file.
pub fn product(document: Value) -> ProductInput {
    serde_json::from_value(document).expect("a product")
}

/// The same product with other members.
pub fn with(product: ProductInput, members: Value) -> ProductInput {
    let mut document = serde_json::to_value(product).expect("a product is a document");
    let (document_members, Value::Object(members)) = (document.as_object_mut(), members) else {
        panic!("members are an object");
    };
    document_members.expect("a product is an object").extend(members);
    self::product(document)
}

/// A coupon that takes a share off.
pub fn percent_off(code: &str, percent: &str) -> Coupon {
    let rate: Rate = serde_json::from_value(json!(percent)).expect("a percentage");
    coupon(code, CouponKind::Percentage(rate))
}

/// A coupon that takes an amount off.
pub fn amount_off(code: &str, minor: i64) -> Coupon {
    coupon(code, CouponKind::Fixed(eur(minor)))
}

fn coupon(code: &str, kind: CouponKind) -> Coupon {
    // Each code has an id of its own, always the same one.
    let id = code.bytes().fold(1_u128, |id, byte| (id << 8) | u128::from(byte));
    Coupon {
        id: uuid::Uuid::from_u128(id).into(),
        code: code.into(),
        label: format!("Thanks, {code}"),
        kind,
        min_subtotal: None,
        starts_at: None,
        ends_at: None,
        total_limit: None,
        per_customer_limit: None,
        combinable: false,
        used: 0,
    }
}

/// Writes categories and products that are not there yet.
pub async fn write(app: &App, new: Vec<CategoryInput>, goods: Vec<ProductInput>) -> Result<()> {
    let (clock, now) = (&app.clock, app.clock.now());
    let mut tx = app.db.begin().await?;
    let known = categories::all(&mut tx).await?;
    let mut ids: HashMap<String, CategoryId> = known.into_iter().map(|(slug, category)| (slug, category.id)).collect();
    for input in new {
        let parent = input.parent.as_ref().map(|slug| ids[slug]);
        let category = StoredCategory { id: clock.id(), version: 1, input };
        categories::save(&mut tx, &category, parent, "test", now).await?;
        ids.insert(category.input.slug.clone(), category.id);
    }
    let places = locations::by_name(&mut tx).await?;
    let change = |product| products::change(None, product, &places, clock, now).expect("the product is new");
    let changes: Vec<_> = goods.into_iter().filter_map(change).collect();
    products::write(&mut tx, clock, &changes, &ids, ("test", MovementKind::Import), now).await?;
    Ok(tx.commit().await?)
}
