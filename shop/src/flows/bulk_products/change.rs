//! The changes that are made to many products at once.

use std::collections::BTreeMap;

use commerce::catalog::{CompareAt, PriceRule, PriceStep, ProductInput, ProductStatus, Rounding};
use commerce::error::FieldError;
use commerce::money::Rate;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What is done to each product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkChange {
    /// It is for sale.
    Publish {},
    /// It goes back to the staff.
    Draft {},
    /// It leaves the catalog.
    Archive {},
    /// It gets these tags.
    AddTags {
        /// Which.
        tags: Vec<String>,
    },
    /// It loses these tags.
    RemoveTags {
        /// Which.
        tags: Vec<String>,
    },
    /// Every variant gets another price: one of `set`, `add` and `percent`, or only another price before.
    Price {
        /// The new price, in minor units.
        #[serde(default)]
        set: Option<i64>,
        /// What is added, in minor units; below zero it is taken off.
        #[serde(default)]
        add: Option<i64>,
        /// The share by which it rises, such as `"12.5"`; with a minus it falls.
        #[serde(default)]
        percent: Option<String>,
        /// How what was added or shared is rounded.
        #[serde(default = "exact")]
        rounding: Rounding,
        /// What happens to the price before.
        #[serde(default)]
        compare_at: CompareAtChange,
        /// The price before, in minor units.
        #[serde(default)]
        compare_at_set: Option<i64>,
    },
}

/// What happens to the price that is shown crossed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareAtChange {
    /// It stays.
    #[default]
    Keep,
    /// It becomes the price that it is changed from.
    FormerPrice,
    /// There is none any more.
    Clear,
}

fn exact() -> Rounding {
    Rounding::Exact
}

impl BulkChange {
    /// What is wrong with the change itself.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::AddTags { tags } | Self::RemoveTags { tags } if tags.iter().all(|tag| tag.trim().is_empty()) => {
                Err(Error::field("tags", "Name at least one tag."))
            }
            _ => self.rule().map(|_| ()).map_err(|error| Error::Invalid(vec![error])),
        }
    }

    /// The product after the change.
    pub fn apply(&self, mut product: ProductInput) -> Result<ProductInput, Vec<FieldError>> {
        // What lies in stock is left open.
        for variant in &mut product.variants {
            (variant.on_hand, variant.elsewhere) = (None, BTreeMap::new());
        }
        match self {
            Self::Publish {} => product.status = ProductStatus::Active,
            Self::Draft {} => product.status = ProductStatus::Draft,
            Self::Archive {} => product.status = ProductStatus::Archived,
            Self::AddTags { tags } => product.tags.extend(tags.iter().cloned()),
            Self::RemoveTags { tags } => product.tags.retain(|tag| tags.iter().all(|gone| gone.trim() != tag)),
            Self::Price { .. } => {
                if let Some(rule) = self.rule().map_err(|error| vec![error])? {
                    reprice(&mut product, &rule)?;
                }
            }
        }
        Ok(product)
    }

    /// The rule for prices, where this is one.
    fn rule(&self) -> Result<Option<PriceRule>, FieldError> {
        let Self::Price { set, add, percent, rounding, compare_at, compare_at_set } = self else { return Ok(None) };
        for (field, minor) in [("set", set), ("compare_at_set", compare_at_set)] {
            if minor.is_some_and(|minor| minor < 0) {
                return Err(FieldError::new(field, "This can't be below zero."));
            }
        }
        let step = match (set, add, percent) {
            (Some(minor), None, None) => Some(PriceStep::Set(*minor)),
            (None, Some(minor), None) => Some(PriceStep::Add(*minor)),
            (None, None, Some(percent)) => Some(share(percent)?),
            (None, None, None) => None,
            _ => return Err(FieldError::new("set", "Give one of set, add and percent.")),
        };
        let compare_at = match (compare_at, compare_at_set) {
            (CompareAtChange::Keep, Some(minor)) => CompareAt::Set(*minor),
            (CompareAtChange::Keep, None) => CompareAt::Keep,
            (CompareAtChange::FormerPrice, None) => CompareAt::FormerPrice,
            (CompareAtChange::Clear, None) => CompareAt::Clear,
            _ => return Err(FieldError::new("compare_at_set", "Give either this or compare_at.")),
        };
        if step.is_none() && compare_at == CompareAt::Keep {
            return Err(FieldError::new("set", "Say what the price becomes."));
        }
        Ok(Some(PriceRule { step, rounding: *rounding, compare_at }))
    }
}

fn share(percent: &str) -> Result<PriceStep, FieldError> {
    let text = percent.trim().trim_end_matches('%').trim_end();
    let (falls, unsigned) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rate: Rate = unsigned.trim().parse().map_err(|_| FieldError::new("percent", "Write it as -10 or 12.5."))?;
    if falls && rate > Rate::ONE {
        return Err(FieldError::new("percent", "A price can't fall by more than 100 %."));
    }
    Ok(if falls { PriceStep::Lower(rate) } else { PriceStep::Raise(rate) })
}

fn reprice(product: &mut ProductInput, rule: &PriceRule) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    for (index, variant) in product.variants.iter_mut().enumerate() {
        match rule.apply(variant.price, variant.compare_at_price) {
            Ok((price, compare_at)) => (variant.price, variant.compare_at_price) = (price, compare_at),
            Err(refusal) => errors.push(FieldError::new(format!("variants[{index}].price"), refusal.to_string())),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
