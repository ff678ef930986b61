//! One key per situation in one repository: all found, each with path, commit and what to do.

use crate::repo::Repo;
use crate::{Met, key, marker};
use base64::Engine;
use jvxleaks::model::{
    ExposedKey, Exposure, Fingerprint, KeyAction, Origin, Refs, RuleInfo, Secret, Severity, Step,
};
use jvxleaks::policy;
use jvxleaks::source::{
    GitRepo, History, KeyHits, ObjectHits, ObjectKind, Progress, Provenance, Scope, Spot,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

struct Audit {
    met: Met,
    hits: ObjectHits,
    provenance: Provenance,
    keys: BTreeMap<u32, Exposure>,
    places: BTreeMap<u32, Vec<(String, Origin)>>,
}

fn audit(path: &Path, scope: &Scope) -> Audit {
    let history = History::new(GitRepo::open(Some(path)).unwrap());
    let met = Mutex::new(Met::default());
    let sink = |event: jvxleaks::source::Event<'_>| Met::take(&met, event);
    let candidate = |_: ObjectKind, _, bytes: &[u8]| marker(bytes).is_some();
    let hits = history
        .visit_objects(&candidate, &sink, None, &Progress::default())
        .unwrap();
    let provenance = history.provenance(&hits, scope).unwrap();
    let mut objects: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    let mut places: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    // Any long name is a hit here, and no object.
    let objects_met = provenance.trails.iter();
    let objects_met = objects_met.filter(|(_, trail)| trail.kind != ObjectKind::Name);
    for (id, _) in objects_met {
        let number = marker(&history.read(*id).unwrap()).unwrap();
        let spot = Spot {
            line: 1,
            ..Spot::default()
        };
        objects.entry(number).or_default().push((*id, spot));
        let own = provenance.places(*id).into_iter();
        let own = own.filter(|at| at.is_chosen);
        let mut own = own.map(|at| (at.path.to_string(), at.origin)).peekable();
        if own.peek().is_some() {
            places.entry(number).or_default().extend(own);
        }
    }
    let accepted = Vec::new();
    let of = |objects: Vec<_>| KeyHits {
        objects,
        accepted: accepted.clone(),
    };
    let (numbers, objects): (Vec<u32>, Vec<_>) = objects.into_iter().unzip();
    let held: Vec<KeyHits> = objects.into_iter().map(of).collect();
    let exposures = provenance.exposures(&held).into_iter();
    let exposures = exposures.map(Option::unwrap);
    let keys = numbers.into_iter().zip(exposures);
    let keys = keys
        .filter(|(number, _)| places.contains_key(number))
        .collect();
    Audit {
        met: met.into_inner().unwrap(),
        hits,
        keys,
        places,
        provenance,
    }
}

fn names(refs: &Refs) -> Vec<&str> {
    refs.named().iter().map(|name| name.as_str()).collect()
}

fn jourvex() -> RuleInfo {
    RuleInfo {
        id: "jourvex-key".to_owned(),
        family: String::new(),
        description: String::new(),
        severity: Severity::Critical,
        advice: String::new(),
        references: Vec::new(),
        public_prefix: "jvx_live_".to_owned(),
    }
}

/// What is expected of one key: a path, the commit that brought it, and what to do.
type Expected = (u32, &'static str, Option<String>, KeyAction);

/// Builds the repository, and says what an audit must find in it.
fn situations(repo: &Repo) -> Vec<Expected> {
    let mut expected = Vec::new();
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    published(repo, &mut expected);
    repo.git("push -q origin main v1");
    local(repo, &mut expected);
    stashes(repo, &mut expected);
    repo.write("staged.txt", key(20));
    repo.git("add staged.txt");
    expected.push((20, "staged.txt", None, KeyAction::Amend));
    expected
}

fn published(repo: &Repo, expected: &mut Vec<Expected>) {
    let mut add = |repo: &Repo, number, path: &'static str, content: &[u8]| {
        repo.write(path, content);
        let commit = repo.commit(path);
        expected.push((number, path, Some(commit), KeyAction::Rotate));
    };
    let lines = |n: u32| (0..n).map(|i| format!("line {i}\n")).collect::<String>();
    add(repo, 1, "removed.txt", key(1).as_bytes());
    repo.git("rm -q removed.txt");
    repo.commit("remove");
    repo.write("before.txt", lines(50));
    repo.commit("before the rename");
    repo.git("mv before.txt after.txt");
    add(
        repo,
        2,
        "after.txt",
        format!("{}{}", lines(50), key(2)).as_bytes(),
    );
    repo.write(".gitattributes", "*.nodiff -diff\n");
    add(repo, 4, "quiet.nodiff", key(4).as_bytes());
    let utf16: Vec<u8> = key(5).encode_utf16().flat_map(u16::to_le_bytes).collect();
    add(repo, 5, "utf16.ps1", &[&[0xFF, 0xFE], &utf16[..]].concat());
    add(
        repo,
        6,
        "app.bin",
        &[b"\0\x01\x02\xFF", key(6).as_bytes(), b"\0\0"].concat(),
    );
    add(
        repo,
        17,
        "bundle.js",
        &[&vec![b'x'; 1_200_000][..], key(17).as_bytes()].concat(),
    );
    let encoded = base64::engine::general_purpose::STANDARD.encode(key(18));
    add(
        repo,
        18,
        "secret.yaml",
        format!("data:\n  key: {encoded}\n").as_bytes(),
    );
    add(
        repo,
        19,
        "windows.txt",
        format!("a\r\n{}\r\nb\r\n", key(19)).as_bytes(),
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(key(16), repo.path().join("link")).unwrap();
        let commit = repo.commit("link");
        expected.push((16, "link", Some(commit), KeyAction::Rotate));
    }
    let commit = repo.commit(&format!("say {}", key(7)));
    expected.push((7, "COMMIT_MSG", Some(commit), KeyAction::Rotate));
    repo.run(&repo.path(), &["tag", "-a", "v1", "-m", &key(9)]);
    expected.push((9, "TAG_MSG", None, KeyAction::Rotate));
    repo.git("checkout -q -b side");
    repo.commit("side");
    repo.git("checkout -q main");
    repo.commit("main");
    repo.git("merge -q --no-commit --no-ff side");
    repo.write("evil.txt", key(3));
    let merge = repo.commit("merge");
    expected.push((3, "evil.txt", Some(merge), KeyAction::Rotate));
}

fn local(repo: &Repo, expected: &mut Vec<Expected>) {
    repo.run(&repo.path(), &["notes", "add", "-m", &key(8)]);
    let (noted, note) = (repo.head(), repo.git("rev-parse refs/notes/commits"));
    expected.push((
        8,
        Box::leak(noted.into_boxed_str()),
        Some(note),
        KeyAction::Amend,
    ));
    repo.git("checkout -q -b doomed");
    repo.write("doomed.txt", key(10));
    let doomed = repo.commit("doomed");
    repo.git("checkout -q main");
    repo.git("branch -q -D doomed");
    expected.push((10, "doomed.txt", Some(doomed), KeyAction::Expire));
    repo.write("reset.txt", key(11));
    let reset = repo.commit("reset away");
    repo.git("reset -q --hard HEAD^");
    expected.push((11, "reset.txt", Some(reset), KeyAction::Expire));
    repo.git("checkout -q --orphan lonely");
    repo.write("lonely.txt", key(12));
    let lonely = repo.commit("lonely");
    repo.git("checkout -q main");
    expected.push((12, "lonely.txt", Some(lonely), KeyAction::Amend));
    repo.write("dangling.txt", key(21));
    let blob = repo.git("hash-object -w dangling.txt");
    std::fs::remove_file(repo.path().join("dangling.txt")).unwrap();
    let path = Box::leak(format!("object {blob}").into_boxed_str());
    expected.push((21, path, None, KeyAction::Expire));
}

fn stashes(repo: &Repo, expected: &mut Vec<Expected>) {
    repo.write("index.txt", key(14));
    repo.git("add index.txt");
    repo.write("after.txt", key(13));
    repo.write("untracked.txt", key(15));
    repo.git("stash push -q --include-untracked");
    let stash = |rev: &str| Some(repo.git(&format!("rev-parse {rev}")));
    expected.push((13, "after.txt", stash("stash@{0}"), KeyAction::Amend));
    expected.push((14, "index.txt", stash("stash@{0}^2"), KeyAction::Amend));
    expected.push((15, "untracked.txt", stash("stash@{0}^3"), KeyAction::Amend));
}

fn commit_of(origin: &Origin) -> Option<&str> {
    match origin {
        Origin::Commit { commit, .. } | Origin::CommitMessage { commit, .. } => Some(commit),
        _ => None,
    }
}

fn assert_all_found(audit: &Audit, expected: &[Expected]) {
    for (number, path, commit, action) in expected {
        let places = audit
            .places
            .get(number)
            .unwrap_or_else(|| panic!("{number} {path}: not found"));
        let there = |(p, o): &(String, Origin)| p == path && commit_of(o) == commit.as_deref();
        assert!(
            places.iter().any(there),
            "{number} {path} {commit:?}: {places:?}"
        );
        assert_eq!(
            audit.keys[number].asks_for(),
            *action,
            "{number} {path}: {:?}",
            audit.keys[number]
        );
    }
    assert_eq!(audit.keys.len(), expected.len());
    assert_eq!(audit.met.faults, []);
}

#[test]
fn every_situation_is_found_with_path_commit_and_verdict() {
    let repo = Repo::new();
    let expected = situations(&repo);
    assert_eq!(expected.len(), 21);
    let loose = audit(&repo.path(), &Scope::default());
    assert_all_found(&loose, &expected);
    // The same when everything is packed, twice over.
    repo.git("repack -q -a -d -k");
    repo.git("repack -q -a -k");
    let packed = audit(&repo.path(), &Scope::default());
    assert_all_found(&packed, &expected);
    assert_eq!(packed.hits.read, loose.hits.read);
    assert_eq!(packed.places, loose.places);
}

#[test]
fn a_key_is_followed_from_its_first_to_its_last_commit() {
    let repo = Repo::new();
    let expected = situations(&repo);
    let audit = audit(&repo.path(), &Scope::default());
    let removed = &audit.keys[&1];
    let first = removed.first_seen.as_ref().unwrap();
    assert_eq!(Some(&first.commit), expected[0].2.as_ref());
    assert_eq!(first.date, "2023-11-15T22:13:20Z");
    assert_eq!(
        removed.removed_in.as_ref().unwrap().date,
        "2023-11-16T22:13:20Z"
    );
    assert!(removed.in_head.is_empty());
    let both = ["refs/remotes/origin/main", "refs/tags/v1"];
    assert_eq!(names(&removed.published), both);
    let kept = &audit.keys[&4];
    assert!(!kept.in_head.is_empty() && kept.in_index && kept.removed_in.is_none());
    assert!(kept.staged.is_empty(), "HEAD has it");
    assert_eq!(kept.last_seen.as_ref().unwrap().commit, repo.head());
    assert_eq!(names(&audit.keys[&3].published), [both[0]]);
    assert_eq!(names(&audit.keys[&12].local), ["refs/heads/lonely"]);
    let steps = |number: u32| {
        let mut keys = [ExposedKey {
            rule: Arc::new(jourvex()),
            severity: Severity::Critical,
            secret: Secret::new("x", 0),
            fingerprint: Fingerprint::default(),
            exposure: audit.keys[&number].clone(),
            places: 1,
            liveness: None,
            advice: Vec::new(),
        }];
        policy::advise(&mut keys);
        Step::lines(&keys[0].advice)
    };
    assert!(steps(13).contains("git stash drop stash@{0}"));
    let rebase = "\n  git switch lonely\nrewrite the commits from the oldest of these on\n  git rebase -i --rebase-merges --autostash --root\n";
    assert!(steps(12).contains(rebase), "{}", steps(12));
    assert!(steps(20).contains("\n  git add -- staged.txt\n"));
    assert!(steps(11).contains("\n  git -c gc.reflogExpire=now"));
    assert!(steps(21).starts_with("if it was never pushed\n  git gc"));
    let rotate = audit.keys.iter();
    let mut rotate = rotate.filter(|(_, key)| key.asks_for() == KeyAction::Rotate);
    assert!(rotate.all(|(number, _)| !steps(*number).contains("rebase")));
    assert_eq!(audit.provenance.head.unwrap().to_string(), repo.head());
}

#[test]
fn a_scope_leaves_out_what_its_commits_did_not_introduce() {
    let repo = Repo::new();
    situations(&repo);
    let keys = |scope: Scope| {
        audit(&repo.path(), &scope)
            .keys
            .into_keys()
            .collect::<Vec<_>>()
    };
    let reachable = keys(Scope {
        reachable_only: true,
        ..Scope::default()
    });
    assert!(
        ![10, 11, 20, 21].iter().any(|n| reachable.contains(n)),
        "{reachable:?}"
    );
    assert!(reachable.contains(&12) && reachable.contains(&9));
    let branch = Scope {
        branch: Some("lonely".into()),
        max_commits: Some(1),
        ..Scope::default()
    };
    assert!(keys(branch).contains(&12));
    let late = Scope {
        since: Some("2099-01-01".into()),
        ..Scope::default()
    };
    assert_eq!(keys(late), [9], "a tag is in no commit");
}

#[test]
fn what_was_force_pushed_away_stays_published() {
    let repo = Repo::new();
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.commit("base");
    repo.write("a.txt", key(1));
    repo.commit("leak");
    repo.git("push -q origin main");
    repo.git("reset -q --hard HEAD^");
    repo.git("push -q -f origin main");
    let audit = audit(&repo.path(), &Scope::default());
    assert_eq!(audit.keys[&1].asks_for(), KeyAction::Rotate);
    let once = ["refs/remotes/origin/main@{1}"];
    assert_eq!(names(&audit.keys[&1].published), once);
}

#[test]
fn a_fresh_clone_knows_of_no_force_push() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.commit("leak");
    let clone = repo.beside("clone");
    let from = repo.path().display().to_string();
    repo.git(&format!("clone -q file://{from} {}", clone.display()));
    let audit = audit(&clone, &Scope::default());
    let published = names(&audit.keys[&1].published);
    assert_eq!(published, ["refs/remotes/origin/main"]);
    assert!(audit.keys[&1].staged.is_empty());
}

#[test]
fn the_first_commit_is_an_ancestor_and_the_last_is_head_though_all_are_of_one_second() {
    let repo = Repo::new();
    let at_once = |path: &str, content: String| {
        repo.write(path, content);
        repo.git("add -A");
        repo.git("commit -q -m same");
        repo.head()
    };
    let first = at_once("a.txt", key(1));
    let mut last = String::new();
    for n in 0..6 {
        last = at_once("a.txt", format!("{n}\n{}", key(1)));
    }
    repo.git("checkout -q -b side HEAD~2");
    at_once("side.txt", key(1));
    repo.git("checkout -q main");
    let audit = audit(&repo.path(), &Scope::default());
    let told = &audit.keys[&1];
    assert_eq!(told.first_seen.as_ref().unwrap().commit, first);
    let seen = told.last_seen.as_ref().unwrap();
    assert_eq!(
        (&seen.commit, seen.path.to_string()),
        (&last, "a.txt".to_owned())
    );
}

#[test]
fn a_place_has_the_refs_that_reach_its_commit() {
    let repo = Repo::new();
    repo.commit("base");
    repo.git("branch side");
    repo.write("here.txt", format!("{}\n", key(1)));
    repo.commit("here");
    repo.git("tag v1");
    repo.git("checkout -q side");
    repo.write("there.txt", format!("{}\n--\n", key(1)));
    repo.commit("there");
    let audit = audit(&repo.path(), &Scope::default());
    let mut told = Vec::new();
    for (path, origin) in &audit.places[&1] {
        let Origin::Commit { refs, .. } = origin else {
            panic!("{origin:?}");
        };
        told.push(format!("{path}: {}", names(refs).join(" ")));
    }
    told.sort();
    insta::assert_snapshot!(told.join("\n"), @"
    here.txt: refs/heads/main refs/tags/v1
    there.txt: refs/heads/side
    ");
    let local = names(&audit.keys[&1].local);
    assert_eq!(
        local,
        ["refs/heads/side", "refs/heads/main", "refs/tags/v1"]
    );
}

#[test]
fn alternates_are_followed_and_bare_repositories_count_as_published() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.commit("a");
    repo.git("repack -q -a -d");
    let clone = repo.beside("shared.git");
    repo.git(&format!(
        "clone -q --bare --shared {} {}",
        repo.path().display(),
        clone.display()
    ));
    let audit = audit(&clone, &Scope::default());
    assert_eq!(audit.keys[&1].asks_for(), KeyAction::Rotate);
    assert_eq!(names(&audit.keys[&1].published), ["refs/heads/main"]);
}

#[test]
fn a_damaged_pack_is_a_fault_and_the_rest_is_read() {
    let repo = Repo::new();
    for number in 1..=9 {
        repo.write(
            &format!("{number}.txt"),
            format!("{}{}", key(number), "x".repeat(4000)),
        );
        repo.commit("more");
    }
    repo.git("repack -q -a -d");
    let packs = std::fs::read_dir(repo.path().join(".git/objects/pack")).unwrap();
    let pack = packs
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "pack"))
        .unwrap();
    let listed = repo.git(&format!(
        "verify-pack -v {}",
        pack.with_extension("idx").display()
    ));
    let blob = repo.git("rev-parse HEAD:5.txt");
    let line = listed.lines().find(|l| l.starts_with(&blob)).unwrap();
    let offset: usize = line.split_whitespace().nth(4).unwrap().parse().unwrap();
    let mut bytes = std::fs::read(&pack).unwrap();
    bytes[offset + 8] ^= 0xFF;
    let mut rights = std::fs::metadata(&pack).unwrap().permissions();
    #[expect(clippy::permissions_set_readonly_false)]
    rights.set_readonly(false);
    std::fs::set_permissions(&pack, rights).unwrap();
    std::fs::write(&pack, bytes).unwrap();
    let audit = audit(&repo.path(), &Scope::default());
    assert_eq!(
        audit.keys.into_keys().collect::<Vec<_>>(),
        [1, 2, 3, 4, 6, 7, 8, 9]
    );
    let faults: Vec<_> = audit.met.faults.iter().map(|f| f.what.as_str()).collect();
    assert!(faults[0].contains("this pack is damaged"), "{faults:?}");
    assert!(faults[1].contains(&blob), "{faults:?}");
}

#[test]
fn a_missing_object_is_a_fault_and_a_shallow_boundary_is_said() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    let first = repo.commit("first");
    repo.commit("second");
    let clone = repo.beside("shallow");
    repo.git(&format!(
        "clone -q --depth 1 file://{} {}",
        repo.path().display(),
        clone.display()
    ));
    let shallow = audit(&clone, &Scope::default());
    let [fault] = &shallow.met.faults[..] else {
        panic!("{:?}", shallow.met.faults);
    };
    assert!(fault.what.contains("git fetch --unshallow"), "{fault:?}");
    assert_eq!(shallow.met.skipped, [] as [&str; 0]);
    assert_eq!(shallow.keys.len(), 1);
    let object = format!(".git/objects/{}/{}", &first[..2], &first[2..]);
    std::fs::remove_file(repo.path().join(object)).unwrap();
    let broken = audit(&repo.path(), &Scope::default());
    assert_eq!(broken.met.faults.len(), 1);
    assert!(broken.met.faults[0].what.contains(&first));
    assert_eq!(broken.keys.len(), 1);
}

#[test]
fn a_missing_blob_or_folder_is_a_fault_though_nothing_else_needs_it() {
    for what in ["HEAD:dir/a.txt", "HEAD:dir"] {
        let repo = Repo::new();
        repo.write("dir/a.txt", "nothing in it");
        repo.write("dir/b.txt", key(1));
        repo.commit("first");
        let gone = repo.git(&format!("rev-parse {what}"));
        let object = format!(".git/objects/{}/{}", &gone[..2], &gone[2..]);
        std::fs::remove_file(repo.path().join(object)).unwrap();
        let audit = audit(&repo.path(), &Scope::default());
        let faults: Vec<_> = audit.met.faults.iter().map(|f| f.what.as_str()).collect();
        assert!(
            faults.len() == 1 && faults[0].contains(&format!("object {gone} is missing")),
            "{what}: {faults:?}"
        );
        assert_eq!(audit.keys.len(), 1, "{what}");
    }
}

#[test]
fn packs_may_begin_with_any_object() {
    let repo = Repo::new();
    repo.write("dir/a.txt", key(1));
    repo.write("dir/b.txt", "b");
    repo.commit(&key(2));
    let pack = repo.path().join(".git/objects/pack/pack");
    let id = |name: &str| repo.git(&format!("rev-parse {name}"));
    let (blobs, trees) = (["HEAD:dir/a.txt", "HEAD:dir/b.txt"], ["HEAD:dir", "HEAD:"]);
    let objects = format!("pack-objects -q {}", pack.display());
    for names in [[blobs[0], trees[0]], [trees[1], blobs[1]], ["HEAD", "HEAD"]] {
        repo.feed(&objects, &names.map(id).join("\n"));
    }
    repo.git("prune-packed -q");
    let audit = audit(&repo.path(), &Scope::default());
    assert_eq!(audit.met.faults, []);
    assert_eq!(audit.keys.into_keys().collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_candidate_that_panics_is_a_fault_of_its_object_and_stays_a_hit() {
    let repo = Repo::new();
    for n in 1..=30 {
        repo.write("a.txt", format!("{}{}", "line\n".repeat(50), key(n)));
        repo.commit("x");
    }
    let odd = repo.git("rev-parse HEAD~15:a.txt");
    let odd = odd.trim();
    for packed in [false, true] {
        if packed {
            repo.git("repack -q -a -d");
        }
        let history = History::new(GitRepo::open(Some(&repo.path())).unwrap());
        let met = Mutex::new(Met::default());
        let sink = |event: jvxleaks::source::Event<'_>| Met::take(&met, event);
        let candidate = |_: ObjectKind, id: jvxleaks::source::ObjectId, bytes: &[u8]| {
            assert!(id.to_string() != odd, "a bug");
            marker(bytes).is_some()
        };
        let progress = Progress::default();
        let hits = history.visit_objects(&candidate, &sink, None, &progress);
        let hits = hits.unwrap();
        assert_eq!(hits.objects.len(), 30);
        let met = met.into_inner().unwrap();
        let [fault] = met.faults.as_slice() else {
            panic!("{:?}", met.faults)
        };
        assert_eq!(fault.path.to_string(), format!("object {odd}"));
        assert_eq!(fault.what, "the scanner failed on it; please report it");
    }
}

#[test]
fn commits_of_one_second_are_told_apart_by_their_ancestry() {
    for no in 0..6 {
        let repo = Repo::new();
        let commit = |message: &str| {
            repo.git("add -A");
            repo.git(&format!("commit -q --allow-empty -m {message}{no}"));
            repo.head()
        };
        commit("first");
        repo.write("old.py", key(1));
        let brought = commit("key");
        repo.git("mv old.py new.py");
        let moved = commit("moved");
        repo.git("rm -q new.py");
        let removed = commit("removed");
        let scope = |max_commits| Scope {
            max_commits: Some(max_commits),
            ..Scope::default()
        };
        let whole = audit(&repo.path(), &Scope::default());
        let exposure = &whole.keys[&1];
        let commits = [
            &exposure.first_seen,
            &exposure.last_seen,
            &exposure.removed_in,
        ]
        .map(|seen| seen.as_ref().unwrap().commit.clone());
        assert_eq!(commits, [brought, moved, removed]);
        assert_eq!(audit(&repo.path(), &scope(2)).places[&1].len(), 1);
        assert!(audit(&repo.path(), &scope(1)).places.is_empty());
    }
}
