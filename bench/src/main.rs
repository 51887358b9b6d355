//! `bench`: fills a shop with years of plausible trade, and measures what its pages cost and how much it stands.

mod limits;
mod live;
mod load;
mod multiply;
mod pages;
mod report;
mod seed;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What any of it can fail with: told and ended.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill an empty shop: a data folder, or the server that DATABASE_URL names
    Seed(seed::Size),
    /// Ask every admin page and print what it cost
    Pages(pages::Visit),
    /// Measure what no shop can pass on this machine: disk, HTTP and rows without a shop
    Limits(limits::Edges),
    /// Print what was measured as one table
    Report(report::Parts),
    /// Send many visitors at once to a running shop
    Load(load::Visits),
    /// Measure how soon a changed price or an imported product is seen
    Live(live::Watch),
    /// Make a large catalog of a smaller one
    Multiply(multiply::Wish),
}

impl Command {
    async fn run(self) -> Result<(), Failure> {
        match self {
            Command::Seed(size) => seed::run(&size).await,
            Command::Pages(visit) => pages::run(&visit).await,
            Command::Limits(edges) => limits::run(&edges).await,
            Command::Report(parts) => report::run(&parts),
            Command::Load(visits) => load::run(&visits).await,
            Command::Live(watch) => live::run(&watch).await,
            Command::Multiply(wish) => multiply::run(&wish),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::parse().command.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}
