//! Words and steps that several kinds of advice have.

use crate::model::Step;

/// Most files that one step names; the report lists all places.
pub(super) const NAMED: usize = 20;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

pub(super) const COLLECT: &str = "git gc --prune=now";

/// Takes out of a clone what only its reflogs hold. The entries of `refs/stash` are stashes, and stay: git lets go of
/// those only where `--expire` says so.
pub(super) fn forget(until: &str) -> [Step; 3] {
    [
        Step::say(format!(
            "{until} both have run, which empties the reflogs of branches and keeps stashes"
        )),
        Step::run(
            "git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all",
        ),
        Step::run(COLLECT),
    ]
}
