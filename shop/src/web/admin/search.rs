//! What staff say about searches, tried out as it is written; and what shoppers search for.

mod form;
mod report;
mod tried;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;
use uuid::Uuid;

pub use report::report;

use crate::app::{App, Shop};
use crate::error::Error;
use crate::flows::search_rules::{self, Outcome};
use crate::store::search_rules::{self as store, SearchRule, StoredRule};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, render};
use crate::web::admin::posted::Posted;
use crate::web::admin::views::Section;
use crate::web::admin::views::product::WrongField;
use crate::web::admin::views::search::{
    QueryRow, SearchRuleConflict, SearchRuleForm, SearchRulePage, SearchRulesPage, SynonymsRow,
};
use crate::web::admin::which::Which;
use crate::web::params;

/// What every answer of the form needs.
struct Desk<'d> {
    app: &'d App,
    member: &'d Member,
    uri: &'d Uri,
    /// The rule that is changed; a new one has none.
    saved: Option<&'d StoredRule>,
}

/// What a form shows besides what was typed.
#[derive(Default)]
struct Beside {
    unsaved: bool,
    errors: Vec<FieldError>,
    conflict: Option<SearchRuleConflict>,
}

/// `GET /admin/search`
pub async fn list(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let stored = store::all(&mut app.db.read().await?).await?;
    let mut view = SearchRulesPage { queries: vec![], synonyms: vec![] };
    for StoredRule { id, rule, .. } in stored {
        let url = path(id);
        let count = |products: &[_]| products.len() as i64;
        match rule {
            SearchRule::Query { query, pinned, boosted, hidden, redirect } => {
                let (pinned, boosted, hidden) = (count(&pinned), count(&boosted), count(&hidden));
                view.queries.push(QueryRow { url, query, pinned, boosted, hidden, redirect });
            }
            SearchRule::Synonyms { mut words, one_way } => {
                let others = words.split_off(words.len().min(1));
                view.synonyms.push(SynonymsRow { url, first: words.concat(), others, one_way });
            }
        }
    }
    view.queries.sort_by_key(|row| row.query.to_lowercase());
    view.synonyms.sort_by_key(|row| row.first.to_lowercase());
    let head = Head::new(Section::Search, app.admin_theme.text("search-title"), &uri);
    render(&app, &member, "search/list.html", head, &view)
}

/// `GET /admin/search/rules/new?kind=query&query=kettle`
pub async fn new(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let asked = params::pairs(uri.query())?;
    let given = |name: &str| asked.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim().to_owned());
    let query = given("query").unwrap_or_default();
    let is_synonyms = given("kind").is_some_and(|kind| kind == "synonyms");
    let form = SearchRuleForm {
        kind: if is_synonyms { "synonyms" } else { "query" }.into(),
        words: if is_synonyms { query.clone() } else { String::new() },
        query: if is_synonyms { String::new() } else { query },
        ..SearchRuleForm::default()
    };
    let desk = Desk { app: &app, member: &member, uri: &uri, saved: None };
    desk.draw(form, Beside::default(), StatusCode::OK).await
}

/// `GET /admin/search/rules/{id}`
pub async fn open(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<Uuid>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let saved = load(&app, id).await?;
    let desk = Desk { app: &app, member: &member, uri: &uri, saved: Some(&saved) };
    desk.draw(form::filled(&saved), Beside::default(), StatusCode::OK).await
}

/// `POST /admin/search/rules/new`: saves, or with `do` changes the form and shows what would be found.
pub async fn create(State(app): State<Shop>, member: Member, uri: Uri, posted: Posted) -> Result<Response, AdminError> {
    let mut form = form::typed(&posted);
    let desk = Desk { app: &app, member: &member, uri: &uri, saved: None };
    if form::act(&mut form, posted.text("do")) {
        return desk.draw(form, Beside { unsaved: true, ..Beside::default() }, StatusCode::OK).await;
    }
    match search_rules::create(&app, form::rule(&form), &member.actor()).await {
        Ok(saved) => Ok(done(&path(saved.id), "search-created")),
        Err(Error::Invalid(errors)) => desk.refuse(form, errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/search/rules/{id}`: the same for a rule there is.
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<Uuid>,
    uri: Uri,
    posted: Posted,
) -> Result<Response, AdminError> {
    let saved = load(&app, id).await?;
    let mut form = form::typed(&posted);
    let desk = Desk { app: &app, member: &member, uri: &uri, saved: Some(&saved) };
    if form::act(&mut form, posted.text("do")) {
        return desk.draw(form, Beside { unsaved: true, ..Beside::default() }, StatusCode::OK).await;
    }
    match search_rules::save(&app, id, form.version, form::rule(&form), &member.actor()).await {
        Ok(Outcome::Saved(_)) => Ok(done(&path(id), "search-saved")),
        Ok(Outcome::Conflict(now)) => {
            let conflict = Some(form::conflict(&app, &now, &form).await?);
            let form = SearchRuleForm { version: now.version, ..form };
            let desk = Desk { saved: Some(&now), ..desk };
            let beside = Beside { unsaved: true, conflict, ..Beside::default() };
            desk.draw(form, beside, StatusCode::CONFLICT).await
        }
        Err(Error::Invalid(errors)) => desk.refuse(form, errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/search/rules/{id}/delete`
pub async fn delete(State(app): State<Shop>, member: Member, Which(id): Which<Uuid>) -> Result<Response, AdminError> {
    search_rules::delete(&app, id, &member.actor()).await?;
    Ok(done("/admin/search", "search-deleted"))
}

async fn load(app: &App, id: Uuid) -> Result<StoredRule, Error> {
    store::load(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

fn path(id: Uuid) -> String {
    format!("/admin/search/rules/{id}")
}

impl Desk<'_> {
    async fn refuse(self, form: SearchRuleForm, errors: Vec<FieldError>) -> Result<Response, AdminError> {
        let beside = Beside { unsaved: true, errors, ..Beside::default() };
        self.draw(form, beside, StatusCode::UNPROCESSABLE_ENTITY).await
    }

    async fn draw(self, mut form: SearchRuleForm, beside: Beside, status: StatusCode) -> Result<Response, AdminError> {
        let id = self.saved.map(|saved| saved.id);
        form::name(self.app, &mut form).await?;
        let saved_name = match self.saved.map(|saved| &saved.rule) {
            None => String::new(),
            Some(SearchRule::Query { query, .. }) => query.clone(),
            Some(SearchRule::Synonyms { words, .. }) => words.first().cloned().unwrap_or_default(),
        };
        let title = match saved_name.as_str() {
            "" => self.app.admin_theme.text("search-rule-new"),
            name => name.to_owned(),
        };
        let mut view = SearchRulePage {
            id: id.map(|id| id.to_string()),
            saved_name,
            action: id.map_or_else(|| "/admin/search/rules/new".to_owned(), path),
            unsaved: beside.unsaved,
            found: tried::found(self.app, &form),
            preview: tried::preview(self.app, id, &form).await?,
            errors: Default::default(),
            wrong: vec![],
            conflict: beside.conflict,
            form,
        };
        for FieldError { field, message } in beside.errors {
            let id = form::field(&field).to_owned();
            let name = self.app.admin_theme.text(form::name_key(&id));
            view.wrong.push(WrongField { id: id.clone(), name, message: message.clone() });
            view.errors.entry(id).or_insert(message);
        }
        let head = Head::new(Section::Search, title, self.uri).status(status);
        render(self.app, self.member, "search/rule.html", head, &view)
    }
}
