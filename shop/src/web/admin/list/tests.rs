use chrono::{TimeDelta, TimeZone};
use commerce::money::Currency;

use super::*;

static SHELF: List = List {
    name: "shelf",
    path: "/admin/shelf",
    columns: &[
        Column::new("name").sorted().fixed(),
        Column::new("price").sorted().numeric(),
        Column::new("made").sorted().hidden_below(Width::Medium),
        Column::new("maker").off(),
    ],
    filters: &[
        Filter::choice("state", &["draft", "active", "archived"]),
        Filter::open_choice("maker"),
        Filter::money("price"),
        Filter::number("stock"),
        Filter::date("made"),
        Filter::text("sku"),
        Filter::flag("tracked"),
    ],
    sort: Sort::descending("made"),
    views: &[("for-sale", "filter=state:any:active")],
};

fn asked(query: &str) -> Asked {
    asked_with(query, vec![])
}

fn asked_with(query: &str, saved: Vec<saved_views::SavedView>) -> Asked {
    let place = Place {
        currency: Currency::parse("EUR").expect("is known"),
        locale: "en-GB".into(),
        zone: Tz::Europe__Amsterdam,
        now: moment(21, 22),
    };
    Asked::read(&SHELF, Some(query), Arc::new(place), saved, Uuid::nil()).expect("is readable")
}

fn moment(day: u32, hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, day, hour, 0, 0).single().expect("is one moment")
}

#[test]
fn filters_become_what_a_query_needs() {
    let all = asked(
        "filter=price:min:20.00&filter=price:max:1,000.50&filter=made:from:2026-11-01&filter=made:until:2026-11-01&filter=stock:is:-3&filter=tracked:is:no&filter=sku:contains:KT-1",
    );
    assert_eq!(all.amounts("price"), Numbers { min: Some(2_000), max: Some(100_050) });
    let day = Dates { from: Some(moment(1, 0) - TimeDelta::hours(1)), before: Some(moment(1, 23)) };
    assert_eq!(all.dates("made"), day, "a day is a day where the shop is");
    assert_eq!(asked("filter=made:on:2026-11-01").dates("made"), day);
    assert_eq!(asked("filter=made:within:2").dates("made").from, Some(moment(19, 22)));
    assert_eq!(all.numbers("stock"), Numbers { min: Some(-3), max: Some(-3) });
    assert_eq!((all.flag("tracked"), all.text("sku")), (Some(false), Some("KT-1")));
    assert!(all.is_narrowed() && !asked("").is_narrowed());
}

#[test]
fn choices_are_taken_together_and_the_impossible_stays_impossible() {
    let names = |query: &str| asked(query).choices("state");
    assert!(names("").is_empty());
    assert_eq!(names("filter=state:any:draft,active"), ["draft", "active"]);
    assert_eq!(names("filter=state:none:draft"), ["active", "archived"]);
    assert_eq!(names("filter=state:any:draft&filter=state:none:draft"), [""]);
    assert_eq!(asked("filter=maker:any:a,b&filter=maker:any:b").choices("maker"), ["b"]);
}

#[test]
fn the_fields_of_a_form_are_a_filter_too() {
    let list = asked("q=oak&filter=sku:contains:a&field=state&op=any&value=draft&value=active");
    assert_eq!(list.address(1), "/admin/shelf?q=oak&filter=sku:contains:a&filter=state:any:draft,active");
}

#[test]
fn what_cannot_be_read_is_shown_and_not_applied() {
    for (query, message) in [
        ("filter=price:min:1,299", "may mean two amounts"),
        ("filter=stock:min:many", "whole number"),
        ("filter=made:from:31.12.2026", "has to be a day"),
        ("filter=state:any:lost", "not one of the choices"),
        ("filter=tracked:is:maybe", "yes or no"),
    ] {
        let list = asked(query);
        assert!(!list.is_narrowed(), "{query}");
        let view = list.frame(3).view();
        let error = view.filters[0].error.as_deref().unwrap_or_default();
        assert!(error.contains(message), "{query}: {error}");
    }
    assert!(asked("filter=unknown:is:1&sort=-secret&page=-2&per_page=7").filters.is_empty());
    assert_eq!(asked("sort=-secret&page=-2&per_page=7").address(1), "/admin/shelf");
    assert!(asked("filter=price").frame(1).view().filters[0].draft);
}

#[test]
fn addresses_hold_only_what_is_not_as_usual() {
    let list = asked("sort=price&page=3&per_page=25&cols=price&filter=state:any:active");
    assert_eq!((list.limit(), list.offset()), (25, 50));
    let view = list.frame(60).view();
    assert_eq!(view.url, "/admin/shelf?filter=state:any:active&sort=price&per_page=25&cols=name,price&page=3");
    assert_eq!(view.shown, ["name", "price"]);
    assert_eq!((view.from, view.to, view.pages), (51, 60, 3));
    assert_eq!(view.next_url, None);
    let price = &view.columns[1];
    assert_eq!(price.sorted.as_deref(), Some("ascending"));
    assert!(price.sort_url.as_deref().is_some_and(|url| url.contains("sort=-price") && !url.contains("page=3")));
    assert!(view.sizes[2].url.contains("per_page=100") && !view.sizes[2].url.contains("page=3"), "{:?}", view.sizes);
    assert_eq!(asked("sort=-made&cols=name,price,made").address(1), "/admin/shelf");
}

#[test]
fn a_view_is_its_query_and_is_found_again() {
    let current = |list: &Asked| {
        let tabs = list.frame(0).view().tabs;
        tabs.into_iter().find(|tab| tab.current).and_then(|tab| tab.view.or(tab.name))
    };
    assert_eq!(current(&asked("")).as_deref(), Some("all"));
    assert_eq!(current(&asked("view=for-sale&page=2")).as_deref(), Some("for-sale"));
    assert_eq!(current(&asked("filter=state:any:active&sort=price")).as_deref(), Some("for-sale"));
    assert_eq!(current(&asked("filter=state:any:draft")), None);
    let saved = saved_views::SavedView {
        id: Uuid::from_u128(7),
        staff_id: Uuid::nil(),
        list: "shelf".into(),
        name: "Cheap".into(),
        query: "filter=price:max:5&cols=price".into(),
        shared: false,
        created_at: moment(1, 1),
    };
    let cheap = asked_with(&format!("view={}", saved.id), vec![saved]);
    assert_eq!(current(&cheap).as_deref(), Some("Cheap"));
    assert_eq!(cheap.amounts("price").max, Some(500));
    assert_eq!(cheap.frame(0).view().shown, ["name", "price"]);
}

#[test]
fn a_bulk_action_is_about_these_or_about_all_that_match() {
    let place = || Arc::unwrap_or_clone(asked("").place);
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let read = |fields: &[(String, String)]| Picked::read(&SHELF, fields, place(), Uuid::nil());
    let id = Uuid::from_u128(3);
    let Ok(Picked::These(ids)) = read(&[field("id", &id.to_string())]) else { panic!("these") };
    assert_eq!(ids, [id]);
    let Ok(Picked::Matching(all)) = read(&[field("all", "1"), field("query", "filter=state:any:draft")]) else {
        panic!("all that match")
    };
    assert_eq!(all.choices("state"), ["draft"]);
    assert!(read(&[]).is_err() && read(&[field("id", "x")]).is_err());
}
