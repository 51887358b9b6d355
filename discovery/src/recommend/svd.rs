//! A truncated singular value decomposition: what many tastes have in common, in a few dimensions.

use super::matrix::Sparse;

/// The leading right singular vectors of who bought what; a customer's score for products is `x V Vᵀ`
/// (PureSVD: Cremonesi, Koren & Turrin 2010).
pub struct Svd {
    rank: usize,
    /// A row of `rank` numbers for each product.
    vectors: Vec<f32>,
}

impl Svd {
    /// Subspace iteration from a fixed start; the same purchases always give the same vectors.
    pub fn fit(bought: &Sparse, products: usize, rank: usize) -> Self {
        const ROUNDS: usize = 15;
        let rank = rank.min(products).min(bought.rows());
        let mut svd = Self { rank, vectors: noise(products * rank) };
        svd.orthonormalise();
        for _ in 0..ROUNDS {
            let mut next = vec![0.0; products * rank];
            for customer in 0..bought.rows() {
                let taste = svd.taste(bought.row(customer));
                for &(product, value) in bought.row(customer) {
                    let line = &mut next[product as usize * rank..][..rank];
                    line.iter_mut().zip(&taste).for_each(|(sum, part)| *sum += value * part);
                }
            }
            svd.vectors = next;
            svd.orthonormalise();
        }
        svd
    }

    /// The scores of all products for a history.
    pub fn scores(&self, history: &[(u32, f32)]) -> Vec<f32> {
        let taste = self.taste(history);
        if self.rank == 0 {
            return Vec::new();
        }
        self.vectors.chunks_exact(self.rank).map(|line| line.iter().zip(&taste).map(|(a, b)| a * b).sum()).collect()
    }

    /// Where a history lies in the few dimensions.
    fn taste(&self, history: &[(u32, f32)]) -> Vec<f32> {
        let mut taste = vec![0.0; self.rank];
        for &(product, value) in history {
            let line = &self.vectors[product as usize * self.rank..][..self.rank];
            taste.iter_mut().zip(line).for_each(|(sum, part)| *sum += value * part);
        }
        taste
    }

    /// Gram-Schmidt, twice since once loses figures; over columns, each brought together first.
    fn orthonormalise(&mut self) {
        let rank = self.rank;
        let column = |at: usize| self.vectors.iter().skip(at).step_by(rank).copied().collect();
        let mut columns: Vec<Vec<f32>> = (0..rank).map(column).collect();
        for at in 0..rank {
            let (before, rest) = columns.split_at_mut(at);
            let Some(column) = rest.first_mut() else { continue };
            for other in before.iter().chain(before.iter()) {
                let along = dot(column, other);
                column.iter_mut().zip(other).for_each(|(value, part)| *value -= along * part);
            }
            let norm = dot(column, column).sqrt();
            let scale = if norm > 1e-10 { 1.0 / norm } else { 0.0 };
            column.iter_mut().for_each(|value| *value *= scale);
        }
        for (at, column) in columns.iter().enumerate() {
            self.vectors.iter_mut().skip(at).step_by(rank).zip(column).for_each(|(value, new)| *value = *new);
        }
    }
}

/// A product of vectors, summed in eight parts.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in one.chunks(8).zip(other.chunks(8)) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum()
}

/// Numbers between -0.5 and 0.5 that look random and are always the same (splitmix64).
fn noise(count: usize) -> Vec<f32> {
    let mut state = 0u64;
    std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    })
    .take(count)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{Sparse, Svd};

    #[test]
    fn two_tastes_need_two_dimensions() {
        let rows = (0..20u32).map(|n| [0, 1, 2].map(|p| (p + 3 * (n % 2), 1.0)).to_vec());
        let scores = Svd::fit(&Sparse::from_rows(rows), 6, 2).scores(&[(0, 1.0)]);
        for (product, score) in scores.iter().enumerate() {
            let expected = if product < 3 { 1.0 / 3.0 } else { 0.0 };
            assert!((score - expected).abs() < 1e-3, "{product}: {score}");
        }
        assert!(Svd::fit(&Sparse::default(), 0, 4).scores(&[]).is_empty());
    }
}
