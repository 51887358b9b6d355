//! `/admin/settings`: every setting of the shop on a page of its section, checked, and never saved over what somebody
//! else has changed meanwhile.
//!
//! A form carries marks of what it showed. What only somebody else has changed since stays as they left it; where both
//! changed the same, the form comes back with what is there now beside what was typed.

mod section;
mod values;

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;

use self::section::Section;
use self::values::{Marks, Values, index_of};
use super::errors::AdminError;
use super::page::{Head, done, render};
use super::posted::Posted;
use super::views::settings::{ConflictRow, Difference, SettingsIndex, SettingsLink, SettingsPage, choices, previews};
use super::views::{self, FieldView};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::change_settings::{self, Change};
use crate::flows::take_picture::take_picture;
use crate::settings::ShopSettings;
use crate::web::access::Member;

/// The most bytes that a form with a picture may have.
pub const MOST_BYTES: usize = 24 << 20;
/// Tries to save when others save other sections at the same moment.
const TRIES: u32 = 5;

/// `GET /admin/settings`
pub async fn index(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let view = SettingsIndex { sections: Section::ALL.iter().map(|section| link(*section, None)).collect() };
    let head = Head::new(views::Section::Settings, app.admin_theme.text("nav-settings"), &uri);
    render(&app, &member, "settings/index.html", head, &view)
}

/// `GET /admin/settings/{section}`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Path(section): Path<String>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let section = Section::parse(&section).ok_or(Error::NotFound)?;
    let (settings, _) = change_settings::current(&app).await?;
    let values = section.values(&settings);
    let page =
        Page { section, marks: section.marks(&settings), values, errors: vec![], conflict: vec![], dirty: false };
    page.render(&app, &member, &settings, &uri, StatusCode::OK)
}

/// `POST /admin/settings/{section}`: saves, or changes the rows of the form and shows it again.
pub async fn save(
    State(app): State<Shop>,
    member: Member,
    Path(section): Path<String>,
    uri: Uri,
    form: Posted,
) -> Result<Response, AdminError> {
    let section = Section::parse(&section).ok_or(Error::NotFound)?;
    let mut values = Values::sent(&form, section.prefixes());
    let marks = Marks::read(form.text("marks"));
    let (settings, _) = change_settings::current(&app).await?;
    if let (Some(list), false) = (section.list(), form.text("rows").is_empty()) {
        edit_rows(&mut values, list, form.text("rows"), section);
        let page = Page { section, marks, values, errors: vec![], conflict: vec![], dirty: true };
        return page.render(&app, &member, &settings, &uri, StatusCode::OK);
    }
    let attempt = match take_front_picture(&app, &mut values, &form).await {
        Ok(()) => attempt(&app, &member, section, &mut values, &marks).await?,
        Err(Error::Invalid(errors)) => Attempt::Refused(errors),
        Err(error) => return Err(error.into()),
    };
    match attempt {
        Attempt::Saved(said) => Ok(done(&format!("/admin/settings/{}", section.name()), said)),
        Attempt::Refused(errors) => {
            let page = Page { section, marks, values, errors, conflict: vec![], dirty: true };
            page.render(&app, &member, &settings, &uri, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Attempt::Conflict(now, parts) => {
            let conflict = values.differences(&section.values(&now), &parts);
            let page = Page { section, marks: section.marks(&now), values, errors: vec![], conflict, dirty: true };
            page.render(&app, &member, &now, &uri, StatusCode::CONFLICT)
        }
    }
}

enum Attempt {
    /// And what to say about it.
    Saved(&'static str),
    Refused(Vec<FieldError>),
    /// As it is by now, and the parts that both changed.
    Conflict(Box<ShopSettings>, Vec<String>),
}

async fn attempt(app: &App, member: &Member, section: Section, values: &mut Values, was: &Marks) -> Result<Attempt> {
    let mut said = "saved";
    for _ in 0..TRIES {
        let (before, version) = change_settings::current(app).await?;
        let (theirs, both) = Marks::changes(was, &section.marks(&before), &values.marks(section.list()));
        for part in &theirs {
            values.take(part, &section.values(&before));
            said = "settings-merged";
        }
        if !both.is_empty() {
            return Ok(Attempt::Conflict(Box::new(before), both));
        }
        let mut settings = before;
        let mut errors = section.apply(values, &mut settings);
        if !errors.is_empty() {
            let unread: Vec<String> = errors.iter().map(|error| error.field.clone()).collect();
            errors.extend(settings.check().into_iter().filter(|error| !unread.contains(&error.field)));
            return Ok(Attempt::Refused(errors));
        }
        match change_settings::change(app, Change { settings, version }, &member.actor()).await {
            Ok(_) => return Ok(Attempt::Saved(said)),
            Err(Error::Invalid(errors)) => return Ok(Attempt::Refused(errors)),
            Err(Error::Code("version_conflict", _)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Code("unavailable", "Many people are changing the settings. Please try again.".into()))
}

/// Keeps the picture that came with the form, and names it where its address would be typed.
async fn take_front_picture(app: &App, values: &mut Values, form: &Posted) -> Result<()> {
    let Some(file) = form.files.iter().find(|file| file.field == "picture") else { return Ok(()) };
    let kept = take_picture(app, file.bytes.clone()).await.map_err(|error| match error {
        Error::Invalid(errors) => {
            Error::Invalid(errors.into_iter().map(|error| FieldError::new("hero.picture", error.message)).collect())
        }
        error => error,
    })?;
    values.set("hero.picture", kept.src);
    Ok(())
}

/// `add`, `remove-2`, `up-2`, `down-2`.
fn edit_rows(values: &mut Values, list: &str, asked: &str, section: Section) {
    let (what, index) = asked.split_once('-').unwrap_or((asked, ""));
    let index = index.parse::<usize>().ok();
    values.edit_rows(list, |rows| match (what, index) {
        ("add", _) => rows.push(section.new_row()),
        ("remove", Some(index)) if index < rows.len() => {
            rows.remove(index);
        }
        ("up", Some(index)) if (1..rows.len()).contains(&index) => rows.swap(index - 1, index),
        ("down", Some(index)) if index + 1 < rows.len() => rows.swap(index, index + 1),
        _ => {}
    });
}

fn link(section: Section, current: Option<Section>) -> SettingsLink {
    SettingsLink {
        name: section.name().to_owned(),
        url: format!("/admin/settings/{}", section.name()),
        current: current == Some(section),
    }
}

struct Page {
    section: Section,
    marks: Marks,
    values: Values,
    errors: Vec<FieldError>,
    conflict: Vec<(String, String, String)>,
    dirty: bool,
}

impl Page {
    fn render(
        self,
        app: &App,
        member: &Member,
        settings: &ShopSettings,
        uri: &Uri,
        status: StatusCode,
    ) -> Result<Response, AdminError> {
        let name = self.section.name();
        let title = app.admin_theme.text(&format!("settings-{name}"));
        let head = Head::new(views::Section::Settings, title, uri).status(status);
        let template = format!("settings/{name}.html");
        let view = self.view(app, settings);
        render(app, member, &template, head, &view)
    }

    fn view(self, app: &App, settings: &ShopSettings) -> SettingsPage {
        let list = self.section.list();
        let mut fields = BTreeMap::new();
        let mut rows = vec![BTreeMap::new(); list.map_or(0, |list| self.values.count(list))];
        // A field that nobody filled is there all the same, so that a template can show it.
        let blank = self.section.blank();
        let names = blank
            .iter()
            .map(|name| (*name, ""))
            .chain(self.values.all().iter().map(|(name, value)| (name.as_str(), value.as_str())));
        for (name, value) in names {
            let view = self.field(name, value);
            match list.and_then(|list| index_of(name, list)) {
                Some((index, field)) => rows[index].insert(field.to_owned(), view),
                None => fields.insert(name.to_owned(), view),
            };
        }
        for (index, row) in rows.iter_mut().enumerate() {
            for (field, _) in self.section.row_fields() {
                let name = format!("{}[{index}].{field}", list.unwrap_or_default());
                row.entry((*field).to_owned()).or_insert_with(|| self.field(&name, ""));
            }
        }
        let shown = |error: &&FieldError| {
            let in_row = list.and_then(|list| index_of(&error.field, list)).is_some_and(|(index, field)| {
                rows.get(index).is_some_and(|row: &BTreeMap<String, FieldView>| row.contains_key(field))
            });
            in_row || fields.contains_key(&error.field)
        };
        let other = self.errors.iter().filter(|error| !shown(error));
        SettingsPage {
            sections: Section::ALL.iter().map(|one| link(*one, Some(self.section))).collect(),
            section: self.section.name().to_owned(),
            url: format!("/admin/settings/{}", self.section.name()),
            marks: self.marks.written(),
            errors: other.map(|error| format!("{} {}", error.field, error.message)).collect(),
            refused: !self.errors.is_empty(),
            conflict: self.conflict.into_iter().map(conflict_row).collect(),
            dirty: self.dirty,
            choices: choices(self.section.name()),
            preview: previews(app, settings),
            currency: settings.currency.code().to_owned(),
            fields,
            rows,
        }
    }

    fn field(&self, name: &str, value: &str) -> FieldView {
        let error = self.errors.iter().find(|error| error.field == name);
        FieldView {
            name: name.to_owned(),
            value: value.to_owned(),
            error: error.map(|error| sentence(&error.message)),
            options: vec![],
        }
    }
}

fn conflict_row((name, theirs, yours): (String, String, String)) -> ConflictRow {
    ConflictRow { name, difference: Difference { theirs, yours } }
}

/// `has to be ...` becomes a sentence that stands alone under its field.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if message.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
