//! What is kept of an audit: the next one with it says what one without it says, whatever happened
//! to the repository or to the kept text meanwhile.

use crate::repo::Repo;
use crate::{Met, key, marker};
use jvxleaks::source::{GitRepo, History, ObjectKind, Progress, Scope, Seen};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Mutex;

const KEY: &str = "of this repository";

/// All that an audit tells but how much it read: places, faults, and what was passed over.
fn told(path: &Path, seen: Option<&mut Seen>) -> String {
    let history = History::new(GitRepo::open(Some(path)).unwrap());
    let met = Mutex::new(Met::default());
    let sink = |event: jvxleaks::source::Event<'_>| Met::take(&met, event);
    let candidate = |_: ObjectKind, _, bytes: &[u8]| marker(bytes).is_some();
    let hits = history
        .visit_objects(&candidate, &sink, seen, &Progress::default())
        .unwrap();
    let provenance = history.provenance(&hits, &Scope::default()).unwrap();
    let hits = provenance.trails.keys();
    let places: Vec<_> = hits.map(|id| provenance.places(*id)).collect();
    let mut met = met.into_inner().unwrap();
    met.faults.sort();
    format!("{places:?} {:?} {:?}", met.faults, met.skipped)
}

/// What an audit keeps.
fn kept(path: &Path) -> String {
    let mut seen = Seen::default();
    told(path, Some(&mut seen));
    seen.to_text(KEY)
}

fn told_with(path: &Path, kept: &str) -> String {
    told(path, Some(&mut Seen::parse(kept, KEY)))
}

/// Keys in folders, of which one is called like a key, loose and in a pack.
fn repository() -> Repo {
    let repo = Repo::new();
    for number in 1..=3 {
        repo.write(&format!("dir{number}/of/a b.txt"), key(number));
        repo.commit("more");
        if number == 2 {
            repo.git("repack -q -d");
        }
    }
    repo.write(&format!("{}/plain.txt", key(9)), key(4));
    repo.commit("last");
    repo
}

fn remove(repo: &Repo, id: &str) {
    let object = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
    std::fs::remove_file(repo.path().join(object)).unwrap();
}

#[test]
fn an_audit_of_an_unchanged_repository_tells_the_same_and_no_name_is_kept() {
    let repo = repository();
    let kept = kept(&repo.path());
    assert_eq!(told_with(&repo.path(), &kept), told(&repo.path(), None));
    let hexadecimal: String = key(9).bytes().map(|b| format!("{b:02x}")).collect();
    for name in [&*key(9), &*hexadecimal, "a b.txt", "pack-", "plain"] {
        assert!(!kept.contains(name), "{name} in {kept}");
    }
}

#[test]
fn an_object_that_is_gone_or_changed_since_is_told() {
    type Damage = fn(&Repo);
    let damages: [(&str, Damage); 4] = [
        ("a folder", |repo| {
            remove(repo, &repo.git("rev-parse HEAD:dir3/of"));
        }),
        ("a commit", |repo| {
            remove(repo, &repo.git("rev-parse HEAD^"));
        }),
        ("a damaged object", |repo| {
            let id = repo.git("rev-parse HEAD");
            let object = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
            let object = repo.path().join(object);
            std::fs::remove_file(&object).unwrap();
            std::fs::write(&object, "no zlib").unwrap();
        }),
        ("a pack", |repo| {
            let packs = std::fs::read_dir(repo.path().join(".git/objects/pack")).unwrap();
            packs.for_each(|file| std::fs::remove_file(file.unwrap().path()).unwrap());
        }),
    ];
    for (what, damage) in damages {
        let repo = repository();
        let kept = kept(&repo.path());
        damage(&repo);
        let without = told(&repo.path(), None);
        assert!(without.contains("Fault"), "{what}: {without}");
        assert_eq!(told_with(&repo.path(), &kept), without, "{what}");
    }
}

#[test]
fn a_repository_without_keys_that_lost_an_object_is_not_clean() {
    let repo = Repo::new();
    repo.write("a.txt", "nothing in it");
    repo.commit("first");
    let kept = kept(&repo.path());
    remove(&repo, &repo.git("rev-parse HEAD:a.txt"));
    let without = told(&repo.path(), None);
    assert!(without.contains("Fault"), "{without}");
    assert_eq!(told_with(&repo.path(), &kept), without);
}

#[test]
fn an_audit_that_met_trouble_is_not_kept() {
    let repo = repository();
    remove(&repo, &repo.git("rev-parse HEAD^"));
    assert_eq!(kept(&repo.path()), Seen::default().to_text(KEY));
}

#[test]
fn any_damage_to_the_kept_text_means_reading_anew() {
    let repo = repository();
    let kept = kept(&repo.path()).into_bytes();
    let without = told(&repo.path(), None);
    let same = |damaged: Vec<u8>| {
        let text = String::from_utf8(damaged).unwrap_or_default();
        told_with(&repo.path(), &text) == without
    };
    let damage = (any::<prop::sample::Index>(), 0..8_u32, any::<bool>());
    proptest!(ProptestConfig::with_cases(400), |((at, bit, cut) in damage)| {
        let mut damaged = kept.clone();
        let at = at.index(kept.len());
        if cut { damaged.truncate(at) } else { damaged[at] ^= 1 << bit }
        prop_assert!(same(damaged));
    });
    // As another program would write it: digits for digits, and lines for lines.
    let text = String::from_utf8(kept).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for gone in 0..lines.len() {
        let mut lines = lines.clone();
        lines.remove(gone);
        assert!(same((lines.join("\n") + "\n").into_bytes()), "{gone}");
    }
    for (from, to) in [('1', '2'), ('a', 'b'), (' ', '\n')] {
        assert!(same(text.replacen(from, &to.to_string(), 40).into_bytes()));
    }
}
