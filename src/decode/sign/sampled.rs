//! One search for hundreds of long literals, by four bytes of every eighth place.
//!
//! However many there are, the search costs the same: a table tells of the bytes that stand at a sampled place
//! which literals have them, and nearly always the answer is none. The search of the prefilter (Teddy) is as
//! fast, but takes a hundred literals and no more.

use super::forms::{self, Form};
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// Fewest bytes of a literal.
pub const SHORTEST: usize = 11;

/// Bytes that are looked at together.
const GRAM: usize = 4;

/// One place in so many is looked at: at one of them every literal has a whole gram.
const STRIDE: usize = SHORTEST - GRAM + 1;

/// The bytes whose places are asked together.
const BLOCK: usize = STRIDE * 16;

/// Rooms of the table: so many that hardly a place agrees by chance.
const ROOMS: usize = 1 << 18;

/// All forms of a key that are long, made ready.
static FORMS: LazyLock<Sampled<Form>> = LazyLock::new(|| Sampled::new(forms::all().into_iter()));

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

impl Literal for Form {
    fn bytes(&self) -> &[u8] {
        &self.literal
    }
}

/// A search for literals.
#[derive(Debug)]
pub struct Sampled<L> {
    literals: Vec<L>,
    /// For each room, which list of `places` is for the grams that have it. The first is empty.
    table: Box<[u16]>,
    places: Vec<Vec<Place>>,
    longest: usize,
}

/// Where in a literal a gram stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    literal: usize,
    offset: usize,
}

/// Shows `each` all forms that begin in `text[start..end]`, with where they begin, in no order. Ends when `each`
/// breaks.
pub(in crate::decode) fn visit(
    text: &[u8],
    (start, end): (usize, usize),
    mut each: impl FnMut(&Form, usize) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let forms = &*FORMS;
    let window = &text[start..text.len().min(end + forms.longest)];
    forms.visit(window, |form, at| match start + at < end {
        true => each(form, start + at),
        false => ControlFlow::Continue(()),
    })
}

/// True when a form is in a text.
pub(in crate::decode) fn holds_form(text: &[u8]) -> bool {
    let found = visit(text, (0, text.len()), |_, _| ControlFlow::Break(()));
    found.is_break()
}

/// The room of a gram.
fn room(gram: [u8; GRAM]) -> usize {
    // Knuth's multiplicative hash.
    const FACTOR: u32 = 0x9E37_79B1;
    const SHIFT: u32 = u32::BITS - ROOMS.trailing_zeros();
    (u32::from_le_bytes(gram).wrapping_mul(FACTOR) >> SHIFT) as usize
}

/// A gram in every case of letters, or as it is.
fn cases(gram: [u8; GRAM], in_any_case: bool) -> impl Iterator<Item = [u8; GRAM]> {
    let capitals = if in_any_case { 1 << GRAM } else { 1 };
    (0..capitals).map(move |capitals: u8| {
        std::array::from_fn(|at| match capitals >> at & 1 {
            0 => gram[at],
            _ => gram[at].to_ascii_uppercase(),
        })
    })
}

impl<L: Literal> Sampled<L> {
    /// A search for these literals.
    pub fn new(literals: impl Iterator<Item = L>) -> Self {
        let literals: Vec<L> = literals.collect();
        let mut table = vec![0; ROOMS].into_boxed_slice();
        let mut places = vec![Vec::new()];
        for (number, literal) in literals.iter().enumerate() {
            for offset in literal.part()..literal.part() + STRIDE {
                let gram = gram(literal.bytes(), offset);
                for gram in cases(gram, literal.in_any_case()) {
                    let list: &mut u16 = &mut table[room(gram)];
                    if *list == 0 {
                        *list = places.len() as u16;
                        places.push(Vec::new());
                    }
                    let literal = number;
                    let place = Place { literal, offset };
                    places[usize::from(*list)].push(place);
                }
            }
        }
        Self {
            longest: literals.iter().map(|l| l.bytes().len()).max().unwrap_or(0),
            literals,
            table,
            places,
        }
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
        let (blocks, _) = text.as_chunks::<BLOCK>();
        for (number, block) in blocks.iter().enumerate() {
            let (grams, _) = block.as_chunks::<STRIDE>();
            let list = |gram: &[u8; STRIDE]| self.list([gram[0], gram[1], gram[2], gram[3]]);
            if grams.iter().fold(0, |any, gram| any | list(gram)) != 0 {
                let start = BLOCK * number;
                self.search(text, (start, start + BLOCK), &mut each)?;
            }
        }
        self.search(text, (BLOCK * blocks.len(), text.len()), &mut each)
    }

    /// Which list of places a gram has.
    fn list(&self, gram: [u8; GRAM]) -> u16 {
        self.table[room(gram)]
    }

    /// Asks the places of `text` between two others one by one.
    fn search(
        &self,
        text: &[u8],
        (start, end): (usize, usize),
        each: &mut impl FnMut(&L, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for at in (start..end).step_by(STRIDE) {
            if text.len() - at < GRAM {
                break;
            }
            for place in &self.places[usize::from(self.list(gram(text, at)))] {
                let literal = &self.literals[place.literal];
                let begin = at.checked_sub(place.offset);
                let is_there = |begin: &usize| is_at(literal, text, *begin);
                if let Some(begin) = begin.filter(is_there) {
                    each(literal, begin)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

fn gram(text: &[u8], at: usize) -> [u8; GRAM] {
    std::array::from_fn(|n| text[at + n])
}

fn is_at(literal: &impl Literal, text: &[u8], begin: usize) -> bool {
    let bytes = literal.bytes();
    let Some(there) = text.get(begin..begin + bytes.len()) else {
        return false;
    };
    match literal.in_any_case() {
        true => there.eq_ignore_ascii_case(bytes),
        false => there == bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_once_wherever_it_stands() {
        for form in &FORMS.literals {
            for before in 0..BLOCK {
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
