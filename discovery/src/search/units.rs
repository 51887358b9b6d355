//! Units as people write them.

/// The one spelling of a unit of measure that is written after a number, if the folded word is one.
pub fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "ft" | "foot" | "feet" | "fuss" | "pied" | "pieds" | "pies" | "piedi" => "ft",
        "in" | "inch" | "inches" | "zoll" | "pouce" | "pouces" | "pulgada" | "pulgadas" | "pollice" | "pollici" => "in",
        "yd" | "yds" | "yard" | "yards" => "yd",
        "mm" | "millimeter" | "millimeters" | "millimetre" | "millimetres" => "mm",
        "cm" | "centimeter" | "centimeters" | "centimetre" | "centimetres" | "zentimeter" | "centimetros" => "cm",
        "m" | "meter" | "meters" | "metre" | "metres" | "metros" | "metri" => "m",
        "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => "km",
        "ml" | "milliliter" | "milliliters" | "millilitre" | "millilitres" => "ml",
        "cl" | "centiliter" | "centilitre" => "cl",
        "l" | "lt" | "ltr" | "liter" | "liters" | "litre" | "litres" | "litro" | "litros" | "litri" => "l",
        "oz" | "ounce" | "ounces" => "oz",
        "qt" | "qts" | "quart" | "quarts" => "qt",
        "pt" | "pint" | "pints" => "pt",
        "gal" | "gallon" | "gallons" => "gal",
        "lb" | "lbs" | "pound" | "pounds" => "lb",
        "mg" | "milligram" | "milligrams" => "mg",
        "g" | "gr" | "gram" | "grams" | "gramm" | "gramme" | "grammes" | "gramos" | "grammi" => "g",
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramm" | "kilogrammes" => "kg",
        "mb" | "megabyte" | "megabytes" => "mb",
        "gb" | "gig" | "gigs" | "gigabyte" | "gigabytes" => "gb",
        "tb" | "terabyte" | "terabytes" => "tb",
        "w" | "watt" | "watts" => "w",
        "kw" | "kilowatt" | "kilowatts" => "kw",
        "v" | "volt" | "volts" => "v",
        "mah" => "mah",
        "ah" => "ah",
        "hz" | "hertz" => "hz",
        "mhz" | "megahertz" => "mhz",
        "ghz" | "gigahertz" => "ghz",
        "mp" | "megapixel" | "megapixels" => "mp",
        "pc" | "pcs" | "piece" | "pieces" | "ct" | "count" | "stuck" | "pezzi" | "piezas" => "pc",
        "pk" | "pack" | "packs" => "pk",
        _ => return None,
    })
}

/// A decimal number in its one spelling: no zeros behind, none missing before the point.
pub fn number(whole: &str, fraction: &str) -> String {
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// The value of `whole` and `top`/`bottom`, for the fractions of rulers and recipes; none for anything else.
pub fn fraction(whole: u32, top: &str, bottom: &str) -> Option<String> {
    let (top, bottom): (u32, u32) = (top.parse().ok()?, bottom.parse().ok()?);
    if top == 0 || top >= bottom || !matches!(bottom, 2 | 3 | 4 | 5 | 8 | 16 | 32) {
        return None;
    }
    let thousandths = top * 100_000 / bottom;
    Some(number(&whole.to_string(), &format!("{thousandths:05}")))
}
