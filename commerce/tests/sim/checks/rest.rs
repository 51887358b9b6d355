//! What only a world with its bank in sight can tell.

use super::super::bank::Standing;
use super::super::tables::Hold;
use super::super::verdict::Found;
use super::super::world::World;
use commerce::checkout::CheckoutStatus;
use commerce::payment::{AttemptStatus, ProviderKind};
use commerce::returns::RefundStatus;

/// Whatever the bank was asked for was written down here before.
pub fn bank_is_known(world: &World, found: &mut Found) {
    for charge in &world.bank.charges {
        let known = world.shop.find_payment(charge.id).is_some();
        found.holds("bank_payment_is_known", known, || charge.id);
    }
    for pay_back in &world.bank.refunds {
        let known = world.shop.db.refunds.iter().any(|row| row.refund.id == pay_back.id);
        found.holds("bank_refund_is_known", known, || pay_back.id);
    }
}

/// Nothing is held, waited for or left to do.
pub fn nothing_hangs(world: &World, found: &mut Found) {
    let db = &world.shop.db;
    for row in db.checkouts.iter() {
        let ended = !matches!(row.checkout.status, CheckoutStatus::Open | CheckoutStatus::Processing);
        found.holds("nothing_hangs", ended, || row.checkout.id);
    }
    for row in db.payments.iter() {
        let waits = row.attempt.status.in_flight() && row.attempt.provider != ProviderKind::Manual;
        found.holds("nothing_hangs", !waits, || row.attempt.id);
    }
    for row in db.refunds.iter() {
        found.holds("nothing_hangs", row.refund.status != RefundStatus::Pending, || row.refund.id);
    }
    for row in db.reservations.iter().filter(|row| row.status == Hold::Active) {
        let checkout = &db.checkouts[world.shop.checkout_at(row.checkout)].checkout;
        found.holds("nothing_hangs", checkout.status == CheckoutStatus::NeedsReview, || row.checkout);
    }
}

/// What the bank took is an order's or under review, and what it paid back is counted; and nothing else is.
pub fn bank_and_shop_agree(world: &World, found: &mut Found) {
    for row in world.shop.db.payments.iter() {
        let attempt = &row.attempt;
        if attempt.provider == ProviderKind::Manual || attempt.amount.is_zero() {
            continue;
        }
        let charge = world.bank.find(attempt.id);
        let taken = charge.filter(|charge| charge.standing == Standing::Succeeded).map(|charge| charge.taken);
        let known = match &attempt.status {
            AttemptStatus::Succeeded { amount, .. } | AttemptStatus::NeedsReview { amount, .. } => Some(*amount),
            _ => None,
        };
        found.holds("bank_and_shop_agree", taken == known, || attempt.id);
        let own = world.bank.refunds.iter().filter(|refund| refund.payment == attempt.id);
        let back: i64 = own.filter(|refund| refund.done == Some(true)).map(|refund| refund.amount.minor).sum();
        found.holds("bank_and_shop_agree", back == row.refunded, || attempt.id);
    }
}
