//! The detector: rules made ready, applied to one blob at a time from any number of threads.

use super::context::{Around, classify_among};
use super::keyword::{Hits, KeywordIndex};
use super::prefilter::Prefilter;
use super::reading::{Reading, Trace};
use super::rule_words::RuleWords;
use super::search::Search;
use crate::decode::{self, Layer, Signs, inline_map};
use crate::model::{Alone, Blob, BlobPath, Detection, Nearby, Origin, Span};
use crate::rules::RuleSet;
use std::borrow::Cow;

/// Finds what the rules look for.
#[derive(Debug)]
pub struct Detector {
    pub(super) rules: RuleSet,
    pub(super) words: Vec<RuleWords>,
    pub(super) index: KeywordIndex,
    prefilter: Prefilter,
    pub(super) keep_drops: bool,
    /// Looks into every text, and takes for a key what only may be one.
    pub(super) looks_twice: bool,
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
            looks_twice: false,
        }
    }

    /// The same detector, which also keeps what its gate drops and why.
    #[must_use]
    pub fn keeping_drops(mut self) -> Self {
        self.keep_drops = true;
        self
    }

    /// The same detector, for short texts that are to be shown: it also looks for encodings that in a
    /// file count only beside a keyword of a rule, and takes a key for one whatever stands around it.
    #[must_use]
    pub(crate) fn looking_twice(mut self) -> Self {
        self.looks_twice = true;
        self
    }

    /// The rules it applies.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Everything found in a blob that comes alone; `None` when no literal of any rule is in it, which
    /// is the answer for nearly all blobs and costs one pass over the bytes.
    pub fn detect<'a>(&self, blob: &Blob<'a>) -> Option<Detection<'a>> {
        self.detect_among(blob, &Alone)
    }

    /// As [`Detector::detect`], for a blob among others: of those that a rule has a word in, the files
    /// around tell the kind where the file itself does not.
    pub fn detect_among<'a>(&self, blob: &Blob<'a>, nearby: &dyn Nearby) -> Option<Detection<'a>> {
        self.search(blob, nearby, false)
    }

    /// True when [`Detector::detect`] finds something in `bytes` at some path, whatever that is:
    /// for objects of a history, whose paths are not known yet.
    pub fn might_find(&self, bytes: &[u8]) -> bool {
        let blob = Blob {
            path: &BlobPath::default(),
            origin: &Origin::File,
            bytes,
        };
        let found = self.search(&blob, &Alone, true);
        found.is_some_and(|found| !found.matches.is_empty() || !found.faults.is_empty())
    }

    /// False when nothing can be found in `bytes`, or where they are part of a text and what else is
    /// in it is farther away than [`Detector::reach`].
    pub fn has_sign(&self, bytes: &[u8]) -> bool {
        self.looks_twice || self.prefilter.hits(bytes) || decode::is_wide(bytes)
    }

    /// How much of the text around it decides whether a byte is a sign, in bytes.
    pub fn reach(&self) -> usize {
        self.prefilter.reach().max(decode::WIDE)
    }

    fn search<'a>(
        &self,
        blob: &Blob<'a>,
        nearby: &dyn Nearby,
        anywhere: bool,
    ) -> Option<Detection<'a>> {
        if !self.has_sign(blob.bytes) {
            return None;
        }
        let text = decode::text(blob.bytes);
        if matches!(text, Cow::Owned(_)) && !self.has_sign(&text) {
            return None;
        }
        let hits = self.index.hits(&text);
        let maps = self.read(inline_map::layers(&text));
        let layers = self.layers(&text, &outside(&maps, &hits.signs));
        let mut inner = maps.iter().chain(&layers);
        let wakes = self.wakes(&hits, &text) || inner.any(|(l, hits)| self.wakes(hits, &l.text));
        let nearby = if wakes { nearby } else { &Alone };
        let around = Around::new(blob.path, nearby);
        let context = classify_among(blob.path, &text, &around).context;
        let mut search = Search::new(self, blob.path, context);
        search.anywhere = anywhere;
        let trace = Trace::new(&text);
        search.reading(&Reading::own(&text, &trace), &hits);
        for (map, hits) in &maps {
            search.reading(&Reading::of(map, &text, &Trace::new(&map.text)), hits);
        }
        for (layer, hits) in &layers {
            search.reading(&Reading::of(layer, &text, &trace), hits);
        }
        let (matches, drops) = search.finish(&text, &around);
        Some(Detection {
            text,
            context,
            matches,
            unreported: Vec::new(),
            drops,
            faults: Vec::new(),
        })
    }

    /// What is encoded in a text, and what is encoded inside that. One search of a layer finds the words
    /// of rules and the signs of encodings in it.
    fn layers(&self, text: &[u8], signs: &Signs) -> Vec<(Layer, Hits<'_>)> {
        let mut found = self.read(decode::layers(text, signs));
        let mut fresh = 0;
        for _ in 1..decode::DEPTH {
            let end = found.len();
            for outer in fresh..end {
                let (layer, hits) = &found[outer];
                let inner = decode::layers(&layer.text, &hits.signs).into_iter();
                let inner = inner.map(|inner| inner.inside(layer)).collect();
                found.extend(self.read(inner));
            }
            fresh = end;
        }
        found
    }

    /// Layers with the words of rules that are in them.
    fn read(&self, layers: Vec<Layer>) -> Vec<(Layer, Hits<'_>)> {
        let read = |layer: Layer| {
            let hits = self.index.hits(&layer.text);
            (layer, hits)
        };
        layers.into_iter().map(read).collect()
    }

    fn wakes(&self, hits: &Hits, text: &[u8]) -> bool {
        self.words.iter().any(|words| words.wake(hits, text))
    }
}

/// The signs that stand in no inline source map: what is in one is read as a map. Maps come in the
/// order of the text and do not overlap.
fn outside<'s>(maps: &[(Layer, Hits)], signs: &'s Signs) -> Cow<'s, Signs> {
    if maps.is_empty() {
        return Cow::Borrowed(signs);
    }
    let whole = |(map, _): &(Layer, Hits)| map.stored(Span::new(0, map.text.len()));
    let wholes: Vec<Span> = maps.iter().map(whole).collect();
    Cow::Owned(signs.outside(&wholes))
}
