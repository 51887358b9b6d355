//! The attributes of a product, packed: a catalog may have fifty texts in them for each product, and one by one they
//! would take most of its memory. They are unpacked from the row when somebody first asks: the door opens before.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Names and values, in order.
#[derive(Clone)]
pub struct Attributes(Arc<LazyLock<Packed, Box<dyn FnOnce() -> Packed + Send>>>);

impl Attributes {
    /// Those of a row, as the store keeps them: a list of objects with `name` and `value`.
    pub fn of_row(json: Box<RawValue>) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(move || {
            serde_json::from_str(json.get()).unwrap_or_else(|error| {
                tracing::error!(%error, "the attributes of a product can't be read");
                Packed::default()
            })
        }))))
    }

    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter()
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self.iter()).finish()
    }
}

/// All names and values, one after the other.
#[derive(Default)]
struct Packed {
    text: Box<str>,
    /// Where each name and each value ends.
    ends: Box<[u32]>,
}

impl Packed {
    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
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

    fn done(self) -> Packed {
        Packed { text: self.text.into(), ends: self.ends.into() }
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Each)
    }
}

struct Each;

impl<'de> Visitor<'de> for Each {
    type Value = Packed;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("attributes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Packed, A::Error> {
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
            let packed = Attributes::of_row(RawValue::from_string(json).expect("as the store keeps them"));
            assert_eq!(packed.iter().collect::<Vec<_>>(), pairs);
        }
    }
}
