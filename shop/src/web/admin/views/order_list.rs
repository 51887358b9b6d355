//! The list of orders.

use serde::{Deserialize, Serialize};

use super::customers::OrderRowView;
use super::list::ListView;
use super::sampled;

/// Orders, a page of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrdersPage {
    /// Everything around the rows.
    pub list: ListView,
    /// The orders.
    pub rows: Vec<OrderRowView>,
    /// Payments that fit no order.
    pub reviewed: i64,
}

sampled!(OrdersPage, "orders.json");
