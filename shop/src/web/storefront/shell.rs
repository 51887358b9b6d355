//! What every page has around its own view: the shop, the head of the document, and the template it is shown with.

use commerce::catalog::Category;
use commerce::ids::CategoryId;
use serde::Serialize;

use super::views::{NavItem, PageInfo, ShopInfo};
use crate::app::App;
use crate::catalog::Catalog;
use crate::error::Result;

/// The most entries of the main menu, and of one of its submenus.
const MENU_ENTRIES: usize = 12;

/// What a page says about itself.
#[derive(Clone, Debug, Default)]
pub struct PageMeta {
    /// Without the shop's name.
    pub title: String,
    /// For search engines; shortened to what they show.
    pub description: String,
    /// The path that search engines shall keep; `None` on pages that are nobody else's.
    pub canonical: Option<String>,
    /// Whether search engines shall leave the page out.
    pub hidden: bool,
    /// The picture for shared links: a path or an address.
    pub picture: Option<String>,
    /// Path and query of the request.
    pub path: String,
    /// The category that the page is in.
    pub section: Option<CategoryId>,
}

impl PageMeta {
    /// A page that is nobody else's: a cart, a checkout, an order, an error.
    pub fn private(title: impl Into<String>, path: impl Into<String>) -> Self {
        Self { title: title.into(), path: path.into(), hidden: true, ..Self::default() }
    }
}

/// What every template gets beside its view.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    shop: ShopInfo,
    page: PageInfo,
    time_zone: String,
}

#[derive(Serialize)]
struct Context<'a, V> {
    #[serde(flatten)]
    shell: Shell,
    #[serde(flatten)]
    view: &'a V,
}

/// Renders a page of the shop.
pub fn render<V: Serialize>(app: &App, template: &str, meta: PageMeta, view: &V) -> Result<String> {
    app.theme.render(template, &Context { shell: shell(app, meta), view })
}

/// What every template gets beside its view; mails have it too.
pub fn shell(app: &App, meta: PageMeta) -> Shell {
    let settings = app.shop.load();
    let base_url = &app.config.base_url;
    Shell {
        shop: ShopInfo {
            name: settings.name.clone(),
            locale: settings.locale.clone(),
            lang: "en".to_owned(),
            currency: settings.currency.code().to_owned(),
            country: settings.country.clone(),
            base_url: base_url.clone(),
            notice: settings.notice.clone(),
            nav: nav(&app.catalog.load(), meta.section),
            demo: settings.demo,
        },
        page: PageInfo {
            title: meta.title,
            description: shortened(&meta.description, 160),
            canonical: meta.canonical.map(|path| absolute(base_url, &path)),
            robots: meta.hidden.then(|| "noindex".to_owned()),
            og_image: meta.picture.map(|picture| absolute(base_url, &picture)),
            path: meta.path,
        },
        time_zone: settings.time_zone.clone(),
    }
}

/// An address as the outside knows it.
pub fn absolute(base_url: &str, address: &str) -> String {
    if address.starts_with('/') { format!("{base_url}{address}") } else { address.to_owned() }
}

/// The path of a category's listing.
pub fn category_path(slug: &str) -> String {
    format!("/c/{slug}")
}

/// The path of a product's page.
pub fn product_path(slug: &str) -> String {
    format!("/p/{slug}")
}

fn nav(catalog: &Catalog, section: Option<CategoryId>) -> Vec<NavItem> {
    let around = section.map(|id| catalog.categories().lineage(&[id])).unwrap_or_default();
    let item = |category: &Category, children: Vec<NavItem>| NavItem {
        name: category.name.clone(),
        url: category_path(&category.slug),
        current: around.contains(&category.id),
        children,
    };
    let children = |parent: &Category| -> Vec<NavItem> {
        let below = catalog.filled_children(Some(parent.id)).take(MENU_ENTRIES);
        below.map(|child| item(child, vec![])).collect()
    };
    catalog.filled_children(None).take(MENU_ENTRIES).map(|top| item(top, children(top))).collect()
}

/// At most so many characters, cut between words.
fn shortened(text: &str, most: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(shortened(" A kettle. ", 20), "A kettle.");
        assert_eq!(shortened("A kettle, with five screws", 12), "A kettle…");
        assert_eq!(shortened("Teekesselwärmer", 9), "Teekessel…");
    }
}
