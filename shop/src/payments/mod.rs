//! Who takes the money. A provider is asked with nothing locked, and its answer is untrusted input for the rules.

mod sandbox;
mod timely;

use std::pin::Pin;

use commerce::ids::RefundId;
use commerce::money::Money;
use commerce::payment::{Attempt, BankAnswer, Outcome, ProviderKind};
use commerce::returns::RefundOutcome;

pub use sandbox::Sandbox;
pub use timely::Timely;

/// An answer that is on its way.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// An answer about a refund that is on its way.
pub type RefundAnswer<'a> = Pin<Box<dyn Future<Output = RefundOutcome> + Send + 'a>>;

/// A provider of payments. What can't be learned is [`Outcome::Unknown`]: the reconciling job asks again.
pub trait Provider: Send + Sync {
    /// Which provider it is.
    fn kind(&self) -> ProviderKind;

    /// Asks for the money of an attempt, whose id is the idempotency key. `bank` is what the sandbox made of the card.
    fn charge<'a>(&'a self, attempt: &'a Attempt, bank: Option<BankAnswer>) -> Answer<'a>;

    /// Asks how an attempt stands.
    fn fetch<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a>;

    /// Ends an attempt that has not ended; answers how it stands then, which may be that it was paid.
    fn cancel<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a>;

    /// Pays back some of what an attempt took. The refund's id is the idempotency key: asked twice it pays once.
    fn refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId, amount: Money) -> RefundAnswer<'a>;

    /// Asks how a refund stands.
    fn fetch_refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId) -> RefundAnswer<'a>;
}
