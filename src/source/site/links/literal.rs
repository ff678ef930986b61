//! One literal of a script, and the words in front of it.

use memchr::memmem;

/// Longest path in a literal, in bytes.
pub(super) const LONGEST: usize = 512;

/// The literal that begins at `at`, blanks and comments before it left out: its text, and the place behind it. Nothing for
/// one with something put into it.
pub(super) fn literal_at(text: &[u8], at: usize) -> Option<(String, usize)> {
    let open = behind_gap(text, at);
    let quote = *text.get(open)?;
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let rest = &text[open + 1..text.len().min(open + 1 + LONGEST)];
    let length = memchr::memchr(quote, rest)?;
    Some((plain(&rest[..length])?, open + 1 + length + 1))
}

/// Where the next thing stands that is neither a blank nor a comment: `import(/* webpackChunkName: "a" */ "./a.js")`.
pub(super) fn behind_gap(text: &[u8], mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let near = &rest[blanks..rest.len().min(blanks + LONGEST)];
        let comment = near.starts_with(b"/*").then(|| memmem::find(near, b"*/"));
        match comment.flatten() {
            Some(length) => at += blanks + length + 2,
            None => return at + blanks,
        }
    }
}

/// What a literal says, if no more is escaped in it than slashes: `\/a.js`, `\u002Fa.js`.
pub(super) fn plain(body: &[u8]) -> Option<String> {
    const SLASHES: [&str; 5] = ["\\/", "\\u002F", "\\u002f", "\\x2F", "\\x2f"];
    let body = std::str::from_utf8(body).ok()?;
    let body = SLASHES
        .iter()
        .fold(body.to_owned(), |body, slash| body.replace(slash, "/"));
    let is_whole = !body.contains(['\\', '\n', '<', '>', '{', '}', '*', '|', '"', ' ']);
    (is_whole && !body.is_empty()).then_some(body)
}

/// The places behind a word, where it is a word of its own.
pub(super) fn behind_words<'t>(text: &'t [u8], word: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$');
    memmem::find_iter(text, word).filter_map(move |at| {
        let before = at.checked_sub(1).map(|before| &text[before]);
        let end = at + word.len();
        let begins = before.is_none_or(|b| !is_part(b));
        let ends = text.get(end).is_none_or(|b| !is_part(b));
        (begins && ends).then_some(end)
    })
}
