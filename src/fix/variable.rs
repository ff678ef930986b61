//! The variable from which a program reads a credential.

use crate::model::Span;
use crate::syntax::{Name, whole_places};

/// The variable of a Jourvex key.
pub const VARIABLE: &str = "JOURVEX_API_KEY";

/// The variable of a credential whose place has no name.
pub(super) const UNNAMED: &str = "API_TOKEN";

/// Longest user that stays where the password goes, and shortest password, in bytes.
const LONGEST_USER: usize = 20;
const SHORTEST_PASSWORD: usize = 6;

/// Why a place that gives the variable its value is left.
pub(super) const SETS_ITSELF: &str = "it sets the variable itself; delete the line";

/// Why what another variable falls back to is left.
pub(super) const FALLBACK: &str = "it stands for a variable that is not set; take it out there";

/// `BILLING_PASSWORD` for `billingPassword`, and `API_TOKEN` for a name that does not say what it holds.
pub(super) fn variable(name: Option<&[u8]>) -> String {
    let name = name.unwrap_or_default();
    let own = name.rsplit(|b| b".>:$@".contains(b)).next().unwrap_or(name);
    let name = Name::new(own);
    let words = name.words().split(|b| !b.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<String> = words
        .map(|word| String::from_utf8_lossy(word).to_ascii_uppercase())
        .collect();
    let says_what = name
        .has("token key secret password pass pwd auth authorization credential credentials bearer");
    match words.first() {
        Some(first) if says_what && !first.as_bytes()[0].is_ascii_digit() => words.join("_"),
        _ => UNNAMED.to_owned(),
    }
}

/// The user of `app:password`, who is no secret. What may be a token is none: `sk_test_51H:`, `ghp_16C7:x-oauth-basic`.
pub(super) fn plain_user(secret: &[u8]) -> Option<&str> {
    let (user, password) = std::str::from_utf8(secret).ok()?.split_once(':')?;
    let is_plain = |b: u8| b.is_ascii_lowercase() || b"._-".contains(&b);
    let is_word = user.starts_with(|c: char| c.is_ascii_lowercase()) && user.bytes().all(is_plain);
    let fits = user.len() <= LONGEST_USER && password.len() >= SHORTEST_PASSWORD;
    (is_word && fits && password != "x-oauth-basic").then_some(user)
}

/// `APP_PASSWORD` for the user `app`.
pub(super) fn of_user(user: &str) -> String {
    user.replace(['.', '-'], "_").to_ascii_uppercase() + "_PASSWORD"
}

/// The name, or the first with a number that a program does not read already, since what it reads there is another value, and
/// that is not `taken` otherwise.
pub(super) fn free_name(text: &[u8], variable: String, taken: impl Fn(&str) -> bool) -> String {
    let whole = Span::new(0, text.len());
    let is_free = |name: &String| {
        let mut places = whole_places(text, whole, name.as_bytes());
        let is_read = places.any(|at| {
            let before = text[..at].last();
            before.is_some_and(|b| b"\"'.{$:".contains(b))
        });
        !is_read && !taken(name)
    };
    if is_free(&variable) {
        return variable;
    }
    let mut numbered = (2..).map(|number| format!("{variable}_{number}"));
    numbered.find(is_free).unwrap_or(variable)
}

/// True for a script that sets the variable elsewhere than at a place.
pub(super) fn is_set(text: &[u8], variable: &str, at: usize) -> bool {
    let whole = Span::new(0, text.len());
    whole_places(text, whole, variable.as_bytes()).any(|place| {
        let end = place + variable.len();
        let line = memchr::memrchr(b'\n', &text[..place]).map_or(0, |end| end + 1);
        let is_unset = memchr::memmem::find(&text[line..place], b"unset").is_some();
        let behind = text[end..].iter().find(|b| **b != b' ');
        is_unset || behind == Some(&b'=') && !(end..end + 3).contains(&at)
    })
}
