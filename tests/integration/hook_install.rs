//! `jvxleaks hook install` and `uninstall`.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use std::fs;
use std::path::{Path, PathBuf};

fn transcript(repo: &Repo, words: &str) -> String {
    let text = repo.scan(words).transcript(&repo.path());
    text.replace(&*repo.beside("").to_string_lossy(), "[HOME]/")
}

fn hooks(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|n| !n.ends_with(".sample")).collect();
    names.sort();
    names
}

/// A hook that leaves a file behind, so that one can tell that it ran.
fn own_hook(folder: &Path, name: &str, script: &str) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, script).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    path
}

fn leak(repo: &Repo, folder: &Path) -> Option<String> {
    fs::write(folder.join("leak.txt"), key(1)).unwrap();
    repo.git_in(folder, "add -A");
    repo.refused(folder, &["commit", "-q", "-m", "leak"])
}

#[test]
fn hooks_come_and_go() {
    let repo = Repo::new();
    let folder = repo.path().join(".git/hooks");
    insta::assert_snapshot!(transcript(&repo, "hook install"), @"
    exit 0
    --- stdout
    .git/hooks/pre-commit: installed
    .git/hooks/pre-merge-commit: installed
    .git/hooks/pre-push: installed
    To skip once: SKIP=jvxleaks git commit ..., or git commit --no-verify.
    --- stderr
    ");
    assert_eq!(
        hooks(&folder),
        ["pre-commit", "pre-merge-commit", "pre-push"]
    );
    assert_eq!(
        repo.scan("hook install --commit-msg").exit,
        Some(0),
        "again and more"
    );
    assert_eq!(hooks(&folder).len(), 4);
    assert!(leak(&repo, &repo.path()).is_some());
    insta::assert_snapshot!(transcript(&repo, "hook uninstall"), @"
    exit 0
    --- stdout
    .git/hooks/pre-commit: removed
    .git/hooks/pre-merge-commit: removed
    .git/hooks/pre-push: removed
    .git/hooks/commit-msg: removed
    --- stderr
    ");
    assert_eq!(hooks(&folder), [] as [&str; 0]);
    insta::assert_snapshot!(transcript(&repo, "hook uninstall"), @"
    exit 0
    --- stdout
    .git/hooks: no hook of jvxleaks is there
    --- stderr
    ");
}

#[test]
fn a_hook_that_is_there_runs_first_and_comes_back() {
    let repo = Repo::new();
    let folder = repo.path().join(".git/hooks");
    own_hook(
        &folder,
        "pre-commit",
        "#!/bin/sh\ntouch ran\nexit ${FAIL:-0}\n",
    );
    own_hook(&folder, "pre-push", "#!/bin/sh\ncat > pushed\n");
    insta::assert_snapshot!(transcript(&repo, "hook install"), @"
    exit 0
    --- stdout
    .git/hooks/pre-commit: installed; runs .git/hooks/pre-commit.before-jvxleaks first
    .git/hooks/pre-merge-commit: installed
    .git/hooks/pre-push: installed; runs .git/hooks/pre-push.before-jvxleaks first
    To skip once: SKIP=jvxleaks git commit ..., or git commit --no-verify.
    --- stderr
    ");
    assert!(leak(&repo, &repo.path()).unwrap().contains("jourvex-key"));
    assert!(repo.path().join("ran").exists());
    repo.write("leak.txt", "clean");
    repo.git("add leak.txt");
    let mut failing = repo.git_command(&repo.path(), &["commit", "-q", "-m", "x"]);
    assert_eq!(failing.env("FAIL", "3").status().unwrap().code(), Some(1));
    repo.git("commit -q -m clean");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("push -q {} main", remote.display()));
    let refs = fs::read_to_string(repo.path().join("pushed")).unwrap();
    assert!(
        refs.starts_with("refs/heads/main "),
        "both hooks get the refs: {refs}"
    );
    insta::assert_snapshot!(transcript(&repo, "hook uninstall --pre-commit"), @"
    exit 0
    --- stdout
    .git/hooks/pre-commit: the hook from before is back
    .git/hooks/pre-merge-commit: removed
    --- stderr
    ");
    assert_eq!(
        hooks(&folder),
        ["pre-commit", "pre-push", "pre-push.before-jvxleaks"]
    );
}

#[test]
fn an_older_hook_of_ours_is_written_anew_and_said_to_be() {
    let repo = Repo::new();
    repo.scan("hook install");
    let hook = repo.path().join(".git/hooks/pre-push");
    let text = fs::read_to_string(&hook).unwrap();
    let (start, rest) = text.split_once("case ").unwrap();
    let (_, end) = rest.split_once("esac\n").unwrap();
    fs::write(&hook, format!("{start}{end}")).unwrap();
    insta::assert_snapshot!(transcript(&repo, "hook install"), @"
    exit 0
    --- stdout
    .git/hooks/pre-commit: already installed
    .git/hooks/pre-merge-commit: already installed
    .git/hooks/pre-push: written anew, since another version of it stood there
    To skip once: SKIP=jvxleaks git commit ..., or git commit --no-verify.
    --- stderr
    ");
    assert_eq!(fs::read_to_string(&hook).unwrap(), text);
}

#[test]
fn what_cannot_be_run_first_is_left_and_the_line_is_printed() {
    let repo = Repo::new();
    let folder = repo.path().join(".git/hooks");
    let script = "#!/bin/sh\nexec manager run \"${0##*/}\"\n";
    let path = own_hook(&folder, "pre-push", script);
    insta::assert_snapshot!(transcript(&repo, "hook install"), @r#"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: .git/hooks/pre-push: it looks at its own name, so it cannot be run first; add to its beginning:
      refs=$(mktemp) && trap 'rm -f "$refs"' EXIT && cat >"$refs" || exit
      jvxleaks hook run pre-push "$@" <"$refs" || exit
      exec <"$refs"
    jvxleaks: nothing was changed
    "#);
    assert_eq!(hooks(&folder), ["pre-push"], "nothing was changed");
    assert_eq!(fs::read_to_string(&path).unwrap(), script);
    insta::assert_snapshot!(transcript(&repo, "hook uninstall"), @"
    exit 0
    --- stdout
    .git/hooks/pre-push: not written by jvxleaks, left alone
    --- stderr
    ");
}

#[test]
fn husky_and_lefthook_are_told_in_their_own_way() {
    let repo = Repo::new();
    repo.git("config core.hooksPath .husky/_");
    insta::assert_snapshot!(transcript(&repo, "hook install --pre-commit --commit-msg"), @r#"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: .husky/_/pre-commit: husky writes this folder; add to .husky/pre-commit:
      jvxleaks hook run pre-commit
    jvxleaks: .husky/_/pre-merge-commit: husky writes this folder; add to .husky/pre-merge-commit:
      jvxleaks hook run pre-commit
    jvxleaks: .husky/_/commit-msg: husky writes this folder; add to .husky/commit-msg:
      jvxleaks hook run commit-msg "$1"
    jvxleaks: nothing was changed
    "#);
    repo.git("config --unset core.hooksPath");
    let folder = repo.path().join(".git/hooks");
    own_hook(
        &folder,
        "pre-push",
        "#!/bin/sh\ncall_lefthook run \"pre-push\" \"$@\"\n",
    );
    insta::assert_snapshot!(transcript(&repo, "hook install --pre-push"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: .git/hooks/pre-push: lefthook writes this hook; add to lefthook.yml:
      pre-push:
        jobs:
          - run: jvxleaks hook run pre-push {1} {2}
            use_stdin: true
    jvxleaks: nothing was changed
    ");
}

#[test]
fn the_folder_that_git_looks_in_is_the_one() {
    let repo = Repo::new();
    repo.git("config core.hooksPath team/hooks");
    assert_eq!(repo.scan("hook install").exit, Some(0));
    let script = fs::read_to_string(repo.path().join("team/hooks/pre-commit")).unwrap();
    assert!(
        !script.contains("[ -x \"$jvxleaks\" ]"),
        "a path of this machine is not committed: {script}"
    );
    let said = leak(&repo, &repo.path()).unwrap();
    assert!(said.contains("jvxleaks is not to be found"), "{said}");
    assert!(said.contains("git commit --no-verify"), "{said}");
    let mut skipping = repo.git_command(&repo.path(), &["commit", "-m", "skipped"]);
    let skipped = skipping.env("SKIP", "lint, jvxleaks").output().unwrap();
    let said = String::from_utf8(skipped.stderr).unwrap();
    assert!(skipped.status.success(), "{said}");
    assert!(
        said.contains("jvxleaks: skipped, because SKIP names it; nothing was checked"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_with_a_line_break_in_its_name_is_the_one_that_git_looks_in() {
    let repo = Repo::new();
    repo.git("config core.hooksPath team\nhooks");
    assert_eq!(repo.scan("hook install").exit, Some(0));
    assert!(repo.path().join("team\nhooks/pre-commit").exists());
}

#[test]
fn submodules_and_linked_work_trees_have_hooks() {
    let repo = Repo::new();
    repo.commit("first");
    let linked = repo.beside("linked");
    repo.git(&format!("worktree add -q {} -b wip", linked.display()));
    assert_eq!(repo.scan_in(&linked, "hook install").exit, Some(0));
    assert!(hooks(&repo.path().join(".git/hooks")).contains(&"pre-commit".to_owned()));
    assert!(leak(&repo, &linked).is_some());
    let outer = repo.beside("outer");
    repo.git(&format!("init -q -b main {}", outer.display()));
    let from = repo.path().display().to_string();
    repo.git_in(
        &outer,
        &format!("-c protocol.file.allow=always submodule --quiet add {from} sub"),
    );
    assert_eq!(
        repo.scan_in(&outer.join("sub"), "hook install").exit,
        Some(0)
    );
    assert!(hooks(&outer.join(".git/modules/sub/hooks")).contains(&"pre-push".to_owned()));
    assert!(leak(&repo, &outer.join("sub")).is_some());
}

#[test]
fn one_installation_serves_all_repositories_and_their_own_hooks_go_on() {
    let repo = Repo::new();
    let folder = repo.path().join(".git/hooks");
    own_hook(&folder, "pre-commit", "#!/bin/sh\ntouch ran\n");
    own_hook(&folder, "commit-msg", "#!/bin/sh\ntouch message\n");
    own_hook(&folder, "post-commit", "#!/bin/sh\ntouch after\n");
    insta::assert_snapshot!(transcript(&repo, "hook install --global"), @"
    exit 0
    --- stdout
    [HOME]/.config/jvxleaks/hooks/pre-commit: installed
    [HOME]/.config/jvxleaks/hooks/pre-merge-commit: installed
    [HOME]/.config/jvxleaks/hooks/pre-push: installed
    [HOME]/.gitconfig: core.hooksPath = [HOME]/.config/jvxleaks/hooks
    These hooks run in every repository that has no core.hooksPath of its own.
    To skip once: SKIP=jvxleaks git commit ..., or git commit --no-verify.
    --- stderr
    ");
    assert!(leak(&repo, &repo.path()).is_some());
    assert!(repo.path().join("ran").exists());
    repo.write("leak.txt", "clean");
    repo.commit("clean");
    assert!(repo.path().join("message").exists() && repo.path().join("after").exists());
    insta::assert_snapshot!(transcript(&repo, "hook uninstall --global"), @"
    exit 0
    --- stdout
    [HOME]/.config/jvxleaks/hooks/pre-commit: removed
    [HOME]/.config/jvxleaks/hooks/pre-merge-commit: removed
    [HOME]/.config/jvxleaks/hooks/pre-push: removed
    git looks for hooks in each repository again
    --- stderr
    ");
    assert!(!repo.try_git("config --get core.hooksPath"));
    assert_eq!(leak(&repo, &repo.path()), None);
    assert!(!repo.beside(".config/jvxleaks/hooks").exists());
}

#[test]
fn without_a_repository_there_is_nothing_to_install_into() {
    let repo = Repo::new();
    let Scan { exit, stderr, .. } = repo.scan_in(&repo.beside(""), "hook install");
    assert_eq!(exit, Some(2));
    assert!(stderr.contains("not a git repository"), "{stderr}");
}

#[test]
fn hooks_go_where_git_looks_whatever_says_so() {
    let installed = |repo: &Repo, variables: &[(&str, &str)]| {
        let mut command = repo.command(&repo.path(), "hook install --pre-commit");
        let scan = Scan::of(command.envs(variables.iter().copied()));
        assert_eq!(scan.exit, Some(0), "{}", scan.stderr);
        hooks(&repo.beside("elsewhere"))
    };
    let repo = Repo::new();
    let elsewhere = repo.beside("elsewhere");
    let named = [
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.hooksPath"),
        ("GIT_CONFIG_VALUE_0", &*elsewhere.to_string_lossy()),
    ];
    assert_eq!(installed(&repo, &named).len(), 2, "the environment");
    let repo = Repo::new();
    let elsewhere = repo.beside("elsewhere");
    let included = repo.beside("included");
    fs::write(
        &included,
        format!("[core]\n\thooksPath = {}\n", elsewhere.display()),
    )
    .unwrap();
    repo.git("remote add origin https://example.org/app.git");
    let condition = "includeIf.hasconfig:remote.*.url:https://example.org/**.path";
    repo.git(&format!(
        "config --global {condition} {}",
        included.display()
    ));
    assert_eq!(installed(&repo, &[]).len(), 2, "a condition");
    assert!(leak(&repo, &repo.path()).is_some());
    let repo = Repo::new();
    let global = repo.beside("global");
    let elsewhere = repo.beside("elsewhere");
    fs::write(
        &global,
        format!("[core]\n\thooksPath = {}\n", elsewhere.display()),
    )
    .unwrap();
    let named = [("GIT_CONFIG_GLOBAL", &*global.to_string_lossy())];
    assert_eq!(installed(&repo, &named).len(), 2, "another file");
}

#[test]
fn a_quiet_installation_says_nothing() {
    let repo = Repo::new();
    let scan = repo.scan("hook install -q");
    assert_eq!((scan.exit, &*scan.stdout, &*scan.stderr), (Some(0), "", ""));
    let folder = repo.path().join(".git/hooks");
    assert_eq!(hooks(&folder).len(), 3);
    assert_eq!(repo.scan("hook uninstall -q").stdout, "");
    assert_eq!(hooks(&folder).len(), 0);
}

#[test]
fn hooks_that_are_in_place_stay_as_they_are() {
    let repo = Repo::new();
    repo.scan("hook install");
    let folder = repo.path().join(".git/hooks");
    let hook = folder.join("pre-commit");
    let written = || fs::metadata(&hook).unwrap().modified().unwrap();
    let before = written();
    insta::assert_snapshot!(transcript(&repo, "hook install"), @"
    exit 0
    --- stdout
    .git/hooks/pre-commit: already installed
    .git/hooks/pre-merge-commit: already installed
    .git/hooks/pre-push: already installed
    To skip once: SKIP=jvxleaks git commit ..., or git commit --no-verify.
    --- stderr
    ");
    assert_eq!(written(), before);
    fs::write(folder.join("pre-push"), fs::read(&hook).unwrap()).unwrap();
    let again = transcript(&repo, "hook install");
    assert!(again.contains("pre-commit: already installed\n"), "{again}");
    assert!(again.contains("pre-push: written anew"), "{again}");
}
