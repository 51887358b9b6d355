//! Products that the same customers bought: cosine neighbours.

use super::matrix::{Sparse, Sums, strongest};

/// The `kept` nearest products of each by the cosine of their customers:
/// `both / √(buyers of one · buyers of the other + shrinkage)`. A product isn't its own neighbour.
pub fn cosine(bought: &Sparse, products: usize, shrinkage: f32, kept: usize) -> Sparse {
    let buyers = bought.transposed(products);
    let mut sums = Sums::new(products);
    Sparse::from_rows((0..products).map(|product| {
        for &(customer, value) in buyers.row(product) {
            sums.add_row(bought.row(customer as usize), value);
        }
        let own = buyers.row(product).len() as f32;
        let others = sums.take().into_iter().filter(|&(other, _)| other as usize != product);
        let near = |(other, both): (u32, f32)| {
            (other, both / (own * buyers.row(other as usize).len() as f32).sqrt() * both / (both + shrinkage))
        };
        strongest(others.map(near).collect(), kept)
    }))
}
