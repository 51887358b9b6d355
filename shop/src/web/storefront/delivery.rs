//! What pages say about delivery before there is an address: to the shop's own country.

use chrono::{DateTime, TimeDelta, Utc};
use commerce::address::{Destination, country};
use commerce::money::Money;
use commerce::shipping::{ShippingOffer, offers};

use super::views::Arrival;
use crate::settings::ShopSettings;

/// Delivery to the shop's own country.
#[derive(Clone, Debug)]
pub struct HomeDelivery {
    /// The cheapest way; `None` when nothing is sent there.
    pub cheapest: Option<ShippingOffer>,
    /// Goods of this much are sent free of charge.
    pub free_from: Option<Money>,
    /// The name of the country.
    pub country: String,
}

impl HomeDelivery {
    /// Delivery as the shop has it now.
    pub fn of(settings: &ShopSettings) -> Self {
        let destination = Destination { country: settings.country.clone(), region: None, postal_code: None };
        let offered = offers(&settings.shipping, &destination, Money::zero(settings.currency)).unwrap_or_default();
        let is_offered = |id: &str| offered.iter().any(|offer| offer.id == id);
        let methods = settings.shipping.methods.iter().filter(|method| is_offered(&method.id));
        let free_from = methods.filter_map(|method| method.free_from).min_by_key(|from| from.minor);
        Self {
            free_from,
            country: country(&settings.country).map_or(settings.country.clone(), |known| known.name.to_owned()),
            cheapest: offered.into_iter().next(),
        }
    }

    /// When something arrives that is ordered now.
    pub fn arrival(&self, now: DateTime<Utc>) -> Option<Arrival> {
        self.cheapest.as_ref().map(|offer| arrival(offer, now))
    }
}

/// When an offer arrives that is ordered now. Whole days, so that a page stays the same through the day.
pub fn arrival(offer: &ShippingOffer, now: DateTime<Utc>) -> Arrival {
    let noon = now.date_naive().and_hms_opt(12, 0, 0).map_or(now, |noon| noon.and_utc());
    let after = |days: i64| noon + TimeDelta::days(days.clamp(0, 365));
    Arrival { from: after(offer.min_days), until: after(offer.max_days.max(offer.min_days)) }
}
