//! The literal that holds a credential, and whether it is the whole of an expression.

use crate::model::Span;
use crate::syntax::{TokenKind, Tree};

/// Signs in front of an expression.
const BEFORE: &[&[u8]] = &[b"=", b":", b",", b"=>", b":=", b"(", b"[", b"{", b"->"];

/// Signs behind one.
const BEHIND: &[&[u8]] = &[b",", b";", b")", b"]", b"}"];

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

    /// True for a literal that stands alone between signs, or at the end of a statement.
    pub(super) fn is_alone(&self, tree: &Tree<'_>) -> bool {
        let before = tree.before(self.at);
        let is_led = before.is_some_and(|before| {
            let is_return =
                tree.kind(before) == Some(TokenKind::Name) && tree.word(before) == b"return";
            is_return || tree.is_any(before, BEFORE)
        });
        // `"a".freeze` of Ruby
        let is_frozen = tree.is(self.at + 1, b".") && tree.word(self.at + 2) == b"freeze";
        let behind = self.at + if is_frozen { 3 } else { 1 };
        let ends = matches!(tree.kind(behind), None | Some(TokenKind::Newline))
            || tree.is_any(behind, BEHIND);
        // `'a'` and `'b'` on the next line are one literal in some languages, and a list without its comma in others.
        let next = tree.skip_lines(behind);
        let is_joined = tree.kind(next) == Some(TokenKind::Str) && tree.parent(self.at).is_some();
        is_led && ends && !(is_joined && next != behind)
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
