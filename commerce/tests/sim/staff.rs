//! Staff: they send, refund, call off, count the shelf and change how things are sold.

use super::buyers::said;
use super::processes::{By, Process, Step};
use super::shop::{Ended, variant_at};
use super::world::{Done, World};
use commerce::catalog::{ProductStatus, StockPolicy};
use commerce::ids::{OrderItemId, RefundId};
use commerce::inventory::sheet::{Reason, Row};
use commerce::order::Order;
use commerce::payment::AttemptStatus;
use commerce::returns::{RefundItem, RefundWhat};
use std::rc::Rc;

impl World {
    pub fn manage(&mut self) -> Done {
        match self.dice.weighted(&[74, 8, 14, 4]) {
            // Staff with nothing to send leave the shop to its buyers.
            0 if self.shop.db.orders.len() == 0 => self.buy(),
            0 => self.see_to_an_order(),
            1 => self.see_to_a_review(),
            2 => self.count_the_shelf(),
            _ => self.change_the_catalog(),
        }
    }

    fn see_to_an_order(&mut self) -> Done {
        // Most of what is done with an order is done while it is new.
        let all = self.shop.db.orders.len();
        let at = if self.dice.chance(60) { all - 1 - self.dice.below(all.min(2)) } else { self.dice.below(all) };
        let order = self.shop.db.orders[at].order.clone();
        let number = order.id.0.as_u128();
        match self.dice.weighted(&[24, 10, 12, 16, 12, 8, 18]) {
            0 => {
                let items = self.some_units(&order);
                let ended = self.transact(|shop| shop.fulfil(at, items));
                ("send", number, said(&ended))
            }
            1 => ("deliver", number, said(&self.transact(|shop| shop.deliver(at)))),
            2 => ("mark paid", number, said(&self.transact(|shop| shop.mark_paid(at)))),
            3 => {
                let units = self.some_units(&order).into_iter();
                let items = units.map(|(item_id, quantity)| RefundItem { item_id, quantity }).collect();
                self.refund(at, &RefundWhat::Items(items))
            }
            4 => {
                let most = order.totals.total.minor.max(1);
                let amount = self.dice.between(0, most);
                self.refund(at, &RefundWhat::Amount(self.shop.money(amount)))
            }
            5 => self.refund(at, &RefundWhat::Remaining),
            _ => self.cancel_order(at, number),
        }
    }

    fn some_units(&mut self, order: &Rc<Order>) -> Vec<(OrderItemId, i64)> {
        let mut units = Vec::new();
        for item in &order.items {
            let quantity = self.dice.between(0, item.quantity);
            if quantity > 0 {
                units.push((item.id, quantity));
            }
        }
        units
    }

    fn refund(&mut self, at: usize, what: &RefundWhat) -> Done {
        let restock = self.dice.chance(50);
        let ended = self.transact(|shop| shop.begin_refund(at, what, restock));
        self.then_ask(("refund", at as u128, said(&ended)), ended)
    }

    fn cancel_order(&mut self, at: usize, number: u128) -> Done {
        let restock = self.dice.chance(60);
        let ended = self.transact(|shop| shop.cancel_order(at, restock));
        let told = ("cancel order", number, said(&ended));
        match ended {
            Ended::Done(Some(refund)) => self.then_ask(told, Ended::Done(refund)),
            _ => told,
        }
    }

    /// A payment under review that never became an order is paid back.
    fn see_to_a_review(&mut self) -> Done {
        let odd = |at: &usize| {
            let row = &self.shop.db.payments[*at];
            let checkout = &self.shop.db.checkouts[self.shop.checkout_at(row.attempt.checkout_id)].checkout;
            matches!(row.attempt.status, AttemptStatus::NeedsReview { .. })
                || checkout.status == commerce::checkout::CheckoutStatus::NeedsReview
        };
        let reviewed: Vec<usize> = (0..self.shop.db.payments.len()).filter(odd).collect();
        let Some(at) = self.dice.pick(&reviewed) else { return self.buy() };
        let ended = self.transact(|shop| shop.refund_review(at));
        self.then_ask(("refund review", at as u128, said(&ended)), ended)
    }

    /// The request that began goes on to ask the bank.
    fn then_ask(&mut self, told: Done, begun: Ended<RefundId>) -> Done {
        if let Ended::Done(refund) = begun {
            self.processes.push(Process { step: Step::LookAtRefund(refund), by: By::Request });
        }
        told
    }

    fn count_the_shelf(&mut self) -> Done {
        let mut rows = Vec::new();
        for _ in 0..=self.dice.below(2) {
            rows.push(self.row());
        }
        let ended = self.transact(|shop| shop.save_sheet(&rows));
        self.shop.publish();
        ("stock sheet", rows.len() as u128, said(&ended))
    }

    fn row(&mut self) -> Row {
        let variant = self.dice.below(self.shop.db.goods.len());
        let location = self.dice.below(4).min(1);
        let there = self.shop.level(variant, 1 - location).on_hand;
        let mut row = Row {
            variant_id: Some(variant_at(variant)),
            location: (location == 0).then(|| "back".to_owned()),
            reason: Some(Reason::ALL[self.dice.below(Reason::ALL.len())]),
            ..Row::default()
        };
        if self.dice.chance(50) {
            row.delta = Some(self.dice.between(-2, 6));
        } else {
            row.on_hand = Some(self.dice.between(0, 8));
            row.seen = Some(there - i64::from(self.dice.chance(20)));
        }
        if self.dice.chance(20) {
            row.price = Some(self.dice.between(0, 5_000));
        }
        row
    }

    fn change_the_catalog(&mut self) -> Done {
        let variant = self.dice.below(self.shop.db.goods.len());
        let policy = if self.dice.chance(70) { StockPolicy::Deny } else { StockPolicy::Continue };
        let status = if self.dice.chance(90) { ProductStatus::Active } else { ProductStatus::Draft };
        let how = (self.dice.chance(80), policy, status);
        let ended = self.transact(|shop| shop.sell_as(variant, how));
        self.shop.publish();
        ("sell as", variant as u128, said(&ended))
    }
}
