//! The shop as its machine sees it: its memory, and the statements that it has run.

use std::fs;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::wire::{Place, Wire};
use crate::Failure;

/// How far apart two looks at an idle shop are, and how long it may take to become idle.
const LOOK: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(20);
/// Statements that a shop may run between two looks and count as idle: it looks for work and events, and answers us.
const IDLE: u64 = 24;

/// The statements of a shop that has nothing to do.
#[derive(Clone, Copy, Debug)]
pub struct Idle {
    at: Instant,
    statements: u64,
    /// How many it runs in a second for itself.
    per_second: f64,
}

impl Idle {
    /// Waits until the jobs of what was done before are done too.
    pub async fn wait(place: &Place) -> Result<Self, Failure> {
        let began = Instant::now();
        let mut before = statements(place).await?;
        loop {
            let asked = Instant::now();
            sleep(LOOK).await;
            let statements = statements(place).await?;
            let run = statements.saturating_sub(before);
            if run <= IDLE || began.elapsed() > PATIENCE {
                let per_second = run.min(IDLE) as f64 / asked.elapsed().as_secs_f64();
                return Ok(Idle { at: Instant::now(), statements, per_second });
            }
            before = statements;
        }
    }

    /// Statements since another time, without those that the shop runs for itself.
    pub fn since(&self, before: &Idle) -> f64 {
        let run = self.statements.saturating_sub(before.statements) as f64;
        (run - before.per_second * (self.at - before.at).as_secs_f64()).max(0.0)
    }
}

/// How many statements the shop says it has run.
async fn statements(place: &Place) -> Result<u64, Failure> {
    let answer = Wire::new(place).get("/metrics").await?;
    let text = String::from_utf8_lossy(&answer.body);
    let line = text.lines().find_map(|line| line.strip_prefix("oxcart_db_statements_total "));
    let count = line.and_then(|count| count.trim().parse().ok());
    count.ok_or_else(|| format!("/metrics answers {} and no oxcart_db_statements", answer.status).into())
}

/// Memory of a process, in KiB.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// What is resident now.
    pub now: u64,
    /// The most that was resident since [`forget_peak`], or since it started.
    pub peak: u64,
}

/// What a process holds; nothing where this system does not tell.
pub fn memory(process: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kib =
        |name: &str| status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok());
    Some(Memory { now: kib("VmRSS:")?, peak: kib("VmHWM:")? })
}

/// Lets the peak of a process begin anew. Where that is not allowed, the peak is that of its whole life.
pub fn forget_peak(process: u32) {
    let _ = fs::write(format!("/proc/{process}/clear_refs"), "5");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_tells_its_memory() {
        let memory = memory(std::process::id()).expect("/proc is there where this is measured");
        assert!(memory.now > 0 && memory.peak >= memory.now / 2, "{memory:?}");
    }
}
