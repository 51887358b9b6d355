//! How things stand at the moment of asking: orders, payments, what is held, the queue, the catalog, the connections.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::app::App;
use crate::error::Result;
use crate::store::{Db, jobs, order_list, standing, statements};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OrderState {
    status: String,
    payment: String,
    fulfillment: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PaymentState {
    provider: String,
    status: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Queue {
    kind: String,
    status: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Pool {
    pool: String,
    state: String,
}

/// Adds everything that is read off at the moment of asking. All but the attempts to pay are counted out of an index.
pub(super) async fn add(app: &App, registry: &mut Registry) -> Result<()> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let orders = Family::<OrderState, Gauge>::default();
    for count in order_list::states(&mut conn).await? {
        let (status, payment) = (count.status.as_str().to_owned(), count.payment.as_str().to_owned());
        let fulfillment = count.fulfillment.as_str().to_owned();
        orders.get_or_create(&OrderState { status, payment, fulfillment }).set(count.orders);
    }
    registry.register("orders", "Orders by their three states", orders);

    let payments = Family::<PaymentState, Gauge>::default();
    for count in standing::payments(&mut conn).await? {
        let state = PaymentState { provider: count.provider, status: count.status };
        payments.get_or_create(&state).set(count.payments);
    }
    registry.register("payments", "Attempts to pay by provider and state", payments);

    let held = standing::held(&mut conn, now).await?;
    registry.register("checkouts_open", "Checkouts that somebody is in", gauge(held.checkouts));
    registry.register("reservations_active", "Lines of stock that checkouts hold", gauge(held.active));
    registry.register("reservations_overdue", "Of those, lines held past their time", gauge(held.overdue));
    let carts = standing::open_carts(&mut conn).await?;
    registry.register("carts_open", "Carts that were not bought", gauge(carts));

    let queue = Family::<Queue, Gauge>::default();
    for (kind, status, count) in jobs::counts(&mut conn).await? {
        queue.get_or_create(&Queue { kind, status }).set(count);
    }
    registry.register("jobs", "Jobs that wait, run or are dead", queue);
    let oldest = standing::oldest_due_job(&mut conn, now).await?;
    let waits = oldest.map_or(0, |due| (now - due).num_seconds());
    registry.register("jobs_oldest_due_seconds", "For how long the oldest job that is due has waited", gauge(waits));
    drop(conn);

    let products = i64::try_from(app.catalog.load().products().len()).unwrap_or(i64::MAX);
    registry.register("catalog_products", "Products in the catalog in memory", gauge(products));
    let waiting = i64::try_from(app.desk.waiting()).unwrap_or(i64::MAX);
    registry.register("desk_waiting", "Commands that wait at the write desk", gauge(waiting));
    let counter = |count| {
        let counter = Counter::<u64>::default();
        counter.inc_by(count);
        counter
    };
    registry.register("page_cache_hits", "Answers that came from kept pages", counter(app.pages.hits()));
    registry.register("page_cache_misses", "Answers that can be kept and had to be made", counter(app.pages.misses()));
    let bytes = i64::try_from(app.pages.bytes()).unwrap_or(i64::MAX);
    registry.register("page_cache_bytes", "Memory that kept pages take", gauge(bytes));
    pools(&app.db, registry);
    Ok(())
}

fn pools(db: &Db, registry: &mut Registry) {
    let connections = Family::<Pool, Gauge>::default();
    for (pool, size, idle) in db.pools() {
        for (state, count) in [("idle", idle), ("in_use", size - idle)] {
            let label = Pool { pool: pool.to_owned(), state: state.to_owned() };
            connections.get_or_create(&label).set(count);
        }
    }
    registry.register("db_connections", "Connections to the database", connections);
    let waits = Counter::<u64>::default();
    waits.inc_by(statements::waits());
    if let Some(count) = db.commits() {
        let commits = Counter::<u64>::default();
        commits.inc_by(count);
        registry.register("db_commits", "Commits of SQLite's writer, each of one transaction or of several", commits);
    }
    registry.register("db_waits", "Times that every connection was in use when one was needed", waits);
}

fn gauge(value: i64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(value);
    gauge
}
