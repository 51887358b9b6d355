//! What a sale needs to know of variants: what they are and cost, and what lies in stock.

use std::collections::HashMap;

use commerce::catalog::{ProductStatus, StockPolicy};
use commerce::checkout::SaleVariant;
use commerce::ids::{ProductId, VariantId};
use commerce::inventory::Level;
use commerce::money::{Currency, Money};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Conn, keys};
use crate::faults::{self, Fault};

/// A variant as it is sold, and its stock.
#[derive(Clone, Debug)]
pub struct ForSale {
    /// What it is and costs.
    pub variant: SaleVariant,
    /// What lies there.
    pub level: Level,
}

impl ForSale {
    /// Whether it can be bought at all.
    pub fn is_for_sale(&self) -> bool {
        self.variant.status == ProductStatus::Active
    }

    /// The same with units that are held for this very buyer counted as there.
    pub fn given_back(mut self, held: i64) -> Self {
        if self.level.tracked {
            self.level.reserved = (self.level.reserved - held).max(0);
        }
        self
    }
}

#[derive(sqlx::FromRow)]
struct ForSaleRow {
    id: Uuid,
    product_id: Uuid,
    slug: String,
    name: String,
    status: String,
    archived: bool,
    option_values: Json<Vec<String>>,
    sku: Option<String>,
    image: Option<String>,
    amount: i64,
    currency: String,
    requires_shipping: bool,
    taxable: bool,
    tracked: bool,
    policy: String,
    on_hand: Option<i64>,
    reserved: Option<i64>,
}

/// The variants of these ids that exist, with the price of one and their stock. A variant without a price is left out.
pub async fn load(conn: &mut Conn, ids: &[VariantId]) -> sqlx::Result<HashMap<VariantId, ForSale>> {
    const HEAD: &str = "SELECT v.id, v.product_id, p.slug, p.name, p.status, v.archived, v.option_values, v.sku,
            COALESCE(own.src, face.src) AS image, c.amount, c.currency, v.requires_shipping, v.taxable,
            v.tracked, v.policy, s.on_hand, s.reserved
         FROM variants v
         JOIN products p ON p.id = v.product_id
         JOIN prices c ON c.variant_id = v.id AND c.min_quantity = 1 AND c.ends_at IS NULL
         LEFT JOIN stock s ON s.variant_id = v.id
         LEFT JOIN images own ON own.id = v.image_id
         LEFT JOIN images face ON face.product_id = p.id AND face.position = 0
         WHERE v.id IN";
    let rows: Vec<ForSaleRow> = conn.all_in(HEAD, keys(ids.iter().copied()), "").await?;
    Ok(rows.into_iter().filter_map(|row| Some((VariantId(row.id), row.for_sale()?))).collect())
}

impl ForSaleRow {
    fn for_sale(self) -> Option<ForSale> {
        let status = if self.archived { ProductStatus::Archived } else { self.status.parse().ok()? };
        let values = self.option_values.0;
        let variant = SaleVariant {
            product_id: ProductId(self.product_id),
            product_slug: self.slug,
            name: self.name,
            status,
            variant_title: (!values.is_empty()).then(|| values.join(" / ")),
            sku: self.sku,
            image: self.image,
            price: Money::new(self.amount, Currency::parse(&self.currency).ok()?),
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
        };
        let unseen = if faults::is(Fault::StockUnchecked) { 100 } else { 0 };
        let level = Level {
            on_hand: self.on_hand.unwrap_or(0) + unseen,
            reserved: self.reserved.unwrap_or(0),
            tracked: self.tracked,
            policy: self.policy.parse().unwrap_or(StockPolicy::Deny),
        };
        Some(ForSale { variant, level })
    }
}
