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

    /// The score of one product for a taste.
    pub fn score(&self, taste: &[f32], product: u32) -> f32 {
        let line = self.vectors.get(product as usize * self.rank..).unwrap_or_default();
        line.iter().zip(taste).map(|(a, b)| a * b).sum()
    }

    /// Where a history lies in the few dimensions.
    pub fn taste(&self, history: &[(u32, f32)]) -> Vec<f32> {
        let mut taste = vec![0.0; self.rank];
        for &(product, value) in history {
            let line = &self.vectors[product as usize * self.rank..][..self.rank];
            taste.iter_mut().zip(line).for_each(|(sum, part)| *sum += value * part);
        }
        taste
    }

    /// Gram-Schmidt, over columns.
    fn orthonormalise(&mut self) {
        let rank = self.rank;
        for column in 0..rank {
            for round in 0..2 * column {
                // Twice, since once loses figures.
                let other = round % column;
                let dot: f64 = self.vectors.chunks_exact(rank).map(|line| f64::from(line[column] * line[other])).sum();
                self.vectors.chunks_exact_mut(rank).for_each(|line| line[column] -= dot as f32 * line[other]);
            }
            let norm: f64 = self.vectors.chunks_exact(rank).map(|line| f64::from(line[column]).powi(2)).sum();
            let scale = if norm > 1e-20 { (1.0 / norm.sqrt()) as f32 } else { 0.0 };
            self.vectors.chunks_exact_mut(rank).for_each(|line| line[column] *= scale);
        }
    }
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
