//! What git says of the files and folders that a walk meets: in which work tree they are, which of them its
//! ignore files hide, and which it tracks all the same.

use super::super::git::{common_dir, git_dir, tree_settings};
use super::super::lfs::LfsObjects;
use super::super::submodule;
use super::ignore_rules::IgnoreRules;
use super::read::unreadable;
use super::tracked::Tracked;
use super::tree_settings::TreeSettings;
use gix_glob::pattern::Case;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Takes what could not be read, by its path.
pub(super) type Tell<'t> = &'t dyn Fn(&Path, String);

/// A work tree of git.
#[derive(Debug)]
pub(super) struct WorkTree {
    root: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    settings: TreeSettings,
    tracked: OnceLock<Tracked>,
    lfs: LfsObjects,
}

impl WorkTree {
    /// The work tree whose root is `folder`, if it has a `.git` that is one.
    fn at(folder: &Path) -> Option<Self> {
        let git_dir = git_dir(folder)?;
        let common_dir = common_dir(&git_dir);
        let settings = tree_settings(&git_dir, &common_dir);
        Some(Self {
            root: folder.to_owned(),
            lfs: LfsObjects::of(&common_dir, &settings),
            git_dir,
            common_dir,
            settings,
            tracked: OnceLock::new(),
        })
    }

    /// The work tree that a file is in.
    pub(in crate::source) fn around(file: &Path) -> Option<Self> {
        let file = file.canonicalize().ok()?;
        file.ancestors().skip(1).find_map(Self::at)
    }

    /// The objects of Git LFS that files here may stand for.
    pub(in crate::source) fn lfs(&self) -> &LfsObjects {
        &self.lfs
    }

    /// What git tracks here, asked for when something is hidden: in most checkouts nothing is.
    fn tracked(&self, tell: Tell<'_>) -> &Tracked {
        self.tracked.get_or_init(|| {
            let tracked = if self.settings.is_sha256 { Err("SHA-256 object ids are not supported".to_owned()) } else { Tracked::of(&self.git_dir) };
            tracked.unwrap_or_else(|why| {
                let what = format!(
                    "the index cannot be read ({why}), so files that git tracks and .gitignore hides were not looked for; add --no-ignore to read all files"
                );
                tell(&self.root, what);
                Tracked::default()
            })
        })
    }

    fn case(&self) -> Case {
        if self.settings.ignores_case {
            Case::Fold
        } else {
            Case::Sensitive
        }
    }
}

/// What git says in one folder.
#[derive(Clone, Debug, Default)]
pub(super) struct GitView {
    tree: Option<Arc<WorkTree>>,
    rules: IgnoreRules,
    /// The folder, seen from the root of the work tree, with a `/` at its end; empty for the root.
    path: Vec<u8>,
    /// Whether the folder is hidden, so that only what is tracked in it is read.
    is_hidden: bool,
    /// Whether ignore files have no say.
    reads_all: bool,
}

/// What becomes of an entry of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    /// It is read.
    Read,
    /// A folder that is hidden, with tracked files in it.
    ReadTracked,
    /// It is left out.
    Ignore,
}

impl GitView {
    /// What git says in the folder above `folder`, where a walk begins, about what is in `folder`. If git would
    /// hide `folder` itself, nothing: it was asked for. With `reads_all`, ignore files have no say anywhere.
    pub(in crate::source) fn above(folder: &Path, reads_all: bool, tell: Tell<'_>) -> Self {
        let nothing = Self {
            reads_all,
            ..Self::default()
        };
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let holder = folder
            .ancestors()
            .skip(1)
            .find(|dir| git_dir(dir).is_some());
        let Some(inside) = holder.and_then(|holder| folder.strip_prefix(holder).ok()) else {
            return nothing;
        };
        let mut at = holder.unwrap_or(&folder).to_owned();
        let mut view = nothing.inside(&at, tell);
        for name in inside {
            let path = [&view.path, name.as_encoded_bytes()].concat();
            if view.rules.hide(&path, true) {
                view.rules = IgnoreRules::default();
            }
            view = view.below(name.as_encoded_bytes(), Ruling::Read);
            at.push(name);
            if at != folder {
                view = view.inside(&at, tell);
            }
        }
        view
    }

    /// What holds in the folder at `path`; `self` is what holds for it.
    pub(in crate::source) fn inside(self, path: &Path, tell: Tell<'_>) -> Self {
        if self.is_hidden {
            return self;
        }
        let mut view = match WorkTree::at(path) {
            Some(tree) => self.root(tree, tell),
            None => self,
        };
        view.add(&path.join(".gitignore"), tell);
        view
    }

    fn root(&self, tree: WorkTree, tell: Tell<'_>) -> Self {
        if tree.settings.is_sha256 && !self.reads_all {
            tree.tracked(tell);
        }
        let excludes = tree.settings.excludes_file.as_ref();
        let files = [
            excludes.map(|file| tree.root.join(file)),
            Some(tree.common_dir.join("info/exclude")),
        ];
        let mut view = Self {
            tree: Some(Arc::new(tree)),
            reads_all: self.reads_all,
            ..Self::default()
        };
        for file in files.into_iter().flatten() {
            view.add(&file, tell);
        }
        view
    }

    /// Adds the rules in a file. One that is broken hides nothing, so more is read and not less.
    fn add(&mut self, file: &Path, tell: Tell<'_>) {
        let Some(tree) = self.tree.as_ref().filter(|_| !self.reads_all) else {
            return;
        };
        match self.rules.and(file, self.path.len(), tree.case()) {
            Ok(rules) => self.rules = rules,
            Err(error) => tell(file, unreadable(&error)),
        }
    }

    /// What holds for the folder `name` in this one.
    pub(in crate::source) fn below(&self, name: &[u8], ruling: Ruling) -> Self {
        Self {
            path: [&self.path, name, b"/"].concat(),
            is_hidden: ruling == Ruling::ReadTracked,
            ..self.clone()
        }
    }

    /// What becomes of the entry `name`.
    pub(super) fn ruling(&self, name: &[u8], is_folder: bool, tell: Tell<'_>) -> Ruling {
        let Some(tree) = &self.tree else {
            return Ruling::Read;
        };
        if !self.is_hidden && self.rules.is_empty() {
            return Ruling::Read;
        }
        let path = [self.path.as_slice(), name].concat();
        if !self.is_hidden && !self.rules.hide(&path, is_folder) {
            return Ruling::Read;
        }
        let tracked = tree.tracked(tell);
        match tracked.holds(&path) {
            true => Ruling::Read,
            false if is_folder && tracked.holds_below(&path) => Ruling::ReadTracked,
            false => Ruling::Ignore,
        }
    }

    /// Why nothing is in this folder, and the next step, if it is a submodule that was not checked out.
    pub(super) fn not_checked_out(&self, tell: Tell<'_>) -> Option<String> {
        let tree = self.tree.as_ref()?;
        let path = self.path.strip_suffix(b"/")?;
        // Without ignore files in the way, all that is here was read even if the index cannot be.
        let tell = if self.reads_all {
            &|_: &Path, _| {}
        } else {
            tell
        };
        let is_submodule = tree.tracked(tell).is_submodule(path);
        is_submodule.then(|| submodule::not_checked_out(&tree.root, path))
    }

    /// The objects of Git LFS that files here may stand for.
    pub(in crate::source) fn lfs(&self) -> Option<&LfsObjects> {
        self.tree.as_ref().map(|tree| tree.lfs())
    }
}
