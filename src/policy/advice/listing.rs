//! Several things in one sentence.

/// Most files that one step names; the report lists all places.
pub(super) const NAMED: usize = 20;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// The same of files, of which only the first are named: `a, b and 3 more files`.
pub(super) fn listed_files(files: impl ExactSizeIterator<Item = String>) -> String {
    let more = files.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("{more} more files"));
    listed(&files.take(NAMED).chain(more).collect::<Vec<_>>())
}
