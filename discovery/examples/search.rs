//! Measures the search on the judged queries of CrowdFlower (2015), whole and in the halves it was tuned and tested on:
//! `cargo run --release -p discovery --example search`. The data lies in OXCART_REAL_DATA or ../shared/data.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

use discovery::evaluate::search::{Judged, Typos, compare, read, run};
use discovery::search::{Language, Weights};
use flate2::read::GzDecoder;

fn main() -> Result<(), Box<dyn Error>> {
    let data = std::env::var_os("OXCART_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let source = data.join("crowdflower-search-relevance/train.csv.gz");
    if !source.exists() {
        println!("{} is missing: nothing is measured", source.display());
        return Ok(());
    }
    let folder = std::env::temp_dir().join("oxcart-crowdflower");
    std::fs::create_dir_all(&folder)?;
    let [catalog, queries, judgements] = ["catalog.csv", "queries.csv", "judgements.csv"].map(|name| folder.join(name));
    convert(&source, &catalog, &queries, &judgements)?;
    let list = data.join("typos/codespell-dictionary.txt.gz");
    let judged = read(&catalog, &queries, &judgements)?;
    let typos = Typos::read(&list)?;
    for (name, half) in [("tuned on", 0), ("tested on", 1)] {
        println!(
            "{name} half of the queries\n{}",
            compare(&part(&judged, half), &typos, Language::ENGLISH, Weights::default())?
        );
    }
    println!("all\n{}", run(&catalog, &queries, &judgements, Some(&list), Language::ENGLISH)?);
    Ok(())
}

/// The queries of one half, by a hash of their ids.
fn part(judged: &Judged, half: u64) -> Judged {
    let chosen: Vec<usize> = (0..judged.ids.len()).filter(|at| hash(&judged.ids[*at]) % 2 == half).collect();
    Judged {
        documents: judged.documents.clone(),
        queries: chosen.iter().map(|at| judged.queries[*at].clone()).collect(),
        ids: chosen.iter().map(|at| judged.ids[*at].clone()).collect(),
    }
}

/// FNV-1a, its high bits mixed in.
fn hash(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash ^ (hash >> 32)
}

/// Every row is a product and a judgement of it; the grade is the median relevance, less 1.
fn convert(source: &Path, catalog: &Path, queries: &Path, judgements: &Path) -> Result<(), Box<dyn Error>> {
    let mut rows = csv::Reader::from_reader(GzDecoder::new(File::open(source)?));
    let [mut catalog, mut queries, mut judgements] =
        [csv::Writer::from_path(catalog)?, csv::Writer::from_path(queries)?, csv::Writer::from_path(judgements)?];
    catalog.write_record(["id", "name", "description"])?;
    queries.write_record(["query_id", "query"])?;
    judgements.write_record(["query_id", "product_id", "grade"])?;
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.deserialize() {
        let row: HashMap<String, String> = row?;
        let count = known.len();
        let query = *known.entry(row["query"].clone()).or_insert(count);
        catalog.write_record([&row["id"], &row["product_title"], &row["product_description"]])?;
        let grade = row["median_relevance"].parse::<u32>()?.saturating_sub(1);
        judgements.write_record([query.to_string(), row["id"].clone(), grade.to_string()])?;
    }
    for (text, id) in known {
        queries.write_record([id.to_string(), text])?;
    }
    for file in [&mut catalog, &mut queries, &mut judgements] {
        file.flush()?;
    }
    Ok(())
}
