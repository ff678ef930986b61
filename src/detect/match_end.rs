//! Where a match ends, found by an automaton all of whose states are known beforehand. It takes a good while to
//! make, and each search then takes half as long as one of `regex`, which makes its states as it goes: for
//! patterns of which nothing but the end is asked, in texts that have their words thousands of times.

use regex_automata::dfa::dense::{Config, DFA};
use regex_automata::dfa::{Automaton, StartKind};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

/// Largest automaton that is made, and most that is used to make it, in bytes.
const LARGEST: usize = 1 << 20;

/// The automaton of one pattern that is tried at one place at a time.
#[derive(Debug)]
pub(super) struct MatchEnd(DFA<Vec<u32>>);

impl MatchEnd {
    /// `None` for a regex whose automaton would be too large, or that asks for words of Unicode.
    pub(super) fn new(regex: &str) -> Option<Self> {
        let config = Config::new()
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(LARGEST))
            .determinize_size_limit(Some(LARGEST));
        let automaton = DFA::builder()
            .configure(config)
            .syntax(syntax::Config::new().utf8(false))
            .thompson(thompson::Config::new().utf8(false))
            .build(regex);
        automaton.ok().map(Self)
    }

    /// Where the match ends that begins where `window` does, as `regex` would have it. Nothing makes the search
    /// give up: it is anchored, as the automaton is, and there is no byte that the automaton was not made for.
    pub(super) fn find(&self, window: &[u8]) -> Option<usize> {
        let input = Input::new(window).anchored(Anchored::Yes);
        let end = self.0.try_search_fwd(&input).ok().flatten()?;
        Some(end.offset())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    #[test]
    fn it_ends_matches_where_the_regex_does() {
        let texts = [
            "Authorization: Bearer abc",
            "Authorization => 'x', y",
            "authorization\": [\n  \"Token a\"]",
            "headers.Authorization = fmt.Sprintf(\"Basic %s\"",
            "key jvx_live_aBc-d_e.f jvx_live_",
            "Basic dXNlcjpwYXNz\" bearer token: \"abc\"",
        ];
        let rules = RuleSet::builtin().unwrap();
        let patterns = rules.iter().flat_map(|rule| &rule.patterns);
        let anchored = patterns.filter(|pattern| !pattern.start.is_empty());
        let (mut compared, mut made) = (0, 0);
        for pattern in anchored {
            let source = pattern.regex.as_str();
            let Some(own) = MatchEnd::new(source) else {
                continue;
            };
            made += 1;
            for text in texts {
                for at in 0..=text.len() {
                    let window = &text.as_bytes()[at..];
                    let end = pattern.regex.get().unwrap().find(window).map(|m| m.end());
                    assert_eq!(own.find(window), end, "{source} at {:?}", &text[at..]);
                    compared += usize::from(end.is_some());
                }
            }
        }
        assert!(compared > 5 && made > 40, "{compared} of {made}");
    }
}
