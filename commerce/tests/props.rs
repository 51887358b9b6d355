//! What holds for every input: the promises of the rules, tried on random ones.

mod common;

#[path = "props/lives.rs"]
mod lives;
#[path = "props/machines.rs"]
mod machines;
#[path = "props/money.rs"]
mod money;
#[path = "props/quotes.rs"]
mod quotes;
#[path = "props/refunds.rs"]
mod refunds;
