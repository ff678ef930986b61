//! What threads gather. A panic that was caught leaves the lock poisoned that its thread held; what was
//! gathered before is still true, and must not be lost with it.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The gathered, to add to.
pub fn lock<T>(gathered: &Mutex<T>) -> MutexGuard<'_, T> {
    gathered.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The gathered, when nobody adds any more.
pub fn unlock<T>(gathered: Mutex<T>) -> T {
    gathered
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
}
