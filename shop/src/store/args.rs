//! Values bound to a statement, the same on both engines.

use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

/// One bound value. A type of its own for each so that a NULL keeps its type on PostgreSQL.
#[derive(Clone, Debug)]
pub enum Arg {
    /// BOOLEAN
    Bool(bool),
    /// BIGINT
    Int(Option<i64>),
    /// TEXT
    Text(Option<String>),
    /// UUID
    Uuid(Option<Uuid>),
    /// TIMESTAMPTZ, in whole microseconds as PostgreSQL keeps them.
    Time(Option<DateTime<Utc>>),
    /// JSONB, as it will be written.
    Json(Option<Box<RawValue>>),
    /// Values of one of the other types, as one array. PostgreSQL alone has those.
    List(Vec<Arg>),
}

impl Arg {
    /// A value kept as JSON.
    pub fn json(value: &impl Serialize) -> Self {
        Arg::Json(Some(to_raw_value(value).expect("domain types serialise: string keys, no floats")))
    }
}

/// A list for an `IN`, filled up to a power of two with its last key: few texts of a statement serve every length.
pub fn filled_up(mut keys: Vec<Arg>) -> Vec<Arg> {
    if let Some(last) = keys.last().cloned() {
        keys.resize(keys.len().next_power_of_two(), last);
    }
    keys
}

/// The list of keys for an `IN`.
pub fn keys<T: Into<Arg>>(keys: impl IntoIterator<Item = T>) -> Vec<Arg> {
    keys.into_iter().map(Into::into).collect()
}

impl From<bool> for Arg {
    fn from(value: bool) -> Self {
        Arg::Bool(value)
    }
}

impl From<DateTime<Utc>> for Arg {
    fn from(value: DateTime<Utc>) -> Self {
        Arg::Time(Some(value.trunc_subsecs(6)))
    }
}

impl From<Option<DateTime<Utc>>> for Arg {
    fn from(value: Option<DateTime<Utc>>) -> Self {
        Arg::Time(value.map(|at| at.trunc_subsecs(6)))
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Arg::Text(Some(value.to_owned()))
    }
}

impl From<&String> for Arg {
    fn from(value: &String) -> Self {
        Arg::Text(Some(value.clone()))
    }
}

impl From<&Option<String>> for Arg {
    fn from(value: &Option<String>) -> Self {
        Arg::Text(value.clone())
    }
}

macro_rules! arg_from {
    ($($type:ty => $arm:ident),* $(,)?) => {$(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                Arg::$arm(Some(value))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                Arg::$arm(value)
            }
        }
    )*};
}
arg_from!(i64 => Int, String => Text, Uuid => Uuid);

macro_rules! arg_from_id {
    ($($id:ident),* $(,)?) => {$(
        impl From<commerce::ids::$id> for Arg {
            fn from(id: commerce::ids::$id) -> Self {
                Arg::Uuid(Some(id.0))
            }
        }
        impl From<Option<commerce::ids::$id>> for Arg {
            fn from(id: Option<commerce::ids::$id>) -> Self {
                Arg::Uuid(id.map(|id| id.0))
            }
        }
    )*};
}
arg_from_id!(
    ProductId,
    VariantId,
    ImageId,
    CategoryId,
    LocationId,
    CartId,
    CartItemId,
    CheckoutId,
    OrderId,
    OrderItemId,
    PaymentId,
    RefundId,
    FulfillmentId,
    CouponId,
    BulkRunId,
    CustomerId,
    ImportId,
    PriceListId,
    JobId,
    StaffId,
    SessionId,
);

/// The bound values of a statement: `args![id, quantity, now]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Arg::from($value)),*] };
}
