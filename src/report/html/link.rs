//! Links to the pages of a forge, each of which writes them in its own way.

use crate::model::{BlobPath, Forge, ForgeKind, Origin};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// What stands as it is in the path of a link.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What the message of a commit is called among paths.
const MESSAGE: &[u8] = b"COMMIT_MSG";

/// How links go on behind the address of the repository.
struct LinkForm {
    kind: ForgeKind,
    /// To a line of a file in a commit.
    line: &'static str,
    /// The same of Markdown, which would be shown without its lines.
    prose: &'static str,
    /// To a commit.
    commit: &'static str,
}

/// A line for each software of forges.
#[rustfmt::skip]
const FORMS: [LinkForm; 7] = [
    LinkForm {
        kind: ForgeKind::GitHub,
        line: "/blob/{commit}/{path}#L{line}",
        prose: "/blob/{commit}/{path}?plain=1#L{line}",
        commit: "/commit/{commit}",
    },
    LinkForm {
        kind: ForgeKind::GitLab,
        line: "/-/blob/{commit}/{path}#L{line}",
        prose: "/-/blob/{commit}/{path}?plain=1#L{line}",
        commit: "/-/commit/{commit}",
    },
    LinkForm {
        kind: ForgeKind::Gitea,
        line: "/src/commit/{commit}/{path}#L{line}",
        prose: "/src/commit/{commit}/{path}?display=source#L{line}",
        commit: "/commit/{commit}",
    },
    LinkForm {
        kind: ForgeKind::BitbucketCloud,
        line: "/src/{commit}/{path}#lines-{line}",
        prose: "/src/{commit}/{path}#lines-{line}",
        commit: "/commits/{commit}",
    },
    LinkForm {
        kind: ForgeKind::BitbucketServer,
        line: "/browse/{path}?at={commit}#{line}",
        prose: "/browse/{path}?at={commit}&useDefaultHandler=true#{line}",
        commit: "/commits/{commit}",
    },
    LinkForm {
        kind: ForgeKind::Azure,
        line: "?version=GC{commit}&path=/{path}&line={line}&lineEnd={next}&lineStartColumn=1&lineEndColumn=1",
        prose: "?version=GC{commit}&path=/{path}&_a=contents&line={line}&lineEnd={next}&lineStartColumn=1&lineEndColumn=1",
        commit: "/commit/{commit}",
    },
    LinkForm {
        kind: ForgeKind::SourceHut,
        line: "/tree/{commit}/item/{path}#L{line}",
        prose: "/tree/{commit}/item/{path}?view-source#L{line}",
        commit: "/commit/{commit}",
    },
];

/// To a line of the file that a commit holds; of an archive's member to the archive, which has no lines.
pub(super) fn to_line(forge: &Forge, commit: &str, path: &BlobPath, line: usize) -> Option<String> {
    // What a commit says is on its own page.
    if path.as_bytes() == MESSAGE {
        return to_commit(forge, commit);
    }
    let form = form(forge)?;
    let archive = path.archive();
    let line = if archive.is_some() { 1 } else { line };
    let file = archive.as_ref().unwrap_or(path);
    let is_prose = file.extension().is_some_and(|ending| {
        [&b"md"[..], b"markdown"].contains(&ending.to_ascii_lowercase().as_slice())
    });
    let form = if is_prose { form.prose } else { form.line };
    let path = percent_encode(file.as_bytes(), PATH).to_string();
    let link = filled(form, commit)?
        .replace("{line}", &line.to_string())
        .replace("{next}", &(line + 1).to_string())
        .replace("{path}", &path);
    Some(forge.address.clone() + &link)
}

/// To a commit.
pub(super) fn to_commit(forge: &Forge, commit: &str) -> Option<String> {
    let link = filled(form(forge)?.commit, commit)?;
    Some(forge.address.clone() + &link)
}

/// To where bytes came from: the line of a file, or the commit whose text it is. Only what a branch of the
/// forge's remote reaches is there.
pub(super) fn to_place(
    forges: &[Forge],
    origin: &Origin,
    path: &BlobPath,
    line: usize,
) -> Option<String> {
    let refs = origin.refs()?.named();
    let forge = forges.iter().find(|forge| forge.has_any(refs))?;
    match origin {
        Origin::Commit { commit, .. } => to_line(forge, commit, path, line),
        Origin::CommitMessage { commit, .. } => to_commit(forge, commit),
        _ => None,
    }
}

fn form(forge: &Forge) -> Option<&'static LinkForm> {
    FORMS.iter().find(|form| form.kind == forge.kind)
}

/// The form with a commit in it, if that is the id of one.
fn filled(form: &str, commit: &str) -> Option<String> {
    let is_id = commit.len() >= 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
    is_id.then(|| form.replace("{commit}", commit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RefName;

    fn forge(kind: ForgeKind) -> Forge {
        Forge {
            remote: "origin".to_owned(),
            kind,
            address: "https://forge.example/a/b".to_owned(),
            is_mirrored: false,
        }
    }

    #[test]
    fn every_forge_has_links_of_its_own() {
        let id = "3f2a9c1e".repeat(5);
        let mut links = Vec::new();
        for form in &FORMS {
            let forge = forge(form.kind);
            links.push(to_line(&forge, &id, &"src/a b#.js".into(), 7).unwrap());
            links.push(to_line(&forge, &id, &"README.md".into(), 7).unwrap());
            links.push(to_commit(&forge, &id).unwrap());
        }
        let links = links.join("\n").replace(&id, "ID");
        insta::assert_snapshot!(links.replace("https://forge.example/a/b", ""), @"
        /blob/ID/src/a%20b%23.js#L7
        /blob/ID/README.md?plain=1#L7
        /commit/ID
        /-/blob/ID/src/a%20b%23.js#L7
        /-/blob/ID/README.md?plain=1#L7
        /-/commit/ID
        /src/commit/ID/src/a%20b%23.js#L7
        /src/commit/ID/README.md?display=source#L7
        /commit/ID
        /src/ID/src/a%20b%23.js#lines-7
        /src/ID/README.md#lines-7
        /commits/ID
        /browse/src/a%20b%23.js?at=ID#7
        /browse/README.md?at=ID&useDefaultHandler=true#7
        /commits/ID
        ?version=GCID&path=/src/a%20b%23.js&line=7&lineEnd=8&lineStartColumn=1&lineEndColumn=1
        ?version=GCID&path=/README.md&_a=contents&line=7&lineEnd=8&lineStartColumn=1&lineEndColumn=1
        /commit/ID
        /tree/ID/item/src/a%20b%23.js#L7
        /tree/ID/item/README.md?view-source#L7
        /commit/ID
        ");
    }

    #[test]
    fn only_what_the_remote_has_is_linked() {
        let forges = [forge(ForgeKind::GitHub)];
        let place = |name: &str, commit: &str| {
            let origin = Origin::Commit {
                commit: commit.to_owned(),
                author_date: String::new(),
                refs: [RefName::new(name)].into(),
            };
            to_place(&forges, &origin, &"a.zip".into(), 3)
        };
        let id = "3f2a9c1e".repeat(5);
        assert!(place("refs/remotes/origin/main", &id).is_some());
        assert_eq!(place("refs/heads/main", &id), None);
        assert_eq!(place("refs/remotes/origin/main", "\"><script>"), None);
        assert_eq!(to_place(&forges, &Origin::File, &"a".into(), 1), None);
    }

    #[test]
    fn a_member_is_linked_by_its_archive() {
        let member = BlobPath::from("a.zip").member(b"x/y.env");
        let link = to_line(&forge(ForgeKind::GitLab), &"0".repeat(40), &member, 9).unwrap();
        assert!(link.ends_with("/a.zip#L1"), "{link}");
    }
}
