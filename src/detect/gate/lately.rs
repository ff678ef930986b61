//! The values refused lately. A text that is full of placeholders repeats the same few, and comparing
//! is far cheaper than judging. What is let through is judged each time, so no credential stays here.

use super::Refusal;
use std::cell::RefCell;

/// How many refusals a thread remembers.
const PLACES: usize = 64;

/// Longest value that is remembered, in bytes.
const LONGEST: usize = 64;

/// What a value was judged as; the same value may be a fair password and no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        let verdict = judge(value);
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
    fn a_refusal_is_remembered_for_its_role_and_nothing_else_is() {
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
        assert_eq!(asked.get(), 4);
    }
}
