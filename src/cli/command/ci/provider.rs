//! What the variables of a job ask to be read, on servers that write no event. Pure: variables in, a task out.
//!
//! Each has the page of its variables. Nothing of a variable but ids of commits and names of branches is used.

use super::event::{Commits, EventBefore, EventRefusal, Pushed, Task, id};

/// A continuous integration server.
pub(super) struct Provider {
    /// What people call it.
    pub(super) name: &'static str,
    /// A variable that only its jobs have.
    pub(super) sign: &'static str,
    /// The format of what is said in its log.
    pub(super) log: Option<&'static str>,
    /// What makes all commits be there.
    pub(super) whole_clone: &'static str,
    read: fn(&Variables<'_>) -> JobCommits,
}

/// What a repository tells where no variable does.
pub(super) struct JobRepository<'r> {
    /// The commit that is checked out.
    pub(super) head: &'r dyn Fn() -> Option<String>,
    pub(super) default_branch: &'r dyn Fn() -> Option<String>,
}

/// Looks a variable up.
pub(super) type Variables<'v> = dyn Fn(&str) -> Option<String> + 'v;

/// What a job is about, in the words that all servers share.
#[derive(Default)]
struct JobCommits {
    head: Option<String>,
    /// Without a head, the job is about the commit that is checked out.
    is_checked_out: bool,
    /// What was there before: a commit, or the branch that a request goes to.
    base: Option<JobBase>,
    branch: Option<String>,
    default_branch: Option<String>,
    tag: Option<String>,
    /// Nothing was pushed: a clock or a person started it.
    is_tree: bool,
}

enum JobBase {
    Commit(String),
    /// A commit that a forced push may have taken away.
    Pushed(String),
    /// The branch that a request goes to.
    Target(String),
}

/// Each by its own page, the more special first.
pub(super) const PROVIDERS: &[Provider] = &[
    // https://docs.gitlab.com/ci/variables/predefined_variables/
    Provider {
        name: "GitLab",
        sign: "GITLAB_CI",
        log: None,
        whole_clone: "set `GIT_DEPTH: 0` under `variables`, so that all commits are there",
        read: |get| {
            let source = get("CI_PIPELINE_SOURCE").unwrap_or_default();
            let request = get("CI_MERGE_REQUEST_DIFF_BASE_SHA").map(JobBase::Commit);
            let pushed = get("CI_COMMIT_BEFORE_SHA").map(JobBase::Pushed);
            // A pipeline that one of a request starts is about the request too.
            let is_request = request.is_some();
            let (branch, default_branch) = (get("CI_COMMIT_BRANCH"), get("CI_DEFAULT_BRANCH"));
            // A child of the pipeline of a push, and not of a clock.
            let is_new =
                get("CI_COMMIT_BEFORE_SHA").is_some_and(|id| id.bytes().any(|b| b != b'0'));
            let is_other = branch.is_some() && default_branch.is_some() && branch != default_branch;
            let is_push = source == "push" || source == "parent_pipeline" && (is_new || is_other);
            JobCommits {
                head: get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA").or_else(|| get("CI_COMMIT_SHA")),
                is_checked_out: false,
                base: request.or(pushed),
                branch,
                default_branch,
                tag: get("CI_COMMIT_TAG"),
                is_tree: !is_request
                    && !is_push
                    && !matches!(
                        &*source,
                        "merge_request_event" | "external_pull_request_event"
                    ),
            }
        },
    },
    // https://learn.microsoft.com/azure/devops/pipelines/build/variables
    Provider {
        name: "Azure Pipelines",
        sign: "TF_BUILD",
        log: Some("azure"),
        whole_clone: "set `fetchDepth: 0` at the checkout step, so that all commits are there",
        read: |get| {
            let reason = get("BUILD_REASON").unwrap_or_default();
            let target = get("SYSTEM_PULLREQUEST_TARGETBRANCH");
            let is_request = reason == "PullRequest";
            let source = get("BUILD_SOURCEBRANCH").unwrap_or_default();
            JobCommits {
                head: get("SYSTEM_PULLREQUEST_SOURCECOMMITID")
                    .filter(|_| is_request)
                    .or_else(|| get("BUILD_SOURCEVERSION")),
                is_checked_out: false,
                base: target.filter(|_| is_request).map(JobBase::Target),
                branch: source.strip_prefix("refs/heads/").map(str::to_owned),
                default_branch: None,
                tag: source.strip_prefix("refs/tags/").map(str::to_owned),
                is_tree: matches!(&*reason, "Schedule" | "Manual" | "ResourceTrigger"),
            }
        },
    },
    // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    Provider {
        name: "Bitbucket",
        sign: "BITBUCKET_BUILD_NUMBER",
        log: None,
        whole_clone: "set `clone: depth: full` for the pipeline, so that all commits are there",
        read: |get| JobCommits {
            head: get("BITBUCKET_COMMIT"),
            is_checked_out: false,
            base: get("BITBUCKET_PR_DESTINATION_BRANCH").map(JobBase::Target),
            branch: get("BITBUCKET_BRANCH"),
            default_branch: None,
            tag: get("BITBUCKET_TAG"),
            is_tree: false,
        },
    },
    // https://circleci.com/docs/variables/; the base is a value of the pipeline, which a job hands on.
    Provider {
        name: "CircleCI",
        sign: "CIRCLECI",
        log: None,
        whole_clone: "check out with `method: full`, so that all commits are there",
        read: |get| JobCommits {
            head: get("CIRCLE_SHA1"),
            is_checked_out: false,
            base: get("CIRCLE_BASE_REVISION").map(JobBase::Pushed),
            branch: get("CIRCLE_BRANCH"),
            default_branch: None,
            tag: get("CIRCLE_TAG"),
            is_tree: false,
        },
    },
    // https://buildkite.com/docs/pipelines/configure/environment-variables
    Provider {
        name: "Buildkite",
        sign: "BUILDKITE",
        log: None,
        whole_clone: "leave `--depth` out of BUILDKITE_GIT_CLONE_FLAGS, so that all commits are there",
        read: |get| {
            let source = get("BUILDKITE_SOURCE").unwrap_or_default();
            let request = get("BUILDKITE_PULL_REQUEST").filter(|number| number != "false");
            let target = get("BUILDKITE_PULL_REQUEST_BASE_BRANCH");
            JobCommits {
                // `HEAD` where no commit was asked for.
                head: get("BUILDKITE_COMMIT").filter(|commit| commit != "HEAD"),
                is_checked_out: true,
                base: request.and(target).map(JobBase::Target),
                branch: get("BUILDKITE_BRANCH"),
                default_branch: get("BUILDKITE_PIPELINE_DEFAULT_BRANCH"),
                tag: get("BUILDKITE_TAG"),
                is_tree: matches!(&*source, "schedule" | "ui"),
            }
        },
    },
    // https://www.jenkins.io/doc/book/pipeline/multibranch/ and the pages of its git plugin
    Provider {
        name: "Jenkins",
        sign: "JENKINS_URL",
        log: None,
        whole_clone: "check out without a shallow clone, with the refspec `+refs/heads/*:refs/remotes/origin/*`, so that all \
                      branches and commits are there",
        read: |get| {
            // Not GIT_PREVIOUS_COMMIT: a build that failed because of a key would make the next one pass.
            let before = get("GIT_PREVIOUS_SUCCESSFUL_COMMIT");
            let target = get("CHANGE_TARGET").map(JobBase::Target);
            let branch = get("BRANCH_NAME").or_else(|| {
                let remote = get("GIT_BRANCH")?;
                Some(remote.strip_prefix("origin/").unwrap_or(&remote).to_owned())
            });
            JobCommits {
                head: get("GIT_COMMIT"),
                is_checked_out: true,
                base: target.or(before.map(JobBase::Pushed)),
                branch,
                default_branch: None,
                tag: get("TAG_NAME"),
                is_tree: false,
            }
        },
    },
];

impl Provider {
    /// The server whose job this is.
    pub(super) fn of(get: &Variables<'_>) -> Option<&'static Self> {
        PROVIDERS.iter().find(|own| get(own.sign).is_some())
    }

    /// What the job is about. The repository is asked for what no variable names.
    ///
    /// # Errors
    /// When the variables name no commit.
    pub(super) fn task(
        &self,
        get: &Variables<'_>,
        repository: &JobRepository<'_>,
    ) -> Result<Task, EventRefusal> {
        let job = (self.read)(get);
        let name = self.name;
        if job.is_tree {
            return Ok(Task {
                tree: true,
                about: format!("{name}: all files"),
                log: self.log,
                ..Task::default()
            });
        }
        let checked_out = || (repository.head)().filter(|_| job.is_checked_out);
        let head = job.head.clone().or_else(checked_out).unwrap_or_default();
        let head = id(name, &head)?;
        let head = head.ok_or_else(|| format!("{name}: the job names no commit (all zeros)"))?;
        let (before, about) = before(name, job.base)?;
        let is_request = matches!(before, EventBefore::Branch(_) | EventBefore::Commit(_));
        let branch = job.branch.filter(|_| job.tag.is_none());
        let branch = branch.unwrap_or_default();
        let pushed_ref = match &job.tag {
            Some(tag) => format!("refs/tags/{tag}"),
            None => format!("refs/heads/{branch}"),
        };
        if branch.is_empty() && !is_request && job.tag.is_none() {
            return Err(format!(
                "{name}: the job names no branch, so that nothing tells what is new; run `jvxleaks range BASE..HEAD`"
            ));
        }
        let pushed = if is_request {
            Pushed::default()
        } else {
            let default_branch = job.default_branch.or_else(|| (repository.default_branch)());
            Pushed {
                branch,
                default_branch: default_branch.unwrap_or_default(),
            }
        };
        let all_files = if job.tag.is_some() {
            "all files, and "
        } else {
            ""
        };
        Ok(Task {
            tree: job.tag.is_some(),
            about: format!("{name}: {all_files}{about}"),
            commits: Some(Commits {
                head,
                name: pushed_ref,
                before,
                pushed,
                whole_clone: self.whole_clone,
            }),
            log: self.log,
        })
    }
}

/// What was there before, and how people call what came.
fn before(name: &str, base: Option<JobBase>) -> Result<(EventBefore, &'static str), EventRefusal> {
    const NEW: &str = "commits that no other branch has";
    let commit = |base: Option<String>, of: fn(String) -> EventBefore, about| match base {
        Some(base) => (of(base), about),
        None => (EventBefore::Nothing, NEW),
    };
    Ok(match base {
        Some(JobBase::Target(branch)) => {
            let branch = branch.strip_prefix("refs/heads/").unwrap_or(&branch);
            let about = "commits that the target branch lacks";
            (EventBefore::Branch(branch.to_owned()), about)
        }
        Some(JobBase::Commit(base)) => commit(
            id(name, &base)?,
            EventBefore::Commit,
            "commits of the request",
        ),
        Some(JobBase::Pushed(base)) => commit(
            id(name, &base)?,
            EventBefore::Removed,
            "commits since the last push",
        ),
        None => (EventBefore::Nothing, NEW),
    })
}
