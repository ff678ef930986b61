//! The next step after a failure of the system, where the usual one would lead astray.

use std::fmt::Display;

/// What systems say when no more files may be opened: strerror(3) of `EMFILE` and `ENFILE`.
const EXHAUSTED: [&str; 2] = ["Too many open files", "too many open files"];

/// `cause; usual`, or the cause alone when nothing usual helps. When no more files may be opened, the input is
/// as whole as ever, and neither repairing nor fetching it helps: then the step is another.
pub(super) fn with_remedy(cause: impl Display, usual: &str) -> String {
    let cause = cause.to_string();
    let step = if EXHAUSTED.iter().any(|words| cause.contains(words)) {
        "allow more open files (`ulimit -n 1024`), or scan with fewer threads (`-j 1`)"
    } else {
        usual
    };
    match step {
        "" => cause,
        step => format!("{cause}; {step}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_files_is_no_damage() {
        let usual = |cause: &str| with_remedy(cause, "run `git fsck`");
        assert_eq!(
            usual("checksum mismatch"),
            "checksum mismatch; run `git fsck`"
        );
        assert_eq!(with_remedy("no such folder", ""), "no such folder");
        let exhausted = usual("Too many open files (os error 24)");
        assert!(
            exhausted.contains("ulimit -n") && !exhausted.contains("fsck"),
            "{exhausted}"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_says_it_in_these_words() {
        for code in [23, 24] {
            let error = std::io::Error::from_raw_os_error(code);
            assert!(with_remedy(&error, "").contains("ulimit -n"), "{error}");
        }
    }
}
