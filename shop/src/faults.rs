//! What a simulator may do to the shop: watch a process from point to point and let it die at one of them, and break a
//! rule on purpose, to see whether anything notices.
//!
//! Only the feature `faults` lets it, which the tests alone ask for. In every other build nothing here is ever true, and
//! the compiler leaves it out. No setting and no request leads here: it takes a program that calls [`breaks`].

use std::cell::Cell;
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

/// Whether somebody watches this process.
pub fn is_watched() -> bool {
    cfg!(feature = "faults") && WATCH.try_with(|_| ()).is_ok()
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

/// Declares the faults, all of them listed.
macro_rules! faults {
    ($( $(#[$meta:meta])* $Fault:ident ),+ $(,)?) => {
        /// Something done wrong on purpose. What finds each is in the table of the simulator.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault { $( $(#[$meta])* $Fault ),+ }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$( Self::$Fault ),+];
        }
    };
}

faults! {
    /// A checkout is opened whatever lies in stock.
    StockUnchecked,
    /// Stock is promised and no row says to whom.
    ReservationForgotten,
    /// A sale leaves no entry in the ledger.
    MovementForgotten,
    /// What was promised is given back twice.
    ReleasedTwice,
    /// An expired checkout keeps its stock.
    HeldAfterExpiry,
    /// What was sold is still promised.
    SoldStaysReserved,
    /// Goods go back on the shelf twice.
    RestockedTwice,
    /// Nobody is told that the stock has changed.
    StockEventForgotten,
    /// A new checkout leaves the older one of its cart open.
    OlderCheckoutKept,
    /// The use of a coupon is not counted.
    CouponUncounted,
    /// An ended checkout keeps its uses.
    CouponKept,
    /// The use of a coupon is given back twice.
    CouponGivenBackTwice,
    /// An idempotency key loses its answer.
    AnswerForgotten,
    /// A key does not know that its request was carried out.
    KeyKnowsNothing,
    /// A request goes on under a key that another has taken over.
    LeaseIsNoFence,
    /// A payment in flight does not extend the hold.
    HoldNotExtended,
    /// A success that is told again is applied again.
    WebhookAppliedTwice,
    /// Money that comes in after the end sells what was released.
    LateMoneySells,
    /// A bank that does not answer is taken to have said no.
    SilenceIsNo,
    /// What was paid back is not counted for its lines.
    LinesForgotten,
    /// What was paid back is not counted for its payment.
    RefundUncounted,
    /// A refund is asked for under another id each time.
    NewRefundIdOnRetry,
    /// What was done with an order is not told.
    EventForgotten,
    /// A customer's sum does not follow what goes back.
    SumForgotten,
    /// Nothing asks again how a payment ended.
    ReconcileForgotten,
    /// Nothing ends a checkout whose time has run out.
    ExpiryForgotten,
    /// A job counts as done when it is taken up.
    DoneBeforeItIs,
    /// A sale is written as it is remembered, whoever changed it meanwhile.
    SaleVersionUnchecked,
    /// SQLite answers before the disk has it.
    SynchronousNormal,
}

thread_local! {
    static BROKEN: Cell<Option<Fault>> = const { Cell::new(None) };
}

/// Whether this is done wrong, on this thread.
pub fn is(fault: Fault) -> bool {
    cfg!(feature = "faults") && BROKEN.get() == Some(fault)
}

/// From here on this is done wrong on this thread; nothing, with `None`.
pub fn breaks(fault: Option<Fault>) {
    BROKEN.set(fault);
}
