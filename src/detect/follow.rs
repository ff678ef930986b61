//! What a pattern allows behind its start word. A look at the next bytes tells most words of a text from
//! a place that the pattern has to be tried at.

use regex_automata::nfa::thompson::{Config, NFA, State, WhichCaptures};
use regex_automata::util::alphabet::ByteClasses;
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use std::collections::BTreeSet;

/// Most states that are told apart, those that are reached first. To find so many pays where a word stands
/// [`MANY`] times; for a few places one is enough, which asks for the next byte alone.
const FAR: usize = 64;

/// So often a word stands in a text before more than one byte behind it is asked for.
pub(super) const MANY: usize = 4096;

/// Most bytes that are asked for.
const REACH: usize = 64;

/// The state behind which nothing matches.
const DEAD: u8 = 0;

/// The state behind which anything may match: one of a match, or farther than others.
const OPEN: u8 = 1;

/// What may stand behind a word: the beginning of the automaton that a regex is.
#[derive(Debug)]
pub(super) struct Follow {
    classes: ByteClasses,
    /// The next state for each state and class of bytes.
    next: Vec<u8>,
    /// The state behind the word.
    start: u8,
}

impl Follow {
    /// What `regex` allows right behind `word`, in any case of letters.
    pub(super) fn near(regex: &str, word: &str) -> Self {
        Self::new(regex, word, 1)
    }

    /// What it allows there and further on.
    pub(super) fn far(regex: &str, word: &str) -> Self {
        Self::new(regex, word, FAR)
    }

    /// Tells so many states apart. Nothing is ruled out when the regex cannot be taken apart.
    fn new(regex: &str, word: &str, most: usize) -> Self {
        let config = Config::new()
            .utf8(false)
            .which_captures(WhichCaptures::None);
        let nfa = NFA::compiler()
            .configure(config)
            .syntax(syntax::Config::new().utf8(false))
            .build(regex);
        match nfa {
            Ok(nfa) => Subsets::new(&nfa, most).follow(word),
            Err(_) => Self {
                classes: ByteClasses::empty(),
                next: Vec::new(),
                start: OPEN,
            },
        }
    }

    /// True when the pattern may match a text that goes on like this behind the word.
    pub(super) fn allows(&self, rest: &[u8]) -> bool {
        let classes = self.classes.alphabet_len();
        let mut state = self.start;
        for byte in rest.iter().take(REACH) {
            if state <= OPEN {
                return state == OPEN;
            }
            let class = usize::from(self.classes.get(*byte));
            state = self.next[usize::from(state) * classes + class];
        }
        state == OPEN || (state != DEAD && rest.len() >= REACH)
    }
}

/// A set of an NFA's states.
type Set = BTreeSet<StateID>;

/// The sets of an NFA's states that a text may lead to, each a state of the automaton. What stands around is
/// not asked: a look ahead or behind counts as passed.
struct Subsets<'n> {
    nfa: &'n NFA,
    sets: Vec<Set>,
    most: usize,
}

impl<'n> Subsets<'n> {
    fn new(nfa: &'n NFA, most: usize) -> Self {
        let sets = Vec::new();
        Self { nfa, sets, most }
    }

    /// The automaton behind a word.
    fn follow(mut self, word: &str) -> Follow {
        let mut set = self.reached([self.nfa.start_anchored()]);
        for byte in word.bytes() {
            let mut next = self.step(&set, byte.to_ascii_lowercase());
            next.append(&mut self.step(&set, byte.to_ascii_uppercase()));
            set = next;
        }
        let classes = *self.nfa.byte_classes();
        let bytes: Vec<u8> = classes
            .representatives(0..=255)
            .filter_map(|c| c.as_u8())
            .collect();
        let start = self.number(set);
        let mut next = vec![DEAD; classes.alphabet_len()];
        next.resize(2 * classes.alphabet_len(), OPEN);
        let mut done = 0;
        while done < self.sets.len() {
            let set = self.sets[done].clone();
            for byte in &bytes {
                let behind = self.step(&set, *byte);
                next.push(self.number(behind));
            }
            next.push(DEAD);
            done += 1;
        }
        Follow {
            classes,
            next,
            start,
        }
    }

    /// The state that a set is.
    fn number(&mut self, set: Set) -> u8 {
        if set.is_empty() {
            return DEAD;
        }
        let is_match = |state: &StateID| matches!(self.nfa.state(*state), State::Match { .. });
        if set.iter().any(is_match) {
            return OPEN;
        }
        let known = self.sets.iter().position(|known| *known == set);
        let number = known.unwrap_or(self.sets.len());
        if number == self.most {
            return OPEN;
        }
        if known.is_none() {
            self.sets.push(set);
        }
        OPEN + 1 + number as u8
    }

    /// Where a byte leads from a set.
    fn step(&self, set: &Set, byte: u8) -> Set {
        self.reached(
            set.iter()
                .filter_map(|state| step(self.nfa.state(*state), byte)),
        )
    }

    /// All states that these lead to without a byte.
    fn reached(&self, from: impl IntoIterator<Item = StateID>) -> Set {
        let mut open: Vec<StateID> = from.into_iter().collect();
        let mut states = Set::new();
        while let Some(id) = open.pop() {
            if !states.insert(id) {
                continue;
            }
            match self.nfa.state(id) {
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
    fn next(regex: &str, word: &str) -> String {
        let follow = Follow::near(regex, word);
        let bytes = (b' '..=b'~').filter(|b| follow.allows(&[*b; 100]));
        let end = follow.allows(b"").then_some('$');
        bytes.map(char::from).chain(end).collect()
    }

    #[test]
    fn only_what_the_pattern_goes_on_with_may_follow() {
        assert_eq!(next(r"\A(?:(?i)key\s*[:=])", "key"), " :=");
        assert_eq!(next(r"\A(?:KEY(?:_ID)?=)", "key"), "=_");
        assert_eq!(next(r"\A(?:(?:x|xy)a*b)", "x"), "aby");
        assert_eq!(next(r"\A(?:key\b)", "key").chars().last(), Some('$'));
        assert_eq!(next(r"\A(?:key[0-9])", "key"), "0123456789");
        assert_eq!(next(r"\A(?:other)", "key"), "");
    }

    #[test]
    fn what_comes_later_is_asked_for_too() {
        let far = |regex: &str, rest: &str| Follow::far(regex, "key").allows(rest.as_bytes());
        let value = r#"\A(?:(?i)key\s*[:=]\s*"[a-z]{4,80}")"#;
        for rest in [
            "=\"abcd\"",
            ": \"abcd\" and more",
            &format!("=\"{}", "a".repeat(70)),
        ] {
            assert!(far(value, rest), "{rest}");
        }
        for rest in ["=abcd", ": \"abc\"", " is", "=\"ab", ""] {
            assert!(!far(value, rest), "{rest}");
        }
        assert!(far(r"\A(?:key( )*=)", &" ".repeat(100)));
        assert!(far(r"\A(?:key[0-9]+\b)", "1x"));
    }
}
