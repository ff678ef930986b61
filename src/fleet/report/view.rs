//! What every format is given.

use super::super::merged::{LeakedKey, Merged, Trouble};

/// How what files say is written down.
#[derive(Clone, Debug, Default)]
pub struct MergeOptions {
    /// Columns of the terminal that a text is for.
    pub width: Option<usize>,
    /// Whether every repository of a key is listed in a text.
    pub verbose: bool,
}

/// What a report is made of.
pub(super) struct MergeView<'m> {
    pub(super) merged: &'m Merged,
    pub(super) keys: Vec<LeakedKey<'m>>,
    pub(super) options: &'m MergeOptions,
}

impl MergeView<'_> {
    /// All that was asked for and not read: what is in no file, and what an audit could not read.
    pub(super) fn unread(&self) -> impl Iterator<Item = Trouble> {
        let troubles = self.merged.troubles.iter().cloned();
        let faults = self.merged.incomplete().flat_map(|record| {
            record.faults.iter().map(|fault| Trouble {
                at: if fault.path == record.name {
                    record.name.clone()
                } else {
                    format!("{}: {}", record.name, fault.path)
                },
                what: fault.what.clone(),
            })
        });
        troubles.chain(faults)
    }
}
