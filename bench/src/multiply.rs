//! A large catalog made of a smaller real one: other names, other prices, attributes of other products.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value};

use crate::Failure;

/// What models are called after their name.
const MODELS: [&str; 16] = [
    "Nova", "Prime", "Lite", "Max", "Pro", "Plus", "Ultra", "Air", "Core", "Edge", "Flex", "Swift", "Solid", "Clear",
    "Silent", "Compact",
];
/// Attributes that a copy takes from other products.
const BORROWED: usize = 3;

/// Which catalog, and how large it shall be.
#[derive(Args)]
pub struct Wish {
    /// A catalog as `oxcart import --from icecat` reads it: JSON lines, packed by gzip
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// How many products
    #[arg(long, default_value_t = 100_000)]
    products: usize,
    /// A word that only the last product's name has, to see when it is there
    #[arg(long)]
    mark: Option<String>,
    /// Where to write, as JSON lines packed by gzip
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The number that everything follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Writes it.
pub fn run(wish: &Wish) -> Result<(), Failure> {
    let originals = read(&wish.from)?;
    let mut draw = StdRng::seed_from_u64(wish.seed);
    let mut out = GzEncoder::new(BufWriter::new(File::create(&wish.out)?), Compression::fast());
    for nth in 0..wish.products {
        let original = &originals[nth % originals.len()];
        let mut product = match nth / originals.len() {
            0 => original.clone(),
            copy => vary(original, copy, &originals, &mut draw),
        };
        if let Some(mark) = wish.mark.as_ref().filter(|_| nth + 1 == wish.products) {
            rename(&mut product, mark);
        }
        serde_json::to_writer(&mut out, &product)?;
        out.write_all(b"\n")?;
    }
    out.finish()?.flush()?;
    Ok(())
}

fn read(file: &Path) -> Result<Vec<Map<String, Value>>, Failure> {
    let lines = BufReader::new(MultiGzDecoder::new(File::open(file)?)).lines();
    let mut products = Vec::new();
    for line in lines {
        products.push(serde_json::from_str(&line?)?);
    }
    if products.is_empty() { Err(format!("{} has no product", file.display()).into()) } else { Ok(products) }
}

/// Another product of its kind.
fn vary(
    original: &Map<String, Value>,
    copy: usize,
    others: &[Map<String, Value>],
    draw: &mut StdRng,
) -> Map<String, Value> {
    let mut product = original.clone();
    let id = original.get("id").and_then(Value::as_str).unwrap_or_default();
    product.insert("id".to_owned(), format!("{id}-{copy}").into());
    // No two have one number.
    product.remove("ean");
    let model = format!("{} {}", MODELS.choose(draw).copied().unwrap_or("Nova"), draw.random_range(2..1_000));
    rename(&mut product, &model);
    if let Some(price) = original.get("price").and_then(Value::as_i64) {
        product.insert("price".to_owned(), (price * draw.random_range(50..180) / 100).max(100).into());
    }
    let attributes: Vec<&String> = original.keys().filter(|name| name.starts_with("attr_t_")).collect();
    for name in attributes.choose_multiple(draw, BORROWED) {
        let theirs = others.choose(draw).and_then(|other| other.get(*name));
        theirs.into_iter().for_each(|value| drop(product.insert((*name).clone(), value.clone())));
    }
    product
}

/// Puts something behind its names.
fn rename(product: &mut Map<String, Value>, behind: &str) {
    for field in ["name", "title"] {
        if let Some(Value::String(name)) = product.get_mut(field) {
            name.push(' ');
            name.push_str(behind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_copy_has_an_id_a_name_and_a_price_of_its_own() {
        let original = json!({ "id": "7", "name": "X-1", "title": "Kettle X-1", "ean": ["4"], "price": 1_000 });
        let original = original.as_object().expect("an object").clone();
        let copy = vary(&original, 2, std::slice::from_ref(&original), &mut StdRng::seed_from_u64(1));
        assert_eq!((&copy["id"], copy.get("ean")), (&json!("7-2"), None));
        let title = copy["title"].as_str().expect("a text");
        assert!(title.starts_with("Kettle X-1 ") && title != "Kettle X-1 ", "{title}");
        assert!((500..1_800).contains(&copy["price"].as_i64().expect("a number")));
    }
}
