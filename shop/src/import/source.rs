//! What kind of file it is: packed or not, which format, which letters.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::str::FromStr;

use commerce::money::Currency;
use flate2::bufread::MultiGzDecoder;

use super::{Item, Row, icecat, lines, shopify};
use crate::error::{Error, Result};

/// The formats there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A product CSV, as Shopify exports it.
    Shopify,
    /// Our own: one JSON object a line.
    Lines,
    /// Icecat's open catalog, one JSON object a line. It can't be told from [`Format::Lines`] by its name.
    Icecat,
}

impl Format {
    /// The format a file's name speaks of.
    pub fn of_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "csv" | "tsv" => Some(Format::Shopify),
            "jsonl" | "ndjson" => Some(Format::Lines),
            _ => None,
        }
    }

    /// JSON begins with a bracket; a CSV begins with the name of a column.
    pub(super) fn of_content(start: &[u8]) -> Self {
        let start = start.strip_prefix(BOM).unwrap_or(start).trim_ascii_start();
        if start.first() == Some(&b'{') { Format::Lines } else { Format::Shopify }
    }
}

impl Format {
    /// The name it is asked for by.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Shopify => "shopify",
            Format::Lines => "lines",
            Format::Icecat => "icecat",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "shopify" => Ok(Format::Shopify),
            "lines" => Ok(Format::Lines),
            "icecat" => Ok(Format::Icecat),
            _ => Err(format!("{name:?} is not a format; there are shopify, lines and icecat")),
        }
    }
}

/// The most that may be packed in a file.
const MOST_UNPACKED: u64 = 1 << 30;

/// Reads all of a source. What ends too early is named; what came before it stands.
pub(super) fn read(
    source: impl Read,
    format: Option<Format>,
    currency: Currency,
    take: &mut dyn FnMut(Item),
) -> Result<()> {
    let unreadable = |error: io::Error| Error::Malformed(format!("the file can't be read: {error}"));
    read_text(unpacked(source).map_err(unreadable)?, format, currency, take)
}

/// The source as it is, or what is packed in it.
pub(super) fn unpacked<'s>(source: impl Read + 's) -> io::Result<Box<dyn BufRead + 's>> {
    let mut source = BufReader::new(source);
    Ok(match source.fill_buf()?.starts_with(b"\x1f\x8b") {
        true => Box::new(BufReader::new(Bounded { inner: MultiGzDecoder::new(source), left: MOST_UNPACKED })),
        false => Box::new(source),
    })
}

/// What comes out of a packed file, up to a bound: a small file can hold any amount of nothing.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(to)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::other(format!("it is larger than {} MiB when it is unpacked", MOST_UNPACKED >> 20))
        })?;
        Ok(read)
    }
}

fn read_text(
    mut source: impl BufRead,
    format: Option<Format>,
    currency: Currency,
    take: &mut dyn FnMut(Item),
) -> Result<()> {
    let unreadable = |error: io::Error| Error::Malformed(format!("the file can't be read: {error}"));
    let start = source.fill_buf().map_err(unreadable)?;
    let format = format.unwrap_or_else(|| Format::of_content(start));
    let begins_with_mark = start.starts_with(BOM);
    if begins_with_mark {
        source.consume(BOM.len());
    }
    match format {
        Format::Lines => json_lines(source, take, &mut lines::entry),
        Format::Icecat => {
            let mut reader = icecat::Reader::new(currency);
            json_lines(source, take, &mut |number, line, take| reader.entry(number, line, take))?;
            reader.finish(take);
            Ok(())
        }
        Format::Shopify => {
            let mut bytes = Vec::new();
            source.read_to_end(&mut bytes).map_err(unreadable)?;
            let (text, mended) = decode(&bytes);
            if mended > 0 {
                let what =
                    format!("{mended} bytes are not UTF-8 and were read as Windows-1252; look at accents and signs");
                take(Item::Row(Row::of_file(what)));
            }
            let printable = without_control_characters(&text);
            if printable.len() < text.len() {
                take(Item::Row(Row::of_file(
                    "control characters were taken out; spreadsheets and word processors leave them",
                )));
            }
            shopify::read(&printable, currency, take)
        }
    }
}

type ReadLine<'a> = dyn FnMut(u64, &str, &mut dyn FnMut(Item)) + 'a;

/// Hands over each line that is not empty, with its number.
fn json_lines(mut source: impl BufRead, take: &mut dyn FnMut(Item), read_line: &mut ReadLine<'_>) -> Result<()> {
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        match source.read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                take(Item::Row(Row::skipped(number, "", format!("the file ends here: {error}"))));
                break;
            }
        }
        match std::str::from_utf8(&bytes) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => read_line(number, line, take),
            Err(_) => take(Item::Row(Row::skipped(number, "", "the line is not UTF-8"))),
        }
    }
    Ok(())
}

/// What some programs put before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The letters of the bytes 0x80 to 0x9F in Windows-1252; its five gaps read as U+FFFD. From 0xA0 on it is Unicode's.
const WINDOWS_1252: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";

/// The text, and how many bytes had to be read as Windows-1252 because they are no UTF-8.
pub(super) fn decode(bytes: &[u8]) -> (String, usize) {
    let mut text = String::with_capacity(bytes.len());
    let mut mended = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| windows_1252(*byte)));
        mended += chunk.invalid().len();
    }
    (text, mended)
}

/// The text without what can't be shown or stored; line breaks and tabs stay.
pub(super) fn without_control_characters(text: &str) -> Cow<'_, str> {
    let unwanted = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if text.contains(unwanted) { Cow::Owned(text.replace(unwanted, "")) } else { Cow::Borrowed(text) }
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER),
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_old_spreadsheets_are_read_and_counted() {
        assert_eq!(decode("Café €5".as_bytes()), ("Café €5".to_owned(), 0));
        assert_eq!(decode(b"Caf\xe9 \x805, \x93so\x94"), ("Café €5, “so”".to_owned(), 4));
    }

    #[test]
    fn the_format_is_told_from_the_name_and_then_from_the_content() {
        for (name, format) in [
            ("products_export.CSV", Some(Format::Shopify)),
            ("catalog.jsonl.gz", Some(Format::Lines)),
            ("catalog", None),
        ] {
            assert_eq!(Format::of_name(Path::new(name)), format, "{name}");
        }
        assert_eq!(Format::of_content(b"\xef\xbb\xbf  {\"kind\":"), Format::Lines);
        assert_eq!(Format::of_content(b"Handle,Title"), Format::Shopify);
    }
}
