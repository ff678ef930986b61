//! The message of a commit that is being made, as git is going to store it.
//!
//! Git hands the `commit-msg` hook the file that the editor saved, before it removes comment lines
//! and what `git commit --verbose` showed below its scissors line. A key that the commit takes out
//! stands there as a removed line, and is not published by the message.

use super::read::{Content, Reader};
use super::{Event, Sink, Source, SourceError, too_large};
use crate::model::{Blob, BlobPath, Fault, Origin};
use std::fmt::Display;
use std::path::PathBuf;

/// What git cuts a message at, behind the comment mark and a space
/// (<https://git-scm.com/docs/git-commit#Documentation/git-commit.txt-scissors>).
const SCISSORS: &[u8] = b"------------------------ >8 ------------------------";

/// Which lines of a message file git leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleanup {
    /// The lines below the scissors line, and the line itself.
    pub below_scissors: bool,
    /// Lines that begin with the comment mark.
    pub comments: bool,
    /// The comment mark; none when git chose one for this message alone.
    pub mark: Option<Vec<u8>>,
}

/// The file that a `commit-msg` hook is given.
#[derive(Clone, Debug)]
pub struct MessageFile {
    /// Where it is.
    pub path: PathBuf,
    /// What of it is not published.
    pub cleanup: Cleanup,
    /// Most bytes to read; more is a fault.
    pub max_size: u64,
}

impl Source for MessageFile {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        let path = BlobPath::from_native(&self.path);
        let fault = |what| sink(Event::Fault(Fault::new(path.clone(), what)));
        match Reader::new(self.max_size).read(&self.path) {
            Ok(Content::Bytes(bytes)) => sink(Event::Blob(Blob {
                path: &path,
                origin: &Origin::File,
                bytes: &self.cleanup.published(bytes),
            })),
            Ok(Content::TooLarge(size)) => fault(too_large(Some(size), self.max_size)),
            Ok(Content::Special) => fault(unread(&"not a regular file")),
            Err(error) => fault(unread(&error)),
        }
        Ok(())
    }
}

fn unread(why: &dyn Display) -> String {
    format!("the commit message cannot be read: {why}; name the file that git gave the hook")
}

impl Cleanup {
    /// `text` with every line blank that git leaves out, so that line numbers stay those of the
    /// file.
    fn published(&self, text: &[u8]) -> Vec<u8> {
        let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
        let end = (0..lines.len()).find(|at| self.is_cut(&lines[*at..]));
        let mut kept = Vec::with_capacity(text.len());
        for line in &lines[..end.unwrap_or(lines.len())] {
            match self.comments && self.is_comment(line) {
                true => kept.push(b'\n'),
                false => kept.extend_from_slice(line),
            }
        }
        kept
    }

    /// True at git's own scissors line, which a comment line always follows; a line of scissors
    /// that a person typed does not end the message.
    fn is_cut(&self, lines: &[&[u8]]) -> bool {
        let ends = |line: &&&[u8]| line.trim_ascii_end().ends_with(SCISSORS);
        let explained = lines.get(1).is_some_and(|next| self.is_comment(next));
        let found = lines.first().filter(ends);
        self.below_scissors && explained && found.is_some_and(|line| self.is_comment(line))
    }

    fn is_comment(&self, line: &[u8]) -> bool {
        match &self.mark {
            Some(mark) => line.starts_with(mark),
            // The marks that git chooses from for `core.commentChar = auto`.
            None => line.first().is_some_and(|b| b"#;@!$%^&|:".contains(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(cleanup: &Cleanup, text: &str) -> String {
        String::from_utf8(cleanup.published(text.as_bytes())).unwrap()
    }

    fn edited() -> Cleanup {
        Cleanup {
            below_scissors: true,
            comments: true,
            mark: Some(b"#".to_vec()),
        }
    }

    const VERBOSE: &str = "subject\n\n# a hint\nbody\n# ------------------------ >8 ------------------------\n# Do not modify\n-removed\n";

    #[test]
    fn comments_and_the_diff_below_the_scissors_are_not_published() {
        assert_eq!(published(&edited(), VERBOSE), "subject\n\n\nbody\n");
    }

    #[test]
    fn without_an_editor_everything_is_published() {
        assert_eq!(published(&Cleanup::default(), VERBOSE), VERBOSE);
    }

    #[test]
    fn scissors_that_a_person_typed_do_not_end_the_message() {
        let text = "a\n# ------------------------ >8 ------------------------\nb\n";
        assert_eq!(published(&edited(), text), "a\n\nb\n");
    }

    #[test]
    fn another_comment_mark_is_honoured() {
        let cleanup = Cleanup {
            mark: Some(b"//".to_vec()),
            ..edited()
        };
        assert_eq!(published(&cleanup, "// x\n# y\n"), "\n# y\n");
    }

    #[test]
    fn a_mark_that_git_chose_by_itself_is_known_by_its_place() {
        let cleanup = Cleanup {
            comments: false,
            mark: None,
            ..edited()
        };
        let text = VERBOSE.replace('#', ";");
        assert_eq!(published(&cleanup, &text), "subject\n\n; a hint\nbody\n");
    }
}
