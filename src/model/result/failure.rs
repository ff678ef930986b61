//! A bug of this program that one input brings out, kept from the others.

use std::cell::Cell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    /// Where this thread panicked last.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Work that panicked. Of the panic only its place in the source is kept, since its message may hold a part
/// of the input: `byte index 3 is not a char boundary; it is inside ...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    place: Option<String>,
}

impl Failure {
    /// Does `work`, and catches its panic.
    ///
    /// What `work` changes by reference it may leave half changed: use it for what is added to at the end.
    ///
    /// # Errors
    /// When it panicked.
    pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Self> {
        let done = panic::catch_unwind(AssertUnwindSafe(work));
        done.map_err(|_| Self {
            place: PLACE.take(),
        })
    }

    /// Keeps panics of this process from being printed; failures tell their places from then on.
    pub fn keep_quiet() {
        panic::set_hook(Box::new(|info| {
            let place = info.location();
            let place = place.map(|at| format!("{}:{}", at.file(), at.line()));
            // A thread that ends has no place to keep it any more; a panic in here would end the process.
            let _ = PLACE.try_with(|last| last.set(place));
        }));
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.as_deref();
        let place = place.map_or(String::new(), |place| format!(" ({place})"));
        write!(out, "the scanner failed on it{place}; please report it")
    }
}
