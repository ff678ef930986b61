//! Credentials that have a name: the headers, calls, fields and records of rules, found where their words stand.
//!
//! Around each word that some name has, a window of the text is read as code ([`crate::syntax`]); what a name of
//! it is given is a candidate. `document` reads, `bind` takes what a name is given, from where `place` finds
//! it; `call`, `password` and `record` take it apart. `value` knows what is literal, `constant` looks up what is a name
//! itself, or stands for that of a header.

mod bind;
mod call;
mod constant;
mod document;
mod index;
mod meaning;
mod password;
mod place;
mod plausible;
mod record;
mod value;

pub(super) use document::{REACH, is_given_some, search};
pub(super) use index::{MetNames, NameIndex, NamePlace};
pub(super) use meaning::Stands;

/// Names of a name: `{"name": "X-Api-Key", "value": "abc"}`.
const NAME_KEYS: &[&str] = &[
    "name",
    "key",
    "header",
    "headername",
    "field",
    "parameter",
    "id",
    "variable",
    "property",
];

/// Names of a value.
const VALUE_KEYS: &[&str] = &[
    "value",
    "values",
    "val",
    "raw",
    "credentials",
    "example",
    "default",
    "secret",
    "secrets",
    "override",
    "content",
    "string",
    "text",
    "to",
    "exact",
];

/// Names of a user.
const USER_KEYS: &[&str] = &["user", "username", "userid", "login", "uid", "account"];

/// Names of a password.
const PASSWORD_KEYS: &[&str] = &["password", "passwd", "pass", "pwd", "passphrase", "secret"];

/// Names of a token.
const TOKEN_KEYS: &[&str] = &[
    "token",
    "bearer",
    "accesstoken",
    "credentials",
    "key",
    "apikey",
    "value",
    "parameter",
];

/// True for a name whose last word is one of these, or which is one of them in several words.
fn is_key(name: &[u8], keys: &[&str]) -> bool {
    let last = name.iter().rposition(u8::is_ascii_alphanumeric);
    let last = last.map(|at| name[at].to_ascii_lowercase());
    let ends = |key: &&str| {
        key.as_bytes().last().copied() == last
            && ending(name, key.as_bytes())
                .is_some_and(|left| left == 0 || begins_word(name, key.len()))
    };
    keys.iter().any(ends)
}

/// How many letters and digits a name has in front of those that it ends with, in any case.
fn ending(name: &[u8], end: &[u8]) -> Option<usize> {
    let mut letters = name.iter().rev().filter(|b| b.is_ascii_alphanumeric());
    let mut end = end.iter().rev();
    let agrees = |own: &u8| letters.next().is_some_and(|b| b.eq_ignore_ascii_case(own));
    end.all(agrees).then(|| letters.count())
}

/// The letters and digits of a name, in small letters.
fn letters(name: &[u8]) -> Vec<u8> {
    let letters = name.iter().filter(|b| b.is_ascii_alphanumeric());
    letters.map(u8::to_ascii_lowercase).collect()
}

/// True when the last letters of a name are words of it.
fn begins_word(name: &[u8], length: usize) -> bool {
    let Some(start) = name.len().checked_sub(length) else {
        return false;
    };
    let before = start.checked_sub(1).map(|at| name[at]);
    before.is_none_or(|b| !b.is_ascii_alphanumeric()) || name[start].is_ascii_uppercase()
}
