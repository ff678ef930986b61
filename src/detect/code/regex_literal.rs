//! Regular expressions in JavaScript, which begin with the sign of division.

/// Words behind which a `/` begins a regular expression.
const BEFORE_REGEX: [&[u8]; 10] = [
    b"return", b"typeof", b"case", b"in", b"of", b"delete", b"void", b"throw", b"else", b"yield",
];

/// True when a `/` behind `before` begins a regular expression: it divides behind a value.
pub(super) fn begins(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let word = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'$');
    let length = before.iter().rev().take(16).take_while(word).count();
    match before.last() {
        None => true,
        Some(_) if length > 0 => BEFORE_REGEX.contains(&&before[before.len() - length..]),
        Some(byte) => b"(,=:[!&|?{};+-*%>~^".contains(byte),
    }
}

/// The length of the regular expression that `rest`, a part of a line, begins with.
pub(super) fn length(rest: &[u8]) -> Option<usize> {
    let mut in_class = false;
    let mut escaped = true;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => return Some(at + 1),
            _ => {}
        }
    }
    None
}
