//! What a push would publish: the commits that the remote lacks, and the text of pushed tags.

use super::object::{TAG_MESSAGE, message, tag_target};
use super::object_id::ObjectId;
use super::open::GitRepo;
use super::range::Range;
use super::revision::RangeSpec;
use super::single::{kind_of, single};
use crate::model::{Blob, BlobPath, Fault, Origin, RefName};
use crate::source::git::pack::Packed;
use crate::source::{Event, Sink, Source, SourceError};
use git2::Odb;

/// One ref that a push changes: a line of what git hands a `pre-push` hook
/// (<https://git-scm.com/docs/githooks#_pre_push>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    /// What the ref is going to name; none when it is deleted.
    pub new: Option<ObjectId>,
    /// What the remote's ref names now; none when it is new there.
    pub old: Option<ObjectId>,
    /// The ref at the remote.
    pub name: String,
}

impl RefUpdate {
    /// Reads `<local ref> <local id> <remote ref> <remote id>`; `None` when that is no such line.
    pub fn parse(line: &str) -> Option<Self> {
        let mut parts = line.trim_end().rsplitn(4, ' ');
        let id = |text: &str| ObjectId::from_hex(text.as_bytes());
        let old = id(parts.next()?)?;
        let name = parts.next()?.to_owned();
        let new = id(parts.next()?)?;
        parts.next()?;
        let some = |id: ObjectId| Some(id).filter(|id| !id.is_zero());
        Some(Self {
            new: some(new),
            old: some(old),
            name,
        })
    }
}

/// All refs of one push.
#[derive(Clone, Debug)]
pub struct Push {
    repo: GitRepo,
    updates: Vec<RefUpdate>,
    remote: Option<String>,
    known: Vec<String>,
}

impl Push {
    /// A push of `updates`, which tell themselves what the remote has already.
    pub fn new(repo: GitRepo, updates: Vec<RefUpdate>) -> Self {
        Self {
            repo,
            updates,
            remote: None,
            known: Vec::new(),
        }
    }

    /// Leaves out what is on the branches of this remote.
    pub fn to(mut self, remote: impl Into<String>) -> Self {
        self.remote = Some(remote.into());
        self
    }

    /// Leaves out what these revisions reach.
    pub fn without(mut self, known: Vec<String>) -> Self {
        self.known = known;
        self
    }

    /// The pushed commits, and what the remote is known to have. What it had before a forced push
    /// is often not here, and then tells nothing.
    fn spec(&self, odb: &Odb<'_>, tips: Vec<ObjectId>) -> RangeSpec {
        let old = self.updates.iter().filter_map(|update| update.old);
        let old = old.filter_map(|id| Target::of(odb, id).commit());
        RangeSpec {
            include: tips.iter().map(ObjectId::to_string).collect(),
            exclude: old
                .map(|id| id.to_string())
                .chain(self.known.iter().cloned())
                .collect(),
            exclude_remotes: self.remote.clone(),
            ..RangeSpec::default()
        }
    }
}

impl Source for Push {
    fn counts_commits(&self) -> bool {
        true
    }

    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        let handle = self.repo.handle()?;
        let failed = |e: git2::Error| self.repo.error(format!("cannot be read: {}", e.message()));
        let odb = handle.odb().map_err(failed)?;
        let mut tips = Vec::new();
        for update in &self.updates {
            let Some(new) = update.new else { continue };
            let target = Target::of(&odb, new);
            tips.extend(target.commit());
            target.hand_out(&self.repo, &odb, &update.name, sink);
        }
        if tips.is_empty() {
            return Ok(());
        }
        Range::new(self.repo.clone(), self.spec(&odb, tips)).visit(sink)
    }
}

/// What a ref names in the end, and the tags on the way there.
struct Target {
    tags: Vec<(ObjectId, Vec<u8>)>,
    end: Result<(Packed, ObjectId), String>,
}

impl Target {
    fn of(odb: &Odb<'_>, id: ObjectId) -> Self {
        let mut tags = Vec::new();
        let mut at = id;
        let end = loop {
            // What is no tag is not read here: it may be long.
            if let Some(kind) = kind_of(odb, at).ok().filter(|kind| *kind != Packed::Tag) {
                break Ok((kind, at));
            }
            match single(odb, at) {
                Ok((Packed::Tag, raw)) => match tag_target(&raw) {
                    Some(next) => {
                        tags.push((at, raw));
                        at = next;
                    }
                    None => break Err(format!("tag {at} is malformed; run `git fsck`")),
                },
                Ok((kind, _)) => break Ok((kind, at)),
                Err(what) => break Err(what),
            }
        };
        Self { tags, end }
    }

    fn commit(&self) -> Option<ObjectId> {
        match self.end {
            Ok((Packed::Commit, id)) => Some(id),
            _ => None,
        }
    }

    /// Hands out the text of tags, and what is tagged when that is no commit.
    fn hand_out(&self, repo: &GitRepo, odb: &Odb<'_>, name: &str, sink: Sink<'_>) {
        for (tag, raw) in &self.tags {
            sink(Event::Blob(Blob {
                path: &TAG_MESSAGE.into(),
                origin: &Origin::TagMessage {
                    tag: tag.to_string(),
                    refs: [RefName::new(name)].into(),
                },
                bytes: message(raw),
            }));
        }
        let path = BlobPath::from(name);
        let fault = |what: String| sink(Event::Fault(Fault::new(path.clone(), what)));
        match &self.end {
            Ok((Packed::Commit, _)) => {}
            Ok((Packed::Blob, id)) => match repo.blob(odb, *id) {
                Ok(bytes) => sink(Event::Blob(Blob {
                    path: &path,
                    origin: &Origin::Unreachable {
                        object: id.to_string(),
                        refs: [RefName::new(name)].into(),
                    },
                    bytes: &bytes,
                })),
                Err(what) => fault(what),
            },
            Ok((_, id)) => fault(format!(
                "names the tree {id} and no commit, so nothing of it was read; push a commit with that tree"
            )),
            Err(what) => fault(what.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_push_is_read_from_its_end() {
        let (zero, one) = ("0".repeat(40), "1".repeat(40));
        let update = RefUpdate::parse(&format!("refs/heads/a {one} refs/heads/b {zero}")).unwrap();
        assert_eq!(update.name, "refs/heads/b");
        assert_eq!(update.new.map(|id| id.to_string()), Some(one.clone()));
        assert_eq!(update.old, None);
        let deleted = RefUpdate::parse(&format!("(delete) {zero} refs/heads/b {one}\n")).unwrap();
        assert_eq!(deleted.new, None);
        assert_eq!(RefUpdate::parse("refs/heads/a x refs/heads/b y"), None);
        assert_eq!(RefUpdate::parse(""), None);
    }
}
