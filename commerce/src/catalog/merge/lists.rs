//! Lists whose members have a name: options, pictures, properties. Each member is merged by itself.

use super::{Merger, Sides, listed, text, words};
use crate::catalog::input::{ImageInput, OptionInput};
use crate::catalog::product::Attribute;
use std::collections::HashSet;

impl Merger<'_> {
    /// Merges a list member by member; `each` answers what becomes of one, `None` being that it goes.
    pub(super) fn keyed<T>(
        &mut self,
        sides: Sides<&[T]>,
        key: impl Fn(&T) -> String,
        mut each: impl FnMut(&mut Self, &str, Sides<Option<&T>>) -> Option<T>,
    ) -> Vec<T> {
        let keys = sides.map(|list| list.iter().map(&key).collect::<Vec<String>>());
        // Yours is the order, unless only the others moved something.
        let (first, then) = match keys.yours == keys.base {
            true => (&keys.theirs, &keys.yours),
            false => (&keys.yours, &keys.theirs),
        };
        let mut seen = HashSet::new();
        let order: Vec<&String> = first.iter().chain(then).filter(|key| seen.insert(*key)).collect();
        let find = |list: &'_ [T], keys: &[String], wanted: &String| -> Option<usize> {
            keys.iter().position(|key| key == wanted).filter(|index| *index < list.len())
        };
        let merged = order.into_iter().filter_map(|wanted| {
            let one = Sides {
                base: find(sides.base, &keys.base, wanted).map(|index| &sides.base[index]),
                theirs: find(sides.theirs, &keys.theirs, wanted).map(|index| &sides.theirs[index]),
                yours: find(sides.yours, &keys.yours, wanted).map(|index| &sides.yours[index]),
            };
            each(self, wanted, one)
        });
        merged.collect()
    }

    pub(super) fn options(&mut self, sides: Sides<&[OptionInput]>) -> Vec<OptionInput> {
        let names = |list: &[OptionInput]| list.iter().map(|option| option.name.clone()).collect::<Vec<String>>();
        let one_axis_each = sides.base.len() == sides.theirs.len() && sides.base.len() == sides.yours.len();
        if one_axis_each && names(sides.base) != names(sides.yours) {
            // An option that got another name is still the same one.
            return self.whole_options(sides);
        }
        self.keyed(
            sides,
            |option| option.name.clone(),
            |merger, name, one| {
                let Sides { base: Some(base), theirs: Some(theirs), yours: Some(yours) } = one else {
                    let whole = one.map(|option| option.cloned());
                    let label = format!("Option {name}");
                    let whole = Sides { base: &whole.base, theirs: &whole.theirs, yours: &whole.yours };
                    return merger
                        .field(&format!("options[{name}]"), &label, whole, |option| listed_option(option.as_ref()));
                };
                let values = Sides { base: &base.values, theirs: &theirs.values, yours: &yours.values };
                let values = values.map(Vec::as_slice);
                let swatches = Sides { base: &base.swatches, theirs: &theirs.swatches, yours: &yours.swatches };
                Some(OptionInput {
                    name: name.to_owned(),
                    values: merger.set(&format!("options[{name}].values"), &format!("Values of {name}"), values),
                    swatches: merger.field(
                        &format!("options[{name}].swatches"),
                        &format!("Colours of {name}"),
                        swatches,
                        |colours| listed(colours.iter().map(|(value, colour)| format!("{value} {colour}"))),
                    ),
                })
            },
        )
    }

    fn whole_options(&mut self, sides: Sides<&[OptionInput]>) -> Vec<OptionInput> {
        let all = sides.map(<[OptionInput]>::to_vec);
        let all = Sides { base: &all.base, theirs: &all.theirs, yours: &all.yours };
        self.field("options", "Options", all, |options| {
            listed(options.iter().filter_map(|option| listed_option(Some(option))))
        })
    }

    pub(super) fn images(&mut self, sides: Sides<&[ImageInput]>) -> Vec<ImageInput> {
        let sources = sides.map(|list| list.iter().map(|image| image.src.clone()).collect::<Vec<String>>());
        let moved = |one: &[String], other: &[String]| {
            one.iter().filter(|src| other.contains(src)).ne(other.iter().filter(|src| one.contains(src)))
        };
        if moved(&sources.base, &sources.yours) || moved(&sources.base, &sources.theirs) {
            let order = Sides { base: &sources.base, theirs: &sources.theirs, yours: &sources.yours };
            self.field("images.order", "Order of the pictures", order, |own| words(own));
        }
        self.keyed(
            sides,
            |image| image.src.clone(),
            |merger, src, one| {
                let field = format!("images[{src}]");
                let Sides { base: Some(base), theirs: Some(theirs), yours: Some(yours) } = one else {
                    let whole = one.map(|image| image.cloned());
                    let whole = Sides { base: &whole.base, theirs: &whole.theirs, yours: &whole.yours };
                    return merger
                        .field(&field, "Picture", whole, |image| image.as_ref().map(|image| image.src.clone()));
                };
                let both = Sides { base, theirs, yours };
                Some(ImageInput {
                    src: src.to_owned(),
                    alt: merger.field(
                        &format!("{field}.alt"),
                        "What a picture shows",
                        both.map(|image| &image.alt),
                        |alt| text(alt),
                    ),
                    width: theirs.width.or(yours.width),
                    height: theirs.height.or(yours.height),
                    focal: merger.field(
                        &format!("{field}.focal"),
                        "What of a picture stays in sight",
                        both.map(|image| &image.focal),
                        |focal| focal.map(|focal| format!("{} %, {} %", focal.x, focal.y)),
                    ),
                })
            },
        )
    }

    pub(super) fn attributes(&mut self, sides: Sides<&[Attribute]>) -> Vec<Attribute> {
        let each_once = |list: &[Attribute]| {
            let mut seen = HashSet::new();
            list.iter().all(|attribute| seen.insert(&attribute.name))
        };
        if ![sides.base, sides.theirs, sides.yours].into_iter().all(each_once) {
            let all = sides.map(<[Attribute]>::to_vec);
            let all = Sides { base: &all.base, theirs: &all.theirs, yours: &all.yours };
            return self.field("attributes", "Properties", all, |all| {
                listed(all.iter().map(|attribute| format!("{}: {}", attribute.name, attribute.value)))
            });
        }
        self.keyed(
            sides,
            |attribute| attribute.name.clone(),
            |merger, name, one| {
                let value = one.map(|attribute| attribute.map(|attribute| attribute.value.clone()));
                let value = Sides { base: &value.base, theirs: &value.theirs, yours: &value.yours };
                let value = merger.field(&format!("attributes[{name}]"), name, value, Option::clone)?;
                Some(Attribute { name: name.to_owned(), value })
            },
        )
    }
}

fn listed_option(option: Option<&OptionInput>) -> Option<String> {
    option.map(|option| format!("{}: {}", option.name, option.values.join(", ")))
}
