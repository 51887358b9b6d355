//! Every template with every state of its view, for the check that renders them all and for looking at a theme.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::suggest::SuggestView;
use super::{
    CartPage, CheckoutPage, CheckoutStatusPage, DrawerView, ErrorPage, FindOrderPage, ForYouView, HomePage, LegalPage,
    ListingPage, NotFoundPage, OrderCanceledMail, OrderMail, OrderPage, OrderRefundedMail, OrderShippedMail,
    PaymentFailedMail, ProductPage, ReservationExpiredMail, SandboxBankPage,
};

/// A template and a context that it must render with.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Path under `templates/`.
    pub template: &'static str,
    /// Name of the state, as `usual` or `empty`.
    pub state: String,
    /// The view; `shop` and `page` are the caller's to add.
    pub context: Value,
}

/// Every template with every state.
pub fn all() -> Vec<Sample> {
    let mut all = Vec::new();
    add(&mut all, &["storefront/home.html"], HomePage::samples());
    add(&mut all, &["fragments/for_you.html"], ForYouView::samples());
    add(&mut all, &["storefront/listing.html"], ListingPage::samples());
    add(&mut all, &["storefront/product.html"], ProductPage::samples());
    add(&mut all, &["storefront/cart.html", "fragments/cart.html"], CartPage::samples());
    add(&mut all, &["fragments/drawer.html"], DrawerView::samples());
    add(&mut all, &["fragments/suggest.html"], SuggestView::samples());
    add(&mut all, &["storefront/checkout.html", "fragments/checkout.html"], CheckoutPage::samples());
    add(&mut all, &["storefront/checkout_status.html"], CheckoutStatusPage::samples());
    add(&mut all, &["storefront/sandbox_bank.html"], SandboxBankPage::samples());
    add(&mut all, &["storefront/order.html"], OrderPage::samples());
    add(&mut all, &["storefront/find_order.html"], FindOrderPage::samples());
    add(&mut all, &["storefront/legal.html"], LegalPage::samples());
    add(&mut all, &["storefront/not_found.html"], NotFoundPage::samples());
    add(&mut all, &["storefront/error.html"], ErrorPage::samples());
    add(&mut all, &["mail/order_confirmation.html", "mail/order_confirmation.txt"], OrderMail::samples());
    add(&mut all, &["mail/order_shipped.html", "mail/order_shipped.txt"], OrderShippedMail::samples());
    add(&mut all, &["mail/order_refunded.html", "mail/order_refunded.txt"], OrderRefundedMail::samples());
    add(&mut all, &["mail/order_canceled.html", "mail/order_canceled.txt"], OrderCanceledMail::samples());
    add(&mut all, &["mail/payment_failed.html", "mail/payment_failed.txt"], PaymentFailedMail::samples());
    add(
        &mut all,
        &["mail/reservation_expired.html", "mail/reservation_expired.txt"],
        ReservationExpiredMail::samples(),
    );
    all
}

fn add<V: Serialize>(all: &mut Vec<Sample>, templates: &[&'static str], states: BTreeMap<String, V>) {
    for (state, view) in states {
        let context = serde_json::to_value(view).expect("a view is plain data");
        for &template in templates {
            all.push(Sample { template, state: state.clone(), context: context.clone() });
        }
    }
}

/// Reads a sample file; it names the file when the view and the sample have drifted apart.
pub(super) fn read<V: DeserializeOwned>(file: &str, json: &str) -> BTreeMap<String, V> {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("samples/{file} does not fit its view: {error}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sample_fits_its_view() {
        let all = super::all();
        assert!(all.len() > 40, "samples went missing: {}", all.len());
    }
}
