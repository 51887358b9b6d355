//! Addresses that nobody asked for before, so that no page kept in memory answers them.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// What somebody types who wants to see the search fail: operators, wildcards, quotes that never end, marks that turn
/// the writing around, control characters.
const HOSTILE: [&str; 14] = [
    "AND+OR+NOT",
    "name%3A*+OR+price%3A%5B0+TO+9%5D",
    "%22never+closed",
    "((((((((((((((((",
    "*",
    "%3F*%3F*%3F*~~~~%5E%5E%5E",
    "a*b*c*d*e*f*g*h*i*j*",
    "%27%3B+DROP+TABLE+products%3B--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%01%02%03%1B%7F",
    "%E2%80%AEretnal%E2%80%AC+%E2%81%A6x",
    "%F0%9F%AA%91%F0%9F%AA%91%F0%9F%AA%91",
    "%00",
    "-%2B!%7B%7D%5C%2F",
];
/// Letters of the longest of them.
const LONG: usize = 10_240;

/// A shelf with bounds of the price and, every other time, only what is there.
pub fn narrowed(shelf: &str, draw: &mut StdRng) -> String {
    let least = draw.random_range(100..20_000);
    let most = least + draw.random_range(1_000..1_000_000);
    let stock = if draw.random_bool(0.5) { "&in_stock=true" } else { "" };
    format!("{shelf}?min_price={}.{:02}&max_price={}.{:02}{stock}", least / 100, least % 100, most / 100, most % 100)
}

/// A search of which one word has two letters swapped.
pub fn misspelt(search: &str, draw: &mut StdRng) -> String {
    let (path, words) = search.split_once("q=").unwrap_or((search, ""));
    let mut words: Vec<String> = words.split('+').map(str::to_owned).collect();
    if let Some(word) = words.iter_mut().max_by_key(|word| word.len()).filter(|word| word.len() > 4) {
        let at = draw.random_range(1..word.len() - 2);
        let mut letters: Vec<char> = word.chars().collect();
        letters.swap(at, at + 1);
        *word = letters.into_iter().collect();
    }
    format!("{path}q={}", words.join("+"))
}

/// What somebody has typed of a search so far.
pub fn begun(search: &str, draw: &mut StdRng) -> String {
    let words = search.split_once("q=").map_or("", |(_, words)| words);
    let typed = draw.random_range(2..=words.len().max(2));
    format!("/search/suggest?q={}", words.get(..typed).unwrap_or(words))
}

/// A search that means no good.
pub fn hostile(draw: &mut StdRng) -> String {
    let long = ["a", "a+", "%D9%A0", "chair+"];
    match draw.random_range(0..=HOSTILE.len()) {
        nth if nth < HOSTILE.len() => format!("/search?q={}", HOSTILE[nth]),
        _ => {
            let part = long.choose(draw).copied().unwrap_or("a");
            format!("/search?q={}", part.repeat(LONG / part.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn a_search_is_misspelt_begun_and_narrowed() {
        let draw = &mut StdRng::seed_from_u64(1);
        let wrong = misspelt("/search?q=Plain+chair", draw);
        assert!(wrong.starts_with("/search?q=") && wrong != "/search?q=Plain+chair" && wrong.len() == 21, "{wrong}");
        assert_eq!(misspelt("/search?q=oak", draw), "/search?q=oak");
        let typed = begun("/search?q=Kettle", draw);
        assert!("/search/suggest?q=Kettle".starts_with(&typed) && typed.len() > 19, "{typed}");
        assert!(narrowed("/products", draw).starts_with("/products?min_price="));
    }
}
