//! Names in commands of git.

use crate::model::BlobPath;
pub(super) use crate::model::shell_word as word;

/// Paths as git's commands take them, at the root of the work tree. A leading `:` would be a
/// pattern's.
pub(super) fn paths<'p>(paths: impl IntoIterator<Item = &'p BlobPath>) -> String {
    let words = paths.into_iter().map(|path| match path.as_bytes() {
        [b':', ..] => word(&[b"./", path.as_bytes()].concat()),
        bytes => word(bytes),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_pattern() {
        assert_eq!(paths([&":a".into(), &"b c".into()]), "'./:a' 'b c'");
    }
}
