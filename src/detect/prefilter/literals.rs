//! Many short literals in one SIMD search over the bytes (Teddy), each with what it is a part of.

use super::buckets::{self, BUCKETS, ROOM};
use super::fragment::FRAGMENT;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Span as Range};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Literals that one SIMD search takes: in twice as many buckets half as many bytes are read a step, and of so many
/// literals far fewer places agree with a bucket by chance.
pub(in crate::detect) const MOST: usize = BUCKETS * ROOM;

/// Literals that a search takes in half as many buckets, twice as fast, each in a bucket of its own.
const FEW: usize = BUCKETS / 2;

/// Literals to search for, none of which begins with another; each may be a part of several words.
#[derive(Debug)]
pub(in crate::detect) struct Literals<W> {
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
    /// Where the processor has no SIMD that Teddy knows.
    Automaton(AhoCorasick),
}

impl<W: Clone> Literals<W> {
    /// A search for these literals; `None` when no engine can be built, which only millions of literals bring about.
    pub(in crate::detect) fn new(literals: BTreeMap<Vec<u8>, Vec<W>>) -> Option<Self> {
        // One of three bytes, such as `://`, would make Teddy look at three bytes of every other. They are few.
        let is_whole = |(literal, _): &(Vec<u8>, _)| literal.len() >= FRAGMENT;
        let (whole, short): (Vec<_>, Vec<_>) = literals.into_iter().partition(is_whole);
        // Of the same size, since a place costs a look at a part of those that its pass searches for.
        let size = whole.len().div_ceil(whole.len().div_ceil(MOST).max(1));
        let passes = whole
            .chunks(size.max(1))
            .chain(short.chunks(MOST))
            .map(Pass::ordered);
        Some(Self {
            passes: passes.collect::<Option<_>>()?,
        })
    }

    /// Shows `each` the words of every literal in `bytes`, with where the literal begins. In each
    /// pass places come in order. Ends when `each` breaks.
    pub(in crate::detect) fn visit(
        &self,
        bytes: &[u8],
        mut each: impl FnMut(&[W], usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut passes = self.passes.iter();
        passes.try_for_each(|pass| pass.visit(bytes, &mut each))
    }

    /// True when all passes use SIMD.
    #[cfg(test)]
    pub(super) fn is_simd(&self) -> bool {
        let mut engines = self.passes.iter().map(|pass| &pass.engine);
        engines.all(|engine| matches!(engine, Engine::Simd(_)))
    }
}

impl<W: Clone> Pass<W> {
    /// The search for these literals, in the order that makes it fastest.
    fn ordered(literals: &[(Vec<u8>, Vec<W>)]) -> Option<Self> {
        let is_few = literals.len() <= FEW;
        let bytes = literals.iter().map(|(literal, _)| literal.as_slice());
        let order = if is_few {
            (0..literals.len()).collect()
        } else {
            buckets::order(&bytes.collect::<Vec<_>>())
        };
        let ordered = order.iter().map(|number| &literals[*number]);
        // 16 buckets where the processor has AVX2, else 8.
        let searcher = |fat| {
            let mut simd = Config::new()
                .match_kind(MatchKind::LeftmostFirst)
                .only_teddy_fat(Some(fat))
                .heuristic_pattern_limits(false)
                .builder();
            for (literal, _) in ordered.clone() {
                simd.add(literal);
            }
            simd.build()
        };
        let automaton = || AhoCorasick::new(ordered.clone().map(|(literal, _)| literal)).ok();
        Some(Self {
            engine: match searcher(!is_few).or_else(|| searcher(false)) {
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
            Self::Automaton(automaton) => {
                let found = automaton.find(aho_corasick::Input::new(bytes).range(at..))?;
                Some((found.pattern().as_usize(), found.start()))
            }
        }
    }
}
