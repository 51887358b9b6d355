//! A letter, and the message it is sent as.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::settings::Sender;

/// A letter to a buyer.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What it is, such as `order_confirmation`.
    pub kind: &'static str,
    /// What it is about. Kind and id make the letter: there is one of each.
    pub id: Uuid,
    /// When that happened.
    pub at: DateTime<Utc>,
    /// Who writes.
    pub from: Sender,
    /// The buyer's e-mail address.
    pub to: String,
    /// The subject, in one line.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

impl Letter {
    /// The message, with its text first and its HTML for who can show it.
    pub fn message(&self) -> Result<Message> {
        let sender = address(&self.from.email, "the shop's sender address")?;
        let recipient = address(&self.to, "a buyer's address")?;
        // The id is the same each time, so that a mail server can tell a letter that was sent twice.
        let message_id = format!("<{}.{}@{}>", self.kind, self.id.simple(), sender.domain());
        Message::builder()
            .from(Mailbox::new(Some(one_line(&self.from.name)), sender))
            .to(Mailbox::new(None, recipient))
            .subject(one_line(&self.subject))
            .message_id(Some(message_id))
            .date(SystemTime::from(self.at))
            // Out-of-office robots shall not answer.
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))
            .map_err(|error| Error::Internal(format!("a letter could not be put together: {error}")))
    }

    /// The name of its file, the same each time.
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}.eml", self.at.format("%Y%m%dT%H%M%SZ"), self.kind, self.id)
    }
}

/// An address that can be written to. The error does not quote it.
fn address(text: &str, whose: &str) -> Result<Address> {
    text.trim().parse().map_err(|_| Error::Internal(format!("{whose} can't be written to")))
}

/// What stands in a header holds no line breaks, whoever typed it.
fn one_line(text: &str) -> String {
    let spaced = text.replace(char::is_control, " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
impl Letter {
    /// A letter for tests.
    pub(super) fn sample() -> Self {
        Letter {
            kind: "order_confirmation",
            id: Uuid::from_u128(7),
            at: DateTime::from_timestamp(1_795_000_000, 0).expect("a time"),
            from: Sender { name: "Mendwell".into(), email: "hello@mendwell.example".into(), address: vec![] },
            to: "ines@example.test".into(),
            subject: "Your order 10001".into(),
            text: "Thank you, Inès.".into(),
            html: "<p>Thank you, Inès.</p>".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(letter: &Letter) -> String {
        let bytes = letter.message().expect("can be put together").formatted();
        let text = String::from_utf8(bytes).expect("mail is ASCII");
        text.split("\r\n\r\n").next().expect("there is a head").to_owned()
    }

    #[test]
    fn whoever_may_buy_can_be_written_to() {
        for address in [
            "ada@example.com",
            "a.b+c@x.test",
            "o'hara_{x}@a-b.co.uk",
            "!#$%&'*+-/=?^_`{|}~@x.test",
            "a@xn--bcher-kva.test",
        ] {
            assert_eq!(commerce::customer::check_email(address), Ok(()), "{address}");
            assert!(address.parse::<lettre::Address>().is_ok(), "{address}");
        }
    }

    #[test]
    fn a_letter_has_one_id_and_two_forms() {
        let head = head(&Letter::sample());
        for part in [
            "From: Mendwell <hello@mendwell.example>",
            "To: ines@example.test",
            "Message-ID: <order_confirmation.00000000000000000000000000000007@mendwell.example>",
            "Auto-Submitted: auto-generated",
            "multipart/alternative",
        ] {
            assert!(head.contains(part), "{part} is not in\n{head}");
        }
        assert_eq!(Letter::sample().file_name(), Letter::sample().file_name());
    }

    #[test]
    fn nothing_that_was_typed_makes_a_header() {
        let mut letter = Letter::sample();
        letter.subject = "Hello\r\nBcc: all@example.test".into();
        letter.from.name = "Shop\nX-Evil: 1".into();
        let head = head(&letter);
        assert!(!head.lines().any(|line| line.starts_with("Bcc:") || line.starts_with("X-Evil:")), "{head}");
        letter.to = "ines@example.test\r\nBcc: all@example.test".into();
        let error = letter.message().expect_err("is no address").to_string();
        assert!(!error.contains("example.test"), "{error}");
    }
}
