//! `storefront/listing.html`: a category, all products, or a search.

use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{Card, CategoryTile, Crumb, HiddenField, Link, sampled};

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListingKind {
    /// `/c/{slug}`
    Category,
    /// `/products`
    All,
    /// `/search`
    Search,
}

/// A page of products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListingPage {
    /// Which of the three.
    pub kind: ListingKind,
    /// From the front page to here; empty on a search.
    pub crumbs: Vec<Crumb>,
    /// Category name; empty on the other two, which have the theme's titles.
    pub title: String,
    /// A sentence about the category.
    pub description: Option<String>,
    /// What was searched for; empty before anything was typed.
    pub query: String,
    /// The words as they were read, where some had to be corrected.
    pub corrected: Option<String>,
    /// Words that nothing has together with the others.
    pub left_out: Vec<String>,
    /// Categories inside this one, or its sisters when it has none.
    pub subcategories: Vec<CategoryTile>,
    /// The category around those, as the first entry `All`.
    pub all_subcategories: Option<CategoryTile>,
    /// How many products match.
    pub total: u64,
    /// How many there are without filters.
    pub total_unfiltered: u64,
    /// Number of the first product shown, from 1; 0 when there is none.
    pub first: u64,
    /// Number of the last product shown.
    pub last: u64,
    /// The products of this page.
    pub cards: Vec<Card>,
    /// Path that both forms are sent to.
    pub action: String,
    /// Orders that may be chosen.
    pub sorts: Vec<SortView>,
    /// Filters as fields for the sort form, without `sort` and `page`.
    pub sort_fields: Vec<HiddenField>,
    /// `q` and `sort` as fields for the filter form.
    pub filter_fields: Vec<HiddenField>,
    /// The filter column.
    pub filters: FiltersView,
    /// What is filtered by, each with its way out.
    pub chips: Vec<ChipView>,
    /// This listing without any filter.
    pub clear_url: String,
    /// Other pages of the listing; empty when there is one.
    pub pages: PagesView,
    /// When nothing was found: categories to go on with.
    pub suggestions: Vec<Link>,
    /// When nothing was found: products that are often bought.
    pub popular: Vec<Card>,
}

/// An order of the listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SortView {
    /// `best-selling`, `newest`, `price-asc`, `price-desc` or `relevance`: names the text `sort-{value}`.
    pub value: String,
    /// True for the one in use.
    pub selected: bool,
}

/// The filter form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiltersView {
    /// Plain decimal as typed, or empty.
    pub min_price: String,
    /// Plain decimal as typed, or empty.
    pub max_price: String,
    /// Whether the lower bound is what can't be read.
    pub min_price_wrong: bool,
    /// Whether the upper bound is.
    pub max_price_wrong: bool,
    /// What is wrong with the two, in a sentence.
    pub price_error: Option<String>,
    /// As `€`, for the labels.
    pub currency_symbol: String,
    /// Only what can be bought now.
    pub in_stock: bool,
    /// How many can be bought now.
    pub in_stock_count: u64,
    /// Only what cost more before.
    pub on_sale: bool,
    /// How many are on sale; none leaves the choice out.
    pub on_sale_count: u64,
    /// The lowest price there is, as a plain decimal; empty when nothing was found.
    pub lowest: String,
    /// The highest price there is, likewise.
    pub highest: String,
    /// Ranges of prices that part what was found; may be empty.
    pub ranges: Vec<RangeView>,
    /// Groups of values; may be empty.
    pub facets: Vec<FacetView>,
}

/// A range of prices, both ends included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeView {
    /// From; the first has none.
    pub min: Option<Money>,
    /// To; the last has none.
    pub max: Option<Money>,
    /// How many products it would leave.
    pub count: u64,
    /// Whether it is in use.
    pub selected: bool,
    /// This listing with the range, or without it where it is in use.
    pub url: String,
}

/// A group of filter values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacetView {
    /// Parameter name.
    pub name: String,
    /// What is read.
    pub label: String,
    /// Its values: sizes from small to large, others the most frequent first.
    pub values: Vec<FacetValueView>,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacetValueView {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// How many products it would leave.
    pub count: u64,
    /// Whether it is in use.
    pub selected: bool,
    /// Its colour, as `#b5503a`.
    pub swatch: Option<String>,
    /// How deep a category stands below the first ones: 0, 1, 2 ...
    pub depth: u32,
}

/// An applied filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChipView {
    /// `price`, `stock`, `sale` or `facet`.
    pub kind: String,
    /// Value of a facet; empty for the others.
    pub label: String,
    /// Lower bound of a price.
    pub min: Option<Money>,
    /// Upper bound of a price.
    pub max: Option<Money>,
    /// This listing without it.
    pub url: String,
}

/// Links to the other pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagesView {
    /// This page, from 1.
    pub current: u64,
    /// How many there are.
    pub count: u64,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// First, last and those around the current one.
    pub links: Vec<PageLink>,
}

/// A link to one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageLink {
    /// Page number.
    pub number: u64,
    /// Its address.
    pub url: String,
    /// True when pages are left out before it.
    pub gap: bool,
}

sampled!(ListingPage, "listing.json");
