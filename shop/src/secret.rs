//! What is derived from the shop's secret: private links and digests.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use commerce::ids::OrderId;

/// The shop's secret. It is never shown, logged or stored anywhere but where it came from.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// Wraps a secret of at least 32 characters.
    pub fn new(secret: &str) -> Self {
        Secret(secret.as_bytes().to_vec())
    }

    /// A keyed digest of parts for one purpose, in hex. Parts are length-prefixed, so that no two lists collide.
    pub fn digest(&self, purpose: &str, parts: &[&[u8]]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The token of an order's private link: 128 bits that nobody can guess and nothing has to store.
    pub fn order_token(&self, order: OrderId) -> String {
        self.digest("order-link", &[order.0.as_bytes()])[..32].to_owned()
    }

    /// Whether a token opens an order, in constant time.
    pub fn opens(&self, order: OrderId, token: &str) -> bool {
        self.order_token(order).as_bytes().ct_eq(token.as_bytes()).into()
    }
}
