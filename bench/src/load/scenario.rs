//! What many visitors do at the same time.

use clap::ValueEnum;
use rand::Rng;
use rand::rngs::StdRng;

use super::buyer::Deed;

/// Of so many visits one is a checkout and ten fill a cart; the others only look.
const MIXED: u32 = 211;
const MIXED_CARTS: u32 = 10;

/// What many visitors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// The front page and the shelves
    Browse,
    /// Pages of products
    Product,
    /// Searches
    Search,
    /// Shelves between prices that nobody asked for before, with their filters counted
    Narrow,
    /// Searches with two letters swapped
    Typo,
    /// What is suggested as somebody types
    Suggest,
    /// Searches that mean no good
    Hostile,
    /// Carts with something in them
    AddToCart,
    /// A product of 500 variants, and a cart of 100 lines of it
    Large,
    /// Orders, from the cart to the payment, spread over many SKUs
    Checkout,
    /// The same, all of one SKU
    Hot,
    /// Payments alone, of checkouts that were opened before
    Pay,
    /// One checkout for ten carts for 200 pages
    Mixed,
    /// A thousand buyers for the last 500 of one SKU
    LastUnits,
}

impl Scenario {
    /// Its name, as it is asked for.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What the next visitor does.
    pub fn deed(self, draw: &mut StdRng) -> Deed {
        match self {
            Scenario::Browse => Deed::Browse,
            Scenario::Product => Deed::Product,
            Scenario::Search => Deed::Search,
            Scenario::Narrow => Deed::Narrow,
            Scenario::Typo => Deed::Typo,
            Scenario::Suggest => Deed::Suggest,
            Scenario::Hostile => Deed::Hostile,
            Scenario::Large => Deed::Large,
            Scenario::AddToCart => Deed::AddToCart,
            Scenario::Checkout | Scenario::Pay | Scenario::LastUnits => Deed::Checkout,
            Scenario::Hot => Deed::Hot,
            Scenario::Mixed => mixed(draw.random_range(0..MIXED)),
        }
    }
}

fn mixed(drawn: u32) -> Deed {
    match drawn {
        0 => Deed::Checkout,
        1..=MIXED_CARTS => Deed::AddToCart,
        look => [Deed::Browse, Deed::Product, Deed::Product, Deed::Search][look as usize % 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_211_mixed_visits_one_buys_and_ten_fill_a_cart() {
        let of = |wanted| (0..MIXED).map(mixed).filter(|deed| *deed == wanted).count();
        let looks = of(Deed::Browse) + of(Deed::Product) + of(Deed::Search);
        assert_eq!((of(Deed::Checkout), of(Deed::AddToCart), looks), (1, 10, 200));
    }
}
