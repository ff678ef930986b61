//! The message of a commit that is being made, as git is going to store it.
//!
//! Git hands the `commit-msg` hook the file that the editor saved, before it removes comment lines
//! and what `git commit --verbose` showed below its scissors line. A key that the commit takes out
//! stands there as a removed line, and is not published by the message.
//!
//! Git does not tell the hook `--cleanup` and `--verbose`. So the file itself has to show what git is
//! going to leave out, and what a person may have typed is read.

use super::disk::read::{FileContent, FileReader};
use super::{Consumer, Event, Source, SourceError, too_large};
use crate::model::{Blob, BlobPath, Fault, Origin};
use std::fmt::Display;
use std::path::PathBuf;

/// What git cuts a message at, behind the comment mark and a space
/// (<https://git-scm.com/docs/git-commit#Documentation/git-commit.txt-scissors>).
const SCISSORS: &[u8] = b"------------------------ >8 ------------------------";

/// What git says above its status where it is going to keep comment lines.
const KEEPS: &[u8] = b"will be kept";

/// Lines that explain the scissors line, below it.
const EXPLAINED: usize = 2;

/// Which lines of a message file git leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleanup {
    /// An editor was opened. Without one git leaves no line out.
    pub edited: bool,
    /// Lines that begin with the comment mark are left out, unless the file shows that they are not.
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
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let path = BlobPath::from_native(&self.path);
        let fault = |what| consumer.take(Event::Fault(Fault::new(path.clone(), what)));
        match FileReader::new(self.max_size).read(&self.path) {
            Ok(FileContent::Bytes(bytes)) => consumer.take(Event::Blob(Blob {
                path: &path,
                origin: &Origin::File,
                bytes: &self.cleanup.published(bytes),
            })),
            Ok(FileContent::TooLarge(size)) => fault(too_large(Some(size), self.max_size)),
            Ok(FileContent::Special) => fault(unread(&"not a regular file")),
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
        if !self.edited {
            return text.to_vec();
        }
        let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
        let cut = self.cut(&lines);
        let kept = cut.as_ref().map_or(&lines[..], |cut| &lines[..cut.at]);
        let is_kept = cut.is_some_and(|cut| cut.comments > EXPLAINED)
            || kept
                .iter()
                .any(|line| self.is_comment(line) && has(line, KEEPS));
        let leaves_out = self.comments && !is_kept && self.mark.is_some();
        let mut published = Vec::with_capacity(text.len());
        for line in kept {
            if leaves_out && self.is_comment(line) {
                published.push(b'\n');
            } else {
                published.extend_from_slice(line);
            }
        }
        published
    }

    /// Git's own scissors line. Below it are comment lines, and what `git commit --verbose` shows, to
    /// the end of the file. A line of scissors that a person typed has something else below it.
    fn cut(&self, lines: &[&[u8]]) -> Option<Cut> {
        let mut at = 0;
        while at < lines.len() {
            let Some(mark) = self.mark_of_scissors(lines[at]) else {
                at += 1;
                continue;
            };
            let below = &lines[at + 1..];
            let comments = below.iter().take_while(|line| line.starts_with(mark));
            let comments = comments.count();
            let shown = shown(&below[comments..], mark);
            if comments > 0 && comments + shown == below.len() {
                return Some(Cut { at, comments });
            }
            // A cut among these lines ends at the same line of text.
            at += 1 + comments;
        }
        None
    }

    /// The comment mark of a line that is nothing but the mark and the scissors.
    fn mark_of_scissors<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        let mark = line.strip_suffix(b"\n")?.strip_suffix(SCISSORS)?;
        let mark = mark.strip_suffix(b" ")?;
        let is_own = match &self.mark {
            Some(own) => mark == own,
            None => mark.len() == 1 && self.is_comment(mark),
        };
        is_own.then_some(mark)
    }

    fn is_comment(&self, line: &[u8]) -> bool {
        match &self.mark {
            Some(mark) => line.starts_with(mark),
            // The marks that git chooses from for `core.commentChar = auto`.
            None => line.first().is_some_and(|b| b"#;@!$%^&|:".contains(b)),
        }
    }
}

/// Git's scissors line.
struct Cut {
    /// Its place among the lines.
    at: usize,
    /// How many comment lines stand right below it. Its status stands there where git keeps comments.
    comments: usize,
}

/// How many of the lines are patches. Between those of `git commit -v -v`, of what is staged and of what
/// is not, are comments; behind the last one there is nothing.
fn shown(lines: &[&[u8]], mark: &[u8]) -> usize {
    let is_blank = |line: &&&[u8]| line.trim_ascii().is_empty();
    let mut at = 0;
    loop {
        let rest = &lines[at..];
        let between = rest.iter();
        let between = between.take_while(|line| is_blank(line) || line.starts_with(mark));
        let between = between.count();
        let size = match rest.get(between) {
            Some(line) if line.starts_with(b"diff ") => 1 + heads(&rest[between + 1..]),
            Some(line) if line.starts_with(b"@@ ") && at > 0 => hunk(&rest[between..]),
            _ => 0,
        };
        if size == 0 {
            return at + rest.iter().take_while(is_blank).count();
        }
        at += between + size;
    }
}

/// How many lines describe a file of a patch, above its hunks.
fn heads(lines: &[&[u8]]) -> usize {
    const HEADS: [&[u8]; 14] = [
        b"index ",
        b"old mode ",
        b"new mode ",
        b"deleted file mode ",
        b"new file mode ",
        b"similarity index ",
        b"dissimilarity index ",
        b"rename from ",
        b"rename to ",
        b"copy from ",
        b"copy to ",
        b"--- ",
        b"+++ ",
        b"Binary files ",
    ];
    let is_head = |line: &&&[u8]| HEADS.iter().any(|head| line.starts_with(head));
    lines.iter().take_while(is_head).count()
}

/// How many lines the hunk is long that begins with `@@ -1,4 +1,5 @@`: as many as that says.
fn hunk(lines: &[&[u8]]) -> usize {
    let Some((mut old, mut new)) = lines.first().and_then(|line| sizes(line)) else {
        return 0;
    };
    let mut at = 1;
    while let Some(line) = lines.get(at) {
        let (less, more) = match line.first() {
            Some(b'\\') => (0, 0),
            _ if old == 0 && new == 0 => break,
            Some(b'-') => (1, 0),
            Some(b'+') => (0, 1),
            // Editors take the space away that an empty line of a patch is.
            Some(b' ' | b'\n' | b'\r') => (1, 1),
            _ => break,
        };
        let rest = old.checked_sub(less).zip(usize::checked_sub(new, more));
        let Some(rest) = rest else { break };
        (old, new) = rest;
        at += 1;
    }
    at
}

/// The lines before and after of `@@ -1,4 +1,5 @@`; without a number it is one.
fn sizes(line: &[u8]) -> Option<(usize, usize)> {
    let line = std::str::from_utf8(line.get(..line.len().min(80))?).ok()?;
    let mut words = line.split(' ').skip(1);
    let mut size = |sign: char| {
        let range = words.next()?.strip_prefix(sign)?;
        range
            .split_once(',')
            .map_or(Some(1), |(_, size)| size.parse().ok())
    };
    Some((size('-')?, size('+')?))
}

fn has(line: &[u8], words: &[u8]) -> bool {
    memchr::memmem::find(line, words).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(cleanup: &Cleanup, text: &str) -> String {
        String::from_utf8(cleanup.published(text.as_bytes())).unwrap()
    }

    fn edited() -> Cleanup {
        Cleanup {
            edited: true,
            comments: true,
            mark: Some(b"#".to_vec()),
        }
    }

    const CUT: &str = "# ------------------------ >8 ------------------------\n# Do not modify\n# Below is ignored\n";
    const PATCH: &str = "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n-removed\n kept\n\\ No newline\n";

    fn verbose() -> String {
        format!("subject\n\n# a hint\nbody\n{CUT}{PATCH}")
    }

    #[test]
    fn comments_and_the_patch_below_the_scissors_are_not_published() {
        assert_eq!(published(&edited(), &verbose()), "subject\n\n\nbody\n");
        let twice = format!("{}# Not staged\n{PATCH}", verbose());
        assert!(!published(&edited(), &twice).contains("removed"));
    }

    #[test]
    fn without_an_editor_everything_is_published() {
        assert_eq!(published(&Cleanup::default(), &verbose()), verbose());
    }

    #[test]
    fn what_a_person_typed_below_scissors_is_published() {
        let typed = [
            format!("a\n{CUT}b\n"),
            format!("a\n{CUT}- b\n- c\n"),
            format!("a\n{CUT}{PATCH}b\n"),
            format!("a\n{CUT}{PATCH}+ b\n"),
            format!("a\n{CUT}{PATCH}# Please enter the message\n"),
            format!("a\n{CUT}diff --git a/f b/f\nb\n"),
            format!("a\n{CUT}@@ -1 +1 @@\n-b\n+c\n"),
        ];
        for text in typed {
            let lines = |text: &str| {
                text.lines()
                    .filter(|l| !l.starts_with('#'))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            let left = published(&edited(), &text);
            let left: Vec<_> = left.lines().filter(|line| !line.is_empty()).collect();
            assert_eq!(left, lines(&text), "{text}");
        }
        let both = format!("a\n{CUT}typed\n{CUT}{PATCH}");
        assert_eq!(published(&edited(), &both), "a\n\n\n\ntyped\n");
    }

    #[test]
    fn comments_are_published_where_the_file_shows_that_git_keeps_them() {
        let hint = "# Lines starting\n# with '#' will be kept; you may remove them\n";
        let text = format!("a\n# b\n{hint}");
        assert_eq!(published(&edited(), &text), text);
        let scissors = format!("a\n# b\n{CUT}# On branch main\n# Changes\n");
        assert_eq!(published(&edited(), &scissors), "a\n# b\n");
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
            mark: None,
            ..edited()
        };
        let text = verbose().replace('#', ";");
        assert_eq!(published(&cleanup, &text), "subject\n\n; a hint\nbody\n");
    }
}
