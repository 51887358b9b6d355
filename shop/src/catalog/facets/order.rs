//! The order in which people look for values: sizes from small to large, numbers by how much they are.

use std::cmp::Ordering;

/// Clothes sizes that are words.
const SIZES: [&[&str]; 9] = [
    &["xxs", "2xs"],
    &["xs", "extra small", "x-small"],
    &["s", "small"],
    &["m", "medium"],
    &["l", "large"],
    &["xl", "extra large", "x-large"],
    &["xxl", "2xl", "xx-large"],
    &["xxxl", "3xl"],
    &["xxxxl", "4xl"],
];

/// How a value is placed by what it says, or `None` when it says nothing of size.
fn size(label: &str) -> Option<f64> {
    let label = label.trim().to_lowercase();
    if let Some(place) = SIZES.iter().position(|names| names.contains(&label.as_str())) {
        return Some(place as f64);
    }
    let digits: String = label.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    digits.trim_end_matches(['.', ',']).replace(',', ".").parse().ok()
}

/// Whether most of the labels say a size; then they are shown by it.
pub fn are_sizes<'a>(labels: impl Iterator<Item = &'a str> + Clone) -> bool {
    let all = labels.clone().count();
    labels.filter(|label| size(label).is_some()).count() * 5 >= all * 4
}

/// The smaller one first; what has no size comes last, by its letters.
pub fn by_size(one: &str, other: &str) -> Ordering {
    let known = |label| size(label).unwrap_or(f64::INFINITY);
    known(one).total_cmp(&known(other)).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stand_as_people_expect() {
        for expected in [
            &["XS", "S", "Medium", "L", "XL", "2XL"][..],
            &["9 cm", "10 cm", "10.5 cm", "120 cm"],
            &["0,5 l", "1 l", "1,5 l", "unknown"],
        ] {
            let mut labels = expected.to_vec();
            labels.sort_unstable();
            assert!(are_sizes(labels.iter().copied()) || labels.len() < 5);
            labels.sort_by(|one, other| by_size(one, other));
            assert_eq!(labels, expected);
        }
        assert!(!are_sizes(["Oat", "Moss", "Ink"].into_iter()));
    }
}
