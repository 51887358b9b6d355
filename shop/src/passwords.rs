//! Passwords: Argon2id, a few at a time, so that a crowd at the staff door does not keep the till waiting.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::error::{Error, Result};

/// 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet, Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// How many are hashed at once; a shop of two cores keeps one for its buyers.
const AT_ONCE: usize = 1;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    turns: Semaphore,
}

/// What an unknown account is checked against, so that its answer takes as long as that of a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("a password that nobody has", &[7; 16]));

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE) }
    }
}

impl Passwords {
    /// The hash of a new password, in PHC form.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        let salt = rand::random::<[u8; 16]>();
        self.in_turn(move || hash_now(&password, &salt)).await
    }

    /// Whether a password is the one of a hash. Without a hash it is not, and takes as long.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.to_owned();
        let known = hash.is_some();
        let matches = move || {
            let hash = hash.as_deref().unwrap_or(&NOBODY);
            PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
        };
        Ok(self.in_turn(matches).await? && known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let busy = || Error::Code("unavailable", "Many people are signing in right now.".into());
        let _turn = timeout(PATIENCE, self.turns.acquire()).await.map_err(|_| busy())?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal("hashing a password panicked".into()))
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the numbers are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str, salt: &[u8]) -> String {
    let salt = SaltString::encode_b64(salt).expect("16 bytes are a salt");
    let hash = argon2().hash_password(password.as_bytes(), &salt);
    hash.expect("a password of bounded length can be hashed").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_the_one_it_was_hashed_from() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery").await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery", Some(hash.clone())).await.expect("checked"));
        assert!(!passwords.verify("correct horse batterz", Some(hash)).await.expect("checked"));
        assert!(!passwords.verify("a password that nobody has", None).await.expect("checked"));
    }
}
