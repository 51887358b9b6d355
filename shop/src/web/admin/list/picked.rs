//! Which rows a bulk action is about.

use std::sync::Arc;

use uuid::Uuid;

use super::{Asked, List, Place};
use crate::error::{Error, Result};

/// Which rows a bulk action is about.
#[derive(Clone, Debug)]
pub enum Picked {
    /// These.
    These(Vec<Uuid>),
    /// All that match, on every page.
    Matching(Box<Asked>),
}

impl Picked {
    /// Reads the fields of the form `bulk`: `id` once or more, or `all` with the `query` of the list.
    pub fn read(list: &'static List, fields: &[(String, String)], place: Place, member: Uuid) -> Result<Self> {
        let of = |wanted: &'static str| fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
        if of("all").any(|value| !value.is_empty()) {
            let query = of("query").next().map(String::as_str);
            let asked = Asked::read(list, query, Arc::new(place), vec![], member)?;
            return Ok(Self::Matching(Box::new(asked)));
        }
        let ids = of("id").map(|id| id.parse().map_err(|_| Error::field("id", "is not an id")));
        let ids = ids.collect::<Result<Vec<Uuid>>>()?;
        if ids.is_empty() {
            return Err(Error::field("id", "Choose at least one row."));
        }
        Ok(Self::These(ids))
    }
}
