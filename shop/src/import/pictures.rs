//! Where the pictures of a file come from. Links stay links; a plain name is a file that is copied into the shop.

use std::borrow::Cow;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::files::{self, Files};

/// A picture's bytes by its name.
pub type Embedded = fn(&str) -> Option<Cow<'static, [u8]>>;

/// Where pictures lie that are named without a link.
#[derive(Clone, Debug, Default)]
pub enum PictureSource {
    /// Nowhere.
    #[default]
    None,
    /// In these folders, the first that has it.
    Folders(Vec<PathBuf>),
    /// In this program.
    Embedded(Embedded),
}

impl PictureSource {
    /// The folder of a file, and a folder `media` in it.
    pub fn beside(file: &Path) -> Self {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        PictureSource::Folders(vec![folder.join("media"), folder])
    }

    fn read(&self, name: &str) -> Result<Cow<'static, [u8]>, String> {
        let missing = || format!("the picture {name} is not beside the file");
        match self {
            PictureSource::None => Err(missing()),
            PictureSource::Embedded(find) => find(name).ok_or_else(missing),
            PictureSource::Folders(folders) => {
                let path = folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
                let bytes = fs::read(path.ok_or_else(missing)?);
                bytes.map(Cow::Owned).map_err(|error| format!("the picture {name} can't be read: {error}"))
            }
        }
    }
}

/// Turns what a file names into what the shop keeps.
pub(super) struct Pictures {
    source: PictureSource,
    /// `None` in a dry run, which copies nothing.
    files: Option<Files>,
}

impl Pictures {
    pub(super) fn new(source: PictureSource, files: Option<Files>) -> Self {
        Self { source, files }
    }

    /// The `src` to keep, or why there is none.
    pub(super) fn resolve(&self, src: &str) -> Result<String, String> {
        if src.starts_with("https://") || src.starts_with("http://") || src.starts_with("/media/") {
            return Ok(src.to_owned());
        }
        if src.starts_with("//") {
            return Ok(format!("https:{src}"));
        }
        let inside = Path::new(src).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || src.contains(':') {
            return Err(format!("the picture {src} is neither a link nor the name of a file beside this one"));
        }
        let bytes = self.source.read(src)?;
        let name = match &self.files {
            Some(files) => files.keep(&bytes),
            None => files::name_of(&bytes),
        };
        name.map(|name| format!("/media/{name}")).map_err(|error| format!("the picture {src} {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_picture(name: &str) -> Option<Cow<'static, [u8]>> {
        (name == "cup.svg").then_some(Cow::Borrowed(&b"<svg></svg>"[..]))
    }

    #[test]
    fn links_stay_and_names_become_pictures_of_the_shop() {
        let pictures = Pictures::new(PictureSource::Embedded(one_picture), None);
        for link in ["https://example.com/a.png", "http://example.com/a.png", "/media/0a.png"] {
            assert_eq!(pictures.resolve(link).as_deref(), Ok(link));
        }
        assert_eq!(pictures.resolve("//cdn.example.com/a.png").as_deref(), Ok("https://cdn.example.com/a.png"));
        let kept = pictures.resolve("cup.svg").expect("it is there");
        assert!(kept.starts_with("/media/") && kept.ends_with(".svg"), "{kept}");
    }

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let pictures = Pictures::new(PictureSource::beside(Path::new("/tmp/x.csv")), None);
        for src in
            ["../etc/passwd", "/etc/passwd", "a/../../b.png", "data:image/png;base64,AA", "javascript:x", "C:\\a.png"]
        {
            assert!(pictures.resolve(src).is_err(), "{src}");
        }
    }
}
