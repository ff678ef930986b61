//! Which pack an object is read in that several packs have, as fetches and repacks bring it about.

use super::super::repo::object_id::{IdMap, ObjectId};
use super::Pack;

/// The packs of objects, by number: the first that has one. With a single pack there is nothing to know.
#[derive(Debug, Default)]
pub(in crate::source::git) struct Claims {
    owners: IdMap<u32>,
    packs: u32,
}

impl Claims {
    /// Takes up packs behind those that it knows, and gives each its number.
    pub(in crate::source::git) fn of(&mut self, packs: &[&Pack]) -> Vec<u32> {
        let first = self.packs;
        let numbers: Vec<u32> = (first..).take(packs.len()).collect();
        self.packs += numbers.len() as u32;
        if self.packs > 1 {
            for (pack, number) in packs.iter().zip(&numbers) {
                for id in pack.ids() {
                    self.owners.entry(id).or_insert(*number);
                }
            }
        }
        numbers
    }

    /// True for an object that is read in another pack than that with this number.
    pub(in crate::source::git) fn is_of_another(&self, id: ObjectId, number: u32) -> bool {
        self.owners.get(&id).is_some_and(|owner| *owner != number)
    }
}
