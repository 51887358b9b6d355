//! `search/list.html`, `search/rule.html` and `search/report.html`

use std::collections::BTreeMap;

use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::product::WrongField;
use super::sampled;

/// What staff say about searches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRulesPage {
    /// What single queries are answered with, by query.
    pub queries: Vec<QueryRow>,
    /// Words that mean the same, by the first.
    pub synonyms: Vec<SynonymsRow>,
}

sampled!(SearchRulesPage, "search_rules.json");

/// What one query is answered with, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryRow {
    /// Its page.
    pub url: String,
    /// What is typed.
    pub query: String,
    /// How many products stand first.
    pub pinned: i64,
    /// How many rank higher.
    pub boosted: i64,
    /// How many are left out.
    pub hidden: i64,
    /// Where it leads instead.
    pub redirect: Option<String>,
}

/// Words that mean the same, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SynonymsRow {
    /// Its page.
    pub url: String,
    /// The first of them.
    pub first: String,
    /// The others.
    pub others: Vec<String>,
    /// Whether it is not true the other way round.
    pub one_way: bool,
}

/// The form of a rule, and what shoppers would get with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRulePage {
    /// Its id; absent for a new one.
    pub id: Option<String>,
    /// What it is called as it is saved: its query or its first word.
    pub saved_name: String,
    /// Where the form goes.
    pub action: String,
    /// Whether something was typed that is not saved.
    pub unsaved: bool,
    /// Everything as it was typed.
    pub form: SearchRuleForm,
    /// What was found for the list, when something was looked for.
    pub found: Option<Vec<FoundProduct>>,
    /// What is wrong, by the name of the field.
    pub errors: BTreeMap<String, String>,
    /// The same in the order of the page.
    pub wrong: Vec<WrongField>,
    /// Who saved it while this form was open.
    pub conflict: Option<SearchRuleConflict>,
    /// What shoppers would get.
    pub preview: SearchPreview,
}

sampled!(SearchRulePage, "search_rule.json");

/// A rule as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRuleForm {
    /// The version the form was begun on; 0 for a new one.
    pub version: i64,
    /// `query` or `synonyms`.
    pub kind: String,
    /// The words, one a line.
    pub words: String,
    /// Whether only the first finds the others.
    pub one_way: bool,
    /// The query.
    pub query: String,
    /// Where it leads instead; empty for nowhere.
    pub redirect: String,
    /// Products that were chosen, in order.
    pub products: Vec<ChosenProduct>,
    /// What was looked for to be added.
    pub find: String,
    /// The query that is tried out; empty takes that of the rule.
    pub tried: String,
}

/// A product that was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenProduct {
    /// Its id.
    pub id: String,
    /// Its name; empty when it is not there any more.
    pub name: String,
    /// `draft` or `archived` where it is not for sale.
    pub status: String,
    /// `pin`, `boost` or `hide`.
    pub how: String,
    /// Its place among the pinned ones, from 1.
    pub place: i64,
}

/// A product that can be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundProduct {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its picture is.
    pub picture: Option<String>,
    /// What it costs at least.
    pub price: Money,
    /// Whether it can be bought now.
    pub in_stock: bool,
    /// `pin`, `boost` or `hide` where it was chosen.
    pub how: String,
}

/// Somebody else saved the rule meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRuleConflict {
    /// What they have, where it is not what is typed.
    pub fields: Vec<DifferentField>,
}

/// A field of theirs beside yours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DifferentField {
    /// Key of its name, such as `search-query`.
    pub name: String,
    /// As they saved it.
    pub theirs: String,
    /// As it is typed here.
    pub yours: String,
}

/// What shoppers would get with the rule as it is in the form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchPreview {
    /// What is searched for; empty as long as nothing was typed.
    pub query: String,
    /// Whether the index is there to be asked.
    pub ready: bool,
    /// How many products are found.
    pub total: i64,
    /// The first of them.
    pub hits: Vec<FoundProduct>,
    /// The words as they are read, where some had to be corrected.
    pub corrected: Option<String>,
    /// Where the search leads instead.
    pub redirect: Option<String>,
}

/// What was searched for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchReportPage {
    /// `top`, `without_results` or `without_clicks`.
    pub show: String,
    /// How far it goes back.
    pub days: i64,
    /// All searches of these days.
    pub searches: i64,
    /// Those of them that found nothing, in percent.
    pub without_results_percent: Option<i64>,
    /// Products that were followed, for every hundred searches.
    pub clicks_percent: Option<i64>,
    /// The queries.
    pub rows: Vec<ReportRow>,
}

sampled!(SearchReportPage, "search_report.json");

/// A query and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRow {
    /// What was typed.
    pub query: String,
    /// How often.
    pub searches: i64,
    /// How often it found nothing.
    pub without_results: i64,
    /// How many products were followed.
    pub clicks: i64,
    /// The search in the shop.
    pub shop_url: String,
    /// Where a rule for it is made or changed.
    pub rule_url: String,
    /// Whether there is one.
    pub has_rule: bool,
}
