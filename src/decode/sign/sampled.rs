//! One search for hundreds of long literals, by four bytes of every eighth place.
//!
//! However many there are, the search costs the same: a few kilobytes, which stay in the processor's nearest cache,
//! tell whether the four bytes at a sampled place are some literal's, and nearly always the answer is none. Many numbers
//! and words share four bytes with a literal (`0000`, `, 0x`, `code`), so that eight are asked for next. The search of the
//! prefilter (Teddy) is as fast, but takes a hundred literals and no more.

use foldhash::{HashMap, HashMapExt};
use std::ops::ControlFlow;

/// Fewest bytes of a literal.
pub const SHORTEST: usize = 11;

/// Bytes that are looked at together.
const GRAM: usize = 4;

/// One place in so many is looked at: at one of them every literal has a whole gram.
const STRIDE: usize = SHORTEST - GRAM + 1;

/// Two grams, of which the first or the second is at a sampled place.
const PAIR: usize = 2 * GRAM;

/// A literal of [`SHORTEST`] bytes or more.
pub trait Literal {
    /// Its bytes.
    fn bytes(&self) -> &[u8];

    /// True when it counts in any case of letters; its bytes are small letters then.
    fn in_any_case(&self) -> bool {
        false
    }

    /// Where the part of it begins, of [`SHORTEST`] bytes, that is looked for.
    fn part(&self) -> usize {
        0
    }
}

/// A search for literals.
#[derive(Debug)]
pub struct Sampled<L> {
    literals: Vec<L>,
    /// What stands at a sampled place of a literal, in any case of letters.
    grams: Rooms,
    /// The same with the gram before or behind it.
    pairs: Rooms,
    places: HashMap<u64, Vec<SampledPlace>>,
    longest: usize,
}

/// Where in a literal a pair stands.
#[derive(Clone, Copy, Debug)]
struct SampledPlace {
    literal: usize,
    offset: usize,
}

/// Numbers, each known by a bit that it may share with others: so many that hardly one is shared by chance.
#[derive(Debug)]
struct Rooms(Box<[u64; 1 << (ROOM_BITS - 6)]>);

/// How many bits tell a room from the others.
const ROOM_BITS: u32 = 17;

impl Rooms {
    fn new() -> Self {
        Self(Box::new([0; 1 << (ROOM_BITS - 6)]))
    }

    fn room(number: u64) -> usize {
        // Knuth's multiplicative hash.
        const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
        (number.wrapping_mul(FACTOR) >> (u64::BITS - ROOM_BITS)) as usize
    }

    fn add(&mut self, number: u64) {
        let room = Self::room(number);
        self.0[room / 64] |= 1 << (room % 64);
    }

    fn may_have(&self, number: u64) -> bool {
        let room = Self::room(number);
        self.0[room / 64] >> (room % 64) & 1 == 1
    }
}

impl<L: Literal> Sampled<L> {
    /// A search for these literals.
    pub fn new(literals: impl Iterator<Item = L>) -> Self {
        let mut search = Self {
            literals: literals.collect(),
            grams: Rooms::new(),
            pairs: Rooms::new(),
            places: HashMap::new(),
            longest: 0,
        };
        for (number, literal) in search.literals.iter().enumerate() {
            let (bytes, part) = (literal.bytes(), literal.part());
            for gram in bytes[part..part + SHORTEST].windows(GRAM) {
                search
                    .grams
                    .add(gram_number(std::array::from_fn(|at| gram[at])));
            }
            for offset in part..=part + SHORTEST - PAIR {
                let Some(pair) = pair(bytes, offset) else {
                    continue;
                };
                search.pairs.add(pair);
                let literal = number;
                let places = search.places.entry(pair).or_default();
                places.push(SampledPlace { literal, offset });
            }
            search.longest = search.longest.max(bytes.len());
        }
        search
    }

    /// How far behind its first byte a literal reaches, in bytes.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Shows `each` all literals in a text, with where they begin, in no order. Ends when `each` breaks.
    pub fn visit(
        &self,
        text: &[u8],
        mut each: impl FnMut(&L, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (sampled, _) = text.as_chunks::<STRIDE>();
        for (number, bytes) in sampled.iter().enumerate() {
            let gram = [bytes[0], bytes[1], bytes[2], bytes[3]];
            if self.grams.may_have(gram_number(gram)) {
                self.ask(text, STRIDE * number, &mut each)?;
            }
        }
        self.ask(text, STRIDE * sampled.len(), &mut each)
    }

    /// Looks for the literals that have the gram at `at`.
    #[inline(never)]
    fn ask(
        &self,
        text: &[u8],
        at: usize,
        each: &mut impl FnMut(&L, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for start in [Some(at), at.checked_sub(GRAM)].into_iter().flatten() {
            let pair = pair(text, start).filter(|pair| self.pairs.may_have(*pair));
            let places = pair.and_then(|pair| self.places.get(&pair));
            for place in places.into_iter().flatten() {
                let literal = &self.literals[place.literal];
                let begin = start.checked_sub(place.offset);
                let is_there = |begin: &usize| is_at(literal, text, *begin);
                if let Some(begin) = begin.filter(is_there) {
                    each(literal, begin)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// The same in any case of letters, and of few other bytes.
fn gram_number(gram: [u8; GRAM]) -> u64 {
    const SMALL: u32 = u32::from_le_bytes([0x20; GRAM]);
    (u32::from_le_bytes(gram) | SMALL).into()
}

/// The number of the pair that begins at `at`, the same in any case of letters, and of few other bytes.
fn pair(text: &[u8], at: usize) -> Option<u64> {
    const SMALL: u64 = u64::from_le_bytes([0x20; PAIR]);
    let pair: &[u8; PAIR] = text.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*pair) | SMALL)
}

fn is_at(literal: &impl Literal, text: &[u8], begin: usize) -> bool {
    let bytes = literal.bytes();
    let Some(there) = text.get(begin..begin + bytes.len()) else {
        return false;
    };
    if literal.in_any_case() {
        there.eq_ignore_ascii_case(bytes)
    } else {
        there == bytes
    }
}

#[cfg(test)]
mod tests {
    use super::super::forms::{FORMS, visit};
    use super::*;

    #[test]
    fn every_form_is_found_once_wherever_it_stands() {
        for form in &FORMS.literals {
            for before in 0..2 * STRIDE {
                let text = [&vec![b'-'; before][..], &form.literal].concat();
                let mut found = 0;
                let _ = visit(&text, (0, text.len()), |other, at| {
                    found += usize::from(at == before && other.literal == form.literal);
                    ControlFlow::Continue(())
                });
                assert_eq!(found, 1, "{form:?} behind {before} bytes");
            }
        }
    }

    #[test]
    fn a_form_belongs_to_the_part_of_a_text_in_which_it_begins() {
        let text = b"----%6a%76%78%5f_live_";
        let begins = |part| {
            let mut begins = Vec::new();
            let _ = visit(text, part, |_, at| {
                begins.push(at);
                ControlFlow::Continue(())
            });
            begins
        };
        assert_eq!(begins((0, 5)), [4]);
        assert!(begins((5, text.len())).is_empty());
        assert!(begins((0, 4)).is_empty());
    }
}
