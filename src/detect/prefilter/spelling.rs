//! The spellings of a keyword that the prefilter searches for.

/// A keyword as people and programs write it: as the rule has it, in lower case, with a capital at its
/// start or at the start of each part, and in capitals unless it is a phrase such as `bearer `. All
/// mixtures of the letters of one part would be sixteen literals, and crowd out the rest.
pub(in crate::detect) fn spellings(keyword: &str) -> Vec<String> {
    let lower = keyword.to_ascii_lowercase();
    let mut spellings = vec![
        keyword.to_owned(),
        titled(&lower, false),
        titled(&lower, true),
    ];
    let is_phrase = keyword.contains([' ', '"', '\'', ':']);
    if !is_phrase {
        spellings.push(lower.to_ascii_uppercase());
    }
    spellings.push(lower);
    spellings
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
