//! Which files are the sources of the project that a file is a part of, for who follows a value from one into another.

use crate::model::{BlobPath, ProjectFile};

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

/// Longest file, in bytes.
pub(super) const LONGEST: u64 = 64 << 10;

/// Most files, and most bytes of all.
const MOST: usize = 4096;
const MOST_BYTES: usize = 32 << 20;

/// How deep below the folder of a project its sources are, in folders.
pub(super) const DEEPEST: usize = 16;

/// Folders that projects have.
const LAYOUT: &str = "src app lib config internal includes server";

/// The folder of the project that the file at `path` is a part of: the nearest with a mark, the one around `src` and the
/// like, or the file's own. `is_there` is asked for paths; that of the root is empty.
pub(super) fn folder(path: &[u8], is_there: impl Fn(&[u8]) -> bool) -> &[u8] {
    let own = parent(path);
    let around = || {
        std::iter::successors(Some(own), |folder| {
            (!folder.is_empty()).then(|| parent(folder))
        })
    };
    let has_mark = |folder: &&[u8]| {
        let mut marks = MARKS.split_ascii_whitespace();
        marks.any(|mark| is_there(&within(folder, mark)))
    };
    let marked = around().find(has_mark);
    let laid_out = || around().find(|folder| is_one_of(LAYOUT, name(folder)));
    marked.or_else(|| laid_out().map(parent)).unwrap_or(own)
}

/// True for a folder in which a project has sources of its own.
pub(super) fn is_own(folder: &[u8]) -> bool {
    let name = name(folder);
    !name.starts_with(b".") && !is_one_of(OTHERS, name)
}

/// True for a source or a template.
pub(super) fn is_source(path: &[u8]) -> bool {
    let name = name(path);
    let dot = memchr::memrchr(b'.', name).filter(|dot| *dot > 0);
    dot.is_some_and(|dot| is_one_of(SOURCES, &name[dot + 1..]))
}

/// The sources of a project, up to what anybody would follow a value through.
#[derive(Default)]
pub(super) struct ProjectSources {
    files: Vec<ProjectFile>,
    bytes: usize,
}

impl ProjectSources {
    /// Adds a file; false when there are too many then.
    pub(super) fn add(&mut self, path: BlobPath, text: Vec<u8>) -> bool {
        self.bytes += text.len();
        self.files.push(ProjectFile { path, text });
        self.files.len() <= MOST && self.bytes <= MOST_BYTES
    }

    /// All that were added, by their paths in order.
    pub(super) fn in_order(mut self) -> Vec<ProjectFile> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.files
    }
}

fn within(folder: &[u8], name: &str) -> Vec<u8> {
    let slash: &[u8] = if folder.is_empty() { b"" } else { b"/" };
    [folder, slash, name.as_bytes()].concat()
}

fn parent(path: &[u8]) -> &[u8] {
    &path[..memchr::memrchr(b'/', path).unwrap_or(0)]
}

fn name(path: &[u8]) -> &[u8] {
    &path[memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1)..]
}

fn is_one_of(words: &str, word: &[u8]) -> bool {
    words
        .split_ascii_whitespace()
        .any(|own| own.as_bytes() == word)
}
