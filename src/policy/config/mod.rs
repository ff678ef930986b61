//! `.jvxleaks.toml`: what a project has decided about its own findings.
//!
//! Findings are allowed by fingerprint, never by value, so that the file can be public. A key that
//! is not known is an error: a misspelt one would otherwise decide nothing, unnoticed.

pub(super) mod allow;
pub(super) mod entry;
pub(super) mod path_set;
pub(super) mod rule_name;
pub(super) mod said;
pub(super) mod syntax;

use super::{ConfigAllow, is_fingerprint};
use crate::model::{Fingerprint, KEY_PREFIX, Severity};
use allow::Allowed;
use jiff::civil::Date;
use path_set::PathSet;
use rule_name::RuleName;
use said::{Said, said};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use syntax::{AllowSyntax, ConfigSyntax, RuleSection};
use toml::Spanned;

/// The name under which a configuration is looked for.
pub const CONFIG_FILE: &str = ".jvxleaks.toml";

/// Why a configuration is not one. The text names file, line and key.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct ConfigError {
    /// The file.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// What is wrong and what is expected.
    pub what: String,
}

/// What a configuration says of one rule.
#[derive(Debug)]
pub(super) struct RuleSettings {
    line: usize,
    /// The only paths for which it runs.
    pub(super) paths: Option<PathSet>,
    /// Whether a file was read that they mean.
    met: AtomicBool,
    /// The severity of all that it finds.
    pub(super) severity: Option<Severity>,
}

impl RuleSettings {
    /// Learns of a file that was read, of which `is_in` says where it is.
    pub(super) fn meet(&self, is_in: impl Fn(&PathSet) -> bool) {
        let unmet = self.paths.as_ref();
        let unmet = unmet.filter(|_| !self.met.load(Ordering::Relaxed));
        if unmet.is_some_and(is_in) {
            self.met.store(true, Ordering::Relaxed);
        }
    }

    fn looks_at_nothing(&self) -> bool {
        self.paths.is_some() && !self.met.load(Ordering::Relaxed)
    }
}

/// A configuration, checked.
#[derive(Debug, Default)]
pub struct Config {
    /// What errors and warnings call the file.
    pub file: String,
    /// Findings below this severity are not reported.
    pub severity: Option<Severity>,
    /// Findings below this severity do not fail the run.
    pub fail_on: Option<Severity>,
    /// Whether other tools' marks and ignore files count.
    pub foreign_allows: Option<bool>,
    /// Whether a push option lets a push pass a server's hook.
    pub server_bypass: Option<bool>,
    /// The baseline's path, relative to the configuration's folder.
    pub baseline: Option<String>,
    /// The only rules to run, unless empty.
    pub enable: Vec<RuleName>,
    /// Rules not to run.
    pub disable: Vec<RuleName>,
    /// Files of rules, relative to the configuration's folder.
    pub rule_files: Vec<String>,
    /// What the configuration says of single rules, by id.
    pub(super) settings: BTreeMap<String, RuleSettings>,
    /// All that it says, one value at a time.
    pub said: Vec<Said>,
    pub(super) exclude: PathSet,
    pub(super) allows: Vec<ConfigAllow>,
}

impl Config {
    /// Reads the text of a configuration that errors call `file`.
    ///
    /// # Errors
    /// When it says something that a configuration must not say.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        let reader = ConfigReader { file, text };
        // First, so that no later error can repeat a key.
        reader.refuse_keys()?;
        reader.config(reader.syntax()?)
    }

    /// The JSON schema of the file, which editors complete and check it by.
    #[must_use]
    pub fn schema() -> String {
        format!("{:#}", schemars::schema_for!(ConfigSyntax).to_value())
    }

    /// The `[[allow]]` entries that `known` does not have, and nothing else of it.
    #[must_use]
    pub fn beyond(mut self, known: &Self) -> Self {
        // One that names a rule would hide what its own change brings.
        let is_precise = |entry: &ConfigAllow| matches!(entry.what, Allowed::Finding(_));
        let is_known = |entry: &ConfigAllow| known.allows.iter().any(|k| k.says_as(entry));
        self.allows
            .retain(|entry| is_precise(entry) && !is_known(entry));
        Self {
            file: self.file,
            allows: self.allows,
            ..Self::default()
        }
    }

    /// True where some finding is allowed.
    pub fn has_entries(&self) -> bool {
        !self.allows.is_empty()
    }

    /// How many entries do not count any more on a day: what was accepted before is to be told then.
    pub fn expired(&self, today: Date) -> usize {
        let entries = self.allows.iter();
        entries.filter(|entry| entry.has_expired(today)).count()
    }

    /// The line of an entry that allows a fingerprint wherever it is found, on this day.
    pub fn line_allowing(&self, fingerprint: &Fingerprint, today: Date) -> Option<usize> {
        let says_so = |entry: &&ConfigAllow| {
            let everywhere = entry.path.is_none() && !entry.has_expired(today);
            everywhere && entry.what == Allowed::Finding(fingerprint.clone())
        };
        self.allows.iter().find(says_so).map(|entry| entry.line)
    }

    /// True when it neither adds rules nor names one.
    pub fn is_silent_on_rules(&self) -> bool {
        let names = self.enable.is_empty() && self.disable.is_empty();
        names && self.rule_files.is_empty() && self.named_rules().is_empty()
    }

    /// True when it changes what a finding of a rule counts for, or for which files a rule runs.
    pub fn judges_otherwise(&self) -> bool {
        let mut rules = self.settings.values();
        self.severity.is_some() || rules.any(|own| own.severity.is_some() || own.paths.is_some())
    }

    /// The rules that it speaks of besides `enable` and `disable`.
    pub fn named_rules(&self) -> Vec<RuleName> {
        let allowed = self.allows.iter().filter_map(|entry| match &entry.what {
            Allowed::Rule(name) => Some(name.clone()),
            Allowed::Finding(_) => None,
        });
        let set = self.settings.iter().map(|(id, settings)| RuleName {
            id: id.clone(),
            line: settings.line,
        });
        allowed.chain(set).collect()
    }

    /// What is wrong with the `[[allow]]` entries. `judges` says that all was seen that they may be for.
    pub(super) fn remarks(&self, today: Date, judges: bool) -> Vec<String> {
        let file = &self.file;
        let remark = |allow: &ConfigAllow| match allow.expires {
            Some(last) if allow.has_expired(today) => Some(format!(
                "{file}:{}: the [[allow]] entry expired on {last}; renew or remove it",
                allow.line
            )),
            _ if judges && allow.is_unused() => Some(format!(
                "{file}:{}: the [[allow]] entry silences nothing; remove it",
                allow.line
            )),
            _ => None,
        };
        self.allows.iter().filter_map(remark).collect()
    }

    /// The rules that run and whose `paths` mean none of the files that were read: `paths = ["srcx/"]`.
    pub(super) fn remarks_on_paths(
        &self,
        is_active: impl Fn(&str) -> bool,
        what: &str,
    ) -> Vec<String> {
        let file = &self.file;
        let settings = self.settings.iter();
        let blind = settings.filter(|(id, settings)| is_active(id) && settings.looks_at_nothing());
        let told = blind.map(|(id, settings)| {
            let line = settings.line;
            format!("{file}:{line}: `paths` of `{id}` match {what}; correct or remove them")
        });
        told.collect()
    }

    /// True without any `[[allow]]` entry.
    pub fn allows_nothing(&self) -> bool {
        self.allows.is_empty()
    }
}

/// One file being read.
struct ConfigReader<'a> {
    file: &'a str,
    text: &'a str,
}

impl ConfigReader<'_> {
    fn invalid(&self, at: Range<usize>, what: impl Into<String>) -> ConfigError {
        let before = self.text.as_bytes().iter().take(at.start);
        ConfigError {
            file: self.file.to_owned(),
            line: 1 + before.filter(|b| **b == b'\n').count(),
            what: what.into(),
        }
    }

    fn refuse_keys(&self) -> Result<(), ConfigError> {
        const SHORTEST: usize = 16;
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"-_".contains(b);
        for (at, _) in self.text.match_indices(KEY_PREFIX) {
            let body = self.text.as_bytes()[at + KEY_PREFIX.len()..].iter();
            if body.take_while(|b| is_part(b)).count() >= SHORTEST {
                let what = "this looks like a whole key; a configuration is public, so name a \
                            finding by its `fingerprint` (see `jvxleaks scan --format json`)";
                return Err(self.invalid(at..at, what));
            }
        }
        Ok(())
    }

    fn syntax(&self) -> Result<ConfigSyntax, ConfigError> {
        toml::from_str(self.text).map_err(|error| {
            let what = error.message().lines().collect::<Vec<_>>().join(", ");
            let at = error.span().unwrap_or(0..0);
            let what = self.list_of_rules(at.start).unwrap_or(what);
            let what = self.of_field(at.start, what);
            let meant = meant(&what).map(|near| format!("; did you mean `{near}`?"));
            let what = what + &meant.unwrap_or_default();
            self.invalid(at, what)
        })
    }

    /// What is wrong with a list under a name that `[rules]` does not know: `disabel = ["bearer-token"]`. All that it
    /// does not know is taken for the id of a rule, which has a table.
    fn list_of_rules(&self, at: usize) -> Option<String> {
        let mut before = self.text.get(..at)?.lines().rev();
        let (key, value) = before.find_map(|line| line.split_once('='))?;
        let table = before.find(|line| line.starts_with('['))?;
        let is_list = table.trim_end() == "[rules]" && value.trim_start().starts_with('[');
        let key = key.trim();
        let is_known = ["enable", "disable", "files"].contains(&key);
        (is_list && !is_known).then(|| {
            format!("unknown field `{key}`, expected `enable`, `disable`, `files`, or a table for a rule")
        })
    }

    /// Names the field whose value is of another type: `path = ["src/"]`, which `paths` takes.
    fn of_field(&self, at: usize, what: String) -> String {
        let before = self.text.get(..at).unwrap_or_default();
        let mut lines = before.lines().rev();
        let key = match before.trim_end().strip_suffix('=') {
            Some(key) => Some(key),
            None => lines.find_map(|line| Some(line.split_once('=')?.0)),
        };
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let key = key.and_then(|key| key.trim_end().rsplit(|c| !is_part(c)).next());
        let Some(key) = key.filter(|key| !key.is_empty() && what.starts_with("invalid type"))
        else {
            return what;
        };
        let meant = match key {
            "path" if what.contains("sequence, expected a string") => "; did you mean `paths`?",
            _ => "",
        };
        format!("{key}: {what}{meant}")
    }

    fn config(&self, syntax: ConfigSyntax) -> Result<Config, ConfigError> {
        let names = |list: Vec<Spanned<String>>| {
            let names = list.into_iter().map(|name| RuleName {
                line: self.invalid(name.span(), "").line,
                id: name.into_inner(),
            });
            names.collect()
        };
        let said = said(&syntax, |at| self.invalid(at, "").line);
        let settings = syntax.rules.settings.iter();
        let settings = settings.map(|(id, of)| Ok((id.clone(), self.rule(of)?)));
        let files = syntax.rules.files.into_iter();
        let files = files.map(|file| self.filled("files", file));
        let allows = syntax.allow.iter().map(|entry| self.allow(entry));
        Ok(Config {
            file: self.file.to_owned(),
            severity: self.severity("severity", syntax.severity.as_ref())?,
            fail_on: self.severity("fail-on", syntax.fail_on.as_ref())?,
            foreign_allows: syntax.foreign_allows.map(Spanned::into_inner),
            server_bypass: syntax.server.bypass.map(Spanned::into_inner),
            baseline: syntax
                .baseline
                .map(|b| self.filled("baseline", b))
                .transpose()?,
            exclude: self.paths("exclude", &syntax.paths.exclude)?,
            enable: names(syntax.rules.enable),
            disable: names(syntax.rules.disable),
            rule_files: files.collect::<Result<_, _>>()?,
            settings: settings.collect::<Result<_, _>>()?,
            allows: allows.collect::<Result<_, _>>()?,
            said,
        })
    }

    fn severity(
        &self,
        key: &str,
        name: Option<&Spanned<String>>,
    ) -> Result<Option<Severity>, ConfigError> {
        let parsed = name.map(|name| {
            let parsed = name.get_ref().parse();
            parsed.map_err(|e| self.invalid(name.span(), format!("{key}: {e}")))
        });
        parsed.transpose()
    }

    fn filled(&self, key: &str, text: Spanned<String>) -> Result<String, ConfigError> {
        match text.get_ref().trim() {
            "" => Err(self.invalid(text.span(), format!("{key}: it is empty"))),
            filled => Ok(filled.to_owned()),
        }
    }

    fn paths(&self, key: &str, globs: &[Spanned<String>]) -> Result<PathSet, ConfigError> {
        let patterns = globs.iter().map(|glob| glob.get_ref().as_str());
        PathSet::new(patterns).map_err(|(index, what)| {
            let at = globs.get(index).map_or(0..0, Spanned::span);
            self.invalid(at, format!("{key}: {what}"))
        })
    }

    fn rule(&self, entry: &Spanned<RuleSection>) -> Result<RuleSettings, ConfigError> {
        let syntax = entry.get_ref();
        Ok(RuleSettings {
            line: self.invalid(entry.span(), "").line,
            paths: match syntax.paths.as_slice() {
                [] => None,
                paths => Some(self.paths("paths", paths)?),
            },
            met: AtomicBool::default(),
            severity: self.severity("severity", syntax.severity.as_ref())?,
        })
    }

    fn allow(&self, entry: &Spanned<AllowSyntax>) -> Result<ConfigAllow, ConfigError> {
        let line = self.invalid(entry.span(), "").line;
        let at = entry.span();
        let entry = entry.get_ref();
        let what = self.allowed(entry, at)?;
        let paths: Vec<Spanned<String>> = entry.path.iter().chain(&entry.paths).cloned().collect();
        let written = paths.iter().map(|path| path.get_ref().as_str());
        let written = written.collect::<Vec<_>>().join("\n");
        Ok(ConfigAllow {
            line,
            what,
            reason: self.filled("reason", entry.reason.clone())?,
            written_path: (!paths.is_empty()).then_some(written),
            path: match paths.as_slice() {
                [] => None,
                paths => Some(self.paths("paths", paths)?),
            },
            expires: self.date(entry.expires.as_ref())?,
            used: Default::default(),
        })
    }

    fn allowed(&self, entry: &AllowSyntax, at: Range<usize>) -> Result<Allowed, ConfigError> {
        match (&entry.fingerprint, &entry.rule) {
            (Some(fingerprint), None) => {
                let id = fingerprint.get_ref().to_ascii_lowercase();
                let what = "fingerprint: expected the 32 hexadecimal digits that reports give a \
                            finding (see `jvxleaks scan --format json`), never the value itself";
                if is_fingerprint(&id) {
                    Ok(Allowed::Finding(Fingerprint(id)))
                } else {
                    Err(self.invalid(fingerprint.span(), what))
                }
            }
            (None, Some(_)) if entry.path.is_none() && entry.paths.is_empty() => Err(self.invalid(
                at,
                "an entry with a `rule` needs `paths`; to switch a rule off everywhere, \
                 write it into `disable` of [rules]",
            )),
            (None, Some(rule)) => Ok(Allowed::Rule(RuleName {
                line: self.invalid(rule.span(), "").line,
                id: rule.get_ref().clone(),
            })),
            (None, None) => {
                Err(self.invalid(at, "missing field `fingerprint`, or `rule` with `paths`"))
            }
            (Some(_), Some(rule)) => Err(self.invalid(
                rule.span(),
                "a fingerprint tells its rule already; leave one of the two out",
            )),
        }
    }

    fn date(&self, date: Option<&Spanned<String>>) -> Result<Option<Date>, ConfigError> {
        let parsed = date.map(|date| {
            let parsed = Date::strptime("%Y-%m-%d", date.get_ref());
            parsed.map_err(|_| self.invalid(date.span(), "expires: expected a date, YYYY-MM-DD"))
        });
        parsed.transpose()
    }
}

/// Of the keys that a message expects, the one that is most like the unknown one, which it quotes first.
fn meant(message: &str) -> Option<&str> {
    /// How like two names must be, from 0 to 1.
    const LIKE: f64 = 0.85;
    let listed = message.strip_prefix("unknown field `")?;
    let mut quoted = listed.split('`').step_by(2);
    let unknown = quoted.next()?;
    let like = |known: &&str| strsim::jaro_winkler(unknown, known);
    let near = quoted.max_by(|a, b| like(a).total_cmp(&like(b)))?;
    (like(&near) > LIKE).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Config::parse("c.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_file_is_read() {
        let text = format!(
            "severity = 'medium'\nfail-on = 'high'\nforeign-allows = false\nbaseline = 'b'\n\
             [paths]\nexclude = ['vendor/']\n[rules]\ndisable = ['x']\n\
             [[allow]]\nfingerprint = '{}'\nreason = 'a test key'\npath = 'tests/**'\n\
             expires = '2027-01-31'\n",
            "AB".repeat(16)
        );
        let config = Config::parse("c.toml", &text).unwrap();
        assert_eq!(config.severity, Some(Severity::Medium));
        assert_eq!(config.fail_on, Some(Severity::High));
        assert_eq!(config.foreign_allows, Some(false));
        assert_eq!(config.disable[0].line, 8);
        assert!(config.exclude.covers(&"vendor/a".into()));
        let allow = &config.allows[0];
        assert_eq!(
            (allow.line, allow.what.clone()),
            (9, Allowed::Finding(Fingerprint("ab".repeat(16))))
        );
        assert_eq!(allow.expires.unwrap().to_string(), "2027-01-31");
        let expired = |day: &str| config.expired(day.parse().unwrap());
        assert_eq!((expired("2027-01-31"), expired("2027-02-01")), (0, 1));
    }

    #[test]
    fn errors_name_file_line_and_key() {
        let unknown = error("severity = 'low'\nfailon = 'low'\n");
        assert!(
            unknown.starts_with("c.toml:2: unknown field `failon`, expected one of")
                && unknown.ends_with("; did you mean `fail-on`?"),
            "{unknown}"
        );
        for list in ["disabel = ['a-b']", "disabel = [\n  'a-b',\n  'c',\n]"] {
            let unknown = error(&format!("[rules]\n{list}\n"));
            assert!(
                unknown.contains("unknown field `disabel`, expected `enable`, ")
                    && unknown.ends_with("; did you mean `disable`?"),
                "{unknown}"
            );
        }
        let level = error("[rules]\ndisable = [3]\n");
        assert!(
            level.starts_with("c.toml:2: disable: invalid type"),
            "{level}"
        );
        for entry in [
            "[[allow]]\nrule = 'a'\npath = ['src/']\nreason = 'r'",
            "allow = [\n\n  { rule = 'a', path = [ 'src/' ], reason = 'r' }]",
            "[[allow]]\nrule = 'a'\npath = [\n 'src/',\n]\nreason = 'r'",
        ] {
            let list = error(entry);
            assert_eq!(
                list,
                "c.toml:3: path: invalid type: sequence, expected a string; did you mean `paths`?"
            );
        }
        assert_eq!(
            error("[[allow]]\nrule = 'a'\npaths = 'src/'\nreason = 'r'"),
            "c.toml:3: paths: invalid type: string \"src/\", expected a sequence"
        );
        let level = error("\nseverity = 'bad'");
        assert_eq!(
            level,
            "c.toml:2: severity: expected low, medium, high or critical"
        );
        let glob = error("[paths]\nexclude = [\n 'a',\n '[b']");
        assert_eq!(
            glob,
            "c.toml:4: exclude: unclosed character class; missing ']'"
        );
        let entry = format!("[[allow]]\nfingerprint = '{}'\n", "ab".repeat(16));
        assert_eq!(error(&entry), "c.toml:1: missing field `reason`");
        let reason = format!("{entry}reason = ' '\n");
        assert_eq!(error(&reason), "c.toml:3: reason: it is empty");
        let date = format!("{entry}reason = 'r'\nexpires = '2027-02-30'\n");
        assert_eq!(
            error(&date),
            "c.toml:4: expires: expected a date, YYYY-MM-DD"
        );
    }

    #[test]
    fn no_error_repeats_a_secret() {
        let body = ["q7Rt2Wm9", "Xc4Vb8Nz"].concat().repeat(2);
        for text in [
            format!("[[allow]]\nfingerprint = 'jvx_live_{body}'\nreason = 'r'"),
            format!("# the key is jvx_live_{body}"),
            format!("jvx_live_{body} = 1"),
            format!("[[allow]]\nfingerprint = '{body}!'\nreason = 'r'"),
        ] {
            let error = error(&text);
            assert!(!error.contains(&body[..12]), "{error}");
            assert!(error.contains("fingerprint"), "{error}");
        }
        assert!(Config::parse("c.toml", "# jvx_live_... keys").is_ok());
    }
}
