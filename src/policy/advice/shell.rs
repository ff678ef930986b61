//! Names in commands of git.

pub(super) use crate::model::shell_word as word;
use crate::model::{BlobPath, RefName};

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

/// A ref as a word for the shell, without the first folders of its name. Of one that is not shown whole,
/// `refs/heads/fix-jvx_live_9fKq...`, git finds the rest.
pub(super) fn ref_word(name: &RefName, folders: usize) -> String {
    let full = name.as_str();
    if full.contains("...") {
        let pattern = ref_pattern(full);
        return format!("\"$(git for-each-ref --format='%(refname:lstrip={folders})' {pattern})\"");
    }
    let own: Vec<&str> = full.split('/').skip(folders).collect();
    word(own.join("/").as_bytes())
}

/// As [`ref_word`], of a branch by the name that people use.
pub(super) fn branch_word(branch: &str) -> String {
    ref_word(&RefName::new(format!("refs/heads/{branch}")), 2)
}

/// As [`ref_word`], of a tag by the name that people use.
pub(super) fn tag_word(tag: &str) -> String {
    ref_word(&RefName::new(format!("refs/tags/{tag}")), 2)
}

/// The full name of a ref as a pattern of git: no name has `..` in it.
pub(super) fn ref_pattern(full: &str) -> String {
    word(full.replace("...", "*").as_bytes())
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
