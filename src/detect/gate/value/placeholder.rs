//! Values that are put in at run time, cut off, masked, or the pattern of a value.

use super::super::candidate::{Candidate, Refusal};
use super::super::literal;
use memchr::memmem;

/// Signs that something else takes the value's place when the program runs.
const INTERPOLATION: [(&[u8], Refusal); 11] = [
    (b"${", "interpolated: ${...}"),
    (b"{{", "interpolated: {{...}}"),
    (b"#{", "interpolated: #{...}"),
    (b"$(", "interpolated: $(...)"),
    (b"%{", "interpolated: %{...}"),
    (b"%(", "interpolated: %(...)"),
    (b"\\(", "interpolated: \\(...)"),
    (b"<%", "interpolated: <%...%>"),
    (b"@{", "interpolated: @{...}"),
    (b"...", "cut off with an ellipsis"),
    (b"&lt;", "a placeholder in angle brackets"),
];

/// Signs that follow a value which goes on somewhere else.
const CUT: [&[u8]; 6] = [
    b"..",
    "\u{2026}".as_bytes(),
    b"*",
    "\u{2022}".as_bytes(),
    b"\\u2026",
    b"&hellip;",
];

/// Refuses a value that holds, or runs into, something that is not literal. What follows tells nothing of one
/// that is whole.
pub(in crate::detect::gate) fn check(candidate: &Candidate<'_>) -> Result<(), Refusal> {
    let value = candidate.value();
    if value.iter().any(|b| MARKS[usize::from(*b)]) {
        marked(value)?;
    }
    match following(candidate.after()) {
        Err(why) if !literal::is_whole(value) => Err(why),
        _ => Ok(()),
    }
}

/// The bytes of which each sign in a value has one.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let bytes = b"$%{}()[]<>@.*&";
    let mut at = 0;
    while at < bytes.len() {
        marks[bytes[at] as usize] = true;
        at += 1;
    }
    // An ellipsis or a bullet begins with this one in UTF-8.
    marks[0xE2] = true;
    marks
};

fn marked(value: &[u8]) -> Result<(), Refusal> {
    for (sign, reason) in INTERPOLATION {
        if memmem::find(value, sign).is_some() {
            return Err(reason);
        }
    }
    if memmem::find(value, "\u{2026}".as_bytes()).is_some() {
        return Err("cut off with an ellipsis");
    }
    first_byte(value)?;
    inner(value)
}

fn first_byte(value: &[u8]) -> Result<(), Refusal> {
    match value.first() {
        Some(b'$' | b'%') => Err("a variable"),
        Some(b'<') => Err("a placeholder in angle brackets"),
        Some(b'[' | b'{' | b'(') => Err("a placeholder in brackets"),
        _ => Ok(()),
    }
}

fn inner(value: &[u8]) -> Result<(), Refusal> {
    if memmem::find(value, b"**").is_some() || memmem::find(value, "•".as_bytes()).is_some() {
        return Err("masked");
    }
    if value.iter().any(|b| matches!(b, b'<' | b'>')) {
        return Err("a placeholder in angle brackets");
    }
    if value.iter().any(|b| matches!(b, b'[' | b']' | b'{' | b'}')) {
        return Err("a placeholder in brackets");
    }
    let printf = |w: &[u8]| w[0] == b'%' && matches!(w[1], b's' | b'd' | b'v' | b'@' | b'q');
    let hex = |w: &[u8]| w.get(2).is_some_and(u8::is_ascii_hexdigit);
    // Between letters and digits it is two characters of a password.
    let letter = |at: Option<usize>| {
        at.and_then(|at| value.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    let embedded = |at: usize| letter(at.checked_sub(1)) && letter(Some(at + 2));
    let mut pairs = value.windows(2).enumerate();
    if pairs
        .any(|(at, pair)| printf(pair) && !embedded(at) && !(pair[1] == b'd' && hex(&value[at..])))
    {
        return Err("interpolated: a printf verb");
    }
    Ok(())
}

/// Refuses words of any language in capitals, joined by `_` or `-`: `VOTRE_CLE_ICI`. Two words or
/// more of 2 to 24 bytes each, letters of any script that has no small ones among them, no digits, at
/// most 48 bytes in all. Or what ends in the word that AWS ends the secrets of its documentation with:
/// `eyJra456defEXAMPLE`.
pub(in crate::detect::gate) fn check_shouted(value: &[u8]) -> Result<(), Refusal> {
    if value.ends_with(b"EXAMPLE") || value.ends_with(b"EXAMPLEKEY") {
        return Err("ends in EXAMPLE");
    }
    let mut words = value.split(|b| matches!(b, b'_' | b'-'));
    let is_word = |word: &[u8]| {
        let is_capital = |b: &u8| b.is_ascii_uppercase() || !b.is_ascii();
        (2..=24).contains(&word.len()) && word.iter().all(is_capital)
    };
    let is_short = value.len() <= 48 && value.iter().any(|b| matches!(b, b'_' | b'-'));
    if is_short && words.all(is_word) {
        Err("a placeholder in capitals")
    } else {
        Ok(())
    }
}

/// What stands right behind the value.
pub(in crate::detect::gate) fn following(after: &[u8]) -> Result<(), Refusal> {
    if CUT.iter().any(|sign| after.starts_with(sign)) {
        return Err("cut off or masked");
    }
    match after {
        [b'$', b'{' | b'(' | b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => {
            Err("goes on with a variable")
        }
        [b'#' | b'%' | b'<' | b'{', b'{' | b'%' | b'=', ..] => Err("goes on with a variable"),
        [b'<', next, ..] if next.is_ascii_alphabetic() && closes_as_placeholder(after) => {
            Err("goes on with a placeholder")
        }
        [b'%', b's' | b'd' | b'v' | b'@', next, ..] if !next.is_ascii_hexdigit() => {
            Err("goes on with a printf verb")
        }
        [b'%', b's' | b'v' | b'@'] => Err("goes on with a printf verb"),
        [b'\\', b'w' | b'd' | b'S' | b'(' | b'[', ..] => Err("part of a pattern or template"),
        _ => Ok(()),
    }
}

/// `<your key>` is a placeholder, `<br>` and `<span ...>` are markup behind a value.
fn closes_as_placeholder(after: &[u8]) -> bool {
    let end = after.iter().take(64).position(|b| *b == b'>');
    let inner = end.map_or(&[][..], |end| &after[1..end]);
    let lower = inner.to_ascii_lowercase();
    let words: [&[u8]; 7] = [
        b"key", b"your", b"token", b"secret", b"rest", b"random", b"body",
    ];
    words.iter().any(|w| memmem::find(&lower, w).is_some())
}
