//! How a person or a hook names commits, and which commits that means here.

use super::super::pack::Packed;
use super::super::repo::object::Commit;
use super::super::repo::object_id::ObjectId;
use super::super::repo::single::{Objects, read_object};
use super::ancestry::{Ends, LEFT, RIGHT};
use super::remotes::Remotes;
use super::target::RefTarget;
use crate::model::RefName;
use crate::source::{Consumer, SourceError};
use git2::{ErrorCode, ObjectType};

/// A selection of commits: all that `include` reaches, and nothing that the rest reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSpec {
    /// Revisions whose history is read.
    pub include: Vec<String>,
    /// Revisions whose history is left out.
    pub exclude: Vec<String>,
    /// Leaves out what is on the branches of this remote (`--not --remotes=NAME`); `*` for all
    /// remotes.
    pub exclude_remotes: Option<String>,
    /// Refs that `exclude_remotes` does not count, such as the branch just pushed.
    pub except_refs: Vec<RefName>,
    /// The two ends of `A...B`: what either reaches and the other does not.
    pub symmetric: Option<(String, String)>,
    /// Read only the included commits themselves, not what they reach.
    pub single: bool,
}

impl RangeSpec {
    /// Reads `A..B`, `A...B` or the name of one commit. Where `B` is left out it is `HEAD`.
    pub fn parse(text: &str) -> Self {
        let end = |name: &str| {
            if name.is_empty() {
                "HEAD".to_owned()
            } else {
                name.to_owned()
            }
        };
        // Git knows none of these: in `"$BASE..$HEAD"` both variables may be empty.
        // In `"$BASE..$HEAD"` one variable may be empty as well, and `..HEAD` is nothing at all.
        if text.is_empty() || text.starts_with("..") {
            return Self {
                include: vec![text.to_owned()],
                ..Self::default()
            };
        }
        if let Some((a, b)) = text.split_once("...") {
            let symmetric = Some((end(a), end(b)));
            return Self {
                symmetric,
                ..Self::default()
            };
        }
        match text.split_once("..") {
            Some((a, b)) => Self {
                include: vec![end(b)],
                exclude: vec![end(a)],
                ..Self::default()
            },
            None => Self {
                include: vec![end(text)],
                single: true,
                ..Self::default()
            },
        }
    }

    /// Reads several of these, and `^A` for what is not to be read, as `git log` does: `^main feature`.
    ///
    /// # Errors
    /// When they say together what no one selection can say.
    pub fn parse_all(texts: &[String]) -> Result<Self, String> {
        let mut all = Self::default();
        let mut alone = true;
        for text in texts {
            if let Some(name) = text.strip_prefix('^') {
                all.exclude.push(name.to_owned());
                continue;
            }
            let one = Self::parse(text);
            alone &= one.single;
            all.include.extend(one.include);
            all.exclude.extend(one.exclude);
            if let Some(ends) = one.symmetric
                && all.symmetric.replace(ends).is_some()
            {
                return Err(format!("`{text}` is the second A...B; give one of them"));
            }
        }
        if all.include.is_empty() && all.symmetric.is_none() {
            let text = texts.join(" ");
            return Err(format!(
                "`{text}` only leaves out; say what to read too, as in `^main HEAD`"
            ));
        }
        all.single = alone && all.exclude.is_empty();
        Ok(all)
    }

    /// What `tip` reaches and no branch of `remote` does: the commits that a push would publish.
    pub fn unpushed(tip: &str, remote: &str) -> Self {
        Self {
            include: vec![tip.to_owned()],
            exclude_remotes: Some(remote.to_owned()),
            ..Self::default()
        }
    }

    /// Hands out the text of the tags that are named: who pushes `v1.2` publishes it with the commits.
    pub(in crate::source::git) fn hand_out_texts(
        &self,
        objects: &Objects,
        consumer: &dyn Consumer,
    ) {
        let ends = self
            .symmetric
            .iter()
            .flat_map(|(left, right)| [left, right]);
        for name in self.include.iter().chain(ends) {
            if let Ok(id) = named(objects, name) {
                RefTarget::of(objects, id).hand_out_texts(&RefName::new(name), consumer);
            }
        }
    }

    /// True when only the named commits are meant.
    pub(in crate::source::git) fn is_single(&self) -> bool {
        self.single
    }

    /// The commits that the names stand for.
    pub(in crate::source::git) fn resolve(&self, objects: &Objects) -> Result<Ends, SourceError> {
        let mut ends = Ends::default();
        for name in &self.include {
            ends.include.push((commit(objects, name)?, LEFT));
        }
        for name in &self.exclude {
            ends.exclude.push(commit(objects, name)?);
        }
        if let Some((left, right)) = &self.symmetric {
            ends.include.push((commit(objects, left)?, LEFT));
            ends.include.push((commit(objects, right)?, RIGHT));
        }
        if let Some(remote) = &self.exclude_remotes {
            let tracked = Remotes::of(objects)?.tracked(remote);
            let kept = tracked
                .into_iter()
                .filter(|(name, _)| !self.except_refs.contains(name));
            let tips = kept.filter_map(|(_, id)| RefTarget::of(objects, id).commit());
            ends.exclude.extend(tips);
        }
        Ok(ends)
    }
}

/// The commit that `name` stands for.
pub(in crate::source::git) fn commit(
    objects: &Objects,
    name: &str,
) -> Result<ObjectId, SourceError> {
    if name.len() >= 40 && name.bytes().all(|b| b == b'0') {
        return Err(unresolved(
            name,
            "all zeros is git's word for no commit (a branch that was just created or deleted); \
             name a real base, or leave out what remotes have",
        ));
    }
    if name.is_empty() || name.starts_with("..") {
        let what = if name.bytes().all(|b| b == b'.') {
            "names no commit, as a variable does that is not set"
        } else {
            "names no start, as where a variable is not set"
        };
        return Err(unresolved(
            &format!("`{name}`"),
            &format!("this {what}; name both ends, as in `main..HEAD`"),
        ));
    }
    if name.starts_with('-') {
        return Err(unresolved(name, "this looks like an option; name a commit"));
    }
    let simple = name.find(['~', '^']).unwrap_or(name.len());
    let (base, steps) = name.split_at(simple);
    let found = if base.contains([':', '@']) && base != "@" {
        exotic(objects, name)
    } else {
        match named(objects, base) {
            Ok(start) => walk(objects, start, steps).unwrap_or_else(|| exotic(objects, name)),
            Err(why) => Err(why),
        }
    };
    found.map_err(|why| unresolved(name, &why))
}

const UNKNOWN: &str = "no such commit here; check the spelling, or fetch it (in CI: `fetch-depth: 0`, elsewhere `git fetch --unshallow`)";

/// The object that a ref or an id names.
fn named(objects: &Objects, name: &str) -> Result<ObjectId, String> {
    let handle = objects.handle();
    if name.is_empty() {
        return Err(UNKNOWN.to_owned());
    }
    let hex = name.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(id) = ObjectId::from_hex(name.as_bytes()) {
        return Ok(id);
    }
    let name = if name == "@" { "HEAD" } else { name };
    let reference = handle.resolve_reference_from_short_name(name);
    let target = reference.and_then(|found| Ok(found.resolve()?.target()));
    let id = match target {
        Ok(Some(target)) => ObjectId::try_from(target),
        _ if hex && name.len() >= 4 => handle.odb().and_then(|odb| {
            let digits = format!("{name:0<40}");
            ObjectId::try_from(odb.exists_prefix(digits.parse()?, name.len())?)
        }),
        _ => return exotic(objects, name),
    };
    id.map_err(|error| match error.code() {
        ErrorCode::Ambiguous => "this short id fits several objects; give more digits".to_owned(),
        _ => UNKNOWN.to_owned(),
    })
}

/// Goes on from an object as `~2`, `^`, `^2`, `^0` and `^{commit}` say; `None` for other steps.
fn walk(objects: &Objects, start: ObjectId, steps: &str) -> Option<Result<ObjectId, String>> {
    let mut at = match RefTarget::of(objects, start).end {
        Ok((Packed::Commit, id)) => id,
        Ok(_) => return Some(Err(UNKNOWN.to_owned())),
        Err(why) => return Some(Err(why)),
    };
    let mut rest = steps;
    while let Some(sign) = rest.chars().next() {
        let behind = &rest[1..];
        if let Some(behind) = ["{commit}", "{}"]
            .iter()
            .find_map(|peel| behind.strip_prefix(peel))
        {
            rest = behind;
            continue;
        }
        let end = behind
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (number, behind) = behind.split_at(end);
        let number = if number.is_empty() {
            1
        } else {
            number.parse::<usize>().ok()?
        };
        let next = match sign {
            '~' => (0..number).try_fold(at, |at, _| parent(objects, at, 1)),
            '^' => parent(objects, at, number),
            _ => return None,
        };
        at = match next {
            Ok(next) => next,
            Err(why) => return Some(Err(why)),
        };
        rest = behind;
    }
    Some(Ok(at))
}

/// The parent of this number, from 1 on; with 0 the commit itself.
fn parent(objects: &Objects, id: ObjectId, number: usize) -> Result<ObjectId, String> {
    let raw = read_object(objects, id, Packed::Commit)?;
    let parsed =
        Commit::parse(&raw).ok_or_else(|| format!("object {id} is no commit; run `git fsck`"))?;
    match number {
        0 => Ok(id),
        _ => parsed
            .parents
            .get(number - 1)
            .copied()
            .ok_or_else(|| UNKNOWN.to_owned()),
    }
}

/// What libgit2 makes of a name, as `HEAD@{yesterday}`, `:/words` or `v1.0-3-g1a2b3c4`. It may read any
/// object for that, and never ends at one that is cut off.
fn exotic(objects: &Objects, name: &str) -> Result<ObjectId, String> {
    objects.all_whole()?;
    let found = objects.handle().revparse_single(name);
    let found = found.and_then(|object| object.peel(ObjectType::Commit));
    let found = found.and_then(|commit| ObjectId::try_from(commit.id()));
    found.map_err(|_| UNKNOWN.to_owned())
}

fn unresolved(revision: &str, reason: &str) -> SourceError {
    SourceError::Revision {
        revision: revision.to_owned(),
        reason: reason.to_owned(),
    }
}
