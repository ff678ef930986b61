//! The arguments of a call, the members of a tuple, the words behind a command, and what it reads:
//! `echo abc | tool --password-stdin`, `tool --password-stdin <<< abc`.

use super::bind::Binder;
use super::password::is_sealed;
use super::place::FAR;
use super::value;
use super::{PASSWORD_KEYS, TOKEN_KEYS, USER_KEYS};
use crate::model::Span;
use crate::rules::Role;
use crate::syntax::{Item, TokenKind, is_listed};

/// Commands that print what they are given.
const PRINTING: &str = "echo printf print write-output Write-Output";

/// Signs that end a command.
const ENDS: &[&[u8]] = &[b"|", b"||", b"&&", b";"];

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
        // `resource "acme_api_key" "north" { value = "abc" }`
        if self.is_labelled_block(name) && roles.contains(&Role::Token) {
            return self.arguments(name, &tree.items(next + 1), roles);
        }
        // `"user:abc" | b64encode`
        if name > 0 && tree.is_any(name - 1, &[b"|", b"|>"]) && roles.contains(&Role::Encoded) {
            return self.encoded_item(name, &self.piped(name - 1));
        }
        if let Some((user, password)) = self.section(name) {
            return self.password_item(name, &password, Some(user));
        }
        let value = if tree.is_any(next, &[b"[", b"("]) || tree.kind(next) == Some(TokenKind::Str) {
            next
        } else if let Some(value) = self.value_behind(name) {
            value
        } else {
            return;
        };
        let opening = (value..value + 3)
            .find(|at| !self.makes(*at))
            .unwrap_or(value);
        // `auth=("user", "abc")`, `:basic-auth ["user" "abc"]`, `'auth' => array('user', 'abc')`
        if tree.kind(opening) == Some(TokenKind::Open) {
            return self.arguments(name, &self.spread(opening), roles);
        }
        let is_named = value > next && !tree.is(value - 1, b",");
        let takes_user = roles.contains(&Role::Password) || roles.contains(&Role::Pair);
        if is_named && takes_user && tree.kind(value) == Some(TokenKind::Name) {
            return self.account(name, value);
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

    /// True for the name of a block with a label: `resource "acme_api_key" "north" {`.
    fn is_labelled_block(&self, name: usize) -> bool {
        let is_literal = |at: usize| self.tree.kind(at) == Some(TokenKind::Str);
        is_literal(name) && is_literal(name + 1) && self.tree.is(name + 2, b"{")
    }

    /// The user and the password below a section: `[BasicAuth]` and below it `anna: abc`.
    fn section(&self, name: usize) -> Option<(Span, Item)> {
        let tree = self.tree;
        let is_section = tree.line_start(name) + 1 == name
            && tree.is(name + 1, b"]")
            && !tree.word(name).contains(&b'.');
        let line = self.next_line(name).filter(|_| is_section)?;
        let value = tree.key_behind(line)?;
        let password = Item {
            key: Some(line),
            start: value,
            end: tree.value_end(value),
        };
        Some((tree.tokens[line].body, password))
    }

    /// A user and a password that have one name, `httpCredentials: STAGING`, or stand below each other in a list.
    fn account(&mut self, name: usize, value: usize) {
        let tree = self.tree;
        let first = tree.line_start(value);
        let entry = |line: usize| {
            let is_entry = tree.is(line, b"-") && tree.indent(line) == tree.indent(first);
            let start = line + 1;
            (is_entry && tree.key_behind(start).is_none()).then(|| Item {
                key: Some(name),
                start,
                end: tree.value_end(start),
            })
        };
        if let Some(user) = entry(first)
            && let Some(password) = self.next_line(first).and_then(entry)
        {
            let user = self.literal(&user);
            return self.password_item(name, &password, user);
        }
        if tree.value_end(value) == value + 1 {
            self.name(tree.tokens[value].body, None, Role::Pair);
        }
    }

    /// What is handed to a filter by the sign at `pipe`.
    fn piped(&self, pipe: usize) -> Item {
        let tree = self.tree;
        let mut start = pipe;
        while let Some(before) = start.checked_sub(1).filter(|before| pipe - before < FAR) {
            start = match tree.kind(before) {
                Some(TokenKind::Close) => tree.mate(before).unwrap_or(before),
                Some(TokenKind::Open | TokenKind::Newline) => break,
                _ if tree.is_any(before, &[b"=", b":", b",", b";", b"=>"]) => break,
                _ => before,
            };
        }
        Item {
            key: None,
            start,
            end: pipe,
        }
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
        let token = token.copied().or_else(|| self.token_of_options(items));
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
        if !self.without_scheme(&mut items, roles) {
            return;
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
            // The body of a type is no argument: `struct ApiKey { name: String }`.
            let is_body = tree.is(name + 1, b"{") && token.end > token.start + 1;
            if !is_body || tree.kind(token.start) == Some(TokenKind::Str) {
                self.token_in(name, token.start, token.end);
            }
            return;
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

    /// Takes the scheme off in front of a user and a password; false where it says that there are none:
    /// `auth: {:bearer, "abc"}`.
    fn without_scheme(&self, items: &mut Vec<Item>, roles: &[Role]) -> bool {
        let first = items.first().map(|item| self.tree.word(item.end - 1));
        match first.map(<[u8]>::to_ascii_lowercase).as_deref() {
            Some(b"bearer" | b"token") => items.len() != 2 || !roles.contains(&Role::Password),
            Some(b"basic" | b"digest") if items.len() > 2 => {
                items.remove(0);
                true
            }
            Some(b"basic" | b"digest") => false,
            _ => true,
        }
    }

    /// The token among the options of a call: `new ApiKey(this, "k", { value: "abc" })`.
    fn token_of_options(&self, items: &[Item]) -> Option<Item> {
        let options = items.last().filter(|item| self.tree.is(item.start, b"{"))?;
        value::member(self.tree, &self.tree.items(options.start), TOKEN_KEYS).copied()
    }

    /// The user whose name a password stands under: `basicAuth = { anna = "abc"; }`. `$ref` is nobody.
    fn user_as_key(&self, name: usize, item: &Item) -> Option<Span> {
        let tree = self.tree;
        let letters = super::letters(tree.word(name));
        let is_basic = memchr::memmem::find(&letters, b"basic").is_some();
        let user = item.key.filter(|_| is_basic)?;
        let written = tree.word(user);
        let is_name = written.first().is_some_and(u8::is_ascii_alphanumeric);
        (is_name && !is_sealed(written)).then_some(tree.tokens[user].body)
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

    /// The password that the command with the option at `at` reads.
    pub(super) fn input(&mut self, at: usize) {
        let tree = self.tree;
        let line = tree.line_start(at);
        let mut rest = at..tree.tokens.len();
        let end = rest.find(|at| tree.kind(*at) == Some(TokenKind::Newline));
        let end = end.unwrap_or(tree.tokens.len());
        if let Some(sign) = (line..end).find(|at| tree.is(*at, b"<<")) {
            return self.here(at, sign, end);
        }
        let ends = |at: &usize| tree.is_any(*at, ENDS);
        let Some(pipe) = (line..at).rev().find(ends).filter(|at| tree.is(*at, b"|")) else {
            return;
        };
        let first = (line..pipe).rev().find(ends).map_or(line, |end| end + 1);
        let is_print = |at: &usize| {
            tree.kind(*at) == Some(TokenKind::Name) && is_listed(PRINTING, tree.word(*at))
        };
        let from = match (first..pipe).rev().find(is_print) {
            Some(print) => print + 1,
            // PowerShell prints what stands there: `"abc" | tool`.
            None if first + 1 == pipe => first,
            None => return,
        };
        if from < pipe {
            self.word_before(at, from, pipe);
        }
    }

    /// The last word of a command that ends at `pipe`.
    fn word_before(&mut self, name: usize, from: usize, pipe: usize) {
        let tree = self.tree;
        let mut start = pipe - 1;
        while start > from
            && tree.kind(start) != Some(TokenKind::Str)
            && tree.touches(start - 1, start)
        {
            start -= 1;
        }
        self.word(name, start, tree.tokens[pipe - 1].span.end);
    }

    /// What stands behind `<<<`, or on the lines behind `<<EOF`.
    fn here(&mut self, name: usize, sign: usize, end: usize) {
        let tree = self.tree;
        let is_word = tree.is(sign + 1, b"<") && tree.touches(sign, sign + 1);
        let start = if is_word {
            sign + 2
        } else {
            tree.skip_lines(end)
        };
        if let Some(first) = tree.tokens.get(start) {
            let near = &self.text()[first.span.start..];
            let length = near.iter().take_while(|b| !b.is_ascii_whitespace()).count();
            self.word(name, start, first.span.start + length);
        }
    }

    /// A word of a shell: a literal, a name for one, or as it stands.
    fn word(&mut self, name: usize, start: usize, end: usize) {
        let tree = self.tree;
        // `$(TOKEN)`, `${TOKEN}`
        let is_put_in = tree.word(start) == b"$" && tree.kind(start + 1) == Some(TokenKind::Open);
        if is_put_in && tree.mate(start + 1) == Some(start + 3) {
            return self.name(tree.tokens[start + 2].body, None, Role::Password);
        }
        let item = Item {
            key: None,
            start,
            end: start + 1,
        };
        match tree.kind(start) {
            Some(TokenKind::Str) if tree.word(start).starts_with(b"$") => {
                let body = tree.tokens[start].body;
                self.name(Span::new(body.start + 1, body.end), None, Role::Password);
            }
            Some(TokenKind::Str) => self.password_item(name, &item, None),
            Some(TokenKind::Name) if tree.word(start).starts_with(b"$") => {
                self.name(tree.tokens[start].body, None, Role::Password);
            }
            _ => {
                let start = tree.tokens[start].span.start;
                self.password(name, Span::new(start, end.max(start)), None);
            }
        }
    }
}
