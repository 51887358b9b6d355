//! A published product with what pages ask about it again and again, worked out once.

use std::sync::{Arc, OnceLock};

use commerce::catalog::{Image, Product, StockState, Variant};
use commerce::ids::{CategoryId, ImageId, VariantId};
use commerce::money::Money;

use super::attributes::Attributes;
use super::categories::Categories;
use super::facets::{Facts, Terms};
use super::search::SearchText;
use crate::store::catalog::{LinkKind, LoadedProduct, ProductLink, StockLevel};

/// A product of the snapshot.
#[derive(Clone, Debug)]
pub struct CatalogProduct {
    /// The product. Its `attributes` are beside it, packed; its `parts` and `related` are found by
    /// [`super::Catalog::linked`].
    pub product: Product,
    /// Its attributes.
    pub attributes: Attributes,
    /// What it leads to, in order.
    pub links: Vec<ProductLink>,
    /// The lowest price of its variants.
    pub price: Money,
    /// What the variant of the lowest price cost before, on sale only.
    pub compare_at: Option<Money>,
    /// The highest price of its variants.
    pub highest_price: Money,
    /// The best state among its variants: a hint.
    pub stock: StockState,
    /// Its categories and everything they stand under.
    pub lineage: Vec<CategoryId>,
    /// What a search looks through, once somebody searched or had the time. It does not follow the stock.
    text: Arc<OnceLock<SearchText>>,
    /// What it can be filtered by, likewise.
    facts: Arc<OnceLock<Facts>>,
}

impl CatalogProduct {
    /// Works out what follows from the product and the tree it stands in.
    pub fn new(loaded: LoadedProduct, categories: &Categories) -> Self {
        let LoadedProduct { product, attributes, links } = loaded;
        let cheapest = product.variants.iter().min_by_key(|variant| variant.price.minor);
        let cheapest = cheapest.expect("the store leaves out products without variants");
        let highest_price = product.variants.iter().map(|variant| variant.price).max_by_key(|price| price.minor);
        let lineage = categories.lineage(&product.categories);
        Self {
            price: cheapest.price,
            compare_at: on_sale(cheapest),
            highest_price: highest_price.unwrap_or(cheapest.price),
            stock: best_stock(&product),
            lineage,
            text: Arc::default(),
            facts: Arc::default(),
            links,
            attributes,
            product,
        }
    }

    /// The same product with other numbers in stock.
    pub fn with_stock(&self, levels: &[StockLevel]) -> Self {
        let mut changed = self.clone();
        for level in levels {
            if let Some(variant) = changed.product.variants.iter_mut().find(|variant| variant.id == level.variant) {
                variant.on_hand = level.on_hand;
                variant.reserved = level.reserved;
            }
        }
        changed.stock = best_stock(&changed.product);
        changed
    }

    /// What a search looks through. The categories are those of its snapshot.
    pub fn text(&self, categories: &Categories) -> &SearchText {
        let above = || self.lineage.iter().filter_map(|id| categories.get(*id));
        self.text.get_or_init(|| SearchText::of(&self.product, &self.attributes, above()))
    }

    /// What it can be filtered by. Categories and terms are those of its snapshot.
    pub fn facts(&self, categories: &Categories, terms: &Terms) -> &Facts {
        self.facts.get_or_init(|| Facts::of(self, categories, terms))
    }

    /// A variant of the product.
    pub fn variant(&self, id: VariantId) -> Option<&Variant> {
        self.product.variants.iter().find(|variant| variant.id == id)
    }

    /// A picture of the product.
    pub fn image(&self, id: ImageId) -> Option<&Image> {
        self.product.images.iter().find(|image| image.id == id)
    }

    /// What the page says about the stock of a variant.
    pub fn stock_of(&self, variant: &Variant) -> StockState {
        variant.stock_state(self.product.low_stock_threshold)
    }

    /// Whether any variant can be bought now.
    pub fn in_stock(&self) -> bool {
        self.stock != StockState::Out
    }

    /// The one variant that can be bought without choosing anything, if there is one.
    pub fn only_variant(&self) -> Option<&Variant> {
        match self.product.variants.as_slice() {
            [only] if self.product.options.is_empty() && only.sellable(1) => Some(only),
            _ => None,
        }
    }

    /// The links of one kind.
    pub fn links(&self, kind: LinkKind) -> impl Iterator<Item = &ProductLink> {
        self.links.iter().filter(move |link| link.kind == kind)
    }
}

/// What a variant cost before, if that was more.
pub fn on_sale(variant: &Variant) -> Option<Money> {
    variant.compare_at.filter(|before| before.minor > variant.price.minor)
}

fn best_stock(product: &Product) -> StockState {
    let states = product.variants.iter().map(|variant| variant.stock_state(product.low_stock_threshold));
    states.min_by_key(|state| worst_last(*state)).unwrap_or(StockState::Out)
}

fn worst_last(state: StockState) -> u8 {
    match state {
        StockState::In => 0,
        StockState::Low => 1,
        StockState::Backorder => 2,
        StockState::Out => 3,
    }
}
