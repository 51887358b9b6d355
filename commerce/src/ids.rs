//! Typed ids: a cart id can't be passed where an order id is meant.
//!
//! They are made outside (UUIDv7, so that rows of one time lie together) and only passed through here.

use uuid::Uuid;

macro_rules! ids {
    ($( $(#[$meta:meta])* $Name:ident ),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $Name(pub Uuid);

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $Name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $Name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+ };
}

ids! {
    /// A product: what has a page.
    ProductId,
    /// A variant of a product: what has a price and stock.
    VariantId,
    /// A picture of a product.
    ImageId,
    /// A category of the catalog tree.
    CategoryId,
    /// A place where stock lies.
    LocationId,
    /// A cart. Unguessable: knowing it is the permission to use it.
    CartId,
    /// A line of a cart.
    CartItemId,
    /// A checkout: a cart with a frozen quote and reserved stock.
    CheckoutId,
    /// An order.
    OrderId,
    /// A line of an order. It has the value of the cart line it came from.
    OrderItemId,
    /// One attempt to pay; also the idempotency key given to the provider.
    PaymentId,
    /// A refund.
    RefundId,
    /// A parcel of an order.
    FulfillmentId,
    /// Somebody who has ordered.
    CustomerId,
    /// A file that staff bring in.
    ImportId,
    /// A coupon.
    CouponId,
    /// A change to many products at once.
    BulkRunId,
    /// A list of prices.
    PriceListId,
    /// A row of the event log.
    /// A row of the job table.
    JobId,
    /// A member of staff.
    StaffId,
    /// A place where a member of staff is signed in.
    SessionId,
}
