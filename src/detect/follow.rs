//! What patterns allow behind the word that they start with. A look at the next bytes tells most words of a
//! text from a place that some of the patterns have to be tried at, for all of them at once.

use regex_automata::PatternID;
use regex_automata::nfa::thompson::{Config, NFA, State, WhichCaptures};
use regex_automata::util::alphabet::ByteClasses;
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use std::collections::{BTreeSet, HashMap};

/// Most states that are told apart, those that are reached first. To find so many pays where a word stands
/// [`MANY`] times; for a few places one is enough, which asks for the next byte alone. So many of 256 classes of
/// bytes have numbers below [`END`].
const FAR: usize = 120;

/// So often a word stands in a text before more than one byte behind it is asked for.
pub(super) const MANY: usize = 4096;

/// Most bytes that are asked for.
const REACH: usize = 64;

/// Patterns by their number, a bit each; those that have none are always tried.
pub(super) type Patterns = u64;

/// The bit of the pattern with this number.
pub(super) fn bit(number: usize) -> Patterns {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    Patterns::from(1_u8).checked_shl(number).unwrap_or(0)
}

/// The bit of states at which nothing more is told apart; the rest of the number is the place of what is known.
const END: u16 = 1 << 15;

/// What may stand behind a word: the beginning of the automaton that some regexes are together.
#[derive(Debug)]
pub(super) struct Follow {
    classes: ByteClasses,
    /// The next state for each state that is told apart, whose number is where its own begin, and class of
    /// bytes.
    next: Vec<u16>,
    /// How many those are for each state.
    stride: usize,
    /// What is known in each state that is told apart.
    known: Vec<Known>,
    /// The patterns that may match behind each end.
    ends: Vec<Patterns>,
    /// The state behind the word.
    start: u16,
}

/// What is known of the patterns in a state.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Those that have matched.
    matched: Patterns,
    /// Those that have, and those that may yet.
    possible: Patterns,
}

impl Follow {
    /// What the regexes allow right behind `word`, in any case of letters.
    pub(super) fn near(regexes: &[&str], word: &str) -> Self {
        Self::new(regexes, word, 1)
    }

    /// What they allow there and further on.
    pub(super) fn far(regexes: &[&str], word: &str) -> Self {
        Self::new(regexes, word, FAR)
    }

    /// Tells so many states apart. Nothing is ruled out when the regexes cannot be taken apart.
    fn new(regexes: &[&str], word: &str, most: usize) -> Self {
        let config = Config::new()
            .utf8(false)
            .which_captures(WhichCaptures::None);
        let nfa = NFA::compiler()
            .configure(config)
            .syntax(syntax::Config::new().utf8(false))
            .build_many(regexes);
        match nfa {
            Ok(nfa) if regexes.len() < Patterns::BITS as usize => {
                Subsets::new(&nfa, most).follow(word)
            }
            _ => Self {
                classes: ByteClasses::empty(),
                next: Vec::new(),
                stride: 1,
                known: Vec::new(),
                ends: vec![Patterns::MAX],
                start: END,
            },
        }
    }

    /// The patterns that may match a text that goes on like this behind the word.
    pub(super) fn allowed(&self, rest: &[u8]) -> Patterns {
        let mut state = self.start;
        for byte in rest.iter().take(REACH) {
            if state & END != 0 {
                break;
            }
            let class = usize::from(self.classes.get(*byte));
            state = self.next[usize::from(state) + class];
        }
        if state & END != 0 {
            return self.ends[usize::from(state & !END)];
        }
        let known = self.known[usize::from(state) / self.stride];
        match rest.len() < REACH {
            true => known.matched,
            false => known.possible,
        }
    }
}

/// A set of an NFA's states, of patterns that have not matched yet, and those that have.
type Set = (BTreeSet<StateID>, Patterns);

/// The sets of an NFA's states that a text may lead to, each a state of the automaton. What stands around is
/// not asked: a look ahead or behind counts as passed.
struct Subsets<'n> {
    nfa: &'n NFA,
    /// The pattern of each state of the NFA.
    patterns: Vec<Patterns>,
    /// One byte of each class.
    bytes: Vec<u8>,
    numbers: HashMap<Set, u16>,
    /// The sets that are told apart, with what is known there.
    sets: Vec<(Set, Known)>,
    ends: Vec<Patterns>,
    most: usize,
}

impl<'n> Subsets<'n> {
    fn new(nfa: &'n NFA, most: usize) -> Self {
        let classes = nfa.byte_classes().representatives(0..=255);
        let mut subsets = Self {
            nfa,
            patterns: vec![0; nfa.states().len()],
            bytes: classes.filter_map(|class| class.as_u8()).collect(),
            numbers: HashMap::new(),
            sets: Vec::new(),
            ends: Vec::new(),
            most,
        };
        for pattern in nfa.patterns() {
            subsets.own(pattern);
        }
        subsets
    }

    /// Notes all states of a pattern.
    fn own(&mut self, pattern: PatternID) {
        let own = bit(pattern.as_usize());
        let mut open: Vec<StateID> = self.nfa.start_pattern(pattern).into_iter().collect();
        while let Some(id) = open.pop() {
            let patterns = &mut self.patterns[id.as_usize()];
            if *patterns & own != 0 {
                continue;
            }
            *patterns |= own;
            match self.nfa.state(id) {
                State::ByteRange { trans } => open.push(trans.next),
                State::Sparse(sparse) => open.extend(sparse.transitions.iter().map(|t| t.next)),
                State::Dense(dense) => open.extend(dense.transitions.iter().copied()),
                state => open.extend(freely(state)),
            }
        }
    }

    /// The automaton behind a word.
    fn follow(mut self, word: &str) -> Follow {
        let mut set = self.reached([self.nfa.start_anchored()], 0);
        for byte in word.bytes() {
            let (mut next, matched) = self.step(&set, byte.to_ascii_lowercase());
            let (mut upper, also) = self.step(&set, byte.to_ascii_uppercase());
            next.append(&mut upper);
            set = (next, matched | also);
        }
        let start = self.number(set);
        let mut next = Vec::new();
        while let Some((set, _)) = self.sets.get(next.len() / self.bytes.len()).cloned() {
            for byte in self.bytes.clone() {
                let behind = self.step(&set, byte);
                next.push(self.number(behind));
            }
        }
        Follow {
            classes: *self.nfa.byte_classes(),
            next,
            stride: self.bytes.len(),
            known: self.sets.iter().map(|(_, known)| *known).collect(),
            ends: self.ends,
            start,
        }
    }

    /// The state that a set is. Of those that are not told apart any more only the patterns count.
    fn number(&mut self, set: Set) -> u16 {
        if let Some(number) = self.numbers.get(&set) {
            return *number;
        }
        let patterns = set.0.iter().map(|id| self.patterns[id.as_usize()]);
        let matched = set.1;
        let possible = patterns.fold(matched, |all, own| all | own);
        if !set.0.is_empty() && self.sets.len() < self.most {
            let number = u16::try_from(self.sets.len() * self.bytes.len()).unwrap_or(END - 1);
            self.numbers.insert(set.clone(), number);
            self.sets.push((set, Known { matched, possible }));
            return number;
        }
        let end = self.ends.iter().position(|known| *known == possible);
        let end = end.unwrap_or(self.ends.len());
        if end == self.ends.len() {
            self.ends.push(possible);
        }
        END | u16::try_from(end).unwrap_or(0)
    }

    /// Where a byte leads from a set.
    fn step(&self, (set, matched): &Set, byte: u8) -> Set {
        let next = set
            .iter()
            .filter_map(|state| step(self.nfa.state(*state), byte));
        self.reached(next, *matched)
    }

    /// All states that these lead to without a byte, but for those of patterns that have matched.
    fn reached(&self, from: impl IntoIterator<Item = StateID>, mut matched: Patterns) -> Set {
        let mut open: Vec<StateID> = from.into_iter().collect();
        let mut states = BTreeSet::new();
        while let Some(id) = open.pop() {
            if states.insert(id) {
                let state = self.nfa.state(id);
                open.extend(freely(state));
                if let State::Match { pattern_id } = state {
                    matched |= bit(pattern_id.as_usize());
                }
            }
        }
        states.retain(|id| self.patterns[id.as_usize()] & !matched != 0);
        (states, matched)
    }
}

/// Where a state leads without a byte.
fn freely(state: &State) -> Vec<StateID> {
    match state {
        State::Look { next, .. } | State::Capture { next, .. } => vec![*next],
        State::Union { alternates } => alternates.to_vec(),
        State::BinaryUnion { alt1, alt2 } => vec![*alt1, *alt2],
        State::ByteRange { .. }
        | State::Sparse(_)
        | State::Dense(_)
        | State::Fail
        | State::Match { .. } => Vec::new(),
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
        let follow = Follow::near(&[regex], word);
        let bytes = (b' '..=b'~').filter(|b| follow.allowed(&[*b; 100]) == 1);
        let end = (follow.allowed(b"") == 1).then_some('$');
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
        let far =
            |regex: &str, rest: &str| Follow::far(&[regex], "key").allowed(rest.as_bytes()) == 1;
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

    #[test]
    fn each_pattern_is_told_from_the_others() {
        let regexes = [
            r"\A(?:key=)",
            r"\A(?:key\s*=[0-9]{3})",
            r"\A(?:(?i)key: x)",
            r"\A(?:k)",
        ];
        let follow = Follow::far(&regexes, "key");
        let allowed = |rest: &str| follow.allowed(rest.as_bytes());
        assert_eq!(allowed("=123"), 0b1011);
        assert_eq!(allowed("=12"), 0b1001);
        assert_eq!(allowed("=12x"), 0b1001);
        assert_eq!(allowed(" =123"), 0b1010);
        assert_eq!(allowed(": X"), 0b1100);
        assert_eq!(allowed(": Y"), 0b1000);
        assert_eq!(allowed(&" ".repeat(100)), 0b1010);
        let near = Follow::near(&regexes, "key");
        assert_eq!(near.allowed(b"=y"), 0b1011);
        assert_eq!(near.allowed(b": y"), 0b1100);
    }
}
