//! The text of hooks: short scripts for any POSIX shell, since git runs them with its own on every
//! system.

use std::path::Path;

/// The second line of each script of ours, by which it is known again.
const MARK: &str = "# Written by jvxleaks hook install";

/// What is appended to the name of a hook that was there before.
pub(super) const BEFORE: &str = ".before-jvxleaks";

/// Git itself hands over an empty pipe when nothing is to be pushed. From anyone else that may mean that
/// the refs were not handed on, which the program cannot tell apart.
const NOTHING: &str = "if [ -z \"$refs\" ] && [ -p /dev/stdin ]; then\n  exit 0\nfi\n";

/// What the program does by itself, for where it is not to be found.
const SKIPPED: &str = "case \",$SKIP,\" in *[,\\ ]jvxleaks[,\\ ]*)\n  \
                       echo \"jvxleaks: skipped, because SKIP names it; nothing was checked\" >&2\n  exit 0\nesac\n";

/// The hooks that jvxleaks has something to do in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hook {
    PreCommit,
    PreMergeCommit,
    PrePush,
    CommitMsg,
    /// Of a server.
    PreReceive,
}

/// What a script runs before it scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// The hook that was in its place.
    Renamed,
    /// The hook in the repository's own folder, which git does not look at when `core.hooksPath`
    /// names another.
    OfRepository,
}

impl Hook {
    pub(super) const ALL: [Self; 5] = [
        Self::PreCommit,
        Self::PreMergeCommit,
        Self::PrePush,
        Self::CommitMsg,
        Self::PreReceive,
    ];

    /// The file that git looks for.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PreMergeCommit => "pre-merge-commit",
            Self::PrePush => "pre-push",
            Self::CommitMsg => "commit-msg",
            Self::PreReceive => "pre-receive",
        }
    }

    /// What the hook calls, without the name of the program.
    fn words(self) -> &'static str {
        match self {
            Self::PreCommit | Self::PreMergeCommit => "hook run pre-commit",
            Self::PrePush => "hook run pre-push \"$@\"",
            Self::CommitMsg => "hook run commit-msg \"$1\"",
            Self::PreReceive => "hook run pre-receive",
        }
    }

    /// The line that does the same in a script of someone else's.
    pub(super) fn line(self) -> String {
        format!("jvxleaks {}", self.words())
    }

    /// What the hook stops, and how it is passed once.
    fn purpose(self) -> (&'static str, &'static str) {
        match self {
            Self::PreCommit => ("a commit whose staged content holds a leaked key", "commit"),
            Self::PreMergeCommit => ("a merge that would add a leaked key", "merge"),
            Self::PrePush => ("a push of commits that hold a leaked key", "push"),
            Self::CommitMsg => ("a commit whose message holds a leaked key", "commit"),
            Self::PreReceive => ("a push to this server that holds a leaked key", "push"),
        }
    }

    /// The script. `program` is where jvxleaks is now; without it, it is looked for on `PATH` alone.
    pub(super) fn script(self, program: Option<&Path>, first: First) -> String {
        let (what, command) = self.purpose();
        let skip = match self {
            Self::PreReceive => "git push -o jvxleaks.skip=REASON".to_owned(),
            _ => format!("SKIP=jvxleaks git {command} ..., or git {command} --no-verify"),
        };
        let head = format!(
            "#!/bin/sh\n{MARK}: stops {what}.\n\
             # Skip it once: {skip}.\n\
             # Take it away: jvxleaks hook uninstall.\n\n"
        );
        let call = match self {
            Self::PrePush | Self::PreReceive => {
                format!("{NOTHING}refs | \"$jvxleaks\" {}\n", self.words())
            }
            _ => format!("exec \"$jvxleaks\" {}\n", self.words()),
        };
        // Who pushes sets no variable of a server.
        let skipped = if self == Self::PreReceive {
            ""
        } else {
            SKIPPED
        };
        head + &self.earlier(first) + skipped + &self.found(program) + &call
    }

    /// Finds the program, or says what that means and stops.
    fn found(self, program: Option<&Path>) -> String {
        let (_, command) = self.purpose();
        let program = program.map(|path| quoted(&path.to_string_lossy()));
        let known = program.map_or(String::new(), |path| {
            format!("jvxleaks={path}\n[ -x \"$jvxleaks\" ] || ")
        });
        let advice = match self {
            Self::PreReceive => "  \
                 echo \"jvxleaks is not to be found on the server, so nothing was checked and this push is refused.\" >&2\n"
                .to_owned(),
            _ => format!(
                "  \
                 echo \"jvxleaks is not to be found, so nothing was checked and this {command} stops. Install it again,\" >&2\n  \
                 echo \"delete $0, or skip this once with: git {command} --no-verify\" >&2\n"
            ),
        };
        format!("{known}jvxleaks=$(command -v jvxleaks) || {{\n{advice}  exit 1\n}}\n")
    }

    /// Runs the earlier hook. Both hooks of a push read its refs from standard input.
    fn earlier(self, first: First) -> String {
        let name = self.name();
        let place = match first {
            First::Renamed => format!("first=${{0%/*}}/{name}{BEFORE}\n"),
            First::OfRepository => of_repository(name),
        };
        match self {
            Self::PrePush | Self::PreReceive => format!(
                "refs=$(cat)\nrefs() {{\n  [ -z \"$refs\" ] || printf '%s\\n' \"$refs\"\n}}\n\n\
                 {place}if [ -x \"$first\" ]; then\n  refs | \"$first\" \"$@\" || exit\nfi\n\n"
            ),
            _ => format!("{place}if [ -x \"$first\" ]; then\n  \"$first\" \"$@\" || exit\nfi\n\n"),
        }
    }
}

/// The hooks that git runs in a user's own repositories and that `core.hooksPath` would take away.
/// `push-to-checkout`, `proc-receive` and `reference-transaction` are not among them: git behaves
/// differently as soon as those exist.
pub(super) const OTHERS: [&str; 14] = [
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "prepare-commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "post-rewrite",
    "pre-auto-gc",
    "update",
    "post-receive",
    "post-update",
    "sendemail-validate",
];

/// A script that does nothing but run the repository's own hook.
pub(super) fn pass_through(name: &str) -> String {
    let place = of_repository(name);
    format!(
        "#!/bin/sh\n{MARK}: runs the repository's own {name} hook,\n\
         # which git passes over because core.hooksPath names this folder.\n\n\
         {place}[ ! -x \"$first\" ] || exec \"$first\" \"$@\"\n"
    )
}

/// True for a script of ours.
pub(super) fn is_ours(text: &[u8]) -> bool {
    let second = text.split(|b| *b == b'\n').nth(1);
    second.is_some_and(|line| line.starts_with(MARK.as_bytes()))
}

/// True for one that has jvxleaks look, and does not only pass on to a hook of the repository.
pub(super) fn scans(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"hook run").is_some()
}

/// A hook of ours that `jvxleaks hook install` put into the repository itself would scan twice.
fn of_repository(name: &str) -> String {
    format!(
        "first=$(git rev-parse --git-common-dir)/hooks/{name}\n\
         if grep -qs '^{MARK}' \"$first\"; then\n  first=\nfi\n"
    )
}

/// A word for the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_what_it_is_and_what_it_needs() {
        let script = Hook::PrePush.script(Some(Path::new("/opt/it's/jvxleaks")), First::Renamed);
        insta::assert_snapshot!(script, @r#"
        #!/bin/sh
        # Written by jvxleaks hook install: stops a push of commits that hold a leaked key.
        # Skip it once: SKIP=jvxleaks git push ..., or git push --no-verify.
        # Take it away: jvxleaks hook uninstall.

        refs=$(cat)
        refs() {
          [ -z "$refs" ] || printf '%s\n' "$refs"
        }

        first=${0%/*}/pre-push.before-jvxleaks
        if [ -x "$first" ]; then
          refs | "$first" "$@" || exit
        fi

        case ",$SKIP," in *[,\ ]jvxleaks[,\ ]*)
          echo "jvxleaks: skipped, because SKIP names it; nothing was checked" >&2
          exit 0
        esac
        jvxleaks='/opt/it'\''s/jvxleaks'
        [ -x "$jvxleaks" ] || jvxleaks=$(command -v jvxleaks) || {
          echo "jvxleaks is not to be found, so nothing was checked and this push stops. Install it again," >&2
          echo "delete $0, or skip this once with: git push --no-verify" >&2
          exit 1
        }
        if [ -z "$refs" ] && [ -p /dev/stdin ]; then
          exit 0
        fi
        refs | "$jvxleaks" hook run pre-push "$@"
        "#);
        assert!(is_ours(script.as_bytes()));
    }

    #[test]
    fn in_a_folder_for_all_repositories_their_own_hooks_still_run() {
        let script = Hook::PreCommit.script(None, First::OfRepository);
        insta::assert_snapshot!(script, @r#"
        #!/bin/sh
        # Written by jvxleaks hook install: stops a commit whose staged content holds a leaked key.
        # Skip it once: SKIP=jvxleaks git commit ..., or git commit --no-verify.
        # Take it away: jvxleaks hook uninstall.

        first=$(git rev-parse --git-common-dir)/hooks/pre-commit
        if grep -qs '^# Written by jvxleaks hook install' "$first"; then
          first=
        fi
        if [ -x "$first" ]; then
          "$first" "$@" || exit
        fi

        case ",$SKIP," in *[,\ ]jvxleaks[,\ ]*)
          echo "jvxleaks: skipped, because SKIP names it; nothing was checked" >&2
          exit 0
        esac
        jvxleaks=$(command -v jvxleaks) || {
          echo "jvxleaks is not to be found, so nothing was checked and this commit stops. Install it again," >&2
          echo "delete $0, or skip this once with: git commit --no-verify" >&2
          exit 1
        }
        exec "$jvxleaks" hook run pre-commit
        "#);
        assert!(is_ours(pass_through("post-merge").as_bytes()));
    }
}
