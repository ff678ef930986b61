//! The files by which a project speaks to the scanner, found and read: configuration, baseline,
//! ignore file.
//!
//! They are looked for in the scanned folder and those above it, up to the one that holds `.git`;
//! without one, up to the root of the file system. What is found is read only if it is a regular
//! file of a sane size: a link in a scanned tree must not make the scanner read files elsewhere. A
//! file that the command line names may be a link. Of commits under review, [`Review`] tells which
//! of these files count.

use super::project_text::{ProjectText, cannot_read, folder_of, read, shown};
use super::review::Review;
use anyhow::Context as _;
use jvxleaks::model::{Base, BlobPath};
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind::{NotADirectory, NotFound};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

/// Where a scan begins, from the paths that were typed.
#[derive(Debug)]
pub(in crate::cli) struct Project {
    /// The folder that blob paths are relative to.
    pub(in crate::cli) paths: PathBuf,
    /// The folder where the search begins.
    start: PathBuf,
    /// The folders of what was typed, if that was more than one path: the search begins at none of them.
    several: Vec<PathBuf>,
    /// Folders that are read as a whole.
    whole: Vec<PathBuf>,
    /// The folder that all is below that was typed, as far as what was typed says.
    typed_below: PathBuf,
    /// From blob paths to those from the current folder.
    from_here: Base,
    /// The folders to search, innermost first.
    upward: Vec<PathBuf>,
    /// The change that is read, whose files do not decide about it.
    review: Option<Rc<Review>>,
}

impl Project {
    /// The project of a scan of `roots`, as typed.
    ///
    /// # Errors
    /// When there is no current folder.
    pub(in crate::cli) fn of(roots: &[PathBuf]) -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("cannot tell the current folder")?;
        let here = fs::canonicalize(&here).unwrap_or(here);
        let folders = roots.iter().filter(|root| root.is_dir());
        let whole: Vec<_> = folders.filter_map(|f| fs::canonicalize(f).ok()).collect();
        let (paths, start) = match (roots, whole.as_slice()) {
            ([_], [folder]) => (folder.clone(), folder.clone()),
            ([file], []) => (
                here.clone(),
                folder_of(file).unwrap_or_else(|| here.clone()),
            ),
            _ => (here.clone(), here.clone()),
        };
        let is_below = roots.iter().all(|root| root.is_relative()) && start.starts_with(&here);
        let typed_below = if is_below {
            here.clone()
        } else {
            common(roots).unwrap_or_else(|| start.clone())
        };
        let mut project = Self {
            upward: upward(&start),
            typed_below,
            from_here: match roots {
                [only] => Base::typed(&native(only), &native(&paths), &native(&here)),
                _ => Base::new(&native(&paths), &native(&here)),
            },
            paths,
            start,
            several: match roots {
                [_, _, ..] => roots.iter().filter_map(|root| place(root)).collect(),
                _ => Vec::new(),
            },
            whole,
            review: None,
        };
        project.whole.sort();
        Ok(project)
    }

    /// The project at `root`, of which only a part is read: no entry counts as stale.
    pub(in crate::cli) fn part_of(root: &Path) -> Self {
        Self {
            paths: root.to_owned(),
            start: root.to_owned(),
            several: Vec::new(),
            whole: Vec::new(),
            typed_below: root.to_owned(),
            from_here: from_here(root),
            upward: vec![root.to_owned()],
            review: None,
        }
    }

    /// The same project, with the files that were there before a change if one is under review.
    pub(in crate::cli) fn reviewed(self, review: Option<Rc<Review>>) -> Self {
        Self { review, ..self }
    }

    /// The change that is read.
    pub(in crate::cli) fn review(&self) -> Option<&Rc<Review>> {
        self.review.as_ref()
    }

    /// A file that an option or the configuration names; none if it is not there.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub(in crate::cli) fn named(&self, path: &Path) -> anyhow::Result<Option<ProjectText>> {
        match self.review().and_then(|review| review.named(path)) {
            Some(text) => Ok(text),
            None if path.exists() => read(path).map(Some),
            None => Ok(None),
        }
    }

    /// The nearest file called `name`, in the folder of the search or above it.
    ///
    /// # Errors
    /// When one is there and must not or cannot be read.
    pub(in crate::cli) fn find(&self, name: &str) -> anyhow::Result<Option<ProjectText>> {
        for folder in &self.upward {
            let found = self.here(folder, name)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The file called `name` in the folder that blob paths are relative to.
    ///
    /// # Errors
    /// When it is there and must not or cannot be read.
    pub(super) fn beside_paths(&self, name: &str) -> anyhow::Result<Option<ProjectText>> {
        self.here(&self.paths, name)
    }

    /// A file that the configuration in `folder` names: one below that folder, whoever wrote the
    /// configuration. None for one that a change under review brings.
    ///
    /// # Errors
    /// When it is elsewhere, not there, or must not or cannot be read.
    pub(in crate::cli) fn inside(
        &self,
        folder: &Path,
        name: &str,
    ) -> anyhow::Result<Option<ProjectText>> {
        let path = folder.join(name);
        let shown = shown(&path).display().to_string();
        let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        anyhow::ensure!(
            Path::new(name).components().all(plain),
            "{shown}: a configuration names files below its own folder, as in `ci/acme.toml`"
        );
        let is_below = |parent: PathBuf| parent.starts_with(folder);
        anyhow::ensure!(
            self.review.is_some() || folder_of(&path).is_none_or(is_below),
            "{shown}: it is behind a symbolic link, which is not followed; name the file with --rules"
        );
        let found = self.here(folder, name)?;
        anyhow::ensure!(
            found.is_some() || self.review.is_some(),
            "{shown}: no such file, which the configuration names; make it, or take it out there"
        );
        Ok(found)
    }

    fn here(&self, folder: &Path, name: &str) -> anyhow::Result<Option<ProjectText>> {
        let path = folder.join(name);
        if let Some(text) = self.review().and_then(|review| review.usual(&path)) {
            return Ok(text);
        }
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            // What was named may itself be no folder: `scan README.md/docs`.
            Err(e) if matches!(e.kind(), NotFound | NotADirectory) => return Ok(None),
            Err(e) => return Err(e).with_context(|| cannot_read(&path)),
        };
        anyhow::ensure!(
            !metadata.is_symlink(),
            "{}: it is a symbolic link, which is not followed in a scanned tree; \
             name the file with --config or --baseline, or give --no-config",
            shown(&path).display()
        );
        anyhow::ensure!(
            metadata.is_file(),
            "{}: not a regular file",
            shown(&path).display()
        );
        read(&path).map(Some)
    }

    /// Where a new file of the project belongs: the root of its repository, or where the search
    /// began.
    pub(in crate::cli) fn root(&self) -> &Path {
        let root = self.upward.iter().find(|folder| is_repository(folder));
        root.unwrap_or(&self.start)
    }

    /// What is to be said where `jvxleaks allow` would not find in the current folder what was found here.
    pub(in crate::cli) fn elsewhere(&self) -> Option<String> {
        let here = std::env::current_dir().and_then(fs::canonicalize).ok()?;
        let one = (fs::canonicalize(self.root()).ok()?, self.is_in_repository());
        let several = self.several.iter().map(|folder| {
            let repository = upward(folder)
                .into_iter()
                .find(|above| is_repository(above));
            let is_repository = repository.is_some();
            (repository.unwrap_or_else(|| folder.clone()), is_repository)
        });
        let mut roots: BTreeSet<(PathBuf, bool)> = several.collect();
        if roots.is_empty() {
            roots.insert(one);
        }
        roots.retain(|(root, is_repository)| {
            !(root.starts_with(&here) || *is_repository && here.starts_with(root))
        });
        let shown = roots.iter().map(|(root, _)| root.display().to_string());
        let shown: Vec<String> = shown.collect();
        let there = match shown.as_slice() {
            [] => return None,
            [_] => "there",
            _ => "in the one that has the file",
        };
        let shown = shown.join(" and ");
        Some(format!(
            "steps and commands are for {shown}: type them {there}"
        ))
    }

    /// True when the search is within a work tree of git.
    pub(in crate::cli) fn is_in_repository(&self) -> bool {
        self.upward.iter().any(|folder| is_repository(folder))
    }

    /// From blob paths to those from the current folder.
    pub(super) fn shown_paths(&self) -> Base {
        self.from_here.clone()
    }

    /// The folder from which paths tell what kind a file is: the root of the repository. Without one it is the current
    /// folder, or that which holds all that was typed: names further up were not made for the project.
    pub(in crate::cli) fn told_from(&self) -> &Path {
        let root = self.upward.iter().find(|folder| is_repository(folder));
        root.unwrap_or(&self.typed_below)
    }

    /// True when the scan reads all of a folder.
    pub(super) fn covers(&self, folder: &Path) -> bool {
        let folder = fs::canonicalize(folder);
        folder.is_ok_and(|folder| self.whole.iter().any(|whole| folder.starts_with(whole)))
    }
}

/// From paths in `folder` to those from the current folder. A hook runs at the root, and git says in `GIT_PREFIX` where
/// the person stands who is told.
fn from_here(folder: &Path) -> Base {
    let real = |path: &Path| fs::canonicalize(path).ok();
    let here = std::env::current_dir().ok();
    let below = std::env::var_os("GIT_PREFIX").filter(|below| !below.is_empty());
    let here = match below {
        Some(below) => here
            .map(|here| here.join(below))
            .filter(|here| here.is_dir()),
        None => here,
    };
    match (real(folder), here.as_deref().and_then(real)) {
        (Some(paths), Some(here)) => Base::typed(&native(folder), &native(&paths), &native(&here)),
        _ => Base::default(),
    }
}

fn native(path: &Path) -> BlobPath {
    BlobPath::from_native(path)
}

/// The folder that was named, or that of a file.
fn place(root: &Path) -> Option<PathBuf> {
    if root.is_dir() {
        fs::canonicalize(root).ok()
    } else {
        folder_of(root)
    }
}

/// The innermost folder that all of `roots` are below.
fn common(roots: &[PathBuf]) -> Option<PathBuf> {
    let folders = roots.iter().filter_map(|root| {
        if root.is_dir() {
            fs::canonicalize(root).ok()
        } else {
            folder_of(root)
        }
    });
    folders.reduce(|one, other| {
        let mut above = one.ancestors();
        let shared = above.find(|folder| other.starts_with(folder));
        shared.map(Path::to_owned).unwrap_or_default()
    })
}

fn upward(start: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in start.ancestors() {
        folders.push(folder.to_owned());
        if is_repository(folder) {
            break;
        }
    }
    folders
}

/// In a linked worktree `.git` is a file.
fn is_repository(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(".git")).is_ok()
}
