//! Rows of products to go on with: what goes with a product, with a cart, with an order, and what trends.

use std::sync::Arc;

use commerce::ids::ProductId;

use super::cards::{self, ROW};
use super::views::{Card, LineView};
use crate::app::App;
use crate::catalog::recommend::Picks;
use crate::catalog::{Catalog, CatalogProduct};
use crate::store::catalog::LinkKind;

/// The two rows of a product's page; shareable, so nothing in them is about the visitor.
pub struct Beside {
    /// What the merchant says goes with it, then what was bought in the same orders.
    pub companions: Vec<Card>,
    /// Whether all of them are there because they were bought together.
    pub bought_together: bool,
    /// What is like it, filled up with what sells best beside it.
    pub similar: Vec<Card>,
}

/// What stands beside a product.
pub fn beside(app: &App, catalog: &Catalog, entry: &CatalogProduct) -> Beside {
    let id = entry.product.id;
    let own = catalog.linked(entry, LinkKind::Related).map(|(_, other)| other);
    let picked = picks(app, catalog, ROW).without([id]).these(own).take();
    let said = picked.len();
    let companions = picks(app, catalog, ROW).without([id]).these(&picked).together(id).take();
    let shown = companions.iter().map(|other| other.product.id);
    let similar = picks(app, catalog, ROW).without([id]).without(shown).similar(id).beside(entry).take();
    Beside { bought_together: said == 0, companions: cards(&companions), similar: cards(&similar) }
}

/// What goes with everything on some lines, which are a visitor's own: what others bought with it, what the merchant
/// names and can be added without a choice, then what is like it or sells best beside it, and last its spare parts.
pub fn with_lines(app: &App, catalog: &Catalog, lines: &[LineView], most: usize) -> Vec<Card> {
    let of_line = |line: &LineView| Some(catalog.variant(line.variant_id.parse().ok()?)?.0);
    let entries: Vec<&Arc<CatalogProduct>> = lines.iter().filter_map(of_line).collect();
    let ids: Vec<ProductId> = entries.iter().map(|entry| entry.product.id).collect();
    let mut picks = picks(app, catalog, most).without(ids.iter().copied()).for_you(&ids).these(small_things(
        catalog,
        &entries,
        LinkKind::Related,
    ));
    for id in &ids {
        picks = picks.similar(*id);
    }
    if let Some(first) = entries.first() {
        picks = picks.beside(first);
    }
    cards(&picks.these(small_things(catalog, &entries, LinkKind::Part)).take())
}

/// What trends, without what stands on the page already.
pub fn trending(app: &App, catalog: &Catalog, shown: impl IntoIterator<Item = ProductId>) -> Vec<Card> {
    cards(&picks(app, catalog, ROW).without(shown).trending().take())
}

/// What may be liked after what was looked at lately.
pub fn after(app: &App, catalog: &Catalog, recent: &[ProductId]) -> Vec<Card> {
    cards(&picks(app, catalog, ROW).after(recent).take())
}

/// What the merchant linked and can be added without a choice, the cheapest first.
fn small_things<'a>(
    catalog: &'a Catalog,
    entries: &[&'a Arc<CatalogProduct>],
    kind: LinkKind,
) -> Vec<&'a Arc<CatalogProduct>> {
    let linked = entries.iter().flat_map(|entry| catalog.linked(entry, kind));
    let mut small: Vec<_> = linked.map(|(_, other)| other).filter(|other| other.only_variant().is_some()).collect();
    small.sort_by_key(|entry| entry.price.minor);
    small
}

fn picks<'a>(app: &App, catalog: &'a Catalog, most: usize) -> Picks<'a> {
    Picks::new(catalog, app.recommender.lists(), most)
}

fn cards(picked: &[Arc<CatalogProduct>]) -> Vec<Card> {
    picked.iter().map(|entry| cards::card(entry)).collect()
}
