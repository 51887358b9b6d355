//! The measures of the field.

/// nDCG at `depth` with linear gain (Järvelin and Kekäläinen 2002): the grades as they were ranked, against all grades
/// there are, 0 to 1. None when nothing is worth finding.
pub fn ndcg(ranked: &[f64], all: &[f64], depth: usize) -> Option<f64> {
    let mut ideal = all.to_vec();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best = gain(&ideal, depth);
    (best > 0.0).then(|| gain(ranked, depth) / best)
}

fn gain(grades: &[f64], depth: usize) -> f64 {
    let discounted = |(rank, grade): (usize, &f64)| grade / (rank as f64 + 2.0).log2();
    grades.iter().take(depth).enumerate().map(discounted).sum()
}

/// The share of what is worth finding (grade above 0) that stands among the first `depth`, 0 to 1. None when nothing is
/// worth finding.
pub fn recall(ranked: &[f64], all: &[f64], depth: usize) -> Option<f64> {
    let worth = all.iter().filter(|grade| **grade > 0.0).count();
    let found = ranked.iter().take(depth).filter(|grade| **grade > 0.0).count();
    (worth > 0).then(|| found as f64 / worth as f64)
}

/// The mean, 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The value that a `share` (0 to 1) of the values stays at or under, 0 of nothing; the nearest rank.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_agree_with_hand_counts() {
        let close = |a: Option<f64>, b: f64| assert!((a.expect("something is worth finding") - b).abs() < 1e-9);
        close(ndcg(&[3.0, 2.0], &[2.0, 3.0], 10), 1.0);
        close(ndcg(&[0.0, 3.0], &[3.0], 10), 1.0 / 3.0_f64.log2());
        close(ndcg(&[0.0, 3.0], &[3.0], 1), 0.0);
        close(recall(&[1.0, 0.0, 2.0], &[1.0, 2.0, 1.0, 0.0], 3), 2.0 / 3.0);
        assert_eq!(ndcg(&[], &[0.0], 10), None);
        assert_eq!(recall(&[], &[], 10), None);
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 0.99), 3.0);
        assert_eq!((percentile(&[], 0.5), mean(&[])), (0.0, 0.0));
    }
}
