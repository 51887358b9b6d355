//! The categories as they stand: what is under what, in which order, and where a step leads.

use std::collections::HashMap;

use commerce::ids::CategoryId;

use crate::app::App;
use crate::error::Result;
use crate::store::categories::{self, StoredCategory};
use crate::web::admin::products::choices;
use crate::web::admin::views::categories::CategoryNode;
use crate::web::admin::views::product::CategoryChoice;

/// All categories, with how many products stand in each.
pub struct Forest {
    all: HashMap<String, StoredCategory>,
    products: HashMap<CategoryId, i64>,
}

/// Where a category goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// Which one.
    pub id: CategoryId,
    /// The version it has now.
    pub version: i64,
    /// The slug of what it will stand under; empty for the top.
    pub parent: String,
    /// Its place there.
    pub place: usize,
}

impl Forest {
    /// Reads them.
    pub async fn load(app: &App) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let all = categories::all(&mut conn).await?;
        let products = categories::product_counts(&mut conn).await?;
        Ok(Self { all, products })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// A category.
    pub fn by_id(&self, id: CategoryId) -> Option<&StoredCategory> {
        self.all.values().find(|category| category.id == id)
    }

    /// Products that stand in a category itself.
    pub fn products_in(&self, id: CategoryId) -> i64 {
        self.products.get(&id).copied().unwrap_or(0)
    }

    /// What stands directly under a category, in order; under `None`, the top.
    pub fn below(&self, parent: Option<&String>) -> Vec<&StoredCategory> {
        let mut below: Vec<_> = self.all.values().filter(|one| one.input.parent.as_ref() == parent).collect();
        below.sort_by_key(|one| (one.input.position, &one.input.name));
        below
    }

    /// What a category can stand under: everything but itself and what is under it.
    pub fn choices_without(&self, id: Option<CategoryId>) -> Vec<CategoryChoice> {
        let own = id.and_then(|id| self.by_id(id)).map(|category| category.input.slug.clone());
        let all = choices(self.all.clone());
        let Some(start) = all.iter().position(|choice| Some(&choice.slug) == own.as_ref()) else { return all };
        let depth = all[start].depth;
        let under = all[start + 1..].iter().take_while(|choice| choice.depth > depth).count();
        all.iter()
            .enumerate()
            .filter(|(at, _)| !(start..=start + under).contains(at))
            .map(|(_, one)| one.clone())
            .collect()
    }

    /// The tree as it is drawn.
    pub fn nodes(&self, current: Option<&str>) -> Vec<CategoryNode> {
        self.nodes_below(None, current)
    }

    fn nodes_below(&self, parent: Option<&String>, current: Option<&str>) -> Vec<CategoryNode> {
        let siblings = self.below(parent);
        let last = siblings.len().saturating_sub(1);
        let node = |(place, category): (usize, &&StoredCategory)| {
            let id = category.id.to_string();
            CategoryNode {
                name: category.input.name.clone(),
                products: self.products_in(category.id),
                current: current == Some(id.as_str()),
                first: place == 0,
                last: place == last,
                top: parent.is_none(),
                children: self.nodes_below(Some(&category.input.slug), current),
                id,
            }
        };
        siblings.iter().enumerate().map(node).collect()
    }

    /// Where a button or a drop leads; `None` where there is no such place.
    pub fn step(&self, what: &str) -> Option<Step> {
        let mut words = what.split(':');
        let (what, id) = (words.next()?, words.next()?.parse().ok()?);
        let category = self.by_id(id)?;
        let parent = category.input.parent.as_ref();
        let siblings = self.below(parent);
        let place = siblings.iter().position(|one| one.id == id)?;
        let (parent, place) = match what {
            "up" => (parent.cloned(), place.checked_sub(1)?),
            "down" => (parent.cloned(), (place + 1 < siblings.len()).then_some(place + 1)?),
            "in" => {
                let above = &siblings[place.checked_sub(1)?].input.slug;
                (Some(above.clone()), self.below(Some(above)).len())
            }
            "out" => {
                let over = self.all.get(parent?)?;
                let uncles = self.below(over.input.parent.as_ref());
                (over.input.parent.clone(), uncles.iter().position(|one| one.id == over.id)? + 1)
            }
            "place" => {
                let under = match words.next()? {
                    "" => None,
                    id => Some(self.by_id(id.parse().ok()?)?.input.slug.clone()),
                };
                (under, words.next()?.parse().ok()?)
            }
            _ => return None,
        };
        Some(Step { id, version: category.version, parent: parent.unwrap_or_default(), place })
    }
}

#[cfg(test)]
mod tests {
    use commerce::catalog::CategoryInput;
    use uuid::Uuid;

    use super::*;

    fn forest(rows: &[(u128, &str, Option<&str>, i64)]) -> Forest {
        let stored = rows.iter().map(|(id, slug, parent, position)| {
            let input = CategoryInput {
                slug: (*slug).into(),
                old_slugs: vec![],
                name: (*slug).into(),
                parent: parent.map(str::to_owned),
                description: String::new(),
                image: None,
                position: *position,
            };
            ((*slug).to_owned(), StoredCategory { id: CategoryId(Uuid::from_u128(*id)), version: 3, input })
        });
        Forest { all: stored.collect(), products: HashMap::new() }
    }

    #[test]
    fn every_button_leads_to_a_place_that_there_is() {
        let forest = forest(&[(1, "a", None, 0), (2, "b", None, 1), (3, "c", Some("b"), 0), (4, "d", Some("b"), 1)]);
        let id = |id: u128| Uuid::from_u128(id).to_string();
        for (what, expected) in [
            (format!("up:{}", id(2)), Some(("", 0))),
            (format!("up:{}", id(1)), None),
            (format!("down:{}", id(2)), None),
            (format!("down:{}", id(3)), Some(("b", 1))),
            (format!("in:{}", id(2)), Some(("a", 0))),
            (format!("in:{}", id(1)), None),
            (format!("out:{}", id(3)), Some(("", 2))),
            (format!("out:{}", id(1)), None),
            (format!("place:{}:{}:0", id(4), id(1)), Some(("a", 0))),
            (format!("place:{}::1", id(4)), Some(("", 1))),
            (format!("place:{}:nowhere:1", id(4)), None),
            (format!("up:{}", id(9)), None),
            ("up".into(), None),
        ] {
            let step = forest.step(&what).map(|step| (step.parent, step.place));
            assert_eq!(step, expected.map(|(parent, place): (&str, usize)| (parent.to_owned(), place)), "{what}");
        }
        let below_b: Vec<String> =
            forest.choices_without(Some(CategoryId(Uuid::from_u128(2)))).into_iter().map(|one| one.slug).collect();
        assert_eq!(below_b, ["a"]);
    }
}
