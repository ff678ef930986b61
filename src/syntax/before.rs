//! What stands in front of places of a text, each byte read once for all of them.

use super::lexer::{Lexer, is_quote};
use super::token::{Style, Token};
use crate::model::Span;
use std::cell::RefCell;

/// So many tokens are kept.
const MOST_KEPT: usize = 4096;

/// How far back what is asked for next may begin, in bytes.
const FARTHEST: usize = 512;

/// Length of what begins a comment, in bytes: `//`, `# `, `--`.
const OPENER: usize = 2;

/// The tokens in front of a place that is in no literal, from as many bytes before. Where these begin may be in one:
/// read so, the last quote opens what nothing closes.
fn lex_before(text: &[u8], at: usize, reach: usize) -> Vec<Token> {
    let read = |start| {
        let mut lexer = Lexer::new(text, Span::new(start, at), Style::ANY);
        lexer.read();
        lexer
    };
    let start = at.saturating_sub(reach);
    let first = read(start);
    let quote = text[start..at].iter().position(is_quote);
    match quote.filter(|_| !first.lost.is_empty()) {
        Some(quote) => read(start + quote + 1).tokens,
        None => first.tokens,
    }
}

/// What stands in front of places of a text, which are asked for in their order: each byte is read once.
pub struct Before<'t> {
    text: &'t [u8],
    read: RefCell<Option<Lexer<'t>>>,
}

impl<'t> Before<'t> {
    /// Nothing is read yet.
    pub fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            read: RefCell::new(None),
        }
    }

    /// The tokens in front of a place that is in no literal, of so many bytes.
    pub(super) fn tokens(&self, at: usize, reach: usize) -> Vec<Token> {
        let start = at.saturating_sub(reach);
        let mut read = self.read.borrow_mut();
        let lexer = match read.take() {
            Some(lexer) if lexer.start <= start && start <= lexer.end => lexer.up_to(at),
            _ => Lexer::new(
                self.text,
                Span::new(at.saturating_sub(FARTHEST), at),
                Style::ANY,
            ),
        };
        let lexer = read.insert(lexer);
        lexer.read();
        // `// concat("a", "b")`: what stands in a comment is read as a text of its own.
        let comment = lexer.comments.last();
        if let Some(comment) = comment.filter(|own| own.start < at && own.end >= at) {
            let body = Span::new((comment.start + OPENER).max(start).min(at), at);
            let mut inner = Lexer::new(self.text, body, Style::ANY);
            inner.read();
            return inner.tokens;
        }
        let own = lexer
            .tokens
            .partition_point(|token| token.span.start < start);
        let own = &lexer.tokens[own..];
        let own = &own[..own.partition_point(|token| token.span.start < at)];
        let is_whole = own.last().is_none_or(|last| last.span.end <= at);
        let is_lost = lexer
            .lost
            .iter()
            .rev()
            .take_while(|lost| **lost >= start)
            .any(|lost| *lost < at);
        if is_whole && !is_lost {
            own.to_vec()
        } else {
            lex_before(self.text, at, reach)
        }
    }
}

impl Lexer<'_> {
    /// The same window, as far as a place that may be behind it; what is far in front is let go.
    fn up_to(mut self, at: usize) -> Self {
        self.end = self.end.max(at);
        self.farthest = self.end;
        self.comments.clear();
        if self.tokens.len() > MOST_KEPT {
            self.start = at.saturating_sub(FARTHEST);
            self.tokens.retain(|token| token.span.end > self.start);
            self.lost.retain(|lost| *lost >= self.start);
        }
        self
    }
}
