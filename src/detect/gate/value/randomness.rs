//! Is a value as random as its length and alphabet promise?

use super::super::candidate::Refusal;
use super::letter_pairs::reads_like_words;

/// Shannon entropy in bits a byte.
pub(in crate::detect::gate) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    value.iter().for_each(|b| counts[usize::from(*b)] += 1);
    let total = value.len() as f64;
    let parts = counts.iter().filter(|n| **n > 0).map(|n| {
        let p = f64::from(*n) / total;
        -p * p.log2()
    });
    parts.sum()
}

/// What kinds of characters a value has, and how often the kind changes from one to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::detect::gate) struct Makeup {
    pub(super) alphanumerics: usize,
    pub(in crate::detect::gate) lowers: usize,
    pub(in crate::detect::gate) uppers: usize,
    pub(in crate::detect::gate) digits: usize,
    changes: usize,
}

impl Makeup {
    pub(in crate::detect::gate) fn of(value: &[u8]) -> Self {
        let mut makeup = Self::default();
        let mut last = None;
        for byte in value.iter().filter(|b| b.is_ascii_alphanumeric()) {
            let class = match byte {
                b'0'..=b'9' => &mut makeup.digits,
                b'a'..=b'z' => &mut makeup.lowers,
                _ => &mut makeup.uppers,
            };
            *class += 1;
            let kind = (byte.is_ascii_digit(), byte.is_ascii_uppercase());
            makeup.changes += usize::from(last.is_some_and(|last| last != kind));
            makeup.alphanumerics += 1;
            last = Some(kind);
        }
        makeup
    }

    /// Share of neighbours that differ in kind, 0 to 1. Random base62 has 0.6, hex 0.47, base32
    /// 0.3, lower case with digits 0.4; words in camel case have about 0.2.
    pub(in crate::detect::gate) fn change_rate(&self) -> f64 {
        self.changes as f64 / self.alphanumerics.saturating_sub(1).max(1) as f64
    }

    /// True for hexadecimal digits in one case of letters, with or without the few letters that a vendor
    /// puts before or behind them: `PMAK-0a1b...`, `pk_0a1b...`, `0a1b...:fx`.
    fn is_hex(&self, value: &[u8]) -> bool {
        let parts = value.split(|b| !b.is_ascii_alphanumeric());
        let (hex, other): (Vec<&[u8]>, Vec<&[u8]>) = parts.partition(|part| is_hex(part));
        let length = |parts: &[&[u8]]| parts.iter().map(|part| part.len()).sum::<usize>();
        length(&other) <= LONGEST_AROUND_HEX && length(&hex) >= 3 * length(&other)
    }
}

/// Most letters and digits of a vendor's own around hexadecimal digits.
const LONGEST_AROUND_HEX: usize = 20;

fn is_hex(part: &[u8]) -> bool {
    let has = |kind: fn(&u8) -> bool| part.iter().any(kind);
    part.iter().all(u8::is_ascii_hexdigit)
        && !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

/// Least entropy for a value of `length` characters drawn from `alphabet`: a value of n distinct
/// characters cannot exceed log2(n), and random ones fall short of it by chance. 72 % of the bound
/// loses one random value in a hundred at 20 hexadecimal digits and none at 32 characters, 66 % one
/// in a thousand.
fn least_entropy(length: usize, alphabet: f64, prior: Prior) -> f64 {
    let share = match prior {
        Prior::Prefixed => 0.66,
        Prior::Placed => 0.72,
    };
    share * alphabet.log2().min((length as f64).log2())
}

/// How likely a value is a credential before anyone looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect::gate) enum Prior {
    /// It has a prefix that only credentials have.
    Prefixed,
    /// It stands where a credential belongs, and so do names of variables and of schemes.
    Placed,
}

/// Enough vowels for a language: a third and more of words are vowels, a fifth of random letters.
fn is_pronounceable(body: &[u8]) -> bool {
    let letters = body.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let vowel = |b: &&u8| b"aeiouAEIOU".contains(b);
    let vowels = body.iter().filter(vowel).count();
    letters < 16 || vowels * 100 >= letters * 27
}

/// Refuses what is not random enough.
pub(in crate::detect::gate) fn check(value: &[u8], prior: Prior) -> Result<(), Refusal> {
    let makeup = Makeup::of(value);
    let body: Vec<u8> = value
        .iter()
        .copied()
        .filter(u8::is_ascii_alphanumeric)
        .collect();
    let hex = makeup.is_hex(value);
    let is_number = prior == Prior::Prefixed && makeup.digits == makeup.alphanumerics;
    let alphabet = match (hex, makeup.lowers > 0 && makeup.uppers > 0) {
        (true, _) if is_number => 10.0,
        (true, _) => 16.0,
        (false, true) => 62.0,
        (false, false) => 36.0,
    };
    if entropy(&body) < least_entropy(body.len(), alphabet, prior) {
        return Err("low entropy");
    }
    let least_changes = match makeup.digits {
        0 => 0.30,
        _ if makeup.lowers > 0 && makeup.uppers > 0 => 0.20,
        _ => 0.12,
    };
    let could_be_words = || match prior {
        Prior::Prefixed if is_number => false,
        Prior::Prefixed => reads_like_words(&body),
        Prior::Placed => reads_like_words(&body) || is_pronounceable(&body),
    };
    if makeup.change_rate() < least_changes && could_be_words() {
        return Err("too regular: letters and digits hardly alternate");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `length` characters of an alphabet, by a linear congruential generator.
    fn drawn(alphabet: &[u8], length: usize, seed: &mut u64) -> Vec<u8> {
        let mut draw = || {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            alphabet[(*seed >> 33) as usize % alphabet.len()]
        };
        (0..length).map(|_| draw()).collect()
    }

    #[test]
    fn of_random_bodies_in_any_alphabet_at_most_one_in_a_hundred_is_refused() {
        let alphabets: [&[u8]; 7] = [
            b"0123456789",
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
            b"0123456789abcdef",
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            b"abcdefghijklmnopqrstuvwxyz0123456789",
            b"abcdefghijklmnopqrstuvwxyz",
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ];
        let mut seed = 1;
        for alphabet in alphabets {
            for length in [20, 32, 64] {
                let bodies = (0..1000).map(|_| drawn(alphabet, length, &mut seed));
                let refused = bodies.filter(|body| check(body, Prior::Prefixed).is_err());
                let refused = refused.count();
                assert!(refused <= 10, "{alphabet:?} {length}: {refused}");
            }
        }
    }

    #[test]
    fn a_vendors_letters_around_hexadecimal_digits_change_nothing() {
        let mut seed = 3;
        for _ in 0..200 {
            let digits = drawn(b"0123456789abcdef", 32, &mut seed);
            let digits = String::from_utf8_lossy(&digits);
            for value in [
                format!("PMAK-{digits}"),
                format!("pk_{digits}"),
                format!("{digits}:fx"),
            ] {
                assert_eq!(check(value.as_bytes(), Prior::Placed), Ok(()), "{value}");
            }
        }
    }

    #[test]
    fn names_are_refused_where_names_may_stand() {
        for name in ["SRVLVL_AUTHORIZATION", "journeyupdatereceivedhandler"] {
            assert!(check(name.as_bytes(), Prior::Placed).is_err(), "{name}");
        }
    }
}
