//! Splitting an amount without losing a cent.

/// Splits `total` in proportion to `weights` by the largest-remainder method (Hamilton's): everyone gets the whole part
/// of their share, and the units left over go to the largest remainders, ties to the earlier.
///
/// The parts always add up to `total`, which may be negative. Weights below zero count as zero; when none is above zero
/// the split is equal. No weights give no parts.
pub fn prorate(total: i64, weights: &[i64]) -> Vec<i64> {
    let mut weights: Vec<i128> = weights.iter().map(|&weight| i128::from(weight.max(0))).collect();
    if weights.iter().all(|&weight| weight == 0) {
        weights.fill(1);
    }
    let whole: i128 = weights.iter().sum();
    let amount = i128::from(total).abs();

    let mut parts: Vec<i128> = weights.iter().map(|weight| amount * weight / whole).collect();
    let left_over = amount - parts.iter().sum::<i128>();
    for index in by_largest_remainder(amount, &weights, whole).into_iter().zip(0..left_over).map(|(index, _)| index) {
        parts[index] += 1;
    }

    let sign = i128::from(total.signum());
    parts.into_iter().map(|part| i64::try_from(sign * part).expect("a part is not larger than the total")).collect()
}

/// The indices of the weights, the one whose share was cut most first; the sort is stable, so ties go to the earlier.
fn by_largest_remainder(amount: i128, weights: &[i128], whole: i128) -> Vec<usize> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(amount * weights[index] % whole));
    order
}
