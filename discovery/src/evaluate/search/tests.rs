use super::*;

/// Three files in a folder of their own.
fn files(name: &str, texts: [&str; 3]) -> [std::path::PathBuf; 3] {
    let folder = std::env::temp_dir().join(format!("oxcart-evaluate-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room for temporary files");
    let paths = ["catalog.csv", "queries.csv", "judgements.csv"].map(|file| folder.join(file));
    for (path, text) in paths.iter().zip(texts) {
        std::fs::write(path, text).expect("there is room for temporary files");
    }
    paths
}

const CATALOG: &str = "\
id,name,description,brand,attr:color
a,Red lantern,\"Burns, long\",Glow,red
b,Blue lantern,,Glow,blue
c,Garden chair,Stands beside a lantern,Seat,
";
const QUERIES: &str = "query_id,query\n1,red lantern\n2,garden chair\n3,nobody judged this\n";
const JUDGEMENTS: &str = "query_id,product_id,grade\n1,a,3\n1,b,1\n2,c,2\n";

#[test]
fn a_catalog_that_is_searched_well_scores_one() {
    let [catalog, queries, judgements] = files("good", [CATALOG, QUERIES, JUDGEMENTS]);
    let report = run(&catalog, &queries, &judgements, None, Language::ENGLISH).expect("the files are right");
    assert_eq!((report.products, report.queries, report.rows.len()), (3, 2, 4));
    for row in &report.rows[..2] {
        assert!(row.ndcg > 0.99 && row.recall > 0.99 && row.nothing == 0.0, "{row:?}");
    }
    assert!(report.rows[3].ndcg > 0.99, "a typo is borne: {:?}", report.rows[3]);
    let widths: Vec<usize> = report.to_string().lines().skip(1).map(str::len).collect();
    assert!(widths.len() == 5 && widths.iter().all(|width| *width == widths[0]), "one aligned table\n{report}");
}

#[test]
fn errors_name_the_file_and_the_line() {
    for (name, texts, said) in [
        ("column", ["id,title\na,b\n", QUERIES, JUDGEMENTS], "catalog.csv, line 1: there is no column name"),
        (
            "twice",
            ["id,name,description\na,b,c\na,b,c\n", QUERIES, JUDGEMENTS],
            "catalog.csv, line 3: the id a stands twice",
        ),
        (
            "grade",
            [CATALOG, QUERIES, "query_id,product_id,grade\n1,a,good\n"],
            "judgements.csv, line 2: the grade good",
        ),
        (
            "product",
            [CATALOG, QUERIES, "query_id,product_id,grade\n1,z,1\n"],
            "judgements.csv, line 2: there is no product z",
        ),
        (
            "query",
            [CATALOG, QUERIES, "query_id,product_id,grade\n9,a,1\n"],
            "judgements.csv, line 2: there is no query 9",
        ),
        ("empty", [CATALOG, QUERIES, "query_id,product_id,grade\n1,a,0\n"], "no query has a judged product"),
    ] {
        let [catalog, queries, judgements] = files(name, texts);
        let error = run(&catalog, &queries, &judgements, None, Language::ENGLISH).expect_err("something is wrong");
        assert!(error.to_string().contains(said), "{name}: {error}");
    }
    let missing = Path::new("no/such/file.csv");
    let error = run(missing, missing, missing, None, Language::ENGLISH).expect_err("there is no file");
    assert!(error.to_string().contains("no/such/file.csv can't be read"), "{error}");
}
