//! The attributes of a product, packed: a catalog may have fifty texts in them for each product, and one by one they
//! would take most of its memory and of the time to read it.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

/// Names and values, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// All names and values, one after the other.
    text: Box<str>,
    /// Where each name and each value ends.
    ends: Box<[u32]>,
}

impl Attributes {
    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().skip(1).step_by(2).copied());
        starts.zip(self.ends.chunks_exact(2)).map(|(start, ends)| {
            let (start, middle, end) = (start as usize, ends[0] as usize, ends[1] as usize);
            (&self.text[start..middle], &self.text[middle..end])
        })
    }
}

#[derive(Default)]
struct Packing {
    text: String,
    ends: Vec<u32>,
}

impl Packing {
    fn add(&mut self, name: &str, value: &str) {
        for part in [name, value] {
            self.text.push_str(part);
            self.ends.push(u32::try_from(self.text.len()).expect("a product's attributes are bounded"));
        }
    }

    fn done(self) -> Attributes {
        Attributes { text: self.text.into(), ends: self.ends.into() }
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Each)
    }
}

struct Each;

impl<'de> Visitor<'de> for Each {
    type Value = Attributes;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("attributes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Attributes, A::Error> {
        let mut packing = Packing::default();
        while let Some(Borrowed { name, value }) = seq.next_element()? {
            packing.add(&name, &value);
        }
        Ok(packing.done())
    }
}

#[derive(Deserialize)]
struct Borrowed<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
}

#[cfg(test)]
mod tests {
    use commerce::catalog::Attribute;

    use super::*;

    #[test]
    fn what_is_packed_comes_out_in_order() {
        for pairs in [vec![], vec![("Made of", "Steel")], vec![("", ""), ("Größe", "1 \"Zoll\""), ("Care", "")]] {
            let kept: Vec<Attribute> =
                pairs.iter().map(|(n, v)| Attribute { name: (*n).into(), value: (*v).into() }).collect();
            let json = serde_json::to_string(&kept).expect("attributes are texts");
            let packed: Attributes = serde_json::from_str(&json).expect("as the store keeps them");
            assert_eq!(packed.iter().collect::<Vec<_>>(), pairs);
        }
    }
}
