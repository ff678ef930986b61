use crate::repo::Repo;
use crate::{Met, key, marker, visit};
use insta::assert_snapshot;
use jvxleaks::model::{Origin, RefName};
use jvxleaks::source::{
    Event, GitRepo, History, HitPlace, ObjectKind, Progress, Range, RangeSpec, Scope, Source,
    SourceError,
};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

fn range(path: &Path, spec: RangeSpec) -> Result<Met, SourceError> {
    visit(&Range::new(GitRepo::open(Some(path)).unwrap(), spec))
}

fn parsed(repo: &Repo, spec: &str) -> Met {
    range(&repo.path(), RangeSpec::parse(spec)).unwrap()
}

fn commit_of(origin: &Origin) -> &str {
    match origin {
        Origin::Commit { commit, .. } | Origin::CommitMessage { commit, .. } => commit,
        _ => "",
    }
}

#[test]
fn sees_what_is_added_and_removed_within_the_range() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("a.txt", key(1));
    let added = repo.commit("add");
    repo.git("rm -q a.txt");
    repo.commit(&format!("remove {}", key(2)));
    let met = parsed(&repo, &format!("{base}..HEAD"));
    assert_eq!(met.paths(), ["COMMIT_MSG", "a.txt"]);
    assert_eq!(commit_of(&met.marked[1].1), added);
    assert_eq!(met.commits, 2);
    assert_eq!(parsed(&repo, "HEAD..HEAD").commits, 0);
    assert_eq!(parsed(&repo, &added).paths(), ["a.txt"]);
}

#[test]
fn a_merge_is_compared_with_all_of_its_parents() {
    let repo = Repo::new();
    repo.write("kept.txt", key(1));
    let base = repo.commit("base");
    repo.git("checkout -q -b side");
    repo.write("side.txt", key(2));
    let side = repo.commit("side");
    repo.git("checkout -q main");
    repo.write("main.txt", "x");
    repo.commit("main");
    repo.git("merge -q --no-commit --no-ff side");
    repo.write("evil.txt", key(3));
    let merge = repo.commit("merge");
    let met = parsed(&repo, &format!("{base}..main"));
    let found: Vec<_> = met
        .marked
        .iter()
        .map(|(p, o, _)| (p.as_str(), commit_of(o)))
        .collect();
    assert_eq!(
        found,
        [("evil.txt", merge.as_str()), ("side.txt", side.as_str())]
    );
    assert_eq!(met.commits, 3);
}

#[test]
fn merging_main_into_the_branch_hides_nothing() {
    let repo = Repo::new();
    repo.commit("base");
    repo.git("checkout -q -b feature");
    repo.write("f.txt", key(1));
    repo.commit("feature");
    repo.git("checkout -q main");
    repo.write("m.txt", key(2));
    repo.commit("main moves on");
    repo.git("checkout -q feature");
    repo.git("merge -q main -m merge");
    assert_eq!(parsed(&repo, "main..feature").paths(), ["f.txt"]);
    assert_eq!(parsed(&repo, "main...feature").paths(), ["f.txt"]);
}

#[test]
fn wrong_clocks_leave_nothing_out() {
    let repo = Repo::new();
    // The builder's clock stands still for commits made without it, so dates say nothing.
    for number in 1..=30 {
        repo.write("f.txt", number.to_string());
        repo.git("add -A");
        repo.git(&format!("commit -q -m {number}"));
    }
    assert_eq!(parsed(&repo, "HEAD~20..HEAD").commits, 20);
    assert_eq!(parsed(&repo, "HEAD..HEAD~20").commits, 0);
}

#[test]
fn a_shallow_boundary_is_a_fault_and_never_an_addition() {
    let repo = Repo::new();
    repo.write("old.txt", key(1));
    repo.commit("old");
    repo.write("new.txt", key(2));
    repo.commit("new");
    let clone = repo.beside("shallow");
    repo.git(&format!(
        "clone -q --depth 1 file://{} {}",
        repo.path().display(),
        clone.display()
    ));
    let spec = RangeSpec {
        include: vec!["HEAD".into()],
        ..RangeSpec::default()
    };
    let met = range(&clone, spec).unwrap();
    assert_eq!(met.marked, []);
    assert_eq!(met.faults.len(), 1, "{:?}", met.faults);
    assert!(met.faults[0].what.contains("git fetch --unshallow"));
}

#[test]
fn what_a_remote_has_is_left_out() {
    let repo = Repo::new();
    repo.write("pushed.txt", key(1));
    repo.commit("pushed");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("push -q origin main");
    repo.write("mine.txt", key(2));
    repo.commit("mine");
    let unpushed = range(&repo.path(), RangeSpec::unpushed("HEAD", "origin")).unwrap();
    assert_eq!(unpushed.paths(), ["mine.txt"]);
    let first_push = range(&repo.path(), RangeSpec::unpushed("HEAD", "other")).unwrap();
    assert_eq!(first_push.paths(), ["mine.txt", "pushed.txt"]);
    let just_pushed = RangeSpec {
        except_refs: vec![RefName::new("refs/remotes/origin/main")],
        ..RangeSpec::unpushed("HEAD", "*")
    };
    assert_eq!(range(&repo.path(), just_pushed).unwrap().commits, 2);
}

#[test]
fn grafts_and_replacements_hide_nothing() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("a.txt", key(1));
    let hidden = repo.commit("hidden");
    repo.git("rm -q a.txt");
    let tip = repo.commit("tip");
    repo.git(&format!("replace {hidden} {base}"));
    std::fs::create_dir_all(repo.path().join(".git/info")).unwrap();
    std::fs::write(
        repo.path().join(".git/info/grafts"),
        format!("{tip} {base}\n"),
    )
    .unwrap();
    assert_eq!(parsed(&repo, &format!("{base}..{tip}")).paths(), ["a.txt"]);
}

#[test]
fn revisions_that_name_nothing_are_errors() {
    let repo = Repo::new();
    repo.commit("base");
    let error = |spec: &str| {
        range(&repo.path(), RangeSpec::parse(spec))
            .unwrap_err()
            .to_string()
    };
    assert!(error("nowhere..HEAD").contains("no such commit"));
    assert!(error(&format!("{}..HEAD", "0".repeat(40))).contains("all zeros"));
    assert!(error("--output=x..HEAD").contains("option"));
}

#[test]
fn trees_that_name_each_other_without_end_come_to_one() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    (0..99).for_each(|n| repo.write(&format!("z/leaf{n}.txt"), "leaf"));
    repo.commit("base");
    // Each folder names the one below it sixteen times: 16^40 places in the end.
    let mut tree = repo.git("rev-parse HEAD:z");
    for _ in 0..40 {
        let names = (0..16).map(|n| format!("040000 tree {tree}\td{n:02}"));
        tree = repo.fed("mktree", &names.collect::<Vec<_>>().join("\n"));
    }
    let blob = repo.git("rev-parse HEAD:a.txt");
    let root = format!("100644 blob {blob}\tfirst.txt\n040000 tree {tree}\tz");
    let root = repo.fed("mktree", &root);
    let commit = repo.git(&format!("commit-tree -p HEAD -m odd {root}"));
    let met = parsed(&repo, &format!("HEAD..{commit}"));
    assert_eq!(met.paths(), ["first.txt"]);
    let told: Vec<_> = met.faults.iter().map(|fault| &*fault.what).collect();
    assert_snapshot!(told.join("\n"), @"
    this commit adds more than 65536 copies of files, of which the rest was not looked at
    this commit adds more than 1048576 files and folders, of which the rest was not read
    ");
}

/// A commit with `a.txt` at 2^17 places: each folder names the one below it twice.
fn copied(repo: &Repo) -> String {
    repo.write("z/a.txt", key(1));
    repo.commit("base");
    let mut tree = repo.git("rev-parse HEAD:z");
    for _ in 0..17 {
        tree = repo.fed(
            "mktree",
            &format!("040000 tree {tree}\tb\n040000 tree {tree}\tc"),
        );
    }
    repo.git(&format!("commit-tree -p HEAD -m odd {tree}"))
}

#[test]
fn places_of_one_file_in_one_commit_have_a_bound_and_it_is_told() {
    let repo = Repo::new();
    let commit = copied(&repo);
    let met = parsed(&repo, &format!("HEAD..{commit}"));
    assert_eq!(met.marked.len(), (1 << 16) + 1);
    let [fault] = &met.faults[..] else {
        panic!("{} faults", met.faults.len());
    };
    let what =
        "this commit adds more than 65536 copies of files, of which the rest was not looked at";
    assert_eq!(fault.what, what);

    repo.git(&format!("update-ref refs/heads/odd {commit}"));
    let history = History::new(GitRepo::open(Some(&repo.path())).unwrap());
    let candidate = |_: ObjectKind, _, bytes: &[u8]| marker(bytes).is_some();
    let hits = history.visit_objects(&candidate, &|_: Event<'_>| {}, None, &Progress::default());
    let provenance = history
        .provenance(&hits.unwrap(), &Scope::default())
        .unwrap();
    let notes = Mutex::new(Vec::new());
    let places = AtomicUsize::new(0);
    let look = |_: &HitPlace, _: &[u8]| {
        places.fetch_add(1, Relaxed);
    };
    let sink = |event: Event<'_>| match event {
        Event::Note(note) => notes.lock().unwrap().push(note),
        other => panic!("{other:?}"),
    };
    history.visit_places(&provenance, &look, &sink);
    assert!((1 << 10..1 << 12).contains(&places.into_inner()));
    assert_snapshot!(notes.into_inner().unwrap().join("\n"), @"some commit holds a file or folder at more than 1024 places, or below more folders than git checks out: it was read, and not all of its places are told");
}

#[test]
fn copies_of_files_have_one_bound_for_all_commits_of_a_range() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.commit("base");
    let blob = repo.git("rev-parse HEAD:a.txt");
    let entries = |kind: &str, id: &str| {
        let entries = (0..250).map(|n| format!("{kind} {id}\tn{n:03}"));
        entries.collect::<Vec<_>>().join("\n")
    };
    let folder = repo.fed("mktree", &entries("100644 blob", &blob));
    let full = repo.fed("mktree", &entries("040000 tree", &folder));
    // A commit with 62,500 places of one file, and one that has none of them, in turns.
    let mut commit = "HEAD".to_owned();
    for n in 0..36 {
        let tree = if n % 2 == 0 { &full } else { "HEAD^{tree}" };
        commit = repo.git(&format!("commit-tree -p {commit} -m {n} {tree}"));
    }
    let spec = RangeSpec::parse(&format!("HEAD..{commit}"));
    let range = Range::new(GitRepo::open(Some(&repo.path())).unwrap(), spec);
    let (blobs, told) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let sink = |event: Event<'_>| match event {
        Event::Blob(_) => drop(blobs.fetch_add(1, Relaxed)),
        Event::Fault(fault) if fault.what.starts_with("the commits up to this one add") => {
            told.fetch_add(1, Relaxed);
        }
        _ => {}
    };
    range.visit(&sink).unwrap();
    assert_eq!(told.into_inner(), 1);
    assert!((1 << 19..(1 << 20) + (1 << 17)).contains(&blobs.into_inner()));
}

#[test]
fn commits_of_one_second_are_told_parents_before_children() {
    let repo = Repo::new();
    let commit = |n: u32| drop(repo.git(&format!("commit -q --allow-empty -m {n}")));
    (0..5).for_each(commit);
    repo.git("checkout -q -b side HEAD~2");
    (5..10).for_each(commit);
    repo.git("merge -q --no-ff -m merge main");
    let told = Mutex::new(Vec::new());
    let range = Range::new(
        GitRepo::open(Some(&repo.path())).unwrap(),
        RangeSpec::parse("HEAD~7..HEAD"),
    );
    let sink = |event: Event<'_>| {
        if let Event::Order(commits) = event {
            let commits = commits.iter().map(ToString::to_string);
            told.lock().unwrap().extend(commits);
        }
    };
    range.visit(&sink).unwrap();
    let told: Vec<String> = told.into_inner().unwrap();
    let listed = repo.git("rev-list --parents HEAD~7..HEAD");
    assert_eq!(told.len(), listed.lines().count());
    let at = |id: &str| told.iter().position(|known| known == id);
    for line in listed.lines() {
        let (child, parents) = line.split_once(' ').unwrap_or((line, ""));
        for parent in parents.split_whitespace() {
            assert!(at(parent) < at(child), "{parent} {child} in {told:?}");
        }
    }
}
