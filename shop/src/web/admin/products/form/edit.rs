//! The buttons of the form that change it and save nothing.

use super::matrix::Remade;
use super::{AttributeForm, OptionForm, ProductForm, VariantForm};

/// What the buttons beside the price, the price before and the stock fill in.
#[derive(Clone, Debug, Default)]
pub struct Fill {
    /// The price of each.
    pub price: String,
    /// The price before.
    pub compare_at: String,
    /// Units in stock.
    pub on_hand: String,
}

impl ProductForm {
    /// Does what a button says, such as `value-remove:0:2`. Answers what became of the variants, when they were made
    /// anew. An unknown word changes nothing.
    pub fn act(&mut self, what: &str, fill: &Fill) -> Option<Remade> {
        let mut words = what.split(':');
        let what = words.next().unwrap_or_default();
        let mut place = || words.next().and_then(|word| word.parse().ok()).unwrap_or(usize::MAX);
        match what {
            "variants" => return Some(self.remake()),
            "option-add" => self.options.push(OptionForm::default()),
            "option-up" => self.raise_option(place()),
            "option-remove" => self.remove_option(place()),
            "value-remove" => self.remove_value(place(), place()),
            "attribute-add" => self.attributes.push(AttributeForm::default()),
            "attribute-remove" => remove(&mut self.attributes, place()),
            "picture-up" => raise(&mut self.pictures, place()),
            "picture-down" => raise(&mut self.pictures, place().saturating_add(1)),
            "picture-remove" => self.remove_picture(place()),
            "fill" => self.fill(fill),
            _ => {}
        }
        None
    }

    fn remove_picture(&mut self, place: usize) {
        if place < self.pictures.len() {
            let gone = self.pictures.remove(place);
            let shown = self.variants.iter_mut().filter(|variant| variant.picture == gone.src);
            shown.for_each(|variant| variant.picture.clear());
        }
    }

    /// Fills the ticked variants, or all when none is ticked.
    fn fill(&mut self, fill: &Fill) {
        let any = self.variants.iter().any(|variant| variant.picked);
        for variant in self.variants.iter_mut().filter(|variant| variant.picked || !any) {
            let VariantForm { price, compare_at, on_hand, .. } = variant;
            for (field, text) in [(price, &fill.price), (compare_at, &fill.compare_at), (on_hand, &fill.on_hand)] {
                if !text.trim().is_empty() {
                    text.trim().clone_into(field);
                }
            }
        }
    }
}

fn remove<T>(rows: &mut Vec<T>, place: usize) {
    if place < rows.len() {
        rows.remove(place);
    }
}

fn raise<T>(rows: &mut [T], place: usize) {
    if (1..rows.len()).contains(&place) {
        rows.swap(place - 1, place);
    }
}

#[cfg(test)]
mod tests {
    use super::super::PictureForm;
    use super::*;

    #[test]
    fn buttons_change_the_form_and_wrong_ones_nothing() {
        let mut form = ProductForm::blank();
        let picture = |src: &str| PictureForm { src: src.into(), ..PictureForm::default() };
        form.pictures = vec![picture("a"), picture("b"), picture("c")];
        form.variants[0].picture = "b".into();
        form.act("picture-up:2", &Fill::default());
        form.act("picture-down:0", &Fill::default());
        let order = |form: &ProductForm| form.pictures.iter().map(|one| one.src.clone()).collect::<String>();
        assert_eq!(order(&form), "cab");
        let before = form.clone();
        for wrong in
            ["picture-up:0", "picture-remove:9", "picture-remove", "value-remove:1:1", "option-remove:3", "what"]
        {
            form.act(wrong, &Fill::default());
        }
        assert_eq!(form, before);
        form.act("picture-remove:2", &Fill::default());
        assert_eq!((order(&form), form.variants[0].picture.as_str()), ("ca".into(), ""));
    }

    #[test]
    fn what_is_ticked_is_filled_and_all_when_nothing_is() {
        let mut form = ProductForm::blank();
        form.variants = vec![VariantForm::blank(), VariantForm { picked: true, ..VariantForm::blank() }];
        form.act("fill", &Fill { price: "72.00".into(), ..Fill::default() });
        form.variants[1].picked = false;
        form.act("fill", &Fill { on_hand: " 5 ".into(), ..Fill::default() });
        let rows: Vec<(&str, &str)> =
            form.variants.iter().map(|row| (row.price.as_str(), row.on_hand.as_str())).collect();
        assert_eq!(rows, [("", "5"), ("72.00", "5")]);
    }
}
