//! A run that is told to stop takes its unfinished file with it.
//!
//! Reading leaves nothing behind, so signals end it as they always do. Only while a file is written
//! are SIGINT, SIGTERM and SIGHUP waited for: the file is removed, then the signal does what it does
//! by itself, so that a shell sees 130 or 143.

use std::io;
use std::path::PathBuf;
#[cfg(unix)]
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard};
use tempfile::NamedTempFile;

/// The file that is being written.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// While this lives, a signal removes the file.
pub(super) struct Unfinished;

/// Makes a file, which is removed if a signal ends this run while the second result lives. A signal
/// that comes while the file is being made waits until its name is known.
pub(super) fn forget_at_end(
    make: impl FnOnce() -> io::Result<NamedTempFile>,
) -> io::Result<(NamedTempFile, Unfinished)> {
    wait();
    let mut unfinished = unfinished();
    let file = make()?;
    *unfinished = Some(file.path().to_owned());
    Ok((file, Unfinished))
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        *unfinished() = None;
    }
}

fn unfinished() -> MutexGuard<'static, Option<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(|e| e.into_inner())
}

/// Waits for signals on a thread of its own; where none is to be had, a signal leaves the file.
#[cfg(unix)]
fn wait() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::low_level::emulate_default_handler;
    static ONCE: std::sync::Once = std::sync::Once::new();
    let end = |mut signals: signal_hook::iterator::Signals| {
        for signal in signals.forever() {
            if let Some(path) = unfinished().take() {
                let _ = std::fs::remove_file(path);
            }
            let _ = emulate_default_handler(signal);
        }
    };
    ONCE.call_once(|| {
        if let Ok(signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]) {
            let _ = std::thread::Builder::new().spawn(move || end(signals));
        }
    });
}

#[cfg(not(unix))]
fn wait() {}

/// Makes a write beyond the limit on the size of files (`ulimit -f`) fail with an error, as any other does: the signal
/// that comes first would end the run without a word.
#[cfg(unix)]
pub(super) fn fail_at_size_limit() {
    use signal_hook::consts::SIGXFSZ;
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

#[cfg(not(unix))]
pub(super) fn fail_at_size_limit() {}
