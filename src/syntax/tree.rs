//! Tokens with the brackets and lines that hold them.

use super::before::Before;
use super::lexer::{is_prefix, lex};
use super::token::{Style, Token, TokenKind};
use crate::model::Span;

/// Signs that a line which goes on begins or ends with.
const LEADS_ON: &[&[u8]] = &[
    b"+", b".", b"..", b"&", b"&&", b"||", b"??", b"<>", b"++", b"|>", b"?.", b"=", b":=", b"=>",
    b"+=", b"->", b"~", b"%", b"?",
];

/// Longest sign, in bytes.
const LONGEST_SIGN: usize = 3;

/// Most nested brackets that are told apart.
const DEEPEST: usize = 64;

/// Deepest indentation that is told from a deeper one, in bytes.
const LONGEST_INDENT: usize = 256;

/// Most tokens of a value, and most members of brackets, that are looked at.
const MOST: usize = 256;

/// Nobody.
const NONE: u32 = u32::MAX;

/// The tokens of a window, with what holds them.
#[derive(Debug)]
pub struct Tree<'t> {
    /// The text that the spans of the tokens are of.
    pub text: &'t [u8],
    /// In order.
    pub tokens: Vec<Token>,
    /// Of each token.
    links: Vec<TokenLinks>,
}

/// Which other tokens belong to one.
#[derive(Clone, Copy, Debug)]
struct TokenLinks {
    /// Of a bracket the other one.
    mate: u32,
    /// The bracket that it stands in.
    parent: u32,
    /// The first one on its line.
    line: u32,
}

/// A member of a pair of brackets: its name, if it has one, and the tokens of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The token that names it: `a` of `a: 1`, `a = 1`, `"a" => 1`.
    pub key: Option<usize>,
    /// The first token of its value.
    pub start: usize,
    /// Behind the last.
    pub end: usize,
}

impl<'t> Tree<'t> {
    /// The brackets of some tokens.
    pub fn new(text: &'t [u8], tokens: Vec<Token>) -> Self {
        let mut links: Vec<TokenLinks> = Vec::with_capacity(tokens.len());
        let mut line = 0;
        let mut open: Vec<(u32, u8)> = Vec::new();
        for (number, token) in (0..NONE).zip(&tokens) {
            let mut own = TokenLinks {
                mate: NONE,
                parent: NONE,
                line,
            };
            if token.kind == TokenKind::Newline {
                line = number + 1;
            }
            if token.kind == TokenKind::Close {
                let opening = match token.text(text) {
                    b")" => b'(',
                    b"]" => b'[',
                    _ => b'{',
                };
                if let Some(depth) = open.iter().rposition(|(_, own)| *own == opening) {
                    own.mate = open[depth].0;
                    links[own.mate as usize].mate = number;
                    open.truncate(depth);
                }
            }
            own.parent = open.last().map_or(NONE, |(open, _)| *open);
            links.push(own);
            if token.kind == TokenKind::Open {
                if open.len() == DEEPEST {
                    open.remove(0);
                }
                open.push((number, token.text(text)[0]));
            }
        }
        Self {
            text,
            tokens,
            links,
        }
    }

    /// What stands in front of a place that is in no literal, of so many bytes. Letters that belong to a literal there
    /// are left out.
    pub fn up_to(text: &'t [u8], before: &Before<'t>, at: usize, reach: usize) -> Self {
        let mut tokens = before.tokens(at, reach);
        tokens.pop_if(|last| last.span.end == at && is_prefix(last.text(text)));
        Self::new(text, tokens)
    }

    /// What stands behind a place, in so many bytes.
    pub fn behind(text: &'t [u8], at: usize, reach: usize) -> Self {
        let window = Span::new(at, text.len().min(at + reach));
        Self::new(text, lex(text, window, Style::ANY, false).0)
    }

    /// The other bracket.
    pub fn mate(&self, at: usize) -> Option<usize> {
        let mate = self.links.get(at)?.mate;
        (mate != NONE).then_some(mate as usize)
    }

    /// The bracket that holds a token.
    pub fn parent(&self, at: usize) -> Option<usize> {
        let parent = self.links.get(at)?.parent;
        (parent != NONE).then_some(parent as usize)
    }

    /// What a token is.
    pub fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The bytes of a token that count; none behind the last.
    pub fn word(&self, at: usize) -> &'t [u8] {
        self.tokens
            .get(at)
            .map_or(b"", |token| token.text(self.text))
    }

    /// True for a sign or a bracket.
    pub fn is(&self, at: usize, sign: &[u8]) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.is(self.text, sign))
    }

    /// True for one of these signs.
    pub fn is_any(&self, at: usize, signs: &[&[u8]]) -> bool {
        debug_assert!(signs.iter().all(|sign| sign.len() <= LONGEST_SIGN));
        // Most tokens are longer.
        let short = |token: &&Token| token.body.len() <= LONGEST_SIGN;
        let token = self.tokens.get(at).filter(short);
        token.is_some_and(|token| signs.iter().any(|sign| token.is(self.text, sign)))
    }

    /// The token that a byte of the text is a part of.
    pub fn at(&self, byte: usize) -> Option<usize> {
        let behind = self
            .tokens
            .partition_point(|token| token.span.start <= byte);
        let at = behind.checked_sub(1)?;
        (byte < self.tokens[at].span.end).then_some(at)
    }

    /// The token at `at`, or behind the ends of lines there.
    pub fn skip_lines(&self, mut at: usize) -> usize {
        while self.kind(at) == Some(TokenKind::Newline) {
            at += 1;
        }
        at
    }

    /// The token before `at`, the ends of lines left out.
    pub fn before(&self, at: usize) -> Option<usize> {
        let mut before = (0..at).rev();
        before.find(|at| self.kind(*at) != Some(TokenKind::Newline))
    }

    /// True when nothing stands between two tokens that follow each other.
    pub fn touches(&self, first: usize, second: usize) -> bool {
        let end = self.tokens.get(first).map(|token| token.span.end);
        end.is_some() && end == self.tokens.get(second).map(|token| token.span.start)
    }

    /// The first token of a line.
    pub fn line_start(&self, at: usize) -> usize {
        let own = self.links.get(at);
        own.map_or(self.tokens.len(), |own| own.line as usize)
    }

    /// How far the first token of a line is indented, in bytes.
    pub fn indent(&self, at: usize) -> usize {
        let first = self.line_start(at);
        let Some(token) = self.tokens.get(first) else {
            return 0;
        };
        let start = token.span.start;
        let blank = |b: &&u8| matches!(**b, b' ' | b'\t');
        self.text[..start]
            .iter()
            .rev()
            .take(LONGEST_INDENT)
            .take_while(blank)
            .count()
    }

    /// Behind the last token of the value that begins at `start`.
    pub fn value_end(&self, start: usize) -> usize {
        let is_in_round = self
            .parent(start)
            .is_some_and(|parent| !self.is(parent, b"{"));
        let mut at = start;
        while let Some(kind) = self.kind(at).filter(|_| at < start + MOST) {
            match kind {
                TokenKind::Open => at = self.mate(at).unwrap_or(at),
                TokenKind::Name if at > start && self.begins_field(at) => break,
                TokenKind::Close => break,
                TokenKind::Op if self.is_any(at, &[b",", b";"]) => break,
                TokenKind::Newline if !is_in_round && at > start && !self.leads_on(at) => break,
                _ => {}
            }
            at += 1;
        }
        at.min(self.tokens.len())
    }

    /// True for the name of the next field where nothing but a blank separates it from the value before: `a=b c=d`.
    fn begins_field(&self, at: usize) -> bool {
        let is_behind_value = matches!(
            self.kind(at - 1),
            Some(TokenKind::Name | TokenKind::Str | TokenKind::Close)
        ) || self.is(at - 1, b">");
        is_behind_value && self.is_any(at + 1, &[b"=", b":"]) && !self.touches(at - 1, at)
    }

    /// True when what stands around the end of a line makes one value of both sides.
    pub fn leads_on(&self, newline: usize) -> bool {
        let behind = self.skip_lines(newline);
        let is_before = newline
            .checked_sub(1)
            .is_some_and(|at| self.is_any(at, LEADS_ON));
        is_before || (self.is_any(behind, LEADS_ON) && !self.is(behind, b"-"))
    }

    /// The members of a pair of brackets, or of what `open` begins when nothing closes it.
    pub fn items(&self, open: usize) -> Vec<Item> {
        // Of brackets that nothing closes each would else be read to the end.
        let unclosed = || self.tokens.len().min(open + MOST);
        let end = self.mate(open).unwrap_or_else(unclosed);
        self.members(open + 1, end)
    }

    /// The members that stand between two tokens.
    pub fn members(&self, start: usize, end: usize) -> Vec<Item> {
        let mut items = Vec::new();
        let mut at = start;
        while at < end && items.len() < MOST {
            at = self.skip_lines(at);
            if at >= end {
                break;
            }
            let item = self.item(at, end);
            at = item.end + usize::from(self.is_any(item.end, &[b",", b";"]) || item.end <= at);
            items.push(item);
        }
        items
    }

    /// The member that begins at `start`.
    fn item(&self, start: usize, end: usize) -> Item {
        // `.name = value` of Zig and C
        let start =
            start + usize::from(self.is(start, b".") && self.key_behind(start + 1).is_some());
        let key = self
            .key_behind(start)
            .map(|value| (start, self.skip_lines(value)));
        let (key, value) = key.map_or((None, start), |(key, value)| (Some(key), value));
        let behind = self.value_end(value).min(end);
        Item {
            key,
            start: value,
            end: behind.max(value.min(end)),
        }
    }

    /// Where the value begins that the name at `at` is followed by a sign for.
    pub fn key_behind(&self, at: usize) -> Option<usize> {
        let is_name = matches!(self.kind(at), Some(TokenKind::Name | TokenKind::Str));
        let closing = usize::from(self.is(at + 1, b"]"));
        let sign = at + 1 + closing;
        let is_sign = self.is_any(sign, &[b":", b"=", b"=>", b":=", b"->"]);
        (is_name && is_sign).then_some(sign + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Tree<'_> {
        let (tokens, _) = lex(text.as_bytes(), Span::new(0, text.len()), Style::ANY, false);
        Tree::new(text.as_bytes(), tokens)
    }

    #[test]
    fn members_are_told_apart_with_their_names() {
        let tree = tree("f(a, b = 'c', {d: e, 'g': h}, k(l, m))");
        let shown = |item: &Item| {
            let key = item.key.map_or(String::new(), |key| {
                String::from_utf8_lossy(tree.word(key)).into_owned() + "="
            });
            let tokens = (item.start..item.end)
                .map(|at| String::from_utf8_lossy(tree.word(at)).into_owned());
            key + &tokens.collect::<Vec<_>>().join(" ")
        };
        let items: Vec<_> = tree.items(1).iter().map(shown).collect();
        assert_eq!(items, ["a", "b=c", "{ d : e , g : h }", "k ( l , m )"]);
    }

    #[test]
    fn a_value_ends_with_its_line_unless_that_goes_on() {
        let tree = tree("a = b +\n c\n  .d\ne = f");
        assert_eq!(tree.word(tree.value_end(2) + 1), b"e");
    }

    #[test]
    fn brackets_that_nothing_closes_do_no_harm() {
        let tree = tree("f(a, [b, {c) d] (((");
        assert!(tree.items(1).len() < 4);
        assert!(tree.members(0, tree.tokens.len()).len() < 4);
    }
}
