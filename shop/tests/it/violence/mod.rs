//! What happens to machines, done to the real program: it is killed, its bank, its database and its disk fail, its
//! clock jumps, somebody starts it twice. What it said yes to is there; the rest is as if never asked.

mod bank;
mod beside;
mod clocks;
mod disk;
mod kills;
mod server;

use oxcart::store::Db;
use serde_json::json;

use crate::buyer::Api;
use crate::program::{Program, count};

/// How much money the bank took and did not give back.
pub const IN_THE_BANK: &str =
    "SELECT CAST(COALESCE((SELECT SUM(amount) FROM sandbox_payments WHERE status = 'succeeded'), 0)
     - COALESCE((SELECT SUM(amount) FROM sandbox_refunds WHERE status = 'succeeded'), 0) AS BIGINT) AS n";
/// How much money orders say that they were paid and have kept.
pub const IN_ORDERS: &str = "SELECT CAST(COALESCE(SUM(p.captured - p.refunded), 0) AS BIGINT) AS n
     FROM orders o JOIN payments p ON p.order_id = o.id WHERE p.status = 'succeeded'";
/// Units that are held, and what waits for a payment.
pub const UNFINISHED: &str = "SELECT CAST((SELECT SUM(reserved) FROM stock) AS BIGINT)
     + (SELECT COUNT(*) FROM checkouts WHERE status IN ('open', 'processing'))
     + (SELECT COUNT(*) FROM refunds WHERE status = 'pending') AS n";

/// A running shop keeps its word: every order that was acknowledged is there and paid; once the time is over, nothing
/// that was interrupted is held or waits any more, and the bank holds what orders were paid.
async fn keeps_its_word(program: &Program, acknowledged: &[String]) {
    let api = Api::new(&program.url());
    for url in acknowledged {
        let path = url.split_once("/orders/").expect("a private link").1;
        assert_eq!(api.get(&format!("/api/orders/{path}")).await.ok(200)["payment_status"], "paid");
    }
    api.post("/api/dev/clock", &json!({ "advance_seconds": 2 * 3600 })).await.ok(200);
    let db = program.open_database().await;
    program.until("everything ends", async || count(&db, UNFINISHED).await == 0).await;
    assert_eq!(money(&db).await, 0, "what the bank has and orders have not");
    db.close().await;
}

/// What the bank has more than orders say.
async fn money(db: &Db) -> i64 {
    count(db, IN_THE_BANK).await - count(db, IN_ORDERS).await
}
