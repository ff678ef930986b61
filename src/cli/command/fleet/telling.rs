//! How far a run is, on standard error.

use super::args::ProgressKind;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jvxleaks::fleet::RepositoryRecord;
use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Tells of each repository that is done.
pub(super) struct Telling {
    kind: ProgressKind,
    bar: Option<ProgressBar>,
    done: AtomicUsize,
    of: usize,
}

impl Telling {
    /// Of so many repositories none is done.
    pub(super) fn new(kind: ProgressKind, of: usize) -> Self {
        let wanted = kind == ProgressKind::Auto && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let template = "Reading repositories {wide_bar} {human_pos} of {human_len}, {eta} left";
            let style = ProgressStyle::with_template(template);
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr());
            bar.with_style(style)
        });
        Self {
            kind,
            bar,
            done: AtomicUsize::new(0),
            of,
        }
    }

    /// One more is done.
    pub(super) fn done(&self, record: &RepositoryRecord) {
        let done = self.done.fetch_add(1, Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
        }
        if self.kind == ProgressKind::Json {
            let line = serde_json::json!({
                "repository": record.name,
                "done": done,
                "of": self.of,
                "keys": record.keys.len(),
                "faults": record.faults.len(),
            });
            let text = super::super::super::output::inert(&line.to_string());
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// All are done.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
