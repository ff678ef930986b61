//! Paths that a configuration names: globs as in `.gitignore`, without its `!`.
//!
//! A pattern without `/` is a name at any depth; one with a `/` counts from the folder of the
//! configuration; either also covers everything below a folder of that name.

use crate::model::BlobPath;
use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};

/// A set of paths.
#[derive(Clone, Debug, Default)]
pub(in crate::policy) struct PathSet {
    globs: GlobSet,
}

impl PathSet {
    /// The paths that any of these patterns covers.
    ///
    /// # Errors
    /// The index of the first pattern that is none, and what is wrong with it.
    pub(in crate::policy) fn new<'p>(
        patterns: impl IntoIterator<Item = &'p str>,
    ) -> Result<Self, (usize, String)> {
        let mut builder = GlobSetBuilder::new();
        for (index, pattern) in patterns.into_iter().enumerate() {
            for glob in globs(pattern).map_err(|what| (index, what))? {
                builder.add(glob);
            }
        }
        let globs = builder.build().map_err(|e| (0, e.to_string()))?;
        Ok(Self { globs })
    }

    /// True when nothing is in it.
    pub(in crate::policy) fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// True when a path, or a folder above it, is in the set.
    pub(in crate::policy) fn covers(&self, path: &BlobPath) -> bool {
        let candidate = Candidate::from_bytes(path.as_bytes());
        self.globs.is_match_candidate(&candidate)
    }
}

/// A pattern as globs: the path itself, and all below it.
fn globs(pattern: &str) -> Result<Vec<globset::Glob>, String> {
    if pattern.starts_with('!') {
        return Err("a pattern cannot take back another with `!`; name fewer paths".to_owned());
    }
    let bare = pattern.trim_end_matches('/');
    if bare.is_empty() {
        return Err("an empty pattern; to exclude everything, write `**`".to_owned());
    }
    let base = match bare.strip_prefix('/') {
        Some(anchored) => anchored.to_owned(),
        None if bare.contains('/') => bare.to_owned(),
        None => format!("**/{bare}"),
    };
    // `logs/` is a folder: a file of that name is not meant.
    let own = (!pattern.ends_with('/')).then(|| base.clone());
    let below = Some(format!("{base}/**"));
    let texts = [own, below].into_iter().flatten();
    texts.map(|text| glob(&text)).collect()
}

fn glob(text: &str) -> Result<globset::Glob, String> {
    let mut builder = GlobBuilder::new(text);
    builder.literal_separator(true).backslash_escape(true);
    builder.build().map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, path: &str) -> bool {
        let set = PathSet::new([pattern]).unwrap();
        set.covers(&BlobPath::from(path))
    }

    #[test]
    fn a_name_counts_at_any_depth_and_a_path_from_the_top() {
        for (pattern, path, expected) in [
            ("*.min.js", "a.min.js", true),
            ("*.min.js", "a/b.min.js", true),
            ("vendor", "x/vendor/a/b.js", true),
            ("vendor/", "vendor/a.js", true),
            ("vendor/", "a/vendor", false),
            ("vendor", "vendored/a.js", false),
            ("/vendor", "x/vendor/a.js", false),
            ("src/gen", "src/gen/a.js", true),
            ("src/gen", "x/src/gen/a.js", false),
            ("src/*.js", "src/a/b.js", false),
            ("src/**/*.js", "src/a/b.js", true),
            ("{a,b}/c", "b/c/d", true),
            ("a", "b", false),
        ] {
            assert_eq!(covers(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn paths_need_not_be_unicode() {
        let set = PathSet::new(["*.bin"]).unwrap();
        assert!(set.covers(&BlobPath::from_bytes(*b"a\xff/\xfe.bin")));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for pattern in ["!a", "", "/", "[a", "{a"] {
            assert!(PathSet::new(["ok", pattern]).is_err(), "{pattern}");
        }
        let (index, what) = PathSet::new(["ok", "[a"]).unwrap_err();
        assert_eq!(
            (index, what.as_str()),
            (1, "unclosed character class; missing ']'")
        );
    }
}
