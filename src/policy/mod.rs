//! Which matches count: the last word before a finding is reported.

mod advice;
mod fingerprint;

pub use fingerprint::fingerprint;

use crate::model::{
    Blob, Detection, Excerpt, Finding, LineIndex, Match, Place, Severity, Span, Suppressed,
};

/// How far from a match others are redacted, in bytes: further than an excerpt reaches.
const NEAR: usize = 8 << 10;

/// What the user asked for.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Findings below this severity are not reported.
    pub least_severity: Severity,
}

/// What policy makes of one blob's matches.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Findings that count.
    pub findings: Vec<Finding>,
    /// Findings that do not.
    pub suppressed: Vec<Suppressed>,
    /// What is wrong with the silencing itself.
    pub warnings: Vec<String>,
}

impl Policy {
    /// Turns the matches of a blob into findings, and sets aside those that do not count.
    pub fn apply(&self, blob: &Blob<'_>, detection: &Detection<'_>, lines: &LineIndex) -> Verdict {
        let mut verdict = Verdict::default();
        for matched in &detection.matches {
            if matched.severity >= self.least_severity {
                let finding = finding(blob, detection, lines, matched);
                verdict.findings.push(finding);
            }
        }
        verdict
    }
}

fn finding(
    blob: &Blob<'_>,
    detection: &Detection<'_>,
    lines: &LineIndex,
    matched: &Match,
) -> Finding {
    let start = lines.position(matched.span.start);
    let end = lines.position(matched.span.end);
    Finding {
        rule: matched.rule.clone(),
        severity: matched.severity,
        message: matched.message.clone(),
        advice: advice::lines(matched, blob.path),
        place: Place {
            path: blob.path.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        },
        excerpt: excerpt(detection, lines.line(start.line), matched),
        fingerprint: fingerprint(&matched.rule.family, &matched.secret),
        secret: matched.secret.clone(),
        dress: matched.dress,
        context: matched.context,
        origin: blob.origin.clone(),
        derived_from: matched.derivation.clone(),
    }
}

/// The line of a match, with the secrets of all matches in it redacted, reported or not.
fn excerpt(detection: &Detection<'_>, line: Span, matched: &Match) -> Excerpt {
    let shown = |m: &Match| {
        let public = m.secret.public();
        let is_shown = detection.text[m.span.range()].starts_with(public);
        (m.span, if is_shown { public.len() } else { 0 })
    };
    // Matches are sorted and apart, so that only the near ones of a line with thousands are seen.
    let from = line.start.max(matched.span.start.saturating_sub(NEAR));
    let to = line.end.min(matched.span.end + NEAR);
    let first = detection.matches.partition_point(|m| m.span.end <= from);
    let near = detection.matches[first..].iter();
    let near = near.take_while(|m| m.span.start < to);
    let secrets: Vec<_> = near.map(shown).collect();
    Excerpt::new(&detection.text, line, shown(matched), &secrets)
}
