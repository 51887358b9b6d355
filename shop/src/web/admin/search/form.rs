//! The form of a rule: what was typed, what a button changes in it, and the rule it stands for.

use std::collections::BTreeMap;

use commerce::ids::ProductId;

use crate::app::App;
use crate::error::Result;
use crate::store::search_rules::{self, SearchRule, StoredRule};
use crate::web::admin::posted::Posted;
use crate::web::admin::views::search::{ChosenProduct, DifferentField, SearchRuleConflict, SearchRuleForm};

/// What can be said about a product, in the order of the page.
const WAYS: [&str; 3] = ["pin", "boost", "hide"];
/// More rows than a rule may have: what is beyond them is told, not read.
const MOST_ROWS: usize = 200;

/// The form as it was sent.
pub fn typed(posted: &Posted) -> SearchRuleForm {
    let mut form = SearchRuleForm {
        version: posted.text("version").parse().unwrap_or(0),
        kind: if posted.text("kind") == "synonyms" { "synonyms" } else { "query" }.into(),
        words: posted.text("words").replace("\r\n", "\n"),
        one_way: !posted.text("one_way").is_empty(),
        query: posted.text("query").to_owned(),
        redirect: posted.text("redirect").trim().to_owned(),
        products: products(posted),
        find: posted.text("find").trim().chars().take(200).collect(),
        tried: posted.text("tried").chars().take(200).collect(),
    };
    arrange(&mut form.products);
    form
}

/// Rows are `product.N.id`, `.how` and `.place`.
fn products(posted: &Posted) -> Vec<ChosenProduct> {
    let mut rows: BTreeMap<usize, ChosenProduct> = BTreeMap::new();
    for (name, value) in &posted.fields {
        let Some((row, field)) = name.strip_prefix("product.").and_then(|rest| rest.split_once('.')) else { continue };
        let Some(row) = row.parse().ok().filter(|row| *row < MOST_ROWS) else { continue };
        let row = rows.entry(row).or_insert_with(|| chosen(String::new(), "pin", 0));
        match field {
            "id" => row.id = value.clone(),
            "how" if WAYS.contains(&value.as_str()) => row.how = value.clone(),
            "place" => row.place = value.trim().parse().unwrap_or(i64::MAX),
            _ => {}
        }
    }
    rows.into_values().filter(|row| row.id.parse::<ProductId>().is_ok()).collect()
}

fn chosen(id: String, how: &str, place: i64) -> ChosenProduct {
    ChosenProduct { id, name: String::new(), status: String::new(), how: how.to_owned(), place }
}

/// Pinned ones first, by their numbers; then those that rank higher, then those that are left out.
fn arrange(products: &mut [ChosenProduct]) {
    let way = |how: &str| WAYS.iter().position(|known| *known == how);
    products.sort_by_key(|product| (way(&product.how), product.place));
    for (place, product) in (1..).zip(products.iter_mut()) {
        product.place = place;
    }
}

/// Does what a button of the form says: `pin:ID`, `boost:ID`, `hide:ID`, `drop:ID`, `find` or `preview`. Whether it was
/// one of those, so that nothing is saved.
pub fn act(form: &mut SearchRuleForm, what: &str) -> bool {
    let (verb, id) = what.split_once(':').unwrap_or((what, ""));
    match verb {
        "find" | "preview" => {}
        "drop" => form.products.retain(|product| product.id != id),
        way if WAYS.contains(&way) && id.parse::<ProductId>().is_ok() => {
            form.products.retain(|product| product.id != id);
            if form.products.len() < MOST_ROWS {
                form.products.push(chosen(id.to_owned(), way, i64::MAX));
            }
        }
        _ => return false,
    }
    arrange(&mut form.products);
    true
}

/// The rule that the form stands for, good or not.
pub fn rule(form: &SearchRuleForm) -> SearchRule {
    if form.kind == "synonyms" {
        let words = form.words.split(['\n', ',', ';']).map(str::trim).filter(|word| !word.is_empty());
        return SearchRule::Synonyms { words: words.map(str::to_owned).collect(), one_way: form.one_way };
    }
    let those = |how: &str| -> Vec<ProductId> {
        form.products.iter().filter(|one| one.how == how).filter_map(|one| one.id.parse().ok()).collect()
    };
    SearchRule::Query {
        query: form.query.clone(),
        pinned: those("pin"),
        boosted: those("boost"),
        hidden: those("hide"),
        redirect: Some(form.redirect.clone()).filter(|path| !path.is_empty()),
    }
}

/// The form of a rule as it is saved.
pub fn filled(saved: &StoredRule) -> SearchRuleForm {
    let form = SearchRuleForm { version: saved.version, ..SearchRuleForm::default() };
    match &saved.rule {
        SearchRule::Synonyms { words, one_way } => {
            SearchRuleForm { kind: "synonyms".into(), words: words.join("\n"), one_way: *one_way, ..form }
        }
        SearchRule::Query { query, pinned, boosted, hidden, redirect } => {
            let lists = [("pin", pinned), ("boost", boosted), ("hide", hidden)];
            let rows = lists.iter().flat_map(|(how, ids)| ids.iter().map(|id| chosen(id.to_string(), how, 0)));
            let mut products: Vec<ChosenProduct> = rows.collect();
            arrange(&mut products);
            let redirect = redirect.clone().unwrap_or_default();
            SearchRuleForm { kind: "query".into(), query: query.clone(), products, redirect, ..form }
        }
    }
}

/// Fills in what the chosen products are called.
pub async fn name(app: &App, form: &mut SearchRuleForm) -> Result<()> {
    let ids: Vec<ProductId> = form.products.iter().filter_map(|product| product.id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let known = search_rules::products(&mut app.db.read().await?, &ids).await?;
    for product in &mut form.products {
        let Some(known) = known.iter().find(|known| known.id.to_string() == product.id) else { continue };
        product.name = known.name.clone();
        product.status = if known.status == "active" { String::new() } else { known.status.clone() };
    }
    Ok(())
}

/// What they have that is not what is typed here.
pub async fn conflict(app: &App, now: &StoredRule, yours: &SearchRuleForm) -> Result<SearchRuleConflict> {
    let mut theirs = filled(now);
    let mut yours = yours.clone();
    name(app, &mut theirs).await?;
    name(app, &mut yours).await?;
    let fields = |form: &SearchRuleForm| {
        [
            ("search-words", form.words.trim().replace('\n', ", ")),
            (
                "search-one-way",
                app.admin_theme.text(if form.one_way { "search-one-way-short" } else { "search-two-way-short" }),
            ),
            ("search-query", form.query.trim().to_owned()),
            ("search-pinned", names(form, "pin")),
            ("search-boosted", names(form, "boost")),
            ("search-hidden", names(form, "hide")),
            ("search-redirect", form.redirect.clone()),
        ]
    };
    let pairs = fields(&theirs).into_iter().zip(fields(&yours));
    let different = pairs.filter(|((_, theirs), (_, yours))| theirs != yours);
    let field = |((name, theirs), (_, yours)): ((&str, String), (&str, String))| DifferentField {
        name: name.to_owned(),
        theirs,
        yours,
    };
    Ok(SearchRuleConflict { fields: different.map(field).collect() })
}

fn names(form: &SearchRuleForm, how: &str) -> String {
    let those = form.products.iter().filter(|product| product.how == how);
    those.map(|product| product.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The field of the page that a field of the rule is typed in.
pub fn field(of_rule: &str) -> &str {
    match of_rule {
        "pinned" | "boosted" | "hidden" => "find",
        "query" | "redirect" => of_rule,
        "kind" => "query",
        _ => "words",
    }
}

/// The key of what a field is called.
pub fn name_key(field: &str) -> &'static str {
    match field {
        "find" => "search-products",
        "query" => "search-query",
        "redirect" => "search-redirect",
        _ => "search-words",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(fields: &[(&str, &str)]) -> Posted {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Posted { fields, ..Posted::default() }
    }

    fn id(last: u8) -> String {
        format!("019369d0-7c00-7000-8000-0000000000{last:02x}")
    }

    #[test]
    fn pins_stand_as_they_are_numbered_and_buttons_change_the_list_alone() {
        let mut form = typed(&posted(&[
            ("kind", "query"),
            ("query", "kettle"),
            ("product.0.id", &id(1)),
            ("product.0.how", "pin"),
            ("product.0.place", "2"),
            ("product.1.id", &id(2)),
            ("product.1.how", "hide"),
            ("product.1.place", "1"),
            ("product.2.id", &id(3)),
            ("product.2.how", "pin"),
            ("product.2.place", "1"),
            ("product.3.id", "no id"),
            ("product.999999.id", &id(9)),
        ]));
        let order = |form: &SearchRuleForm| -> Vec<(String, String)> {
            form.products.iter().map(|product| (product.how.clone(), product.id.clone())).collect()
        };
        let row = |how: &str, last: u8| (how.to_owned(), id(last));
        assert_eq!(order(&form), [row("pin", 3), row("pin", 1), row("hide", 2)]);
        assert!(act(&mut form, &format!("pin:{}", id(2))));
        assert!(act(&mut form, &format!("boost:{}", id(3))));
        assert!(act(&mut form, &format!("drop:{}", id(1))));
        assert_eq!(order(&form), [row("pin", 2), row("boost", 3)]);
        assert!(act(&mut form, "find") && act(&mut form, "preview"));
        assert!(!act(&mut form, "save") && !act(&mut form, "") && !act(&mut form, "pin:no id"));
    }

    #[test]
    fn words_are_divided_by_lines_and_commas() {
        let form = typed(&posted(&[("kind", "synonyms"), ("words", "sofa, couch\r\n\r\n settee ;"), ("one_way", "1")]));
        let words = ["sofa", "couch", "settee"].map(str::to_owned).to_vec();
        assert_eq!(rule(&form), SearchRule::Synonyms { words, one_way: true });
    }
}
