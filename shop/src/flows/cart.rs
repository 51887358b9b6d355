//! The cart: every edit decides over what is for sale right now, and ends the checkout that was open on it.

use std::collections::HashMap;

use commerce::address::Destination;
use commerce::cart::{Cart, CartItem, CartRefusal, CartStatus};
use commerce::checkout::CheckoutStatus;
use commerce::error::Refusal;
use commerce::ids::{CartId, CartItemId, CheckoutId, VariantId};
use commerce::inventory::Shortage;
use commerce::money::Money;
use commerce::pricing::{LineInput, Quote, QuoteError, QuoteInput, quote};
use commerce::promotion::choose;
use commerce::shipping::ShippingRefusal;

use super::{end_checkout, retrying};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::carts::CartRecord;
use crate::store::sale::{self, ForSale};
use crate::store::{Conn, carts, checkouts, coupons};

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
    let mut tx = app.db.begin().await?;
    carts::insert(&mut tx, &cart).await?;
    let record = CartRecord { cart, checkout: None, seen_prices: HashMap::new() };
    let picture = picture(app, &mut tx, record, HashMap::new(), None).await?;
    tx.commit().await?;
    Ok(picture)
}

/// A cart as it is shown, all of one moment. Without a delivery, shipping and tax stay open.
pub async fn show(app: &App, id: CartId, delivery: Option<Delivery>) -> Result<CartPicture> {
    let mut snapshot = app.db.snapshot().await?;
    let record = carts::load(&mut snapshot, id).await?;
    let goods = sale::load(&mut snapshot, &variants(&record.cart)).await?;
    picture(app, &mut snapshot, record, goods, delivery).await
}

/// Changes a cart, or says why not; answers it as it is then.
pub async fn edit(app: &App, id: CartId, edit: Edit, delivery: Option<Delivery>) -> Result<CartPicture> {
    retrying(|| edit_once(app, id, edit.clone(), delivery.clone())).await
}

async fn edit_once(app: &App, id: CartId, edit: Edit, delivery: Option<Delivery>) -> Result<CartPicture> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let record = carts::lock(&mut tx, id).await?;
    let before = &record.cart;
    must_stand_still(&mut tx, before, record.checkout).await?;
    let after = match &edit {
        Edit::Add(variant, quantity) => before.add(app.clock.id(), *variant, *quantity, now),
        Edit::Set(item, quantity) => before.set_quantity(*item, *quantity, now),
        Edit::ApplyCoupon(code) => before.apply_coupon(code, now),
        Edit::RemoveCoupon(code) => before.remove_coupon(code, now),
    }
    .map_err(refused)?;
    let is_changed = after != *before;
    if let (true, Some(open)) = (is_changed, record.checkout) {
        end_checkout::give_back(app, &mut tx, open, CheckoutStatus::Canceled, now).await?;
    }
    let goods = sale::load(&mut tx, &variants(&after)).await?;
    let mut shown = record.clone();
    if is_changed {
        must_be_there(before, &after, &goods)?;
        if let Edit::ApplyCoupon(code) = &edit {
            must_apply(app, &mut tx, &after, code, &goods).await?;
        }
        shown = written(&mut tx, before, after, &goods).await?;
    }
    let picture = picture(app, &mut tx, shown, goods, delivery).await?;
    tx.commit().await?;
    Ok(picture)
}

/// Writes the cart as it is after an edit; answers it as it is kept then.
async fn written(
    conn: &mut Conn,
    before: &Cart,
    after: Cart,
    goods: &HashMap<VariantId, ForSale>,
) -> Result<CartRecord> {
    let prices: HashMap<_, _> = goods.iter().map(|(id, goods)| (*id, goods.variant.price)).collect();
    carts::save(conn, before, &after, &prices).await?;
    let seen = |item: &CartItem| Some((item.id, *prices.get(&item.variant_id)?));
    let seen_prices = after.items.iter().filter_map(seen).collect();
    Ok(CartRecord { cart: after, checkout: None, seen_prices })
}

fn refused(refusal: CartRefusal) -> Error {
    match refusal {
        CartRefusal::Completed { order } => Refusal::CartCompleted { order }.into(),
        CartRefusal::UnknownItem => Error::NotFound,
        other => Refusal::Cart(other).into(),
    }
}

/// While a payment is in flight nothing may change under it.
async fn must_stand_still(conn: &mut Conn, cart: &Cart, checkout: Option<CheckoutId>) -> Result<()> {
    if let CartStatus::Completed(order) = cart.status {
        return Err(Refusal::CartCompleted { order }.into());
    }
    let Some(id) = checkout else { return Ok(()) };
    match checkouts::load(conn, id).await?.checkout.status {
        CheckoutStatus::Processing => Err(Refusal::PaymentInProgress.into()),
        CheckoutStatus::NeedsReview => Err(Refusal::PaymentInReview.into()),
        _ => Ok(()),
    }
}

/// What was raised has to be for sale and there; a line that was left or lowered is only told about.
fn must_be_there(before: &Cart, after: &Cart, goods: &HashMap<VariantId, ForSale>) -> Result<()> {
    let had = |id: CartItemId| before.items.iter().find(|item| item.id == id).map_or(0, |item| item.quantity);
    for item in after.items.iter().filter(|item| item.quantity > had(item.id)) {
        let there = goods.get(&item.variant_id).filter(|goods| goods.is_for_sale());
        let there = there.ok_or_else(|| Error::unknown("variant_id", "There is no such item for sale."))?;
        if !there.level.can_reserve(item.quantity) {
            return Err(Refusal::InsufficientStock(vec![Shortage {
                item_id: (had(item.id) > 0).then_some(item.id),
                variant_id: item.variant_id,
                requested: item.quantity,
                available: there.level.available().unwrap_or(0),
            }])
            .into());
        }
    }
    Ok(())
}

/// A coupon that was just typed in has to apply, or the person is told why.
async fn must_apply(
    app: &App,
    conn: &mut Conn,
    cart: &Cart,
    code: &str,
    goods: &HashMap<VariantId, ForSale>,
) -> Result<()> {
    let known = coupons::load(conn, &cart.coupons, "", false).await?;
    let subtotal = subtotal(cart, goods)?;
    let (_, refused) = choose(&cart.coupons, &known, subtotal, app.clock.now());
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

async fn picture(
    app: &App,
    conn: &mut Conn,
    record: CartRecord,
    goods: HashMap<VariantId, ForSale>,
    delivery: Option<Delivery>,
) -> Result<CartPicture> {
    let known = coupons::load(conn, &record.cart.coupons, "", false).await?;
    let subtotal = subtotal(&record.cart, &goods)?;
    let (applied, refused) = choose(&record.cart.coupons, &known, subtotal, app.clock.now());
    let quote = quoted(app, &record.cart, &goods, &applied, delivery)?;
    let checkout = match record.checkout {
        Some(id) => Some(checkouts::load(conn, id).await?.checkout),
        None => None,
    };
    let paying =
        matches!(&checkout, Some(c) if matches!(c.status, CheckoutStatus::Processing | CheckoutStatus::NeedsReview));
    let live = checkout.filter(|c| paying || c.status == CheckoutStatus::Open);
    // What this cart's own checkout holds is there for this cart.
    let held = |variant: VariantId| {
        let items = live.iter().flat_map(|checkout| &checkout.items);
        items.filter(|item| item.variant_id == variant).map(|item| item.quantity).sum::<i64>()
    };
    let goods: HashMap<_, _> = goods.into_iter().map(|(id, goods)| (id, goods.given_back(held(id)))).collect();
    let mut problems = line_problems(&record, &goods, &app.shop.load().locale);
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
    app: &App,
    cart: &Cart,
    goods: &HashMap<VariantId, ForSale>,
    coupons: &[commerce::promotion::Coupon],
    delivery: Option<Delivery>,
) -> Result<Quote> {
    let shop = app.shop.load();
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
        if !goods.level.can_reserve(item.quantity) {
            let message = match goods.level.available().unwrap_or(0) {
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
