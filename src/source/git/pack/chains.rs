//! How the objects of a pack are built on one another.

use super::Slot;
use std::ops::Range;

/// Objects of some kinds, each under the one it is built on. Objects are numbered as slots are.
pub(in crate::source::git) struct Chains {
    /// Those built on no other.
    roots: Vec<u32>,
    /// Where in `built` those on each object begin; one more than there are objects.
    starts: Vec<u32>,
    /// What is built on each object: what most hangs on comes last.
    built: Vec<u32>,
    /// How many objects hang on each, itself included.
    weights: Vec<u32>,
}

impl Chains {
    /// The slots that are wanted, and with each all that it is built on. No base has another kind than what is built on
    /// it.
    pub(in crate::source::git) fn new(slots: &[Slot], wanted: impl Fn(u32, &Slot) -> bool) -> Self {
        let mut chains = Self {
            roots: Vec::new(),
            starts: vec![0; slots.len() + 1],
            built: Vec::new(),
            weights: vec![1; slots.len()],
        };
        let numbered = || {
            (0..)
                .zip(slots)
                .filter(|(number, slot)| wanted(*number, slot))
        };
        for (number, slot) in numbered() {
            match slot.base {
                Some(base) => chains.starts[base as usize + 1] += 1,
                None => chains.roots.push(number),
            }
        }
        for at in 0..slots.len() {
            chains.starts[at + 1] += chains.starts[at];
        }
        chains.built = vec![0; chains.starts[slots.len()] as usize];
        let mut next = chains.starts.clone();
        for (number, slot) in numbered() {
            if let Some(base) = slot.base {
                let at = &mut next[base as usize];
                chains.built[*at as usize] = number;
                *at += 1;
            }
        }
        chains.weigh(slots);
        chains
    }

    /// Counts what hangs on each object, and puts the heaviest last: its base can be let go before
    /// it is read, so that no more bases are held at once than the count of objects has bits.
    fn weigh(&mut self, slots: &[Slot]) {
        let mut order = self.roots.clone();
        let mut at = 0;
        while let Some(number) = order.get(at) {
            order.extend_from_slice(&self.built[self.range(*number)]);
            at += 1;
        }
        for number in order.into_iter().rev() {
            if let Some(base) = slots[number as usize].base {
                self.weights[base as usize] += self.weights[number as usize];
            }
            let range = self.range(number);
            let built = &mut self.built[range];
            let heaviest = (0..built.len()).max_by_key(|at| self.weights[built[*at] as usize]);
            if let (Some(heaviest), Some(last)) = (heaviest, built.len().checked_sub(1)) {
                built.swap(heaviest, last);
            }
        }
    }

    /// Those built on no other.
    pub(super) fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// Where in [`Chains::built`] those built on an object are.
    pub(in crate::source::git) fn range(&self, number: u32) -> Range<usize> {
        let at = number as usize;
        self.starts[at] as usize..self.starts[at + 1] as usize
    }

    /// All that are built on others.
    pub(in crate::source::git) fn built(&self) -> &[u32] {
        &self.built
    }

    /// How many objects hang on one, itself included.
    pub(super) fn weight(&self, number: u32) -> u32 {
        self.weights[number as usize]
    }
}

/// What is to be decoded so that all that is wanted can be: that, and what it is built on. `is_wanted` is asked of each
/// slot once.
pub(super) fn needed(slots: &[Slot], is_wanted: impl Fn(&Slot) -> bool) -> Vec<bool> {
    let mut needed = vec![false; slots.len()];
    for (number, slot) in slots.iter().enumerate() {
        let mut next = is_wanted(slot).then_some(number);
        while let Some(at) = next.filter(|at| !needed[*at]) {
            needed[at] = true;
            next = slots[at].base.map(|base| base as usize);
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::super::Packed;
    use super::*;
    use crate::source::git::repo::object_id::ObjectId;

    /// Blobs, each with the number of its base.
    fn chains(bases: &[Option<u32>]) -> Chains {
        let id = ObjectId::from_bytes(&[0; 20]).unwrap();
        let slot = |base: &Option<u32>| Slot::new(id, Packed::Blob, *base);
        let slots: Vec<Slot> = bases.iter().map(slot).collect();
        Chains::new(&slots, |_, slot| slot.kind == Packed::Blob)
    }

    #[test]
    fn the_heaviest_of_those_on_a_base_comes_last() {
        // 0 <- 1 <- 2 <- 3, 0 <- 4, 0 <- 5; 6 is alone.
        let chains = chains(&[None, Some(0), Some(1), Some(2), Some(0), Some(0), None]);
        let on = |number| &chains.built()[chains.range(number)];
        assert_eq!(chains.roots(), [0, 6]);
        assert_eq!((on(0), on(1), on(2)), (&[5, 4, 1][..], &[2][..], &[3][..]));
        assert_eq!((on(3), on(6)), (&[][..], &[][..]));
        let weights: Vec<u32> = (0..7).map(|number| chains.weight(number)).collect();
        assert_eq!(weights, [6, 3, 2, 1, 1, 1, 1]);
    }

    #[test]
    fn a_base_may_stand_behind_what_is_built_on_it() {
        let chains = chains(&[Some(2), Some(0), None]);
        assert_eq!(chains.roots(), [2]);
        assert_eq!(chains.weight(2), 3);
    }

    #[test]
    fn what_is_wanted_needs_what_it_is_built_on() {
        let id = |byte| ObjectId::from_bytes(&[byte; 20]).unwrap();
        let slot = |byte, base| Slot::new(id(byte), Packed::Blob, base);
        // 0 <- 1 <- 2, 0 <- 3, and 4 alone.
        let slots = [
            slot(0, None),
            slot(1, Some(0)),
            slot(2, Some(1)),
            slot(3, Some(0)),
            slot(4, None),
        ];
        let needed = |wanted: &[u8]| needed(&slots, |slot| wanted.contains(&slot.id.as_bytes()[0]));
        assert_eq!(needed(&[2]), [true, true, true, false, false]);
        assert_eq!(needed(&[3, 4]), [true, false, false, true, true]);
        assert_eq!(needed(&[]), [false; 5]);
    }

    #[test]
    fn other_kinds_are_left_out() {
        let id = ObjectId::from_bytes(&[0; 20]).unwrap();
        let slots = [
            Slot::new(id, Packed::Tree, None),
            Slot::new(id, Packed::Blob, None),
            Slot::new(id, Packed::Tree, Some(0)),
        ];
        let chains = Chains::new(&slots, |_, slot| slot.kind == Packed::Blob);
        assert_eq!((chains.roots(), chains.built()), (&[1][..], &[][..]));
    }
}
