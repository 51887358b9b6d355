//! Settings: every one has a name, a default and a check. A TOML file first, then the environment; the environment wins.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::http::{HeaderName, Uri};

use crate::mail::Mailer;

/// Where the effective value of a setting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said.
    Default,
    /// The TOML file.
    File,
    /// The environment.
    Environment,
}

/// One row of the table of settings.
pub struct Setting {
    /// The variable of the environment; in the TOML file the same in lower case, without `oxcart_`.
    pub name: &'static str,
    /// What it is when nothing was said; "" is not set.
    pub default: &'static str,
    /// Whether it is masked when settings are shown.
    pub secret: bool,
    /// What it is for.
    pub about: &'static str,
}

const fn setting(name: &'static str, default: &'static str, secret: bool, about: &'static str) -> Setting {
    Setting { name, default, secret, about }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting("OXCART_LISTEN", "127.0.0.1:3000", false, "address and port to listen on"),
    setting("OXCART_DATA_DIR", "./data", false, "folder of the SQLite file, pictures and unsent mail"),
    setting("OXCART_BASE_URL", "", false, "how the outside reaches the shop; http://OXCART_LISTEN when not set"),
    setting("OXCART_SECRET", "", true, "at least 32 characters; made and kept in the data folder on SQLite"),
    setting("DATABASE_URL", "", true, "postgres://..., or sqlite:FILE; the data folder's oxcart.db when not set"),
    setting("REDIS_URL", "", true, "shared limits and revocation between nodes"),
    setting("STRIPE_SECRET_KEY", "", true, "takes Stripe payments"),
    setting("STRIPE_PUBLISHABLE_KEY", "", false, "for the browser"),
    setting("STRIPE_WEBHOOK_SECRET", "", true, "checks Stripe's signatures"),
    setting("STRIPE_API_BASE", "https://api.stripe.com", false, "Stripe's address"),
    setting("SMTP_URL", "", true, "smtp://, smtps://; mail goes to the data folder when not set"),
    setting("OXCART_RESERVATION_MINUTES", "15", false, "how long a checkout holds its stock, 1 to 1440"),
    setting("OXCART_RATE_LIMITS", "on", false, "on, or off for load tests"),
    setting("OXCART_TEST_CLOCK", "", false, "sandbox only: seconds the shop's clock runs ahead; opens /api/dev/clock"),
    setting("OXCART_LOG", "info", false, "what is logged: error, warn, info, debug, or a tracing filter"),
    setting("OXCART_LOG_FORMAT", "text", false, "text, or json"),
    setting("OXCART_THEME_DIR", "", false, "a folder whose files win over the built-in theme"),
    setting(
        "OXCART_PAYMENTS",
        "sandbox,manual",
        false,
        "payment methods offered: sandbox, manual; an https shop has no sandbox unless this says so",
    ),
    setting(
        "OXCART_CLIENT_IP_HEADER",
        "",
        false,
        "header in which your proxy names the visitor, as X-Forwarded-For; its last entry counts",
    ),
    setting("OXCART_CONNECTIONS", "4096", false, "connections served at once, 1 to 65535"),
    setting("OXCART_PAGE_CACHE_MB", "64", false, "memory for rendered pages in MiB, 0 to 65536; 0 keeps none"),
];

/// The effective settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Folder of everything this node keeps.
    pub data_dir: PathBuf,
    /// How the outside reaches the shop, without a slash at the end.
    pub base_url: String,
    /// The secret that signs links and digests, when given.
    pub secret: Option<String>,
    /// The database; `None` is SQLite in the data folder.
    pub database_url: Option<String>,
    /// The mail server; `None` writes mails to the data folder.
    pub smtp_url: Option<String>,
    /// Minutes a checkout holds its stock.
    pub reservation_minutes: i64,
    /// Whether attempts are limited.
    pub rate_limits: bool,
    /// Seconds the clock runs ahead, when the test clock is on.
    pub test_clock: Option<i64>,
    /// The tracing filter.
    pub log: String,
    /// Whether logs are JSON.
    pub log_json: bool,
    /// A folder of theme files.
    pub theme_dir: Option<PathBuf>,
    /// Whether the sandbox bank is open.
    pub sandbox: bool,
    /// Whether bank transfer is offered.
    pub manual: bool,
    /// The header in which a proxy that is trusted names the visitor's address.
    pub client_ip_header: Option<HeaderName>,
    /// Connections served at once.
    pub connections: usize,
    /// Bytes of rendered pages that are kept; 0 keeps none.
    pub page_cache: usize,
}

/// What is wrong with the settings, naming the one that is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct ConfigError {
    /// The setting.
    pub name: String,
    /// What is wrong and what is expected.
    pub problem: String,
}

fn wrong(name: &str, problem: impl Into<String>) -> ConfigError {
    ConfigError { name: name.into(), problem: problem.into() }
}

/// The value of each setting and where it came from.
pub type Effective = BTreeMap<&'static str, (String, Origin)>;

/// Reads the TOML file (when there is one) and the environment into one table, refusing names it does not know.
pub fn gather(file: Option<&Path>, environment: &[(String, String)]) -> Result<Effective, ConfigError> {
    let mut effective: Effective = SETTINGS.iter().map(|s| (s.name, (s.default.to_owned(), Origin::Default))).collect();
    for (key, value) in file.map(read_file).transpose()?.unwrap_or_default() {
        let known = SETTINGS.iter().find(|s| key == s.name.to_lowercase() || key == file_key(s.name));
        let setting = known.ok_or_else(|| wrong(&key, "is not a setting of Oxcart; `oxcart config` lists them"))?;
        effective.insert(setting.name, (value, Origin::File));
    }
    for (key, value) in environment {
        if let Some(setting) = SETTINGS.iter().find(|s| s.name == key) {
            effective.insert(setting.name, (value.trim().to_owned(), Origin::Environment));
        } else if key.starts_with("OXCART_") && key != "OXCART_REAL_DATA" {
            return Err(wrong(key, "is not a setting of Oxcart; `oxcart config` lists them"));
        }
    }
    Ok(effective)
}

/// The name of a setting in the TOML file: `OXCART_DATA_DIR` is `data_dir`.
fn file_key(name: &str) -> String {
    name.trim_start_matches("OXCART_").to_lowercase()
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&shown, error.to_string()))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(&shown, error.to_string()))?;
    table
        .into_iter()
        .map(|(key, value)| match value {
            toml::Value::String(text) => Ok((key, text)),
            toml::Value::Integer(number) => Ok((key, number.to_string())),
            toml::Value::Boolean(on) => Ok((key, if on { "on" } else { "off" }.to_owned())),
            _ => Err(wrong(&key, "has to be a text, a whole number, or true or false")),
        })
        .collect()
}

impl Config {
    /// Checks the effective settings, each by its name.
    pub fn check(effective: &Effective) -> Result<Self, ConfigError> {
        let text = |name: &'static str| effective[name].0.clone();
        let optional = |name: &'static str| Some(text(name)).filter(|value| !value.is_empty());
        let number = |name: &'static str, least: i64, most: i64| {
            let value = text(name).parse::<i64>().ok().filter(|n| (least..=most).contains(n));
            value.ok_or_else(|| wrong(name, format!("{:?} is not a whole number from {least} to {most}", text(name))))
        };
        let choice = |name: &'static str, yes: &str, no: &str| match text(name) {
            value if value == yes => Ok(true),
            value if value == no => Ok(false),
            other => Err(wrong(name, format!("{other:?} is neither {yes} nor {no}"))),
        };
        let listen: SocketAddr = text("OXCART_LISTEN")
            .parse()
            .map_err(|_| wrong("OXCART_LISTEN", "is not an address and port such as 127.0.0.1:3000"))?;
        let base_url = optional("OXCART_BASE_URL").unwrap_or_else(|| format!("http://{listen}"));
        if !is_origin(base_url.trim_end_matches('/')) {
            return Err(wrong("OXCART_BASE_URL", "has to be like https://shop.example, without a path"));
        }
        let secret = optional("OXCART_SECRET");
        if secret.as_ref().is_some_and(|secret| secret.len() < 32) {
            return Err(wrong("OXCART_SECRET", "has to be at least 32 characters of randomness"));
        }
        let database_url = optional("DATABASE_URL");
        if database_url
            .as_ref()
            .is_some_and(|url| !["postgres://", "postgresql://", "sqlite:"].iter().any(|s| url.starts_with(s)))
        {
            return Err(wrong("DATABASE_URL", "has to start with postgres:// or sqlite:"));
        }
        if secret.is_none() && database_url.as_ref().is_some_and(|url| !url.starts_with("sqlite:")) {
            return Err(wrong("OXCART_SECRET", "has to be set with PostgreSQL, the same on every node"));
        }
        let smtp_url = optional("SMTP_URL");
        if smtp_url.as_ref().is_some_and(|url| !url.starts_with("smtp://") && !url.starts_with("smtps://")) {
            return Err(wrong("SMTP_URL", "has to start with smtp:// or smtps://"));
        }
        if smtp_url.as_ref().is_some_and(|url| !Mailer::understands(url)) {
            return Err(wrong("SMTP_URL", "has to be like smtps://user:password@mail.example.com"));
        }
        let theme_dir = optional("OXCART_THEME_DIR").map(PathBuf::from);
        if theme_dir.as_ref().is_some_and(|folder| !folder.is_dir()) {
            return Err(wrong("OXCART_THEME_DIR", "is not a folder"));
        }
        let methods: Vec<String> = text("OXCART_PAYMENTS").split(',').map(|m| m.trim().to_owned()).collect();
        if let Some(unknown) = methods.iter().find(|m| !["sandbox", "manual"].contains(&m.as_str())) {
            return Err(wrong(
                "OXCART_PAYMENTS",
                format!("{unknown:?} is not a payment method; there are sandbox and manual"),
            ));
        }
        // A shop that the world reaches takes play money only when it says so.
        let is_said = effective["OXCART_PAYMENTS"].1 != Origin::Default;
        let sandbox = methods.iter().any(|m| m == "sandbox") && (is_said || !base_url.starts_with("https://"));
        let test_clock = match optional("OXCART_TEST_CLOCK") {
            None => None,
            Some(_) if !sandbox => return Err(wrong("OXCART_TEST_CLOCK", "is for the sandbox only")),
            Some(_) => Some(number("OXCART_TEST_CLOCK", 0, 10 * 365 * 86_400)?),
        };
        if text("STRIPE_API_BASE") != "https://api.stripe.com" && !text("STRIPE_API_BASE").starts_with("http") {
            return Err(wrong("STRIPE_API_BASE", "has to start with http:// or https://"));
        }
        for unbuilt in ["REDIS_URL", "STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"] {
            if optional(unbuilt).is_some() {
                return Err(wrong(unbuilt, "is not supported by this version; unset it"));
            }
        }
        // While a theme is being made every page shows the templates as they are on disk, unless somebody says otherwise.
        let keeps_pages = !cfg!(debug_assertions) || effective["OXCART_PAGE_CACHE_MB"].1 != Origin::Default;
        let page_cache = number("OXCART_PAGE_CACHE_MB", 0, 65_536)? as usize * 1024 * 1024;
        let client_ip_header = optional("OXCART_CLIENT_IP_HEADER").map(|name| name.parse::<HeaderName>()).transpose();
        Ok(Config {
            client_ip_header: client_ip_header
                .map_err(|_| wrong("OXCART_CLIENT_IP_HEADER", "is not the name of a header"))?,
            listen,
            data_dir: PathBuf::from(text("OXCART_DATA_DIR")),
            base_url: base_url.trim_end_matches('/').to_owned(),
            secret,
            database_url,
            smtp_url,
            reservation_minutes: number("OXCART_RESERVATION_MINUTES", 1, 1440)?,
            rate_limits: choice("OXCART_RATE_LIMITS", "on", "off")?,
            test_clock,
            log: text("OXCART_LOG"),
            log_json: choice("OXCART_LOG_FORMAT", "json", "text")?,
            theme_dir,
            sandbox,
            manual: methods.iter().any(|m| m == "manual"),
            connections: number("OXCART_CONNECTIONS", 1, 65_535)? as usize,
            page_cache: if keeps_pages { page_cache } else { 0 },
        })
    }

    /// Whether the outside reaches the shop over TLS, so that cookies may be marked for it.
    pub fn is_tls(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// Whether this is a scheme and a host, with a port or not, and nothing else.
fn is_origin(url: &str) -> bool {
    let parsed = url.parse::<Uri>().ok();
    parsed.is_some_and(|uri| {
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        is_web && uri.host().is_some_and(|host| !host.is_empty()) && uri.path() == "/" && uri.query().is_none()
    })
}

/// The settings for people, one a line, secrets masked.
pub fn describe(effective: &Effective) -> String {
    let line = |setting: &Setting| {
        let (value, origin) = &effective[setting.name];
        let shown = match (value.is_empty(), setting.secret) {
            (true, _) => "(not set)",
            (false, true) => "********",
            (false, false) => value,
        };
        let origin = match origin {
            Origin::Default => "default",
            Origin::File => "file",
            Origin::Environment => "environment",
        };
        format!("{:<28} {shown:<32} {origin:<12} {}\n", setting.name, setting.about)
    };
    SETTINGS.iter().map(line).collect()
}
