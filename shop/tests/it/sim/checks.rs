//! What has to hold: the invariants of `oxcart verify`, and what only somebody outside can say: what buyers were told,
//! what the bank has in its books, and that nothing hangs.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use commerce::ids::{CheckoutId, OrderId, PaymentId, RefundId};
use oxcart::args;
use oxcart::jobs::ASK_AFTER;
use oxcart::store::verify::{self, Violation};
use sqlx::FromRow;
use uuid::Uuid;

use super::bank::Standing;
use super::world::{World, violation};

/// How long the buyer may take at the bank.
const HELD_WHILE_PAYING: TimeDelta = TimeDelta::minutes(60);

/// Names what is broken, if anything is.
pub fn broken(found: Vec<Violation>) -> Result<(), Vec<Violation>> {
    if found.is_empty() { Ok(()) } else { Err(found) }
}

#[derive(FromRow)]
struct PaymentRow {
    id: Uuid,
    checkout_id: Uuid,
    checkout_version: i64,
    provider: String,
    status: String,
    amount: i64,
    captured: i64,
}

#[derive(FromRow)]
struct RefundRow {
    id: Uuid,
    provider: String,
    status: String,
    amount: i64,
}

#[derive(FromRow)]
struct OrderRow {
    id: Uuid,
    checkout_id: Uuid,
}

#[derive(FromRow)]
struct PayingRow {
    id: Uuid,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct LineRow {
    cart_id: Uuid,
    quantity: i64,
}

#[derive(FromRow)]
struct Text {
    text: String,
}

/// The rows that somebody outside knows about.
struct Picture {
    payments: Vec<PaymentRow>,
    refunds: Vec<RefundRow>,
    orders: Vec<OrderRow>,
    failed_jobs: Vec<Text>,
    negative_stock: Vec<Text>,
    paying: Vec<PayingRow>,
    lines: Vec<LineRow>,
}

/// What holds after every step.
pub async fn always(world: &mut World) -> Vec<Violation> {
    const PAYMENTS: &str = "SELECT id, checkout_id, checkout_version, provider, status, amount, captured FROM payments";
    const REFUNDS: &str =
        "SELECT f.id, p.provider, f.status, f.amount FROM refunds f JOIN payments p ON p.id = f.payment_id";
    const FAILED: &str = "SELECT kind || ': ' || last_error AS text FROM jobs
         WHERE status = 'dead' OR last_error LIKE 'internal%'";
    const NEGATIVE: &str = "SELECT v.sku || ': ' || CAST(s.on_hand AS TEXT) || ', ' || CAST(s.reserved AS TEXT) AS text
         FROM stock s JOIN variants v ON v.id = s.variant_id
         WHERE s.reserved < 0 OR (v.tracked AND v.policy = 'deny' AND s.on_hand < s.reserved)";
    const PAYING: &str = "SELECT c.id, c.expires_at, p.created_at FROM checkouts c
         JOIN payments p ON p.id = c.payment_id WHERE c.status = 'processing'";
    let sure = "the database answers";
    let is_postgres = world.window.is_postgres();
    let snapshot = &mut world.window;
    // All of one moment: a commit that nobody waited for may come in between.
    let begin = if is_postgres { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN" };
    snapshot.script(begin.to_owned()).await.expect(sure);
    let mut found = verify::run(snapshot).await.expect("the invariants can be computed");
    let picture = Picture {
        payments: snapshot.all(PAYMENTS, args![]).await.expect(sure),
        refunds: snapshot.all(REFUNDS, args![]).await.expect(sure),
        orders: snapshot.all("SELECT id, checkout_id FROM orders", args![]).await.expect(sure),
        failed_jobs: snapshot.all(FAILED, args![]).await.expect(sure),
        negative_stock: snapshot.all(NEGATIVE, args![]).await.expect(sure),
        paying: snapshot.all(PAYING, args![]).await.expect(sure),
        lines: snapshot.all("SELECT cart_id, quantity FROM cart_items", args![]).await.expect(sure),
    };
    for node in [&world.shop, &world.other] {
        let misremembered = node.desk.misremembered(snapshot).await.expect(sure);
        found.extend(misremembered.into_iter().map(|cart| violation("what_is_remembered_is_so", cart)));
    }
    snapshot.script("ROLLBACK".to_owned()).await.expect(sure);
    found.extend(picture.failed_jobs.iter().map(|job| violation("no_job_fails_inside", &job.text)));
    found.extend(picture.negative_stock.iter().map(|stock| violation("stock_covers_what_is_promised", &stock.text)));
    let short = picture.paying.iter().filter(|row| row.expires_at - row.created_at < HELD_WHILE_PAYING);
    found.extend(short.map(|row| violation("paying_checkout_is_held_on", row.id)));
    told(world, &picture, &mut found);
    keyed(world, &picture, &mut found);
    money(world, &picture, &mut found);
    found
}

/// What buyers were told stays true.
fn told(world: &World, picture: &Picture, found: &mut Vec<Violation>) {
    let orders: HashMap<OrderId, CheckoutId> =
        picture.orders.iter().map(|row| (OrderId(row.id), CheckoutId(row.checkout_id))).collect();
    for answered in &world.answered {
        if orders.get(&answered.order) != Some(&answered.checkout) {
            found.push(violation("acknowledged_order_is_there", answered.order));
        }
    }
    for row in &picture.payments {
        let shown = world.shown.get(&(CheckoutId(row.checkout_id), row.checkout_version));
        if shown.is_some_and(|shown| *shown != row.amount) {
            found.push(violation("charged_is_what_was_seen", row.id));
        }
    }
}

/// What was asked for under one key was done once, and what was answered is so.
fn keyed(world: &World, picture: &Picture, found: &mut Vec<Violation>) {
    for program in &world.programs.all {
        let units: i64 = picture.lines.iter().filter(|row| row.cart_id == program.cart.0).map(|row| row.quantity).sum();
        if units > 1 || (program.has_it && units == 0) {
            found.push(violation("one_key_has_one_effect", format!("{}: {units}", program.cart)));
        }
    }
}

/// What the shop has been told of money is what the bank has done.
fn money(world: &World, picture: &Picture, found: &mut Vec<Violation>) {
    let books = world.bank.books();
    for row in picture.payments.iter().filter(|row| row.provider == "sandbox" && row.captured > 0) {
        let charge = books.charges.iter().find(|charge| charge.id == PaymentId(row.id));
        let is_so = charge.is_some_and(|charge| {
            charge.standing == Standing::Succeeded
                && charge.taken.minor == row.captured
                && (row.status == "needs_review" || row.captured == row.amount)
        });
        if !is_so {
            found.push(violation("bank_and_shop_agree", format!("{} {}: {charge:?}", row.id, row.status)));
        }
    }
    for row in picture.refunds.iter().filter(|row| row.provider == "sandbox" && row.status != "pending") {
        let known = books.refunds.iter().find(|refund| refund.id == RefundId(row.id));
        let succeeded = row.status == "succeeded";
        if !known.is_some_and(|known| known.done == Some(succeeded) && known.amount.minor == row.amount) {
            found.push(violation("bank_and_shop_agree", format!("refund {} {}: {known:?}", row.id, row.status)));
        }
    }
    for charge in &books.charges {
        let back = books.refunds.iter().filter(|refund| refund.payment == charge.id && refund.done == Some(true));
        if back.map(|refund| refund.amount.minor).sum::<i64>() > charge.taken.minor {
            found.push(violation("bank_pays_back_at_most_what_it_took", charge.id));
        }
    }
}

/// What holds of a shop that is left alone: everything has ended, and the shop knows all that the bank has done.
pub async fn at_rest(world: &mut World) -> Result<(), Vec<Violation>> {
    const OPEN: &str = "SELECT 'checkout ' || status AS text FROM checkouts WHERE status IN ('open', 'processing')
         UNION ALL SELECT 'payment ' || status FROM payments
            WHERE status IN ('pending', 'processing', 'requires_action') AND provider <> 'manual'
         UNION ALL SELECT 'refund ' || status FROM refunds WHERE status = 'pending'
         UNION ALL SELECT 'reserved ' || r.status FROM reservations r JOIN checkouts c ON c.id = r.checkout_id
            WHERE r.status = 'active' AND c.status <> 'needs_review'";
    const CAPTURED: &str = "SELECT id, checkout_id, checkout_version, provider, status, amount, captured FROM payments";
    const REFUNDS: &str =
        "SELECT f.id, p.provider, f.status, f.amount FROM refunds f JOIN payments p ON p.id = f.payment_id";
    let mut found = always(world).await;
    let sure = "the database answers";
    let open: Vec<Text> = world.window.all(OPEN, args![]).await.expect(sure);
    found.extend(open.iter().map(|row| violation("nothing_hangs", &row.text)));
    let payments: Vec<PaymentRow> = world.window.all(CAPTURED, args![]).await.expect(sure);
    let refunds: Vec<RefundRow> = world.window.all(REFUNDS, args![]).await.expect(sure);
    let books = world.bank.books();
    for charge in books.charges.iter().filter(|charge| charge.standing == Standing::Succeeded) {
        let known = payments.iter().find(|row| row.id == charge.id.0);
        if known.is_none_or(|row| row.captured != charge.taken.minor) {
            found.push(violation("no_money_is_lost", charge.id));
        }
    }
    for refund in books.refunds.iter().filter(|refund| refund.done == Some(true)) {
        let known = refunds.iter().find(|row| row.id == refund.id.0);
        if !known.is_some_and(|row| row.status == "succeeded" && row.amount == refund.amount.minor) {
            found.push(violation("no_refund_is_lost", refund.id));
        }
    }
    broken(found)
}

/// When the next job is due, or is made; the one that comes back every hour never ends.
pub async fn next_job(world: &mut World) -> Option<DateTime<Utc>> {
    #[derive(FromRow)]
    struct Due {
        run_at: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    }
    const WAITING: &str = "SELECT run_at, lease_until FROM jobs
            WHERE status IN ('waiting', 'running') AND kind NOT IN ('prune', 'recommend')
         UNION ALL SELECT expires_at, expires_at FROM checkouts c WHERE status = 'open'
            AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = c.id AND jobs.status <> 'done')";
    const UNANSWERED: &str = "SELECT created_at AS run_at, created_at AS lease_until FROM payments p
         WHERE status = 'pending' AND provider <> 'manual'
            AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = p.id AND jobs.status <> 'done')";
    let waiting: Vec<Due> = world.window.all(WAITING, args![]).await.expect("the database answers");
    let unanswered: Vec<Due> = world.window.all(UNANSWERED, args![]).await.expect("the database answers");
    let asked = unanswered.iter().map(|due| due.run_at + ASK_AFTER);
    waiting.iter().map(|due| due.run_at.max(due.lease_until)).chain(asked).min()
}

/// What was acknowledged has to outlive a power loss: SQLite waits for the disk at every commit.
pub async fn settings(world: &World) -> Result<(), Vec<Violation>> {
    #[derive(FromRow)]
    struct Synchronous {
        synchronous: i64,
    }
    const FULL: i64 = 2;
    if world.shop.db.engine() != "sqlite" {
        return Ok(());
    }
    let mut tx = world.shop.db.begin().await.expect("the database answers");
    let kept: Synchronous = tx.one("PRAGMA synchronous", args![]).await.expect("SQLite says how it writes");
    if kept.synchronous == FULL {
        return Ok(());
    }
    broken(vec![violation("commits_wait_for_the_disk", kept.synchronous)])
}
