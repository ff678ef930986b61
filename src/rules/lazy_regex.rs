//! A regex that is compiled when it is first needed.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// Upper bound on a compiled regex, in bytes: a user's `(x{1000}){1000}` is an error, not a hang.
const SIZE_LIMIT: usize = 10 << 20;

/// A regex over bytes.
#[derive(Debug)]
pub struct LazyRegex {
    source: Cow<'static, str>,
    compiled: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// A regex of the program itself, which the test suite has compiled.
    pub const fn fixed(source: &'static str) -> Self {
        Self {
            source: Cow::Borrowed(source),
            compiled: OnceLock::new(),
        }
    }

    /// A regex of a built-in rule, which the test suite has compiled: to check the syntax of all of them
    /// at every start takes a millisecond.
    ///
    /// # Errors
    /// Never; the result is that of [`LazyRegex::compile`].
    #[expect(clippy::unnecessary_wraps, reason = "either makes a rule's regexes")]
    pub(super) fn built_in(source: &str) -> Result<Self, String> {
        Ok(Self {
            source: Cow::Owned(source.to_owned()),
            compiled: OnceLock::new(),
        })
    }

    /// Compiles at once, for regexes of a user's file: what is wrong, or too large to compile, is an error
    /// of the file.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub(super) fn compile(source: &str) -> Result<Self, String> {
        let mut parser = regex_syntax::ParserBuilder::new().utf8(false).build();
        parser.parse(source).map_err(|e| in_one_line(&e))?;
        let regex = build(source).map_err(|e| in_one_line(&e))?;
        Ok(Self {
            source: Cow::Owned(source.to_owned()),
            compiled: OnceLock::from(Some(regex)),
        })
    }

    /// The regex as written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// The compiled regex. `None` only for a built-in regex that does not compile, which the test
    /// suite rules out.
    pub fn get(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| build(&self.source).ok())
            .as_ref()
    }

    /// True when `text` holds a match.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.get().is_some_and(|regex| regex.is_match(text))
    }
}

/// Several regexes over bytes of which it is only asked whether any matches.
#[derive(Debug)]
pub struct LazyRegexSet {
    regexes: Vec<Arc<LazyRegex>>,
    together: OnceLock<Option<RegexSet>>,
}

impl LazyRegexSet {
    /// Any of these.
    pub fn new(regexes: Vec<Arc<LazyRegex>>) -> Self {
        Self {
            regexes,
            together: OnceLock::new(),
        }
    }

    /// True when `text` holds a match of any.
    pub fn is_match(&self, text: &[u8]) -> bool {
        if let [regex] = self.regexes.as_slice() {
            return regex.is_match(text);
        }
        let together = || {
            let sources = self.regexes.iter().map(|regex| regex.as_str());
            RegexSetBuilder::new(sources).size_limit(SIZE_LIMIT).build()
        };
        match self.together.get_or_init(|| together().ok()) {
            Some(set) => set.is_match(text),
            // Too large together.
            None => self.regexes.iter().any(|regex| regex.is_match(text)),
        }
    }
}

fn build(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).size_limit(SIZE_LIMIT).build()
}

/// The regex crate draws its errors over several lines; the last one holds the cause.
fn in_one_line(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim().trim_start_matches("error: ").to_owned()
}
