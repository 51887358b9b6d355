//! What staff say about searches, and what is searched for, for programs of the staff.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::Days;
use commerce::error::FieldError;
use commerce::ids::ProductId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::Shop;
use crate::error::{Error, Result};
use crate::flows::search_rules::{self, Outcome};
use crate::searches::today;
use crate::store::search_log::{self, CountedQuery, Counts, Report};
use crate::store::search_rules::{self as store, SearchRule, StoredRule};
use crate::web::access::Member;
use crate::web::api::body::{Document, Ids, Params, WithLists};
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// Queries of each list of the report.
const MOST_QUERIES: i64 = 100;
/// The days that a report goes back when nothing is said, and the most that are kept.
const DAYS: u64 = 30;
const MOST_DAYS: u64 = 90;

/// Every rule, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct SearchRules {
    items: Vec<SearchRuleDocument>,
}

/// A rule.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchRule)]
pub struct SearchRuleDocument {
    id: String,
    version: i64,
    #[serde(flatten)]
    #[schema(value_type = SearchRuleInput)]
    rule: SearchRule,
}

/// A rule to be made, or as it shall be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRuleInput {
    /// The version that was seen. Required to change.
    version: Option<i64>,
    kind: RuleKind,
    /// Of `synonyms`: 2 to 20 words or short phrases that mean the same.
    words: Option<Vec<String>>,
    /// Of `synonyms`: only who searches for the first also finds the others.
    one_way: Option<bool>,
    /// Of `query`: what is typed, however it is written.
    query: Option<String>,
    /// Of `query`: products that stand first, in this order, at most 50.
    #[schema(value_type = Option<Vec<String>>)]
    pinned: Option<Vec<ProductId>>,
    /// Of `query`: products that rank higher when they are found, at most 50.
    #[schema(value_type = Option<Vec<String>>)]
    boosted: Option<Vec<ProductId>>,
    /// Of `query`: products that are left out, at most 50.
    #[schema(value_type = Option<Vec<String>>)]
    hidden: Option<Vec<ProductId>>,
    /// Of `query`: a path of the shop to go to instead.
    redirect: Option<String>,
}

/// What a rule is about.
#[derive(Clone, Copy, Deserialize, PartialEq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// Words that mean the same.
    Synonyms,
    /// What one query is answered with.
    Query,
}

/// What was searched for.
#[derive(Serialize, ToSchema)]
pub struct SearchReport {
    days: u64,
    total: SearchCounts,
    /// The most searched first.
    top: Vec<SearchedQuery>,
    /// What found nothing most often first.
    without_results: Vec<SearchedQuery>,
    /// What found something of which nobody followed anything, the most searched first.
    without_clicks: Vec<SearchedQuery>,
}

/// How often something happened.
#[derive(Serialize, ToSchema)]
pub struct SearchCounts {
    searches: i64,
    without_results: i64,
    clicks: i64,
}

/// A query and how often it was searched for.
#[derive(Serialize, ToSchema)]
pub struct SearchedQuery {
    /// In small letters, without accents.
    query: String,
    #[serde(flatten)]
    counts: SearchCounts,
}

/// How far a report goes back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportParams {
    days: Option<u64>,
}

/// What is said about searches, the oldest first.
#[utoipa::path(get, path = "/api/admin/search/rules", responses((status = 200, body = SearchRules), Refused),
    tag = "search")]
pub async fn list(State(app): State<Shop>) -> Answer {
    let stored = store::all(&mut app.db.read().await?).await?;
    Ok(Json(SearchRules { items: stored.into_iter().map(Into::into).collect() }).into_response())
}

/// Says something about searches. It holds on every node within a second.
#[utoipa::path(post, path = "/api/admin/search/rules", request_body = SearchRuleInput,
    responses((status = 201, body = SearchRuleDocument), Refused), tag = "search")]
pub async fn create(State(app): State<Shop>, member: Member, Document(input): Document<SearchRuleInput>) -> Answer {
    if input.version.is_some() {
        return Err(Error::field("version", "is not a field of a new rule").into());
    }
    let saved = search_rules::create(&app, input.rule()?, &member.actor()).await?;
    Ok((StatusCode::CREATED, Json(SearchRuleDocument::from(saved))).into_response())
}

/// Says something else instead. 409 `version_conflict` carries the rule as it is now as `current`.
#[utoipa::path(put, path = "/api/admin/search/rules/{id}", params(("id" = String, Path)),
    request_body = SearchRuleInput, responses((status = 200, body = SearchRuleDocument), Refused), tag = "search")]
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<Uuid>,
    Document(input): Document<SearchRuleInput>,
) -> Answer {
    let version = input.version.ok_or_else(|| Error::field("version", "is required"))?;
    match search_rules::save(&app, id, version, input.rule()?, &member.actor()).await? {
        Outcome::Saved(saved) => Ok(Json(SearchRuleDocument::from(saved)).into_response()),
        Outcome::Conflict(current) => {
            let extra = json!({ "version": current.version, "current": SearchRuleDocument::from(current) });
            let detail = "Somebody else changed this rule meanwhile. Look at `current` and send the change again.";
            let extra = extra.as_object().cloned().unwrap_or_else(Map::new);
            Err(Error::Rows { code: "version_conflict", detail, errors: vec![], extra }.into())
        }
    }
}

/// Takes a rule away.
#[utoipa::path(delete, path = "/api/admin/search/rules/{id}", params(("id" = String, Path)),
    responses((status = 204), Refused), tag = "search")]
pub async fn delete(State(app): State<Shop>, member: Member, Ids(id): Ids<Uuid>) -> Answer {
    search_rules::delete(&app, id, &member.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What was searched for in the last days, up to a few seconds ago. It names nobody.
#[utoipa::path(get, path = "/api/admin/search/report",
    params(("days" = Option<u64>, Query, minimum = 1, maximum = 90, description = "30 when not said")),
    responses((status = 200, body = SearchReport), Refused), tag = "search")]
pub async fn report(State(app): State<Shop>, Params(params): Params<ReportParams>) -> Answer {
    let days = params.days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Error::field("days", format!("has to be a whole number from 1 to {MOST_DAYS}")).into());
    }
    let since = today(&app) - Days::new(days - 1);
    let mut conn = app.db.read().await?;
    let total = search_log::sum(&mut conn, since).await?;
    let mut lists = vec![];
    for report in [Report::Top, Report::WithoutResults, Report::WithoutClicks] {
        let found = search_log::report(&mut conn, since, report, MOST_QUERIES).await?;
        lists.push(found.into_iter().map(SearchedQuery::from).collect::<Vec<_>>());
    }
    let [top, without_results, without_clicks] = <[_; 3]>::try_from(lists).unwrap_or_default();
    Ok(Json(SearchReport { days, total: total.into(), top, without_results, without_clicks }).into_response())
}

impl WithLists for SearchRuleInput {
    const LISTS: &'static [&'static str] = &["words", "pinned", "boosted", "hidden"];
}

impl SearchRuleInput {
    /// The rule that is meant; what belongs to the other kind is refused.
    fn rule(self) -> Result<SearchRule> {
        let of_synonyms = [("words", self.words.is_some()), ("one_way", self.one_way.is_some())];
        let of_query = [
            ("query", self.query.is_some()),
            ("pinned", self.pinned.is_some()),
            ("boosted", self.boosted.is_some()),
            ("hidden", self.hidden.is_some()),
            ("redirect", self.redirect.is_some()),
        ];
        let foreign = if self.kind == RuleKind::Query { &of_synonyms[..] } else { &of_query[..] };
        let given = foreign.iter().filter(|(_, is_given)| *is_given);
        let errors: Vec<_> = given.map(|(name, _)| FieldError::new(*name, "is of the other kind of rule")).collect();
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        Ok(match self.kind {
            RuleKind::Synonyms => SearchRule::Synonyms {
                words: self.words.unwrap_or_default(),
                one_way: self.one_way.unwrap_or_default(),
            },
            RuleKind::Query => SearchRule::Query {
                query: self.query.unwrap_or_default(),
                pinned: self.pinned.unwrap_or_default(),
                boosted: self.boosted.unwrap_or_default(),
                hidden: self.hidden.unwrap_or_default(),
                redirect: self.redirect,
            },
        })
    }
}

impl From<StoredRule> for SearchRuleDocument {
    fn from(stored: StoredRule) -> Self {
        Self { id: stored.id.to_string(), version: stored.version, rule: stored.rule }
    }
}

impl From<Counts> for SearchCounts {
    fn from(Counts { searches, without_results, clicks }: Counts) -> Self {
        Self { searches, without_results, clicks }
    }
}

impl From<CountedQuery> for SearchedQuery {
    fn from(CountedQuery { query, counts }: CountedQuery) -> Self {
        Self { query, counts: counts.into() }
    }
}
