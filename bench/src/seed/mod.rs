//! Fills an empty shop: goods, people, and two years of trade that the shop's own rules decided.

mod aftermath;
mod customers;
mod days;
mod draw;
mod goods;
mod people;
mod sales;
pub mod tables;
mod till;
mod words;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::Args;
use commerce::catalog::{ProductInput, ProductStatus, StockPolicy};
use commerce::checkout::{SaleVariant, SellingTerms};
use commerce::ids::{CategoryId, VariantId};
use commerce::inventory::MovementKind;
use commerce::payment::ProviderKind;
use oxcart::config::{Config, gather};
use oxcart::settings::ShopSettings;
use oxcart::startup::{self, Opened, Purpose};
use oxcart::store::categories::{self, StoredCategory};
use oxcart::store::defaults::LOCATION;
use oxcart::store::{Db, products, settings};
use serde_json::json;
use tokio::sync::mpsc;

use self::customers::Customer;
use self::draw::Draw;
use self::people::Person;
use self::sales::{End, Good, Plan, Teller};
use self::tables::Batch;
pub use self::till::Till;
use crate::Failure;

/// The first order number; the shop's own first one.
const FIRST_NUMBER: i64 = 10_001;
/// Products that are written together.
const PRODUCTS_AT_ONCE: usize = 500;
/// Sales that are written together.
const SALES_AT_ONCE: usize = 2_000;
/// Of a thousand buyers so many pay by hand.
const BY_HAND: u32 = 120;
/// For how many days carts that nobody bought are still there.
const CARTS_KEPT: i64 = 90;

/// How much of everything.
#[derive(Args)]
pub struct Size {
    /// The data folder; DATABASE_URL names a server instead of its file
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    data: PathBuf,
    /// How many products
    #[arg(long, default_value_t = 20_000)]
    products: usize,
    /// How many orders
    #[arg(long, default_value_t = 100_000)]
    orders: usize,
    /// How many customers
    #[arg(long, default_value_t = 40_000)]
    customers: usize,
    /// How many of each variant are left, and all of them counted, so that a load does not sell the shop out
    #[arg(long, value_name = "UNITS")]
    stock: Option<i64>,
    /// The number that everything follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Fills an empty shop.
pub async fn run(size: &Size) -> Result<(), Failure> {
    let started = Instant::now();
    let opened = startup::open(config(size)?, Purpose::Beside).await?;
    if products::has_any(&mut opened.db.read().await?).await? {
        return Err("this shop has products already; fill an empty one".into());
    }
    let trade = Trade::plan(size, opened.clock.now())?;
    let goods = trade.write_goods(&opened).await?;
    eprintln!("{} products, {} variants for sale: {:.1?}", size.products, goods.len(), started.elapsed());
    trade.write_sales(&opened.db, goods).await?;
    eprintln!("{} orders: {:.1?}", size.orders, started.elapsed());
    Ok(())
}

fn config(size: &Size) -> Result<Config, Failure> {
    let mut environment = vec![
        ("OXCART_DATA_DIR".to_owned(), size.data.display().to_string()),
        ("OXCART_SECRET".to_owned(), "none of the rows is signed, so any will do".to_owned()),
    ];
    environment.extend(std::env::var("DATABASE_URL").map(|url| ("DATABASE_URL".to_owned(), url)));
    Ok(Config::check(&gather(None, &environment)?)?)
}

/// What there will be, before any of it is written.
struct Trade {
    settings: ShopSettings,
    now: DateTime<Utc>,
    draw: Draw,
    products: Vec<ProductInput>,
    people: Vec<Person>,
    plans: Vec<(Plan, End)>,
}

impl Trade {
    /// Makes everything up. What is sold is known before the goods are written: so much was once on their shelves.
    fn plan(size: &Size, now: DateTime<Utc>) -> Result<Self, Failure> {
        let settings =
            ShopSettings { name: "Harbour & Hill".into(), demo: false, notice: None, ..oxcart::demo::settings() };
        let zone: Tz = settings.time_zone.parse().map_err(|error| format!("{error}"))?;
        let mut draw = Draw::from_seed(size.seed);
        let mut products = goods::products(&mut draw, size.products, settings.currency);
        let people = people::people(&mut draw, size.customers.max(1));
        let shelf = on_sale(&products);
        let plans = plans(&mut draw, size.orders, shelf.len(), people.len(), zone, now);
        let mut sold = vec![0; shelf.len()];
        plans.iter().flat_map(|(plan, _)| &plan.lines).for_each(|(good, quantity)| sold[*good] += quantity);
        for ((product, variant), sold) in shelf.into_iter().zip(sold) {
            let variant = &mut products[product].variants[variant];
            variant.tracked |= size.stock.is_some();
            if variant.tracked {
                variant.on_hand = Some(sold + size.stock.unwrap_or_else(|| goods::left_over(&mut draw)));
            }
        }
        Ok(Trade { settings, now, draw, products, people, plans })
    }

    /// Writes settings, shelves and products, as an import would; answers what is for sale, in the order of the plans.
    async fn write_goods(&self, opened: &Opened) -> Result<Vec<Good>, Failure> {
        let began = i64::try_from(days::DAYS)? * 86_400;
        let clock = opened.clock.behind_by(began + 86_400);
        let mut tx = opened.db.begin().await?;
        settings::save(&mut tx, &self.settings, clock.now()).await?;
        let mut ids: HashMap<String, CategoryId> = HashMap::new();
        for input in goods::shelves() {
            let shelf = StoredCategory { id: clock.id(), version: 1, input };
            categories::save(&mut tx, &shelf, None, "import", clock.now()).await?;
            ids.insert(shelf.input.slug.clone(), shelf.id);
        }
        let mut goods = Vec::new();
        for some in self.products.chunks(PRODUCTS_AT_ONCE) {
            let now = clock.now();
            let changed =
                |product: &ProductInput| products::change(None, product.clone(), &HashMap::new(), &clock, now);
            let changes: Vec<_> =
                some.iter().map(changed).collect::<Result<Vec<_>, _>>().map_err(|e| format!("{e:?}"))?;
            let changes: Vec<_> = changes.into_iter().flatten().collect();
            products::write(&mut tx, &clock, &changes, &ids, ("import", MovementKind::Import), now).await?;
            goods.extend(changes.iter().filter(|change| is_on_sale(&change.product)).flat_map(goods_of));
        }
        tx.commit().await?;
        Ok(goods)
    }

    /// Tells every sale on one core while the other one writes.
    async fn write_sales(self, db: &Db, goods: Vec<Good>) -> Result<(), Failure> {
        let (hand, mut handed) = mpsc::channel::<Batch>(2);
        let telling = tokio::task::spawn_blocking(move || self.tell(&goods, &hand));
        while let Some(batch) = handed.recv().await {
            let mut tx = db.begin().await?;
            batch.write(&mut tx).await?;
            tx.commit().await?;
        }
        let next_number = telling.await??;
        let mut tx = db.begin().await?;
        tables::settle(&mut tx, next_number).await?;
        tx.commit().await?;
        let mut tx = db.begin().await?;
        tables::learn(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    fn tell(self, goods: &[Good], hand: &mpsc::Sender<Batch>) -> Result<i64, Failure> {
        let places: HashMap<VariantId, usize> = goods.iter().map(|good| good.id).zip(0..).collect();
        let terms = self.terms();
        let mut teller = Teller {
            goods,
            places: &places,
            people: &self.people,
            terms: &terms,
            now: self.now,
            by_hand: BY_HAND,
            draw: self.draw,
            customers: HashMap::new(),
            batch: Batch::default(),
        };
        let mut number = FIRST_NUMBER;
        for some in self.plans.chunks(SALES_AT_ONCE) {
            for (plan, end) in some {
                teller.tell(plan, *end, number)?;
                number += i64::from(*end == End::Order);
            }
            hand.blocking_send(std::mem::take(&mut teller.batch))?;
        }
        for kind in ["mail_order_confirmation", "mail_order_confirmation", "fetch_picture"] {
            let (at, why) = (self.now - TimeDelta::hours(5), "the other side did not answer in time");
            let id = teller.draw.id(at);
            teller.batch.jobs.push(tables::job(id, kind, json!({}), Some(why), at));
        }
        teller.batch.customers = teller.customers.into_values().map(Customer::row).collect();
        hand.blocking_send(teller.batch)?;
        Ok(number)
    }

    fn terms(&self) -> SellingTerms {
        SellingTerms {
            currency: self.settings.currency,
            reservation: TimeDelta::minutes(15),
            tax: self.settings.tax.clone(),
            shipping: self.settings.shipping.clone(),
            providers: vec![ProviderKind::Sandbox, ProviderKind::Manual],
            terms_version: Some(self.settings.legal.version.clone()),
            locations: vec![LOCATION],
        }
    }
}

fn is_on_sale(product: &ProductInput) -> bool {
    product.status == ProductStatus::Active
}

/// The places of products and their variants that can be bought.
fn on_sale(products: &[ProductInput]) -> Vec<(usize, usize)> {
    let active = products.iter().enumerate().filter(|(_, product)| is_on_sale(product));
    active.flat_map(|(place, product)| (0..product.variants.len()).map(move |variant| (place, variant))).collect()
}

fn goods_of(change: &products::Change) -> impl Iterator<Item = Good> {
    change.variants.iter().zip(&change.product.variants).map(|(behind, input)| Good {
        id: behind.id,
        tracked: input.tracked,
        variant: SaleVariant {
            product_id: change.id,
            product_slug: change.product.slug.clone(),
            name: change.product.name.clone(),
            status: ProductStatus::Active,
            variant_title: (!behind.values.is_empty()).then(|| behind.values.join(" / ")),
            sku: input.sku.clone(),
            image: None,
            price: input.price,
            requires_shipping: input.requires_shipping && input.policy == StockPolicy::Deny,
            taxable: input.taxable,
        },
    })
}

/// Every sale, in order: orders over two years, carts that were left in the last months, and what is going on right now.
fn plans(
    draw: &mut Draw,
    orders: usize,
    goods: usize,
    people: usize,
    zone: Tz,
    now: DateTime<Utc>,
) -> Vec<(Plan, End)> {
    let bought = days::moments(draw, orders, zone, now);
    let kept = now - TimeDelta::days(CARTS_KEPT);
    // Of four carts one becomes an order.
    let left: Vec<_> = bought.iter().filter(|at| **at > kept).flat_map(|at| [*at; 3]).collect();
    let mut plans: Vec<(Plan, End)> =
        bought.into_iter().map(|at| (plan(draw, at, goods, people), End::Order)).collect();
    for at in left {
        let at = at - TimeDelta::seconds(draw.between(30, 40_000));
        plans.push((plan(draw, at, goods, people), End::Cart));
    }
    for _ in 0..12.min(orders) {
        let at = now - TimeDelta::seconds(draw.between(20, 500));
        plans.push((plan(draw, at, goods, people), End::Open));
    }
    for _ in 0..2.min(orders) {
        let at = now - TimeDelta::hours(draw.between(3, 50));
        plans.push((plan(draw, at, goods, people), End::Review));
    }
    plans.sort_by_key(|(plan, _)| plan.at);
    plans
}

fn plan(draw: &mut Draw, at: DateTime<Utc>, goods: usize, people: usize) -> Plan {
    let mut lines: Vec<(usize, i64)> = Vec::new();
    for _ in 0..*draw.one(&[1, 1, 1, 2, 2, 2, 3, 3, 4, 6]) {
        let good = draw.favourite(goods);
        if lines.iter().all(|(known, _)| *known != good) {
            lines.push((good, *draw.one(&[1, 1, 1, 1, 2, 2, 3, 4])));
        }
    }
    Plan { at, person: draw.favourite(people), lines }
}
