//! One table of what a run measured, each line beside the limit that it is held against.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::Failure;
use crate::load::keep;

/// The engines, in the order of the table.
const ENGINES: [&str; 2] = ["sqlite", "postgres"];
/// Of the visits of the mixed scenario so many are of each sort; the limit of the whole follows from theirs.
const MIX: [(&str, f64); 5] =
    [("browse", 50.0), ("product", 100.0), ("search", 50.0), ("add-to-cart", 10.0), ("checkout", 1.0)];

/// Where the parts lie.
#[derive(Args)]
pub struct Parts {
    /// A folder with ENGINE-limits.json and any number of ENGINE-load-NAME.json
    folder: PathBuf,
    /// Where to keep all of it
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Prints the table, and what follows from it.
pub fn run(parts: &Parts) -> Result<(), Failure> {
    let (mut all, mut remarks) = (serde_json::Map::new(), Vec::new());
    println!(
        "| Engine | Scenario | At once | Per second | p50 ms | p99 ms | Limit/s | Of it | Statements | Errors | Peak MiB |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for engine in ENGINES {
        if let Some(measured) = Measured::read(&parts.folder, engine)? {
            measured.runs.iter().for_each(|run| println!("{}", measured.row(run)));
            remarks.extend(measured.remarks().into_iter().map(|remark| format!("- {engine}: {remark}")));
            all.insert(engine.to_owned(), measured.record());
        }
    }
    println!("\n{}", remarks.join("\n"));
    keep(parts.json.as_ref(), &Value::Object(all))
}

/// What was measured on one engine.
struct Measured {
    engine: &'static str,
    limits: Value,
    runs: Vec<Value>,
}

impl Measured {
    /// Reads the parts of an engine; none when it was not measured.
    fn read(folder: &Path, engine: &'static str) -> Result<Option<Self>, Failure> {
        let limits = folder.join(format!("{engine}-limits.json"));
        let limits = if limits.is_file() { serde_json::from_slice(&std::fs::read(limits)?)? } else { Value::Null };
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let is_load = |file: &&PathBuf| {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(&format!("{engine}-load-")) && name.ends_with(".json")
        };
        let mut runs = Vec::new();
        for file in files.iter().filter(is_load) {
            let part: Value = serde_json::from_slice(&std::fs::read(file)?)?;
            runs.extend(part["runs"].as_array().cloned().unwrap_or_default());
        }
        Ok(if runs.is_empty() { None } else { Some(Measured { engine, limits, runs }) })
    }

    fn record(&self) -> Value {
        let run = |run: &Value| {
            let mut run = run.clone();
            run["limit_per_second"] = json!(self.limit_of(&run));
            run["ratio"] = json!(self.limit_of(&run).map(|limit| rate(&run) / limit));
            run
        };
        json!({ "limits": self.limits, "runs": self.runs.iter().map(run).collect::<Vec<_>>() })
    }

    fn limit_of(&self, run: &Value) -> Option<f64> {
        self.limit(run["scenario"].as_str()?, run["at_once"].as_u64()?)
    }

    /// What this machine does in a second without a shop.
    fn limit(&self, scenario: &str, at_once: u64) -> Option<f64> {
        let step = |name: &str| self.batch(at_once)?["steps"][name]["per_second"].as_f64();
        match scenario {
            "browse" | "product" | "search" => find(&self.limits["stack"], scenario, at_once).map(rate),
            "add-to-cart" => Some(1.0 / (1.0 / step("cart")? + 1.0 / step("item")?)),
            "checkout" | "hot" => self.batch(at_once)?["sales_per_second"].as_f64(),
            "pay" => step("pay"),
            "mixed" => {
                let time = MIX.iter().map(|(part, times)| Some(times / self.limit(part, at_once)?));
                Some(MIX.iter().map(|(_, times)| times).sum::<f64>() / time.sum::<Option<f64>>()?)
            }
            _ => None,
        }
    }

    fn batch(&self, size: u64) -> Option<&Value> {
        self.limits["rows"].as_array()?.iter().find(|row| row["batch"] == size)
    }

    fn row(&self, run: &Value) -> String {
        let limit = self.limit_of(run);
        let (times, scenario) = (&run["deeds"], run["scenario"].as_str().unwrap_or_default());
        let limits = limit.map_or_else(String::new, |limit| format!("{limit:.0}"));
        let ratio = limit.map_or_else(String::new, |limit| format!("{:.2}", rate(run) / limit));
        let statements = run["statements_each"].as_f64().map_or_else(String::new, |each| format!("{each:.1}"));
        let peak = run["peak_rss_kib"].as_u64().map_or_else(String::new, |kib| (kib / 1024).to_string());
        format!(
            "| {} | {scenario} | {} | {:.0} | {} | {} | {limits} | {ratio} | {statements} | {} | {peak} |",
            self.engine,
            run["at_once"],
            rate(run),
            ms(&times["p50_us"]),
            ms(&times["p99_us"]),
            run["errors"],
        )
    }

    /// What the table does not say by itself.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let fsync = &self.limits["fsync"];
        if !fsync.is_null() {
            remarks.push(format!("fsync of a page: p50 {} ms, p99 {} ms", ms(&fsync["p50_us"]), ms(&fsync["p99_us"])));
        }
        let all = Value::Array(self.runs.clone());
        if let Some(pay) = find(&all, "pay", 1) {
            remarks.push(format!("a single buyer's payment: p50 {} ms", ms(&pay["requests"]["pay"]["p50_us"])));
        }
        if let (Some(spread), Some(hot)) = (find(&all, "checkout", 64), find(&all, "hot", 64)) {
            remarks.push(format!("one hot SKU at 64: {:.2} of many SKUs", rate(hot) / rate(spread)));
        }
        self.runs.iter().for_each(|run| remarks.extend(remarks_on(run)));
        remarks
    }
}

/// What one run has to say: what it was after, how memory went, what went wrong.
fn remarks_on(run: &Value) -> Vec<String> {
    let name = format!("{} at {}", run["scenario"].as_str().unwrap_or_default(), run["at_once"]);
    let note = run["note"].as_str().map(|note| format!("{name}: {note}"));
    let wrong = run["wrong"].as_object().into_iter().flatten();
    let wrong = wrong.map(|(what, count)| format!("{name}: {count} times {what}"));
    note.into_iter().chain(growth(run).map(|growth| format!("{name}: {growth}"))).chain(wrong).collect()
}

/// How memory went in a run of minutes.
fn growth(run: &Value) -> Option<String> {
    let seconds = run["seconds"].as_f64().filter(|seconds| *seconds >= 60.0)?;
    let looks: Vec<u64> = run["rss_kib"].as_array()?.iter().filter_map(Value::as_u64).collect();
    let mib = |tenth: usize| looks.get(looks.len() * tenth / 10).map(|kib| kib / 1024);
    let (early, middle, last) = (mib(1)?, mib(5)?, looks.last()? / 1024);
    Some(format!("of {:.0} minutes: {early} MiB after a tenth, {middle} after half, {last} at the end", seconds / 60.0))
}

fn find<'a>(runs: &'a Value, scenario: &str, at_once: u64) -> Option<&'a Value> {
    runs.as_array()?.iter().find(|run| run["scenario"] == scenario && run["at_once"] == at_once)
}

fn rate(run: &Value) -> f64 {
    run["per_second"].as_f64().unwrap_or_default()
}

fn ms(micros: &Value) -> String {
    micros.as_f64().map_or_else(String::new, |micros| format!("{:.2}", micros / 1_000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Measured {
        let stack = ["browse", "product", "search"]
            .map(|scenario| json!({ "scenario": scenario, "at_once": 16, "per_second": 1_000.0 }));
        let steps =
            json!({ "cart": { "per_second": 400.0 }, "item": { "per_second": 400.0 }, "pay": { "per_second": 50.0 } });
        let rows = json!([{ "batch": 16, "sales_per_second": 20.0, "steps": steps }]);
        Measured { engine: "sqlite", limits: json!({ "stack": stack, "rows": rows }), runs: vec![] }
    }

    #[test]
    fn each_scenario_has_the_limit_of_what_it_does() {
        let measured = measured();
        for (scenario, limit) in [("browse", 1_000.0), ("add-to-cart", 200.0), ("hot", 20.0), ("pay", 50.0)] {
            assert_eq!(measured.limit(scenario, 16), Some(limit), "{scenario}");
        }
        // 200 pages, ten carts and a sale: 0.2 + 0.05 + 0.05 seconds.
        let mixed = measured.limit("mixed", 16).expect("all of its parts have one");
        assert!((mixed - 211.0 / 0.3).abs() < 0.001, "{mixed}");
        assert_eq!((measured.limit("browse", 64), measured.limit("last-units", 16)), (None, None));
    }

    #[test]
    fn what_went_wrong_is_said() {
        let run = json!({ "scenario": "hot", "at_once": 4, "wrong": { "pay: 503 busy": 2 }, "note": "as it was" });
        assert_eq!(remarks_on(&run), ["hot at 4: as it was", "hot at 4: 2 times pay: 503 busy"]);
    }
}
