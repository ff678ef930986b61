//! The next step after a failure of the system, where the usual one would lead astray.

/// What systems say when a process may open no more files: strerror(3) of `EMFILE` and `ENFILE`.
const EXHAUSTED: [&str; 2] = ["Too many open files", "too many open files"];

/// The next step after the failure that `cause` describes: usually `usual`. When no more files may be opened, the
/// input is as whole as ever, and neither repairing nor fetching it helps.
pub(super) fn remedy<'u>(cause: &str, usual: &'u str) -> &'u str {
    match EXHAUSTED.iter().any(|words| cause.contains(words)) {
        true => "allow more open files (`ulimit -n 1024`), or scan with fewer threads (`-j 1`)",
        false => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_files_is_no_damage() {
        assert_eq!(
            remedy("checksum mismatch", "run `git fsck`"),
            "run `git fsck`"
        );
        let cause = std::io::Error::from_raw_os_error(24).to_string();
        assert!(
            remedy(&cause, "").contains("ulimit -n") || cfg!(not(unix)),
            "{cause}"
        );
    }
}
