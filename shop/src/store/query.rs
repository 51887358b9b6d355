//! A statement whose conditions are known only at run time. It is put together from texts of our own; what comes from
//! outside is bound, never written.

use std::fmt::Write as _;

use super::Arg;
use super::args::filled_up;

/// A statement and what is bound to it.
#[derive(Clone, Debug)]
pub struct Query {
    sql: String,
    args: Vec<Arg>,
    has_condition: bool,
}

impl Query {
    /// Begins with a statement that has no conditions yet.
    pub fn new(sql: &'static str) -> Self {
        Query { sql: sql.to_owned(), args: vec![], has_condition: false }
    }

    /// Adds a condition without a value.
    pub fn and(&mut self, condition: &'static str) {
        self.sql.push_str(if self.has_condition { " AND " } else { " WHERE " });
        self.sql.push_str(condition);
        self.has_condition = true;
    }

    /// Adds a condition that ends where its value stands: `total >=`.
    pub fn and_is(&mut self, condition: &'static str, value: impl Into<Arg>) {
        self.and(condition);
        self.bind(value.into());
    }

    /// Adds that a column is one of several values; of none, it may be anything.
    pub fn and_one_of(&mut self, column: &'static str, values: impl IntoIterator<Item = impl Into<Arg>>) {
        let mut values = values.into_iter().map(Into::into).peekable();
        if values.peek().is_none() {
            return;
        }
        self.and(column);
        self.sql.push_str(" IN (");
        self.bind_list(values);
        self.sql.push(')');
    }

    /// Adds that a column is one of several values; of none, nothing is found. The list is filled up with what is in it
    /// already, so that few texts serve every length.
    pub fn and_any_of(&mut self, column: &'static str, values: Vec<Arg>) {
        if values.is_empty() {
            return self.and("1 = 0");
        }
        self.and_one_of(column, filled_up(values));
    }

    /// Adds that a column has a text in it, letter by letter.
    pub fn and_has(&mut self, column: &'static str, text: &str) {
        self.and(column);
        self.sql.push_str(" LIKE");
        self.bind(format!("%{}%", literal(text)).into());
        self.sql.push_str(" ESCAPE '\\'");
    }

    /// Adds that a column has all of these words in it, or another column a text as it is.
    pub fn and_all_or(&mut self, column: &'static str, words: &[&str], other: &'static str, text: &str) {
        self.and("(");
        for word in words {
            self.then(column);
            self.sql.push_str(" LIKE");
            self.bind(format!("%{}%", literal(word)).into());
            self.sql.push_str(" ESCAPE '\\' AND ");
        }
        self.sql.push_str("1 = 1 OR ");
        self.sql.push_str(other);
        self.sql.push_str(" LIKE");
        self.bind(format!("%{}%", literal(text)).into());
        self.sql.push_str(" ESCAPE '\\')");
    }

    /// Adds what comes after the conditions.
    pub fn then(&mut self, tail: &'static str) {
        self.sql.push(' ');
        self.sql.push_str(tail);
    }

    /// Adds a list of rows, to be known as `v` with the columns `column1`, `column2` ..
    pub fn values(&mut self, rows: impl IntoIterator<Item = Vec<Arg>>) {
        self.sql.push_str(" (VALUES");
        for (index, row) in rows.into_iter().enumerate() {
            self.sql.push_str(if index == 0 { " (" } else { ", (" });
            self.bind_list(row.into_iter());
            self.sql.push(')');
        }
        self.sql.push_str(") AS v");
    }

    /// Takes the first so many rows.
    pub fn limit(&mut self, limit: i64) {
        self.then("LIMIT");
        self.bind(limit.into());
    }

    /// Takes some of the rows: so many, after so many.
    pub fn page(&mut self, limit: i64, offset: i64) {
        self.then("LIMIT");
        self.bind(limit.into());
        self.then("OFFSET");
        self.bind(offset.into());
    }

    /// The whole statement, and what is bound to it.
    pub(super) fn into_parts(self) -> (String, Vec<Arg>) {
        (self.sql, self.args)
    }

    fn bind_list(&mut self, values: impl Iterator<Item = Arg>) {
        for (index, value) in values.enumerate() {
            self.sql.push_str(if index == 0 { "" } else { "," });
            self.bind(value);
        }
    }

    fn bind(&mut self, value: Arg) {
        self.args.push(value);
        // Writing to a String cannot fail.
        let _ = write!(self.sql, " ${}", self.args.len());
    }
}

/// A text that `LIKE` takes letter by letter.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_in_order_and_never_written() {
        let mut query = Query::new("SELECT id FROM orders o");
        query.and("o.total > 0");
        query.and_one_of("o.status", Vec::<String>::new());
        query.and_one_of("o.status", ["open", "'; DROP TABLE orders"]);
        query.and_is("o.total >=", 5);
        query.and_has("o.search_folded", "50%_\\");
        query.then("ORDER BY id");
        query.page(10, 20);
        let (sql, args) = query.into_parts();
        let expected = "SELECT id FROM orders o WHERE o.total > 0 AND o.status IN ( $1, $2) AND o.total >= $3 \
                        AND o.search_folded LIKE $4 ESCAPE '\\' ORDER BY id LIMIT $5 OFFSET $6";
        assert_eq!(sql, expected);
        assert_eq!(args.len(), 6);
        assert!(matches!(&args[3], Arg::Text(Some(text)) if text == "%50\\%\\_\\\\%"), "{args:?}");
    }
}
