//! What a name is given: by a header, a field, an option of a command, a scheme. `place` knows where a value stands,
//! `call`, `password` and `record` take what is more than one value apart.

use super::super::header_value;
use super::super::pattern::Found;
use super::meaning::Meaning;
use super::value::{self, Part};
use crate::model::Span;
use crate::rules::Role;
use crate::syntax::{Item, Name, Style, TokenKind, Tree};

/// Most tags between a name and its value, and how long they may be together, in bytes.
const TAGS: usize = 6;
const LONGEST_TAGS: usize = 400;

/// Most tokens of a binary of Erlang.
const LONGEST_BINARY: usize = 16;

/// Longest value between tags, in bytes.
const LONGEST_ELEMENT: usize = 4 << 10;

/// Longest value without quotes, in bytes.
pub(super) const LONGEST_BARE: usize = 1 << 10;

/// Words of names whose value keeps a form from being sent by another page: `X-CSRF-Token`, `authenticity_token`.
const AGAINST_FORGERY: &str = "authenticity csrf csrftoken xsrf";

/// Words of headers that prove nothing about who sends them: `X-Idempotency-Key`.
const OPENS_NOTHING: &str = "cache continuation correlation cursor idempotency page pagination partition public publishable \
    sort surrogate";

/// Words of fields whose value everybody may have.
const PUBLIC: &str = "public publishable";

/// What a name is given.
#[derive(Clone, Copy, Debug)]
pub(super) enum BoundValue {
    /// A literal.
    Literal(Found),
    /// A name for one, with the scheme in front of it and what it is for.
    Name(Span, Option<Span>, Role),
}

/// Finds what the names of one tree are given.
pub(super) struct Binder<'b, 't> {
    pub(super) tree: &'b Tree<'t>,
    /// Where what is read ends, in bytes.
    pub(super) end: usize,
    pub(super) style: Style,
    /// Names around the literal that the tree was read from.
    pub(super) outer: &'b [&'t [u8]],
    pub(super) found: &'b mut Vec<BoundValue>,
}

impl Binder<'_, '_> {
    /// The calls that a name is called on, as words in front of it: `authentication.` of `.authentication().basic`.
    pub(super) fn chain(tree: &Tree<'_>, at: usize) -> Vec<u8> {
        let mut names = Vec::new();
        let mut at = at;
        while names.len() < 3 {
            let close = at
                .checked_sub(2)
                .filter(|close| tree.is(at - 1, b".") && tree.is(*close, b")"));
            let open = close.and_then(|close| tree.mate(close));
            let Some(name) = open.and_then(|open| open.checked_sub(1)) else {
                break;
            };
            if tree.kind(name) != Some(TokenKind::Name) {
                break;
            }
            names.push(tree.word(name));
            at = name;
        }
        let mut chain = Vec::new();
        for name in names.iter().rev() {
            chain.extend_from_slice(name);
            chain.push(b'.');
        }
        chain
    }

    /// Everything that the name at `at` is given; `name` is the same in words.
    pub(super) fn bind(&mut self, at: usize, name: &Name, meaning: &Meaning) {
        match meaning {
            _ if name.has(AGAINST_FORGERY) => {}
            Meaning::Header if name.has(OPENS_NOTHING) => {}
            // What reaches a browser is public: `NEXT_PUBLIC_MAP_API_KEY`.
            Meaning::Field(Role::Token) if name.has(PUBLIC) => {}
            Meaning::Header => self.header(at),
            Meaning::Call(roles) => self.call(at, roles),
            Meaning::Field(role) => self.field(at, *role),
            Meaning::Flag(role) => self.flag(at, *role),
            Meaning::Record(record) => self.record(at, record),
            Meaning::Scheme => self.scheme(at),
        }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.tree.text[..self.end]
    }

    pub(super) fn give(&mut self, name: usize, secret: Span, scheme: Option<Span>) {
        let own = self.tree.tokens[name].span;
        self.found.push(BoundValue::Literal(Found {
            secret,
            scheme,
            whole: own.around(secret),
        }));
    }

    pub(super) fn header(&mut self, at: usize) {
        let tree = self.tree;
        let value = self.value_beside(at).or_else(|| self.value_behind(at));
        if let Some(value) = value.or_else(|| self.value_before(at)) {
            return self.token_value(at, value);
        }
        let next = at + 1;
        match tree.kind(next) {
            // `proxy_set_header Authorization "Basic abc"`, `:authorization "abc"`
            Some(TokenKind::Str) => self.token_value(at, next),
            // `.authorization("Bearer abc")`, `AuthorizationBearer{"abc"}`
            Some(TokenKind::Open) if !tree.is(next, b"[") => match tree.items(next)[..] {
                [only] if only.key.is_none() && tree.kind(only.start) == Some(TokenKind::Str) => {
                    self.token_in(at, only.start, only.end);
                }
                _ => {}
            },
            _ => {}
        }
        self.element(at, Role::Token);
        // `Authorization Bearer abc`, `proxy_set_header X-Api-Key abc;`
        let is_bare = tree.kind(next) == Some(TokenKind::Name) && !tree.touches(at, next);
        if is_bare && let Some(value) = header_value::at(self.text(), tree.tokens[next].span.start)
        {
            let behind = self.text()[value.secret.end..]
                .iter()
                .find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
            let ends = behind.is_none_or(|b| b"\n;\"'`}|)".contains(b));
            if ends || value.scheme.is_some() {
                self.give(at, value.secret, value.scheme);
            }
        }
        // `Header.add h "X-Api-Key" api_key`, `proxy_set_header X-Api-Key $api_key;`
        let is_name = tree.kind(at) == Some(TokenKind::Str) || tree.word(next).starts_with(b"$");
        if is_bare && is_name {
            self.name(tree.tokens[next].body, None, Role::Token);
        }
        self.mapped(at);
    }

    /// A name for what is sought.
    pub(super) fn name(&mut self, own: Span, scheme: Option<Span>, role: Role) {
        self.found.push(BoundValue::Name(own, scheme, role));
    }

    /// The values of a header that a server knows: `map $http_x_api_key $client { "abc" one; }`.
    fn mapped(&mut self, at: usize) {
        let tree = self.tree;
        let open = at + 2;
        let is_map = tree.text[tree.tokens[at].span.range()].starts_with(b"$")
            && tree.kind(at + 1) == Some(TokenKind::Name)
            && tree.is(open, b"{");
        let Some(close) = tree.mate(open).filter(|_| is_map) else {
            return;
        };
        let begins = |at: &usize| {
            tree.kind(*at - 1) == Some(TokenKind::Newline) || tree.is_any(*at - 1, &[b"{", b";"])
        };
        for value in (open + 1..close).filter(begins) {
            match tree.kind(value) {
                Some(TokenKind::Str) => self.token_in(at, value, value + 1),
                Some(TokenKind::Name) => self.bare(at, value),
                _ => {}
            }
        }
    }

    /// What stands behind a literal that is the beginning of a header: `"Authorization: Bearer " + TOKEN`, from `value`
    /// on in the literal.
    pub(super) fn header_line(&mut self, at: usize, value: usize) {
        let tree = self.tree;
        let rest = Span::new(value, tree.tokens[at].body.end);
        if !value::is_begun(tree.text, rest) {
            return;
        }
        // `sprintf("Authorization: Bearer %s", TOKEN)`
        let next = at + 1 + usize::from(tree.is(at + 1, b","));
        let mut parts = vec![Part::Literal(rest)];
        parts.extend(value::parts(tree, next, tree.value_end(next)));
        for credential in value::credentials(tree.text, &parts, self.style) {
            match credential.part {
                Part::Literal(secret) => self.give(at, secret, credential.scheme),
                Part::Name(own) => self.name(own, credential.scheme, Role::Token),
            }
        }
    }

    /// A token, with its scheme or without, in the value that begins at `value`.
    pub(super) fn token_value(&mut self, name: usize, value: usize) {
        let tree = self.tree;
        let end = tree.value_end(value);
        // `<<"Bearer ", ?TOKEN/binary>>`
        let is_binary = tree.is(value.wrapping_sub(1), b"<<") && tree.is(end, b",");
        let mut behind = end..tree.tokens.len().min(end + LONGEST_BINARY);
        let close = behind.find(|at| is_binary && tree.is(*at, b">>"));
        self.token_in(name, value, close.unwrap_or(end));
    }

    pub(super) fn token_in(&mut self, name: usize, value: usize, end: usize) {
        let tree = self.tree;
        if let Some(parameters) = value::parameters(tree, value, end) {
            for (secret, scheme) in parameters {
                self.give(name, secret, Some(scheme));
            }
            return;
        }
        let parts = value::parts(tree, value, end);
        let has_literal = parts.iter().any(|part| matches!(part, Part::Literal(_)));
        if !has_literal {
            self.bare(name, value);
        }
        for credential in value::credentials(tree.text, &parts, self.style) {
            match credential.part {
                Part::Literal(secret) => self.give(name, secret, credential.scheme),
                Part::Name(own) => self.name(own, credential.scheme, Role::Token),
            }
        }
    }

    /// A value without quotes: `Authorization: Bearer abc`.
    pub(super) fn bare(&mut self, name: usize, value: usize) {
        let tree = self.tree;
        let first = (value..value + 4).find(|at| tree.kind(*at) != Some(TokenKind::Open));
        let start = first
            .and_then(|first| tree.tokens.get(first))
            .map(|token| token.span.start);
        if let Some(found) = start.and_then(|start| header_value::at(self.text(), start)) {
            let secret = self.with_password(found.secret, found.scheme);
            self.give(name, secret, found.scheme);
        }
    }

    /// With what stands behind the user, where a client encodes the two itself: `Basic user abc`.
    pub(super) fn with_password(&self, secret: Span, scheme: Option<Span>) -> Span {
        let text = self.text();
        let is_basic =
            scheme.is_some_and(|scheme| text[scheme.range()].eq_ignore_ascii_case(b"basic"));
        let rest = &text[secret.end..text.len().min(secret.end + LONGEST_TAGS)];
        let line = &rest[..memchr::memchr(b'\n', rest)
            .unwrap_or(rest.len())
            .min(LONGEST_TAGS)];
        let password = line.trim_ascii();
        let is_one = password.len() >= 8
            && !password.iter().any(u8::is_ascii_whitespace)
            && line.starts_with(b" ");
        if is_basic && is_one {
            Span::new(secret.start, secret.end + 1 + password.len())
        } else {
            secret
        }
    }

    /// A value between tags: `<name>Authorization</name> <value>abc</value>`, `<a name="x-api-key">abc</a>`.
    pub(super) fn element(&mut self, name: usize, role: Role) {
        let tree = self.tree;
        let token = tree.tokens[name];
        let rest = &self.text()[token.span.end..];
        let near = &rest[..rest.len().min(LONGEST_TAGS)];
        // What is left of the tag that the name stands in.
        let left = match near.first() {
            Some(b'<') if role == Role::Token => 0,
            Some(b'<') => return,
            _ => match near.iter().position(|b| matches!(b, b'<' | b'>')) {
                Some(end) if near[end] == b'>' && token.kind == TokenKind::Str => end + 1,
                Some(end) if near[end] == b'>' && tree.is(name.wrapping_sub(1), b"<") => end + 1,
                Some(end)
                    if near[end] == b'<' && near[..end].iter().all(u8::is_ascii_whitespace) =>
                {
                    end
                }
                _ => return,
            },
        };
        let Some(start) = behind_tags(near, left) else {
            return;
        };
        let start = token.span.end + start;
        match role {
            Role::Token => {
                let end = self.end.min(start + LONGEST_ELEMENT);
                if let Some(value) = header_value::at(&self.text()[..end], start) {
                    self.give(name, value.secret, value.scheme);
                }
            }
            _ => {
                let text = self.text();
                let length = text[start..]
                    .iter()
                    .take(LONGEST_BARE)
                    .take_while(|b| !b.is_ascii_whitespace() && **b != b'<')
                    .count();
                let secret = Span::new(start, start + length);
                self.password(name, secret, None);
            }
        }
    }

    pub(super) fn field(&mut self, at: usize, role: Role) {
        let tree = self.tree;
        let value = self.value_beside(at).or_else(|| self.value_behind(at));
        let next = at + 1;
        let value = value.or_else(|| {
            // `stats auth user:abc`
            let mut behind = next + 1..tree.tokens.len();
            let ends_line = |at: usize| tree.kind(at) == Some(TokenKind::Newline);
            let end = behind.find(|at| ends_line(*at) || !tree.touches(at - 1, *at));
            let is_last = end.is_none_or(ends_line);
            let is_setting = tree.word(at).contains(&b'-');
            let is_bare = tree.kind(next) == Some(TokenKind::Name) && !tree.touches(at, next);
            let is_beside = tree.kind(next) == Some(TokenKind::Str)
                || (is_bare && (is_last || is_setting || tree.line_start(at) == at));
            is_beside.then_some(next)
        });
        match value {
            Some(value) => self.given(at, value, role),
            None => self.element(at, role),
        }
    }

    /// What stands at `value` for the name at `at`.
    pub(super) fn given(&mut self, at: usize, value: usize, role: Role) {
        if self.tree.is(at + 1, b",") && self.tree.kind(value) != Some(TokenKind::Str) {
            return;
        }
        let item = Item {
            key: Some(at),
            start: value,
            end: self.tree.value_end(value),
        };
        match role {
            Role::Token => self.token_in(at, item.start, item.end),
            Role::Pair => self.pair_item(at, &item),
            Role::Encoded => self.encoded_item(at, &item),
            Role::Password => {
                let user = self.user_beside(at);
                self.password_item(at, &item, user);
            }
            Role::User | Role::Stdin | Role::Other => {}
        }
    }

    /// `--name abc`, `--name=abc`, `"--name", "abc"`, and `- --name` with `- abc` below.
    pub(super) fn flag(&mut self, at: usize, role: Role) {
        let tree = self.tree;
        let token = tree.tokens[at];
        let is_flag = tree.text[..token.body.start].ends_with(b"-")
            || token.text(tree.text).starts_with(b"--");
        if is_flag && role == Role::Stdin {
            return self.input(at);
        }
        let mut value = at + 1;
        while tree.is_any(value, &[b"=", b","]) || tree.kind(value) == Some(TokenKind::Newline) {
            value += 1;
        }
        if tree.is(value, b"-") && value > at + 1 {
            value += 1;
        }
        if is_flag && tree.kind(value).is_some() {
            self.given(at, value, role);
        }
    }

    /// The literal that a scheme is the beginning of.
    pub(super) fn scheme(&mut self, at: usize) {
        let tree = self.tree;
        let token = tree.tokens[at];
        if tree.key_behind(at).is_some() {
            return;
        }
        if token.kind == TokenKind::Str {
            let end = tree.value_end(at);
            return self.token_in(at, at, end);
        }
        // `httpHeaderValue1: Bearer abc`
        let is_behind_sign = at
            .checked_sub(1)
            .is_some_and(|before| tree.is_any(before, &[b":", b"="]));
        if is_behind_sign
            && let Some(value) = header_value::at(self.text(), token.span.start)
            && value.scheme.is_some()
        {
            self.give(at, value.secret, value.scheme);
        }
    }
}

/// False for the name of a header whose value opens nothing.
pub(super) fn may_open(name: &Name) -> bool {
    !name.has(AGAINST_FORGERY) && !name.has(OPENS_NOTHING)
}

/// Where the first text behind some tags begins.
fn behind_tags(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    for _ in 0..TAGS {
        at += text[at..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        if text.get(at) != Some(&b'<') {
            return (at > 0 && at < text.len()).then_some(at);
        }
        at += memchr::memchr(b'>', &text[at..])? + 1;
    }
    None
}
