//! "For you": what a customer will likely buy next, by signals whose weights are learned from the shop's own past.

use super::history::{History, Purchase};
use super::logit::{self, Choice};
use super::matrix::{Sparse, strongest};
use super::shopper::Shopper;
use super::signals::{Candidates, PRIOR, SIGNALS, Scratch, Signals};

/// Weights for the signals.
type Weights = Vec<f64>;

/// A fitted model. It is computed by a job and served from memory.
pub struct ForYou {
    signals: Signals,
    /// For things not bought before.
    fresh: Weights,
    /// When repeats are allowed.
    again: Weights,
    products: usize,
}

/// The past of a shop cut at a time: what was known, and what was bought next.
struct Lesson {
    signals: Signals,
    shoppers: Vec<Shopper>,
    bought: Sparse,
}

impl ForYou {
    /// Learns from everything bought before `now` (seconds since 1970).
    ///
    /// The weights are learned on the last two stretches of that time, each with the signals as they were when it began.
    pub fn fit(history: &History, now: i64) -> Self {
        let (known, _) = history.split(now);
        let (customers, products) = (history.customers().len(), history.products().len());
        let cuts = cuts(known, customers, now);
        let lessons: Vec<Lesson> = cuts.iter().map(|&(from, to)| Lesson::new(history, from, to)).collect();
        let [fresh, again] = [false, true].map(|repeats| learn(&lessons, products, repeats));
        drop(lessons);
        let signals = Signals::fit(known, &Shopper::all(known, customers), products, now);
        Self { signals, fresh, again, products }
    }

    /// What a purchase of a product says for others by the linear model, strongest first: for a shop which keeps lists.
    pub fn goes_with(&self, product: u32) -> &[(u32, f32)] {
        self.signals.goes_with(product)
    }

    /// Room for [`ForYou::recommend`], to be kept between calls.
    pub fn scratch(&self) -> Scratch {
        Scratch::new(self.products)
    }

    /// The `count` best products for a customer, best first, among those the shop may show (`allowed`): in stock, in this
    /// market, not in the cart. With `repeats` also what was bought before. Only the sequence of the scores means anything.
    pub fn recommend(
        &self,
        shopper: &Shopper,
        repeats: bool,
        count: usize,
        allowed: impl Fn(u32) -> bool,
        scratch: &mut Scratch,
    ) -> Vec<(u32, f32)> {
        let weights = if repeats { &self.again } else { &self.fresh };
        let candidates = self.signals.candidates(shopper, repeats, scratch);
        strongest(scored(&candidates, weights).filter(|&(product, _)| allowed(product)).collect(), count)
    }
}

fn scored(candidates: &Candidates, weights: &[f64]) -> impl Iterator<Item = (u32, f32)> {
    let dot = move |row: &[f32]| row.iter().zip(weights).map(|(&f, w)| f64::from(f) * w).sum::<f64>() as f32;
    candidates.products.iter().copied().zip(candidates.features.chunks_exact(SIGNALS).map(dot))
}

/// The last stretches of the past: a sixth of it each, longer ones when too few customers came back in them.
fn cuts(known: &[Purchase], customers: usize, now: i64) -> Vec<(i64, i64)> {
    const ENOUGH: usize = 200;
    let Some(first) = known.first() else { return Vec::new() };
    let span = now - first.time;
    let mut cuts = Vec::new();
    for parts in [6, 4] {
        let length = (span / parts).max(1);
        cuts = [1, 2].map(|back| (now - back * length, now - (back - 1) * length)).to_vec();
        if cuts.iter().map(|&(from, to)| came_back(known, customers, from, to)).sum::<usize>() >= ENOUGH {
            break;
        }
    }
    cuts
}

/// How many customers bought before `from` and again until `to`.
fn came_back(known: &[Purchase], customers: usize, from: i64, to: i64) -> usize {
    let mut seen = vec![0u8; customers];
    for purchase in known.iter().filter(|purchase| purchase.time < to) {
        seen[purchase.customer as usize] |= if purchase.time < from { 1 } else { 2 };
    }
    seen.into_iter().filter(|&seen| seen == 3).count()
}

impl Lesson {
    fn new(history: &History, from: i64, to: i64) -> Self {
        let (customers, products) = (history.customers().len(), history.products().len());
        let (known, later) = history.split(from);
        let next = &later[..later.partition_point(|purchase| purchase.time < to)];
        let shoppers = Shopper::all(known, customers);
        Self {
            signals: Signals::fit(known, &shoppers, products, from),
            shoppers,
            bought: Sparse::bought(next, customers),
        }
    }

    /// What customers chose from, at most `most` customers spread evenly.
    fn choices(&self, repeats: bool, most: usize, products: usize) -> Vec<Choice> {
        let back =
            |&customer: &usize| !self.shoppers[customer].owned.is_empty() && !self.bought.row(customer).is_empty();
        let back: Vec<usize> = (0..self.shoppers.len()).filter(back).collect();
        let mut scratch = Scratch::new(products);
        let spread = back.iter().step_by(back.len().div_ceil(most).max(1));
        spread
            .map(|&customer| {
                let candidates = self.signals.candidates(&self.shoppers[customer], repeats, &mut scratch);
                let bought = self.bought.row(customer);
                let taken = |product: &u32| bought.binary_search_by_key(product, |entry| entry.0).is_ok();
                let taken =
                    (0..).zip(&candidates.products).filter(|(_, product)| taken(product)).map(|(place, _)| place);
                Choice { taken: taken.collect(), features: candidates.features }
            })
            .collect()
    }
}

/// The weights which make what was bought likely: once over all candidates, then among the best of each customer, since
/// only the head of the list is ever seen.
fn learn(lessons: &[Lesson], products: usize, repeats: bool) -> Weights {
    const CUSTOMERS: usize = 1500;
    const HEAD: usize = 50;
    const RIDGE: f64 = 3.0;
    let mut choices: Vec<Choice> =
        lessons.iter().flat_map(|lesson| lesson.choices(repeats, CUSTOMERS, products)).collect();
    let weights = logit::fit(&choices, &PRIOR, RIDGE);
    choices.iter_mut().for_each(|choice| *choice = choice.head(&weights, HEAD));
    logit::fit(&choices, &weights, RIDGE)
}
