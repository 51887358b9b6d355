//! The latest operations, to be told when something breaks.

use std::collections::VecDeque;
use std::fmt;

/// How many are remembered.
const KEPT: usize = 30;

/// One operation: who, what, and how it ended.
#[derive(Debug, Clone, Copy)]
pub struct Op {
    pub number: u64,
    pub what: &'static str,
    /// What it was done to: a cart's place, or the number in an id.
    pub of: u128,
    pub ended: &'static str,
    /// Minutes since the beginning.
    pub minute: i64,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, what, of, ended, minute } = self;
        write!(f, "{number:>6}  +{minute:>4} min  {what} {of}: {ended}")
    }
}

#[derive(Debug, Default)]
pub struct Trace {
    latest: VecDeque<Op>,
    /// Whether each is printed as it happens.
    pub aloud: bool,
}

impl Trace {
    pub fn note(&mut self, op: Op) {
        if self.aloud {
            println!("{op}");
        }
        if self.latest.len() == KEPT {
            self.latest.pop_front();
        }
        self.latest.push_back(op);
    }

    pub fn told(&self) -> String {
        self.latest.iter().map(|op| format!("{op}\n")).collect()
    }
}
