//! The walk leaves out just what git leaves out: the same folders and ignore files are shown to both.

use crate::config;
use crate::draw::Draw;
use jvxleaks::source::{Event, Source as _, Walk, WalkOptions};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// Names of files and folders.
const NAMES: [&str; 20] = [
    "a", "b", "A", "ab", "a.log", "b.log", ".env", "{a,b}", "{a}.log", "a b", "a ", "#a", "!a",
    "[a]", "$a", "é", "a\\", "*", "d", "e",
];

/// What patterns are made of.
const PARTS: [&str; 44] = [
    "a",
    "b",
    "A",
    "d",
    "e",
    "ab",
    ".log",
    ".env",
    "{a,b}",
    "{a}",
    "{",
    "}",
    "*",
    "*",
    "*",
    "?",
    "**",
    "/",
    "/",
    "/",
    "**/",
    "/**",
    "[ab]",
    "[!a]",
    "[^a]",
    "[a-b]",
    "[[:alpha:]]",
    "[[:upper:]]",
    "[]a]",
    "[a",
    "[",
    "]",
    "\\a",
    "\\*",
    "\\ ",
    "\\",
    " ",
    "#",
    "!",
    "$a",
    "é",
    ",",
    "a b",
    "\\[",
];

/// An ignore file of a few lines.
fn patterns(draw: &mut Draw) -> String {
    let mut text = String::new();
    if draw.one_in(20) {
        text.push('\u{feff}');
    }
    for _ in 0..draw.between(1, 5) {
        text += match draw.below(8) {
            0 | 1 => "!",
            2 => "/",
            3 => "\\#",
            _ => "",
        };
        for _ in 0..draw.between(1, 4) {
            text += *draw.pick(&PARTS);
        }
        text += match draw.below(6) {
            0 => "/",
            1 => " ",
            2 => "\r",
            _ => "",
        };
        text.push('\n');
    }
    if draw.one_in(6) {
        text.pop();
    }
    // Where git ignores case, an escaped capital matches nothing there, not even itself. The walk takes `\A` for `A`, and
    // so may read more.
    text.replace("\\A", "\\a")
}

/// Fills a folder with files and ignore files, and those below it.
fn fill(draw: &mut Draw, folder: &Path, depth: usize) {
    fs::create_dir_all(folder).unwrap();
    if draw.one_in(3) {
        fs::write(folder.join(".gitignore"), patterns(draw)).unwrap();
    }
    for _ in 0..draw.between(1, 6) {
        let path = folder.join(draw.pick(&NAMES));
        if path.exists() {
            continue;
        }
        if depth > 0 && draw.one_in(2) {
            fill(draw, &path, depth - 1);
        } else {
            fs::write(path, "text").unwrap();
        }
    }
}

fn git(root: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(words).current_dir(root);
    command.env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("GIT_CONFIG_GLOBAL", root.join("none"));
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {words:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// Makes a repository; gives what it looks like, for a failing case.
fn repository(draw: &mut Draw, root: &Path) -> String {
    fill(draw, root, 3);
    git(root, &["init", "-q"]);
    let excludes = root.with_file_name("excludes");
    fs::write(&excludes, patterns(draw)).unwrap();
    git(
        root,
        &["config", "core.excludesFile", excludes.to_str().unwrap()],
    );
    fs::write(root.join(".git/info/exclude"), patterns(draw)).unwrap();
    let tracks = draw.one_in(2);
    // Where case is ignored, git takes a file for another that it tracks.
    git(
        root,
        &[
            "config",
            "core.ignoreCase",
            if tracks { "false" } else { "true" },
        ],
    );
    if tracks {
        let all = git(root, &["ls-files", "-z", "--others"]);
        let some: Vec<&str> = all
            .split_terminator('\0')
            .filter(|_| draw.one_in(4))
            .collect();
        let mut words = vec!["--literal-pathspecs", "add", "-f", "--"];
        words.extend(&some);
        if !some.is_empty() {
            git(root, &words);
        }
    }
    let mut shown = format!(
        "tracks: {tracks}\nexcludes: {:?}\n",
        fs::read_to_string(&excludes)
    );
    for file in git(root, &["ls-files", "-z", "--others", "--cached"]).split_terminator('\0') {
        let text = fs::read_to_string(root.join(file)).unwrap();
        shown += &format!("{file:?}: {text:?}\n");
    }
    shown
        + &format!(
            "exclude: {:?}",
            fs::read_to_string(root.join(".git/info/exclude"))
        )
}

/// What a walk from `root` hands out.
fn walked(root: &Path) -> BTreeSet<String> {
    let walk = Walk::new(WalkOptions {
        roots: vec![root.to_owned()],
        respect_ignore: true,
        max_file_size: 1 << 20,
        threads: 1,
    });
    let met = Mutex::new(BTreeSet::new());
    let sink = |event: Event<'_>| {
        if let Event::Blob(blob) = event {
            met.lock().unwrap().insert(blob.path.to_string());
        }
    };
    walk.visit(&sink).unwrap();
    met.into_inner().unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_git_would_add_or_tracks_is_read_and_nothing_else(seed in any::<u64>()) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("work");
        let shown = repository(&mut Draw::new(seed), &root);
        let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = git(&root, &words);
        let listed: BTreeSet<String> = listed.split_terminator('\0').map(str::to_owned).collect();
        prop_assert_eq!(listed, walked(&root), "{}", shown);
    }
}
