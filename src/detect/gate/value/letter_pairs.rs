//! Do letters follow each other as in words? Random letters make pairs that no language has.

use super::words;
use std::sync::LazyLock;

/// Letters of the alphabet.
const LETTERS: usize = 26;

/// Fewest pairs that tell anything.
const FEWEST: usize = 12;

/// Least mean of log2 p(letter | letter before) that reads like words. Of 20,000 strings of 20
/// letters made of words one in a thousand has less than -5.0; of random ones two in a thousand have
/// more. German, French and Spanish phrases have -3.4 to -4.5.
const LEAST: f32 = -5.0;

/// True when the letters of `text` could be words, in any case of letters; also when there are too
/// few to tell.
pub(in crate::detect::gate) fn reads_like_words(text: &[u8]) -> bool {
    let pairs = text
        .windows(2)
        .filter_map(|pair| Some((number(pair[0])?, number(pair[1])?)));
    let (mut sum, mut count) = (0.0, 0);
    for (first, second) in pairs {
        sum += PAIRS[first * LETTERS + second];
        count += 1;
    }
    count < FEWEST || sum >= LEAST * count as f32
}

/// Least mean of log2 p for letters that are written as words are. Of random ones, written so, one in twenty-five has
/// more if there are 8 of them, one in eighty if there are 12; eight in ten of the words of two dozen languages do.
pub(super) const WRITTEN: f32 = -5.0;

/// The same for words with digits for letters, which random letters and digits are more often.
pub(super) const SPELLED: f32 = -4.4;

/// Mean of log2 p(letter | letter before) over some parts.
pub(super) fn mean_of_pairs(parts: &[&[u8]]) -> f32 {
    let pairs = parts.iter().flat_map(|part| part.windows(2));
    let pairs = pairs.filter_map(|pair| Some((number(pair[0])?, number(pair[1])?)));
    let logs: Vec<f32> = pairs
        .map(|(first, second)| PAIRS[first * LETTERS + second])
        .collect();
    logs.iter().sum::<f32>() / logs.len().max(1) as f32
}

/// log2 p(second | first) over the word lists, with half a pair added to each so that none is
/// impossible.
static PAIRS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let mut counts = vec![0.5_f32; LETTERS * LETTERS];
    for word in words::lists() {
        for pair in word.as_bytes().windows(2) {
            if let (Some(first), Some(second)) = (number(pair[0]), number(pair[1])) {
                counts[first * LETTERS + second] += 1.0;
            }
        }
    }
    for row in counts.chunks_mut(LETTERS) {
        let total: f32 = row.iter().sum();
        row.iter_mut()
            .for_each(|count| *count = (*count / total).log2());
    }
    counts
});

fn number(letter: u8) -> Option<usize> {
    let lower = letter.to_ascii_lowercase();
    lower
        .is_ascii_lowercase()
        .then(|| usize::from(lower - b'a'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_of_any_language_read_like_words() {
        for text in [
            "journeyUpdateReceivedHandler",
            "IHRSCHLUESSELHIEREINFUEGEN",
            "insiraaquisuachave",
            "mettezvotrecleici",
            "tooshort",
        ] {
            assert!(reads_like_words(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn random_letters_do_not() {
        for text in [
            "qxvkzjwphtgcnmbdlrsy",
            "IEAUXQOZTEIJWAKUVEBO", // Vowels in plenty.
            "vkqoeiuzhpxtaewjgoli",
        ] {
            assert!(!reads_like_words(text.as_bytes()), "{text}");
        }
    }
}
