//! The rules of a run: built in, added from files, selected by name.

use super::reader::{Compile, Reader, RulesError};
use super::{Gate, LazyRegex, Rule, syntax};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

/// The rule that finds Jourvex keys, and the file it is in.
const KEY_RULE: &str = "jourvex-key";
const KEY_FILE: &str = "jourvex.toml";

/// The rule that finds passwords in URLs, and the file it is in.
const URL_RULE: &str = "url-password";
const URL_FILE: &str = "userinfo.toml";

const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// A rule file larger than this many bytes is refused.
const MAX_FILE: u64 = 16 << 20;

/// How alike two names are, from 0 to 1, of which one may be the other misspelled: clap has 0.7 for options.
const LIKE: f64 = 0.8;

/// The rules of a run, in order of their files.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// Over the texts of all rules that were added.
    digest: Sha256,
    /// True while every built-in rule is among them, none left out or replaced by another of its name.
    is_whole: bool,
}

impl RuleSet {
    /// The JSON schema of a file of rules.
    #[must_use]
    pub fn schema() -> String {
        syntax::schema()
    }

    /// The rules that come with the program.
    ///
    /// # Errors
    /// Never, in a build whose tests passed.
    pub fn builtin() -> Result<Self, RulesError> {
        let mut set = Self::default();
        for (name, text) in BUILTIN {
            set.add(name, text, LazyRegex::built_in)?;
        }
        set.is_whole = true;
        Ok(set)
    }

    /// The rule that finds Jourvex keys, alone.
    ///
    /// # Errors
    /// Never, in a build whose tests passed.
    pub fn key_rule() -> Result<Self, RulesError> {
        Self::one(KEY_FILE, KEY_RULE)
    }

    /// The rule that finds passwords in URLs, alone.
    ///
    /// # Errors
    /// Never, in a build whose tests passed.
    pub fn url_rule() -> Result<Self, RulesError> {
        Self::one(URL_FILE, URL_RULE)
    }

    /// The built-in rules that find credentials of other vendors, and no names or settings.
    ///
    /// # Errors
    /// Never, in a build whose tests passed.
    pub fn credential_rules() -> Result<Self, RulesError> {
        let mut set = Self::builtin()?;
        let is_other = |rule: &Rule| !rule.gate.finds_names() && rule.gate != Gate::JourvexKey;
        set.rules.retain(is_other);
        Ok(set)
    }

    fn one(file: &str, id: &str) -> Result<Self, RulesError> {
        let mut set = Self::default();
        for (name, text) in BUILTIN.iter().filter(|(name, _)| *name == file) {
            set.add(name, text, LazyRegex::built_in)?;
        }
        set.select(&[id.to_owned()], &[])?;
        Ok(set)
    }

    /// True when all built-in rules are among these: none left out, none replaced by another of its name.
    pub fn has_all_built_in(&self) -> bool {
        self.is_whole
    }

    /// Adds the rules of a user's file. A rule with the id of an earlier one takes its place.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a valid rule file.
    pub fn add_file(&mut self, path: &Path) -> Result<(), RulesError> {
        let unreadable = |cause| RulesError::Unreadable {
            path: path.to_owned(),
            cause,
        };
        // Pipes and devices may be named, and tell no size.
        let mut text = String::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let read = file.take(MAX_FILE + 1).read_to_string(&mut text);
        if read.map_err(unreadable)? as u64 > MAX_FILE {
            let cause = std::io::Error::other("larger than 16 MiB");
            return Err(unreadable(cause));
        }
        self.add(&path.display().to_string(), &text, LazyRegex::compile)
    }

    /// Adds the rules of a text that is called `file` in errors.
    ///
    /// # Errors
    /// When it is not a valid rule file.
    pub fn add_text(&mut self, file: &str, text: &str) -> Result<(), RulesError> {
        self.add(file, text, LazyRegex::compile)
    }

    /// Keeps only the rules named in `enable` (all, if it is empty) and not in `disable`.
    ///
    /// # Errors
    /// When a name is no rule's.
    pub fn select(&mut self, enable: &[String], disable: &[String]) -> Result<(), RulesError> {
        for id in enable.iter().chain(disable) {
            self.find(id)?;
        }
        let named = |list: &[String], rule: &Rule| list.contains(&rule.info.id);
        let before = self.rules.len();
        self.rules
            .retain(|r| (enable.is_empty() || named(enable, r)) && !named(disable, r));
        self.is_whole &= self.rules.len() == before;
        Ok(())
    }

    /// The rule called `id`.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(&self, id: &str) -> Result<&Rule, RulesError> {
        let found = self.rules.iter().find(|rule| rule.info.id == id);
        found.ok_or_else(|| RulesError::Unknown {
            id: id.to_owned(),
            instead: match self.nearest(id) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the rules are {}", self.ids().join(", ")),
            },
        })
    }

    /// The rule whose id is most like a misspelled one: `jourvex-kye`.
    fn nearest(&self, id: &str) -> Option<&str> {
        let like = |known: &&str| strsim::jaro_winkler(id, known);
        let ids = self.ids().into_iter();
        let nearest = ids.max_by(|a, b| like(a).total_cmp(&like(b)))?;
        (like(&nearest) > LIKE).then_some(nearest)
    }

    /// All rules.
    pub fn get(&self, number: usize) -> Option<&Rule> {
        self.rules.get(number)
    }

    /// The rules in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Rule> {
        self.rules.iter()
    }

    /// The ids of all rules.
    pub fn ids(&self) -> Vec<&str> {
        self.rules.iter().map(|r| r.info.id.as_str()).collect()
    }

    /// A text that is another for other rules: of their files, and of the choice among them.
    pub fn identity(&self) -> String {
        let mut digest = self.digest.clone();
        for id in self.ids() {
            digest.update(id);
            digest.update([0]);
        }
        let bytes = digest.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn add(&mut self, file: &str, text: &str, compile: Compile) -> Result<(), RulesError> {
        self.digest.update(text.len().to_le_bytes());
        self.digest.update(text);
        let added = Reader::new(file, text, compile).rules()?;
        let replaced = |rule: &Rule| added.iter().any(|r| r.info.id == rule.info.id);
        let before = self.rules.len();
        self.rules.retain(|rule| !replaced(rule));
        self.is_whole &= self.rules.len() == before;
        self.rules.extend(added);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_built_in_regexes_compile() {
        for (name, text) in BUILTIN {
            let mut set = RuleSet::default();
            assert!(set.add_text(name, text).is_ok(), "{name}");
        }
    }
}
