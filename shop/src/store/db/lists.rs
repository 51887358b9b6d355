//! How long lists of rows and keys are written into a statement.

use std::fmt::Write as _;

/// How the place of a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `$1`
    Numbered,
    /// `?`
    Plain,
}

/// Rows a statement: few are written as they come, many as a power of two, so that the statement cache serves.
pub fn chunk_size(rows: usize, width: usize) -> usize {
    // SQLite allows 32,766 bound values a statement, PostgreSQL 65,535.
    const MOST_BINDS: usize = 32_766;
    let most = (MOST_BINDS / width.max(1)).clamp(1, 512);
    let fits = rows.clamp(1, most);
    if fits <= 16 { fits } else { 1 << fits.ilog2() }
}

/// `($1, $2), ($3, $4)`, or with marks that have no number, for `rows` rows of `width` values.
pub fn placeholders(mark: Mark, rows: usize, width: usize) -> String {
    let mut text = String::with_capacity(rows * width * 7);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            text.push_str(if column == 0 { "" } else { ", " });
            match mark {
                Mark::Plain => text.push('?'),
                // Writing to a String cannot fail.
                Mark::Numbered => drop(write!(text, "${}", row * width + column + 1)),
            }
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_are_cut_into_powers_of_two_that_fit() {
        for (rows, width, expected) in
            [(1, 3, 1), (3, 3, 3), (17, 3, 16), (600, 3, 512), (1000, 40, 512), (1000, 100, 256)]
        {
            assert_eq!(chunk_size(rows, width), expected, "{rows} rows of {width}");
        }
    }

    #[test]
    fn placeholders_count_on_through_the_rows() {
        assert_eq!(placeholders(Mark::Numbered, 2, 2), "($1, $2), ($3, $4)");
        assert_eq!(placeholders(Mark::Plain, 2, 2), "(?, ?), (?, ?)");
    }
}
