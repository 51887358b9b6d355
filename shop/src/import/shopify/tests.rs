use commerce::catalog::{ProductInput, ProductStatus, StockPolicy};

use super::*;
use crate::import::Wanted;

/// The products of a CSV and everything said about it.
fn import(text: &str) -> (Vec<ProductInput>, Vec<String>) {
    let (mut products, mut said) = (Vec::new(), Vec::new());
    let currency = Currency::parse("EUR").expect("a currency");
    let mut take = |item| match item {
        Item::Entry(entry) => match entry.wanted {
            Wanted::Product(product) => products.push(*product),
            Wanted::CategoryName(category) => {
                said.push(format!("category {} under {:?}", category.slug, category.parent))
            }
            _ => unreachable!("a Shopify CSV has products only"),
        },
        Item::Row(row) => said.push(row.to_string()),
    };
    crate::import::source::read(text.as_bytes(), Some(crate::import::Format::Shopify), currency, &mut take)
        .expect("a CSV");
    (products, said)
}

fn one(text: &str) -> (ProductInput, Vec<String>) {
    let (mut products, said) = import(text);
    assert_eq!(products.len(), 1, "{said:?}");
    (products.remove(0), said)
}

#[test]
fn old_columns_with_a_mark_quotes_and_newlines() {
    let (product, said) = one(
        "\u{feff}Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
        Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,\
        Variant Compare At Price,Image Src,Image Position,Image Alt Text,SEO Title,Variant Tax Code\n\
        cup,Cup,\"<p>Say \"\"hi\"\",\nthen sip.</p>\",Acme,Table > Cups,\"a, b ,a\",true,Size,Small,C-S,120,shopify,3,deny,\"1,299.00\",1500,\
        https://e.com/2.jpg,2,Two,A cup,X\n\
        cup,,,,,,,,Large,C-L,140.0,,,continue,9.5,,https://e.com/1.jpg,1,,,\n\
        cup,,,,,,,,,,,,,,,,https://e.com/3.jpg,3,,,\n",
    );
    assert_eq!(product.description_html, "<p>Say \"hi\",\nthen sip.</p>");
    assert_eq!(product.brand.as_deref(), Some("Acme"));
    assert_eq!(product.categories, ["table-cups"]);
    assert_eq!(product.status, ProductStatus::Active);
    assert_eq!(product.options[0].values, ["Small", "Large"]);
    let [small, large] = &product.variants[..] else { panic!("{:?}", product.variants) };
    assert_eq!((small.price.minor, small.compare_at_price.map(|p| p.minor)), (129_900, Some(150_000)));
    assert_eq!((small.on_hand, small.tracked, small.policy), (Some(3), true, StockPolicy::Deny));
    assert_eq!((large.price.minor, large.weight_grams), (950, Some(140)));
    assert_eq!((large.on_hand, large.tracked, large.policy), (None, false, StockPolicy::Continue));
    let pictures: Vec<&str> = product.images.iter().map(|image| image.src.as_str()).collect();
    assert_eq!(pictures, ["https://e.com/1.jpg", "https://e.com/2.jpg", "https://e.com/3.jpg"]);
    assert_eq!(product.seo.title.as_deref(), Some("A cup"));
    assert_eq!(
        said,
        [
            "the file: the column \"Variant Tax Code\" is not kept (1 values)",
            "category table under None",
            "category table-cups under Some(\"table\")",
        ]
    );
}

#[test]
fn new_columns_with_semicolons() {
    let (product, said) =
        one("Title;URL handle;Description;Status;SKU;Option1 name;Option1 value;Price;Compare-at price;Charge tax;\
        Inventory quantity;Continue selling when out of stock;Weight value (grams);Product image URL;\
        Colour (product.metafields.custom.colour)\n\
        Cup;cup;Plain;Draft;C-1;Title;Default Title;1.299,00;0;FALSE;7;TRUE;12.4;https://e.com/1.jpg;Ink\n");
    assert_eq!(product.status, ProductStatus::Draft);
    assert!(product.options.is_empty());
    let variant = &product.variants[0];
    assert_eq!((variant.price.minor, variant.compare_at_price, variant.taxable), (129_900, None, false));
    assert_eq!((variant.on_hand, variant.tracked, variant.policy), (Some(7), true, StockPolicy::Continue));
    assert_eq!(product.attributes[0].value, "Ink");
    assert_eq!(said, ["line 2, cup: 12.4 g was rounded to whole grams"]);
}

#[test]
fn few_columns_are_enough() {
    let (product, _) = one("Title,Price\nTea & Co,4\n");
    assert_eq!((product.slug.as_str(), product.variants[0].price.minor), ("tea-co", 400));
    assert!(!product.variants[0].tracked);
}

#[test]
fn a_bad_row_takes_its_whole_product_and_no_other() {
    let head = "Handle,Title,Option1 Name,Option1 Value,Variant Price\n";
    for (rows, expected) in [
        ("cup,Cup,Size,S,4\ncup,,,M,free\n", "line 3, cup skipped: \"free\" is not an amount"),
        (
            "cup,Cup,Size,S,4\ncup,,,M,\"1,299\"\n",
            "line 3, cup skipped: \"1,299\" may mean two amounts; write it with a point and all decimals, such as 1299.00",
        ),
        ("cup,Cup,Size,S,4\ncup,,,,5\n", "line 3, cup skipped: the variant has no Size"),
        ("cup,Cup,Size,S,\n", "line 2, cup skipped: the variant has no price"),
        ("cup,Cup,Size,S,4\ncup,,,S,5\n", "line 3, cup skipped: another variant has the same options"),
        ("cup,Cup,Size,S,$4\n", "line 2, cup skipped: \"$4\" is in another currency than EUR"),
        ("cup,Cup,,,\n", "line 2, cup skipped: the product has no row with a price"),
        ("cup,,Size,S,4\n", "line 2, cup skipped: the product has no title"),
        (
            "cup,Cup,Size,S,4,surplus\n",
            "line 2, cup skipped: the row has 6 cells under 5 columns; look for a missing quote",
        ),
        (",,Size,S,4\n", "line 2 skipped: the row has no handle, so it belongs to no product"),
    ] {
        let (products, said) = import(&format!("{head}{rows}mug,Mug,,,3\n"));
        assert_eq!(products.iter().map(|product| product.slug.as_str()).collect::<Vec<_>>(), ["mug"], "{rows}");
        assert_eq!(said, [expected], "{rows}");
    }
}

#[test]
fn what_is_odd_is_taken_and_said() {
    let head =
        "Handle,Title,Option1 Name,Option1 Value,Variant Price,Gift Card,Variant Inventory Policy,Published,Status\n";
    for (rows, expected) in [
        (
            "cup,Cup,Size,S,4\nmug,Mug,,,3\ncup,,,M,5\n",
            "line 4, cup: the handle comes back after other products; its rows were put together",
        ),
        ("cup,Cup,Size,S,4\ncup,,,S,4\n", "line 3, cup: the variant is there twice, and the same; it is kept once"),
        ("cup,Cup,Size,S,4\ncup,Mug,,M,5\n", "line 3, cup: Title differs from an earlier row, which stands"),
        ("cup,Cup,,S,4\n", "line 2, cup: option 1 has values but no name"),
        ("cup,Cup,,,4,true\n", "line 2, cup: gift cards are not sold by this version; it is kept as a draft"),
        ("cup,Cup,,,4,,weird\n", "line 2, cup: Variant Inventory Policy: \"weird\" is not known; it is read as deny"),
        ("cup,Cup,,,4,,,FALSE,active\n", "line 2, cup: it is active but not published; it is kept as a draft"),
        ("cup,Cup,,,4,,,maybe,draft\n", "line 2, cup: Published: \"maybe\" is neither yes nor no; it is read as no"),
        ("Grün_Tee,Tee,,,4\n", "line 2, grun-tee: the handle \"Grün_Tee\" became grun-tee"),
        ("お茶,お茶,,,4\n", "line 2, n-ebef9ad1: the handle \"お茶\" became n-ebef9ad1"),
    ] {
        let (_, said) = import(&format!("{head}{rows}"));
        assert_eq!(said, [expected], "{rows}");
    }
}

#[test]
fn a_quote_that_is_never_closed_is_named_and_takes_no_half_product() {
    let head = "Handle,Title,Option1 Name,Option1 Value,Variant Price\n";
    let problem = format!("skipped: {}", quotes::SWALLOWED);
    for (rows, taken, said) in [
        ("mug,Mug,,,3\ncup,\"Cup,Size,S,4\npot,Pot,,,5\n", vec![], vec!["line 3, cup", "line 3, mug"]),
        ("jug,Jug,,,3\ncup,Cup,Size,S,4\ncup,,,\"M,5\npot,Pot,,,5\n", vec!["jug"], vec!["line 4, cup"]),
        ("jug,Jug,,,3\n\"cup,Cup,Size,S,4\npot,Pot,,,5\n", vec![], vec!["line 3", "line 3, jug"]),
    ] {
        let (products, rows_said) = import(&format!("{head}{rows}"));
        assert_eq!(products.iter().map(|product| product.slug.as_str()).collect::<Vec<_>>(), taken, "{rows}");
        let mut rows_said = rows_said;
        rows_said.sort();
        let expected: Vec<String> = said.iter().map(|place| format!("{place} {problem}")).collect();
        assert_eq!(rows_said, expected, "{rows}");
    }
}

#[test]
fn bytes_of_an_old_spreadsheet_are_read_and_said() {
    let mut said = Vec::new();
    let mut names = Vec::new();
    let currency = Currency::parse("EUR").expect("a currency");
    let bytes = b"Handle,Title,Price\ncafe,Caf\xe9 \x96 large,4\n";
    let mut take = |item| match item {
        Item::Row(row) => said.push(row.to_string()),
        Item::Entry(entry) => {
            if let Wanted::Product(product) = entry.wanted {
                names.push(product.name);
            }
        }
    };
    crate::import::source::read(&bytes[..], None, currency, &mut take).expect("a CSV");
    assert_eq!(names, ["Café – large"]);
    assert_eq!(said.len(), 1);
}
