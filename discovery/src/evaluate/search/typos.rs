//! Typos as people make them: from a list where a word is in it, otherwise one letter wrong.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

use super::EvaluateError;

/// Misspellings by the right word; none at first.
#[derive(Clone, Debug, Default)]
pub struct Typos(HashMap<String, Vec<String>>);

impl Typos {
    /// Reads lines `typo->fix` or `typo->fix, other fix,`; the file may be compressed with gzip.
    pub fn read(path: &Path) -> Result<Typos, EvaluateError> {
        let failed = |source| EvaluateError::Open { file: path.display().to_string(), source };
        let mut bytes = std::fs::read(path).map_err(failed)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).map_err(failed)?;
            bytes = plain;
        }
        let mut typos: HashMap<String, Vec<String>> = HashMap::new();
        for (typo, fixes) in String::from_utf8_lossy(&bytes).lines().filter_map(|line| line.split_once("->")) {
            for fix in fixes.split(',').map(str::trim).filter(|fix| !fix.is_empty()) {
                typos.entry(fix.to_lowercase()).or_default().push(typo.to_lowercase());
            }
        }
        Ok(Typos(typos))
    }

    /// The text with a typo in one of its words of at least four letters, always the same one; as it is when there is
    /// no such word.
    pub fn misspell(&self, text: &str) -> String {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let long = |word: &&mut String| word.chars().count() >= 4 && word.chars().all(char::is_alphabetic);
        let mut candidates: Vec<&mut String> = words.iter_mut().filter(long).collect();
        let mut chance = Chance::of(text);
        let count = candidates.len();
        if let Some(word) = candidates.get_mut(chance.below(count)) {
            **word = match self.0.get(word.as_str()) {
                Some(typos) => typos[chance.below(typos.len())].clone(),
                None => one_letter(word, &mut chance),
            };
        }
        words.join(" ")
    }
}

/// One letter deleted, inserted, swapped with the next or replaced; never the first.
fn one_letter(word: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + chance.below(letters.len() - 1);
    let letter = char::from(b'a' + u8::try_from(chance.below(26)).unwrap_or(0));
    match chance.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letter),
        2 => letters.swap(at.max(2) - 1, at.max(2)),
        _ => letters[at] = letter,
    }
    letters.into_iter().collect()
}

/// Numbers that follow from a text: SplitMix64 over its FNV-1a hash.
struct Chance(u64);

impl Chance {
    fn of(text: &str) -> Chance {
        Chance(hash(text))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % (limit.max(1) as u64)).unwrap_or(0)
    }
}

/// The FNV-1a hash of a text, the same everywhere and always.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_small_and_always_the_same() {
        let typos = Typos(HashMap::from([("receive".to_owned(), vec!["recieve".to_owned()])]));
        assert_eq!(typos.misspell("to receive"), "to recieve");
        assert_eq!(typos.misspell("usb 3"), "usb 3");
        for word in ["lantern", "headphones", "bike", "über", "ßßßß"] {
            let misspelt = typos.misspell(word);
            assert_eq!(misspelt, typos.misspell(word));
            assert!(misspelt.chars().count().abs_diff(word.chars().count()) <= 1, "{word} {misspelt}");
        }
    }
}
