//! Names in commands of git.

use crate::model::BlobPath;
pub(super) use crate::model::shell_word as word;

/// Paths as git's commands take them, at the root of the work tree. A leading `:` would be a
/// pattern's.
pub(super) fn paths<'p>(paths: impl IntoIterator<Item = &'p BlobPath>) -> String {
    let words = paths.into_iter().map(|path| match path.as_bytes() {
        [b':', ..] => word(&[b"./", path.as_bytes()].concat()),
        bytes => pattern(bytes),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A path as a word for the shell; of one that is not shown whole, `f-jvx_live_9fKq....txt`, the shell finds the rest:
/// `f-jvx_live_9fKq*.txt`.
pub(super) fn pattern(path: &[u8]) -> String {
    if memchr::memmem::find(path, b"jvx_").is_none() {
        return word(path);
    }
    let mut pieces = Vec::new();
    let mut begin = 0;
    for at in memchr::memmem::find_iter(path, b"...") {
        pieces.push(&path[begin..at]);
        begin = at + 3;
    }
    pieces.push(&path[begin..]);
    let pieces = pieces.into_iter().map(|piece| match piece {
        [] => String::new(),
        piece => word(piece),
    });
    pieces.collect::<Vec<_>>().join("*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_pattern() {
        let name = ["f x/jvx_", "live_9fKq....txt"].concat();
        assert_eq!(pattern(name.as_bytes()), "'f x/jvx_live_9fKq'*.txt");
        assert_eq!(paths([&":a".into(), &"b c".into()]), "'./:a' 'b c'");
    }
}
