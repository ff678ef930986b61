//! Passwords, alone or behind their user in one literal.

use super::bind::{Binder, LONGEST_BARE};
use super::value::{self, Part};
use crate::model::Span;
use crate::rules::Role;
use crate::syntax::{Item, Name, TokenKind};

/// Words of a name whose value is no password any more.
const SEALED: &str = "encrypted hash hashed digest masked file path";

/// True for a name whose value is no password any more: `password_digest`, but not `HTTPDigestAuth`, which takes one.
pub(super) fn is_sealed(written: &[u8]) -> bool {
    let name = Name::new(written);
    let takes_one = || name.has("digest") && name.has("auth authentication");
    name.has(SEALED) && !takes_one()
}

/// Shortest password that is looked at, in bytes.
const SHORTEST: usize = 4;

impl Binder<'_, '_> {
    /// The one literal of an argument.
    pub(super) fn literal(&self, item: &Item) -> Option<Span> {
        let parts = value::parts(self.tree, item.start, item.end);
        match parts.first() {
            Some(Part::Literal(body)) => Some(*body),
            Some(Part::Name(name)) if self.tree.kind(item.start) == Some(TokenKind::Name) => {
                Some(*name)
            }
            _ => None,
        }
    }

    pub(super) fn password_item(&mut self, name: usize, item: &Item, user: Option<Span>) {
        if self.tree.is_any(item.start, &[b"{", b"["]) {
            return;
        }
        let parts = value::parts(self.tree, item.start, item.end);
        let literal = parts.iter().find_map(|part| match part {
            Part::Literal(body) => Some(*body),
            Part::Name(_) => None,
        });
        if let Some(body) = literal {
            return self.password(name, body, user);
        }
        if let [Part::Name(own)] = parts[..] {
            self.name(own, None, Role::Password);
        }
        // An argument without quotes is a name, whatever it looks like.
        if item.key.is_some() {
            self.bare_password(name, item.start, user);
        }
    }

    /// A password without quotes.
    pub(super) fn bare_password(&mut self, name: usize, value: usize, user: Option<Span>) {
        let tree = self.tree;
        let Some(token) = tree.tokens.get(value) else {
            return;
        };
        let start = token.span.start;
        let length = self.bare_length(start);
        // A line that ends in a literal: `"PASSWORD=abc\nlogin"`.
        let value = &self.text()[start..start + length];
        let length = memchr::memmem::find(value, b"\\n").unwrap_or(length);
        let value = &value[..length];
        let is_call = value
            .windows(2)
            .any(|pair| pair[0].is_ascii_alphanumeric() && pair[1] == b'(');
        let is_escape =
            self.text()[..start].ends_with(b"\\") || memchr::memmem::find(value, b"\\u").is_some();
        // No word of a sentence has a hyphen: `user jenkins insecure-password abc groups admin`.
        let is_setting = || tree.word(name).contains(&b'-');
        if (self.is_alone(start + length) || is_setting()) && !is_call && !is_escape {
            self.password(name, Span::new(start, start + length), user);
        }
    }

    /// Length of the run without quotes at `start`. Texts in an object file end with a NUL.
    fn bare_length(&self, start: usize) -> usize {
        let rest = &self.text()[start..];
        let near = &rest[..rest.len().min(LONGEST_BARE)];
        let ends =
            |b: &u8| b.is_ascii_whitespace() || b.is_ascii_control() || b"\"'`,;)}<".contains(b);
        near.iter().position(ends).unwrap_or(near.len())
    }

    /// True when no other word follows on the line, as in a sentence: `password: Wrong credentials`.
    pub(super) fn is_alone(&self, end: usize) -> bool {
        let text = self.text();
        let rest = &text[end..text.len().min(end + LONGEST_BARE)];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let behind = line.trim_ascii_start();
        let is_field = |word: &[u8]| word.iter().take(32).any(|b| matches!(b, b'=' | b':'));
        let word = behind
            .split(u8::is_ascii_whitespace)
            .next()
            .unwrap_or_default();
        behind.len() == line.len()
            || behind.is_empty()
            || !behind[0].is_ascii_alphanumeric()
            || is_field(word)
    }

    pub(super) fn password(&mut self, name: usize, secret: Span, user: Option<Span>) {
        if is_sealed(self.tree.word(name)) {
            return;
        }
        let value = &self.tree.text[secret.range()];
        let has_blank = value.iter().any(u8::is_ascii_whitespace);
        if value.len() >= SHORTEST && !has_blank {
            self.give(name, secret, user);
        }
    }

    /// `user:password` in one literal.
    pub(super) fn pair_item(&mut self, name: usize, item: &Item) {
        let parts = value::parts(self.tree, item.start, item.end);
        for (at, part) in parts.iter().enumerate() {
            let Part::Literal(body) = part else {
                continue;
            };
            // `$user . ':' . $password`
            return match parts.get(at + 1) {
                Some(Part::Name(own)) if self.text()[body.range()].ends_with(b":") => {
                    self.name(*own, None, Role::Password);
                }
                _ => self.pair(name, *body),
            };
        }
        if let Some(token) = self.tree.tokens.get(item.start) {
            let start = token.span.start;
            let length = self.bare_length(start);
            self.pair(name, Span::new(start, start + length));
        }
    }

    /// `user:password` that is to be encoded: `btoa("user:abc")`.
    pub(super) fn encoded_item(&mut self, name: usize, item: &Item) {
        let tree = self.tree;
        let parts = value::parts(tree, item.start, item.end);
        let colon = parts.iter().position(
            |part| matches!(part, Part::Literal(body) if tree.text[body.range()].contains(&b':')),
        );
        match (colon.map(|colon| (colon, parts[colon])), &parts[..]) {
            // Also behind the name of a type: `[Text.Encoding]::ASCII.GetBytes("user:abc")`.
            (Some((_, Part::Literal(body))), _) if is_whole_pair(&tree.text[body.range()]) => {
                self.give(name, body, None)
            }
            // A token behind no user: `GetBytes(":abc")`.
            (Some((_, Part::Literal(body))), _) if is_token_alone(&tree.text[body.range()]) => {
                self.give(name, Span::new(body.start + 1, body.end), None)
            }
            // `` btoa(`user:${PASSWORD}`) ``
            (Some((_, Part::Literal(body))), [_]) => {
                let value = &tree.text[body.range()];
                let colon = value.iter().rposition(|b| *b == b':').unwrap_or_default();
                let behind = Span::new(body.start + colon + 1, body.end);
                if let Some(own) = value::inserted_name(tree.text, behind) {
                    self.name(own, None, Role::Password);
                }
            }
            // `btoa("user" + ":" + "abc")`
            (Some((at, _)), _) => {
                match parts.get(at + 1) {
                    Some(Part::Literal(body)) => self.give(name, *body, None),
                    // `btoa(USER + ":" + PASSWORD)`
                    Some(Part::Name(own)) => self.name(*own, None, Role::Password),
                    None => {}
                }
            }
            // `ToBase64String(Text.Encoding.UTF8.GetBytes(pair))`
            (None, [.., Part::Name(own)]) => self.name(*own, None, Role::Encoded),
            _ => {}
        }
    }

    pub(super) fn pair(&mut self, name: usize, body: Span) {
        let value = &self.tree.text[body.range()];
        let Some(colon) = value
            .iter()
            .position(|b| *b == b':')
            .filter(|_| is_pair(value))
        else {
            return;
        };
        let user = Span::new(body.start, body.start + colon);
        self.password(name, Span::new(user.end + 1, body.end), Some(user));
    }
}

/// True for `user:password`, and not for `user:` alone, behind which the password stands.
fn is_whole_pair(value: &[u8]) -> bool {
    is_pair(value) && !value.ends_with(b":")
}

/// Fewest bytes of a token that stands behind no user, with its colon.
const SHORTEST_ALONE: usize = 20;

/// True for a colon and a token, as a client encodes them that has no user.
fn is_token_alone(value: &[u8]) -> bool {
    let token = value.strip_prefix(b":");
    value.len() >= SHORTEST_ALONE
        && token.is_some_and(|own| own.iter().all(u8::is_ascii_alphanumeric))
}

/// True for `user:password`, and not for a URL, the member of a type (`[Convert]::ToBase64String`) or something that is
/// put together.
fn is_pair(value: &[u8]) -> bool {
    let colon = value.iter().position(|b| *b == b':').unwrap_or_default();
    let is_user = |b: &u8| !b.is_ascii_whitespace() && !b"${}()".contains(b);
    (1..=64).contains(&colon)
        && value[..colon].iter().all(is_user)
        && !value[colon..].starts_with(b"://")
        && !value[colon..].starts_with(b"::")
}
