//! Everything that speaks for showing a product to a customer, as numbers side by side.

use std::collections::HashSet;

use super::ease::Ease;
use super::history::Purchase;
use super::matrix::{Sparse, Sums, strongest};
use super::neighbours::cosine;
use super::popularity::popularity;
use super::shopper::{Owned, Shopper, days};

/// How many numbers there are for a product and a customer.
pub const SIGNALS: usize = 18;

/// What the weights of the signals are without any evidence: popular things, what goes with the history, and what was
/// bought before.
pub const PRIOR: [f64; SIGNALS] =
    [0.4, 0.2, 0.2, 0.0, 0.5, 0.1, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 1.0, 0.7, -0.2, 0.3, 0.0, 0.0];

/// Half-lives in days of the popularities that count: this season and this week.
const HALF_LIVES: [Option<f32>; 3] = [None, Some(21.0), Some(7.0)];

/// Only so much of a customer's history counts, the latest: what a wholesaler bought says little about a taste.
const REMEMBERED: usize = 400;

/// What can be known about products before a customer is looked at.
pub struct Signals {
    now: i64,
    popularities: Vec<[f32; HALF_LIVES.len()]>,
    popular: Vec<u32>,
    weights: Sparse,
    near: Sparse,
    basket: Sparse,
    /// The share of a product's customers who came back for it.
    returns: Vec<f32>,
    /// For how many days each product has been sold; nothing when never.
    ages: Vec<Option<f32>>,
}

/// Candidates for a customer, with their signals one after the other.
#[derive(Default)]
pub struct Candidates {
    /// The products.
    pub products: Vec<u32>,
    /// [`SIGNALS`] numbers for each.
    pub features: Vec<f32>,
}

impl Signals {
    /// Learns from purchases until `now` (seconds since 1970), given oldest first.
    pub fn fit(purchases: &[Purchase], shoppers: &[Shopper], products: usize, now: i64) -> Self {
        let bought = Sparse::from_rows(shoppers.iter().map(|shopper| {
            let mut row: Vec<_> = shopper.owned.iter().take(REMEMBERED).map(|owned| (owned.product, 1.0)).collect();
            row.sort_unstable_by_key(|entry| entry.0);
            row
        }));
        let sums: Vec<Vec<f32>> = HALF_LIVES.iter().map(|&half| popularity(purchases, products, now, half)).collect();
        let popular = sums.iter().flat_map(|sums| strongest((0..).zip(sums.iter().copied()).collect(), 200));
        let popular: HashSet<u32> = popular.map(|entry| entry.0).collect();
        let mut popular: Vec<u32> = popular.into_iter().collect();
        popular.sort_unstable();
        Self {
            now,
            popularities: shares(&sums),
            popular,
            weights: Ease { products: 4000, ridge: 500.0, dropout: 0.0, kept: 1000 }.fit(&bought, products),
            near: cosine(&bought, products, 0.0, 20),
            basket: cosine(&baskets(purchases), products, 0.0, 100),
            returns: returns(shoppers, products),
            ages: ages(purchases, products, now),
        }
    }

    /// What might be shown to a customer: with `repeats` what was bought before, too.
    pub fn candidates(&self, shopper: &Shopper, repeats: bool, scratch: &mut Scratch) -> Candidates {
        let owned = &shopper.owned[..shopper.owned.len().min(REMEMBERED)];
        let last = shopper.last().unwrap_or(self.now);
        for item in owned {
            let product = item.product as usize;
            scratch.linear.add_row(self.weights.row(product), 1.0);
            scratch.linear_late.add_row(self.weights.row(product), (-days(item.last, self.now) / 60.0).exp());
            scratch.near.add_row(self.near.row(product), 1.0);
            if item.last == last {
                scratch.basket.add_row(self.basket.row(product), 1.0);
            }
        }
        let mut chosen: HashSet<u32> = self.popular.iter().copied().collect();
        let [linear, late, near, basket] = scratch.take();
        for sums in [&linear, &near, &basket] {
            chosen.extend(strongest(sums.clone(), 300).into_iter().map(|entry| entry.0));
        }
        for item in &shopper.owned {
            if repeats { chosen.insert(item.product) } else { chosen.remove(&item.product) };
        }
        let mut products: Vec<u32> = chosen.into_iter().filter(|&p| self.ages[p as usize].is_some()).collect();
        products.sort_unstable();
        scratch.put([&linear, &late, &near, &basket]);
        scratch.mark(&shopper.owned);
        let mut features = Vec::with_capacity(products.len() * SIGNALS);
        let size = (owned.len().max(1) as f32).sqrt();
        let length = 0.5 * (owned.len() as f32 + 1.0).ln() - 1.5;
        for &product in &products {
            let mut row = [0.0; SIGNALS];
            let [ever, season, week] = self.popularities[product as usize];
            let [linear, late, near, basket] = scratch.sums(product);
            let age = self.ages[product as usize].unwrap_or_default();
            let general = [
                ever,
                season,
                week,
                3.0 * linear,
                (linear + 0.02).ln(),
                (late + 0.02).ln(),
                3.0 * near / size,
                (near + 0.1).ln(),
                (basket + 0.05).ln(),
                length * season,
                length * (linear + 0.02).ln(),
                (1.0 + age).ln().min(4.5),
            ];
            row[..general.len()].copy_from_slice(&general);
            if let Some(place) = scratch.owned(product) {
                row[general.len()..].copy_from_slice(&self.again(&shopper.owned[place], shopper));
            }
            features.extend(row);
        }
        scratch.clear(&shopper.owned);
        Candidates { products, features }
    }

    /// What speaks for buying a product again.
    fn again(&self, owned: &Owned, shopper: &Shopper) -> [f32; 6] {
        [
            1.0,
            (owned.orders as f32).ln(),
            (1.0 + days(owned.last, self.now)).ln(),
            self.returns[owned.product as usize].ln() + 2.0,
            (owned.orders as f32 / shopper.orders.max(1) as f32).ln(),
            (1.0 + owned.pieces as f32).ln(),
        ]
    }
}

/// Room for adding up, kept between customers.
pub struct Scratch {
    linear: Sums,
    linear_late: Sums,
    near: Sums,
    basket: Sums,
    places: Vec<u32>,
}

impl Scratch {
    /// Room for so many products.
    pub fn new(products: usize) -> Self {
        let sums = || Sums::new(products);
        Self { linear: sums(), linear_late: sums(), near: sums(), basket: sums(), places: vec![0; products] }
    }

    fn take(&mut self) -> [Vec<(u32, f32)>; 4] {
        [self.linear.take(), self.linear_late.take(), self.near.take(), self.basket.take()]
    }

    fn put(&mut self, sums: [&Vec<(u32, f32)>; 4]) {
        let rooms = [&mut self.linear, &mut self.linear_late, &mut self.near, &mut self.basket];
        rooms.into_iter().zip(sums).for_each(|(room, sums)| room.add_row(sums, 1.0));
    }

    fn sums(&self, product: u32) -> [f32; 4] {
        [&self.linear, &self.linear_late, &self.near, &self.basket].map(|room| room.get(product))
    }

    fn mark(&mut self, owned: &[Owned]) {
        (1..).zip(owned).for_each(|(place, item)| self.places[item.product as usize] = place);
    }

    fn owned(&self, product: u32) -> Option<usize> {
        (self.places[product as usize] as usize).checked_sub(1)
    }

    fn clear(&mut self, owned: &[Owned]) {
        owned.iter().for_each(|item| self.places[item.product as usize] = 0);
        self.take();
    }
}

/// Logarithms of shares; what isn't bought lately keeps a little of its share of all time.
fn shares(sums: &[Vec<f32>]) -> Vec<[f32; HALF_LIVES.len()]> {
    let totals: Vec<f32> = sums.iter().map(|sums| sums.iter().sum::<f32>().max(f32::MIN_POSITIVE)).collect();
    let share = |kind: usize, product: usize| sums[kind][product] / totals[kind];
    let log = |kind, product| (share(kind, product) + 0.02 * share(0, product) + 1e-6).ln();
    (0..sums[0].len()).map(|product| std::array::from_fn(|kind| log(kind, product))).collect()
}

/// What was bought in each order.
fn baskets(purchases: &[Purchase]) -> Sparse {
    let mut lines: Vec<(u32, u32)> = purchases.iter().map(|purchase| (purchase.order, purchase.product)).collect();
    lines.sort_unstable();
    lines.dedup();
    let orders = lines.chunk_by(|one, other| one.0 == other.0);
    Sparse::from_rows(orders.map(|lines| lines.iter().take(REMEMBERED).map(|line| (line.1, 1.0)).collect()))
}

/// Per product the share of its customers who bought it in several orders; with few customers near the shop's share.
fn returns(shoppers: &[Shopper], products: usize) -> Vec<f32> {
    const CAREFUL: f32 = 10.0;
    let mut counts = vec![(0.0, 0.0); products];
    for owned in shoppers.iter().flat_map(|shopper| &shopper.owned) {
        let (buyers, again) = &mut counts[owned.product as usize];
        *buyers += 1.0;
        *again += f32::from(u8::from(owned.orders > 1));
    }
    let (buyers, again) = counts.iter().fold((1.0, 0.01), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let usual = again / buyers;
    counts.into_iter().map(|(buyers, again)| (again + CAREFUL * usual) / (buyers + CAREFUL)).collect()
}

/// For how long each product has been sold, in days.
fn ages(purchases: &[Purchase], products: usize, now: i64) -> Vec<Option<f32>> {
    let mut ages = vec![None; products];
    for purchase in purchases {
        ages[purchase.product as usize].get_or_insert(days(purchase.time, now));
    }
    ages
}
