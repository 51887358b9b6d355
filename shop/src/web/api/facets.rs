//! What a list can be narrowed by, as programs read it.

use commerce::money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::facets::{self, Facets, Prices};
use crate::catalog::listing::ListQuery;
use crate::web::storefront::listing::facet_label;

/// Values that a list can be narrowed by.
#[derive(Serialize, ToSchema)]
pub struct Facet {
    /// The parameter; `price` stands for `min_price` and `max_price`.
    name: String,
    label: String,
    /// `terms` or `range`.
    kind: &'static str,
    values: Vec<FacetValue>,
}

/// One value of a facet. Its count leaves out what is chosen in the same facet.
#[derive(Serialize, ToSchema)]
pub struct FacetValue {
    /// What is sent; of a range `FROM-TO` in minor units, each of which may be missing.
    value: String,
    label: String,
    count: u32,
    selected: bool,
    /// The colour of an option value, as `#b5503a`.
    #[serde(skip_serializing_if = "Option::is_none")]
    swatch: Option<String>,
}

/// The facets of a list.
pub fn documents(app: &App, query: &ListQuery, facets: Facets) -> Vec<Facet> {
    let mut documents: Vec<Facet> = facets.groups.into_iter().map(|facet| terms(app, facet)).collect();
    documents.extend(facets.prices.map(|prices| price(app, query, &prices)));
    documents.push(switch("in_stock", app.theme.text("availability"), facets.in_stock, query.in_stock));
    documents.push(switch("on_sale", app.theme.text("on-sale"), facets.on_sale, query.on_sale));
    documents
}

fn terms(app: &App, facet: facets::Facet) -> Facet {
    let label = facet_label(app, &facet);
    let value = |facets::FacetValue { value, label, count, selected, swatch, .. }| FacetValue {
        value,
        label,
        count,
        selected,
        swatch,
    };
    Facet { name: facet.name, label, kind: "terms", values: facet.values.into_iter().map(value).collect() }
}

fn price(app: &App, query: &ListQuery, prices: &Prices) -> Facet {
    let settings = app.shop.load();
    let shown = |minor: i64| Money::new(minor, settings.currency).format(&settings.locale);
    let plain = |minor: Option<i64>| minor.map_or_else(String::new, |minor| minor.to_string());
    let whole = facets::Range { from: Some(prices.least), to: Some(prices.most), count: 0 };
    // Few products have no ranges: then the one from the lowest to the highest tells both.
    let ranges = if prices.ranges.is_empty() { std::slice::from_ref(&whole) } else { &prices.ranges };
    let values = ranges.iter().map(|range| FacetValue {
        value: format!("{}-{}", plain(range.from), plain(range.to)),
        label: format!("{} – {}", shown(range.from.unwrap_or(prices.least)), shown(range.to.unwrap_or(prices.most))),
        count: range.count,
        selected: (query.min_price, query.max_price) == (range.from, range.to),
        swatch: None,
    });
    Facet { name: "price".into(), label: app.theme.text("price"), kind: "range", values: values.collect() }
}

fn switch(name: &str, label: String, count: u32, selected: bool) -> Facet {
    let value = FacetValue { value: "true".into(), label: label.clone(), count, selected, swatch: None };
    Facet { name: name.into(), label, kind: "terms", values: vec![value] }
}
