//! Comments that say of a finding that it is none, each bound to the match it was written for.
//!
//! A mark counts in a comment only. On a line of code it speaks of the matches within [`REACH`]
//! bytes; on a minified line ([`LONG_LINE`]) only of the nearest one to its left; alone on a line,
//! of the line below. So no comment silences a bundle, and a key that is added elsewhere on the
//! line is found.
//!
//! A match stands where its pieces do. Pieces of one may stand around another match, or share bytes with it;
//! each is asked for by itself.

pub(super) mod comment;
pub(super) mod hygiene;
pub(super) mod language;
pub(super) mod mark;

use super::rule_names::RuleNames;
use crate::model::{Detection, LineIndex, Match, Span, Suppression};
use comment::{CommentKind, Region, region_at, regions_of_line};
use mark::{Mark, Terms};
use std::collections::BTreeMap;

/// Most bytes between a mark and a match that it silences.
const REACH: usize = 200;

/// A line of more bytes holds more than one statement.
const LONG_LINE: usize = 400;

/// What the comments of a blob say about its matches.
#[derive(Debug, Default)]
pub(super) struct Allows {
    /// For each match, the comment that silences it.
    pub(super) by_match: Vec<Option<Suppression>>,
    /// Our own allow comments, whether they silence something or not.
    pub(super) own: Vec<Allow>,
}

/// One allow comment of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allow {
    /// 1-based line.
    pub(super) line: usize,
    /// What it allows and why.
    pub(super) terms: Terms,
    /// Whether it silenced a match.
    pub(super) used: bool,
}

/// Reads the allow comments of a blob. Other tools' marks count only if `foreign`.
///
/// A rule's name stands for its family: which of them reports a key is for the kind of file to say,
/// and another look at the same key may say otherwise.
pub(super) fn read(
    detection: &Detection<'_>,
    lines: &LineIndex,
    rules: &RuleNames,
    foreign: bool,
) -> Allows {
    let mut allows = Allows {
        by_match: vec![None; detection.matches.len()],
        own: Vec::new(),
    };
    let marks = mark::all(&detection.text, foreign);
    if marks.is_empty() {
        return allows;
    }
    let places = Places::new(&detection.matches, lines);
    let line_of = |mark: &Mark| lines.position(mark.at).line;
    for group in marks.chunk_by(|a, b| line_of(a) == line_of(b)) {
        let number = line_of(&group[0]);
        let line = CommentLine::new(&detection.text, lines, number);
        for mark in group {
            if let Some(comment) = line.comment(mark) {
                let targets = places.targets(mark, comment, &line);
                allows.take(mark, comment, &line, (&detection.matches, &targets), rules);
            }
        }
    }
    allows
}

impl Allows {
    fn take(
        &mut self,
        mark: &Mark,
        comment: Comment,
        line: &CommentLine<'_>,
        (matches, targets): (&[Match], &[usize]),
        rules: &RuleNames,
    ) {
        let terms = if mark.is_own() {
            Terms::read(&line.text[mark.end..comment.span.end])
        } else {
            Terms::default()
        };
        let mut used = false;
        for &index in targets {
            let rule = &matches[index].rule;
            let named = |id: &String| *id == rule.id || rules.family(id) == rule.family;
            if mark.is_own() && !terms.rules.iter().any(named) {
                continue;
            }
            used = true;
            self.by_match[index].get_or_insert_with(|| Suppression::Inline {
                mark: mark.name.to_owned(),
                reason: terms.reason.clone(),
            });
        }
        if mark.is_own() {
            let line = line.number;
            self.own.push(Allow { line, terms, used });
        }
    }
}

/// Where pieces of matches stand, by line.
struct Places(BTreeMap<usize, OnLine>);

/// A piece of a match, with the match's number.
type CommentPlace = (Span, usize);

/// What stands on one line.
#[derive(Default)]
struct OnLine {
    /// The pieces that share a byte with the line, by where they end.
    by_end: Vec<CommentPlace>,
    /// The first of those that begin on it.
    first: Option<CommentPlace>,
}

impl Places {
    fn new(matches: &[Match], lines: &LineIndex) -> Self {
        let mut places: BTreeMap<usize, OnLine> = BTreeMap::new();
        for (number, matched) in matches.iter().enumerate() {
            for piece in &matched.pieces {
                let first = lines.position(piece.start).line;
                let last = lines.position(piece.end.saturating_sub(1)).line;
                for line in first..=last {
                    let line_of = places.entry(line).or_default();
                    line_of.by_end.push((*piece, number));
                    let begins = (line == first).then_some((*piece, number));
                    line_of.first = line_of.first.into_iter().chain(begins).min();
                }
            }
        }
        for line in places.values_mut() {
            line.by_end
                .sort_by_key(|(piece, number)| (piece.end, piece.start, *number));
        }
        Self(places)
    }

    /// The matches that a mark speaks of, before it is asked for their rules, each once.
    fn targets(&self, mark: &Mark, comment: Comment, line: &CommentLine<'_>) -> Vec<usize> {
        let mut targets = if mark.is_for_next_line() {
            self.below(line)
        } else {
            self.beside(mark, comment, line)
        };
        if comment.alone && mark.is_own() && targets.is_empty() {
            targets = self.below(line);
        }
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// The matches on the mark's own line that are near enough; of a minified line only the nearest one to
    /// the left.
    fn beside(&self, mark: &Mark, comment: Comment, line: &CommentLine<'_>) -> Vec<usize> {
        let Some(places) = self.0.get(&line.number) else {
            return Vec::new();
        };
        let near = |(piece, _): &&CommentPlace| {
            let left = mark.at.saturating_sub(piece.end);
            left.max(piece.start.saturating_sub(mark.end)) <= REACH
        };
        let mut candidates = &places.by_end[..];
        if line.span.len() > LONG_LINE {
            let ends_before = |(piece, _): &CommentPlace| piece.end <= comment.span.start;
            let until = candidates.partition_point(ends_before);
            candidates = &candidates[until.saturating_sub(1)..until];
        }
        let near = candidates.iter().filter(near);
        near.map(|(_, number)| *number).collect()
    }

    /// The matches that have a piece which begins on the line below; of a minified line only the first, and
    /// only near its start.
    fn below(&self, line: &CommentLine<'_>) -> Vec<usize> {
        let next = line.next;
        let Some(places) = self.0.get(&(line.number + 1)) else {
            return Vec::new();
        };
        if next.len() > LONG_LINE {
            let is_near = |(piece, _): &CommentPlace| piece.start - next.start <= REACH;
            return places
                .first
                .filter(is_near)
                .map(|(_, number)| number)
                .into_iter()
                .collect();
        }
        let begin = places
            .by_end
            .iter()
            .filter(|(piece, _)| piece.start >= next.start);
        begin.map(|(_, number)| *number).collect()
    }
}

/// The comment that a mark stands in.
#[derive(Clone, Copy, Debug)]
struct Comment {
    span: Span,
    /// Whether there is nothing else on the line.
    alone: bool,
}

/// A line that holds a mark.
struct CommentLine<'t> {
    text: &'t [u8],
    number: usize,
    span: Span,
    next: Span,
    regions: Vec<Region>,
}

impl<'t> CommentLine<'t> {
    fn new(text: &'t [u8], lines: &LineIndex, number: usize) -> Self {
        let span = lines.line(number);
        Self {
            text,
            number,
            span,
            next: lines.line(number + 1),
            regions: regions_of_line(text, span),
        }
    }

    /// The comment around a mark, if it stands in one.
    fn comment(&self, mark: &Mark) -> Option<Comment> {
        let before = &self.text[self.span.start..mark.at];
        let to_end = Span::new(mark.at, self.span.end);
        match region_at(&self.regions, mark.at - self.span.start) {
            Some(Region {
                kind: CommentKind::Quoted,
                ..
            }) => None,
            Some(region) => {
                let span = region.span.shifted(self.span.start);
                if is_mentioned(&self.text[span.range()], mark.at - span.start) {
                    return None;
                }
                let after = &self.text[span.end..self.span.end];
                let alone = is_decoration(before) && is_decoration(after);
                let lead = &self.text[span.start..mark.at];
                // What looks like a comment amid minified code may be part of a regex or template.
                let is_short = self.span.len() <= LONG_LINE;
                (is_short || is_decoration(lead)).then_some(Comment { span, alone })
            }
            None if opens_whole_line(before) => Some(Comment {
                span: to_end,
                alone: true,
            }),
            None if opens_rest(before) => Some(Comment {
                span: to_end,
                alone: false,
            }),
            None => None,
        }
    }
}

/// True for a mark between backticks, of which a comment speaks: ``accepted by `jvxleaks:allow` ``.
fn is_mentioned(comment: &[u8], at: usize) -> bool {
    let (before, after) = comment.split_at(at);
    before.iter().filter(|b| **b == b'`').count() % 2 == 1 && after.contains(&b'`')
}

/// True for the punctuation around a comment that is alone on its line.
fn is_decoration(text: &[u8]) -> bool {
    let mut text = text.iter().rev();
    text.all(|b| !b.is_ascii_alphanumeric() && b.is_ascii() && !b"\"'`".contains(b))
}

/// Openers that make a comment only at the start of a line, and the `*` that continues one.
fn opens_whole_line(before: &[u8]) -> bool {
    const WORDS: [&[u8]; 8] = [b"rem", b"@rem", b"dnl", b"::", b"..", b"'", b"\"", b"c"];
    let lead = before.trim_ascii();
    let marks = !lead.is_empty() && lead.iter().all(|b| b"*;%!#/".contains(b));
    // A line that begins with a quote is a string in most languages, and a comment in Vim's and
    // Basic; a string would have ended on the line and not come here.
    marks || WORDS.iter().any(|word| lead.eq_ignore_ascii_case(word))
}

/// `;`, `%` and `!` begin comments in some languages, if the mark follows at once.
fn opens_rest(before: &[u8]) -> bool {
    match before.trim_ascii_end() {
        [.., b' ' | b'\t', b';' | b'%' | b'!'] => before.len() > 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// Which of the keys `K1`, `K2`... of a text are silenced, as digits.
    fn silenced(text: &str) -> String {
        let (detection, lines) = sample::detection(text);
        let allows = read(&detection, &lines, &RuleNames::default(), true);
        let numbers = (1..).zip(&allows.by_match);
        let silenced = numbers.filter(|(_, by)| by.is_some());
        silenced.map(|(n, _)| n.to_string()).collect()
    }

    #[test]
    fn a_comment_on_the_line_or_alone_above_it_counts() {
        for text in [
            "a = 'KEY' # jvxleaks:allow test-key -- why",
            "a = 'KEY' // see jvxleaks:allow other, test-key -- why",
            "/* jvxleaks:allow test-key -- why */ a = 'KEY'",
            "# jvxleaks:allow test-key -- why\na = 'KEY'",
            "  <!-- jvxleaks:allow test-key -- why -->\n<a>KEY</a>",
            " * jvxleaks:allow test-key -- why\n * KEY",
            "{/* jvxleaks:allow test-key -- why */}\r\n<A k='KEY'/>\r\n",
            "REM jvxleaks:allow test-key -- why\nset A=KEY",
            "' jvxleaks:allow test-key -- why\na = \"KEY\"",
            "k = KEY ; jvxleaks:allow test-key -- why",
            "<%# jvxleaks:allow test-key -- why %>\n<p>KEY</p>",
            "{{! jvxleaks:allow test-key -- why }}\n<p>KEY</p>",
            "{- jvxleaks:allow test-key -- why -}\nk = \"KEY\"",
        ] {
            assert_eq!(silenced(text), "1", "{text}");
        }
    }

    #[test]
    fn a_comment_elsewhere_does_not() {
        for text in [
            "# jvxleaks:allow test-key -- why\n\na = 'KEY'",
            "a = 1 # jvxleaks:allow test-key -- why\na = 'KEY'",
            "a = 'KEY'\n# jvxleaks:allow test-key -- why",
            "a = 'KEY' # jvxleaks:allow other -- why",
            "a = 'KEY' # jvxleaks:allow -- why",
            "a = 'KEY' # jvxleaks:allow * -- why",
            "a = 'KEY' # jvxleaks:allow",
            "a = 'KEY # jvxleaks:allow test-key -- why'",
            "a = ['KEY', '// jvxleaks:allow test-key -- why']",
            "a = 'KEY' // put `jvxleaks:allow test-key -- why` here",
            "\"jvxleaks:allow test-key -- why\",\n\"KEY\"",
            "a = 'KEY' # nosec",
        ] {
            assert_eq!(silenced(text), "", "{text}");
        }
    }

    #[test]
    fn other_tools_marks_count_in_their_own_way() {
        for text in [
            "a = 'KEY' # gitleaks:allow",
            "a = 'KEY' // betterleaks:allow it",
            "a = 'KEY' # trufflehog:ignore",
            "a = 'KEY' # pragma: allowlist secret",
            "# pragma: allowlist nextline secret\na = 'KEY'",
        ] {
            assert_eq!(silenced(text), "1", "{text}");
        }
        assert_eq!(silenced("# gitleaks:allow\na = 'KEY'"), "");
        let (detection, lines) = sample::detection("a = 'KEY' # gitleaks:allow");
        assert_eq!(
            read(&detection, &lines, &RuleNames::default(), false).by_match,
            [None]
        );
    }

    #[test]
    fn a_comment_never_silences_a_minified_line() {
        let code = "f(1);".repeat(60);
        let own = "/* jvxleaks:allow test-key -- why */";
        for (text, expected) in [
            (format!("a='KEY';{code}b='KEY'{own};{code}c='KEY'"), "2"),
            (format!("a='KEY';{code}{own}b='KEY';{code}c='KEY'"), ""),
            (format!("{own}\n{code}a='KEY';{code}b='KEY'"), ""),
            (format!("{own}\na='KEY',b='KEY';{code}{code}"), "1"),
            (format!("a='KEY',b='KEY';{code}{code}// gitleaks:allow"), ""),
            (
                format!("a='KEY',b='KEY';// gitleaks:allow {code}{code}"),
                "2",
            ),
            (format!("a='KEY';{code}{code};b='KEY';s='{own}';"), ""),
            (format!("a='KEY'/* x {own};{code}{code}"), ""),
        ] {
            assert_eq!(silenced(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_comment_speaks_of_the_match_whose_own_piece_is_beside_it() {
        let allow = " # jvxleaks:allow test-key -- why";
        // A key of the prefix `PPP`, and one that stands between the two.
        let silenced = |text: &str| {
            let (mut detection, lines) = sample::detection(text);
            let prefix = text.find("PPP").map(|at| Span::new(at, at + 3)).unwrap();
            let joined = detection.matches.last_mut().unwrap();
            joined.pieces.insert(0, prefix);
            joined.span = joined.span.around(prefix);
            detection.matches.sort_by_key(|m| m.span);
            let silenced = read(&detection, &lines, &RuleNames::default(), true).by_match;
            let numbered = detection.matches.iter().zip(&silenced);
            let silenced = numbered.filter(|(_, by)| by.is_some());
            let line = |m: &Match| lines.position(m.own[0].start).line;
            silenced.map(|(m, _)| line(m)).collect::<Vec<_>>()
        };
        assert_eq!(silenced(&format!("PPP{allow}\nKEY\nKEY")), [3]);
        assert_eq!(silenced(&format!("PPP\nKEY\nKEY{allow}")), [3]);
        assert_eq!(silenced(&format!("PPP\nKEY{allow}\nKEY")), [2]);
        assert_eq!(silenced(&format!("PPP\nKEY\n{}\nKEY", &allow[1..])), [4]);
        assert_eq!(silenced(&format!("PPP\n{}\n\nKEY", &allow[1..])), [0; 0]);
    }

    #[test]
    fn a_far_key_of_a_long_line_is_not_silenced() {
        let text = format!(
            "a='KEY';{};b='KEY' # jvxleaks:allow test-key -- why",
            "x".repeat(230)
        );
        assert_eq!(silenced(&text), "2");
    }

    #[test]
    fn unused_and_unreasoned_comments_are_known() {
        let text = "# jvxleaks:allow test-key\na = 'KEY'\nb # jvxleaks:allow test-key -- why";
        let (detection, lines) = sample::detection(text);
        let own = read(&detection, &lines, &RuleNames::default(), true).own;
        let told = |a: &Allow| (a.line, a.used, a.terms.reason.is_some());
        let told: Vec<_> = own.iter().map(told).collect();
        assert_eq!(told, [(1, true, false), (3, false, true)]);
    }

    #[test]
    fn a_line_of_nothing_but_marks_is_read_once() {
        let text = "a='KEY'/*jvxleaks:allow test-key*/;".repeat(20_000);
        let (detection, lines) = sample::detection(&text);
        let started = std::time::Instant::now();
        assert_eq!(
            read(&detection, &lines, &RuleNames::default(), true)
                .own
                .len(),
            20_000
        );
        assert!(started.elapsed().as_secs() < 5);
    }
}
