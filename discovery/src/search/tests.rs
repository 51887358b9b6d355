//! What a search promises, on a shelf of a few products.

use std::sync::Arc;

use super::*;

const SHELF: [(u128, &str, &str, &str); 14] = [
    (1, "Oak wine rack for 12 bottles", "Holm", "Holds twelve bottles."),
    (2, "Wine glasses, set of 6", "Holm", "A gift beside any wine rack of steel."),
    (3, "Sony WH-1000XM4 headphones", "Sony", "Wireless over-ear headphones."),
    (4, "Head phones for children", "Kiddo", "Soft and small."),
    (5, "Nylon rope 10 ft", "Tau", "Strong."),
    (6, "Nylon rope, 20-foot", "Tau", "Stronger."),
    (7, "Women's running shoes", "Fleet", "For the road."),
    (8, "Crème brûlée torch", "Flamme", "Caramel in seconds."),
    (9, "T-Shirt black", "Plain", "Cotton."),
    (10, "Christmas lights, LED", "Glow", "For the tree."),
    (11, "Sofa three seats", "Holm", "Grey cloth."),
    (12, "Memory card 16GB", "Tau", "Fast."),
    (13, "Bottle opener", "Holm", "Opens a bottle."),
    (14, "Curtain 2,5 m", "Tau", "Long."),
];

fn document((id, name, brand, description): (u128, &str, &str, &str)) -> Document {
    Document {
        id,
        name: name.into(),
        brand: Some(brand.into()),
        description: description.into(),
        codes: vec![format!("SKU-{id:04}-AB")],
        ..Document::default()
    }
}

fn shelf() -> Index {
    let (index, opened) = Index::open(None, Language::ENGLISH).expect("memory holds an index");
    assert_eq!(opened, Opened::New);
    index.rebuild(SHELF.map(document), 7).expect("products are indexed");
    index
}

fn find(index: &Index, text: &str, typing: bool, rules: &Rules) -> Found {
    let query = Query { text, typing, ordered: None, prior: None };
    index.search(&query, rules).expect("a search answers")
}

fn ids(found: &Found) -> Vec<u128> {
    found.ids().collect()
}

#[test]
fn the_right_product_comes_first_however_it_is_written() {
    let (index, rules) = (shelf(), Rules::new(Language::ENGLISH));
    for (text, first) in [
        ("wine rack", 1),
        ("wine racks", 1),
        ("WINE   RACK!", 1),
        ("winerack", 1),
        ("wien rack", 1),
        ("wh-1000xm4", 3),
        ("wh1000xm4", 3),
        ("wh 1000 xm4", 3),
        ("wh-1000", 3),
        ("1000xm4", 3),
        ("SKU-0011-AB", 11),
        ("sku0011", 11),
        ("headphones children", 4),
        ("rope 10'", 5),
        ("10-foot rope", 5),
        ("10 feet nylon rope", 5),
        ("20ft rope", 6),
        ("womens shoe", 7),
        ("woman shoe", 7),
        ("creme brulee", 8),
        ("CRÈME BRÛLÉE", 8),
        ("tshirt", 9),
        ("t shirt", 9),
        ("chrismas lihgts", 10),
        ("gray sofa", 11),
        ("16 gb card", 12),
        ("curtain 2.5 m", 14),
        ("holm bottle opener", 13),
    ] {
        let found = find(&index, text, false, &rules);
        assert_eq!(ids(&found).first(), Some(&first), "{text}: {found:?}");
    }
}

#[test]
fn what_was_done_to_a_query_is_said() {
    let (index, rules) = (shelf(), Rules::new(Language::ENGLISH));
    let exact = find(&index, "wine rack", false, &rules);
    assert_eq!((exact.corrected, exact.left_out, exact.whole), (None, vec![], 2));
    let corrected = find(&index, "chrismas lights", false, &rules);
    assert_eq!(corrected.corrected.as_deref(), Some("christmas lights"));
    let relaxed = find(&index, "wine rack zebra", false, &rules);
    assert_eq!((ids(&relaxed)[0], relaxed.left_out, relaxed.whole), (1, vec!["zebra".to_owned()], 0));
    let nothing = find(&index, "zzzzqqqq", false, &rules);
    assert_eq!(Found { products: Arc::default(), ..nothing }, Found::default());
}

#[test]
fn digits_and_short_words_are_never_corrected() {
    let (index, rules) = (shelf(), Rules::new(Language::ENGLISH));
    for text in ["wh2000xm9", "rop3", "xx"] {
        let found = find(&index, text, false, &rules);
        assert_eq!((found.whole, found.corrected), (0, None), "{text}");
    }
    let swapped = find(&index, "soaf", false, &rules);
    assert_eq!(ids(&swapped), [11], "a transposition is one error");
}

#[test]
fn the_last_word_may_be_a_beginning_while_typing() {
    let (index, rules) = (shelf(), Rules::new(Language::ENGLISH));
    assert_eq!(ids(&find(&index, "christm", true, &rules)), [10]);
    assert_eq!(ids(&find(&index, "wine ra", true, &rules))[0], 1);
    assert_eq!(index.suggest("wi", 3).expect("it suggests")[0], "wine");
    assert_eq!(index.suggest("wine ra", 3).expect("it suggests"), ["wine rack"]);
    assert_eq!(index.suggest("", 3).expect("it suggests"), [""; 0]);
}

#[test]
fn the_shop_s_rules_hold() {
    let index = shelf();
    let mut rules = Rules::new(Language::ENGLISH);
    rules.one_way("couch", "sofa");
    rules.two_way(&["xmas", "christmas"]);
    rules.one_way("corkscrew", "bottle opener");
    let about = QueryRule { pinned: vec![9, 99], boosted: vec![], hidden: vec![2], redirect: Some("/wine".into()) };
    rules.about("Wine Racks", about);
    rules.about("rope", QueryRule { boosted: vec![6], ..QueryRule::default() });
    assert_eq!(ids(&find(&index, "couch", false, &rules)), [11]);
    assert_eq!(ids(&find(&index, "xmas lights", false, &rules))[0], 10);
    assert_eq!(ids(&find(&index, "corkscrew", false, &rules))[0], 13);
    let ruled = find(&index, "wine rack", false, &rules);
    assert_eq!((ids(&ruled)[..2].to_vec(), ruled.redirect.as_deref()), (vec![9, 1], Some("/wine")));
    assert!(!ids(&ruled).contains(&2));
    assert_eq!(ids(&find(&index, "rope", false, &rules)), [6, 5]);
    assert_eq!(ids(&find(&index, "rope", false, &Rules::new(Language::ENGLISH))), [5, 6]);
}

#[test]
fn the_prior_sinks_what_is_sold_out() {
    let (index, rules) = (shelf(), Rules::new(Language::ENGLISH));
    let query =
        Query { text: "rope", typing: false, ordered: Some(1), prior: Some(&|id| if id == 5 { 0.5 } else { 1.0 }) };
    assert_eq!(ids(&index.search(&query, &rules).expect("a search answers")), [6, 5]);
}

#[test]
fn documents_are_replaced_and_removed_and_found_again_after_opening() {
    let folder = std::env::temp_dir().join(format!("oxcart-search-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let rules = Rules::new(Language::ENGLISH);
    let (index, opened) = Index::open(Some(&folder), Language::ENGLISH).expect("the folder is made");
    assert_eq!(opened, Opened::New);
    index.update(SHELF.map(document), [], 1).expect("products are indexed");
    let renamed = document((1, "Brass telescope", "Holm", "Sees far."));
    index.update([renamed], [3], 2).expect("products are replaced");
    drop(index);
    let (index, opened) = Index::open(Some(&folder), Language::ENGLISH).expect("the folder is there");
    assert_eq!((opened, index.count()), (Opened::At(2), 13));
    assert_eq!(ids(&find(&index, "telescope", false, &rules)), [1]);
    assert_eq!(ids(&find(&index, "wh-1000xm4", false, &rules)), [0_u128; 0]);
    drop(index);
    let (_, opened) = Index::open(Some(&folder), Language::of("de")).expect("the folder is there");
    assert_eq!(opened, Opened::New, "an index of another language is built anew");
    assert_eq!(std::fs::read_dir(&folder).expect("the folder is there").count(), 1);
    std::fs::remove_dir_all(&folder).expect("the folder is removed");
}

#[test]
fn many_small_changes_leave_few_segments() {
    let index = shelf();
    for nth in 0..100_u128 {
        let lamp = Document { id: 100 + nth, name: format!("Lamp {nth}"), ..Document::default() };
        index.update([lamp], [], 8).expect("a product is added");
        index.update([document(SHELF[nth as usize % 14])], [], 9).expect("a product is replaced");
    }
    let segments = index.snapshot().shards.len();
    assert!(segments <= 8, "each is larger than all that are smaller together: {segments} for 114 products");
    let rules = Rules::new(Language::ENGLISH);
    assert_eq!((index.count(), find(&index, "lamp", false, &rules).whole), (114, 100));
    assert_eq!(ids(&find(&index, "wine rack", false, &rules))[0], 1);
}

#[test]
fn of_many_frequent_words_some_are_enough() {
    let (index, _) = Index::open(None, Language::ENGLISH).expect("memory holds an index");
    let product = |id| Document { id, name: format!("one of the red and blue lamps {id}"), ..Document::default() };
    index.rebuild((0..1_000).map(product), 0).expect("products are indexed");
    let rules = Rules::new(Language::ENGLISH);
    assert_eq!(find(&index, "one of the red and blue lamps", false, &rules).whole, 1_000);
    assert_eq!(ids(&find(&index, "the red lamp 77", false, &rules))[0], 77);
}

#[test]
fn hostile_queries_are_answered() {
    let (index, rules) = (shelf(), Rules::new(Language::ENGLISH));
    let long = "wine rack ".repeat(1_000);
    for text in [
        "",
        " ",
        "*",
        "AND OR NOT",
        "name:*",
        "\"",
        "(((",
        "a/b\\c",
        "\u{202e}kcar eniw",
        "\0\u{1}\u{7f}",
        "💥💥",
        &long,
    ] {
        for typing in [false, true] {
            find(&index, text, typing, &rules);
        }
        index.suggest(text, 8).expect("it suggests");
    }
    assert_eq!(ids(&find(&index, "\u{202e}wi\u{200b}ne\0rack", false, &rules))[0], 1);
}

proptest::proptest! {
    #[test]
    fn any_text_is_analysed_alike_on_both_sides(text in "\\PC{0,60}", language in 0..4_usize) {
        let language = ["en", "de", "fr", "ja"].map(Language::of)[language];
        let all = pieces::pieces(&text, language);
        let again: Vec<_> = pieces::pieces(&text.to_lowercase(), language);
        let words = |pieces: &[pieces::Piece]| pieces.iter().flat_map(terms::written).collect::<Vec<_>>().concat();
        proptest::prop_assert_eq!(fold(&words(&all)), fold(&words(&again)));
        for word in all.iter().flat_map(terms::written) {
            proptest::prop_assert!(!word.is_empty() && !word.chars().any(char::is_whitespace));
        }
    }
}
