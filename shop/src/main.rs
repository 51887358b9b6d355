//! `oxcart`: the subcommands, one line each.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use commerce::staff::Role;
use oxcart::cli::{self, Failure, evaluate};
use oxcart::config::Config;
use oxcart::export::{CatalogFormat, What};
use oxcart::import::{Format, Options};
use oxcart::logging;
use oxcart::outside::Reach;
use oxcart::store::order_export::Period;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A whole shop in one program: storefront, API, payments, stock, mail and jobs.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    /// The settings file; oxcart.toml when it is there
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the demo shop: a sample catalog and a sandbox bank
    Demo,
    /// Serve the shop
    Serve,
    /// Import a catalog: Shopify product CSV, Oxcart JSON lines, Icecat
    Import {
        /// The file, packed with gzip or not
        file: PathBuf,
        /// shopify, lines or icecat, when the file does not tell
        #[arg(long, value_name = "FORMAT")]
        from: Option<Format>,
        /// Do everything, but keep nothing
        #[arg(long)]
        dry_run: bool,
        /// Fetch the pictures behind links and keep them (not in a dry run); later imports know them again
        #[arg(long)]
        fetch_pictures: bool,
        /// Where to write what was not taken as it stood, as JSON lines
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Export the catalog, the orders or the customers
    Export {
        #[command(subcommand)]
        what: Export,
    },
    /// Show what the shop is called, sells in, taxes and sends by; or take it from a file
    Shop {
        /// A JSON file as this command prints it
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// The accounts of the people who work in the shop
    Staff {
        #[command(subcommand)]
        what: Staff,
    },
    /// Write the whole shop into one file, beside a running server: rows, pictures, secret
    Backup {
        /// The file, which must not be there yet
        file: PathBuf,
    },
    /// Make the shop anew from a backup, in an empty data folder and an empty database
    Restore {
        /// A file that `oxcart backup` has written
        file: PathBuf,
    },
    /// Bring the schema of the database up to date
    Migrate,
    /// Show the effective settings, secrets masked
    Config,
    /// Measure searches or recommendations against what is known to be right
    Evaluate {
        #[command(subcommand)]
        what: Evaluate,
    },
    /// Recompute every invariant from the database; exit 1 when one is violated
    Verify,
}

#[derive(Subcommand)]
enum Export {
    /// Categories, products and coupons; importing an export changes nothing
    Catalog {
        /// lines: everything, as JSON lines; csv: products in Shopify's columns
        #[arg(long, value_name = "FORMAT", default_value = "lines")]
        format: CatalogFormat,
        /// The file; standard output when not given
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Orders as CSV, a row for each line
    Orders {
        /// From this day on, in UTC
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<NaiveDate>,
        /// Up to this day, itself included
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: Option<NaiveDate>,
        /// The file; standard output when not given
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Customers as CSV
    Customers {
        /// The file; standard output when not given
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Evaluate {
    /// Searches against judgements, beside a plain BM25: all files are CSV
    Search {
        /// id,name,description; also brand, category, price and attr:NAME
        #[arg(long, value_name = "FILE")]
        catalog: PathBuf,
        /// query_id,query
        #[arg(long, value_name = "FILE")]
        queries: PathBuf,
        /// query_id,product_id,grade; what is not judged has grade 0
        #[arg(long, value_name = "FILE")]
        judgements: PathBuf,
        /// Misspellings to put into the queries, as lines "typo->fix"; letters at random when not given
        #[arg(long, value_name = "FILE")]
        typos: Option<PathBuf>,
        /// What the products are described in
        #[arg(long, value_name = "LANGUAGE", default_value = "en")]
        language: String,
    },
    /// Recommendations against what customers bought later, beside three plain ways
    Recommend {
        /// customer,product,time,quantity as CSV, packed with gzip or not; the shop's own orders when not given
        #[arg(long, value_name = "FILE")]
        orders: Option<PathBuf>,
        /// What was bought before this day teaches, what was bought from then on examines
        #[arg(long, value_name = "YYYY-MM-DD")]
        split: String,
    },
}

#[derive(Subcommand)]
enum Staff {
    /// Make an account; the password is read from standard input
    Create {
        /// What the person signs in with
        #[arg(long, value_name = "E-MAIL")]
        email: String,
        /// What the person is called; what stands before the @ when not given
        #[arg(long)]
        name: Option<String>,
        /// admin, or super_admin who also looks after the accounts
        #[arg(long, default_value = "admin")]
        role: Role,
        /// Read the password from the first line of standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("oxcart: {failure}");
            failure.exit_code()
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = cli::settings(arguments.config)?;
    let config = || -> Result<Config, Failure> {
        let config = Config::check(&settings)?;
        logging::start(&config)?;
        Ok(config)
    };
    match arguments.command {
        Command::Demo => cli::demo(config()?).await,
        Command::Serve => cli::serve(config()?).await,
        Command::Import { file, from, dry_run, fetch_pictures, report } => {
            let reach = fetch_pictures.then_some(Reach::Public);
            let options = Options { dry_run, fetch_pictures: reach, ..Options::default() };
            cli::import(config()?, &file, from, options, report.as_deref()).await
        }
        Command::Export { what } => {
            let (what, output) = match what {
                Export::Catalog { format, output } => (What::Catalog(format), output),
                Export::Orders { from, to, output } => (What::Orders(Period::days(from, to)), output),
                Export::Customers { output } => (What::Customers, output),
            };
            cli::export(config()?, what, output.as_deref()).await
        }
        Command::Shop { from } => cli::shop(config()?, from.as_deref()).await,
        Command::Staff { what: Staff::Create { email, name, role, password_stdin: _ } } => {
            cli::create_staff(config()?, &email, name.as_deref(), role).await
        }
        Command::Evaluate { what } => match what {
            Evaluate::Search { catalog, queries, judgements, typos, language } => {
                evaluate::search(&catalog, &queries, &judgements, typos.as_deref(), &language)
            }
            Evaluate::Recommend { orders: Some(orders), split } => evaluate::recommend(&orders, &split),
            Evaluate::Recommend { orders: None, split } => evaluate::recommend_own(config()?, &split).await,
        },
        Command::Backup { file } => cli::backup(config()?, &file).await,
        Command::Restore { file } => cli::restore(config()?, &file).await,
        Command::Migrate => cli::migrate(config()?).await,
        Command::Config => cli::show_settings(&settings),
        Command::Verify => cli::verify(config()?).await,
    }
}
