//! How long the database is waited for. One that is frozen, or gone without a word, says nothing for as long as the
//! network believes in it; whoever asked the shop is told within seconds to come back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout;

/// How long a request waits for the database in all.
const OF_A_REQUEST: Duration = Duration::from_secs(4);
/// How long everything else waits for one answer: a server that lives ends a statement before.
const OF_OTHERS: Duration = Duration::from_secs(40);

tokio::task_local! {
    static CURRENT: Patience;
}

/// The patience of one request, and how much of it is left. Once it has run out nothing more is waited for, or every
/// further statement, such as those that tidy up, would have its own time.
#[derive(Clone, Debug)]
pub struct Patience {
    left: Arc<Mutex<Duration>>,
}

impl Patience {
    /// That of somebody who asked the shop.
    pub fn of_a_request() -> Self {
        Self::of(OF_A_REQUEST)
    }

    fn of(most: Duration) -> Self {
        Patience { left: Arc::new(Mutex::new(most)) }
    }

    fn left(&self) -> Duration {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spend(&self, time: Duration) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_sub(time);
    }

    /// Has a part of the request under this patience. A task that is spawned has none.
    pub async fn over<T>(&self, part: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), part).await
    }
}

/// An answer of the database, or that it could not be had in time.
pub(crate) async fn within<T, E: From<sqlx::Error>>(answer: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let late = || Err(sqlx::Error::PoolTimedOut.into());
    let Ok(patience) = CURRENT.try_with(Clone::clone) else {
        return timeout(OF_OTHERS, answer).await.unwrap_or_else(|_| late());
    };
    let (begun, left) = (Instant::now(), patience.left());
    if left.is_zero() {
        return late();
    }
    let answer = timeout(left, answer).await;
    patience.spend(begun.elapsed());
    answer.unwrap_or_else(|_| late())
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_request_waits_in_vain_once() {
        let patience = Patience::of(Duration::from_millis(20));
        let at_hand = || within(ready(Ok::<(), sqlx::Error>(())));
        let request = async {
            at_hand().await.expect("it is there");
            within(pending::<sqlx::Result<()>>()).await.expect_err("nobody answers");
            at_hand().await.expect_err("nothing more is tried");
        };
        patience.over(request).await;
        at_hand().await.expect("others are not concerned");
    }
}
