//! The detector: rules made ready, applied to one blob at a time from any number of threads.

use super::classify;
use super::keyword::KeywordIndex;
use super::pattern::RuleWords;
use super::prefilter::Prefilter;
use super::reading::{Reading, Trace};
use super::search::Search;
use crate::decode::{self, inline_map};
use crate::model::{Blob, Detection};
use crate::rules::RuleSet;

/// Finds what the rules look for.
#[derive(Debug)]
pub struct Detector {
    pub(super) rules: RuleSet,
    pub(super) words: Vec<RuleWords>,
    pub(super) index: KeywordIndex,
    prefilter: Prefilter,
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
        }
    }

    /// The rules it applies.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Everything found in a blob; `None` when no literal of any rule is in it, which is the
    /// answer for nearly all blobs and costs one pass over the bytes.
    pub fn detect<'a>(&self, blob: &Blob<'a>) -> Option<Detection<'a>> {
        if !self.prefilter.hits(blob.bytes) {
            return None;
        }
        let text = decode::text(blob.bytes);
        let context = classify(blob.path, &text);
        let mut search = Search::new(self, blob.path, context);
        let trace = Trace::new(&text);
        search.reading(&Reading {
            text: &text,
            layer: None,
            trace: &trace,
        });
        for layer in &decode::layers(&text) {
            search.reading(&Reading {
                text: &layer.text,
                layer: Some(layer),
                trace: &trace,
            });
        }
        for layer in &inline_map::layers(&text) {
            search.reading(&Reading {
                text: &layer.text,
                layer: Some(layer),
                trace: &Trace::new(&layer.text),
            });
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
}
