//! What the settings of a bundler, or the script that runs one, name as the beginning of a bundle for browsers.

use super::super::mark::is_build_script;
use crate::syntax::{Item, TokenKind, Tree, is_listed};

/// Files with such settings, in the folder of a package or one below it.
pub(super) const CONFIGS: &str = "webpack.config.js webpack.config.ts webpack.config.cjs webpack.config.mjs webpack.common.js \
    webpack.base.js webpack.prod.js rspack.config.js rspack.config.ts rspack.config.mjs rspack.config.cjs \
    rollup.config.js rollup.config.mjs rollup.config.ts esbuild.config.js esbuild.config.mjs esbuild.js \
    esbuild.mjs build.js build.mjs build.ts config/webpack.config.js config/webpack.common.js \
    webpack/webpack.config.js webpack/webpack.common.js build/webpack.config.js build/webpack.base.conf.js";

/// Bytes of settings that are read.
const LONGEST: usize = 64 << 10;

/// Settings that name entries: of webpack and Rspack, of esbuild, of Bun, of Rollup.
const ENTRIES: &str = "entry entryPoints entrypoints input";

/// Settings that say what a build is for.
const TARGETS: &str = "target platform runtime buildtarget";

/// What they say of a build for a server.
const SERVERS: &str = "node async-node bun deno server nodejs electron-main workerd edge neutral";

/// Settings around others.
const NESTING: &str = "build output bundle environments rollupoptions options externalspresets";

/// Formats that Rollup writes for `<script>`; the others it writes for any program.
const FOR_PAGES: &str = "iife umd amd system";

/// Where a bundle begins: a path from the folder of the package, without `./`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::detect::context) struct BundleEntry {
    pub(super) path: String,
    pub(super) is_for_server: bool,
}

/// Where bundles begin that settings make. `name` is their file's, from the folder of the package.
pub(super) fn entries(settings: &[u8], name: &str) -> Vec<BundleEntry> {
    let settings = &settings[..settings.len().min(LONGEST)];
    // A script of this name builds whatever it likes.
    if name.starts_with("build.") && !is_build_script(settings) {
        return Vec::new();
    }
    let folder = name.rfind('/').map_or("", |slash| &name[..=slash]);
    let tree = Tree::behind(settings, 0, settings.len());
    let is_rollup = name.contains("rollup");
    let mut entries = Vec::new();
    for at in 0..tree.tokens.len() {
        let is_entry = is_listed(ENTRIES, tree.word(at)) && tree.key_behind(at).is_some();
        let Some(open) = tree.parent(at).filter(|_| is_entry) else {
            continue;
        };
        let is_for_server = targets_server(&tree, open) || (is_rollup && !is_for_pages(&tree));
        let items = tree.items(open);
        let own = items.iter().find(|item| item.key == Some(at));
        let base = items
            .iter()
            .find(|item| item.key.is_some_and(|key| tree.word(key) == b"context"));
        let base = base.and_then(|item| paths(&tree, *item, folder).pop());
        for path in own.map_or(Vec::new(), |item| paths(&tree, *item, folder)) {
            let path = match &base {
                Some(base) => format!("{base}/{path}"),
                None => path,
            };
            entries.push(BundleEntry {
                path,
                is_for_server,
            });
        }
    }
    entries
}

/// The same of a command: `esbuild src/app.ts --bundle --outfile=public/app.js`.
pub(super) fn entries_of_script(script: &str) -> Vec<BundleEntry> {
    let mut entries = Vec::new();
    for command in script.split(['&', ';', '|']) {
        let words: Vec<&str> = command.split_whitespace().collect();
        let is_bundler = |word: &str| matches!(word, "esbuild" | "browserify" | "watchify");
        let bun = words.windows(2).position(|pair| pair == ["bun", "build"]);
        let Some(at) = words.iter().position(|word| is_bundler(word)).or(bun) else {
            continue;
        };
        let says_server = |word: &&str| {
            let value = word.rsplit('=').next().unwrap_or_default();
            let is_target = word.starts_with("--platform") || word.starts_with("--target");
            *word == "--node" || is_target && is_server(value.as_bytes())
        };
        let is_for_server = words.iter().any(says_server);
        let is_path = |word: &&&str| {
            let name = word.rsplit('/').next().unwrap_or_default();
            !word.starts_with('-') && !word.contains('=') && name.contains('.')
        };
        let paths = words[at + 1..].iter().filter(is_path);
        entries.extend(paths.map(|word| BundleEntry {
            path: plain(word),
            is_for_server,
        }));
    }
    entries
}

/// The paths that a setting names: literals, and those that a call joins, `path.join(__dirname, "src", "app.js")`.
fn paths(tree: &Tree<'_>, item: Item, folder: &str) -> Vec<String> {
    let mut paths: Vec<(Option<usize>, String)> = Vec::new();
    for at in item.start..item.end {
        if tree.kind(at) != Some(TokenKind::Str) || tree.key_behind(at).is_some() {
            continue;
        }
        let text = String::from_utf8_lossy(tree.word(at)).into_owned();
        let call = tree
            .parent(at)
            .filter(|open| *open >= item.start && tree.is(*open, b"("));
        match paths.last_mut() {
            Some((last, path)) if call.is_some() && *last == call => {
                *path = format!("{path}/{text}")
            }
            _ => {
                let is_from_settings = call.is_some_and(|open| {
                    (open..at).any(|at| is_listed("__dirname import.meta.dirname", tree.word(at)))
                });
                let base = if is_from_settings { folder } else { "" };
                paths.push((call, format!("{base}{text}")));
            }
        }
    }
    paths.into_iter().map(|(_, path)| plain(&path)).collect()
}

/// A path without `.` and `..` in it.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl BundleEntry {
    /// True when it names the file at `own`, with its ending or without, or the folder whose index it is.
    fn names(&self, own: &str) -> bool {
        let stem = own.rsplit_once('.').map_or(own, |(stem, _)| stem);
        let path = self.path.as_str();
        path == own || path == stem || stem.strip_suffix("/index") == Some(path)
    }

    /// True when the file at `own` lies in its folder or below it, and the package is not that folder.
    fn is_beside(&self, own: &str) -> bool {
        let folder = self.path.rfind('/').map(|slash| &self.path[..=slash]);
        folder.is_some_and(|folder| own.starts_with(folder))
    }
}

/// True when some bundle for browsers begins with the file at `own`.
pub(super) fn begin_with(entries: &[BundleEntry], own: &str) -> bool {
    let mut entries = entries.iter().filter(|entry| !entry.is_for_server);
    entries.any(|entry| entry.names(own))
}

/// True when bundles for browsers, and none for a server, begin in a folder that the file at `own` is in.
pub(super) fn are_beside(entries: &[BundleEntry], own: &str) -> bool {
    let mut beside = entries.iter().filter(|entry| entry.is_beside(own));
    let first = beside.next();
    first.is_some_and(|first| !first.is_for_server) && beside.all(|entry| !entry.is_for_server)
}

/// True when some output of Rollup is for `<script>`.
fn is_for_pages(tree: &Tree<'_>) -> bool {
    (0..tree.tokens.len()).any(|at| {
        let value = tree.key_behind(at).filter(|_| tree.is(at, b"format"));
        value.is_some_and(|value| is_listed(FOR_PAGES, tree.word(value)))
    })
}

/// True for settings of which one names a server: `target: 'node'`, `ssr: true`, `build: { ssr: true }`.
pub(in crate::detect) fn targets_server(tree: &Tree<'_>, open: usize) -> bool {
    says_server(tree, open, 0)
}

fn says_server(tree: &Tree<'_>, open: usize, depth: usize) -> bool {
    tree.items(open).iter().any(|item| {
        let key = item.key.map(|key| tree.word(key).to_ascii_lowercase());
        let Some(key) = key else {
            return false;
        };
        let values = item.start..item.end;
        if is_listed(TARGETS, &key) {
            let mut words = values.map(|at| tree.word(at).to_ascii_lowercase());
            return words.any(|word| is_server(&word));
        }
        if key == b"ssr" || depth > 0 && key == b"node" {
            return !is_listed("false undefined null", tree.word(item.start));
        }
        let is_nested = depth == 0 && is_listed(NESTING, &key) && tree.is(item.start, b"{");
        is_nested && says_server(tree, item.start, depth + 1)
    })
}

/// `node`, `node18`, `async-node`.
fn is_server(word: &[u8]) -> bool {
    let digits = word.iter().rev();
    let digits = digits
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    is_listed(SERVERS, &word[..word.len() - digits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_bundlers_name_where_a_bundle_begins() {
        for (name, settings, expected) in [
            (
                "webpack.config.js",
                "module.exports = { entry: './src/app.js' }",
                "src/app.js",
            ),
            (
                "webpack.config.js",
                "module.exports = { entry: { a: './a.ts', 'b': ['c', './d'] } }",
                "a.ts c d",
            ),
            (
                "webpack/webpack.config.js",
                "const c = { entry: path.resolve(__dirname, '..', 'web', 'main.ts') }",
                "web/main.ts",
            ),
            (
                "webpack.config.js",
                "export default { context: resolve(__dirname, 'src'), entry: './a' }",
                "src/a",
            ),
            (
                "build.mjs",
                "import { build } from 'esbuild'; build({ entryPoints: ['src/x.tsx'], bundle: true })",
                "src/x.tsx",
            ),
            (
                "build.mjs",
                "import { build } from 'esbuild'; build({ entryPoints: ['src/x.ts'], platform: 'node' })",
                "",
            ),
            (
                "webpack.config.js",
                "module.exports = [{ target: 'node', entry: './s' }, { entry: './c' }]",
                "c",
            ),
            (
                "webpack.config.js",
                "module.exports = { externalsPresets: { node: true }, entry: './s' }",
                "",
            ),
            (
                "rollup.config.mjs",
                "export default { input: 'src/a.js', output: { format: 'iife' } }",
                "src/a.js",
            ),
            (
                "rollup.config.mjs",
                "export default { input: 'src/a.js', output: { format: 'esm' } }",
                "",
            ),
            ("webpack.config.js", "module.exports = { entry", ""),
            ("webpack.config.js", "", ""),
        ] {
            assert_eq!(
                shown(&entries(settings.as_bytes(), name)),
                expected,
                "{settings}"
            );
        }
    }

    #[test]
    fn a_command_names_where_a_bundle_begins() {
        for (script, expected) in [
            (
                "esbuild src/app.tsx --bundle --outfile=public/app.js",
                "src/app.tsx",
            ),
            (
                "tsc -p . && npx esbuild ./web/a.ts web/b.ts --bundle --outdir=dist",
                "web/a.ts web/b.ts",
            ),
            ("esbuild src/s.ts --bundle --platform=node", ""),
            ("esbuild src/s.ts --target=node18 --bundle", ""),
            ("bun build ./index.tsx --outdir ./dist", "index.tsx"),
            ("bun build ./index.ts --target=bun", ""),
            ("browserify main.js -o bundle.js", "main.js bundle.js"),
            ("node server.js", ""),
        ] {
            assert_eq!(shown(&entries_of_script(script)), expected, "{script}");
        }
    }

    #[test]
    fn an_entry_is_a_file_or_what_stands_for_one() {
        let entry = |path: &str, is_for_server| BundleEntry {
            path: path.to_owned(),
            is_for_server,
        };
        let client = |path: &str| entry(path, false);
        assert!(client("src/a").names("src/a.ts") && client("src/a.js").names("src/a.js"));
        assert!(client("src").names("src/index.js") && !client("src/a").names("src/ab.ts"));
        assert!(are_beside(&[client("src/a.ts")], "src/lib/b.ts"));
        assert!(!are_beside(&[client("a.ts")], "b.ts"));
        assert!(!are_beside(
            &[client("src/a.ts"), entry("src/s.ts", true)],
            "src/b.ts"
        ));
    }

    /// The entries of bundles for browsers.
    fn shown(entries: &[BundleEntry]) -> String {
        let entries = entries.iter().filter(|entry| !entry.is_for_server);
        let paths: Vec<_> = entries.map(|entry| entry.path.as_str()).collect();
        paths.join(" ")
    }
}
