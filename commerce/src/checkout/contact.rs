//! Whom to write to and where to send it.

use crate::address::Address;
use crate::customer::check_email;
use crate::error::{FieldError, Refusal};

/// Refuses with everything that is wrong with the e-mail address and the postal addresses.
pub(super) fn check(email: &str, shipping: &Address, billing: Option<&Address>) -> Result<(), Refusal> {
    let mut errors: Vec<FieldError> = check_email(email).err().into_iter().collect();
    errors.extend(shipping.check().into_iter().map(|error| error.under("shipping_address")));
    let billing_errors = billing.map(Address::check).unwrap_or_default();
    errors.extend(billing_errors.into_iter().map(|error| error.under("billing_address")));
    if errors.is_empty() { Ok(()) } else { Err(Refusal::InvalidFields(errors)) }
}
