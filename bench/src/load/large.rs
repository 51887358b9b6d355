//! A product with as many variants as no honest shop should have.

use hyper::Method;
use serde_json::{Value, json};

use super::staff::Staff;
use crate::Failure;

/// Its options, and how many values each has: 500 variants.
const OPTIONS: [(&str, usize); 3] = [("Width", 10), ("Height", 10), ("Wood", 5)];
/// Lines of a cart of it.
pub const LARGE_CART: usize = 100;

/// The product, on sale.
#[derive(Debug)]
pub struct Large {
    /// Its name in addresses.
    pub slug: String,
    /// The ids of its variants.
    pub variants: Vec<String>,
}

/// Lets staff put it on sale.
pub async fn make(staff: &mut Staff) -> Result<Large, Failure> {
    let others = staff.ask(Method::GET, "/api/products?per_page=1", None).await?;
    let price = json!({ "amount": 12_000, "currency": others["items"][0]["price"]["currency"] });
    let options: Vec<_> =
        OPTIONS.iter().map(|(name, count)| json!({ "name": name, "values": values(*count) })).collect();
    let form = json!({
        "name": "Shelf made to measure",
        "status": "active",
        "options": options,
        "variants": variants(&price),
    });
    let made = staff.ask(Method::POST, "/api/admin/products", Some(form)).await?;
    let slug = made["slug"].as_str().ok_or("the new product has no slug")?.to_owned();
    let ids = made["variants"].as_array().into_iter().flatten();
    let variants = ids.filter_map(|variant| Some(variant["id"].as_str()?.to_owned())).collect();
    Ok(Large { slug, variants })
}

fn values(count: usize) -> Vec<String> {
    (1..=count).map(|nth| format!("No {nth}")).collect()
}

fn variants(price: &Value) -> Vec<Value> {
    let total: usize = OPTIONS.iter().map(|(_, count)| count).product();
    let variant = |nth: usize| {
        let mut rest = nth;
        let mut chosen = serde_json::Map::new();
        for (name, count) in OPTIONS {
            chosen.insert(name.to_owned(), json!(format!("No {}", rest % count + 1)));
            rest /= count;
        }
        json!({ "options": chosen, "price": price, "tracked": false })
    };
    (0..total).map(variant).collect()
}
