//! The detector: rules made ready, applied to one blob at a time from any number of threads.

use super::classify;
use super::keyword::KeywordIndex;
use super::pattern::RuleWords;
use super::prefilter::Prefilter;
use super::reading::{Reading, Trace};
use super::search::Search;
use crate::decode::{self, Layer, Trigger, inline_map};
use crate::model::{Blob, BlobPath, Detection, Origin, Span};
use crate::rules::RuleSet;

/// Finds what the rules look for.
#[derive(Debug)]
pub struct Detector {
    pub(super) rules: RuleSet,
    pub(super) words: Vec<RuleWords>,
    pub(super) index: KeywordIndex,
    prefilter: Prefilter,
    pub(super) keep_drops: bool,
}

impl Detector {
    /// A detector for these rules. Regexes compile when a blob first needs them.
    pub fn new(rules: RuleSet) -> Self {
        let index = KeywordIndex::new(&rules);
        Self {
            words: rules.iter().map(|r| RuleWords::new(r, &index)).collect(),
            prefilter: Prefilter::new(&rules),
            index,
            rules,
            keep_drops: false,
        }
    }

    /// The same detector, which also keeps what its gate drops and why.
    #[must_use]
    pub fn keeping_drops(mut self) -> Self {
        self.keep_drops = true;
        self
    }

    /// The rules it applies.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Everything found in a blob; `None` when no literal of any rule is in it, which is the
    /// answer for nearly all blobs and costs one pass over the bytes.
    pub fn detect<'a>(&self, blob: &Blob<'a>) -> Option<Detection<'a>> {
        self.search(blob, false)
    }

    /// True when [`Detector::detect`] finds something in `bytes` at some path, whatever that is:
    /// for objects of a history, whose paths are not known yet.
    pub fn might_find(&self, bytes: &[u8]) -> bool {
        let blob = Blob {
            path: &BlobPath::default(),
            origin: &Origin::File,
            bytes,
        };
        let found = self.search(&blob, true);
        found.is_some_and(|found| !found.matches.is_empty() || !found.faults.is_empty())
    }

    fn search<'a>(&self, blob: &Blob<'a>, anywhere: bool) -> Option<Detection<'a>> {
        if !self.prefilter.hits(blob.bytes) {
            return None;
        }
        let text = decode::text(blob.bytes);
        let context = classify(blob.path, &text);
        let mut search = Search::new(self, blob.path, context);
        search.anywhere = anywhere;
        let hits = self.index.hits(&text);
        let trace = Trace::new(&text);
        search.reading(&Reading::own(&text, &trace), &hits);
        let maps = inline_map::layers(&text);
        for map in &maps {
            self.layer(map, &text, &Trace::new(&map.text), &mut search);
        }
        for layer in &decode::layers(&text, &outside(&maps, &hits.triggers)) {
            self.layer(layer, &text, &trace, &mut search);
        }
        let (matches, drops) = search.finish(&text);
        Some(Detection {
            text,
            context,
            matches,
            drops,
            faults: Vec::new(),
        })
    }

    fn layer(&self, layer: &Layer, own: &[u8], trace: &Trace<'_>, search: &mut Search<'_>) {
        let reading = Reading {
            text: &layer.text,
            own,
            layer: Some(layer),
            trace,
        };
        search.reading(&reading, &self.index.hits(&layer.text));
    }
}

/// The signs that stand in no inline source map: what is in one is read as a map. Maps come in the
/// order of the text and do not overlap.
fn outside(maps: &[Layer], triggers: &[Trigger]) -> Vec<Trigger> {
    let whole = |map: &Layer| map.stored(Span::new(0, map.text.len()));
    let wholes: Vec<Span> = maps.iter().map(whole).collect();
    let inside = |at: usize| {
        let after = wholes.partition_point(|whole| whole.start <= at);
        after > 0 && at < wholes[after - 1].end
    };
    let triggers = triggers.iter().copied();
    triggers.filter(|t| !inside(t.start())).collect()
}
