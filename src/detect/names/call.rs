//! The arguments of a call, the members of a tuple, the words behind a command.

use super::bind::Binder;
use super::password::SEALED;
use super::place::FAR;
use super::value;
use super::{PASSWORD_KEYS, TOKEN_KEYS, USER_KEYS};
use crate::model::Span;
use crate::rules::Role;
use crate::syntax::{Item, Name, TokenKind};

impl Binder<'_, '_> {
    /// The arguments of a call, the members of a tuple, or the words behind a command.
    pub(super) fn call(&mut self, name: usize, roles: &[Role]) {
        let tree = self.tree;
        let next = name + 1;
        if tree.kind(name) == Some(TokenKind::Str) && tree.is(next, b",") {
            return;
        }
        if tree.kind(next) == Some(TokenKind::Open) && !tree.is(next, b"[") {
            return self.arguments(name, &tree.items(next), roles);
        }
        // `[BasicAuth]` and below it `anna: abc`
        let is_section = tree.line_start(name) + 1 == name
            && tree.is(next, b"]")
            && !tree.word(name).contains(&b'.');
        if is_section
            && let Some(line) = self.next_line(name)
            && let Some(value) = tree.key_behind(line)
        {
            let item = Item {
                key: Some(line),
                start: value,
                end: tree.value_end(value),
            };
            return self.password_item(name, &item, Some(tree.tokens[line].body));
        }
        let value =
            match tree.is_any(next, &[b"[", b"("]) || tree.kind(next) == Some(TokenKind::Str) {
                true => next,
                false => match self.value_behind(name) {
                    Some(value) => value,
                    None => return,
                },
            };
        let opening = (value..value + 3)
            .find(|at| !self.makes(*at))
            .unwrap_or(value);
        // `auth=("user", "abc")`, `:basic-auth ["user" "abc"]`, `'auth' => array('user', 'abc')`
        if tree.kind(opening) == Some(TokenKind::Open) {
            return self.arguments(name, &self.spread(opening), roles);
        }
        // `basic_auth "user", "abc"`, `{:basic, "user:abc"}`
        if value > next && !tree.is(value - 1, b",") || tree.kind(value) != Some(TokenKind::Str) {
            return;
        }
        let end = tree.parent(name).and_then(|parent| tree.mate(parent));
        let end = end.unwrap_or(tree.tokens.len()).min(value + FAR);
        let line = (value..end)
            .find(|at| tree.kind(*at) == Some(TokenKind::Newline) && !tree.is(at - 1, b","));
        let mut items = tree.members(value, line.unwrap_or(end));
        // `[ BasicAuth "user" "abc"; Accept json ]`
        let is_literal = |at: usize| tree.kind(at) == Some(TokenKind::Str);
        if let [first, _, ..] = items[..]
            && first.end > first.start + 1
            && (first.start..first.end).all(is_literal)
        {
            items.truncate(1);
        }
        self.arguments(name, &self.apart(items), roles);
    }

    /// True for a word that makes a list or a tuple of what is behind it.
    pub(super) fn makes(&self, at: usize) -> bool {
        let makes: [&[u8]; 8] = [
            b"new", b"array", b"list", b"tuple", b"Pair", b"Some", b"c", b"Array",
        ];
        self.tree.kind(at) == Some(TokenKind::Name) && makes.contains(&self.tree.word(at))
    }

    /// The members of brackets, apart where only blanks are between them: `["user" "abc"]`.
    pub(super) fn spread(&self, open: usize) -> Vec<Item> {
        self.apart(self.tree.items(open))
    }

    /// Literals with nothing but blanks between them, each by itself: `basicAuth "user" "abc"`.
    fn apart(&self, items: Vec<Item>) -> Vec<Item> {
        let is_literal = |at: usize| self.tree.kind(at) == Some(TokenKind::Str);
        match items[..] {
            [only] if only.key.is_none() && (only.start..only.end).all(is_literal) => {
                let alone = |at: usize| Item {
                    key: None,
                    start: at,
                    end: at + 1,
                };
                (only.start..only.end).map(alone).collect()
            }
            _ => items,
        }
    }

    pub(super) fn arguments(&mut self, name: usize, items: &[Item], roles: &[Role]) {
        let tree = self.tree;
        let named = |keys| value::member(tree, items, keys);
        let (user, password, token) = (named(USER_KEYS), named(PASSWORD_KEYS), named(TOKEN_KEYS));
        if roles.contains(&Role::Password)
            && let Some(password) = password
        {
            let user = user.and_then(|item| self.literal(item));
            return self.password_item(name, password, user);
        }
        if roles.contains(&Role::Token)
            && let Some(token) = token
        {
            return self.token_in(name, token.start, token.end);
        }
        if let [only] = items
            && let Some(user) = self.user_as_key(name, only)
        {
            return self.password_item(name, only, Some(user));
        }
        let mut items = self.positions(items);
        // `auth: {:bearer, "abc"}`
        let scheme = items
            .first()
            .map(|item| tree.word(item.end - 1).to_ascii_lowercase());
        match scheme.as_deref() {
            Some(b"bearer" | b"token") if items.len() == 2 && roles.contains(&Role::Password) => {
                return;
            }
            Some(b"basic" | b"digest") if items.len() > 2 => drop(items.remove(0)),
            Some(b"basic" | b"digest") => return,
            _ => {}
        }
        let at = |role: Role| {
            roles
                .iter()
                .position(|own| *own == role)
                .and_then(|at| items.get(at))
        };
        if let Some(encoded) = at(Role::Encoded) {
            return self.encoded_item(name, encoded);
        }
        if let Some(pair) = at(Role::Pair) {
            return self.pair_item(name, pair);
        }
        if let Some(token) = at(Role::Token) {
            return self.token_in(name, token.start, token.end);
        }
        match (at(Role::User), at(Role::Password)) {
            (user, Some(password)) => {
                let user = user.and_then(|item| self.literal(item));
                self.password_item(name, password, user);
            }
            // `auth: "user:abc"`
            (Some(pair), None) => self.pair_item(name, pair),
            _ => {}
        }
    }

    /// The user whose name a password stands under: `basicAuth = { anna = "abc"; }`. `$ref` is nobody.
    fn user_as_key(&self, name: usize, item: &Item) -> Option<Span> {
        let tree = self.tree;
        let letters = super::letters(tree.word(name));
        let is_basic = memchr::memmem::find(&letters, b"basic").is_some();
        let user = item.key.filter(|_| is_basic)?;
        let written = tree.word(user);
        let is_name = written.first().is_some_and(u8::is_ascii_alphanumeric);
        let is_sealed = Name::new(written).has(SEALED);
        (is_name && !is_sealed).then_some(tree.tokens[user].body)
    }

    /// The arguments in order. A literal that names another is an argument as well: `("user" => "abc")`.
    pub(super) fn positions(&self, items: &[Item]) -> Vec<Item> {
        let tree = self.tree;
        let mut positions = Vec::new();
        for item in items {
            let Some(key) = item.key else {
                positions.push(*item);
                continue;
            };
            if tree.kind(key) == Some(TokenKind::Str) && tree.is(key + 1, b"=>") {
                positions.push(Item {
                    key: None,
                    start: key,
                    end: key + 1,
                });
                positions.push(*item);
            }
        }
        positions
    }
}
