//! The demo shop, Mendwell: built into the program, and brought in on the same way as any other catalog.

mod settings;

use std::io::Cursor;

use commerce::money::Currency;
use commerce::staff::Role;
use rust_embed::RustEmbed;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::flows::staff::{self, NewStaff};
use crate::import::{self, Format, Options, PictureSource, Report, Target};
use crate::passwords::Passwords;
use crate::store::{self, Db, products};

pub use settings::settings;

/// The folders `catalog`, `media` and `legal` of the demo.
#[derive(RustEmbed)]
#[folder = "../demo/"]
struct Demo;

/// Makes an empty shop the demo shop; one that has products is left alone, and the answer is `None`.
pub async fn fill(db: &Db, clock: &Clock, files: &Files) -> Result<Option<Report>> {
    if products::has_any(&mut db.read().await?).await? {
        return Ok(None);
    }
    let mut settings = settings();
    for src in settings.hero.iter_mut().filter_map(|hero| hero.picture.as_mut()) {
        *src = kept(files, src)?;
    }
    let mut tx = db.begin().await?;
    store::settings::save(&mut tx, &settings, clock.now()).await?;
    tx.commit().await?;
    import_catalog(db, clock, files, settings.currency).await.map(Some)
}

/// Who works in the demo shop.
pub const STAFF_EMAIL: &str = "staff@mendwell.example";

/// Gives the demo shop its one member of staff; answers the password, which is drawn anew at every start so that it can be
/// told. A shop with other staff, or one that is no demo, is left alone.
pub async fn hire(db: &Db, clock: &Clock) -> Result<Option<String>> {
    let mut conn = db.read().await?;
    let is_demo = store::settings::load(&mut conn).await?.is_some_and(|settings| settings.demo);
    let everybody = store::staff::all(&mut conn).await?;
    drop(conn);
    if !is_demo || everybody.iter().any(|staff| staff.email != STAFF_EMAIL) {
        return Ok(None);
    }
    let token = clock.token();
    let password = [&token[..4], &token[4..8], &token[8..12], &token[12..16]].join("-");
    match everybody.first() {
        None => {
            let new = NewStaff { email: STAFF_EMAIL, name: "Demo staff", role: Role::SuperAdmin, password: &password };
            staff::create(db, clock, &Passwords::default(), new, "system").await?;
        }
        Some(known) => {
            staff::set_password(db, clock, &Passwords::default(), known.id, &password, None, "system").await?;
        }
    }
    Ok(Some(password))
}

/// The address of a picture of the demo, once the shop keeps it.
fn kept(files: &Files, name: &str) -> Result<String> {
    let bytes = picture(name).ok_or_else(|| Error::Internal(format!("the demo has no picture {name}")))?;
    let name = files.keep(&bytes).map_err(|error| Error::Internal(format!("the picture {name} {error}")))?;
    Ok(format!("/media/{name}"))
}

/// How many weeks ago each shelf was filled, by the name of its file: the front page shows what came last.
const FILLED: &[(&str, i64)] =
    &[("spare-parts", 34), ("kitchen", 21), ("garden", 13), ("rooms", 8), ("cloth", 5), ("table", 3), ("light", 1)];

/// The shop's clock at the time a file of the catalog came in.
fn clock_of(file: &str, now: &Clock) -> Clock {
    let weeks = FILLED.iter().find(|(shelf, _)| file.contains(shelf)).map_or(0, |(_, weeks)| *weeks);
    now.behind_by(weeks * 7 * 24 * 60 * 60)
}

/// The files in the order of their names: categories come first.
async fn import_catalog(db: &Db, clock: &Clock, files: &Files, currency: Currency) -> Result<Report> {
    let mut names: Vec<_> = Demo::iter().filter(|name| name.starts_with("catalog/")).collect();
    names.sort_unstable();
    let mut report = Report::default();
    for name in names {
        let Some(file) = Demo::get(&name) else { continue };
        let target = Target { db: db.clone(), clock: clock_of(&name, clock), files: files.clone(), currency };
        let options = Options { pictures: PictureSource::Embedded(picture), ..Options::default() };
        report.merge(import::run(target, Cursor::new(file.data), Some(Format::Lines), options).await?);
    }
    Ok(report)
}

fn picture(name: &str) -> Option<std::borrow::Cow<'static, [u8]>> {
    Demo::get(&format!("media/{name}")).map(|file| file.data)
}

/// A text of the demo, such as `legal/terms.html`.
fn text(name: &str) -> String {
    let file = Demo::get(name).expect("the texts of the demo are built in, and a test reads them all");
    String::from_utf8_lossy(&file.data).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_have_every_legal_text() {
        let legal = settings().legal;
        for html in [legal.terms_html, legal.privacy_html, legal.imprint_html, legal.returns_html] {
            assert!(html.contains("<h2>") && html.contains("demonstration"), "{html}");
        }
    }

    #[test]
    fn every_picture_is_one_the_shop_takes() {
        for name in Demo::iter().filter(|name| name.starts_with("media/")) {
            let picture = Demo::get(&name).expect("just listed");
            assert!(crate::files::name_of(&picture.data).is_ok(), "{name}");
        }
    }
}
