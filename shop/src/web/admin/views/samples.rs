//! Every template with every state of its view, for the check that renders them all and for looking at the theme.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::categories::CategoriesPage;
use super::customers::{CustomerPage, CustomersPage};
use super::inventory::{InventoryPage, VariantStockPage};
use super::order_list::OrdersPage;
use super::orders::{CancelPage, OrderPage, PrintPage, RefundPage, ResendPage, ReviewPage};
use super::product::EditProductPage;
use super::products::{ProductReport, ProductsPage};
use super::search::{SearchReportPage, SearchRulePage, SearchRulesPage};
use super::settings::{SettingsIndex, SettingsPage};
use super::transfers::{ImportPage, TransfersPage};
use super::{AccountPage, AdminShell, ErrorPage, SignInPage, StaffList, StaffPage};
use super::{FindPage, HomePage};

/// A template and a context that it must render with.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Path under `templates/`.
    pub template: &'static str,
    /// Name of the state, as `usual` or `empty`.
    pub state: String,
    /// Everything the template gets.
    pub context: Value,
}

/// Every template with every state.
pub fn all() -> Vec<Sample> {
    let mut all = Vec::new();
    add(&mut all, "error.html", ErrorPage::samples());
    add(&mut all, "sign_in.html", SignInPage::samples());
    add(&mut all, "settings/index.html", SettingsIndex::samples());
    add_settings(&mut all);
    add(&mut all, "staff/account.html", AccountPage::samples());
    add(&mut all, "transfers/transfers.html", TransfersPage::samples());
    add(&mut all, "transfers/import.html", ImportPage::samples());
    add(&mut all, "staff/list.html", StaffList::samples());
    add(&mut all, "staff/page.html", StaffPage::samples());
    add(&mut all, "orders/list.html", OrdersPage::samples());
    add(&mut all, "orders/order.html", OrderPage::samples());
    add(&mut all, "orders/refund.html", RefundPage::samples());
    add(&mut all, "orders/cancel.html", CancelPage::samples());
    add(&mut all, "orders/resend.html", ResendPage::samples());
    add(&mut all, "orders/print.html", PrintPage::samples());
    add(&mut all, "orders/review.html", ReviewPage::samples());
    add(&mut all, "customers/list.html", CustomersPage::samples());
    add(&mut all, "customers/customer.html", CustomerPage::samples());
    add(&mut all, "find.html", FindPage::samples());
    add(&mut all, "home.html", HomePage::samples());
    add(&mut all, "products/edit.html", EditProductPage::samples());
    add(&mut all, "products/list.html", ProductsPage::samples());
    add(&mut all, "products/report.html", ProductReport::samples());
    add(&mut all, "categories/tree.html", CategoriesPage::samples());
    add(&mut all, "search/list.html", SearchRulesPage::samples());
    add(&mut all, "search/rule.html", SearchRulePage::samples());
    add(&mut all, "search/report.html", SearchReportPage::samples());
    add(&mut all, "inventory/sheet.html", InventoryPage::samples());
    add(&mut all, "inventory/variant.html", VariantStockPage::samples());
    add(&mut all, "inventory/panel.html", VariantStockPage::samples());
    all
}

/// The template of a section of the settings is named by its view.
fn add_settings(all: &mut Vec<Sample>) {
    for (state, view) in SettingsPage::samples() {
        let template = match view.section.as_str() {
            "front" => "settings/front.html",
            "taxes" => "settings/taxes.html",
            "shipping" => "settings/shipping.html",
            "locations" => "settings/locations.html",
            "sender" => "settings/sender.html",
            "legal" => "settings/legal.html",
            _ => "settings/general.html",
        };
        add(all, template, BTreeMap::from([(state, view)]));
    }
}

fn add<V: Serialize>(all: &mut Vec<Sample>, template: &'static str, states: BTreeMap<String, V>) {
    for (state, view) in states {
        let mut context = around();
        let view = serde_json::to_value(view).expect("a view is plain data");
        let (Value::Object(members), Value::Object(fields)) = (&mut context, view) else {
            panic!("the view of {template} is a struct");
        };
        members.extend(fields);
        all.push(Sample { template, state, context });
    }
}

/// What `page::render` puts around a view.
fn around() -> Value {
    let shell = AdminShell::samples().remove("usual").expect("the shell has the state `usual`");
    json!({
        "shop": { "name": shell.shop, "locale": "en-GB", "currency": "EUR" },
        "time_zone": "Europe/Amsterdam",
        "now": "2026-11-21T22:41:00Z",
        "shell": shell,
    })
}

/// Reads a sample file; it names the file when the view and the sample have drifted apart.
pub(super) fn read<V: DeserializeOwned>(file: &str, json: &str) -> BTreeMap<String, V> {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("samples/{file} does not fit its view: {error}"))
}

#[cfg(test)]
mod tests {
    use crate::web::theme::Theme;

    #[test]
    fn every_template_renders_every_sample() {
        let theme = Theme::admin().expect("the admin's theme loads");
        // A folder that is named takes the pages, to be looked at in a browser.
        let shown = std::env::var_os("OXCART_SAMPLES").map(std::path::PathBuf::from);
        for sample in super::all() {
            let page = theme
                .render(sample.template, &sample.context)
                .unwrap_or_else(|error| panic!("{} in the state {:?}: {error}", sample.template, sample.state));
            if let Some(folder) = &shown {
                let file = format!("{}-{}", sample.template.replace(['/', '.'], "-"), sample.state);
                std::fs::write(folder.join(file).with_extension("html"), page).expect("the folder takes pages");
            }
        }
    }
}
