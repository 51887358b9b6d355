//! One sale as a story: a cart, a checkout, a payment, an order, and what became of it. The rules of the shop decide;
//! here is only chance.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use commerce::cart::{Cart, CartItem, CartStatus};
use commerce::catalog::StockPolicy;
use commerce::checkout::{
    Checkout, CheckoutStatus, OpenCommand, OpenPlan, OpenSnapshot, SaleVariant, SellingTerms, complete, open,
};
use commerce::customer::canonical_email;
use commerce::ids::{CartId, CartItemId, CheckoutId, OrderId, PaymentId, VariantId};
use commerce::inventory::Level;
use commerce::order::Order;
use commerce::payment::{self, Attempt, AttemptStatus, Outcome, ProviderKind, ReviewReason};
use oxcart::args;
use oxcart::store::Arg;
use oxcart::store::defaults::LOCATION;
use oxcart::store::order_list::{search_text, sort_name};
use serde_json::{Value, json};
use uuid::Uuid;

use super::aftermath;
use super::customers::Customer;
use super::draw::Draw;
use super::people::Person;
use super::tables::Batch;

/// A variant that can be bought.
pub struct Good {
    /// Its id.
    pub id: VariantId,
    /// Whether it is counted.
    pub tracked: bool,
    /// What it is and costs.
    pub variant: SaleVariant,
}

/// A sale before it is told: who, when and what.
pub struct Plan {
    /// When the order is placed.
    pub at: DateTime<Utc>,
    /// The place of the buyer among the people.
    pub person: usize,
    /// Places among the goods, and how many of each.
    pub lines: Vec<(usize, i64)>,
}

/// How far a cart gets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is left.
    Cart,
    /// A checkout that somebody is in right now.
    Open,
    /// A checkout whose payment nobody can explain.
    Review,
    /// An order.
    Order,
}

/// Everything a sale is told with.
pub struct Teller<'a> {
    /// What there is to buy.
    pub goods: &'a [Good],
    /// The places of the goods, by id.
    pub places: &'a HashMap<VariantId, usize>,
    /// Who buys.
    pub people: &'a [Person],
    /// The terms of the shop.
    pub terms: &'a SellingTerms,
    /// The present: nothing happens after it.
    pub now: DateTime<Utc>,
    /// Of a thousand buyers so many pay by hand.
    pub by_hand: u32,
    /// Chance.
    pub draw: Draw,
    /// Who has ordered, by canonical e-mail address.
    pub customers: HashMap<String, Customer>,
    /// Where the rows go.
    pub batch: Batch,
}

impl Teller<'_> {
    /// Tells a sale from its cart to its end.
    pub fn tell(&mut self, plan: &Plan, end: End, number: i64) -> Result<(), crate::Failure> {
        let cart = self.cart(plan);
        if end == End::Cart {
            self.keep_cart(&cart, plan.at, None, None);
            return Ok(());
        }
        let provider = if self.draw.happens(self.by_hand) { ProviderKind::Manual } else { ProviderKind::Sandbox };
        let provider = if end == End::Review { ProviderKind::Sandbox } else { provider };
        let opened = self.open(&cart, plan, provider)?;
        let Checkout { id, cart_id, .. } = opened.checkout;
        self.event(plan.at, "checkout.opened", "checkout", id.0, 1, json!({ "cart": cart_id }), "buyer");
        if end == End::Open {
            self.keep_cart(&cart, plan.at, Some(id), None);
            self.reservations(&opened, "active", plan.at);
            self.keep_checkout(&opened.checkout, None, plan.at);
            return Ok(());
        }
        let paid_at = plan.at + TimeDelta::seconds(self.draw.between(40, 400));
        let attempt = self.pay(&opened.checkout, provider, end, paid_at)?;
        if end == End::Review {
            self.review(&cart, opened, &attempt, paid_at);
            return Ok(());
        }
        let order = complete(&opened.checkout, &attempt, &number.to_string(), paid_at);
        self.place(&cart, &opened, &attempt, &order, paid_at);
        aftermath::follow(self, &opened.checkout, attempt, order)
    }

    fn cart(&mut self, plan: &Plan) -> Cart {
        let items = plan.lines.iter().map(|(good, quantity)| CartItem {
            id: self.draw.id::<CartItemId>(plan.at),
            variant_id: self.goods[*good].id,
            quantity: *quantity,
            added_at: plan.at,
        });
        let items = items.collect::<Vec<_>>();
        Cart {
            id: self.draw.id::<CartId>(plan.at),
            version: 1 + items.len() as i64,
            currency: self.terms.currency,
            items,
            coupons: vec![],
            status: CartStatus::Open,
            updated_at: plan.at,
        }
    }

    fn open(&mut self, cart: &Cart, plan: &Plan, provider: ProviderKind) -> Result<OpenPlan, crate::Failure> {
        let bought = || plan.lines.iter().map(|(good, _)| &self.goods[*good]);
        let plenty = |tracked| Level { on_hand: 1_000_000, reserved: 0, tracked, policy: StockPolicy::Deny };
        let variants: HashMap<_, _> = bought().map(|good| (good.id, good.variant.clone())).collect();
        let levels: HashMap<_, _> = bought().map(|good| (good.id, plenty(good.tracked))).collect();
        let snapshot = OpenSnapshot {
            cart,
            variants: &variants,
            levels: &levels,
            shelves: &HashMap::new(),
            coupons: &[],
            terms: self.terms,
            payment_in_flight: false,
        };
        let person = &self.people[plan.person];
        let command = OpenCommand {
            checkout_id: self.draw.id::<CheckoutId>(plan.at),
            cart_version: cart.version,
            email: person.email.clone(),
            shipping_address: person.address.clone(),
            billing_address: None,
            shipping_method: None,
            payment_method: provider,
            terms_accepted: true,
            locale: "en".into(),
        };
        open(&snapshot, &command, plan.at).map_err(|refusal| format!("a sale was refused: {refusal}").into())
    }

    /// The attempt as its provider answered it; one by hand waits.
    fn pay(
        &mut self,
        checkout: &Checkout,
        provider: ProviderKind,
        end: End,
        at: DateTime<Utc>,
    ) -> Result<Attempt, crate::Failure> {
        let (id, order): (PaymentId, OrderId) = (self.draw.id(at), self.draw.id(at));
        let begun = payment::begin(checkout, id, order, at);
        let data = json!({ "checkout": checkout.id, "provider": provider, "amount": begun.amount });
        self.event(at, "payment.started", "payment", id.0, 1, data.clone(), "buyer");
        if provider == ProviderKind::Manual || begun.amount.is_zero() {
            return Ok(begun);
        }
        self.event(at, "checkout.processing", "checkout", checkout.id.0, 1, json!({ "payment": id }), "buyer");
        let amount = begun.amount;
        let (currency, reference) = (amount.currency.code(), format!("sb_{}", id.0.simple()));
        self.batch.bank.push(args![id, currency, amount.minor, "succeeded", at, at]);
        let attempt = match end {
            End::Review => {
                let reason = ReviewReason::AmountMismatch;
                let status = AttemptStatus::NeedsReview { reference, amount, reason };
                Attempt { status, version: 2, ..begun }
            }
            _ => payment::apply(&begun, Outcome::Succeeded { reference, amount }, at)?.attempt,
        };
        let kind = if end == End::Review { "payment.needs_review" } else { "payment.succeeded" };
        self.event(at, kind, "payment", id.0, attempt.version, data, "provider");
        Ok(attempt)
    }

    fn review(&mut self, cart: &Cart, opened: OpenPlan, attempt: &Attempt, at: DateTime<Utc>) {
        let checkout = Checkout { status: CheckoutStatus::NeedsReview, version: 2, ..opened.checkout.clone() };
        let data = json!({ "payment": attempt.id });
        self.event(at, "checkout.needs_review", "checkout", checkout.id.0, 2, data, "provider");
        self.keep_cart(cart, at, Some(checkout.id), None);
        self.reservations(&opened, "active", at);
        self.keep_checkout(&checkout, Some(attempt.id), at);
        self.keep_payment(attempt, 0);
    }

    fn place(&mut self, cart: &Cart, opened: &OpenPlan, attempt: &Attempt, order: &Order, at: DateTime<Utc>) {
        let status = CheckoutStatus::Completed;
        let completed = Checkout { status, order: Some(order.id), version: 2, ..opened.checkout.clone() };
        self.keep_cart(cart, at, Some(completed.id), Some(order.id));
        self.keep_checkout(&completed, Some(attempt.id), at);
        self.reservations(opened, "sold", at);
        for reserve in &opened.reserve {
            self.movement(reserve.variant_id, "sale", -reserve.quantity, &order.number, "buyer", at);
        }
        let data = json!({ "order": order.id, "checkout": completed.id, "total": order.totals.total });
        self.event(at, "checkout.completed", "checkout", completed.id.0, 2, data.clone(), "buyer");
        self.event(at, "order.placed", "order", order.id.0, 1, data, "buyer");
    }

    fn reservations(&mut self, opened: &OpenPlan, status: &str, at: DateTime<Utc>) {
        for reserve in &opened.reserve {
            let row = args![opened.checkout.id, reserve.variant_id, LOCATION, reserve.quantity, status];
            self.batch.reservations.push(row);
            let changes = if status == "active" { 1 } else { 2 };
            for _ in 0..changes {
                self.stock_changed(reserve.variant_id, at);
            }
        }
    }

    fn good(&self, variant: VariantId) -> &Good {
        &self.goods[self.places[&variant]]
    }

    /// Tells that what is there of a variant has changed.
    pub fn stock_changed(&mut self, variant: VariantId, at: DateTime<Utc>) {
        self.event(at, "stock.changed", "variant", variant.0, 0, json!({}), "system");
    }

    /// A line of the ledger; what is not counted has none.
    pub fn movement(
        &mut self,
        variant: VariantId,
        kind: &str,
        delta: i64,
        reference: &str,
        actor: &str,
        at: DateTime<Utc>,
    ) {
        if !self.good(variant).tracked {
            return;
        }
        let id: Uuid = self.draw.id(at);
        self.batch.movements.push(args![id, variant, LOCATION, kind, delta, reference, actor, at]);
        // A sale is told by its reservation, and what a catalog brought by its product.
        if matches!(kind, "return" | "cancel") {
            self.stock_changed(variant, at);
        }
    }

    /// A line of the log.
    #[expect(clippy::too_many_arguments, reason = "the columns of a row, in their order")]
    pub fn event(
        &mut self,
        at: DateTime<Utc>,
        kind: &str,
        subject: &str,
        subject_id: Uuid,
        version: i64,
        data: Value,
        actor: &str,
    ) {
        self.batch.events.push(args![kind, subject, subject_id, version, Arg::json(&data), actor, at]);
    }

    fn keep_cart(&mut self, cart: &Cart, at: DateTime<Utc>, checkout: Option<CheckoutId>, order: Option<OrderId>) {
        let version = cart.version + i64::from(order.is_some());
        let (currency, coupons) = (cart.currency.code(), Arg::json(&cart.coupons));
        self.batch.carts.push(args![cart.id, version, currency, coupons, checkout, order, cart.updated_at, at]);
        for item in &cart.items {
            let price = self.good(item.variant_id).variant.price.minor;
            let row = args![item.id, cart.id, item.variant_id, item.quantity, price, item.added_at];
            self.batch.cart_items.push(row);
        }
    }

    fn keep_checkout(&mut self, checkout: &Checkout, payment: Option<PaymentId>, at: DateTime<Utc>) {
        let total = checkout.quote.totals.total;
        self.batch.checkouts.push(args![
            checkout.id,
            checkout.cart_id,
            checkout.version,
            checkout.status.as_str(),
            total.currency.code(),
            total.minor,
            checkout.expires_at,
            payment,
            checkout.order,
            checkout.created_at,
            at,
        ]);
        self.batch.frozen.push(args![checkout.id, Arg::json(checkout)]);
    }

    /// An attempt as it stands, and how much of it went back.
    pub fn keep_payment(&mut self, attempt: &Attempt, refunded: i64) {
        let reference = attempt.status.reference().filter(|name| !name.is_empty());
        let captured = match &attempt.status {
            AttemptStatus::Succeeded { amount, .. } | AttemptStatus::NeedsReview { amount, .. } => amount.minor,
            _ => 0,
        };
        self.batch.payments.push(args![
            attempt.id,
            attempt.checkout_id,
            attempt.order_id,
            attempt.checkout_version,
            attempt.provider.as_str(),
            reference.map_or_else(|| attempt.id.to_string(), str::to_owned),
            attempt.status.as_str(),
            Arg::json(&attempt.status),
            attempt.amount.currency.code(),
            attempt.amount.minor,
            captured,
            refunded,
            attempt.version,
            attempt.created_at,
            attempt.updated_at,
        ]);
    }

    /// An order as it stands, with its lines.
    pub fn keep_order(&mut self, order: &Order, checkout: &Checkout, at: DateTime<Utc>) {
        let totals = &order.totals;
        let body = json!({
            "shipping_address": order.shipping_address,
            "billing_address": order.billing_address,
            "discounts": order.discounts,
            "shipping": order.shipping,
            "explanation": checkout.quote.explanation,
            "terms_version": order.terms_version,
            "locale": order.locale,
        });
        self.batch.orders.push(args![
            order.id,
            &order.number,
            order.checkout_id,
            checkout.cart_id,
            order.payment.attempt,
            order.status.as_str(),
            order.payment_status.as_str(),
            order.fulfillment_status.as_str(),
            &order.email,
            canonical_email(&order.email),
            totals.total.currency.code(),
            totals.subtotal.minor,
            totals.discount.minor,
            totals.shipping.map_or(0, |amount| amount.minor),
            totals.tax.map_or(0, |amount| amount.minor),
            totals.tax_included,
            totals.total.minor,
            Arg::json(&body),
            order.version,
            order.placed_at,
            at,
            sort_name(&order.shipping_address.name),
            search_text(order),
        ]);
        self.customers.entry(canonical_email(&order.email)).or_insert_with(|| Customer::of(order)).count(order);
        for (item, position) in order.items.iter().zip(0_i64..) {
            self.batch.order_items.push(args![
                item.id,
                order.id,
                position,
                item.variant_id,
                item.product_id,
                &item.product_slug,
                &item.name,
                &item.variant_title,
                &item.sku,
                &item.image,
                item.requires_shipping,
                item.quantity,
                item.unit_price.minor,
                item.discount.minor,
                i64::from(item.tax_rate.ppm),
                item.tax.minor,
                item.total.minor,
                item.fulfilled,
                item.delivered,
                item.returned,
                item.refunded_quantity,
                item.refunded.minor,
            ]);
        }
    }
}
