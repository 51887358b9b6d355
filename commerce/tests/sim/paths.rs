//! Which ways were walked: a simulator that never meets the rare ones proves nothing about them.

/// Declares the ways, all of them listed.
macro_rules! paths {
    ($( $Path:ident ),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Path { $( $Path ),+ }

        impl Path {
            pub const ALL: &'static [Self] = &[$( Self::$Path ),+];
        }
    };
}

paths! {
    Ordered,
    OrderedAtOnce,
    Declined,
    DeclinedThenPaid,
    ThreeDSecure,
    LateWebhook,
    DoubledWebhook,
    LostWebhook,
    StaleWebhook,
    ExpiredOpen,
    ExpiryMetPayment,
    ExpiredInFlight,
    NeverHeardOf,
    MoneyAfterExpiry,
    MoneyAfterDecline,
    MoneyAfterCancel,
    WrongAmount,
    SecondCharge,
    PaidTwice,
    PaidAgainSameOrder,
    PaidOtherVersion,
    SoldOutRace,
    CouponExhausted,
    CouponOfCustomerExhausted,
    EditEndedCheckout,
    ReplacedCheckout,
    Amended,
    CartStoodStill,
    Crash,
    UnknownCommit,
    AnswerLost,
    CallLost,
    LeaseLost,
    JobFinishedIt,
    RefundInPart,
    RefundOfAmount,
    RefundOfRest,
    RefundLater,
    RefundRefused,
    RefundWithRestock,
    RefundOverCaptured,
    TakenFromTwoPlaces,
    CancelWithRestock,
    CancelWithoutRestock,
    CancelMetPendingRefund,
    ReviewPaidBack,
    Sent,
    Delivered,
    MarkedPaid,
    SheetSaved,
    SheetBelowReserved,
    SoldBelowZero,
    PriceChanged,
    OldPricePaid,
    PolicyChanged,
}

/// How often each was walked.
#[derive(Debug, Clone)]
pub struct Paths([u64; Path::ALL.len()]);

impl Default for Paths {
    fn default() -> Self {
        Self([0; Path::ALL.len()])
    }
}

impl Paths {
    pub fn walked(&mut self, path: Path) {
        self.0[path as usize] += 1;
    }

    pub fn count(&self, path: Path) -> u64 {
        self.0[path as usize]
    }

    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
    }
}
