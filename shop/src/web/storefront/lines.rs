//! Lines of a cart, a checkout and an order, as people read them.

use commerce::cart::{CartItem, MAX_QUANTITY};
use commerce::catalog::StockPolicy;
use commerce::checkout::Checkout;
use commerce::ids::{CartItemId, OrderItemId, VariantId};
use commerce::money::Money;
use commerce::order::{Order, OrderItem};

use super::cards;
use super::product::variant_path;
use super::views::{LineView, Picture, ProblemView, Stock};
use crate::catalog::{Catalog, on_sale};
use crate::flows::cart::{CartPicture, Problem};
use crate::store::sale::ForSale;

/// The lines of a cart, each with what the buyer must know about it.
pub fn of_cart(catalog: &Catalog, picture: &CartPicture) -> Vec<LineView> {
    picture.cart.items.iter().map(|item| cart_line(catalog, picture, item)).collect()
}

fn cart_line(catalog: &Catalog, picture: &CartPicture, item: &CartItem) -> LineView {
    let goods = picture.goods.get(&item.variant_id);
    let known = catalog.variant(item.variant_id);
    let priced = picture.quote.lines.iter().find(|line| line.item_id == item.id);
    let nothing = Money::zero(picture.cart.currency);
    let line = match goods.map(|goods| &goods.variant) {
        Some(variant) => Line {
            id: item.id.to_string(),
            variant: item.variant_id,
            name: &variant.name,
            title: variant.variant_title.as_deref(),
            sku: variant.sku.as_deref(),
            image: variant.image.as_deref(),
            quantity: item.quantity,
            unit_price: variant.price,
            total: priced.map_or(nothing, |line| line.subtotal),
        },
        // It has lost its price: it can only be taken out.
        None => Line {
            id: item.id.to_string(),
            variant: item.variant_id,
            name: known.map_or("No longer for sale", |(entry, _)| &entry.product.name),
            title: None,
            sku: None,
            image: None,
            quantity: item.quantity,
            unit_price: nothing,
            total: nothing,
        },
    };
    let for_sale = goods.filter(|goods| goods.is_for_sale());
    LineView {
        max: for_sale.map_or(0, most),
        before: known.and_then(|(_, variant)| on_sale(variant)),
        stock: known.map_or(Stock::Out, |(entry, variant)| cards::stock(entry.stock_of(variant))),
        problems: problems(&picture.problems, item.id, goods),
        ..line.view(catalog)
    }
}

/// How many of it there can be on a line.
fn most(goods: &ForSale) -> u32 {
    let left = goods.level().available().filter(|_| goods.policy == StockPolicy::Deny);
    count(left.map_or(MAX_QUANTITY, |left| left.min(MAX_QUANTITY)))
}

/// The problems of a line, under the names that the theme has texts for.
fn problems(all: &[Problem], item: CartItemId, goods: Option<&ForSale>) -> Vec<ProblemView> {
    let available = goods.and_then(|goods| goods.level().available()).map(count);
    let price = goods.map_or(0, |goods| goods.variant.price.minor);
    let code = |problem: &Problem| match (problem.code, available) {
        ("items_unavailable", _) => "unavailable",
        ("insufficient_stock", Some(0)) => "sold_out",
        ("price_changed", _) if problem.was.is_some_and(|was| was.minor > price) => "price_lowered",
        ("price_changed", _) => "price_raised",
        (code, _) => code,
    };
    let of_line = all.iter().filter(|problem| problem.item_id == Some(item));
    of_line
        .map(|problem| ProblemView {
            code: code(problem).to_owned(),
            available,
            was: problem.was,
            message: problem.message.clone(),
        })
        .collect()
}

/// The lines of a checkout, as they were frozen.
pub fn of_checkout(catalog: &Catalog, checkout: &Checkout) -> Vec<LineView> {
    let frozen = checkout.items.iter().zip(&checkout.quote.lines);
    frozen
        .map(|(item, priced)| Line {
            id: item.item_id.to_string(),
            variant: item.variant_id,
            name: &item.name,
            title: item.variant_title.as_deref(),
            sku: item.sku.as_deref(),
            image: item.image.as_deref(),
            quantity: item.quantity,
            unit_price: priced.unit_price,
            total: priced.subtotal,
        })
        .map(|line| line.view(catalog))
        .collect()
}

/// The lines of an order, as they were bought.
pub fn of_order(catalog: &Catalog, order: &Order) -> Vec<LineView> {
    order.items.iter().map(|item| order_line(catalog, item, item.quantity)).collect()
}

/// Some units of the lines of an order: what was sent, or paid back.
pub fn of_units(catalog: &Catalog, order: &Order, units: &[(OrderItemId, i64)]) -> Vec<LineView> {
    let item = |id| order.items.iter().find(|item| item.id == id);
    units.iter().filter_map(|(id, quantity)| Some(order_line(catalog, item(*id)?, *quantity))).collect()
}

fn order_line(catalog: &Catalog, item: &OrderItem, quantity: i64) -> LineView {
    let line = Line {
        id: item.id.to_string(),
        variant: item.variant_id,
        name: &item.name,
        title: item.variant_title.as_deref(),
        sku: item.sku.as_deref(),
        image: item.image.as_deref(),
        quantity,
        unit_price: item.unit_price,
        total: item.unit_price.checked_mul(quantity).unwrap_or(item.total),
    };
    line.view(catalog)
}

/// What the three kinds of line have in common.
struct Line<'a> {
    id: String,
    variant: VariantId,
    name: &'a str,
    title: Option<&'a str>,
    sku: Option<&'a str>,
    image: Option<&'a str>,
    quantity: i64,
    unit_price: Money,
    total: Money,
}

impl Line<'_> {
    /// The line on its own: nothing about stock, nothing to mend.
    fn view(self, catalog: &Catalog) -> LineView {
        let known = catalog.variant(self.variant);
        LineView {
            id: self.id,
            variant_id: self.variant.to_string(),
            url: known.map(|(entry, variant)| variant_path(entry, variant)),
            name: self.name.to_owned(),
            variant: in_words(self.title),
            sku: self.sku.map(str::to_owned),
            picture: self.image.map(|src| picture(catalog, self.variant, src, self.name)),
            quantity: count(self.quantity),
            max: count(self.quantity),
            unit_price: self.unit_price,
            before: None,
            total: self.total,
            stock: Stock::In,
            problems: vec![],
        }
    }
}

/// The values of a variant in a sentence: `Brick / 1.0 l` is `Brick, 1.0 l`.
pub fn in_words(title: Option<&str>) -> String {
    title.unwrap_or_default().replace(" / ", ", ")
}

/// The picture of a line, with its size where the catalog still has it.
fn picture(catalog: &Catalog, variant: VariantId, src: &str, name: &str) -> Picture {
    let images = catalog.variant(variant).map(|(entry, _)| entry.product.images.as_slice()).unwrap_or_default();
    match images.iter().find(|image| image.src == src) {
        Some(image) => cards::picture(image),
        None => Picture::plain(cards::picture_url(src), name.to_owned()),
    }
}

/// A number of things for a page; there are never fewer than none.
fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
