//! What a path alone says about a file, by the conventions in `layout`.

use super::layout::{
    BROWSER_OUTPUT, BUILT, CLIENT_FOLDERS, CONFIG_NAMES, JSON_CONFIGS, SERVED, SERVER_FOLDERS,
    SERVER_OUTPUT, TEST_CONFIGS,
};
use crate::model::BlobPath;
use crate::syntax::{is_listed, listed};

/// How a file is read: what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect) enum FileForm {
    /// JavaScript, TypeScript or JSX.
    Script,
    /// HTML, or a component file with markup, scripts and styles.
    Markup,
    /// A source map.
    Map,
    /// Anything else.
    Other,
}

/// A path in lower case, split for the questions below.
#[derive(Debug)]
pub(in crate::detect) struct PathWords {
    whole: String,
    name_at: usize,
}

impl PathWords {
    pub(in crate::detect) fn new(path: &BlobPath) -> Self {
        let whole = format!("/{}", String::from_utf8_lossy(path.as_bytes())).to_ascii_lowercase();
        let name_at = whole.rfind('/').map_or(0, |at| at + 1);
        Self { whole, name_at }
    }

    pub(super) fn name(&self) -> &str {
        &self.whole[self.name_at..]
    }

    pub(in crate::detect) fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ext)| ext)
    }

    pub(in crate::detect) fn form(&self) -> FileForm {
        if is_listed(JSON_CONFIGS, self.name().as_bytes()) {
            return FileForm::Script;
        }
        match self.extension() {
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" => FileForm::Script,
            "html" | "htm" | "xhtml" | "vue" | "svelte" | "astro" | "php" | "erb" | "ejs"
            | "hbs" | "njk" | "twig" | "jinja" | "j2" | "cshtml" | "jsp" => FileForm::Markup,
            "map" => FileForm::Map,
            _ => FileForm::Other,
        }
    }

    fn holds(&self, part: &str) -> bool {
        self.whole.contains(part)
    }

    fn folders(&self) -> impl Iterator<Item = &str> {
        self.whole[..self.name_at].split('/')
    }

    fn under(&self, names: &str) -> bool {
        self.folders()
            .any(|folder| is_listed(names, folder.as_bytes()))
    }

    fn stem(&self) -> &str {
        self.name().split('.').next().unwrap_or_default()
    }

    /// Built for a server, whatever its text says.
    pub(super) fn server_output(&self) -> Option<&'static str> {
        let worker = matches!(self.name(), "_worker.js" | "_worker.mjs").then_some("_worker.js");
        worker.or_else(|| self.first(SERVER_OUTPUT))
    }

    /// Built for browsers, whatever its text says.
    pub(super) fn browser_output(&self) -> Option<&'static str> {
        let angular = self.holds("/dist/") && self.holds("/browser/");
        let angular = angular.then_some("dist/<app>/browser/");
        angular.or_else(|| self.first(BROWSER_OUTPUT))
    }

    fn first(&self, parts: &'static str) -> Option<&'static str> {
        listed(parts).find(|part| self.holds(part))
    }

    /// A kind of file that only browsers, or only pages, have a use for. Rendered pages and payloads
    /// reach the browser even from `.next/server`.
    pub(super) fn is_page_data(&self) -> bool {
        let payload = [
            "__data.json",
            "_payload.json",
            "page-data.json",
            "_payload.js",
            "sw.js",
            "service-worker.js",
            "serviceworker.js",
            "firebase-messaging-sw.js",
        ];
        let rendered = matches!(self.extension(), "json" | "body" | "txt" | "meta")
            && (self.holds("/.next/server/app/") || self.holds("/.next/server/pages/"));
        let exported = self.extension() == "txt" && (self.holds("/out/") || self.holds("/public/"));
        matches!(
            self.extension(),
            "html" | "htm" | "xhtml" | "css" | "webmanifest" | "rsc"
        ) || payload.contains(&self.name())
            || rendered
            || exported
    }

    pub(super) fn is_served(&self) -> bool {
        self.under(SERVED)
    }

    pub(super) fn is_built(&self) -> bool {
        self.under(BUILT)
    }

    /// `main.5e9ed604.js`, `index-DP9FizT4.js`, `app.min.js`: named by a bundler.
    pub(super) fn is_hashed(&self) -> bool {
        let mut parts = self.name().split(['.', '-']).skip(1);
        parts.any(|part| {
            let mixed = part.bytes().any(|b| b.is_ascii_digit());
            part == "min" || part == "bundle" || (part.len() >= 6 && mixed)
        })
    }

    /// Configures a bundler or a framework's build.
    pub(in crate::detect) fn is_build_config(&self) -> bool {
        let name = self.name();
        let by_name = listed(CONFIG_NAMES).any(|start| name.starts_with(start));
        // `src/config/jourvex.config.ts` is a program's own.
        let is_own = self.under("src config configs lib");
        let config =
            name.contains(".config.") && !is_own && matches!(self.form(), FileForm::Script);
        let in_json = is_listed(JSON_CONFIGS, name.as_bytes());
        let ember = self.holds("/config/environment.js");
        let storybook = self.holds("/.storybook/main.");
        let runs_tests = listed(TEST_CONFIGS).any(|start| name.starts_with(start));
        !runs_tests
            && ((by_name && self.form() == FileForm::Script)
                || config
                || in_json
                || ember
                || storybook)
    }

    /// Server code by its name or its place in a framework's layout.
    pub(super) fn is_server_source(&self) -> bool {
        let name = self.name();
        let marked = name.contains(".server.") || name.starts_with("+server.");
        // <https://vike.dev/data>
        let marked = marked || name.contains("+api.") || matches!(self.stem(), "+data" | "+guard");
        let named = matches!(
            self.stem(),
            "entry-server" | "middleware" | "instrumentation" | "gatsby-node" | "gatsby-ssr"
        );
        let route = self.stem() == "route" && self.holds("/app/");
        let api = ["/pages/api/", "/app/api/", "/lib/server/", "/routes/api/"];
        marked
            || named
            || name.starts_with("hooks.server")
            || route
            || api.iter().any(|p| self.holds(p))
    }

    /// Server code by its folder, unless the text uses the page.
    pub(super) fn is_in_server_folder(&self) -> bool {
        let api = self.holds("/api/") && !self.holds("/src/");
        api || self.under(SERVER_FOLDERS)
    }

    /// A page or layout of Next.js' app folder: a server component unless it says `'use client'`.
    pub(super) fn is_app_router_page(&self) -> bool {
        let pages = [
            "page",
            "layout",
            "template",
            "default",
            "not-found",
            "loading",
        ];
        self.holds("/app/") && pages.contains(&self.stem()) && self.name().matches('.').count() == 1
    }

    /// Code for browsers by its name or its place in a framework's layout.
    pub(super) fn is_client_source(&self) -> bool {
        let name = self.name();
        let marked = name.contains(".client.") || name.starts_with("entry-client.");
        let named = name.starts_with("renderer.")
            || name.starts_with("instrumentation-client.")
            || self.under("islands")
            || name.starts_with("preload.")
            || name.starts_with("gatsby-browser.");
        let universal = matches!(self.stem(), "+page" | "+layout" | "+error");
        let angular = self.holds("/environments/environment") || name.contains(".component.");
        let component = matches!(self.extension(), "vue" | "svelte" | "astro");
        // Templates that a server fills in; what they hold goes to the page as it is.
        let template = matches!(
            self.extension(),
            "ejs" | "hbs" | "njk" | "twig" | "jinja" | "j2" | "erb" | "cshtml" | "jsp"
        );
        let template = template || name.ends_with(".blade.php");
        let storybook = self.holds("/.storybook/preview") || name.contains(".stories.");
        marked || named || universal || angular || component || template || storybook
    }

    /// In a language that is compiled, which no browser loads as it is.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self.extension(), "ts" | "mts" | "tsx" | "jsx")
    }

    /// In a folder of a project's own code, and not that of its tools.
    pub(super) fn is_project_source(&self) -> bool {
        let for_tools = self.stem() == "setupproxy";
        !for_tools && self.under("src app lib source")
    }

    /// Below the `src/app` of an Angular project, and not for its server alone.
    pub(super) fn is_in_angular_app(&self) -> bool {
        self.holds("/src/app/") && self.stem() != "server"
    }

    /// Code for browsers by its folder or language, unless the text says otherwise. Under `app/` a
    /// component may as well be one of the server's.
    pub(super) fn is_in_client_folder(&self) -> bool {
        let jsx = matches!(self.extension(), "jsx" | "tsx");
        (jsx && !self.holds("/app/")) || self.under(CLIENT_FOLDERS)
    }
}
