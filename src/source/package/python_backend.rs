//! Source archives of [hatchling](https://hatch.pypa.io/latest/plugins/builder/sdist/) and
//! [flit](https://flit.pypa.io/en/stable/pyproject_toml.html#sdist-section), by their settings.

use super::listing::{PackageListing, entries, read};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Folders that hatchling never enters.
const HATCH_FOLDERS: &[&str] = &[
    "__pycache__",
    ".venv",
    ".git",
    ".hg",
    ".hatch",
    ".tox",
    ".nox",
    ".ruff_cache",
    ".pytest_cache",
    ".mypy_cache",
    ".pixi",
];

/// Files that hatchling takes whatever its settings say.
const HATCH_FILES: &[&str] = &["pyproject.toml", "hatch.toml", "hatch_build.py"];

/// Settings that are followed; each other may change what is taken.
const HATCH_SETTINGS: &[&str] = &[
    "include",
    "exclude",
    "artifacts",
    "ignore-vcs",
    "targets",
    "packages",
];

/// What the names of licences begin with, as the metadata of a project has them by default.
const LICENSES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS"];

/// Those of them that flit takes.
const FLIT_LICENSES: &[&str] = &["LICENSE", "LICENCE", "COPYING"];

/// Folders do not lie deeper in one another in any project.
const DEEPEST: usize = 64;

/// Settings of a wheel by which it holds no more than a source archive.
const WHEEL_SETTINGS: &[&str] = &[
    "packages",
    "include",
    "exclude",
    "only-include",
    "only-packages",
    "sources",
    "bypass-selection",
    "strict-naming",
    "versions",
    "core-metadata-version",
    "dev-mode-dirs",
];

/// Refuses settings by which a wheel or the metadata may hold what no other setting tells.
fn check_wheel(project: &Table) -> Result<(), String> {
    // They may put any file into the metadata.
    if table(project, &["tool", "hatch", "metadata"]).contains_key("hooks") {
        return Err("tool.hatch.metadata has `hooks`, which are not followed here".to_owned());
    }
    let wheel = table(project, &["tool", "hatch", "build", "targets", "wheel"]);
    let mut adding = wheel
        .keys()
        .filter(|key| !WHEEL_SETTINGS.contains(&key.as_str()));
    match adding.next() {
        None => Ok(()),
        Some(key) => Err(format!(
            "tool.hatch.build.targets.wheel has `{key}`, which is not followed here"
        )),
    }
}

/// Adds what hatchling takes.
///
/// # Errors
/// With the setting that is not followed here.
pub(super) fn hatchling(
    folder: &Path,
    project: &Table,
    listing: &mut PackageListing,
) -> Result<(), String> {
    if folder.join("hatch.toml").is_file() {
        return Err("hatch.toml has settings that are not followed here".to_owned());
    }
    let build = table(project, &["tool", "hatch", "build"]);
    let sdist = table(project, &["tool", "hatch", "build", "targets", "sdist"]);
    let all = [&build, &sdist];
    let unknown = all.iter().flat_map(|table| table.keys());
    let mut unknown = unknown.filter(|key| !HATCH_SETTINGS.contains(&key.as_str()));
    if let Some(key) = unknown.next() {
        return Err(format!(
            "tool.hatch.build has `{key}`, which is not followed here"
        ));
    }
    check_wheel(project)?;
    let list = |name: &str| {
        let found = sdist.get(name).or_else(|| build.get(name));
        strings(found)
    };
    if !list("packages").is_empty() {
        return Err("tool.hatch.build has `packages`, which is not followed here".to_owned());
    }
    let ignores_vcs = sdist.get("ignore-vcs").or_else(|| build.get("ignore-vcs"));
    let ignores_vcs = ignores_vcs.and_then(Value::as_bool).unwrap_or_default();
    let ignore_file = ignore_file(folder);
    let mut excludes = vec!["*.py[cdo]".to_owned(), "/dist".to_owned()];
    if let Some(file) = ignore_file.as_ref().filter(|_| !ignores_vcs) {
        excludes.extend(ignored(folder, file)?);
    }
    excludes.extend(list("exclude"));
    let chosen = HatchChosen::of(folder, &list("include"), &excludes, &list("artifacts"))?;
    let found = below(folder, &HATCH_ENTERED, listing);
    for file in found {
        let is_left = file.file_name().is_some_and(|name| name == ".DS_Store");
        let path = file.strip_prefix(folder).unwrap_or(&file);
        if !is_left && chosen.takes(path) {
            listing.add(file);
        }
    }
    let always = HATCH_FILES.iter().map(|name| folder.join(name));
    let always = always
        .chain(named(folder, project, LICENSES)?)
        .chain(ignore_file);
    always
        .filter(|file| file.is_file())
        .for_each(|file| listing.add(file));
    Ok(())
}

/// The lines of an ignore file that count. hatchling asks them about the whole path of the project, and drops all of them where
/// they leave that out.
fn ignored(folder: &Path, file: &Path) -> Result<Vec<String>, String> {
    let lines: Vec<String> = read(file)?.lines().map(str::to_owned).collect();
    let whole = folder.canonicalize();
    let whole = whole.map_err(|why| format!("the folder cannot be read: {why}"))?;
    let whole = whole.strip_prefix("/").unwrap_or(&whole);
    let rules = patterns(Path::new(""), &lines)?;
    if rules.matched_path_or_any_parents(whole, true).is_ignore() {
        return Ok(Vec::new());
    }
    // What hatchling takes back so is more than git would.
    let takes_back = |line: &&String| {
        line.starts_with('!') && (line.trim_end().ends_with('/') || line.contains("**"))
    };
    if let Some(line) = lines.iter().find(takes_back) {
        return Err(format!(
            "the line `{line}` of .gitignore is not followed here"
        ));
    }
    Ok(lines)
}

/// What hatchling chooses files by.
struct HatchChosen {
    takes_all: bool,
    includes: Gitignore,
    excludes: Gitignore,
    artifacts: Gitignore,
    /// Whether all patterns are of letters of ASCII.
    is_ascii: bool,
}

impl HatchChosen {
    fn of(
        folder: &Path,
        includes: &[String],
        excludes: &[String],
        artifacts: &[String],
    ) -> Result<Self, String> {
        let mut all = includes.iter().chain(excludes).chain(artifacts);
        Ok(Self {
            takes_all: includes.is_empty(),
            includes: patterns(folder, includes)?,
            excludes: patterns(folder, excludes)?,
            artifacts: patterns(folder, artifacts)?,
            is_ascii: all.all(|line| line.is_ascii()),
        })
    }

    fn takes(&self, path: &Path) -> bool {
        // `?` of a pattern stands for a letter there, and for a byte here.
        let letters = path.to_string_lossy();
        if !letters.is_ascii() && self.is_ascii {
            let letters = letters.replace(|c: char| !c.is_ascii(), "\u{1}");
            return self.takes(Path::new(&letters));
        }
        let is_hit = |patterns: &Gitignore| {
            patterns
                .matched_path_or_any_parents(path, false)
                .is_ignore()
        };
        is_hit(&self.artifacts)
            || !is_hit(&self.excludes) && (self.takes_all || is_hit(&self.includes))
    }
}

/// The ignore file that hatchling reads: the nearest one, up to the folder that holds `.git`.
fn ignore_file(folder: &Path) -> Option<PathBuf> {
    let whole = folder.canonicalize().ok()?;
    for above in whole.ancestors() {
        let file = above.join(".gitignore");
        if file.is_file() {
            let is_own = above == whole;
            return Some(if is_own {
                folder.join(".gitignore")
            } else {
                file
            });
        }
        if above.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Adds what flit takes.
///
/// # Errors
/// With what is not followed here.
pub(super) fn flit(
    folder: &Path,
    project: &Table,
    listing: &mut PackageListing,
) -> Result<(), String> {
    let flit = table(project, &["tool", "flit"]);
    let module = flit.get("module").and_then(|module| module.get("name"));
    let name = module.or_else(|| project.get("project")?.get("name"));
    let Some(name) = name.and_then(Value::as_str) else {
        return Err("pyproject.toml names no module".to_owned());
    };
    let sdist = table(project, &["tool", "flit", "sdist"]);
    if flit.contains_key("external-data")
        || !strings(sdist.get("include")).is_empty()
        || !strings(sdist.get("exclude")).is_empty()
    {
        return Err("tool.flit has settings that are not followed here".to_owned());
    }
    let name = name.replace('-', "_").replace('.', "/");
    let places = [folder.to_owned(), folder.join("src")].map(|above| above.join(&name));
    let package = places.iter().find(|place| place.is_dir());
    let file = places
        .iter()
        .map(|place| place.with_extension("py"))
        .find(|file| file.is_file());
    match (package, file) {
        (Some(package), _) => {
            let entered = Entered {
                names: &|name| name != "__pycache__",
                links: false,
            };
            let found = below(package, &entered, listing);
            let found = found
                .into_iter()
                .filter(|file| file.extension().is_none_or(|e| e != "pyc"));
            found.for_each(|file| listing.add(file));
        }
        (None, Some(file)) => listing.add(file),
        (None, None) => return Err(format!("there is no module {name}")),
    }
    let always =
        [folder.join("pyproject.toml")]
            .into_iter()
            .chain(named(folder, project, FLIT_LICENSES)?);
    always
        .filter(|file| file.is_file())
        .for_each(|file| listing.add(file));
    Ok(())
}

/// The readme and the licences that the metadata of a project names, and by default those whose names begin so.
fn named(folder: &Path, project: &Table, licenses: &[&str]) -> Result<Vec<PathBuf>, String> {
    let metadata = table(project, &["project"]);
    let file = |value: Option<&Value>| {
        let value = value?;
        let value = value.as_str().or_else(|| value.get("file")?.as_str())?;
        Some(folder.join(value))
    };
    let mut found: Vec<PathBuf> = file(metadata.get("readme")).into_iter().collect();
    found.extend(
        metadata
            .get("license")
            .and_then(|license| file(license.get("file"))),
    );
    if let Some(files) = metadata.get("license-files").and_then(Value::as_array) {
        let files = files.iter().filter_map(Value::as_str);
        if files.clone().any(|name| name.contains(['*', '?', '['])) {
            return Err("`license-files` has patterns, which are not followed here".to_owned());
        }
        found.extend(files.map(|name| folder.join(name)));
    } else {
        let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        let names = names.filter(|name| licenses.iter().any(|begin| name.starts_with(begin)));
        found.extend(names.map(|name| folder.join(name)));
    }
    Ok(found)
}

/// Most links to folders that are followed.
const MOST_LINKS: usize = 1000;

/// Which folders are entered.
struct Entered<'n> {
    names: &'n (dyn Fn(&str) -> bool + Sync),
    /// Whether folders that are links are, as hatchling does, wherever they lead.
    links: bool,
}

const HATCH_ENTERED: Entered<'_> = Entered {
    names: &|name| !HATCH_FOLDERS.contains(&name),
    links: true,
};

/// All files below a folder.
fn below(folder: &Path, entered: &Entered<'_>, listing: &mut PackageListing) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let whole = folder.canonicalize().into_iter().collect();
    // Each with where the links on the way to it led to.
    let mut open: Vec<(PathBuf, usize, Vec<PathBuf>)> = vec![(folder.to_owned(), 0, whole)];
    let mut links = 0;
    while let Some((folder, depth, ways)) = open.pop() {
        for (name, kind) in entries(listing, &folder) {
            let path = folder.join(&name);
            let is_link = kind.is_symlink();
            let is_folder = kind.is_dir() || is_link && entered.links && path.is_dir();
            if is_folder {
                let mut ways = ways.clone();
                if !(entered.names)(&name)
                    || depth == DEEPEST
                    || !extended(&mut ways, is_link, &path)
                {
                    continue;
                }
                links += usize::from(is_link);
                if links > MOST_LINKS {
                    listing.fault(&path, format!("one of over {MOST_LINKS} links to folders; run `python -m build` and scan the archive that it writes"));
                    return found;
                }
                open.push((path, depth + 1, ways));
            } else if kind.is_file() || is_link && path.is_file() {
                found.push(path);
            }
        }
    }
    found
}

/// Adds where a link leads to; false when that is on the way to it, so that it goes round in a circle.
fn extended(ways: &mut Vec<PathBuf>, is_link: bool, path: &Path) -> bool {
    if !is_link {
        return true;
    }
    let Ok(target) = path.canonicalize() else {
        return false;
    };
    let above = path.parent().and_then(|above| above.canonicalize().ok());
    let is_round = ways.contains(&target) || above.is_some_and(|above| above.starts_with(&target));
    ways.push(target);
    !is_round
}

/// A table in tables, empty where there is none.
fn table(project: &Table, way: &[&str]) -> Table {
    let mut table = project;
    for name in way {
        match table.get(*name).and_then(Value::as_table) {
            Some(below) => table = below,
            None => return Table::new(),
        }
    }
    table.clone()
}

fn strings(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn patterns(folder: &Path, lines: &[String]) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new(folder);
    for line in lines {
        // Braces are letters in such files.
        let line = &line.replace('{', "\\{").replace('}', "\\}");
        builder
            .add_line(None, line)
            .map_err(|_| format!("the pattern `{line}` is not understood"))?;
    }
    builder
        .build()
        .map_err(|_| "the patterns are not understood".to_owned())
}
