//! What the rules refuse, as the pages tell it: in a sentence that says how many there are and what to do.

use axum::http::StatusCode;
use commerce::error::Refusal;
use commerce::ids::VariantId;

use crate::app::App;
use crate::error::Error;

/// A refusal for the page it happened on.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The status of the page.
    pub status: StatusCode,
    /// Which refusal it is.
    pub code: String,
    /// What to do about it.
    pub sentence: String,
}

impl Refused {
    /// The refusal in an error; an error that is none comes back as it is.
    pub fn of(app: &App, error: Error) -> Result<Self, Error> {
        if matches!(error, Error::Database(_) | Error::Internal(_) | Error::Malformed(_)) {
            return Err(error);
        }
        let sentence = sentence(app, &error);
        let problem = error.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        Ok(Self { status, code: problem.code, sentence })
    }
}

fn sentence(app: &App, error: &Error) -> String {
    match error {
        Error::Refused(Refusal::InsufficientStock(shortages)) => {
            let sentences = shortages.iter().map(|short| left_of(&name(app, short.variant_id), short.available));
            sentences.collect::<Vec<_>>().join(" ")
        }
        Error::Refused(Refusal::ItemsUnavailable(items)) => {
            let names: Vec<String> = items.iter().map(|item| name(app, item.variant_id)).collect();
            format!("No longer for sale: {}. Take it out of your cart to go on.", names.join(", "))
        }
        Error::Refused(Refusal::Coupon { coupon, refusal }) => format!("{coupon}: {refusal}"),
        Error::Invalid(errors) | Error::Refused(Refusal::InvalidFields(errors)) => {
            errors.first().map_or_else(|| error.to_string(), |field| field.message.clone())
        }
        other => other.to_string(),
    }
}

fn left_of(name: &str, left: i64) -> String {
    match left {
        0 => format!("{name} is sold out."),
        1 => format!("There is only 1 left of {name}."),
        left => format!("There are only {left} left of {name}."),
    }
}

/// What a variant is called.
fn name(app: &App, variant: VariantId) -> String {
    let catalog = app.catalog.load();
    match catalog.variant(variant) {
        Some((entry, variant)) if variant.values.is_empty() => entry.product.name.clone(),
        Some((entry, variant)) => format!("{}, {}", entry.product.name, variant.values.join(", ")),
        None => "something in your cart".to_owned(),
    }
}
