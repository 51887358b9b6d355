//! Staff write products on a page, without scripts: make one, change it, meet somebody else, see what is wrong.

use oxcart::args;
use oxcart::catalog::refresh;

use crate::app::{Engine, TestApp, both_engines};
use crate::html::Form;
use crate::staff::{ADMIN, Staff};
use crate::visitor::{Page, Visitor};

both_engines!(
    a_matrix_of_options_is_made_without_scripts,
    everything_typed_is_kept_and_what_is_wrong_is_told_beside_it,
    two_people_on_one_product_lose_nothing,
    a_renamed_value_keeps_its_variants_and_their_stock,
    pictures_are_uploaded_ordered_and_described,
    many_products_change_at_once_and_what_failed_says_why,
    the_sheet_of_a_product_shows_its_variants,
    the_list_is_searched_filtered_and_sorted,
    the_category_tree_is_written_and_moved,
);

const NEW: &str = "/admin/products/new";

async fn at_work(shop: &TestApp) -> Visitor {
    let ada = Staff::hire(shop, ADMIN).await;
    shop.visitor().with_bearer(&ada.token)
}

/// Opens the page of a product by the name in its list of addresses.
async fn product(shop: &TestApp, ada: &Visitor, slug: &str) -> (String, Page) {
    let id = product_id(shop, slug).await;
    let path = format!("/admin/products/{id}");
    let page = ada.open(&path).await.is(200);
    (path, page)
}

async fn product_id(shop: &TestApp, slug: &str) -> String {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: uuid::Uuid,
    }
    let found: Vec<Found> = shop.query("SELECT id FROM products WHERE slug = $1", args![slug]).await;
    found.first().unwrap_or_else(|| panic!("no product {slug}")).id.to_string()
}

/// A picture of 40 by 50.
/// A small picture of one colour.
pub fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 50, image::Rgb([168, 91, 58]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a PNG");
    bytes.into_inner()
}

/// Sends the form with what one of its buttons says.
async fn press(ada: &Visitor, form: Form, what: &str) -> Page {
    ada.send(&form.press("do", what)).await
}

/// The field of the variant's row that has this name in its label.
fn field(page: &Page, what: &str) -> String {
    let label = format!("aria-label=\"{what}\"");
    let at = page.html.find(&label).unwrap_or_else(|| panic!("no field {what} in\n{}", page.html));
    let tag = &page.html[page.html[..at].rfind('<').expect("a tag")..at];
    let name = tag.split("name=\"").nth(1).expect("a name");
    name.split('"').next().expect("its end").to_owned()
}

async fn the_sheet_of_a_product_shows_its_variants(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    let (_, page) = product(&shop, &ada, "stove-kettle").await;
    let sheet = ada.open(&page.link("/admin/inventory?")).await.is(200);
    sheet.says("KETTLE-BRICK-10").says("KETTLE-INK-10");
}

async fn a_matrix_of_options_is_made_without_scripts(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    let form = ada.open(NEW).await.is(200).form(NEW);
    let form = form.set("name", "Field apron").set("variant.0.price", "68,00").set("brand", "Tallow & Pine");
    let page = press(&ada, form.set("category", "kitchen"), "option-add").await.is(200);
    let page = press(&ada, page.form(NEW), "option-add").await.is(200);
    let form = page.form(NEW).set("option.0.name", "Colour").set("option.0.add", "Flax, Moss, Ink, Rust");
    let form = form.set("option.1.name", "Size").set("option.1.add", "S, M, L");

    // Saved at once, nobody would have seen the variants.
    let page = press(&ada, form, "save").await.is(422).says("12 variants: 11 new");
    assert_eq!(page.html.matches("data-variant").count(), 12);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM products WHERE slug = 'field-apron'").await, 0);
    let form = page.form(NEW).set(&field(&page, "Price, Rust / M"), "72").set(&field(&page, "On hand, Rust / M"), "25");
    let mut form = form.set(&field(&page, "SKU, Rust / M"), "FA-RUS-M").set("tags_add", "waxed, made in Ghent");
    // Ink in S is not made.
    let left_out = field(&page, "For sale, Ink / S");
    form.fields.retain(|(name, _)| *name != left_out);
    let page = press(&ada, form.set("status", "active"), "save").await.is(200).says("The product is made.");

    let form = page.form(page.path.split('?').next().expect("a path"));
    assert_eq!(form.value(&field(&page, "Price, Rust / M")), Some("72.00"));
    assert_eq!((form.value("name"), form.value("slug")), (Some("Field apron"), Some("field-apron")));
    assert_eq!(form.fields.iter().filter(|(name, _)| name == "tag").count(), 2);
    assert_eq!(page.html.matches("data-variant").count(), 11);
    assert_eq!(shop.stock("FA-RUS-M").await, (25, 0));
    refresh::reload(&shop.app).await.expect("reads the catalog");
    shop.visitor().open("/p/field-apron").await.is(200).says("Field apron");
    shop.verify().await;
}

async fn everything_typed_is_kept_and_what_is_wrong_is_told_beside_it(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    let (path, page) = product(&shop, &ada, "stove-kettle").await;
    let price = field(&page, "Price, Brick / 1.0 l");
    let form = page.form(&path).set("name", " ").set(&price, "six").set("slug", "mug").set("brand", "Other");
    let page = press(&ada, form, "save").await.is(422).says("need another look");
    let form = page.form(&path);
    assert_eq!(
        (form.value(&price), form.value("brand"), form.value("slug")),
        (Some("six"), Some("Other"), Some("mug"))
    );
    for id in ["name-error", &format!("{price}-error")] {
        assert!(page.html.contains(&format!("id=\"{id}\"")), "no {id}");
    }
    let form = form.set("name", "Kettle").set(&price, "61.50");
    let page = press(&ada, form, "save").await.is(422).says("Another product has this address.");
    let page = press(&ada, page.form(&path).set("slug", "kettle"), "save").await.is(200).says("The product is saved.");
    assert!(page.words().contains("stove-kettle"), "the old address is told");
    shop.verify().await;
}

async fn two_people_on_one_product_lose_nothing(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (ada, ben) = (at_work(&shop).await, at_work(&shop).await);
    let (path, page) = product(&shop, &ada, "stove-kettle").await;
    let (price, other) = (field(&page, "Price, Brick / 1.0 l"), field(&page, "Price, Ink / 1.0 l"));
    let bens = ben.open(&path).await.form(&path);
    let bens = bens.set("name", "Kettle of Ben").set(&price, "64").set("brand", "Ben & sons");
    press(&ben, bens, "save").await.is(200).says("The product is saved.");

    let count = field(&page, "On hand, Brick / 1.5 l");
    let adas = page.form(&path).set("name", "Kettle of Ada").set(&price, "72").set(&other, "75").set(&count, "5");
    let page = press(&ada, adas, "save").await.is(409).says("saved this product while you were editing");
    let words = page.words();
    for told in ["Kettle of Ben", "Kettle of Ada", "64.00", "72.00", "Brand"] {
        assert!(words.contains(told), "{told} is missing:\n{words}");
    }
    let form = page.form(&path);
    assert_eq!((form.value("name"), form.value("brand")), (Some("Kettle of Ada"), Some("Ben & sons")));
    assert_eq!(shop.texts("SELECT name AS text FROM products WHERE slug = 'stove-kettle'").await, ["Kettle of Ben"]);

    // The title of the other, one's own price.
    let form = form.set("choice.name", "theirs");
    let page = press(&ada, form, "choose").await.is(200);
    let form = page.form(&path);
    assert_eq!((form.value("name"), form.value(&price)), (Some("Kettle of Ben"), Some("72.00")));
    let page = press(&ada, form, "save").await.is(200).says("The product is saved.");
    let form = page.form(&path);
    let kept = [form.value("name"), form.value(&price), form.value(&other), form.value("brand")];
    assert_eq!(kept, ["Kettle of Ben", "72.00", "75.00", "Ben & sons"].map(Some));
    assert_eq!((shop.stock("KETTLE-BRICK-10").await, shop.stock("KETTLE-BRICK-15").await), ((10, 0), (5, 0)));
    shop.verify().await;
}

async fn a_renamed_value_keeps_its_variants_and_their_stock(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    let id = shop.variant("KETTLE-BRICK-10").await;
    let (path, page) = product(&shop, &ada, "stove-kettle").await;
    // While the page is open, somebody buys: a count that was not touched is not written back.
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "KETTLE-BRICK-10", 2).await.ok(200);
    buyer.check_out().await.ok(201);
    buyer.pay("4242424242424242").await.ok(200);
    press(&ada, page.form(&path).set("option.0.value.0", "Red"), "save").await.is(200);
    assert_eq!(shop.variant("KETTLE-BRICK-10").await, id);
    assert_eq!(shop.stock("KETTLE-BRICK-10").await, (8, 0));
    let page = ada.open(&path).await.is(200);
    let page = press(&ada, page.form(&path), "value-remove:1:1").await.is(200);
    press(&ada, page.form(&path), "save").await.is(200);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM variants WHERE sku = 'KETTLE-BRICK-15' AND archived").await, 1);
    shop.verify().await;
}

async fn pictures_are_uploaded_ordered_and_described(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    let (path, page) = product(&shop, &ada, "stove-kettle").await;
    let form = page.form(&path).set("name", "Kettle, not saved");
    let upload = form.press("do", "upload");
    ada.send_with_file(&upload, "pictures", "a.png", b"no picture".to_vec()).await.is(422).says("a.png");
    let page = ada.send_with_file(&upload, "pictures", "b.png", png()).await.is(200);
    let form = page.form(&path);
    assert_eq!(form.value("name"), Some("Kettle, not saved"));
    let form = form.set("picture.1.alt", "From the side").set("picture.1.spot", "100 0");
    let page = press(&ada, form, "picture-up:1").await.is(200);
    let form = page.form(&path);
    assert_eq!((form.value("picture.0.alt"), form.value("picture.0.spot")), (Some("From the side"), Some("100 0")));
    let page = press(&ada, form, "save").await.is(200).says("The product is saved.");
    let form = page.form(&path);
    assert_eq!((form.value("picture.0.alt"), form.value("picture.1.alt")), (Some("From the side"), Some("A kettle")));
    assert_eq!((form.value("picture.0.focus_x"), form.value("picture.0.focus_y")), (Some("100"), Some("0")));
    shop.verify().await;
}

async fn many_products_change_at_once_and_what_failed_says_why(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    let (mug, lamp, plan) =
        (product_id(&shop, "mug").await, product_id(&shop, "lamp").await, product_id(&shop, "plan").await);
    let bulk = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Form::to("/admin/products/bulk", fields)
    };
    // 14.50 and 129.00 can spare 10.00; 5.00 can't.
    let prices = [("do", "price"), ("step", "take"), ("by", "10.00"), ("rounding", "exact"), ("compare_at", "former")];
    let ids = [("id", mug.as_str()), ("id", lamp.as_str()), ("id", plan.as_str())];
    let page = ada.send(&bulk(&[&ids[..], &prices[..]].concat())).await.is(200).says("2 products were changed.");
    let page = page.says("1 could not be changed.").says("The price would fall below zero.");
    assert!(page.html.contains(&plan) && !page.html.contains(&mug), "only what failed is offered again");
    let (path, page) = product(&shop, &ada, "mug").await;
    let form = page.form(&path);
    assert_eq!((form.value("variant.0.price"), form.value("variant.0.compare_at")), (Some("4.50"), Some("14.50")));

    // All that match, on every page: everything in the kitchen that is for sale.
    let all = [("all", "1"), ("query", "filter=status:any:active"), ("do", "tag"), ("tags", "autumn, tea")];
    ada.send(&bulk(&all)).await.is(200).says("5 products were changed.").says("Done");
    ada.send(&bulk(&[("id", &mug), ("do", "publish")])).await.is(200).says("1 was so already.");
    ada.send(&bulk(&[("do", "publish")])).await.is(422);
    ada.send(&bulk(&[("id", &mug), ("do", "price"), ("step", "set"), ("by", "x"), ("rounding", "exact")]))
        .await
        .is(422);
    shop.verify().await;
}

async fn the_list_is_searched_filtered_and_sorted(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    let names = |page: &Page| {
        let links = page.html.split("class=\"rowlink\"").skip(1);
        links.map(|link| link.split(['>', '<']).nth(1).unwrap_or_default().to_owned()).collect::<Vec<String>>()
    };
    let page = ada.open("/admin/products?sort=name").await.is(200);
    assert_eq!(names(&page).len(), 7, "staff see what is no longer for sale");
    let drafts = ada.open("/admin/products?view=draft").await.is(200);
    assert_eq!(names(&drafts), ["The draft"]);
    let found = ada.open("/admin/products?q=kettle-ink").await.is(200);
    assert_eq!(names(&found), ["Stove kettle"]);
    let low = ada.open("/admin/products?filter=stock:any:low,out&sort=name").await.is(200);
    assert_eq!(names(&low), ["Stove kettle", "The stool"]);
    let dear = ada.open("/admin/products?filter=price:min:100&sort=-price").await.is(200);
    assert_eq!(names(&dear), ["The stool", "The lamp"]);
    ada.open("/admin/products?q=nothing-of-the-sort").await.is(200).says("Nothing matches");
}

async fn the_category_tree_is_written_and_moved(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = at_work(&shop).await;
    const NEW_CATEGORY: &str = "/admin/categories/new";
    let form = ada.open(NEW_CATEGORY).await.is(200).form(NEW_CATEGORY);
    let page = ada.send(&form.clone().press("do", "save")).await.is(422).says("This can't be empty.");
    let form = page.form(NEW_CATEGORY).set("name", "Table").set("description", "For the table.");
    let page = ada.send(&form.press("do", "save")).await.is(200).says("The category is made.");
    let table = page.path.split(['/', '?']).nth(3).expect("an id").to_owned();

    // It stands last; up, it stands before the kitchen; into it, below.
    let move_it = async |what: &str| {
        let form = ada.open("/admin/categories").await.is(200).form("/admin/categories");
        ada.send(&form.press("do", &format!("{what}:{table}"))).await.is(200).says("The category is moved.")
    };
    move_it("up").await;
    let order = "SELECT slug AS text FROM categories WHERE parent_id IS NULL ORDER BY position";
    assert_eq!(shop.texts(order).await, ["table", "kitchen"]);
    move_it("down").await;
    move_it("in").await;
    assert_eq!(shop.texts(order).await, ["kitchen"]);
    move_it("out").await;
    assert_eq!(shop.texts(order).await, ["kitchen", "table"]);

    // Renamed: its address goes on leading to it. Somebody else was faster with the next change.
    let path = format!("/admin/categories/{table}");
    let form = ada.open(&path).await.is(200).form(&path);
    let save = |form: Form| form.press("do", "save");
    ada.send(&save(form.clone().set("name", "On the table").set("slug", "on-the-table"))).await.is(200);
    let page = ada.send(&save(form.set("name", "Tables"))).await.is(409).says("On the table");
    assert_eq!(page.form(&path).value("name"), Some("Tables"));
    ada.send(&save(page.form(&path))).await.is(200).says("The category is saved.");
    let page = ada.open(&path).await.is(200);
    let delete = format!("{path}/delete");
    ada.send(&page.form(&delete)).await.is(200).says("The category is deleted.");
    assert_eq!(shop.texts(order).await, ["kitchen"]);
    shop.verify().await;
}
