//! What kind of file a blob is: from its path, its kind, its directives and its marks.
//!
//! `path` knows the layouts of frameworks (`layout`), `mark` the words of either side, and `neighbours` what
//! only the files around can tell.

mod layout;
mod mark;
mod neighbours;
mod path;

pub use neighbours::Neighbours;
pub(super) use path::{Form, PathWords};

use crate::model::{BlobPath, FileContext, Severity};
use mark::Side;

const DOCUMENTATION: [&[u8]; 8] = [
    b"md",
    b"mdx",
    b"markdown",
    b"rst",
    b"adoc",
    b"asciidoc",
    b"txt",
    b"textile",
];

const LOCKFILES: [&[u8]; 14] = [
    b"package-lock.json",
    b"npm-shrinkwrap.json",
    b"yarn.lock",
    b"pnpm-lock.yaml",
    b"bun.lock",
    b"Cargo.lock",
    b"Gemfile.lock",
    b"composer.lock",
    b"poetry.lock",
    b"Pipfile.lock",
    b"uv.lock",
    b"go.sum",
    b"flake.lock",
    b"pubspec.lock",
];

const TEST_FOLDERS: [&[u8]; 10] = [
    b"test",
    b"tests",
    b"__tests__",
    b"spec",
    b"specs",
    b"testdata",
    b"fixtures",
    b"__fixtures__",
    b"e2e",
    b"mocks",
];

/// The context of the file at `path`, which holds `text`.
///
/// What is certain comes first: a built folder, a kind of file, a directive, a name that a
/// framework gives a meaning; then folders and the marks of the text, which only weigh.
pub fn classify(path: &BlobPath, text: &[u8]) -> FileContext {
    classify_among(path, text, &Neighbours::default())
}

/// As [`classify`], with what is known of the files around it.
pub fn classify_among(path: &BlobPath, text: &[u8], around: &Neighbours) -> FileContext {
    let name = path.file_name();
    if LOCKFILES.contains(&name) {
        return FileContext::Lockfile;
    }
    if is_test(path) {
        return FileContext::Test;
    }
    let words = PathWords::new(path);
    if is_documentation(path) {
        return FileContext::Documentation;
    }
    match words.form() {
        Form::Script => script(&words, text, around),
        form => other(&words, form),
    }
}

fn is_documentation(path: &BlobPath) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    let docs = path
        .folders()
        .any(|folder| folder == b"docs" || folder == b"doc");
    DOCUMENTATION.contains(&extension.as_slice()) && (extension != b"txt" || docs)
}

/// Files that are no scripts go by their kind and their folder.
fn other(path: &PathWords, form: Form) -> FileContext {
    if path.is_page_data() {
        return FileContext::BrowserBundle;
    }
    if form == Form::Markup && path.is_client_source() {
        return FileContext::ClientSource;
    }
    if path.is_server_output() {
        return FileContext::Server;
    }
    let built = path.is_served() || path.is_built();
    if path.is_browser_output() || (form == Form::Map && built) {
        return FileContext::BrowserBundle;
    }
    match path.is_build_config() {
        true => FileContext::BuildConfig,
        false => FileContext::Source,
    }
}

fn script(path: &PathWords, text: &[u8], around: &Neighbours) -> FileContext {
    if path.name().ends_with(".d.ts") {
        return FileContext::Source;
    }
    if path.is_page_data() {
        return FileContext::BrowserBundle;
    }
    if path.is_server_output() {
        return FileContext::Server;
    }
    if path.is_browser_output() || around.page_loads_it {
        return FileContext::BrowserBundle;
    }
    if let Some(side) = mark::directive(text) {
        return source(side);
    }
    if path.is_build_config() || mark::is_build_script(text) {
        return FileContext::BuildConfig;
    }
    if mark::is_command(text) || path.is_server_source() {
        return FileContext::Server;
    }
    if path.is_client_source() || around.extension_ships_it {
        return FileContext::ClientSource;
    }
    weighed(path, text)
}

/// Scripts that no name or directive decides.
fn weighed(path: &PathWords, text: &[u8]) -> FileContext {
    let side = mark::side(text);
    if path.is_served() || path.is_built() {
        let looks_built = path.is_served() || path.is_hashed() || mark::is_minified(text);
        return match side {
            Side::Server => FileContext::Server,
            Side::Page => FileContext::BrowserBundle,
            Side::Unknown if path.extension() == "cjs" => FileContext::Server,
            Side::Unknown if looks_built => FileContext::BrowserBundle,
            Side::Unknown => FileContext::Source,
        };
    }
    let for_server = path.is_in_server_folder() || path.is_app_router_page();
    match side {
        Side::Unknown if for_server => FileContext::Server,
        Side::Unknown if path.is_in_client_folder() => FileContext::ClientSource,
        side => source(side),
    }
}

fn source(side: Side) -> FileContext {
    match side {
        Side::Page => FileContext::ClientSource,
        Side::Server => FileContext::Server,
        Side::Unknown => FileContext::Source,
    }
}

fn is_test(path: &BlobPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    let stem = name.split(|b| *b == b'.').next().unwrap_or_default();
    let marked = stem.starts_with(b"test_") || stem.ends_with(b"_test") || stem.ends_with(b"_spec");
    let dotted = name
        .split(|b| *b == b'.')
        .skip(1)
        .any(|part| part == b"test" || part == b"spec");
    marked || dotted || path.folders().any(|folder| TEST_FOLDERS.contains(&folder))
}

/// A rule's severity in a context: what is not in use, or is likely a sample, weighs one step less.
pub(super) fn severity_in(context: FileContext, severity: Severity) -> Severity {
    match context {
        FileContext::BrowserBundle | FileContext::ClientSource => {
            Severity::Critical.min(raised(severity))
        }
        FileContext::Documentation | FileContext::Test | FileContext::Lockfile => lowered(severity),
        _ => severity,
    }
}

fn lowered(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}

fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Low => Severity::Medium,
        Severity::Medium => Severity::High,
        _ => Severity::Critical,
    }
}

#[cfg(test)]
mod tests {
    use super::FileContext::*;
    use super::*;

    #[test]
    fn files_are_told_apart_by_path_and_text() {
        for (path, text, expected) in [
            // Built for browsers, by folder.
            (".next/static/chunks/a.js", "x", BrowserBundle),
            ("out/_next/static/a.js", "x", BrowserBundle),
            ("build/_app/immutable/nodes/2.js", "x", BrowserBundle),
            (".output/public/_nuxt/a.js", "x", BrowserBundle),
            ("dist/shop/browser/main-A1B2C3D4.js", "x", BrowserBundle),
            ("storybook-static/a.js", "x", BrowserBundle),
            ("public/app.js", "x", BrowserBundle),
            ("dist/app.js.map", "{}", BrowserBundle),
            // Built for servers, by folder.
            (".next/server/app/page.js", "document.title", Server),
            (".output/server/chunks/a.mjs", "window.x", Server),
            ("dist/_worker.js", "x", Server),
            // What pages load, wherever it lies.
            (".next/server/app/board.html", "", BrowserBundle),
            (".next/server/app/board.rsc", "", BrowserBundle),
            ("build/data/__data.json", "", BrowserBundle),
            ("theme.css", "", BrowserBundle),
            ("sw.js", "", BrowserBundle),
            // Built, the side told by the text.
            ("dist/client.js", "var h=require(\"node:https\")", Server),
            ("dist/app.js", "document.title=1", BrowserBundle),
            ("dist/main.5e9ed604.js", "(()=>{})()", BrowserBundle),
            ("dist/index.js", "export class A {}", Source),
            ("dist/index.min.cjs", "exports.A=1", Server),
            ("dist/index.min.mjs", "import{c}from\"crypto\"", Server),
            // Configuration.
            ("vite.config.ts", "", BuildConfig),
            ("webpack.prod.js", "", BuildConfig),
            ("angular.json", "{}", BuildConfig),
            (
                "scripts/build.mjs",
                "import * as esbuild from 'esbuild'",
                BuildConfig,
            ),
            // Sources, by name and directive.
            ("app/board/page.tsx", "// c\n'use client';\nx", ClientSource),
            ("app/list/page.tsx", "const s = \"'use client'\";", Server),
            ("app/actions.ts", "'use server';\nx", Server),
            ("lib/a.ts", "import 'server-only';\nwindow.x", Server),
            ("src/routes/+page.server.ts", "", Server),
            ("src/routes/+page.ts", "", ClientSource),
            ("app/board.client.ts", "", ClientSource),
            ("src/Board.vue", "", ClientSource),
            ("src/environments/environment.prod.ts", "", ClientSource),
            ("app/api/journey/[id]/route.ts", "", Server),
            // Sources, by folder and text.
            ("src/components/Card.tsx", "", ClientSource),
            ("server/public-routes.js", "x", Server),
            ("bin/trips", "#!/usr/bin/env node\n", Source),
            ("bin/trips.mjs", "#!/usr/bin/env node\n", Server),
            ("background.js", "chrome.runtime.onMessage", ClientSource),
            (
                "src/index.ts",
                "export default { async fetch(req, env) {} }",
                Server,
            ),
            ("src/a.ts", "fetch(new URL(atob('x')))", Source),
            ("types/env.d.ts", "interface Window { document: 1 }", Source),
            // Neither.
            ("README.md", "document.title", Documentation),
            ("src/a.test.ts", "document.title", Test),
            ("package-lock.json", "", Lockfile),
            ("main.py", "document.title", Source),
        ] {
            let context = classify(&BlobPath::from(path), text.as_bytes());
            assert_eq!(context, expected, "{path}: {text}");
        }
    }

    #[test]
    fn neighbours_tell_what_a_file_alone_does_not() {
        let path = BlobPath::from("app/background.js");
        let shipped = Neighbours {
            extension_ships_it: true,
            ..Neighbours::default()
        };
        let loaded = Neighbours {
            page_loads_it: true,
            ..Neighbours::default()
        };
        assert_eq!(classify(&path, b"x"), Source);
        assert_eq!(classify_among(&path, b"x", &shipped), ClientSource);
        assert_eq!(classify_among(&path, b"x", &loaded), BrowserBundle);
    }
}
