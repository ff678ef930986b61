//! What a `package.json` says of the code beside it.

use super::super::mark::MarkSide;
use super::bundler::{self, BundleEntry};
use crate::model::BlobPath;
use crate::syntax::listed;
use memchr::memmem;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::collections::BTreeMap;

/// Packages of code that draws pages or screens.
const DRAWS: &str = "@angular/core @capacitor/core @ionic/core @ionic/react @ionic/vue @vue/cli-service alpinejs ember-source \
    @crxjs/vite-plugin @sveltejs/vite-plugin-svelte @vitejs/plugin-react @vitejs/plugin-react-swc @vitejs/plugin-vue \
    expo html-webpack-plugin lit preact react-dom react-native react-scripts solid-js svelte vue";

/// Packages of code that answers requests.
const ANSWERS: &str = "@apollo/server @fastify/ @google-cloud/functions-framework @hapi/hapi @hono/node-server @nestjs/core \
    @netlify/functions @vercel/node express fastify firebase-functions h3 hono koa serverless wrangler";

/// Packages of programs whose parts run on either side, or on neither.
const BOTH: &str = "@builder.io/qwik-city @qwik.dev/router @react-router/dev @redwoodjs/core @remix-run/ @solidjs/start \
    @sveltejs/kit @tanstack/react-start astro blitz electron gatsby ink next nuxt vike vscode waku";

/// A package, by what it is built with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::detect::context) struct Package {
    /// Where its `package.json` is.
    pub(in crate::detect::context) path: BlobPath,
    dependencies: Vec<String>,
    is_command: bool,
    /// Parcel builds a page of it.
    builds_page: bool,
    /// Where bundles for browsers begin that its scripts make, as paths from its folder.
    pub(super) entries: Vec<BundleEntry>,
}

/// The members of a `package.json` that are read (<https://docs.npmjs.com/cli/configuring-npm/package-json>).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Syntax {
    name: Option<IgnoredAny>,
    #[serde(default)]
    dependencies: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    dev_dependencies: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    peer_dependencies: BTreeMap<String, IgnoredAny>,
    bin: Option<IgnoredAny>,
    #[serde(default)]
    scripts: BTreeMap<String, Value>,
}

impl Package {
    /// Reads a `package.json`. `None` when it is none, or has neither a name nor dependencies: one
    /// that only sets the type of the modules in a folder says nothing.
    pub(super) fn read(path: BlobPath, text: &[u8]) -> Option<Self> {
        let syntax: Syntax = serde_json::from_slice(text).ok()?;
        let all = [
            syntax.dependencies,
            syntax.dev_dependencies,
            syntax.peer_dependencies,
        ];
        let dependencies: Vec<_> = all.into_iter().flat_map(BTreeMap::into_keys).collect();
        let scripts = syntax.scripts.values().filter_map(Value::as_str);
        let mut package = Self {
            path,
            dependencies,
            is_command: syntax.bin.is_some(),
            builds_page: false,
            entries: scripts.flat_map(bundler::entries_of_script).collect(),
        };
        // Parcel starts from a page, which `source` or a script names
        // (<https://parceljs.org/getting-started/webapp/>).
        let names_page = memmem::find(text, b".html").is_some();
        package.builds_page = names_page && package.uses("parcel parcel-bundler");
        (syntax.name.is_some() || !package.dependencies.is_empty()).then_some(package)
    }

    /// True when it needs one of these packages; `@scope/` stands for all of a scope.
    pub(in crate::detect::context) fn uses(&self, names: &str) -> bool {
        let is_one = |dependency: &String| {
            let mut names = listed(names);
            names.any(|n| dependency == n || (n.ends_with('/') && dependency.starts_with(n)))
        };
        self.dependencies.iter().any(is_one)
    }

    /// Where all of its code runs, if it can only be one side.
    pub(in crate::detect::context) fn side(&self) -> MarkSide {
        let draws = self.builds_page || self.uses(DRAWS);
        let answers = self.uses(ANSWERS);
        match self.uses(BOTH) || self.is_command {
            false if draws && !answers => MarkSide::Page,
            false if answers && !draws => MarkSide::Server,
            _ => MarkSide::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_of_one_side_only_if_nothing_speaks_for_the_other() {
        for (text, side) in [
            (
                r#"{"dependencies":{"react-dom":"1"},"devDependencies":{"vite":"1"}}"#,
                MarkSide::Page,
            ),
            (r#"{"dependencies":{"expo":"1"}}"#, MarkSide::Page),
            (r#"{"dependencies":{"express":"1"}}"#, MarkSide::Server),
            (
                r#"{"dependencies":{"express":"1","react-dom":"1"}}"#,
                MarkSide::Unknown,
            ),
            (
                r#"{"dependencies":{"next":"1","react-dom":"1"}}"#,
                MarkSide::Unknown,
            ),
            (
                r#"{"dependencies":{"@remix-run/node":"1","react-dom":"1"}}"#,
                MarkSide::Unknown,
            ),
            (
                r#"{"bin":"a.js","dependencies":{"preact":"1"}}"#,
                MarkSide::Unknown,
            ),
            (
                r#"{"source":"a.html","devDependencies":{"parcel":"2"}}"#,
                MarkSide::Page,
            ),
            (r#"{"devDependencies":{"parcel":"2"}}"#, MarkSide::Unknown),
            (
                r#"{"devDependencies":{"typescript":"1"}}"#,
                MarkSide::Unknown,
            ),
        ] {
            let package = Package::read(BlobPath::default(), text.as_bytes()).unwrap();
            assert_eq!(package.side(), side, "{text}");
        }
    }

    #[test]
    fn a_package_of_a_workspace_is_not_judged_by_the_packages_around_it() {
        let package = Package::read(BlobPath::default(), br#"{"name":"api"}"#).unwrap();
        assert_eq!(package.side(), MarkSide::Unknown);
    }

    #[test]
    fn what_names_no_package_is_passed_over() {
        for text in [r#"{"type":"module"}"#, "[]", "", r#"{"dependencies":7}"#] {
            assert_eq!(
                Package::read(BlobPath::default(), text.as_bytes()),
                None,
                "{text}"
            );
        }
    }
}
