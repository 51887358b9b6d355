//! Deliberate faults, one switch each. What finds each of them is in the table of `mutations.rs`.

/// Declares the faults, all of them listed.
macro_rules! faults {
    ($( $(#[$meta:meta])* $Fault:ident ),+ $(,)?) => {
        /// Something done wrong on purpose.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault { $( $(#[$meta])* $Fault ),+ }

        impl Fault {
            pub const ALL: &'static [Self] = &[$( Self::$Fault ),+];
        }
    };
}

faults! {
    // Stock.
    /// A checkout is opened on stock that is not there.
    ReserveUnchecked,
    /// Stock is promised and no row says to whom.
    ReservationForgotten,
    /// A sale leaves no entry in the ledger.
    MovementForgotten,
    /// What was promised is given back twice.
    ReleasedTwice,
    /// An expired checkout keeps its stock.
    HeldAfterExpiry,
    /// What was sold is still promised.
    SoldStaysReserved,
    /// A canceled order goes back on the shelf twice.
    RestockedTwice,
    /// The refund of a canceled order restocks once more.
    RestockedAfterCancel,
    /// Staff may set the stock below what is promised.
    SheetBelowReserved,
    /// Nobody is told that the stock has changed.
    StockEventForgotten,
    /// A new checkout leaves the older one of its cart open.
    OlderCheckoutKept,
    // Coupons.
    /// One use counts as two.
    CouponCountedTwice,
    /// An expired checkout keeps its uses.
    CouponKeptAfterExpiry,
    /// A canceled order keeps its uses.
    CouponKeptAfterCancel,
    /// Nobody looks how often a coupon was used.
    CouponLimitUnchecked,
    /// Nobody looks how often this customer used it.
    CouponCustomerUnchecked,
    // Money.
    /// The order says a cent more than its checkout.
    TotalOffByACent,
    /// A discount is split by whole parts only.
    ProrationDropsTheRest,
    /// A checkout is paid that the buyer did not see.
    OtherVersionPaid,
    /// Whatever the bank took is called paid.
    AmountUnchecked,
    /// An amount is paid back whatever came in.
    RefundUncapped,
    /// Units are paid back at a rounded price of one.
    RefundDropsTheRest,
    /// Refunds on their way are not counted.
    RefundForgetsPending,
    /// The answer about a refund counts each time.
    RefundAppliedTwice,
    /// Units are paid back that were before.
    UnitsPaidBackTwice,
    // Payment and idempotency.
    /// The bank is asked before the attempt is committed.
    AskedBeforeCommit,
    /// A payment is asked for again under another id.
    NewIdOnRetry,
    /// A refund is asked for under another id each time.
    NewRefundIdOnRetry,
    /// An answer is applied to the attempt as it was at first.
    WebhookWithoutVersion,
    /// A success told twice writes two orders.
    OrderOnRepeat,
    /// Who pays again is answered another order.
    OrderIdOnRepeat,
    /// A declined payment becomes an order.
    DeclineWritesOrder,
    /// A checkout expires with its payment in flight.
    ExpiredWhilePaying,
    /// Money that comes in after the end sells what was released.
    LateMoneySells,
    /// A bank that does not answer is taken to have said no.
    SilenceIsNo,
    // Events and jobs.
    /// What was done with an order is not told.
    EventForgotten,
    /// Nothing asks again how a payment ended.
    ReconcileForgotten,
    /// Nothing ends a checkout whose time has run out.
    ExpiryForgotten,
    /// A job counts as done when it is taken up.
    DoneBeforeItIs,
}
