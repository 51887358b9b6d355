//! The catalog for programs: `/api/products`, `/api/categories` and what will grow beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use commerce::catalog::{Category, Crumb, Image, Variant};
use commerce::money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::documents::MoneyDocument;
use super::facets::{self, Facet};
use super::problem::{ApiError, Refused};
use crate::app::Shop;
use crate::catalog::listing::ListQuery;
use crate::catalog::query::MOST_CHARACTERS;
use crate::catalog::recommend::Picks;
use crate::catalog::{Catalog, CatalogProduct, Part, on_sale};
use crate::error::{Error, Result};
use crate::web::pages::Shown;
use crate::web::params;
use crate::web::storefront::cards::picture_url;
use crate::web::storefront::respond;

/// Products that a list of recommendations has at most.
pub(super) const RECOMMENDED: usize = 12;

/// A page of products.
#[derive(Serialize, ToSchema)]
pub struct ProductList {
    items: Vec<ProductSummary>,
    /// How many products match.
    total: usize,
    page: usize,
    per_page: usize,
    pages: usize,
    facets: Vec<Facet>,
    /// The words as they were read, where some had to be corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrected: Option<String>,
    /// Words that nothing has together with the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<String>,
}

/// A product in a list.
#[derive(Serialize, ToSchema)]
pub struct ProductSummary {
    id: String,
    slug: String,
    name: String,
    brand: Option<String>,
    /// The lowest price of its variants.
    #[schema(value_type = MoneyDocument)]
    price: Money,
    /// What the variant of that price cost before, on sale only.
    #[schema(value_type = Option<MoneyDocument>)]
    compare_at_price: Option<Money>,
    price_range: PriceRange,
    in_stock: bool,
    image: Option<ImageLink>,
    rating: Option<Rating>,
    categories: Vec<CategoryLink>,
}

/// The lowest and the highest price of a product.
#[derive(Serialize, ToSchema)]
pub struct PriceRange {
    #[schema(value_type = MoneyDocument)]
    min: Money,
    #[schema(value_type = MoneyDocument)]
    max: Money,
}

/// A picture.
#[derive(Serialize, ToSchema)]
pub struct ImageLink {
    /// As in the `image_id` of variants.
    id: String,
    /// A path of this shop, or an address.
    url: String,
    alt: String,
    width: Option<i64>,
    height: Option<i64>,
}

/// What buyers think of a product.
#[derive(Serialize, ToSchema)]
pub struct Rating {
    average: String,
    count: u64,
}

/// A category by name.
#[derive(Serialize, ToSchema)]
pub struct CategoryLink {
    slug: String,
    name: String,
}

/// Everything about a product.
#[derive(Serialize, ToSchema)]
pub struct ProductDetail {
    #[serde(flatten)]
    summary: ProductSummary,
    description_html: String,
    images: Vec<ImageLink>,
    options: Vec<OptionNames>,
    variants: Vec<VariantDetail>,
    attributes: Vec<AttributeDetail>,
    /// The way from the top to its first category.
    breadcrumbs: Vec<CategoryLink>,
    seo: SeoTexts,
}

/// An option and its values.
#[derive(Serialize, ToSchema)]
pub struct OptionNames {
    name: String,
    values: Vec<String>,
}

/// A variant.
#[derive(Serialize, ToSchema)]
pub struct VariantDetail {
    id: String,
    sku: Option<String>,
    /// Its option values, or the name of the product where it has no options.
    name: String,
    /// Option name to value.
    options: BTreeMap<String, String>,
    #[schema(value_type = MoneyDocument)]
    price: Money,
    #[schema(value_type = Option<MoneyDocument>)]
    compare_at_price: Option<Money>,
    in_stock: bool,
    /// How many are free to buy; null when it is not tracked.
    available: Option<i64>,
    image_id: Option<String>,
}

/// A named property.
#[derive(Serialize, ToSchema)]
pub struct AttributeDetail {
    name: String,
    value: String,
}

/// What search engines are told.
#[derive(Serialize, ToSchema)]
pub struct SeoTexts {
    title: Option<String>,
    description: Option<String>,
}

/// A category and what stands under it.
#[derive(Serialize, ToSchema)]
pub struct CategoryNode {
    slug: String,
    name: String,
    /// Products in it and below.
    count: usize,
    #[schema(no_recursion)]
    children: Vec<CategoryNode>,
}

/// What could be meant while somebody types.
#[derive(Serialize, ToSchema)]
pub struct Suggestions {
    queries: Vec<String>,
    products: Vec<ProductSummary>,
    categories: Vec<CategoryLink>,
}

/// Products that go with another.
#[derive(Serialize, ToSchema)]
pub struct Recommendations {
    items: Vec<ProductSummary>,
}

/// Lists products. Repeating a parameter means OR, different ones AND.
#[utoipa::path(get, path = "/api/products", tag = "catalog", params(
    ("q" = Option<String>, Query, description = "words to find"),
    ("category" = Option<Vec<String>>, Query, description = "slugs; what stands below counts too"),
    ("brand" = Option<Vec<String>>, Query),
    ("tag" = Option<Vec<String>>, Query),
    ("min_price" = Option<i64>, Query, description = "minor units of the shop's currency"),
    ("max_price" = Option<i64>, Query, description = "minor units of the shop's currency"),
    ("in_stock" = Option<bool>, Query),
    ("on_sale" = Option<bool>, Query),
    ("rating" = Option<String>, Query, description = "the least rating, 0 to 5"),
    ("option.NAME" = Option<Vec<String>>, Query, description = "values of the option NAME"),
    ("attr.NAME" = Option<Vec<String>>, Query, description = "values of the attribute NAME"),
    ("sort" = Option<String>, Query, description = "relevance, best-selling, newest, price-asc, price-desc or rating"),
    ("page" = Option<usize>, Query, minimum = 1),
    ("per_page" = Option<usize>, Query, minimum = 1, maximum = 100),
), responses(
    (status = 200, body = ProductList),
    Refused,
))]
pub async fn products(
    State(app): State<Shop>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let query = ListQuery::parse(&params::pairs(raw.as_deref())?)?;
    let catalog = app.catalog.load();
    let (listing, facets) = catalog.list_counted(&query);
    app.searches.listed(&query, &listing);
    let shown = Shown::catalog().products(listing.items.iter().map(|entry| entry.product.id));
    let list = ProductList {
        items: listing.items.iter().map(|entry| summary(&catalog, entry)).collect(),
        total: listing.total,
        page: listing.page,
        per_page: query.per_page,
        pages: listing.pages,
        facets: facets::documents(&app, &query, facets),
        corrected: listing.understood.corrected,
        left_out: listing.understood.left_out,
    };
    Ok(respond::document(&headers, &list, shown)?)
}

/// One product, by its id or its slug.
#[utoipa::path(get, path = "/api/products/{id}", tag = "catalog",
    params(("id" = String, Path, description = "id or slug")),
    responses((status = 200, body = ProductDetail), Refused))]
pub async fn product(
    State(app): State<Shop>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let catalog = app.catalog.load();
    let Path(name) = id.map_err(|_| Error::NotFound)?;
    let entry = find(&catalog, &name)?;
    let product = &entry.product;
    let shown = Shown::default().and(Part::Counted(product.id));
    // A name that it has no more may become another product's.
    let is_its_own = name == product.slug || name == product.id.to_string();
    let shown = if is_its_own { shown } else { shown.and(Part::Names) };
    Ok(respond::document(&headers, &detail(&catalog, &entry), shown)?)
}

/// The tree of categories.
#[utoipa::path(get, path = "/api/categories", tag = "catalog", responses((status = 200, body = Vec<CategoryNode>)))]
pub async fn categories(State(app): State<Shop>, headers: HeaderMap) -> Result<Response, ApiError> {
    let catalog = app.catalog.load();
    let tops = catalog.categories().children(None);
    let tree: Vec<CategoryNode> = tops.map(|category| node(&catalog, category)).collect();
    Ok(respond::document(&headers, &tree, Shown::catalog())?)
}

/// What could be meant by the beginning of a search: how the words may go on, products and categories that fit.
#[utoipa::path(get, path = "/api/search/suggest", tag = "catalog",
    params(("q" = Option<String>, Query)),
    responses((status = 200, body = Suggestions), Refused))]
pub async fn suggest(State(app): State<Shop>, RawQuery(raw): RawQuery) -> Result<Json<Suggestions>, ApiError> {
    let mut typed = String::new();
    for (name, value) in params::pairs(raw.as_deref())? {
        if name != "q" {
            return Err(Error::field(&name, "This parameter is not known here.").into());
        }
        if value.chars().count() > MOST_CHARACTERS {
            return Err(Error::field("q", format!("This can be at most {MOST_CHARACTERS} characters long.")).into());
        }
        typed = value;
    }
    let catalog = app.catalog.load();
    let suggested = catalog.suggest(&typed);
    let link = |category: &Category| CategoryLink { slug: category.slug.clone(), name: category.name.clone() };
    Ok(Json(Suggestions {
        products: suggested.products.iter().map(|entry| summary(&catalog, entry)).collect(),
        categories: suggested.categories.into_iter().map(link).collect(),
        queries: suggested.queries,
    }))
}

/// Products that go with one and can be bought now: what was bought in the same orders, then what is like it, then what
/// sells best beside it. `kind` asks for one of the first two alone.
#[utoipa::path(get, path = "/api/products/{id}/recommendations", tag = "catalog",
    params(
        ("id" = String, Path, description = "id or slug"),
        ("kind" = Option<String>, Query, description = "together or similar; both when absent"),
    ),
    responses((status = 200, body = Recommendations), Refused))]
pub async fn recommendations(
    State(app): State<Shop>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
) -> Result<Json<Recommendations>, ApiError> {
    let Path(name) = id.map_err(|_| Error::NotFound)?;
    let catalog = app.catalog.load();
    let entry = find(&catalog, &name)?;
    let about = entry.product.id;
    let picks = Picks::new(&catalog, app.recommender.lists(), RECOMMENDED).without([about]);
    let picks = match kind(raw.as_deref())?.as_deref() {
        None => picks.together(about).similar(about).beside(&entry),
        Some("together") => picks.together(about),
        Some("similar") => picks.similar(about),
        Some(_) => return Err(Error::field("kind", "This is together or similar.").into()),
    };
    Ok(recommended(&catalog, picks))
}

/// The last kind that is asked for.
fn kind(raw: Option<&str>) -> Result<Option<String>> {
    let mut kind = None;
    for (name, value) in params::pairs(raw)? {
        if name != "kind" {
            return Err(Error::field(&name, "This parameter is not known here."));
        }
        kind = Some(value);
    }
    Ok(kind)
}

/// What is bought more than usual of late and can be bought now.
#[utoipa::path(get, path = "/api/recommendations/trending", tag = "catalog",
    responses((status = 200, body = Recommendations)))]
pub async fn trending(State(app): State<Shop>) -> Json<Recommendations> {
    let catalog = app.catalog.load();
    recommended(&catalog, Picks::new(&catalog, app.recommender.lists(), RECOMMENDED).trending())
}

pub(super) fn recommended(catalog: &Catalog, picks: Picks<'_>) -> Json<Recommendations> {
    Json(Recommendations { items: picks.take().iter().map(|entry| summary(catalog, entry)).collect() })
}

/// A product by id, by slug or by a slug that it once had.
pub(super) fn find(catalog: &Catalog, name: &str) -> Result<Arc<CatalogProduct>> {
    let by_id = name.parse().ok().and_then(|id| catalog.product(id));
    let found = by_id.or_else(|| catalog.by_slug(name)).or_else(|| catalog.moved_product(name));
    found.cloned().ok_or(Error::NotFound)
}

fn summary(catalog: &Catalog, entry: &CatalogProduct) -> ProductSummary {
    let product = &entry.product;
    let categories = product.categories.iter().filter_map(|id| catalog.categories().get(*id));
    ProductSummary {
        id: product.id.to_string(),
        slug: product.slug.clone(),
        name: product.name.clone(),
        brand: product.brand.clone(),
        price: entry.price,
        compare_at_price: entry.compare_at,
        price_range: PriceRange { min: entry.price, max: entry.highest_price },
        in_stock: entry.in_stock(),
        image: product.images.first().map(image_link),
        rating: None,
        categories: categories.map(|c| CategoryLink { slug: c.slug.clone(), name: c.name.clone() }).collect(),
    }
}

fn detail(catalog: &Catalog, entry: &CatalogProduct) -> ProductDetail {
    let product = &entry.product;
    let breadcrumbs = product.categories.first().map(|id| catalog.categories().breadcrumbs(*id)).unwrap_or_default();
    let attributes = entry.attributes.iter();
    let options = product.options.iter();
    ProductDetail {
        summary: summary(catalog, entry),
        description_html: product.description_html.clone(),
        images: product.images.iter().map(image_link).collect(),
        options: options
            .map(|axis| OptionNames {
                name: axis.name.clone(),
                values: axis.values.iter().map(|value| value.value.clone()).collect(),
            })
            .collect(),
        variants: product.variants.iter().map(|variant| variant_detail(entry, variant)).collect(),
        attributes: attributes
            .map(|(name, value)| AttributeDetail { name: name.into(), value: value.into() })
            .collect(),
        breadcrumbs: breadcrumbs.into_iter().map(|Crumb { slug, name }| CategoryLink { slug, name }).collect(),
        seo: SeoTexts { title: product.seo.title.clone(), description: product.seo.description.clone() },
    }
}

fn variant_detail(entry: &CatalogProduct, variant: &Variant) -> VariantDetail {
    let product = &entry.product;
    let named = product.options.iter().map(|axis| axis.name.clone()).zip(variant.values.iter().cloned());
    VariantDetail {
        id: variant.id.to_string(),
        sku: variant.sku.clone(),
        name: if variant.values.is_empty() { product.name.clone() } else { variant.values.join(" / ") },
        options: named.collect(),
        price: variant.price,
        compare_at_price: on_sale(variant),
        in_stock: variant.sellable(1),
        available: variant.available(),
        image_id: variant.image.map(|id| id.to_string()),
    }
}

fn image_link(image: &Image) -> ImageLink {
    ImageLink {
        id: image.id.to_string(),
        url: picture_url(&image.src),
        alt: image.alt.clone(),
        width: image.width,
        height: image.height,
    }
}

fn node(catalog: &Catalog, category: &Category) -> CategoryNode {
    let children = catalog.categories().children(Some(category.id));
    CategoryNode {
        slug: category.slug.clone(),
        name: category.name.clone(),
        count: catalog.count_in(category.id),
        children: children.map(|child| node(catalog, child)).collect(),
    }
}
