//! Sales of one unit each, told a batch at a time: the rows that `bench limits` commits without a shop.

use std::collections::HashMap;
use std::path::Path;

use commerce::ids::VariantId;
use oxcart::startup::{self, Purpose};
use oxcart::store::products;

use super::people::{self, Person};
use super::sales::{End, Good, Plan, Teller};
use super::tables::{self, Batch};
use super::{Customer, Draw, FIRST_NUMBER, Size, Trade, config};
use crate::Failure;

/// How many products there are, and how many people buy them.
const PRODUCTS: usize = 4_000;
const PEOPLE: usize = 20_000;
/// So many of each variant that none runs out.
const PLENTY: i64 = 1_000_000;

/// Where sales are told.
pub struct Till {
    trade: Trade,
    goods: Vec<Good>,
    places: HashMap<VariantId, usize>,
    people: Vec<Person>,
    draw: Draw,
    next_number: i64,
}

impl Till {
    /// Fills an empty shop with goods, and nothing else. Nothing of it stays open.
    pub async fn fill(data: &Path) -> Result<Self, Failure> {
        let size =
            Size { data: data.to_owned(), products: PRODUCTS, orders: 0, customers: 1, stock: Some(PLENTY), seed: 1 };
        let opened = startup::open(config(&size)?, Purpose::Beside).await?;
        if products::has_any(&mut opened.db.read().await?).await? {
            return Err("this shop has products already; limits are measured in an empty one".into());
        }
        let trade = Trade::plan(&size, opened.clock.now())?;
        let goods = trade.write_goods(&opened).await?;
        let mut tx = opened.db.begin().await?;
        tables::learn(&mut tx).await?;
        tx.commit().await?;
        opened.db.close().await;
        let mut draw = Draw::from_seed(2);
        let people = people::people(&mut draw, PEOPLE);
        let places = goods.iter().map(|good| good.id).zip(0..).collect();
        Ok(Till { trade, goods, places, people, draw, next_number: FIRST_NUMBER })
    }

    /// So many sales that end in an order that is paid by card. Those of one part of so many have nothing in common with
    /// those of another: neither goods nor people.
    pub fn sell(&mut self, count: usize, (part, parts): (usize, usize)) -> Result<Batch, Failure> {
        let terms = self.trade.terms();
        let mut teller = Teller {
            goods: &self.goods,
            places: &self.places,
            people: &self.people,
            terms: &terms,
            now: self.trade.now,
            by_hand: 0,
            draw: std::mem::replace(&mut self.draw, Draw::from_seed(0)),
            customers: HashMap::new(),
            batch: Batch::default(),
        };
        for number in (self.next_number..).take(count) {
            let mut one_of = |all: usize| teller.draw.below(all / parts) * parts + part;
            let (good, person) = (one_of(self.goods.len()), one_of(self.people.len()));
            let plan = Plan { at: self.trade.now, person, lines: vec![(good, 1)] };
            teller.tell(&plan, End::Order, number)?;
        }
        self.next_number += i64::try_from(count)?;
        let mut batch = teller.batch;
        batch.customers = teller.customers.into_values().map(Customer::row).collect();
        self.draw = teller.draw;
        Ok(batch)
    }
}
