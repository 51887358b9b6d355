//! What there is to look at and to buy, as the shop itself tells it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;

use super::large::Large;
use super::wire::{Place, Wire};
use crate::Failure;

/// Products of one page of the list.
const PER_PAGE: usize = 100;
/// Product pages that are asked for at once.
const AT_ONCE: usize = 8;
/// Different pages of products, and different searches.
const PRODUCT_PAGES: usize = 500;
const SEARCHES: usize = 500;

/// A variant that can be bought.
#[derive(Clone, Debug, Deserialize)]
pub struct Good {
    /// Its id.
    pub id: String,
    /// Its SKU.
    pub sku: Option<String>,
    available: Option<i64>,
}

/// What there is.
#[derive(Debug, Default)]
pub struct Goods {
    /// Variants that can be bought.
    pub variants: Vec<Good>,
    /// The front page and the shelves.
    pub browse: Vec<String>,
    /// Pages of products.
    pub product: Vec<String>,
    /// Searches.
    pub search: Vec<String>,
    /// The product of many variants, once it is made.
    pub large: Option<Large>,
}

#[derive(Deserialize)]
struct List {
    items: Vec<Listed>,
    pages: usize,
}

#[derive(Deserialize)]
struct Listed {
    slug: String,
    name: String,
}

#[derive(Deserialize)]
struct Product {
    variants: Vec<Good>,
}

#[derive(Deserialize)]
struct Shelf {
    slug: String,
    children: Vec<Shelf>,
}

impl Goods {
    /// Asks the shop for its pages, and for its products until there are so many variants.
    pub async fn look(place: &Place, wanted: usize) -> Result<Self, Failure> {
        let mut wire = Wire::new(place);
        let mut goods = Goods::default();
        let shelves: Vec<Shelf> = get(&mut wire, "/api/categories").await?;
        goods.browse.extend(["/".to_owned(), "/products".to_owned()]);
        shelves.iter().for_each(|shelf| goods.add_shelf(shelf));
        let mut searches = BTreeSet::new();
        for page in 1.. {
            let path = format!("/api/products?in_stock=true&sort=newest&per_page={PER_PAGE}&page={page}");
            let list: List = get(&mut wire, &path).await?;
            let slugs: Vec<String> = list.items.iter().map(|listed| listed.slug.clone()).collect();
            searches.extend(list.items.iter().filter_map(|listed| search_for(&listed.name)));
            goods.product.extend(slugs.iter().map(|slug| format!("/p/{slug}")));
            if goods.variants.len() < wanted {
                goods.variants.extend(variants(place, slugs).await?);
            }
            if page >= list.pages || (goods.variants.len() >= wanted && goods.product.len() >= PRODUCT_PAGES) {
                break;
            }
        }
        goods.search = searches.into_iter().take(SEARCHES).collect();
        goods.product.truncate(PRODUCT_PAGES);
        goods.variants.truncate(wanted);
        if goods.variants.is_empty() || goods.search.is_empty() {
            return Err("the shop has nothing to sell: fill it with `bench seed --stock`".into());
        }
        Ok(goods)
    }

    fn add_shelf(&mut self, shelf: &Shelf) {
        self.browse.push(format!("/c/{}", shelf.slug));
        shelf.children.iter().for_each(|child| self.add_shelf(child));
    }
}

/// What somebody who looks for this would type.
fn search_for(name: &str) -> Option<String> {
    let is_plain = |word: &&str| word.len() > 2 && word.bytes().all(|letter| letter.is_ascii_alphanumeric());
    let words: Vec<_> = name.split(' ').filter(is_plain).collect();
    words.last().map(|last| match words.first() {
        Some(first) if first != last => format!("/search?q={first}+{last}"),
        _ => format!("/search?q={last}"),
    })
}

/// The variants of these products that can be bought.
async fn variants(place: &Place, slugs: Vec<String>) -> Result<Vec<Good>, Failure> {
    let slugs: Arc<[String]> = slugs.into();
    let mut asking = JoinSet::new();
    for first in 0..AT_ONCE {
        let (mut wire, slugs) = (Wire::new(place), slugs.clone());
        asking.spawn(async move {
            let mut found = Vec::new();
            for (nth, slug) in slugs.iter().enumerate().skip(first).step_by(AT_ONCE) {
                let product: Product = get(&mut wire, &format!("/api/products/{slug}")).await?;
                let there = product.variants.into_iter().filter(|good| good.available.is_none_or(|left| left > 0));
                found.extend(there.map(|good| (nth, good)));
            }
            Ok::<_, Failure>(found)
        });
    }
    let mut found = Vec::new();
    while let Some(part) = asking.join_next().await {
        found.extend(part??);
    }
    found.sort_by_key(|(nth, _)| *nth);
    Ok(found.into_iter().map(|(_, good)| good).collect())
}

async fn get<T: DeserializeOwned>(wire: &mut Wire, path: &str) -> Result<T, Failure> {
    let answer = wire.get(path).await?;
    if answer.status != 200 {
        return Err(format!("{path} answers {}", answer.status).into());
    }
    serde_json::from_slice(&answer.body).map_err(|error| format!("{path} answers something else: {error}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_made_of_the_words_of_a_name() {
        assert_eq!(search_for("Plain oak chair").as_deref(), Some("/search?q=Plain+chair"));
        assert_eq!(search_for("Café à la").as_deref(), None);
        assert_eq!(search_for("Kettle").as_deref(), Some("/search?q=Kettle"));
    }
}
