//! Many names to compare with at once.

use crate::syntax::{Name, NamePattern};
use aho_corasick::AhoCorasick;
use foldhash::HashMap;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many names are remembered of one set.
const MOST_KNOWN: usize = 1 << 14;

static SETS: AtomicUsize = AtomicUsize::new(0);

/// The patterns that hold for each name that a set was asked for.
type KnownNames = HashMap<Box<[u8]>, Rc<[usize]>>;

thread_local! {
    /// By the number of the set. The same names stand in file after file.
    static KNOWN: RefCell<Vec<KnownNames>> = RefCell::default();
}

/// Patterns of names that are compared together.
#[derive(Debug)]
pub struct NameSet {
    /// Which of the sets of this process it is.
    number: usize,
    patterns: Vec<IndexedPattern>,
    /// Finds the runs of letters that patterns have, all at once: most names have none of them, or not all of one
    /// pattern.
    runs: Option<AhoCorasick>,
    /// The patterns of which each run is the first, and those that have none.
    by_run: Vec<Vec<usize>>,
    without: Vec<usize>,
}

/// A pattern, with the numbers of its runs.
#[derive(Debug)]
struct IndexedPattern {
    own: NamePattern,
    runs: Vec<usize>,
}

impl NameSet {
    /// All of these.
    pub fn new<'p>(patterns: impl Iterator<Item = &'p NamePattern>) -> Self {
        let mut set = Self {
            number: SETS.fetch_add(1, Ordering::Relaxed),
            patterns: Vec::new(),
            runs: None,
            by_run: Vec::new(),
            without: Vec::new(),
        };
        let mut runs: Vec<Vec<u8>> = Vec::new();
        let mut number_of = |run: Vec<u8>| {
            let known = runs.iter().position(|known| *known == run);
            known.unwrap_or_else(|| {
                runs.push(run);
                runs.len() - 1
            })
        };
        for (number, own) in patterns.enumerate() {
            let runs: Vec<usize> = own.runs().into_iter().map(&mut number_of).collect();
            let last = runs.iter().max().map_or(0, |last| last + 1);
            let known = set.by_run.len().max(last);
            set.by_run.resize_with(known, Vec::new);
            match runs.first() {
                Some(first) => set.by_run[*first].push(number),
                None => set.without.push(number),
            }
            let own = own.clone();
            set.patterns.push(IndexedPattern { own, runs });
        }
        set.runs = AhoCorasick::new(runs).ok();
        set
    }

    /// True when there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// True when one holds for a name as it is written.
    pub fn has(&self, written: &[u8]) -> bool {
        !self.is_empty() && !self.of(written).is_empty()
    }

    /// The numbers of the patterns that hold for a name as it is written, in order.
    pub fn of(&self, written: &[u8]) -> Rc<[usize]> {
        KNOWN.with_borrow_mut(|known| {
            if known.len() <= self.number {
                known.resize_with(self.number + 1, KnownNames::default);
            }
            let known = &mut known[self.number];
            if let Some(numbers) = known.get(written) {
                return Rc::clone(numbers);
            }
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            let numbers: Rc<[usize]> = self.fitting(&Name::new(written)).into();
            known.insert(written.into(), Rc::clone(&numbers));
            numbers
        })
    }

    fn fitting(&self, name: &Name) -> Vec<usize> {
        let letters = name.without_capitals();
        let found = self.runs.iter();
        let found = found.flat_map(|runs| runs.find_overlapping_iter(&letters));
        let mut there: Vec<usize> = found.map(|run| run.pattern().as_usize()).collect();
        there.sort_unstable();
        there.dedup();
        let own = there.iter().flat_map(|run| &self.by_run[*run]);
        let fits = |number: &usize| {
            let pattern = &self.patterns[*number];
            let mut runs = pattern.runs.iter();
            runs.all(|run| there.contains(run)) && pattern.own.fits(name)
        };
        let own = own.chain(&self.without).copied();
        let mut numbers: Vec<usize> = own.filter(fits).collect();
        numbers.sort_unstable();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        let pattern = NamePattern::new(pattern).unwrap();
        NameSet::new(std::iter::once(&pattern)).has(name.as_bytes())
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
