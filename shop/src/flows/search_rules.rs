//! What staff say about searches: looked at as a whole, then kept. Every node hears of it from the event.

use commerce::error::FieldError;
use commerce::ids::ProductId;
use discovery::search::{Language, Rules};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::store::Conn;
use crate::store::search_rules::{self, SearchRule, StoredRule};

/// The most words that mean the same.
pub const MOST_WORDS: usize = 20;
/// The longest of them.
pub const LONGEST_WORD: usize = 60;
/// The longest query there is a rule for.
pub const LONGEST_QUERY: usize = 100;
/// The longest path to go to.
pub const LONGEST_PATH: usize = 200;
/// The most products that are pinned, boosted or hidden.
pub const MOST_PRODUCTS: usize = 50;
/// The most rules of a shop: every node has all of them in memory.
const MOST_RULES: usize = 2_000;

/// What became of a change.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is kept.
    Saved(StoredRule),
    /// Somebody else changed the rule meanwhile: here it is as it is now.
    Conflict(StoredRule),
}

/// Keeps a new rule.
pub async fn create(app: &App, rule: SearchRule, actor: &str) -> Result<StoredRule> {
    let rule = tidied(rule);
    let mut tx = app.db.begin().await?;
    check(app, &mut tx, None, &rule).await?;
    let id = search_rules::insert(&mut tx, &app.clock, &rule, actor).await?;
    tx.commit().await?;
    Ok(StoredRule { id, rule, version: 1 })
}

/// Changes a rule that was read at a version.
pub async fn save(app: &App, id: Uuid, version: i64, rule: SearchRule, actor: &str) -> Result<Outcome> {
    let stored = StoredRule { id, rule: tidied(rule), version };
    let mut tx = app.db.begin().await?;
    let now = search_rules::load(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if now.version != version {
        return Ok(Outcome::Conflict(now));
    }
    check(app, &mut tx, Some(id), &stored.rule).await?;
    if !search_rules::update(&mut tx, &app.clock, &stored, actor).await? {
        let now = search_rules::load(&mut tx, id).await?.ok_or(Error::NotFound)?;
        return Ok(Outcome::Conflict(now));
    }
    tx.commit().await?;
    Ok(Outcome::Saved(StoredRule { version: version + 1, ..stored }))
}

/// Takes a rule away.
pub async fn delete(app: &App, id: Uuid, actor: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !search_rules::remove(&mut tx, &app.clock, id, actor).await? {
        return Err(Error::NotFound);
    }
    Ok(tx.commit().await?)
}

async fn check(app: &App, conn: &mut Conn, id: Option<Uuid>, rule: &SearchRule) -> Result<()> {
    let rules = Rules::new(Language::of(&app.shop.load().locale));
    let all = search_rules::all(conn).await?;
    let mut errors = wrong(rule, &rules);
    if let SearchRule::Query { query, pinned, boosted, hidden, .. } = rule {
        let (key, is_other) = (rules.key(query), |other: &&StoredRule| Some(other.id) != id);
        let is_same = |other: &StoredRule| matches!(&other.rule, SearchRule::Query { query, .. } if rules.key(query) == key && !key.is_empty());
        if let Some(SearchRule::Query { query, .. }) =
            all.iter().filter(is_other).find(|other| is_same(other)).map(|other| &other.rule)
        {
            errors.push(FieldError::new("query", format!("There is a rule for \u{201c}{query}\u{201d} already.")));
        }
        let lists = [("pinned", pinned), ("boosted", boosted), ("hidden", hidden)];
        let there = search_rules::products(conn, &[pinned.as_slice(), boosted, hidden].concat()).await?;
        let is_missing =
            |list: &&(&str, &Vec<ProductId>)| list.1.iter().any(|id| there.iter().all(|one| one.id != id.0));
        let missing = lists.iter().filter(is_missing);
        errors.extend(missing.map(|(list, _)| FieldError::new(*list, "One of these products is not there.")));
    }
    if id.is_none() && all.len() >= MOST_RULES {
        errors.push(FieldError::new("kind", format!("There are {MOST_RULES} rules. Delete one first.")));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// The rule without spaces at the ends of its texts.
fn tidied(rule: SearchRule) -> SearchRule {
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match rule {
        SearchRule::Synonyms { words, one_way } => {
            SearchRule::Synonyms { words: words.into_iter().map(tidy).collect(), one_way }
        }
        SearchRule::Query { query, pinned, boosted, hidden, redirect } => {
            let redirect = redirect.map(|path| path.trim().to_owned()).filter(|path| !path.is_empty());
            SearchRule::Query { query: tidy(query), pinned, boosted, hidden, redirect }
        }
    }
}

/// Everything that is wrong with a rule by itself.
fn wrong(rule: &SearchRule, rules: &Rules) -> Vec<FieldError> {
    match rule {
        SearchRule::Synonyms { words, .. } => wrong_words(words, rules),
        SearchRule::Query { query, pinned, boosted, hidden, redirect } => {
            let mut errors = vec![];
            if rules.key(query).is_empty() || query.chars().count() > LONGEST_QUERY {
                errors.push(FieldError::new("query", format!("Type a query of 1 to {LONGEST_QUERY} characters.")));
            }
            errors.extend(wrong_products([("pinned", pinned), ("boosted", boosted), ("hidden", hidden)]));
            if let Some(message) = redirect.as_deref().and_then(wrong_path) {
                errors.push(FieldError::new("redirect", message));
            }
            if pinned.len() + boosted.len() + hidden.len() == 0 && redirect.is_none() {
                errors.push(FieldError::new("pinned", "Choose a product, or say where the query leads."));
            }
            errors
        }
    }
}

fn wrong_words(words: &[String], rules: &Rules) -> Vec<FieldError> {
    let mut errors = vec![];
    if words.len() < 2 || words.len() > MOST_WORDS {
        errors.push(FieldError::new("words", format!("Give 2 to {MOST_WORDS} words that mean the same.")));
    }
    for (at, word) in words.iter().enumerate().take(MOST_WORDS) {
        let key = rules.key(word);
        let message = if key.is_empty() || word.chars().count() > LONGEST_WORD {
            format!("A word has 1 to {LONGEST_WORD} characters.")
        } else if words[..at].iter().any(|earlier| rules.key(earlier) == key) {
            format!("\u{201c}{word}\u{201d} is the same word as an earlier one.")
        } else {
            continue;
        };
        errors.push(FieldError::new(format!("words.{at}"), message));
    }
    errors
}

fn wrong_products(lists: [(&str, &Vec<ProductId>); 3]) -> Vec<FieldError> {
    let mut errors = vec![];
    let mut seen: Vec<ProductId> = vec![];
    for (name, list) in lists {
        if list.len() > MOST_PRODUCTS {
            errors.push(FieldError::new(name, format!("These can be at most {MOST_PRODUCTS} products.")));
            continue;
        }
        for id in list {
            if seen.contains(id) {
                errors.push(FieldError::new(name, "A product can be here only once, and pinned, boosted or hidden."));
                break;
            }
            seen.push(*id);
        }
    }
    errors
}

/// Why a path is none of this shop, or leads in a circle. A second slash, or a backslash, would lead to another host.
fn wrong_path(path: &str) -> Option<&'static str> {
    let is_plain = path.chars().all(|sign| sign.is_ascii_graphic() && sign != '\\');
    let page = path.split(['?', '#']).next().unwrap_or_default();
    if !path.starts_with('/') || path.starts_with("//") {
        Some("This has to be a path of the shop, such as /c/sale.")
    } else if path.len() > LONGEST_PATH {
        Some("This can be at most 200 characters long.")
    } else if !is_plain {
        Some("Copy the path as the address bar gives it: without spaces, other letters as %C3%A9.")
    } else if page.trim_end_matches('/') == "/search" {
        Some("A search can't lead to another search. Synonyms can do that.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_the_shop() {
        for (path, is_good) in [
            ("/", true),
            ("/c/sale?sort=newest", true),
            ("/c/caf%C3%A9", true),
            ("/searching", true),
            ("c/sale", false),
            ("//elsewhere.example", false),
            ("/\\elsewhere.example", false),
            ("https://elsewhere.example/", false),
            ("/c/sale\r\nx: y", false),
            ("/c/caf\u{e9}", false),
            ("/search?q=kettle", false),
            ("/search/", false),
            (&format!("/{}", "a".repeat(200)), false),
        ] {
            assert_eq!(wrong_path(path).is_none(), is_good, "{path}");
        }
    }

    #[test]
    fn words_that_mean_the_same_are_different_words() {
        let rules = Rules::new(Language::of("en"));
        let fields = |words: &[&str]| -> Vec<String> {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            wrong_words(&words, &rules).into_iter().map(|error| error.field).collect()
        };
        assert!(fields(&["kettle", "water boiler"]).is_empty());
        assert_eq!(fields(&["kettle"]), ["words"]);
        assert_eq!(fields(&["kettle", "Kettles", "!"]), ["words.1", "words.2"]);
        assert_eq!(fields(&["kettle", &"a".repeat(LONGEST_WORD + 1)]), ["words.1"]);
        let many: Vec<String> = (0..=MOST_WORDS).map(|number| format!("word{number}")).collect();
        assert_eq!(fields(&many.iter().map(String::as_str).collect::<Vec<_>>()), ["words"]);
    }
}
