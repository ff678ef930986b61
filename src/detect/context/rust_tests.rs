//! Where the tests of a Rust file begin: they stand in the file that they test.

use memchr::memmem;

/// Where in a file of Rust its module of tests begins, which by custom is its last item.
pub(in crate::detect) fn tests_of_rust(text: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"#[cfg(test)]";
    let begins_module = |at: &usize| {
        let item = text[at + MARK.len()..].trim_ascii_start();
        item.starts_with(b"mod ") || item.starts_with(b"pub mod ")
    };
    memmem::find_iter(text, MARK).find(begins_module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_of_tests_is_found() {
        let at = |text: &str| tests_of_rust(text.as_bytes());
        assert_eq!(
            at("#[cfg(test)]\nuse a;\n#[cfg(test)]\nmod tests {}"),
            Some(20)
        );
        assert_eq!(at("#[cfg(test)]\nfn a() {}\nmod b {}"), None);
    }
}
