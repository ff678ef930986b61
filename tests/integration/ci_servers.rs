//! `jvxleaks ci` on servers that name commits by variables.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use std::path::PathBuf;

const ZERO: &str = "0000000000000000000000000000000000000000";

/// Variables of a job, with `HEAD` for the newest commit and `BASE` for the one of `main`: what is read of a topic
/// whose second commit takes its leak out again.
type JobVariables = &'static [(&'static str, &'static str)];

/// What a job says first, by its variables.
const JOBS: &[(JobVariables, &str)] = &[
    (
        &[
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "merge_request_event"),
            ("CI_COMMIT_SHA", "HEAD"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "BASE"),
            ("CI_COMMIT_BEFORE_SHA", ZERO),
        ],
        "GitLab: commits of the request",
    ),
    // A pipeline that the one of the request starts.
    (
        &[
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "parent_pipeline"),
            ("CI_COMMIT_SHA", "HEAD"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "BASE"),
        ],
        "GitLab: commits of the request",
    ),
    (
        &[
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "push"),
            ("CI_COMMIT_SHA", "HEAD"),
            ("CI_COMMIT_BEFORE_SHA", ZERO),
            ("CI_COMMIT_BRANCH", "topic"),
            ("CI_DEFAULT_BRANCH", "main"),
        ],
        "GitLab: commits that no other branch has",
    ),
    (
        &[
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "push"),
            ("CI_COMMIT_SHA", "HEAD"),
            ("CI_COMMIT_BEFORE_SHA", "BASE"),
            ("CI_COMMIT_BRANCH", "topic"),
            ("CI_DEFAULT_BRANCH", "main"),
        ],
        "GitLab: commits since the last push",
    ),
    (
        &[
            ("TF_BUILD", "True"),
            ("BUILD_REASON", "PullRequest"),
            ("SYSTEM_PULLREQUEST_SOURCECOMMITID", "HEAD"),
            ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
            ("BUILD_SOURCEBRANCH", "refs/pull/7/merge"),
        ],
        "Azure Pipelines: commits that the target branch lacks",
    ),
    (
        &[
            ("TF_BUILD", "True"),
            ("BUILD_REASON", "IndividualCI"),
            ("BUILD_SOURCEVERSION", "HEAD"),
            ("BUILD_SOURCEBRANCH", "refs/heads/topic"),
        ],
        "Azure Pipelines: commits that no other branch has",
    ),
    (
        &[
            ("BITBUCKET_BUILD_NUMBER", "3"),
            ("BITBUCKET_COMMIT", "HEAD"),
            ("BITBUCKET_BRANCH", "topic"),
            ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ],
        "Bitbucket: commits that the target branch lacks",
    ),
    (
        &[
            ("BITBUCKET_BUILD_NUMBER", "3"),
            ("BITBUCKET_COMMIT", "HEAD"),
            ("BITBUCKET_BRANCH", "topic"),
        ],
        "Bitbucket: commits that no other branch has",
    ),
    (
        &[
            ("CIRCLECI", "true"),
            ("CIRCLE_SHA1", "HEAD"),
            ("CIRCLE_BRANCH", "topic"),
        ],
        "CircleCI: commits that no other branch has",
    ),
    (
        &[
            ("CIRCLECI", "true"),
            ("CIRCLE_SHA1", "HEAD"),
            ("CIRCLE_BRANCH", "topic"),
            ("CIRCLE_BASE_REVISION", "BASE"),
        ],
        "CircleCI: commits since the last push",
    ),
    (
        &[
            ("BUILDKITE", "true"),
            ("BUILDKITE_COMMIT", "HEAD"),
            ("BUILDKITE_BRANCH", "topic"),
            ("BUILDKITE_PULL_REQUEST", "7"),
            ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"),
        ],
        "Buildkite: commits that the target branch lacks",
    ),
    (
        &[
            ("BUILDKITE", "true"),
            ("BUILDKITE_COMMIT", "HEAD"),
            ("BUILDKITE_BRANCH", "topic"),
            ("BUILDKITE_PULL_REQUEST", "false"),
            ("BUILDKITE_PIPELINE_DEFAULT_BRANCH", "main"),
        ],
        "Buildkite: commits that no other branch has",
    ),
    (
        &[
            ("JENKINS_URL", "https://ci.example"),
            ("GIT_COMMIT", "HEAD"),
            ("CHANGE_ID", "7"),
            ("CHANGE_TARGET", "main"),
        ],
        "Jenkins: commits that the target branch lacks",
    ),
    (
        &[
            ("JENKINS_URL", "https://ci.example"),
            ("GIT_COMMIT", "HEAD"),
            ("GIT_BRANCH", "origin/topic"),
            ("GIT_PREVIOUS_SUCCESSFUL_COMMIT", "BASE"),
        ],
        "Jenkins: commits since the last push",
    ),
    // What is checked out, where nothing names a commit.
    (
        &[
            ("BUILDKITE", "true"),
            ("BUILDKITE_COMMIT", "=HEAD"),
            ("BUILDKITE_SOURCE", "trigger_job"),
            ("BUILDKITE_BRANCH", "topic"),
        ],
        "Buildkite: commits that no other branch has",
    ),
    (
        &[
            ("JENKINS_URL", "https://ci.example"),
            ("BRANCH_NAME", "topic"),
        ],
        "Jenkins: commits that no other branch has",
    ),
    // The build before failed.
    (
        &[
            ("JENKINS_URL", "https://ci.example"),
            ("GIT_COMMIT", "HEAD"),
            ("GIT_BRANCH", "origin/topic"),
            ("GIT_PREVIOUS_COMMIT", "HEAD"),
        ],
        "Jenkins: commits that no other branch has",
    ),
];

/// A repository whose `main` holds an old leak, and a clone of its `topic`.
struct ServerJob {
    repo: Repo,
    base: String,
    head: String,
}

impl ServerJob {
    fn new() -> Self {
        let repo = Repo::new();
        repo.write("old.txt", key(1));
        let base = repo.commit("old leak");
        repo.git("checkout -q -b topic");
        repo.write("new.txt", key(2));
        repo.commit("leak");
        repo.git("rm -q new.txt");
        let head = repo.commit("out again");
        repo.git("checkout -q main");
        Self { repo, base, head }
    }

    fn clone(&self, words: &str) -> PathBuf {
        let folder = self
            .repo
            .beside(&format!("clone{}", words.replace(' ', "")));
        let from = self.repo.path().display().to_string();
        self.repo.git(&format!(
            "clone -q{words} --branch topic file://{from} {}",
            folder.display()
        ));
        folder
    }

    fn run(&self, folder: &std::path::Path, variables: &[(&str, &str)]) -> Scan {
        let mut command = self.repo.command(folder, "ci -q");
        for (name, value) in variables {
            let value = match *value {
                "HEAD" => &self.head,
                "BASE" => &self.base,
                value => value.strip_prefix('=').unwrap_or(value),
            };
            command.env(name, value);
        }
        Scan::of(&mut command)
    }
}

#[test]
fn each_server_says_by_its_variables_which_commits_are_new() {
    let job = ServerJob::new();
    let clone = job.clone("");
    for (variables, about) in JOBS {
        let run = job.run(&clone, variables);
        let said = run.stdout.lines().next().unwrap_or_default();
        assert_eq!(said, *about, "{variables:?}: {}", run.stderr);
        assert_eq!(run.exit, Some(1), "{variables:?}: {}", run.stdout);
        assert!(run.stdout.contains("new.txt"), "{variables:?}");
        assert!(!run.stdout.contains("old.txt"), "{variables:?}");
        let is_azure = variables[0].0 == "TF_BUILD";
        assert_eq!(run.stdout.contains("##vso[task.logissue"), is_azure);
        assert!(!run.stdout.contains("\n::error"), "{variables:?}");
    }
}

#[test]
fn a_clone_that_is_not_whole_is_answered_with_the_setting_of_its_server() {
    let job = ServerJob::new();
    let clone = job.clone(" --depth 1");
    let advice = [
        ("GitLab", "GIT_DEPTH: 0"),
        ("Azure", "fetchDepth: 0"),
        ("Bitbucket", "depth: full"),
        ("CircleCI", "method: full"),
        ("Buildkite", "BUILDKITE_GIT_CLONE_FLAGS"),
        ("Jenkins", "without a shallow clone"),
    ];
    for (variables, about) in JOBS {
        let run = job.run(&clone, variables);
        let (_, advice) = advice
            .iter()
            .find(|(name, _)| about.starts_with(name))
            .unwrap();
        assert_eq!(run.exit, Some(2), "{variables:?}: {}", run.stdout);
        assert!(run.stderr.contains(advice), "{variables:?}: {}", run.stderr);
    }
}

#[test]
fn what_nobody_pushed_is_about_all_files() {
    let job = ServerJob::new();
    let clone = job.clone("");
    let jobs: [&[(&str, &str)]; 3] = [
        &[
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "schedule"),
            ("CI_COMMIT_SHA", "HEAD"),
        ],
        &[("TF_BUILD", "True"), ("BUILD_REASON", "Schedule")],
        &[("BUILDKITE", "true"), ("BUILDKITE_SOURCE", "schedule")],
    ];
    for variables in jobs {
        let run = job.run(&clone, variables);
        assert!(run.stdout.contains(": all files\n"), "{}", run.stdout);
        assert!(run.stdout.contains("old.txt"), "{}", run.stdout);
        assert!(!run.stdout.contains("new.txt"), "{}", run.stdout);
    }
}

#[test]
fn a_job_that_names_no_commit_is_refused() {
    let job = ServerJob::new();
    let clone = job.clone("");
    let run = job.run(
        &clone,
        &[("CIRCLECI", "true"), ("CIRCLE_SHA1", "--upload-pack=x")],
    );
    assert_eq!(run.exit, Some(2));
    assert!(run.stderr.contains("no SHA-1 id"), "{}", run.stderr);
    for sign in [
        ("CIRCLECI", "CIRCLE_SHA1"),
        ("JENKINS_URL", "GIT_COMMIT"),
        ("GITLAB_CI", "CI_COMMIT_SHA"),
        ("TF_BUILD", "BUILD_SOURCEVERSION"),
    ] {
        let push = ("CI_PIPELINE_SOURCE", "merge_request_event");
        let run = job.run(&clone, &[(sign.0, "true"), (sign.1, "HEAD"), push]);
        assert_eq!(run.exit, Some(2), "{sign:?}: {}", run.stdout);
        assert!(run.stderr.contains("names no branch"), "{}", run.stderr);
    }
}
