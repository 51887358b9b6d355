//! Sparse matrices, row by row: who bought what, and what goes with what.

use super::history::Purchase;

/// A sparse matrix: per row the columns that aren't zero and their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sparse {
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl Sparse {
    /// Puts rows together.
    pub fn from_rows(rows: impl IntoIterator<Item = Vec<(u32, f32)>>) -> Self {
        let mut matrix = Self { starts: vec![0], entries: Vec::new() };
        for row in rows {
            matrix.entries.extend(row);
            matrix.starts.push(matrix.entries.len());
        }
        matrix
    }

    /// Who bought what: a row per customer with a 1 for each product ever bought.
    pub fn bought(purchases: &[Purchase], customers: usize) -> Self {
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); customers];
        for purchase in purchases {
            if let Some(row) = rows.get_mut(purchase.customer as usize) {
                row.push(purchase.product);
            }
        }
        Self::from_rows(rows.into_iter().map(|mut row| {
            row.sort_unstable();
            row.dedup();
            row.into_iter().map(|product| (product, 1.0)).collect()
        }))
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The entries of one row; a row that doesn't exist is empty.
    pub fn row(&self, row: usize) -> &[(u32, f32)] {
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(&from), Some(&to)) => &self.entries[from..to],
            _ => &[],
        }
    }

    /// Rows become columns; entries of a row come out ascending.
    pub fn transposed(&self, columns: usize) -> Self {
        let mut starts = vec![0; columns + 1];
        for &(column, _) in &self.entries {
            starts[column as usize + 1] += 1;
        }
        for column in 0..columns {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0.0); self.entries.len()];
        for row in 0..self.rows() {
            for &(column, value) in self.row(row) {
                entries[next[column as usize]] = (row as u32, value);
                next[column as usize] += 1;
            }
        }
        Self { starts, entries }
    }
}

/// Sums per column that are cheap to clear: a sparse row being added up.
pub struct Sums {
    values: Vec<f32>,
    touched: Vec<u32>,
}

impl Sums {
    /// Zeros for so many columns.
    pub fn new(columns: usize) -> Self {
        Self { values: vec![0.0; columns], touched: Vec::new() }
    }

    /// Adds to one column.
    pub fn add(&mut self, column: u32, value: f32) {
        let sum = &mut self.values[column as usize];
        if *sum == 0.0 {
            self.touched.push(column);
        }
        *sum += value;
    }

    /// Adds a multiple of a row.
    pub fn add_row(&mut self, row: &[(u32, f32)], factor: f32) {
        for &(column, value) in row {
            self.add(column, factor * value);
        }
    }

    /// What a column has come to.
    pub fn get(&self, column: u32) -> f32 {
        self.values[column as usize]
    }

    /// The sums so far, in the sequence of their first addition.
    pub fn entries(&self) -> impl Iterator<Item = (u32, f32)> {
        self.touched.iter().map(|&column| (column, self.values[column as usize]))
    }

    /// Back to zeros.
    pub fn clear(&mut self) {
        self.touched.drain(..).for_each(|column| self.values[column as usize] = 0.0);
    }

    /// Takes the sums out, each column once, in the sequence of their first addition; zeros remain.
    pub fn take(&mut self) -> Vec<(u32, f32)> {
        let Self { values, touched } = self;
        // A sum that went through zero was noted twice; the second time it is zero already.
        touched
            .drain(..)
            .map(|column| (column, std::mem::take(&mut values[column as usize])))
            .filter(|e| e.1 != 0.0)
            .collect()
    }
}

/// The `count` largest entries, largest first; equal ones by their column.
pub fn strongest(mut entries: Vec<(u32, f32)>, count: usize) -> Vec<(u32, f32)> {
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if count == 0 {
        return Vec::new();
    }
    if entries.len() > count {
        entries.select_nth_unstable_by(count - 1, order);
        entries.truncate(count);
    }
    entries.sort_unstable_by(order);
    entries
}
