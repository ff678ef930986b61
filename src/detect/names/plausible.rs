//! Where values stand that may be a credential, whatever they are called: a look that costs little, before a text is
//! read as code for the sake of a name.

use std::ops::Range;

/// How far before a name and behind it its value may stand, in bytes.
const BEFORE: usize = 192;
const BEHIND: usize = 384;

/// Shortest value.
const SHORTEST: usize = 8;

/// The plausible values of one text, looked for where they are asked for. Each byte is looked at once, as long as
/// the places that are asked come in order.
#[derive(Debug)]
pub(super) struct Plausible<'t> {
    text: &'t [u8],
    /// What was looked at.
    seen: Range<usize>,
    /// The last value in it.
    last: Option<usize>,
}

impl<'t> Plausible<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            seen: 0..0,
            last: None,
        }
    }

    /// True when a value stands near the name at `place`.
    pub(super) fn is_near(&mut self, place: usize) -> bool {
        let window = place.saturating_sub(BEFORE)..self.text.len().min(place + BEHIND);
        if !(self.seen.start..=self.seen.end).contains(&window.start) {
            self.seen = window.start..window.start;
            self.last = None;
        }
        while self.last.is_none_or(|last| last < window.start) && self.seen.end < window.end {
            let run = run(self.text, self.seen.end);
            if is_value(self.text, &run) {
                self.last = Some(run.start);
            }
            self.seen.end = run.end;
        }
        self.last.is_some_and(|last| window.contains(&last))
    }
}

/// The next run of so many characters that it may be a value. Of shorter ones not every byte is looked at.
fn run(text: &[u8], from: usize) -> Range<usize> {
    let mut start = from;
    while let Some(near) = text.get(start..start + SHORTEST) {
        match near.iter().rposition(|b| !is_part(*b)) {
            Some(other) => start += other + 1,
            None => {
                let behind = text[start + SHORTEST..].iter();
                let rest = behind.take_while(|b| is_part(**b)).count();
                return start..start + SHORTEST + rest;
            }
        }
    }
    text.len()..text.len()
}

/// True for a literal without blanks, or what stands behind a sign in a configuration. `a = b;` is a program's,
/// `f(a)` a call.
fn is_value(text: &[u8], run: &Range<usize>) -> bool {
    let before = text[..run.start].last().copied();
    let is_set = matches!(
        before,
        Some(b'=' | b':' | b'>' | b' ' | b'\t' | b'\n') | None
    );
    let is_quoted = matches!(before, Some(b'"' | b'\'' | b'`' | b'\\' | b';'));
    let ends = match text.get(run.end) {
        Some(b'(' | b'[') => false,
        Some(b';') => is_quoted || !text[..run.start].ends_with(b"= "),
        _ => true,
    };
    (is_set || is_quoted) && ends && is_mixed(&text[run.clone()])
}

/// True for a run that no word is: one with letters and digits, with capitals among small letters, or with letters
/// that nobody could say, as most of what is random has.
fn is_mixed(run: &[u8]) -> bool {
    let (mut digits, mut letters, mut changes, mut consonants) = (false, false, 0, 0);
    let mut was_capital = run.first().is_some_and(u8::is_ascii_uppercase);
    for byte in run {
        let is_letter = byte.is_ascii_alphabetic();
        let is_capital = byte.is_ascii_uppercase();
        digits |= byte.is_ascii_digit();
        letters |= is_letter;
        changes += usize::from(is_capital != was_capital);
        was_capital = is_capital;
        consonants = if is_letter && !b"aeiouyAEIOUY".contains(byte) {
            consonants + 1
        } else {
            0
        };
        if (digits && letters) || consonants > SAYABLE {
            return true;
        }
    }
    changes * 3 > run.len()
}

/// Most consonants in a row of a word.
const SAYABLE: usize = 4;

/// True for what credentials are made of, and passwords.
fn is_part(byte: u8) -> bool {
    PARTS[usize::from(byte)]
}

const PARTS: [bool; 256] = {
    let mut parts = [false; 256];
    let signs = b"_-+/=.!@#%^&*~:$?|";
    let mut at = 0;
    while at < 256 {
        parts[at] = at >= 0x80 || (at as u8).is_ascii_alphanumeric();
        at += 1;
    }
    let mut at = 0;
    while at < signs.len() {
        parts[signs[at] as usize] = true;
        at += 1;
    }
    parts
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_code() {
        let is_near = |text: &str| Plausible::new(text.as_bytes()).is_near(0);
        let value = ["aB3", "dE5f", "G7h"].concat();
        for text in [
            "f(\"{}\")",
            "a: {}",
            "A={}",
            "a \\\"{}\\\"",
            "<a>{}</a>",
            "--a {}",
        ] {
            assert!(is_near(&text.replace("{}", &value)), "{text}");
        }
        for text in [
            "f(a12bcdef, b)",
            "a = b12cdefg;",
            "if (auth_done(x))",
            "\"a b c\"",
        ] {
            assert!(!is_near(text), "{text}");
        }
    }
}
