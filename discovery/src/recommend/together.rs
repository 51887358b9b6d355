//! What is bought (or looked at) together: counts that follow every order, and neighbours for the products it touched.

use std::collections::HashMap;

use super::matrix::strongest;

/// How often products were in the same basket. A basket is an order, or the products seen in one visit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Together {
    baskets: HashMap<u32, u32>,
    pairs: HashMap<u32, HashMap<u32, u32>>,
}

impl Together {
    /// Counts a basket; a product counts once. A basket of more than 200 products isn't a choice of things that go
    /// together and would cost 40,000 pairs: only its first 200 count.
    pub fn add(&mut self, basket: &[u32]) {
        const MOST: usize = 200;
        let mut products = basket[..basket.len().min(MOST)].to_vec();
        products.sort_unstable();
        products.dedup();
        for &product in &products {
            *self.baskets.entry(product).or_default() += 1;
            let row = self.pairs.entry(product).or_default();
            products.iter().filter(|&&other| other != product).for_each(|&other| *row.entry(other).or_default() += 1);
        }
    }

    /// Counts that two products were in so many baskets together; a product with itself, that it was in so many at all.
    pub fn count(&mut self, one: u32, other: u32, times: u32) {
        let baskets = self.baskets.entry(one).or_default();
        if one == other {
            *baskets += times;
            return;
        }
        for (product, beside) in [(one, other), (other, one)] {
            *self.pairs.entry(product).or_default().entry(beside).or_default() += times;
        }
    }

    /// The `kept` products that go best with one, strongest first, scores between 0 and 1.
    ///
    /// The score is the cosine of both products' baskets, shrunk when there is little evidence:
    /// `both / √(one · other) · both / (both + shrinkage)` (Koren 2008 for the shrinkage).
    pub fn neighbours(&self, product: u32, shrinkage: f32, kept: usize) -> Vec<(u32, f32)> {
        let (Some(row), Some(&own)) = (self.pairs.get(&product), self.baskets.get(&product)) else {
            return Vec::new();
        };
        let score = |(&other, &both): (&u32, &u32)| {
            let theirs = self.baskets.get(&other).copied().unwrap_or(1);
            let both = both as f32;
            (other, both / (own as f32 * theirs as f32).sqrt() * both / (both + shrinkage))
        };
        strongest(row.iter().map(score).collect(), kept)
    }

    /// The products whose neighbours are to be computed anew after a basket: its own. Lists of others shift a little, since
    /// a product became more frequent; a nightly job settles that.
    pub fn touched(basket: &[u32]) -> Vec<u32> {
        let mut products = basket.to_vec();
        products.sort_unstable();
        products.dedup();
        products
    }
}

#[cfg(test)]
mod tests {
    use super::Together;

    #[test]
    fn more_evidence_beats_a_single_chance() {
        let mut together = Together::default();
        (0..30).for_each(|_| together.add(&[1, 2]));
        together.add(&[1, 3, 3]);
        let near = together.neighbours(1, 5.0, 10);
        assert_eq!(near.iter().map(|entry| entry.0).collect::<Vec<_>>(), [2, 3]);
        assert!(near[0].1 > 0.8 && near[1].1 < 0.05);
        assert!(together.neighbours(9, 5.0, 10).is_empty());
        assert_eq!(together.neighbours(1, 5.0, 1).len(), 1);
        assert_eq!(Together::touched(&[3, 1, 3]), [1, 3]);
    }
}
