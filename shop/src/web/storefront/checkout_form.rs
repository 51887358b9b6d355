//! The form of the checkout: what was typed, whether it will do, and the fields that show it again.

use chrono::{DateTime, Utc};
use commerce::address::{Address, countries, country, form_fields};
use commerce::checkout::Checkout;
use commerce::customer::check_email;
use commerce::error::FieldError;
use commerce::payment::{CardInput, ProviderKind, sandbox_card};
use commerce::shipping::ShippingTable;

use super::form::Form;
use super::views::{ChoiceView, FieldView};

/// What stands before the names of the fields of the billing address.
pub const BILLING: &str = "billing_";

/// What was typed. It lives as long as the request; nothing of it is kept but by a checkout.
#[derive(Clone, Debug)]
pub struct CheckoutForm {
    /// Where to write to.
    pub email: String,
    /// Where it goes.
    pub shipping: Address,
    /// Whether the bill has the same address.
    pub billing_same: bool,
    /// Who is billed, if not.
    pub billing: Address,
    /// The way of delivery; none is the cheapest.
    pub shipping_method: Option<String>,
    /// The way to pay; none when the form named one that there is not.
    pub payment_method: Option<ProviderKind>,
    /// The card, for the sandbox.
    pub card: CardInput,
    /// Whether the terms were accepted.
    pub accept_terms: bool,
    /// The version of the cart that was seen.
    pub cart_version: i64,
    /// The total that was seen, in minor units.
    pub seen_total: Option<i64>,
}

impl CheckoutForm {
    /// A form that nobody has typed into.
    pub fn fresh(country: &str, payment_method: Option<ProviderKind>) -> Self {
        CheckoutForm {
            email: String::new(),
            shipping: no_address(country),
            billing_same: true,
            billing: no_address(country),
            shipping_method: None,
            payment_method,
            card: CardInput { number: String::new(), exp: String::new(), cvc: String::new() },
            accept_terms: false,
            cart_version: 0,
            seen_total: None,
        }
    }

    /// A form as it was when the checkout was opened, for who comes back from the bank.
    pub fn of(checkout: &Checkout) -> Self {
        let Checkout { shipping_address, billing_address, .. } = checkout;
        CheckoutForm {
            email: checkout.email.clone(),
            shipping: shipping_address.clone(),
            billing_same: billing_address == shipping_address,
            billing: billing_address.clone(),
            shipping_method: checkout.quote.shipping.as_ref().map(|shipping| shipping.method_id.clone()),
            ..Self::fresh(&shipping_address.country, Some(checkout.payment_method))
        }
    }

    /// What was sent. Where no country was, the shop's own stands in.
    pub fn read(form: &Form, home: &str) -> Self {
        let shipping = address(form, "", home);
        let text = |name: &str| form.text(name).to_owned();
        CheckoutForm {
            email: text("email"),
            billing_same: form.is_ticked("billing_same"),
            billing: address(form, BILLING, &shipping.country),
            shipping,
            shipping_method: Some(text("shipping_method")).filter(|id| !id.is_empty()),
            payment_method: form.text("payment_method").parse().ok(),
            card: CardInput { number: text("card_number"), exp: text("card_exp"), cvc: text("card_cvc") },
            accept_terms: form.is_ticked("accept_terms"),
            // A cart is never in version 0: what can't be read is not what was seen.
            cart_version: form.number("cart_version").unwrap_or(0),
            seen_total: form.number("seen_total"),
        }
    }

    /// Whether a card has to be given for a total.
    pub fn needs_card(&self, is_free: bool) -> bool {
        !is_free && self.payment_method == Some(ProviderKind::Sandbox)
    }

    /// Everything that is wrong, by the names and in the order of the fields on the page; one reason a field.
    pub fn check(&self, is_free: bool, terms_text: &str, now: DateTime<Utc>) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> = check_email(&self.email).err().into_iter().collect();
        errors.extend(self.shipping.check());
        if !self.billing_same {
            errors.extend(
                self.billing.check().into_iter().map(|error| renamed(error, |name| format!("{BILLING}{name}"))),
            );
        }
        if !is_free && self.payment_method.is_none() {
            errors.push(FieldError::new("payment_method", "Choose how to pay."));
        }
        if self.needs_card(is_free) {
            let card = sandbox_card(&self.card.number, &self.card.exp, &self.card.cvc, now);
            let wrong = card.err().unwrap_or_default().into_iter();
            errors.extend(wrong.map(|error| renamed(error, |name| name.replace("card.", "card_"))));
        }
        if !self.accept_terms {
            errors.push(FieldError::new("accept_terms", terms_text));
        }
        let order = self.order();
        errors.sort_by_key(|error| order.iter().position(|name| *name == error.field));
        errors.dedup_by(|second, first| second.field == first.field);
        errors
    }

    /// The names of all fields, in the order of the page.
    fn order(&self) -> Vec<String> {
        let of = |address: &Address, prefix: &str| {
            let fields = form_fields(&address.country).into_iter().filter(|field| field.name != "country");
            let names = ["country"].into_iter().chain(fields.map(|field| field.name));
            names.map(|name| format!("{prefix}{name}")).collect::<Vec<_>>()
        };
        let mut order = vec!["email".to_owned()];
        order.extend(of(&self.shipping, ""));
        order.extend(of(&self.billing, BILLING));
        order.extend(["payment_method", "card_number", "card_exp", "card_cvc", "accept_terms"].map(str::to_owned));
        order
    }
}

fn renamed(error: FieldError, name: impl Fn(&str) -> String) -> FieldError {
    FieldError { field: name(&error.field), message: error.message }
}

fn no_address(country: &str) -> Address {
    Address {
        name: String::new(),
        line1: String::new(),
        line2: None,
        city: String::new(),
        region: None,
        postal_code: None,
        country: country.to_owned(),
        phone: None,
    }
}

/// The address that was sent: the fields that its country has, and nothing left over from another one.
fn address(form: &Form, prefix: &str, home: &str) -> Address {
    let sent = |name: &str| form.text(&format!("{prefix}{name}")).to_owned();
    let country = Some(sent("country")).filter(|code| !code.is_empty()).unwrap_or_else(|| home.to_owned());
    let fields = form_fields(&country);
    let own =
        |name: &str| fields.iter().any(|field| field.name == name).then(|| sent(name)).filter(|text| !text.is_empty());
    Address {
        name: sent("name"),
        line1: sent("line1"),
        line2: own("line2"),
        city: own("city").unwrap_or_default(),
        region: own("region"),
        postal_code: own("postal_code"),
        phone: own("phone"),
        country,
    }
}

/// The fields of an address but its country, in the order of the country.
pub fn address_fields(address: &Address, prefix: &str, errors: &[FieldError]) -> Vec<FieldView> {
    let fields = form_fields(&address.country).into_iter().filter(|field| field.name != "country");
    let view = |field: commerce::address::AddressField| FieldView {
        label: field.label.to_owned(),
        required: field.required,
        autocomplete: autofill(prefix, field.autocomplete),
        inputmode: if field.name == "phone" { "tel".to_owned() } else { String::new() },
        options: if field.name == "region" { regions(&address.country) } else { vec![] },
        ..field_view(&format!("{prefix}{}", field.name), value_of(address, field.name), errors)
    };
    fields.map(view).collect()
}

/// The country of an address, to be chosen.
pub fn country_field(address: &Address, prefix: &str, options: Vec<ChoiceView>, errors: &[FieldError]) -> FieldView {
    FieldView {
        autocomplete: autofill(prefix, "country"),
        options,
        ..field_view(&format!("{prefix}country"), &address.country, errors)
    }
}

/// A required field with what was typed and what is wrong with it.
pub fn field_view(name: &str, value: &str, errors: &[FieldError]) -> FieldView {
    let error = errors.iter().find(|error| error.field == name);
    FieldView {
        name: name.to_owned(),
        required: true,
        value: value.to_owned(),
        error: error.map(|error| error.message.clone()),
        ..FieldView::default()
    }
}

/// A required field that browsers can fill in.
pub fn filled_field(name: &str, value: &str, autocomplete: &str, inputmode: &str, errors: &[FieldError]) -> FieldView {
    FieldView {
        autocomplete: autocomplete.to_owned(),
        inputmode: inputmode.to_owned(),
        ..field_view(name, value, errors)
    }
}

fn autofill(prefix: &str, token: &str) -> String {
    if prefix == BILLING { format!("billing {token}") } else { token.to_owned() }
}

fn value_of<'a>(address: &'a Address, name: &str) -> &'a str {
    let optional = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
    match name {
        "name" => &address.name,
        "line1" => &address.line1,
        "line2" => optional(&address.line2),
        "city" => &address.city,
        "region" => optional(&address.region),
        "postal_code" => optional(&address.postal_code),
        "phone" => optional(&address.phone),
        _ => "",
    }
}

/// The regions to choose from, after an empty choice; none where the region is typed.
fn regions(code: &str) -> Vec<ChoiceView> {
    let regions = country(code).map(|country| country.regions()).unwrap_or_default();
    if regions.is_empty() {
        return vec![];
    }
    let none = choice("", "");
    [none].into_iter().chain(regions.iter().map(|region| choice(region.code, region.name))).collect()
}

/// The countries that something is sent to.
pub fn delivery_countries(table: &ShippingTable) -> Vec<ChoiceView> {
    let everywhere = table.methods.iter().any(|method| method.countries.is_empty());
    let is_served = |code: &str| everywhere || table.methods.iter().any(|m| m.countries.iter().any(|own| own == code));
    all_countries().into_iter().filter(|country| is_served(&country.value)).collect()
}

/// Every country.
pub fn all_countries() -> Vec<ChoiceView> {
    countries().iter().map(|country| choice(country.code, country.name)).collect()
}

fn choice(value: &str, label: &str) -> ChoiceView {
    ChoiceView { value: value.to_owned(), label: label.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(fields: &[(&str, &str)], is_free: bool) -> Vec<String> {
        let form = CheckoutForm::read(&Form::of(fields), "NL");
        let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
        form.check(is_free, "Accept the terms.", now).into_iter().map(|error| error.field).collect()
    }

    const GOOD: &[(&str, &str)] = &[
        ("email", "ines@example.test"),
        ("country", "NL"),
        ("name", "Ines Okafor"),
        ("line1", "Prinsengracht 12"),
        ("postal_code", "1015dv"),
        ("city", "Amsterdam"),
        ("billing_same", "true"),
        ("payment_method", "sandbox"),
        ("card_number", "4242 4242 4242 4242"),
        ("card_exp", "12/40"),
        ("card_cvc", "123"),
        ("accept_terms", "true"),
    ];

    #[test]
    fn what_is_wrong_is_told_in_the_order_of_the_page() {
        assert_eq!(wrong(GOOD, false), [""; 0]);
        let all = [
            "email",
            "name",
            "line1",
            "postal_code",
            "city",
            "billing_name",
            "billing_line1",
            "billing_postal_code",
            "billing_city",
            "payment_method",
            "accept_terms",
        ];
        assert_eq!(wrong(&[], false), all);
        let card = [("payment_method", "sandbox"), ("card_exp", "13/40"), ("accept_terms", "true")];
        assert_eq!(wrong(&card, false)[9..], ["card_number", "card_exp", "card_cvc"]);
    }

    #[test]
    fn a_free_order_needs_no_way_to_pay() {
        let mut fields = GOOD.to_vec();
        fields.retain(|(name, _)| !name.starts_with("card_") && *name != "payment_method");
        assert_eq!(wrong(&fields, true), [""; 0]);
    }

    #[test]
    fn a_country_keeps_only_its_own_fields() {
        let mut fields = GOOD.to_vec();
        fields.push(("region", "CA"));
        let dutch = CheckoutForm::read(&Form::of(&fields), "NL").shipping;
        assert_eq!((dutch.region, dutch.postal_code.as_deref()), (None, Some("1015dv")));
        fields.retain(|(name, _)| *name != "country");
        fields.push(("country", "US"));
        let american = CheckoutForm::read(&Form::of(&fields), "NL").shipping;
        assert_eq!(american.region.as_deref(), Some("CA"));
        let region = address_fields(&american, "", &[]).into_iter().find(|field| field.name == "region");
        assert!(region.is_some_and(|field| field.value == "CA" && field.options[0].value.is_empty()));
    }
}
