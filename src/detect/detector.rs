//! The detector: rules made ready, applied to one blob at a time from any number of threads.

use super::context::Around;
use super::context::classify_among;
use super::flow::Goes;
use super::gate;
use super::names;
use super::pattern::Found;
use super::prefilter::Prefilter;
use super::ready::{Looks, ReadyRules};
use super::undress::{Undressed, Undressing};
use crate::decode;
use crate::model::{Alone, Base, Blob, BlobPath, Detection, FileContext, Nearby, Origin};
use crate::rules::{Gate, RuleSet};
use std::borrow::Cow;
use std::sync::Arc;

/// Finds what the rules look for. A clone shares what was made ready.
#[derive(Clone, Debug)]
pub struct Detector {
    ready: Arc<ReadyRules>,
    prefilter: Arc<Prefilter>,
    looks: Looks,
    root: Base,
}

impl Detector {
    /// A detector for these rules. Regexes compile when a blob first needs them.
    pub fn new(rules: RuleSet) -> Self {
        let ready = ReadyRules::new(rules);
        Self {
            prefilter: Arc::new(Prefilter::new(&ready.rules, ready.names.clone())),
            ready: Arc::new(ready),
            looks: Looks::default(),
            root: Base::default(),
        }
    }

    /// The same detector, for blobs of a part of a project: `root` is from their paths to those from its root. In a
    /// folder of tests all is a test, also when that folder alone is scanned.
    #[must_use]
    pub fn below(mut self, root: Base) -> Self {
        self.root = root;
        self
    }

    /// The same detector, which also keeps what its gate drops and why.
    #[must_use]
    pub fn keeping_drops(mut self) -> Self {
        self.looks.keep_drops = true;
        self
    }

    /// The same detector, for short texts that are to be shown: it also looks for encodings that in a
    /// file count only beside a keyword of a rule, and takes a key for one whatever stands around it.
    #[must_use]
    pub(crate) fn looking_twice(mut self) -> Self {
        self.looks.twice = true;
        self
    }

    /// The rules it applies.
    pub fn rules(&self) -> &RuleSet {
        &self.ready.rules
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
        self.has_sign_at(bytes, None)
    }

    /// As [`Detector::has_sign`], of a whole text where its path is known.
    fn has_sign_at(&self, bytes: &[u8], path: Option<&BlobPath>) -> bool {
        let bytes = decode::without_mark(bytes);
        let counts = |rule: usize, found: Found| self.may_count(rule, found, bytes);
        let names = |places| {
            let names = (&*self.ready.names, &self.ready.rules);
            names::is_given_some(names, bytes, places, path, &counts)
        };
        // The gate asks what stands around a candidate, which a part of a text may cut off.
        let counts_here = |rule: usize, found: Found| path.is_none() || counts(rule, found);
        let hits = || self.prefilter.hits(bytes, &counts_here, names);
        self.looks.twice || hits() || decode::is_wide(bytes)
    }

    /// True unless the rule's gate refuses what was found, whatever kind of file it is in and wherever in it.
    fn may_count(&self, rule: usize, found: Found, text: &[u8]) -> bool {
        let candidate = gate::Candidate {
            text,
            span: found.secret,
            scheme: found.scheme.map(|span| &text[span.range()]),
            whole: found.whole,
            goes: Goes::default(),
            context: FileContext::Source,
            site: None,
            is_encoded: false,
        };
        let may_count = |gate: Gate| gate.asks_where() || gate::judge(gate, &candidate).is_ok();
        let rule = self.ready.rules.get(rule);
        self.looks.keep_drops || rule.is_none_or(|rule| may_count(rule.gate))
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
        if !self.has_sign_at(blob.bytes, Some(blob.path)) {
            return None;
        }
        let text = decode::text(blob.bytes);
        if matches!(text, Cow::Owned(_)) && !self.has_sign_at(&text, Some(blob.path)) {
            return None;
        }
        // `https://example.com/about` is a page, and its path does not say so.
        let path = match blob.origin {
            Origin::Site { file } if blob.path.archive().is_none() => file,
            _ => blob.path,
        };
        let seen = self.root.seen_from(path);
        let is_served = blob.origin.is_site();
        let (around, alone) = (
            Around::new(path, &seen, nearby).served(is_served),
            Around::new(path, &seen, &Alone).served(is_served),
        );
        let Undressed {
            search,
            effort,
            faults,
        } = Undressing::new((&self.ready, self.looks), &text, &around, anywhere).run();
        let (context, (matches, drops, cover)) = match search {
            Some(search) => (search.context(), search.finish(&text, &around)),
            None => (classify_among(&text, &alone).context, Default::default()),
        };
        Some(Detection {
            text,
            context,
            seen: seen.into_owned(),
            matches,
            cover,
            drops,
            faults,
            effort,
        })
    }
}
