//! The cart: its page and its drawer, and everything that changes it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use commerce::address::Destination;
use commerce::cart::{CartRefusal, CartStatus, MAX_QUANTITY};
use commerce::error::Refusal;
use commerce::ids::{CartId, CartItemId, ProductId, VariantId};

use super::cart_view::{self, Said};
use super::errors::PageError;
use super::form::Form;
use super::refusals::Refused;
use super::shell::{PageMeta, render};
use super::views::{CartPage, DrawerView, UndoView};
use super::{cards, cookies, private, product};
use crate::app::{App, Shop};
use crate::catalog::{Catalog, CatalogProduct};
use crate::error::{Error, Result};
use crate::flows::cart::{self, CartPicture, Delivery, Edit};
use crate::store::carts;
use crate::web::params;

/// `GET /cart`
pub async fn show(
    State(app): State<Shop>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let visit = Visit::new(&app, &headers);
    let picture = visit.picture().await?;
    let undo = removed(&app.catalog.load(), picture.as_ref(), &params::pairs(query.as_deref())?);
    Ok(visit.draw(StatusCode::OK, picture.as_ref(), Said { undo, ..Said::default() })?)
}

/// `POST /cart/items`
pub async fn add(State(app): State<Shop>, headers: HeaderMap, form: Form) -> Result<Response, PageError> {
    let visit = Visit::new(&app, &headers);
    let wanted = wanted(&app.catalog.load(), &form);
    let outcome = match wanted {
        Ok((variant, quantity)) => visit.put_in(variant, quantity).await.map(|picture| (variant, picture)),
        Err(error) => Err(error),
    };
    match outcome {
        Ok((variant, picture)) => {
            let line = picture.cart.items.iter().find(|item| item.variant_id == variant);
            Ok(visit.done(&picture, Said { added: line.map(|item| item.id.to_string()), ..Said::default() })?)
        }
        Err(error) => Ok(visit.refuse_add(error, &form).await?),
    }
}

/// `POST /cart/items/{item_id}`; a quantity of 0 removes the line.
pub async fn set(
    State(app): State<Shop>,
    item: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, PageError> {
    let visit = Visit::new(&app, &headers);
    let item = item.ok().and_then(|Path(id)| id.parse::<CartItemId>().ok()).ok_or(Error::NotFound);
    let set = item.and_then(|item| Ok((item, quantity(form.text("quantity"))?)));
    match set {
        Ok((item, quantity)) => {
            let undo = if quantity == 0 { visit.undo_of(item).await? } else { None };
            visit.edit(Edit::Set(item, quantity), Said { undo, ..Said::default() }).await
        }
        Err(error) => Ok(visit.refuse(error, None).await?),
    }
}

/// `POST /cart/coupons`
pub async fn apply_coupon(State(app): State<Shop>, headers: HeaderMap, form: Form) -> Result<Response, PageError> {
    let code = form.text("code").to_owned();
    Visit::new(&app, &headers).edit(Edit::ApplyCoupon(code), Said::default()).await
}

/// `POST /cart/coupons/remove`
pub async fn remove_coupon(State(app): State<Shop>, headers: HeaderMap, form: Form) -> Result<Response, PageError> {
    let code = form.text("code").to_owned();
    Visit::new(&app, &headers).edit(Edit::RemoveCoupon(code), Said::default()).await
}

/// Products to go on with in the drawer.
const DRAWER: usize = 3;

/// Where the goods most likely go while nobody has said so.
fn home(app: &App) -> Delivery {
    Delivery::to(Destination { country: app.shop.load().country.clone(), region: None, postal_code: None })
}

/// Where the answer goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A whole page, to a browser without scripts.
    Page,
    /// The body of the cart page.
    Cart,
    /// The drawer.
    Drawer,
}

/// A visitor's request about their cart.
struct Visit<'a> {
    app: &'a App,
    cart: Option<CartId>,
    place: Place,
}

impl<'a> Visit<'a> {
    fn new(app: &'a App, headers: &HeaderMap) -> Self {
        let place = match private::fragment(headers) {
            Some("drawer") => Place::Drawer,
            Some("cart") => Place::Cart,
            _ => Place::Page,
        };
        Visit { app, cart: cookies::cart(&app.config, headers), place }
    }

    /// The cart as it is now; none when there is none yet, or when it was ordered.
    async fn picture(&self) -> Result<Option<CartPicture>> {
        let Some(id) = self.cart else { return Ok(None) };
        match cart::show(self.app, id, Some(home(self.app))).await {
            Ok(picture) => Ok(Some(picture).filter(|picture| picture.cart.status == CartStatus::Open)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts so many of a variant in. A cart that is unknown, was ordered or waits for a person to
    /// look makes room for a new one.
    async fn put_in(&self, variant: VariantId, quantity: i64) -> Result<CartPicture> {
        let put_into = |id| cart::edit(self.app, id, Edit::Add(variant, quantity), Some(home(self.app)));
        if let Some(id) = self.cart {
            match put_into(id).await {
                Err(Error::NotFound | Error::Refused(Refusal::CartCompleted { .. } | Refusal::PaymentInReview)) => {}
                outcome => return outcome,
            }
        }
        put_into(cart::create(self.app).await?.cart.id).await
    }

    /// Changes what is there.
    async fn edit(&self, edit: Edit, said: Said) -> Result<Response, PageError> {
        let code = match &edit {
            Edit::ApplyCoupon(code) => Some(code.clone()),
            _ => None,
        };
        let is_about_line = matches!(edit, Edit::Set(..));
        let outcome = match self.cart {
            Some(id) => cart::edit(self.app, id, edit, Some(home(self.app))).await,
            None => Err(Error::NotFound),
        };
        match outcome {
            Ok(picture) => Ok(self.done(&picture, said)?),
            // No cart, no line; but a code is told what it waits for.
            Err(Error::NotFound) if !is_about_line => Ok(self.refuse(Refusal::CartEmpty.into(), None).await?),
            Err(error) => Ok(self.refuse(error, code).await?),
        }
    }

    /// What brings a line back that is about to be removed.
    async fn undo_of(&self, item: CartItemId) -> Result<Option<UndoView>> {
        let Some(id) = self.cart else { return Ok(None) };
        let record = match carts::load(&mut self.app.db.read().await?, id).await {
            Err(Error::NotFound) => return Ok(None),
            record => record?,
        };
        let line = record.cart.items.iter().find(|line| line.id == item);
        Ok(line.and_then(|line| undo(&self.app.catalog.load(), line.variant_id, line.quantity)))
    }

    /// It is done: a browser without scripts goes on to the cart, a script gets the part it asked for.
    fn done(&self, picture: &CartPicture, said: Said) -> Result<Response> {
        let mut response = match (self.place, &said.undo) {
            (Place::Page, None) => private::see_other("/cart"),
            (Place::Page, Some(undo)) => {
                let pairs = [("removed", undo.variant_id.clone()), ("quantity", undo.quantity.to_string())];
                private::see_other(&params::address("/cart", &pairs))
            }
            _ => self.draw(StatusCode::OK, Some(picture), said)?,
        };
        cookies::keep_cart(&self.app.config, &mut response, picture.cart.id);
        if self.place == Place::Page {
            cookies::keep_count(&self.app.config, &mut response, picture.cart.count());
        }
        Ok(response)
    }

    /// It can't be done: the cart as it is, and why. A refused code is told beside its field.
    async fn refuse(&self, error: Error, code: Option<String>) -> Result<Response> {
        let is_about_code = matches!(
            error,
            Error::Refused(
                Refusal::Coupon { .. } | Refusal::Cart(CartRefusal::InvalidCoupon | CartRefusal::TooManyCoupons)
            )
        );
        let is_gone = matches!(error, Error::NotFound);
        let refused = Refused::of(self.app, error)?;
        let sentence = if is_gone { CartRefusal::UnknownItem.to_string() } else { refused.sentence };
        let said = match code {
            Some(code) if is_about_code => Said { coupon: Some((code, sentence)), ..Said::default() },
            _ => Said { refusal: Some(sentence), ..Said::default() },
        };
        self.draw(refused.status, self.picture().await?.as_ref(), said)
    }

    /// An add that can't be done: without scripts on the page of the product, with everything that was chosen.
    async fn refuse_add(&self, error: Error, form: &Form) -> Result<Response> {
        let catalog = self.app.catalog.load_full();
        let Some(entry) = product_of(&catalog, form).filter(|_| self.place == Place::Page) else {
            return self.refuse(error, None).await;
        };
        let refused = Refused::of(self.app, error)?;
        let choice = product::Choice::of(entry, form.fields());
        let view = product::view(self.app, &catalog, entry, &choice, refused.sentence);
        let html = render(self.app, "storefront/product.html", product::meta(entry), &view)?;
        Ok(private::page(refused.status, html))
    }

    /// The cart where it was asked for.
    fn draw(&self, status: StatusCode, picture: Option<&CartPicture>, said: Said) -> Result<Response> {
        let added = said.added.clone();
        let mut cart = cart_view::view(self.app, picture, said);
        let meta = PageMeta::private(self.app.theme.text("your-cart"), "/cart");
        let html = match self.place {
            Place::Drawer => {
                let refusal = cart.refusal.take();
                let suggestions = match cart.lines.is_empty() {
                    true => vec![],
                    false => cart_view::suggestions(self.app, picture, &cart, DRAWER),
                };
                render(self.app, "fragments/drawer.html", meta, &DrawerView { cart, added, refusal, suggestions })?
            }
            Place::Cart | Place::Page => {
                let suggestions = cart_view::suggestions(self.app, picture, &cart, cards::ROW);
                let template = if self.place == Place::Cart { "fragments/cart.html" } else { "storefront/cart.html" };
                render(self.app, template, meta, &CartPage { cart, suggestions })?
            }
        };
        let mut response = private::page(status, html);
        if self.cart.is_some() || picture.is_some() {
            let count = picture.map_or(0, |picture| picture.cart.count());
            cookies::keep_count(&self.app.config, &mut response, count);
        }
        Ok(response)
    }
}

/// The variant that a form asks for, and how many: named itself, or by a product and a value of each of its options.
fn wanted(catalog: &Catalog, form: &Form) -> Result<(VariantId, i64)> {
    let gone = || Error::unknown("product", "This is not for sale any more.");
    let quantity = match form.text("quantity") {
        "" => 1,
        typed => quantity(typed)?,
    };
    if let Ok(variant) = form.text("variant").parse() {
        return catalog.variant(variant).map(|_| (variant, quantity)).ok_or_else(gone);
    }
    let product = &product_of(catalog, form).ok_or_else(gone)?.product;
    let mut values = Vec::new();
    for axis in &product.options {
        match form.text(&format!("option.{}", axis.name)) {
            "" => return Err(Error::field("option", format!("Choose one: {}.", axis.name))),
            value => values.push(value),
        }
    }
    let made = product.variants.iter().find(|variant| variant.values == values);
    let made = made.ok_or_else(|| Error::field("option", "This is not made in that combination. Choose another."))?;
    Ok((made.id, quantity))
}

/// The product that a form is about.
fn product_of<'a>(catalog: &'a Catalog, form: &Form) -> Option<&'a CatalogProduct> {
    let by_product = form.text("product").parse().ok().and_then(|id: ProductId| catalog.product(id));
    let by_variant = || form.text("variant").parse().ok().and_then(|id: VariantId| Some(catalog.variant(id)?.0));
    by_product.or_else(by_variant).map(|entry| entry.as_ref())
}

/// A quantity as it was typed.
fn quantity(typed: &str) -> Result<i64> {
    let typed = typed.trim();
    if typed.is_empty() || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::field("quantity", "Enter the quantity as a whole number, such as 2."));
    }
    let too_large = || Error::field("quantity", format!("At most {MAX_QUANTITY} of one item fit in a cart."));
    typed.parse().map_err(|_| too_large())
}

/// The line that the address says was just removed, unless it is back.
fn removed(catalog: &Catalog, picture: Option<&CartPicture>, pairs: &[(String, String)]) -> Option<UndoView> {
    let named = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let variant: VariantId = named("removed")?.parse().ok()?;
    let is_back = picture.is_some_and(|picture| picture.cart.items.iter().any(|item| item.variant_id == variant));
    let quantity = quantity(named("quantity")?).ok().filter(|quantity| (1..=MAX_QUANTITY).contains(quantity))?;
    undo(catalog, variant, quantity).filter(|_| !is_back)
}

fn undo(catalog: &Catalog, variant: VariantId, quantity: i64) -> Option<UndoView> {
    let (entry, variant) = catalog.variant(variant)?;
    Some(UndoView {
        variant_id: variant.id.to_string(),
        quantity: u32::try_from(quantity).ok()?,
        name: entry.product.name.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_a_whole_number() {
        assert_eq!(quantity(" 2 ").ok(), Some(2));
        assert_eq!(quantity("0").ok(), Some(0));
        let huge = "1".repeat(31);
        for wrong in ["", "abc", "-1", "\u{2212}1", "1.5", "1e3", "٣", huge.as_str()] {
            assert!(matches!(quantity(wrong), Err(Error::Invalid(_))), "{wrong}");
        }
    }
}
