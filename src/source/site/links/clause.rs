//! Whether `from "./a.js"` and `import "./a.js"` are statements of a module, or words of some other text.

/// Longest list of names that a module imports at once, in bytes.
const LONGEST: usize = 8 << 10;

/// True when the `from` that ends at `end` belongs to an import or export that begins a statement.
pub(super) fn is_import(text: &[u8], end: usize) -> bool {
    let before = &text[end.saturating_sub(LONGEST)..end - b"from".len()];
    let is_inside =
        |b: &u8| b.is_ascii_alphanumeric() || b.is_ascii_whitespace() || b"_$,*{}".contains(b);
    let begins = before.iter().rposition(|b| !is_inside(b));
    let clause = &before[begins.map_or(0, |at| at + 1)..];
    let words: [&[u8]; 2] = [b"import", b"export"];
    let starts = words.iter().filter_map(|word| last(clause, word));
    let Some(start) = starts.max() else {
        return false;
    };
    let at = end - b"from".len() - (clause.len() - start);
    begins_statement(text, at)
}

/// True when what stands at `at` is where a statement may begin.
pub(super) fn begins_statement(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(64)..at];
    let blanks = before.iter().rev().take_while(|b| b.is_ascii_whitespace());
    let (blanks, has_line) = blanks.fold((0, false), |(count, line), b| {
        (count + 1, line || *b == b'\n')
    });
    match before[..before.len() - blanks].last() {
        None => true,
        Some(b';' | b'}' | b'/') => true,
        Some(_) => has_line,
    }
}

fn last(text: &[u8], word: &[u8]) -> Option<usize> {
    let at = memchr::memmem::rfind(text, word)?;
    let before = at.checked_sub(1).map(|before| text[before]);
    let is_own = before.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'_' && b != b'$');
    is_own.then_some(at)
}
