//! What threads gather stays true when one that held the lock has panicked.

use std::sync::{Mutex, MutexGuard};

/// The gathered.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}
