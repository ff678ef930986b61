//! What `cargo publish` puts into a crate, by the
//! [documented rules](https://doc.rust-lang.org/cargo/reference/manifest.html#the-exclude-and-include-fields) and without
//! cargo, which a project's `.cargo/config.toml` can have run programs.

use super::listing::{PackageError, PackageListing, entries, read};
use super::seen_by_git::{is_tracked, links, seen_by_git, tracked};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

const LOST_LINK: &str = "a link that leads nowhere; cargo would not publish it either";

/// No crate has folders that lie deeper in one another.
const DEEPEST: usize = 64;

/// SeenNames of the file that a crate is shown with, where it does not say another.
const READMES: &[&str] = &["README.md", "README.txt", "README"];

/// Lists the files of the crate in `folder`.
///
/// # Errors
/// When there is no crate, or it cannot be read.
pub(super) fn list(folder: &Path) -> Result<PackageListing, PackageError> {
    let manifest = Manifest::of(folder)?;
    let mut listing = PackageListing::default();
    if manifest.package.get("publish") == Some(&Value::Boolean(false)) {
        listing.note("Cargo.toml: `publish` is false, so that cargo publishes nothing of this");
    }
    if manifest.package.get("build").is_some_and(Value::is_str) || folder.join("build.rs").is_file()
    {
        listing.note("cargo publishes what is on disk; files that a build script writes into the source are read as they are now");
    }
    let chosen = Chosen::of(folder, &manifest)?;
    if chosen.is_git {
        let found = seen_by_git(folder, &mut listing);
        let nested: Vec<PathBuf> = found
            .iter()
            .filter(|path| path.ends_with("Cargo.toml"))
            .filter_map(|path| path.parent().filter(|p| *p != folder).map(Path::to_owned))
            .collect();
        let (target, tracked) = (folder.join("target"), tracked(folder));
        for file in &found {
            let is_built = file.starts_with(&target) && *file != target && !tracked.contains(file);
            let is_other = is_built || nested.iter().any(|folder| file.starts_with(folder));
            if !is_other && chosen.takes(folder, file, false) && file.is_file() {
                listing.add(file.clone());
            }
        }
        for link in links(folder, &found, &mut listing) {
            let is_folder = link.is_dir();
            if !chosen.takes(folder, &link, is_folder) {
                continue;
            }
            if is_folder {
                walk(folder, &chosen, (&link, 1), &mut listing);
            } else if !link.exists() {
                listing.fault(&link, LOST_LINK.to_owned());
            }
        }
    } else {
        walk(folder, &chosen, (folder, 0), &mut listing);
    }
    for file in manifest.always(folder) {
        listing.add(file);
    }
    if let Some(root) = manifest.inherited_from() {
        listing.note("Cargo.toml: cargo writes into it what it takes from the workspace; the Cargo.toml of that is read too");
        listing.add(root);
    }
    listing.below(folder)
}

/// Adds what is in a folder, links followed as cargo does.
fn walk(
    root: &Path,
    chosen: &Chosen,
    (folder, depth): (&Path, usize),
    listing: &mut PackageListing,
) {
    if depth > DEEPEST {
        listing.fault(folder, "folders lie too deep in one another".to_owned());
        return;
    }
    for (name, _) in entries(listing, folder) {
        let path = folder.join(&name);
        let Ok(kind) = fs::metadata(&path) else {
            listing.fault(&path, LOST_LINK.to_owned());
            continue;
        };
        if !chosen.takes(root, &path, kind.is_dir()) {
            continue;
        }
        if !kind.is_dir() {
            if kind.is_file() {
                listing.add(path);
            }
        } else if !(path.join("Cargo.toml").exists() || depth == 0 && name == "target") {
            walk(root, chosen, (&path, depth + 1), listing);
        }
    }
}

/// A `Cargo.toml`, and what it takes from that of its workspace.
struct Manifest {
    package: Table,
    /// The folder of the workspace, and what it says for all its crates.
    workspace: Option<(PathBuf, Table)>,
}

impl Manifest {
    fn of(folder: &Path) -> Result<Self, PackageError> {
        let file = folder.join("Cargo.toml");
        let shown = file.display();
        if !file.exists() {
            return Err(PackageError::new(format!(
                "{shown}: not there; name the folder of a crate, or a .crate file of `cargo package`"
            )));
        }
        let mut manifest =
            table(&file).map_err(|what| PackageError::new(format!("{shown}: {what}")))?;
        let workspace = folder
            .canonicalize()
            .ok()
            .and_then(|folder| workspace(&folder));
        match manifest.remove("package") {
            Some(Value::Table(package)) => Ok(Self { package, workspace }),
            None if manifest.contains_key("project") => Err(PackageError::new(format!(
                "{shown}: `[project]` is what `[package]` was called once; rename it"
            ))),
            _ => Err(PackageError::new(format!(
                "{shown}: a workspace without a package of its own; name the folder of one of its crates"
            ))),
        }
    }

    /// The manifest of the workspace, if values of the package are there.
    fn inherited_from(&self) -> Option<PathBuf> {
        let is_there =
            |value: &Value| value.get("workspace").and_then(Value::as_bool) == Some(true);
        let (root, _) = self.workspace.as_ref()?;
        let inherits = self.package.values().any(is_there);
        inherits.then(|| root.join("Cargo.toml"))
    }

    /// A field of the package, or that of the workspace where the package says so; with the folder it is about.
    fn field(&self, folder: &Path, name: &str) -> Option<(PathBuf, Value)> {
        let own = self.package.get(name)?;
        let inherits = own.get("workspace").and_then(Value::as_bool) == Some(true);
        if inherits {
            let (folder, shared) = self.workspace.as_ref()?;
            return Some((folder.clone(), shared.get(name)?.clone()));
        }
        Some((folder.to_owned(), own.clone()))
    }

    fn patterns(&self, folder: &Path, name: &str) -> Option<Vec<String>> {
        let (_, list) = self.field(folder, name)?;
        let list = list.as_array()?.iter();
        Some(list.filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Files that are published whatever the patterns say.
    fn always(&self, folder: &Path) -> Vec<PathBuf> {
        let mut files = vec![folder.join("Cargo.toml")];
        let lock = folder.join("Cargo.lock");
        let of_workspace = self
            .workspace
            .as_ref()
            .map(|(root, _)| root.join("Cargo.lock"));
        files.extend(
            [Some(lock), of_workspace]
                .into_iter()
                .flatten()
                .find(|lock| lock.is_file()),
        );
        files.extend(self.named(folder, "license-file"));
        match self.package.get("readme") {
            Some(Value::Boolean(false)) => {}
            Some(Value::Boolean(true)) => files.push(folder.join(READMES[0])),
            Some(_) => files.extend(self.named(folder, "readme")),
            None => files.extend(
                READMES
                    .iter()
                    .map(|name| folder.join(name))
                    .find(|file| file.is_file()),
            ),
        }
        files.retain(|file| file.is_file());
        files
    }

    fn named(&self, folder: &Path, field: &str) -> Option<PathBuf> {
        let (folder, file) = self.field(folder, field)?;
        file.as_str().map(|file| folder.join(file))
    }
}

fn table(file: &Path) -> Result<Table, String> {
    let text = read(file)?;
    text.parse().map_err(|error: toml::de::Error| {
        let first = error
            .message()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        format!("no TOML: {first}; cargo would not publish it either")
    })
}

/// The workspace that a folder is in, and what it says for all crates.
fn workspace(folder: &Path) -> Option<(PathBuf, Table)> {
    folder.ancestors().find_map(|folder| {
        let manifest = table(&folder.join("Cargo.toml")).ok()?;
        let workspace = manifest.get("workspace")?.as_table()?;
        let shared = workspace.get("package").and_then(Value::as_table);
        Some((folder.to_owned(), shared.cloned().unwrap_or_default()))
    })
}

/// Which files are taken.
struct Chosen {
    includes: Option<Gitignore>,
    excludes: Gitignore,
    is_git: bool,
}

impl Chosen {
    fn of(folder: &Path, manifest: &Manifest) -> Result<Self, PackageError> {
        let include = manifest
            .patterns(folder, "include")
            .filter(|list| !list.is_empty());
        let exclude = manifest.patterns(folder, "exclude").unwrap_or_default();
        let is_git = include.is_none() && is_tracked(&folder.join("Cargo.toml"));
        // Without git to say so, what is hidden is left out.
        let hidden = (include.is_none() && !is_git).then(|| ".*".to_owned());
        let excludes: Vec<String> = hidden.into_iter().chain(exclude).collect();
        Ok(Self {
            includes: include.map(|list| patterns(folder, &list)).transpose()?,
            excludes: patterns(folder, &excludes)?,
            is_git,
        })
    }

    /// Whether a file, or what is in a folder, is taken.
    fn takes(&self, root: &Path, path: &Path, is_folder: bool) -> bool {
        let Ok(below) = path.strip_prefix(root) else {
            return false;
        };
        match &self.includes {
            Some(_) if is_folder => true,
            Some(includes) => includes
                .matched_path_or_any_parents(below, false)
                .is_ignore(),
            None => !self
                .excludes
                .matched_path_or_any_parents(below, is_folder)
                .is_ignore(),
        }
    }
}

fn patterns(folder: &Path, lines: &[String]) -> Result<Gitignore, PackageError> {
    let mut builder = GitignoreBuilder::new(folder);
    for line in lines {
        builder.add_line(None, line).map_err(|error| {
            PackageError::new(format!("Cargo.toml: the pattern `{line}`: {error}"))
        })?;
    }
    builder
        .build()
        .map_err(|error| PackageError::new(format!("Cargo.toml: {error}")))
}
