//! What a sale is decided by, beside what the database knows: the terms, the clock, the secret.

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::TimeDelta;
use commerce::checkout::SellingTerms;
use commerce::customer::canonical_email;
use commerce::ids::LocationId;
use commerce::payment::ProviderKind;

use crate::clock::Clock;
use crate::config::Config;
use crate::secret::Secret;
use crate::settings::{Location, ShopSettings};

/// How this shop trades.
#[derive(Clone)]
pub struct Trade {
    /// The clock, and the source of ids.
    pub clock: Clock,
    /// The settings of the shop, as last read.
    pub shop: Arc<ArcSwap<ShopSettings>>,
    secret: Secret,
    reservation: TimeDelta,
    providers: Vec<ProviderKind>,
}

impl Trade {
    /// By the settings of a node and of its shop.
    pub fn new(config: &Config, clock: &Clock, secret: &Secret, shop: ShopSettings) -> Self {
        let (sandbox, manual) = (ProviderKind::Sandbox, ProviderKind::Manual);
        let open = [(sandbox, config.sandbox), (manual, config.manual)];
        Self {
            clock: clock.clone(),
            shop: Arc::new(ArcSwap::from_pointee(shop)),
            secret: secret.clone(),
            reservation: TimeDelta::minutes(config.reservation_minutes),
            providers: open.into_iter().filter(|(_, is_open)| *is_open).map(|(kind, _)| kind).collect(),
        }
    }

    /// The terms the shop sells on right now.
    pub fn terms(&self) -> SellingTerms {
        let shop = self.shop.load();
        SellingTerms {
            currency: shop.currency,
            reservation: self.reservation,
            tax: shop.tax.clone(),
            shipping: shop.shipping.clone(),
            providers: self.providers.clone(),
            terms_version: Some(shop.legal.version.clone()),
            locations: selling(&shop),
        }
    }

    /// The places the shop sells from, in the order that goods are taken.
    pub fn selling(&self) -> Vec<LocationId> {
        selling(&self.shop.load())
    }

    /// A digest of a customer's e-mail address: enough to count uses of a coupon, nothing to read.
    pub fn customer_digest(&self, email: &str) -> String {
        self.secret.digest("coupon-customer", &[canonical_email(email).as_bytes()])
    }
}

fn selling(shop: &ShopSettings) -> Vec<LocationId> {
    shop.locations.iter().filter(|location| location.sells).map(Location::id).collect()
}
