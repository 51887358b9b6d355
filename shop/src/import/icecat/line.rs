//! A line of Icecat's catalog.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A line. What has no field here is an attribute, or is named in the report.
#[derive(Deserialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) short_description: String,
    #[serde(default)]
    pub(super) ean: Vec<String>,
    #[serde(default)]
    pub(super) supplier: String,
    pub(super) price: i64,
    #[serde(default)]
    pub(super) date_released: String,
    #[serde(default)]
    pub(super) img_high: String,
    #[serde(default)]
    pub(super) img_500x500: String,
    #[serde(default)]
    pub(super) img_low: String,
    #[serde(default)]
    pub(super) img_thumb: String,
    #[serde(flatten)]
    pub(super) rest: Members,
}

/// The other members, in the order of the file, which is that of their weight.
pub(super) struct Members(pub(super) Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Members {
    /// The text of a member.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key)?.1.as_str()
    }
}
