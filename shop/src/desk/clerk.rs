//! Who works off what waits at the desk.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use commerce::ids::CartId;
use futures_util::future::join_all;
use tokio::runtime::Builder;
use tokio::sync::{Mutex, mpsc};
use tokio::time::Instant;

use super::memory::{Memory, Recalled, Sale};
use super::{Changes, Key, Needs, Picture, Waiting, busy};
use crate::error::{Error, Result, is_busy, is_retryable};
use crate::jobs::Bells;
use crate::store::counters::Numbers;
use crate::store::patience::Patience;
use crate::store::{Db, Tx, idempotency};
use crate::trade::Trade;

/// Commands in a batch.
const BATCH: usize = 128;
/// How long a command may have waited: later it is told to come back, and nothing of it is done.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often a batch that lost a race in the database is run again.
const TRIES: u32 = 5;

pub type Batch = Vec<Box<dyn Waiting>>;

/// What a clerk works with.
pub struct Clerk {
    pub db: Db,
    pub trade: Trade,
    pub numbers: Arc<Numbers>,
    pub memory: Arc<Memory>,
    pub bells: Arc<Bells>,
    /// Whether the database has kept nothing of a batch since it was last seen to keep something.
    pub is_failing: Arc<AtomicBool>,
}

/// Has clerks work in a thread of their own, until nobody can hand anything in any more: among everybody's requests each step
/// of theirs would wait behind those of all who were just answered.
pub fn take_place(clerk: Arc<Clerk>, clerks: usize, line: mpsc::Receiver<Box<dyn Waiting>>) {
    let line = Arc::new(Mutex::new(line));
    let place = thread::Builder::new().name("desk".into()).spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().expect("the first runtime was built as well");
        // They take what they work with along: a connection is given back where there is a runtime.
        runtime.block_on(async move { join_all((0..clerks).map(|_| work(clerk.clone(), line.clone()))).await });
    });
    // The handle goes: nobody waits for them.
    drop(place.expect("a shop that just opens has threads left"));
}

async fn work(clerk: Arc<Clerk>, line: Arc<Mutex<mpsc::Receiver<Box<dyn Waiting>>>>) {
    let mut waiting = Batch::new();
    loop {
        if waiting.is_empty() {
            if line.lock().await.recv_many(&mut waiting, BATCH).await == 0 {
                return;
            }
        } else if let Ok(mut line) = line.try_lock() {
            // Another clerk who holds the line is waiting for somebody to come.
            waiting.extend(std::iter::from_fn(|| line.try_recv().ok()).take(BATCH - waiting.len().min(BATCH)));
        }
        let batch = std::mem::take(&mut waiting);
        let clerk = clerk.clone();
        // In a task of its own: a command that panics takes nobody along but its batch, whose replies are dropped.
        waiting = tokio::spawn(async move { clerk.serve(batch).await }).await.unwrap_or_default();
    }
}

impl Clerk {
    /// Carries a batch out and tells everybody; answers those that have to wait behind another of the same cart.
    pub async fn serve(&self, batch: Batch) -> Batch {
        let now = Instant::now();
        let (batch, late): (Batch, Batch) = batch.into_iter().partition(|one| now - one.since() < PATIENCE);
        late.into_iter().for_each(|one| one.tell(Err(busy())));
        let Some(first) = batch.first() else { return Batch::new() };
        // Its statements are told to whoever comes first. It waits for the database no longer than a request does, or nobody
        // behind it would be served for long.
        first.tally().over(Patience::of_a_request().over(self.serve_all(batch))).await
    }

    /// What goes on with sales that are remembered comes first; what could not be done by heart is done from the books.
    async fn serve_all(&self, batch: Batch) -> Batch {
        let (recalled, sales, mut others) = self.recall(batch);
        let (mut behind, undecided) = self.serve_by_heart(recalled, sales).await;
        others.extend(undecided);
        behind.extend(Box::pin(self.serve_over_the_books(others)).await);
        behind
    }

    /// Those of a batch whose sales are remembered, those sales, and the others of the batch.
    fn recall(&self, batch: Batch) -> (Batch, Vec<Arc<Sale>>, Batch) {
        let (mut recalled, mut sales, mut others) = (Batch::new(), vec![], Batch::new());
        for one in batch {
            match self.memory.recall(&one.needs()) {
                Recalled::Nothing => others.push(one),
                Recalled::New => recalled.push(one),
                Recalled::Sale(sale) => {
                    sales.push(sale);
                    recalled.push(one);
                }
            }
        }
        (recalled, sales, others)
    }

    /// Answers those that have to wait behind another, and those that have to be decided over what is in the books.
    async fn serve_by_heart(&self, mut batch: Batch, sales: Vec<Arc<Sale>>) -> (Batch, Batch) {
        if batch.is_empty() {
            return (Batch::new(), Batch::new());
        }
        match Box::pin(self.by_heart(&mut batch, sales)).await {
            Ok(fates) => tell(batch, &fates),
            Err(error) => {
                self.refuse_all(batch, &error);
                (Batch::new(), Batch::new())
            }
        }
    }

    async fn serve_over_the_books(&self, mut batch: Batch) -> Batch {
        if batch.is_empty() {
            return batch;
        }
        let failed = match self.retrying(&mut batch).await {
            Ok(fates) => return tell(batch, &fates).0,
            Err(error) => error,
        };
        // Whoever is to blame is found by serving each alone; a database that is not there is to blame for all.
        if is_down(&failed) || batch.len() == 1 {
            self.refuse_all(batch, &failed);
            return Batch::new();
        }
        for one in batch {
            let mut alone = vec![one];
            let kept = self.retrying(&mut alone).await.map(|_| ());
            alone.into_iter().for_each(|one| one.tell(kept.as_ref().map_err(alike).copied()));
        }
        Batch::new()
    }

    fn refuse_all(&self, batch: Batch, failed: &Error) {
        self.is_failing.fetch_or(is_down(failed), Ordering::Relaxed);
        tracing::warn!(error = %failed, commands = batch.len(), "a batch could not be kept");
        batch.into_iter().for_each(|one| one.tell(Err(alike(failed))));
    }

    async fn retrying(&self, batch: &mut Batch) -> Result<Vec<Fate>> {
        let mut tries = 1;
        loop {
            match Box::pin(self.over_the_books(batch)).await {
                Err(error) if is_retryable(&error) && tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    /// Carries a batch out over what is in the books, with more order numbers if it came short of them.
    async fn over_the_books(&self, batch: &mut Batch) -> Result<Vec<Fate>> {
        let needs: Vec<_> = batch.iter().map(|one| one.needs()).collect();
        let orders = orders_of(&needs);
        loop {
            let mut tx = self.db.begin().await?;
            // On the heap: what waits for dozens of statements is large.
            let selling = self.trade.selling();
            let load = Picture::load(&mut tx, &needs, &selling, self.numbers.take(orders));
            let decided = self.decide(batch, &needs, Box::pin(load).await?, Over::TheBooks);
            if decided.is_short {
                drop(tx);
                self.numbers.stock_up(&self.db, orders).await?;
                continue;
            }
            return Ok(self.keep(tx, decided).await?);
        }
    }

    /// Carries out what goes on with sales as they are remembered. What is refused, or would change nothing, may be so only
    /// because they are not as they are remembered: like all of a batch that can't be written it is left undecided.
    async fn by_heart(&self, batch: &mut Batch, sales: Vec<Arc<Sale>>) -> Result<Vec<Fate>> {
        let needs: Vec<_> = batch.iter().map(|one| one.needs()).collect();
        let carts: Vec<CartId> = sales.iter().map(|sale| sale.cart.cart.id).collect();
        let undecided = vec![Fate::Undecided; batch.len()];
        let mut tx = match self.db.begin().await.map_err(Error::from) {
            Ok(tx) => tx,
            Err(error) if is_down(&error) => return Err(error),
            Err(_) => return Ok(undecided),
        };
        let (selling, numbers) = (self.trade.selling(), self.numbers.take(orders_of(&needs)));
        let recalled = Picture::recall(&mut tx, &needs, sales, &selling, numbers);
        let Ok(picture) = Box::pin(recalled).await else { return Ok(undecided) };
        let decided = self.decide(batch, &needs, picture, Over::Memory);
        if decided.changes.is_empty() {
            return Ok(undecided);
        }
        match self.keep(tx, decided).await {
            Ok(fates) => Ok(fates),
            Err(Unkept::Perhaps(error)) => Err(error),
            Err(Unkept::Nothing(_)) => {
                carts.into_iter().for_each(|cart| self.memory.forget(cart));
                Ok(undecided)
            }
        }
    }

    fn decide(&self, batch: &mut Batch, needs: &[Needs], mut picture: Picture, over: Over) -> Decided {
        let now = self.trade.clock.now();
        let mut decided = Decided { now, ..Decided::default() };
        let mut carts = HashSet::new();
        for (one, needs) in batch.iter_mut().zip(needs) {
            // What is not there is refused by its own decision.
            let cart = if needs.key == Key::New { None } else { picture.cart_of(needs.key) };
            if cart.is_some_and(|cart| !carts.insert(cart)) {
                decided.fates.push(Fate::Behind);
                continue;
            }
            let made = one.decide(&picture, &self.trade, now).filter(|made| !made.is_empty());
            decided.fates.push(if made.is_none() && over == Over::Memory { Fate::Undecided } else { Fate::Decided });
            if let Some(made) = made {
                picture.take_in(&made);
                decided.take_in(made, cart, &picture, one.key());
            }
        }
        decided.is_short = picture.is_short_of_numbers();
        self.numbers.put_back(picture.unused_numbers());
        decided
    }

    /// Writes and commits, and remembers the sales as they are then.
    async fn keep(&self, mut tx: Tx, decided: Decided) -> std::result::Result<Vec<Fate>, Unkept> {
        let Decided { fates, changes, left, now, .. } = decided;
        let lanes = changes.lanes_with_work(now);
        Box::pin(changes.write(&mut tx, &self.trade.clock, now)).await.map_err(Unkept::Nothing)?;
        if let Err(error) = tx.commit().await {
            left.into_iter().for_each(|(cart, _)| self.memory.forget(cart));
            return Err(Unkept::at_commit(error));
        }
        lanes.into_iter().for_each(|lane| self.bells.ring(lane));
        for (cart, sale) in left {
            match sale {
                Some(sale) => self.memory.keep(sale),
                None => self.memory.forget(cart),
            }
        }
        Ok(fates)
    }
}

/// What becomes of a command in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is decided, and kept if it changed something.
    Decided,
    /// Its turn comes after another one about the same cart.
    Behind,
    /// What is in the books has to decide it.
    Undecided,
}

/// What is decided over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    TheBooks,
    Memory,
}

/// What came of a batch.
#[derive(Default)]
struct Decided {
    fates: Vec<Fate>,
    changes: Changes,
    /// The sales that changed, as they are left where that is known.
    left: Vec<(CartId, Option<Sale>)>,
    now: DateTime<Utc>,
    /// Whether there were too few order numbers.
    is_short: bool,
}

impl Decided {
    fn take_in(&mut self, made: Changes, cart: Option<CartId>, known: &Picture, key: Option<Arc<idempotency::Key>>) {
        let sale = made.leave(cart.and_then(|cart| known.sale_of(cart)));
        if let Some(cart) = cart.or(sale.as_ref().map(|sale| sale.cart.cart.id)) {
            self.left.push((cart, sale));
        }
        if let Some((cart, version)) = cart.and_then(|cart| Some((cart, known.version_of(cart)?))) {
            self.changes.of_sale(cart, version);
        }
        self.changes.absorb(made);
        self.changes.under(key);
    }
}

fn orders_of(needs: &[Needs]) -> usize {
    needs.iter().filter(|needs| needs.may_order).count()
}

/// Tells those that are decided; answers those that wait behind another, and the undecided.
fn tell(batch: Batch, fates: &[Fate]) -> (Batch, Batch) {
    let (mut behind, mut undecided) = (Batch::new(), Batch::new());
    for (one, fate) in batch.into_iter().zip(fates) {
        match fate {
            Fate::Decided => one.tell(Ok(())),
            Fate::Behind => behind.push(one),
            Fate::Undecided => undecided.push(one),
        }
    }
    (behind, undecided)
}

fn is_down(failed: &Error) -> bool {
    matches!(failed, Error::Database(error) if is_busy(error))
}

/// Why a batch was not kept.
enum Unkept {
    /// Nothing of it was.
    Nothing(Error),
    /// It may have been: nothing of it is tried again.
    Perhaps(Error),
}

impl Unkept {
    /// A commit that failed may have been done, unless the database says that it lost a race.
    fn at_commit(error: sqlx::Error) -> Self {
        let lost_a_race = Error::Database(error);
        if is_retryable(&lost_a_race) {
            return Unkept::Nothing(lost_a_race);
        }
        Unkept::Perhaps(Error::Database(sqlx::Error::Io(std::io::Error::other(lost_a_race.to_string()))))
    }
}

impl From<Unkept> for Error {
    fn from(unkept: Unkept) -> Self {
        match unkept {
            Unkept::Nothing(error) | Unkept::Perhaps(error) => error,
        }
    }
}

/// The same error once more: what was told to one of a batch is told to all.
fn alike(error: &Error) -> Error {
    match error {
        Error::Database(error) if is_busy(error) => busy(),
        other => Error::Internal(other.to_string()),
    }
}
