//! How long lists of rows and keys are written into a statement.

use super::super::args::Arg;

/// Rows a statement on PostgreSQL.
pub const MOST_ROWS: usize = 4096;

/// Rows in a statement.
#[derive(Clone, Copy)]
pub enum List {
    /// From a number on so many columns, each of which is one array whatever its length: one text serves every number of
    /// rows. PostgreSQL has arrays.
    Columns(usize, usize),
    /// So many rows of so many values, for SQLite.
    Rows(usize, usize),
}

impl List {
    /// New rows: `head` ends before the list, `tail` follows it.
    pub fn inserted(self, head: &str, tail: &str) -> String {
        match self {
            List::Columns(first, width) => format!("{head} SELECT * FROM {} {tail}", unnested(first, width)),
            List::Rows(rows, width) => format!("{head} VALUES {} {tail}", marks(rows, width)),
        }
    }

    /// Changes of rows that are there: the list is `v`, its columns are `column1`, `column2` ..
    pub fn updated(self, head: &str, tail: &str) -> String {
        match self {
            List::Columns(first, width) => {
                format!("{head} FROM {} AS v ({}) {tail}", unnested(first, width), named(width))
            }
            List::Rows(rows, width) => format!("{head} FROM (VALUES {}) AS v {tail}", marks(rows, width)),
        }
    }

    /// Rows whose one value is their key: `head` ends with the `IN` before the list.
    pub fn deleted(self, head: &str) -> String {
        match self {
            List::Columns(first, width) => format!("{head} (SELECT * FROM {})", unnested(first, width)),
            List::Rows(rows, width) => format!("{head} {}", marks(width, rows)),
        }
    }
}

/// The rows' values column by column.
pub fn columns(rows: impl Iterator<Item = Vec<Arg>>, width: usize) -> Vec<Arg> {
    let mut columns: Vec<Vec<Arg>> = (0..width).map(|_| vec![]).collect();
    for row in rows {
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    columns.into_iter().map(Arg::List).collect()
}

/// `UNNEST ($1, $2)`, which makes rows of columns, numbered from a first one on.
fn unnested(first: usize, width: usize) -> String {
    let marks: Vec<String> = (first..first + width).map(|number| format!("${number}")).collect();
    format!("UNNEST ({})", marks.join(", "))
}

/// `column1, column2`, as the columns of `VALUES` are called.
fn named(width: usize) -> String {
    let names: Vec<String> = (1..=width).map(|number| format!("column{number}")).collect();
    names.join(", ")
}

/// Rows a statement on SQLite: few are written as they come, many as a power of two, so that the statement cache serves.
pub fn chunk_size(rows: usize, width: usize) -> usize {
    // SQLite allows so many bound values a statement.
    const MOST_BINDS: usize = 32_766;
    let most = (MOST_BINDS / width.max(1)).clamp(1, 512);
    let fits = rows.clamp(1, most);
    if fits <= 16 { fits } else { 1 << fits.ilog2() }
}

/// `(?, ?), (?, ?)` for `rows` rows of `width` values. SQLite keeps numbered marks as names and goes through all of them
/// for each value that is bound, so that thousands of them cost far more than what is done with them.
pub fn marks(rows: usize, width: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    vec![row; rows].join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[test]
    fn many_rows_are_cut_into_powers_of_two_that_fit() {
        for (rows, width, expected) in
            [(1, 3, 1), (3, 3, 3), (17, 3, 16), (600, 3, 512), (1000, 40, 512), (1000, 100, 256)]
        {
            assert_eq!(chunk_size(rows, width), expected, "{rows} rows of {width}");
        }
    }

    #[test]
    fn a_list_is_written_by_rows_or_by_columns() {
        let (rows, columns_of) = (List::Rows(2, 2), List::Columns(3, 2));
        assert_eq!(rows.inserted("INTO t", "END"), "INTO t VALUES (?, ?), (?, ?) END");
        assert_eq!(rows.updated("SET a", "END"), "SET a FROM (VALUES (?, ?), (?, ?)) AS v END");
        assert_eq!(List::Rows(3, 1).deleted("id IN"), "id IN (?, ?, ?)");
        assert_eq!(columns_of.inserted("INTO t", "END"), "INTO t SELECT * FROM UNNEST ($3, $4) END");
        assert_eq!(columns_of.updated("SET a", "END"), "SET a FROM UNNEST ($3, $4) AS v (column1, column2) END");
        assert_eq!(List::Columns(1, 1).deleted("id IN"), "id IN (SELECT * FROM UNNEST ($1))");
        let turned = columns([args![1, "a"], args![2, "b"]].into_iter(), 2);
        assert_eq!(format!("{turned:?}"), format!("{:?}", [Arg::List(args![1, 2]), Arg::List(args!["a", "b"])]));
    }
}
