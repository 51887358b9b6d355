//! The latest operations, to be told when something breaks.

use std::collections::VecDeque;

/// How many are remembered.
const KEPT: usize = 40;

#[derive(Debug, Default)]
pub struct Trace {
    pub latest: VecDeque<String>,
    /// Whether each is printed as it happens.
    pub aloud: bool,
}

impl Trace {
    pub fn note(&mut self, operation: String) {
        if self.aloud {
            println!("{operation}");
        }
        if self.latest.len() == KEPT {
            self.latest.pop_front();
        }
        self.latest.push_back(operation);
    }

    pub fn told(&self) -> String {
        self.latest.iter().map(|operation| format!("{operation}\n")).collect()
    }
}
