//! Paying back: what a line, some units or a whole order are worth, so that the parts add up to what was paid.

mod refund;

pub use refund::{Refund, RefundOutcome, RefundStatus, WrongAmount};

use crate::error::Refusal;
use crate::ids::OrderItemId;
use crate::money::{Money, MoneyError, div_round, prorate};
use crate::order::{Order, OrderItem, UnitsRefusal, units};
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

/// What staff want to pay back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundWhat {
    /// An amount that is not tied to lines.
    Amount(Money),
    /// Units of lines, at what was paid for them.
    Items(Vec<RefundItem>),
    /// Everything that is left, shipping included.
    Remaining,
}

/// Why it can't be paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// Nothing, or less than nothing.
    #[error("Choose an amount above zero.")]
    NotPositive,
    /// Units that can't be paid back as they were named.
    #[error(transparent)]
    Units(#[from] UnitsRefusal),
    /// Units that nothing was paid for.
    #[error("Nothing was paid for these items, so there is nothing to pay back.")]
    WorthNothing,
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
            Self::Units(refusal) => refusal.code(),
            Self::WorthNothing => "refund_worth_nothing",
            Self::OverCaptured { .. } => "refund_over_captured",
            Self::NothingLeft => "not_allowed",
            Self::Money(_) => "amount_out_of_range",
        }
    }
}

impl From<RefundRefusal> for Refusal {
    fn from(refusal: RefundRefusal) -> Self {
        match refusal {
            RefundRefusal::Units(refusal) => Self::Units(refusal),
            refusal => Self::Refund(refusal),
        }
    }
}

/// Decides a refund of an order of which `pending` is on its way back already.
pub fn decide(order: &Order, pending: &[RefundPlan], what: &RefundWhat) -> Result<RefundPlan, Refusal> {
    let seen = order.counting(pending)?;
    seen.can_refund()?;
    let plan = match what {
        RefundWhat::Amount(amount) => refund_amount(&seen, *amount)?,
        RefundWhat::Items(items) => refund_for_items(&seen, items)?,
        RefundWhat::Remaining => refund_remaining(&seen)?,
    };
    if plan.amount.is_zero() { Err(RefundRefusal::WorthNothing.into()) } else { Ok(plan) }
}

/// What the next `quantity` units of a line are worth: what is then paid back for it, rounded, less what went back for it
/// so far. However a line is split and whichever of its refunds fail, its parts add up to its total.
fn worth_of_next(item: &OrderItem, quantity: i64) -> Result<Money, MoneyError> {
    let next = worth_of_first(item, item.refunded_quantity + quantity).checked_sub(item.refunded)?;
    // Where refunds between them failed, those that came through may be worth more than so many units.
    Ok(Money::new(next.minor.max(0), next.currency))
}

/// What can still be paid back: captured less refunded.
pub fn refundable_left(order: &Order) -> Result<Money, MoneyError> {
    order.payment.captured.checked_sub(order.payment.refunded)
}

/// Pays back units of lines.
pub fn refund_for_items(order: &Order, items: &[RefundItem]) -> Result<RefundPlan, RefundRefusal> {
    let left = something_left(order)?;
    let named = items.iter().map(|item| (item.item_id, item.quantity));
    let mut lines: Vec<RefundLine> = Vec::new();
    for (item, quantity) in units::pick(order, named, units_left)? {
        lines.push(RefundLine { item_id: item.id, quantity, amount: worth_of_next(item, quantity)? });
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
        lines.push(RefundLine { item_id: item.id, quantity, amount: worth_of_next(item, quantity)? });
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

/// The order after a refund. Units that were not sent yet are paid back first and stay with us; of the others those whose
/// goods came back count as returned.
pub fn after_refund(order: &Order, plan: &RefundPlan, goods_came_back: bool) -> Result<Order, MoneyError> {
    let mut order = order.clone();
    order.payment.refunded = order.payment.refunded.checked_add(plan.amount)?;
    for item in &mut order.items {
        let of_item = plan.lines.iter().filter(|line| line.item_id == item.id);
        let units: i64 = of_item.clone().map(|line| line.quantity).sum();
        let sent = (units - item.to_fulfill()).clamp(0, item.fulfilled - item.returned);
        item.refunded_quantity += units;
        item.refunded = Money::sum(of_item.map(|line| line.amount).chain([item.refunded]), item.refunded.currency)?;
        item.returned += if goods_came_back { sent } else { 0 };
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
