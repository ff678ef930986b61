//! Many short literals in one SIMD search over the bytes (Teddy), each with what it is a part of.

use super::buckets::{self, BUCKETS, ROOM};
use super::fragment::FRAGMENT;
use super::kept::Kept;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Span as Range};
use memchr::memmem::Finder;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Literals that one SIMD search takes, 32 bytes a step. `aho-corasick` itself would take 16 bytes a step for
/// more than 32, but with well spread buckets more cost nothing: 8.2 GB a second over the Linux tree for 36,
/// 5.4 in the other mode.
pub(super) const MOST: usize = BUCKETS * ROOM;

/// Literals to search for, none of which begins with another; each may be a part of several words.
#[derive(Debug)]
pub(super) struct Literals<W> {
    passes: Vec<Pass<W>>,
}

/// One search over the bytes.
#[derive(Debug)]
struct Pass<W> {
    engine: Engine,
    /// What each literal of the engine may be a part of.
    words: Vec<Vec<W>>,
}

#[derive(Debug)]
enum Engine {
    Simd(Searcher),
    /// A literal that is searched for alone.
    One(Finder<'static>),
    /// Where the processor has no SIMD that Teddy knows.
    Automaton(AhoCorasick),
}

impl<W: Clone> Literals<W> {
    /// A search for these literals, in the buckets that are `kept` for them; `None` when no engine can be
    /// built, which only millions of literals bring about.
    pub(super) fn new(literals: BTreeMap<Vec<u8>, Vec<W>>, kept: &Kept) -> Option<Self> {
        // One of three bytes, such as `://`, would make Teddy look at three bytes of every other.
        let is_whole = |(literal, _): &(Vec<u8>, _)| literal.len() >= FRAGMENT;
        let (mut others, short): (Vec<_>, Vec<_>) = literals.into_iter().partition(is_whole);
        let chunks = kept.chunks(BUCKETS).map(|kept| {
            let is_kept = |(literal, _): &mut (Vec<u8>, Vec<W>)| {
                kept.iter()
                    .any(|bucket| bucket.contains(&literal.as_slice()))
            };
            (kept, others.extract_if(.., is_kept).collect::<Vec<_>>())
        });
        let chunks: Vec<_> = chunks.filter(|(_, own)| !own.is_empty()).collect();
        let mut passes = Vec::new();
        for (kept, mut pass) in chunks {
            let room = others.len().min(MOST.saturating_sub(pass.len()));
            pass.extend(others.drain(..room));
            passes.push(Pass::ordered(&pass, kept)?);
        }
        others.extend(short);
        // Of the same size, since a place costs a look at a part of those that its pass searches for.
        let size = others.len().div_ceil(others.len().div_ceil(MOST).max(1));
        for pass in others.chunks(size.max(1)) {
            passes.push(Pass::ordered(pass, &[])?);
        }
        Some(Self { passes })
    }

    /// Shows `each` the words of every literal in `bytes`, with where the literal begins. In each
    /// pass places come in order. Ends when `each` breaks.
    pub(super) fn visit(
        &self,
        bytes: &[u8],
        mut each: impl FnMut(&[W], usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut passes = self.passes.iter();
        passes.try_for_each(|pass| pass.visit(bytes, &mut each))
    }

    /// How many literals each pass searches for.
    #[cfg(test)]
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.passes.iter().map(|pass| pass.words.len()).collect()
    }

    /// True when all passes use SIMD.
    #[cfg(test)]
    pub(super) fn is_simd(&self) -> bool {
        let mut engines = self.passes.iter().map(|pass| &pass.engine);
        engines.all(|engine| matches!(engine, Engine::Simd(_) | Engine::One(_)))
    }
}

impl<W: Clone> Pass<W> {
    /// The search for these literals, in the order that makes it fastest.
    fn ordered(literals: &[(Vec<u8>, Vec<W>)], kept: &Kept) -> Option<Self> {
        if let [(literal, words)] = literals {
            return Some(Self {
                engine: Engine::One(Finder::new(literal).into_owned()),
                words: vec![words.clone()],
            });
        }
        let bytes = literals.iter().map(|(literal, _)| literal.as_slice());
        let order = buckets::order(&bytes.collect::<Vec<_>>(), kept);
        let mut simd = Config::new()
            .match_kind(MatchKind::LeftmostFirst)
            .only_teddy_fat(Some(false))
            .heuristic_pattern_limits(false)
            .builder();
        let ordered = order.iter().map(|number| &literals[*number]);
        for (literal, _) in ordered.clone() {
            simd.add(literal);
        }
        let automaton = || AhoCorasick::new(ordered.clone().map(|(literal, _)| literal)).ok();
        Some(Self {
            engine: match simd.build() {
                Some(searcher) => Engine::Simd(searcher),
                None => Engine::Automaton(automaton()?),
            },
            words: ordered.clone().map(|(_, words)| words.clone()).collect(),
        })
    }

    fn visit(
        &self,
        bytes: &[u8],
        each: &mut impl FnMut(&[W], usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut at = 0;
        while let Some((literal, start)) = self.engine.find(bytes, at) {
            each(&self.words[literal], start)?;
            at = start + 1;
        }
        ControlFlow::Continue(())
    }
}

impl Engine {
    /// The next literal from `at` on: its number and where it begins.
    fn find(&self, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
        match self {
            Self::Simd(searcher) => {
                let found = searcher.find_in(bytes, Range::from(at..bytes.len()))?;
                Some((found.pattern().as_usize(), found.start()))
            }
            Self::One(finder) => Some((0, at + finder.find(bytes.get(at..)?)?)),
            Self::Automaton(automaton) => {
                let found = automaton.find(aho_corasick::Input::new(bytes).range(at..))?;
                Some((found.pattern().as_usize(), found.start()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pass_has_the_literals_that_are_kept_for_it_and_room_for_others() {
        let kept: &Kept = &[
            &[b"zzzz"],
            &[],
            &[],
            &[],
            &[],
            &[],
            &[],
            &[],
            &[b"aaaa", b"bbbb"],
        ];
        let literals = ["aaaa", "bbbb", "cccc", "zzzz"];
        let literals = literals.map(|literal| (literal.as_bytes().to_vec(), vec![literal]));
        let literals = Literals::new(literals.into(), kept).unwrap();
        let passes = literals.passes.iter().map(|pass| {
            let mut words = pass.words.concat();
            words.sort_unstable();
            words.dedup();
            words.join(" ")
        });
        assert_eq!(passes.collect::<Vec<_>>(), ["cccc zzzz", "aaaa bbbb"]);
    }
}
