//! The option matrix: options and their values make the variants.

use std::collections::{BTreeMap, HashSet};

use commerce::catalog::MAX_VARIANTS;

use super::read::listed;
use super::{OptionForm, ProductForm, ValueForm, VariantForm};

/// What became of the variants when the options were looked at again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remade {
    /// Variants that are new.
    pub added: usize,
    /// Variants that are gone.
    pub removed: usize,
    /// More combinations than a product may have variants: none were added.
    pub too_many: bool,
}

impl ProductForm {
    /// Whether the variants are those of the options, with nothing typed beside them.
    pub fn is_made(&self) -> bool {
        let fits = |variant: &VariantForm| {
            let has = |(at, option): (&Option<usize>, &OptionForm)| at.is_some_and(|at| at < option.values.len());
            variant.at.len() == self.options.len() && variant.at.iter().zip(&self.options).all(has)
        };
        let settled = |option: &OptionForm| option.adding.trim().is_empty() && !option.is_blank();
        !self.variants.is_empty() && self.options.iter().all(settled) && self.variants.iter().all(fits)
    }

    /// Takes in the values that were typed, and makes the variants that the options have and the form has not.
    ///
    /// A new variant is like the one nearest to it. One whose values were all there before is not sold: somebody left
    /// it out.
    pub fn remake(&mut self) -> Remade {
        let before = self.variants.len();
        let first_time = self.variants.iter().all(|variant| variant.at.iter().all(Option::is_none));
        self.drop_blank_options();
        let known: Vec<usize> = self.options.iter().map(|option| option.values.len()).collect();
        self.options.iter_mut().for_each(OptionForm::take_in);
        if self.options.iter().any(|option| option.values.is_empty()) {
            // Nothing to multiply with yet; what was typed into the variants stays.
            return Remade::default();
        }
        self.settle_variants();
        let (kept, combinations) = (self.variants.len(), self.combinations());
        let Some(combinations) = combinations else {
            return Remade { added: 0, removed: before - kept, too_many: true };
        };
        let there: HashSet<Vec<Option<usize>>> = self.variants.iter().map(|variant| variant.at.clone()).collect();
        for at in combinations.into_iter().filter(|at| !there.contains(at)) {
            let is_new = at.iter().zip(&known).any(|(at, known)| at.is_some_and(|at| at >= *known));
            let variant = self.like_nearest(at, first_time || is_new);
            self.variants.push(variant);
        }
        self.variants.sort_by(|one, other| one.at.cmp(&other.at));
        Remade { added: self.variants.len() - kept, removed: before - kept, too_many: false }
    }

    /// Takes a value off an option, and its variants off the product. With the last value the variants stay for the
    /// next one.
    pub fn remove_value(&mut self, option: usize, value: usize) {
        let Some(values) = self.options.get_mut(option).map(|option| &mut option.values) else { return };
        if value >= values.len() {
            return;
        }
        values.remove(value);
        let is_last = values.is_empty();
        self.variants.retain(|variant| is_last || variant.at.get(option) != Some(&Some(value)));
        for at in self.variants.iter_mut().filter_map(|variant| variant.at.get_mut(option)) {
            *at = at.filter(|_| !is_last).map(|at| if at > value { at - 1 } else { at });
        }
    }

    /// Takes an option off the product; of variants that are the same without it the first stays.
    pub fn remove_option(&mut self, option: usize) {
        if option < self.options.len() {
            self.options.remove(option);
            for variant in self.variants.iter_mut().filter(|variant| option < variant.at.len()) {
                variant.at.remove(option);
            }
            self.settle_variants();
        }
    }

    /// Moves an option one place up.
    pub fn raise_option(&mut self, option: usize) {
        if (1..self.options.len()).contains(&option) {
            self.options.swap(option - 1, option);
            let wide = self.variants.iter_mut().filter(|variant| option < variant.at.len());
            wide.for_each(|variant| variant.at.swap(option - 1, option));
            self.variants.sort_by(|one, other| one.at.cmp(&other.at));
        }
    }

    fn drop_blank_options(&mut self) {
        for option in (0..self.options.len()).rev() {
            if self.options[option].is_blank() {
                self.remove_option(option);
            }
        }
    }

    /// Every variant names a value of every option that has any, and no two are the same.
    fn settle_variants(&mut self) {
        let counts: Vec<usize> = self.options.iter().map(|option| option.values.len()).collect();
        for variant in &mut self.variants {
            variant.at.resize(counts.len(), None);
            let each = variant.at.iter_mut().zip(&counts);
            each.for_each(|(at, count)| *at = at.or(Some(0)).filter(|_| *count > 0));
        }
        let mut seen = HashSet::new();
        self.variants.retain(|variant| {
            let is_known = variant.at.iter().zip(&counts).all(|(at, count)| at.is_none_or(|at| at < *count));
            is_known && seen.insert(variant.at.clone())
        });
        if self.variants.is_empty() && counts.is_empty() {
            self.variants.push(VariantForm::blank());
        }
    }

    /// Every combination of values, the last option running fastest; `None` when there are too many.
    fn combinations(&self) -> Option<Vec<Vec<Option<usize>>>> {
        let count = self.options.iter().try_fold(1_usize, |count, option| count.checked_mul(option.values.len()))?;
        if count > MAX_VARIANTS {
            return None;
        }
        let mut made = vec![vec![]];
        for option in &self.options {
            let longer = |start: &Vec<Option<usize>>| {
                let start = start.clone();
                (0..option.values.len()).map(move |at| [start.clone(), vec![Some(at)]].concat()).collect::<Vec<_>>()
            };
            made = made.iter().flat_map(longer).collect();
        }
        Some(made)
    }

    /// A variant for a combination: like the one that shares most values with it, those of the first options before
    /// others, but for what is its own alone.
    fn like_nearest(&self, at: Vec<Option<usize>>, sold: bool) -> VariantForm {
        let shared = |variant: &&VariantForm| {
            let same: Vec<bool> = variant.at.iter().zip(&at).map(|(own, at)| own == at).collect();
            (same.iter().filter(|same| **same).count(), same)
        };
        let nearest = self.variants.iter().rev().max_by_key(shared).cloned().unwrap_or_else(VariantForm::blank);
        VariantForm {
            at,
            sold,
            id: String::new(),
            sku: String::new(),
            barcode: String::new(),
            on_hand: "0".into(),
            elsewhere: BTreeMap::new(),
            picked: false,
            ..nearest
        }
    }
}

impl OptionForm {
    /// Whether nothing was typed into its row.
    pub fn is_blank(&self) -> bool {
        self.name.trim().is_empty() && self.values.is_empty() && self.adding.trim().is_empty()
    }

    /// Makes values of what was typed, once each.
    fn take_in(&mut self) {
        for text in listed(&std::mem::take(&mut self.adding)) {
            if self.values.iter().all(|value| value.text != text) {
                self.values.push(ValueForm { text, swatch: String::new() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(options: &[(&str, &str)]) -> ProductForm {
        let mut form = ProductForm::blank();
        form.variants[0].price = "68.00".into();
        form.options = options
            .iter()
            .map(|(name, adding)| OptionForm { name: (*name).into(), values: vec![], adding: (*adding).into() })
            .collect();
        form
    }

    fn names(form: &ProductForm) -> Vec<String> {
        form.variants.iter().map(|variant| form.variant_name(variant)).collect()
    }

    #[test]
    fn options_make_every_combination_at_the_price_that_was_there() {
        let mut form = typed(&[("Colour", "Flax, Moss,Flax"), ("", ""), ("Size", "S\nM")]);
        assert!(!form.is_made());
        let remade = form.remake();
        assert_eq!(names(&form), ["Flax / S", "Flax / M", "Moss / S", "Moss / M"]);
        assert!(form.is_made() && !remade.too_many);
        assert!(form.variants.iter().all(|variant| variant.sold && variant.price == "68.00"));
    }

    #[test]
    fn a_new_value_brings_its_variants_and_what_was_left_out_stays_out() {
        let mut form = typed(&[("Colour", "Flax, Moss"), ("Size", "S, M")]);
        form.remake();
        form.variants.remove(3);
        form.variants[2].price = "72.00".into();
        form.options[1].adding = "L".into();
        form.remake();
        let sold: Vec<(String, bool, &str)> =
            form.variants.iter().map(|one| (form.variant_name(one), one.sold, one.price.as_str())).collect();
        let row = |name: &str, sold, price| (name.to_owned(), sold, price);
        let expected = [
            row("Flax / S", true, "68.00"),
            row("Flax / M", true, "68.00"),
            row("Flax / L", true, "68.00"),
            row("Moss / S", true, "72.00"),
            row("Moss / M", false, "72.00"),
            row("Moss / L", true, "72.00"),
        ];
        assert_eq!(sold, expected);
    }

    #[test]
    fn values_and_options_take_their_variants_with_them() {
        let mut form = typed(&[("Colour", "Flax, Moss"), ("Size", "S, M")]);
        form.remake();
        form.remove_value(0, 0);
        assert_eq!(names(&form), ["Moss / S", "Moss / M"]);
        form.raise_option(1);
        assert_eq!(names(&form), ["S / Moss", "M / Moss"]);
        form.remove_option(0);
        assert_eq!(names(&form), ["Moss"]);
        form.remove_value(0, 0);
        assert!(!form.is_made() && form.variants[0].price == "68.00", "the price waits for another value");
        form.remove_option(0);
        assert_eq!(names(&form), [""]);
    }

    #[test]
    fn more_than_a_product_may_have_is_not_made() {
        let many: Vec<String> = (0..50).map(|number| number.to_string()).collect();
        let mut form = typed(&[("A", &many.join(",")), ("B", &many.join(","))]);
        assert!(form.remake().too_many);
        assert_eq!(form.variants.len(), 1);
    }
}
