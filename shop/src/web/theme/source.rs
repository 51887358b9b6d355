//! Where the files of a theme come from.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use rust_embed::RustEmbed;

/// The storefront's theme.
#[derive(RustEmbed)]
#[folder = "../themes/default"]
struct Storefront;

/// The admin's theme.
#[derive(RustEmbed)]
#[folder = "../themes/admin"]
struct Admin;

/// The themes that are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// What shoppers see.
    Storefront,
    /// What staff sees.
    Admin,
}

impl BuiltIn {
    /// A file of the theme.
    fn file(self, path: &str) -> Option<Cow<'static, [u8]>> {
        let file = match self {
            Self::Storefront => Storefront::get(path),
            Self::Admin => Admin::get(path),
        };
        file.map(|file| file.data)
    }

    /// The paths of all files.
    fn paths(self) -> BTreeSet<String> {
        match self {
            Self::Storefront => Storefront::iter().map(Cow::into_owned).collect(),
            Self::Admin => Admin::iter().map(Cow::into_owned).collect(),
        }
    }

    /// Where the addresses of its assets begin.
    pub fn asset_root(self) -> &'static str {
        match self {
            Self::Storefront => "/assets",
            Self::Admin => "/admin/assets",
        }
    }
}

/// The built-in files, and a folder whose files win.
#[derive(Clone, Debug)]
pub struct Source {
    built_in: BuiltIn,
    folder: Option<PathBuf>,
}

impl Source {
    /// The built-in files with a folder over them.
    pub fn new(built_in: BuiltIn, folder: Option<PathBuf>) -> Self {
        Self { built_in, folder }
    }

    /// The theme that is built in.
    pub fn built_in(&self) -> BuiltIn {
        self.built_in
    }

    /// The text of a template; `@default/` before its name asks for the built-in one.
    pub fn template(&self, name: &str) -> Option<String> {
        let file = match name.strip_prefix("@default/") {
            Some(built_in) => self.built_in_file(&format!("templates/{built_in}"))?,
            None => self.file(&format!("templates/{name}"))?,
        };
        String::from_utf8(file.into_owned()).ok()
    }

    /// A file of the theme.
    pub fn file(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        self.own_file(path).map(Cow::Owned).or_else(|| self.built_in_file(path))
    }

    /// A file of the built-in theme.
    pub fn built_in_file(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        self.built_in.file(path)
    }

    /// A file of the folder alone.
    pub fn own_file(&self, path: &str) -> Option<Vec<u8>> {
        let path = Path::new(path);
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        fs::read(self.folder.as_ref().filter(|_| inside)?.join(path)).ok()
    }

    /// The paths of all files, built in or in the folder, in order.
    pub fn paths(&self) -> BTreeSet<String> {
        let mut paths = self.built_in.paths();
        if let Some(folder) = &self.folder {
            collect(folder, folder, &mut paths);
        }
        paths
    }
}

/// Adds every file under `at`, named from `root`. What can't be read is not there.
fn collect(root: &Path, at: &Path, paths: &mut BTreeSet<String>) {
    for entry in fs::read_dir(at).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, paths);
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            paths.insert(name.replace('\\', "/"));
        }
    }
}
