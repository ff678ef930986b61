//! Many names to compare with at once.

use crate::syntax::{Name, NamePattern};
use memchr::memmem::Finder;

/// Patterns of names that are compared together.
#[derive(Debug, Default)]
pub struct NameSet {
    patterns: Vec<NamePattern>,
    /// The longest word of some patterns, with their numbers: most names have none of these words.
    by_word: Vec<(Finder<'static>, Vec<usize>)>,
}

impl NameSet {
    /// All of these.
    pub fn new<'p>(patterns: impl Iterator<Item = &'p NamePattern>) -> Self {
        let mut set = Self::default();
        for (number, pattern) in patterns.enumerate() {
            let word = pattern.longest_run();
            let known = |(finder, _): &&mut (Finder<'static>, _)| finder.needle() == &*word;
            match set.by_word.iter_mut().find(known) {
                Some((_, numbers)) => numbers.push(number),
                None => set
                    .by_word
                    .push((Finder::new(&*word).into_owned(), vec![number])),
            }
            set.patterns.push(pattern.clone());
        }
        set
    }

    /// True when there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// True when one holds for the name.
    pub fn has(&self, name: &Name) -> bool {
        self.fitting(name).next().is_some()
    }

    /// The numbers of the patterns that hold for the name, in order.
    pub fn of(&self, name: &Name) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.fitting(name).collect();
        numbers.sort_unstable();
        numbers
    }

    fn fitting(&self, name: &Name) -> impl Iterator<Item = usize> {
        let letters = name.without_capitals();
        let own = self.by_word.iter();
        let own = own.filter(move |(word, _)| word.find(&letters).is_some());
        let numbers = own.flat_map(|(_, numbers)| numbers.iter().copied());
        numbers.filter(|number| self.patterns[*number].fits(name))
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
