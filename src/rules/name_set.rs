//! Many names to compare with at once.

use crate::syntax::{Name, NamePattern};
use regex::bytes::{RegexSet, RegexSetBuilder};
use std::sync::OnceLock;

/// Upper bound on the automaton of a set, in bytes.
const SIZE_LIMIT: usize = 10 << 20;

/// Patterns of names that are compared together, by one automaton.
#[derive(Debug, Default)]
pub struct NameSet {
    regexes: Vec<String>,
    compiled: OnceLock<Option<RegexSet>>,
}

impl NameSet {
    /// All of these.
    pub fn new<'p>(patterns: impl Iterator<Item = &'p NamePattern>) -> Self {
        Self {
            regexes: patterns.map(NamePattern::regex).collect(),
            compiled: OnceLock::new(),
        }
    }

    /// True when there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.regexes.is_empty()
    }

    /// True when one holds for the name.
    pub fn has(&self, name: &Name) -> bool {
        self.get().is_some_and(|set| set.is_match(name.words()))
    }

    /// The numbers of the patterns that hold for the name.
    pub fn of(&self, name: &Name) -> Vec<usize> {
        let matches = self.get().map(|set| set.matches(name.words()));
        matches.into_iter().flatten().collect()
    }

    fn get(&self) -> Option<&RegexSet> {
        let built = || {
            RegexSetBuilder::new(&self.regexes)
                .size_limit(SIZE_LIMIT)
                .dfa_size_limit(SIZE_LIMIT)
                .build()
                .ok()
        };
        self.compiled.get_or_init(built).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        let pattern = NamePattern::new(pattern).unwrap();
        NameSet::new(std::iter::once(&pattern)).has(&Name::new(name.as_bytes()))
    }

    #[test]
    fn names_are_compared_by_their_words() {
        for (pattern, names) in [
            (
                "set basic auth",
                "SetBasicAuth set_basic_auth set-basic-auth req.SetBasicAuth setbasicauth",
            ),
            (
                "* basic auth",
                "HTTPBasicAuth withBasicAuth aiohttp.BasicAuth basic_auth basicauth",
            ),
            (
                "*basic*auth*",
                "BasicAuthCredentials basic_http_authentication newbasicauth",
            ),
            ("* api-key", "X-Api-Key api-key x-acme-api-key"),
            ("oauth2 bearer", "--oauth2-bearer CURLOPT.OAuth2Bearer"),
            (
                "network credential",
                "NetworkCredential System.Net.NetworkCredential",
            ),
            ("auth *", "auth auth_user auth-header"),
            ("user*", "user username user_name"),
            ("auth password", "spring.auth.password"),
        ] {
            for name in names.split(' ') {
                assert!(fits(pattern, name), "{pattern}: {name}");
            }
        }
        for (pattern, names) in [
            ("basic auth", "basic_author my_basic_auth basic"),
            ("* api-key", "apiKey api_key xapi-key api-keys"),
            ("auth *", "author oauth"),
            ("* auth", "oauth authz"),
        ] {
            for name in names.split(' ') {
                assert!(!fits(pattern, name), "{pattern}: {name}");
            }
        }
    }
}
