//! What a page of a list was asked for, read from its address and written back into addresses.

use std::sync::Arc;

use uuid::Uuid;

use super::filter::{Chosen, Dates, Numbers, Value};
use super::{Column, Frame, List, PAGE_SIZES, Place, Sort};
use crate::error::Result;
use crate::store::saved_views::SavedView;
use crate::web::params;

/// The last page that anybody would turn to.
const LAST_PAGE: i64 = 1_000_000;
/// The most filters at a time.
const MOST_FILTERS: usize = 20;
/// The longest search.
const LONGEST: usize = 200;

/// What a page of a list was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is searched for; empty is everything.
    pub q: String,
    /// The order of the rows.
    pub sort: Sort,
    /// Counted from one.
    pub page: i64,
    /// Rows a page.
    pub per_page: i64,
    pub(super) list: &'static List,
    pub(super) place: Arc<Place>,
    pub(super) filters: Vec<Chosen>,
    /// Columns in the order of the table; `None` leaves the usual ones.
    pub(super) columns: Option<Vec<&'static str>>,
    pub(super) saved: Vec<SavedView>,
    pub(super) member: Uuid,
}

impl Asked {
    /// Reads the query of an address.
    pub fn read(
        list: &'static List,
        query: Option<&str>,
        place: Arc<Place>,
        saved: Vec<SavedView>,
        member: Uuid,
    ) -> Result<Self> {
        let mut pairs = params::pairs(query)?;
        // A view is its own query; what stands beside it in the address (the page) comes after and wins.
        if let Some(view) =
            pairs.iter().find(|(name, _)| name == "view").and_then(|(_, view)| query_of(list, &saved, view))
        {
            let own = params::pairs(Some(&view))?;
            pairs.splice(0..0, own);
        }
        let last = |name: &str| pairs.iter().rfind(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
        let number = |name: &str| last(name).parse::<i64>().ok();
        let per_page = number("per_page").filter(|size| PAGE_SIZES.contains(size)).unwrap_or(PAGE_SIZES[1]);
        Ok(Self {
            q: last("q").trim().chars().take(LONGEST).collect(),
            sort: sort(list, last("sort")),
            page: number("page").unwrap_or(1).clamp(1, LAST_PAGE),
            per_page,
            filters: filters(list, &pairs, &place),
            columns: columns(list, &pairs),
            list,
            place,
            saved,
            member,
        })
    }

    /// How many rows the page has at most.
    pub fn limit(&self) -> i64 {
        self.per_page
    }

    /// How many rows come before the page.
    pub fn offset(&self) -> i64 {
        (self.page - 1) * self.per_page
    }

    /// The names that a choice allows; empty where nobody filters by it. What can't be true has the name "".
    pub fn choices(&self, name: &str) -> Vec<String> {
        let all: Vec<Vec<String>> = self.of(name).filter_map(Chosen::names).collect();
        let Some((first, others)) = all.split_first() else { return vec![] };
        let in_all = |one: &&String| others.iter().all(|names| names.contains(one));
        let both: Vec<String> = first.iter().filter(in_all).cloned().collect();
        if both.is_empty() { vec![String::new()] } else { both }
    }

    /// The numbers that a filter allows.
    pub fn numbers(&self, name: &str) -> Numbers {
        self.of(name).filter_map(Chosen::numbers).fold(Numbers::default(), Numbers::and)
    }

    /// The amounts that a filter allows, in minor units.
    pub fn amounts(&self, name: &str) -> Numbers {
        self.numbers(name)
    }

    /// The moments that a filter allows.
    pub fn dates(&self, name: &str) -> Dates {
        self.of(name).filter_map(|chosen| chosen.dates(&self.place)).fold(Dates::default(), Dates::and)
    }

    /// Yes, no, or either.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.of(name).find_map(|chosen| match chosen.wanted()? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    /// The text that a filter looks for.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.of(name).find_map(|chosen| match chosen.wanted()? {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Whether anything is searched or filtered.
    pub fn is_narrowed(&self) -> bool {
        !self.q.is_empty() || self.filters.iter().any(|chosen| chosen.wanted().is_some())
    }

    /// The frame around so many rows in all.
    pub fn frame(&self, total: i64) -> Frame<'_> {
        Frame::new(self, total)
    }

    fn of(&self, name: &str) -> impl Iterator<Item = &Chosen> {
        self.filters.iter().filter(move |chosen| chosen.filter.name == name)
    }

    /// The same search and filters, whatever the order, page and columns.
    pub(super) fn is_as(&self, other: &Asked) -> bool {
        fn applied(asked: &Asked) -> Vec<(&str, &str, &Value)> {
            let mut all: Vec<_> = asked.filters.iter().filter_map(Chosen::applied).collect();
            all.sort();
            all
        }
        self.q == other.q && applied(self) == applied(other)
    }

    /// What an address of this list holds, but for the page: only what is not as usual.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("q", self.q.clone())];
        pairs.extend(self.filters.iter().map(|chosen| ("filter", chosen.written())));
        if self.sort != self.list.sort {
            pairs.push(("sort", sort_name(self.sort)));
        }
        if self.per_page != PAGE_SIZES[1] {
            pairs.push(("per_page", self.per_page.to_string()));
        }
        if let Some(columns) = &self.columns {
            pairs.push(("cols", columns.join(",")));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The query that a bulk action or a saved view keeps.
    pub fn query(&self) -> String {
        let address = params::address("", &self.pairs());
        address.trim_start_matches('?').to_owned()
    }

    /// The address of a page of it.
    pub fn address(&self, page: i64) -> String {
        let mut pairs = self.pairs();
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        params::address(self.list.path, &pairs)
    }
}

fn query_of(list: &List, saved: &[SavedView], view: &str) -> Option<String> {
    let built_in = list.views.iter().find(|(name, _)| *name == view).map(|(_, query)| (*query).to_owned());
    built_in.or_else(|| saved.iter().find(|own| own.id.to_string() == view).map(|own| own.query.clone()))
}

/// `placed`, or `-placed` for descending.
fn sort(list: &List, text: &str) -> Sort {
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let column = list.columns.iter().find(|column| column.sorted && column.name == name);
    column.map_or(list.sort, |column| Sort { column: column.name, descending })
}

pub(super) fn sort_name(sort: Sort) -> String {
    format!("{}{}", if sort.descending { "-" } else { "" }, sort.column)
}

/// `filter=field:operator:value`, and the same in three fields of a form: `field`, `op`, and `value` once or more.
fn filters(list: &'static List, pairs: &[(String, String)], place: &Place) -> Vec<Chosen> {
    let chosen = |field: &str, operator: &str, value: &str| {
        let filter = list.filters.iter().find(|filter| filter.name == field)?;
        Some(Chosen::read(filter, operator, value, place))
    };
    let written = pairs.iter().filter(|(name, _)| name == "filter").filter_map(|(_, text)| {
        let mut parts = text.splitn(3, ':');
        chosen(parts.next()?, parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    });
    let first = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    let values = pairs.iter().filter(|(name, value)| name == "value" && !value.is_empty());
    let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
    let formed = chosen(first("field"), first("op"), &values.join(","));
    written.chain(formed).take(MOST_FILTERS).collect()
}

/// `cols=placed,total`, or `col=placed&col=total` of a form.
fn columns(list: &'static List, pairs: &[(String, String)]) -> Option<Vec<&'static str>> {
    let named = pairs.iter().filter(|(name, _)| name == "cols" || name == "col");
    let named: Vec<&str> = named.flat_map(|(_, value)| value.split(',')).collect();
    if named.is_empty() {
        return None;
    }
    let shown = |column: &&Column| column.fixed || named.contains(&column.name);
    let columns: Vec<&str> = list.columns.iter().filter(shown).map(|column| column.name).collect();
    let usual = list.columns.iter().filter(|column| column.shown).map(|column| column.name);
    (!usual.eq(columns.iter().copied())).then_some(columns)
}
