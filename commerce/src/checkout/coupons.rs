//! The coupons of a checkout: all of them apply, or the buyer is told which does not.

use crate::error::Refusal;
use crate::money::{Currency, Money};
use crate::pricing::LineInput;
use crate::promotion::{self, Coupon, CouponUsage};
use chrono::{DateTime, Utc};

/// The coupons of the codes, in their order; refuses the first that does not apply. Nobody is charged more than the
/// cart showed because a coupon silently fell away.
pub(super) fn applied(
    codes: &[String],
    known: &[CouponUsage],
    lines: &[LineInput],
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<Vec<Coupon>, Refusal> {
    let amounts: Vec<Money> =
        lines.iter().map(|line| line.unit_price.checked_mul(line.quantity)).collect::<Result<_, _>>()?;
    let subtotal = Money::sum(amounts, currency)?;
    let (applied, refused) = promotion::choose(codes, known, subtotal, now);
    match refused.into_iter().next() {
        Some((coupon, refusal)) => Err(Refusal::Coupon { coupon, refusal }),
        None => Ok(applied),
    }
}
