//! The literal that holds a credential, and whether it is the whole of an expression.

use crate::model::Span;
use crate::syntax::{TokenKind, Tree};

/// Signs in front of an expression.
const BEFORE: &[&[u8]] = &[b"=", b":", b",", b"=>", b":=", b"(", b"[", b"{", b"->"];

/// Words in front of one.
const RETURNS: &[&[u8]] = &[b"return", b"echo", b"print", b"default"];

/// Signs behind one.
const BEHIND: &[&[u8]] = &[b",", b";", b")", b"]", b"}"];

/// How a language writes an expression that is one of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// `a ? b : c`
    Signs,
    /// `b if a else c` of Python.
    Behind,
    /// `if (a) b else c` of Kotlin and Scala.
    Words,
    /// None of these.
    Other,
}

impl Choice {
    /// True for the token in front of one of the two.
    fn leads(self, tree: &Tree<'_>, at: usize) -> bool {
        match self {
            Self::Signs => tree.is(at, b"?"),
            Self::Behind => tree.word(at) == b"else" && tree.kind(at) == Some(TokenKind::Name),
            Self::Words => {
                let condition = tree.mate(at).filter(|_| tree.is(at, b")"));
                let condition = condition.and_then(|open| tree.before(open));
                tree.kind(at) == Some(TokenKind::Name) && tree.word(at) == b"else"
                    || condition.is_some_and(|own| tree.word(own) == b"if")
            }
            Self::Other => false,
        }
    }

    /// True where the language writes `a ? b : c`.
    pub(super) fn has_signs(self) -> bool {
        self == Self::Signs
    }

    /// True for the token behind the first of the two, which is `own`.
    fn follows(self, tree: &Tree<'_>, own: usize, at: usize) -> bool {
        let is_word = |word: &[u8]| tree.kind(at) == Some(TokenKind::Name) && tree.word(at) == word;
        match self {
            Self::Signs => {
                let is_led = tree.before(own).is_some_and(|before| tree.is(before, b"?"));
                is_led && tree.is(at, b":")
            }
            Self::Behind => is_word(b"if"),
            Self::Words => is_word(b"else"),
            Self::Other => false,
        }
    }

    /// True for a sign in front of the second of the two: the `:` of `a ? b : c`.
    pub(super) fn divides(self, tree: &Tree<'_>, at: usize) -> bool {
        self.question(tree, at).is_some()
    }

    /// The `?` of a choice, by the `:` that may be a part of it.
    pub(super) fn question(self, tree: &Tree<'_>, at: usize) -> Option<usize> {
        if !self.has_signs() || !tree.is(at, b":") {
            return None;
        }
        let parent = tree.parent(at);
        let mut open = 0;
        for before in (at.saturating_sub(FARTHEST)..at).rev() {
            if tree.parent(before) != parent {
                continue;
            }
            match () {
                () if tree.is(before, b":") => open += 1,
                // `a?: b` of TypeScript
                () if tree.is(before, b"?") && !tree.touches(before, before + 1) => {
                    if open == 0 {
                        return Some(before);
                    }
                    open -= 1;
                }
                () if tree.is_any(before, &[b";", b",", b"="]) => return None,
                () if tree.kind(before) == Some(TokenKind::Newline) => {
                    let signs: &[&[u8]] = &[b"?", b":", b"&&", b"||"];
                    let last = before.checked_sub(1);
                    let goes_on = tree.is_any(before + 1, signs)
                        || last.is_some_and(|last| tree.is_any(last, signs));
                    if !goes_on {
                        return None;
                    }
                }
                () => {}
            }
        }
        None
    }
}

/// Most tokens between the two signs of a choice.
const FARTHEST: usize = 128;

/// A literal that holds a credential.
pub(super) struct SecretLiteral {
    /// Its token.
    pub(super) at: usize,
    /// All of it, with quotes and what stands in front of them.
    pub(super) whole: Span,
    /// What is between the quotes.
    pub(super) body: Span,
}

impl SecretLiteral {
    /// The literal around a credential.
    pub(super) fn around(tree: &Tree<'_>, secret: Span) -> Option<Self> {
        let at = tree.at(secret.start)?;
        let token = tree.tokens[at];
        let holds = token.body.start <= secret.start && secret.end <= token.body.end;
        (token.kind == TokenKind::Str && holds).then_some(Self {
            at,
            whole: token.span,
            body: token.body,
        })
    }

    /// The quote.
    pub(super) fn quote(&self, tree: &Tree<'_>) -> u8 {
        tree.text[self.body.start - 1]
    }

    /// Letters and signs in front of the quotes: `b` of `b"..."`; of three quotes the other two.
    pub(super) fn prefix<'t>(&self, tree: &Tree<'t>) -> &'t [u8] {
        &tree.text[self.whole.start..self.body.start - 1]
    }

    /// True for a literal that stands alone between signs, or at the end of a statement. What it is one choice of may be
    /// chosen as its language does: `a ? "b" : c`, `"b" if a else c`. Signs that join texts may stand beside it:
    /// `"Bearer " + "b"`.
    pub(super) fn is_alone(&self, tree: &Tree<'_>, choice: Choice, joins: &[&[u8]]) -> bool {
        let before = tree.before(self.at);
        let is_led = before.is_some_and(|before| {
            let is_return =
                tree.kind(before) == Some(TokenKind::Name) && RETURNS.contains(&tree.word(before));
            let joins = tree.is_any(before, joins);
            is_return || joins || tree.is_any(before, BEFORE) || choice.leads(tree, before)
        });
        // `"a".freeze` of Ruby
        let is_frozen = tree.is(self.at + 1, b".") && tree.word(self.at + 2) == b"freeze";
        let behind = match self.owner(tree) {
            Some(end) => end + 1,
            None => self.at + if is_frozen { 3 } else { 1 },
        };
        let ends = matches!(tree.kind(behind), None | Some(TokenKind::Newline))
            || tree.is_any(behind, BEHIND)
            || tree.is_any(behind, joins)
            || choice.follows(tree, self.at, behind);
        // `'a'` and `'b'` on the next line are one literal in some languages, and a list without its comma in others.
        let next = tree.skip_lines(behind);
        let is_joined = tree.kind(next) == Some(TokenKind::Str) && tree.parent(self.at).is_some();
        // In a table of PowerShell the next line may begin with the next key.
        let is_joined = is_joined && !tree.is(next + 1, b"=");
        // A call that goes on: `"a"`, and `.to_string()` on the next line.
        let goes_on = next != behind && tree.is(next, b".");
        is_led && ends && !goes_on && !(is_joined && next != behind)
    }

    /// The literal and the call that makes a text of its own of it: `"a".to_string()` of Rust.
    pub(super) fn owned(&self, tree: &Tree<'_>) -> Option<Span> {
        let end = self.owner(tree)?;
        Some(Span::new(self.whole.start, tree.tokens[end].span.end))
    }

    /// The last token of that call.
    fn owner(&self, tree: &Tree<'_>) -> Option<usize> {
        let is_call =
            tree.is(self.at + 1, b".") && tree.is(self.at + 3, b"(") && tree.is(self.at + 4, b")");
        let is_owner = matches!(tree.word(self.at + 2), b"to_string" | b"to_owned");
        (is_call && is_owner).then_some(self.at + 4)
    }

    /// The name that is given the literal: `token` of `token = "..."` and `{ token: "..." }`.
    pub(super) fn name<'t>(&self, tree: &Tree<'t>) -> Option<&'t [u8]> {
        let sign = tree
            .before(self.at)
            .filter(|sign| tree.is_any(*sign, &[b"=", b":", b"=>", b":="]))?;
        let name = tree.before(sign)?;
        matches!(tree.kind(name), Some(TokenKind::Name | TokenKind::Str)).then(|| tree.word(name))
    }
}
