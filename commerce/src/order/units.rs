//! Units of lines that somebody names: to send them, or to pay them back.

use super::{Order, OrderItem};
use crate::ids::OrderItemId;

/// Why units can't be taken as they were named; `index` is their place in what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitsRefusal {
    /// None were named.
    #[error("Choose at least one item.")]
    Nothing,
    /// The line is not of this order.
    #[error("This item is not part of the order.")]
    Unknown {
        /// Which.
        index: usize,
    },
    /// A line stands there twice.
    #[error("Name each item once.")]
    Twice {
        /// Which.
        index: usize,
    },
    /// None, or fewer.
    #[error("Choose a quantity above zero.")]
    NotPositive {
        /// Which.
        index: usize,
    },
    /// More than are left.
    #[error("{}", sentence(*left))]
    TooMany {
        /// Which.
        index: usize,
        /// How many are left.
        left: i64,
    },
}

fn sentence(left: i64) -> String {
    match left {
        0 => "Nothing of this item is left.".to_owned(),
        left => format!("Only {left} of this item {} left.", if left == 1 { "is" } else { "are" }),
    }
}

impl UnitsRefusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "items_missing",
            Self::Unknown { .. } => "item_unknown",
            Self::Twice { .. } => "item_duplicate",
            Self::NotPositive { .. } => "quantity_not_positive",
            Self::TooMany { .. } => "quantity_too_large",
        }
    }

    /// The field of a request that is wrong.
    pub fn field(&self) -> String {
        match self {
            Self::Nothing => "items".to_owned(),
            Self::Unknown { index } | Self::Twice { index } => format!("items[{index}].item_id"),
            Self::NotPositive { index } | Self::TooMany { index, .. } => format!("items[{index}].quantity"),
        }
    }
}

/// Finds the lines that are named, each once and with no more units than `left` says there are.
pub(crate) fn pick(
    order: &Order,
    named: impl IntoIterator<Item = (OrderItemId, i64)>,
    left: impl Fn(&OrderItem) -> i64,
) -> Result<Vec<(&OrderItem, i64)>, UnitsRefusal> {
    let mut picked: Vec<(&OrderItem, i64)> = Vec::new();
    for (index, (id, quantity)) in named.into_iter().enumerate() {
        let item = order.items.iter().find(|item| item.id == id).ok_or(UnitsRefusal::Unknown { index })?;
        if picked.iter().any(|(other, _)| other.id == id) {
            return Err(UnitsRefusal::Twice { index });
        }
        if quantity < 1 {
            return Err(UnitsRefusal::NotPositive { index });
        }
        let left = left(item);
        if quantity > left {
            return Err(UnitsRefusal::TooMany { index, left });
        }
        picked.push((item, quantity));
    }
    if picked.is_empty() { Err(UnitsRefusal::Nothing) } else { Ok(picked) }
}
