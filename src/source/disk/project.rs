//! The sources of the project that a file is a part of, for who follows a value from one into another.

use super::read::{FileContent, FileReader};
use crate::model::{BlobPath, ProjectFile};
use ignore::{DirEntry, WalkBuilder};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files that stand in the folder of a project.
const MARKS: &str = "package.json deno.json composer.json pyproject.toml requirements.txt setup.py manage.py go.mod \
    Cargo.toml Gemfile pom.xml build.gradle build.gradle.kts mix.exs pubspec.yaml .git";

/// Folders of what others wrote or a build made.
const OTHERS: &str =
    "node_modules vendor target dist build out bower_components __pycache__ venv .git";

/// Ends of names of sources and templates.
const SOURCES: &str = "js mjs cjs jsx ts mts cts tsx astro vue svelte php phtml py rb erb haml slim go rs java kt kts scala \
    groovy cs cshtml razor fs ex exs heex leex eex ejs jsp ftl ftlh templ html htm njk twig jinja jinja2 j2 hbs handlebars mustache \
    liquid tmpl gohtml pug gs pl lua dart swift coffee clj cr rhtml latte \
    yml yaml properties conf";

/// Most files, and most bytes of one and of all.
const MOST: usize = 4096;
const LONGEST: u64 = 64 << 10;
const MOST_BYTES: usize = 32 << 20;

/// How deep below the folder of a project its sources are, in folders.
const DEEPEST: usize = 16;

/// Folders that projects have.
const LAYOUT: &str = "src app lib config internal includes server";

/// The folder of the project that `path`, below `base`, is a part of: the nearest with a mark, the one around `src` and
/// the like, or the file's own.
pub(super) fn folder(base: &Path, path: &Path) -> PathBuf {
    let has_mark = |folder: &&Path| {
        let mut marks = MARKS.split_ascii_whitespace();
        marks.any(|mark| base.join(folder).join(mark).exists())
    };
    let own = path.parent().unwrap_or(Path::new(""));
    let is_layout = |folder: &&Path| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        has(LAYOUT, &name)
    };
    let around = || own.ancestors().find(is_layout)?.parent();
    let marked = own.ancestors().find(has_mark);
    marked.or_else(around).unwrap_or(own).to_owned()
}

/// The sources below `folder`; none where they are too many.
pub(super) fn files(base: &Path, folder: &Path) -> Arc<[ProjectFile]> {
    let is_own = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !has(OTHERS, &name)
    };
    let walk = WalkBuilder::new(base.join(folder))
        .max_depth(Some(DEEPEST))
        .require_git(false)
        .filter_entry(is_own)
        .sort_by_file_name(Ord::cmp)
        .build();
    let mut reader = FileReader::new(LONGEST);
    let mut files = Vec::new();
    let mut left = MOST_BYTES;
    for entry in walk.flatten() {
        let path = entry.path();
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if !is_file || !has(SOURCES, &ending) {
            continue;
        }
        let Ok(FileContent::Bytes(bytes)) = reader.read(path) else {
            continue;
        };
        let Some(rest) = left.checked_sub(bytes.len()).filter(|_| files.len() < MOST) else {
            return Arc::default();
        };
        left = rest;
        let own = path.strip_prefix(base).unwrap_or(path);
        files.push(ProjectFile {
            path: BlobPath::from_native(own),
            text: bytes.to_vec(),
        });
    }
    files.into()
}

fn has(names: &str, name: &str) -> bool {
    names.split_ascii_whitespace().any(|own| own == name)
}
