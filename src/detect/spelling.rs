//! The spellings of a keyword that the prefilter searches for.

/// A keyword as people and programs write it: as the rule has it, in lower case, in capitals (a phrase
/// such as `bearer ` only with one at its start), with a capital at the start of each part, and a
/// long word with every second letter in upper case. All mixtures of the letters of one part would
/// be sixteen literals.
pub(super) fn spellings(keyword: &str) -> Vec<String> {
    let lower = keyword.to_ascii_lowercase();
    let mut spellings = vec![
        keyword.to_owned(),
        titled(&lower, false),
        titled(&lower, true),
    ];
    let is_phrase = keyword.contains([' ', '"', '\'']);
    if !is_phrase {
        spellings.push(lower.to_ascii_uppercase());
    }
    if keyword.len() >= LONG && keyword.bytes().all(|b| b.is_ascii_lowercase()) {
        spellings.extend([alternating(&lower, 0), alternating(&lower, 1)]);
    }
    spellings.push(lower);
    spellings
}

/// A keyword of so many letters is one word that people play with.
const LONG: usize = 12;

fn alternating(word: &str, first: usize) -> String {
    let letters = word.chars().enumerate();
    letters
        .map(|(i, c)| {
            if i % 2 == first {
                c.to_ascii_uppercase()
            } else {
                c
            }
        })
        .collect()
}

/// The word with its first letter, or the first letter of each part, in upper case.
fn titled(word: &str, each: bool) -> String {
    let mut at_start = true;
    let title = word.chars().map(|c| {
        let letter = if at_start { c.to_ascii_uppercase() } else { c };
        at_start = each && !c.is_ascii_alphanumeric();
        letter
    });
    title.collect()
}
