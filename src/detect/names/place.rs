//! Where the value of a name stands: behind a sign, below it, in the field beside it, in the argument before it.

use super::bind::Binder;
use super::value;
use super::{NAME_KEYS, VALUE_KEYS, is_key};
use crate::syntax::{Name, TokenKind, is_listed};

/// Signs between a name and its value.
const SIGNS: &[&[u8]] = &[
    b":", b"=", b"=>", b":=", b"->", b"+=", b".~", b"<-", b"|", b",", b"to",
];

/// Signs between a header and the only value that a server takes: `if ($http_x_api_key != "abc")`.
const COMPARING: &[&[u8]] = &[b"==", b"!=", b"===", b"!=="];

/// Words of such a comparison: `eq "abc"`.
const COMPARING_WORDS: &str = "eq ne equals";

/// Signs in front of a value that are no part of it: `- `, `|`, `@"a"`, `&str`.
const IN_FRONT: &[&[u8]] = &[b"-", b"|", b">", b"+", b"@", b"&", b"!", b"~", b"<<", b"."];

/// Where a tag begins or ends, and a record of its attributes with it.
const TAG_SIGNS: &[&[u8]] = &[b"<", b">", b"</", b"/>"];

/// Most tokens between two fields of a record, to either side.
pub(super) const FAR: usize = 40;

/// Most brackets and lines around a record whose names count.
pub(super) const AROUND: usize = 4;

impl Binder<'_, '_> {
    /// The token where the value of a name begins, if a sign says so.
    pub(super) fn value_behind(&self, name: usize) -> Option<usize> {
        let tree = self.tree;
        let mut sign = name + 1;
        // `headers["X"] = `, `set("X") = `
        let closes = |at: usize, first: usize| {
            tree.mate(at)
                .is_some_and(|open| open < name && first - open <= 3 + at - name)
        };
        while sign < name + 4 && tree.kind(sign) == Some(TokenKind::Close) && closes(sign, name) {
            sign += 1;
        }
        // `<<"X-Api-Key">>, <<"abc">>`
        if tree.is(sign, b">>") && name > 0 && tree.is(name - 1, b"<<") {
            sign += 1;
        }
        // What is the value of another name is not the name of what follows: `"rule": "x-api-key", "id": "abc"`.
        let is_value = name
            .checked_sub(1)
            .is_some_and(|before| tree.is_any(before, &[b":", b"=", b"=>"]));
        if is_value && tree.is(sign, b",") && tree.kind(name) == Some(TokenKind::Str) {
            return None;
        }
        // `("X-Api-Key" . "abc")`
        let is_pair =
            tree.is(sign, b".") && sign == name + 1 && name > 0 && tree.is(name - 1, b"(");
        if is_pair || tree.is_any(sign, SIGNS) {
            return self.value_from(name, sign + 1);
        }
        self.compared(name, sign)
    }

    /// The value that what a name stands for is compared with.
    fn compared(&self, name: usize, sign: usize) -> Option<usize> {
        let tree = self.tree;
        let is_word = |at: usize| tree.kind(at) == Some(TokenKind::Name);
        let is_compared = tree.is_any(sign, COMPARING)
            || (is_word(sign) && sign > name + 1 && is_listed(COMPARING_WORDS, tree.word(sign)));
        // `hdr(X-Api-Key) -i -m str abc`
        let mut method = sign;
        while sign > name + 1 && tree.is(method, b"-") && is_word(method + 1) {
            if tree.word(method + 1) == b"m" && is_word(method + 2) {
                return tree.kind(method + 3).map(|_| method + 3);
            }
            method += 2;
        }
        // `hdr(X-Api-Key) abc`
        let is_fetch = sign > name + 1 && name > 1 && tree.word(name - 2).ends_with(b"hdr");
        if is_fetch && tree.is(name - 1, b"(") {
            return tree.kind(method).map(|_| method);
        }
        let value = sign + 1;
        let is_value = matches!(tree.kind(value), Some(TokenKind::Str | TokenKind::Name));
        (is_compared && is_value).then_some(value)
    }

    /// The token where a value begins that a sign in front of `at` announces.
    pub(super) fn value_from(&self, name: usize, at: usize) -> Option<usize> {
        let tree = self.tree;
        let mut value = tree.skip_lines(at);
        let is_below = value > at;
        while tree.is_any(value, IN_FRONT) {
            value = tree.skip_lines(value + 1);
        }
        let is_deeper =
            tree.indent(value) > tree.indent(name) || tree.is(value, b"-") || value > at + 1;
        let is_literal = matches!(tree.kind(value), Some(TokenKind::Str | TokenKind::Open))
            || tree.is(at - 1, b",");
        if is_below && !is_deeper && !is_literal {
            return None;
        }
        let is_given = is_literal || tree.kind(value) == Some(TokenKind::Name);
        if tree.is(at - 1, b",") && !is_given {
            return None;
        }
        // `X-Api-Key:` and below it `values: [abc]`.
        if is_below && let Some(behind) = tree.key_behind(value) {
            return self.member_below(name, value).or_else(|| {
                let key = is_key(tree.word(value), VALUE_KEYS);
                key.then(|| self.value_from(value, behind)).flatten()
            });
        }
        // `authorization: { type: Bearer, credentials: abc }`
        if tree.is(value, b"{") {
            let items = tree.items(value);
            if let Some(item) = value::member(tree, &items, VALUE_KEYS) {
                return Some(item.start);
            }
        }
        tree.kind(value).map(|_| value)
    }

    /// The value of the field that says so among the lines below a name.
    pub(super) fn member_below(&self, name: usize, first: usize) -> Option<usize> {
        let tree = self.tree;
        let mut line = first;
        for _ in 0..AROUND * 2 {
            if tree.indent(line) <= tree.indent(name) || tree.kind(line).is_none() {
                return None;
            }
            let key = line + usize::from(tree.is(line, b"-"));
            if let Some(behind) = tree.key_behind(key)
                && is_key(tree.word(key), VALUE_KEYS)
            {
                return self.value_from(key, behind);
            }
            line = self.next_line(line)?;
        }
        None
    }

    pub(super) fn next_line(&self, at: usize) -> Option<usize> {
        let tree = self.tree;
        let mut tokens = (at..tree.tokens.len().min(at + FAR))
            .skip_while(|at| tree.kind(*at) != Some(TokenKind::Newline));
        tokens.next().map(|newline| tree.skip_lines(newline))
    }

    /// The value of `{"name": "X-Api-Key", "value": "abc"}`, in either order.
    pub(super) fn value_beside(&self, name: usize) -> Option<usize> {
        let tree = self.tree;
        let mut before = tree.before(name)?;
        while tree.is_any(before, &[b"@", b"-"]) && before > 0 {
            before -= 1;
        }
        // `"KeyName", "X-Api-Key", "KeyValue", "abc"`
        let is_in_list = |at: usize| tree.kind(at) == Some(TokenKind::Str) && tree.is(at + 1, b",");
        let is_sign = tree.is_any(before, &[b":", b"=", b"=>", b":="])
            || (is_in_list(name) && before.checked_sub(1).is_some_and(is_in_list));
        let key = before.checked_sub(1).filter(|_| is_sign)?;
        // A name of a header is none of anything else: `{"p": "headers.X-Api-Key", "to": "abc"}`.
        let is_header = || tree.word(name).contains(&b'.') && tree.word(name).contains(&b'-');
        if !is_key(tree.word(key), NAME_KEYS) && !is_header() {
            return None;
        }
        let beside = |at: usize| -> Option<usize> {
            let behind = tree
                .key_behind(at)
                .or_else(|| is_in_list(at).then_some(at + 2))?;
            is_key(tree.word(at), VALUE_KEYS)
                .then(|| self.value_from(at, behind))
                .flatten()
        };
        let is_other = |at: usize| {
            tree.key_behind(at).is_some()
                && is_key(tree.word(at), NAME_KEYS)
                && !is_key(tree.word(at), VALUE_KEYS)
        };
        self.forward(name + 1, is_other)
            .find_map(beside)
            .or_else(|| self.backward(key, is_other).find_map(beside))
    }

    /// The tokens behind `from` in the same brackets, up to one that ends the record.
    pub(super) fn forward(
        &self,
        from: usize,
        ends: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = usize> {
        let places = from..self.tree.tokens.len().min(from + FAR);
        self.beside(places, [TokenKind::Open, TokenKind::Close], ends)
    }

    /// The tokens before `from` in the same brackets, the nearest first.
    pub(super) fn backward(
        &self,
        from: usize,
        ends: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = usize> {
        let places = (from.saturating_sub(FAR)..from).rev();
        self.beside(places, [TokenKind::Close, TokenKind::Open], ends)
    }

    /// The tokens of these places that lie in no bracket of their own, up to one that ends them. A list of records with
    /// one field each is a record: `[{user: "a"}, {password: "b"}]`.
    fn beside(
        &self,
        places: impl Iterator<Item = usize>,
        [enters, leaves]: [TokenKind; 2],
        ends: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = usize> {
        let tree = self.tree;
        let (mut depth, mut is_between) = (0_usize, false);
        let mut tokens = Vec::new();
        for at in places {
            match tree.kind(at) {
                Some(kind) if kind == enters && is_between => is_between = false,
                Some(kind) if kind == leaves && depth == 0 && !is_between && self.is_single(at) => {
                    is_between = true;
                }
                Some(kind) if kind == enters => depth += 1,
                Some(kind) if kind == leaves && depth == 0 => break,
                Some(kind) if kind == leaves => depth -= 1,
                _ if depth == 0 && (tree.is_any(at, TAG_SIGNS) || ends(at)) => break,
                _ if depth == 0 => tokens.push(at),
                _ => {}
            }
        }
        tokens.into_iter()
    }

    /// True for either bracket of a record with one field in a list.
    fn is_single(&self, bracket: usize) -> bool {
        let tree = self.tree;
        let open = match tree.kind(bracket) {
            Some(TokenKind::Close) => tree.mate(bracket),
            _ => Some(bracket),
        };
        open.is_some_and(|open| {
            tree.is(open, b"{")
                && tree
                    .parent(open)
                    .is_some_and(|parent| tree.is(parent, b"["))
                && tree.items(open).len() == 1
        })
    }

    /// The value of `setValue("abc", forHTTPHeaderField: "Authorization")`.
    pub(super) fn value_before(&self, name: usize) -> Option<usize> {
        let tree = self.tree;
        let mut before = name.checked_sub(1)?;
        if tree.is(before, b"@") {
            before = before.checked_sub(1)?;
        }
        let key = before.checked_sub(1).filter(|_| tree.is(before, b":"))?;
        let says = Name::new(tree.word(key)).has("field header key name");
        let mut value = key.checked_sub(1).filter(|_| says)?;
        if tree.is(value, b",") {
            value = tree.before(value)?;
        }
        matches!(tree.kind(value), Some(TokenKind::Str | TokenKind::Name)).then_some(value)
    }
}
