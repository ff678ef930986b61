//! The values judged lately. A text that is full of placeholders repeats the same few, a log may hold
//! one key on every line, and a look is far cheaper than judging. Only hashes are kept, with a secret of this
//! process in them, so no credential stays here.

use super::candidate::Refusal;
use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};

/// How many verdicts a thread remembers.
const PLACES: usize = 128;

/// Longest value that is remembered, in bytes.
const LONGEST: usize = 64;

/// What a value was judged as; the same value may be a fair password and no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ValueRole {
    /// The body of a Jourvex key.
    Body,
    /// The pair of a Basic header, encoded.
    Basic,
    /// Any other value of a header.
    Opaque,
}

/// The verdicts, each at the place that its hash tells.
struct Lately {
    secret: RandomState,
    verdicts: RefCell<[(u64, Result<(), Refusal>); PLACES]>,
}

thread_local! {
    static LATELY: Lately = Lately {
        secret: RandomState::new(),
        verdicts: RefCell::new([(0, Ok(())); PLACES]),
    };
}

/// What `judge` says of `value`, which must depend on nothing else.
pub(super) fn recall(
    role: ValueRole,
    value: &[u8],
    judge: impl FnOnce(&[u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if value.len() > LONGEST {
        return judge(value);
    }
    LATELY.with(|lately| {
        // An odd number is no empty place.
        let hash = lately.secret.hash_one((role, value)) | 1;
        let place = (hash >> 1) as usize % PLACES;
        let (known, verdict) = lately.verdicts.borrow()[place];
        if known == hash {
            return verdict;
        }
        let verdict = judge(value);
        lately.verdicts.borrow_mut()[place] = (hash, verdict);
        verdict
    })
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
        assert_eq!(ask(ValueRole::Body, b"bad"), Err("bad"));
        assert_eq!(ask(ValueRole::Body, b"bad"), Err("bad"));
        assert_eq!(asked.get(), 1);
        assert_eq!(ask(ValueRole::Opaque, b"bad"), Err("bad"));
        assert_eq!(asked.get(), 2);
        assert_eq!(ask(ValueRole::Body, b"good"), Ok(()));
        assert_eq!(ask(ValueRole::Body, b"good"), Ok(()));
        assert_eq!(asked.get(), 3);
        assert_eq!(ask(ValueRole::Opaque, b"good"), Ok(()));
        assert_eq!(asked.get(), 4);
    }
}
