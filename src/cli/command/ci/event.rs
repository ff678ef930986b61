//! What the event of a GitHub Actions job asks to be read. Pure: text in, a task out.
//!
//! The names and fields are those of
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows>
//! and <https://docs.github.com/en/webhooks/webhook-events-and-payloads>. Nothing of an event but
//! ids of commits and names of branches is used, and neither is ever shown unchecked.

use serde::Deserialize;

/// What to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Task {
    /// Commits that the event brought.
    pub(super) commits: Option<Commits>,
    /// Whether to read all files of the work tree.
    pub(super) tree: bool,
    /// What this is about, for people.
    pub(super) about: String,
    /// The format of annotations in the job's log, if its server reads one.
    pub(super) log: Option<&'static str>,
}

/// All that `head` reaches and that was not there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commits {
    /// The newest commit, or a tag of it: 40 hexadecimal digits.
    pub(super) head: String,
    /// The ref that names it, which anyone may have chosen.
    pub(super) name: String,
    /// What was there before.
    pub(super) before: EventBefore,
    /// The pushed ref; empty for events that are no push.
    pub(super) pushed: Pushed,
    /// What to write into the job so that all commits are there.
    pub(super) whole_clone: &'static str,
}

/// The same for a job of GitHub Actions.
pub(super) const WHOLE_CLONE: &str = "give actions/checkout `fetch-depth: 0` and no `filter`, so that all commits and files are there";

/// What was there before a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EventBefore {
    /// A commit that must be in the clone.
    Commit(String),
    /// A commit that a forced push has removed, so that it may not be in any clone; without it, as
    /// [`EventBefore::Nothing`].
    Removed(String),
    /// Nothing: the branch or tag is new.
    Nothing,
    /// What a branch of the remote has, to which a request goes.
    Branch(String),
}

/// A pushed ref, and what the repository's own branches are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pushed {
    /// The name of the branch; empty for a tag.
    pub(super) branch: String,
    /// The name of the default branch.
    pub(super) default_branch: String,
}

impl Pushed {
    /// True when the default branch itself was pushed, so that nothing else tells what is new.
    pub(super) fn is_default(&self) -> bool {
        !self.branch.is_empty() && self.branch == self.default_branch
    }
}

/// Why an event says nothing that can be read, with the next step.
pub(super) type EventRefusal = String;

/// The task of the event called `name`, whose payload is `json`.
///
/// # Errors
/// When the event names no commits, when it must not be used, or when its payload lacks what it
/// should have.
pub(super) fn task(name: &str, json: &str) -> Result<Task, EventRefusal> {
    let task = of_event(name, json)?;
    Ok(Task {
        log: Some("github"),
        ..task
    })
}

fn of_event(name: &str, json: &str) -> Result<Task, EventRefusal> {
    match name {
        "push" => push(&parse(name, json)?),
        "pull_request" => pull_request(parse(name, json)?),
        "merge_group" => merge_group(parse(name, json)?),
        "schedule" | "workflow_dispatch" | "repository_dispatch" | "release" => Ok(Task {
            tree: true,
            about: format!("{name}: all files"),
            ..Task::default()
        }),
        "pull_request_target" => Err(
            "pull_request_target: this event runs with the rights and secrets of the base branch, and reading \
             the head's files there is how those get stolen; use `on: pull_request`, which needs neither"
                .to_owned(),
        ),
        _ => Err(format!(
            "{name}: this event does not say which commits to read; use push, pull_request, merge_group, \
             schedule or workflow_dispatch, or run `jvxleaks range` or `jvxleaks scan`"
        )),
    }
}

#[derive(Deserialize)]
struct PushEvent {
    #[serde(rename = "ref")]
    name: String,
    before: String,
    after: String,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    forced: bool,
    #[serde(default)]
    repository: Repository,
}

#[derive(Default, Deserialize)]
struct Repository {
    #[serde(default)]
    default_branch: Option<String>,
}

#[derive(Deserialize)]
struct PullRequestEvent {
    pull_request: PullRequest,
}

#[derive(Deserialize)]
struct PullRequest {
    head: EventEnd,
    base: EventEnd,
}

#[derive(Deserialize)]
struct EventEnd {
    sha: String,
}

#[derive(Deserialize)]
struct MergeGroupEvent {
    merge_group: MergeGroup,
}

#[derive(Deserialize)]
struct MergeGroup {
    head_sha: String,
    base_sha: String,
}

fn parse<'j, T: Deserialize<'j>>(name: &str, json: &'j str) -> Result<T, EventRefusal> {
    serde_json::from_str(json).map_err(|error| {
        let line = error.line();
        format!("{name}: the event in GITHUB_EVENT_PATH is not what GitHub writes (line {line}); was the file changed?")
    })
}

fn push(event: &PushEvent) -> Result<Task, EventRefusal> {
    let (before, after) = (id("push", &event.before)?, id("push", &event.after)?);
    if event.deleted || after.is_none() {
        return Ok(Task {
            about: "push: the branch or tag was deleted, so nothing was published".to_owned(),
            ..Task::default()
        });
    }
    let branch = event.name.strip_prefix("refs/heads/").unwrap_or_default();
    let pushed = Pushed {
        branch: branch.to_owned(),
        default_branch: event.repository.default_branch.clone().unwrap_or_default(),
    };
    let is_tag = event.name.starts_with("refs/tags/");
    let head = after.unwrap_or_default();
    let (before, since) = match before {
        None => (EventBefore::Nothing, "that no other branch has"),
        Some(commit) if event.forced || is_tag => {
            (EventBefore::Removed(commit), "of a forced push")
        }
        Some(commit) => (EventBefore::Commit(commit), "since the last push"),
    };
    let about = if is_tag {
        format!("push of a tag: all files, and commits {since}")
    } else {
        format!("push: commits {since}")
    };
    Ok(Task {
        commits: Some(Commits {
            head,
            name: event.name.clone(),
            before,
            pushed,
            whole_clone: WHOLE_CLONE,
        }),
        tree: is_tag,
        about,
        ..Task::default()
    })
}

fn pull_request(event: PullRequestEvent) -> Result<Task, EventRefusal> {
    let request = event.pull_request;
    between("pull_request", &request.head.sha, &request.base.sha)
}

fn merge_group(event: MergeGroupEvent) -> Result<Task, EventRefusal> {
    let group = event.merge_group;
    between("merge_group", &group.head_sha, &group.base_sha)
}

fn between(name: &str, head: &str, base: &str) -> Result<Task, EventRefusal> {
    match (id(name, head)?, id(name, base)?) {
        (Some(head), Some(base)) => Ok(Task {
            about: format!("{name}: commits of {head} that {base} lacks"),
            commits: Some(Commits {
                head,
                name: name.to_owned(),
                before: EventBefore::Commit(base),
                pushed: Pushed::default(),
                whole_clone: WHOLE_CLONE,
            }),
            ..Task::default()
        }),
        _ => Err(format!(
            "{name}: the event names no commit (all zeros); run the job again"
        )),
    }
}

/// The id of a commit; none for the zeros that stand for no commit.
pub(super) fn id(name: &str, text: &str) -> Result<Option<String>, EventRefusal> {
    let is_id = text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_id {
        return Err(format!(
            "{name}: the event names a commit by something that is no SHA-1 id; nothing was read"
        ));
    }
    let is_zero = text.bytes().all(|b| b == b'0');
    Ok((!is_zero).then(|| text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: &str = "0000000000000000000000000000000000000000";

    fn sha(digit: char) -> String {
        digit.to_string().repeat(40)
    }

    fn pushed(name: &str, before: &str, after: &str, more: &str) -> Result<Task, EventRefusal> {
        let json = format!(
            r#"{{"ref": "{name}", "before": "{before}", "after": "{after}", {more}
                 "repository": {{"default_branch": "main", "id": 1}}, "commits": []}}"#
        );
        task("push", &json)
    }

    fn on(branch: &str) -> Pushed {
        Pushed {
            branch: branch.to_owned(),
            default_branch: "main".to_owned(),
        }
    }

    fn before(task: Result<Task, EventRefusal>) -> (EventBefore, Pushed) {
        let commits = task.unwrap().commits.unwrap();
        (commits.before, commits.pushed)
    }

    #[test]
    fn a_push_is_read_from_where_the_branch_was() {
        let task = pushed("refs/heads/x", &sha('a'), &sha('b'), "").unwrap();
        let commits = task.commits.unwrap();
        assert_eq!(commits.head, sha('b'));
        assert_eq!(commits.before, EventBefore::Commit(sha('a')));
        assert!(!task.tree);
    }

    #[test]
    fn a_new_branch_has_nothing_before_it() {
        let of = |name| before(pushed(name, ZERO, &sha('b'), r#""created": true,"#));
        assert_eq!(of("refs/heads/a/b"), (EventBefore::Nothing, on("a/b")));
        assert_eq!(of("refs/heads/main"), (EventBefore::Nothing, on("main")));
        assert!(on("main").is_default() && !on("a/b").is_default() && !on("").is_default());
    }

    #[test]
    fn a_forced_push_may_have_removed_what_was_before() {
        let task = pushed("refs/heads/x", &sha('a'), &sha('b'), r#""forced": true,"#);
        assert_eq!(before(task), (EventBefore::Removed(sha('a')), on("x")));
    }

    #[test]
    fn a_deleted_branch_publishes_nothing() {
        let gone = pushed("refs/heads/x", &sha('a'), ZERO, r#""deleted": true,"#).unwrap();
        assert_eq!((gone.commits, gone.tree), (None, false));
    }

    #[test]
    fn a_tag_is_read_with_all_its_files() {
        let task = pushed("refs/tags/v1", ZERO, &sha('b'), "").unwrap();
        assert!(task.tree);
        assert_eq!(before(Ok(task)), (EventBefore::Nothing, on("")));
    }

    #[test]
    fn a_pull_request_and_a_merge_group_name_both_ends() {
        let (head, base) = (sha('a'), sha('b'));
        let request = format!(
            r#"{{"action": "synchronize", "number": 7, "pull_request": {{"title": "`x`",
                 "head": {{"ref": "$(id)", "sha": "{head}"}}, "base": {{"ref": "main", "sha": "{base}"}}}}}}"#
        );
        let group = format!(
            r#"{{"action": "checks_requested", "merge_group": {{"head_sha": "{head}", "base_sha": "{base}",
                 "head_ref": "refs/heads/gh-readonly-queue/main/pr-7", "base_ref": "refs/heads/main"}}}}"#
        );
        for (name, json) in [("pull_request", request), ("merge_group", group)] {
            let commits = task(name, &json).unwrap().commits.unwrap();
            let expected = Commits {
                head: head.clone(),
                name: name.to_owned(),
                before: EventBefore::Commit(base.clone()),
                pushed: Pushed::default(),
                whole_clone: WHOLE_CLONE,
            };
            assert_eq!(commits, expected, "{name}");
        }
    }

    #[test]
    fn events_without_commits_are_about_all_files() {
        for name in [
            "schedule",
            "workflow_dispatch",
            "repository_dispatch",
            "release",
        ] {
            let task = task(name, "{}").unwrap();
            assert!(task.tree && task.commits.is_none(), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_refused_with_the_next_step() {
        let told = [
            task("pull_request_target", "{}"),
            task("issue_comment", "{}"),
            task("push", "{\n\"ref\": 1}"),
            pushed("refs/heads/x", "--output=x", &sha('b'), ""),
            task(
                "merge_group",
                &format!(r#"{{"merge_group": {{"head_sha": "{ZERO}", "base_sha": "{ZERO}"}}}}"#),
            ),
        ];
        insta::assert_snapshot!(told.map(Result::unwrap_err).join("\n"), @"
        pull_request_target: this event runs with the rights and secrets of the base branch, and reading the head's files there is how those get stolen; use `on: pull_request`, which needs neither
        issue_comment: this event does not say which commits to read; use push, pull_request, merge_group, schedule or workflow_dispatch, or run `jvxleaks range` or `jvxleaks scan`
        push: the event in GITHUB_EVENT_PATH is not what GitHub writes (line 2); was the file changed?
        push: the event names a commit by something that is no SHA-1 id; nothing was read
        merge_group: the event names no commit (all zeros); run the job again
        ");
    }
}
