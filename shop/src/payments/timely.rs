//! A provider that does not answer in time has said nothing: whoever pays is told so and the reconciling job asks again.

use std::time::Duration;

use commerce::ids::RefundId;
use commerce::money::Money;
use commerce::payment::{Attempt, BankAnswer, Outcome, ProviderKind};
use commerce::returns::RefundOutcome;
use tokio::time::timeout;

use super::{Answer, Provider, RefundAnswer};

/// How long an answer is waited for. Two of them, one after the other, are less than a request or a job may take.
const MOST_TIME: Duration = Duration::from_secs(8);

/// A provider whose answers are waited for only so long.
pub struct Timely<P> {
    provider: P,
    most_time: Duration,
}

impl<P: Provider> Timely<P> {
    /// With the time that a person still waits for.
    pub fn new(provider: P) -> Self {
        Timely { provider, most_time: MOST_TIME }
    }

    /// With another time.
    pub fn within(self, most_time: Duration) -> Self {
        Timely { most_time, ..self }
    }

    async fn hear<T>(&self, answer: impl Future<Output = T>, nothing: T) -> T {
        timeout(self.most_time, answer).await.unwrap_or_else(|_| {
            tracing::warn!(provider = %self.provider.kind(), "the provider did not answer in time");
            nothing
        })
    }
}

impl<P: Provider> Provider for Timely<P> {
    fn kind(&self) -> ProviderKind {
        self.provider.kind()
    }

    fn charge<'a>(&'a self, attempt: &'a Attempt, bank: Option<BankAnswer>) -> Answer<'a> {
        Box::pin(self.hear(self.provider.charge(attempt, bank), Outcome::Unknown))
    }

    fn fetch<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(self.hear(self.provider.fetch(attempt), Outcome::Unknown))
    }

    fn cancel<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(self.hear(self.provider.cancel(attempt), Outcome::Unknown))
    }

    fn refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId, amount: Money) -> RefundAnswer<'a> {
        Box::pin(self.hear(self.provider.refund(attempt, id, amount), RefundOutcome::Unknown))
    }

    fn fetch_refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId) -> RefundAnswer<'a> {
        Box::pin(self.hear(self.provider.fetch_refund(attempt, id), RefundOutcome::Unknown))
    }
}
