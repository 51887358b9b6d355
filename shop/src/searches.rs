//! What is searched for: counted in memory, written down every few seconds, so that a search costs no write.
//!
//! No personal data is kept. A count has no visitor, no time but its day, and no neighbours; and what looks like an
//! e-mail address, a telephone number or an order number is not counted at all ([`is_personal`]). A name or a street
//! that somebody types can't be told from the words of a product; such a query is kept for 90 days like any other.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use discovery::search::fold;

use crate::app::App;
use crate::catalog::listing::{ListQuery, Listing};
use crate::counting::Counted;
use crate::error::Result;
use crate::store::search_log::{self, CountedQuery, Counts};

/// The most different queries that are counted between two writes; others are left out.
const MOST_QUERIES: usize = 5_000;
/// The most different queries of one day, so that a machine that makes them up fills no disk.
const MOST_A_DAY: i64 = 50_000;
/// So much of a query is kept.
const MOST_CHARACTERS: usize = 100;
/// A number of so many digits that stands alone may be that of an order.
const ORDER_DIGITS: usize = 5;
/// So many digits with nothing but spaces and the like between them may be a telephone number.
const PHONE_DIGITS: usize = 7;

/// What was counted since it was last written down.
#[derive(Debug)]
pub struct Searches(Counted<String, Counts>);

impl Default for Searches {
    fn default() -> Self {
        Self(Counted::of(MOST_QUERIES))
    }
}

impl Searches {
    /// Counts a search: its first page, before anything is filtered or sorted. Where staff send the searcher elsewhere,
    /// there was something to be found.
    pub fn listed(&self, query: &ListQuery, listing: &Listing) {
        let Some(typed) = &query.q else { return };
        let plain =
            ListQuery { q: query.q.clone(), page: query.page, per_page: query.per_page, ..ListQuery::default() };
        if query.page > 1 || *query != plain {
            return;
        }
        let found = listing.total > 0 || listing.understood.redirect.is_some();
        self.count(typed, Counts { searches: 1, without_results: i64::from(!found), clicks: 0 });
    }

    /// Counts that somebody followed a product that a search had found.
    pub fn clicked(&self, typed: &str) {
        self.count(typed, Counts { clicks: 1, ..Counts::default() });
    }

    fn count(&self, typed: &str, more: Counts) {
        if let Some(query) = as_counted(typed) {
            self.0.add(query, more);
        }
    }
}

/// Adds what was counted to what the database has, under the day of the shop. What could not be written stays counted.
pub async fn write_down(app: &App) -> Result<()> {
    let counted = app.searches.0.take();
    if counted.is_empty() {
        return Ok(());
    }
    let rows = counted.iter().map(|(query, counts)| CountedQuery { query: query.clone(), counts: *counts }).collect();
    let written = async {
        let mut tx = app.db.begin().await?;
        search_log::add(&mut tx, today(app), rows, MOST_A_DAY).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        app.searches.0.give_back(counted);
        return Err(error.into());
    }
    Ok(())
}

/// The day that the shop's clock shows.
pub fn today(app: &App) -> NaiveDate {
    day(app.clock.now(), &app.shop.load().time_zone)
}

fn day(now: DateTime<Utc>, time_zone: &str) -> NaiveDate {
    now.with_timezone(&time_zone.parse().unwrap_or(Tz::UTC)).date_naive()
}

/// A query as it is counted, however it was written; `None` for what is not.
pub fn as_counted(typed: &str) -> Option<String> {
    let folded = fold(typed).split_whitespace().collect::<Vec<_>>().join(" ");
    let is_counted = !folded.is_empty() && !is_personal(&folded);
    is_counted.then(|| folded.chars().take(MOST_CHARACTERS).collect::<String>().trim_end().to_owned())
}

/// Whether a query may name somebody: it has an `@`, or a number of five digits or more that stands alone as orders have
/// them, or seven digits with only spaces, dots, dashes, brackets and plus signs between them, as telephones have them.
/// Rather one query too many: article numbers of digits alone are left out with them.
fn is_personal(folded: &str) -> bool {
    let is_long = |word: &str| word.chars().count() >= ORDER_DIGITS && word.chars().all(char::is_numeric);
    folded.contains('@') || folded.split(|sign: char| !sign.is_alphanumeric()).any(is_long) || has_phone(folded)
}

fn has_phone(folded: &str) -> bool {
    let mut digits = 0;
    folded.chars().any(|sign| {
        digits = match sign {
            _ if sign.is_numeric() => digits + 1,
            ' ' | '.' | '-' | '(' | ')' | '+' => digits,
            _ => 0,
        };
        digits >= PHONE_DIGITS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_name_somebody_is_not_counted() {
        for personal in [
            "ada@example.com",
            "orders of ada ＠ example",
            "10001",
            "#10001",
            "order no. 10001?",
            "order-12345",
            "١٠٠٠١",
            "+31 20 555 01 23",
            "(020) 555-0123",
            "555-0123",
            "030/1234567",
            "call 020.555.0123 now",
            "4242 4242 4242 4242",
            "8712345678906",
        ] {
            assert_eq!(as_counted(personal), None, "{personal}");
        }
        for (typed, counted) in [
            ("  Crème  BRÛLÉE\tpan ", "creme brulee pan"),
            ("iphone 15 256 gb", "iphone 15 256 gb"),
            ("wh-1000xm4", "wh-1000xm4"),
            ("tyre 100/80-17", "tyre 100/80-17"),
            ("1000 piece puzzle", "1000 piece puzzle"),
            ("10 x 20 x 30 cm", "10 x 20 x 30 cm"),
            ("a12345", "a12345"),
        ] {
            assert_eq!(as_counted(typed).as_deref(), Some(counted));
        }
        assert_eq!(as_counted(" \n "), None);
        let long = as_counted(&"kettle ".repeat(100)).expect("it is counted");
        assert!(long.chars().count() == MOST_CHARACTERS && long.ends_with("kettle ke"), "{long}");
    }

    #[test]
    fn memory_is_bounded_and_known_queries_go_on() {
        let searches = Searches::default();
        let word = |number: usize| format!("word{number}x");
        (0..MOST_QUERIES + 10).for_each(|number| searches.clicked(&word(number)));
        searches.clicked(&word(0));
        let counts = searches.0.take();
        assert_eq!((counts.len(), counts[&word(0)].clicks), (MOST_QUERIES, 2));
    }

    #[test]
    fn a_day_ends_where_the_shop_is() {
        let late = "2026-03-01T23:30:00Z".parse().expect("a time");
        assert_eq!(day(late, "Europe/Amsterdam").to_string(), "2026-03-02");
        assert_eq!(day(late, "America/New_York").to_string(), "2026-03-01");
    }
}
