//! Rules: what to look for, read from the built-in `rules/*.toml` and from the user's files.
//!
//! `syntax` is what is written, [`Rule`] is what is true. A rule's regexes compile when they are
//! first needed.

mod example;
mod gate;
mod lazy_regex;
mod literal;
mod name_set;
mod names;
mod published;
mod reader;
mod rule;
mod set;
mod syntax;

pub use example::{Sample, expand};
pub use gate::Gate;
pub use lazy_regex::{LazyRegex, LazyRegexSet};
pub use name_set::NameSet;
pub use names::{Call, Field, Names, Record, Role, waking_word};
pub use published::{PUBLISHED, Published};
pub use reader::RulesError;
pub use rule::{Allowlist, Pattern, Rule, Target};
pub use set::RuleSet;
