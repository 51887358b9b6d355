//! Measures recommendations: `recommend ORDERS.csv[.gz] DATE`.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(orders), Some(split), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("recommend ORDERS.csv[.gz] DATE: name a file of orders and the day to split at, like 2011-10-01");
        return ExitCode::FAILURE;
    };
    match discovery::evaluate::recommend::run(Path::new(&orders), &split) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
