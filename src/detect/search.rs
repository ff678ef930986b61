//! The search of one blob: its texts read one after the other, its matches settled at the end.

use super::code::{Site, Sites};
use super::context::Around;
use super::context::{FileForm, PathWords};
use super::flow::{Flow, Goes};
use super::gate;
use super::gate::{Candidate, Refusal};
use super::overlap::{self, Ranked};
use super::pattern::keyword::WordHits;
use super::pattern::{self, Found, RuleWords};
use super::reading::Reading;
use super::ready::{Looks, ReadyRules};
use super::{context, cover, framework, names, notebook};
use crate::model::{BlobPath, Cover, Dress, Drop, FileContext, Match, Outlet, Secret, Span};
use crate::rules::{Gate, Rule};
use std::borrow::Cow;
use std::cell::OnceCell;

/// The search of one blob.
pub(super) struct Search<'d> {
    ready: &'d ReadyRules,
    looks: Looks,
    path: &'d BlobPath,
    around: &'d Around<'d>,
    form: FileForm,
    /// Where the tests of a Rust file begin; told when asked.
    tests: OnceCell<Option<usize>>,
    kind: context::Kind,
    /// Where the file documents itself; told when asked.
    docs: OnceCell<Vec<Span>>,
    /// Asks what could match at any path: what depends on a path counts as a match.
    pub(super) anywhere: bool,
    matches: Vec<Ranked>,
    /// Where the value of the candidate that is judged reaches a browser, if that is another file.
    outlet: Option<Outlet>,
    /// Where candidates stand that the gate dropped, behind their public prefix.
    refused: Vec<Span>,
    /// How many of those there were when they were last made one where they touch.
    united: usize,
    /// What was dropped, with whether it was decoded: of the same place the text itself tells why.
    drops: Vec<(bool, Drop)>,
}

/// True when a match at one path may be none at another.
fn depends_on_path(rule: &Rule) -> bool {
    let asks = rule.gate.asks_where() || !rule.contexts.is_empty();
    asks || rule.path.is_some() || !rule.allowlists.is_empty()
}

/// Of what is judged by itself: no site, and no way from it.
const UNASKED: (Option<&Site<'static>>, Goes) = (
    None,
    Goes {
        is_shown: false,
        is_for_server: false,
        is_in_template: false,
    },
);

/// How many pieces are tried for a key by themselves.
const MOST_SEAMS: usize = 16;

/// What a gate let through, in the text that is read.
#[derive(Clone, Copy)]
struct Passed {
    span: Span,
    /// What a match that is a name, and no secret, claims for itself.
    claim: Span,
    context: FileContext,
}

impl<'d> Search<'d> {
    pub(super) fn new(
        (ready, looks): (&'d ReadyRules, Looks),
        around: &'d Around<'d>,
        kind: context::Kind,
    ) -> Self {
        let path = around.own_path();
        Self {
            around,
            ready,
            looks,
            path,
            form: PathWords::new(path).form(),
            tests: OnceCell::new(),
            kind,
            docs: OnceCell::new(),
            anywhere: false,
            matches: Vec::new(),
            outlet: None,
            refused: Vec::new(),
            united: 0,
            drops: Vec::new(),
        }
    }

    /// What kind of file it is.
    pub(super) fn context(&self) -> FileContext {
        self.kind.context
    }

    /// Applies all rules to a text: the blob's own, or a decoded layer of it.
    pub(super) fn reading(&mut self, reading: &Reading<'_>, hits: &WordHits) {
        let rules = self.ready.rules.iter().zip(&self.ready.words);
        let awake = rules.filter(|(rule, words)| words.wake(rule, hits, reading.text));
        let awake: Vec<_> = awake.collect();
        let mut found = Vec::new();
        for (rule, words) in awake {
            if !self.applies(rule) {
                self.elsewhere(rule, words, reading, hits);
                continue;
            }
            let asks_where = reading.layer.is_none() && self.asks_where(rule);
            let mut each = |f: Found| {
                if asks_where {
                    found.push((rule, f))
                } else {
                    self.candidate(rule, f, reading, UNASKED)
                }
            };
            pattern::search(rule, words, hits, reading.text, &mut each);
        }
        self.named(reading, hits);
        // Only the blob's own text is read as a program: what is decoded from it is a value.
        found.sort_by_key(|(_, found)| found.whole.start);
        let mut sites = Sites::new(self.form, reading.text);
        let mut flow = None;
        for (rule, found) in found {
            let site = sites.at(found.whole.start);
            let flow = flow.get_or_insert_with(|| Flow::new(reading.text, self.around));
            let goes = flow.goes(found.secret, rule.gate, self.kind.role);
            self.outlet = flow.outlet();
            self.candidate(rule, found, reading, (site.as_ref(), goes));
            self.outlet = None;
        }
    }

    /// Judges what the names of rules are given.
    fn named(&mut self, reading: &Reading<'_>, hits: &WordHits) {
        let (ready, path) = (self.ready, (self.path, self.anywhere));
        let mut each = |number: usize, found: Found| {
            let Some(rule) = ready.rules.get(number) else {
                return;
            };
            if self.applies(rule) {
                self.candidate(rule, found, reading, UNASKED)
            } else {
                self.refused(rule, found.secret, reading)
            }
        };
        let names = (&*ready.names, &ready.rules);
        names::search(names, path, reading.text, hits, &mut each);
    }

    /// True when what stands around a match of the rule decides something.
    fn asks_where(&self, rule: &Rule) -> bool {
        let is_client = self.kind.role == FileContext::ClientSource;
        rule.gate.asks_where() || (is_client && rule.gate == Gate::JourvexKey)
    }

    fn applies(&self, rule: &Rule) -> bool {
        self.anywhere || rule.applies_to(self.path, self.kind.role)
    }

    fn candidate(
        &mut self,
        rule: &Rule,
        found: Found,
        reading: &Reading<'_>,
        (site, goes): (Option<&Site<'_>>, Goes),
    ) {
        let candidate = Candidate {
            text: reading.text,
            span: found.secret,
            scheme: found.scheme.map(|span| &reading.text[span.range()]),
            whole: found.whole,
            goes,
            context: self.kind.role,
            site,
            is_encoded: reading.layer.is_some_and(|l| l.dress.is_binary()),
        };
        let part = if self.is_in_tests_of_rust(&candidate, reading) {
            FileContext::Test
        } else {
            gate::part_of(&candidate)
        };
        if self.anywhere && depends_on_path(rule) {
            let (span, claim) = (found.secret, found.whole);
            let hit = Passed {
                span,
                claim,
                context: part,
            };
            return self.matched(rule, hit, reading);
        }
        if !rule.contexts.is_empty() && !rule.contexts.contains(&part) {
            return self.refused(rule, found.secret, reading);
        }
        let verdict = self.verdict(rule, &candidate, found, reading);
        match verdict {
            Ok(span) => {
                // A decoded text repeats what stands around the encoded part as it is.
                let whole = span.around(found.whole);
                if reading
                    .layer
                    .is_some_and(|layer| layer.is_verbatim(whole, reading.own))
                {
                    return;
                }
                let hit = Passed {
                    span,
                    claim: found.whole,
                    context: self.place(rule, part, reading.stored(span), reading.own),
                };
                self.matched(rule, hit, reading);
            }
            Err(reason) => self.dropped(rule, candidate.span, reason, reading),
        }
    }

    /// Notes what the gate refused, and why where that is asked for.
    fn dropped(&mut self, rule: &Rule, span: Span, reason: Refusal, reading: &Reading<'_>) {
        self.refused(rule, span, reading);
        if self.looks.keep_drops {
            let drop = Drop {
                rule: rule.info.clone(),
                span: reading.stored(span),
                reason: Cow::Borrowed(reason),
            };
            self.drops.push((reading.layer.is_some(), drop));
        }
    }

    /// Notes the candidates of a rule that does not look at this file: what it would find is not shown either. Keys
    /// have a rule for all files.
    fn elsewhere(
        &mut self,
        rule: &Rule,
        words: &RuleWords,
        reading: &Reading<'_>,
        hits: &WordHits,
    ) {
        if !rule.gate.finds_names() && rule.gate != Gate::JourvexKey {
            let mut each = |found: Found| self.refused(rule, found.secret, reading);
            pattern::search(rule, words, hits, reading.text, &mut each);
        }
    }

    /// Notes what counts for nothing, unless it is a name or the sign of a value that is put in.
    fn refused(&mut self, rule: &Rule, span: Span, reading: &Reading<'_>) {
        let value = &reading.text[span.range()];
        let body = value.strip_prefix(rule.info.public_prefix.as_bytes());
        let body = body.unwrap_or(value);
        let is_put_in = body.first().is_none_or(|b| b"$%<[{(".contains(b));
        if !self.anywhere && !rule.gate.finds_names() && !is_put_in {
            let span = Span::new(span.end - body.len(), span.end);
            let is_joined = reading
                .layer
                .is_some_and(|layer| layer.dress == Dress::Joined);
            let mut hidden = reading.hidden(span);
            hidden.retain(|piece| !is_joined || !gate::is_words(&reading.own[piece.range()]));
            self.refused.extend(hidden);
            // The same is read again and again where much is encoded.
            if self.refused.len() > 2 * self.united + 4096 {
                self.refused = Span::union(std::mem::take(&mut self.refused));
                self.united = self.refused.len();
            }
        }
    }

    /// The span of the credential proper, or why it is none: by the gate, and by what the rule itself asks for.
    fn verdict(
        &self,
        rule: &Rule,
        candidate: &Candidate<'_>,
        found: Found,
        reading: &Reading<'_>,
    ) -> Result<Span, Refusal> {
        let judged = self.judge(rule, candidate);
        let span = judged.or_else(|why| self.shorter(rule, candidate, reading).ok_or(why))?;
        self.limits(rule, span, found, reading.text)?;
        Ok(span)
    }

    /// True behind the line from which a file of Rust is tests: those stand in the file that they test.
    fn is_in_tests_of_rust(&self, candidate: &Candidate<'_>, reading: &Reading<'_>) -> bool {
        if self.path.extension() != Some(b"rs") {
            return false;
        }
        let tests = self.tests.get_or_init(|| gate::tests_of_rust(reading.own));
        tests.is_some_and(|start| reading.stored(candidate.span).start > start)
    }

    /// What a match is reported to be in, in a part of the file of this kind. That a Jourvex key reaches browsers,
    /// or a name of one, is more than that it is in an example.
    fn place(&self, rule: &Rule, part: FileContext, stored: Span, own: &[u8]) -> FileContext {
        let reaches = match rule.gate {
            Gate::JourvexKey => part.reaches_browser(),
            gate => gate.finds_names(),
        };
        if self.anywhere || part.is_aside() || reaches {
            return part;
        }
        if self.kind.context.is_aside() {
            return self.kind.context;
        }
        let extension = self.path.extension().unwrap_or_default();
        let extension = String::from_utf8_lossy(extension).to_ascii_lowercase();
        let docs = self
            .docs
            .get_or_init(|| context::doc_comments(&extension, own));
        let next = docs.partition_point(|doc| doc.end <= stored.start);
        let is_comment = docs.get(next).is_some_and(|doc| doc.overlaps(stored));
        if is_comment || context::is_in_code_block(own, stored.start) {
            FileContext::Documentation
        } else {
            part
        }
    }

    fn judge(&self, rule: &Rule, candidate: &Candidate<'_>) -> Result<Span, Refusal> {
        if self.looks.twice {
            gate::judge_alone(rule.gate, candidate)
        } else {
            gate::judge(rule.gate, candidate)
        }
    }

    /// The key of the first pieces, where all pieces together are none: a string behind a key that stands
    /// there for itself was joined to it.
    fn shorter(
        &self,
        rule: &Rule,
        candidate: &Candidate<'_>,
        reading: &Reading<'_>,
    ) -> Option<Span> {
        let joined = reading.layer.filter(|layer| layer.dress == Dress::Joined);
        let layer = joined.filter(|_| rule.gate == Gate::JourvexKey)?;
        let seams: Vec<usize> = layer.seams(candidate.span).take(MOST_SEAMS).collect();
        seams.into_iter().rev().find_map(|end| {
            let first = Candidate {
                text: &candidate.text[..end],
                span: Span::new(candidate.span.start, end),
                ..*candidate
            };
            self.judge(rule, &first).ok()
        })
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
        if lists.any(|list| list.covers(self.path.as_bytes(), secret, whole, line)) {
            Err("allowed by the rule's allowlist")
        } else {
            Ok(())
        }
    }

    fn matched(&mut self, rule: &Rule, hit: Passed, reading: &Reading<'_>) {
        let secret = &reading.text[hit.span.range()];
        let prefix = rule.info.public_prefix.as_bytes();
        let prefix = if rule.gate.finds_names() {
            secret.len()
        } else if secret.starts_with(prefix) {
            prefix.len()
        } else {
            0
        };
        let pieces = reading.pieces(hit.span);
        let body = reading.pieces(Span::new(hit.span.start + prefix, hit.span.end));
        let holds_body = |piece: &&Span| body.iter().any(|part| part.overlaps(**piece));
        let own: Vec<Span> = pieces.iter().filter(holds_body).copied().collect();
        self.matches.push(Ranked {
            specific: !rule.gate.takes_any(),
            narrow: !rule.contexts.is_empty(),
            claim: if rule.gate.finds_names() {
                reading.pieces(hit.claim)
            } else {
                own.clone()
            },
            matched: Match {
                rule: rule.info.clone(),
                span: reading.stored(hit.span),
                pieces,
                own,
                secret: Secret::new(secret, prefix),
                dress: reading.layer.map_or(Dress::Plain, |layer| layer.dress),
                severity: context::severity_in(hit.context, rule),
                message: message(rule, hit.context),
                context: hit.context,
                advice: Vec::new(),
                derivation: reading.original(hit.span, self.path),
                outlet: self.outlet.clone(),
            },
        });
    }

    pub(super) fn finish(self, text: &[u8], around: &Around<'_>) -> (Vec<Match>, Vec<Drop>, Cover) {
        let found = self.matches.iter().map(|ranked| &ranked.matched);
        let found = found.flat_map(|matched| cover::secret(matched, text));
        let refused = self.refused.iter().map(|span| (*span, 0));
        let candidates = found.chain(refused).collect();
        let mut matches = overlap::resolve(self.matches, text);
        if !self.looks.twice {
            overlap::tell_apart(&mut matches);
        }
        let cover = if self.looks.twice || !matches.is_empty() {
            cover::of(text, &matches, candidates)
        } else {
            Cover::default()
        };
        let names = |id: &str| {
            self.ready
                .rules
                .iter()
                .any(|r| r.info.id == id && r.gate.finds_names())
        };
        let mut steps = None;
        for matched in &mut matches {
            if matched.context.reaches_browser() || names(&matched.rule.id) {
                let steps = steps.get_or_insert_with(|| framework::advice(self.path, text, around));
                matched.advice.clone_from(steps);
            }
        }
        notebook::name_cells(self.path, text, &mut matches);
        let told = Span::union(matches.iter().flat_map(|m| m.pieces.clone()).collect());
        let mut drops = self.drops;
        drops.retain(|(_, drop)| {
            let next = told.partition_point(|piece| piece.end <= drop.span.start);
            !told.get(next).is_some_and(|m| m.overlaps(drop.span))
        });
        drops.sort_by_cached_key(|(decoded, drop)| (drop.span, drop.rule.id.clone(), *decoded));
        drops.dedup_by(|(_, a), (_, b)| (a.span, &a.rule.id) == (b.span, &b.rule.id));
        let drops = drops.into_iter().map(|(_, drop)| drop).collect();
        (matches, drops, cover)
    }
}

fn message(rule: &Rule, context: FileContext) -> String {
    // A rule for certain files says so itself.
    if !rule.contexts.is_empty() && !context.is_aside() {
        return rule.info.description.clone();
    }
    match context.place() {
        Some(place) => format!("{} {place}", rule.info.description),
        None => rule.info.description.clone(),
    }
}
