//! The inventory as staff look at it: variants with their stock and prices, a page at a time, and the ledger of each.
//!
//! First which variants, out of the indexes alone; then those with everything that is shown. Stock is that of the places
//! that are asked for, added up.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use commerce::catalog::{ProductStatus, StockPolicy, StockState, fold};
use commerce::ids::{CategoryId, LocationId, OrderId, ProductId, VariantId};
use commerce::inventory::{Level, MovementKind};
use commerce::money::{Currency, Money};
use sqlx::types::Json;
use uuid::Uuid;

use super::order_list::Slice;
use super::{Conn, Db, Query, stock};
use crate::args;
use crate::error::{Error, Result};

/// Which variants. What is empty leaves all of products that are not archived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockFilter {
    /// Parts of the product's name, all of them; or a part of the SKU.
    pub q: String,
    /// Where the product stands; the categories below have to be named too.
    pub categories: Option<Vec<CategoryId>>,
    /// How much is there.
    pub states: Vec<StockPlace>,
    /// The places whose stock is meant, added up.
    pub places: Vec<LocationId>,
}

/// How much there is of a variant, as the list tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockPlace {
    /// Plenty, or not counted, or made to order.
    In,
    /// At or under the threshold.
    Low,
    /// None left, and none will be sold.
    Out,
}

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StockSort {
    /// The product's name, then the place among its variants.
    #[default]
    Product,
    /// What is free to buy.
    Available,
}

/// How many variants there are, and how many of them are low or sold out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All that are not archived.
    pub all: i64,
    /// At or under the threshold.
    pub low: i64,
    /// None left, and none will be sold.
    pub out: i64,
}

/// A variant with what staff look at and change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stocked {
    /// Which one.
    pub id: VariantId,
    /// The product it belongs to.
    pub product_id: ProductId,
    /// The product's name.
    pub product: String,
    /// Who may see the product.
    pub status: ProductStatus,
    /// One value per option of the product.
    pub values: Vec<String>,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// What lies in the places that were asked for.
    pub level: Level,
    /// On hand and reserved in every place that keeps it.
    pub shelves: BTreeMap<LocationId, (i64, i64)>,
    /// At how many units it counts as low.
    pub low_at: i64,
    /// The price of one.
    pub price: Money,
    /// What it cost before.
    pub compare_at: Option<Money>,
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Why.
    pub kind: MovementKind,
    /// How many more, or fewer.
    pub delta: i64,
    /// Where.
    pub location: LocationId,
    /// How many lay there then.
    pub left: i64,
    /// An order's number, a catalog, or a person's note.
    pub reference: String,
    /// The order that it is about.
    pub order: Option<OrderId>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Uuid,
    total: i64,
}

#[derive(sqlx::FromRow)]
struct TallyRow {
    all_of_them: i64,
    low: i64,
    sold_out: i64,
}

/// Counts what the tabs of the list show, of what lies in some places.
pub async fn tally(conn: &mut Conn, places: &[LocationId]) -> sqlx::Result<Tally> {
    const TALLY: &str = "(SELECT COUNT(*) FROM variants WHERE NOT archived)
            - (SELECT COUNT(*) FROM products p JOIN variants v ON v.product_id = p.id
               WHERE p.status = 'archived' AND NOT v.archived) AS all_of_them,
            COALESCE(SUM(CASE WHEN few.place = 'low' THEN 1 ELSE 0 END), 0) AS low,
            COALESCE(SUM(CASE WHEN few.place = 'out' THEN 1 ELSE 0 END), 0) AS sold_out
         FROM (SELECT CASE WHEN s.on_hand - s.reserved > 0 THEN 'low' WHEN v.policy = 'deny' THEN 'out' ELSE 'in' END AS place
               FROM";
    let mut query = Query::new("SELECT");
    query.then(TALLY);
    shelves(&mut query, places);
    query.then("CROSS JOIN variants v CROSS JOIN products p");
    on_shelves(&mut query, places);
    // What is far from every threshold is not looked at.
    query.and(FEW);
    query.and("p.id = v.product_id AND NOT v.archived AND p.status <> 'archived' AND v.tracked");
    query.and("(s.on_hand - s.reserved <= p.low_stock_threshold OR s.on_hand - s.reserved <= 0)");
    query.then(") few");
    let rows: Vec<TallyRow> = conn.all_by(query).await?;
    let row = rows.into_iter().next().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Tally { all: row.all_of_them, low: row.low, out: row.sold_out })
}

/// No threshold is higher: what is far from it is not looked at.
const FEW: &str = "s.on_hand - s.reserved <= (SELECT MAX(low) FROM
     (SELECT MAX(low_stock_threshold) AS low FROM products UNION ALL SELECT 0) most)";

/// The stock as `s`: of one place as it lies there, of several added up.
fn shelves(query: &mut Query, places: &[LocationId]) {
    const SUMMED: &str = "(SELECT variant_id, CAST(SUM(on_hand) AS BIGINT) AS on_hand,
             CAST(SUM(reserved) AS BIGINT) AS reserved FROM stock";
    if places.len() == 1 {
        return query.then("stock s");
    }
    query.then(SUMMED);
    query.and_any_of("location_id", places.iter().map(|place| (*place).into()).collect());
    query.then("GROUP BY variant_id) s");
}

/// Begins the conditions of a query that has these shelves.
fn on_shelves(query: &mut Query, places: &[LocationId]) {
    match places {
        [one] => query.and_is("s.variant_id = v.id AND s.location_id =", *one),
        _ => query.then("WHERE s.variant_id = v.id"),
    }
}

/// A page of the variants of a filter, how many there are in all, and what the tabs show. Both are asked at once: each
/// goes through what is low.
pub async fn page(
    db: &Db,
    filter: &StockFilter,
    sort: StockSort,
    descending: bool,
    slice: Slice,
) -> Result<(Vec<Stocked>, i64, Tally)> {
    // Each takes its connection for itself: none is held while another is waited for.
    let tally = async { Ok(tally(&mut db.read().await?, &filter.places).await?) };
    let rows = async { rows(&mut db.read().await?, filter, sort, descending, slice).await };
    let (tally, (rows, counted)) = tokio::try_join!(tally, rows)?;
    Ok((rows, counted.unwrap_or_else(|| filter.tallied(tally)), tally))
}

/// A page of the variants of a filter, and how many there are in all where the tally does not say it.
async fn rows(
    conn: &mut Conn,
    filter: &StockFilter,
    sort: StockSort,
    descending: bool,
    slice: Slice,
) -> Result<(Vec<Stocked>, Option<i64>)> {
    let mut query = filter.query(sort);
    query.then(sort.clause(descending));
    query.page(slice.limit, slice.offset);
    let found: Vec<Found> = conn.all_by(query).await?;
    let total = match (filter.is_tallied(), found.first()) {
        (true, _) => None,
        (false, Some(first)) => Some(first.total),
        (false, None) if slice.offset == 0 => Some(0),
        // Past the end: the first page knows.
        (false, None) => {
            let mut query = filter.query(sort);
            query.page(1, 0);
            Some(conn.all_by::<Found>(query).await?.first().map_or(0, |first| first.total))
        }
    };
    let ids: Vec<Uuid> = found.into_iter().map(|row| row.id).collect();
    Ok((these(conn, &ids, &filter.places).await?, total))
}

impl StockFilter {
    /// Whether the tally says how many there are.
    fn is_tallied(&self) -> bool {
        self.q.trim().is_empty() && self.categories.is_none()
    }

    /// How many there are as the tally says.
    fn tallied(&self, tally: Tally) -> i64 {
        let places = [
            (StockPlace::In, tally.all - tally.low - tally.out),
            (StockPlace::Low, tally.low),
            (StockPlace::Out, tally.out),
        ];
        let wanted = |place: &StockPlace| self.states.is_empty() || self.states.contains(place);
        places.iter().filter(|(place, _)| wanted(place)).map(|(_, count)| count).sum()
    }

    /// The ids of a filter. CROSS JOIN keeps SQLite to the order of the tables; PostgreSQL finds its own.
    fn query(&self, sort: StockSort) -> Query {
        const PLACE: &str = "CASE WHEN NOT v.tracked THEN 'in'
             WHEN s.on_hand <= s.reserved THEN CASE WHEN v.policy = 'deny' THEN 'out' ELSE 'in' END
             WHEN s.on_hand - s.reserved <= p.low_stock_threshold THEN 'low' ELSE 'in' END";
        let few = !self.states.is_empty() && !self.states.contains(&StockPlace::In);
        let by_stock = sort == StockSort::Available || few;
        let stocked = by_stock || !self.states.is_empty();
        let mut query = Query::new("SELECT v.id,");
        query.then(if self.is_tallied() { "CAST(0 AS BIGINT) AS total" } else { "COUNT(*) OVER () AS total" });
        query.then(if by_stock { "FROM" } else { "FROM products p CROSS JOIN variants v" });
        if by_stock {
            shelves(&mut query, &self.places);
            query.then("CROSS JOIN variants v CROSS JOIN products p");
        } else if stocked {
            query.then("CROSS JOIN");
            shelves(&mut query, &self.places);
        }
        if stocked {
            on_shelves(&mut query, &self.places);
        }
        query.and("v.product_id = p.id AND NOT v.archived AND p.status <> 'archived'");
        if few {
            query.and(FEW);
        }
        query.and_one_of(PLACE, self.states.iter().map(|place| place.as_str()));
        self.narrow(&mut query);
        query
    }

    fn narrow(&self, query: &mut Query) {
        let words = fold(&self.q);
        let words: Vec<&str> = words.split_whitespace().collect();
        if !words.is_empty() {
            // First the products that may be meant: their names are few, and every variant would be looked at otherwise.
            query.and("p.id IN (SELECT n.id FROM products n WHERE 1 = 1");
            words.iter().for_each(|word| query.and_has("n.name_folded", word));
            query.then("UNION SELECT k.product_id FROM variants k WHERE 1 = 1");
            query.and_has("LOWER(k.sku)", &self.q.trim().to_lowercase());
            query.then(")");
            query.and_all_or("p.name_folded", &words, "LOWER(v.sku)", &self.q.trim().to_lowercase());
        }
        if let Some(categories) = &self.categories {
            const STANDS: &str = "p.id IN (SELECT pc.product_id FROM product_categories pc WHERE pc.category_id";
            // Of no category nothing is found, rather than everything.
            let nowhere = categories.is_empty().then_some(CategoryId(Uuid::nil()));
            query.and_one_of(STANDS, categories.iter().copied().chain(nowhere));
            query.then(")");
        }
    }
}

impl StockPlace {
    /// Its name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Low => "low",
            Self::Out => "out",
        }
    }

    /// The place of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::In, Self::Low, Self::Out].into_iter().find(|place| place.as_str() == name)
    }

    /// Where a state of the storefront belongs.
    pub fn of(state: StockState) -> Self {
        match state {
            StockState::In | StockState::Backorder => Self::In,
            StockState::Low => Self::Low,
            StockState::Out => Self::Out,
        }
    }
}

impl StockSort {
    const fn clause(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Product, false) => "ORDER BY p.name_folded, p.id, v.position",
            (Self::Product, true) => "ORDER BY p.name_folded DESC, p.id DESC, v.position DESC",
            (Self::Available, false) => "ORDER BY s.on_hand - s.reserved, s.variant_id",
            (Self::Available, true) => "ORDER BY s.on_hand - s.reserved DESC, s.variant_id DESC",
        }
    }
}

#[derive(sqlx::FromRow)]
struct StockedRow {
    id: Uuid,
    product_id: Uuid,
    product: String,
    status: String,
    option_values: Json<Vec<String>>,
    sku: Option<String>,
    tracked: bool,
    policy: String,
    low_stock_threshold: i64,
    amount: i64,
    compare_at: Option<i64>,
    currency: String,
}

/// The variants of these ids, in this order, with what lies in some places. One that has left its product or has no price
/// is left out.
pub async fn these(conn: &mut Conn, ids: &[Uuid], places: &[LocationId]) -> Result<Vec<Stocked>> {
    const STOCKED: &str = "SELECT v.id, v.product_id, p.name AS product, p.status, v.option_values, v.sku, v.tracked,
            v.policy, p.low_stock_threshold, c.amount, c.compare_at, c.currency
         FROM variants v
         JOIN products p ON p.id = v.product_id
         JOIN prices c ON c.variant_id = v.id AND c.min_quantity = 1 AND c.ends_at IS NULL";
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let mut query = Query::new(STOCKED);
    query.and("NOT v.archived");
    query.and_one_of("v.id", ids.iter().copied());
    let rows: Vec<StockedRow> = conn.all_by(query).await?;
    let levels = stock::levels(conn, &ids.iter().copied().map(VariantId).collect::<Vec<_>>()).await?;
    let mut shelves: HashMap<VariantId, BTreeMap<LocationId, (i64, i64)>> = HashMap::new();
    for ((variant, place), level) in levels {
        shelves.entry(variant).or_default().insert(place, level);
    }
    let stocked = |row: StockedRow| {
        let id = VariantId(row.id);
        row.stocked(shelves.get(&id).cloned().unwrap_or_default(), places)
    };
    let mut found = rows.into_iter().map(stocked).collect::<Result<Vec<_>>>()?;
    found.sort_by_key(|variant| ids.iter().position(|id| *id == variant.id.0));
    found.dedup_by_key(|variant| variant.id);
    Ok(found)
}

/// One variant, with what lies in some places.
pub async fn one(conn: &mut Conn, id: VariantId, places: &[LocationId]) -> Result<Stocked> {
    these(conn, &[id.0], places).await?.pop().ok_or(Error::NotFound)
}

#[derive(sqlx::FromRow)]
struct MovedRow {
    kind: String,
    delta: i64,
    location_id: Uuid,
    left_there: i64,
    reference: String,
    order_id: Option<Uuid>,
    actor: String,
    at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// A page of a variant's ledger, the latest first, and how many entries it has. What was left is counted place by place.
pub async fn movements(conn: &mut Conn, variant: VariantId, slice: Slice) -> Result<(Vec<Moved>, i64)> {
    const COUNT: &str = "SELECT COUNT(*) AS n FROM stock_movements WHERE variant_id = $1";
    const MOVED: &str =
        "SELECT m.kind, m.delta, m.location_id, m.left_there, m.reference, o.id AS order_id, m.actor, m.at
         FROM (SELECT id, kind, delta, location_id, reference, actor, at,
                      CAST(SUM(delta) OVER (PARTITION BY location_id ORDER BY at, id) AS BIGINT) AS left_there
               FROM stock_movements WHERE variant_id = $1
               ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3) m
         LEFT JOIN orders o ON o.number = m.reference AND m.kind IN ('sale', 'return', 'cancel')
         ORDER BY m.at DESC, m.id DESC";
    let count: Count = conn.one(COUNT, args![variant]).await?;
    let rows: Vec<MovedRow> = conn.all(MOVED, args![variant, slice.limit, slice.offset]).await?;
    Ok((rows.into_iter().map(MovedRow::moved).collect::<Result<_>>()?, count.n))
}

impl MovedRow {
    fn moved(self) -> Result<Moved> {
        Ok(Moved {
            kind: named(&self.kind)?,
            delta: self.delta,
            location: LocationId(self.location_id),
            left: self.left_there,
            reference: self.reference,
            order: self.order_id.map(OrderId),
            actor: self.actor,
            at: self.at,
        })
    }
}

impl StockedRow {
    fn stocked(self, shelves: BTreeMap<LocationId, (i64, i64)>, places: &[LocationId]) -> Result<Stocked> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        let policy: StockPolicy = named(&self.policy)?;
        let here = || places.iter().filter_map(|place| shelves.get(place));
        Ok(Stocked {
            id: VariantId(self.id),
            product_id: ProductId(self.product_id),
            product: self.product,
            status: named(&self.status)?,
            values: self.option_values.0,
            sku: self.sku,
            level: Level {
                on_hand: here().map(|(on_hand, _)| on_hand).sum(),
                reserved: here().map(|(_, reserved)| reserved).sum(),
                tracked: self.tracked,
                policy,
            },
            shelves: shelves.clone(),
            low_at: self.low_stock_threshold,
            price: Money::new(self.amount, currency),
            compare_at: self.compare_at.map(|minor| Money::new(minor, currency)),
        })
    }
}

impl Stocked {
    /// Its product and its options, as people say it: `Field apron, Rust / S`.
    pub fn title(&self) -> String {
        match self.values.is_empty() {
            true => self.product.clone(),
            false => format!("{}, {}", self.product, self.values.join(" / ")),
        }
    }

    /// How much there is.
    pub fn state(&self) -> StockState {
        self.level.state(self.low_at)
    }
}

fn named<T: std::str::FromStr<Err = commerce::UnknownName>>(text: &str) -> Result<T> {
    text.parse().map_err(|error: commerce::UnknownName| Error::Internal(error.to_string()))
}
