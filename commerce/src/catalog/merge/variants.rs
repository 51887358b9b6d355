//! Variants, each merged by itself. They are known by their id, else by their options.

use super::{Merger, Sides, number};
use crate::catalog::input::{ProductInput, VariantInput};
use crate::money::Money;
use std::collections::{BTreeMap, HashMap};

impl Merger<'_> {
    pub(super) fn variants(&mut self, all: Sides<&ProductInput>) -> Vec<VariantInput> {
        let mut by_options: HashMap<&BTreeMap<String, String>, String> = HashMap::new();
        for variant in all.base.variants.iter().chain(&all.theirs.variants) {
            by_options.entry(&variant.options).or_insert_with(|| own_key(variant));
        }
        let key = |variant: &VariantInput| match variant.id {
            Some(id) => id.to_string(),
            None => by_options.get(&variant.options).cloned().unwrap_or_else(|| own_key(variant)),
        };
        let has_options = !all.theirs.options.is_empty() || !all.yours.options.is_empty();
        let sides = all.map(|product| product.variants.as_slice());
        self.keyed(sides, key, |merger, _, one| {
            let shown = one.theirs.or(one.base).or(one.yours)?;
            let name = name(shown, all.theirs);
            let place = if has_options { format!("variants[{name}]") } else { "variants".to_owned() };
            let Sides { base: Some(base), theirs: Some(theirs), yours: Some(yours) } = one else {
                return merger.whole_variant(&place, &name, one);
            };
            Some(merger.variant(&place, &name, Sides { base, theirs, yours }))
        })
    }

    /// A variant that one side made or took away. That some were sold meanwhile is no edit.
    fn whole_variant(&mut self, place: &str, name: &str, one: Sides<Option<&VariantInput>>) -> Option<VariantInput> {
        let uncounted = |variant: &VariantInput| VariantInput {
            on_hand: None,
            elsewhere: BTreeMap::new(),
            position: None,
            ..variant.clone()
        };
        let whole = one.map(|variant| variant.map(uncounted));
        let whole = Sides { base: &whole.base, theirs: &whole.theirs, yours: &whole.yours };
        let label = if name.is_empty() { "Variant".to_owned() } else { format!("Variant {name}") };
        let kept = merged_presence(self, place, &label, whole)?;
        let counted = one.yours.filter(|_| one.theirs.is_none());
        let on_hand = counted.and_then(|variant| variant.on_hand);
        let elsewhere = counted.map(|variant| variant.elsewhere.clone()).unwrap_or_default();
        Some(VariantInput { on_hand, elsewhere, ..kept })
    }

    fn variant(&mut self, place: &str, name: &str, all: Sides<&VariantInput>) -> VariantInput {
        let of = |what: &str| if name.is_empty() { what.to_owned() } else { format!("{what} of {name}") };
        let field = |what: &str| format!("{place}.{what}");
        VariantInput {
            id: all.theirs.id.or(all.yours.id),
            sku: self.field(&field("sku"), &of("SKU"), all.map(|v| &v.sku), Option::clone),
            barcode: self.field(&field("barcode"), &of("Barcode"), all.map(|v| &v.barcode), Option::clone),
            options: self.field(&field("options"), &of("Options"), all.map(|v| &v.options), |options| {
                Some(options.values().cloned().collect::<Vec<_>>().join(" / "))
            }),
            price: self.field(&field("price"), &of("Price"), all.map(|v| &v.price), amount),
            compare_at_price: self.field(
                &field("compare_at_price"),
                &of("Price before"),
                all.map(|v| &v.compare_at_price),
                |price| price.as_ref().and_then(amount),
            ),
            on_hand: self.count(&field("on_hand"), &of("Stock"), all.map(|v| v.on_hand)),
            elsewhere: self.elsewhere(&field("elsewhere"), &of("Stock"), all.map(|v| &v.elsewhere)),
            tracked: self.field(&field("tracked"), &of("Stock counted"), all.map(|v| &v.tracked), yes_or_no),
            policy: self.field(&field("policy"), &of("When sold out"), all.map(|v| &v.policy), |p| Some(p.to_string())),
            weight_grams: self.field(&field("weight_grams"), &of("Weight"), all.map(|v| &v.weight_grams), |grams| {
                grams.as_ref().and_then(number)
            }),
            image: self.field(&field("image"), &of("Picture"), all.map(|v| &v.image), Option::clone),
            requires_shipping: self.field(
                &field("requires_shipping"),
                &of("Shipping"),
                all.map(|v| &v.requires_shipping),
                yes_or_no,
            ),
            taxable: self.field(&field("taxable"), &of("Tax"), all.map(|v| &v.taxable), yes_or_no),
            position: None,
        }
    }

    /// A count that you did not change is left open: what lies there goes on moving with every sale.
    fn count(&mut self, field: &str, label: &str, all: Sides<Option<i64>>) -> Option<i64> {
        let (base, yours) = (all.base, all.yours.or(all.base));
        if yours == base {
            return None;
        }
        self.field(field, label, Sides { base: &base, theirs: &all.theirs, yours: &yours }, |count| {
            count.as_ref().and_then(number)
        })
    }

    fn elsewhere(&mut self, field: &str, label: &str, all: Sides<&BTreeMap<String, i64>>) -> BTreeMap<String, i64> {
        let mut one = |code: &String| {
            // Where it was never kept there is none of it.
            let at = |counts: &BTreeMap<String, i64>| Some(counts.get(code).copied().unwrap_or(0));
            let counted = self.count(&format!("{field}.{code}"), &format!("{label} at {code}"), all.map(at))?;
            Some((code.clone(), counted))
        };
        all.yours.keys().filter_map(&mut one).collect()
    }
}

fn merged_presence(
    merger: &mut Merger<'_>,
    place: &str,
    label: &str,
    whole: Sides<&Option<VariantInput>>,
) -> Option<VariantInput> {
    merger.field(place, label, whole, |variant| {
        let variant = variant.as_ref()?;
        let sku = variant.sku.as_ref().map(|sku| format!(", {sku}")).unwrap_or_default();
        Some(format!("{}{sku}", amount(&variant.price).unwrap_or_default()))
    })
}

fn own_key(variant: &VariantInput) -> String {
    let pairs: Vec<String> = variant.options.iter().map(|(name, value)| format!("{name}\u{1f}{value}")).collect();
    variant.id.map_or_else(|| pairs.join("\u{1e}"), |id| id.to_string())
}

/// The values of a variant in the order of the options.
fn name(variant: &VariantInput, product: &ProductInput) -> String {
    let in_order = product.options.iter().filter_map(|option| variant.options.get(&option.name));
    let values: Vec<&str> = in_order.map(String::as_str).collect();
    if values.len() == variant.options.len() {
        return values.join(" / ");
    }
    variant.options.values().cloned().collect::<Vec<String>>().join(" / ")
}

fn amount(money: &Money) -> Option<String> {
    Some(format!("{} {}", money.to_decimal(), money.currency))
}

fn yes_or_no(is: &bool) -> Option<String> {
    Some(if *is { "yes" } else { "no" }.to_owned())
}
