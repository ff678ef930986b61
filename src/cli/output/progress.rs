//! A bar on standard error while a long audit runs: on terminals only, and gone when it is done.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jvxleaks::source::Progress;
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

/// What is over by then shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the bar moves.
const PERIOD: Duration = Duration::from_millis(100);

/// Does `work`, and shows how far it is unless that is not `wanted`.
pub(in crate::cli) fn shown<T>(wanted: bool, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if !wanted || !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let drawer = scope.spawn(|| draw(&progress, &done));
        let result = work(&progress);
        done.store(true, Relaxed);
        drawer.thread().unpark();
        result
    })
}

fn draw(progress: &Progress, done: &AtomicBool) {
    thread::park_timeout(PATIENCE);
    if done.load(Relaxed) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style());
    while !done.load(Relaxed) {
        bar.set_length(progress.expected());
        bar.set_position(progress.done());
        bar.tick();
        thread::park_timeout(PERIOD);
    }
    bar.finish_and_clear();
}

fn style() -> ProgressStyle {
    let template = "Reading objects {wide_bar} {human_pos} of {human_len}, {eta} left";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
