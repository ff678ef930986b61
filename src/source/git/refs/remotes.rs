//! The remotes that a repository is set up with, and what it remembers of their branches.
//!
//! A remote-tracking ref tells what a branch was when it was last fetched from, or pushed to, the place
//! that the remote named then. Whose ref it is say the remote's fetch refspecs, as in
//! `+refs/heads/*:refs/remotes/origin/*`, and not its name: `refs/remotes/pub/priv/main` may be of `pub`
//! or of `pub/priv`.

use super::super::remote::forge;
use super::super::repo::object_id::ObjectId;
use super::super::repo::open::GitRepo;
use super::super::repo::reason;
use super::super::repo::single::Objects;
use super::address::is_same_place;
use crate::model::{Forge, RefName};
use crate::source::SourceError;
use std::collections::BTreeMap;
use std::path::Path;

/// Where tracking refs are.
const TRACKING: &str = "refs/remotes/";

/// The remotes of a repository.
pub(in crate::source::git) struct Remotes {
    /// By name.
    known: BTreeMap<String, Remote>,
    /// Remote-tracking refs that name an object, by full name.
    refs: BTreeMap<RefName, ObjectId>,
}

/// A remote, as the repository's settings describe it.
pub(in crate::source::git) struct Remote {
    /// Where it is fetched from.
    url: Option<String>,
    fetch: Vec<Refspec>,
}

/// What is fetched to where.
struct Refspec {
    from: RefPattern,
    to: RefPattern,
}

/// The name of a ref, or of many: the text before and after a `*`.
struct RefPattern {
    before: String,
    after: Option<String>,
}

impl GitRepo {
    /// The remotes that are set up, `origin` first.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn remote_names(&self) -> Result<Vec<String>, SourceError> {
        let remotes = Remotes::of(&self.objects()?)?;
        let mut names: Vec<String> = remotes.known.into_keys().collect();
        names.sort_by_key(|name| name != "origin");
        Ok(names)
    }

    /// Where the repository can be read in a browser: the pages of each remote whose address tells them, `origin` first.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn forges(&self) -> Result<Vec<Forge>, SourceError> {
        let remotes = Remotes::of(&self.objects()?)?;
        let known = remotes.known.into_iter();
        let told = known.filter_map(|(name, remote)| {
            let is_mirrored = remote.is_mirrored();
            forge::of_remote(name, remote.url.as_deref()?, is_mirrored)
        });
        let mut forges: Vec<Forge> = told.collect();
        forges.sort_by_key(|forge| forge.remote != "origin");
        Ok(forges)
    }
}

impl Remotes {
    /// All remotes of the repository, and all tracking refs.
    ///
    /// # Errors
    /// When the refs cannot be listed.
    pub(in crate::source::git) fn of(objects: &Objects) -> Result<Self, SourceError> {
        let handle = objects.handle();
        let failed = |e: git2::Error| SourceError::Repository {
            path: handle.path().to_owned(),
            reason: format!(
                "its refs cannot be listed: {}; run `git fsck`",
                reason::of(&e)
            ),
        };
        let mut known = BTreeMap::new();
        let names = handle.remotes().map_err(failed)?;
        for name in names.iter().filter_map(|name| name.ok().flatten()) {
            if let Ok(remote) = handle.find_remote(name) {
                known.insert(name.to_owned(), Remote::new(&remote));
            }
        }
        let mut refs = BTreeMap::new();
        for reference in handle.references().map_err(failed)? {
            let reference = reference.map_err(failed)?;
            let name = String::from_utf8_lossy(reference.name_bytes());
            // A symbolic ref, as a remote's HEAD, says again what another name says.
            let target = reference.target().filter(|_| name.starts_with(TRACKING));
            if let Some(id) = target.and_then(|oid| ObjectId::try_from(oid).ok()) {
                refs.insert(RefName::new(name), id);
            }
        }
        Ok(Self { known, refs })
    }

    /// The tracking refs of one remote, or with `*` all. One that another remote's refspecs claim too
    /// is nobody's. Of a name that is not set up, those below it, as `git rev-list --remotes=NAME` does.
    pub(in crate::source::git) fn tracked(&self, name: &str) -> Vec<(RefName, ObjectId)> {
        let below = format!("{TRACKING}{name}/");
        let is_own = |tracking: &RefName| match self.known.get(name) {
            Some(remote) => remote.claims(tracking),
            None => tracking.as_str().starts_with(&below),
        };
        let mut others = self.known.iter().filter(|(other, _)| *other != name);
        let mut is_claimed = |tracking: &RefName| others.any(|(_, other)| other.claims(tracking));
        let refs = self.refs.iter();
        let mine = refs.filter(|(n, _)| name == "*" || is_own(n) && !is_claimed(n));
        mine.map(|(name, id)| (name.clone(), *id)).collect()
    }

    /// True when the tracking refs of a remote tell of the repository that is pushed to: the remote is
    /// fetched from there, and nothing says that it was another place last time.
    pub(in crate::source::git) fn are_of(&self, destination: &Destination, repo: &GitRepo) -> bool {
        let Destination { remote: name, url } = destination;
        let Some(url) = url else {
            return true;
        };
        let fetched_from = self
            .known
            .get(name)
            .and_then(|remote| remote.url.as_deref());
        if !fetched_from.is_some_and(|from| is_same_place(from, url)) {
            return false;
        }
        let logs = repo.common_dir().join("logs").join(TRACKING);
        match cloned_from(&text(&logs.join(name).join("HEAD"))) {
            Some(origin) if !is_same_place(origin, url) => {
                let fetched = text(&repo.git_dir().join("FETCH_HEAD"));
                sources(&fetched).any(|source| is_same_place(source, url))
            }
            _ => true,
        }
    }

    /// What the tracking ref of a remote's `reference` names.
    pub(in crate::source::git) fn tracking(
        &self,
        name: &str,
        reference: &RefName,
    ) -> Option<ObjectId> {
        self.tracking_refs(name, reference).find_map(|id| id)
    }

    /// True when what a tracking ref of `name` remembers of the remote's ref is not `id`, which the
    /// remote itself says that it is; `None` for a ref that it lacks.
    pub(in crate::source::git) fn contradicts(
        &self,
        name: &str,
        reference: &RefName,
        id: Option<ObjectId>,
    ) -> bool {
        self.tracking_refs(name, reference)
            .any(|tracked| tracked != id)
    }

    fn tracking_refs(
        &self,
        name: &str,
        reference: &RefName,
    ) -> impl Iterator<Item = Option<ObjectId>> {
        let fetch = self.known.get(name).map_or(&[][..], |remote| &remote.fetch);
        let names = fetch
            .iter()
            .filter_map(move |spec| spec.tracking(reference));
        names.map(|tracking| self.refs.get(&tracking).copied())
    }
}

impl Remote {
    fn new(remote: &git2::Remote<'_>) -> Self {
        let specs = remote.refspecs();
        let specs = specs.filter_map(|spec| Refspec::parse(spec.str().ok()?));
        Self {
            url: remote.url().ok().map(str::to_owned),
            fetch: specs.collect(),
        }
    }

    /// True where a fetch takes every ref as it is, as `git clone --mirror` sets it up.
    fn is_mirrored(&self) -> bool {
        const BRANCH: &str = "refs/heads/b";
        self.fetch
            .iter()
            .any(|spec| spec.from.star(BRANCH).is_some() && spec.from.before == spec.to.before)
    }

    /// True for a ref that a fetch of this remote may write.
    fn claims(&self, tracking: &RefName) -> bool {
        self.fetch
            .iter()
            .any(|spec| spec.to.star(tracking.as_str()).is_some())
    }
}

impl Refspec {
    /// Reads `+FROM:TO`; `None` for one that writes no tracking ref. A push refspec never does.
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.strip_prefix('+').unwrap_or(text).split_once(':')?;
        to.starts_with(TRACKING).then(|| Self {
            from: RefPattern::new(from),
            to: RefPattern::new(to),
        })
    }

    /// The tracking ref of the remote's `reference`.
    fn tracking(&self, reference: &RefName) -> Option<RefName> {
        let star = self.from.star(reference.as_str())?;
        let RefPattern { before, after } = &self.to;
        let after = after.as_deref().unwrap_or_default();
        Some(RefName::new(format!("{before}{star}{after}")))
    }
}

impl RefPattern {
    fn new(text: &str) -> Self {
        let split = text.split_once('*');
        let (before, after) = split.map_or((text, None), |(before, after)| (before, Some(after)));
        Self {
            before: before.to_owned(),
            after: after.map(str::to_owned),
        }
    }

    /// What stands for the `*` in `name`; empty without one.
    fn star<'n>(&self, name: &'n str) -> Option<&'n str> {
        let rest = name.strip_prefix(&self.before)?;
        match &self.after {
            Some(after) => rest.strip_suffix(after.as_str()),
            None => Some(rest).filter(|rest| rest.is_empty()),
        }
    }
}

/// What the log of a remote's HEAD says of its beginning: `... clone: from URL`.
fn cloned_from(log: &str) -> Option<&str> {
    let first = log.lines().next()?;
    Some(first.split_once("\tclone: from ")?.1)
}

/// Where the last fetch was from: lines of an id, a remark, and `branch 'main' of URL`.
fn sources(fetched: &str) -> impl Iterator<Item = &str> {
    let words = fetched.lines().filter_map(|line| line.split('\t').nth(2));
    words.map(|what| what.rsplit_once(" of ").map_or(what, |(_, url)| url))
}

fn text(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where a push goes to, as git tells its hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The remote's name, or its address where it has none.
    pub remote: String,
    /// The address that is pushed to, where it is known.
    pub url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refspec_tells_which_ref_remembers_which() {
        let told = |spec: &str, name: &str| Refspec::parse(spec)?.tracking(&RefName::new(name));
        let usual = "+refs/heads/*:refs/remotes/origin/*";
        let main = Some(RefName::new("refs/remotes/origin/main"));
        assert_eq!(told(usual, "refs/heads/main"), main);
        assert_eq!(told(usual, "refs/tags/v1"), None);
        let one = "refs/heads/main:refs/remotes/origin/main";
        assert_eq!(told(one, "refs/heads/main"), main);
        assert_eq!(told(one, "refs/heads/main2"), None);
        let requests = "+refs/pull/*/head:refs/remotes/origin/pr/*";
        let seven = Some(RefName::new("refs/remotes/origin/pr/7"));
        assert_eq!(told(requests, "refs/pull/7/head"), seven);
        assert_eq!(told("+refs/*:refs/*", "refs/heads/main"), None, "a mirror");
        assert_eq!(told("^refs/heads/x", "refs/heads/x"), None);
    }

    #[test]
    fn clones_and_fetches_say_where_from() {
        let log = "0000 1234 A <a@b> 1700000000 +0000\tclone: from https://example.org/a.git\n";
        assert_eq!(cloned_from(log), Some("https://example.org/a.git"));
        assert_eq!(
            cloned_from("0000 1234 A <a@b> 1 +0000\tupdate by push\n"),
            None
        );
        let fetched =
            "12\t\tbranch 'main' of ../a\n34\tnot-for-merge\tbranch 'x of y' of ../a\n56\t\t../b\n";
        let found: Vec<&str> = sources(fetched).collect();
        assert_eq!(found, ["../a", "../a", "../b"]);
    }
}
