//! What kind of file a blob is: from its path, its kind, its directives and its marks.
//!
//! `path` knows the layouts of frameworks (`layout`), `mark` the words of either side, `project` what only the
//! files around can tell; `script` weighs these, and `reason` says what decided.
//! `standing` tells by the words of a path (`words`) what is no part of the program: tests, documents,
//! examples, code of others. `doc_comment` finds the documentation inside source.

mod doc_comment;
mod layout;
mod mark;
mod path;
mod project;
mod reason;
pub(super) mod rust_tests;
mod script;
mod standing;
mod words;

pub(super) use doc_comment::{doc_comments, is_in_code_block};
pub(super) use path::{FileForm, PathWords};
pub(super) use project::{Around, targets_server};
pub use reason::Kind;

use crate::model::{BlobPath, FileContext, Nearby, Severity};
use crate::rules::{Gate, Rule};
use reason::{CONFIGURES, PAGE_DATA, Reason};
use standing::Standing;

/// The kind of the file at `path`, which holds `text`, among the files that `nearby` knows. From the root of its
/// project the path is `seen`.
///
/// What is certain comes first: a built folder, a kind of file, a directive, a name that a
/// framework gives a meaning; then the files around, folders and the marks of the text, which only
/// weigh.
pub fn classify(path: &BlobPath, seen: &BlobPath, text: &[u8], nearby: &dyn Nearby) -> Kind {
    classify_among(text, &Around::new(path, seen, nearby))
}

/// As [`classify`], of the blob that `around` is about.
pub(super) fn classify_among(text: &[u8], around: &Around<'_>) -> Kind {
    use FileContext::{BrowserBundle, Documentation, Example, ThirdParty};
    if around.is_served {
        return Kind::by(BrowserBundle, "a web server gives it to browsers");
    }
    let standing = Standing::of(around.seen);
    let kind = by_itself(&standing, text, around);
    let is_aside = kind.role.is_aside();
    let folder = standing.third_party().map(|by| (ThirdParty, by));
    let folder = folder.or_else(|| {
        standing
            .docs()
            .filter(|_| !is_aside)
            .map(|by| (Documentation, by))
    });
    let told = folder.or_else(|| {
        standing
            .example()
            .filter(|_| !is_aside)
            .map(|by| (Example, by))
    });
    match told {
        Some((context, by)) => kind.in_place(context, by),
        None => kind,
    }
}

/// What a file would be in any folder that only says where it was put.
fn by_itself(standing: &Standing, text: &[u8], around: &Around<'_>) -> Kind {
    use FileContext::{Documentation, Lockfile, Test};
    let name = standing.lock_file().map(|by| (Lockfile, by));
    let name = name.or_else(|| standing.test().map(|by| (Test, by)));
    if let Some((context, by)) = name.or_else(|| standing.document().map(|by| (Documentation, by)))
    {
        return Kind::new(context, Reason::Named(by.to_owned(), context));
    }
    let words = PathWords::new(around.told_path());
    if words.extension() == "toml" && holds_scanner_rules(text) {
        let what = "it holds the rules of a secret scanner, and examples with them";
        return Kind::by(Test, what);
    }
    match words.form() {
        FileForm::Script => script::kind(&words, text, around),
        form => other(&words, form),
    }
}

/// Rules of this program, of gitleaks and of betterleaks: `[[rules]]`, and a regex in one.
fn holds_scanner_rules(text: &[u8]) -> bool {
    let begins = |line: &[u8], key: &[u8]| line.trim_ascii_start().starts_with(key);
    let mut lines = text.split(|b| *b == b'\n');
    lines.any(|line| begins(line, b"[[rules]]")) && lines.any(|line| begins(line, b"regex"))
}

/// Files that are no scripts go by their kind and their folder.
fn other(path: &PathWords, form: FileForm) -> Kind {
    if path.is_page_data() {
        return Kind::by(FileContext::BrowserBundle, PAGE_DATA);
    }
    if form == FileForm::Markup && path.is_client_source() {
        let what = "it is a component or a template, which becomes a page";
        return Kind::by(FileContext::ClientSource, what);
    }
    if let Some(folder) = path.server_output() {
        return Kind::new(FileContext::Server, Reason::Folder(folder));
    }
    if let Some(folder) = path.browser_output() {
        return Kind::new(FileContext::BrowserBundle, Reason::Folder(folder));
    }
    if form == FileForm::Map && (path.is_served() || path.is_built()) {
        let what = "it is a source map in a folder of built or served files";
        return Kind::by(FileContext::BrowserBundle, what);
    }
    if path.is_build_config() {
        Kind::by(FileContext::BuildConfig, CONFIGURES)
    } else {
        Kind::new(FileContext::Source, Reason::Nothing)
    }
}

/// A rule's severity in a context. What is no part of the program is a warning at most, but for a Jourvex
/// key: it opens the same account wherever it stands.
pub(super) fn severity_in(context: FileContext, rule: &Rule) -> Severity {
    let severity = rule.info.severity;
    match context {
        _ if context.reaches_browser() => raised(severity),
        _ if context.is_aside() && rule.gate != Gate::JourvexKey => lowered(severity),
        _ => severity,
    }
}

fn lowered(severity: Severity) -> Severity {
    if severity.is_error() {
        Severity::Medium
    } else {
        Severity::Low
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
    use crate::model::Alone;

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
            ("cypress.config.ts", "", Source),
            ("app/hello+api.ts", "", Server),
            ("src/pages/j.json.ts", "export const GET = () => 1", Server),
            (
                "src/routes/a/index.ts",
                "export const onGet = () => 1",
                Server,
            ),
            (
                "components/Trip.tsx",
                "export default async function Trip() {}",
                Server,
            ),
            (
                "components/Trip.tsx",
                "export default function Trip() {}",
                ClientSource,
            ),
            ("types/env.d.ts", "interface Window { document: 1 }", Source),
            // Neither.
            ("README.md", "document.title", Documentation),
            ("src/a.test.ts", "document.title", Test),
            ("package-lock.json", "", Lockfile),
            ("main.py", "document.title", Source),
            ("rules/acme.toml", "[[rules]]\nid = 'a'\nregex = 'b'", Test),
            ("netlify.toml", "[[redirects]]\nfrom = '/*'", Source),
        ] {
            let path = BlobPath::from(path);
            let kind = classify(&path, &path, text.as_bytes(), &Alone);
            assert_eq!(kind.context, expected, "{path}: {text}");
        }
    }

    /// One file next to the one that is asked about.
    struct Beside(&'static str, &'static str);

    impl Nearby for Beside {
        fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
            (path == &BlobPath::from(self.0)).then(|| self.1.as_bytes().to_vec())
        }
    }

    #[test]
    fn neighbours_tell_what_a_file_alone_does_not() {
        const MANIFEST: &str = r#"{"manifest_version":3,"background":{"service_worker":"bg.js"}}"#;
        const LOADS: &str = "<script src=bg.js>";
        const VITE: &str = r#"{"devDependencies":{"vite":"1"},"dependencies":{"vue":"3"}}"#;
        const EXPRESS: &str = r#"{"dependencies":{"express":"5"}}"#;
        for (path, beside, text, expected) in [
            ("ext/bg.js", "ext/manifest.json", MANIFEST, ClientSource),
            ("ext/lib/x.js", "ext/manifest.json", MANIFEST, ClientSource),
            ("bg.js", "index.html", LOADS, BrowserBundle),
            (
                "bg.ts",
                "index.html",
                "<script type=module src=/bg.ts>",
                ClientSource,
            ),
            ("site/bg.js", "other/index.html", LOADS, Source),
            ("src/api.js", "package.json", VITE, ClientSource),
            ("src/server/api.js", "package.json", VITE, Server),
            ("src/hooks/api.js", "package.json", EXPRESS, Server),
            ("deploy.js", "package.json", VITE, Source),
            ("src/api.js", "package.json", EXPRESS, Server),
            ("src/api.js", "package.json", "{}", Source),
            ("src/Api.vue", "package.json", EXPRESS, ClientSource),
            ("app/api/a/route.ts", "package.json", VITE, Server),
        ] {
            let kind = classify(&path.into(), &path.into(), b"x", &Beside(beside, text));
            assert_eq!(
                kind.context,
                expected,
                "{path} beside {beside}: {}",
                kind.because(b"x")
            );
            assert_eq!(
                classify(&path.into(), &path.into(), b"'use server';", &Alone).context == Server,
                !path.ends_with("vue")
            );
        }
    }
}
