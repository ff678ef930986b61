//! The work trees of a repository, and where their HEADs are.

use super::super::repo::object_id::ObjectId;
use super::super::repo::open::GitRepo;
use crate::model::{BlobPath, OtherTree, RefName};
use git2::Repository;
use std::path::{Path, PathBuf};

/// The names and git folders of linked work trees.
pub(in crate::source::git) fn work_trees(repo: &GitRepo) -> Vec<(String, PathBuf)> {
    let listed = std::fs::read_dir(repo.common_dir().join("worktrees"));
    let entries = listed.into_iter().flatten().flatten();
    entries
        .map(|e| (e.file_name().to_string_lossy().into_owned(), e.path()))
        .collect()
}

/// The work trees besides the one here, each with its git folder: linked ones, and the main one seen from a linked one.
pub(in crate::source::git) fn other_trees(
    repo: &GitRepo,
    handle: &Repository,
) -> Vec<(OtherTree, PathBuf)> {
    let here = repo.work_dir().map(BlobPath::from_native);
    let linked = work_trees(repo).into_iter().map(|(name, git_dir)| {
        let folder = std::fs::read_to_string(git_dir.join("gitdir")).unwrap_or_default();
        let folder = git_dir.join(folder.trim_end());
        (name, git_dir, folder)
    });
    let main = repo.common_dir().to_owned();
    let main = (String::new(), main.clone(), main);
    let all = std::iter::once(main).chain(linked);
    let others = all.filter(|(_, git_dir, folder)| {
        let is_own = std::fs::canonicalize(git_dir).is_ok_and(|own| own == repo.git_dir());
        git_dir.is_dir() && !is_own && folder.ends_with(".git")
    });
    let told = others.map(|(name, git_dir, folder)| {
        let folder = folder.parent().unwrap_or(&folder);
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let folder = BlobPath::from_native(&folder);
        let tree = OtherTree {
            name,
            folder: match &here {
                Some(here) => folder.relative_to(here),
                None => folder,
            },
            branch: branch_at(&git_dir),
            has_head: head_of(handle, &git_dir).is_some(),
            ..OtherTree::default()
        };
        (tree, git_dir)
    });
    told.collect()
}

/// The branch that the HEAD in a git folder is on.
fn branch_at(git_dir: &Path) -> Option<RefName> {
    let text = std::fs::read_to_string(git_dir.join("HEAD")).ok()?;
    let name = text.strip_prefix("ref:")?.trim();
    Some(RefName::new(name))
}

/// The commit at the HEAD of a work tree, whose git folder is given.
pub(in crate::source::git) fn head_of(handle: &Repository, git_dir: &Path) -> Option<ObjectId> {
    let text = std::fs::read(git_dir.join("HEAD")).ok()?;
    let text = text.trim_ascii();
    let Some(name) = text.strip_prefix(b"ref:") else {
        return ObjectId::from_hex(text);
    };
    let name = std::str::from_utf8(name.trim_ascii()).ok()?;
    ObjectId::try_from(handle.refname_to_id(name).ok()?).ok()
}
