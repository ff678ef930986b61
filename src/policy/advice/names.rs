//! How files, folders and refs get other names, where a name holds a key. What a report leaves out of the old one is a
//! `*`, for which the shell or git finds the rest.

use super::shell::{paths, pattern, ref_word, word};
use crate::model::{BlobPath, Exposure, KeyInRef, RefKind, RefName, Step};

/// How a file or folder gets another name.
pub(super) fn renamed(what: &str, name: &BlobPath, place: &str) -> [Step; 2] {
    let bytes = name.as_bytes();
    let folder = bytes.iter().rposition(|byte| *byte == b'/');
    let folder = bytes.get(..folder.map_or(0, |at| at + 1));
    let folder = folder.filter(|folder| !folder.is_empty());
    let folder = folder.map(pattern).unwrap_or_default();
    let shown = word(bytes);
    [
        Step::say(format!(
            "{place}take {what} out of the name {shown}, with a name for NEW-NAME (`*` stands for what is not shown)"
        )),
        Step::run(format!("git mv -- {} {folder}NEW-NAME", paths([name]))),
    ]
}

/// How the refs get other names that hold a key in their own, here and at the remotes that may have them.
pub(super) fn refs_renamed<'e>(
    exposure: &'e Exposure,
    names: impl Iterator<Item = &'e KeyInRef>,
) -> Vec<Step> {
    let steps = names.flat_map(|key| {
        let name = &key.name;
        let said =
            |what: &str| Step::say(format!("give {what} another name, in place of NEW-NAME"));
        match name.kind() {
            RefKind::Branch(branch) => vec![
                said(&format!("branch {branch}")),
                Step::run(format!("git branch -m {} NEW-NAME", ref_word(name, 2))),
            ],
            RefKind::Tag(tag) => tag_renamed(exposure, name, tag),
            RefKind::Remote(branch) => match remote_of(exposure, branch) {
                Some(remote) => {
                    let (full, own) = (ref_word(name, 0), 2 + remote.split('/').count());
                    let (old, at) = (ref_word(name, own), word(remote.as_bytes()));
                    vec![
                        said(&format!("branch {branch}, which the remote has,")),
                        Step::run(format!("git push {at} {full}:refs/heads/NEW-NAME")),
                        Step::run(format!("git push {at} --delete {old}")),
                    ]
                }
                None => ref_moved(name, &said(name.as_str())),
            },
            _ => ref_moved(name, &said(name.as_str())),
        }
    });
    steps.collect()
}

fn tag_renamed(exposure: &Exposure, name: &RefName, tag: &str) -> Vec<Step> {
    let old = ref_word(name, 2);
    let mut steps = vec![
        Step::say(format!(
            "give tag {tag} another name, in place of NEW-NAME, with -a if it has a text"
        )),
        Step::run(format!("git tag NEW-NAME {old}^{{}}")),
    ];
    if !exposure.remotes.is_empty() {
        steps.push(Step::say("where a remote has the tag, give it the other"));
    }
    for remote in &exposure.remotes {
        let remote = word(remote.as_bytes());
        steps.push(Step::run(format!("git push {remote} tag NEW-NAME")));
        steps.push(Step::run(format!("git push {remote} --delete {old}")));
    }
    steps.push(Step::run(format!("git tag -d {old}")));
    steps
}

/// The remote whose branch this is; of `a` and `a/b` the longer.
fn remote_of<'e>(exposure: &'e Exposure, branch: &str) -> Option<&'e String> {
    let remotes = exposure.remotes.iter();
    let own = remotes.filter(|remote| {
        let rest = branch.strip_prefix(remote.as_str());
        rest.is_some_and(|rest| rest.starts_with('/'))
    });
    own.max_by_key(|remote| remote.len())
}

fn ref_moved(name: &RefName, said: &Step) -> Vec<Step> {
    let folder = name
        .as_str()
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let (old, folder) = (ref_word(name, 0), word(folder.as_bytes()));
    vec![
        said.clone(),
        Step::run(format!("git update-ref {folder}/NEW-NAME {old}")),
        Step::run(format!("git update-ref -d {old}")),
    ]
}
