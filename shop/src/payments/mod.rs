//! Who takes the money. A provider is asked with nothing locked, and its answer is untrusted input for the rules.

mod sandbox;

use std::pin::Pin;

use commerce::payment::{Attempt, BankAnswer, Outcome, ProviderKind};

pub use sandbox::Sandbox;

/// An answer that is on its way.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

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
}
