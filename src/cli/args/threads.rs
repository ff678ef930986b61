//! How many threads work.

use anyhow::Context as _;

/// Lets all work share `jobs` threads; 0 takes one per core.
///
/// # Errors
/// When the system gives no threads.
pub(in crate::cli) fn limit(jobs: usize) -> anyhow::Result<()> {
    if jobs == 0 {
        return Ok(());
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs);
    pool.build_global()
        .with_context(|| format!("--jobs {jobs}: no threads to be had; give a smaller number"))
}
