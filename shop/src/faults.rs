//! What a simulator may do to the shop: watch a process from point to point, and let it die at one of them.
//!
//! Only the feature `faults` lets it, which the tests alone ask for. In every other build nothing here is ever true, and
//! the compiler leaves it out.

use std::pin::Pin;
use std::sync::Arc;

/// Where a process may be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Before the transaction of a flow, with nothing locked.
    Story,
    /// Before a statement.
    Statement,
    /// Before a commit.
    Commit,
    /// After it, before anybody is told.
    Committed,
    /// Before somebody outside is asked.
    Call,
    /// When they have done it and have not answered.
    Answer,
}

/// Who watches a process.
pub trait Watch: Send + Sync {
    /// It is at a point, and goes on when this ends.
    fn reached(&self, point: Point) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

tokio::task_local! {
    static WATCH: Arc<dyn Watch>;
}

/// Tells whoever watches this process that it is at a point.
pub async fn reach(point: Point) {
    if cfg!(feature = "faults")
        && let Ok(watch) = WATCH.try_with(Clone::clone)
    {
        watch.reached(point).await;
    }
}

/// A process that is watched.
pub async fn watched<T>(watch: Arc<dyn Watch>, process: impl Future<Output = T>) -> T {
    WATCH.scope(watch, process).await
}

/// A part that is about to be spawned, watched like the process that spawns it.
pub fn carried<T>(part: impl Future<Output = T> + Send) -> impl Future<Output = T> + Send {
    let watch = WATCH.try_with(Clone::clone).ok();
    async move {
        match watch {
            Some(watch) => watched(watch, part).await,
            None => part.await,
        }
    }
}
