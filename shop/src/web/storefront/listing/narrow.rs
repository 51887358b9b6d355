//! The filter column: what a list can be narrowed by.

use commerce::money::{Currency, Money};

use super::asked::Asked;
use crate::app::App;
use crate::catalog::facets::{Facet, Facets, Prices, Range};
use crate::web::storefront::cards;
use crate::web::storefront::views::listing::{FacetValueView, FacetView, FiltersView, RangeView};

/// The filters of a list, as they are chosen and as they could be.
pub fn filters(app: &App, asked: &Asked, facets: Facets) -> FiltersView {
    let settings = app.shop.load();
    let currency = settings.currency;
    let prices = facets.prices.unwrap_or_default();
    let bound = |minor: i64| if prices.most > 0 { Money::new(minor, currency).to_decimal() } else { String::new() };
    FiltersView {
        min_price: asked.min_price.clone(),
        max_price: asked.max_price.clone(),
        min_price_wrong: asked.wrong_price.is_some_and(|wrong| wrong.min),
        max_price_wrong: asked.wrong_price.is_some_and(|wrong| wrong.max),
        price_error: asked.wrong_price.map(|_| app.theme.text("price-error")),
        currency_symbol: symbol(currency, &settings.locale),
        in_stock: asked.query.in_stock,
        in_stock_count: facets.in_stock.into(),
        on_sale: asked.query.on_sale,
        on_sale_count: facets.on_sale.into(),
        lowest: bound(prices.least),
        highest: bound(prices.most),
        ranges: ranges(asked, &prices, currency),
        facets: facets.groups.into_iter().map(|facet| group(app, facet)).collect(),
    }
}

/// What a facet is called: in the words of the theme, or of the shop where the name is its own.
pub fn label(app: &App, facet: &Facet) -> String {
    match facet.name.as_str() {
        name @ ("category" | "brand") => app.theme.text(&format!("facet-{name}")),
        _ => facet.label.clone(),
    }
}

fn group(app: &App, facet: Facet) -> FacetView {
    let label = label(app, &facet);
    let value = |value: crate::catalog::facets::FacetValue| FacetValueView {
        swatch: value.swatch.and_then(|colour| cards::harmless_colour(&colour)),
        value: value.value,
        label: value.label,
        count: value.count.into(),
        selected: value.selected,
        depth: u32::try_from(value.depth).unwrap_or(0),
    };
    FacetView { name: facet.name, label, values: facet.values.into_iter().map(value).collect() }
}

fn ranges(asked: &Asked, prices: &Prices, currency: Currency) -> Vec<RangeView> {
    let chosen = (asked.query.min_price, asked.query.max_price);
    let typed = |minor: Option<i64>| minor.map_or_else(String::new, |minor| Money::new(minor, currency).to_decimal());
    let view = |range: &Range| {
        let selected = chosen == (range.from, range.to);
        RangeView {
            min: range.from.map(|minor| Money::new(minor, currency)),
            max: range.to.map(|minor| Money::new(minor, currency)),
            count: range.count.into(),
            selected,
            url: match selected {
                true => asked.url_without(&["min_price", "max_price"]),
                false => asked.url_priced(typed(range.from), typed(range.to)),
            },
        }
    };
    prices.ranges.iter().map(view).collect()
}

/// The sign of a currency: what is left of an amount without its digits.
fn symbol(currency: Currency, locale: &str) -> String {
    let amount = Money::zero(currency).format(locale);
    amount.chars().filter(|c| !c.is_numeric() && !c.is_whitespace() && !matches!(c, '.' | ',' | '\'' | '’')).collect()
}
