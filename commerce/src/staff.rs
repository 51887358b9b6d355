//! Who works in the shop: roles, what they may do, and what a password has to be.

use crate::error::FieldError;

named_enum! {
    /// What a member of staff may do.
    pub enum Role {
        /// Everything of the day's work: orders, catalog, stock, customers, settings.
        Admin = "admin",
        /// All of that, and the accounts of the staff.
        SuperAdmin = "super_admin",
    }
}

/// The fewest characters of a password (NIST SP 800-63B-4, 3.1.1.2, for one that stands alone).
pub const MIN_PASSWORD: usize = 12;
/// The most bytes of a password: hashing a longer one would only cost time.
pub const MAX_PASSWORD: usize = 512;
/// The longest name of a person.
pub const MAX_NAME: usize = 100;

/// Passwords of twelve characters and more that everybody tries first.
const COMMON: &[&str] = &[
    "123456789012",
    "1234567890123",
    "12345678901234",
    "1q2w3e4r5t6y",
    "abcdefghijkl",
    "administrator",
    "adminadminadmin",
    "changemechangeme",
    "letmeinletmein",
    "passwordpassword",
    "password1234",
    "password12345",
    "password123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiop[]",
    "qwertyqwerty",
    "unbelievable",
];

impl Role {
    /// Whether this role may do what another one may.
    pub fn covers(self, needed: Role) -> bool {
        self == Role::SuperAdmin || needed == Role::Admin
    }
}

/// Checks a new password of somebody with an address and a name: long enough, and not what everybody tries first.
pub fn check_password(password: &str, email: &str) -> Result<(), FieldError> {
    let refused = |message: String| Err(FieldError::new("password", message));
    let folded = password.to_lowercase();
    if password.chars().count() < MIN_PASSWORD {
        return refused(format!(
            "A password has at least {MIN_PASSWORD} characters. A few words are easy to remember."
        ));
    }
    if password.len() > MAX_PASSWORD {
        return refused(format!("A password has at most {MAX_PASSWORD} bytes."));
    }
    if password.contains('\0') {
        return refused("A password can't contain a NUL character.".into());
    }
    let mut letters = folded.chars();
    let first = letters.next();
    if COMMON.contains(&folded.as_str()) || letters.all(|letter| Some(letter) == first) {
        return refused("This password is one that everybody tries first. Please choose another.".into());
    }
    if folded == email.trim().to_lowercase() {
        return refused("The password must not be the e-mail address.".into());
    }
    Ok(())
}

/// Checks the name of a person.
pub fn check_name(name: &str) -> Result<(), FieldError> {
    let length = name.trim().chars().count();
    if length == 0 || length > MAX_NAME || name.chars().any(char::is_control) {
        return Err(FieldError::new("name", format!("A name has 1 to {MAX_NAME} characters.")));
    }
    Ok(())
}

/// Why an account can't be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StaffRefusal {
    /// Nobody would be left to look after the accounts.
    #[error("This is the last super admin. Make somebody else one first.")]
    LastSuperAdmin,
}

/// Decides whether an account may become this: `others` is how many other active super admins there are.
pub fn may_become(role: Role, active: bool, others: i64) -> Result<(), StaffRefusal> {
    let stays = active && role == Role::SuperAdmin;
    if stays || others > 0 { Ok(()) } else { Err(StaffRefusal::LastSuperAdmin) }
}
