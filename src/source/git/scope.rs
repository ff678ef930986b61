//! Which part of history an audit is about.

use super::graph::Graph;
use super::object_id::{IdSet, ObjectId};
use super::open::GitRepo;
use super::refs::{Reach, Tip};
use super::revision;
use super::single::Objects;
use crate::source::SourceError;

/// A choice of commits. By default it takes in everything, also what nothing refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only what this revision reaches.
    pub branch: Option<String>,
    /// Only commits made at this time or later, as `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SSZ`.
    pub since: Option<String>,
    /// Only the newest so many commits.
    pub max_commits: Option<usize>,
    /// Only what some ref reaches.
    pub reachable_only: bool,
}

impl Scope {
    /// Complains if the scope names what is not there, whether or not there is anything to choose.
    pub(super) fn check(&self, repo: &GitRepo, objects: &Objects) -> Result<(), SourceError> {
        if let Some(name) = &self.branch {
            revision::commit(objects, name)?;
        }
        if let Some(text) = &self.since {
            seconds(repo, text)?;
        }
        Ok(())
    }

    /// The chosen commits; none when that is the whole repository.
    pub(super) fn commits(
        &self,
        repo: &GitRepo,
        objects: &Objects,
        graph: &Graph,
        tips: &[Tip],
    ) -> Result<Option<IdSet>, SourceError> {
        if *self == Self::default() {
            return Ok(None);
        }
        let since = self
            .since
            .as_deref()
            .map(|text| seconds(repo, text))
            .transpose()?;
        let mut next = match &self.branch {
            Some(name) => vec![revision::commit(objects, name)?],
            None => self.all(objects, tips),
        };
        let mut met = IdSet::default();
        let mut chosen: Vec<(i64, ObjectId)> = Vec::new();
        while let Some(id) = next.pop() {
            let Some(no) = graph.commit(id).filter(|_| met.insert(id)) else {
                continue;
            };
            let node = &graph.commits[no as usize];
            next.extend(node.parents.iter().map(|p| graph.commits[*p as usize].id));
            if since.is_none_or(|since| node.committed >= since) {
                chosen.push((node.committed, id));
            }
        }
        chosen.sort_by_key(|(time, id)| (std::cmp::Reverse(*time), *id));
        chosen.truncate(self.max_commits.unwrap_or(usize::MAX));
        Ok(Some(chosen.into_iter().map(|(_, id)| id).collect()))
    }

    /// What to start from without a branch: all refs, and reflogs too unless told otherwise.
    fn all(&self, objects: &Objects, tips: &[Tip]) -> Vec<ObjectId> {
        let kept = tips
            .iter()
            .filter(|t| !self.reachable_only || t.reach != Reach::Remembered);
        let mut ids: Vec<ObjectId> = kept.flat_map(|t| t.objects.iter().copied()).collect();
        let head = objects.handle().refname_to_id("HEAD").ok();
        ids.extend(head.and_then(|oid| ObjectId::try_from(oid).ok()));
        ids
    }
}

fn seconds(repo: &GitRepo, text: &str) -> Result<i64, SourceError> {
    let whole = if text.contains('T') {
        text.to_owned()
    } else {
        format!("{text}T00:00:00Z")
    };
    let time: Result<jiff::Timestamp, _> = whole.parse();
    let wrong = |_| repo.error(format!("`{text}` is no date; write it as 2026-01-31"));
    time.map(|t| t.as_second()).map_err(wrong)
}
