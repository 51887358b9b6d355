//! How much each signal counts, learned from what was chosen: the conditional logit (McFadden 1974).
//!
//! Somebody who may choose among products takes `p` with a probability proportional to `exp(w · features(p))`. The
//! weights `w` make what was really chosen most likely; a ridge keeps them near a start, which matters with few choices.

use super::matrix::strongest;

/// One customer's choice: candidates, and which of them were taken.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The features of each candidate, one after the other.
    pub features: Vec<f32>,
    /// Which candidates were taken, by their place.
    pub taken: Vec<usize>,
}

impl Choice {
    /// The same choice among only the best candidates by some weights.
    pub fn head(&self, weights: &[f64], count: usize) -> Self {
        let dot = |row: &[f32]| row.iter().zip(weights).map(|(&f, w)| f64::from(f) * w).sum::<f64>() as f32;
        let rows = || self.features.chunks_exact(weights.len());
        let best: Vec<u32> = strongest((0..).zip(rows().map(dot)).collect(), count).into_iter().map(|e| e.0).collect();
        let taken = (0..best.len()).filter(|&place| self.taken.contains(&(best[place] as usize))).collect();
        let features = best.iter().filter_map(|&place| rows().nth(place as usize)).flatten().copied().collect();
        Self { features, taken }
    }
}

/// Fits the weights by Newton's method. `start` is where they stay without evidence; `ridge` is how many choices it
/// takes to move them, for features of a spread of one.
pub fn fit(choices: &[Choice], start: &[f64], ridge: f64) -> Vec<f64> {
    const ROUNDS: usize = 12;
    let size = start.len();
    let mut weights = start.to_vec();
    let mut before = f64::INFINITY;
    let mut step = vec![0.0; size];
    for _ in 0..ROUNDS {
        let (mut loss, mut slope, mut bend) = (0.0, vec![0.0; size], vec![0.0; size * size]);
        for choice in choices.iter().filter(|choice| !choice.taken.is_empty()) {
            loss += add(choice, &weights, &mut slope, &mut bend);
        }
        for at in 0..size {
            let off = weights[at] - start[at];
            loss += 0.5 * ridge * off * off;
            slope[at] += ridge * off;
            bend[at * size + at] += ridge + 1e-9;
        }
        if loss.is_nan() || loss > before {
            // Too far: half the last step back.
            step.iter_mut().zip(&mut weights).for_each(|(part, weight)| {
                *part *= 0.5;
                *weight += *part;
            });
            continue;
        }
        let gained = before - loss;
        before = loss;
        if gained < 1e-6 * loss.abs() {
            break;
        }
        step = solve(bend, slope);
        weights.iter_mut().zip(&step).for_each(|(weight, part)| *weight -= part);
    }
    weights
}

/// Adds one choice's slope and bend; returns its loss, the mean of `-ln probability` over what was taken.
fn add(choice: &Choice, weights: &[f64], slope: &mut [f64], bend: &mut [f64]) -> f64 {
    let size = weights.len();
    let rows = || choice.features.chunks_exact(size);
    let dot = |row: &[f32]| row.iter().zip(weights).map(|(&f, w)| f64::from(f) * w).sum::<f64>();
    let scores: Vec<f64> = rows().map(dot).collect();
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = scores.iter().map(|score| (score - most).exp()).sum();
    let mut mean = vec![0.0; size];
    let mut square = vec![0.0; size * size];
    for (row, score) in rows().zip(&scores) {
        let chance = (score - most).exp() / total;
        if chance < 1e-7 {
            continue;
        }
        for (at, &feature) in row.iter().enumerate() {
            let part = chance * f64::from(feature);
            mean[at] += part;
            let line = &mut square[at * size..][..size];
            line.iter_mut().zip(row).for_each(|(sum, &other)| *sum += part * f64::from(other));
        }
    }
    let share = 1.0 / choice.taken.len() as f64;
    let mut loss = 0.0;
    for &taken in &choice.taken {
        loss += share * (most + total.ln() - scores[taken]);
        let row = &choice.features[taken * size..][..size];
        slope.iter_mut().zip(row).for_each(|(sum, &feature)| *sum -= share * f64::from(feature));
    }
    for at in 0..size {
        slope[at] += mean[at];
        for other in 0..size {
            bend[at * size + other] += square[at * size + other] - mean[at] * mean[other];
        }
    }
    loss
}

/// Solves `bend · x = slope` for a positive definite `bend` by elimination.
fn solve(mut bend: Vec<f64>, mut slope: Vec<f64>) -> Vec<f64> {
    let size = slope.len();
    for pivot in 0..size {
        for row in pivot + 1..size {
            let factor = bend[row * size + pivot] / bend[pivot * size + pivot];
            for column in pivot..size {
                bend[row * size + column] -= factor * bend[pivot * size + column];
            }
            slope[row] -= factor * slope[pivot];
        }
    }
    for pivot in (0..size).rev() {
        let known: f64 = (pivot + 1..size).map(|column| bend[pivot * size + column] * slope[column]).sum();
        slope[pivot] = (slope[pivot] - known) / bend[pivot * size + pivot];
    }
    slope
}

#[cfg(test)]
mod tests {
    use super::{Choice, fit};

    #[test]
    fn the_weights_are_those_of_the_odds() {
        // Of two products with the feature 0 and 1, three of four people take the second: the weight is ln 3.
        let choice = |taken| Choice { features: vec![0.0, 1.0], taken: vec![taken] };
        let choices: Vec<Choice> = (0..400).map(|n| choice(usize::from(n % 4 != 0))).collect();
        assert!((fit(&choices, &[0.0], 0.0)[0] - 3f64.ln()).abs() < 1e-4);
        assert_eq!(fit(&[], &[0.7, 0.1], 1.0), [0.7, 0.1]);
    }
}
