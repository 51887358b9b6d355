//! Who buys: the e-mail address, which is all a guest is known by.

use crate::error::FieldError;

/// The longest address that can be delivered to (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const MAX_EMAIL: usize = 254;

/// The longest part before the `@` (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// The longest label of a host (RFC 1035, 2.3.4).
const MAX_LABEL: usize = 63;

/// Checks an e-mail address as far as that is useful without writing to it: what every mail server can be given. That is
/// a dot-atom of ASCII letters before the `@` (RFC 5322, 3.2.3) and a host with a dot behind it, hosts of other scripts
/// in their `xn--` form, at most [`MAX_EMAIL`] bytes.
pub fn check_email(email: &str) -> Result<(), FieldError> {
    let email = email.trim();
    let refused = |message: &str| Err(FieldError::new("email", message));
    if email.is_empty() {
        return refused("Enter your e-mail address.");
    }
    if email.len() > MAX_EMAIL {
        return refused("This e-mail address is too long.");
    }
    if email.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return refused("An e-mail address has no spaces.");
    }
    match email.split_once('@') {
        Some((local, host)) if is_dot_atom(local) && is_host(host) => Ok(()),
        _ => refused("Enter an e-mail address like name@example.com."),
    }
}

/// An address as one person is counted by, for coupon limits: trimmed, lower case, without a `+tag`, and without the
/// dots Gmail ignores. It is never written to.
pub fn canonical_email(email: &str) -> String {
    let email = email.trim().to_lowercase();
    let Some((local, host)) = email.split_once('@') else {
        return email;
    };
    let person = match local.split_once('+') {
        Some((person, _tag)) if !person.is_empty() => person,
        _ => local,
    };
    match host {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", person.replace('.', "")),
        _ => format!("{person}@{host}"),
    }
}

fn is_dot_atom(local: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.chars().all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(letter))
    };
    local.len() <= MAX_LOCAL && local.split('.').all(is_atom)
}

fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    labels.len() >= 2 && labels.iter().all(|label| is_label(label))
}

fn is_label(label: &str) -> bool {
    let inner = |letter: char| letter == '-' || letter.is_ascii_alphanumeric();
    !label.is_empty()
        && label.len() <= MAX_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(inner)
}
