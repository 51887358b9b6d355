//! A cart as its page and its drawer show it.

use commerce::money::Money;

use super::cards;
use super::delivery::HomeDelivery;
use super::views::{Card, CartView, DiscountView, GoalView, TotalsView, UndoView};
use super::{arrivals, lines, recommended, totals};
use crate::app::App;
use crate::flows::cart::CartPicture;
use crate::settings::ShopSettings;

/// What is said about a cart beside what is in it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Why the last change was refused.
    pub refusal: Option<String>,
    /// The code that was refused, and why.
    pub coupon: Option<(String, String)>,
    /// The line that was just removed.
    pub undo: Option<UndoView>,
    /// The id of the line that was just added to.
    pub added: Option<String>,
}

/// The cart as it is shown; none at all is an empty one.
pub fn view(app: &App, picture: Option<&CartPicture>, said: Said) -> CartView {
    let settings = app.shop.load();
    let (coupon_code, coupon_error) = said.coupon.unzip();
    let empty = CartView {
        version: 0,
        count: 0,
        lines: vec![],
        totals: no_totals(&settings),
        goal: None,
        arrival: None,
        coupon_code: coupon_code.unwrap_or_default(),
        coupon_error,
        refusal: said.refusal,
        undo: said.undo,
        payment_url: None,
        can_check_out: false,
    };
    let Some(picture) = picture else { return empty };
    let home = HomeDelivery::of(&settings);
    let cheapest = picture.quote.shipping_offers.first();
    CartView {
        version: picture.cart.version,
        count: u64::try_from(picture.cart.count()).unwrap_or(0),
        lines: lines::of_cart(&app.catalog.load(), picture),
        arrival: cheapest.and_then(|offer| arrivals::by_offer(offer, app.clock.now())),
        goal: goal(&home, picture),
        totals: estimate(&home, picture),
        payment_url: picture.checkout.filter(|_| picture.paying).map(|checkout| format!("/checkout/{checkout}")),
        can_check_out: can_check_out(picture),
        ..empty
    }
}

/// Whether nothing stands in the way: a price that changed is told, and goes.
pub fn can_check_out(picture: &CartPicture) -> bool {
    let stands_in_the_way = |code: &str| code != "price_changed";
    !picture.cart.items.is_empty() && !picture.problems.iter().any(|problem| stands_in_the_way(problem.code))
}

fn no_totals(settings: &ShopSettings) -> TotalsView {
    let nothing = Money::zero(settings.currency);
    TotalsView {
        subtotal: nothing,
        discounts: vec![],
        shipping: None,
        shipping_label: None,
        estimated: false,
        tax: None,
        tax_label: None,
        tax_included: settings.tax.prices_include_tax,
        total: nothing,
    }
}

/// The sums, with delivery and tax of the shop's own country while nobody has said where it goes.
fn estimate(home: &HomeDelivery, picture: &CartPicture) -> TotalsView {
    let quote = &picture.quote;
    let mut sums = totals::view(&quote.totals, &quote.discounts, &quote.explanation, None);
    sums.estimated = quote.shipping.is_some();
    sums.shipping_label = quote.shipping.as_ref().map(|_| home.country.clone());
    sums.discounts.extend(idle_coupons(picture));
    sums
}

/// Codes that do not apply stay in sight, with their reason and nothing taken off, so that they can be removed.
fn idle_coupons(picture: &CartPicture) -> impl Iterator<Item = DiscountView> {
    let nothing = Money::zero(picture.cart.currency);
    picture.problems.iter().filter_map(move |problem| {
        let code = problem.coupon.clone()?;
        let reason = problem.message.strip_prefix(&format!("{code}: ")).unwrap_or(&problem.message);
        Some(DiscountView { label: reason.to_owned(), code, amount: nothing })
    })
}

/// How far it is to free delivery, for what has to be sent.
fn goal(home: &HomeDelivery, picture: &CartPicture) -> Option<GoalView> {
    let from = home.free_from.filter(|from| from.minor > 0)?;
    let is_sent = picture.goods.values().any(|goods| goods.variant.requires_shipping);
    let goods = picture.quote.totals.subtotal.checked_sub(picture.quote.totals.discount).ok()?;
    let missing = from.checked_sub(goods.checked_min(from).ok()?).ok()?;
    let reached = i128::from(from.minor - missing.minor) * 100 / i128::from(from.minor);
    is_sent.then(|| GoalView { from, missing, percent: u32::try_from(reached).unwrap_or(0) })
}

/// Products to go on with: what goes with a full cart, popular ones beside an empty one.
pub fn suggestions(app: &App, picture: Option<&CartPicture>, cart: &CartView, most: usize) -> Vec<Card> {
    let catalog = app.catalog.load();
    match picture.filter(|_| !cart.lines.is_empty()) {
        None => cards::popular(&catalog),
        Some(picture) if picture.paying => vec![],
        Some(_) => recommended::with_lines(app, &catalog, &cart.lines, most),
    }
}
