use crate::repo::Repo;
use crate::{key, visit};
use jvxleaks::model::Origin;
use jvxleaks::source::{GitRepo, Staged};

fn staged(repo: &Repo) -> Staged {
    Staged::new(GitRepo::open(Some(&repo.path())).unwrap())
}

#[test]
fn reads_the_index_and_not_the_work_tree() {
    let repo = Repo::new();
    repo.write("old.txt", key(1));
    repo.commit("old");
    repo.write("deep/er/new.txt", key(2));
    repo.write("hidden.txt", key(3));
    repo.git("add -A");
    repo.write("hidden.txt", "clean again");
    repo.write("untracked.txt", key(4));
    let met = visit(&staged(&repo)).unwrap();
    assert_eq!(met.paths(), ["deep/er/new.txt", "hidden.txt"]);
    assert!(
        met.marked
            .iter()
            .all(|(_, origin, _)| *origin == Origin::Index)
    );
    assert_eq!((met.blobs, met.faults.len()), (2, 0));
}

#[test]
fn a_renamed_file_and_an_unborn_branch_count_as_new() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.git("add -A");
    assert_eq!(visit(&staged(&repo)).unwrap().paths(), ["a.txt"]);
    repo.commit("a");
    assert_eq!(visit(&staged(&repo)).unwrap().blobs, 0);
    repo.git("mv a.txt b.txt");
    assert_eq!(visit(&staged(&repo)).unwrap().paths(), ["b.txt"]);
}

#[test]
fn intent_to_add_and_submodules_are_skipped_and_said() {
    let repo = Repo::new();
    let commit = repo.commit("first");
    repo.write("later.txt", key(1));
    repo.git("add -N later.txt");
    repo.git(&format!(
        "update-index --add --cacheinfo 160000,{commit},sub"
    ));
    let met = visit(&staged(&repo)).unwrap();
    assert_eq!(met.blobs, 0);
    assert_eq!(met.skipped, ["intent-to-add", "submodule"]);
}

#[test]
fn all_sides_of_a_conflict_are_read() {
    let repo = Repo::new();
    repo.write("f.txt", "base");
    repo.commit("base");
    repo.git("checkout -q -b other");
    repo.write("f.txt", key(1));
    repo.commit("theirs");
    repo.git("checkout -q main");
    repo.write("f.txt", key(2));
    repo.commit("ours");
    let merge =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| repo.git("merge -q other")));
    assert!(merge.is_err());
    let met = visit(&staged(&repo)).unwrap();
    let numbers: Vec<u32> = met.marked.iter().map(|(_, _, n)| *n).collect();
    assert_eq!(numbers, [1], "what HEAD has is not new");
    assert_eq!(met.blobs, 2);
}

#[test]
fn a_linked_work_tree_has_an_index_of_its_own() {
    let repo = Repo::new();
    repo.commit("first");
    let linked = repo.beside("linked");
    repo.git(&format!("worktree add -q {} -b wip", linked.display()));
    std::fs::write(linked.join("x.txt"), key(5)).unwrap();
    repo.git_in(&linked, "add -A");
    let there = GitRepo::open(Some(&linked)).unwrap();
    assert_eq!(visit(&Staged::new(there)).unwrap().paths(), ["x.txt"]);
    assert_eq!(visit(&staged(&repo)).unwrap().blobs, 0);
}

#[test]
fn named_paths_are_read_though_unchanged_and_a_wrong_one_is_a_fault() {
    let repo = Repo::new();
    repo.write("dir/a.txt", key(1));
    repo.write("b.txt", key(2));
    repo.commit("both");
    repo.write("dir/a.txt", "clean in the work tree only");
    let paths = ["dir", "nowhere.txt"].map(|p| repo.path().canonicalize().unwrap().join(p));
    let met = visit(&staged(&repo).also(paths)).unwrap();
    assert_eq!(met.paths(), ["dir/a.txt"]);
    assert_eq!(met.faults.len(), 1);
    assert!(met.faults[0].what.contains("git add"));
}

#[test]
fn not_a_repository_is_an_error_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let error = GitRepo::open(Some(folder.path())).unwrap_err().to_string();
    assert!(error.contains("not a git repository"), "{error}");
}

#[test]
fn sha256_is_refused() {
    let repo = Repo::new();
    let other = repo.beside("sha256");
    repo.git(&format!(
        "init -q --object-format=sha256 {}",
        other.display()
    ));
    let error = GitRepo::open(Some(&other)).unwrap_err().to_string();
    assert!(error.contains("SHA-256"), "{error}");
}

#[test]
fn split_and_sparse_indexes_are_read() {
    let repo = Repo::new();
    for folder in ["in/deep/er", "out/deep", "other"] {
        repo.write(&format!("{folder}/old.txt"), key(1));
    }
    repo.write("top.txt", key(1));
    repo.commit("first");
    let found = |repo: &Repo| visit(&staged(repo)).unwrap().paths().join(" ");
    repo.git("update-index --split-index");
    assert_eq!(found(&repo), "");
    repo.write("in/deep/er/new.txt", key(2));
    repo.git("add -A");
    assert_eq!(found(&repo), "in/deep/er/new.txt");
    repo.git("update-index --no-split-index");
    repo.git("sparse-checkout set --cone --sparse-index in");
    repo.write("in/deep/also.txt", key(3));
    repo.git("add -A");
    assert_eq!(found(&repo), "in/deep/also.txt in/deep/er/new.txt");
}

#[test]
fn a_folder_that_is_staged_outside_of_a_sparse_checkout_is_a_fault() {
    let repo = Repo::new();
    repo.write("in/a.txt", "a");
    repo.write("out/b.txt", key(1));
    repo.commit("first");
    repo.write("out/b.txt", "b");
    repo.commit("second");
    repo.git("sparse-checkout set --cone --sparse-index in");
    repo.git("reset -q --soft HEAD~1");
    let met = visit(&staged(&repo)).unwrap();
    let faults: Vec<String> = met.faults.iter().map(|f| f.what.clone()).collect();
    assert!(
        faults.len() == 1 && faults[0].contains("--no-sparse-index"),
        "{faults:?}"
    );
}
