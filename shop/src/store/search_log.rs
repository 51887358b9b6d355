//! What was searched for, counted by day. Nobody is in it: neither who searched nor in which order.

use std::ops::AddAssign;

use chrono::NaiveDate;

use super::{Arg, Conn};
use crate::args;

/// How often something happened with a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Searches.
    pub searches: i64,
    /// Those of them that found nothing.
    pub without_results: i64,
    /// Products that were followed from what was found.
    pub clicks: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.searches += more.searches;
        self.without_results += more.without_results;
        self.clicks += more.clicks;
    }
}

/// A query with its counts.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CountedQuery {
    /// What was typed, in small letters without accents.
    pub query: String,
    /// How often.
    #[sqlx(flatten)]
    pub counts: Counts,
}

/// Which queries a report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Report {
    /// All of them.
    #[default]
    Top,
    /// Those that found nothing at least once.
    WithoutResults,
    /// Those that found something of which nobody followed anything.
    WithoutClicks,
}

#[derive(sqlx::FromRow)]
struct Number {
    n: i64,
}

/// Adds to the counts of a day, in which there may be so many different queries: beyond them only those count that are
/// there already.
pub async fn add(conn: &mut Conn, day: NaiveDate, mut counted: Vec<CountedQuery>, most: i64) -> sqlx::Result<()> {
    const HEAD: &str = "INSERT INTO search_log (day, query, searches, without_results, clicks)";
    const TAIL: &str = "ON CONFLICT (day, query) DO UPDATE SET searches = search_log.searches + excluded.searches,
         without_results = search_log.without_results + excluded.without_results,
         clicks = search_log.clicks + excluded.clicks";
    const UPDATE: &str = "UPDATE search_log SET searches = search_log.searches + v.column3,
         without_results = search_log.without_results + v.column4, clicks = search_log.clicks + v.column5";
    // Writers agree on an order, so that none waits for another in a circle.
    counted.sort_by(|one, other| one.query.cmp(&other.query));
    let day = day.to_string();
    let row = |CountedQuery { query, counts }: CountedQuery| -> Vec<Arg> {
        args![day.as_str(), query, counts.searches, counts.without_results, counts.clicks]
    };
    let rows: Vec<Vec<Arg>> = counted.into_iter().map(row).collect();
    let there: Number = conn.one("SELECT COUNT(*) AS n FROM search_log WHERE day = $1", args![day.as_str()]).await?;
    match there.n < most {
        true => conn.insert_many(HEAD, rows, TAIL).await?,
        false => {
            let same = "WHERE search_log.day = v.column1 AND search_log.query = v.column2";
            conn.update_many(UPDATE, rows, same).await?
        }
    };
    Ok(())
}

/// The queries of a report since a day, the most searched first.
pub async fn report(conn: &mut Conn, since: NaiveDate, report: Report, most: i64) -> sqlx::Result<Vec<CountedQuery>> {
    const TOP: &str = "SELECT query, CAST(SUM(searches) AS BIGINT) AS searches,
             CAST(SUM(without_results) AS BIGINT) AS without_results, CAST(SUM(clicks) AS BIGINT) AS clicks
         FROM search_log WHERE day >= $1 GROUP BY query HAVING SUM(searches) > 0
         ORDER BY SUM(searches) DESC, query LIMIT $2";
    const WITHOUT_RESULTS: &str = "SELECT query, CAST(SUM(searches) AS BIGINT) AS searches,
             CAST(SUM(without_results) AS BIGINT) AS without_results, CAST(SUM(clicks) AS BIGINT) AS clicks
         FROM search_log WHERE day >= $1 GROUP BY query HAVING SUM(without_results) > 0
         ORDER BY SUM(without_results) DESC, query LIMIT $2";
    const WITHOUT_CLICKS: &str = "SELECT query, CAST(SUM(searches) AS BIGINT) AS searches,
             CAST(SUM(without_results) AS BIGINT) AS without_results, CAST(SUM(clicks) AS BIGINT) AS clicks
         FROM search_log WHERE day >= $1 GROUP BY query
         HAVING SUM(searches) > SUM(without_results) AND SUM(clicks) = 0
         ORDER BY SUM(searches) DESC, query LIMIT $2";
    let sql = match report {
        Report::Top => TOP,
        Report::WithoutResults => WITHOUT_RESULTS,
        Report::WithoutClicks => WITHOUT_CLICKS,
    };
    conn.all(sql, args![since.to_string(), most]).await
}

/// All counts since a day, summed up.
pub async fn sum(conn: &mut Conn, since: NaiveDate) -> sqlx::Result<Counts> {
    const SUM: &str = "SELECT CAST(COALESCE(SUM(searches), 0) AS BIGINT) AS searches,
             CAST(COALESCE(SUM(without_results), 0) AS BIGINT) AS without_results,
             CAST(COALESCE(SUM(clicks), 0) AS BIGINT) AS clicks
         FROM search_log WHERE day >= $1";
    conn.one(SUM, args![since.to_string()]).await
}

/// Forgets the days before one.
pub async fn prune(conn: &mut Conn, before: NaiveDate) -> sqlx::Result<()> {
    conn.execute("DELETE FROM search_log WHERE day < $1", args![before.to_string()]).await.map(|_| ())
}
