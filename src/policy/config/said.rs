//! All that a configuration says, one value at a time, for people who ask where a setting comes from.

use super::syntax::{AllowSyntax, ConfigSyntax};
use std::ops::Range;
use toml::Spanned;

/// One value of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its key, with the tables it is in: `fail-on`, `paths.exclude`, `rules.bearer-token.severity`, `allow`.
    pub key: String,
    /// The value, or what an entry is about. An entry of a list is a value of its own.
    pub value: String,
    /// 1-based line.
    pub line: usize,
}

/// The values of a file, in the order of its keys.
pub(in crate::policy) fn said(
    syntax: &ConfigSyntax,
    line: impl Fn(Range<usize>) -> usize,
) -> Vec<Said> {
    let mut all = Vec::new();
    let mut say = |key: &str, value: &str, at: Range<usize>| {
        all.push(Said {
            key: key.to_owned(),
            value: value.to_owned(),
            line: line(at),
        });
    };
    for (key, value) in [
        ("severity", &syntax.severity),
        ("fail-on", &syntax.fail_on),
        ("baseline", &syntax.baseline),
    ] {
        value.iter().for_each(|v| say(key, v.get_ref(), v.span()));
    }
    for (key, value) in [
        ("foreign-allows", &syntax.foreign_allows),
        ("server.bypass", &syntax.server.bypass),
    ] {
        let value = value.iter();
        value.for_each(|v| say(key, &v.get_ref().to_string(), v.span()));
    }
    for (key, values) in [
        ("paths.exclude", &syntax.paths.exclude),
        ("rules.enable", &syntax.rules.enable),
        ("rules.disable", &syntax.rules.disable),
        ("rules.files", &syntax.rules.files),
    ] {
        values.iter().for_each(|v| say(key, v.get_ref(), v.span()));
    }
    for (id, rule) in &syntax.rules.settings {
        let rule = rule.get_ref();
        let key = |name: &str| format!("rules.{id}.{name}");
        let paths = rule.paths.iter();
        paths.for_each(|v| say(&key("paths"), v.get_ref(), v.span()));
        let severity = rule.severity.iter();
        severity.for_each(|v| say(&key("severity"), v.get_ref(), v.span()));
    }
    for entry in &syntax.allow {
        say("allow", &allowed(entry.get_ref()), entry.span());
    }
    all
}

/// What an `[[allow]]` entry is about: `url-password in tests/, docs/ until 2027-06-30`.
fn allowed(entry: &AllowSyntax) -> String {
    let text = |value: &Spanned<String>| value.get_ref().clone();
    let what = entry.fingerprint.as_ref().or(entry.rule.as_ref());
    let mut about = what.map(text).unwrap_or_default();
    let paths = entry.path.iter().chain(&entry.paths).map(text);
    let paths: Vec<String> = paths.collect();
    if !paths.is_empty() {
        about += &format!(" in {}", paths.join(", "));
    }
    if let Some(expires) = &entry.expires {
        about += &format!(" until {}", expires.get_ref());
    }
    about
}
