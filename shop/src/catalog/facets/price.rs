//! Ranges of prices that fit what was found.

/// The most ranges that are offered.
const MOST: usize = 5;
/// Fewer products than this need no ranges.
const LEAST_PRODUCTS: usize = 8;

/// What the products cost, and ranges that part them into groups of like size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// The lowest price, in minor units.
    pub least: i64,
    /// The highest.
    pub most: i64,
    /// Ranges, cheapest first; few products have none.
    pub ranges: Vec<Range>,
}

/// A range, both ends included, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// From; the first has none.
    pub from: Option<i64>,
    /// To; the last has none.
    pub to: Option<i64>,
    /// Products with a variant in it.
    pub count: u32,
}

impl Prices {
    /// Of the prices of products, those of one product one after the other.
    pub fn of(prices: &[(u32, i64)]) -> Option<Self> {
        let least = prices.iter().map(|(_, price)| *price).min()?;
        let most = prices.iter().map(|(_, price)| *price).max()?;
        let mut ranges = ranges(prices);
        for range in &mut ranges {
            range.count = range.counted(prices);
        }
        ranges.retain(|range| range.count > 0);
        Some(Self { least, most, ranges: if ranges.len() > 1 { ranges } else { vec![] } })
    }
}

impl Range {
    fn counted(&self, prices: &[(u32, i64)]) -> u32 {
        let mut last = None;
        let mut count = 0;
        for (product, price) in prices {
            let fits = self.from.is_none_or(|from| *price >= from) && self.to.is_none_or(|to| *price <= to);
            if fits && last.replace(product) != Some(product) {
                count += 1;
            }
        }
        count
    }
}

/// Ranges between round prices near those that part the sorted prices evenly.
fn ranges(prices: &[(u32, i64)]) -> Vec<Range> {
    if prices.len() < LEAST_PRODUCTS {
        return vec![];
    }
    let mut values: Vec<i64> = prices.iter().map(|(_, price)| *price).collect();
    let mut cuts: Vec<i64> =
        (1..MOST).map(|part| round(*values.select_nth_unstable(prices.len() * part / MOST).1)).collect();
    cuts.dedup();
    cuts.retain(|cut| *cut > 0);
    let starts = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    let ends = cuts.iter().copied().map(Some).chain(std::iter::once(None));
    starts.zip(ends).map(|(from, to)| Range { from, to, count: 0 }).collect()
}

/// The round price next to one: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.
fn round(price: i64) -> i64 {
    const STEPS: [i64; 10] = [10, 15, 20, 25, 30, 40, 50, 60, 80, 100];
    let mut unit = 1;
    while unit <= price / 100 {
        unit *= 10;
    }
    let nearest = STEPS.iter().map(|step| step * unit).min_by_key(|step| (step - price).abs());
    nearest.unwrap_or(price)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_round_and_hold_about_the_same() {
        let prices: Vec<(u32, i64)> = (0..100).map(|product| (product, 900 + i64::from(product) * 97)).collect();
        let found = Prices::of(&prices).expect("there are prices");
        let shown: Vec<_> = found.ranges.iter().map(|range| (range.from, range.to, range.count)).collect();
        let expected = [
            (None, Some(3000), 22),
            (Some(3000), Some(5000), 21),
            (Some(5000), Some(6000), 10),
            (Some(6000), Some(8000), 21),
            (Some(8000), None, 26),
        ];
        assert_eq!((found.least, found.most, shown), (900, 10_503, expected.to_vec()));
        assert_eq!(Prices::of(&prices[..3]).expect("there are prices").ranges, [], "three things need no ranges");
        assert_eq!(Prices::of(&[]), None);
    }

    #[test]
    fn a_product_counts_once_in_a_range() {
        let prices: Vec<(u32, i64)> =
            (0..10).flat_map(|product| [(product, 1000), (product, 1100), (product, 9000)]).collect();
        let found = Prices::of(&prices).expect("there are prices");
        assert!(found.ranges.iter().all(|range| range.count == 10), "{found:?}");
    }
}
