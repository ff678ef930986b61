//! The marks by which a comment says that a finding is none: our own and those of other tools.

use memchr::memmem;

/// Our own mark; rule ids and a reason follow it.
pub(super) const OWN: &str = "jvxleaks:allow";

/// Marks of other tools that stand in the line of the finding.
const FOREIGN: [&str; 3] = ["gitleaks:allow", "betterleaks:allow", "trufflehog:ignore"];

/// What detect-secrets' two marks begin with
/// (<https://github.com/Yelp/detect-secrets#inline-allowlisting>).
const PRAGMA: &str = "pragma:";

/// A mark in a text, not yet known to be in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Mark {
    /// Offset of its first byte.
    pub(in crate::policy) at: usize,
    /// Offset after its last byte.
    pub(in crate::policy) end: usize,
    /// How it is called when it is honoured.
    pub(in crate::policy) name: &'static str,
}

impl Mark {
    /// True for a mark of this program.
    pub(super) fn is_own(&self) -> bool {
        self.name == OWN
    }

    /// True for the one mark that speaks of the line below even where code precedes it.
    pub(super) fn is_for_next_line(&self) -> bool {
        self.name == NEXT_LINE
    }
}

const SAME_LINE: &str = "pragma: allowlist secret";
const NEXT_LINE: &str = "pragma: allowlist nextline secret";

/// True when a text holds our own mark, in a comment or not.
pub(in crate::policy) fn is_in(text: &[u8]) -> bool {
    memmem::find(text, OWN.as_bytes()).is_some()
}

/// All marks of a text, in order of position; those of other tools only if `foreign`.
pub(in crate::policy) fn all(text: &[u8], foreign: bool) -> Vec<Mark> {
    let mut marks = of(text, OWN);
    if foreign {
        for name in FOREIGN {
            marks.extend(of(text, name));
        }
        let pragmas = memmem::find_iter(text, PRAGMA);
        marks.extend(pragmas.filter_map(|at| pragma(text, at)));
    }
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn of(text: &[u8], name: &'static str) -> Vec<Mark> {
    // `not-jvxleaks:allowed` is another word.
    let is_part = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let found = memmem::find_iter(text, name).map(|at| Mark {
        at,
        end: at + name.len(),
        name,
    });
    let whole = |mark: &Mark| {
        let before = mark.at.checked_sub(1).and_then(|i| text.get(i));
        !is_part(before) && !is_part(text.get(mark.end))
    };
    found.filter(whole).collect()
}

/// `pragma: allowlist secret`, with the older word and the hyphens that detect-secrets also takes.
fn pragma(text: &[u8], at: usize) -> Option<Mark> {
    let rest = &text[at + PRAGMA.len()..];
    let spaced = rest.strip_prefix(b" ").unwrap_or(rest);
    let listed = ["allowlist", "whitelist"]
        .iter()
        .find_map(|word| after_word(spaced, word))?;
    let (name, rest) = match after_word(listed, "nextline") {
        Some(rest) => (NEXT_LINE, rest),
        None => (SAME_LINE, listed),
    };
    let rest = rest.strip_prefix(b"secret")?;
    Some(Mark {
        at,
        end: text.len() - rest.len(),
        name,
    })
}

/// What follows a word and the space or hyphen behind it.
fn after_word<'t>(text: &'t [u8], word: &str) -> Option<&'t [u8]> {
    match text.strip_prefix(word.as_bytes())? {
        [b' ' | b'-', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// What follows our own mark in its comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::policy) struct Terms {
    /// The rules that are allowed, as written.
    pub(in crate::policy) rules: Vec<String>,
    /// Why, if it says so.
    pub(in crate::policy) reason: Option<String>,
}

impl Terms {
    /// Reads ` RULE, RULE -- reason` up to the end of the comment.
    pub(in crate::policy) fn read(comment: &[u8]) -> Self {
        let text = String::from_utf8_lossy(without_closer(comment));
        let (list, reason) = match text.split_once("--") {
            Some((list, reason)) if list.ends_with(char::is_whitespace) => (list, Some(reason)),
            _ => (text.as_ref(), None),
        };
        let reason = reason.map(str::trim).filter(|r| !r.is_empty());
        Self {
            rules: rules(list),
            reason: reason.map(str::to_owned),
        }
    }
}

/// The ids of a list. It ends at the first id that no comma follows, so that words behind it are
/// not taken for rules.
fn rules(list: &str) -> Vec<String> {
    let mut rules = Vec::new();
    for part in list.split(',') {
        let mut words = part.split_whitespace();
        rules.extend(words.next().map(str::to_owned));
        if words.next().is_some() {
            break;
        }
    }
    rules
}

fn without_closer(comment: &[u8]) -> &[u8] {
    let comment = comment.trim_ascii_end();
    let closers: [&[u8]; 5] = [b"-->", b"*/", b"*)", b"#}", b"#>"];
    let closed = closers.iter().find_map(|c| comment.strip_suffix(*c));
    closed.unwrap_or(comment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, foreign: bool) -> Vec<&'static str> {
        let marks = all(text.as_bytes(), foreign);
        marks.iter().map(|mark| mark.name).collect()
    }

    #[test]
    fn marks_of_all_tools_are_found() {
        let text = "jvxleaks:allow gitleaks:allow betterleaks:allow trufflehog:ignore \
                    pragma: allowlist secret, pragma: whitelist-secret, \
                    pragma:allowlist nextline secret";
        assert_eq!(
            names(text, true),
            [
                OWN,
                "gitleaks:allow",
                "betterleaks:allow",
                "trufflehog:ignore",
                SAME_LINE,
                SAME_LINE,
                NEXT_LINE
            ]
        );
        assert_eq!(names(text, false), [OWN]);
    }

    #[test]
    fn other_words_are_no_marks() {
        for text in [
            "jvxleaks:allowed",
            "xgitleaks:allow",
            "nosec",
            "#pragma: once",
            "pragma: allowlist",
        ] {
            assert!(names(text, true).is_empty(), "{text}");
        }
    }

    #[test]
    fn terms_are_rules_and_a_reason() {
        let read = |text: &str| {
            let terms = Terms::read(text.as_bytes());
            (terms.rules.join("|"), terms.reason.unwrap_or_default())
        };
        let is = |rules: &str, reason: &str| (rules.to_owned(), reason.to_owned());
        assert_eq!(read(" a-b -- rotated */"), is("a-b", "rotated"));
        assert_eq!(read(" a, b,c -- x -- y"), is("a|b|c", "x -- y"));
        assert_eq!(read(" a because of it"), is("a", ""));
        assert_eq!(read(" -- no rule -->"), is("", "no rule"));
        assert_eq!(read(" a -->"), is("a", ""));
        assert_eq!(read(""), is("", ""));
    }
}
