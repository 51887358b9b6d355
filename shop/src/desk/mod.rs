//! The write desk. A commit costs one flush whatever it holds, and a statement little more for many rows than for one.
//! So commands that change carts and sales are handed in here: the clerk takes all that wait, loads what they need in
//! bulk, decides each of them purely over that picture, writes what they changed in bulk, and answers after the commit.
//! Nothing waits on a timer: a command that is alone is a batch of one.

mod changes;
mod clerk;
mod memory;
mod picture;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use commerce::ids::{CartId, CheckoutId, PaymentId, VariantId};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

pub use changes::Changes;
use clerk::Clerk;
use memory::Memory;
pub use picture::Picture;

use crate::error::{Error, Result};
use crate::faults::{self, Point};
use crate::jobs::Bells;
use crate::store::counters::Numbers;
use crate::store::idempotency;
use crate::store::patience::within;
use crate::store::statements::Tally;
use crate::store::{Conn, Db};
use crate::trade::Trade;

/// Commands that may wait. Who comes then is told to come back.
pub const LINE: usize = 1024;
/// Batches at work at once on PostgreSQL; SQLite has one writer.
const CLERKS_ON_POSTGRES: usize = 2;

/// Something to be decided and written.
pub trait Command: Send + Sync + 'static {
    /// What comes of it.
    type Answer: Send + Sync + 'static;

    /// What has to be known to decide it.
    fn needs(&self) -> Needs;

    /// Decides it, over what is known: the answer and what it changes, or why not.
    fn decide(&self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(Self::Answer, Changes)>;
}

/// The thing a command is about: no two commands about one cart are in the same batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Key {
    /// Something that is not there yet.
    #[default]
    New,
    /// A cart.
    Cart(CartId),
    /// The cart of a checkout.
    Checkout(CheckoutId),
    /// The cart of a payment's checkout.
    Payment(PaymentId),
}

/// What has to be known to decide a command. Checkouts and payments that the key leads to are always loaded.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// What it is about.
    pub key: Key,
    /// Whether the cart's lines and what is for sale of them.
    pub goods: bool,
    /// One more variant.
    pub variant: Option<VariantId>,
    /// One more coupon.
    pub coupon: Option<String>,
    /// The customer whose uses of coupons count; the coupons are held then.
    pub customer: Option<String>,
    /// Whether what the checkout holds.
    pub holds: Holds,
    /// Whether an order may come of it.
    pub may_order: bool,
}

/// Whether a command needs to know what its checkout holds, because it may end that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// It does not end.
    #[default]
    Stay,
    /// It may end.
    MayEnd,
    /// It ends if it is paid at once.
    EndIfImmediate,
}

/// Where commands are handed in.
pub struct Desk {
    line: mpsc::Sender<Box<dyn Waiting>>,
    /// Who serves those that are watched, where they are.
    clerk: Clerk,
    /// Who has handed something in and has no answer yet.
    asking: AtomicUsize,
    is_failing: Arc<AtomicBool>,
}

impl Desk {
    /// Opens the desk; it closes when the last one who could hand something in is gone.
    pub fn open(db: &Db, trade: &Trade, bells: &Arc<Bells>) -> Self {
        let (line, waiting) = mpsc::channel(LINE);
        let (numbers, memory) = (Arc::<Numbers>::default(), Arc::<Memory>::default());
        let is_failing = Arc::<AtomicBool>::default();
        let clerk = |db| Clerk {
            db,
            trade: trade.clone(),
            numbers: numbers.clone(),
            memory: memory.clone(),
            bells: bells.clone(),
            is_failing: is_failing.clone(),
        };
        let clerks = if db.engine() == "sqlite" { 1 } else { CLERKS_ON_POSTGRES };
        clerk::take_place(Arc::new(clerk(db.apart(clerks as u32))), clerks, waiting);
        Self { line, clerk: clerk(db.clone()), asking: AtomicUsize::default(), is_failing }
    }

    /// How many commands wait.
    pub fn waiting(&self) -> usize {
        self.line.max_capacity() - self.line.capacity()
    }

    /// Whether the database has kept nothing of what was handed in since it was last seen to keep something.
    pub fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    /// The database was seen to keep something.
    pub fn is_well(&self) {
        self.is_failing.store(false, Ordering::Relaxed);
    }

    /// The carts of sales that this node remembers otherwise than they are, for the tests.
    pub async fn misremembered(&self, conn: &mut Conn) -> Result<Vec<CartId>> {
        self.clerk.memory.misremembered(conn).await
    }

    /// Whether somebody waits for an answer.
    pub fn is_busy(&self) -> bool {
        self.asking.load(Ordering::Relaxed) > 0
    }

    /// Hands a command in and waits until it is refused, or done and durable. Once it is handed in it is carried out
    /// even if nobody waits for the answer any more.
    pub async fn ask<C: Command>(&self, command: C) -> Result<C::Answer> {
        let _asking = Asking::one_more(&self.asking);
        let (reply, told) = oneshot::channel();
        let (tally, key) = (Tally::current(), idempotency::current());
        let pending = Pending { command, reply, decided: None, since: Instant::now(), tally, key };
        if faults::is_watched() {
            // Who is watched does it by itself, so that it can die in the middle of it.
            faults::reach(Point::Story).await;
            Box::pin(self.clerk.serve(vec![Box::new(pending)])).await;
        } else {
            self.line.try_send(Box::new(pending)).map_err(|_| busy())?;
        }
        within(async { told.await.unwrap_or(Err(Error::Database(sqlx::Error::WorkerCrashed))) }).await
    }
}

/// Somebody who asks, until they have their answer or have gone.
struct Asking<'a>(&'a AtomicUsize);

impl<'a> Asking<'a> {
    fn one_more(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The answer to who can't be served now.
fn busy() -> Error {
    Error::Database(sqlx::Error::PoolTimedOut)
}

/// A command of any kind, as it waits.
trait Waiting: Send + Sync {
    fn needs(&self) -> Needs;
    fn since(&self) -> Instant;
    fn tally(&self) -> Tally;
    /// The idempotency key it was handed in under.
    fn key(&self) -> Option<Arc<idempotency::Key>>;
    /// Decides it and keeps the answer; what it changes, if it was not refused.
    fn decide(&mut self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Option<Changes>;
    /// Tells the answer, if what was decided is durable, or why it is not.
    fn tell(self: Box<Self>, kept: Result<()>);
}

struct Pending<C: Command> {
    command: C,
    reply: oneshot::Sender<Result<C::Answer>>,
    decided: Option<Result<C::Answer>>,
    since: Instant,
    tally: Tally,
    key: Option<Arc<idempotency::Key>>,
}

impl<C: Command> Waiting for Pending<C> {
    fn needs(&self) -> Needs {
        self.command.needs()
    }

    fn since(&self) -> Instant {
        self.since
    }

    fn tally(&self) -> Tally {
        self.tally.clone()
    }

    fn key(&self) -> Option<Arc<idempotency::Key>> {
        self.key.clone()
    }

    fn decide(&mut self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Option<Changes> {
        let (decided, changes) = match self.command.decide(known, trade, now) {
            Ok((answer, changes)) => (Ok(answer), Some(changes)),
            Err(error) => (Err(error), None),
        };
        self.decided = Some(decided);
        changes
    }

    fn tell(self: Box<Self>, kept: Result<()>) {
        let Self { reply, decided, .. } = *self;
        // Who no longer listens has gone.
        drop(reply.send(kept.and_then(|()| decided.unwrap_or_else(|| Err(busy())))));
    }
}
