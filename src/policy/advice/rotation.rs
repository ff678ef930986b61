//! What to do about a key of an audit: by how far it got, and by who gave it out.

use super::amend::{self, COLLECT, forget};
use super::issuer::Issuer;
use super::listing::{NAMED, listed_files};
use super::names::{refs_renamed, renamed};
use super::shell::{ref_pattern, tag_word, word};
use super::taking::{AmendedKeys, chunks};
use super::trees::cleared;
use crate::model::{
    BlobPath, ExposedKey, Exposure, KeyAction, OtherTree, RefKind, RuleInfo, Sighting, Step,
};
use crate::policy::allow::language::Language;
use std::collections::BTreeSet;

/// Gives each key its steps. Those for several keys to amend are one plan, which is the answer: a second rewrite that
/// is begun at an old commit brings back what the first one took out.
pub fn advise(keys: &mut [ExposedKey]) -> Vec<Step> {
    let amended = keys.iter().filter(|key| key.action() == KeyAction::Amend);
    let amended: Vec<&Exposure> = amended.map(|key| &key.exposure).collect();
    let is_one_plan = amended.len() > 1;
    let plan = if is_one_plan {
        together(&amended)
    } else {
        Vec::new()
    };
    let others = amended.len().saturating_sub(1);
    for key in keys {
        let is_planned = is_one_plan && key.action() == KeyAction::Amend;
        key.advice = if is_planned {
            planned(&key.rule, others)
        } else {
            rotation(key)
        };
    }
    plan
}

/// The steps for several keys, as if all were one.
fn together(keys: &[&Exposure]) -> Vec<Step> {
    let mut all = super::merged::merged(keys);
    let removed = keys.iter().filter_map(|key| key.removed_in.as_ref());
    let removed: BTreeSet<&str> = removed.map(|at| at.commit.as_str()).collect();
    all.introduced.dedup_by(|a, b| {
        let is_same_part = a.file == b.file && a.is_in_author() == b.is_in_author();
        a.at.commit == b.at.commit && is_same_part && a.at.path.is_name() == b.at.path.is_name()
    });
    let steps = amend::steps_for(AmendedKeys {
        exposure: &all,
        count: keys.len(),
        removed: &removed,
    });
    at_root(&all, steps)
}

/// Of a key that others are taken out with.
fn planned(rule: &RuleInfo, others: usize) -> Vec<Step> {
    let them = if others == 1 { "key" } else { "keys" };
    vec![
        Step::say(format!(
            "take it out with the {others} other {them} to amend, in one rewrite: its steps stand below all keys"
        )),
        sent(rule),
    ]
}

fn sent(rule: &RuleInfo) -> Step {
    let end = Issuer::of(rule).end(rule);
    Step::say(format!(
        "no remote is known to have it: if it was sent anywhere all the same, {end}"
    ))
}

/// The steps for one key.
fn rotation(key: &ExposedKey) -> Vec<Step> {
    let (rule, exposure) = (&*key.rule, &key.exposure);
    let steps = match exposure.asks_for() {
        KeyAction::Rotate => rotate(rule, exposure),
        KeyAction::Amend => {
            let mut steps = amend::steps(exposure);
            steps.push(sent(rule));
            steps
        }
        _ => expire(rule, exposure),
    };
    let steps = at_root(exposure, steps);
    match key.action() {
        KeyAction::Check => check(key, steps),
        KeyAction::Done => done(key),
        _ => steps,
    }
}

/// Steps of which commands name files or folders begin where those paths do.
fn at_root(exposure: &Exposure, mut steps: Vec<Step>) -> Vec<Step> {
    let names_paths = |step: &Step| match step {
        Step::Run(command) => [
            "cd ",
            "git add ",
            "git rm ",
            "git mv ",
            "git restore ",
            "git -C ",
        ]
        .iter()
        .any(|start| command.starts_with(start)),
        Step::Say(_) => false,
    };
    if let Some(way) = exposure
        .way_to_root
        .as_ref()
        .filter(|_| steps.iter().any(names_paths))
    {
        let there = [
            Step::say("at the root of the repository, where paths begin"),
            Step::run(way),
        ];
        steps.splice(0..0, there);
    }
    steps
}

/// Of what its server refuses: nothing is left but to take it off the list.
fn done(key: &ExposedKey) -> Vec<Step> {
    vec![
        Step::say("nothing is to be rotated any more; to take it off the list"),
        Step::run(format!(
            "jvxleaks allow {}{} -- rotated",
            key.fingerprint, key.exposure.options
        )),
    ]
}

/// Of what may be no credential: how to silence it, and what to do if it is one.
fn check(key: &ExposedKey, steps: Vec<Step>) -> Vec<Step> {
    let mut all = vec![
        Step::say("see whether it is a credential; if it is none, say why"),
        Step::run(format!(
            "jvxleaks allow {}{} -- REASON",
            key.fingerprint, key.exposure.options
        )),
        Step::say(match key.exposure.asks_for() {
            KeyAction::Amend => {
                "if it is one, and nothing was rewritten since this audit (otherwise run jvxleaks history again):"
            }
            _ => "if it is one:",
        }),
    ];
    all.extend(steps);
    all
}

/// Rewriting history does not make a published key unread, so it is no part of this.
fn rotate(rule: &RuleInfo, exposure: &Exposure) -> Vec<Step> {
    let issuer = Issuer::of(rule);
    let mut steps = ask_the_remote(exposure);
    match issuer {
        Issuer::Jourvex => steps.extend([
            Step::say(
                "rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, \
                 so be ready to set JOURVEX_API_KEY on the server and restart right away",
            ),
            Step::say(
                "check the dashboard: its prefix tells which key is active, and \"last used: never\" turns into a time when \
                 the new key works",
            ),
        ]),
        Issuer::Person | Issuer::Vendor => {
            steps.push(Step::say(issuer.end(rule)));
            steps.extend(issuer.more(rule).map(Step::Say));
        }
    }
    steps.extend(taken_out(issuer, exposure));
    steps
}

/// Nothing here records which tags were pushed, so a key that tags alone hold may be nowhere else.
fn ask_the_remote(exposure: &Exposure) -> Vec<Step> {
    if !exposure.is_tag_alone() {
        return Vec::new();
    }
    let tags = exposure.published.named().iter();
    let tags = tags.filter_map(|name| match name.kind() {
        RefKind::Tag(tag) => Some(tag),
        _ => None,
    });
    let tags: Vec<&str> = tags.collect();
    let full = tags
        .iter()
        .map(|tag| ref_pattern(&format!("refs/tags/{tag}")));
    let full = full.collect::<Vec<_>>().join(" ");
    let tags: Vec<String> = tags.into_iter().map(tag_word).collect();
    let asked = exposure.remotes.iter().map(|remote| {
        let remote = word(remote.as_bytes());
        Step::run(format!("git ls-remote {remote} {full}"))
    });
    let tags = tags.join(" ");
    let mut steps = vec![Step::say(if exposure.remotes.len() > 1 {
        "ask each remote whether it has the tag: nothing here records that"
    } else {
        "ask the remote whether it has the tag: nothing here records that"
    })];
    steps.extend(asked);
    steps.extend([
        Step::say(
            "if that prints nothing, and the tag was never pushed anywhere else, the key need not be rotated: \
             delete the tag, and run jvxleaks history again",
        ),
        Step::run(format!("git tag -d {tags}")),
        Step::say("otherwise:"),
    ]);
    steps
}

/// How to take a published key out of where it still is.
fn taken_out(issuer: Issuer, exposure: &Exposure) -> Vec<Step> {
    // The environment is what such a file is for, so that nothing is read there in its place.
    let is_env = |at: &&Sighting| Language::of(&at.path, b"") == Language::Env;
    let held = exposure.in_head.iter();
    let (names, held): (Vec<_>, Vec<_>) = held.partition(|at| at.path.is_name());
    let (files, code): (Vec<_>, Vec<_>) = held.into_iter().partition(is_env);
    let mut steps = Vec::new();
    let read = issuer.read();
    if let Some(places) = places(&code) {
        steps.push(Step::say(format!(
            "then remove the literal from {places}, {read} there, and commit"
        )));
    }
    if let Some(places) = places(&files) {
        steps.push(Step::say(format!(
            "then take {places} out of git, with a line in .gitignore, and commit; the new value goes into what stays here"
        )));
        let files: BTreeSet<&BlobPath> = files.iter().map(|at| &at.path).collect();
        steps.extend(chunks("git rm --cached --", files));
    }
    let names: BTreeSet<BlobPath> = names.iter().filter_map(|at| at.path.archive()).collect();
    for name in names.iter().rev() {
        steps.extend(renamed("the key", name, "then "));
    }
    if !names.is_empty() {
        steps.push(Step::say("and commit"));
    }
    let elsewhere = exposure.in_tips.iter().take(NAMED).map(|(branch, at)| {
        let branch = match branch.kind() {
            RefKind::Branch(name) | RefKind::Remote(name) => word(name.as_bytes()),
            _ => word(branch.as_str().as_bytes()),
        };
        Step::say(match at.path.archive().filter(|_| at.path.is_name()) {
            Some(name) => {
                let name = word(name.as_bytes());
                format!("then give {name} another name on {branch}")
            }
            None => format!("then remove it from {} on {branch}", place(at)),
        })
    });
    steps.extend(elsewhere);
    steps.extend(refs_renamed(exposure, exposure.names.iter()));
    steps
}

fn place(at: &Sighting) -> String {
    format!("{}:{}", word(at.path.as_bytes()), at.line)
}

fn places(held: &[&Sighting]) -> Option<String> {
    (!held.is_empty()).then(|| listed_files(held.iter().map(|at| place(at))))
}

fn expire(rule: &RuleInfo, exposure: &Exposure) -> Vec<Step> {
    let end = Issuer::of(rule).end(rule);
    let trees = exposure.trees.iter().filter(|tree| tree.is_kept_resolved);
    let trees: Vec<&OtherTree> = trees.collect();
    let mut steps = cleared(exposure.is_kept_resolved, &trees);
    if exposure.is_remembered {
        steps.extend(forget(
            "if it was never pushed, it stays on this disk until",
        ));
    } else {
        steps.extend([Step::say("if it was never pushed"), Step::run(COLLECT)]);
    }
    steps.push(Step::say(format!(
        "if it was pushed, or you cannot tell: {end}"
    )));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Below, Fingerprint, Introduction, RefName, Refs, Secret, Severity};
    use crate::policy::sample;
    use std::sync::Arc;

    fn jourvex() -> RuleInfo {
        RuleInfo {
            public_prefix: "jvx_live_".to_owned(),
            ..sample::rule("jourvex-key")
        }
    }

    fn key(rule: &RuleInfo, exposure: &Exposure) -> ExposedKey {
        ExposedKey {
            rule: Arc::new(rule.clone()),
            severity: Severity::High,
            secret: Secret::new("x", 0),
            fingerprint: Fingerprint("c0ffee".to_owned()),
            exposure: exposure.clone(),
            places: 1,
            liveness: None,
            advice: Vec::new(),
        }
    }

    fn steps_of(rule: &RuleInfo, exposure: &Exposure) -> Vec<String> {
        let steps = rotation(&key(rule, exposure));
        steps.iter().map(Step::line).collect()
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
            order: 0,
            below,
            refs: [RefName::new(on)].into(),
        }
    }

    /// In the text of its commit, at a line of it.
    fn of_message(introduction: Introduction, line: usize) -> Introduction {
        let at = Sighting {
            line,
            ..introduction.at
        };
        Introduction {
            at,
            file: None,
            ..introduction
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
        steps_of(&jourvex(), &local(introduced, on)).join("\n")
    }

    #[test]
    fn a_published_key_is_ended_where_it_was_issued() {
        let exposure = Exposure {
            published: [RefName::new("refs/remotes/origin/main")].into(),
            in_head: vec![seen("a", "src/a b.ts"), seen("a", "c.ts")],
            ..Exposure::default()
        };
        let of = |rule: &RuleInfo| steps_of(rule, &exposure).join("\n");
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
        let last = steps_of(&jourvex(), &env).split_off(2);
        insta::assert_snapshot!(last.join("\n"), @"
        then remove the literal from c.ts:3, read JOURVEX_API_KEY there, and commit
        then take .env:3 out of git, with a line in .gitignore, and commit; the new value goes into what stays here
          git rm --cached -- .env
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
            let steps = steps_of(&sample::rule("bearer-token"), &exposure).join("\n");
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
        take the key out of a.txt, 'it'\''s b' and ':c', then
          git add -- './:c' a.txt 'it'\''s b'
          git commit --amend --no-edit
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let message = of_message(brought("a", "COMMIT_MSG", Below::Head, 1, main), 6);
        insta::assert_snapshot!(amended(vec![message], &[main]), @"
        take the key out of the message, with
          git commit --amend --allow-empty
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn older_commits_are_one_rebase_that_names_each_with_its_files() {
        let main = "refs/heads/main";
        let one = brought("a", "a.txt", Below::Descendant, 1, main);
        insta::assert_snapshot!(amended(vec![one.clone()], &[main]), @"
        rewrite the commits from the oldest of these on
          git rebase -i --rebase-merges --autostash aaaaaaa^
        in the list that opens, mark aaaaaaa as `edit`
        at aaaaaaa: take the key out of a.txt, then
          git add -- a.txt
          git rebase --continue
        if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
          git add -u
          git rebase --continue
        at the end, this finds nothing
          jvxleaks range aaaaaaa^..HEAD
        the index keeps what was in conflict until this has run
          git update-index --clear-resolve-undo
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let root = brought("b", "b.txt", Below::Descendant, 0, main);
        insta::assert_snapshot!(amended(vec![root], &[main]), @"
        rewrite the commits from the oldest of these on
          git rebase -i --rebase-merges --autostash --root
        in the list that opens, mark bbbbbbb as `edit`
        at bbbbbbb: take the key out of b.txt, then
          git add -- b.txt
          git rebase --continue
        if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
          git add -u
          git rebase --continue
        at the end, this finds nothing
          jvxleaks history --branch HEAD
        the index keeps what was in conflict until this has run
          git update-index --clear-resolve-undo
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let message = of_message(brought("c", "COMMIT_MSG", Below::Descendant, 1, main), 6);
        let merge = brought("d", "d.txt", Below::Head, 2, main);
        let all = vec![
            one,
            brought("a", "c d", Below::Descendant, 1, main),
            message,
            merge,
        ];
        insta::assert_snapshot!(amended(all, &[main]), @"
        rewrite the commits from the oldest of these on
          git rebase -i --rebase-merges --autostash aaaaaaa^
        in the list that opens, mark aaaaaaa as `edit`, mark ccccccc as `reword` and put a line `break` below the `merge` of ddddddd
        at aaaaaaa: take the key out of a.txt and 'c d', then
          git add -- a.txt 'c d'
          git rebase --continue
        at ccccccc: take the key out of the message that opens
        at ddddddd: take the key out of d.txt, then
          git add -- d.txt
          git commit --amend --no-edit
          git rebase --continue
        if git stops there, for the commit would be empty
          git commit --amend --allow-empty
          git rebase --continue
        if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
          git add -u
          git rebase --continue
        at the end, this finds nothing
          jvxleaks range aaaaaaa^..HEAD
        the index keeps what was in conflict until this has run
          git update-index --clear-resolve-undo
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
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
        take the key out of a.txt, then
          git add -- a.txt
          git commit --amend --no-edit
        on branch 'side;x'
          git switch 'side;x'
        rewrite the commits from the oldest of these on
          git rebase -i --rebase-merges --autostash bbbbbbb^
        in the list that opens, mark bbbbbbb as `edit`
        at bbbbbbb: take the key out of b.txt, then
          git add -- b.txt
          git rebase --continue
        if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
          git add -u
          git rebase --continue
        at the end, this finds nothing
          jvxleaks range bbbbbbb^..'side;x'
        branch old holds it too: rewrite it as well, or delete it if nothing on it is needed
        delete what is tagged with it, and tag again once the key is gone
          git tag -d v1
        the index keeps what was in conflict until this has run
          git update-index --clear-resolve-undo
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
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
        let steps: Vec<_> = steps.lines().collect();
        insta::assert_snapshot!(steps.join("\n"), @"
        rewrite the commits from the oldest of these on
          git rebase -i --rebase-merges --autostash aaaaaaa^
        in the list that opens, mark aaaaaaa as `edit`
        at aaaaaaa: take the key out of a.txt, then
          git add -- a.txt
          git rebase --continue
        if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
          git add -u
          git rebase --continue
        at the end, this finds nothing
          jvxleaks range aaaaaaa^..HEAD
        on branch side
          git switch side
        rewrite the commits from the oldest of these on
          git rebase -i --rebase-merges --autostash aaaaaaa^
        in the list that opens, mark aaaaaaa as `edit` and mark bbbbbbb as `edit`
        at aaaaaaa: take the key out of a.txt, then
          git add -- a.txt
          git rebase --continue
        at bbbbbbb: take the key out of b.txt, then
          git add -- b.txt
          git rebase --continue
        if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
          git add -u
          git rebase --continue
        at the end, this finds nothing
          jvxleaks range aaaaaaa^..side
        the index keeps what was in conflict until this has run
          git update-index --clear-resolve-undo
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn what_no_branch_holds_is_dropped_where_it_is() {
        let of = |name: &str, path| {
            let brought = brought("a", path, Below::Elsewhere, 2, name);
            amended(vec![brought], &[name])
        };
        insta::assert_snapshot!(of("refs/stash@{2}", "a.txt"), @"
        see what is in stash@{2}, and keep what you need without the key
          git stash show -p --include-untracked stash@{2}
          git stash drop stash@{2}
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        insta::assert_snapshot!(of("refs/notes/commits", "ab/cd"), @"
        take it out of the note
          git notes --ref=commits remove abcd
        the history of the notes keeps it until they are all dropped
          git update-ref -d refs/notes/commits
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        let tree = of("worktrees/w/HEAD", "a");
        assert!(
            tree.starts_with("the linked work tree w stands on it"),
            "{tree}"
        );
        insta::assert_snapshot!(of("refs/original/refs/heads/main", "a"), @"
        once nothing that it holds is needed
          git update-ref -d refs/original/refs/heads/main
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        insta::assert_snapshot!(amended(Vec::new(), &["refs/tags/v1"]), @"
        delete what is tagged with it, and tag again once the key is gone
          git tag -d v1
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn what_is_staged_is_taken_back_also_before_the_first_commit() {
        let staged = |has_head| {
            let exposure = Exposure {
                in_index: true,
                has_head,
                staged: vec!["a.env".into(), "b c".into()],
                ..Exposure::default()
            };
            steps_of(&jourvex(), &exposure)[..4].join("\n")
        };
        insta::assert_snapshot!(staged(true), @"
        take the key out of a.env and 'b c', then
          git add -- a.env 'b c'
        or, since such a file stays out of git, leave it out and name it in .gitignore:
          git restore --staged -- a.env
        ");
        insta::assert_snapshot!(staged(false), @"
        take the key out of a.env and 'b c', then
          git add -- a.env 'b c'
        or, since such a file stays out of git, leave it out and name it in .gitignore:
          git rm --cached -- a.env
        ");
    }

    #[test]
    fn an_unreachable_key_is_left_to_git() {
        let exposure = Exposure {
            is_remembered: true,
            ..Exposure::default()
        };
        insta::assert_snapshot!(steps_of(&jourvex(), &exposure).join("\n"), @"
        if it was never pushed, it stays on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        if it was pushed, or you cannot tell: rotate it at Settings -> API Access
        ");
    }

    #[test]
    fn several_keys_are_taken_out_in_one_rewrite() {
        let main = "refs/heads/main";
        let at = |commit, path, order| Introduction {
            order,
            ..brought(commit, path, Below::Descendant, 1, main)
        };
        let (newer, older) = (
            local(vec![at("b", "b.txt", 2)], &[main]),
            Exposure {
                removed_in: Some(seen("c", "a.txt")),
                ..local(vec![at("a", "a.txt", 1)], &[main])
            },
        );
        let checked = ExposedKey {
            severity: Severity::Medium,
            ..key(&jourvex(), &newer)
        };
        let mut keys = [key(&jourvex(), &newer), key(&jourvex(), &older), checked];
        let plan = advise(&mut keys);
        insta::assert_snapshot!(Step::lines(&plan), @"
        rewrite the commits from the oldest of these on
          git rebase -i --rebase-merges --autostash aaaaaaa^
        in the list that opens, mark aaaaaaa as `edit` and mark bbbbbbb as `edit`
        at aaaaaaa: take the keys out of a.txt, then
          git add -- a.txt
          git rebase --continue
        at bbbbbbb: take the keys out of b.txt, then
          git add -- b.txt
          git rebase --continue
        if git stops on a conflict or an empty commit (at ccccccc, which took some out), leave the files as that commit wants them, without the keys, then
          git add -u
          git rebase --continue
        at the end, this finds nothing
          jvxleaks range aaaaaaa^..HEAD
        the index keeps what was in conflict until this has run
          git update-index --clear-resolve-undo
        the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
          git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
          git gc --prune=now
        ");
        insta::assert_snapshot!(Step::lines(&keys[0].advice), @"
        take it out with the 1 other key to amend, in one rewrite: its steps stand below all keys
        no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
        ");
        assert_eq!(keys[0].advice, keys[1].advice);
        insta::assert_snapshot!(Step::lines(&keys[2].advice[..3]), @"
        see whether it is a credential; if it is none, say why
          jvxleaks allow c0ffee -- REASON
        if it is one, and nothing was rewritten since this audit (otherwise run jvxleaks history again):
        ");
        let plan = advise(&mut keys[..1]);
        assert!(plan.is_empty() && keys[0].advice.contains(&Step::run("git rebase --continue")));
    }

    #[test]
    fn a_stash_that_was_made_on_a_commit_with_the_key_is_brought_back() {
        let main = "refs/heads/main";
        let one = brought("a", "a.txt", Below::Head, 1, main);
        let all = [main, "refs/stash@{0}"];
        let steps = amended(vec![one], &all);
        assert!(steps.contains("\n  git stash pop stash@{0}\n"), "{steps}");
    }

    #[test]
    fn a_published_key_is_told_on_the_branch_where_it_still_is() {
        let exposure = Exposure {
            published: [RefName::new("refs/remotes/origin/main")].into(),
            in_tips: vec![(RefName::new("refs/heads/feat/x"), seen("a", ".env"))],
            ..Exposure::default()
        };
        let steps = steps_of(&jourvex(), &exposure);
        assert_eq!(steps[2], "then remove it from .env:3 on feat/x");
    }

    #[test]
    fn a_tag_that_may_not_have_been_pushed_is_asked_about_first() {
        let exposure = Exposure {
            published: [RefName::new("refs/tags/t1")].into(),
            remotes: vec!["backup".to_owned(), "up".to_owned()],
            ..Exposure::default()
        };
        let steps = steps_of(&jourvex(), &exposure);
        insta::assert_snapshot!(steps[..6].join("\n"), @"
        ask each remote whether it has the tag: nothing here records that
          git ls-remote backup refs/tags/t1
          git ls-remote up refs/tags/t1
        if that prints nothing, and the tag was never pushed anywhere else, the key need not be rotated: delete the tag, and run jvxleaks history again
          git tag -d t1
        otherwise:
        ");
    }

    #[test]
    fn what_another_vendor_gave_out_and_was_published_is_revoked_without_an_if() {
        let exposure = Exposure {
            published: [RefName::new("refs/remotes/origin/main")].into(),
            ..Exposure::default()
        };
        let rule = RuleInfo {
            advice: "Keep it out of the URL. If this was ever pushed, change the password."
                .to_owned(),
            ..sample::rule("url-password")
        };
        insta::assert_snapshot!(steps_of(&rule, &exposure).join("\n"), @"
        change the password at the service it is for (url-password: Test key)
        Keep it out of the URL.
        ");
    }

    #[test]
    fn no_command_is_too_long_to_be_pasted() {
        let main = "refs/heads/main";
        let path = |n| format!("{}/{n}.txt", "long".repeat(15));
        let all = (0..12).map(|n| brought("a", &path(n), Below::Head, 1, main));
        let steps = amended(all.collect(), &[main]);
        let commands = steps.lines().filter(|line| line.starts_with("  git add"));
        assert_eq!(commands.clone().count(), 4, "{steps}");
        assert!(commands.clone().all(|line| line.len() < 340), "{steps}");
    }
}
