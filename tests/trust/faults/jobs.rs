//! Faults of what a job of GitHub Actions has around it, met by `ci`.

use super::call::{Call, is_root};
use super::files::{fifo, mode};
use super::objects::{clone_as, hidden};
use super::refs::give_away;
use super::row::{HIDDEN, Injected, PLANTED, Row};
use crate::repo::Repo;
use crate::workspace::key;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

const NOWHERE: &str = "0123456789012345678901234567890123456789";

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "an event that is not there",
        how: "GITHUB_EVENT_PATH names no file",
        words: "ci",
        found: "",
        exit: 2,
        says: "event.json: the event cannot be read: No such file or directory",
        inject: |repo| job(repo, "push"),
    },
    Row {
        fault: "an event without a path",
        how: "GITHUB_EVENT_PATH is empty",
        words: "ci",
        found: "",
        exit: 2,
        says: "GITHUB_EVENT_PATH is not set",
        inject: |_| Call::with("GITHUB_EVENT_NAME", "push"),
    },
    Row {
        fault: "an event without a name",
        how: "GITHUB_EVENT_NAME is not set",
        words: "ci",
        found: "",
        exit: 2,
        says: "GITHUB_EVENT_NAME is not set",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "an event that is no JSON",
        how: "a key, and an open bracket",
        words: "ci",
        found: "",
        exit: 2,
        says: "is not what GitHub writes (line 1)",
        inject: |repo| event(repo, "push", &format!("{}\n{{", key(HIDDEN))),
    },
    Row {
        fault: "an event that is not UTF-8",
        how: "bytes of Latin-1",
        words: "ci",
        found: "",
        exit: 2,
        says: "event.json: the event cannot be read",
        inject: |repo| {
            std::fs::write(repo.beside("event.json"), b"{\"ref\": \"\xe9\"}").unwrap();
            job(repo, "push")
        },
    },
    Row {
        fault: "an event that nests",
        how: "100,000 open brackets",
        words: "ci",
        found: "",
        exit: 2,
        says: "is not what GitHub writes (line 1)",
        inject: |repo| event(repo, "push", &"[".repeat(100_000)),
    },
    Row {
        fault: "an event of 65 MiB",
        how: "its length is set",
        words: "ci",
        found: "",
        exit: 2,
        says: "event.json: larger than 64 MiB",
        inject: |repo| {
            let file = std::fs::File::create(repo.beside("event.json")).unwrap();
            file.set_len(65 << 20).unwrap();
            job(repo, "push")
        },
    },
    Row {
        fault: "an event that nobody writes to",
        how: "a FIFO",
        words: "ci",
        found: "",
        exit: 2,
        says: "event.json: not a regular file",
        inject: |repo| {
            fifo(&repo.beside("event.json"));
            job(repo, "push")
        },
    },
    Row {
        fault: "an event that never ends",
        how: "a link to /dev/zero",
        words: "ci",
        found: "",
        exit: 2,
        says: "event.json: not a regular file",
        inject: |repo| {
            symlink("/dev/zero", repo.beside("event.json")).unwrap();
            job(repo, "push")
        },
    },
    Row {
        fault: "an event that is a folder",
        how: "mkdir",
        words: "ci",
        found: "",
        exit: 2,
        says: "event.json: not a regular file",
        inject: |repo| {
            std::fs::create_dir(repo.beside("event.json")).unwrap();
            job(repo, "push")
        },
    },
    Row {
        fault: "an event that says nothing of commits",
        how: "its name is `issues`",
        words: "ci",
        found: "",
        exit: 2,
        says: "issues: this event does not say which commits to read",
        inject: |repo| event(repo, "issues", "{}"),
    },
    Row {
        fault: "an event with the rights of the base branch",
        how: "pull_request_target",
        words: "ci",
        found: "",
        exit: 2,
        says: "pull_request_target: this event runs with the rights and secrets",
        inject: |repo| {
            event(
                repo,
                "pull_request_target",
                &request(&repo.head(), &base(repo)),
            )
        },
    },
    Row {
        fault: "an event whose commit is a key",
        how: "a key where the id belongs",
        words: "ci",
        found: "",
        exit: 2,
        says: "names a commit by something that is no SHA-1 id",
        inject: |repo| event(repo, "push", &push(&key(HIDDEN), &repo.head())),
    },
    Row {
        fault: "a push whose old end the clone lacks",
        how: "`before` is the id of no object",
        words: "ci",
        found: "",
        exit: 2,
        says: "0123456789012345678901234567890123456789: the event names this commit and the clone lacks it",
        inject: |repo| event(repo, "push", &push(NOWHERE, &repo.head())),
    },
    Row {
        fault: "a push whose new end the clone lacks",
        how: "`after` is the id of no object",
        words: "ci",
        found: "",
        exit: 2,
        says: "give actions/checkout `fetch-depth: 0`",
        inject: |repo| event(repo, "push", &push(&base(repo), NOWHERE)),
    },
    Row {
        fault: "a forced push whose old end is gone",
        how: "`before` is the id of no object",
        words: "ci",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            let forced = push(NOWHERE, &repo.head()).replace("\"forced\":false", "\"forced\":true");
            repo.git(&format!(
                "update-ref refs/remotes/origin/main {}",
                base(repo)
            ));
            event(
                repo,
                "push",
                &forced.replace("refs/heads/main", "refs/heads/topic"),
            )
        },
    },
    Row {
        fault: "a pull request in a shallow clone",
        how: "git clone --depth 1",
        words: "ci",
        found: "",
        exit: 2,
        says: "give actions/checkout `fetch-depth: 0`",
        inject: |repo| cloned(repo, "--depth 1"),
    },
    Row {
        fault: "a pull request in a clone that ends above the base",
        how: "git clone --depth 2",
        words: "ci",
        found: "",
        exit: 2,
        says: "give actions/checkout `fetch-depth: 0`",
        inject: |repo| cloned(repo, "--depth 2"),
    },
    Row {
        fault: "a pull request in a partial clone",
        how: "git clone --filter=blob:none --no-checkout",
        words: "ci",
        found: "COMMIT_MSG",
        exit: 2,
        says: "no `filter`",
        inject: |repo| cloned(repo, "--filter=blob:none --no-checkout"),
    },
    Row {
        fault: "a push of a file whose object the clone lacks",
        how: "its object is deleted",
        words: "ci",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            std::fs::remove_file(hidden(repo)).unwrap();
            event(repo, "push", &push(&base(repo), &repo.head()))
        },
    },
    Row {
        fault: "all files, of which one may not be read",
        how: "`schedule`, and a file of mode 000",
        words: "ci",
        found: "open.txt",
        exit: 2,
        says: "locked.txt: cannot be read: Permission denied",
        inject: |repo| {
            repo.git("config --global safe.directory *");
            repo.write("locked.txt", key(HIDDEN));
            mode(repo, "locked.txt", 0o000);
            match event(repo, "schedule", "{}") {
                // Files of the job are in a folder that is not this user's.
                Injected::Run(mut call) => {
                    call.env
                        .retain(|(name, _)| !name.starts_with("GITHUB_OUTPUT"));
                    call.env
                        .retain(|(name, _)| !name.starts_with("GITHUB_STEP"));
                    Injected::Run(Call {
                        bound: true,
                        ..call
                    })
                }
                other => other,
            }
        },
    },
    Row {
        fault: "a job in a container, whose files are another user's",
        how: "the owner of the repository is changed",
        words: "ci",
        found: "",
        exit: 2,
        says: "git config --global --add safe.directory [FOLDER]",
        inject: |repo| {
            if is_root(repo) {
                let run = pushed(repo);
                give_away(&repo.path());
                run
            } else {
                Injected::No("only root can give files away")
            }
        },
    },
    Row {
        fault: "a job without a checkout",
        how: "run in an empty folder",
        words: "ci",
        found: "",
        exit: 2,
        says: "not a git repository",
        inject: |repo| {
            with(event(repo, "schedule", "{}"), |call| {
                call.before = "mkdir -p ../plain && cd ../plain";
            })
        },
    },
    Row {
        fault: "outputs that cannot be written",
        how: "GITHUB_OUTPUT is a folder",
        words: "ci",
        found: "open.txt",
        exit: 2,
        says: "output: cannot be written: Is a directory",
        inject: |repo| {
            std::fs::create_dir(repo.beside("output")).unwrap();
            pushed(repo)
        },
    },
    Row {
        fault: "outputs on a full disk",
        how: "GITHUB_OUTPUT is /dev/full",
        words: "ci",
        found: "open.txt",
        exit: 2,
        says: "/dev/full: cannot be written: No space left on device",
        inject: |repo| with(pushed(repo), |call| redirect(call, "GITHUB_OUTPUT")),
    },
    Row {
        fault: "a summary on a full disk",
        how: "GITHUB_STEP_SUMMARY is /dev/full",
        words: "ci",
        found: "open.txt",
        exit: 2,
        says: "/dev/full: cannot be written: No space left on device",
        inject: |repo| with(pushed(repo), |call| redirect(call, "GITHUB_STEP_SUMMARY")),
    },
    Row {
        fault: "a log on a full disk",
        how: "standard output is /dev/full",
        words: "ci",
        found: "",
        exit: 2,
        says: "No space left on device",
        inject: |repo| with(pushed(repo), |call| call.before = "exec > /dev/full"),
    },
    Row {
        fault: "a SARIF file that cannot be written",
        how: "its folder is not there",
        words: "ci --sarif nowhere/report.sarif",
        found: "open.txt",
        exit: 2,
        says: "nowhere/report.sarif: cannot write the report",
        inject: pushed,
    },
];

fn base(repo: &Repo) -> String {
    repo.git("rev-parse base")
}

fn push(before: &str, after: &str) -> String {
    let event = serde_json::json!({"ref": "refs/heads/main", "before": before, "after": after,
        "forced": false, "repository": {"default_branch": "main"}});
    event.to_string()
}

fn request(head: &str, base: &str) -> String {
    let event = serde_json::json!({"pull_request": {"head": {"sha": head}, "base": {"sha": base}}});
    event.to_string()
}

/// A push of everything since `base`, which brings `open.txt`.
fn pushed(repo: &Repo) -> Injected {
    event(repo, "push", &push(&base(repo), &repo.head()))
}

/// A pull request of a key in a message and a commit on it, in a clone that is made like this.
fn cloned(repo: &Repo, options: &str) -> Injected {
    repo.commit(&key(PLANTED));
    let run = event(repo, "pull_request", &request(&repo.head(), &base(repo)));
    clone_as(repo, options);
    with(run, |call| call.before = "cd ../clone")
}

/// A run as a job does it, on this event.
fn event(repo: &Repo, name: &str, json: &str) -> Injected {
    std::fs::write(repo.beside("event.json"), json).unwrap();
    job(repo, name)
}

/// A run as a job does it, on whatever is at the event's path.
fn job(repo: &Repo, name: &str) -> Injected {
    Injected::Run(Call {
        env: vec![
            ("GITHUB_ACTIONS", "true".into()),
            ("GITHUB_EVENT_NAME", PathBuf::from(name)),
            ("GITHUB_EVENT_PATH", repo.beside("event.json")),
            ("GITHUB_STEP_SUMMARY", repo.beside("summary.md")),
            ("GITHUB_OUTPUT", repo.beside("output")),
        ],
        ..Call::default()
    })
}

fn with(run: Injected, change: fn(&mut Call)) -> Injected {
    match run {
        Injected::Run(mut call) => {
            change(&mut call);
            Injected::Run(call)
        }
        other => other,
    }
}

/// Lets a file of the job be a full disk.
fn redirect(call: &mut Call, name: &str) {
    for (variable, path) in &mut call.env {
        if *variable == name {
            *path = "/dev/full".into();
        }
    }
}
