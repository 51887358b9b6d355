//! How values get into a statement.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, Sqlite};

use super::super::args::Arg;
use super::super::statements;

/// Binds an argument list by number on either engine.
pub trait Bind: Sized {
    /// Binds the next one.
    fn arg(self, arg: Arg) -> Self;
}

/// The values of a list, all of the type of the first.
macro_rules! values {
    ($list:expr, $arm:ident) => {
        $list.into_iter().map(|value| match value {
            Arg::$arm(value) => value,
            other => unreachable!("a list of values has one type, and {other:?} is not of it"),
        })
    };
}

/// Binds a list as one array, by the type of its first value. Empty ones are never bound.
fn array(query: PgQuery<'_>, list: Vec<Arg>) -> PgQuery<'_> {
    match list.first() {
        Some(Arg::Bool(_)) => query.bind(values!(list, Bool).collect::<Vec<_>>()),
        Some(Arg::Int(_)) => query.bind(values!(list, Int).collect::<Vec<_>>()),
        Some(Arg::Uuid(_)) => query.bind(values!(list, Uuid).collect::<Vec<_>>()),
        Some(Arg::Time(_)) => query.bind(values!(list, Time).collect::<Vec<_>>()),
        Some(Arg::Json(_)) => query.bind(values!(list, Json).map(|v| v.map(sqlx::types::Json)).collect::<Vec<_>>()),
        Some(Arg::Text(_) | Arg::List(_)) | None => query.bind(values!(list, Text).collect::<Vec<_>>()),
    }
}

type PgQuery<'q> = Query<'q, Postgres, PgArguments>;

macro_rules! bind_on {
    ($engine:ty, $arguments:ty, $array:expr) => {
        impl Bind for Query<'_, $engine, $arguments> {
            fn arg(self, arg: Arg) -> Self {
                match arg {
                    Arg::Bool(v) => self.bind(v),
                    Arg::Int(v) => self.bind(v),
                    Arg::Text(v) => self.bind(v),
                    Arg::Uuid(v) => self.bind(v),
                    Arg::Time(v) => self.bind(v),
                    Arg::Json(v) => self.bind(v.map(sqlx::types::Json)),
                    Arg::List(list) => $array(self, list),
                }
            }
        }
    };
}
bind_on!(Sqlite, SqliteArguments, |_, _| unreachable!("SQLite is given no arrays"));
bind_on!(Postgres, PgArguments, array);

/// The statement with its arguments, counted: nothing is run that does not pass here.
pub fn bind<Q: Bind>(query: Q, args: Vec<Arg>) -> Q {
    statements::count();
    args.into_iter().fold(query, Bind::arg)
}
