//! Workflow commands for a GitHub Actions log: they become annotations on the lines that leak.
//!
//! A step shows ten errors at most, so the worst ten findings get one and the rest are counted.
//! Secrets are always redacted: a job's log is read by everyone who can read the repository.

use super::options::ReportOptions;
use super::sarif::history::Keys;
use super::summary::counted;
use super::text::keys::{heading, reach};
use super::{accepted, escape, provenance};
use crate::model::{ExposedKey, Fault, Finding, Origin, Outcome, Place};
use std::io::{self, Write};

/// Annotations of one level that GitHub keeps for a step.
const ANNOTATIONS: usize = 10;

/// Faults that get an annotation; the last one counts those that do not.
const FAULTS: usize = 3;

/// Findings accepted by the change that get a notice: with the two that count the others, no more than are kept.
const ACCEPTED: usize = ANNOTATIONS - 2;

/// Writes the commands, one a line.
pub(super) fn write(
    outcome: &Outcome,
    _options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let faults = outcome.faults.len().min(FAULTS);
    for (i, fault) in outcome.faults.iter().take(faults).enumerate() {
        let unnamed = if i + 1 == faults {
            outcome.faults.len() - faults
        } else {
            0
        };
        write_fault(fault, unnamed, out)?;
    }
    let findings = super::options::worst_first(outcome);
    let shown = findings.len().min(ANNOTATIONS - faults);
    let keys = Keys::of(outcome);
    findings
        .iter()
        .take(shown)
        .try_for_each(|finding| write_finding(finding, keys.of_finding(finding), out))?;
    let rest = findings.len() - shown;
    if rest > 0 {
        let more = counted(rest as u64, "more finding");
        writeln!(
            out,
            "::notice title=jvxleaks::{more}, see the job's log or summary"
        )?;
    }
    write_accepted(outcome, out)
}

/// What the change accepts by itself, where it stands: a reviewer should see it.
fn write_accepted(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let accepted = accepted::by_this_change(outcome);
    for suppressed in accepted.iter().take(ACCEPTED) {
        let at = at(&suppressed.finding.place);
        let text = message(&accepted::words(suppressed));
        writeln!(
            out,
            "::notice {at}title=jvxleaks::accepted by this change: {text}"
        )?;
    }
    match accepted.len().saturating_sub(ACCEPTED) {
        0 => Ok(()),
        rest => writeln!(
            out,
            "::notice title=jvxleaks::{rest} more accepted by this change, see the job's log or summary"
        ),
    }
}

/// Where an annotation stands: a member of an archive has no page of its own, so it is the archive's.
fn at(place: &Place) -> String {
    match place.path.archive() {
        Some(archive) => format!("file={},line=1,", property(&archive.to_string())),
        None => {
            let path = property(&place.path.to_string());
            format!("file={path},line={},col={},", place.line, place.column)
        }
    }
}

/// A finding as an annotation. Of a key of an audit it says what is to be done, and how far the key got.
fn write_finding(
    finding: &Finding,
    key: Option<&ExposedKey>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let level = if finding.severity.is_error() {
        "error"
    } else {
        "warning"
    };
    let place = &finding.place;
    let path = place.path.to_string();
    let mut at = String::new();
    let action = key.map(|key| format!("{}: ", heading(key.action())));
    let action = action.unwrap_or_default();
    let mut text = format!("{action}{} ({})", finding.message, finding.secret);
    match &finding.origin {
        Origin::File | Origin::Index | Origin::Commit { .. } => {
            at = self::at(place);
            if place.path.archive().is_some() {
                text += &format!(" in {path}:{}:{}", place.line, place.column);
            }
        }
        _ => text += &format!(" in {path}:{}", place.line),
    }
    if let Some(words) = provenance::words(&finding.origin) {
        text += &format!(", {words}");
    }
    for words in provenance::image(finding) {
        text += &format!(", {words}");
    }
    let reach = key.map(|key| message(&reach(key)));
    let advice = finding.advice.iter().map(|line| message(line));
    let lines = [message(&text)].into_iter().chain(reach).chain(advice);
    let lines: Vec<_> = lines.collect();
    let title = property(&finding.rule.id);
    writeln!(out, "::{level} {at}title={title}::{}", lines.join("%0A"))
}

fn write_fault(fault: &Fault, unnamed: usize, out: &mut dyn Write) -> io::Result<()> {
    let text = message(&format!("not read: {}: {}", fault.path, fault.what));
    write!(out, "::error title=jvxleaks::{text}")?;
    match unnamed {
        0 => writeln!(out),
        n => writeln!(out, "%0A(and {})", counted(n as u64, "more input")),
    }
}

/// A command's message. Line ends are escaped already when `%` is, so that none comes through.
fn message(text: &str) -> String {
    escape::visible(text).replace('%', "%25")
}

/// The value of a command's property.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BlobPath;
    use crate::report::sample;

    #[test]
    fn findings_become_annotations_the_worst_first() {
        insta::assert_snapshot!(sample::report("github", &sample::outcome()), @"
        ::error title=jvxleaks::not read: assets/old.zip: larger than 256 MiB
        ::error file=app.ts,line=1,col=5,title=jourvex-key::ROTATE NOW: live Jourvex API key in client code (jvx_live_9fKq...), in commit 3f2a9c1 of 2026-01-03 (branch main)%0Apublished: origin/main, tag v1.2   exposed since 2026-01-03, still in HEAD%0Ainstead: read process.env.JOURVEX_API_KEY on your server%0Arotate: Settings -> API Access, the key with prefix jvx_live_9fKq
        ::error file=src/tracking/client.ts,line=2,col=17,title=jourvex-key::live Jourvex API key in client code (jvx_live_9fKq...)%0Ainstead: read process.env.JOURVEX_API_KEY on your server%0Arotate: Settings -> API Access, the key with prefix jvx_live_9fKq
        ::warning file=tests/größe test.py,line=1,col=13,title=auth-header::hardcoded Authorization header (aHVu...)%0Ainstead: read it from the environment
        ");
    }

    #[test]
    fn a_step_gets_no_more_than_ten_errors() {
        let mut outcome = sample::outcome();
        outcome.findings = vec![sample::key_in_file(); 30];
        outcome.faults = vec![Fault::new(BlobPath::from("a.zip"), "broken"); 5];
        let report = sample::report("github", &outcome);
        assert_eq!(report.matches("::error ").count(), 10);
        let last: Vec<_> = report.lines().skip(2).step_by(8).collect();
        insta::assert_snapshot!(last.join("\n"), @"
        ::error title=jvxleaks::not read: a.zip: broken%0A(and 2 more inputs)
        ::notice title=jvxleaks::23 more findings, see the job's log or summary
        ");
    }

    #[test]
    fn what_is_no_file_has_no_file() {
        let outcome = Outcome {
            findings: vec![Finding {
                origin: Origin::Stdin,
                ..sample::key_in_file()
            }],
            ..Outcome::default()
        };
        insta::assert_snapshot!(sample::report("github", &outcome), @"::error title=jourvex-key::live Jourvex API key in client code (jvx_live_9fKq...) in src/tracking/client.ts:2%0Ainstead: read process.env.JOURVEX_API_KEY on your server%0Arotate: Settings -> API Access, the key with prefix jvx_live_9fKq");
    }

    #[test]
    fn hostile_text_stays_inside_its_command() {
        let mut outcome = sample::hostile();
        outcome.findings.drain(..3);
        insta::assert_snapshot!(sample::report("github", &outcome), @r"
        ::error title=jvxleaks::not read: assets/old.zip: larger than 256 MiB
        ::error title=jvxleaks::not read: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %250A::error::owned\U000e0041\u200b: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %250A::error::owned\U000e0041\u200b
        ::error file=a%2Cb%3A\x1b[2J\x9b1m\r\n%3A%3Aerror%3A%3Aowned\u202e|`<script>](x) #\u0023[error]x https%3A//evil.example www.evil.example @team %250A%3A%3Aerror%3A%3Aowned\U000e0041\u200b,line=1,col=35,title=hostile::ROTATE NOW: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %250A::error::owned\U000e0041\u200b (jvx_live_9fKq...), in commit \x1b[2J\x9b1m of \x1b[2J\x9b1m\r\n: (\x1b[2J\x9b1m\r\n::error::owned\u...%250A::error::owned\U000e0041\u200b), in layer 1 of 2 of \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https...il.example www.evil.example @team %250A::error::owned\U000e0041\u200b, made by: \x1b[2J\x9b1m ::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %250A::error::owned\U000e0041\u200b, hidden by layer 2, but still in the image: everyone who pulls it can read it%0Apublished: origin/main, tag v1.2, \x1b[2J\x9b1m\r\n::error::owned\u...%250A::error::owned\U000e0041\u200b   exposed since \x1b[2J\x9b1m\r\n:, still in HEAD%0A\x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %250A::error::owned\U000e0041\u200b
        ");
    }
}
