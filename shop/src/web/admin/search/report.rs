//! What shoppers search for: the most, what finds nothing, and what nobody follows.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use chrono::Days;
use discovery::search::{Language, Rules};

use super::path;
use crate::app::Shop;
use crate::searches::today;
use crate::store::search_log::{self, CountedQuery, Report};
use crate::store::search_rules::{self, SearchRule};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, render};
use crate::web::admin::views::Section;
use crate::web::admin::views::search::{ReportRow, SearchReportPage};
use crate::web::params;

/// Queries on the page.
const MOST_QUERIES: i64 = 100;

/// `GET /admin/search/report?show=top&days=30`
pub async fn report(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let asked = params::pairs(uri.query())?;
    let given = |name: &str| asked.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value);
    let (show, report) = match given("show") {
        "without_results" => ("without_results", Report::WithoutResults),
        "without_clicks" => ("without_clicks", Report::WithoutClicks),
        _ => ("top", Report::Top),
    };
    let days: u64 = if given("days") == "7" { 7 } else { 30 };
    let since = today(&app) - Days::new(days - 1);
    let mut conn = app.db.read().await?;
    let total = search_log::sum(&mut conn, since).await?;
    let counted = search_log::report(&mut conn, since, report, MOST_QUERIES).await?;
    let stored = search_rules::all(&mut conn).await?;
    drop(conn);
    let rules = Rules::new(Language::of(&app.shop.load().locale));
    let known: HashMap<String, String> = stored
        .iter()
        .filter_map(|stored| match &stored.rule {
            SearchRule::Query { query, .. } => Some((rules.key(query), path(stored.id))),
            SearchRule::Synonyms { .. } => None,
        })
        .collect();
    let percent = |part: i64| (total.searches > 0).then(|| part.saturating_mul(100) / total.searches.max(1));
    let view = SearchReportPage {
        show: show.to_owned(),
        days: days as i64,
        searches: total.searches,
        without_results_percent: percent(total.without_results),
        clicks_percent: percent(total.clicks),
        rows: counted.into_iter().map(|counted| row(counted, &rules, &known)).collect(),
    };
    let head = Head::new(Section::Search, app.admin_theme.text("search-title"), &uri);
    render(&app, &member, "search/report.html", head, &view)
}

fn row(CountedQuery { query, counts }: CountedQuery, rules: &Rules, known: &HashMap<String, String>) -> ReportRow {
    let existing = known.get(&rules.key(&query));
    let new = || params::address("/admin/search/rules/new", &[("query", query.clone())]);
    ReportRow {
        has_rule: existing.is_some(),
        rule_url: existing.cloned().unwrap_or_else(new),
        shop_url: params::address("/search", &[("q", query.clone())]),
        searches: counts.searches,
        without_results: counts.without_results,
        clicks: counts.clicks,
        query,
    }
}
