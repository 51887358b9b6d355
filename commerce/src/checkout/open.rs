//! Opening a checkout: every reason to say no in a fixed order, then one plan.

use super::{Checkout, CheckoutItem, CheckoutStatus, contact, coupons};
use crate::address::Address;
use crate::cart::{Cart, CartItem, CartStatus};
use crate::catalog::ProductStatus;
use crate::error::{Refusal, UnavailableItem};
use crate::ids::{CheckoutId, CouponId, LocationId, ProductId, VariantId};
use crate::inventory::{Level, Reserve, Shelf, Short, Shortage, allocate};
use crate::money::{Currency, Money};
use crate::payment::ProviderKind;
use crate::pricing::{LineInput, Quote, QuoteInput, quote};
use crate::promotion::CouponUsage;
use crate::shipping::ShippingTable;
use crate::tax::TaxRules;
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeMap, HashMap};

/// The terms a shop sells on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellingTerms {
    /// The currency of every price.
    pub currency: Currency,
    /// How long stock is reserved.
    pub reservation: Duration,
    /// The tax rules.
    pub tax: TaxRules,
    /// The shipping methods.
    pub shipping: ShippingTable,
    /// The payment methods that are set up.
    pub providers: Vec<ProviderKind>,
    /// The terms and conditions in force.
    pub terms_version: Option<String>,
    /// Where it sells from, in the order that goods are taken.
    pub locations: Vec<LocationId>,
}

/// A variant as it is sold right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleVariant {
    /// The product it is a variant of.
    pub product_id: ProductId,
    /// The product's name in URLs.
    pub product_slug: String,
    /// The product's name.
    pub name: String,
    /// Who may see the product.
    pub status: ProductStatus,
    /// The variant's values, such as `Brick / 1.0 l`.
    pub variant_title: Option<String>,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// The `src` of its picture.
    pub image: Option<String>,
    /// The price of one.
    pub price: Money,
    /// Whether it has to be sent.
    pub requires_shipping: bool,
    /// Whether tax is due on it.
    pub taxable: bool,
}

/// The facts a checkout is opened on. What the cart's own older checkout holds, in stock and in coupon uses, has been
/// given back in them already: nobody is blocked by their own reservation.
#[derive(Debug, Clone, Copy)]
pub struct OpenSnapshot<'a> {
    /// The cart.
    pub cart: &'a Cart,
    /// The variants of its lines; one that is missing is gone.
    pub variants: &'a HashMap<VariantId, SaleVariant>,
    /// Their stock where the shop sells from, all together; one that is missing has none.
    pub levels: &'a HashMap<VariantId, Level>,
    /// The same by location.
    pub shelves: &'a HashMap<VariantId, Vec<Shelf>>,
    /// The coupons of its codes; one that is missing is unknown.
    pub coupons: &'a [CouponUsage],
    /// The terms of the shop.
    pub terms: &'a SellingTerms,
    /// Whether a payment of the cart's older checkout is in flight.
    pub payment_in_flight: bool,
}

/// What the buyer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCommand {
    /// The id of the new checkout.
    pub checkout_id: CheckoutId,
    /// The version of the cart the buyer saw.
    pub cart_version: i64,
    /// Where to write to.
    pub email: String,
    /// Where it goes.
    pub shipping_address: Address,
    /// Who is billed; `None` is as shipping.
    pub billing_address: Option<Address>,
    /// The shipping method; `None` is the cheapest.
    pub shipping_method: Option<String>,
    /// How it is paid.
    pub payment_method: ProviderKind,
    /// Whether the buyer accepted the terms and conditions.
    pub terms_accepted: bool,
    /// The language the buyer reads.
    pub locale: String,
}

/// What opening does, to be written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPlan {
    /// The checkout.
    pub checkout: Checkout,
    /// What to reserve and where: tracked variants only, sorted so that rows are locked in one order.
    pub reserve: Vec<Reserve>,
    /// The coupons to take a use of, sorted.
    pub coupon_uses: Vec<CouponId>,
}

/// Opens a checkout, or says why not: the first reason of a fixed order.
pub fn open(snapshot: &OpenSnapshot, command: &OpenCommand, now: DateTime<Utc>) -> Result<OpenPlan, Refusal> {
    let OpenSnapshot { cart, terms, .. } = *snapshot;
    may_open(snapshot, command)?;
    let sold = sold_items(snapshot)?;
    let reserve = reserve(snapshot)?;
    let lines = lines(&sold);
    let coupons = coupons::applied(&cart.coupons, snapshot.coupons, &lines, terms.currency, now)?;
    let quote = quote(&QuoteInput {
        currency: terms.currency,
        lines,
        coupons: &coupons,
        destination: Some(command.shipping_address.destination()),
        shipping: &terms.shipping,
        shipping_method: command.shipping_method.as_deref(),
        tax: &terms.tax,
    })?;
    let items = sold.into_iter().map(|(item, _)| item).collect();
    let checkout = new_checkout(snapshot, command, items, quote, now);
    let mut coupon_uses: Vec<CouponId> = coupons.iter().map(|coupon| coupon.id).collect();
    coupon_uses.sort();
    Ok(OpenPlan { checkout, reserve, coupon_uses })
}

/// Refuses what can be told from the cart and the command alone.
fn may_open(snapshot: &OpenSnapshot, command: &OpenCommand) -> Result<(), Refusal> {
    let OpenSnapshot { cart, terms, .. } = *snapshot;
    if let CartStatus::Completed(order) = cart.status {
        return Err(Refusal::CartCompleted { order });
    }
    if snapshot.payment_in_flight {
        return Err(Refusal::PaymentInProgress);
    }
    if command.cart_version != cart.version {
        return Err(Refusal::CartChanged { version: cart.version });
    }
    if cart.items.is_empty() {
        return Err(Refusal::CartEmpty);
    }
    contact::check(&command.email, &command.shipping_address, command.billing_address.as_ref())?;
    if !terms.providers.contains(&command.payment_method) {
        return Err(Refusal::PaymentMethodUnavailable);
    }
    Ok(())
}

fn new_checkout(
    snapshot: &OpenSnapshot,
    command: &OpenCommand,
    items: Vec<CheckoutItem>,
    quote: Quote,
    now: DateTime<Utc>,
) -> Checkout {
    let billing_address = command.billing_address.as_ref().unwrap_or(&command.shipping_address);
    let accepted_terms = snapshot.terms.terms_version.clone().filter(|_| command.terms_accepted);
    Checkout {
        id: command.checkout_id,
        cart_id: snapshot.cart.id,
        version: 1,
        status: CheckoutStatus::Open,
        email: command.email.trim().to_owned(),
        shipping_address: command.shipping_address.normalized(),
        billing_address: billing_address.normalized(),
        payment_method: command.payment_method,
        quote,
        items,
        terms_version: accepted_terms,
        locale: command.locale.clone(),
        expires_at: now + snapshot.terms.reservation,
        created_at: now,
        order: None,
    }
}

/// Every line as it is sold, with the price of one; refuses lines whose variant is gone or not for sale.
fn sold_items(snapshot: &OpenSnapshot) -> Result<Vec<(CheckoutItem, Money)>, Refusal> {
    let (mut sold, mut gone) = (Vec::new(), Vec::new());
    for item in &snapshot.cart.items {
        let variant = snapshot.variants.get(&item.variant_id);
        match variant.filter(|variant| variant.status == ProductStatus::Active) {
            Some(variant) => {
                let tracked = snapshot.levels.get(&item.variant_id).unwrap_or(&Level::NONE).tracked;
                sold.push((sold_item(item, variant, tracked), variant.price));
            }
            None => gone.push(UnavailableItem { item_id: item.id, variant_id: item.variant_id }),
        }
    }
    if gone.is_empty() { Ok(sold) } else { Err(Refusal::ItemsUnavailable(gone)) }
}

fn sold_item(item: &CartItem, variant: &SaleVariant, tracked: bool) -> CheckoutItem {
    CheckoutItem {
        item_id: item.id,
        variant_id: item.variant_id,
        product_id: variant.product_id,
        product_slug: variant.product_slug.clone(),
        name: variant.name.clone(),
        variant_title: variant.variant_title.clone(),
        sku: variant.sku.clone(),
        image: variant.image.clone(),
        quantity: item.quantity,
        requires_shipping: variant.requires_shipping,
        taxable: variant.taxable,
        tracked,
    }
}

fn lines(sold: &[(CheckoutItem, Money)]) -> Vec<LineInput> {
    sold.iter().map(|(item, unit_price)| item.priced_at(*unit_price)).collect()
}

/// Takes every line out of a picture of the stock; refuses with all lines that come up short.
fn reserve(snapshot: &OpenSnapshot) -> Result<Vec<Reserve>, Refusal> {
    let mut levels: HashMap<VariantId, Level> = HashMap::new();
    let mut reserved: BTreeMap<VariantId, i64> = BTreeMap::new();
    let mut shortages = Vec::new();
    for item in &snapshot.cart.items {
        let there = || snapshot.levels.get(&item.variant_id).copied().unwrap_or(Level::NONE);
        let level = levels.entry(item.variant_id).or_insert_with(there);
        match level.reserve(item.quantity) {
            Ok(left) => *level = left,
            Err(Short { available }) => shortages.push(Shortage {
                item_id: Some(item.id),
                variant_id: item.variant_id,
                requested: item.quantity,
                available,
            }),
        }
        if level.tracked {
            *reserved.entry(item.variant_id).or_default() += item.quantity;
        }
    }
    if !shortages.is_empty() {
        return Err(Refusal::InsufficientStock(shortages));
    }
    Ok(allocate(&reserved, snapshot.shelves, &snapshot.terms.locations))
}
