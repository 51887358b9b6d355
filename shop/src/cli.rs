//! What each command of the program does, from settings to exit code.

pub mod evaluate;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use commerce::money::Currency;
use commerce::staff::Role;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::app::App;
use crate::backup::{self, BackupError, Restored, Standing, Written};
use crate::clock::Clock;
use crate::config::{self, Config, ConfigError, Effective};
use crate::error::Error;
use crate::export::What;
use crate::files::Files;
use crate::flows::change_settings;
use crate::flows::staff::{self, NewStaff};
use crate::import::{self, Format, Report, Target};
use crate::passwords::Passwords;
use crate::settings::ShopSettings;
use crate::startup::{self, Check, Opened, Purpose, StartError};
use crate::store::verify::{self, Violation};
use crate::store::{self, Db};
use crate::web::api::body;
use crate::web::server::{self, Limits};
use crate::{catalog, counting, demo, export, jobs, routes};

/// The settings file that is read when none is named.
const SETTINGS_FILE: &str = "oxcart.toml";
/// How long a job that is running may take to finish once the shop closes; a later one is run again at the next start.
const JOB_TIME: Duration = Duration::from_secs(5);

/// How long the last counts of searches may take to be written down once the shop closes.
const COUNTS_TIME: Duration = Duration::from_secs(2);

/// Why a command did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A setting is wrong.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// The shop can't be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The address is taken, or not this machine's.
    #[error("{0} can't be listened on: {1}; choose another with OXCART_LISTEN")]
    Listen(SocketAddr, io::Error),
    /// There is no backup, or no shop from it.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A file can't be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The shop can't do it.
    #[error(transparent)]
    Shop(#[from] Error),
    /// Searches can't be measured.
    #[error(transparent)]
    Searches(#[from] discovery::evaluate::search::EvaluateError),
    /// Recommendations can't be measured.
    #[error(transparent)]
    Recommendations(#[from] discovery::evaluate::recommend::EvaluateError),
    /// The operating system can't do it.
    #[error(transparent)]
    System(#[from] io::Error),
    /// The database breaks promises; each was told.
    #[error("violations: {0}")]
    Violations(usize),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Shop(error.into())
    }
}

impl Failure {
    /// 2 when the command was asked wrongly, 1 when it failed.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Settings(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

/// The effective settings: the named file, or `oxcart.toml` where there is one, and the environment.
pub fn settings(file: Option<PathBuf>) -> Result<Effective, Failure> {
    let usual = Path::new(SETTINGS_FILE);
    let file = file.or_else(|| usual.exists().then(|| usual.to_owned()));
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let environment: Vec<(String, String)> =
        std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    Ok(config::gather(file.as_deref(), &environment)?)
}

/// Shows the effective settings, then says whether they are good.
pub fn show_settings(settings: &Effective) -> Result<(), Failure> {
    say(config::describe(settings).trim_end());
    Config::check(settings)?;
    Ok(())
}

/// Serves the shop until it is told to stop.
pub async fn serve(config: Config) -> Result<(), Failure> {
    open_doors(startup::open(config, Purpose::Serve).await?).await
}

/// Serves the demo shop, which is filled when there are no products yet.
pub async fn demo(config: Config) -> Result<(), Failure> {
    let mut opened = startup::open(config, Purpose::Serve).await?;
    let files = Files::open(&opened.config.data_dir)?;
    if let Some(report) = demo::fill(&opened.db, &opened.clock, &files).await? {
        say(&format!("The demo shop is filled: {}", report.to_string().trim_end()));
    }
    // A shop that has a catalog of its own was left alone, and is not paid in play money unless its settings say so.
    opened.config.sandbox |= shop_settings(&opened.db).await?.demo;
    if let Some(password) = demo::hire(&opened.db, &opened.clock).await? {
        say(&format!("Staff sign in at /admin with {} and {password}", demo::STAFF_EMAIL));
    }
    open_doors(opened).await
}

/// Imports a catalog and tells what became of it.
pub async fn import(
    config: Config,
    file: &Path,
    from: Option<Format>,
    options: import::Options,
    report_to: Option<&Path>,
) -> Result<(), Failure> {
    let opened = startup::open(config, Purpose::Beside).await?;
    let files = Files::open(&opened.config.data_dir)?;
    let currency = currency(&opened.db).await?;
    let target = Target { db: opened.db, clock: opened.clock, files, currency };
    let report = import::file(target, file, from, options).await?;
    say(report.to_string().trim_end());
    match report_to {
        Some(path) => write_report(&report, path).map_err(|error| Failure::File(path.to_owned(), error)),
        None => Ok(()),
    }
}

fn write_report(report: &Report, path: &Path) -> io::Result<()> {
    report.write_json_lines(BufWriter::new(File::create(path)?))
}

/// Writes an export to standard output or into a file.
pub async fn export(config: Config, what: What, output: Option<&Path>) -> Result<(), Failure> {
    let opened = startup::open(config, Purpose::Beside).await?;
    let currency = currency(&opened.db).await?;
    export_to(output, async |to| export::write(&opened.db, currency, what, to).await).await
}

/// Where an export goes.
type Output = BufWriter<Box<dyn Write>>;

/// Writes an export, which answers how many lines it has. Whoever waits for the file finds all of it, or what was there
/// before.
async fn export_to(
    output: Option<&Path>,
    export: impl AsyncFnOnce(&mut Output) -> Result<u64, Error>,
) -> Result<(), Failure> {
    let Some(path) = output else {
        export(&mut BufWriter::new(Box::new(io::stdout()))).await?;
        return Ok(());
    };
    let failed = |error| Failure::File(path.to_owned(), error);
    let part = path.with_added_extension("part");
    let file = File::create(&part).map_err(failed)?;
    let lines = export(&mut BufWriter::new(Box::new(file))).await?;
    fs::rename(&part, path).map_err(failed)?;
    say(&format!("{lines} lines are in {}", path.display()));
    Ok(())
}

/// Shows the settings of the shop as JSON, or takes new ones from a file.
pub async fn shop(config: Config, from: Option<&Path>) -> Result<(), Failure> {
    let opened = startup::open(config, Purpose::Beside).await?;
    let Some(path) = from else {
        let settings = shop_settings(&opened.db).await?;
        say(&serde_json::to_string_pretty(&settings).map_err(|error| Error::Internal(error.to_string()))?);
        return Ok(());
    };
    let text = fs::read(path).map_err(|error| Failure::File(path.to_owned(), error))?;
    let settings: ShopSettings = body::read(&text)?;
    let errors = settings.check();
    if !errors.is_empty() {
        for error in &errors {
            say(&format!("{} {}", error.field, error.message));
        }
        return Err(Error::Invalid(errors).into());
    }
    change_settings::replace(&opened.db, &opened.clock, settings).await?;
    say("The settings are taken. A running shop follows within a second.");
    Ok(())
}

/// Makes a staff account. The password is one line on standard input.
pub async fn create_staff(config: Config, email: &str, name: Option<&str>, role: Role) -> Result<(), Failure> {
    let opened = startup::open(config, Purpose::Beside).await?;
    let mut password = String::new();
    io::stdin().read_line(&mut password)?;
    let password = password.trim_end_matches(['\n', '\r']);
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or(email));
    let new = NewStaff { email, name, role, password };
    let created = staff::create(&opened.db, &opened.clock, &Passwords::default(), new, "system").await;
    if let Err(Error::Invalid(errors)) = &created {
        for error in errors {
            say(&format!("{}: {}", error.field, error.message));
        }
    }
    created?;
    say(&format!("{email} can sign in at {}/admin as {}.", opened.config.base_url, role.as_str()));
    Ok(())
}

/// Brings the schema up to date.
pub async fn migrate(config: Config) -> Result<(), Failure> {
    let opened = startup::open(config, Purpose::Beside).await?;
    say(&format!("The schema is up to date on {}.", opened.db.engine()));
    Ok(())
}

/// Writes the whole shop into one file.
pub async fn backup(config: Config, file: &Path) -> Result<(), Failure> {
    let clock = config.test_clock.map(Clock::ahead_by).unwrap_or_default();
    let shop = Standing::open(&config).await?;
    let Written { rows, pictures, bytes } = backup::write(&shop, &clock, file).await?;
    let size = bytes.div_ceil(1 << 20);
    say(&format!("{} holds the shop: {rows} rows, {pictures} pictures, {size} MiB.", file.display()));
    say("It holds the secret and everybody's data too: keep it as safe as the shop itself.");
    Ok(())
}

/// Makes the shop anew from a backup, in an empty place.
pub async fn restore(config: Config, file: &Path) -> Result<(), Failure> {
    let clock = config.test_clock.map(Clock::ahead_by).unwrap_or_default();
    let restored = backup::restore(&config, &clock, file).await?;
    let Restored { rows, pictures, made_at, .. } = restored;
    let made_at = made_at.format("%Y-%m-%d %H:%M:%S UTC");
    say(&format!("The shop is back as it was at {made_at}: {rows} rows, {pictures} pictures."));
    if restored.other_secret {
        say(&format!(
            "OXCART_SECRET is not the one of the backup, so private links that were sent won't open. Set it to what is in {}.",
            config.data_dir.join("secret").display()
        ));
    }
    tell(&restored.violations)
}

/// Recomputes every invariant from the database and names what breaks one.
pub async fn verify(config: Config) -> Result<(), Failure> {
    let opened = startup::open(config, Purpose::Beside).await?;
    tell(&verify::run(&mut *opened.db.snapshot().await?).await?)
}

/// Says which invariants hold, or what breaks them.
fn tell(violations: &[Violation]) -> Result<(), Failure> {
    for violation in violations {
        say(&format!("{}: {}", violation.invariant, violation.subject));
    }
    match violations.len() {
        0 => say(&format!("All {} invariants hold.", verify::count())),
        broken => return Err(Failure::Violations(broken)),
    }
    Ok(())
}

async fn open_doors(mut opened: Opened) -> Result<(), Failure> {
    let listener = listen(&mut opened.config).await?;
    let app = Arc::new(build(&mut opened).await?);
    if app.sandbox.is_some() && !app.shop.load().demo {
        tracing::warn!("the sandbox bank is open: orders can be paid in play money; OXCART_PAYMENTS=manual closes it");
    }
    let damage = Arc::new(OnceLock::new());
    let stop = stop_or_damage(server::stop_signal()?, opened.check.take(), damage.clone());
    let (closing, closed) = oneshot::channel::<()>();
    let jobs = tokio::spawn(jobs::work(app.clone(), async move { closed.await.unwrap_or_default() }));
    let follower = tokio::spawn(catalog::refresh::follow(app.clone()));
    let finder = tokio::spawn(catalog::finder::follow(app.clone()));
    let (counting, counted) = oneshot::channel::<()>();
    let counts = tokio::spawn(counting::keep(app.clone(), async move { counted.await.unwrap_or_default() }));
    let recommender = tokio::spawn(catalog::recommend::follow(app.clone()));

    say(&format!("Oxcart is open at {}", app.config.base_url));
    server::serve(listener, routes::front(&app), Limits::for_connections(app.config.connections), stop).await?;

    drop(closing);
    follower.abort();
    finder.abort();
    drop(counting);
    if timeout(COUNTS_TIME, counts).await.is_err() {
        tracing::warn!("the last counts could not be written down in time");
    }
    recommender.abort();
    if timeout(JOB_TIME, jobs).await.is_err() {
        tracing::warn!("a job did not finish in time; it runs again at the next start");
    }
    app.db.close().await;
    Arc::into_inner(damage).and_then(OnceLock::into_inner).map_or(Ok(()), |damage| Err(Failure::Start(damage)))
}

/// Builds the shop. A file that is damaged is told first: it explains whatever else went wrong.
async fn build(opened: &mut Opened) -> Result<App, Failure> {
    let built = App::build(opened).await;
    let damage = match opened.check.take_if(|check| built.is_err() || check.is_quick()) {
        Some(check) => check.damage().await,
        None => None,
    };
    if let Some(damage) = damage {
        return Err(damage.into());
    }
    Ok(built?)
}

/// Ends when the shop is told to stop, or when its file was found damaged: then nothing more is sold out of it.
async fn stop_or_damage(stop: impl Future<Output = ()>, check: Option<Check>, found: Arc<OnceLock<StartError>>) {
    let Some(check) = check else { return stop.await };
    tokio::select! {
        () = stop => {}
        damage = check.finds_damage() => {
            tracing::error!(%damage, "the shop closes");
            let _ = found.set(damage);
        }
    }
}

/// Listens, and writes the address into the settings that still speak of any free port.
async fn listen(config: &mut Config) -> Result<TcpListener, Failure> {
    let wanted = config.listen;
    let failed = |error| Failure::Listen(wanted, error);
    let listener = server::listen(wanted).map_err(failed)?;
    config.listen = listener.local_addr().map_err(failed)?;
    if config.base_url == format!("http://{wanted}") {
        config.base_url = format!("http://{}", config.listen);
    }
    Ok(listener)
}

async fn currency(db: &Db) -> Result<Currency, Failure> {
    Ok(shop_settings(db).await?.currency)
}

async fn shop_settings(db: &Db) -> Result<ShopSettings, Failure> {
    let mut conn = db.read().await?;
    Ok(store::settings::load(&mut conn).await?.unwrap_or_default())
}

/// A line for people. That nobody reads it is no failure.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
