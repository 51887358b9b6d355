//! The catalog: products with their options, variants, pictures and attributes, in a tree of categories.

mod availability;
mod category;
mod check;
mod input;
mod matrix;
mod merge;
mod patch;
mod product;
mod reprice;
mod text;
mod tidy;

pub use availability::StockState;
pub use category::{Category, CategoryTree, CategoryTreeError, Crumb};
pub use check::{MAX_DESCRIPTION, MAX_LINE, MAX_NAME, MAX_OPTIONS, MAX_QUANTITY, MAX_SLUG, MAX_VARIANTS};
pub use input::{
    CatalogLine, CategoryInput, CouponInput, ImageInput, OptionInput, PartInput, ProductInput, VariantInput,
};
pub use matrix::{TooManyVariants, matrix, new_variant};
pub use merge::{FieldChange, FieldConflict, Merge, changes, merge, taking};
pub use patch::{ProductPatch, VariantPatch};
pub use product::{
    Attribute, Focal, Image, OptionAxis, OptionValue, Part, Product, ProductStatus, Seo, StockPolicy, Variant,
};
pub use reprice::{CompareAt, PriceRefusal, PriceRule, PriceStep, Rounding};
pub use text::{fold, slugify};
