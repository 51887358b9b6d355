//! Styles, scripts and pictures of the theme, under addresses that change when any of them does. One hash serves them
//! all, so that a script can import another and a style name a picture by relative paths.

use std::collections::BTreeMap;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use super::source::Source;

/// Folders of the theme that are not for visitors.
const INNER: &[&str] = &["templates/", "locales/", "theme.toml"];
/// Media types by file ending; what has no row here is not served.
const MEDIA_TYPES: &[(&str, &str)] = &[
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("webmanifest", "application/manifest+json"),
];

/// A file for visitors.
#[derive(Clone, Debug)]
pub struct Asset {
    /// What it is.
    pub media_type: &'static str,
    /// What is in it.
    pub body: Bytes,
}

/// Every file for visitors.
#[derive(Debug)]
pub struct Assets {
    root: &'static str,
    files: BTreeMap<String, Asset>,
    hash: String,
}

impl Assets {
    /// Reads the files of a theme.
    pub fn load(source: &Source) -> Self {
        let outer = source.paths().into_iter().filter(|path| !INNER.iter().any(|inner| path.starts_with(inner)));
        let asset = |path: String| {
            let media_type = media_type(&path)?;
            Some((path.clone(), Asset { media_type, body: source.file(&path)?.into_owned().into() }))
        };
        let files: BTreeMap<String, Asset> = outer.filter_map(asset).collect();
        let mut digest = Sha256::new();
        for (path, asset) in &files {
            digest.update(path.as_bytes());
            digest.update((asset.body.len() as u64).to_be_bytes());
            digest.update(&asset.body);
        }
        let hash = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { root: source.built_in().asset_root(), files, hash }
    }

    /// A file by its path.
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }

    /// What stands in the addresses.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The address of a file, if there is one.
    pub fn url(&self, path: &str) -> Option<String> {
        self.get(path).map(|_| format!("{}/{}/{path}", self.root, self.hash))
    }
}

fn media_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    MEDIA_TYPES.iter().find(|(known, _)| *known == ending).map(|(_, media_type)| *media_type)
}
