//! What the program says about itself: structured lines on standard error, as text for people or as JSON.
//!
//! A line names ids, routes, states and durations. It never holds a secret, a card number, a token, an e-mail address
//! or the body of anything.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError};

/// Starts logging for the whole program.
pub fn start(config: &Config) -> Result<(), ConfigError> {
    let filter = filter(&config.log)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, as in tests that share a process, keeps the first.
    let _ = match config.log_json {
        true => lines.json().flatten_event(true).try_init(),
        false => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// A level for everything, or a tracing filter such as `info,oxcart::jobs=debug`.
fn filter(text: &str) -> Result<EnvFilter, ConfigError> {
    let wrong = |problem: String| ConfigError { name: "OXCART_LOG".into(), problem };
    let is_level = !text.is_empty() && text.parse::<LevelFilter>().is_ok();
    // A filter would take a misspelt level for the name of a module, and log nothing.
    if !is_level && !text.contains(['=', ',']) {
        return Err(wrong(format!("{text:?} is none of off, error, warn, info, debug, trace, and no filter")));
    }
    EnvFilter::try_new(text).map_err(|error| wrong(error.to_string()))
}

/// A panic is a line like any other, within the span of the request it ended.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("(no message)");
    let trace = std::backtrace::Backtrace::capture();
    tracing::error!(at, message, %trace, "panic");
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_misspelt_level_is_refused_by_name() {
        let good = ["info", "off", "warn,oxcart::jobs=debug"].map(|text| (text, true));
        let wrong = ["inof", "", "a=b=c"].map(|text| (text, false));
        for (text, good) in good.into_iter().chain(wrong) {
            let filter = filter(text);
            assert_eq!(filter.is_ok(), good, "{text:?}");
            assert!(filter.err().is_none_or(|error| error.name == "OXCART_LOG"));
        }
    }
}
