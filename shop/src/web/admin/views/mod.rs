//! What the templates of the admin are given: one struct a page, plain data only. Handlers fill them,
//! `themes/admin/templates` shows them, and `samples/*.json` holds every state worth looking at.
//!
//! A template gets `shell` ([`AdminShell`]), and the fields of its own view beside it. Texts for people come from the
//! theme's Fluent file, so a view says only which case it is.

pub mod categories;
pub mod customers;
pub mod find;
pub mod home;
pub mod inventory;
pub mod list;
pub mod message;
pub mod order_list;
pub mod orders;
pub mod product;
pub mod products;
pub mod samples;
pub mod search;
pub mod settings;
pub mod staff;
pub mod transfers;

use serde::{Deserialize, Serialize};

pub use find::FindPage;
pub use home::HomePage;
pub use list::ListView;
pub use message::ErrorPage;
pub use staff::{AccountPage, SessionView, SignInPage, StaffList, StaffPage, StaffRow};

/// Gives a view its samples from a JSON file of `{state: view}`; `usual` is the state that most people see.
macro_rules! sampled {
    ($view:ty, $file:literal) => {
        impl $view {
            /// Every state worth looking at, by name.
            pub fn samples() -> std::collections::BTreeMap<String, Self> {
                $crate::web::admin::views::samples::read($file, include_str!(concat!("samples/", $file)))
            }
        }
    };
}
pub(crate) use sampled;

/// The parts of the admin, in the order of the navigation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Nowhere in the navigation.
    #[default]
    None,
    /// Figures and what needs attention.
    Home,
    /// Orders and payments under review.
    Orders,
    /// Products and their variants.
    Products,
    /// The category tree.
    Categories,
    /// What is said about searches, and what is searched for.
    Search,
    /// Stock, movements, what runs low.
    Inventory,
    /// Customers.
    Customers,
    /// Imports and exports.
    Transfers,
    /// Settings of the shop.
    Settings,
    /// Accounts of staff.
    Staff,
    /// One's own account.
    Account,
}

/// What is around every page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminShell {
    /// The name over the door.
    pub shop: String,
    /// True where nothing is really for sale.
    pub demo: bool,
    /// Who is signed in; nobody on the page that signs in and on errors.
    pub member: Option<MemberInfo>,
    /// What every form that writes carries in its field `csrf`, and every script in `X-CSRF-Token`.
    pub csrf: String,
    /// The part of the admin the page is in.
    pub section: Section,
    /// Without the shop's name.
    pub title: String,
    /// Path and query of the request.
    pub path: String,
    /// Key of the text that says what was just done.
    pub said: Option<String>,
    /// Orders that wait to be sent.
    pub to_ship: Option<i64>,
    /// Variants that run low.
    pub low_stock: Option<i64>,
}

sampled!(AdminShell, "shell.json");

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberInfo {
    /// As they wrote it.
    pub name: String,
    /// Two letters.
    pub initials: String,
    /// What they sign in with.
    pub email: String,
    /// `admin` or `super_admin`.
    pub role: String,
}

/// A link with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What is read.
    pub name: String,
    /// Where it goes.
    pub url: String,
}

/// One choice of a select.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// A field of a form, with what was typed and what is wrong with it. Its label is the caller's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldView {
    /// Form name, and the id of the input.
    pub name: String,
    /// What was typed; kept after every error.
    pub value: String,
    /// What to do about it, in a sentence.
    pub error: Option<String>,
    /// With any, the field is a select.
    pub options: Vec<Choice>,
}
