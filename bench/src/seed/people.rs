//! Who buys: people that are made up, with an address each.

use commerce::address::Address;
use commerce::catalog::fold;

use super::draw::Draw;
use super::words;

/// A buyer.
#[derive(Clone)]
pub struct Person {
    /// Where to write to. The top level domain can never be anybody's.
    pub email: String,
    /// Where it goes.
    pub address: Address,
}

/// So many people of different addresses.
pub fn people(draw: &mut Draw, count: usize) -> Vec<Person> {
    (0..count).map(|place| person(draw, place)).collect()
}

fn person(draw: &mut Draw, place: usize) -> Person {
    let (first, last) = (*draw.one(words::FIRST_NAMES), *draw.one(words::LAST_NAMES));
    let (country, city, shape) = *draw.one(words::TOWNS);
    let folded = |name: &str| fold(name).replace(' ', "");
    Person {
        email: format!("{}.{}.{place}@mail.example", folded(first), folded(last)),
        address: Address {
            name: format!("{first} {last}"),
            line1: format!("{} {}", draw.one(words::STREETS), draw.between(1, 240)),
            line2: draw.happens(80).then(|| format!("Bus {}", draw.between(1, 40))),
            city: city.into(),
            region: None,
            postal_code: Some(postal_code(draw, shape)),
            country: country.into(),
            phone: None,
        },
    }
}

fn postal_code(draw: &mut Draw, shape: &str) -> String {
    let letter = |symbol| match symbol {
        '#' => char::from(b'0' + draw.between(0, 9) as u8),
        '@' => char::from(b'A' + draw.between(0, 25) as u8),
        literal => literal,
    };
    shape.chars().map(letter).collect()
}
