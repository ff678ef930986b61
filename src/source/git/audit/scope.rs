//! Which part of history an audit is about.

use super::super::provenance::graph::Graph;
use super::super::refs::revision;
use super::super::refs::tips::{RefReach, Tip};
use super::super::repo::ask::Question;
use super::super::repo::object_id::{IdSet, ObjectId};
use super::super::repo::open::GitRepo;
use super::super::repo::single::Objects;
use crate::source::SourceError;

/// A choice of commits. By default it takes in everything, also what nothing refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only what this revision reaches.
    pub branch: Option<String>,
    /// Only commits made at this time or later: `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM:SSZ` or git's words.
    pub since: Option<String>,
    /// Only the newest so many commits.
    pub max_commits: Option<usize>,
    /// Only what some ref reaches.
    pub reachable_only: bool,
}

impl Scope {
    /// Complains if the scope names what is not there, whether or not there is anything to choose.
    pub(in crate::source::git) fn check(
        &self,
        repo: &GitRepo,
        objects: &Objects,
    ) -> Result<(), SourceError> {
        if let Some(name) = &self.branch {
            revision::commit(objects, name)?;
        }
        if let Some(text) = &self.since {
            seconds(repo, text)?;
        }
        Ok(())
    }

    /// The chosen commits; none when that is the whole repository.
    pub(in crate::source::git) fn commits(
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
        let mut chosen: Vec<(u32, ObjectId)> = Vec::new();
        while let Some(id) = next.pop() {
            let Some(no) = graph.commit(id).filter(|_| met.insert(id)) else {
                continue;
            };
            let node = &graph.commits[no as usize];
            next.extend(node.parents.iter().map(|p| graph.commits[*p as usize].id));
            if since.is_none_or(|since| node.committed >= since) {
                chosen.push((node.place, id));
            }
        }
        chosen.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
        chosen.truncate(self.max_commits.unwrap_or(usize::MAX));
        Ok(Some(chosen.into_iter().map(|(_, id)| id).collect()))
    }

    /// What to start from without a branch: all refs, and reflogs too unless told otherwise.
    fn all(&self, objects: &Objects, tips: &[Tip]) -> Vec<ObjectId> {
        let kept = tips
            .iter()
            .filter(|t| !self.reachable_only || t.reach != RefReach::Remembered);
        let mut ids: Vec<ObjectId> = kept.flat_map(|t| t.objects.iter().copied()).collect();
        let head = objects.handle().refname_to_id("HEAD").ok();
        ids.extend(head.and_then(|oid| ObjectId::try_from(oid).ok()));
        ids
    }
}

/// The first second of a day, or a time, as people write it for git.
fn seconds(repo: &GitRepo, text: &str) -> Result<i64, SourceError> {
    let day = format!("{text}T00:00:00Z");
    let exact = [text, &day];
    let exact = exact.into_iter().find_map(|text| text.parse().ok());
    let exact = exact.map(jiff::Timestamp::as_second);
    exact
        .or_else(|| in_words(repo, text))
        .ok_or_else(|| SourceError::Revision {
            revision: "--since".to_owned(),
            reason: format!(
                "`{text}` is no date; write it as 2026-01-31, yesterday or '2 weeks ago'"
            ),
        })
}

/// All words of git's dates but for plural ends, from its `date.c`
/// (<https://git-scm.com/docs/git-commit#_date_formats>). Git takes any other word for now.
const WORDS: &str = "ago last and second sec minute min hour hr day week month year yesterday today now noon \
                     midnight tea am pm never one two three four five six seven eight nine ten sunday monday \
                     tuesday wednesday thursday friday saturday january february march april may june july august \
                     september october november december utc gmt t z";

/// What git makes of `yesterday` or `2.weeks.ago`.
fn in_words(repo: &GitRepo, text: &str) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic());
    let mut words = words.filter(|word| !word.is_empty()).peekable();
    words.peek()?;
    let known = |word: &str| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        let mut all = WORDS.split_ascii_whitespace();
        // Names of days and months may be cut to three letters.
        all.any(|one| one == singular || word == one || word.len() == 3 && one.starts_with(word))
    };
    if !words.all(known) {
        return None;
    }
    let git = Question::within(repo.git_dir()).of(repo.git_dir());
    let told = git.ask(&["rev-parse", &format!("--since={text}")]).ok()?;
    let told = String::from_utf8(told).ok()?;
    told.trim().strip_prefix("--max-age=")?.parse().ok()
}
