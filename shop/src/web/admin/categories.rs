//! The category tree: categories are written, moved among their neighbours, put under others, deleted.

mod forest;

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;
use commerce::ids::CategoryId;

use forest::Forest;

use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::edit_category::{self, CategoryPatch, Contents, Outcome};
use crate::flows::take_picture::take_picture;
use crate::store::categories::StoredCategory;
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, render};
use crate::web::admin::posted::Posted;
use crate::web::admin::views::Section;
use crate::web::admin::views::categories::{
    CategoriesPage, CategoryConflict, CategoryForm, ConflictingField, OpenCategory,
};
use crate::web::admin::views::product::WrongField;
use crate::web::storefront::cards::picture_url;
use crate::web::storefront::shell::category_path;

/// The most bytes that a form with a picture may have.
pub const MOST_BYTES: usize = 24 << 20;

/// What every answer of these pages needs.
struct Desk<'d> {
    app: &'d App,
    member: &'d Member,
    uri: &'d Uri,
    forest: Forest,
}

/// What a form shows besides what was typed.
#[derive(Default)]
struct Beside {
    unsaved: bool,
    errors: Vec<FieldError>,
    conflict: Option<CategoryConflict>,
}

/// `GET /admin/categories`
pub async fn show(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let desk = Desk { app: &app, member: &member, uri: &uri, forest: Forest::load(&app).await? };
    desk.draw(None, StatusCode::OK)
}

/// `GET /admin/categories/new?parent=ID`
pub async fn new(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let desk = Desk { app: &app, member: &member, uri: &uri, forest: Forest::load(&app).await? };
    let asked = crate::web::params::pairs(uri.query())?;
    let parent = asked.iter().find(|(name, _)| name == "parent").and_then(|(_, id)| id.parse().ok());
    let parent = parent.and_then(|id| desk.forest.by_id(id)).map(|parent| parent.input.slug.clone());
    let form = CategoryForm { parent: parent.unwrap_or_default(), ..CategoryForm::default() };
    desk.draw(Some(desk.opened(None, form, Beside::default())), StatusCode::OK)
}

/// `GET /admin/categories/{id}`
pub async fn open(
    State(app): State<Shop>,
    member: Member,
    Path(id): Path<CategoryId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let desk = Desk { app: &app, member: &member, uri: &uri, forest: Forest::load(&app).await? };
    let category = desk.forest.by_id(id).ok_or(Error::NotFound)?;
    desk.draw(Some(desk.opened(Some(category), form(category), Beside::default())), StatusCode::OK)
}

/// `POST /admin/categories/new`
pub async fn create(State(app): State<Shop>, member: Member, uri: Uri, posted: Posted) -> Result<Response, AdminError> {
    let desk = Desk { app: &app, member: &member, uri: &uri, forest: Forest::load(&app).await? };
    let mut form = typed(&posted);
    let kept = match desk.take_picture(&mut form, &posted).await {
        Ok(()) => edit_category::create(&app, &patch(&form, None), &member.actor()).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(saved) => Ok(done(&format!("/admin/categories/{}", saved.id), "category-created")),
        Err(Error::Invalid(errors)) => desk.refuse(None, form, errors),
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/categories/{id}`
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Path(id): Path<CategoryId>,
    uri: Uri,
    posted: Posted,
) -> Result<Response, AdminError> {
    let desk = Desk { app: &app, member: &member, uri: &uri, forest: Forest::load(&app).await? };
    let category = desk.forest.by_id(id).ok_or(Error::NotFound)?;
    let mut form = typed(&posted);
    let kept = match desk.take_picture(&mut form, &posted).await {
        Ok(()) => {
            let patch = patch(&form, Some(category));
            edit_category::save(&app, id, form.version, &patch, &member.actor()).await
        }
        Err(error) => Err(error),
    };
    match kept {
        Ok(Outcome::Saved(_)) => Ok(done(&format!("/admin/categories/{id}"), "category-saved")),
        Ok(Outcome::Conflict(now)) => {
            let conflict = Some(conflict(&now, &form));
            let form = CategoryForm { version: now.version, ..form };
            let opened = desk.opened(Some(&now), form, Beside { unsaved: true, conflict, ..Beside::default() });
            desk.draw(Some(opened), StatusCode::CONFLICT)
        }
        Err(Error::Invalid(errors)) => desk.refuse(Some(category), form, errors),
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/categories/{id}/delete`
pub async fn delete(
    State(app): State<Shop>,
    member: Member,
    Path(id): Path<CategoryId>,
) -> Result<Response, AdminError> {
    edit_category::delete(&app, id, Contents::ToParent, &member.actor()).await?;
    Ok(done("/admin/categories", "category-deleted"))
}

/// `POST /admin/categories` with `up:ID`, `down:ID`, `in:ID`, `out:ID` or `place:ID:PARENT:INDEX`
pub async fn arrange(State(app): State<Shop>, member: Member, posted: Posted) -> Result<Response, AdminError> {
    let forest = Forest::load(&app).await?;
    let step =
        forest.step(posted.text("do")).ok_or_else(|| Error::field("do", "This category can't be moved there."))?;
    let patch = CategoryPatch { parent: Some(step.parent), place: Some(step.place), ..CategoryPatch::default() };
    match edit_category::save(&app, step.id, step.version, &patch, &member.actor()).await? {
        Outcome::Saved(_) => Ok(done("/admin/categories", "category-moved")),
        Outcome::Conflict(_) => {
            let detail = "Somebody else moved it at the same moment. Please look at the tree and try again.";
            Err(Error::Code("version_conflict", detail.into()).into())
        }
    }
}

impl Desk<'_> {
    /// Keeps the picture that came with the form, or forgets the one it had.
    async fn take_picture(&self, form: &mut CategoryForm, posted: &Posted) -> Result<()> {
        if !posted.text("no_picture").is_empty() {
            form.image.clear();
        }
        if let Some(file) = posted.files.iter().find(|file| file.field == "picture") {
            let kept = take_picture(self.app, file.bytes.clone()).await.map_err(|error| match error {
                Error::Invalid(errors) => Error::field("picture", first_message(errors)),
                error => error,
            })?;
            form.image = kept.src;
        }
        Ok(())
    }

    fn refuse(
        &self,
        category: Option<&StoredCategory>,
        form: CategoryForm,
        errors: Vec<FieldError>,
    ) -> Result<Response, AdminError> {
        let opened = self.opened(category, form, Beside { unsaved: true, errors, ..Beside::default() });
        self.draw(Some(opened), StatusCode::UNPROCESSABLE_ENTITY)
    }

    fn opened(&self, category: Option<&StoredCategory>, form: CategoryForm, beside: Beside) -> OpenCategory {
        let id = category.map(|category| category.id);
        let mut errors = BTreeMap::new();
        let mut wrong = Vec::new();
        for FieldError { field, message } in beside.errors {
            let field = if field.starts_with("old_slugs") { "slug".to_owned() } else { field };
            let id = if field == "image" { "picture".to_owned() } else { field.clone() };
            let name = self.app.admin_theme.text(name_key(&id));
            wrong.push(WrongField { id: id.clone(), name, message: message.clone() });
            errors.entry(id).or_insert(message);
        }
        OpenCategory {
            id: id.map(|id| id.to_string()),
            saved_name: category.map(|category| category.input.name.clone()).unwrap_or_default(),
            action: id.map_or_else(|| "/admin/categories/new".to_owned(), |id| format!("/admin/categories/{id}")),
            unsaved: beside.unsaved,
            picture_url: (!form.image.is_empty()).then(|| picture_url(&form.image)),
            parents: self.forest.choices_without(id),
            url: category.map(|category| category_path(&category.input.slug)),
            old_slugs: category.map(|category| category.input.old_slugs.clone()).unwrap_or_default(),
            products: id.map_or(0, |id| self.forest.products_in(id)),
            children: category.map_or(0, |category| self.forest.below(Some(&category.input.slug)).len() as i64),
            errors,
            wrong,
            conflict: beside.conflict,
            form,
        }
    }

    fn draw(&self, open: Option<OpenCategory>, status: StatusCode) -> Result<Response, AdminError> {
        let title = match open.as_ref().map(|open| open.saved_name.as_str()) {
            None => self.app.admin_theme.text("categories"),
            Some("") => self.app.admin_theme.text("category-new"),
            Some(name) => name.to_owned(),
        };
        let tree = self.forest.nodes(open.as_ref().and_then(|open| open.id.as_deref()));
        let view = CategoriesPage { tree, count: self.forest.len(), open };
        let head = Head::new(Section::Categories, title, self.uri).status(status);
        render(self.app, self.member, "categories/tree.html", head, &view)
    }
}

fn form(category: &StoredCategory) -> CategoryForm {
    let input = &category.input;
    CategoryForm {
        version: category.version,
        name: input.name.clone(),
        slug: input.slug.clone(),
        description: input.description.clone(),
        image: input.image.clone().unwrap_or_default(),
        parent: input.parent.clone().unwrap_or_default(),
    }
}

fn typed(posted: &Posted) -> CategoryForm {
    CategoryForm {
        version: posted.text("version").parse().unwrap_or(0),
        name: posted.text("name").trim().to_owned(),
        slug: posted.text("slug").trim().to_owned(),
        description: posted.text("description").replace("\r\n", "\n"),
        image: posted.text("image").to_owned(),
        parent: posted.text("parent").to_owned(),
    }
}

/// The whole form as a change; the parent only where it is another one, for naming it moves to the end.
fn patch(form: &CategoryForm, known: Option<&StoredCategory>) -> CategoryPatch {
    let parent = known.map(|known| known.input.parent.clone().unwrap_or_default());
    let slug = match known {
        Some(known) if form.slug.is_empty() => Some(known.input.slug.clone()),
        None if form.slug.is_empty() => None,
        _ => Some(form.slug.clone()),
    };
    CategoryPatch {
        version: known.map(|_| form.version),
        name: Some(form.name.clone()),
        slug,
        parent: (parent.as_ref() != Some(&form.parent)).then(|| form.parent.clone()),
        description: Some(form.description.clone()),
        image: Some(form.image.clone()),
        place: None,
    }
}

/// What they have that is not what is typed here.
fn conflict(now: &StoredCategory, yours: &CategoryForm) -> CategoryConflict {
    let theirs = form(now);
    let pairs = [
        ("category-name", &theirs.name, &yours.name),
        ("category-parent", &theirs.parent, &yours.parent),
        ("category-description", &theirs.description, &yours.description),
        ("category-picture", &theirs.image, &yours.image),
        ("product-slug", &theirs.slug, &yours.slug),
    ];
    let different = pairs.into_iter().filter(|(_, theirs, yours)| theirs != yours);
    let field = |(name, theirs, yours): (&str, &String, &String)| ConflictingField {
        name: name.to_owned(),
        theirs: theirs.clone(),
        yours: yours.clone(),
    };
    CategoryConflict { fields: different.map(field).collect() }
}

fn name_key(field: &str) -> &'static str {
    match field {
        "slug" => "product-slug",
        "parent" => "category-parent",
        "description" => "category-description",
        "picture" => "category-picture",
        _ => "category-name",
    }
}

/// What is wrong with a file, as a sentence.
fn first_message(errors: Vec<FieldError>) -> String {
    errors.into_iter().next().map(|error| error.message).unwrap_or_default()
}
