//! The page that a product is written on: shown, changed without saving, saved, or set beside what somebody else saved.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::catalog::{ProductInput, VariantInput, taking};
use commerce::error::FieldError;
use commerce::ids::ProductId;

use super::draw::{self, Beside};
use super::form::ProductForm;
use super::form::edit::Fill;
use super::form::matrix::Remade;
use super::saved::Shelf;
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::edit_product::{self, Conflict, Edit, Outcome};
use crate::flows::take_picture::take_picture;

use crate::store::products::{self, StoredProduct};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, render};
use crate::web::admin::posted::Posted;
use crate::web::admin::views::Section;
use crate::web::admin::views::product::{ConflictField, ConflictView, MadeView};

/// The most bytes that a form with pictures may have.
pub const MOST_BYTES: usize = 64 << 20;

/// What every answer of this page needs.
struct Desk<'d> {
    app: &'d App,
    member: &'d Member,
    uri: &'d Uri,
    /// The product as it is saved; `None` for a new one.
    stored: Option<StoredProduct>,
}

/// `GET /admin/products/new`
pub async fn new(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let desk = Desk { app: &app, member: &member, uri: &uri, stored: None };
    desk.show(ProductForm::blank(), Beside::default(), StatusCode::OK).await
}

/// `GET /admin/products/{id}`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Path(id): Path<ProductId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let stored = stored(&app, id).await?;
    let form = ProductForm::of(&stored.editable(), &left(&stored), stored.version);
    let desk = Desk { app: &app, member: &member, uri: &uri, stored: Some(stored) };
    desk.show(form, Beside::default(), StatusCode::OK).await
}

/// `POST /admin/products/new`
pub async fn create(State(app): State<Shop>, member: Member, uri: Uri, posted: Posted) -> Result<Response, AdminError> {
    Desk { app: &app, member: &member, uri: &uri, stored: None }.take(posted).await
}

/// `POST /admin/products/{id}`
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Path(id): Path<ProductId>,
    uri: Uri,
    posted: Posted,
) -> Result<Response, AdminError> {
    let stored = stored(&app, id).await?;
    Desk { app: &app, member: &member, uri: &uri, stored: Some(stored) }.take(posted).await
}

async fn stored(app: &App, id: ProductId) -> Result<StoredProduct> {
    let mut conn = app.db.read().await?;
    let currency = app.shop.load().currency;
    products::load_one(&mut conn, currency, id, false).await?.ok_or(Error::NotFound)
}

/// Variants that have left the product and can come back.
fn left(stored: &StoredProduct) -> Vec<VariantInput> {
    let archived = stored.variants.iter().filter(|variant| variant.archived);
    archived.map(|variant| VariantInput { id: Some(variant.id), ..variant.input.clone() }).collect()
}

impl Desk<'_> {
    /// Does what the pressed button says.
    async fn take(&self, posted: Posted) -> Result<Response, AdminError> {
        let mut form = ProductForm::read(&posted.fields);
        let theirs = given_in(&posted);
        match posted.text("do") {
            "" | "save" => self.save(form, theirs).await,
            "choose" | "take-theirs" => self.choose(form, theirs).await,
            "upload" => self.upload(form, posted, theirs).await,
            what => {
                let remade = form.act(what, &fill(&posted));
                let made = remade.map(|remade| made(remade, false));
                let beside = Beside { unsaved: true, made, theirs, ..Beside::default() };
                self.show(form, beside, StatusCode::OK).await
            }
        }
    }

    async fn save(&self, mut form: ProductForm, theirs: Vec<String>) -> Result<Response, AdminError> {
        if !form.is_made() {
            // Nobody saves variants that nobody has seen.
            let remade = form.remake();
            if remade != Remade::default() {
                let made = Some(made(remade, true));
                let beside = Beside { unsaved: true, made, theirs, ..Beside::default() };
                return self.show(form, beside, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
        }
        let base = self.base(&form)?;
        let yours = match form.input(base.as_ref(), self.app.shop.load().currency) {
            Ok(yours) => yours,
            Err(errors) => return self.refuse(form, errors, theirs).await,
        };
        match self.keep(base, yours, &theirs).await {
            Ok(Kept::Saved(answer)) => Ok(answer),
            Ok(Kept::Conflict(conflict)) => self.conflict(*conflict).await,
            Err(Error::Invalid(errors)) => {
                let errors = errors.into_iter().map(|error| form.named(error)).collect();
                self.refuse(form, errors, theirs).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The product the form was begun on; a page that has lost it can't be saved without overwriting somebody.
    fn base(&self, form: &ProductForm) -> Result<Option<ProductInput>> {
        let lost = || Error::Malformed("This page is out of date. Please open the product again.".into());
        match self.stored {
            Some(_) => form.begun_on().map(Some).ok_or_else(lost),
            None => Ok(None),
        }
    }

    async fn keep(&self, base: Option<ProductInput>, yours: ProductInput, theirs: &[String]) -> Result<Kept> {
        let actor = self.member.actor();
        let (Some(stored), Some(base)) = (&self.stored, base) else {
            let made = edit_product::create(self.app, yours, &actor).await?;
            return Ok(Kept::Saved(done(&address(made.product.id), "product-created")));
        };
        let edit = Edit { base, yours, theirs: theirs.to_vec() };
        match edit_product::save_form(self.app, stored.id, &edit, &actor).await? {
            Outcome::Saved(saved) => Ok(Kept::Saved(done(&address(saved.product.id), "product-saved"))),
            Outcome::Conflict(conflict) => Ok(Kept::Conflict(conflict)),
        }
    }

    async fn refuse(
        &self,
        form: ProductForm,
        errors: Vec<FieldError>,
        theirs: Vec<String>,
    ) -> Result<Response, AdminError> {
        let beside = Beside { unsaved: true, errors, theirs, ..Beside::default() };
        self.show(form, beside, StatusCode::UNPROCESSABLE_ENTITY).await
    }

    /// Both edits in one form, begun anew on what the other one saved.
    async fn conflict(&self, conflict: Conflict) -> Result<Response, AdminError> {
        let Conflict { current, mut merged, conflicts, by_them } = conflict;
        let base = current.editable();
        count_in(&mut merged, &base);
        let mut form = ProductForm::of(&merged, &left(&current), current.version);
        form.base = ProductForm::of(&base, &[], current.version).base;
        let shelf = Shelf::load(self.app, Some(&current)).await?;
        let by_both = |field: &str| conflicts.iter().any(|conflict| conflict.field == field);
        let theme = &self.app.admin_theme;
        let view = ConflictView {
            who: shelf.saved_by(),
            version: current.version,
            theirs: by_them
                .iter()
                .filter(|change| !by_both(&change.field))
                .map(|change| super::names::name_of_path(theme, &change.field))
                .collect(),
            fields: conflicts
                .iter()
                .map(|conflict| ConflictField {
                    path: conflict.field.clone(),
                    name: super::names::name_of_path(theme, &conflict.field),
                    was: conflict.was.clone().unwrap_or_default(),
                    theirs: conflict.theirs.clone().unwrap_or_default(),
                    yours: conflict.yours.clone().unwrap_or_default(),
                })
                .collect(),
        };
        let beside = Beside { unsaved: true, conflict: Some(view), ..Beside::default() };
        self.draw(form, beside, shelf, StatusCode::CONFLICT)
    }

    /// Gives in to the others where that was chosen, and goes on in the form.
    async fn choose(&self, form: ProductForm, theirs: Vec<String>) -> Result<Response, AdminError> {
        let (Some(stored), Some(base)) = (&self.stored, self.base(&form)?) else {
            return Err(Error::NotFound.into());
        };
        match form.input(Some(&base), self.app.shop.load().currency) {
            Ok(yours) => {
                let mut product = taking(&yours, &base, &theirs);
                count_in(&mut product, &yours);
                let chosen = ProductForm::of(&product, &left(stored), form.version);
                let form = ProductForm { base: form.base, ..chosen };
                self.show(form, Beside { unsaved: true, ..Beside::default() }, StatusCode::OK).await
            }
            Err(errors) => self.refuse(form, errors, theirs).await,
        }
    }

    /// Keeps the pictures that came with the form, behind those that are there.
    async fn upload(&self, mut form: ProductForm, posted: Posted, theirs: Vec<String>) -> Result<Response, AdminError> {
        let mut errors = Vec::new();
        for file in posted.files.into_iter().filter(|file| file.field == "pictures") {
            match take_picture(self.app, file.bytes).await {
                Ok(picture) => form.add_picture(&picture.src),
                Err(Error::Invalid(wrong)) => {
                    let why = wrong.into_iter().map(|error| format!("{}: {}", file.name, error.message));
                    errors.extend(why.map(|message| FieldError::new("pictures", message)));
                }
                Err(error) => return Err(error.into()),
            }
        }
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        self.show(form, Beside { unsaved: true, errors, theirs, ..Beside::default() }, status).await
    }

    async fn show(&self, form: ProductForm, beside: Beside, status: StatusCode) -> Result<Response, AdminError> {
        let shelf = Shelf::load(self.app, self.stored.as_ref()).await?;
        self.draw(form, beside, shelf, status)
    }

    fn draw(
        &self,
        form: ProductForm,
        beside: Beside,
        shelf: Shelf,
        status: StatusCode,
    ) -> Result<Response, AdminError> {
        let title = match &shelf.saved {
            Some(saved) => saved.name.clone(),
            None => self.app.admin_theme.text("product-new"),
        };
        let head = Head::new(Section::Products, title, self.uri).status(status);
        let view = draw::page(self.app, form, beside, shelf);
        render(self.app, self.member, "products/edit.html", head, &view)
    }
}

/// What came of saving.
enum Kept {
    Saved(Response),
    Conflict(Box<Conflict>),
}

fn address(id: ProductId) -> String {
    format!("/admin/products/{id}")
}

fn made(remade: Remade, before_saving: bool) -> MadeView {
    let Remade { added, removed, too_many } = remade;
    MadeView { added, removed, too_many, before_saving }
}

fn fill(posted: &Posted) -> Fill {
    Fill {
        price: posted.text("fill_price").to_owned(),
        compare_at: posted.text("fill_compare_at").to_owned(),
        on_hand: posted.text("fill_on_hand").to_owned(),
    }
}

/// The fields of a conflict in which the others are given in to.
fn given_in(posted: &Posted) -> Vec<String> {
    let all = posted.text("do") == "take-theirs";
    let choices = posted.fields.iter().filter_map(|(name, value)| Some((name.strip_prefix("choice.")?, value)));
    choices.filter(|(_, value)| all || *value == "theirs").map(|(path, _)| path.to_owned()).collect()
}

/// Fills in the counts that putting together left open, as they are in `from`: in the form a stock is always a number.
fn count_in(merged: &mut ProductInput, from: &ProductInput) {
    let known = from.variants.iter().filter(|variant| variant.id.is_some());
    let counts: BTreeMap<_, _> = known.map(|variant| (variant.id, variant)).collect();
    for variant in &mut merged.variants {
        let Some(known) = counts.get(&variant.id) else { continue };
        variant.on_hand = variant.on_hand.or(known.on_hand);
        for (code, count) in &known.elsewhere {
            variant.elsewhere.entry(code.clone()).or_insert(*count);
        }
    }
}
