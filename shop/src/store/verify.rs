//! Every invariant of the shop, recomputed from the database alone. Each answers what breaks it, by name.
//!
//! What SQL can say of whole tables is in the lists; `frozen` reads the documents that no SQL looks into.

mod catalog;
mod customers;
mod events;
mod frozen;
mod money;
mod sales;
mod stock;

use super::Conn;
use crate::args;

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The invariant, stable and snake_case.
    pub invariant: &'static str,
    /// What breaks it.
    pub subject: String,
}

/// An invariant: its name, and a query that answers the ids of what breaks it.
struct Invariant {
    name: &'static str,
    sql: &'static str,
}

#[derive(sqlx::FromRow)]
struct Subject {
    subject: String,
}

/// The ids are compared as they are and shown as text.
#[derive(sqlx::FromRow)]
struct SubjectId {
    subject: uuid::Uuid,
}

const BY_ID: &[&[Invariant]] =
    &[stock::INVARIANTS, sales::INVARIANTS, money::INVARIANTS, events::INVARIANTS, customers::INVARIANTS];

const BY_NAME: &[Invariant] = catalog::INVARIANTS;

/// Checks every invariant in one picture of the database; answers what breaks them.
pub async fn run(conn: &mut Conn) -> sqlx::Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for invariant in BY_ID.iter().copied().flatten() {
        let rows: Vec<SubjectId> = conn.all(invariant.sql, args![]).await?;
        violations.extend(rows.iter().map(|row| invariant.broken_by(row.subject.to_string())));
    }
    for invariant in BY_NAME {
        let rows: Vec<Subject> = conn.all(invariant.sql, args![]).await?;
        violations.extend(rows.into_iter().map(|row| invariant.broken_by(row.subject)));
    }
    violations.extend(frozen::run(conn).await?);
    Ok(violations)
}

/// How many invariants there are.
pub fn count() -> usize {
    BY_ID.iter().map(|list| list.len()).sum::<usize>() + BY_NAME.len() + frozen::COUNT
}

impl Invariant {
    fn broken_by(&self, subject: String) -> Violation {
        Violation { invariant: self.name, subject }
    }
}
