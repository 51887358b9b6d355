//! Measures the search on the judged queries of CrowdFlower (2015), whole and in the halves it was tuned and tested on:
//! `cargo run --release -p discovery --example search`. The data lies in OXCART_REAL_DATA or ../shared/data.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use discovery::evaluate::measures::percentile;
use discovery::evaluate::search::{Judged, Typos, compare, read, run};
use discovery::search::{Document, Index, IndexError, Language, Query, Rules, Weights};
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
    speed(&judged, &typos)?;
    println!("all\n{}", run(&catalog, &queries, &judgements, Some(&list), Language::ENGLISH)?);
    Ok(())
}

/// How long searches and suggestions take, sixteen at once, on about a hundred thousand products: every product ten
/// times, told apart by a model number. Every second query has a typo.
fn speed(judged: &Judged, typos: &Typos) -> Result<(), Box<dyn Error>> {
    let (index, _) = Index::open(None, Language::ENGLISH)?;
    let begun = Instant::now();
    let copies = (0..10_u128).flat_map(|copy| judged.documents.iter().map(move |document| (copy, document)));
    index.rebuild(copies.map(|(copy, document)| copied(document, copy)), 0)?;
    println!("{} products indexed in {:.1} s", index.count(), begun.elapsed().as_secs_f64());
    let texts: Vec<String> = judged.queries.iter().flat_map(|(text, _)| [text.clone(), typos.misspell(text)]).collect();
    let hostile = [
        "a".repeat(10_000),
        "a b c d e f g ".repeat(700),
        "the and for with of to in a is it".into(),
        "* OR -a:(".repeat(900),
    ];
    let letters: Vec<String> =
        texts.iter().flat_map(|text| (1..6).filter_map(|end| text.get(..end).map(str::to_owned))).collect();
    let rules = Rules::new(Language::ENGLISH);
    let query = |text: &str, typing: bool| {
        index.search(&Query { text, typing, ordered: Some(100), prior: None }, &rules).map(|found| found.hits.len())
    };
    let suggest = |text: &str| index.suggest(text, 8).map(|found| found.len());
    for (name, texts, threads, ask) in [
        ("search, one by one", &texts, 1, &(|text: &str| query(text, false)) as &Ask),
        ("search, 16 at once", &texts, 16, &|text| query(text, false)),
        ("search while typing", &texts, 1, &|text| query(text, true)),
        ("hostile, one by one", &hostile.to_vec(), 1, &|text| query(text, false)),
        ("suggest, one by one", &letters, 1, &suggest),
        ("suggest, 16 at once", &letters, 16, &suggest),
    ] {
        let times = timed(texts, threads, ask)?;
        let [median, high, most] = [0.5, 0.99, 1.0].map(|share| percentile(&times, share));
        println!("{name:<22} median {median:>6.2} ms   p99 {high:>6.2} ms   most {most:>6.2} ms");
    }
    Ok(())
}

type Ask<'a> = dyn Fn(&str) -> Result<usize, IndexError> + Sync + 'a;

fn timed(texts: &[String], threads: usize, ask: &Ask) -> Result<Vec<f64>, IndexError> {
    let one = |thread: usize| -> Result<Vec<f64>, IndexError> {
        let mut times = Vec::new();
        for text in texts.iter().cycle().skip(thread * 31).take(texts.len().min(600)) {
            let begun = Instant::now();
            ask(text)?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(times)
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || one(thread))).collect();
        let mut times = Vec::new();
        for thread in running {
            times.extend(thread.join().expect("a search doesn't panic")?);
        }
        Ok(times)
    })
}

fn copied(document: &Document, copy: u128) -> Document {
    let number = document.id * 10 + copy;
    Document { id: number, codes: vec![format!("XQ-{number}-{copy}")], ..document.clone() }
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
