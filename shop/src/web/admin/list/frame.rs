//! Everything around the rows: tabs, filters, heads and pages, each with its address.

use std::collections::HashMap;

use super::asked::sort_name;
use super::filter::{Chosen, operators};
use super::{Asked, Column, Kind, PAGE_SIZES, Sort, Width};
use crate::web::admin::views::list::{
    ChipView, ColumnChoice, ColumnView, Hidden, ListView, NamedLink, PageSize, TabView,
};
use crate::web::admin::views::{Choice, list};

/// What is around the rows of a page, being put together.
pub struct Frame<'a> {
    asked: &'a Asked,
    total: i64,
    counts: HashMap<String, i64>,
    offered: HashMap<&'static str, Vec<Choice>>,
    selectable: bool,
}

impl<'a> Frame<'a> {
    pub(super) fn new(asked: &'a Asked, total: i64) -> Self {
        Self { asked, total, counts: HashMap::new(), offered: HashMap::new(), selectable: false }
    }

    /// How many a built-in view has. The view of everything is called `all`.
    pub fn counted(mut self, view: &str, count: i64) -> Self {
        self.counts.insert(view.to_owned(), count);
        self
    }

    /// What an open choice offers.
    pub fn offering(mut self, filter: &'static str, choices: Vec<Choice>) -> Self {
        self.offered.insert(filter, choices);
        self
    }

    /// Rows can be picked for bulk actions.
    pub fn selectable(mut self) -> Self {
        self.selectable = true;
        self
    }

    /// The view of it.
    pub fn view(self) -> ListView {
        let asked = self.asked;
        let pages = (self.total + asked.per_page - 1).div_euclid(asked.per_page).max(1);
        let tabs = self.tabs();
        ListView {
            name: asked.list.name.to_owned(),
            path: asked.list.path.to_owned(),
            url: asked.address(asked.page),
            q: asked.q.clone(),
            search_rest: rest(asked, &["q"]),
            filters: (0..asked.filters.len()).map(|index| self.chip(index)).collect(),
            fields: self.fields(None),
            clear_url: (!asked.q.is_empty() || !asked.filters.is_empty()).then(|| self.cleared().address(1)),
            narrowed: asked.is_narrowed(),
            columns: self.shown().map(|column| self.column(column)).collect(),
            shown: self.shown().map(|column| column.name.to_owned()).collect(),
            column_choices: self.column_choices(),
            column_rest: rest(asked, &["cols"]),
            save_query: (!tabs.iter().any(|tab| tab.current) || asked.columns.is_some()).then(|| asked.query()),
            tabs,
            query: asked.query(),
            total: self.total,
            from: if self.total == 0 { 0 } else { (asked.offset() + 1).min(self.total) },
            to: (asked.offset() + asked.per_page).min(self.total),
            page: asked.page,
            pages,
            previous_url: (asked.page > 1).then(|| asked.address((asked.page - 1).min(pages))),
            next_url: (asked.page < pages).then(|| asked.address(asked.page + 1)),
            sizes: PAGE_SIZES.iter().map(|size| self.size(*size)).collect(),
            selectable: self.selectable,
        }
    }

    fn tabs(&self) -> Vec<TabView> {
        let asked = self.asked;
        let own = |view: &str| Asked::read(asked.list, Some(view), asked.place.clone(), vec![], asked.member).ok();
        let tab = |view: &str, query: &str| TabView {
            view: Some(view.to_owned()),
            name: None,
            url: if query.is_empty() { asked.list.path.to_owned() } else { format!("{}?view={view}", asked.list.path) },
            current: own(query).is_some_and(|view| asked.is_as(&view)),
            count: self.counts.get(view).copied(),
            personal: false,
            delete_id: None,
        };
        let built_in = asked.list.views.iter().map(|(view, query)| tab(view, query));
        let saved = asked.saved.iter().map(|saved| {
            let id = saved.id.to_string();
            TabView {
                view: None,
                name: Some(saved.name.clone()),
                personal: !saved.shared,
                delete_id: (saved.staff_id == asked.member).then(|| id.clone()),
                ..tab(&id, &saved.query)
            }
        });
        let mut tabs: Vec<TabView> = std::iter::once(tab("all", "")).chain(built_in).chain(saved).collect();
        // Two views may ask for the same; only the first is where we are.
        let mut found = false;
        for tab in &mut tabs {
            tab.current &= !found;
            found |= tab.current;
        }
        tabs
    }

    fn chip(&self, index: usize) -> ChipView {
        let asked = self.asked;
        let chosen = &asked.filters[index];
        let mut others = asked.clone();
        others.filters.remove(index);
        let names: Vec<&str> = chosen.raw.split(',').filter(|name| !name.is_empty()).collect();
        let choices = match chosen.filter.kind {
            Kind::Choice(all) => all.iter().map(|name| list::offered(name, None, names.contains(name))).collect(),
            Kind::OpenChoice => {
                let offered = self.offered.get(chosen.filter.name).map(Vec::as_slice).unwrap_or_default();
                let shown = |choice: &Choice| {
                    list::offered(&choice.value, Some(&choice.label), names.contains(&choice.value.as_str()))
                };
                offered.iter().map(shown).collect()
            }
            Kind::Flag => ["yes", "no"].iter().map(|name| list::offered(name, None, names.contains(name))).collect(),
            _ => vec![],
        };
        ChipView {
            index,
            field: chosen.filter.name.to_owned(),
            kind: kind_name(chosen.filter.kind).to_owned(),
            operator: chosen.operator.to_owned(),
            operators: operators(chosen.filter.kind).iter().map(|one| (*one).to_owned()).collect(),
            value: chosen.raw.clone(),
            words: chosen.words(&asked.place),
            choices,
            fields: asked.list.filters.iter().map(|filter| filter.name.to_owned()).collect(),
            error: chosen.value.as_ref().and_then(|value| value.as_ref().err().cloned()),
            draft: chosen.value.is_none(),
            remove_url: others.address(1),
            rest: rest(&others, &[]),
        }
    }

    /// For every filter, the address that begins it.
    fn fields(&self, without: Option<usize>) -> Vec<NamedLink> {
        let filters = self.asked.list.filters.iter();
        let begun = filters.map(|filter| {
            let mut asked = self.asked.clone();
            if let Some(index) = without {
                asked.filters.remove(index);
            }
            asked.filters.retain(|chosen| chosen.value.is_some());
            asked.filters.push(Chosen::read(filter, "", "", &asked.place));
            NamedLink { name: filter.name.to_owned(), url: asked.address(1) }
        });
        begun.collect()
    }

    fn cleared(&self) -> Asked {
        Asked { q: String::new(), filters: vec![], ..self.asked.clone() }
    }

    fn shown(&self) -> impl Iterator<Item = &'static Column> {
        let asked = self.asked;
        asked.list.columns.iter().filter(|column| match &asked.columns {
            Some(chosen) => chosen.contains(&column.name),
            None => column.shown,
        })
    }

    fn column(&self, column: &Column) -> ColumnView {
        let sort = self.asked.sort;
        let current = sort.column == column.name;
        let turned = Sort { column: column.name, descending: current && !sort.descending };
        let hidden = match column.above {
            None => "",
            Some(Width::Small) => "hide-s",
            Some(Width::Medium) => "hide-m",
            Some(Width::Large) => "hide-l",
        };
        ColumnView {
            name: column.name.to_owned(),
            numeric: column.numeric,
            hidden: hidden.to_owned(),
            sort_url: column.sorted.then(|| Asked { sort: turned, ..self.asked.clone() }.address(1)),
            sorted: (column.sorted && current)
                .then(|| if sort.descending { "descending" } else { "ascending" }.to_owned()),
        }
    }

    fn column_choices(&self) -> Vec<ColumnChoice> {
        let shown: Vec<&str> = self.shown().map(|column| column.name).collect();
        let choice = |column: &Column| ColumnChoice {
            name: column.name.to_owned(),
            shown: shown.contains(&column.name),
            fixed: column.fixed,
        };
        self.asked.list.columns.iter().map(choice).collect()
    }

    fn size(&self, size: i64) -> PageSize {
        let asked = self.asked;
        // The first row of the page stays on it.
        let page = asked.offset() / size + 1;
        PageSize { size, url: Asked { per_page: size, ..asked.clone() }.address(page), current: size == asked.per_page }
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Money => "money",
        Kind::Date => "date",
        Kind::Flag => "flag",
        Kind::Choice(_) | Kind::OpenChoice => "choice",
    }
}

/// What a form of the list carries along, beside its own fields.
fn rest(asked: &Asked, own: &[&str]) -> Vec<Hidden> {
    let pairs = asked.pairs().into_iter().filter(|(name, _)| !own.contains(name));
    let mut rest: Vec<Hidden> = pairs.map(|(name, value)| Hidden { name: name.to_owned(), value }).collect();
    if asked.sort == asked.list.sort || own.contains(&"sort") {
        rest.retain(|hidden| hidden.name != "sort" || hidden.value != sort_name(asked.list.sort));
    }
    rest
}
