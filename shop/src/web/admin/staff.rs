//! The accounts of everybody, for those who look after them.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;
use commerce::ids::StaffId;
use commerce::staff::Role;

use super::account::{field, sessions};
use super::errors::AdminError;
use super::page::{Head, done, render};
use super::views::{Choice, FieldView, Section, StaffList, StaffPage, StaffRow};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::sign_in;
use crate::flows::staff::{self, NewStaff, StaffChange};
use crate::store::staff::{self as accounts, Staff};
use crate::web::access::Member;
use crate::web::storefront::form::Form;

type Id = Result<Path<StaffId>, PathRejection>;

/// `GET /admin/staff`
pub async fn list(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    draw_list(&app, &member, &uri, StatusCode::OK, &Form::default(), &[]).await
}

/// `POST /admin/staff`
pub async fn create(State(app): State<Shop>, member: Member, uri: Uri, form: Form) -> Result<Response, AdminError> {
    let new = NewStaff {
        email: form.text("email"),
        name: form.text("name"),
        role: role(&form)?,
        password: form.text("password"),
    };
    match staff::create(&app.db, &app.clock, &app.passwords, new, &member.actor()).await {
        Ok(id) => Ok(done(&path(id), "staff-created")),
        Err(Error::Invalid(errors)) => {
            draw_list(&app, &member, &uri, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/staff/{id}`
pub async fn show(State(app): State<Shop>, member: Member, id: Id, uri: Uri) -> Result<Response, AdminError> {
    draw_page(&app, &member, known(id)?, &uri, StatusCode::OK, Refused::default()).await
}

/// `POST /admin/staff/{id}`
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    id: Id,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let id = known(id)?;
    let change = StaffChange {
        version: form.number("version").ok_or(Error::NotFound)?,
        name: form.text("name").to_owned(),
        role: role(&form)?,
        active: form.is_ticked("active"),
    };
    match staff::change(&app, id, change, &member.actor()).await {
        Ok(()) => Ok(done(&path(id), "saved")),
        Err(Error::Invalid(errors)) => {
            let refused = Refused { errors, ..Refused::default() };
            draw_page(&app, &member, id, &uri, StatusCode::UNPROCESSABLE_ENTITY, refused).await
        }
        Err(error @ Error::Code("version_conflict" | "not_allowed", _)) => {
            let refused = Refused { why: Some(error.to_string()), ..Refused::default() };
            draw_page(&app, &member, id, &uri, StatusCode::CONFLICT, refused).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/staff/{id}/password`
pub async fn set_password(
    State(app): State<Shop>,
    member: Member,
    id: Id,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let id = known(id)?;
    let new = form.text("password");
    match staff::set_password(&app.db, &app.clock, &app.passwords, id, new, None, &member.actor()).await {
        Ok(()) => Ok(done(&path(id), "password-set")),
        Err(Error::Invalid(errors)) => {
            let refused = Refused { errors, ..Refused::default() };
            draw_page(&app, &member, id, &uri, StatusCode::UNPROCESSABLE_ENTITY, refused).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/staff/{id}/sign-out`
pub async fn sign_out(State(app): State<Shop>, id: Id) -> Result<Response, AdminError> {
    let id = known(id)?;
    accounts::load(&mut app.db.read().await?, id).await?;
    sign_in::sign_out_everywhere(&app, id, None).await?;
    Ok(done(&path(id), "sessions-ended"))
}

/// Why nothing was changed.
#[derive(Default)]
struct Refused {
    errors: Vec<FieldError>,
    why: Option<String>,
}

fn known(id: Id) -> Result<StaffId> {
    id.map(|Path(id)| id).map_err(|_| Error::NotFound)
}

fn path(id: StaffId) -> String {
    format!("/admin/staff/{id}")
}

fn role(form: &Form) -> Result<Role> {
    form.text("role").parse().map_err(|_| Error::field("role", "Choose one of the roles."))
}

async fn draw_list(
    app: &App,
    member: &Member,
    uri: &Uri,
    status: StatusCode,
    form: &Form,
    errors: &[FieldError],
) -> Result<Response, AdminError> {
    let people = accounts::all(&mut app.db.read().await?).await?;
    let typed = |name: &str| field(name, form.text(name), errors);
    let view = StaffList {
        people: people.into_iter().map(|staff| row(staff, member)).collect(),
        email: typed("email"),
        name: typed("name"),
        role: FieldView { options: roles(app), ..typed("role") },
        password: field("password", "", errors),
    };
    let head = Head::new(Section::Staff, app.admin_theme.text("nav-staff"), uri).status(status);
    render(app, member, "staff/list.html", head, &view)
}

async fn draw_page(
    app: &App,
    member: &Member,
    id: StaffId,
    uri: &Uri,
    status: StatusCode,
    refused: Refused,
) -> Result<Response, AdminError> {
    let staff = accounts::load(&mut app.db.read().await?, id).await?.staff;
    let view = StaffPage {
        version: staff.version,
        name: field("name", &staff.name, &refused.errors),
        role: FieldView { options: roles(app), ..field("role", staff.role.as_str(), &refused.errors) },
        active: staff.active,
        sessions: sessions(app, id, Some(member.session)).await?,
        password: field("password", "", &refused.errors),
        refused: refused.why,
        person: row(staff, member),
    };
    let head = Head::new(Section::Staff, view.person.name.clone(), uri).status(status);
    render(app, member, "staff/page.html", head, &view)
}

fn row(staff: Staff, member: &Member) -> StaffRow {
    StaffRow {
        url: path(staff.id),
        me: staff.id == member.id,
        name: staff.name,
        email: staff.email,
        role: staff.role.as_str().to_owned(),
        active: staff.active,
        created_at: staff.created_at,
    }
}

fn roles(app: &App) -> Vec<Choice> {
    let choice = |role: Role| {
        let label = app.admin_theme.text(&format!("role-{}", role.as_str()));
        Choice { value: role.as_str().to_owned(), label }
    };
    [Role::Admin, Role::SuperAdmin].map(choice).to_vec()
}
