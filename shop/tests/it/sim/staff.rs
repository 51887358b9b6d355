//! Staff: they send, refund, call off, count the shelf and see to payments under review.

use commerce::ids::{OrderId, OrderItemId, PaymentId};
use commerce::inventory::sheet::{Reason, Row};
use commerce::money::Money;
use commerce::order::Order;
use commerce::returns::{RefundItem, RefundStatus, RefundWhat};
use oxcart::args;
use oxcart::error::Error;
use oxcart::flows::cancel::{Cancel, cancel};
use oxcart::flows::fulfil::{Fulfil, fulfil};
use oxcart::flows::mark_delivered::mark_delivered;
use oxcart::flows::mark_paid::mark_paid;
use oxcart::flows::refund::{Refund, refund};
use oxcart::flows::refund_review::refund_review;
use oxcart::flows::stock_sheet::{self, Outcome};
use oxcart::store::orders;
use uuid::Uuid;

use super::world::{Done, World, then};

const STAFF: &str = "staff";

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

impl World {
    pub async fn manage(&mut self) -> Done {
        match self.dice.weighted(&[76, 9, 15]) {
            0 => self.see_to_an_order().await,
            1 => self.see_to_a_review().await,
            _ => self.count_the_shelf().await,
        }
    }

    async fn see_to_an_order(&mut self) -> Done {
        // A number is taken only once, so that the order of them is the same in every run.
        const ORDERS: &str = "SELECT id FROM orders ORDER BY CAST(number AS BIGINT)";
        let all: Vec<IdRow> = self.window.all(ORDERS, args![]).await.expect("the database answers");
        // Staff with nothing to do leave the shop to its buyers.
        if all.is_empty() {
            return self.buy().await;
        }
        // Most of what is done with an order is done while it is new.
        let at = if self.dice.chance(60) {
            all.len() - 1 - self.dice.below(all.len().min(2))
        } else {
            self.dice.below(all.len())
        };
        let order = orders::load(&mut self.window, OrderId(all[at].id)).await.expect("it was there").order;
        match self.dice.weighted(&[24, 10, 12, 16, 12, 8, 18]) {
            0 => self.send(&order).await,
            1 => {
                let (shop, id) = (self.shop.clone(), order.id);
                self.does("deliver", async move { mark_delivered(&shop, id, STAFF).await }).await
            }
            2 => {
                let (shop, id) = (self.shop.clone(), order.id);
                self.does("mark paid", async move { mark_paid(&shop, id, STAFF).await }).await
            }
            3 => {
                let units = self.some_units(&order).into_iter();
                let items = units.map(|(item_id, quantity)| RefundItem { item_id, quantity }).collect();
                self.refund(order.id, RefundWhat::Items(items)).await
            }
            4 => {
                let most = order.totals.total.minor.max(1);
                let amount = Money::new(self.dice.between(0, most), order.totals.total.currency);
                self.refund(order.id, RefundWhat::Amount(amount)).await
            }
            5 => self.refund(order.id, RefundWhat::Remaining).await,
            _ => self.call_off(order.id).await,
        }
    }

    async fn does<T: Send + 'static>(
        &mut self,
        what: &'static str,
        deed: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Done {
        self.begin(what, async move {
            let ended = deed.await;
            then(move |world| world.said(what, &ended))
        })
        .await
    }

    /// The same for what the bank has a word in.
    async fn pays_back(
        &mut self,
        what: &'static str,
        deed: impl Future<Output = Result<Option<RefundStatus>, Error>> + Send + 'static,
    ) -> Done {
        self.begin(what, async move {
            let ended = deed.await;
            then(move |world| match ended {
                Ok(Some(status)) => status.as_str(),
                ended => world.said(what, &ended),
            })
        })
        .await
    }

    fn some_units(&mut self, order: &Order) -> Vec<(OrderItemId, i64)> {
        let mut units = Vec::new();
        for item in &order.items {
            let quantity = self.dice.between(0, item.quantity);
            if quantity > 0 {
                units.push((item.id, quantity));
            }
        }
        units
    }

    async fn send(&mut self, order: &Order) -> Done {
        let parcel = Fulfil { items: self.some_units(order), carrier: None, tracking_number: None, notify: true };
        let (shop, id) = (self.shop.clone(), order.id);
        self.does("send", async move { fulfil(&shop, id, parcel, STAFF).await }).await
    }

    async fn refund(&mut self, id: OrderId, what: RefundWhat) -> Done {
        let asked = Refund { what, reason: String::new(), restock: self.dice.chance(50), notify: self.dice.chance(50) };
        let shop = self.shop.clone();
        self.pays_back("refund", async move { refund(&shop, id, asked, STAFF).await.map(Some) }).await
    }

    async fn call_off(&mut self, id: OrderId) -> Done {
        let asked = Cancel { reason: String::new(), restock: self.dice.chance(60), notify: self.dice.chance(50) };
        let shop = self.shop.clone();
        self.pays_back("cancel order", async move { cancel(&shop, id, asked, STAFF).await }).await
    }

    /// A payment under review that never became an order is paid back.
    async fn see_to_a_review(&mut self) -> Done {
        const ODD: &str = "SELECT p.id FROM payments p JOIN checkouts c ON c.id = p.checkout_id
             WHERE p.status = 'needs_review' OR c.status = 'needs_review' ORDER BY p.created_at";
        let odd: Vec<IdRow> = self.window.all(ODD, args![]).await.expect("the database answers");
        let ids: Vec<Uuid> = odd.iter().map(|row| row.id).collect();
        let Some(id) = self.dice.pick(&ids) else { return self.buy().await };
        let shop = self.shop.clone();
        self.pays_back("refund review", async move { refund_review(&shop, PaymentId(id), "", STAFF).await.map(Some) })
            .await
    }

    async fn count_the_shelf(&mut self) -> Done {
        let rows: Vec<Row> = (0..=self.dice.below(2)).map(|_| self.row()).collect();
        let shop = self.shop.clone();
        self.begin("stock sheet", async move {
            let saved = stock_sheet::save(&shop, &rows, STAFF).await;
            then(move |world| match saved {
                Ok(Outcome::Refused { .. }) => "refused",
                saved => world.said("stock sheet", &saved),
            })
        })
        .await
    }

    fn row(&mut self) -> Row {
        let reason = Some(Reason::ALL[self.dice.below(Reason::ALL.len())]);
        let variant = self.variants[self.dice.below(self.variants.len())];
        let mut row = Row { variant_id: Some(variant), reason, ..Row::default() };
        if self.dice.chance(50) {
            row.delta = Some(self.dice.between(-2, 6));
        } else {
            row.on_hand = Some(self.dice.between(0, 8));
        }
        if self.dice.chance(40) {
            row.location = Some("depot".into());
        }
        if self.dice.chance(20) {
            row.price = Some(self.dice.between(0, 5_000));
        }
        row
    }
}
