//! What libgit2 says is wrong, without what it quotes of a configuration: a value there may be a secret.

use git2::ErrorClass;
use std::borrow::Cow;

/// The words of an error, fit to be printed.
pub(in crate::source::git) fn of(error: &git2::Error) -> Cow<'_, str> {
    match error.class() {
        ErrorClass::Config => without_value(error.message()),
        _ => Cow::Borrowed(error.message()),
    }
}

/// `failed to parse 'x' as a boolean`, `failed to map 'x'` and `invalid escape at x` quote values; other errors
/// quote names.
fn without_value(said: &str) -> Cow<'_, str> {
    for what in ["failed to parse '", "failed to map '"] {
        if let Some((before, rest)) = said.split_once(what) {
            let after = rest.rsplit_once('\'').map_or("", |(_, after)| after);
            let verb = what.trim_end_matches('\'');
            return Cow::Owned(format!("{before}{verb}a value{after}"));
        }
    }
    match said.split_once("invalid escape at") {
        Some((before, _)) => Cow::Owned(format!("{before}invalid escape in a value")),
        None => Cow::Borrowed(said),
    }
}

#[cfg(test)]
mod tests {
    use super::without_value;

    #[test]
    fn values_are_not_quoted() {
        for (said, shown) in [
            (
                "failed to parse 'it's' as a boolean",
                "failed to parse a value as a boolean",
            ),
            ("failed to map 'x'", "failed to map a value"),
            ("invalid escape at \\q", "invalid escape in a value"),
            (
                "config value 'core.x' was not found",
                "config value 'core.x' was not found",
            ),
        ] {
            assert_eq!(without_value(said), shown);
        }
    }
}
