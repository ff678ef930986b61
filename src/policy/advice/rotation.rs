//! What to do about a key of an audit: by how far it got, and by who gave it out.

use super::amend;
use super::issuer::{Issuer, one_line};
use super::shell::word;
use crate::model::{Exposure, KeyAction, RuleInfo, Sighting};
use crate::policy::language::Language;

/// Most files that one step names; the report lists all places.
pub(super) const NAMED: usize = 20;

/// The steps for a key that `rule` found, one a line.
pub fn rotation(rule: &RuleInfo, exposure: &Exposure) -> Vec<String> {
    let issuer = Issuer::of(rule);
    match exposure.action() {
        KeyAction::Rotate => rotate(issuer, rule, exposure),
        KeyAction::Amend => {
            let mut steps = amend::steps(exposure);
            let end = issuer.end(rule);
            steps.push(format!(
                "no remote is known to have it: if it was sent anywhere all the same, {end}"
            ));
            steps
        }
        KeyAction::Expire => expire(issuer, rule, exposure),
    }
}

/// Rewriting history does not make a published key unread, so it is no part of this.
fn rotate(issuer: Issuer, rule: &RuleInfo, exposure: &Exposure) -> Vec<String> {
    let mut steps = match issuer {
        Issuer::Jourvex => vec![
            "rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, \
             so be ready to set JOURVEX_API_KEY on the server and restart right away"
                .to_owned(),
            "check the dashboard: its prefix tells which key is active, and \"last used: never\" turns into a time when \
             the new key works"
                .to_owned(),
        ],
        Issuer::Person | Issuer::Vendor => {
            let advice = one_line(&rule.advice);
            [issuer.end(rule), advice].into_iter().filter(|step| !step.is_empty()).collect()
        }
    };
    // The environment is what such a file is for, so that nothing is read there in its place.
    let is_env = |at: &&Sighting| Language::of(&at.path, b"") == Language::Env;
    let (files, code): (Vec<_>, Vec<_>) = exposure.in_head.iter().partition(is_env);
    if let Some(places) = places(&code) {
        let read = issuer.read();
        steps.push(format!(
            "then remove the literal from {places}, {read} there, and commit"
        ));
    }
    if let Some(places) = places(&files) {
        steps.push(format!(
            "then take {places} out of git (git rm --cached, and a line in .gitignore), and commit; the new value goes into what stays here"
        ));
    }
    steps
}

fn places(held: &[&Sighting]) -> Option<String> {
    let named = held.iter().take(NAMED);
    let mut named: Vec<String> = named
        .map(|at| format!("{}:{}", word(at.path.as_bytes()), at.line))
        .collect();
    if held.len() > NAMED {
        named.push(format!("{} more files", held.len() - NAMED));
    }
    (!named.is_empty()).then(|| listed(&named))
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// Takes out of a clone what only its reflogs hold. The entries of `refs/stash` are stashes, and stay: git lets go of
/// those only where `--expire` says so.
pub(super) const FORGET: &str = "git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && \
    git gc --prune=now, which empties the reflogs of branches and keeps stashes";

fn expire(issuer: Issuer, rule: &RuleInfo, exposure: &Exposure) -> Vec<String> {
    let command = match exposure.is_remembered {
        true => FORGET,
        false => "git gc --prune=now",
    };
    let end = issuer.end(rule);
    vec![
        format!("if it was never pushed: {command}"),
        format!("if it was pushed, or you cannot tell: {end}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Below, BlobPath, Introduction, RefName, Refs};
    use crate::policy::sample;

    fn jourvex() -> RuleInfo {
        RuleInfo {
            public_prefix: "jvx_live_".to_owned(),
            ..sample::rule("jourvex-key")
        }
    }

    fn seen(commit: &str, path: &str) -> Sighting {
        Sighting {
            commit: commit.repeat(40),
            date: "2026-01-03T09:00:00Z".to_owned(),
            path: path.into(),
            line: 3,
        }
    }

    fn brought(commit: &str, path: &str, below: Below, parents: usize, on: &str) -> Introduction {
        Introduction {
            at: seen(commit, path),
            file: Some(BlobPath::from(path)),
            parents,
            below,
            refs: [RefName::new(on)].into(),
        }
    }

    fn local(introduced: Vec<Introduction>, on: &[&str]) -> Exposure {
        Exposure {
            introduced,
            has_head: true,
            branch: Some(RefName::new("refs/heads/main")),
            local: Refs::new(on.iter().map(RefName::new), on.len()),
            ..Exposure::default()
        }
    }

    fn amended(introduced: Vec<Introduction>, on: &[&str]) -> String {
        rotation(&jourvex(), &local(introduced, on)).join("\n")
    }

    #[test]
    fn a_published_key_is_ended_where_it_was_issued() {
        let exposure = Exposure {
            published: [RefName::new("refs/remotes/origin/main")].into(),
            in_head: vec![seen("a", "src/a b.ts"), seen("a", "c.ts")],
            ..Exposure::default()
        };
        let of = |rule: &RuleInfo| rotation(rule, &exposure).join("\n");
        insta::assert_snapshot!(of(&jourvex()), @r#"
        rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, so be ready to set JOURVEX_API_KEY on the server and restart right away
        check the dashboard: its prefix tells which key is active, and "last used: never" turns into a time when the new key works
        then remove the literal from 'src/a b.ts':3 and c.ts:3, read JOURVEX_API_KEY there, and commit
        "#);
        insta::assert_snapshot!(of(&sample::rule("url-password")), @"
        change the password at the service it is for (url-password: Test key)
        then remove the literal from 'src/a b.ts':3 and c.ts:3, read it from the environment there, and commit
        ");
        let env = Exposure {
            in_head: vec![seen("a", ".env"), seen("a", "c.ts")],
            ..exposure.clone()
        };
        let last = rotation(&jourvex(), &env).split_off(2);
        insta::assert_snapshot!(last.join("\n"), @"
        then remove the literal from c.ts:3, read JOURVEX_API_KEY there, and commit
        then take .env:3 out of git (git rm --cached, and a line in .gitignore), and commit; the new value goes into what stays here
        ");
        let ours = RuleInfo {
            advice: "Ask the\nplatform team.".to_owned(),
            ..sample::rule("ours")
        };
        insta::assert_snapshot!(of(&ours), @"
        revoke it at its issuer and make a new one (ours: Test key)
        Ask the platform team.
        then remove the literal from 'src/a b.ts':3 and c.ts:3, read it from the environment there, and commit
        ");
    }

    #[test]
    fn no_other_credential_is_rotated_at_jourvex() {
        let unreachable = Exposure::default();
        let staged = Exposure {
            in_index: true,
            staged: vec!["a.txt".into()],
            ..Exposure::default()
        };
        for exposure in [unreachable, staged] {
            let steps = rotation(&sample::rule("bearer-token"), &exposure).join("\n");
            assert!(steps.contains("revoke it at its issuer"), "{steps}");
            assert!(
                !steps.contains("Settings") && !steps.contains("JOURVEX"),
                "{steps}"
            );
        }
    }

    #[test]
    fn the_last_commit_is_amended_and_all_its_files_are_named() {
        let main = "refs/heads/main";
        let files = ["a.txt", "it's b", ":c"];
        let files = files.map(|path| brought("a", path, Below::Head, 1, main));
        insta::assert_snapshot!(amended(files.to_vec(), &[main]), @r"
        take the key out of a.txt, 'it'\''s b' and ':c', then git add -- './:c' a.txt 'it'\''s b' && git commit --amend --no-edit
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let message = Introduction {
            file: None,
            ..brought("a", "COMMIT_MSG", Below::Head, 1, main)
        };
        insta::assert_snapshot!(amended(vec![message], &[main]), @"
        git commit --amend, and take the key out of the message
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn older_commits_are_one_rebase_that_names_each_with_its_files() {
        let main = "refs/heads/main";
        let one = brought("a", "a.txt", Below::Descendant, 1, main);
        insta::assert_snapshot!(amended(vec![one.clone()], &[main]), @"
        git rebase -i --rebase-merges aaaaaaa^, mark aaaaaaa as `edit`, take the key out of a.txt, git add -- a.txt, git rebase --continue; then jvxleaks range aaaaaaa^..HEAD
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let root = brought("b", "b.txt", Below::Descendant, 0, main);
        insta::assert_snapshot!(amended(vec![root], &[main]), @"
        git rebase -i --rebase-merges --root, mark bbbbbbb as `edit`, take the key out of b.txt, git add -- b.txt, git rebase --continue; then jvxleaks history
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let message = Introduction {
            file: None,
            ..brought("c", "COMMIT_MSG", Below::Descendant, 1, main)
        };
        let merge = brought("d", "d.txt", Below::Head, 2, main);
        let all = vec![
            one,
            brought("a", "c d", Below::Descendant, 1, main),
            message,
            merge,
        ];
        insta::assert_snapshot!(amended(all, &[main]), @"
        git rebase -i --rebase-merges aaaaaaa^, mark aaaaaaa as `edit`, mark ccccccc as `reword`, put a line `break` below the `merge` of ddddddd, and after each stop git rebase --continue; then jvxleaks range aaaaaaa^..HEAD
        in aaaaaaa: take the key out of a.txt and 'c d', git add -- a.txt 'c d'
        in ccccccc: take the key out of the message
        in ddddddd: take the key out of d.txt, git add -- d.txt, git commit --amend
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn a_copy_on_another_branch_is_rebased_there() {
        let (main, side) = ("refs/heads/main", "refs/heads/side;x");
        let here = brought("a", "a.txt", Below::Head, 1, main);
        let there = brought("b", "b.txt", Below::Elsewhere, 1, side);
        let all = [main, side, "refs/heads/old", "refs/tags/v1"];
        insta::assert_snapshot!(amended(vec![here, there], &all), @"
        take the key out of a.txt, then git add -- a.txt && git commit --amend --no-edit
        git switch 'side;x' && git rebase -i --rebase-merges bbbbbbb^, mark bbbbbbb as `edit`, take the key out of b.txt, git add -- b.txt, git rebase --continue; then jvxleaks range bbbbbbb^..HEAD
        branch old holds it too: rebase it as well, or git branch -D old
        git tag -d v1, and tag again once the key is gone
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn a_branch_is_rebased_with_all_that_came_in_on_it() {
        let (main, side) = ("refs/heads/main", "refs/heads/side");
        let both = Introduction {
            refs: [main, side].map(RefName::new).into(),
            ..brought("a", "a.txt", Below::Descendant, 1, main)
        };
        let there = brought("b", "b.txt", Below::Elsewhere, 1, side);
        let steps = amended(vec![both, there], &[main, side]);
        let steps: Vec<_> = steps.lines().take(2).collect();
        insta::assert_snapshot!(steps.join("\n"), @"
        git rebase -i --rebase-merges aaaaaaa^, mark aaaaaaa as `edit`, take the key out of a.txt, git add -- a.txt, git rebase --continue; then jvxleaks range aaaaaaa^..HEAD
        git switch side && git rebase -i --rebase-merges aaaaaaa^, mark aaaaaaa as `edit`, mark bbbbbbb as `edit`, and after each stop git rebase --continue; then jvxleaks range aaaaaaa^..HEAD
        ");
    }

    #[test]
    fn what_no_branch_holds_is_dropped_where_it_is() {
        let of = |name: &str, path| {
            let brought = brought("a", path, Below::Elsewhere, 2, name);
            amended(vec![brought], &[name])
        };
        insta::assert_snapshot!(of("refs/stash@{2}", "a.txt"), @"
        git stash show -p --include-untracked stash@{2} shows what is in it; keep what you need without the key, then git stash drop stash@{2}
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        insta::assert_snapshot!(of("refs/notes/commits", "ab/cd"), @"
        git notes --ref=commits remove abcd; the history of the notes keeps it until git update-ref -d refs/notes/commits, which drops them all
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let tree = of("worktrees/w/HEAD", "a");
        assert!(
            tree.starts_with("the linked work tree w stands on it"),
            "{tree}"
        );
        insta::assert_snapshot!(of("refs/original/refs/heads/main", "a"), @"
        git update-ref -d refs/original/refs/heads/main, once nothing that it holds is needed
        the old commit stays on this disk until git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        insta::assert_snapshot!(amended(Vec::new(), &["refs/tags/v1"]), @"
        git tag -d v1, and tag again once the key is gone
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn what_is_staged_is_taken_back_also_before_the_first_commit() {
        let staged = |has_head| {
            let exposure = Exposure {
                in_index: true,
                has_head,
                staged: vec!["a.txt".into(), "b c".into()],
                ..Exposure::default()
            };
            rotation(&jourvex(), &exposure)[0].clone()
        };
        insta::assert_snapshot!(staged(true), @"git restore --staged -- a.txt 'b c', take the key out of these files, and git add them again");
        insta::assert_snapshot!(staged(false), @"git rm --cached -- a.txt 'b c', take the key out of these files, and git add them again");
    }

    #[test]
    fn an_unreachable_key_is_left_to_git() {
        let exposure = Exposure {
            is_remembered: true,
            ..Exposure::default()
        };
        insta::assert_snapshot!(rotation(&jourvex(), &exposure).join("\n"), @"
        if it was never pushed: git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all && git gc --prune=now, which empties the reflogs of branches and keeps stashes
        if it was pushed, or you cannot tell: rotate it at Settings -> API Access
        ");
    }
}
