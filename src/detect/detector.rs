//! The detector: rules made ready, applied to one blob at a time from any number of threads.

use super::gate::{self, Candidate};
use super::keyword::{Hits, KeywordIndex};
use super::overlap::{self, Ranked};
use super::pattern::{self, Found, RuleWords};
use super::prefilter::Prefilter;
use super::{classify, context};
use crate::decode::{self, Layer};
use crate::model::{Blob, BlobPath, Detection, Dress, Drop, FileContext, Match, Secret, Span};
use crate::rules::{Gate, Rule, RuleSet};
use std::borrow::Cow;

/// Finds what the rules look for.
#[derive(Debug)]
pub struct Detector {
    rules: RuleSet,
    words: Vec<RuleWords>,
    index: KeywordIndex,
    prefilter: Prefilter,
    keep_drops: bool,
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
        if !self.prefilter.hits(blob.bytes) {
            return None;
        }
        let text = decode::text(blob.bytes);
        let context = classify(blob.path, &text);
        let mut search = Search::new(self, blob.path, context);
        let hits = self.index.hits(&text);
        search.text(&text, &hits, None);
        for layer in decode::layers(&text, &hits.triggers) {
            let hits = self.index.hits(&layer.text);
            search.text(&layer.text, &hits, Some((&layer, &text)));
        }
        let (matches, drops) = search.finish();
        Some(Detection {
            text,
            context,
            matches,
            drops,
            faults: Vec::new(),
        })
    }
}

/// The search of one blob.
struct Search<'d> {
    detector: &'d Detector,
    path: &'d BlobPath,
    context: FileContext,
    matches: Vec<Ranked>,
    drops: Vec<Drop>,
}

impl<'d> Search<'d> {
    fn new(detector: &'d Detector, path: &'d BlobPath, context: FileContext) -> Self {
        Self {
            detector,
            path,
            context,
            matches: Vec::new(),
            drops: Vec::new(),
        }
    }

    /// Applies all rules to a text: the blob's own, or a decoded layer of it (with the blob's own).
    fn text(&mut self, text: &[u8], hits: &Hits, layer: Option<(&Layer, &[u8])>) {
        for (rule, words) in self.detector.rules.iter().zip(&self.detector.words) {
            if !words.wake(hits) || !self.applies(rule) {
                continue;
            }
            let mut found = Vec::new();
            pattern::search(rule, words, hits, text, &mut |f| found.push(f));
            for found in found {
                self.candidate(rule, found, text, layer);
            }
        }
    }

    fn applies(&self, rule: &Rule) -> bool {
        let context = rule.contexts.is_empty() || rule.contexts.contains(&self.context);
        let path = rule.path.as_ref();
        context && path.is_none_or(|regex| regex.is_match(self.path.as_bytes()))
    }

    fn candidate(
        &mut self,
        rule: &Rule,
        found: Found,
        text: &[u8],
        layer: Option<(&Layer, &[u8])>,
    ) {
        let candidate = Candidate {
            text,
            span: found.secret,
            scheme: found.scheme.map(|span| &text[span.range()]),
        };
        let verdict = gate::judge(rule.gate, &candidate)
            .and_then(|span| self.limits(rule, span, found, text).map(|()| span));
        let place = |span| layer.map_or(span, |(layer, _)| layer.stored(span));
        match verdict {
            Ok(span) => {
                // A decoded text repeats what stands around the encoded part as it is.
                if layer.is_some_and(|(layer, base)| layer.is_verbatim(span, base)) {
                    return;
                }
                let dress = layer.map_or(Dress::Plain, |(layer, _)| layer.dress);
                self.matched(rule, place(span), &text[span.range()], dress);
            }
            Err(reason) if self.detector.keep_drops => self.drops.push(Drop {
                rule: rule.info.clone(),
                span: place(candidate.span),
                reason: Cow::Borrowed(reason),
            }),
            Err(_) => {}
        }
    }

    /// What the rule itself asks for beyond its gate.
    fn limits(
        &self,
        rule: &Rule,
        span: Span,
        found: Found,
        text: &[u8],
    ) -> Result<(), &'static str> {
        let secret = &text[span.range()];
        if rule
            .entropy
            .is_some_and(|least| gate::entropy(secret) < least)
        {
            return Err("below the rule's entropy");
        }
        if rule.allowlists.is_empty() {
            return Ok(());
        }
        let start = memchr::memrchr(b'\n', &text[..span.start]).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &text[span.end..]).map_or(text.len(), |at| span.end + at);
        let (line, whole) = (&text[start..end], &text[found.whole.range()]);
        let mut lists = rule.allowlists.iter();
        match lists.any(|list| list.covers(self.path.as_bytes(), secret, whole, line)) {
            true => Err("allowed by the rule's allowlist"),
            false => Ok(()),
        }
    }

    fn matched(&mut self, rule: &Rule, span: Span, secret: &[u8], dress: Dress) {
        let prefix = rule.info.public_prefix.as_bytes();
        let prefix = if secret.starts_with(prefix) {
            prefix.len()
        } else {
            0
        };
        self.matches.push(Ranked {
            specific: !matches!(rule.gate, Gate::Header | Gate::Userinfo),
            matched: Match {
                rule: rule.info.clone(),
                span,
                secret: Secret::new(secret, prefix),
                dress,
                severity: context::severity_in(self.context, rule.info.severity),
                message: message(rule, self.context),
                derivation: None,
            },
        });
    }

    fn finish(mut self) -> (Vec<Match>, Vec<Drop>) {
        let matches = overlap::resolve(self.matches);
        // Matches do not overlap, so the last one that begins before a drop's end decides.
        self.drops.retain(|drop| {
            let before = matches.partition_point(|m| m.span.start < drop.span.end);
            before == 0 || !matches[before - 1].span.overlaps(drop.span)
        });
        self.drops
            .sort_by_key(|drop| (drop.span, drop.rule.id.clone()));
        self.drops
            .dedup_by_key(|drop| (drop.span, drop.rule.id.clone()));
        (matches, self.drops)
    }
}

fn message(rule: &Rule, context: FileContext) -> String {
    let place = match context {
        FileContext::BrowserBundle => " in code that browsers download",
        FileContext::ClientSource => " in client code",
        FileContext::BuildConfig => " in build configuration",
        FileContext::Server => " in server code",
        FileContext::Documentation => " in documentation",
        FileContext::Test => " in a test",
        FileContext::Lockfile => " in a lock file",
        FileContext::Source => "",
    };
    format!("{}{place}", rule.info.description)
}
