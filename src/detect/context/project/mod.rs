//! What the files around a script say about it.

mod bundler;
mod package;

pub(in crate::detect) use bundler::targets_server;

use crate::model::{BlobPath, Nearby, ProjectFile};
use crate::rules::LazyRegex;
use crate::syntax::listed;
use bundler::BundleEntry;
use memchr::memmem;
use package::Package;
use std::cell::OnceCell;
use std::sync::Arc;

/// How many folders above a file are looked into.
const HIGHEST: usize = 8;

/// Pages by the names that they have in nearly all projects.
const PAGES: [&str; 4] = ["index.html", "popup.html", "options.html", "sidepanel.html"];

/// Facts that no single file holds. None is right for a blob that comes alone, such as one from
/// standard input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::detect) struct Neighbours {
    /// A page near it that loads it: `<script src>`.
    pub(super) page: Option<BlobPath>,
    /// The `manifest.json` of the browser extension that it is part of.
    pub(super) extension: Option<Extension>,
    /// The package that it belongs to.
    pub(super) package: Option<Package>,
    /// What makes a bundle for browsers of it, or of its folder.
    pub(super) bundle: Option<Bundle>,
}

/// A bundle for browsers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    /// The file that says so.
    pub(super) settings: BlobPath,
    /// True when it names the file, and false when the file only lies beside or below one that it names.
    pub(super) names_it: bool,
}

/// A browser extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extension {
    pub(super) manifest: BlobPath,
    /// True when the manifest names the file.
    pub(super) names_it: bool,
}

impl Neighbours {
    /// Asks the files around the one at `path`, from its own folder upward.
    pub(super) fn find(path: &BlobPath, nearby: &dyn Nearby) -> Self {
        let mut found = Self::default();
        for folder in folders(path) {
            let at = |name: &str| BlobPath::from_bytes([folder, name.as_bytes()].concat());
            let read = |name: &str| nearby.read(&at(name));
            let own = &path.as_bytes()[folder.len()..];
            if found.page.is_none() {
                let loads = |name: &&&str| read(name).is_some_and(|page| loads(&page, own));
                found.page = PAGES.iter().find(loads).map(|name| at(name));
            }
            if found.extension.is_none() && found.package.is_none() {
                let manifest = read("manifest.json").filter(|text| is_extension(text));
                found.extension = manifest.map(|text| Extension {
                    manifest: at("manifest.json"),
                    names_it: names(&text, own),
                });
            }
            if found.package.is_none() {
                let text = read("package.json");
                found.package = text.and_then(|text| Package::read(at("package.json"), &text));
                if let Some(package) = &found.package {
                    let own = String::from_utf8_lossy(own);
                    let named = || bundle(&package.path, &package.entries, &own);
                    let settings = || {
                        listed(bundler::CONFIGS).find_map(|name| {
                            let entries = bundler::entries(&read(name)?, name);
                            bundle(&at(name), &entries, &own)
                        })
                    };
                    found.bundle = named().or_else(settings);
                }
            }
        }
        found
    }

    /// True when the project needs one of these packages.
    pub(in crate::detect) fn uses(&self, names: &str) -> bool {
        self.package.as_ref().is_some_and(|p| p.uses(names))
    }
}

/// What these entries make of the file at `own`, if anything.
fn bundle(settings: &BlobPath, entries: &[BundleEntry], own: &str) -> Option<Bundle> {
    let names_it = bundler::begin_with(entries, own);
    (names_it || bundler::are_beside(entries, own)).then(|| Bundle {
        settings: settings.clone(),
        names_it,
    })
}

/// The folders above a file, innermost first, each as the bytes that stand before a name in it.
fn folders(path: &BlobPath) -> impl Iterator<Item = &[u8]> {
    let path = path.as_bytes();
    let ends = memchr::memrchr_iter(b'/', path).map(|slash| slash + 1);
    let folders = ends.chain([0]).map(|end| &path[..end]);
    folders.take(HIGHEST)
}

/// True when a page loads the script that is at `own` from the page's folder.
fn loads(page: &[u8], own: &[u8]) -> bool {
    static SRC: LazyRegex =
        LazyRegex::fixed(r#"(?i-u)<script\b[^>]{0,400}?\ssrc\s*=\s*["']?([^"'\s>]+)"#);
    let Some(regex) = SRC.get() else { return false };
    let sources = regex.captures_iter(page).filter_map(|found| found.get(1));
    sources.into_iter().any(|src| local(src.as_bytes()) == own)
}

/// A URL of the same folder without what leads to it and what follows it.
fn local(url: &[u8]) -> &[u8] {
    let end = url.iter().position(|b| matches!(b, b'?' | b'#'));
    let url = &url[..end.unwrap_or(url.len())];
    let url = url.strip_prefix(b"%PUBLIC_URL%").unwrap_or(url);
    let url = url
        .strip_prefix(b".")
        .filter(|u| u.starts_with(b"/"))
        .unwrap_or(url);
    url.strip_prefix(b"/").unwrap_or(url)
}

/// A manifest of the web has no version; that of an extension must have one
/// (<https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/manifest.json/manifest_version>).
fn is_extension(manifest: &[u8]) -> bool {
    memmem::find(manifest, b"\"manifest_version\"").is_some()
}

/// True when a string of the manifest is the path `own`.
fn names(manifest: &[u8], own: &[u8]) -> bool {
    let strings = manifest.split(|b| *b == b'"');
    strings.skip(1).step_by(2).any(|text| local(text) == own)
}

/// The files around one blob, asked at most once and only when they matter.
pub(in crate::detect) struct Around<'a> {
    path: &'a BlobPath,
    /// The same, seen from the root of its project.
    pub(super) seen: &'a BlobPath,
    nearby: &'a dyn Nearby,
    /// True when a web server gave it to a browser.
    pub(super) is_served: bool,
    own: Option<BlobPath>,
    found: OnceCell<Neighbours>,
    files: OnceCell<Arc<[ProjectFile]>>,
}

impl<'a> Around<'a> {
    pub(in crate::detect) fn new(
        path: &'a BlobPath,
        seen: &'a BlobPath,
        nearby: &'a dyn Nearby,
    ) -> Self {
        Self {
            path,
            seen,
            nearby,
            is_served: false,
            own: path.in_archive(),
            found: OnceCell::new(),
            files: OnceCell::new(),
        }
    }

    /// The same blob, which a web server gave to a browser if `is_served`.
    pub(in crate::detect) fn served(self, is_served: bool) -> Self {
        Self { is_served, ..self }
    }

    /// The path by which the blob itself is known: of a member, that in its archive.
    pub(in crate::detect) fn own_path(&self) -> &BlobPath {
        self.own.as_ref().unwrap_or(self.path)
    }

    /// The same, from the root of the project: `public/a.js`, also where `public` alone is scanned.
    pub(in crate::detect) fn told_path(&self) -> &BlobPath {
        self.own.as_ref().unwrap_or(self.seen)
    }

    /// The nearest file of this name in the folders above it.
    pub(in crate::detect) fn beside(&self, name: &str) -> Option<Vec<u8>> {
        folders(self.own_path()).find_map(|folder| {
            let path = BlobPath::from_bytes([folder, name.as_bytes()].concat());
            self.nearby.read(&path)
        })
    }

    /// The sources of the project that it is a part of.
    pub(in crate::detect) fn project(&self) -> &[ProjectFile] {
        self.files
            .get_or_init(|| self.nearby.project(self.own_path()))
    }

    pub(in crate::detect) fn get(&self) -> &Neighbours {
        self.found
            .get_or_init(|| Neighbours::find(self.own_path(), self.nearby))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Files by path.
    struct Files(BTreeMap<&'static str, &'static str>);

    impl Nearby for Files {
        fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
            let text = self.0.get(path.to_string().as_str())?;
            Some(text.as_bytes().to_vec())
        }
    }

    fn around(path: &str, files: &[(&'static str, &'static str)]) -> Neighbours {
        let files = Files(files.iter().copied().collect());
        Neighbours::find(&BlobPath::from(path), &files)
    }

    #[test]
    fn a_page_is_found_in_any_folder_above() {
        for (page, src) in [
            ("site/js/index.html", "app.js?v=2"),
            ("site/index.html", "./js/app.js"),
            ("index.html", "/site/js/app.js"),
            ("site/js/popup.html", "app.js"),
        ] {
            let html = format!("<p></p><SCRIPT defer src=\"{src}\"></SCRIPT>");
            let files = [(page, &*html.leak())];
            assert_eq!(
                around("site/js/app.js", &files).page,
                Some(page.into()),
                "{page}"
            );
        }
        for html in [
            "<script>app.js</script>",
            "<a src='app.js'>",
            "<script src=my-app.js>",
        ] {
            assert_eq!(
                around("app.js", &[("index.html", html)]).page,
                None,
                "{html}"
            );
        }
    }

    #[test]
    fn a_manifest_of_an_extension_is_none_of_a_web_app() {
        let manifest = r#"{"manifest_version": 3, "background": {"service_worker": "js/bg.js"}}"#;
        let found = |path| around(path, &[("ext/manifest.json", manifest)]).extension;
        assert!(found("ext/js/bg.js").is_some_and(|found| found.names_it));
        assert!(found("ext/js/lib.js").is_some_and(|found| !found.names_it));
        assert_eq!(found("other/bg.js"), None);
        let web = r#"{"name": "a", "icons": [{"src": "a.js"}]}"#;
        assert_eq!(around("a.js", &[("manifest.json", web)]).extension, None);
    }

    #[test]
    fn neighbours_that_make_no_sense_say_nothing() {
        let files = [
            ("package.json", "{"),
            ("manifest.json", "\"\""),
            ("index.html", "<script src="),
        ];
        assert_eq!(around("a/b.js", &files), Neighbours::default());
    }
}
