//! The report for people: each finding with the line it stands on, drawn like a compiler's message.

use super::{ReportOptions, accepted, escape, keys, provenance};
use crate::model::{
    Dress, Dropped, Finding, KeyAction, Origin as Source, Outcome, Reveal, Severity,
};
use annotate_snippets::renderer::{DEFAULT_ERROR_STYLE, DEFAULT_WARNING_STYLE};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::io::{self, Write};
use std::ops::Range;

pub use super::summary::summary;

/// Writes keys, findings, and what could not be read. A clean outcome writes nothing; what was read
/// is for [`summary`] to tell.
pub(super) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_keys(outcome, options, out)?;
    let renderer = renderer(options);
    for finding in &outcome.findings {
        writeln!(out, "{}\n", drawn(finding, options, &renderer))?;
    }
    for brought in accepted::by_this_change(outcome) {
        let words = accepted::words(brought);
        writeln!(out, "accepted by this change: {}", escape::visible(&words))?;
    }
    if options.verbose {
        for suppressed in outcome.suppressed.iter().filter(|s| !s.in_change) {
            let words = accepted::words(suppressed);
            writeln!(out, "suppressed: {}", escape::visible(&words))?;
        }
        outcome
            .dropped
            .iter()
            .try_for_each(|d| write_dropped(d, out))?;
        for passed in &outcome.passed_over {
            let line = format!("{}: {}", passed.path, passed.what);
            writeln!(out, "skipped: {}", escape::visible(&line))?;
        }
    }
    for warning in &outcome.warnings {
        writeln!(out, "note: {}", escape::visible(warning))?;
    }
    for fault in &outcome.faults {
        let line = format!("{}: {}", fault.path, fault.what);
        writeln!(out, "not read: {}", escape::visible(&line))?;
    }
    Ok(())
}

fn renderer(options: &ReportOptions) -> Renderer {
    let renderer = match options.color {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    renderer.term_width(options.width)
}

fn write_keys(outcome: &Outcome, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
    for key in &outcome.keys {
        let action = key.exposure.action();
        let style = match action {
            KeyAction::Rotate => DEFAULT_ERROR_STYLE,
            _ => DEFAULT_WARNING_STYLE,
        };
        let heading = format!("{:<13}", keys::heading(action));
        let block = keys::block(key, options.reveal);
        match options.color {
            true => writeln!(out, "{style}{heading}{style:#}{block}")?,
            false => writeln!(out, "{heading}{block}")?,
        }
    }
    Ok(())
}

/// The message, the place, and the line with its notes. Drawn in two parts, because the drawing
/// library would count the place's column in the part of the line that is shown.
fn drawn(finding: &Finding, options: &ReportOptions, renderer: &Renderer) -> String {
    let level = match finding.severity.is_error() {
        true => Level::ERROR,
        false => Level::WARNING,
    };
    let place = &finding.place;
    let message = escape::visible(&finding.message);
    let title = level
        .clone()
        .primary_title(message)
        .id(escape::visible(&finding.rule.id));
    let path = escape::visible(&place.path.to_string()).into_owned();
    let origin = Origin::path(path)
        .line(place.line)
        .char_column(place.column);
    let head = renderer.render(&[title.element(origin)]);
    let body = with_line(Group::with_level(level), finding, options);
    let notes = notes(finding).into_iter();
    let body = body.elements(notes.map(|note| Level::NOTE.no_name().message(note)));
    if body.is_empty() {
        return head;
    }
    let arrow = format!("\n{}", " ".repeat(place.line.to_string().len()));
    format!(
        "{}\n{}",
        head.replacen('\n', &arrow, 1),
        renderer.render(&[body])
    )
}

fn with_line<'a>(group: Group<'a>, finding: &Finding, options: &ReportOptions) -> Group<'a> {
    let rendered = finding.excerpt.render(options.reveal);
    if rendered.text.is_empty() {
        return group;
    }
    let (line, focus) = inert_line(cut_mark(finding), &rendered.text, rendered.focus);
    let mark = AnnotationKind::Primary.span(focus).label(label(finding));
    let snippet = Snippet::source(line).line_start(finding.place.line);
    group.element(snippet.annotation(mark))
}

/// What stands for the part of the line before the shown one.
fn cut_mark(finding: &Finding) -> &'static str {
    let before = finding.excerpt.render(Reveal::Whole).focus.start;
    let cut = before + 1 < finding.place.column;
    if cut { "..." } else { "" }
}

/// The shown line escaped, and where its marked part is then.
fn inert_line(mark: &str, text: &str, focus: Range<usize>) -> (String, Range<usize>) {
    let parts = [
        &text[..focus.start],
        &text[focus.clone()],
        &text[focus.end..],
    ];
    let [before, marked, after] = parts.map(escape::source_line);
    let start = mark.len() + before.len();
    let focus = start..start + marked.len();
    (format!("{mark}{before}{marked}{after}"), focus)
}

/// What makes it bad where it is, or no worse than a warning, for the line below the secret.
fn label(finding: &Finding) -> Option<String> {
    let place = finding
        .context
        .place()
        .filter(|_| finding.context.is_aside());
    let words = match (&finding.origin, finding.severity) {
        (_, severity) if place.is_some() && !severity.is_error() => {
            return place.map(|place| format!("a warning, because it is {place}"));
        }
        (_, Severity::Low) => return None,
        _ if finding.context.reaches_browser() => "anyone who opens the page can read this",
        (Source::File | Source::Stdin, _) => "anyone who can read this file can use it",
        (Source::Index, _) => "a commit would hand this to everyone who can read it",
        _ => "anyone who can read the history can use it",
    };
    Some(words.to_owned())
}

fn notes(finding: &Finding) -> Vec<String> {
    let stored =
        (finding.dress != Dress::Plain).then(|| format!("found in {}", finding.dress.name()));
    let derived = finding.derived_from.as_ref().map(|from| {
        let behind = match from.kind {
            "archive" => return format!("in the archive {}", from.path),
            "source-map" => "in the original source".to_owned(),
            kind => format!("decoded from the {kind}"),
        };
        format!("{behind} {}:{}:{}", from.path, from.line, from.column)
    });
    let notes = [provenance::words(&finding.origin), derived, stored]
        .into_iter()
        .flatten();
    let notes = notes.chain(finding.advice.iter().cloned());
    notes
        .map(|note| escape::visible(&note).into_owned())
        .collect()
}

fn write_dropped(dropped: &Dropped, out: &mut dyn Write) -> io::Result<()> {
    let Dropped {
        path,
        line,
        column,
        rule,
        reason,
    } = dropped;
    let line = format!("{path}:{line}:{column} {rule}: {reason}");
    writeln!(out, "dropped: {}", escape::visible(&line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn of(findings: impl Into<Vec<Finding>>) -> Outcome {
        Outcome {
            findings: findings.into(),
            ..Outcome::default()
        }
    }

    #[test]
    fn a_finding_is_drawn_with_its_line_and_advice() {
        let report = sample::report("text", &of([sample::key_in_file()]));
        insta::assert_snapshot!(report, @r#"
        error[jourvex-key]: live Jourvex API key in client code
         --> src/tracking/client.ts:2:17
          |
        2 |   auth: "Bearer jvx_live_9fKq...",
          |                 ^^^^^^^^^^^^^^^^ anyone who opens the page can read this
          |
          = instead: read process.env.JOURVEX_API_KEY on your server
          = rotate: Settings -> API Access, the key with prefix jvx_live_9fKq
        "#);
    }

    #[test]
    fn a_decoded_finding_of_a_commit_says_where_it_was() {
        let report = sample::report("text", &of([sample::key_in_commit()]));
        insta::assert_snapshot!(report, @"
        error[jourvex-key]: live Jourvex API key in client code
         --> app.ts:1:5
          |
        1 | x = jvx_live_9fKq...
          |     ^^^^^^^^^^^^^^^^ anyone who opens the page can read this
          |
          = in commit 3f2a9c1 of 2026-01-03 (branch main)
          = in the original source src/app.ts:1:880
          = found in base64
          = instead: read process.env.JOURVEX_API_KEY on your server
          = rotate: Settings -> API Access, the key with prefix jvx_live_9fKq
        ");
    }

    #[test]
    fn keys_come_first_and_faults_last() {
        let report = sample::report("text", &sample::outcome());
        let order = [
            "ROTATE NOW",
            "error[",
            "warning[",
            "note: ",
            "not read: assets/old.zip: larger",
        ];
        let at: Vec<_> = order
            .iter()
            .map(|word| report.find(word).unwrap())
            .collect();
        assert!(at.is_sorted(), "{report}");
    }

    #[test]
    fn a_far_column_is_true_although_the_line_is_cut() {
        let text = format!(
            "{}\n{}k=hunter2hunter2hunter2;{}",
            "\n".repeat(99),
            "x;".repeat(5000),
            "y;".repeat(5000)
        );
        let finding = sample::finding("dist/app.js", &text, "hunter2hunter2hunter2");
        insta::assert_snapshot!(sample::report("text", &of([finding])), @"
        error[jourvex-key]: live Jourvex API key in client code
           --> dist/app.js:101:10003
            |
        101 | ...x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;k=hunt...;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y;y
            |                                            ^^^^^^^ anyone who opens the page can read this
            |
            = instead: read process.env.JOURVEX_API_KEY on your server
            = rotate: Settings -> API Access, the key with prefix jvx_live_9fKq
        ");
    }

    #[test]
    fn hostile_text_is_shown_escaped() {
        let mut outcome = sample::hostile();
        outcome.findings.drain(..3);
        insta::assert_snapshot!(sample::report("text", &outcome), @r"
        ROTATE NOW   jvx_live_9fKq...   published: origin/main, tag v1.2, \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b   exposed since \x1b[2J\x9b1m\r\n:, still in HEAD
          first      \x1b[2J\x9b1m  \x1b[2J\x9b1m\r\n:  \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b:14   last  HEAD  src/client.ts:14   4 places
          do         rotate at Settings -> API Access
                     remove the literal
                     \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b

        error[hostile]: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
         --> a,b:\x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b:1:35
          |
        1 | \x1b]0;t\x07\u202e::error::owned|`<script> jvx_live_9fKq... #\u0023[group]\u2066\x7f
          |                                            ^^^^^^^^^^^^^^^^ anyone who opens the page can read this
          |
          = in commit \x1b[2J\x9b1m of \x1b[2J\x9b1m\r\n: (\x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b)
          = in the archive \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
          = \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b

        note: the allow comment at a.py:3 matches nothing
        note: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
        not read: assets/old.zip: larger than 256 MiB
        not read: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
        ");
    }

    #[test]
    fn verbose_lists_what_does_not_count() {
        let outcome = Outcome {
            findings: Vec::new(),
            keys: Vec::new(),
            ..sample::outcome()
        };
        let options = ReportOptions {
            verbose: true,
            ..sample::options()
        };
        let report = sample::written(&"text".parse().unwrap(), &outcome, &options);
        insta::assert_snapshot!(report, @"
        suppressed: src/tracking/client.ts:2:17 jourvex-key: by `jvxleaks:allow` (rotated in May)
        dropped: README.md:3:9 jourvex-key: a placeholder
        note: the allow comment at a.py:3 matches nothing
        not read: assets/old.zip: larger than 256 MiB
        ");
    }

    #[test]
    fn colours_are_used_only_when_asked_for() {
        let options = ReportOptions {
            color: true,
            reveal: Reveal::Redacted,
            ..sample::options()
        };
        let colored = sample::written(&"text".parse().unwrap(), &sample::outcome(), &options);
        assert!(colored.contains("\x1b["));
        assert!(!sample::report("text", &sample::outcome()).contains('\x1b'));
    }

    #[test]
    fn a_shown_secret_of_two_lines_stays_on_one() {
        let secret = format!("-----BEGIN\n{}", "abc".repeat(9));
        let finding = sample::finding("k", &format!("k={secret}\n"), &secret);
        let options = ReportOptions {
            reveal: Reveal::Whole,
            ..sample::options()
        };
        let report = sample::written(&"text".parse().unwrap(), &of([finding]), &options);
        insta::assert_snapshot!(report, @"
        error[jourvex-key]: live Jourvex API key in client code
         --> k:1:3
          |
        1 | k=-----BEGIN
          |   ^^^^^^^^^^ anyone who opens the page can read this
          |
          = instead: read process.env.JOURVEX_API_KEY on your server
          = rotate: Settings -> API Access, the key with prefix jvx_live_9fKq
        ");
    }

    proptest::proptest! {
        #[test]
        fn any_line_can_be_drawn(
            before in "(?s).{0,90}",
            secret in "(?s).{1,40}",
            after in "(?s).{0,90}",
            width in 0_usize..200,
        ) {
            let text = format!("{before}\u{1}{secret}{after}");
            let finding = sample::finding("a", &text, &format!("\u{1}{secret}"));
            let options = ReportOptions {
                width,
                reveal: Reveal::Whole,
                ..sample::options()
            };
            let report = sample::written(&"text".parse().unwrap(), &of([finding]), &options);
            let steers = |c: char| c != '\n' && escape::is_hidden(c);
            proptest::prop_assert!(!report.contains(steers), "{report:?}");
        }
    }
}
