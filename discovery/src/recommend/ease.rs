//! The linear model of what goes with what: EASE (Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data").
//!
//! Every product's purchases are explained by those of all the others with a ridge regression; the coefficients are the
//! scores. With the counts `G = XᵀX` of who bought both, `P = (G + D)⁻¹` and `B[i][j] = -P[i][j] / P[j][j]`.
//! `D` is the ridge `λ`, and on top of it a share of each product's own count, which stands for purchases that might
//! as well not have happened (Steck 2020, "Autoencoders that don't overfit towards the Identity").

use ndarray::{Array2, Axis, Slice, linalg::general_mat_mul};

use super::matrix::{Sparse, strongest};

/// What the model costs and how careful it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ease {
    /// Only so many most bought products are regressed: time grows with the cube, memory with the square.
    pub products: usize,
    /// Ridge `λ`: larger is more careful.
    pub ridge: f32,
    /// The share of purchases assumed to be chance, 0 to below 1.
    pub dropout: f32,
    /// How many weights are kept for each product.
    pub kept: usize,
}

impl Ease {
    /// The weights: a row for each product with what its purchase says for others, strongest first.
    ///
    /// `bought` has a row per customer and a column per product; products beyond the most bought ones have empty rows.
    pub fn fit(&self, bought: &Sparse, products: usize) -> Sparse {
        let (chosen, places) = most_bought(bought, products, self.products);
        let mut weights = counts(bought, &chosen, &places);
        let noise = self.dropout / (1.0 - self.dropout);
        for place in 0..chosen.len() {
            weights[[place, place]] += self.ridge + noise * weights[[place, place]];
        }
        invert(&mut weights);
        let own: Vec<f32> = weights.diag().to_vec();
        Sparse::from_rows((0..products).map(|product| {
            let Some(place) = places[product] else { return Vec::new() };
            let row = weights.row(place as usize);
            let others = row.iter().zip(&own).zip(&chosen).filter(|(_, other)| **other as usize != product);
            strongest(
                others.map(|((&value, own), &other)| (other, -value / own)).filter(|e| e.1 > 0.0).collect(),
                self.kept,
            )
        }))
    }
}

/// The `most` bought products in the sequence of their numbers, and for each product its place among them.
fn most_bought(bought: &Sparse, products: usize, most: usize) -> (Vec<u32>, Vec<Option<u32>>) {
    let mut sums = vec![0.0; products];
    for customer in 0..bought.rows() {
        bought.row(customer).iter().for_each(|&(product, value)| sums[product as usize] += value);
    }
    let sums = (0..).zip(sums).filter(|&(_, sum)| sum > 0.0).collect();
    let mut chosen: Vec<u32> = strongest(sums, most).into_iter().map(|(product, _)| product).collect();
    chosen.sort_unstable();
    let mut places = vec![None; products];
    (0..).zip(&chosen).for_each(|(place, &product)| places[product as usize] = Some(place));
    (chosen, places)
}

/// `XᵀX` over the chosen products.
fn counts(bought: &Sparse, chosen: &[u32], places: &[Option<u32>]) -> Array2<f32> {
    let mut counts = Array2::zeros((chosen.len(), chosen.len()));
    let mut row = Vec::new();
    for customer in 0..bought.rows() {
        row.clear();
        row.extend(bought.row(customer).iter().filter_map(|&(p, value)| Some((places[p as usize]? as usize, value))));
        for &(one, value) in &row {
            let mut line = counts.row_mut(one);
            row.iter().for_each(|&(other, weight)| line[other] += value * weight);
        }
    }
    counts
}

/// Inverts a symmetric positive definite matrix in place: Gauss-Jordan by blocks, so that nearly all of it is products of
/// matrices. No pivots are needed, since what remains stays positive definite.
fn invert(matrix: &mut Array2<f32>) {
    const BLOCK: usize = 128;
    let size = matrix.nrows();
    for start in (0..size).step_by(BLOCK) {
        let block = Slice::from(start..(start + BLOCK).min(size));
        let (down, across) = (Axis(0), Axis(1));
        let mut column = matrix.slice_axis(across, block).to_owned();
        let corner = inverse(&column.slice_axis(down, block).mapv(f64::from));
        column.slice_axis_mut(down, block).fill(0.0);
        let mut row = corner.dot(&matrix.slice_axis(down, block));
        row.slice_axis_mut(across, block).assign(&corner);
        matrix.slice_axis_mut(across, block).fill(0.0);
        general_mat_mul(-1.0, &column, &row, 1.0, matrix);
        matrix.slice_axis_mut(down, block).assign(&row);
    }
}

/// The same for one small block, in double precision.
fn inverse(block: &Array2<f64>) -> Array2<f32> {
    let mut work = block.clone();
    for pivot in 0..work.nrows() {
        let scale = 1.0 / work[[pivot, pivot]];
        let mut row = work.row(pivot).mapv(|value| value * scale);
        row[pivot] = scale;
        for (at, mut line) in work.rows_mut().into_iter().enumerate() {
            if at != pivot {
                let factor = std::mem::take(&mut line[pivot]);
                line.scaled_add(-factor, &row);
            }
        }
        work.row_mut(pivot).assign(&row);
    }
    work.mapv(|value| value as f32)
}

#[cfg(test)]
mod tests {
    use super::{Array2, Ease, invert};
    use crate::recommend::matrix::Sparse;

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        for size in [1, 5, 128, 300] {
            let wave =
                Array2::from_shape_fn((size, size), |(row, column)| ((row * 7 + column * 13) % 11) as f32 / 11.0);
            let matrix = wave.dot(&wave.t()) + Array2::<f32>::eye(size) * 5.0;
            let mut inverted = matrix.clone();
            invert(&mut inverted);
            let off = (matrix.dot(&inverted) - Array2::<f32>::eye(size)).iter().fold(0f32, |most, v| most.max(v.abs()));
            assert!(off < 5e-3, "{size}: {off}");
        }
    }

    #[test]
    fn what_is_bought_together_gets_weight_and_the_rest_none() {
        let customer = |products: &[u32]| products.iter().map(|&product| (product, 1.0)).collect();
        let rows = (0..40).map(|n| if n % 2 == 0 { customer(&[0, 1]) } else { customer(&[2, 3]) });
        let weights = Ease { products: 4, ridge: 1.0, dropout: 0.0, kept: 3 }.fit(&Sparse::from_rows(rows), 5);
        assert_eq!(weights.row(0).first().map(|entry| entry.0), Some(1));
        assert_eq!(weights.row(3).first().map(|entry| entry.0), Some(2));
        assert!(weights.row(0)[0].1 > 0.9 && weights.row(4).is_empty());
    }
}
