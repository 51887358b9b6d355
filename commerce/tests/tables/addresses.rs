//! Addresses, by country; the country table against the data it was taken from.

use crate::common::address;
use commerce::address::{Address, countries, country, form_fields};
use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;

/// Changes a good address of `code` and compares the fields that are refused.
fn check(code: &str, change: fn(&mut Address), expected: &[&str]) {
    let mut address = address(code);
    change(&mut address);
    let errors = address.check();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, expected, "{errors:?}");
}

#[test]
fn what_an_address_must_be() {
    check("NL", |_| {}, &[]);
    check("US", |_| {}, &[]);
    check("CA", |_| {}, &[]);
    check("DE", |_| {}, &[]);
    check("NL", |address| address.name = " ".into(), &["name"]);
    check("NL", |address| address.line1.clear(), &["line1"]);
    check("NL", |address| address.city.clear(), &["city"]);
    check("NL", |address| address.postal_code = None, &["postal_code"]);
    check("NL", |address| address.postal_code = Some("3511".into()), &["postal_code"]);
    check("NL", |address| address.postal_code = Some("3511lx".into()), &[]);
    check("NL", |address| address.postal_code = Some("NL-3511 LX".into()), &[]);
    check("NL", |address| address.country = "nl".into(), &[]);
    check("NL", |address| address.country = "XX".into(), &["country"]);
    check("NL", |address| address.country.clear(), &["country"]);
    check("NL", |address| address.line2 = Some("a\nb".into()), &["line2"]);
    check("NL", |address| address.city = "Utrecht\0".into(), &["city"]);
    check("NL", |address| address.name = "x".repeat(201), &["name"]);
    check("NL", |address| address.name = "é".repeat(200), &[]);
    check("US", |address| address.region = None, &["region"]);
    check("US", |address| address.region = Some("Oregon".into()), &[]);
    check("US", |address| address.region = Some("ZZ".into()), &["region"]);
    check("US", |address| address.postal_code = Some("97205-1234".into()), &[]);
    check("US", |address| address.postal_code = Some("9720".into()), &["postal_code"]);
    check("CA", |address| address.postal_code = Some("m5v2t6".into()), &[]);
    check("CA", |address| address.region = Some("quebec".into()), &[]);
    check("DE", |address| address.postal_code = Some("D-10115".into()), &["postal_code"]);
    check("DE", |address| address.postal_code = Some("DE-10115".into()), &[]);
    check(
        "US",
        |address| {
            *address =
                Address { country: "HK".into(), postal_code: None, region: Some("Kowloon".into()), ..address.clone() }
        },
        &[],
    );
    check(
        "US",
        |address| *address = Address { country: "IE".into(), postal_code: None, region: None, ..address.clone() },
        &[],
    );
}

#[test]
fn an_address_is_kept_tidy() {
    let untidy = Address {
        name: " Ada ".into(),
        line2: Some("  ".into()),
        region: Some("oregon".into()),
        postal_code: Some("972051234".into()),
        country: " us ".into(),
        ..address("US")
    };
    let tidy = untidy.normalized();
    assert_eq!((tidy.name.as_str(), tidy.line2.as_deref(), tidy.region.as_deref()), ("Ada", None, Some("OR")));
    assert_eq!((tidy.postal_code.as_deref(), tidy.country.as_str()), (Some("97205-1234"), "US"));
    assert_eq!(tidy.normalized(), tidy);
    assert_eq!(untidy.destination().region.as_deref(), Some("OR"));
}

#[test]
fn postal_codes_in_their_countrys_writing() {
    for (code, text, written) in [
        ("GB", "ec1a1bb", Some("EC1A 1BB")),
        ("GB", "M1 1AE", Some("M1 1AE")),
        ("GB", "W1A0AX", Some("W1A 0AX")),
        ("GB", "12345", None),
        ("PT", "2725079", Some("2725-079")),
        ("PL", "00 950", Some("00-950")),
        ("SE", "11455", Some("114 55")),
        ("BR", "40301110", Some("40301-110")),
        ("JP", "1540023", Some("154-0023")),
        ("LV", "1073", None),
        ("LV", "lv1073", Some("LV-1073")),
        ("IE", "d02x285", Some("D02 X285")),
        ("IE", "D6WXY00", Some("D6W XY00")),
        ("AE", "anything", Some("ANYTHING")),
    ] {
        assert_eq!(country(code).expect("a country").postal_code(text).as_deref(), written, "{code} {text}");
    }
}

#[test]
fn the_form_follows_the_country() {
    let shape = |code: &str| {
        let mark = |required| if required { "!" } else { "" };
        let fields = form_fields(code);
        fields.iter().map(|field| format!("{}{}", field.name, mark(field.required))).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(shape("US"), "name! line1! line2 city! region! postal_code! country! phone");
    assert_eq!(shape("NL"), "name! line1! line2 postal_code! city! country! phone");
    assert_eq!(shape("GB"), "name! line1! line2 city! postal_code! country! phone");
    assert_eq!(shape("AE"), "name! line1! line2 city! country! phone");
    assert_eq!(shape("JP"), "postal_code! region! city! line1! line2 name! country! phone");
    assert_eq!(shape("??"), "name! line1! line2 city region postal_code country! phone");
    let label = |code: &str, name: &str| {
        form_fields(code).into_iter().find(|field| field.name == name).map(|field| field.label)
    };
    assert_eq!(label("US", "postal_code"), Some("ZIP code"));
    assert_eq!(label("US", "region"), Some("State"));
    assert_eq!(label("JP", "region"), Some("Prefecture"));
    assert_eq!(label("CA", "region"), Some("Province"));
    assert_eq!(label("NL", "postal_code"), Some("Postcode"));
}

#[test]
fn every_country_has_a_form_and_an_example_that_fits() {
    for land in countries() {
        assert!(form_fields(land.code).iter().any(|field| field.name == "line1"), "{}", land.code);
        let example = land.postal_example();
        assert_eq!(land.postal_code(&example), Some(example.clone()), "{}", land.code);
    }
    let mut codes: Vec<&str> = countries().iter().map(|land| land.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), countries().len());
}

/// The examples of the file that do not fit the file's own patterns: an O for a 0, digits that fell out.
const SLIPS: [&str; 3] = ["RH6 OHP", "20050", "1001"];

/// The table against the file its facts were taken from, where the file is there.
#[test]
fn countries_agree_with_the_address_data() {
    let Some(data) = address_data() else { return };
    for land in countries() {
        let Some(known) = data.get(land.code) else { panic!("{} is not in the data", land.code) };
        // The file's default is street and city.
        let require = known["require"].as_str().unwrap_or("AC");
        for (letter, field) in [('A', "line1"), ('C', "city"), ('S', "region"), ('Z', "postal_code")] {
            let required = form_fields(land.code).iter().any(|form| form.name == field && form.required);
            assert_eq!(required, require.contains(letter), "{field} of {}", land.code);
        }
        let examples = known["zipex"].as_str().unwrap_or_default().split(',').filter(|example| !example.is_empty());
        for example in examples.filter(|example| !SLIPS.contains(example)) {
            assert!(land.postal_code(example).is_some(), "{example} of {}", land.code);
        }
        let regions = known["sub_keys"].as_str().map_or(0, |keys| keys.split('~').count());
        if require.contains('S') {
            assert_eq!(land.regions().len(), regions, "regions of {}", land.code);
        }
    }
    assert_eq!(data.keys().filter(|code| code.len() == 2 && *code != "ZZ").count(), countries().len());
}

/// The country rows of libaddressinput, by code.
fn address_data() -> Option<HashMap<String, serde_json::Value>> {
    let folder = std::env::var_os("OXCART_REAL_DATA").map_or_else(|| PathBuf::from("../../shared/data"), PathBuf::from);
    let file = folder.join("libaddressinput/countryinfo.txt.gz");
    if !file.exists() {
        println!("{} is missing: the country table is checked against fixed cases only", file.display());
        return None;
    }
    let mut text = String::new();
    let packed = std::fs::File::open(file).expect("the file can be read");
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("the file is gzip of UTF-8");
    let rows = text.lines().filter_map(|line| line.strip_prefix("data/")?.split_once('='));
    let countries = rows.filter(|(key, _)| !key.contains(['/', '-']));
    Some(countries.map(|(key, row)| (key.to_owned(), serde_json::from_str(row).expect("a row is JSON"))).collect())
}
