//! Coupons: when one applies, and what it takes off.

use crate::cart::normalize_code;
use crate::ids::CouponId;
use crate::money::{Money, MoneyError, Rate};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a coupon takes off the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CouponKind {
    /// A share of what is left of the goods after the coupons before it.
    Percentage(Rate),
    /// An amount, at most what is left.
    Fixed(Money),
}

/// A coupon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    /// Its id.
    pub id: CouponId,
    /// What people type, normalised.
    pub code: String,
    /// What people see.
    pub label: String,
    /// What it takes off.
    pub kind: CouponKind,
    /// The least the goods must come to, before any discount.
    pub min_subtotal: Option<Money>,
    /// It applies from this instant,
    pub starts_at: Option<DateTime<Utc>>,
    /// and up to, not at, this one.
    pub ends_at: Option<DateTime<Utc>>,
    /// How often it can be used in all.
    pub total_limit: Option<i64>,
    /// How often one customer can use it.
    pub per_customer_limit: Option<i64>,
    /// Whether it goes with others.
    pub combinable: bool,
    /// How often it was used: by orders, and by open checkouts that hold a use.
    pub used: i64,
}

/// A coupon and how often the customer at hand used it, [`Coupon::used`] and this one counted without the cart's own
/// open checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponUsage {
    /// The coupon.
    pub coupon: Coupon,
    /// How often this customer, by canonical e-mail, used it; 0 while the customer is unknown.
    pub used_by_customer: i64,
}

/// Why a coupon does not apply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CouponRefusal {
    /// There is none of that code, or it has not begun.
    #[error("We don't know this coupon. Check the code.")]
    Unknown,
    /// Its time is over.
    #[error("This coupon has expired.")]
    Expired,
    /// All its uses are taken, by everybody or by this customer.
    #[error("This coupon has been used up.")]
    UsedUp,
    /// The goods come to too little.
    #[error("This coupon needs goods for at least {} {}.", minimum.to_decimal(), minimum.currency)]
    Minimum {
        /// What they must come to.
        minimum: Money,
    },
    /// It, or another one, stands alone.
    #[error("This coupon can't be combined with another one.")]
    NotCombinable,
}

impl CouponRefusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "coupon_unknown",
            Self::Expired => "coupon_expired",
            Self::UsedUp => "coupon_used_up",
            Self::Minimum { .. } => "coupon_minimum",
            Self::NotCombinable => "coupon_not_combinable",
        }
    }
}

/// Whether a coupon applies now to goods of `subtotal`, next to the `others` that apply already.
pub fn check(
    coupon: &Coupon,
    subtotal: Money,
    now: DateTime<Utc>,
    used_by_customer: i64,
    others: &[Coupon],
) -> Result<(), CouponRefusal> {
    let reached = |limit: Option<i64>, used: i64| limit.is_some_and(|limit| used >= limit);
    if coupon.starts_at.is_some_and(|start| now < start) {
        return Err(CouponRefusal::Unknown);
    }
    if coupon.ends_at.is_some_and(|end| now >= end) {
        return Err(CouponRefusal::Expired);
    }
    if reached(coupon.total_limit, coupon.used) || reached(coupon.per_customer_limit, used_by_customer) {
        return Err(CouponRefusal::UsedUp);
    }
    if let Some(minimum) = coupon.min_subtotal.filter(|minimum| subtotal.minor < minimum.minor) {
        return Err(CouponRefusal::Minimum { minimum });
    }
    let combines = coupon.combinable && others.iter().all(|other| other.combinable);
    if !others.is_empty() && !combines {
        return Err(CouponRefusal::NotCombinable);
    }
    Ok(())
}

/// Takes the codes of a cart in the order they were entered and parts them into the coupons that apply and the codes
/// that don't, each with its reason.
pub fn choose(
    codes: &[String],
    known: &[CouponUsage],
    subtotal: Money,
    now: DateTime<Utc>,
) -> (Vec<Coupon>, Vec<(String, CouponRefusal)>) {
    let (mut applied, mut refused) = (Vec::new(), Vec::new());
    for code in codes {
        let normalized = normalize_code(code);
        let usage = known.iter().find(|usage| usage.coupon.code == normalized).ok_or(CouponRefusal::Unknown);
        let checked = usage.and_then(|usage| {
            check(&usage.coupon, subtotal, now, usage.used_by_customer, &applied).map(|()| usage.coupon.clone())
        });
        match checked {
            Ok(coupon) => applied.push(coupon),
            Err(refusal) => refused.push((code.clone(), refusal)),
        }
    }
    (applied, refused)
}

/// What a coupon takes off goods of which `left` is left to pay.
pub fn amount_off(coupon: &Coupon, left: Money) -> Result<Money, MoneyError> {
    let off = match coupon.kind {
        CouponKind::Percentage(rate) => Money::new(rate.of(left.minor)?, left.currency),
        CouponKind::Fixed(amount) => amount,
    };
    off.checked_min(left)
}
