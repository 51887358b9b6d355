//! Catalogs in and out again, on both engines.

use std::io::Cursor;
use std::path::PathBuf;

use commerce::catalog::ProductInput;
use commerce::money::Currency;
use oxcart::args;
use oxcart::clock::Clock;
use oxcart::files::Files;
use oxcart::import::{self, Format, Level, Options, PictureSource, Report, Tally, Target};
use oxcart::outside::Reach;
use oxcart::settings::ShopSettings;
use oxcart::store::{Db, migrate, settings};
use oxcart::{demo, export};
use tempfile::TempDir;

use crate::app::{Engine, both_engines};
use crate::builders::{also_at_the_depot, depot, simple};
use crate::elsewhere::Elsewhere;
use crate::postgres;

both_engines! {
    the_demo_is_filled_once,
    an_export_imports_as_it_is,
    counts_of_several_locations_go_out_and_come_in,
    a_changed_file_changes_what_it_names,
    what_is_renamed_stays_itself,
    names_that_lead_elsewhere_are_not_taken,
    what_can_not_be_taken_leaves_the_rest,
    promised_stock_is_not_taken_away,
    a_dry_run_keeps_nothing,
    two_imports_at_once_take_each_product_once,
    pictures_beside_the_file_are_copied,
    pictures_behind_links_are_fetched_once,
    pictures_that_can_not_be_fetched_stay_links,
    nothing_is_fetched_from_machines_that_only_the_shop_reaches,
    shopify_exports_are_taken_whole,
    a_catalog_of_19406_products_is_taken_whole,
}

/// A shop without a server: a database and a folder of pictures.
struct Shop {
    target: Target,
    folder: TempDir,
}

impl Shop {
    async fn on(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Clock::default();
        let db = match engine {
            Engine::Sqlite => Db::open_sqlite(&folder.path().join("oxcart.db")).await.expect("a new file"),
            Engine::Postgres => Db::open_postgres(&postgres::database().await).await.expect("a new database"),
        };
        migrate::run(&db, clock.now()).await.expect("the schema is brought in");
        let files = Files::open(folder.path()).expect("a folder of one's own");
        let currency = Currency::parse("EUR").expect("a currency");
        Shop { target: Target { db, clock, files, currency }, folder }
    }

    async fn take(&self, text: &str) -> Report {
        self.take_with(text, Options::default()).await
    }

    async fn take_with(&self, text: &str, options: Options) -> Report {
        let source = Cursor::new(text.as_bytes().to_vec());
        import::run(self.target.clone(), source, None, options).await.expect("the database answers")
    }

    async fn fill_with_demo(&self) -> Option<Report> {
        demo::fill(&self.target.db, &self.target.clock, &self.target.files).await.expect("the demo is good")
    }

    async fn export(&self) -> String {
        let mut bytes = Vec::new();
        export::catalog(&self.target.db, self.target.currency, &mut bytes).await.expect("the database answers");
        String::from_utf8(bytes).expect("JSON is UTF-8")
    }

    /// The first column, named `text`, of every row.
    async fn texts(&self, sql: &'static str) -> Vec<String> {
        #[derive(sqlx::FromRow)]
        struct Text {
            text: String,
        }
        let mut conn = self.target.db.read().await.expect("the database answers");
        let rows: Vec<Text> = conn.all(sql, args![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.into_iter().map(|row| row.text).collect()
    }

    async fn events(&self) -> Vec<String> {
        self.texts("SELECT kind || ' ' || CAST(version AS TEXT) AS text FROM events ORDER BY position").await
    }

    /// What lies in stock and the sum of what moved, by SKU: the two always agree.
    async fn stock(&self) -> Vec<String> {
        const STOCK: &str = "SELECT v.sku || ' ' || CAST(s.on_hand AS TEXT) || ' ' || CAST(COALESCE(
             (SELECT CAST(SUM(m.delta) AS BIGINT) FROM stock_movements m WHERE m.variant_id = v.id), 0) AS TEXT) AS text
             FROM stock s JOIN variants v ON v.id = s.variant_id ORDER BY v.sku";
        self.texts(STOCK).await
    }
}

fn counts(report: &Report) -> (u64, u64, u64, u64) {
    let tallies = [report.products, report.categories, report.coupons];
    let sum = |of: fn(&Tally) -> u64| tallies.iter().map(of).sum();
    (sum(|tally| tally.new), sum(|tally| tally.changed), sum(|tally| tally.unchanged), report.skipped)
}

/// The lines of a report, for comparing.
fn rows(report: &Report) -> Vec<String> {
    report.rows.iter().map(ToString::to_string).collect()
}

const CUPS: &str = r#"{"kind":"category","slug":"table","name":"Table"}
{"kind":"category","slug":"cups","name":"Cups","parent":"table"}
{"kind":"product","slug":"cup","name":"Cup","status":"active","categories":["cups"],"options":[{"name":"Size","values":["S","L"]}],"variants":[{"sku":"C-S","options":{"Size":"S"},"price":{"amount":400,"currency":"EUR"},"on_hand":5,"image":"https://e.com/s.jpg"},{"sku":"C-L","options":{"Size":"L"},"price":{"amount":600,"currency":"EUR"},"on_hand":2}],"images":[{"src":"https://e.com/s.jpg"},{"src":"https://e.com/l.jpg"}],"related":["mug"]}
{"kind":"coupon","code":"hello","percent":"10"}
"#;

async fn the_demo_is_filled_once(engine: Engine) {
    let shop = Shop::on(engine).await;
    let report = shop.fill_with_demo().await.expect("an empty shop is filled");
    assert_eq!((report.skipped, report.warnings), (0, 0), "{report}");
    assert!(report.products.new >= 60, "{report}");
    assert!(shop.fill_with_demo().await.is_none(), "a shop with products is left alone");
    for level in shop.stock().await {
        let numbers: Vec<&str> = level.rsplitn(3, ' ').collect();
        assert_eq!(numbers[0], numbers[1], "{level}");
    }
}

async fn an_export_imports_as_it_is(engine: Engine) {
    let shop = Shop::on(engine).await;
    shop.fill_with_demo().await;
    let exported = shop.export().await;
    let events = shop.events().await;
    let again = shop.take(&exported).await;
    assert_eq!(counts(&again), (0, 0, exported.lines().count() as u64, 0), "{again}");
    assert_eq!(shop.events().await, events, "nothing was written");

    // The other engine makes the same bytes of it.
    let other = Shop::on(if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite }).await;
    let taken = other.take(&exported).await;
    assert_eq!(counts(&taken), (exported.lines().count() as u64, 0, 0, 0), "{taken}");
    assert!(other.export().await == exported, "an export of an import is the same file");
}

async fn counts_of_several_locations_go_out_and_come_in(engine: Engine) {
    let shop = Shop::on(engine).await;
    let mut tx = shop.target.db.begin().await.expect("the database answers");
    let mut two = ShopSettings::default();
    two.locations.push(depot());
    settings::save(&mut tx, &two, shop.target.clock.now()).await.expect("settings are kept");
    tx.commit().await.expect("settings are kept");

    let cup = also_at_the_depot(simple("CUP", 1_200, 3), 2);
    let line = |product: &ProductInput| {
        let mut line = serde_json::to_value(product).expect("a product is plain data");
        line["kind"] = "product".into();
        line["categories"] = serde_json::json!([]);
        format!("{line}\n")
    };
    assert_eq!(counts(&shop.take(&line(&cup)).await), (1, 0, 0, 0));
    let exported = shop.export().await;
    assert!(exported.contains(r#""elsewhere":{"depot":2}"#), "{exported}");
    assert_eq!(
        counts(&shop.take(&exported).await).2,
        exported.lines().count() as u64,
        "importing again changes nothing"
    );
    let mut silent = cup.clone();
    silent.variants[0].elsewhere.clear();
    assert_eq!(counts(&shop.take(&line(&silent)).await), (0, 0, 1, 0), "what a file does not name stays");
    silent.variants[0].elsewhere.insert("moon".into(), 1);
    let report = shop.take(&line(&silent)).await;
    assert_eq!(counts(&report), (0, 0, 0, 1));
    assert!(rows(&report)[0].contains("no other location"), "{report}");
}

async fn a_changed_file_changes_what_it_names(engine: Engine) {
    let shop = Shop::on(engine).await;
    assert_eq!(counts(&shop.take(CUPS).await), (4, 0, 0, 0));
    const VARIANTS: &str =
        "SELECT sku || ' ' || CAST(version AS TEXT) || CASE WHEN archived THEN ' archived' ELSE '' END
         || CASE WHEN image_id IS NULL THEN '' ELSE ' shown' END AS text FROM variants ORDER BY sku";
    assert_eq!(shop.texts(VARIANTS).await, ["C-L 1", "C-S 1 shown"]);

    // The price of one variant, the picture of the other; a size that goes and one that comes.
    let changed = CUPS
        .replace(r#""values":["S","L"]"#, r#""values":["S","M"]"#)
        .replace(r#""sku":"C-L","options":{"Size":"L"}"#, r#""sku":"C-M","options":{"Size":"M"}"#)
        .replace(r#""amount":400"#, r#""amount":450"#)
        .replace(r#""on_hand":5,"image":"https://e.com/s.jpg""#, r#""on_hand":3"#)
        .replace(r#"{"src":"https://e.com/s.jpg"},"#, "");
    assert_eq!(counts(&shop.take(&changed).await), (0, 1, 3, 0));
    assert_eq!(shop.texts(VARIANTS).await, ["C-L 2 archived", "C-M 1", "C-S 2"]);
    assert_eq!(shop.texts("SELECT src AS text FROM images").await, ["https://e.com/l.jpg"]);
    assert_eq!(shop.stock().await, ["C-L 2 2", "C-M 2 2", "C-S 3 3"]);
    let kinds = "SELECT kind || ' ' || CAST(delta AS TEXT) AS text FROM stock_movements ORDER BY at, delta DESC";
    assert_eq!(shop.texts(kinds).await, ["initial 5", "initial 2", "initial 2", "import -2"]);

    // A variant that comes back is the same one as before.
    assert_eq!(counts(&shop.take(CUPS).await), (0, 1, 3, 0));
    assert_eq!(shop.texts(VARIANTS).await, ["C-L 3", "C-M 2 archived", "C-S 3 shown"]);
    let products =
        "SELECT kind || ' ' || CAST(version AS TEXT) AS text FROM events WHERE subject = 'product' ORDER BY position";
    assert_eq!(shop.texts(products).await, ["product.created 1", "product.updated 2", "product.updated 3"]);
}

/// The slugs there are, each with those that lead to it.
const ADDRESSES: &str = "SELECT p.slug || COALESCE(' from ' || h.slug, '') AS text FROM products p
     LEFT JOIN slug_history h ON h.entity_id = p.id ORDER BY p.slug, h.slug";

async fn what_is_renamed_stays_itself(engine: Engine) {
    let shop = Shop::on(engine).await;
    shop.take(CUPS).await;
    let ids = "SELECT CAST(v.product_id AS TEXT) || CAST(v.id AS TEXT) AS text FROM variants v ORDER BY v.sku";
    // SQLite keeps ids as bytes, so only PostgreSQL can show them.
    let ids_before = if engine == Engine::Postgres { shop.texts(ids).await } else { vec![] };
    let renamed = CUPS
        .replace(r#""slug":"cup""#, r#""slug":"beaker","old_slugs":["cup"]"#)
        .replace(r#""slug":"cups""#, r#""slug":"beakers","old_slugs":["cups"]"#);
    let report = shop.take(&renamed).await;
    assert_eq!((counts(&report), report.warnings), ((0, 2, 2, 0), 0), "{report}");
    assert_eq!(shop.texts(ADDRESSES).await, ["beaker from cup"]);
    if engine == Engine::Postgres {
        assert_eq!(shop.texts(ids).await, ids_before, "the product and its variants are the same");
    }
    assert_eq!(shop.stock().await, ["C-L 2 2", "C-S 5 5"]);
    assert_eq!(counts(&shop.take(&renamed).await), (0, 0, 4, 0));

    // The slugs it had need not be said again, and a category is found by them.
    let forgetful = CUPS.replace(r#""slug":"cup""#, r#""slug":"beaker""#).replace(
        r#"{"kind":"category","slug":"cups","name":"Cups","parent":"table"}
"#,
        "",
    );
    assert_eq!(counts(&shop.take(&forgetful).await), (0, 0, 3, 0));
    let exported = shop.export().await;
    assert!(exported.contains(r#""slug":"beaker","old_slugs":["cup"]"#), "{exported}");
    assert!(exported.contains(r#""slug":"beakers","old_slugs":["cups"]"#), "{exported}");
    assert_eq!(counts(&shop.take(&exported).await), (0, 0, 4, 0));
    let other = Shop::on(if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite }).await;
    other.take(&exported).await;
    assert!(other.export().await == exported, "an export of an import is the same file");

    // Back again, and further on in one file: the order of the lines counts.
    let back = CUPS.replace(r#""slug":"cup""#, r#""slug":"cup","old_slugs":["beaker"]"#);
    shop.take(&back).await;
    assert_eq!(shop.texts(ADDRESSES).await, ["cup from beaker"]);
    let line = |slug: &str, old: &str| {
        let variant = r#"{"price":{"amount":400,"currency":"EUR"}}"#;
        format!(r#"{{"kind":"product","slug":"{slug}","old_slugs":[{old}],"name":"{slug}","variants":[{variant}]}}"#)
            + "\n"
    };
    let report = shop.take(&(line("tumbler", r#""cup""#) + &line("cup", "") + &line("jar", r#""pot""#))).await;
    assert_eq!(counts(&report), (2, 1, 0, 0), "{report}");
    assert_eq!(rows(&report), ["line 2, cup: this address led to tumbler till now"]);
    assert_eq!(shop.texts(ADDRESSES).await, ["cup", "jar from pot", "tumbler from beaker"]);
}

async fn names_that_lead_elsewhere_are_not_taken(engine: Engine) {
    let shop = Shop::on(engine).await;
    let variant = r#"{"price":{"amount":400,"currency":"EUR"}}"#;
    let product = |slug: &str, old: &str| {
        format!(r#"{{"kind":"product","slug":"{slug}","old_slugs":["{old}"],"name":"A","variants":[{variant}]}}"#)
            + "\n"
    };
    let category = |slug: &str, old: &str, parent: &str| {
        format!(r#"{{"kind":"category","slug":"{slug}","old_slugs":["{old}"],"name":"A","parent":{parent}}}"#) + "\n"
    };
    let first = product("cup", "beaker") + &product("mug", "jar") + &category("table", "desk", "null");
    let first = first + &category("floor", "ground", "\"table\"");
    assert_eq!(counts(&shop.take(&first).await), (4, 0, 0, 0));
    for (line, expected) in [
        (product("cup", "mug"), "old_slugs: mug is a product of its own"),
        (product("pot", "jar"), "old_slugs: jar leads to mug already"),
        (product("pot", "pot"), "old_slugs[0]: An old slug is not the one it has now."),
        (category("table", "floor", "null"), "old_slugs: floor is a category of its own"),
        (category("wall", "desk", "null"), "old_slugs: desk leads to table already"),
        (category("stand", "table", "\"floor\""), "parent: stand would stand under itself"),
    ] {
        let report = shop.take(&line).await;
        assert_eq!((counts(&report), report.rows.len()), ((0, 0, 0, 1), 1), "{line}{report}");
        assert!(rows(&report)[0].ends_with(expected), "{report}\n  is not\n{expected}");
    }
    assert_eq!(shop.texts(ADDRESSES).await, ["cup from beaker", "mug from jar"]);
}

async fn what_can_not_be_taken_leaves_the_rest(engine: Engine) {
    let shop = Shop::on(engine).await;
    let report = shop
        .take(
            r#"{"kind":"category","slug":"cups","name":"Cups"}
{"kind":"category","slug":"mugs","name":"Mugs","parent":"nowhere"}
{"kind":"product","slug":"cup","name":"Cup","variants":[{"price":{"amount":400,"currency":"EUR"},"sku":"A"}],"categories":["cups"]}
{"kind":"product","slug":"mug","name":"Mug","variants":[{"price":{"amount":400,"currency":"USD"}}]}
{"kind":"product","slug":"jug","name":"Jug","variants":[{"price":{"amount":400,"currency":"EUR"}}],"categories":["jugs"]}
{"kind":"product","slug":"cup","name":"Cup again","variants":[{"price":{"amount":500,"currency":"EUR"}}]}
{"kind":"product","slug":"pot","name":"Pot","colour":"red"}
{"kind":"product","slug":"pan","name":"Pan","variants":[{"price":{"amount":400,"currency":"EUR"},"sku":"A"}],"description_html":"<p class='a'>Hot<script>x()</script> <a href='javascript:x()' onclick='y()'>spot</a></p>"}
nonsense
"#,
        )
        .await;
    assert_eq!(counts(&report), (3, 0, 0, 6), "{report}");
    let said = rows(&report);
    for (line, expected) in [
        (0, "the file: class was taken out of descriptions (1 values)"),
        (1, "line 2, mugs skipped: parent: there is no category nowhere"),
        (2, "line 4, mug skipped: variants[0].price: The shop's currency is EUR, not USD."),
        (3, "line 5, jug skipped: categories: there is no category jugs"),
        (4, "line 6, cup skipped: it was on line 3 already"),
        (5, "line 7, pot skipped: colour: unknown field `colour`"),
        (6, "line 8, pan: <script>, onclick, the address javascript:x() was taken out of the description"),
        (7, "line 8, pan: the SKU A is also that of cup"),
        (8, "line 9 skipped: not a JSON object"),
    ] {
        assert!(said[line].starts_with(expected), "{}\n  is not\n{expected}", said[line]);
    }
    assert_eq!(
        shop.texts("SELECT description_html AS text FROM products WHERE slug = 'pan'").await,
        ["<p>Hot <a rel=\"nofollow noopener\">spot</a></p>"]
    );
}

async fn promised_stock_is_not_taken_away(engine: Engine) {
    let shop = Shop::on(engine).await;
    shop.take(CUPS).await;
    let mut tx = shop.target.db.begin().await.expect("the database answers");
    tx.execute("UPDATE stock SET reserved = 2", args![]).await.expect("the table is there");
    tx.commit().await.expect("the database answers");
    let report = shop.take(&CUPS.replace(r#""on_hand":5"#, r#""on_hand":1"#).replace("Cup\"", "Beaker\"")).await;
    assert_eq!(counts(&report), (0, 0, 3, 1), "{report}");
    assert!(rows(&report)[0].contains("variants[0].on_hand: 2 are reserved"), "{report}");
    assert_eq!(shop.stock().await, ["C-L 2 2", "C-S 5 5"]);
    assert_eq!(shop.texts("SELECT name AS text FROM products").await, ["Cup"], "nothing of the product was taken");
}

async fn a_dry_run_keeps_nothing(engine: Engine) {
    let shop = Shop::on(engine).await;
    let report = shop.take_with(CUPS, Options { dry_run: true, ..Options::default() }).await;
    assert_eq!(counts(&report), (4, 0, 0, 0));
    assert_eq!(shop.events().await, Vec::<String>::new());
    assert_eq!(shop.export().await, "");
}

async fn two_imports_at_once_take_each_product_once(engine: Engine) {
    let shop = Shop::on(engine).await;
    let product = |n| {
        let variant = r#"{"price":{"amount":400,"currency":"EUR"},"on_hand":1}"#;
        format!("{{\"kind\":\"product\",\"slug\":\"cup-{n}\",\"name\":\"Cup {n}\",\"variants\":[{variant}]}}\n")
    };
    let text: String = (0..40).map(product).collect();
    let (one, other) = tokio::join!(shop.take(&text), shop.take(&text));
    assert_eq!(
        (one.products.new + other.products.new, one.products.unchanged + other.products.unchanged),
        (40, 40),
        "{one}{other}"
    );
    assert_eq!(shop.events().await, vec!["product.created 1"; 40]);
}

async fn pictures_beside_the_file_are_copied(engine: Engine) {
    let shop = Shop::on(engine).await;
    let folder = shop.folder.path().join("files");
    std::fs::create_dir_all(folder.join("media")).expect("a folder of one's own");
    std::fs::write(folder.join("media/cup.svg"), "<svg></svg>").expect("a folder of one's own");
    std::fs::write(folder.join("bad.svg"), "<svg><script/></svg>").expect("a folder of one's own");
    let images = r#""images":[{"src":"cup.svg"},{"src":"bad.svg"},{"src":"gone.png"}]"#;
    let text = CUPS.replace(r#""images":[{"src":"https://e.com/s.jpg"},{"src":"https://e.com/l.jpg"}]"#, images);
    let text = text.replace("https://e.com/s.jpg", "cup.svg");
    let options = Options { pictures: PictureSource::beside(&folder.join("cups.jsonl")), ..Options::default() };
    let report = shop.take_with(&text, options.clone()).await;
    assert_eq!((counts(&report), report.warnings), ((4, 0, 0, 0), 2), "{report}");
    let kept = shop.texts("SELECT src AS text FROM images").await;
    let name = kept[0].strip_prefix("/media/").expect("a picture of the shop");
    assert!(shop.target.files.path(name).expect("a name that was given").is_file());
    assert_eq!(kept.len(), 1);
    assert_eq!(counts(&shop.take_with(&text, options).await), (0, 0, 4, 0));
}

/// A line with a product whose pictures are behind links.
fn cup_with(slug: &str, links: &[String]) -> String {
    let images: Vec<String> = links.iter().map(|link| format!(r#"{{"src":"{link}"}}"#)).collect();
    let variant = format!(r#"{{"price":{{"amount":400,"currency":"EUR"}},"image":"{}"}}"#, links[0]);
    let images = images.join(",");
    format!(r#"{{"kind":"product","slug":"{slug}","name":"Cup","variants":[{variant}],"images":[{images}]}}"#) + "\n"
}

fn fetching(reach: Reach) -> Options {
    Options { fetch_pictures: Some(reach), ..Options::default() }
}

/// The pictures of all products, in one order on both engines.
async fn sources(shop: &Shop) -> Vec<String> {
    let mut found = shop.texts("SELECT src AS text FROM images").await;
    found.sort();
    found
}

async fn pictures_behind_links_are_fetched_once(engine: Engine) {
    let (shop, elsewhere) = (Shop::on(engine).await, Elsewhere::open().await);
    let link = |file: &str| format!("http://127.0.0.1:{}/{file}", elsewhere.port);
    let text =
        cup_with("cup", &[link("a.png"), link("b.gif"), link("a-again.png")]) + &cup_with("mug", &[link("a.png")]);
    let dry = shop.take_with(&text, Options { dry_run: true, ..fetching(Reach::Anywhere) }).await;
    assert_eq!((counts(&dry), elsewhere.requests()), ((2, 0, 0, 0), 0), "{dry}");
    assert_eq!(counts(&shop.take(&text).await), (2, 0, 0, 0));
    assert!(sources(&shop).await.iter().all(|src| src.starts_with("http://")), "links stay links");

    let report = shop.take_with(&text, fetching(Reach::Anywhere)).await;
    assert_eq!(counts(&report), (0, 2, 0, 0), "{report}");
    let same =
        format!("line 1, cup: the picture {} is there already under another link; it is left out", link("a-again.png"));
    assert_eq!(rows(&report), [same]);
    assert_eq!((elsewhere.asked("/a.png"), elsewhere.requests()), (1, 3));
    let kept = sources(&shop).await;
    assert_eq!(kept.len(), 3, "{kept:?}");
    assert!(kept[0] == kept[1] || kept[1] == kept[2], "cup and mug show the same file: {kept:?}");
    for src in &kept {
        let name = src.strip_prefix("/media/").expect("a picture of the shop");
        assert!(shop.target.files.path(name).expect("a name that was given").is_file());
    }
    const SHOWN: &str = "SELECT i.src AS text FROM variants v JOIN images i ON i.id = v.image_id";
    assert!(shop.texts(SHOWN).await.iter().all(|src| src.ends_with(".png")), "variants show what they did");

    // The links are known from now on, whether fetching is asked for or not.
    let events = shop.events().await;
    for options in [fetching(Reach::Anywhere), Options::default(), Options { dry_run: true, ..Options::default() }] {
        assert_eq!(counts(&shop.take_with(&text, options.clone()).await), (0, 0, 2, 0), "{options:?}");
    }
    assert_eq!((shop.events().await, elsewhere.requests()), (events, 3), "nothing was written, nobody was asked");

    // What is lost is fetched again.
    let lost = kept.iter().find_map(|src| src.strip_prefix("/media/").filter(|name| name.ends_with(".gif")));
    let lost = shop.target.files.path(lost.expect("it was fetched")).expect("a name that was given");
    std::fs::remove_file(&lost).expect("it is there");
    assert_eq!(counts(&shop.take_with(&text, fetching(Reach::Anywhere)).await), (0, 0, 2, 0));
    assert_eq!((lost.is_file(), elsewhere.asked("/b.gif"), elsewhere.requests()), (true, 2, 4));
}

async fn pictures_that_can_not_be_fetched_stay_links(engine: Engine) {
    let (shop, elsewhere) = (Shop::on(engine).await, Elsewhere::open().await);
    let link = |file: &str| format!("http://127.0.0.1:{}/{file}", elsewhere.port);
    let problems = [
        ("gone.png", "the server answers 404 Not Found"),
        ("moved.png", "the server answers 302 Found"),
        ("large.png", "it is larger than 5242880 bytes"),
        ("drawing.svg", "what is there is an SVG, which is only taken from a file"),
        ("page.png", "what is there is not a PNG, JPEG, GIF, WebP, AVIF or SVG picture"),
    ];
    let links: Vec<String> = problems.iter().map(|(file, _)| link(file)).collect();
    let text = cup_with("cup", &[link("a.png")]) + &cup_with("mug", &links);
    let report = shop.take_with(&text, fetching(Reach::Anywhere)).await;
    assert_eq!(counts(&report), (2, 0, 0, 0), "{report}");
    let said: Vec<String> = rows(&report).into_iter().filter(|row| !row.contains("(said once)")).collect();
    let expected = problems.map(|(file, why)| format!("line 2, mug: the picture {} stays a link: {why}", link(file)));
    assert_eq!(said, expected);
    assert_eq!(elsewhere.asked("/a.png"), 1, "a redirect is not followed");
    let mut kept = links.clone();
    kept.sort();
    assert_eq!(sources(&shop).await[1..], kept);
    assert_eq!(counts(&shop.take_with(&text, fetching(Reach::Anywhere)).await), (0, 0, 2, 0));
}

async fn nothing_is_fetched_from_machines_that_only_the_shop_reaches(engine: Engine) {
    let (shop, elsewhere) = (Shop::on(engine).await, Elsewhere::open().await);
    let hosts = ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"];
    let links = hosts.map(|host| format!("http://{host}:{}/a.png", elsewhere.port));
    let report = shop.take_with(&cup_with("cup", &links), fetching(Reach::Public)).await;
    assert_eq!((counts(&report), elsewhere.requests()), ((1, 0, 0, 0), 0), "{report}");
    let refused = rows(&report).into_iter().filter(|row| row.ends_with("is not a public address"));
    assert_eq!(refused.count(), hosts.len(), "{report}");
    let mut kept = links.to_vec();
    kept.sort();
    assert_eq!(sources(&shop).await, kept);
}

async fn shopify_exports_are_taken_whole(engine: Engine) {
    let Some(folder) = real_data("shopify-product-csvs") else {
        return;
    };
    let shop = Shop::on(engine).await;
    for name in ["apparel.csv", "home-and-garden.csv", "jewelery.csv"] {
        let report = take_file(&shop, folder.join(name), None).await;
        assert_eq!((report.products, report.skipped), (Tally { new: 20, ..Tally::default() }, 0), "{name}: {report}");
        assert!(rows(&report).iter().all(|row| row.starts_with("the file: ")), "{name}: {report}");
        let events = shop.events().await;
        assert_eq!(counts(&take_file(&shop, folder.join(name), None).await), (0, 0, 20, 0), "{name}");
        assert_eq!(shop.events().await, events, "{name}: nothing was written");
    }
    let variants = shop.texts("SELECT CAST(COUNT(*) AS TEXT) AS text FROM variants").await;
    assert_eq!(variants, ["66"]);
}

async fn a_catalog_of_19406_products_is_taken_whole(engine: Engine) {
    let Some(folder) = real_data("icecat-chorus") else {
        return;
    };
    let shop = Shop::on(engine).await;
    let file = folder.join("products.jsonl.gz");
    let report = take_file(&shop, file.clone(), Some(Format::Icecat)).await;
    assert_eq!((report.products, report.skipped), (Tally { new: 19_406, ..Tally::default() }, 0), "{report}");
    assert!(report.rows.iter().all(|row| row.level == Level::Warning));
    let again = take_file(&shop, file, Some(Format::Icecat)).await;
    assert_eq!(counts(&again), (0, 0, 19_406, 0), "{again}");

    let exported = shop.export().await;
    let unchanged = shop.take(&exported).await;
    assert_eq!(counts(&unchanged), (0, 0, exported.lines().count() as u64, 0), "{unchanged}");
    assert!(shop.export().await == exported, "an export of an import is the same file");
}

async fn take_file(shop: &Shop, path: PathBuf, format: Option<Format>) -> Report {
    import::file(shop.target.clone(), &path, format, Options::default()).await.expect("the database answers")
}

/// A folder of the real catalogs, which are not part of the project.
fn real_data(folder: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let root = std::env::var_os("OXCART_REAL_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = root.join(folder);
    if !path.is_dir() {
        println!("skipped: {} is not there; set OXCART_REAL_DATA", path.display());
        return None;
    }
    Some(path)
}
