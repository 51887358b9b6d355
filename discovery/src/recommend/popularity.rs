//! What is bought much, and what is bought more than usual.

use super::history::Purchase;
use super::matrix::strongest;
use super::shopper::days;

/// How much each product was bought until `now`, a purchase counting half after every `half_life` days;
/// with no half-life every purchase counts 1.
pub fn popularity(purchases: &[Purchase], products: usize, now: i64, half_life: Option<f32>) -> Vec<f32> {
    let mut sums = vec![0.0; products];
    for purchase in purchases {
        if let Some(sum) = sums.get_mut(purchase.product as usize) {
            *sum += half_life.map_or(1.0, |half| (-days(purchase.time, now) / half).exp2());
        }
    }
    sums
}

/// The `count` products that are bought most beyond what is usual for them, strongest first.
///
/// What is usual is a product's share of all purchases before; what is expected now is that share of what is bought now.
/// The score is how far the purchases of late (half-life `half_life` days) lie above it, in standard deviations of a
/// Poisson count: `(late - expected) / √(expected + 1)`.
pub fn trending(purchases: &[Purchase], products: usize, now: i64, half_life: f32, count: usize) -> Vec<(u32, f32)> {
    let late = popularity(purchases, products, now, Some(half_life));
    let ever = popularity(purchases, products, now, None);
    let (late_sum, ever_sum) = (late.iter().sum::<f32>(), ever.iter().sum::<f32>());
    if late_sum <= 0.0 {
        return Vec::new();
    }
    let rise = |(late, ever): (&f32, &f32)| {
        let expected = ever / ever_sum * late_sum;
        (late - expected) / (expected + 1.0).sqrt()
    };
    let rises = late.iter().zip(&ever).map(rise);
    strongest((0..).zip(rises).filter(|&(_, rise)| rise > 0.0).collect(), count)
}

#[cfg(test)]
mod tests {
    use super::{Purchase, popularity, trending};
    use crate::recommend::history::DAY;

    #[test]
    fn what_rose_lately_trends_and_what_always_sells_does_not() {
        let purchase = |product, day: i64| Purchase { customer: 0, product, order: 0, time: day * DAY, quantity: 1 };
        let steady = (0..100).flat_map(|day| [purchase(0, day), purchase(0, day)]);
        let risen = (96..100).flat_map(|day| [purchase(1, day), purchase(1, day)]);
        let purchases: Vec<_> = steady.chain(risen).collect();
        let trends = trending(&purchases, 3, 100 * DAY, 7.0, 10);
        assert_eq!(trends.iter().map(|trend| trend.0).collect::<Vec<_>>(), [1]);
        assert!(trending(&[], 3, 0, 7.0, 10).is_empty());
        let sums = popularity(&purchases[..2], 2, DAY, Some(1.0));
        assert!((sums[0] - 1.0).abs() < 1e-6 && sums[1] == 0.0);
    }
}
