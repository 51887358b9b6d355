//! The catalog: products with their options, variants, pictures and attributes, in a tree of categories.

mod availability;
mod category;
mod check;
mod input;
mod product;
mod text;

pub use availability::StockState;
pub use category::{Category, CategoryTree, CategoryTreeError, Crumb};
pub use check::{MAX_DESCRIPTION, MAX_LINE, MAX_NAME, MAX_OPTIONS, MAX_QUANTITY, MAX_SLUG, MAX_VARIANTS};
pub use input::{
    CatalogLine, CategoryInput, CouponInput, ImageInput, OptionInput, PartInput, ProductInput, VariantInput,
};
pub use product::{Attribute, Image, OptionAxis, OptionValue, Part, Product, ProductStatus, Seo, StockPolicy, Variant};
pub use text::{fold, slugify};
