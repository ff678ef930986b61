//! Is a value as random as its length and alphabet promise?

use super::Refusal;

/// Shannon entropy in bits a byte.
pub(super) fn entropy(value: &[u8]) -> f64 {
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
pub(super) struct Makeup {
    pub(super) alphanumerics: usize,
    pub(super) lowers: usize,
    pub(super) uppers: usize,
    pub(super) digits: usize,
    changes: usize,
}

impl Makeup {
    pub(super) fn of(value: &[u8]) -> Self {
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
    pub(super) fn change_rate(&self) -> f64 {
        self.changes as f64 / self.alphanumerics.saturating_sub(1).max(1) as f64
    }

    fn is_hex(&self, value: &[u8]) -> bool {
        let hex = |b: &u8| b.is_ascii_hexdigit() || !b.is_ascii_alphanumeric();
        value.iter().all(hex) && (self.lowers == 0 || self.uppers == 0)
    }
}

/// Least entropy for a value of `length` characters drawn from `alphabet`: a value of n distinct
/// characters cannot exceed log2(n), and random ones fall short of it by chance; 72 % of the bound
/// loses fewer than one random value in a thousand at 16 characters and none at 32.
fn least_entropy(length: usize, alphabet: f64) -> f64 {
    0.72 * alphabet.log2().min((length as f64).log2())
}

/// Letters without enough vowels to be a language: a third and more of words are vowels, a fifth
/// of random letters.
fn is_unpronounceable(body: &[u8]) -> bool {
    let letters = body.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let vowel = |b: &&u8| b"aeiouAEIOU".contains(b);
    let vowels = body.iter().filter(vowel).count();
    letters >= 16 && vowels * 100 < letters * 27
}

/// Refuses what is not random enough.
pub(super) fn check(value: &[u8]) -> Result<(), Refusal> {
    let makeup = Makeup::of(value);
    let body: Vec<u8> = value
        .iter()
        .copied()
        .filter(u8::is_ascii_alphanumeric)
        .collect();
    let hex = makeup.is_hex(value);
    let alphabet = match (hex, makeup.lowers > 0 && makeup.uppers > 0) {
        (true, _) => 16.0,
        (false, true) => 62.0,
        (false, false) => 36.0,
    };
    if entropy(&body) < least_entropy(body.len(), alphabet) {
        return Err("low entropy");
    }
    let least_changes = match makeup.digits {
        0 => 0.30,
        _ if makeup.lowers > 0 && makeup.uppers > 0 => 0.20,
        _ => 0.12,
    };
    if makeup.change_rate() < least_changes && !is_unpronounceable(&body) {
        return Err("too regular: letters and digits hardly alternate");
    }
    Ok(())
}
