//! Many short literals in one SIMD search over the bytes (Teddy), each with what it is a part of.

use super::buckets;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Span as Range};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Literals that one SIMD search takes.
const MOST: usize = 64;

/// Up to so many literals the search takes 32 bytes a step in place of 16. `aho-corasick` itself would
/// stop at 32, but with well spread buckets more cost nothing: 8.2 GB a second over the Linux tree for 36,
/// 5.4 in the other mode.
pub(super) const SLIM: usize = 64;

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
    /// Where the processor has no SIMD that Teddy knows.
    Automaton(AhoCorasick),
}

impl<W: Clone> Literals<W> {
    /// A search for these literals; `None` when no engine can be built, which only millions of
    /// literals bring about.
    pub(super) fn new(literals: BTreeMap<Vec<u8>, Vec<W>>) -> Option<Self> {
        let literals: Vec<_> = literals.into_iter().collect();
        // Of the same size, since a place costs a look at a part of those that its pass searches for.
        let passes = literals.len().div_ceil(MOST).max(1);
        let size = literals.len().div_ceil(passes).max(1);
        let passes: Option<Vec<_>> = literals.chunks(size).map(Pass::ordered).collect();
        Some(Self { passes: passes? })
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
        engines.all(|engine| matches!(engine, Engine::Simd(_)))
    }
}

impl<W: Clone> Pass<W> {
    /// The search for these literals, in the order that makes it fastest.
    fn ordered(literals: &[(Vec<u8>, Vec<W>)]) -> Option<Self> {
        let (buckets, most) = match literals.len() <= SLIM {
            true => (8, SLIM),
            false => (16, MOST),
        };
        let bytes: Vec<&[u8]> = literals
            .iter()
            .map(|(literal, _)| literal.as_slice())
            .collect();
        let order = buckets::order(&bytes, buckets, most);
        let ordered: Vec<_> = order.into_iter().map(|n| literals[n].clone()).collect();
        Self::new(&ordered)
    }

    fn new(literals: &[(Vec<u8>, Vec<W>)]) -> Option<Self> {
        let mut simd = Config::new()
            .match_kind(MatchKind::LeftmostFirst)
            .only_teddy_fat((literals.len() <= SLIM).then_some(false))
            .builder();
        for (literal, _) in literals {
            simd.add(literal);
        }
        let automaton = || AhoCorasick::new(literals.iter().map(|(literal, _)| literal)).ok();
        Some(Self {
            engine: match simd.build() {
                Some(searcher) => Engine::Simd(searcher),
                None => Engine::Automaton(automaton()?),
            },
            words: literals.iter().map(|(_, words)| words.clone()).collect(),
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
