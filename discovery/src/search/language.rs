//! What depends on the language of a market: stems, and how decimals are written.

use frostem::{Algorithm, Stemmer};

/// The language in which products are described and searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Language(Option<Algorithm>);

impl Language {
    /// English.
    pub const ENGLISH: Language = Language(Some(Algorithm::English));

    /// The language of a tag such as `de` or `pt-BR`; of one without a stemmer, words are compared as they're written.
    pub fn of(tag: &str) -> Language {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Language(match primary.as_str() {
            "ar" => Some(Algorithm::Arabic),
            "da" => Some(Algorithm::Danish),
            "nl" => Some(Algorithm::Dutch),
            "en" => Some(Algorithm::English),
            "fi" => Some(Algorithm::Finnish),
            "fr" => Some(Algorithm::French),
            "de" => Some(Algorithm::German),
            "el" => Some(Algorithm::Greek),
            "hu" => Some(Algorithm::Hungarian),
            "it" => Some(Algorithm::Italian),
            "nb" | "nn" | "no" => Some(Algorithm::Norwegian),
            "pt" => Some(Algorithm::Portuguese),
            "ro" => Some(Algorithm::Romanian),
            "ru" => Some(Algorithm::Russian),
            "es" => Some(Algorithm::Spanish),
            "sv" => Some(Algorithm::Swedish),
            "ta" => Some(Algorithm::Tamil),
            "tr" => Some(Algorithm::Turkish),
            _ => None,
        })
    }

    /// A stable name, for folders.
    pub fn name(self) -> &'static str {
        self.0.map_or("plain", Algorithm::name)
    }

    /// The stem of a folded word: the same for its singular and plural. Words with digits are left alone.
    pub fn stem(self, word: &str) -> String {
        let Some(algorithm) = self.0 else { return word.to_owned() };
        if word.bytes().any(|b| b.is_ascii_digit()) {
            return word.to_owned();
        }
        let word = if algorithm == Algorithm::English { regular(word) } else { word };
        Stemmer::new(algorithm).stem(word).into_owned()
    }

    /// The stemmer of the plain engine that ours is compared with.
    pub(crate) fn engine(self) -> Option<tantivy::tokenizer::Language> {
        use tantivy::tokenizer::Language as Engine;
        Some(match self.0? {
            Algorithm::Arabic => Engine::Arabic,
            Algorithm::Danish => Engine::Danish,
            Algorithm::Dutch => Engine::Dutch,
            Algorithm::English => Engine::English,
            Algorithm::Finnish => Engine::Finnish,
            Algorithm::French => Engine::French,
            Algorithm::German => Engine::German,
            Algorithm::Greek => Engine::Greek,
            Algorithm::Hungarian => Engine::Hungarian,
            Algorithm::Italian => Engine::Italian,
            Algorithm::Norwegian => Engine::Norwegian,
            Algorithm::Portuguese => Engine::Portuguese,
            Algorithm::Romanian => Engine::Romanian,
            Algorithm::Russian => Engine::Russian,
            Algorithm::Spanish => Engine::Spanish,
            Algorithm::Swedish => Engine::Swedish,
            Algorithm::Tamil => Engine::Tamil,
            Algorithm::Turkish => Engine::Turkish,
            _ => return None,
        })
    }

    /// A name up to the word after which stands what the product is for or comes with, and what is after it: a case
    /// for a phone is a case.
    pub(super) fn head_and_rest(self, name: &str) -> (&str, &str) {
        let turns: &[&str] = match self.0 {
            Some(Algorithm::English) => &["for", "with", "w/", "compatible", "fits"],
            Some(Algorithm::German) => &["für", "mit"],
            Some(Algorithm::French) => &["pour", "avec"],
            Some(Algorithm::Spanish) => &["para", "con"],
            Some(Algorithm::Italian) => &["per", "con"],
            Some(Algorithm::Portuguese) => &["para", "com"],
            Some(Algorithm::Dutch) => &["voor", "met"],
            Some(Algorithm::Swedish) => &["för", "med", "till"],
            Some(Algorithm::Danish | Algorithm::Norwegian) => &["til", "med"],
            _ => &[],
        };
        let turn = |at: &usize| {
            let word = name[*at..].split_whitespace().next().unwrap_or_default();
            turns.iter().any(|turn| word.eq_ignore_ascii_case(turn))
        };
        let mut starts = name.match_indices(' ').map(|(at, _)| at + 1);
        starts.find(turn).map_or((name, ""), |at| name.split_at(at))
    }

    /// Whether `1,5` is one and a half, and `1.500` fifteen hundred.
    pub fn decimal_comma(self) -> bool {
        !matches!(self.0, Some(Algorithm::English) | None)
    }

    /// Whether a short word before an apostrophe is a word of its own, as in `l'eau`.
    pub fn elides(self) -> bool {
        matches!(self.0, Some(Algorithm::French | Algorithm::Italian))
    }
}

/// English words whose plural or British spelling a stemmer doesn't bring together; a closed class.
fn regular(word: &str) -> &str {
    match word {
        "men" | "mens" => "man",
        "women" | "womens" => "woman",
        "children" | "childrens" => "child",
        "feet" => "foot",
        "teeth" => "tooth",
        "mice" => "mouse",
        "geese" => "goose",
        "knives" => "knife",
        "shelves" => "shelf",
        "scarves" => "scarf",
        "leaves" => "leaf",
        "wolves" => "wolf",
        "loaves" => "loaf",
        "halves" => "half",
        "colour" | "colours" | "coloured" => "color",
        "grey" => "gray",
        "jewellery" => "jewelry",
        "aluminium" => "aluminum",
        "tyre" | "tyres" => "tire",
        "pyjama" | "pyjamas" => "pajama",
        "moustache" => "mustache",
        "fibre" => "fiber",
        "litre" | "litres" => "liter",
        "centre" | "centres" => "center",
        "metre" | "metres" => "meter",
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn one_and_many_have_one_stem() {
        for (tag, one, many) in [
            ("en", "box", "boxes"),
            ("en-GB", "woman", "womens"),
            ("en", "knife", "knives"),
            ("en", "color", "colours"),
            ("de-AT", "schuh", "schuhe"),
            ("de", "haus", "hauser"),
            ("fr", "chaussure", "chaussures"),
            ("es", "zapato", "zapatos"),
            ("nl", "schoen", "schoenen"),
            ("it", "scarpa", "scarpe"),
        ] {
            let language = Language::of(tag);
            assert_eq!(language.stem(one), language.stem(many), "{tag}");
        }
        assert_eq!(Language::of("xx").stem("boxes"), "boxes");
        assert_eq!(Language::ENGLISH.stem("wh1000s"), "wh1000s");
    }

    #[test]
    fn what_a_product_is_for_is_not_what_it_is() {
        let (english, german) = (Language::ENGLISH, Language::of("de"));
        assert_eq!(english.head_and_rest("Case for iPhone 5"), ("Case ", "for iPhone 5"));
        assert_eq!(german.head_and_rest("Hülle für Telefon"), ("Hülle ", "für Telefon"));
        assert_eq!(english.head_and_rest("Forest lamp"), ("Forest lamp", ""));
        assert_eq!(english.head_and_rest("For children"), ("For children", ""));
    }
}
