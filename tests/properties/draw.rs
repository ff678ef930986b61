//! Random choices that depend on a seed alone, so that a failing case is told by one number.

/// Letters and digits.
pub(crate) const BASE62: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Hexadecimal digits.
pub(crate) const HEX: &str = "0123456789abcdef";

/// The alphabets that a key's body may have.
pub(crate) const ALPHABETS: [&str; 5] = [
    BASE62,
    HEX,
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
    "abcdefghijklmnopqrstuvwxyz0123456789",
];

/// SplitMix64 (<https://prng.di.unimi.it/splitmix64.c>).
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number of `0..end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True in one of `n` cases.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// `length` characters of an alphabet.
    pub(crate) fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length)
            .map(|_| char::from(*self.pick(alphabet)))
            .collect()
    }

    /// A key of 20 to 128 characters in any alphabet.
    pub(crate) fn key(&mut self) -> String {
        let alphabet = *self.pick(&ALPHABETS);
        let length = self.between(20, 128);
        format!("jvx_live_{}", self.text(alphabet, length))
    }

    /// A password as a generator makes one.
    pub(crate) fn password(&mut self) -> String {
        let length = self.between(14, 32);
        let symbols = format!("{BASE62}!%*+.~^=");
        self.text(&symbols, length)
    }
}
