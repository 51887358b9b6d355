//! The sales that this node changed last, as it left them: who goes on with one needs not be read again. What somebody else
//! changed meanwhile has another version in the database, which the write finds out.

use std::sync::Arc;

use commerce::cart::Cart;
use commerce::ids::{CartId, CheckoutId, PaymentId};
use commerce::payment::Attempt;
use quick_cache::sync::Cache;

use super::{Key, Needs};
use crate::error::Result;
use crate::store::carts::CartRecord;
use crate::store::checkouts::CheckoutRecord;
use crate::store::stock::Held;
use crate::store::{Conn, carts, checkouts, payments, stock};

/// Sales that are remembered, of a few KiB each.
const SALES: usize = 4096;

/// What grew from a cart.
#[derive(Clone, Debug, PartialEq)]
pub struct Sale {
    /// How often it was changed.
    pub version: i64,
    /// The cart with its lines.
    pub cart: Arc<CartRecord>,
    /// Its latest checkout.
    pub checkout: Option<Arc<CheckoutRecord>>,
    /// What that holds, in the order of shelves.
    pub held: Vec<Held>,
    /// The latest attempt to pay it.
    pub payment: Option<Arc<Attempt>>,
}

impl Sale {
    /// A sale that begins.
    pub fn new(cart: Cart) -> Self {
        let cart = Arc::new(CartRecord::new(cart));
        Self { version: 0, cart, checkout: None, held: vec![], payment: None }
    }

    /// The sale of a cart as it is in the books.
    async fn read(conn: &mut Conn, id: CartId) -> Result<Option<Self>> {
        let (versions, mut found) = (carts::versions(conn, vec![id]).await?, carts::these(conn, vec![id]).await?);
        let Some((version, cart)) = versions.get(&id).copied().zip(found.remove(&id)) else { return Ok(None) };
        let checkout = match cart.checkout {
            Some(id) => Some(Arc::new(checkouts::load(conn, id).await?)),
            None => None,
        };
        let payment = match checkout.as_ref().and_then(|record| record.payment) {
            Some(id) => Some(Arc::new(payments::load(conn, id).await?)),
            None => None,
        };
        let held = stock::held(conn, cart.checkout.into_iter().collect()).await?;
        Ok(Some(Self { version, cart: Arc::new(cart), checkout, held, payment }))
    }

    /// Whether coupons take part, whose counts are everybody's.
    fn has_coupons(&self) -> bool {
        let in_checkout = self.checkout.iter().any(|record| !record.checkout.quote.discounts.is_empty());
        in_checkout || !self.cart.cart.coupons.is_empty()
    }
}

/// What is remembered of what a command is about.
pub enum Recalled {
    /// It is about something new.
    New,
    /// All that it needs.
    Sale(Arc<Sale>),
    /// It has to be read.
    Nothing,
}

/// The sales that were changed last.
pub struct Memory {
    sales: Cache<CartId, Arc<Sale>>,
    of_checkouts: Cache<CheckoutId, CartId>,
    of_payments: Cache<PaymentId, CartId>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { sales: Cache::new(SALES), of_checkouts: Cache::new(SALES), of_payments: Cache::new(SALES) }
    }
}

impl Memory {
    /// What is remembered of what a command needs.
    pub fn recall(&self, needs: &Needs) -> Recalled {
        let sale = match needs.key {
            Key::New => return Recalled::New,
            Key::Cart(id) => self.sales.get(&id),
            Key::Checkout(id) => self.of_checkout(id),
            Key::Payment(id) => self.of_payment(id),
        };
        match sale.filter(|sale| needs.coupon.is_none() && !sale.has_coupons()) {
            Some(sale) => Recalled::Sale(sale),
            None => Recalled::Nothing,
        }
    }

    /// Remembers a sale as it was left.
    pub fn keep(&self, sale: Sale) {
        let cart = sale.cart.cart.id;
        if let Some(record) = &sale.checkout {
            self.of_checkouts.insert(record.checkout.id, cart);
        }
        if let Some(payment) = &sale.payment {
            self.of_payments.insert(payment.id, cart);
        }
        self.sales.insert(cart, Arc::new(sale));
    }

    /// Forgets a sale: it was bought, or is not as it is remembered.
    pub fn forget(&self, cart: CartId) {
        self.sales.remove(&cart);
    }

    /// The carts of sales that are remembered otherwise than they are in the books under the same version.
    pub async fn misremembered(&self, conn: &mut Conn) -> Result<Vec<CartId>> {
        let mut found = vec![];
        for (cart, sale) in self.sales.iter() {
            let kept = Sale::read(conn, cart).await?;
            if kept.is_some_and(|kept| kept.version == sale.version && kept != *sale) {
                found.push(cart);
            }
        }
        Ok(found)
    }

    fn of_checkout(&self, id: CheckoutId) -> Option<Arc<Sale>> {
        let sale = self.sales.get(&self.of_checkouts.get(&id)?)?;
        sale.checkout.as_ref().is_some_and(|record| record.checkout.id == id).then_some(sale)
    }

    fn of_payment(&self, id: PaymentId) -> Option<Arc<Sale>> {
        let sale = self.sales.get(&self.of_payments.get(&id)?)?;
        sale.payment.as_ref().is_some_and(|payment| payment.id == id).then_some(sale)
    }
}
