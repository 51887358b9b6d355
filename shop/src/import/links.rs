//! Links to pictures. A link stays one until fetching is asked for; from then on it means the picture that the shop keeps
//! of it, in every later import too.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use indicatif::ProgressBar;
use tokio::task::JoinSet;

use super::{Entry, Item, Options, Row, Target, Wanted};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::outside::Outside;
use crate::store::fetched_pictures;

/// Pictures that are fetched at once.
const AT_ONCE: usize = 8;
/// How long a picture may take.
const TIME: Duration = Duration::from_secs(10);
/// The largest picture that is fetched, in bytes.
const MOST_BYTES: usize = 5 << 20;
/// The longest link that is fetched, in bytes: PostgreSQL can't find longer ones again.
const LONGEST_LINK: usize = 2_000;

/// The `src` of the picture that a link stands for, or why there is none.
type Outcome = std::result::Result<String, String>;

/// Settles what the links of one import stand for.
pub(super) struct Links {
    target: Target,
    fetcher: Option<Fetcher>,
    outcomes: HashMap<String, Outcome>,
    /// Links that were found and fetched, for the progress.
    found: usize,
    fetched: usize,
    progress: ProgressBar,
    said_plain_http: bool,
}

impl Links {
    /// A dry run fetches nothing: it holds the database all the while.
    pub(super) fn new(target: Target, options: &Options, progress: ProgressBar) -> Self {
        let reach = options.fetch_pictures.filter(|_| !options.dry_run);
        let fetcher = reach.map(|reach| Fetcher { outside: Outside::new(reach, TIME), files: target.files.clone() });
        let outcomes = HashMap::new();
        Self { target, fetcher, outcomes, found: 0, fetched: 0, progress, said_plain_http: false }
    }

    /// The batch with the shop's own pictures where it has them, and what has to be said about it.
    pub(super) async fn settle(&mut self, batch: Vec<Item>) -> Result<Vec<Item>> {
        let mut wanted = self.unsettled(&batch);
        let mut conn = self.target.db.read().await?;
        for (link, src) in fetched_pictures::find(&mut conn, &wanted).await? {
            if self.is_there(&src) {
                self.outcomes.insert(link, Ok(src));
            }
        }
        drop(conn);
        wanted.retain(|link| !self.outcomes.contains_key(link));
        self.fetch(wanted).await?;
        Ok(batch.into_iter().flat_map(|item| self.put_in(item)).collect())
    }

    /// The links of a batch that nothing is known about yet, each once.
    fn unsettled(&self, batch: &[Item]) -> Vec<String> {
        let mut seen = HashSet::new();
        let srcs = batch.iter().filter_map(|item| if let Item::Entry(entry) = item { Some(entry) } else { None });
        srcs.flat_map(srcs_of)
            .filter(|src| is_link(src) && !self.outcomes.contains_key(*src) && seen.insert(*src))
            .cloned()
            .collect()
    }

    fn is_there(&self, src: &str) -> bool {
        let name = src.strip_prefix("/media/").unwrap_or(src);
        self.target.files.path(name).is_some_and(|path| path.is_file())
    }

    /// Fetches links, when that is asked for. Each is kept as soon as it is there: an import that is stopped goes on
    /// from where it was.
    async fn fetch(&mut self, links: Vec<String>) -> Result<()> {
        let Some(fetcher) = self.fetcher.clone() else {
            return Ok(());
        };
        self.found += links.len();
        self.show_progress();
        let mut waiting = links.into_iter();
        let mut running = JoinSet::new();
        loop {
            while running.len() < AT_ONCE
                && let Some(link) = waiting.next()
            {
                let fetcher = fetcher.clone();
                running.spawn(async move {
                    let outcome = fetcher.fetch(&link).await;
                    (link, outcome)
                });
            }
            let Some(done) = running.join_next().await else {
                return Ok(());
            };
            let (link, outcome) = done.map_err(|error| Error::Internal(format!("a fetch stopped: {error}")))?;
            if let Ok(src) = &outcome {
                let mut tx = self.target.db.begin().await?;
                fetched_pictures::record(&mut tx, &link, src, self.target.clock.now()).await?;
                tx.commit().await?;
            }
            self.outcomes.insert(link, outcome);
            self.fetched += 1;
            self.show_progress();
        }
    }

    fn show_progress(&self) {
        if self.found > 0 {
            self.progress.set_message(format!("{} of {} pictures fetched", self.fetched, self.found));
        }
    }

    /// The item with what its links stand for, after what has to be said about it.
    fn put_in(&mut self, item: Item) -> Vec<Item> {
        let Item::Entry(mut entry) = item else {
            return vec![item];
        };
        let mut remarks = Vec::new();
        match &mut entry.wanted {
            Wanted::Product(product) => {
                let mut kept = HashSet::new();
                product.images.retain_mut(|image| {
                    let link = image.src.clone();
                    self.replace(&mut image.src, &mut remarks);
                    let is_new = kept.insert(image.src.clone());
                    if !is_new {
                        remarks.push(format!("the picture {link} is there already under another link; it is left out"));
                    }
                    is_new
                });
                let of_variants = product.variants.iter_mut().filter_map(|variant| variant.image.as_mut());
                // Each is one of the product's, which were spoken of.
                of_variants.for_each(|src| self.replace(src, &mut Vec::new()));
            }
            Wanted::Category(category) | Wanted::CategoryName(category) => {
                if let Some(src) = &mut category.image {
                    self.replace(src, &mut remarks);
                }
            }
            Wanted::Coupon(_) => {}
        }
        let said = remarks.into_iter().map(|remark| Item::Row(Row::warning(entry.line, entry.name(), remark)));
        let mut items: Vec<Item> = said.collect();
        items.push(Item::Entry(entry));
        items
    }

    fn replace(&mut self, src: &mut String, remarks: &mut Vec<String>) {
        match self.outcomes.get(src) {
            Some(Ok(kept)) => kept.clone_into(src),
            Some(Err(problem)) => remarks.push(format!("the picture {src} stays a link: {problem}")),
            None => {}
        }
        if src.starts_with("http://") && !self.said_plain_http {
            self.said_plain_http = true;
            remarks.push(
                "pictures with http:// links are kept, but pages only show those with https:// (said once)".into(),
            );
        }
    }
}

fn is_link(src: &str) -> bool {
    src.starts_with("https://") || src.starts_with("http://")
}

/// The pictures of an entry. Those of variants are among the product's.
fn srcs_of(entry: &Entry) -> Vec<&String> {
    match &entry.wanted {
        Wanted::Product(product) => product.images.iter().map(|image| &image.src).collect(),
        Wanted::Category(category) | Wanted::CategoryName(category) => category.image.iter().collect(),
        Wanted::Coupon(_) => vec![],
    }
}

/// Fetches pictures into the shop.
#[derive(Clone)]
struct Fetcher {
    outside: Outside,
    files: Files,
}

impl Fetcher {
    async fn fetch(&self, link: &str) -> Outcome {
        if link.len() > LONGEST_LINK {
            return Err(format!("it is longer than {LONGEST_LINK} bytes"));
        }
        let bytes = self.outside.get(link, MOST_BYTES).await.map_err(|error| error.to_string())?;
        let files = self.files.clone();
        let kept = tokio::task::spawn_blocking(move || files.keep_photo(&bytes)).await;
        let name = kept.map_err(|error| error.to_string())?.map_err(|error| format!("what is there {error}"))?;
        Ok(format!("/media/{name}"))
    }
}
