//! When what is bought arrives; never for what needs no delivery.

use chrono::{DateTime, Utc};
use commerce::pricing::PricedShipping;
use commerce::shipping::{NO_DELIVERY, ShippingOffer};

use super::delivery::arrival;
use super::views::Arrival;

/// By a way of delivery that is offered.
pub fn by_offer(offer: &ShippingOffer, ordered_at: DateTime<Utc>) -> Option<Arrival> {
    (offer.id != NO_DELIVERY).then(|| arrival(offer, ordered_at))
}

/// By the way of delivery that was chosen.
pub fn by_choice(shipping: &PricedShipping, ordered_at: DateTime<Utc>) -> Option<Arrival> {
    let offer = ShippingOffer {
        id: shipping.method_id.clone(),
        label: shipping.label.clone(),
        amount: shipping.amount,
        min_days: shipping.min_days,
        max_days: shipping.max_days,
    };
    by_offer(&offer, ordered_at)
}
