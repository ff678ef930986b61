//! What `npm publish` puts into a package, by the
//! [documented rules](https://docs.npmjs.com/cli/v11/configuring-npm/package-json#files) and without npm: it would read
//! the project's `.npmrc` and run its scripts.

use super::listing::{PackageError, PackageListing, entries};
use super::npm_rule::NpmRule;
use super::npm_tree::{around, bundled};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// What is left out of every folder.
const DEFAULTS: &[&str] = &[
    ".npmignore",
    ".gitignore",
    "**/.git",
    "**/.svn",
    "**/.hg",
    "**/CVS",
    "**/.git/**",
    "**/.svn/**",
    "**/.hg/**",
    "**/CVS/**",
    "/.lock-wscript",
    "/.wafpickle-*",
    "/build/config.gypi",
    "npm-debug.log",
    "**/.npmrc",
    ".*.swp",
    ".DS_Store",
    "**/.DS_Store/**",
    "._*",
    "**/._*/**",
    "*.orig",
    "/archived-packages/**",
];

/// What a package has, or has not, whatever its other rules say.
const STRICT: &[&str] = &[
    "/.git",
    "!/package.json",
    "!/readme{,.*[^~$]}",
    "!/copying{,.*[^~$]}",
    "!/license{,.*[^~$]}",
    "!/licence{,.*[^~$]}",
    "/.git",
    "/node_modules",
    ".npmrc",
    "/package-lock.json",
    "/yarn.lock",
    "/pnpm-lock.yaml",
    "/bun.lockb",
];

/// Scripts that npm runs before it packs.
const SCRIPTS: &[&str] = &["prepublishOnly", "prepack", "prepare"];

/// What npm says that it runs now (<https://docs.npmjs.com/cli/v11/using-npm/scripts#environment>).
const RUNNING: &str = "npm_lifecycle_event";

/// Lists the files of the package in `folder`.
///
/// # Errors
/// When there is no package, or it cannot be read.
pub(super) fn list(folder: &Path) -> Result<PackageListing, PackageError> {
    let package = super::npm_tree::package(folder)?;
    let mut listing = PackageListing::default();
    if package["private"] == Value::Bool(true) {
        listing.note("package.json: `private` is true, so that npm publishes nothing of this");
    }
    let has = |name: &&&str| package["scripts"][**name].is_string();
    let scripts: Vec<&str> = SCRIPTS.iter().filter(has).copied().collect();
    let running = std::env::var(RUNNING).unwrap_or_default();
    if SCRIPTS.contains(&running.as_str()) {
        listing.note(&format!(
            "npm runs `{running}`, and may write files behind it; have `postpack` run this, when all is there"
        ));
    } else if !scripts.is_empty() && running != "postpack" {
        let scripts = scripts.join("`, `");
        listing.note(&format!(
            "package.json: npm runs `{scripts}` before it packs; nothing is run here, so run it first"
        ));
    }
    let around = around(folder, &mut listing);
    add(
        &mut listing,
        folder,
        Packing {
            package: &package,
            around: &around,
            is_bundled: false,
        },
    );
    for dependency in bundled(folder, &package, &mut listing) {
        let packing = Packing {
            package: &dependency.package,
            around: &[],
            // Where a link leads to a package is at work, and npm reads its ignore files.
            is_bundled: !dependency.is_link,
        };
        add(&mut listing, &dependency.folder, packing);
    }
    listing.below(folder)
}

/// A package that is listed.
struct Packing<'p> {
    package: &'p Value,
    /// Rules that come from around it.
    around: &'p [String],
    /// Whether it is in `node_modules`, where ignore files count for nothing.
    is_bundled: bool,
}

fn add(listing: &mut PackageListing, folder: &Path, packing: Packing<'_>) {
    let root = NpmFolder::package(listing, folder, &packing);
    let has_workspaces = packing.package.get("workspaces").is_some();
    root.walk(listing, has_workspaces);
}

/// One folder, with the rules that stand in it.
struct NpmFolder<'p> {
    parent: Option<&'p Self>,
    path: PathBuf,
    name: String,
    rules: Vec<NpmRule>,
    /// Files in it that a package asks for by name.
    required: Vec<String>,
    /// Whether a rule takes in the folder itself, so that rules above say nothing more of what is in it.
    is_exact: bool,
}

impl<'p> NpmFolder<'p> {
    /// The folder of a package.
    fn package(listing: &mut PackageListing, path: &Path, packing: &Packing<'_>) -> Self {
        let mut rules = Rules::default();
        if !packing.is_bundled {
            rules.lines(listing, DEFAULTS);
            rules.lines(listing, packing.around);
        }
        let (files, strict, required) = of_package(path, packing.package);
        match files {
            Some(files) => rules.lines(listing, &files),
            None if packing.is_bundled => {}
            None => rules.ignore_file(listing, path),
        }
        rules.lines(listing, &strict);
        Self {
            parent: None,
            path: path.to_owned(),
            name: String::new(),
            rules: rules.0,
            required,
            is_exact: false,
        }
    }

    /// A folder in one.
    fn below(&'p self, listing: &mut PackageListing, name: &str, has_workspaces: bool) -> Self {
        let path = self.path.join(name);
        let mut rules = Rules::default();
        rules.lines(listing, DEFAULTS);
        // In the root of workspaces npm takes the package.json of a folder for its ignore file.
        let is_other = has_workspaces && path.join("package.json").is_file();
        if !is_other {
            rules.ignore_file(listing, &path);
        }
        let prefix = format!("{name}/");
        let required = self.required.iter();
        let required: Vec<String> = required
            .filter_map(|file| file.strip_prefix(&prefix))
            // What lies deeper is not asked for by name there.
            .filter(|file| !file.contains('/'))
            .map(str::to_owned)
            .collect();
        rules.lines(listing, &["/.git"]);
        let asked: Vec<String> = required.iter().map(|file| format!("!{file}")).collect();
        rules.lines(listing, &asked);
        Self {
            parent: Some(self),
            path,
            name: name.to_owned(),
            rules: rules.0,
            required,
            is_exact: self.takes(name, false, None) || self.takes(&prefix, false, None),
        }
    }

    fn walk(&self, listing: &mut PackageListing, has_workspaces: bool) {
        for (name, kind) in entries(listing, &self.path) {
            // npm takes no name that Windows cannot have.
            if name.contains('*') {
                continue;
            }
            if kind.is_dir() && self.takes(&name, true, None) {
                self.below(listing, &name, has_workspaces)
                    .walk(listing, has_workspaces);
            } else if kind.is_file() && self.takes(&name, false, None) {
                listing.add(self.path.join(name));
            }
        }
    }

    /// Whether `entry`, a path below this folder, is taken into the package. With `partial` it may be a folder; `name`
    /// is that of the entry itself, if the question comes from below.
    fn takes(&self, entry: &str, partial: bool, name: Option<&str>) -> bool {
        let mut is_taken = true;
        if let Some(parent) = self.parent {
            let there = format!("{}/{entry}", self.name);
            is_taken = parent.takes(&there, partial, Some(name.unwrap_or(entry)));
            if !is_taken && !self.is_exact {
                return false;
            }
        }
        for rule in &self.rules {
            if rule.is_negated != is_taken && is_about(rule, entry, partial, name) {
                is_taken = rule.is_negated;
            }
        }
        is_taken
    }
}

fn is_about(rule: &NpmRule, entry: &str, partial: bool, name: Option<&str>) -> bool {
    let is_hit = |path: &str| rule.hits(&format!("/{path}")) || rule.hits(path);
    let may_hit = |path: &str| {
        let below =
            |path: &str| rule.may_hit_below(&format!("/{path}")) || rule.may_hit_below(path);
        is_hit(&format!("{path}/")) || rule.is_negated && below(path)
    };
    let own_name = name.filter(|_| rule.is_relative);
    is_hit(entry) || partial && (may_hit(entry) || own_name.is_some_and(may_hit))
}

/// Rules as they are gathered.
#[derive(Default)]
struct Rules(Vec<NpmRule>);

impl Rules {
    fn lines(&mut self, listing: &mut PackageListing, lines: &[impl AsRef<str>]) {
        for line in lines {
            match NpmRule::of(line.as_ref()) {
                Ok(rule) => self.0.extend(rule),
                Err(line) => listing.unsure(&format!(
                    "the pattern `{line}` is not understood; run `npm pack` and scan the .tgz file that it writes"
                )),
            }
        }
    }

    /// The rules of `.npmignore`, or where there is none of `.gitignore`.
    fn ignore_file(&mut self, listing: &mut PackageListing, folder: &Path) {
        let file = [".npmignore", ".gitignore"].map(|name| folder.join(name));
        let Some(file) = file.iter().find(|file| file.is_file()) else {
            return;
        };
        if let Some(text) = listing.read(file) {
            let text = text.trim_start_matches('\u{feff}');
            let lines: Vec<&str> = text.lines().collect();
            self.lines(listing, &lines);
        }
    }
}

/// What `package.json` says: its `files` as rules, what it asks for in any case, and files among that by name.
fn of_package(folder: &Path, package: &Value) -> (Option<Vec<String>>, Vec<String>, Vec<String>) {
    let mut strict: Vec<String> = STRICT.iter().map(|&rule| rule.to_owned()).collect();
    let mut required = Vec::new();
    let files = package["files"].as_array().map(|files| {
        let mut rules = vec!["*".to_owned()];
        for file in files.iter().filter_map(Value::as_str) {
            let mut file = file
                .strip_prefix('.')
                .filter(|f| f.starts_with('/'))
                .unwrap_or(file)
                .to_owned();
            if file.ends_with("/*") {
                file.push('*');
            }
            let inverse = format!("!{file}");
            // npm takes `a/../b` for `b` here, whether there is an `a` or not.
            let there = folder.join(plain(file.trim_start_matches('!')));
            match fs::symlink_metadata(there) {
                Ok(found) if found.is_file() => {
                    strict.insert(0, inverse);
                    let is_way = file.contains("..");
                    let own = file.strip_prefix('/').unwrap_or(&file);
                    required.push(if is_way { plain(own) } else { own.to_owned() });
                }
                Ok(found) if found.is_dir() => {
                    rules.push(inverse.clone());
                    rules.push(format!("{inverse}/**"));
                }
                Ok(_) => {}
                Err(_) => rules.push(inverse),
            }
        }
        rules
    });
    for name in ["browser", "main"] {
        strict.extend(package[name].as_str().map(|file| format!("!/{file}")));
    }
    let bin = &package["bin"];
    let one = bin.as_str().into_iter();
    let several = bin.as_object().into_iter().flat_map(|bin| bin.values());
    let several = several.chain(bin.as_array().into_iter().flatten());
    let bins = one.chain(several.filter_map(Value::as_str));
    // npm takes what would lead out of the folder off the paths of programs.
    let bins = bins.map(|file| format!("!/{}", plain(file)));
    strict.extend(bins);
    if bin.is_null()
        && let Some(folder_of_bins) = package["directories"]["bin"].as_str()
    {
        strict.push(format!("!/{}/**", plain(folder_of_bins)));
    }
    (files, strict, required)
}

/// `./a/../b` as `b`.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
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
