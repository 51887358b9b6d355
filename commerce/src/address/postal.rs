//! Postal codes: whether one fits the shape of its country, and how it is written there.

use super::Country;

impl Country {
    /// The code as the country writes it, such as `1012 AB` for `1012ab`; `None` if it has no such codes. A country
    /// whose shape is not known takes any. A leading country code, as in `D-80331`, may stand there and falls away.
    pub fn postal_code(&self, text: &str) -> Option<String> {
        let code = text.trim().to_uppercase();
        if self.postal_shape.is_empty() {
            return Some(code);
        }
        let bare: Vec<char> = code.chars().filter(|letter| !is_separator(*letter)).collect();
        let prefix = self.code.chars().chain(['-']).collect::<String>();
        let unprefixed: Option<Vec<char>> =
            code.strip_prefix(&prefix).map(|rest| rest.chars().filter(|letter| !is_separator(*letter)).collect());
        let mut shapes = self.postal_shape.split('|');
        shapes.find_map(|shape| fit(&bare, shape).or_else(|| fit(unprefixed.as_ref()?, shape)))
    }

    /// An example of a code, for a message: the first shape with digits and letters put in.
    pub fn postal_example(&self) -> String {
        let shape = self.postal_shape.split('|').next().unwrap_or_default();
        let (mut digits, mut letters) = (('1'..='9').cycle(), ('A'..='Z').cycle());
        let fill = |symbol: char| match symbol {
            '#' | '*' => digits.next().unwrap_or('1'),
            '@' => letters.next().unwrap_or('A'),
            literal => literal,
        };
        shape.chars().map(fill).collect()
    }
}

/// Puts bare letters and digits into a shape; `None` if one does not fit or is too many or too few.
fn fit(bare: &[char], shape: &str) -> Option<String> {
    let mut left = bare.iter().copied();
    let mut written = String::new();
    for symbol in shape.chars() {
        if is_separator(symbol) {
            written.push(symbol);
            continue;
        }
        let letter = left.next()?;
        let fits = match symbol {
            '#' => letter.is_ascii_digit(),
            '@' => letter.is_ascii_uppercase(),
            '*' => letter.is_ascii_digit() || letter.is_ascii_uppercase(),
            literal => letter == literal,
        };
        if !fits {
            return None;
        }
        written.push(letter);
    }
    left.next().is_none().then_some(written)
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '\u{a0}')
}
