//! The three files of an evaluation.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{EvaluateError, Grades};
use crate::search::Document;

/// A catalog and its judged queries.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The products, their ids in the order of the file.
    pub documents: Vec<Document>,
    /// The queries that have something worth finding, with the grades of their products.
    pub queries: Vec<(String, Grades)>,
    /// The ids of the queries as they stand in the file, in the order of `queries`.
    pub ids: Vec<String>,
}

impl Judged {
    /// The same with other texts of queries.
    pub fn with_queries(&self, change: impl Fn(&str) -> String) -> Judged {
        let queries = self.queries.iter().map(|(text, grades)| (change(text), grades.clone())).collect();
        Judged { queries, ..self.clone() }
    }
}

/// Reads a catalog, queries and judgements.
pub fn read(catalog: &Path, queries: &Path, judgements: &Path) -> Result<Judged, EvaluateError> {
    let (documents, products) = read_catalog(catalog)?;
    let texts = read_queries(queries)?;
    let mut grades = read_judgements(judgements, &texts, &products)?;
    let mut judged = Judged { documents, ..Judged::default() };
    for (id, text) in texts {
        if let Some(grades) = grades.remove(&id).filter(|grades| grades.values().any(|grade| *grade > 0.0)) {
            judged.queries.push((text, grades));
            judged.ids.push(id);
        }
    }
    if judged.queries.is_empty() { Err(EvaluateError::Empty) } else { Ok(judged) }
}

fn read_catalog(path: &Path) -> Result<(Vec<Document>, HashMap<String, u128>), EvaluateError> {
    let mut table = Table::open(path, "id,name,description and optionally brand,category,price,attr:NAME")?;
    let [id, name, description] = ["id", "name", "description"].map(|column| table.column(column));
    let (id, name, description) = (id?, name?, description?);
    let (brand, category) = (table.find("brand"), table.find("category"));
    let attribute = |(at, column): (usize, &str)| Some((at, column.strip_prefix("attr:")?.to_owned()));
    let attributes: Vec<(usize, String)> = table.header.iter().enumerate().filter_map(attribute).collect();
    let (mut documents, mut products) = (Vec::new(), HashMap::new());
    while let Some((line, row)) = table.next()? {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim().to_owned();
        let filled = |at: Option<usize>| at.map(cell).filter(|text| !text.is_empty());
        let number = documents.len() as u128;
        if products.insert(cell(id), number).is_some() {
            return Err(table.value(line, format!("the id {} stands twice; every product has its own", cell(id))));
        }
        let values = attributes.iter().map(|(at, name)| (name.clone(), cell(*at)));
        documents.push(Document {
            id: number,
            name: cell(name),
            brand: filled(brand),
            categories: filled(category).into_iter().collect(),
            attributes: values.filter(|(_, value)| !value.is_empty()).collect(),
            description: cell(description),
            ..Document::default()
        });
    }
    Ok((documents, products))
}

fn read_queries(path: &Path) -> Result<Vec<(String, String)>, EvaluateError> {
    let mut table = Table::open(path, "query_id,query")?;
    let (id, text) = (table.column("query_id")?, table.column("query")?);
    let mut queries = Vec::new();
    while let Some((_, row)) = table.next()? {
        queries.push((row.get(id).unwrap_or_default().to_owned(), row.get(text).unwrap_or_default().to_owned()));
    }
    Ok(queries)
}

fn read_judgements(
    path: &Path,
    queries: &[(String, String)],
    products: &HashMap<String, u128>,
) -> Result<HashMap<String, Grades>, EvaluateError> {
    let mut table = Table::open(path, "query_id,product_id,grade")?;
    let [query, product, grade] = ["query_id", "product_id", "grade"].map(|column| table.column(column));
    let (query, product, grade) = (query?, product?, grade?);
    let mut all: HashMap<String, Grades> = queries.iter().map(|(id, _)| (id.clone(), Grades::new())).collect();
    while let Some((line, row)) = table.next()? {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let Some(grades) = all.get_mut(cell(query)) else {
            return Err(table.value(line, format!("there is no query {}; add it to the queries", cell(query))));
        };
        let Some(id) = products.get(cell(product)) else {
            return Err(table.value(line, format!("there is no product {}; add it to the catalog", cell(product))));
        };
        let Some(value) = cell(grade).parse::<f64>().ok().filter(|grade| grade.is_finite() && *grade >= 0.0) else {
            return Err(table.value(line, format!("the grade {} is no number from 0; write one", cell(grade))));
        };
        grades.insert(*id, value);
    }
    Ok(all)
}

/// A CSV file with a header, that knows its name and lines.
struct Table {
    file: String,
    expected: &'static str,
    header: StringRecord,
    reader: Reader<File>,
}

impl Table {
    fn open(path: &Path, expected: &'static str) -> Result<Table, EvaluateError> {
        let file = path.display().to_string();
        let opened = File::open(path).map_err(|source| EvaluateError::Open { file: file.clone(), source })?;
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(opened);
        let header = reader.headers().cloned().map_err(|source| EvaluateError::Csv { file: file.clone(), source })?;
        let header = header.iter().map(|column| column.trim_start_matches('\u{feff}').trim()).collect();
        Ok(Table { file, expected, header, reader })
    }

    fn find(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|there| there.eq_ignore_ascii_case(column))
    }

    fn column(&self, column: &'static str) -> Result<usize, EvaluateError> {
        let missing = || EvaluateError::Column { file: self.file.clone(), column, expected: self.expected };
        self.find(column).ok_or_else(missing)
    }

    fn next(&mut self) -> Result<Option<(u64, StringRecord)>, EvaluateError> {
        let mut row = StringRecord::new();
        let read = self.reader.read_record(&mut row);
        let more = read.map_err(|source| EvaluateError::Csv { file: self.file.clone(), source })?;
        let line = row.position().map_or(0, csv::Position::line);
        Ok(more.then_some((line, row)))
    }

    fn value(&self, line: u64, what: String) -> EvaluateError {
        EvaluateError::Value { file: self.file.clone(), line, what }
    }
}
