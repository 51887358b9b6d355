//! Pictures in the data folder, named by what is in them: the same picture is kept once, and a name never changes its
//! content.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// The largest picture that is taken, in bytes.
pub const MAX_PICTURE: usize = 20 << 20;
/// Numbers the files being written, so that two that keep the same picture at once don't share one.
static UNFINISHED: AtomicU64 = AtomicU64::new(0);
/// Hexadecimal digits of the SHA-256 that name a picture.
const NAME_DIGITS: usize = 32;
/// The kinds of picture there are: file ending and media type.
const KINDS: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("svg", "image/svg+xml"),
];

/// Why a file is not taken as a picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Its first bytes are of no kind that is served.
    #[error("is not a PNG, JPEG, GIF, WebP, AVIF or SVG picture")]
    UnknownKind,
    /// Too many bytes.
    #[error("is larger than {} MiB", MAX_PICTURE >> 20)]
    TooLarge,
    /// An SVG that does more than draw.
    #[error("is an SVG with {0}, which is not taken")]
    UnsafeSvg(&'static str),
    /// An SVG where only photographs and the like are taken.
    #[error("is an SVG, which is only taken from a file")]
    Drawing,
    /// The folder could not be written.
    #[error("could not be kept: {0}")]
    Io(#[from] io::Error),
}

/// The pictures of this node.
#[derive(Clone, Debug)]
pub struct Files {
    media: PathBuf,
}

impl Files {
    /// The pictures under a data folder, which is made when it is not there.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let media = data_dir.join("media");
        fs::create_dir_all(&media)?;
        Ok(Self { media })
    }

    /// Where the picture of a name lies; `None` for a name that [`Files::keep`] can't have given.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        let (digits, ending) = name.split_once('.')?;
        let given = is_hash(digits) && media_type(ending).is_some();
        given.then(|| self.media.join(name))
    }

    /// The names of all pictures, and of the widths that were made of them as `{digits}/640.avif`.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.media)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !entry.file_type()?.is_dir() {
                names.push(name);
                continue;
            }
            for width in fs::read_dir(entry.path())? {
                names.push(format!("{name}/{}", width?.file_name().to_string_lossy()));
            }
        }
        // What is still being written has no such name.
        names.retain(|name| self.place(name).is_some());
        Ok(names)
    }

    /// Where a picture or a width lies whose name is as [`Files::names`] has it.
    pub fn place(&self, name: &str) -> Option<PathBuf> {
        match name.split_once('/') {
            Some((digits, file)) => self.width_path(digits, file),
            None => self.path(name),
        }
    }

    /// Keeps a picture that came from elsewhere: no SVG, for nobody here has seen what it does.
    pub fn keep_photo(&self, bytes: &[u8]) -> Result<String, PictureError> {
        if ending_of(bytes)? == "svg" { Err(PictureError::Drawing) } else { self.keep(bytes) }
    }

    /// Keeps a picture and answers its name. A crash leaves the whole picture or none.
    pub fn keep(&self, bytes: &[u8]) -> Result<String, PictureError> {
        let name = name_of(bytes)?;
        write_whole(&self.media.join(&name), bytes)?;
        Ok(name)
    }

    /// Where a width of a picture lies, if it was made: `digits` name the picture, `file` is such as `640.avif`.
    pub fn width_path(&self, digits: &str, file: &str) -> Option<PathBuf> {
        let (width, ending) = file.split_once('.')?;
        let is_width = !width.is_empty() && width.len() <= 5 && width.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = is_hash(digits) && ["avif", "jpg"].contains(&ending);
        (is_width && is_name).then(|| self.media.join(digits).join(file))
    }

    /// The name of the picture that was brought with these digits.
    pub fn original(&self, digits: &str) -> Option<String> {
        let names = ["jpg", "png"].into_iter().map(|ending| format!("{digits}.{ending}"));
        names.into_iter().find(|name| self.path(name).is_some_and(|path| path.is_file()))
    }

    /// Whether a width of a picture was made.
    pub fn has_width(&self, name: &str, width: u32) -> bool {
        let digits = name.split('.').next().unwrap_or_default();
        let is_there =
            |ending| self.width_path(digits, &format!("{width}.{ending}")).is_some_and(|path| path.is_file());
        is_there("avif") && is_there("jpg")
    }

    /// Keeps a width of a picture. A crash leaves whole files or none.
    pub fn keep_width(&self, name: &str, width: u32, avif: &[u8], jpeg: &[u8]) -> io::Result<()> {
        let folder = self.media.join(name.split('.').next().unwrap_or_default());
        fs::create_dir_all(&folder)?;
        write_whole(&folder.join(format!("{width}.avif")), avif)?;
        write_whole(&folder.join(format!("{width}.jpg")), jpeg)
    }
}

/// Writes a file that is not there yet, so that it is never seen half.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let number = UNFINISHED.fetch_add(1, Ordering::Relaxed);
    let unfinished = path.with_extension(format!("{}-{number}.part", std::process::id()));
    let mut file = fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

/// Whether these are the digits of a name that was given.
fn is_hash(digits: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digits.len() == NAME_DIGITS && digits.bytes().all(hex)
}

/// The media type of a file ending.
pub fn media_type(ending: &str) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == ending).map(|(_, media_type)| *media_type)
}

/// The name a picture is kept under, once its bytes were found to be a picture.
pub fn name_of(bytes: &[u8]) -> Result<String, PictureError> {
    if bytes.len() > MAX_PICTURE {
        return Err(PictureError::TooLarge);
    }
    let ending = ending_of(bytes)?;
    let mut name: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    name.truncate(NAME_DIGITS);
    Ok(format!("{name}.{ending}"))
}

/// The file ending that the bytes themselves ask for; what a file is called proves nothing.
fn ending_of(bytes: &[u8]) -> Result<&'static str, PictureError> {
    let at = |start: usize, magic: &[u8]| bytes.get(start..start + magic.len()) == Some(magic);
    if at(0, b"\x89PNG\r\n\x1a\n") {
        Ok("png")
    } else if at(0, b"\xff\xd8\xff") {
        Ok("jpg")
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Ok("gif")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Ok("webp")
    } else if at(4, b"ftypavif") || at(4, b"ftypavis") {
        Ok("avif")
    } else {
        let text = std::str::from_utf8(bytes).map_err(|_| PictureError::UnknownKind)?;
        check_svg(text).map(|()| "svg")
    }
}

/// An SVG may draw. It may not run scripts, embed pages or fetch anything.
fn check_svg(text: &str) -> Result<(), PictureError> {
    let text = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if !(text.starts_with("<svg") || text.starts_with("<?xml") || text.starts_with("<!--")) || !text.contains("<svg") {
        return Err(PictureError::UnknownKind);
    }
    let forbidden = [
        ("<script", "a script"),
        ("<foreignobject", "a foreign object"),
        ("<iframe", "a frame"),
        ("<!entity", "an entity"),
        ("javascript:", "a script link"),
        ("@import", "an imported style"),
        ("url(http", "an outside link"),
        ("url('http", "an outside link"),
        ("url(\"http", "an outside link"),
    ];
    if let Some((_, what)) = forbidden.iter().find(|(mark, _)| text.contains(mark)) {
        return Err(PictureError::UnsafeSvg(what));
    }
    if values_of(&text, "href").any(|target| !target.starts_with('#') && !target.starts_with("data:image/")) {
        return Err(PictureError::UnsafeSvg("an outside link"));
    }
    if has_event_handler(&text) {
        return Err(PictureError::UnsafeSvg("an event handler"));
    }
    Ok(())
}

/// The values of every attribute whose name ends in `name`, such as `xlink:href="#a"`.
fn values_of<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(name).skip(1).filter_map(|after| {
        let value = after.trim_start().strip_prefix('=')?.trim_start();
        Some(value.trim_start_matches(['"', '\'']).trim_start())
    })
}

/// Whether an attribute such as `onload=` is there.
fn has_event_handler(text: &str) -> bool {
    let begins_attribute = |before: &str| before.ends_with(|c: char| c.is_whitespace() || "/\"'".contains(c));
    text.match_indices("on").any(|(start, _)| {
        let rest = text[start..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        begins_attribute(&text[..start]) && rest.trim_start().starts_with('=')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide_what_a_picture_is() {
        for (bytes, ending) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], "png"),
            (b"\xff\xd8\xff\xe0....", "jpg"),
            (b"GIF89a....", "gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
            (b"\0\0\0\x20ftypavif....", "avif"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"#a\"/></svg>", "svg"),
        ] {
            assert!(name_of(bytes).expect("a picture").ends_with(&format!(".{ending}")), "{ending}");
        }
        assert!(matches!(name_of(b"<html><svg></svg>"), Err(PictureError::UnknownKind)));
        assert!(matches!(name_of(b"MZ\x90\0"), Err(PictureError::UnknownKind)));
    }

    #[test]
    fn an_svg_may_only_draw() {
        for inside in [
            "<script>alert(1)</script>",
            "<rect ONLOAD = 'x()'/>",
            "<g/onclick=x>",
            "<a xlink:href=\"http://example.com\"/>",
            "<image href='//example.com/x.png'/>",
            "<foreignObject/>",
            "<style>@import 'x.css'</style>",
        ] {
            let svg = format!("<svg>{inside}</svg>");
            assert!(matches!(name_of(svg.as_bytes()), Err(PictureError::UnsafeSvg(_))), "{inside}");
        }
    }

    #[test]
    fn only_given_names_have_a_path() {
        let files = Files { media: "media".into() };
        assert!(files.path(&format!("{}.svg", "0a".repeat(16))).is_some());
        for name in ["../secret", "0a.svg", &format!("{}.exe", "0a".repeat(16)), &format!("{}.svg/..", "0a".repeat(16))]
        {
            assert_eq!(files.path(name), None, "{name}");
        }
    }
}
