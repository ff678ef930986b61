//! The variable from which a program reads a credential.

use crate::model::Span;
use crate::syntax::{Name, whole_places};

/// The variable of a Jourvex key.
pub const VARIABLE: &str = "JOURVEX_API_KEY";

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
        _ => "API_TOKEN".to_owned(),
    }
}

/// The name, or the first with a number that a program does not read already: what it reads there is another value.
pub(super) fn unread(text: &[u8], variable: String) -> String {
    let whole = Span::new(0, text.len());
    let is_read = |name: &String| {
        whole_places(text, whole, name.as_bytes()).any(|at| {
            let before = text[..at].last();
            before.is_some_and(|b| b"\"'.{$:".contains(b))
        })
    };
    if !is_read(&variable) {
        return variable;
    }
    let mut numbered = (2..).map(|number| format!("{variable}_{number}"));
    numbered.find(|name| !is_read(name)).unwrap_or(variable)
}
