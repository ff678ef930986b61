//! Fields beside each other, and what is around them: `auth: { username: "a", password: "b" }`.

use super::bind::Binder;
use super::place::{AROUND, FAR};
use super::{USER_KEYS, is_key};
use crate::model::Span;
use crate::rules::{NameSet, Record, Role};
use crate::syntax::{Item, TokenKind};

/// Shortest value that is worth a look at what is around it, in bytes.
const SHORTEST: usize = 8;

/// How many tokens behind a name may say what its value is for.
const INSIDE: usize = 12;

/// Longest literal that counts as a name around a record, in bytes.
const LONGEST_WORD: usize = 32;

impl Binder<'_, '_> {
    /// A password or token beside other fields, where what is around says what it is for.
    pub(super) fn record(&mut self, at: usize, record: &Record) {
        let known = self.found.len();
        match self.value_beside(at).or_else(|| self.value_behind(at)) {
            Some(value) => self.recorded(at, value, record),
            None => self.element(at, record.role),
        }
        // Fields have many names, and most are given nothing that is worth a look around.
        let is_found = self.found.len() > known;
        if is_found && !record.near.is_empty() && !self.is_near(at, &record.near) {
            self.found.truncate(known);
        }
    }

    /// The value that begins at `value`, whatever is around it.
    fn recorded(&mut self, at: usize, value: usize, record: &Record) {
        let item = Item {
            key: Some(at),
            start: value,
            end: self.tree.value_end(value),
        };
        if !self.may_be_secret(&item) {
            return;
        }
        if record.role == Role::Token {
            return self.token_in(at, item.start, item.end);
        }
        let user = self.user_of(at, &record.user);
        if user.is_some() || record.user.is_empty() {
            self.password_item(at, &item, user.flatten());
        }
    }

    /// True for a literal that is long enough, or a word that looks like more than a name.
    fn may_be_secret(&self, item: &Item) -> bool {
        let tree = self.tree;
        let is_literal = |at: usize| {
            let body = tree.word(at);
            tree.kind(at) == Some(TokenKind::Str) && body.len() >= SHORTEST
        };
        let is_bare = tree.tokens.get(item.start).is_some_and(|token| {
            let rest = &tree.text[token.span.start..];
            rest.iter()
                .take_while(|b| !b.is_ascii_whitespace())
                .take(SHORTEST)
                .count()
                == SHORTEST
        });
        (item.start..item.end).any(is_literal)
            || (is_bare && tree.kind(item.start) != Some(TokenKind::Open))
    }

    pub(super) fn user_beside(&self, at: usize) -> Option<Span> {
        let is_user = |at: &usize| {
            self.tree.key_behind(*at).is_some() && is_key(self.tree.word(*at), USER_KEYS)
        };
        let key = self
            .backward(at, |_| false)
            .find(is_user)
            .or_else(|| self.forward(at + 1, |_| false).find(is_user))?;
        self.user_value(key)
    }

    /// The user that stands beside a password; the inner one is `None` when it is no literal.
    pub(super) fn user_of(&self, at: usize, names: &NameSet) -> Option<Option<Span>> {
        let tree = self.tree;
        let is_user = |at: &usize| self.is_named(*at) && names.has(tree.word(*at));
        let key = self
            .backward(at, |_| false)
            .find(is_user)
            .or_else(|| self.forward(at + 1, |_| false).find(is_user))?;
        Some(self.user_value(key))
    }

    /// True for a name with a value behind it: `a: b`, and `'a', 'b'` in a list of both.
    pub(super) fn is_named(&self, at: usize) -> bool {
        let is_listed = self.tree.kind(at) == Some(TokenKind::Str) && self.tree.is(at + 1, b",");
        is_listed || self.tree.key_behind(at).is_some()
    }

    pub(super) fn user_value(&self, key: usize) -> Option<Span> {
        let behind = self.tree.key_behind(key).unwrap_or(key + 2);
        let value = self.value_from(key, behind)?;
        let item = Item {
            key: None,
            start: value,
            end: self.tree.value_end(value),
        };
        self.literal(&item)
    }

    /// True when a name around a field, or beside it, is one of these.
    pub(super) fn is_near(&self, at: usize, near: &NameSet) -> bool {
        let tree = self.tree;
        let is = |at: usize| near.has(tree.word(at)) || (self.is_address(at) && near.has(b"url"));
        let is_word = |at: &usize| match tree.kind(*at) {
            Some(TokenKind::Name) => true,
            Some(TokenKind::Str) => {
                self.is_address(*at)
                    || tree.word(*at).len() <= LONGEST_WORD && !tree.word(*at).contains(&b' ')
            }
            _ => false,
        };
        let is_prose = |at: usize| {
            tree.parent(at).is_none() && tree.line_start(at) == at && !self.begins_with_key(at)
        };
        let beside = self
            .backward(at, is_prose)
            .chain(self.forward(at + 1, is_prose));
        let around = self.before_brackets(at).into_iter().chain(self.above(at));
        let inside = tree
            .value_end((at + 2).min(tree.tokens.len()))
            .min(at + INSIDE);
        let mut names = around.chain(beside).chain(at + 1..inside).filter(is_word);
        is(at) || names.any(is) || self.outer.iter().any(|name| near.has(name))
    }

    /// True for an address, which says as much as its name: `connect("mqtts://broker.example.org", { ... })`.
    fn is_address(&self, at: usize) -> bool {
        let tree = self.tree;
        let is_argument = at > 0 && tree.is_any(at - 1, &[b"(", b","]);
        let word = tree.word(at);
        let scheme = word
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'+');
        is_argument
            && tree.kind(at) == Some(TokenKind::Str)
            && word[scheme.count()..].starts_with(b"://")
    }

    /// True for a line of a record: `a: b`, `- a: b`, `a = b`, `}`.
    pub(super) fn begins_with_key(&self, line: usize) -> bool {
        let tree = self.tree;
        let first = (line..line + 3)
            .find(|at| !tree.is_any(*at, &[b"-", b".", b"@"]))
            .unwrap_or(line);
        tree.key_behind(first).is_some()
            || matches!(
                tree.kind(first),
                Some(TokenKind::Open | TokenKind::Close | TokenKind::Newline)
            )
    }

    /// The names in front of the brackets that a token stands in.
    pub(super) fn before_brackets(&self, at: usize) -> Vec<usize> {
        let mut names = Vec::new();
        let mut inner = at;
        for _ in 0..AROUND {
            let Some(open) = self.tree.parent(inner) else {
                break;
            };
            names.extend(open.saturating_sub(6)..open);
            inner = open;
        }
        names
    }

    /// What stands on the lines that a token's line is indented below, and in front of its section.
    pub(super) fn above(&self, at: usize) -> Vec<usize> {
        let tree = self.tree;
        let mut names = Vec::new();
        let (mut line, mut indent) = (tree.line_start(at), tree.indent(at));
        let is_flat = indent == 0;
        for _ in 0..FAR {
            let Some(above) = tree.before(line).map(|above| tree.line_start(above)) else {
                break;
            };
            let own = tree.indent(above);
            let is_section = tree.is(above, b"[");
            if own < indent || is_section {
                names.extend(above..line.min(above + 6));
                indent = own;
            }
            if is_section || (own == 0 && !is_flat) {
                break;
            }
            line = above;
        }
        names
    }
}
