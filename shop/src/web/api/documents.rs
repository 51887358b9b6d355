//! The documents of the API: what a cart, a checkout and an order look like from outside.

use chrono::{DateTime, Utc};
use commerce::address::Address;
use commerce::checkout::{Checkout, CheckoutItem};
use commerce::ids::OrderId;
use commerce::money::Money;
use commerce::payment::{Attempt, AttemptStatus};
use commerce::pricing::{PricedLine, Totals};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::flows::cart::{CartPicture, Problem};

/// An amount in minor units of a currency.
#[derive(ToSchema)]
#[schema(as = Money)]
#[expect(dead_code, reason = "it describes commerce's Money")]
pub struct MoneyDocument {
    /// Cents of EUR, whole yen of JPY.
    #[schema(example = 1999)]
    amount: i64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: String,
}

/// What a cart, checkout or order comes to. total = subtotal - discount + shipping + (tax_included ? 0 : tax).
#[derive(ToSchema)]
#[schema(as = Totals)]
#[expect(dead_code, reason = "it describes commerce's Totals")]
pub struct TotalsDocument {
    subtotal: MoneyDocument,
    /// Positive.
    discount: MoneyDocument,
    /// Null while there is no address.
    shipping: Option<MoneyDocument>,
    /// Null while there is no address.
    tax: Option<MoneyDocument>,
    total: MoneyDocument,
    tax_included: bool,
}

/// A postal address.
#[derive(ToSchema)]
#[schema(as = Address)]
#[expect(dead_code, reason = "it describes commerce's Address")]
pub struct AddressDocument {
    name: String,
    line1: String,
    line2: Option<String>,
    city: String,
    region: Option<String>,
    postal_code: Option<String>,
    /// ISO 3166-1 alpha-2; decides which fields are required.
    country: String,
    phone: Option<String>,
}

/// A cart.
#[derive(Serialize, ToSchema)]
#[schema(as = Cart)]
pub struct CartDocument {
    id: String,
    version: i64,
    currency: String,
    items: Vec<CartItemDocument>,
    #[schema(value_type = TotalsDocument)]
    totals: Totals,
    discounts: Vec<DiscountDocument>,
    problems: Vec<ProblemOfCart>,
    checkout_id: Option<String>,
}

/// A line of a cart.
#[derive(Serialize, ToSchema)]
#[schema(as = CartItem)]
pub struct CartItemDocument {
    id: String,
    variant_id: String,
    product_slug: Option<String>,
    name: Option<String>,
    variant: Option<String>,
    sku: Option<String>,
    quantity: i64,
    #[schema(value_type = Option<MoneyDocument>)]
    unit_price: Option<Money>,
    #[schema(value_type = Option<MoneyDocument>)]
    total: Option<Money>,
    image: Option<String>,
    /// Units there are for this cart; null when not tracked.
    available: Option<i64>,
}

/// A discount and what it takes off.
#[derive(Serialize, ToSchema)]
#[schema(as = Discount)]
pub struct DiscountDocument {
    code: String,
    label: String,
    #[schema(value_type = MoneyDocument)]
    amount: Money,
}

/// Something about a cart that the buyer should know.
#[derive(Serialize, ToSchema)]
#[schema(as = CartProblem)]
pub struct ProblemOfCart {
    code: String,
    item_id: Option<String>,
    message: String,
}

impl CartDocument {
    /// The document of a cart.
    pub fn of(picture: &CartPicture) -> Self {
        let cart = &picture.cart;
        let priced = |item| picture.quote.lines.iter().find(|line: &&PricedLine| line.item_id == item);
        let items = cart.items.iter().map(|item| {
            let goods = picture.goods.get(&item.variant_id);
            let variant = goods.map(|goods| &goods.variant);
            CartItemDocument {
                id: item.id.to_string(),
                variant_id: item.variant_id.to_string(),
                product_slug: variant.map(|v| v.product_slug.clone()),
                name: variant.map(|v| v.name.clone()),
                variant: variant.and_then(|v| v.variant_title.clone()),
                sku: variant.and_then(|v| v.sku.clone()),
                quantity: item.quantity,
                unit_price: priced(item.id).map(|line| line.unit_price),
                total: priced(item.id).map(|line| line.total),
                image: variant.and_then(|v| v.image.clone()),
                available: goods.and_then(|goods| goods.level().available()),
            }
        });
        let problem = |problem: &Problem| ProblemOfCart {
            code: problem.code.to_owned(),
            item_id: problem.item_id.map(|id| id.to_string()),
            message: problem.message.clone(),
        };
        CartDocument {
            id: cart.id.to_string(),
            version: cart.version,
            currency: cart.currency.code().to_owned(),
            items: items.collect(),
            totals: picture.quote.totals,
            discounts: discounts(&picture.quote.discounts),
            problems: picture.problems.iter().map(problem).collect(),
            checkout_id: picture.checkout.map(|id| id.to_string()),
        }
    }
}

/// What each coupon takes off.
pub fn discounts(lines: &[commerce::pricing::DiscountLine]) -> Vec<DiscountDocument> {
    let document = |line: &commerce::pricing::DiscountLine| DiscountDocument {
        code: line.code.clone(),
        label: line.label.clone(),
        amount: line.amount,
    };
    lines.iter().map(document).collect()
}

/// A checkout.
#[derive(Serialize, ToSchema)]
#[schema(as = Checkout)]
pub struct CheckoutDocument {
    id: String,
    cart_id: String,
    version: i64,
    /// open, processing, completed, expired, canceled or needs_review
    status: String,
    expires_at: DateTime<Utc>,
    email: String,
    items: Vec<LineDocument>,
    #[schema(value_type = TotalsDocument)]
    totals: Totals,
    discounts: Vec<DiscountDocument>,
    shipping_methods: Vec<ShippingDocument>,
    shipping_method: Option<String>,
    #[schema(value_type = AddressDocument)]
    shipping_address: Address,
    #[schema(value_type = AddressDocument)]
    billing_address: Address,
    payment: PaymentDocument,
    order: Option<OrderLink>,
}

/// A line of a checkout.
#[derive(Serialize, ToSchema)]
#[schema(as = CheckoutItem)]
pub struct LineDocument {
    id: String,
    variant_id: String,
    product_slug: String,
    name: String,
    variant: Option<String>,
    sku: Option<String>,
    image: Option<String>,
    quantity: i64,
    #[schema(value_type = Option<MoneyDocument>)]
    unit_price: Option<Money>,
    #[schema(value_type = Option<MoneyDocument>)]
    discount: Option<Money>,
    #[schema(value_type = Option<MoneyDocument>)]
    tax: Option<Money>,
    #[schema(value_type = Option<MoneyDocument>)]
    total: Option<Money>,
}

/// A way of delivery.
#[derive(Serialize, ToSchema)]
#[schema(as = ShippingMethod)]
pub struct ShippingDocument {
    id: String,
    label: String,
    #[schema(value_type = MoneyDocument)]
    amount: Money,
    /// When it arrives, in days after the order.
    estimate: EstimateDocument,
}

/// Days after the order.
#[derive(Serialize, ToSchema)]
#[schema(as = Estimate)]
pub struct EstimateDocument {
    min_days: i64,
    max_days: i64,
}

/// How a checkout is paid and how that stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentDocument {
    /// sandbox, manual or stripe
    provider: String,
    /// none before the first attempt; then pending, processing, requires_action, succeeded, declined, canceled or
    /// needs_review
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_action: Option<NextAction>,
}

/// What the buyer has to do.
#[derive(Serialize, ToSchema)]
pub struct NextAction {
    /// redirect
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
}

/// An order and the buyer's private link to it.
#[derive(Serialize, ToSchema)]
pub struct OrderLink {
    id: String,
    url: String,
}

impl OrderLink {
    /// The private link of an order.
    pub fn of(app: &App, order: OrderId) -> Self {
        OrderLink { id: order.to_string(), url: order_url(app, order) }
    }
}

/// The buyer's private link, absolute.
pub fn order_url(app: &App, order: OrderId) -> String {
    format!("{}/orders/{order}?token={}", app.config.base_url, app.secret.order_token(order))
}

impl CheckoutDocument {
    /// The document of a checkout and its latest attempt to pay.
    pub fn of(app: &App, checkout: &Checkout, attempt: Option<&Attempt>) -> Self {
        let quote = &checkout.quote;
        let offer = |offer: &commerce::shipping::ShippingOffer| ShippingDocument {
            id: offer.id.clone(),
            label: offer.label.clone(),
            amount: offer.amount,
            estimate: EstimateDocument { min_days: offer.min_days, max_days: offer.max_days },
        };
        let next_action = attempt.and_then(|attempt| match &attempt.status {
            AttemptStatus::RequiresAction { url, .. } => {
                Some(NextAction { kind: "redirect", url: absolute(&app.config.base_url, url) })
            }
            _ => None,
        });
        CheckoutDocument {
            id: checkout.id.to_string(),
            cart_id: checkout.cart_id.to_string(),
            version: checkout.version,
            status: checkout.status.as_str().to_owned(),
            expires_at: checkout.expires_at,
            email: checkout.email.clone(),
            items: checkout.items.iter().map(|item| LineDocument::of(item, &quote.lines)).collect(),
            totals: quote.totals,
            discounts: discounts(&quote.discounts),
            shipping_methods: quote.shipping_offers.iter().map(offer).collect(),
            shipping_method: quote.shipping.as_ref().map(|shipping| shipping.method_id.clone()),
            shipping_address: checkout.shipping_address.clone(),
            billing_address: checkout.billing_address.clone(),
            payment: PaymentDocument {
                provider: checkout.payment_method.as_str().to_owned(),
                status: attempt.map_or("none", |attempt| attempt.status.as_str()).to_owned(),
                next_action,
            },
            order: checkout.order.map(|order| OrderLink::of(app, order)),
        }
    }
}

/// A path of the shop with the shop's address before it; an address elsewhere as it is.
pub fn absolute(base_url: &str, url: &str) -> String {
    if url.starts_with('/') { format!("{base_url}{url}") } else { url.to_owned() }
}

impl LineDocument {
    fn of(item: &CheckoutItem, lines: &[PricedLine]) -> Self {
        let priced = lines.iter().find(|line| line.item_id == item.item_id);
        LineDocument {
            id: item.item_id.to_string(),
            variant_id: item.variant_id.to_string(),
            product_slug: item.product_slug.clone(),
            name: item.name.clone(),
            variant: item.variant_title.clone(),
            sku: item.sku.clone(),
            image: item.image.clone(),
            quantity: item.quantity,
            unit_price: priced.map(|line| line.unit_price),
            discount: priced.map(|line| line.discount),
            tax: priced.map(|line| line.tax),
            total: priced.map(|line| line.total),
        }
    }
}
