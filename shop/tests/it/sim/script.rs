//! Processes, and what becomes of them: each goes on until it reaches a point at which its script lets it wait or die.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use oxcart::faults::{Point, Watch, watched};

use super::dice::Dice;
use super::world::World;

/// What the world learns from a process that came to its end; answers how it ended, in a word.
pub type Then = Box<dyn FnOnce(&mut World) -> &'static str + Send>;

/// No process is at one thing for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    /// At the point, before what comes.
    Before,
    /// In the middle of what comes: it is under way and nobody waits for it.
    During,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Runs,
    Waits,
    Dies,
}

/// What a seed has written for a process.
pub struct Script(Mutex<State>);

struct State {
    dice: Dice,
    /// How often in a hundred it waits where it may.
    waits: usize,
    death: Option<(usize, Death)>,
    points: usize,
    commits: usize,
    last: Option<Point>,
    standing: Standing,
    driver: Option<Waker>,
    gate: Option<Waker>,
}

impl Script {
    pub fn new(mut dice: Dice, calm: bool) -> Self {
        let dies = !calm && dice.chance(14);
        let how = if dice.chance(50) { Death::Before } else { Death::During };
        // Most stories have so many points; a purchase has more.
        let at = 1 + if dice.chance(70) { dice.below(20) } else { dice.below(60) };
        let waits = if calm { 0 } else { [0, 30, 70][dice.below(3)] };
        Self(Mutex::new(State {
            dice,
            waits,
            death: dies.then_some((at, how)),
            points: 0,
            commits: 0,
            last: None,
            standing: Standing::Runs,
            driver: None,
            gate: None,
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nobody panics with it")
    }

    /// Nothing more happens to it.
    pub fn calm(&self) {
        let mut state = self.state();
        (state.waits, state.death) = (0, None);
    }

    /// How often it has committed, and where it was last seen.
    pub fn seen(&self) -> (usize, Option<Point>) {
        let state = self.state();
        (state.commits, state.last)
    }

    /// Notes that the process is at a point; answers whether it stays there.
    fn stays(&self, point: Point) -> bool {
        let state = &mut *self.state();
        state.points += 1;
        state.commits += usize::from(point == Point::Commit);
        state.last = Some(point);
        let death = state.death.filter(|(at, _)| *at == state.points);
        // Nothing is locked there, so that another process may come first.
        let may_wait = matches!(point, Point::Story | Point::Call | Point::Answer);
        let stays = if state.standing == Standing::Dies {
            // Dead in the middle of the last thing, which was faster than whoever looks.
            true
        } else if let Some((_, how)) = death {
            state.standing = Standing::Dies;
            how == Death::Before
        } else if may_wait && state.dice.chance(state.waits) {
            state.standing = Standing::Waits;
            true
        } else {
            false
        };
        if state.standing != Standing::Runs
            && let Some(driver) = state.driver.take()
        {
            driver.wake();
        }
        stays
    }

    fn wait(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.standing == Standing::Runs {
            return Poll::Ready(());
        }
        state.gate = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Watch for Script {
    fn reached(&self, point: Point) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            if self.stays(point) {
                poll_fn(|context| self.wait(context)).await;
            }
        })
    }
}

/// Something that somebody is at.
pub struct Process {
    pub what: &'static str,
    pub script: Arc<Script>,
    future: Pin<Box<dyn Future<Output = Then> + Send>>,
}

/// How far a process came.
pub enum Came {
    /// To its end.
    Through(Then),
    /// To a point where it waits.
    Waits,
    /// To its death.
    Died,
}

impl Process {
    pub fn new(what: &'static str, script: Script, future: impl Future<Output = Then> + Send + 'static) -> Self {
        let script = Arc::new(script);
        Process { what, future: Box::pin(watched(script.clone(), future)), script }
    }

    /// Lets it go on. Nothing else runs meanwhile but what it has spawned itself.
    pub async fn go_on(&mut self) -> Came {
        let gate = {
            let mut state = self.script.state();
            state.standing = Standing::Runs;
            state.gate.take()
        };
        if let Some(gate) = gate {
            gate.wake();
        }
        let what = self.what;
        let came = tokio::time::timeout(PATIENCE, poll_fn(|context| self.poll(context))).await;
        came.unwrap_or_else(|_| panic!("{what} does not end, at {:?}", self.script.seen().1))
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Came> {
        self.script.state().driver = Some(context.waker().clone());
        let polled = self.future.as_mut().poll(context);
        match (polled, self.script.state().standing) {
            (_, Standing::Dies) => Poll::Ready(Came::Died),
            (Poll::Ready(then), _) => Poll::Ready(Came::Through(then)),
            (Poll::Pending, Standing::Waits) => Poll::Ready(Came::Waits),
            (Poll::Pending, Standing::Runs) => Poll::Pending,
        }
    }
}
