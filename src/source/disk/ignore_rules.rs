//! Which files git ignores, by the patterns of ignore files. The last pattern that matches decides, in the file
//! nearest to the path: `.gitignore` in its folder, in those above, `info/exclude`, the user's own.
//!
//! Git reads a `.gitignore` only if it is a regular file, and its own files behind a link too; in a device or a
//! FIFO there may be text without end, or none that ever comes. Such a file counts as none.

use super::read::{FileContent, FileReader, is_missing};
use gix_glob::Pattern;
use gix_glob::pattern::{Case, Mode as Kind};
use gix_glob::wildmatch::Mode;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A larger file holds no patterns, in bytes.
const LARGEST: u64 = 16 << 20;

/// A file with more globs than this counts as none, so that a hostile one does not multiply the time of a walk:
/// each is a look at each path.
const MOST_GLOBS: usize = 10_000;

/// The ignore files that hold in a folder, the nearest first.
#[derive(Clone, Debug, Default)]
pub(super) struct IgnoreRules(Option<Arc<Level>>);

#[derive(Debug)]
struct Level {
    patterns: Patterns,
    /// Its patterns are about what a path has from this byte on.
    base: usize,
    above: IgnoreRules,
}

impl IgnoreRules {
    /// These rules, and those in `file`, which are about what paths have behind their first `base` bytes and
    /// come before all others.
    ///
    /// # Errors
    /// When there is such a file and it cannot be read.
    pub(in crate::source) fn and(&self, file: &Path, base: usize, case: Case) -> io::Result<Self> {
        let patterns = Patterns::parse(&text(file)?, case);
        if patterns.all.is_empty() || patterns.globs.len() > MOST_GLOBS {
            return Ok(self.clone());
        }
        let above = self.clone();
        Ok(Self(Some(Arc::new(Level {
            patterns,
            base,
            above,
        }))))
    }

    /// True when there are none.
    pub(in crate::source) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// True when git would leave out what is at `path`, seen from the root of the repository, if it does not
    /// track it. Whether it leaves out a folder above has been asked before.
    pub(in crate::source) fn hide(&self, path: &[u8], is_folder: bool) -> bool {
        let mut rules = self;
        while let Some(level) = &rules.0 {
            let below = &path[level.base..];
            if let Some(pattern) = level.patterns.last_match(below, is_folder) {
                return !pattern.is_negative();
            }
            rules = &level.above;
        }
        false
    }
}

/// The patterns of one file, in its order.
#[derive(Debug)]
struct Patterns {
    all: Vec<Pattern>,
    /// Which of them are no globs, by their text: a list of ten thousand generated files costs what one does.
    literal: HashMap<Vec<u8>, Vec<usize>>,
    globs: Vec<usize>,
    case: Case,
}

impl Patterns {
    fn parse(text: &[u8], case: Case) -> Self {
        let mut patterns = Self {
            all: gix_ignore::parse(text, false).map(|(p, ..)| p).collect(),
            literal: HashMap::new(),
            globs: Vec::new(),
            case,
        };
        for (at, pattern) in patterns.all.iter().enumerate() {
            match pattern.first_wildcard_pos {
                Some(_) => patterns.globs.push(at),
                None => {
                    let key = folded(&pattern.text, case);
                    patterns.literal.entry(key).or_default().push(at);
                }
            }
        }
        patterns
    }

    fn last_match(&self, path: &[u8], is_folder: bool) -> Option<&Pattern> {
        let slash = memchr::memrchr(b'/', path);
        let name = slash.map(|slash| &path[slash + 1..]);
        let matches = |at: &&usize| matches(&self.all[**at], path, is_folder, self.case);
        let literal = |text: &[u8]| {
            let same = match self.case {
                Case::Sensitive => self.literal.get(text),
                Case::Fold => self.literal.get(&folded(text, self.case)),
            };
            same.and_then(|same| same.iter().rev().find(matches))
        };
        let literal = literal(path).max(name.and_then(literal));
        let later = self.globs.iter().rev();
        let mut later = later.take_while(|at| Some(*at) > literal);
        later.find(matches).or(literal).map(|at| &self.all[*at])
    }
}

fn matches(pattern: &Pattern, path: &[u8], is_folder: bool, case: Case) -> bool {
    let kind = pattern.mode;
    let is_name = kind.contains(Kind::NO_SUB_DIR) && !kind.contains(Kind::ABSOLUTE);
    let wildcard = pattern.first_wildcard_pos.filter(|at| *at <= path.len());
    let mode = Mode::NO_MATCH_SLASH_LITERAL;
    let Some(wildcard) = wildcard.filter(|_| !is_name) else {
        let name = memchr::memrchr(b'/', path).map(|slash| slash + 1);
        let is_folder = Some(is_folder);
        return pattern.matches_repo_relative_path(path.into(), name, is_folder, case, mode);
    };
    // Git compares what stands before the first wildcard apart, so that `a**/b` is `a` and then `**/b`.
    // A backslash is a wildcard for that: of `\#a**/b` nothing is compared apart.
    let is_escaped = !pattern.is_negative() && matches!(pattern.text.first(), Some(b'#' | b'!'));
    let wildcard = if is_escaped { 0 } else { wildcard };
    let (start, glob) = pattern.text.split_at(wildcard);
    let (path_start, rest) = path.split_at(wildcard);
    let (same_start, mode) = match case {
        Case::Sensitive => (start == path_start, mode),
        Case::Fold => (
            start.eq_ignore_ascii_case(path_start),
            mode | Mode::IGNORE_CASE,
        ),
    };
    (is_folder || !kind.contains(Kind::MUST_BE_DIR))
        && same_start
        && gix_glob::wildmatch(glob.into(), rest.into(), mode)
}

fn folded(text: &[u8], case: Case) -> Vec<u8> {
    match case {
        Case::Sensitive => text.to_vec(),
        Case::Fold => text.to_ascii_lowercase(),
    }
}

/// The text of an ignore file; none, if it is no ordinary file.
fn text(file: &Path) -> io::Result<Vec<u8>> {
    let is_git_ignore = file.ends_with(".gitignore");
    let metadata = if is_git_ignore {
        std::fs::symlink_metadata(file)
    } else {
        std::fs::metadata(file)
    };
    match metadata {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Ok(Vec::new()),
        Err(e) if is_missing(&e) => return Ok(Vec::new()),
        // Its folder is closed, which the walk says of the folder.
        Err(e) if is_git_ignore && e.kind() == io::ErrorKind::PermissionDenied => {
            return Ok(Vec::new());
        }
        Err(e) => return Err(e),
    }
    Ok(match FileReader::new(LARGEST).read(file)? {
        // Git ends the last line too, and then takes a carriage return off it.
        FileContent::Bytes(bytes) => [bytes, b"\n"].concat(),
        FileContent::Special | FileContent::TooLarge(_) => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of `paths` a file of these lines hides; a path that ends with `/` is a folder.
    fn hidden(lines: &str, case: Case, paths: &[&'static str]) -> Vec<&'static str> {
        let patterns = Patterns::parse(lines.as_bytes(), case);
        let is_hidden = |path: &&&str| {
            let bare = path.trim_end_matches('/');
            let pattern = patterns.last_match(bare.as_bytes(), path.ends_with('/'));
            pattern.is_some_and(|pattern| !pattern.is_negative())
        };
        paths.iter().filter(is_hidden).copied().collect()
    }

    #[test]
    fn nothing_in_front_of_a_wildcard_is_compared_apart_behind_a_backslash() {
        let paths = ["#a/.b", "#a/b"];
        let hidden = |lines| hidden(lines, Case::Sensitive, &paths).join(" ");
        assert_eq!(hidden("\\#**/[[:alpha:]]**\n"), "#a/b");
    }

    #[test]
    fn the_last_pattern_decides_be_it_a_glob_or_a_name() {
        let paths = ["a.log", "b.log", "d/a.log"];
        let hidden = |lines| hidden(lines, Case::Sensitive, &paths).join(" ");
        assert_eq!(hidden("*.log\n!a.log\n"), "b.log");
        assert_eq!(hidden("!a.log\n*.log\n"), "a.log b.log d/a.log");
        assert_eq!(hidden("*.log\n!*.log\na.log\n"), "a.log d/a.log");
        assert_eq!(hidden("a.log\n!/a.log\n"), "d/a.log");
        assert_eq!(hidden("/a.log\nd/a.log\n!b.log\n"), "a.log d/a.log");
    }

    #[test]
    fn two_stars_behind_a_name_begin_anew() {
        let paths = ["b", "bc", "bc/d", "cb/d"];
        let hidden = |lines| hidden(lines, Case::Sensitive, &paths).join(" ");
        assert_eq!(hidden("b**/*\n"), "b bc bc/d");
        assert_eq!(hidden("/b**\n"), "b bc bc/d");
    }

    #[test]
    fn a_brace_is_a_letter_and_a_slash_at_the_end_means_a_folder() {
        let paths = ["{a,b}", "a", "d", "d/", "D/"];
        let hidden = |lines, case| hidden(lines, case, &paths).join(" ");
        assert_eq!(hidden("{a,b}\nd/\n", Case::Sensitive), "{a,b} d/");
        assert_eq!(hidden("d/\n", Case::Fold), "d/ D/");
    }
}
