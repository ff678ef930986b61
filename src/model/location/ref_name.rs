//! Names of refs, as data. What a person calls them (`branch main`) is made where text is written.

use std::fmt;
use std::sync::Arc;

/// The full name of a ref, `refs/heads/main`, or of an entry of its reflog, `refs/stash@{0}`: what
/// `git rev-parse` takes. A detached `HEAD` and `FETCH_HEAD` are names as well.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefName(Arc<str>);

/// What a ref is, with the part of its name that people use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefKind<'n> {
    /// A branch of this repository: `main`.
    Branch(&'n str),
    /// A branch of a remote as last seen: `origin/main`.
    Remote(&'n str),
    /// What a branch of a remote held once, by its reflog: `origin/main`.
    FormerRemote(&'n str),
    /// A tag: `v1.2`.
    Tag(&'n str),
    /// An entry of the stash: `stash@{0}`.
    Stash(&'n str),
    /// Notes on commits: `commits`.
    Notes(&'n str),
    /// Anything else: `HEAD`, `FETCH_HEAD`, `refs/original/refs/heads/main`.
    Other(&'n str),
}

impl RefName {
    /// What an index keeps from resolved conflicts; no ref of git, and it holds on to objects as one does.
    pub const RESOLVED: &str = "index/resolve-undo";

    /// The name as git gives it.
    pub fn new(full: impl AsRef<str>) -> Self {
        Self(full.as_ref().into())
    }

    /// The name of an entry of its reflog; 0 is the newest.
    #[must_use]
    pub fn entry(&self, age: usize) -> Self {
        Self(format!("{self}@{{{age}}}").into())
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is.
    pub fn kind(&self) -> RefKind<'_> {
        let name = self.as_str();
        let below = |folder: &str| name.strip_prefix(folder);
        if let Some(branch) = below("refs/heads/") {
            RefKind::Branch(branch)
        } else if let Some(remote) = below("refs/remotes/") {
            // No ref has `@{` in its name.
            match remote.split_once("@{") {
                Some((branch, _)) => RefKind::FormerRemote(branch),
                None => RefKind::Remote(remote),
            }
        } else if let Some(tag) = below("refs/tags/") {
            RefKind::Tag(tag)
        } else if name == "refs/stash" || name.starts_with("refs/stash@{") {
            RefKind::Stash(&name["refs/".len()..])
        } else if let Some(notes) = below("refs/notes/") {
            RefKind::Notes(notes)
        } else {
            RefKind::Other(name)
        }
    }
}

impl fmt::Display for RefName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The refs that reach something: the first few by name, and how many there are. Equal sets share
/// their memory, since a repository may have a hundred thousand refs and as many places.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refs {
    named: Option<Arc<[RefName]>>,
    count: usize,
}

impl Refs {
    /// Most refs that are named.
    pub const NAMED: usize = 10;

    /// `count` refs, of which at most [`Refs::NAMED`] are given by name, the most telling first:
    /// the default branch, tags from the newest on, then others.
    pub fn new(named: impl IntoIterator<Item = RefName>, count: usize) -> Self {
        let named: Arc<[RefName]> = named.into_iter().take(Self::NAMED).collect();
        Self {
            count: count.max(named.len()),
            named: (!named.is_empty()).then_some(named),
        }
    }

    /// Those that are named.
    pub fn named(&self) -> &[RefName] {
        self.named.as_deref().unwrap_or_default()
    }

    /// How many there are, named or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Changes names; those for which `change` has nothing stay, and so does the memory if all do.
    pub fn rename(&mut self, change: impl Fn(&RefName) -> Option<RefName>) {
        let changed: Vec<Option<RefName>> = self.named().iter().map(change).collect();
        if changed.iter().any(Option::is_some) {
            let all = self.named().iter().zip(changed);
            let all = all.map(|(old, new)| new.unwrap_or_else(|| old.clone()));
            self.named = Some(all.collect());
        }
    }
}

impl<const N: usize> From<[RefName; N]> for Refs {
    fn from(named: [RefName; N]) -> Self {
        Self::new(named, N)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_is() {
        let kinds = |name: &str| format!("{:?}", RefName::new(name).kind());
        let names = [
            "refs/heads/a/b",
            "refs/remotes/origin/main",
            "refs/remotes/origin/main@{2}",
            "refs/tags/v1",
            "refs/stash@{0}",
            "refs/notes/commits",
            "worktrees/w/HEAD",
        ];
        insta::assert_snapshot!(names.map(kinds).join("\n"), @r#"
        Branch("a/b")
        Remote("origin/main")
        FormerRemote("origin/main")
        Tag("v1")
        Stash("stash@{0}")
        Notes("commits")
        Other("worktrees/w/HEAD")
        "#);
        let entry = RefName::new("refs/stash").entry(3);
        assert_eq!(entry.as_str(), "refs/stash@{3}");
    }

    #[test]
    fn a_set_names_a_few_and_counts_all() {
        let names = (0..40).map(|n| RefName::new(format!("refs/tags/v{n}")));
        let refs = Refs::new(names, 40);
        assert_eq!((refs.named().len(), refs.count()), (Refs::NAMED, 40));
        assert_eq!(Refs::new([RefName::new("HEAD")], 0).count(), 1);
        assert!(Refs::default().is_empty());
    }
}
