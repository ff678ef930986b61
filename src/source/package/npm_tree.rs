//! The packages around one of npm: workspaces beside it, and what it bundles.

use super::listing::{PackageError, PackageListing, read};
use super::npm_rule::NpmRule;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// No workspace lies deeper in its project, in folders.
const DEEPEST: usize = 16;

/// The `package.json` of a folder.
///
/// # Errors
/// When there is none, or it is no JSON.
pub(super) fn package(folder: &Path) -> Result<Value, PackageError> {
    let file = folder.join("package.json");
    let shown = file.display();
    if !file.exists() {
        return Err(PackageError::new(format!(
            "{shown}: not there; name the folder of an npm package, or a .tgz file of `npm pack`"
        )));
    }
    let text = read(&file).map_err(|what| PackageError::new(format!("{shown}: {what}")))?;
    let package: Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            PackageError::new(format!(
                "{shown}: no JSON: {error}; npm would not publish it either"
            ))
        })?;
    if package.is_object() {
        Ok(package)
    } else {
        Err(PackageError::new(format!(
            "{shown}: no object; npm would not publish it either"
        )))
    }
}

/// Rules for the package in `folder` from around it: a workspace keeps to the ignore files between it and its root.
pub(super) fn around(folder: &Path, listing: &mut PackageListing) -> Vec<String> {
    let Ok(folder) = folder.canonicalize() else {
        return Vec::new();
    };
    for root in folder.ancestors().skip(1).take(DEEPEST) {
        if is_workspace(root, &folder) {
            let below = folder.strip_prefix(root).unwrap_or(&folder);
            return between(root, below, listing);
        }
    }
    Vec::new()
}

/// Whether `folder` is a workspace of the project in `root`.
fn is_workspace(root: &Path, folder: &Path) -> bool {
    let Ok(package) = package(root) else {
        return false;
    };
    let below = folder.strip_prefix(root).unwrap_or(folder);
    let name = below.to_string_lossy().replace('\\', "/");
    // Where npm looks for none.
    if name.split('/').any(|part| part == "node_modules") {
        return false;
    }
    let (taken, left) = patterns(&package);
    let is_hit = |rule: &NpmRule| rule.hits(&format!("/{name}"));
    taken.iter().any(|(pattern, rule)| {
        let has_dot = |path: &str| path.split('/').any(|part| part.starts_with('.'));
        // Letters of either case differ there.
        let mut both = pattern.split('/').skip(1).zip(name.split('/'));
        let is_same = both.all(|(own, part)| {
            own.contains(['*', '?', '[', '{', '(']) || own == part || pattern.contains("**")
        });
        is_hit(rule) && is_same && (!has_dot(&name) || has_dot(pattern))
    }) && !left.iter().any(is_hit)
}

/// The patterns of `workspaces` that take folders in, with their words, and those that leave some out, as
/// [npm](https://github.com/npm/map-workspaces) orders them: one that takes in more undoes one before it.
fn patterns(package: &Value) -> (Vec<(String, NpmRule)>, Vec<NpmRule>) {
    let said = &package["workspaces"];
    let said = said.as_array().or_else(|| said["packages"].as_array());
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for written in said.into_iter().flatten().filter_map(Value::as_str) {
        let pattern = written.trim_start_matches('!');
        let is_negated = (written.len() - pattern.len()) % 2 == 1;
        let pattern = pattern
            .strip_prefix('.')
            .filter(|rest| rest.starts_with('/'))
            .unwrap_or(pattern);
        let pattern = format!("/{}", pattern.trim_matches('/'));
        // What is not understood takes nothing in: then no ignore file around counts.
        let Ok(Some(rule)) = NpmRule::of(&pattern) else {
            continue;
        };
        if is_negated {
            left.push(rule);
        } else {
            left.retain(|own: &NpmRule| !own.hits(&pattern));
            taken.push((pattern, rule));
        }
    }
    (taken, left)
}

/// The lines of ignore files from the root to above the workspace at `below`.
fn between(root: &Path, below: &Path, listing: &mut PackageListing) -> Vec<String> {
    let mut lines = Vec::new();
    let mut folder = root.to_owned();
    let parent = below.parent().unwrap_or(Path::new(""));
    let names = parent.iter().map(Some).chain([None]);
    for name in names {
        let files = [".npmignore", ".gitignore"].map(|name| folder.join(name));
        if let Some(file) = files.iter().find(|file| file.is_file()) {
            let text = listing.read(file).unwrap_or_default();
            lines.extend(text.lines().map(str::to_owned));
        }
        if let Some(name) = name {
            folder.push(name);
        }
    }
    lines
}

/// A package that is bundled.
pub(super) struct NpmBundled {
    /// Where npm has it from, links not followed.
    pub(super) folder: PathBuf,
    pub(super) package: Value,
    /// Whether the folder is a link to where it is kept.
    pub(super) is_link: bool,
}

/// The packages that one bundles, with those that they need.
pub(super) fn bundled(
    root: &Path,
    package: &Value,
    listing: &mut PackageListing,
) -> Vec<NpmBundled> {
    let Ok(bounds) = NpmBounds::around(root) else {
        return Vec::new();
    };
    let mut open: Vec<(PathBuf, String)> = named(package)
        .into_iter()
        .map(|name| (bounds.root.clone(), name))
        .collect();
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some((from, name)) = open.pop() {
        let Some(there) = bounds.resolved(&from, &name) else {
            continue;
        };
        if !seen.insert(there.clone()) {
            continue;
        }
        // Of a package that is the same below the folder as it was typed, paths are shown as they were typed.
        let folder = match there.strip_prefix(&bounds.root) {
            Ok(below) => root.join(below),
            Err(_) => there.clone(),
        };
        let Some(kept) = bounds.kept(&there) else {
            let what = "a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes";
            listing.fault(&folder, what.to_owned());
            continue;
        };
        // One without a package.json, or with a broken one, is packed whole.
        let package = self::package(&folder).unwrap_or_default();
        for list in ["dependencies", "optionalDependencies"] {
            open.extend(
                keys(&package[list])
                    .into_iter()
                    .map(|name| (kept.clone(), name)),
            );
        }
        let is_link = fs::symlink_metadata(&there).is_ok_and(|found| found.is_symlink());
        found.push(NpmBundled {
            folder,
            package,
            is_link,
        });
    }
    found
}

/// The names of those that `package.json` itself says to bundle.
fn named(package: &Value) -> Vec<String> {
    let said = ["bundleDependencies", "bundledDependencies"].map(|name| &package[name]);
    let named = said.iter().find_map(|said| match said {
        Value::Array(names) => Some(
            names
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        ),
        // As npm reads it: `{"a": "1"}` names `a`.
        Value::Object(_) => Some(keys(said)),
        Value::Bool(true) => Some(keys(&package["dependencies"])),
        _ => None,
    });
    let named: Vec<String> = named.unwrap_or_default();
    // What is in none of these lists is no dependency, and npm leaves it out.
    let known: BTreeSet<String> = ["dependencies", "optionalDependencies"]
        .iter()
        .flat_map(|list| keys(&package[*list]))
        .collect();
    named
        .into_iter()
        .filter(|name| known.contains(name))
        .collect()
}

fn keys(list: &Value) -> Vec<String> {
    let names = list.as_object().into_iter().flat_map(|list| list.keys());
    names.cloned().collect()
}

/// How far packages that are bundled may lie from the one that bundles them.
struct NpmBounds {
    /// The folder of that one, links followed.
    root: PathBuf,
    /// The root of its workspaces; the same folder where it is in none.
    project: PathBuf,
}

impl NpmBounds {
    fn around(root: &Path) -> std::io::Result<Self> {
        let root = root.canonicalize()?;
        let above = root.ancestors().skip(1).take(DEEPEST);
        let mut projects = above.filter(|above| {
            above.join("pnpm-workspace.yaml").is_file() || is_workspace(above, &root)
        });
        let project = projects.next().unwrap_or(&root).to_owned();
        Ok(Self { root, project })
    }

    /// Where a package that is needed in `from` is: in the nearest `node_modules` up to that of the root. It may be a
    /// link: `npm install file:../dep` and pnpm make `node_modules/dep` one.
    fn resolved(&self, from: &Path, name: &str) -> Option<PathBuf> {
        let is_plain =
            !name.starts_with('/') && !name.split('/').any(|part| matches!(part, "" | "." | ".."));
        let top = if from.starts_with(&self.root) {
            &self.root
        } else {
            &self.project
        };
        let folders = from
            .ancestors()
            .take_while(|folder| folder.starts_with(top));
        let mut folders =
            folders.filter(|folder| folder.file_name().is_none_or(|name| name != "node_modules"));
        let found = folders.find_map(|folder| {
            let there = folder.join("node_modules").join(name);
            let found = fs::symlink_metadata(&there);
            found
                .is_ok_and(|found| found.is_dir() || found.is_symlink())
                .then_some(there)
        });
        found.filter(|_| is_plain)
    }

    /// The folder that holds the package at `there`; `None` outside the project.
    fn kept(&self, there: &Path) -> Option<PathBuf> {
        let kept = there.canonicalize().ok()?;
        kept.starts_with(&self.project).then_some(kept)
    }
}
