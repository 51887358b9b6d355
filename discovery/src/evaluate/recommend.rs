//! Recommendations against what customers bought later.
//!
//! Everything before a date is known, everything after is to be foretold, for customers who bought before and after.
//! *New items*: what a customer bought before isn't recommended, and right is what was first bought after the date.
//! *Repeats allowed*: everything may be recommended, and right is everything bought after the date. Products that were
//! never sold before the date can't be recommended by anybody; they count as missed. Of more than 5,000 customers an even
//! choice of 5,000 is measured.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use thiserror::Error;

use super::ranking::{ndcg_at, recall_at};
use crate::recommend::foryou::ForYou;
use crate::recommend::history::History;
use crate::recommend::load::{self, LoadError, seconds};
use crate::recommend::matrix::Sparse;
use crate::recommend::neighbours::cosine;
use crate::recommend::popularity::popularity;
use crate::recommend::shopper::Shopper;
use crate::recommend::svd::Svd;

/// Recommendations are judged by the first ten.
const TEN: usize = 10;

/// Of more customers than this only an even choice is measured.
const MEASURED: usize = 5000;

/// Neighbours of item-kNN, and the rank of the decomposition: the best on UCI Online Retail split a month earlier.
const NEIGHBOURS: usize = 20;
const RANK: usize = 64;

/// Why recommendations can't be measured.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// The orders can't be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The date can't be understood.
    #[error("`{0}` is no date. Write it like 2011-10-01")]
    Date(String),
    /// There is nothing to measure.
    #[error("nobody bought both before and after the split. Choose another date: there are orders from {from} to {to}")]
    Nobody {
        /// The day of the first order, as a date.
        from: String,
        /// The day of the last order, as a date.
        to: String,
    },
}

/// How good one way to recommend is, each number the mean over customers.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which way.
    pub name: String,
    /// Hits among the first ten, as a share of `min(10, right)`, new items.
    pub recall: f64,
    /// nDCG of the first ten, new items.
    pub ndcg: f64,
    /// Hits among the first ten, repeats allowed.
    pub recall_repeats: f64,
    /// nDCG of the first ten, repeats allowed.
    pub ndcg_repeats: f64,
    /// The share of products sold before the split which are recommended to anybody, new items.
    pub coverage: f64,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The ways to recommend, ours last.
    pub rows: Vec<Row>,
    /// Purchases before and after the split.
    pub purchases: (usize, usize),
    /// Customers measured: with new items, and with any purchase after the split.
    pub customers: (usize, usize),
    /// Products sold before the split.
    pub products: usize,
    /// Lines of a file that were left out: returns, and those without a customer or product.
    pub left_out: (usize, usize),
}

/// Measures on a file of orders (see [`load::load`]), split at a date like `2011-10-01`.
pub fn run(orders: &Path, split: &str) -> Result<Report, EvaluateError> {
    let split = seconds(split).ok_or_else(|| EvaluateError::Date(split.to_owned()))?;
    let loaded = load::load(orders)?;
    let report = evaluate(&loaded.history, split)?;
    Ok(Report { left_out: (loaded.returns, loaded.nameless), ..report })
}

/// Measures on a history, split at a time (seconds since 1970).
pub fn evaluate(history: &History, split: i64) -> Result<Report, EvaluateError> {
    let exam = Exam::new(history, split);
    let [fresh, all] = [false, true].map(|repeats| exam.customers(repeats).count());
    if all == 0 {
        let day = |at: Option<&crate::recommend::history::Purchase>| at.map(|p| load::day(p.time)).unwrap_or_default();
        let purchases = history.purchases();
        return Err(EvaluateError::Nobody { from: day(purchases.first()), to: day(purchases.last()) });
    }
    let (known, later) = history.split(split);
    let products = history.products().len();
    let counts = popularity(known, products, split, None);
    let near = cosine(&exam.bought, products, 0.0, NEIGHBOURS);
    let svd = Svd::fit(&exam.bought, products, RANK);
    let ours = ForYou::fit(history, split);
    let mut scratch = ours.scratch();
    let plain = |customer, repeats, scores: &[f32]| exam.best(customer, repeats, scores, &counts);
    let rows = vec![
        exam.row("popularity", |customer, repeats| plain(customer, repeats, &counts)),
        exam.row("item-kNN", |customer, repeats| {
            plain(customer, repeats, &summed(&near, exam.bought.row(customer), products))
        }),
        exam.row("truncated SVD", |customer, repeats| plain(customer, repeats, &svd.scores(exam.bought.row(customer)))),
        exam.row("ours", |customer, repeats| {
            let best = ours.recommend(&exam.shoppers[customer], repeats, TEN, |_| true, &mut scratch);
            best.into_iter().map(|entry| entry.0).collect()
        }),
    ];
    let purchases = (known.len(), later.len());
    Ok(Report { rows, purchases, customers: (fresh, all), products: exam.sold.len(), left_out: (0, 0) })
}

/// The sum of the weights of a history's neighbours.
fn summed(weights: &Sparse, history: &[(u32, f32)], products: usize) -> Vec<f32> {
    let mut sums = vec![0.0; products];
    let near = history.iter().flat_map(|&(product, _)| weights.row(product as usize));
    near.for_each(|&(product, weight)| sums[product as usize] += weight);
    sums
}

/// What is known before the split, and what is right.
struct Exam {
    shoppers: Vec<Shopper>,
    bought: Sparse,
    later: Sparse,
    sold: HashSet<u32>,
}

impl Exam {
    fn new(history: &History, split: i64) -> Self {
        let (known, later) = history.split(split);
        let customers = history.customers().len();
        Self {
            shoppers: Shopper::all(known, customers),
            bought: Sparse::bought(known, customers),
            later: Sparse::bought(later, customers),
            sold: known.iter().map(|purchase| purchase.product).collect(),
        }
    }

    fn owns(&self, customer: usize, product: u32) -> bool {
        self.bought.row(customer).binary_search_by_key(&product, |entry| entry.0).is_ok()
    }

    fn right(&self, customer: usize, repeats: bool) -> Vec<u32> {
        let later = self.later.row(customer).iter().map(|entry| entry.0);
        later.filter(|&product| repeats || !self.owns(customer, product)).collect()
    }

    /// Who bought before and after, with what is right for them; of very many an even choice.
    fn customers(&self, repeats: bool) -> impl Iterator<Item = (usize, Vec<u32>)> {
        let back = |&customer: &usize| !self.bought.row(customer).is_empty() && !self.later.row(customer).is_empty();
        let back: Vec<usize> = (0..self.bought.rows()).filter(back).collect();
        let step = back.len().div_ceil(MEASURED).max(1);
        let right = move |customer| (customer, self.right(customer, repeats));
        back.into_iter().step_by(step).map(right).filter(|(_, right)| !right.is_empty())
    }

    /// The ten products of the highest score; those of equal score as they are bought most.
    fn best(&self, customer: usize, repeats: bool, scores: &[f32], counts: &[f32]) -> Vec<u32> {
        let may = self.sold.iter().filter(|&&product| repeats || !self.owns(customer, product));
        let mut may: Vec<u32> = may.copied().collect();
        let value = |product: u32| (scores[product as usize], counts[product as usize]);
        let order = |&one: &u32, &other: &u32| {
            let (a, b) = (value(one), value(other));
            b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then(one.cmp(&other))
        };
        if may.len() > TEN {
            may.select_nth_unstable_by(TEN, order);
            may.truncate(TEN);
        }
        may.sort_unstable_by(order);
        may
    }

    fn row(&self, name: &str, mut recommend: impl FnMut(usize, bool) -> Vec<u32>) -> Row {
        let mut shown = HashSet::new();
        let [(recall, ndcg), (recall_repeats, ndcg_repeats)] = [false, true].map(|repeats| {
            let (mut recall, mut ndcg, mut count) = (0.0, 0.0, 0.0);
            for (customer, right) in self.customers(repeats) {
                let ranked = recommend(customer, repeats);
                recall += recall_at(TEN, &ranked, &right);
                ndcg += ndcg_at(TEN, &ranked, &right);
                count += 1.0;
                if !repeats {
                    shown.extend(ranked);
                }
            }
            let mean = |sum: f64| if count > 0.0 { sum / count } else { 0.0 };
            (mean(recall), mean(ndcg))
        });
        let coverage = shown.len() as f64 / self.sold.len().max(1) as f64;
        Row { name: name.to_owned(), recall, ndcg, recall_repeats, ndcg_repeats, coverage }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            purchases: (before, after), customers: (fresh, all), products, left_out: (returns, nameless), ..
        } = self;
        writeln!(
            out,
            "{before} purchases of {products} products before the split, {after} after; left out: {returns} returns, {nameless} without a customer or product"
        )?;
        writeln!(
            out,
            "{fresh} customers bought new items, {all} bought anything; recall@10 = hits / min(10, right)\n"
        )?;
        writeln!(out, "{:16} {:>20} {:>20} {:>9}", "", "new items", "repeats allowed", "")?;
        writeln!(
            out,
            "{:16} {:>10}{:>10} {:>10}{:>10} {:>9}",
            "", "recall@10", "nDCG@10", "recall@10", "nDCG@10", "coverage"
        )?;
        for row in &self.rows {
            let Row { name, recall, ndcg, recall_repeats, ndcg_repeats, coverage } = row;
            let share = 100.0 * coverage;
            writeln!(
                out,
                "{name:16} {recall:>10.4}{ndcg:>10.4} {recall_repeats:>10.4}{ndcg_repeats:>10.4} {share:>7.1} %"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{EvaluateError, evaluate, run};
    use crate::recommend::history::{DAY, Recorder};
    use crate::recommend::synthetic::{DAYS, Shape, history};

    const USUAL: Shape =
        Shape { name: "usual", customers: 1200, products: 900, orders: 5, once: 20, repeats: 25, new: 10, tastes: 12 };

    #[test]
    fn on_real_orders_ours_is_clearly_above_every_plain_way() {
        let data = std::env::var_os("OXCART_REAL_DATA").map(PathBuf::from);
        let data = data.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"));
        let orders = data.join("uci-online-retail/online_retail_2010-12_2011-10.csv.gz");
        if !orders.exists() {
            println!("left out: {} is missing; set OXCART_REAL_DATA", orders.display());
            return;
        }
        let report = run(&orders, "2011-10-01").expect("the file is in order");
        println!("{report}");
        let (ours, plain) = report.rows.split_last().expect("there are four rows");
        for row in plain {
            let above = |ours: f64, theirs: f64| ours > 1.2 * theirs;
            assert!(above(ours.recall, row.recall) && above(ours.ndcg, row.ndcg), "{}: new items", row.name);
            assert!(above(ours.recall_repeats, row.recall_repeats), "{}: repeats", row.name);
            assert!(above(ours.ndcg_repeats, row.ndcg_repeats), "{}: repeats", row.name);
        }
    }

    #[test]
    fn ours_is_never_below_the_best_plain_way_whatever_the_shop_is_like() {
        let table = [
            USUAL,
            Shape { name: "ratings, nothing twice", repeats: 0, once: 0, orders: 8, new: 0, ..USUAL },
            Shape { name: "nearly all buy once", once: 85, customers: 4000, ..USUAL },
            Shape { name: "much is new", new: 60, ..USUAL },
            Shape { name: "tiny", customers: 60, products: 80, tastes: 4, ..USUAL },
            Shape { name: "few products", customers: 500, products: 24, tastes: 3, repeats: 60, ..USUAL },
            Shape { name: "one taste", tastes: 1, ..USUAL },
        ];
        for shape in table {
            let report = evaluate(&history(shape), (DAYS - 60) * DAY).expect("people come back in every shape");
            println!("{}\n{report}", shape.name);
            let (ours, plain) = report.rows.split_last().expect("there are four rows");
            let best = |of: fn(&super::Row) -> f64| plain.iter().map(of).fold(0.0, f64::max);
            // Both ways are measured on the same customers, so their difference varies less than either.
            let noise = |customers: usize| 0.1 / (customers.max(1) as f64).sqrt();
            let (fresh, all) = report.customers;
            assert!(ours.recall > best(|row| row.recall) * 0.97 - noise(fresh), "{}: new items", shape.name);
            assert!(
                ours.recall_repeats > best(|row| row.recall_repeats) * 0.97 - noise(all),
                "{}: repeats",
                shape.name
            );
        }
    }

    #[test]
    fn histories_with_nothing_to_measure_are_refused_with_the_dates_there_are() {
        let mut recorder = Recorder::default();
        recorder.add("one", "tea", None, 0, 1);
        recorder.add("two", "tea", None, 9 * DAY, 1);
        let refused = evaluate(&recorder.finish(), 5 * DAY);
        assert!(
            matches!(&refused, Err(EvaluateError::Nobody { from, to }) if from == "1970-01-01" && to == "1970-01-10")
        );
        assert!(evaluate(&Recorder::default().finish(), 0).is_err());
    }

    #[test]
    fn the_smallest_history_is_measured() {
        let mut recorder = Recorder::default();
        recorder.add("one", "tea", None, 0, 1);
        recorder.add("one", "tea", None, 9 * DAY, 1);
        let report = evaluate(&recorder.finish(), 5 * DAY).expect("one customer came back");
        assert!(report.rows.iter().all(|row| row.recall_repeats == 1.0), "{report}");
    }
}
