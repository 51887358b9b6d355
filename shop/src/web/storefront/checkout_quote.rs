//! What a cart comes to by the way of delivery that was chosen.

use commerce::address::Destination;
use commerce::error::Refusal;
use commerce::pricing::{LineInput, Quote, QuoteInput, quote};
use commerce::promotion::Coupon;

use crate::app::App;
use crate::error::Result;
use crate::flows::cart::CartPicture;
use crate::store::coupons;

/// The quote of a cart that was quoted for this destination by the cheapest way, by the way that was chosen instead. One
/// that is not offered there leaves it at the cheapest.
pub async fn by_way(app: &App, picture: &CartPicture, destination: Destination, way: Option<&str>) -> Result<Quote> {
    let cheapest = &picture.quote;
    let is_other = |id: &&str| cheapest.shipping.as_ref().is_some_and(|shipping| shipping.method_id != *id);
    let Some(way) = way.filter(is_other).filter(|id| cheapest.shipping_offers.iter().any(|offer| offer.id == *id))
    else {
        return Ok(cheapest.clone());
    };
    let applied = applied(app, picture).await?;
    let shop = app.shop.load();
    let input = QuoteInput {
        currency: picture.cart.currency,
        lines: lines(picture),
        coupons: &applied,
        destination: Some(destination),
        shipping: &shop.shipping,
        shipping_method: Some(way),
        tax: &shop.tax,
    };
    Ok(quote(&input).map_err(Refusal::from)?)
}

/// The coupons that the quote has in it, in its order.
async fn applied(app: &App, picture: &CartPicture) -> Result<Vec<Coupon>> {
    let codes: Vec<String> = picture.quote.discounts.iter().map(|discount| discount.code.clone()).collect();
    let known = coupons::load(&mut app.db.read().await?, &codes, "", false).await?;
    let of = |code: &String| known.iter().find(|usage| usage.coupon.code == *code).map(|usage| usage.coupon.clone());
    Ok(codes.iter().filter_map(of).collect())
}

fn lines(picture: &CartPicture) -> Vec<LineInput> {
    let line = |priced: &commerce::pricing::PricedLine| {
        let variant = &picture.goods.get(&priced.variant_id)?.variant;
        Some(LineInput {
            item_id: priced.item_id,
            variant_id: priced.variant_id,
            unit_price: priced.unit_price,
            quantity: priced.quantity,
            requires_shipping: variant.requires_shipping,
            taxable: variant.taxable,
        })
    };
    picture.quote.lines.iter().filter_map(line).collect()
}
