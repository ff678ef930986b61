//! Where the bytes of a finding are, in words, when no file of the work tree holds them.

use super::text::keys::{day, refs, short};
use crate::model::{Origin, Refs};

/// `in commit 3f2a9c1 of 2026-01-03 (branch main)`, or nothing for what can simply be opened.
pub(super) fn words(of: &Origin) -> Option<String> {
    let refs = of.refs().map(list).unwrap_or_default();
    origin(of).map(|origin| origin + &refs)
}

/// `in commit 3f2a9c1 of 2026-01-03`, without the refs that reach it.
pub(super) fn origin(origin: &Origin) -> Option<String> {
    match origin {
        Origin::File | Origin::Stdin => None,
        Origin::Index => Some("staged for the next commit".to_owned()),
        Origin::Commit {
            commit,
            author_date,
            ..
        } => Some(format!("in {}", dated("commit", commit, author_date))),
        Origin::CommitMessage {
            commit,
            author_date,
            ..
        } => Some(format!(
            "in the message of {}",
            dated("commit", commit, author_date)
        )),
        Origin::TagMessage { tag, date, .. } => Some(format!(
            "in the message of {}",
            dated("tag object", tag, date)
        )),
        Origin::Unreachable { object, refs } => {
            let object = short(object);
            Some(if refs.is_empty() {
                format!("in object {object}, which nothing refers to")
            } else {
                format!("in object {object}, which no commit holds")
            })
        }
    }
}

fn dated(kind: &str, id: &str, date: &str) -> String {
    let (id, day) = (short(id), day(date));
    match &*day {
        "" => format!("{kind} {id}"),
        day => format!("{kind} {id} of {day}"),
    }
}

fn list(of: &Refs) -> String {
    if of.is_empty() {
        String::new()
    } else {
        format!(" ({})", refs(of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RefName;

    #[test]
    fn a_file_needs_no_words_and_a_commit_has_its_date_and_refs() {
        assert_eq!(words(&Origin::File), None);
        let message = Origin::CommitMessage {
            commit: "0123456789".to_owned(),
            author_date: "2026-01-03T09:00:00Z".to_owned(),
            refs: ["refs/heads/main", "refs/notes/x"].map(RefName::new).into(),
        };
        insta::assert_snapshot!(words(&message).unwrap(), @"in the message of commit 0123456 of 2026-01-03 (branch main, notes/x)");
        let object = "0123456789".to_owned();
        let refs = Refs::default();
        insta::assert_snapshot!(words(&Origin::Unreachable { object: object.clone(), refs }).unwrap(), @"in object 0123456, which nothing refers to");
        let refs = [RefName::new("refs/tags/v1")].into();
        insta::assert_snapshot!(words(&Origin::Unreachable { object, refs }).unwrap(), @"in object 0123456, which no commit holds (tag v1)");
    }
}
