//! Who works off what waits at the desk.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::runtime::Builder;
use tokio::sync::{Mutex, mpsc};
use tokio::time::Instant;

use super::{Changes, Key, Needs, Picture, Waiting, busy};
use crate::error::{Error, Result, is_busy, is_retryable};
use crate::jobs::Bells;
use crate::store::Db;
use crate::store::counters::Numbers;
use crate::store::patience::Patience;
use crate::trade::Trade;

/// Commands in a batch.
const BATCH: usize = 128;
/// How long a command may have waited: later it is told to come back, and nothing of it is done.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often a batch that lost a race in the database is run again.
const TRIES: u32 = 5;

pub type Batch = Vec<Box<dyn Waiting>>;
type Numbered = VecDeque<i64>;

/// What a clerk works with.
pub struct Clerk {
    pub db: Db,
    pub trade: Trade,
    pub numbers: Arc<Numbers>,
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

    async fn serve_all(&self, mut batch: Batch) -> Batch {
        let failed = match self.retrying(&mut batch).await {
            Ok(later) => return self.tell(batch, &later),
            Err(error) => error,
        };
        // Whoever is to blame is found by serving each alone; a database that is not there is to blame for all.
        let is_down = matches!(&failed, Error::Database(error) if is_busy(error));
        self.is_failing.fetch_or(is_down, Ordering::Relaxed);
        if is_down || batch.len() == 1 {
            tracing::warn!(error = %failed, commands = batch.len(), "a batch could not be kept");
            batch.into_iter().for_each(|one| one.tell(Err(alike(&failed))));
            return Batch::new();
        }
        for one in batch {
            let mut alone = vec![one];
            let kept = self.retrying(&mut alone).await.map(|_| ());
            alone.into_iter().for_each(|one| one.tell(kept.as_ref().map_err(alike).copied()));
        }
        Batch::new()
    }

    fn tell(&self, batch: Batch, later: &HashSet<usize>) -> Batch {
        let mut behind = Batch::new();
        for (index, one) in batch.into_iter().enumerate() {
            if later.contains(&index) {
                behind.push(one);
            } else {
                one.tell(Ok(()));
            }
        }
        behind
    }

    async fn retrying(&self, batch: &mut Batch) -> Result<HashSet<usize>> {
        let mut tries = 1;
        loop {
            match Box::pin(self.carry_out(batch)).await {
                Err(error) if is_retryable(&error) && tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    /// Carries a batch out, with more order numbers if it came short of them. Answers which of it have to wait.
    async fn carry_out(&self, batch: &mut Batch) -> Result<HashSet<usize>> {
        let needs: Vec<_> = batch.iter().map(|one| one.needs()).collect();
        let orders = needs.iter().filter(|needs| needs.may_order).count();
        loop {
            match self.once(batch, &needs, self.numbers.take(orders)).await? {
                Some(later) => return Ok(later),
                None => self.numbers.stock_up(&self.db, orders).await?,
            }
        }
    }

    /// Load, decide, write, commit. Nothing is kept and nothing is answered when there were too few numbers.
    async fn once(&self, batch: &mut Batch, needs: &[Needs], numbers: Numbered) -> Result<Option<HashSet<usize>>> {
        let mut tx = self.db.begin().await?;
        // On the heap: what waits for dozens of statements is large.
        let mut picture = Box::pin(Picture::load(&mut tx, needs, &self.trade.selling(), numbers)).await?;

        let now = self.trade.clock.now();
        let mut changes = Changes::default();
        let (mut carts, mut later) = (HashSet::new(), HashSet::new());
        for (index, (one, needs)) in batch.iter_mut().zip(needs).enumerate() {
            // What is not there is refused by its own decision.
            let cart = if needs.key == Key::New { None } else { picture.cart_of(needs.key) };
            if cart.is_some_and(|cart| !carts.insert(cart)) {
                later.insert(index);
            } else if let Some(made) = one.decide(&picture, &self.trade, now) {
                picture.take_in(&made);
                changes.absorb(made);
                changes.under(one.key());
            }
        }

        let is_short = picture.is_short_of_numbers();
        self.numbers.put_back(picture.unused_numbers());
        if is_short {
            return Ok(None);
        }
        let lanes = changes.lanes_with_work(now);
        Box::pin(changes.write(&mut tx, &self.trade.clock, now)).await?;
        tx.commit().await.map_err(unsure)?;
        lanes.into_iter().for_each(|lane| self.bells.ring(lane));
        Ok(Some(later))
    }
}

/// A commit that failed may have been done, unless the database says that it lost a race: nothing of it is tried again.
fn unsure(error: sqlx::Error) -> Error {
    let lost_a_race = Error::Database(error);
    if is_retryable(&lost_a_race) {
        return lost_a_race;
    }
    Error::Database(sqlx::Error::Io(std::io::Error::other(lost_a_race.to_string())))
}

/// The same error once more: what was told to one of a batch is told to all.
fn alike(error: &Error) -> Error {
    match error {
        Error::Database(error) if is_busy(error) => busy(),
        other => Error::Internal(other.to_string()),
    }
}
