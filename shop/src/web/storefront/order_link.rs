//! The buyer's private link to an order.

use commerce::ids::OrderId;

use crate::app::App;

/// The path of an order with its token: who has it may see the order.
pub fn order_path(app: &App, order: OrderId) -> String {
    format!("/orders/{order}?token={}", app.secret.order_token(order))
}

/// The same, for who has just bought.
pub fn thanks_path(app: &App, order: OrderId) -> String {
    format!("{}&thanks=1", order_path(app, order))
}
