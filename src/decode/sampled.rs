//! One search for a thousand long literals, by four bytes of every sixth place.
//!
//! However many there are, the search costs the same: of the bytes that stand at a sampled place a table of bits
//! tells whether any literal has them, and nearly always the answer is no. The search of the prefilter (Teddy) is as
//! fast, but takes a hundred literals and no more.

use super::forms::{self, Form, SHORTEST};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// Bytes that are looked at together.
const GRAM: usize = 4;

/// One place in so many is looked at: at one of them every literal has a whole gram.
const STRIDE: usize = SHORTEST - GRAM + 1;

/// Places that are asked together.
const PLACES: usize = 8;

/// The bytes in which they lie.
const BLOCK: usize = STRIDE * PLACES;

/// How many bits tell whether some literal has a gram: so many that one in 170 places agrees by chance.
const BITS: usize = 1 << 20;

/// All forms of a key that are long, made ready.
static FORMS: LazyLock<Sampled> = LazyLock::new(|| Sampled::new(forms::all()));

/// A search for literals.
struct Sampled {
    forms: Vec<Form>,
    bits: Box<[u64; BITS / 64]>,
    /// Where in literals a gram stands: a bit for each of the first places.
    grams: HashMap<[u8; GRAM], u8>,
    /// The literals that begin with these bytes.
    beginnings: HashMap<[u8; SHORTEST], Vec<usize>>,
    longest: usize,
}

/// Shows `each` all forms that begin in `text[start..end]`, with where they begin, in no order. Ends when `each`
/// breaks.
pub(super) fn visit(
    text: &[u8],
    (start, end): (usize, usize),
    mut each: impl FnMut(&Form, usize) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let forms = &*FORMS;
    let window = &text[start..text.len().min(end + forms.longest)];
    forms.visit(window, &mut |form, at| match start + at < end {
        true => each(form, start + at),
        false => ControlFlow::Continue(()),
    })
}

/// True when a form is in a text.
pub fn holds_form(text: &[u8]) -> bool {
    let found = visit(text, (0, text.len()), |_, _| ControlFlow::Break(()));
    found.is_break()
}

/// How far behind its first byte a form reaches, in bytes.
pub fn longest_form() -> usize {
    FORMS.longest
}

/// Where the bit of a gram is.
fn place(gram: [u8; GRAM]) -> usize {
    // Knuth's multiplicative hash.
    const FACTOR: u32 = 0x9E37_79B1;
    const SHIFT: u32 = u32::BITS - BITS.trailing_zeros();
    (u32::from_le_bytes(gram).wrapping_mul(FACTOR) >> SHIFT) as usize
}

fn bytes<const N: usize>(text: &[u8], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&text[at..at + N]);
    bytes
}

impl Sampled {
    fn new(forms: Vec<Form>) -> Self {
        let mut bits = Box::new([0; BITS / 64]);
        let mut grams: HashMap<_, u8> = HashMap::new();
        let mut beginnings: HashMap<_, Vec<_>> = HashMap::new();
        for (number, form) in forms.iter().enumerate() {
            let beginning = bytes::<SHORTEST>(&form.literal, 0);
            beginnings.entry(beginning).or_default().push(number);
            for offset in 0..STRIDE {
                let gram = bytes(&form.literal, offset);
                bits[place(gram) / 64] |= 1 << (place(gram) % 64);
                *grams.entry(gram).or_default() |= 1 << offset;
            }
        }
        Self {
            longest: forms.iter().map(|f| f.literal.len()).max().unwrap_or(0),
            forms,
            bits,
            grams,
            beginnings,
        }
    }

    fn visit(
        &self,
        text: &[u8],
        each: &mut impl FnMut(&Form, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (blocks, _) = text.as_chunks::<BLOCK>();
        for (number, block) in blocks.iter().enumerate() {
            let any = (0..PLACES).fold(0, |any, n| any | self.bit(bytes(block, STRIDE * n)));
            if any != 0 {
                let start = BLOCK * number;
                self.places(text, start, start + BLOCK, each)?;
            }
        }
        self.places(text, BLOCK * blocks.len(), text.len(), each)
    }

    /// One when some literal may have a gram.
    fn bit(&self, gram: [u8; GRAM]) -> u64 {
        self.bits[place(gram) / 64] >> (place(gram) % 64) & 1
    }

    /// Asks the places of `text` between two others one by one.
    fn places(
        &self,
        text: &[u8],
        start: usize,
        end: usize,
        each: &mut impl FnMut(&Form, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let last = text.len().saturating_sub(GRAM - 1);
        for at in (start..end.min(last)).step_by(STRIDE) {
            let gram = bytes(text, at);
            if self.bit(gram) == 0 {
                continue;
            }
            let offsets = self.grams.get(&gram).copied().unwrap_or(0);
            let offsets = (0..STRIDE.min(at + 1)).filter(|offset| offsets >> offset & 1 == 1);
            for begin in offsets.map(|offset| at - offset) {
                self.beginning_at(text, begin, each)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Shows the literals that begin at a place.
    fn beginning_at(
        &self,
        text: &[u8],
        begin: usize,
        each: &mut impl FnMut(&Form, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if text.len() - begin < SHORTEST {
            return ControlFlow::Continue(());
        }
        let numbers = self.beginnings.get(&bytes::<SHORTEST>(text, begin));
        for number in numbers.into_iter().flatten() {
            let form = &self.forms[*number];
            if text[begin..].starts_with(&form.literal) {
                each(form, begin)?;
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_once_wherever_it_stands() {
        for form in &FORMS.forms {
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
        let text = b"----%6a%76%78_live_";
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
