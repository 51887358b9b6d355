//! Catalogs from files: Shopify product CSV, Icecat, and our own JSON lines.
//!
//! One task reads, cleans and checks; the other settles what links to pictures stand for and writes, up to [`BATCH`]
//! products a transaction. A product is taken whole or not at all, and whatever is not taken as it stands is named in
//! the [`Report`].

mod coupons;
mod error_file;
mod icecat;
mod lines;
mod links;
mod pictures;
mod prepare;
mod report;
mod sanitise;
mod save;
mod shopify;
mod source;
mod writer;

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use commerce::catalog::{CategoryInput, CouponInput, ProductInput};
use commerce::ids::ImportId;
use commerce::money::Currency;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc;

pub use coupons::coupon_input;
pub use error_file::{Problem, error_file};
pub use pictures::PictureSource;
pub use report::{Kind, Level, Report, Row, Taken, Tally, Verdict};
pub use sanitise::safe_html;
pub(crate) use shopify::category_slug;
pub use source::Format;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::outside::Reach;
use crate::store::Db;
use crate::store::imports::Phase;
use links::Links;
use prepare::Preparer;
use writer::Writer;

/// Entries a transaction.
const BATCH: usize = 500;
/// Entries a transaction while the shop is open.
const SMALL_BATCH: usize = 100;
/// Variants a transaction, so that its statements stay within the engines' limits.
const BATCH_VARIANTS: usize = 5_000;
/// Batches that are read ahead of the writing.
const READ_AHEAD: usize = 2;

/// What an import needs of the shop.
#[derive(Clone)]
pub struct Target {
    /// Where it writes.
    pub db: Db,
    /// Time and ids.
    pub clock: Clock,
    /// Where pictures go.
    pub files: Files,
    /// The shop's currency, which all prices are in.
    pub currency: Currency,
}

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Decide everything, and write nothing. Nobody else has to wait for it.
    pub dry_run: bool,
    /// Who the events say it was; `import` when it is not said.
    pub actor: Option<String>,
    /// Where each batch is written down, in its own transaction. Such an import is done in small parts with pauses
    /// between them, so that sales get in.
    pub book: Option<Book>,
    /// Where pictures lie that are named without a link.
    pub pictures: PictureSource,
    /// Fetch the pictures behind links and keep them, from these addresses. Not in a dry run.
    pub fetch_pictures: Option<Reach>,
    /// The size of the source in bytes, when progress is to be shown on a terminal.
    pub progress: Option<u64>,
}

/// Where an import of staff is written down.
#[derive(Clone, Copy, Debug)]
pub struct Book {
    /// Which import.
    pub import: ImportId,
    /// Which pass over the file.
    pub phase: Phase,
    /// Batches that are through already and are not done again.
    pub done: i64,
}

/// One thing that a file asks for, with the line it begins on.
#[derive(Clone, Debug)]
struct Entry {
    line: u64,
    wanted: Wanted,
    says: Says,
}

/// How much of a product its format can say. What it can't stays as it is.
#[derive(Clone, Debug)]
enum Says {
    Everything,
    /// The columns of a spreadsheet, and columns for these attributes.
    Sheet(Arc<HashSet<String>>),
}

#[derive(Clone, Debug)]
enum Wanted {
    Category(CategoryInput),
    /// A category of which the file only says the name: made when it is missing, else left as it is.
    CategoryName(CategoryInput),
    Product(Box<ProductInput>),
    Coupon(CouponInput),
}

/// What a reader finds: something to take, or something to say.
enum Item {
    Entry(Entry),
    Row(Row),
}

impl Entry {
    /// The slug or code that people know it by.
    fn name(&self) -> &str {
        match &self.wanted {
            Wanted::Category(category) | Wanted::CategoryName(category) => &category.slug,
            Wanted::Product(product) => &product.slug,
            Wanted::Coupon(coupon) => &coupon.code,
        }
    }

    fn variants(&self) -> usize {
        match &self.wanted {
            Wanted::Product(product) => product.variants.len(),
            _ => 0,
        }
    }
}

/// Imports a file. Pictures that it names without a link are looked for beside it, and in a folder `media` beside it.
pub async fn file(target: Target, path: &Path, format: Option<Format>, options: Options) -> Result<Report> {
    let unreadable = |error: std::io::Error| Error::Malformed(format!("{} can't be read: {error}", path.display()));
    let source = File::open(path).map_err(unreadable)?;
    let size = source.metadata().map_err(unreadable)?.len();
    let format = format.or_else(|| Format::of_name(path));
    let pictures = PictureSource::beside(path);
    run(target, source, format, Options { pictures, progress: Some(size), ..options }).await
}

/// Imports whatever can be read. Without a format it is told from the content.
pub async fn run(
    target: Target,
    source: impl Read + Send + 'static,
    format: Option<Format>,
    options: Options,
) -> Result<Report> {
    let progress = options.progress.map_or_else(ProgressBar::hidden, progress_bar);
    let (batches, mut waiting) = mpsc::channel(READ_AHEAD);
    let reading = {
        let (source, target) = (progress.wrap_read(source), target.clone());
        let preparer = Preparer::new(&target, options.pictures.clone(), options.dry_run);
        let most = if options.book.is_some() { SMALL_BATCH } else { BATCH };
        tokio::task::spawn_blocking(move || {
            read(source, format, target.currency, preparer, &Batches { to: batches, most })
        })
    };
    let mut links = Links::new(target.clone(), &options, progress.clone());
    let mut writer = Writer::new(target, &options);
    while let Some(batch) = waiting.recv().await {
        if !writer.write(links.settle(batch).await?).await? {
            // The reader finds nobody who takes the rest.
            drop(waiting);
            break;
        }
    }
    reading.await.map_err(|error| Error::Internal(format!("the reader stopped: {error}")))??;
    progress.finish_and_clear();
    Ok(writer.finish())
}

/// Where batches go, and how many items one has.
struct Batches {
    to: mpsc::Sender<Vec<Item>>,
    most: usize,
}

/// Reads, cleans and checks everything, and hands it over in batches.
fn read(
    source: impl Read,
    format: Option<Format>,
    currency: Currency,
    mut preparer: Preparer,
    batches: &Batches,
) -> Result<()> {
    let mut batch = Vec::new();
    let mut variants = 0;
    let mut take = |item: Item| {
        let prepared = preparer.prepare(item);
        variants +=
            prepared.iter().map(|item| if let Item::Entry(entry) = item { entry.variants() } else { 0 }).sum::<usize>();
        batch.extend(prepared);
        if batch.len() >= batches.most || variants >= BATCH_VARIANTS {
            variants = 0;
            // A writer that has gone away has failed, and says so itself.
            let _ = batches.to.blocking_send(std::mem::take(&mut batch));
        }
    };
    source::read(source, format, currency, &mut take)?;
    batch.extend(preparer.finish());
    let _ = batches.to.blocking_send(batch);
    Ok(())
}

/// A bar on standard error, when that is a terminal.
fn progress_bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {bar:40} {percent:>3} %  {elapsed} passed, {eta} to go  {msg}")
        .expect("the template is a constant");
    ProgressBar::new(bytes).with_style(style)
}
