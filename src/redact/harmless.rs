//! Texts that held no credential when they were last shown: a report says the same words with each finding, and
//! comparing is far cheaper than searching.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How many texts a thread remembers.
const PLACES: usize = 256;

/// Longest text that is remembered, in bytes.
const LONGEST: usize = 1024;

thread_local! {
    static LATELY: RefCell<Vec<Vec<u8>>> = RefCell::new(vec![Vec::new(); PLACES]);
}

/// True when the text was shown lately as it is.
pub(super) fn is_known(text: &[u8]) -> bool {
    LATELY.with_borrow(|lately| lately[place(text)] == text)
}

/// Remembers a text in which nothing is left to hide.
pub(super) fn remember(text: &[u8]) {
    if text.len() <= LONGEST {
        LATELY.with_borrow_mut(|lately| text.clone_into(&mut lately[place(text)]));
    }
}

fn place(text: &[u8]) -> usize {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_text_is_known() {
        remember(b"silence: put a comment above the line");
        assert!(is_known(b"silence: put a comment above the line"));
        assert!(!is_known(b"silence: put a comment above the lime"));
    }
}
