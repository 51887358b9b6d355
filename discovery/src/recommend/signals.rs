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

/// Days after which a purchase says little about what is wanted now.
const FORGOTTEN: f32 = 60.0;

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

    /// The weights of the linear model from one product to others, strongest first.
    pub fn goes_with(&self, product: u32) -> &[(u32, f32)] {
        self.weights.row(product as usize)
    }

    /// What might be shown to a customer: with `repeats` what was bought before, too. Products that are newer than what
    /// was learned from are passed over.
    pub fn candidates(&self, shopper: &Shopper, repeats: bool, scratch: &mut Scratch) -> Candidates {
        let known = shopper.owned.iter().filter(|owned| (owned.product as usize) < self.ages.len());
        let owned: Vec<Owned> = known.copied().collect();
        self.add_up(&owned[..owned.len().min(REMEMBERED)], scratch);
        let products = self.choose(&owned, repeats, scratch);
        scratch.mark(&owned);
        let mut features = Vec::with_capacity(products.len() * SIGNALS);
        for &product in &products {
            let again = match scratch.owned(product) {
                Some(place) => self.again(&owned[place], shopper),
                None => [0.0; 6],
            };
            features.extend(self.general(product, owned.len().min(REMEMBERED), scratch));
            features.extend(again);
        }
        scratch.clear(&owned);
        Candidates { products, features }
    }

    /// Adds up what a history says for other products.
    fn add_up(&self, owned: &[Owned], scratch: &mut Scratch) {
        let last = owned.first().map(|item| item.last);
        for item in owned {
            let product = item.product as usize;
            let late = (-days(item.last, self.now) / FORGOTTEN).exp();
            scratch.linear.add_row(self.weights.row(product), 1.0);
            scratch.late.add_row(self.weights.row(product), late);
            scratch.near.add_row(self.near.row(product), 1.0);
            if Some(item.last) == last {
                scratch.basket.add_row(self.basket.row(product), 1.0);
            }
        }
    }

    /// The popular products, those for which the history says most, and what was bought before or not.
    fn choose(&self, owned: &[Owned], repeats: bool, scratch: &Scratch) -> Vec<u32> {
        const EACH: usize = 300;
        let mut chosen: HashSet<u32> = self.popular.iter().copied().collect();
        for sums in [&scratch.linear, &scratch.near, &scratch.basket] {
            chosen.extend(strongest(sums.entries().collect(), EACH).into_iter().map(|entry| entry.0));
        }
        if repeats {
            chosen.extend(owned.iter().map(|item| item.product));
        } else {
            owned.iter().for_each(|item| _ = chosen.remove(&item.product));
        }
        let mut products: Vec<u32> =
            chosen.into_iter().filter(|&product| self.ages[product as usize].is_some()).collect();
        products.sort_unstable();
        products
    }

    /// What speaks for a product, bought before or not. `known` is how many products the history has: the more, the more
    /// its own say may count beside what is popular.
    fn general(&self, product: u32, known: usize, scratch: &Scratch) -> [f32; 12] {
        let [ever, season, week] = self.popularities[product as usize];
        let [linear, late, near, basket] = scratch.sums(product);
        let length = 0.5 * (known as f32 + 1.0).ln() - 1.5;
        let age = self.ages[product as usize].unwrap_or_default();
        let taste = (linear + 0.02).ln();
        [
            ever,
            season,
            week,
            3.0 * linear,
            taste,
            (late + 0.02).ln(),
            3.0 * near / (known.max(1) as f32).sqrt(),
            (near + 0.1).ln(),
            (basket + 0.05).ln(),
            length * season,
            length * taste,
            (1.0 + age).ln().min(4.5),
        ]
    }

    /// What speaks for buying a product again.
    fn again(&self, owned: &Owned, shopper: &Shopper) -> [f32; 6] {
        [
            1.0,
            (owned.orders.max(1) as f32).ln(),
            (1.0 + days(owned.last, self.now)).ln(),
            self.returns[owned.product as usize].ln() + 2.0,
            (owned.orders.max(1) as f32 / shopper.orders.max(1) as f32).ln(),
            (1.0 + owned.pieces as f32).ln(),
        ]
    }
}

/// Room for adding up, kept between customers.
pub struct Scratch {
    linear: Sums,
    late: Sums,
    near: Sums,
    basket: Sums,
    /// Where in the history a product stands, counted from 1.
    places: Vec<u32>,
}

impl Scratch {
    /// Room for so many products.
    pub fn new(products: usize) -> Self {
        let sums = || Sums::new(products);
        Self { linear: sums(), late: sums(), near: sums(), basket: sums(), places: vec![0; products] }
    }

    fn sums(&self, product: u32) -> [f32; 4] {
        [&self.linear, &self.late, &self.near, &self.basket].map(|room| room.get(product))
    }

    fn mark(&mut self, owned: &[Owned]) {
        (1..).zip(owned).for_each(|(place, item)| self.places[item.product as usize] = place);
    }

    fn owned(&self, product: u32) -> Option<usize> {
        (self.places[product as usize] as usize).checked_sub(1)
    }

    fn clear(&mut self, owned: &[Owned]) {
        owned.iter().for_each(|item| self.places[item.product as usize] = 0);
        [&mut self.linear, &mut self.late, &mut self.near, &mut self.basket].into_iter().for_each(Sums::clear);
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
