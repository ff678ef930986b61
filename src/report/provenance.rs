//! Where the bytes of a finding are, in words, when no file of the work tree holds them.

use super::keys::{day, refs, short};
use crate::model::Origin;

/// `in commit 3f2a9c1 of 2026-01-03 (branch main)`, or nothing for what can simply be opened.
pub(super) fn words(origin: &Origin) -> Option<String> {
    match origin {
        Origin::File | Origin::Stdin => None,
        Origin::Index => Some("staged for the next commit".to_owned()),
        Origin::Commit {
            commit,
            author_date,
            refs,
        } => Some(format!("in {}{}", dated(commit, author_date), list(refs))),
        Origin::CommitMessage {
            commit,
            author_date,
            refs,
        } => {
            let commit = dated(commit, author_date);
            Some(format!("in the message of {commit}{}", list(refs)))
        }
        Origin::TagMessage { tag, refs } => {
            let tag = short(tag);
            Some(format!("in the message of tag object {tag}{}", list(refs)))
        }
        Origin::Unreachable { object } => {
            let object = short(object);
            Some(format!("in object {object}, which nothing refers to"))
        }
    }
}

fn dated(commit: &str, date: &str) -> String {
    let (commit, day) = (short(commit), day(date));
    match &*day {
        "" => format!("commit {commit}"),
        day => format!("commit {commit} of {day}"),
    }
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!(" ({})", refs(names)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_needs_no_words_and_a_commit_has_its_date_and_refs() {
        assert_eq!(words(&Origin::File), None);
        let message = Origin::CommitMessage {
            commit: "0123456789".to_owned(),
            author_date: "2026-01-03T09:00:00Z".to_owned(),
            refs: vec!["refs/heads/main".to_owned(), "refs/notes/x".to_owned()],
        };
        insta::assert_snapshot!(words(&message).unwrap(), @"in the message of commit 0123456 of 2026-01-03 (branch main, notes/x)");
        let object = "0123456789".to_owned();
        insta::assert_snapshot!(words(&Origin::Unreachable { object }).unwrap(), @"in object 0123456, which nothing refers to");
    }
}
