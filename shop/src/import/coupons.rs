//! Coupons between a file and the rules.

use commerce::catalog::CouponInput;
use commerce::ids::CouponId;
use commerce::promotion::{Coupon, CouponKind};

/// The coupon that a prepared line asks for.
pub(super) fn coupon(input: &CouponInput, id: CouponId) -> Option<Coupon> {
    let label = input.label.trim();
    Some(Coupon {
        id,
        label: if label.is_empty() { input.code.clone() } else { label.to_owned() },
        code: input.code.clone(),
        kind: input.percent.map(CouponKind::Percentage).or(input.amount.map(CouponKind::Fixed))?,
        min_subtotal: input.min_subtotal,
        starts_at: input.starts_at,
        ends_at: input.ends_at,
        total_limit: input.total_limit,
        per_customer_limit: input.per_customer_limit,
        combinable: input.combinable,
        used: 0,
    })
}

/// The line that asks for a coupon: what an export writes.
pub fn coupon_input(coupon: &Coupon) -> CouponInput {
    let (percent, amount) = match coupon.kind {
        CouponKind::Percentage(rate) => (Some(rate), None),
        CouponKind::Fixed(amount) => (None, Some(amount)),
    };
    CouponInput {
        code: coupon.code.clone(),
        label: coupon.label.clone(),
        percent,
        amount,
        min_subtotal: coupon.min_subtotal,
        starts_at: coupon.starts_at,
        ends_at: coupon.ends_at,
        total_limit: coupon.total_limit,
        per_customer_limit: coupon.per_customer_limit,
        combinable: coupon.combinable,
    }
}
