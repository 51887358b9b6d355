//! What can go wrong on the way of a request, and the one table from code to status and title.
//!
//! A [`Problem`] is what the outside sees (RFC 9457). Internals stay in the log.

use commerce::cart::CartRefusal;
use commerce::error::{FieldError, Refusal};
use commerce::returns::RefundRefusal;
use serde_json::{Map, Value, json};

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules said no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// A refusal that carries a document for the caller, such as the cart as it is now.
    #[error("{refusal}")]
    RefusedWith {
        /// Why.
        refusal: Refusal,
        /// Members added to the problem document.
        extra: Map<String, Value>,
    },
    /// Fields that are missing, malformed or out of range.
    #[error("Please check the marked fields.")]
    Invalid(Vec<FieldError>),
    /// The body is not what its type says: broken JSON, invalid UTF-8.
    #[error("{0}")]
    Malformed(String),
    /// Nothing here under this name, or not for this caller.
    #[error("There is nothing here under this address.")]
    NotFound,
    /// A field names something that is not there.
    #[error("{}", .0.message)]
    Unknown(FieldError),
    /// Rows of a sheet that stand against what is true by now.
    #[error("{detail}")]
    Rows {
        /// What all of them share.
        code: &'static str,
        /// What to do.
        detail: &'static str,
        /// The rows, each with its own sentence.
        errors: Vec<FieldError>,
        /// Members added to the problem document.
        extra: Map<String, Value>,
    },
    /// Tried too often.
    #[error("That was a lot of tries. Please try again in {} min.", (.wait_seconds + 59) / 60)]
    RateLimited {
        /// When another try will be let through.
        wait_seconds: i64,
    },
    /// Anything else that the table below names.
    #[error("{1}")]
    Code(&'static str, String),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Something inside failed that is no fault of the caller.
    #[error("internal: {0}")]
    Internal(String),
}

/// The short form of a result in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Seconds after which a busy shop is worth another try.
const RETRY_SECONDS: i64 = 2;

/// One row a code: what it answers over HTTP and its title.
const CODES: &[(&str, u16, &str)] = &[
    ("malformed", 400, "The request could not be read"),
    ("invalid_fields", 422, "Some fields need another look"),
    ("not_found", 404, "Not found"),
    ("method_not_allowed", 405, "This address does not answer that method"),
    ("unsupported_media_type", 415, "The body has to be JSON"),
    ("body_too_large", 413, "The body is too large"),
    ("body_timed_out", 408, "The request did not arrive in time"),
    ("unauthenticated", 401, "Please sign in"),
    ("invalid_credentials", 401, "This is not right"),
    ("forbidden", 403, "This request was refused"),
    ("rate_limited", 429, "Too many attempts"),
    ("internal", 500, "Something went wrong on our side"),
    ("unavailable", 503, "Please try again in a moment"),
    ("timed_out", 503, "This took too long"),
    ("idempotency_key_reused", 422, "This idempotency key was used for another request"),
    ("idempotency_key_invalid", 400, "The idempotency key can't be used"),
    ("idempotency_key_lost", 409, "The first request with this key was carried out, and its answer was lost"),
    ("idempotency_key_running", 409, "The first request with this key is still running"),
    ("cart_completed", 409, "This cart has been ordered"),
    ("payment_in_progress", 409, "A payment is in progress"),
    ("cart_changed", 409, "The cart has changed"),
    ("cart_empty", 422, "The cart is empty"),
    ("payment_method_unavailable", 422, "This payment method is not available"),
    ("items_unavailable", 409, "Something is no longer for sale"),
    ("insufficient_stock", 409, "There are not enough left"),
    ("checkout_changed", 409, "The checkout has changed"),
    ("checkout_expired", 409, "The time to pay has run out"),
    ("checkout_canceled", 409, "The checkout was canceled"),
    ("already_paid", 409, "This is paid already"),
    ("payment_in_review", 409, "We are checking the payment"),
    ("not_allowed", 409, "This can't be done now"),
    ("refund_failed", 409, "The bank refused the refund"),
    ("item_unknown", 404, "There is no such item in the order"),
    ("card_declined", 402, "The card was declined"),
    ("insufficient_funds", 402, "The card has too little money on it"),
    ("below_reserved", 409, "Buyers were promised more than would be left"),
    ("version_conflict", 409, "Somebody else changed this meanwhile"),
];

/// What the outside is told, as `application/problem+json`.
#[derive(Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Stable and snake_case.
    pub code: String,
    /// A few words that are the same for every problem of this code.
    pub title: &'static str,
    /// What happened and what to do.
    pub detail: String,
    /// The fields to mend.
    pub errors: Vec<FieldError>,
    /// Further members of the document.
    pub extra: Map<String, Value>,
    /// Seconds after which it is worth another try, for the header `Retry-After`.
    pub retry_after: Option<i64>,
}

impl Problem {
    /// The document.
    pub fn to_json(&self) -> Value {
        let mut document = json!({
            "type": format!("urn:oxcart:problem:{}", self.code),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        });
        let members = document.as_object_mut().expect("made as an object above");
        if !self.errors.is_empty() {
            members.insert("errors".into(), json!(self.errors));
        }
        members.extend(self.extra.clone());
        document
    }
}

impl Error {
    /// A field that is wrong and what to do about it.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Error::Invalid(vec![FieldError::new(field, message)])
    }

    /// A field that names something that is not there: 404.
    pub fn unknown(field: &str, message: impl Into<String>) -> Self {
        Error::Unknown(FieldError::new(field, message))
    }

    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Refused(refusal) | Error::RefusedWith { refusal, .. } => refusal.code(),
            Error::Invalid(_) => "invalid_fields",
            Error::Malformed(_) => "malformed",
            Error::NotFound | Error::Unknown(_) => "not_found",
            Error::RateLimited { .. } => "rate_limited",
            Error::Code(code, _) | Error::Rows { code, .. } => code,
            Error::Database(error) if is_busy(error) => "unavailable",
            Error::Database(_) | Error::Internal(_) => "internal",
        }
    }

    /// What the outside is told.
    pub fn problem(self) -> Problem {
        let code = self.code();
        // Refusals of the rules that have no row of their own are fields or values out of range.
        let (status, title) = CODES
            .iter()
            .find(|(known, ..)| *known == code)
            .map_or((422, "This can't be done as asked"), |(_, status, title)| (*status, title));
        let detail = match (&self, code) {
            (_, "unavailable") => {
                "The shop can't do this right now. Please look whether it was done, and try again in a moment."
                    .to_owned()
            }
            (_, "internal") => {
                "Nothing you did was wrong. Please try again; if it stays, tell us the request id.".to_owned()
            }
            (error, _) => error.to_string(),
        };
        let retry_after = match (&self, status) {
            (Error::RateLimited { wait_seconds }, _) => Some(*wait_seconds),
            (_, 503) => Some(RETRY_SECONDS),
            _ => None,
        };
        let (errors, extra) = match self {
            Error::Refused(refusal) => (fields(&refusal), facts(&refusal)),
            Error::RefusedWith { refusal, extra } => {
                let mut members = facts(&refusal);
                members.extend(extra);
                (fields(&refusal), members)
            }
            Error::Invalid(errors) => (errors, Map::new()),
            Error::Rows { errors, extra, .. } => (errors, extra),
            Error::Unknown(error) => (vec![error], Map::new()),
            Error::Code("idempotency_key_invalid" | "idempotency_key_reused", detail) => {
                (vec![FieldError::new("Idempotency-Key", detail)], Map::new())
            }
            _ => (vec![], Map::new()),
        };
        Problem { status, code: code.to_owned(), title, detail, errors, extra, retry_after }
    }
}

/// The fields a refusal points at.
fn fields(refusal: &Refusal) -> Vec<FieldError> {
    match refusal {
        Refusal::InvalidFields(errors) => errors.clone(),
        Refusal::Cart(refusal) => vec![FieldError::new(cart_field(refusal), refusal.to_string())],
        Refusal::Coupon { refusal, .. } => vec![FieldError::new("code", refusal.to_string())],
        Refusal::PaymentMethodUnavailable => vec![FieldError::new("payment_method", refusal.to_string())],
        Refusal::Shipping(refusal) => vec![FieldError::new("shipping_method", refusal.to_string())],
        Refusal::Units(refusal) => vec![FieldError::new(refusal.field(), refusal.to_string())],
        Refusal::Refund(RefundRefusal::WorthNothing) => vec![FieldError::new("items", refusal.to_string())],
        Refusal::Refund(refusal) => vec![FieldError::new("amount", refusal.to_string())],
        _ => vec![],
    }
}

/// The field of a request that a refusal of the cart is about.
fn cart_field(refusal: &CartRefusal) -> &'static str {
    match refusal {
        CartRefusal::QuantityTooSmall | CartRefusal::QuantityTooLarge { .. } => "quantity",
        CartRefusal::TooManyCoupons | CartRefusal::InvalidCoupon => "code",
        CartRefusal::TooManyLines | CartRefusal::Completed { .. } => "variant_id",
        CartRefusal::UnknownItem => "item_id",
    }
}

/// The facts a program needs to act on a refusal.
fn facts(refusal: &Refusal) -> Map<String, Value> {
    let facts = match refusal {
        Refusal::InsufficientStock(lines) => json!({ "lines": lines }),
        Refusal::ItemsUnavailable(lines) => json!({ "lines": lines }),
        Refusal::CheckoutChanged { version } => json!({ "version": version }),
        _ => json!({}),
    };
    match facts {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Whether the database could not be had in time, rather than failed.
pub fn is_busy(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| match code.parse::<u32>() {
            // SQLite, whose kinds of an error end in its own eight bits: busy, disk failing, disk full, file not opened.
            Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 10 | 13 | 14),
            // PostgreSQL: lock and statement time-outs, no more connections, disk full, disk failing; a server that
            // shuts down, crashes or starts.
            _ => matches!(
                &*code,
                "55P03" | "57014" | "25P03" | "53300" | "53100" | "58030" | "57P01" | "57P02" | "57P03"
            ),
        }),
        _ => false,
    }
}

/// Whether the same transaction may succeed when it is run again from its start.
pub fn is_retryable(error: &Error) -> bool {
    // PostgreSQL: serialization failure, deadlock.
    matches!(error, Error::Database(sqlx::Error::Database(error))
        if error.code().is_some_and(|code| matches!(&*code, "40001" | "40P01")))
}
