//! Where this program keeps what is of one user.

use std::path::PathBuf;

/// Its folder in the one that the variable `xdg` names, else in `below_home`, else where Windows keeps such files.
pub(super) fn user_folder(xdg: &str, below_home: &str, windows: &str) -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).map(PathBuf::from);
    let absolute = |path: &PathBuf| path.is_absolute();
    let under_home = || named("HOME").map(|home| home.join(below_home));
    let base = named(xdg).filter(absolute);
    let base = base.or_else(under_home).or_else(|| named(windows));
    Some(base.filter(absolute)?.join("jvxleaks"))
}
