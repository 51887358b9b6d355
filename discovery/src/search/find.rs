//! A search from its words to what is shown.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::index::{Index, IndexError};
use super::plan::{Plan, Reading, head};
use super::rules::{QueryRule, Rules};
use super::score::{Match, Wanted, score};
use super::snapshot::{Products, Snapshot};
use super::weights::Weights;

/// What a boosted product's score is multiplied by.
const BOOST: f32 = 2.0;

/// So many products with all words are enough while somebody types.
const ENOUGH_TYPING: usize = 10;

/// A search.
pub struct Query<'a> {
    /// What somebody wrote.
    pub text: &'a str,
    /// They are still typing: the last word may be a beginning.
    pub typing: bool,
    /// So many of the best have to stand in order; the others follow in any. `None`: all of them.
    pub ordered: Option<usize>,
    /// What a product's score is multiplied by, near 1: for sales, rating and stock.
    pub prior: Option<&'a dyn Fn(u128) -> f32>,
}

/// A product that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its place among the products of the index.
    pub place: u32,
    /// The higher the better; only to be compared within one search.
    pub score: f32,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// What the shop wants to come first.
    pub pinned: Vec<u128>,
    /// All else that was found, the best first.
    pub hits: Vec<Hit>,
    /// What stands in the places of the hits.
    pub products: Arc<Products>,
    /// So many products have all the words; when they're few, `hits` has others too, that have most of them.
    pub whole: usize,
    /// The query as it was understood, when words had to be corrected: "showing results for ...".
    pub corrected: Option<String>,
    /// Words that no hit has together with the others, when the query had to be relaxed.
    pub left_out: Vec<String>,
    /// Where to go instead, if the shop says so.
    pub redirect: Option<String>,
}

impl Found {
    /// The products, the best first.
    pub fn ids(&self) -> impl Iterator<Item = u128> {
        self.pinned.iter().copied().chain(self.hits.iter().map(|hit| self.products.id(hit.place)))
    }
}

impl Index {
    /// Everything that fits the words.
    ///
    /// When enough products have all of them, only those are found. Otherwise known words are doubted too, then those
    /// are shown as well that have most of the words; `Found` says what was done.
    pub fn search(&self, query: &Query, rules: &Rules) -> Result<Found, IndexError> {
        let (snapshot, text) = (self.snapshot(), head(query.text));
        let mut reading = Reading { index: self, snapshot: &snapshot, rules, typing: query.typing, doubting: false };
        let mut found = self.read(&reading, text)?;
        if found.whole == 0 {
            reading.doubting = true;
            let doubted = self.read(&reading, text)?;
            if best(&doubted) > best(&found) {
                found = doubted;
            }
        }
        self.rank(&mut found, query, rules.of(text), &snapshot)?;
        Ok(found)
    }

    fn read(&self, reading: &Reading, text: &str) -> Result<Found, IndexError> {
        let plan = reading.plan(text)?;
        let score = |wanted| score(reading.snapshot, &plan, &self.weights, wanted);
        if plan.slots.len() > 1 {
            let whole = score(Wanted::Whole)?;
            // Who is still typing sees a handful.
            let enough = if reading.typing { self.weights.enough.min(ENOUGH_TYPING) } else { self.weights.enough };
            if whole.len() >= enough {
                return Ok(select(&plan, whole, enough, reading.snapshot, &self.weights));
            }
        }
        Ok(select(&plan, score(Wanted::Any)?, self.weights.enough, reading.snapshot, &self.weights))
    }

    fn rank(
        &self,
        found: &mut Found,
        query: &Query,
        rule: Option<&QueryRule>,
        snapshot: &Snapshot,
    ) -> Result<(), IndexError> {
        let products = found.products.clone();
        if let Some(prior) = query.prior {
            found.hits.iter_mut().for_each(|hit| hit.score *= prior(products.id(hit.place)).max(0.0));
        }
        if let Some(rule) = rule {
            found.redirect.clone_from(&rule.redirect);
            let boosted: HashSet<u128> = rule.boosted.iter().copied().collect();
            let lifted = found.hits.iter_mut().filter(|hit| boosted.contains(&products.id(hit.place)));
            lifted.for_each(|hit| hit.score *= BOOST);
        }
        order(found, query.ordered.unwrap_or(usize::MAX));
        if let Some(rule) = rule {
            self.apply(rule, found, snapshot)?;
        }
        Ok(())
    }

    /// Hides what is to be hidden and puts first what is pinned, if the index has it.
    fn apply(&self, rule: &QueryRule, found: &mut Found, snapshot: &Snapshot) -> Result<(), IndexError> {
        let gone: HashSet<u128> = rule.hidden.iter().chain(&rule.pinned).copied().collect();
        let products = found.products.clone();
        found.hits.retain(|hit| !gone.contains(&products.id(hit.place)));
        for id in rule.pinned.iter().filter(|id| !rule.hidden.contains(id)) {
            if snapshot.holds(self.id_term(*id))? && !found.pinned.contains(id) {
                found.pinned.push(*id);
            }
        }
        Ok(())
    }
}

/// Those that have all words; when they're few, also those that have most.
fn select(plan: &Plan, matches: Vec<Match>, enough: usize, snapshot: &Snapshot, weights: &Weights) -> Found {
    let shares = Shares::of(plan);
    let whole = count_whole(plan, &matches);
    let most = matches.iter().map(|found| shares.of_words(found.words)).fold(0.0, f32::max);
    let least = if whole >= enough { 1.0 } else { most * weights.least };
    let complete = plan.all_words();
    let best_words = matches.iter().map(|found| found.words).max_by(|a, b| shares.compare(*a, *b)).unwrap_or(0);
    let written = |at: usize| plan.slots[at].written.clone();
    let left_out = (0..plan.slots.len()).filter(|at| best_words & 1 << at == 0 && best_words != 0).map(written);
    // Many have the same words: what those are worth is reckoned once.
    let mut worth: Option<(u16, Option<f32>)> = None;
    let mut worth_of = |words: u16| match worth {
        Some((known, covered)) if known == words => covered,
        _ => {
            let share = shares.of_words(words);
            let kept = words == complete || share >= least - 1e-4;
            worth.insert((words, kept.then(|| share.powf(weights.coverage)))).1
        }
    };
    let mut hits = Vec::with_capacity(matches.len());
    for found in &matches {
        if let Some(covered) = worth_of(found.words) {
            hits.push(Hit { place: snapshot.products.place(found.place), score: found.score * covered });
        }
    }
    Found {
        whole,
        pinned: vec![],
        products: snapshot.products.clone(),
        left_out: left_out.collect(),
        corrected: corrected(plan),
        hits,
        redirect: None,
    }
}

/// The score of the best product.
fn best(found: &Found) -> f32 {
    found.hits.iter().map(|hit| hit.score).fold(0.0, f32::max)
}

/// Brings the best to the front, in order.
fn order(found: &mut Found, ordered: usize) {
    let Found { hits, products, .. } = found;
    let by_id = |a: &Hit, b: &Hit| products.id(a.place).cmp(&products.id(b.place));
    let better = |a: &Hit, b: &Hit| -> Ordering { b.score.total_cmp(&a.score).then_with(|| by_id(a, b)) };
    if ordered < hits.len() {
        if ordered > 0 {
            hits.select_nth_unstable_by(ordered - 1, better);
        }
        hits[..ordered].sort_unstable_by(better);
    } else {
        hits.sort_unstable_by(better);
    }
}

fn count_whole(plan: &Plan, matches: &[Match]) -> usize {
    let all = plan.all_words();
    matches.iter().filter(|found| found.words == all).count()
}

fn corrected(plan: &Plan) -> Option<String> {
    let word = |slot: &super::plan::Slot| slot.mended.clone().unwrap_or_else(|| slot.written.clone());
    let any = plan.slots.iter().any(|slot| slot.mended.is_some());
    any.then(|| plan.slots.iter().map(word).collect::<Vec<_>>().join(" "))
}

/// What share of a query's weight its words have.
struct Shares(Vec<f32>);

impl Shares {
    fn of(plan: &Plan) -> Shares {
        // In a small catalog hardly a word is rare; every one has some weight by itself.
        let weights = || plan.slots.iter().map(|slot| slot.rarity + 1.0);
        let all: f32 = weights().sum();
        Shares(weights().map(|weight| weight / all).collect())
    }

    fn of_words(&self, words: u16) -> f32 {
        self.0.iter().enumerate().filter(|(at, _)| words & 1 << at != 0).map(|(_, share)| share).sum()
    }

    fn compare(&self, one: u16, two: u16) -> Ordering {
        self.of_words(one).total_cmp(&self.of_words(two))
    }
}
