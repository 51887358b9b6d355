//! What is around the rows of a list: `list.html` and its partials.

use serde::{Deserialize, Serialize};

/// Everything around the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListView {
    /// What its texts begin with.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// The address of this page, written the one way.
    pub url: String,
    /// What is searched for.
    pub q: String,
    /// What the search carries along.
    pub search_rest: Vec<Hidden>,
    /// Views: everything, the built-in ones, the shared ones, one's own.
    pub tabs: Vec<TabView>,
    /// Filters that are applied or being written.
    pub filters: Vec<ChipView>,
    /// Filters to begin.
    pub fields: Vec<NamedLink>,
    /// Where nothing is searched or filtered; absent when it is so already.
    pub clear_url: Option<String>,
    /// Whether anything is searched or filtered.
    pub narrowed: bool,
    /// Heads of the table.
    pub columns: Vec<ColumnView>,
    /// Their names, for the cells.
    pub shown: Vec<String>,
    /// All columns, to choose from.
    pub column_choices: Vec<ColumnChoice>,
    /// What choosing columns carries along.
    pub column_rest: Vec<Hidden>,
    /// What saving this view would keep; absent where it is a view already.
    pub save_query: Option<String>,
    /// What "all that match" means to a bulk action.
    pub query: String,
    /// Rows in all.
    pub total: i64,
    /// Number of the first row.
    pub from: i64,
    /// Number of the last row.
    pub to: i64,
    /// Counted from one.
    pub page: i64,
    /// How many pages there are.
    pub pages: i64,
    /// The page before.
    pub previous_url: Option<String>,
    /// The page after.
    pub next_url: Option<String>,
    /// Rows a page.
    pub sizes: Vec<PageSize>,
    /// Whether rows can be picked.
    pub selectable: bool,
}

/// A saved or built-in view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabView {
    /// Names the text `{list}-view-{view}`; `all` is everybody's first.
    pub view: Option<String>,
    /// What somebody called it.
    pub name: Option<String>,
    /// Where it is.
    pub url: String,
    /// Whether this is it.
    pub current: bool,
    /// Rows in it.
    pub count: Option<i64>,
    /// Nobody else has it.
    pub personal: bool,
    /// Its id, for who may delete it.
    pub delete_id: Option<String>,
}

/// A filter: field, operator, value, remove.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChipView {
    /// Which one on this page.
    pub index: usize,
    /// Names the text `{list}-filter-{field}`.
    pub field: String,
    /// `text`, `number`, `money`, `date`, `flag` or `choice`.
    pub kind: String,
    /// Names the text `op-{operator}`.
    pub operator: String,
    /// All that it may have.
    pub operators: Vec<String>,
    /// As it is in the address.
    pub value: String,
    /// As people read it.
    pub words: String,
    /// What may be chosen, for `choice` and `flag`.
    pub choices: Vec<OfferedChoice>,
    /// All fields of the list.
    pub fields: Vec<String>,
    /// Why it is not applied.
    pub error: Option<String>,
    /// Nothing is written yet.
    pub draft: bool,
    /// The list without it.
    pub remove_url: String,
    /// What its editor carries along.
    pub rest: Vec<Hidden>,
}

/// One choice of a filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferedChoice {
    /// What is sent; names the text `{list}-{field}-{value}` where it has no label.
    pub value: String,
    /// What is read.
    pub label: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A choice as a chip offers it.
pub fn offered(value: &str, label: Option<&str>, chosen: bool) -> OfferedChoice {
    OfferedChoice { value: value.to_owned(), label: label.map(str::to_owned), chosen }
}

/// An address with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedLink {
    /// Names the text `{list}-filter-{name}`.
    pub name: String,
    /// Where it goes.
    pub url: String,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnView {
    /// Names the text `{list}-col-{name}`.
    pub name: String,
    /// Numbers stand at the end.
    pub numeric: bool,
    /// `hide-s`, `hide-m`, `hide-l` or nothing.
    pub hidden: String,
    /// Sorts by it, the other way round when it is sorted by already.
    pub sort_url: Option<String>,
    /// `ascending` or `descending`.
    pub sorted: Option<String>,
}

/// A column to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnChoice {
    /// Names the text `{list}-col-{name}`.
    pub name: String,
    /// Whether it is there.
    pub shown: bool,
    /// Whether it has to be.
    pub fixed: bool,
}

/// A number of rows a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSize {
    /// How many.
    pub size: i64,
    /// The page with so many.
    pub url: String,
    /// Whether this is it.
    pub current: bool,
}

/// A hidden field that carries the rest of a form's state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hidden {
    /// Parameter name.
    pub name: String,
    /// Its value.
    pub value: String,
}
