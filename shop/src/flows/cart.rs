//! The cart: every edit decides over what is for sale right now, and ends the checkout that was open on it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::address::Destination;
use commerce::cart::{Cart, CartItem, CartRefusal, CartStatus};
use commerce::checkout::{Checkout, CheckoutStatus};
use commerce::error::Refusal;
use commerce::ids::{CartId, CartItemId, CheckoutId, VariantId};
use commerce::inventory::Shortage;
use commerce::money::Money;
use commerce::pricing::{LineInput, Quote, QuoteError, QuoteInput, quote};
use commerce::promotion::{CouponUsage, choose};
use commerce::shipping::ShippingRefusal;

use super::end_checkout;
use crate::app::App;
use crate::desk::{Changes, Command, Holds, Key, Needs, Picture};
use crate::error::{Error, Result};
use crate::store::carts::{CartRecord, Edited};
use crate::store::sale::{self, ForSale};
use crate::store::{carts, checkouts, coupons};
use crate::trade::Trade;

/// A change of a cart.
#[derive(Clone, Debug)]
pub enum Edit {
    /// So many more of a variant.
    Add(VariantId, i64),
    /// So many on a line; 0 removes it.
    Set(CartItemId, i64),
    /// A coupon more.
    ApplyCoupon(String),
    /// A coupon less.
    RemoveCoupon(String),
}

/// Where a cart goes and by which way. A way that is not offered there falls back to the cheapest.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Where to.
    pub destination: Destination,
    /// The delivery method; the cheapest when none was chosen.
    pub way: Option<String>,
}

impl Delivery {
    /// To a place, by the cheapest way.
    pub fn to(destination: Destination) -> Self {
        Delivery { destination, way: None }
    }
}

/// A cart as it is shown: quoted, with what the buyer should know.
#[derive(Clone, Debug)]
pub struct CartPicture {
    /// The cart of the rules.
    pub cart: Cart,
    /// Its variants as they are for sale.
    pub goods: HashMap<VariantId, ForSale>,
    /// What it comes to.
    pub quote: Quote,
    /// What has changed or does not go.
    pub problems: Vec<Problem>,
    /// Its open checkout.
    pub checkout: Option<CheckoutId>,
    /// Whether a payment is running, so that it stands still.
    pub paying: bool,
}

/// Something about a cart that the buyer should know.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Stable and snake_case.
    pub code: &'static str,
    /// The line it is about.
    pub item_id: Option<CartItemId>,
    /// The coupon it is about.
    pub coupon: Option<String>,
    /// What one cost when the buyer last saw it.
    pub was: Option<Money>,
    /// What to do.
    pub message: String,
}

/// A new empty cart, as it is shown.
pub async fn create(app: &App) -> Result<CartPicture> {
    let cart = Cart::new(app.clock.id(), app.shop.load().currency, app.clock.now());
    app.desk.ask(Create { cart }).await
}

/// A cart as it is shown, all of one moment. Without a delivery, shipping and tax stay open.
pub async fn show(app: &App, id: CartId, delivery: Option<Delivery>) -> Result<CartPicture> {
    let mut snapshot = app.db.snapshot().await?;
    let record = carts::load(&mut snapshot, id).await?;
    let goods = sale::load(&mut snapshot, &variants(&record.cart), &app.trade.selling()).await?;
    let coupons = coupons::load(&mut snapshot, &record.cart.coupons, "", false).await?;
    let checkout = match record.checkout {
        Some(id) => Some(checkouts::load(&mut snapshot, id).await?.checkout),
        None => None,
    };
    picture(&app.trade, Shown { record, goods, coupons, checkout }, delivery, app.clock.now())
}

/// Changes a cart, or says why not; answers it as it is then.
pub async fn edit(app: &App, id: CartId, edit: Edit, delivery: Option<Delivery>) -> Result<CartPicture> {
    let item_id = app.clock.id();
    app.desk.ask(EditCart { id, edit, item_id, delivery }).await
}

struct Create {
    cart: Cart,
}

impl Command for Create {
    type Answer = CartPicture;

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn decide(&self, _known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(CartPicture, Changes)> {
        let record = CartRecord::new(self.cart.clone());
        let picture = picture(trade, Shown::without_goods(record), None, now)?;
        let mut changes = Changes::default();
        changes.new_cart(self.cart.clone());
        Ok((picture, changes))
    }
}

struct EditCart {
    id: CartId,
    edit: Edit,
    /// The id of the line, if the edit makes one.
    item_id: CartItemId,
    delivery: Option<Delivery>,
}

impl Command for EditCart {
    type Answer = CartPicture;

    fn needs(&self) -> Needs {
        let (variant, coupon) = match &self.edit {
            Edit::Add(variant, _) => (Some(*variant), None),
            Edit::ApplyCoupon(code) => (None, Some(code.clone())),
            Edit::Set(..) | Edit::RemoveCoupon(_) => (None, None),
        };
        Needs { key: Key::Cart(self.id), goods: true, variant, coupon, holds: Holds::MayEnd, ..Needs::default() }
    }

    fn decide(&self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(CartPicture, Changes)> {
        let record = known.cart(self.id)?;
        let before = &record.cart;
        let checkout = match record.checkout {
            Some(id) => Some(known.checkout(id)?),
            None => None,
        };
        must_stand_still(before, checkout.map(|record| &record.checkout))?;
        let after = match &self.edit {
            Edit::Add(variant, quantity) => before.add(self.item_id, *variant, *quantity, now),
            Edit::Set(item, quantity) => before.set_quantity(*item, *quantity, now),
            Edit::ApplyCoupon(code) => before.apply_coupon(code, now),
            Edit::RemoveCoupon(code) => before.remove_coupon(code, now),
        }
        .map_err(refused)?;
        if after == *before {
            let goods = known.goods(variants(before), None);
            let coupons = known.coupons(&before.coupons, "", None);
            let checkout = checkout.map(|record| record.checkout.clone());
            let shown = Shown { record: record.clone(), goods, coupons, checkout };
            return Ok((picture(trade, shown, self.delivery.clone(), now)?, Changes::default()));
        }

        let mut changes = Changes::default();
        if let Some(open) = checkout {
            end_checkout::give_back(known, &mut changes, open, CheckoutStatus::Canceled, now);
        }
        let given_back = record.checkout;
        let goods = known.goods(variants(&after), given_back);
        must_be_there(before, &after, &goods)?;
        let coupons = known.coupons(&after.coupons, "", given_back);
        if let Edit::ApplyCoupon(code) = &self.edit {
            must_apply(&after, code, &coupons, &goods, now)?;
        }
        let edited = edited(before, &after, &goods);
        let record = edited.record();
        changes.edit_cart(edited);
        let shown = Shown { record, goods, coupons, checkout: None };
        Ok((picture(trade, shown, self.delivery.clone(), now)?, changes))
    }
}

/// What an edit leaves to be written.
fn edited(before: &Cart, after: &Cart, goods: &HashMap<VariantId, ForSale>) -> Edited {
    let is_gone = |item: &&CartItem| after.items.iter().all(|kept| kept.id != item.id);
    Edited {
        cart: after.clone(),
        gone: before.items.iter().filter(is_gone).map(|item| item.id).collect(),
        prices: goods.iter().map(|(id, goods)| (*id, goods.variant.price)).collect(),
    }
}

fn refused(refusal: CartRefusal) -> Error {
    match refusal {
        CartRefusal::Completed { order } => Refusal::CartCompleted { order }.into(),
        CartRefusal::UnknownItem => Error::NotFound,
        other => Refusal::Cart(other).into(),
    }
}

/// While a payment is in flight nothing may change under it.
fn must_stand_still(cart: &Cart, checkout: Option<&Checkout>) -> Result<()> {
    if let CartStatus::Completed(order) = cart.status {
        return Err(Refusal::CartCompleted { order }.into());
    }
    match checkout.map(|checkout| checkout.status) {
        Some(CheckoutStatus::Processing) => Err(Refusal::PaymentInProgress.into()),
        Some(CheckoutStatus::NeedsReview) => Err(Refusal::PaymentInReview.into()),
        _ => Ok(()),
    }
}

/// What was raised has to be for sale and there; a line that was left or lowered is only told about.
fn must_be_there(before: &Cart, after: &Cart, goods: &HashMap<VariantId, ForSale>) -> Result<()> {
    let had = |id: CartItemId| before.items.iter().find(|item| item.id == id).map_or(0, |item| item.quantity);
    for item in after.items.iter().filter(|item| item.quantity > had(item.id)) {
        let there = goods.get(&item.variant_id).filter(|goods| goods.is_for_sale());
        let there = there.ok_or_else(|| Error::unknown("variant_id", "There is no such item for sale."))?;
        if !there.level().can_reserve(item.quantity) {
            return Err(Refusal::InsufficientStock(vec![Shortage {
                item_id: (had(item.id) > 0).then_some(item.id),
                variant_id: item.variant_id,
                requested: item.quantity,
                available: there.level().available().unwrap_or(0),
            }])
            .into());
        }
    }
    Ok(())
}

/// A coupon that was just typed in has to apply, or the person is told why.
fn must_apply(
    cart: &Cart,
    code: &str,
    known: &[CouponUsage],
    goods: &HashMap<VariantId, ForSale>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (_, refused) = choose(&cart.coupons, known, subtotal(cart, goods)?, now);
    let code = commerce::cart::normalize_code(code);
    match refused.into_iter().find(|(refused, _)| *refused == code) {
        Some((coupon, refusal)) => Err(Refusal::Coupon { coupon, refusal }.into()),
        None => Ok(()),
    }
}

fn variants(cart: &Cart) -> Vec<VariantId> {
    cart.items.iter().map(|item| item.variant_id).collect()
}

fn subtotal(cart: &Cart, goods: &HashMap<VariantId, ForSale>) -> Result<Money> {
    let mut sum = Money::zero(cart.currency);
    for item in &cart.items {
        if let Some(goods) = goods.get(&item.variant_id) {
            let line = goods.variant.price.checked_mul(item.quantity).map_err(Refusal::from)?;
            sum = sum.checked_add(line).map_err(Refusal::from)?;
        }
    }
    Ok(sum)
}

/// What a cart is shown from.
struct Shown {
    record: CartRecord,
    goods: HashMap<VariantId, ForSale>,
    coupons: Vec<CouponUsage>,
    checkout: Option<Checkout>,
}

impl Shown {
    fn without_goods(record: CartRecord) -> Self {
        Shown { record, goods: HashMap::new(), coupons: vec![], checkout: None }
    }
}

fn picture(trade: &Trade, shown: Shown, delivery: Option<Delivery>, now: DateTime<Utc>) -> Result<CartPicture> {
    let Shown { record, goods, coupons, checkout } = shown;
    let (applied, refused) = choose(&record.cart.coupons, &coupons, subtotal(&record.cart, &goods)?, now);
    let quote = quoted(trade, &record.cart, &goods, &applied, delivery)?;
    let paying =
        matches!(&checkout, Some(c) if matches!(c.status, CheckoutStatus::Processing | CheckoutStatus::NeedsReview));
    let live = checkout.filter(|c| paying || c.status == CheckoutStatus::Open);
    // What this cart's own checkout holds is there for this cart.
    let held = |variant: VariantId| {
        let items = live.iter().flat_map(|checkout| &checkout.items);
        items.filter(|item| item.variant_id == variant).map(|item| item.quantity).sum::<i64>()
    };
    let goods: HashMap<_, _> = goods.into_iter().map(|(id, goods)| (id, goods.with_units(held(id)))).collect();
    let mut problems = line_problems(&record, &goods, &trade.shop.load().locale);
    problems.extend(refused.into_iter().map(|(coupon, refusal)| Problem {
        code: refusal.code(),
        item_id: None,
        was: None,
        message: format!("{coupon}: {refusal}"),
        coupon: Some(coupon),
    }));
    Ok(CartPicture { cart: record.cart, goods, quote, problems, checkout: live.map(|c| c.id), paying })
}

/// The quote of a cart. Where nothing is sent, the amounts are shown without delivery, and the checkout says why; a way
/// that is not offered gives way to the cheapest.
fn quoted(
    trade: &Trade,
    cart: &Cart,
    goods: &HashMap<VariantId, ForSale>,
    coupons: &[commerce::promotion::Coupon],
    delivery: Option<Delivery>,
) -> Result<Quote> {
    let shop = trade.shop.load();
    let lines = cart.items.iter().filter_map(|item| {
        let variant = &goods.get(&item.variant_id)?.variant;
        Some(LineInput {
            item_id: item.id,
            variant_id: item.variant_id,
            unit_price: variant.price,
            quantity: item.quantity,
            requires_shipping: variant.requires_shipping,
            taxable: variant.taxable,
        })
    });
    let quote_for = |delivery: Option<Delivery>| {
        quote(&QuoteInput {
            currency: cart.currency,
            lines: lines.clone().collect(),
            coupons,
            destination: delivery.as_ref().map(|delivery| delivery.destination.clone()),
            shipping: &shop.shipping,
            shipping_method: delivery.as_ref().and_then(|delivery| delivery.way.as_deref()),
            tax: &shop.tax,
        })
    };
    let wanted = delivery.filter(|_| !cart.items.is_empty());
    let cheapest = wanted.clone().map(|wanted| Delivery::to(wanted.destination));
    let quoted = match quote_for(wanted) {
        Err(QuoteError::Shipping(ShippingRefusal::UnknownMethod)) => quote_for(cheapest),
        other => other,
    };
    let quoted = match quoted {
        Err(QuoteError::Shipping(ShippingRefusal::Unavailable)) => quote_for(None),
        other => other,
    };
    quoted.map_err(|error| Refusal::from(error).into())
}

fn line_problems(record: &carts::CartRecord, goods: &HashMap<VariantId, ForSale>, locale: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for item in &record.cart.items {
        let mut tell = |code, was, message: String| {
            problems.push(Problem { code, item_id: Some(item.id), coupon: None, was, message });
        };
        let Some(goods) = goods.get(&item.variant_id).filter(|goods| goods.is_for_sale()) else {
            tell("items_unavailable", None, "This is no longer for sale. Remove it to check out.".into());
            continue;
        };
        if !goods.level().can_reserve(item.quantity) {
            let message = match goods.level().available().unwrap_or(0) {
                0 => "Sold out. Remove it to check out.".to_owned(),
                left => format!("Only {left} left. Lower the quantity to check out."),
            };
            tell("insufficient_stock", None, message);
        }
        let (seen, now) = (record.seen_prices.get(&item.id), goods.variant.price);
        if let Some(seen) = seen.filter(|seen| **seen != now) {
            let message = format!("The price changed from {} to {}.", seen.format(locale), now.format(locale));
            tell("price_changed", Some(*seen), message);
        }
    }
    problems
}
