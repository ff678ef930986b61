//! How a language writes a text that what is read at run time is a part of.

use super::super::literal::SecretLiteral;
use crate::model::{Span, Wording};
use crate::syntax::{TokenKind, Tree};

/// How a text and a value become one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joining {
    /// `"a" + b`
    Plus,
    /// `'a' . b`
    Point,
    /// `"a" <> b`
    Angles,
    /// `` `a${b}` ``
    Template,
    /// `f"a{b}"`
    Format,
    /// `&format!("a{}", b)`
    Macro,
    /// Only within the literal itself: [`ReadInText`].
    Within,
}

/// What else there is to know of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JoinForm {
    Usual,
    /// One that keeps its text: `"a".to_string()` of Rust.
    Owned,
    /// One of several arguments, between which gofmt leaves no blanks around signs: `f(a, "b"+c)`.
    Tight,
}

/// How a variable is read within a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadInText {
    /// Quotes of texts in which that is done.
    pub(super) quotes: &'static [u8],
    /// What stands there.
    pub(super) read: &'static str,
    /// What a text in single quotes may not hold to get those; of no use where it is empty.
    pub(super) lost: &'static [u8],
}

/// What stands in a literal beside the credential.
pub(super) struct TextParts<'t> {
    before: &'t str,
    behind: &'t str,
}

impl<'t> TextParts<'t> {
    /// Of the text between quotes. Nothing of one that is no UTF-8.
    pub(super) fn of(text: &'t [u8], body: Span, secret: Span) -> Option<Self> {
        let part = |from, to| std::str::from_utf8(&text[from..to]).ok();
        Some(Self {
            before: part(body.start, secret.start)?,
            behind: part(secret.end, body.end)?,
        })
    }

    pub(super) fn are_empty(&self) -> bool {
        self.before.is_empty() && self.behind.is_empty()
    }

    /// True for `Bearer ` and nothing behind it.
    pub(super) fn are_scheme(&self) -> bool {
        let word = self.before.strip_suffix(' ').unwrap_or(self.before);
        self.behind.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic())
    }
}

impl Joining {
    /// Signs between texts that become one text.
    pub(super) fn signs(self) -> &'static [&'static [u8]] {
        match self {
            Self::Point => &[b"."],
            Self::Angles => &[b"<>"],
            _ => &[b"+"],
        }
    }

    /// True unless something in the texts has a meaning of its own in the quotes that they get, or in a function that
    /// formats them: `printf("a=%d")`.
    pub(super) fn takes(self, parts: &TextParts<'_>) -> bool {
        let quotes = match self {
            Self::Within => return false,
            Self::Plus | Self::Angles | Self::Macro => "\"",
            _ => "\"'`",
        };
        let mut all = parts.before.chars().chain(parts.behind.chars());
        !all.any(|c| quotes.contains(c) || "\\{}$%#\n".contains(c))
    }

    /// The texts and what `read` gives, as one expression.
    pub(super) fn joined(self, read: &str, parts: &TextParts<'_>, form: JoinForm) -> Wording {
        let TextParts { before, behind } = parts;
        let signs = |quote: &str, sign: &str| {
            let part = |text: &str, sides: (&str, &str)| match text {
                "" => String::new(),
                text => format!("{}{quote}{text}{quote}{}", sides.0, sides.1),
            };
            let blank = if form == JoinForm::Tight { "" } else { " " };
            let sign = format!("{blank}{sign}{blank}");
            (part(before, ("", &sign)), part(behind, (&sign, "")))
        };
        let own = match self {
            Self::Macro => read.trim_start_matches('&').to_owned(),
            Self::Template => read.trim_end_matches('!').to_owned(),
            Self::Format => read.replace('"', "'"),
            _ => read.to_owned(),
        };
        let (before, behind) = match self {
            Self::Plus | Self::Within => signs("\"", "+"),
            Self::Point => signs("'", "."),
            Self::Angles => signs("\"", "<>"),
            Self::Template => (format!("`{before}${{"), format!("}}{behind}`")),
            Self::Format => (format!("f\"{before}{{"), format!("}}{behind}\"")),
            Self::Macro => {
                let borrow = if form == JoinForm::Owned { "" } else { "&" };
                let before = format!("{borrow}format!(\"{before}{{}}{behind}\", ");
                (before, ")".to_owned())
            }
        };
        Wording::reading(&own).between(&before, &behind)
    }
}

impl ReadInText {
    /// What is read in the literal itself: the bytes that go and what comes there. Nothing where the literal has other quotes,
    /// or the credential stands in an expression within it.
    pub(super) fn within(
        &self,
        tree: &Tree<'_>,
        literal: &SecretLiteral,
        secret: Span,
    ) -> Option<(Span, Wording)> {
        const WORDS: [&[u8]; 9] = [
            b"return", b"throw", b"yield", b"await", b"case", b"default", b"of", b"in", b"else",
        ];
        const HOLES: [&[u8]; 4] = [b"${", b"#{", b"$(", b"\\("];
        let text = tree.text;
        let quote = literal.quote(tree);
        let is_long = literal.prefix(tree) == [quote, quote];
        if !literal.prefix(tree).is_empty() && !is_long {
            return None;
        }
        let before = &text[literal.body.start..secret.start];
        let in_hole = HOLES.iter().any(|hole| {
            let open = memchr::memmem::rfind(before, hole);
            open.is_some_and(|at| !before[at..].iter().any(|b| b"})".contains(b)))
        });
        // `` tag`a` `` is given its parts.
        let touched = literal.whole.start.checked_sub(1).map(|at| text[at]);
        let behind = text.get(literal.whole.end).copied();
        let before_tag = tree.before(literal.at).filter(|_| quote == b'`');
        let is_tagged = before_tag.is_some_and(|at| match tree.kind(at) {
            Some(TokenKind::Name) => !WORDS.contains(&tree.word(at)),
            Some(TokenKind::Close) => !tree.is(at, b"}"),
            _ => tree.is(at, b">"),
        });
        // `#"a"#` of Swift, `'a ''b'' c'` of PowerShell
        let is_other = touched
            .into_iter()
            .chain(behind)
            .any(|b| b"#'\"".contains(&b));
        let is_tagged = is_tagged || is_other;
        // A page that is written by a program.
        let is_page = memchr::memmem::find(before, b"<script").is_some();
        if in_hole || is_tagged || is_page {
            return None;
        }
        if self.quotes.contains(&quote) {
            return Some((secret, Wording::reading(self.read)));
        }
        let body = &text[literal.body.range()];
        let is_kept = quote == b'\'' && !is_long && !self.lost.is_empty();
        if !is_kept || body.iter().any(|b| self.lost.contains(b)) {
            return None;
        }
        let parts = TextParts::of(text, literal.body, secret)?;
        let (before, behind) = (format!("\"{}", parts.before), format!("{}\"", parts.behind));
        let read = Wording::reading(self.read).between(&before, &behind);
        Some((literal.whole, read))
    }
}
