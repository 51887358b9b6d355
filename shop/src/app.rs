//! The shop as a whole: built once at start, passed down everywhere.

use std::sync::Arc;

use arc_swap::ArcSwap;
use commerce::checkout::SellingTerms;
use commerce::payment::ProviderKind;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::spawn_blocking;

use crate::catalog::Catalog;
use crate::catalog::finder::Finder;
use crate::catalog::recommend::Recommender;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Desk;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::jobs::Bells;
use crate::mail::Mailer;
use crate::passwords::Passwords;
use crate::payments::{Provider, Sandbox, Timely};
use crate::searches::Searches;
use crate::secret::Secret;
use crate::settings::ShopSettings;
use crate::startup::Opened;
use crate::store::{Db, settings};
use crate::trade::Trade;
use crate::visits::Visits;
use crate::web::limits::Limits;
use crate::web::pages::PageCache;
use crate::web::theme::Theme;

/// Everything a request or a job needs.
pub struct App {
    /// The settings of this node.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The clock, and the source of ids.
    pub clock: Clock,
    /// What private links are made of.
    pub secret: Secret,
    /// How this shop trades.
    pub trade: Trade,
    /// The settings of the shop, as last read.
    pub shop: Arc<ArcSwap<ShopSettings>>,
    /// Where what changes carts and sales is handed in.
    pub desk: Arc<Desk>,
    /// The published catalog in memory.
    pub catalog: ArcSwap<Catalog>,
    /// Held by whoever makes the next snapshot of it.
    pub refreshing: Mutex<()>,
    /// What words are searched with.
    pub finder: Arc<Finder>,
    /// Rendered pages.
    pub pages: PageCache,
    /// What was searched for, as it is counted.
    pub searches: Searches,
    /// What was looked at, as it is counted.
    pub visits: Visits,
    /// What goes with what.
    pub recommender: Recommender,
    /// Templates, styles, scripts and texts.
    pub theme: Theme,
    /// The same for the pages of staff.
    pub admin_theme: Theme,
    /// Pictures.
    pub files: Files,
    /// Where mail goes.
    pub mailer: Mailer,
    /// Who takes money, each of another kind.
    pub providers: Vec<Arc<dyn Provider>>,
    /// The built-in bank, when it is open.
    pub sandbox: Option<Sandbox>,
    /// Attempts counted per address.
    pub limits: Limits,
    /// Hashes the passwords of staff.
    pub passwords: Passwords,
    /// Taken while a picture is unpacked or drawn: one at a time, so that buyers keep their cores.
    pub picture_work: Semaphore,
    /// Rung when jobs were committed, so that nobody waits for the next poll.
    pub job_bell: Arc<Bells>,
}

/// The App as handlers get it.
pub type Shop = Arc<App>;

impl App {
    /// Builds the shop on what was opened: reads its settings, catalog and theme.
    pub async fn build(opened: &Opened) -> Result<App> {
        let Opened { config, db, clock, secret, .. } = opened;
        let folder = config.theme_dir.clone();
        let themes = spawn_blocking(move || Ok::<_, Error>((Theme::load(folder)?, Theme::admin()?)));
        let mut conn = db.read().await?;
        let settings = settings::load(&mut conn).await?.unwrap_or_default();
        let finder = Arc::new(Finder::new(config));
        let catalog = Catalog::load(db).await?.with_finder(&finder);
        let (theme, admin_theme) = themes.await.map_err(|error| Error::Internal(error.to_string()))??;
        let trade = Trade::new(config, clock, secret, settings);
        let job_bell = Arc::<Bells>::default();
        let desk = Arc::new(Desk::open(db, &trade, &job_bell));
        let sandbox = config.sandbox.then(|| Sandbox::new(db.clone(), clock.clone(), desk.clone()));
        Ok(App {
            shop: trade.shop.clone(),
            trade,
            job_bell,
            theme,
            admin_theme,
            finder,
            searches: Searches::default(),
            visits: Visits::default(),
            recommender: Recommender::default(),
            files: Files::open(&config.data_dir).map_err(|error| Error::Internal(error.to_string()))?,
            mailer: Mailer::new(config)?,
            providers: sandbox.iter().map(|bank| Arc::new(Timely::new(bank.clone())) as Arc<dyn Provider>).collect(),
            sandbox,
            desk,
            limits: Limits::new(config.rate_limits),
            passwords: Passwords::default(),
            catalog: ArcSwap::from_pointee(catalog),
            refreshing: Mutex::default(),
            pages: PageCache::with_room(config.page_cache),
            picture_work: Semaphore::new(1),
            config: config.clone(),
            db: db.clone(),
            clock: clock.clone(),
            secret: secret.clone(),
        })
    }

    /// The terms the shop sells on right now.
    pub fn terms(&self) -> SellingTerms {
        self.trade.terms()
    }

    /// The provider that takes payments of a kind; manual payments have none to call.
    pub fn provider(&self, kind: ProviderKind) -> Option<&Arc<dyn Provider>> {
        self.providers.iter().find(|provider| provider.kind() == kind)
    }
}
