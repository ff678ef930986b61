//! The values judged lately. A text that is full of placeholders repeats the same few, a log may hold
//! one key on every line, and comparing is far cheaper than judging. Of what was let through only a
//! hash is kept, with a secret of this process in it, so no credential stays here.

use super::Refusal;
use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};

/// How many refusals a thread remembers, and of how many values that it let them through.
const PLACES: usize = 64;

/// Longest value that is remembered, in bytes.
const LONGEST: usize = 64;

/// What a value was judged as; the same value may be a fair password and no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// The body of a Jourvex key.
    Body,
    /// The pair of a Basic header, encoded.
    Basic,
    /// Any other value of a header.
    Opaque,
}

#[derive(Clone, Copy)]
struct Refused {
    role: Role,
    value: [u8; LONGEST],
    length: usize,
    why: Refusal,
}

thread_local! {
    static LATELY: RefCell<[Option<Refused>; PLACES]> = const { RefCell::new([None; PLACES]) };
    static PASSED: Passed = Passed::default();
}

/// The hashes of values that were let through.
struct Passed {
    secret: RandomState,
    hashes: RefCell<[u64; PLACES]>,
}

impl Default for Passed {
    fn default() -> Self {
        Self {
            secret: RandomState::new(),
            hashes: RefCell::new([0; PLACES]),
        }
    }
}

impl Passed {
    /// What `judge` says, unless it let the value through lately.
    fn or(
        &self,
        role: Role,
        value: &[u8],
        judge: impl FnOnce(&[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        // An odd number is no empty place.
        let hash = self.secret.hash_one((role, value)) | 1;
        let place = (hash >> 1) as usize % PLACES;
        if self.hashes.borrow()[place] != hash {
            judge(value)?;
            self.hashes.borrow_mut()[place] = hash;
        }
        Ok(())
    }
}

/// What `judge` says of `value`, which must depend on nothing else.
pub(super) fn recall(
    role: Role,
    value: &[u8],
    judge: impl FnOnce(&[u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if value.len() > LONGEST {
        return judge(value);
    }
    LATELY.with_borrow_mut(|lately| {
        let place = &mut lately[place(value)];
        let is_same =
            |known: &&Refused| known.role == role && known.value[..known.length] == *value;
        if let Some(known) = place.as_ref().filter(is_same) {
            return Err(known.why);
        }
        let verdict = PASSED.with(|passed| passed.or(role, value, judge));
        if let Err(why) = verdict {
            let mut kept = [0; LONGEST];
            kept[..value.len()].copy_from_slice(value);
            *place = Some(Refused {
                role,
                value: kept,
                length: value.len(),
                why,
            });
        }
        verdict
    })
}

/// The place of a value: eight bytes at a time, mixed as in [`super::words`].
fn place(value: &[u8]) -> usize {
    let mix = |sum: u64, number: u64| {
        (sum ^ number)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29)
    };
    let (chunks, rest) = value.as_chunks::<8>();
    let chunks = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk));
    let rest = rest.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    mix(chunks.fold(value.len() as u64, mix), rest) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judgement_is_remembered_for_its_role_and_no_other() {
        let asked = std::cell::Cell::new(0);
        let ask = |role, value: &[u8]| {
            recall(role, value, |value| {
                asked.set(asked.get() + 1);
                if value == b"bad" { Err("bad") } else { Ok(()) }
            })
        };
        assert_eq!(ask(Role::Body, b"bad"), Err("bad"));
        assert_eq!(ask(Role::Body, b"bad"), Err("bad"));
        assert_eq!(asked.get(), 1);
        assert_eq!(ask(Role::Opaque, b"bad"), Err("bad"));
        assert_eq!(asked.get(), 2);
        assert_eq!(ask(Role::Body, b"good"), Ok(()));
        assert_eq!(ask(Role::Body, b"good"), Ok(()));
        assert_eq!(asked.get(), 3);
        assert_eq!(ask(Role::Opaque, b"good"), Ok(()));
        assert_eq!(asked.get(), 4);
    }
}
