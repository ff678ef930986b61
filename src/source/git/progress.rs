//! How far a long reading is, for whoever wants to show it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts objects; any thread may count, and any may look.
#[derive(Debug, Default)]
pub struct Progress {
    expected: AtomicU64,
    done: AtomicU64,
}

impl Progress {
    /// So many more objects are to be read.
    pub(super) fn expect(&self, more: u64) {
        self.expected.fetch_add(more, Relaxed);
    }

    /// So many more objects have been read.
    pub(super) fn advance(&self, more: u64) {
        self.done.fetch_add(more, Relaxed);
    }

    /// How many objects there are, as far as is known.
    pub fn expected(&self) -> u64 {
        self.expected.load(Relaxed)
    }

    /// How many of them have been read.
    pub fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }
}
