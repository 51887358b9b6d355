//! The ways a body can be packed, which of them a browser takes, and the mark that each has.

use std::io::{self, Write};

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Bodies smaller than this go out as they are: packing would save no packet.
pub const WORTH_PACKING: usize = 1_024;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
    /// RFC 1952.
    Gzip,
}

impl Encoding {
    /// Every one, the smallest result first and none last.
    pub const ALL: [Self; 4] = [Self::Brotli, Self::Zstd, Self::Gzip, Self::Identity];

    /// Its name in headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// What its mark ends with: bodies that differ must have different strong marks.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Brotli => "-br",
            Self::Zstd => "-zs",
            Self::Gzip => "-gz",
        }
    }

    /// Packs a body. It takes milliseconds.
    pub fn pack(self, body: &[u8]) -> io::Result<Bytes> {
        let packed = match self {
            Self::Identity => body.to_vec(),
            Self::Brotli => {
                let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
                packer.write_all(body)?;
                packer.into_inner()
            }
            Self::Zstd => zstd::bulk::compress(body, 9)?,
            Self::Gzip => {
                let mut packer = GzEncoder::new(Vec::new(), Compression::new(6));
                packer.write_all(body)?;
                packer.finish()?
            }
        };
        Ok(packed.into())
    }

    /// The encodings that a browser takes, the one it likes best first; what it likes equally stands as in [`Self::ALL`].
    /// It always takes what is not packed.
    pub fn taken(request: &HeaderMap) -> impl Iterator<Item = Self> {
        let mut liked = Self::ALL.map(|encoding| (encoding, 0));
        let values = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        for (name, weight) in values.flat_map(|list| list.split(',')).filter_map(weighted) {
            for (encoding, own) in &mut liked {
                if encoding.name().eq_ignore_ascii_case(name) {
                    *own = weight;
                }
            }
        }
        liked.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        liked.into_iter().filter(|(encoding, weight)| *weight > 0 || *encoding == Self::Identity).map(|(one, _)| one)
    }
}

/// `br;q=0.5` is `br` and 500.
fn weighted(part: &str) -> Option<(&str, u16)> {
    let mut pieces = part.split(';').map(str::trim);
    let name = pieces.next()?;
    let weight = pieces.find_map(|piece| piece.strip_prefix("q=").or_else(|| piece.strip_prefix("Q=")));
    let Some(weight) = weight else { return Some((name, 1000)) };
    let weight: f32 = weight.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
    // In thousandths, as the grammar has it; between 0 and 1 nothing can be lost.
    Some((name, (weight * 1000.0) as u16))
}

/// The mark of a body that the caller has kept, packed or not, when it is one of `mark`. Proxies that pack bodies
/// themselves may have made it a weak one.
pub fn matching_mark(request: &HeaderMap, mark: &str) -> Option<String> {
    let kept = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    kept.flat_map(|list| list.split(',')).map(str::trim).find_map(|one| {
        let own = one.strip_prefix("W/").unwrap_or(one).strip_prefix('"').and_then(|one| one.strip_suffix('"'));
        let suffix = own.and_then(|own| own.strip_prefix(mark));
        let is_own = suffix.is_some_and(|suffix| Encoding::ALL.iter().any(|encoding| encoding.suffix() == suffix));
        match one {
            "*" => Some(format!("\"{mark}\"")),
            _ => is_own.then(|| one.to_owned()),
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_get_what_they_like_best() {
        use Encoding::{Brotli, Gzip, Identity, Zstd};
        let cases: &[(&'static str, &[Encoding])] = &[
            ("", &[Identity]),
            ("gzip, deflate", &[Gzip, Identity]),
            ("gzip, deflate, br, zstd", &[Brotli, Zstd, Gzip, Identity]),
            ("GZIP;q=0.8, br;q=0.2", &[Gzip, Brotli, Identity]),
            ("br;q=0, gzip", &[Gzip, Identity]),
            ("identity, gzip;q=0.5", &[Identity, Gzip]),
            ("br;q=nonsense, \u{7f}", &[Identity]),
        ];
        for (header, expected) in cases {
            let mut request = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(header) {
                request.insert(ACCEPT_ENCODING, value);
            }
            assert_eq!(Encoding::taken(&request).collect::<Vec<_>>(), *expected, "{header}");
        }
    }

    #[test]
    fn a_mark_is_known_however_the_body_was_packed() {
        let cases = [
            ("\"abc\"", Some("\"abc\"")),
            ("\"x\", \"abc-br\"", Some("\"abc-br\"")),
            ("W/\"abc-gz\"", Some("W/\"abc-gz\"")),
            ("*", Some("\"abc\"")),
            ("\"abc-xx\"", None),
            ("\"ab\"", None),
            ("abc", None),
        ];
        for (header, expected) in cases {
            let mut request = HeaderMap::new();
            request.insert(IF_NONE_MATCH, HeaderValue::from_static(header));
            assert_eq!(matching_mark(&request, "abc").as_deref(), expected, "{header}");
        }
    }
}
