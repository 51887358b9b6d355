//! Paying back: what a line, some units or a whole order are worth, so that the parts add up to what was paid.

use crate::ids::OrderItemId;
use crate::money::{Money, MoneyError, div_round, prorate};
use crate::order::{Order, OrderItem};
use serde::{Deserialize, Serialize};

/// Units of a line to pay back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundItem {
    /// The line of the order.
    pub item_id: OrderItemId,
    /// How many.
    pub quantity: i64,
}

/// What is paid back for one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLine {
    /// The line of the order.
    pub item_id: OrderItemId,
    /// How many.
    pub quantity: i64,
    /// How much.
    pub amount: Money,
}

/// What is paid back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundPlan {
    /// For which lines; none when it is an amount.
    pub lines: Vec<RefundLine>,
    /// How much in all.
    pub amount: Money,
}

/// Why it can't be paid back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// Nothing, or less than nothing.
    #[error("Choose an amount or a quantity above zero.")]
    NotPositive,
    /// The line is not of this order.
    #[error("This item is not part of the order.")]
    UnknownItem,
    /// A line stands there twice.
    #[error("Name each item once.")]
    DuplicateItem,
    /// More units than are left.
    #[error("Only {left} of this item can still be refunded.")]
    TooMany {
        /// How many are left.
        left: i64,
    },
    /// More money than is left.
    #[error("Only {} {} of this order can still be refunded.", left.to_decimal(), left.currency)]
    OverCaptured {
        /// How much is left.
        left: Money,
    },
    /// Nothing is left.
    #[error("Nothing of this order is left to refund.")]
    NothingLeft,
    /// An amount went beyond what can be counted, or currencies were mixed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl RefundRefusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPositive => "refund_not_positive",
            Self::UnknownItem => "item_unknown",
            Self::DuplicateItem => "item_duplicate",
            Self::TooMany { .. } => "refund_too_many",
            Self::OverCaptured { .. } => "refund_over_captured",
            Self::NothingLeft => "not_allowed",
            Self::Money(_) => "amount_out_of_range",
        }
    }
}

/// What the next `quantity` units of a line are worth. Rounded on the running sum, so that however a line is split, its
/// parts add up to its total.
pub fn refundable(item: &OrderItem, quantity: i64) -> Result<Money, RefundRefusal> {
    if quantity < 1 {
        return Err(RefundRefusal::NotPositive);
    }
    let left = units_left(item);
    if quantity > left {
        return Err(RefundRefusal::TooMany { left });
    }
    let before = worth_of_first(item, item.refunded_quantity);
    let after = worth_of_first(item, item.refunded_quantity + quantity);
    Ok(after.checked_sub(before)?)
}

/// What can still be paid back: captured less refunded.
pub fn refundable_left(order: &Order) -> Result<Money, MoneyError> {
    order.payment.captured.checked_sub(order.payment.refunded)
}

/// Pays back units of lines.
pub fn refund_for_items(order: &Order, items: &[RefundItem]) -> Result<RefundPlan, RefundRefusal> {
    let left = something_left(order)?;
    if items.is_empty() {
        return Err(RefundRefusal::NotPositive);
    }
    let mut lines: Vec<RefundLine> = Vec::new();
    for &RefundItem { item_id, quantity } in items {
        if lines.iter().any(|line| line.item_id == item_id) {
            return Err(RefundRefusal::DuplicateItem);
        }
        let item = order.items.iter().find(|item| item.id == item_id).ok_or(RefundRefusal::UnknownItem)?;
        lines.push(RefundLine { item_id, quantity, amount: refundable(item, quantity)? });
    }
    let amount = Money::sum(lines.iter().map(|line| line.amount), left.currency)?;
    within(left, amount)?;
    Ok(RefundPlan { lines, amount })
}

/// Pays back an amount that is not tied to lines.
pub fn refund_amount(order: &Order, amount: Money) -> Result<RefundPlan, RefundRefusal> {
    let left = something_left(order)?;
    if amount.minor <= 0 {
        return Err(RefundRefusal::NotPositive);
    }
    within(left, amount)?;
    Ok(RefundPlan { lines: Vec::new(), amount })
}

/// Pays back everything that is left, shipping included, and all lines with it. Where amounts paid back before leave
/// less than the lines are worth, they share what is left.
pub fn refund_remaining(order: &Order) -> Result<RefundPlan, RefundRefusal> {
    let left = something_left(order)?;
    let mut lines: Vec<RefundLine> = Vec::new();
    for item in order.items.iter().filter(|item| units_left(item) > 0) {
        let quantity = units_left(item);
        lines.push(RefundLine { item_id: item.id, quantity, amount: refundable(item, quantity)? });
    }
    let worth = Money::sum(lines.iter().map(|line| line.amount), left.currency)?;
    if worth.minor > left.minor {
        let weights: Vec<i64> = lines.iter().map(|line| line.amount.minor).collect();
        for (line, share) in lines.iter_mut().zip(prorate(left.minor, &weights)) {
            line.amount = Money::new(share, left.currency);
        }
    }
    Ok(RefundPlan { lines, amount: left })
}

/// The order after a refund; `goods_came_back` says whether its units count as returned.
pub fn after_refund(order: &Order, plan: &RefundPlan, goods_came_back: bool) -> Result<Order, MoneyError> {
    let mut order = order.clone();
    order.payment.refunded = order.payment.refunded.checked_add(plan.amount)?;
    for item in &mut order.items {
        let of_item = plan.lines.iter().filter(|line| line.item_id == item.id);
        let units: i64 = of_item.map(|line| line.quantity).sum();
        item.refunded_quantity += units;
        item.returned += if goods_came_back { units } else { 0 };
    }
    order.version += 1;
    Ok(order.projected(false, false))
}

fn units_left(item: &OrderItem) -> i64 {
    item.quantity - item.refunded_quantity
}

/// What the first so many units of a line are worth: their share of its total, rounded.
fn worth_of_first(item: &OrderItem, units: i64) -> Money {
    let share = div_round(i128::from(item.total.minor) * i128::from(units), i128::from(item.quantity));
    let minor = i64::try_from(share).expect("some units are worth no more than all of them");
    Money::new(minor, item.total.currency)
}

fn something_left(order: &Order) -> Result<Money, RefundRefusal> {
    let left = refundable_left(order)?;
    if left.minor > 0 { Ok(left) } else { Err(RefundRefusal::NothingLeft) }
}

fn within(left: Money, amount: Money) -> Result<(), RefundRefusal> {
    left.same_currency(amount)?;
    if amount.minor > left.minor { Err(RefundRefusal::OverCaptured { left }) } else { Ok(()) }
}
