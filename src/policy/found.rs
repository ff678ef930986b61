//! From a match to the finding that reports show.

use super::allow::language::Language;
use super::comment_place::CommentPlaces;
use super::{ReviewedCommits, advice, line_hash};
use crate::model::{
    Blob, Detection, Excerpt, Finding, Fingerprint, LineIndex, Match, Origin, Place, Span,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What all findings of a blob have in common.
pub(super) struct Surroundings<'a> {
    pub(super) blob: &'a Blob<'a>,
    pub(super) detection: &'a Detection<'a>,
    pub(super) lines: &'a LineIndex,
    pub(super) language: Language,
    /// The hashes of lines, by line; filled only for those who want them.
    pub(super) line_hashes: BTreeMap<usize, String>,
    /// Whether the blob has not left this machine yet.
    pub(super) is_unpublished: bool,
    /// Which commits under review it belongs to.
    pub(super) reviewed: ReviewedCommits,
    /// The options that a command needs to find it again.
    pub(super) options: &'a str,
    comments: CommentPlaces<'a>,
    /// The advice of the last finding: most often that of the next one.
    advice: Arc<[String]>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(
        blob: &'a Blob<'a>,
        detection: &'a Detection<'a>,
        lines: &'a LineIndex,
    ) -> Self {
        let language = Language::of(blob.path, &detection.text);
        Self {
            language,
            comments: CommentPlaces::new(blob.path, &detection.text, language),
            blob,
            detection,
            lines,
            line_hashes: BTreeMap::new(),
            is_unpublished: *blob.origin == Origin::Index,
            reviewed: ReviewedCommits::None,
            options: "",
            advice: Arc::default(),
        }
    }

    /// The same, with the hashes of the lines of all matches if the blob is a file of the tree.
    pub(super) fn hashing_lines(mut self) -> Self {
        if self.blob.origin.is_file() && self.blob.path.archive().is_none() {
            let matches = self.detection.matches.iter();
            let wanted = matches.map(|m| self.lines.position(m.span.start).line);
            self.line_hashes = line_hash::of_lines(self.blob.bytes, &wanted.collect());
        }
        self
    }

    /// True when the advice for a match tells its fingerprint.
    pub(super) fn tell_fingerprint(&self, matched: &Match) -> bool {
        !self.blob.origin.is_elsewhere() || self.comment_opener(matched).is_none()
    }

    /// How a comment above the line of a match begins, if somebody writes one there.
    fn comment_opener(&self, matched: &Match) -> Option<&'static str> {
        if !advice::takes_comments(self.blob.origin, matched.context) {
            return None;
        }
        let line = self.lines.position(matched.span.start).line;
        self.comments.opener(self.lines.line(line))
    }

    /// The finding of one match, whose fingerprint this is.
    pub(super) fn finding(&mut self, matched: &Match, fingerprint: Fingerprint) -> Finding {
        let start = self.lines.position(matched.span.start);
        let end = self.lines.position(matched.span.end);
        let mut finding = Finding {
            rule: matched.rule.clone(),
            severity: matched.severity,
            message: matched.message.clone(),
            advice: Arc::default(),
            place: Place {
                path: self.blob.path.clone(),
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
            excerpt: self.excerpt(self.lines.line(start.line), matched),
            fingerprint,
            secret: matched.secret.clone(),
            dress: matched.dress,
            context: matched.context,
            origin: self.blob.origin.clone(),
            line_hash: self.line_hashes.get(&start.line).cloned(),
            derived_from: matched.derivation.clone(),
            image: None,
            outlet: matched.outlet.clone(),
            edit: None,
        };
        let situation = advice::Situation {
            language: self.language,
            is_unpublished: self.is_unpublished,
            reviewed: self.reviewed,
            options: self.options,
            comment: self.comment_opener(matched),
        };
        let advice = advice::lines(&finding, situation, &matched.advice);
        if *self.advice != *advice {
            self.advice = advice.into();
        }
        finding.advice = self.advice.clone();
        finding
    }

    /// The line of a match, without what may be a secret, reported or not.
    fn excerpt(&self, line: Span, matched: &Match) -> Excerpt {
        let text = &self.detection.text;
        let public = matched.secret.public();
        let is_shown = text[matched.span.range()].starts_with(public);
        let focus = (matched.span, if is_shown { public.len() } else { 0 });
        Excerpt::new(text, line, focus, &self.detection.cover)
    }
}
