//! Which bytes a pattern allows behind its start word. One look at the next byte tells most words of
//! a text from a place that the pattern has to be tried at.

use regex_automata::nfa::thompson::{Config, NFA, State, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use std::collections::BTreeSet;

/// Which bytes may stand behind a word.
#[derive(Debug)]
pub(super) struct Follow {
    bytes: [bool; 256],
    /// True when the pattern may match the word alone.
    may_end: bool,
}

impl Follow {
    /// What `regex` allows behind `word`, in any case of letters. Nothing is ruled out when the regex
    /// cannot be taken apart.
    pub(super) fn of(regex: &str, word: &str) -> Self {
        let nfa = NFA::compiler()
            .configure(
                Config::new()
                    .utf8(false)
                    .which_captures(WhichCaptures::None),
            )
            .syntax(syntax::Config::new().utf8(false))
            .build(regex);
        let Ok(nfa) = nfa else {
            return Self {
                bytes: [true; 256],
                may_end: true,
            };
        };
        let mut states = reached(&nfa, [nfa.start_anchored()]);
        for byte in word.bytes() {
            let cases = [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()];
            let next = states.iter().flat_map(|state| {
                let state = nfa.state(*state);
                cases.into_iter().filter_map(|byte| step(state, byte))
            });
            states = reached(&nfa, next.collect::<Vec<_>>());
        }
        let states: Vec<&State> = states.iter().map(|state| nfa.state(*state)).collect();
        let may_follow = |byte| states.iter().any(|state| step(state, byte).is_some());
        let may_end = states.iter().any(|s| matches!(s, State::Match { .. }));
        Self {
            bytes: std::array::from_fn(|byte| may_end || may_follow(byte as u8)),
            may_end,
        }
    }

    /// True when the pattern may match a text that goes on like this behind the word.
    pub(super) fn allows(&self, rest: &[u8]) -> bool {
        rest.first()
            .map_or(self.may_end, |byte| self.bytes[usize::from(*byte)])
    }
}

/// All states that these lead to without a byte. What stands around is not asked: a look ahead or
/// behind counts as passed.
fn reached(nfa: &NFA, from: impl IntoIterator<Item = StateID>) -> BTreeSet<StateID> {
    let mut open: Vec<StateID> = from.into_iter().collect();
    let mut states = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !states.insert(id) {
            continue;
        }
        match nfa.state(id) {
            State::Look { next, .. } | State::Capture { next, .. } => open.push(*next),
            State::Union { alternates } => open.extend(alternates.iter()),
            State::BinaryUnion { alt1, alt2 } => open.extend([*alt1, *alt2]),
            State::ByteRange { .. }
            | State::Sparse(_)
            | State::Dense(_)
            | State::Fail
            | State::Match { .. } => {}
        }
    }
    states
}

fn step(state: &State, byte: u8) -> Option<StateID> {
    match state {
        State::ByteRange { trans } => trans.matches_byte(byte).then_some(trans.next),
        State::Sparse(sparse) => sparse.matches_byte(byte),
        State::Dense(dense) => dense.matches_byte(byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Follow;

    /// The printable bytes that may follow, and `$` for the end.
    fn follow(regex: &str, word: &str) -> String {
        let follow = Follow::of(regex, word);
        let bytes = (b' '..=b'~').filter(|b| follow.allows(&[*b]));
        let end = follow.allows(b"").then_some('$');
        bytes.map(char::from).chain(end).collect()
    }

    #[test]
    fn only_what_the_pattern_goes_on_with_may_follow() {
        assert_eq!(follow(r"\A(?:(?i)key\s*[:=])", "key"), " :=");
        assert_eq!(follow(r"\A(?:KEY(?:_ID)?=)", "key"), "=_");
        assert_eq!(follow(r"\A(?:(?:x|xy)a*b)", "x"), "aby");
        assert_eq!(follow(r"\A(?:key\b)", "key").chars().last(), Some('$'));
        assert_eq!(follow(r"\A(?:key[0-9])", "key"), "0123456789");
        assert_eq!(follow(r"\A(?:other)", "key"), "");
    }
}
