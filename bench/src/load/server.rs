//! The shop as its machine sees it: its memory, and the statements that it has run.

use std::fs;

use super::wire::{Place, Wire};
use crate::Failure;

/// How many statements the shop says it has run.
pub async fn statements(place: &Place) -> Result<u64, Failure> {
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
