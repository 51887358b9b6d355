//! How long the database is waited for. One that is frozen, or gone without a word, says nothing for as long as the
//! network believes in it; whoever asked the shop is told within seconds to come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::timeout;

/// How long a request waits for one answer of the database.
const OF_A_REQUEST: Duration = Duration::from_secs(4);
/// How long everything else does: a server that lives ends a statement before.
const OF_OTHERS: Duration = Duration::from_secs(40);

tokio::task_local! {
    static CURRENT: Patience;
}

/// The patience of one request. Once it has run out nothing more is waited for, or every further statement, such as
/// those that tidy up, would have its own time.
#[derive(Clone, Debug)]
pub struct Patience {
    most: Duration,
    has_run_out: Arc<AtomicBool>,
}

impl Patience {
    /// That of somebody who asked the shop.
    pub fn of_a_request() -> Self {
        Patience { most: OF_A_REQUEST, has_run_out: Arc::default() }
    }

    /// Has a part of the request under this patience. A task that is spawned has none.
    pub async fn over<T>(&self, part: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), part).await
    }
}

/// An answer of the database, or that it could not be had in time.
pub(super) async fn within<T, E: From<sqlx::Error>>(answer: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let late = || Err(sqlx::Error::PoolTimedOut.into());
    let Ok(Patience { most, has_run_out }) = CURRENT.try_with(Clone::clone) else {
        return timeout(OF_OTHERS, answer).await.unwrap_or_else(|_| late());
    };
    if has_run_out.load(Ordering::Relaxed) {
        return late();
    }
    timeout(most, answer).await.unwrap_or_else(|_| {
        has_run_out.store(true, Ordering::Relaxed);
        late()
    })
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_request_waits_in_vain_once() {
        let patience = Patience { most: Duration::from_millis(20), has_run_out: Arc::default() };
        let at_hand = || within(ready(sqlx::Result::Ok(())));
        let request = async {
            at_hand().await.expect("it is there");
            within(pending::<sqlx::Result<()>>()).await.expect_err("nobody answers");
            at_hand().await.expect_err("nothing more is tried");
        };
        patience.over(request).await;
        at_hand().await.expect("others are not concerned");
    }
}
