//! How good a list of ten is, when what is right is known.

/// How many of the first `k` are right, as a share of how many could be: `hits / min(k, right)`; 0 when nothing is right.
pub fn recall_at<T: PartialEq>(k: usize, ranked: &[T], right: &[T]) -> f64 {
    let hits = ranked.iter().take(k).filter(|item| right.contains(item)).count();
    let possible = k.min(right.len());
    if possible == 0 { 0.0 } else { hits as f64 / possible as f64 }
}

/// Normalised discounted cumulative gain of the first `k` with a gain of 1 for what is right (Järvelin & Kekäläinen 2002):
/// the sum of `1 / log2(rank + 1)` over hits, as a share of the best possible sum; 0 when nothing is right.
pub fn ndcg_at<T: PartialEq>(k: usize, ranked: &[T], right: &[T]) -> f64 {
    let discount = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
    let best: f64 = (0..k.min(right.len())).map(discount).sum();
    let hits = ranked.iter().take(k).enumerate().filter(|(_, item)| right.contains(item));
    let gained: f64 = hits.map(|(rank, _)| discount(rank)).sum();
    if best == 0.0 { 0.0 } else { gained / best }
}

#[cfg(test)]
mod tests {
    use super::{ndcg_at, recall_at};

    #[test]
    fn a_list_is_worth_what_the_definitions_say() {
        let table: [(&[u32], &[u32], f64, f64); 5] = [
            (&[1, 2, 3], &[1, 2, 3], 1.0, 1.0),
            (&[9, 1], &[1], 1.0, 1.0 / 3f64.log2()),
            (&[1, 9, 8], &[1, 2], 0.5, 1.0 / (1.0 + 1.0 / 3f64.log2())),
            (&[7, 8], &[1], 0.0, 0.0),
            (&[7, 8], &[], 0.0, 0.0),
        ];
        for (ranked, right, recall, ndcg) in table {
            assert!((recall_at(10, ranked, right) - recall).abs() < 1e-12, "{ranked:?} {right:?}");
            assert!((ndcg_at(10, ranked, right) - ndcg).abs() < 1e-12, "{ranked:?} {right:?}");
        }
        assert_eq!(recall_at(1, &[1, 2], &[2]), 0.0);
    }
}
