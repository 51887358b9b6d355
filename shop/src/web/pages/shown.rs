//! What a page was made of. Whoever answers a page that may be kept says so.

use commerce::ids::ProductId;

use crate::catalog::listing::ListQuery;
use crate::catalog::{Catalog, Part};
use crate::web::storefront::views::Card;
use crate::web::storefront::views::listing::ListingPage;

/// What a page was made of, beside the settings and the day. It is kept for as long as none of it has changed.
#[derive(Clone, Debug, Default)]
pub struct Shown(Vec<Part>);

impl Shown {
    /// A page without products.
    pub fn frame() -> Self {
        Self(vec![Part::Tree])
    }

    /// A page about the whole catalog.
    pub fn catalog() -> Self {
        Self::frame().and(Part::Shelves)
    }

    /// A list for people.
    pub fn list(catalog: &Catalog, query: &ListQuery, page: &ListingPage) -> Self {
        let mut shown = Self::frame().cards(&page.cards).cards(&page.popular);
        let within = query.within.as_deref().and_then(|slug| catalog.categories().by_slug(slug));
        shown.0.push(within.map_or(Part::Shelves, |category| Part::Shelf(category.id)));
        // Where nothing was found, what sells best in the whole shop stands instead.
        if page.total == 0 { shown.and(Part::Shelves) } else { shown }
    }

    /// With another part.
    pub fn and(mut self, part: Part) -> Self {
        self.0.push(part);
        self
    }

    /// With products, as every page shows them.
    pub fn products(mut self, ids: impl IntoIterator<Item = ProductId>) -> Self {
        self.0.extend(ids.into_iter().map(Part::Product));
        self
    }

    /// With products in a grid.
    pub fn cards<'a>(self, cards: impl IntoIterator<Item = &'a Card>) -> Self {
        self.products(cards.into_iter().filter_map(|card| card.id.parse().ok()))
    }

    /// When each part was last changed, as a snapshot has it; `None` where it lacks one of the products.
    pub(super) fn versions(&self, catalog: &Catalog) -> Option<Box<[(Part, u64)]>> {
        self.0.iter().map(|part| Some((*part, catalog.version(*part)?))).collect()
    }
}
