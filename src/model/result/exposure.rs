//! How far a key got: the facts that a repository tells, and what they ask for.

use super::super::{
    BlobPath, Fingerprint, Liveness, LivenessState, RefKind, RefName, Refs, RuleInfo, Secret,
    Severity, Step,
};
use std::sync::Arc;

/// A distinct key of an audit: where it was exposed, and what to do about it.
#[derive(Clone, Debug)]
pub struct ExposedKey {
    /// The rule that found it; of several, the one that is most severe.
    pub rule: Arc<RuleInfo>,
    /// The worst severity of its findings.
    pub severity: Severity,
    /// The credential.
    pub secret: Secret,
    /// Id of rule and secret, as in the findings.
    pub fingerprint: Fingerprint,
    /// What the repository tells.
    pub exposure: Exposure,
    /// How many places brought it in.
    pub places: usize,
    /// What its server says of it, if it was asked.
    pub liveness: Option<Liveness>,
    /// What to do.
    pub advice: Vec<Step>,
}

impl ExposedKey {
    /// What to do, in a word. What is a warning where it stands, such as a credential in a test, is first of
    /// all to be looked at.
    pub fn action(&self) -> KeyAction {
        let state = self.liveness.as_ref().map(|told| told.state);
        if state == Some(LivenessState::Dead) && self.exposure.asks_for() == KeyAction::Rotate {
            KeyAction::Done
        } else if self.severity.is_error() {
            self.exposure.asks_for()
        } else {
            KeyAction::Check
        }
    }
}

/// What a repository tells about one key.
#[derive(Clone, Debug, Default)]
pub struct Exposure {
    /// When it first appeared, if a commit tells.
    pub first_seen: Option<Sighting>,
    /// The oldest tag whose text holds it, in place of a commit.
    pub in_tag: Option<Sighting>,
    /// When it was last added or kept, if a commit tells.
    pub last_seen: Option<Sighting>,
    /// The commit that removed the last copy.
    pub removed_in: Option<Sighting>,
    /// Where the commit at HEAD holds it, one place for each file content.
    pub in_head: Vec<Sighting>,
    /// Where else it still is, of a published key: branches that HEAD is not on, each with one place.
    pub in_tips: Vec<(RefName, Sighting)>,
    /// Whether an index holds it.
    pub in_index: bool,
    /// Files in which the index holds it and HEAD does not, sorted.
    pub staged: Vec<BlobPath>,
    /// Whether the index here keeps it from a resolved conflict.
    pub is_kept_resolved: bool,
    /// The work trees besides the one here.
    pub trees: Vec<OtherTree>,
    /// The options that a command of a step needs to know the same rules and exceptions: ` --rules FILE`.
    pub options: String,
    /// The command that leads to where its paths begin, if steps are typed elsewhere.
    pub way_to_root: Option<String>,
    /// Whether there is a commit at HEAD.
    pub has_head: bool,
    /// The branch that HEAD is on.
    pub branch: Option<RefName>,
    /// Remote branches and tags that reach it.
    pub published: Refs,
    /// The remotes to ask for tags, if tags count as published only because nothing here tells which ones were pushed.
    pub remotes: Vec<String>,
    /// Entries of the stash, each with the branch on which it was made.
    pub stashed_on: Vec<(RefName, RefName)>,
    /// Local branches, stashes and other refs that reach it.
    pub local: Refs,
    /// Whether a reflog still knows it, when no ref reaches it.
    pub is_remembered: bool,
    /// Refs that hold it in their own name.
    pub names: Vec<KeyInRef>,
    /// What brought it in, parents before children; what only carries it on is not among them.
    pub introduced: Vec<Introduction>,
}

/// A ref whose own name holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInRef {
    /// The name.
    pub name: RefName,
    /// Whether what the ref leads to holds the key too.
    pub leads_to_key: bool,
}

/// A work tree besides the one here, and what its index holds of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherTree {
    /// Its name among linked ones, as in `worktrees/NAME/HEAD`.
    pub name: String,
    /// Its folder, as it is called at the root of the work tree here.
    pub folder: BlobPath,
    /// The branch that it is on.
    pub branch: Option<RefName>,
    /// Whether there is a commit at its HEAD.
    pub has_head: bool,
    /// Files, with lines, in which its index holds the key and its HEAD does not, sorted.
    pub staged: Vec<(BlobPath, usize)>,
    /// Whether its index keeps it from a resolved conflict.
    pub is_kept_resolved: bool,
}

/// A commit that brought a key to a path at which none of its parents holds it.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// Where and when.
    pub at: Sighting,
    /// The file, which for a member of an archive is the archive; none: the commit's message.
    pub file: Option<BlobPath>,
    /// How many parents the commit has.
    pub parents: usize,
    /// Its place in an order that has parents before children.
    pub order: u32,
    /// Where HEAD is.
    pub below: Below,
    /// The refs that reach the commit.
    pub refs: Refs,
}

impl Introduction {
    /// Whether the author or the committer holds it: `author jvx_live_... <a@b.c>` is above the message, behind the
    /// tree and the parents.
    pub fn is_in_author(&self) -> bool {
        let author = self.parents + 2;
        let is_of_commit = self.file.is_none() && self.at.path.as_bytes() == b"COMMIT_MSG";
        is_of_commit && (author..=author + 1).contains(&self.at.line)
    }
}

/// How HEAD stands to a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    /// HEAD is that commit.
    Head,
    /// HEAD descends from it.
    Descendant,
    /// HEAD does not reach it.
    Elsewhere,
}

/// A commit at which a key was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Full object id in hex.
    pub commit: String,
    /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
    pub date: String,
    /// The file, as that commit names it.
    pub path: BlobPath,
    /// 1-based line.
    pub line: usize,
}

/// What an exposed key asks for, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyAction {
    /// It was published: only a new credential helps.
    Rotate,
    /// It is in local commits only: rewrite them before pushing.
    Amend,
    /// It is only in objects that nothing refers to.
    Expire,
    /// It may be no credential.
    Check,
    /// It was published, and its server refuses it.
    Done,
}

impl Exposure {
    /// The refs here, as far as they are named, that lead to it: not those that only are called so.
    pub fn leading_here(&self) -> impl Iterator<Item = &RefName> {
        let is_only_called = |name: &RefName| {
            let mut called = self.names.iter();
            called.any(|key| key.name == *name && !key.leads_to_key)
        };
        let named = self.local.named().iter();
        named.filter(move |name| !is_only_called(name))
    }

    /// True where the index of some work tree keeps it from a resolved conflict.
    pub fn is_kept_by_undo(&self) -> bool {
        self.is_kept_resolved || self.trees.iter().any(|tree| tree.is_kept_resolved)
    }

    /// True for a key that nothing but tags has published, and nobody here knows whether those were pushed.
    pub fn is_tag_alone(&self) -> bool {
        let all = &self.published;
        let tags = all.named().iter();
        let tags = tags.filter(|name| matches!(name.kind(), RefKind::Tag(_)));
        !self.remotes.is_empty() && !all.is_empty() && tags.count() == all.count()
    }

    /// What a credential asks for that got so far.
    pub fn asks_for(&self) -> KeyAction {
        if !self.published.is_empty() {
            KeyAction::Rotate
        } else if !self.local.is_empty() || self.in_index || !self.in_head.is_empty() {
            KeyAction::Amend
        } else {
            KeyAction::Expire
        }
    }
}

impl KeyAction {
    /// All, most urgent first.
    pub const ALL: [Self; 5] = [
        Self::Rotate,
        Self::Amend,
        Self::Expire,
        Self::Check,
        Self::Done,
    ];

    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rotate => "rotate",
            Self::Amend => "amend",
            Self::Expire => "expire",
            Self::Check => "check",
            Self::Done => "done",
        }
    }
}
