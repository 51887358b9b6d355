//! Shipping: a flat table of methods by destination.

mod tracking;

pub use tracking::tracking_url;

use crate::address::Destination;
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// The id of the offer made when nothing has to be sent.
pub const NO_DELIVERY: &str = "none";

/// The methods of a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippingTable {
    /// The methods, in the merchant's order.
    pub methods: Vec<ShippingMethod>,
}

/// One way to send an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippingMethod {
    /// Its stable name, such as `standard`.
    pub id: String,
    /// What people see.
    pub label: String,
    /// The countries it serves, ISO 3166-1 alpha-2; empty serves all.
    #[serde(default)]
    pub countries: Vec<String>,
    /// The regions it serves, by code; empty serves all.
    #[serde(default)]
    pub regions: Vec<String>,
    /// What it costs, per order.
    pub amount: Money,
    /// Goods of this much, after discount, are sent free of charge.
    #[serde(default)]
    pub free_from: Option<Money>,
    /// The fewest days it takes.
    pub min_days: i64,
    /// The most days it takes.
    pub max_days: i64,
}

/// A method as offered for one destination and one total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingOffer {
    /// The method's id.
    pub id: String,
    /// What people see.
    pub label: String,
    /// What it costs here.
    pub amount: Money,
    /// The fewest days it takes.
    pub min_days: i64,
    /// The most days it takes.
    pub max_days: i64,
}

/// Why an order can't be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShippingRefusal {
    /// No method serves the destination.
    #[error("We don't deliver to this address. Please choose another one.")]
    Unavailable,
    /// The method asked for is not offered here.
    #[error("This delivery method is not available for your address. Please choose another one.")]
    UnknownMethod,
}

impl ShippingRefusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable => "shipping_unavailable",
            Self::UnknownMethod => "shipping_method_unavailable",
        }
    }
}

/// The methods that serve a destination, cheapest first, equals in the merchant's order; none refuses.
pub fn offers(
    table: &ShippingTable,
    destination: &Destination,
    goods_total_after_discount: Money,
) -> Result<Vec<ShippingOffer>, ShippingRefusal> {
    let mut offers: Vec<ShippingOffer> = table
        .methods
        .iter()
        .filter(|method| method.serves(destination))
        .map(|method| method.offer(goods_total_after_discount))
        .collect();
    if offers.is_empty() {
        return Err(ShippingRefusal::Unavailable);
    }
    offers.sort_by_key(|offer| offer.amount.minor);
    Ok(offers)
}

/// The one offer made when no line has to be sent.
pub fn no_delivery(goods: Money) -> ShippingOffer {
    ShippingOffer {
        id: NO_DELIVERY.to_owned(),
        label: "No delivery needed".to_owned(),
        amount: Money::zero(goods.currency),
        min_days: 0,
        max_days: 0,
    }
}

/// The offer a person chose, or the first, which is the cheapest.
pub fn choose<'a>(offers: &'a [ShippingOffer], wanted: Option<&str>) -> Result<&'a ShippingOffer, ShippingRefusal> {
    match wanted {
        Some(id) => offers.iter().find(|offer| offer.id == id).ok_or(ShippingRefusal::UnknownMethod),
        None => offers.first().ok_or(ShippingRefusal::Unavailable),
    }
}

impl ShippingMethod {
    fn serves(&self, destination: &Destination) -> bool {
        let country = self.countries.is_empty() || self.countries.contains(&destination.country);
        let in_regions = |region: &String| self.regions.contains(region);
        country && (self.regions.is_empty() || destination.region.as_ref().is_some_and(in_regions))
    }

    fn offer(&self, goods: Money) -> ShippingOffer {
        let free = self.free_from.is_some_and(|from| goods.minor >= from.minor);
        ShippingOffer {
            id: self.id.clone(),
            label: self.label.clone(),
            amount: if free { Money::zero(self.amount.currency) } else { self.amount },
            min_days: self.min_days,
            max_days: self.max_days,
        }
    }
}
