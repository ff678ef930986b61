//! The report for people: a block for each secret, and the list of what to rotate last, where the
//! prompt is. Short unless `-v` asks for all of it.

pub(super) mod concise;
pub(super) mod drawing;
pub(super) mod keys;
pub(super) mod statistics;
pub(super) mod wrap;

use super::leak::{Leak, leaks};
use super::options::ReportOptions;
use super::summary::counted;
use super::{accepted, escape};
use crate::model::{Dropped, Outcome};
use drawing::Drawing;
use std::collections::BTreeSet;
use std::io::{self, Write};
use wrap::{LONGEST, shortened, wrapped};

pub use super::summary::summary;

/// Most lines of a whole report, the summary not counted.
const LINES: usize = 290;

/// Most secrets that are one line each, for want of room.
const SHORT: usize = 30;

/// Most secrets that are shown whole.
const WHOLE: usize = 40;

/// Most lines each of what is accepted, noted and not read.
const NOTES: usize = 8;

/// Writes findings, what could not be read, and keys. A clean outcome writes nothing; what was read
/// is for [`summary`] to tell.
pub(super) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rest = remarks(outcome, options);
    let keys = if options.statistics {
        String::new()
    } else {
        keys::list(outcome, options)
    };
    let taken = [&rest, &keys].map(|text| text.lines().count());
    let room = LINES.saturating_sub(taken.iter().sum::<usize>() + SHORT + 2);
    if options.statistics {
        out.write_all(statistics::tables(outcome).as_bytes())?;
    } else {
        write_leaks(outcome, options, room, out)?;
    }
    out.write_all(rest.as_bytes())?;
    if !rest.is_empty() && !keys.is_empty() {
        writeln!(out)?;
    }
    out.write_all(keys.as_bytes())
}

/// Writes as many secrets whole as there is room for, then others in a line each, then their number.
fn write_leaks(
    outcome: &Outcome,
    options: &ReportOptions,
    mut room: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let drawing = Drawing::new(options);
    let listed: BTreeSet<_> = outcome.keys.iter().map(|key| &key.fingerprint).collect();
    let all = leaks(outcome);
    let most = options.max_findings.unwrap_or(all.len());
    let leaks = &all[..most.min(all.len())];
    let is_open = options.verbose || options.max_findings.is_some();
    let mut whole = 0;
    for leak in leaks {
        let block = drawing.block(leak, listed.contains(&leak.worst().fingerprint));
        let lines = block.lines().count();
        let fits = whole == 0 || (whole < WHOLE && lines <= room);
        if !is_open && !fits {
            break;
        }
        room = room.saturating_sub(lines);
        whole += 1;
        out.write_all(block.as_bytes())?;
    }
    let short = &leaks[whole..];
    for leak in short.iter().take(SHORT) {
        writeln!(out, "{}", Leak::line(leak))?;
    }
    if short.len() > SHORT {
        let more = counted((short.len() - SHORT) as u64, "more secret");
        writeln!(out, "and {more}; {} shows all", options.shows_all)?;
    }
    if all.len() > most {
        let more = counted((all.len() - most) as u64, "more secret");
        writeln!(out, "and {more}, by --max-findings")?;
    }
    if !short.is_empty() || all.len() > most {
        writeln!(out)?;
    }
    Ok(())
}

/// What is accepted, taken for harmless, noted and not read, a line each.
pub(super) fn remarks(outcome: &Outcome, options: &ReportOptions) -> String {
    let accepted = accepted::by_this_change(outcome).into_iter();
    let accepted =
        accepted.map(|brought| format!("accepted by this change: {}", accepted::words(brought)));
    let mut lines = limited(accepted.collect(), options);
    if options.verbose {
        let suppressed = outcome.suppressed.iter().filter(|s| !s.in_change);
        lines.extend(suppressed.map(|s| format!("suppressed: {}", accepted::words(s))));
        lines.extend(outcome.dropped.iter().map(dropped));
        let passed = outcome.passed_over.iter();
        lines.extend(passed.map(|passed| format!("skipped: {}: {}", passed.path, passed.what)));
    }
    let notes = outcome.warnings.iter().map(|note| format!("note: {note}"));
    lines.extend(limited(notes.collect(), options));
    let faults = outcome.faults.iter();
    let faults = faults.map(|fault| format!("not read: {}: {}", fault.path, fault.what));
    lines.extend(limited(faults.collect(), options));
    let lines = lines
        .iter()
        .flat_map(|line| wrapped(&escape::visible(line), options.prose()));
    lines.map(|line| line + "\n").collect()
}

/// The first few of lines that begin alike, and the number of the others.
fn limited(mut lines: Vec<String>, options: &ReportOptions) -> Vec<String> {
    if options.verbose {
        return lines;
    }
    for line in &mut lines {
        *line = shortened(line, LONGEST).into_owned();
    }
    if lines.len() > NOTES {
        let what = lines[0].split(": ").next().unwrap_or_default().to_owned();
        let more = counted((lines.len() - NOTES) as u64, "more line");
        lines.truncate(NOTES);
        let all = options.shows_all;
        lines.push(format!("{what}: and {more}; {all} shows all"));
    }
    lines
}

fn dropped(dropped: &Dropped) -> String {
    let Dropped {
        path,
        line,
        column,
        rule,
        reason,
    } = dropped;
    format!("dropped: {path}:{line}:{column} {rule}: {reason}")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::model::{Finding, Reveal};

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
          = fingerprint: c0ffee
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
          = fingerprint: c0ffee
        ");
    }

    #[test]
    fn findings_come_first_and_keys_last() {
        let report = sample::report("text", &sample::outcome());
        let order = [
            "error[",
            "warning[",
            "note: ",
            "not read: assets/old.zip: larger",
            "ROTATE NOW",
        ];
        let at: Vec<_> = order
            .iter()
            .map(|word| report.find(word).unwrap())
            .collect();
        assert!(at.is_sorted(), "{report}");
    }

    #[test]
    fn every_place_is_drawn_with_v_and_the_advice_stands_once() {
        let options = ReportOptions {
            verbose: true,
            ..sample::options()
        };
        let outcome = of([sample::key_in_commit(), sample::key_in_file()]);
        let report = sample::written(&"text".parse().unwrap(), &outcome, &options);
        insta::assert_snapshot!(report, @r#"
        error[jourvex-key]: live Jourvex API key in client code
         --> app.ts:1:5
          |
        1 | x = jvx_live_9fKq...
          |     ^^^^^^^^^^^^^^^^ anyone who opens the page can read this
          |
          = in commit 3f2a9c1 of 2026-01-03 (branch main)
          = in the original source src/app.ts:1:880
          = found in base64
         --> src/tracking/client.ts:2:17
          |
        2 |   auth: "Bearer jvx_live_9fKq...",
          |                 ^^^^^^^^^^^^^^^^ anyone who opens the page can read this
          |
          = instead: read process.env.JOURVEX_API_KEY on your server
          = rotate: Settings -> API Access, the key with prefix jvx_live_9fKq
          = fingerprint: c0ffee
          = more: jvxleaks explain jourvex-key
        "#);
    }

    #[test]
    fn a_report_of_many_secrets_is_short() {
        let secret = |n: usize| crate::model::Secret::new(format!("secret number {n}"), 0);
        let finding = |n: usize| Finding {
            secret: secret(n),
            ..sample::key_in_commit()
        };
        let mut outcome = sample::outcome();
        outcome.findings = (0..500).map(finding).collect();
        outcome.keys = vec![outcome.keys[0].clone(); 500];
        outcome.warnings = vec!["w".repeat(4000); 500];
        outcome.faults = vec![outcome.faults[0].clone(); 500];
        for width in [None, Some(80), Some(500)] {
            let options = ReportOptions {
                width,
                ..sample::options()
            };
            let report = sample::written(&"text".parse().unwrap(), &outcome, &options);
            assert!(report.lines().count() < 300, "{report}");
            assert!(report.lines().all(|line| line.len() <= LONGEST), "{report}");
            assert!(report.contains("more secrets; -v or --format json shows all"));
        }
    }

    #[test]
    fn on_a_narrow_terminal_words_are_kept_whole() {
        let options = ReportOptions {
            width: Some(50),
            ..sample::options()
        };
        let outcome = of([sample::key_in_file()]);
        let report = sample::written(&"text".parse().unwrap(), &outcome, &options);
        insta::assert_snapshot!(report, @r#"
        error[jourvex-key]: live Jourvex API key in client code
         --> src/tracking/client.ts:2:17
          |
        2 |   auth: "Bearer jvx_live_9fKq...",
          |                 ^^^^^^^^^^^^^^^^
          |
          = anyone who opens the page can read this
          = instead: read process.env.JOURVEX_API_KEY on
            your server
          = rotate: Settings -> API Access, the key with
            prefix jvx_live_9fKq
          = fingerprint: c0ffee
        "#);
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
            = fingerprint: c0ffee
        ");
    }

    #[test]
    fn hostile_text_is_shown_escaped() {
        let mut outcome = sample::hostile();
        outcome.findings.drain(..3);
        insta::assert_snapshot!(sample::report("text", &outcome), @r"
        error[hostile]: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
         --> a,b:\x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b:1:35
          |
        1 | \x1b]0;t\x07\u202e::error::owned|`<script> jvx_live_9fKq... #\u0023[group]\u2066\x7f
          |                                            ^^^^^^^^^^^^^^^^ anyone who opens the page can read this
          |
          = in commit \x1b[2J\x9b1m of \x1b[2J\x9b1m\r\n: (\x1b[2J\x9b1m\r\n::error::owned\u...%0A::error::owned\U000e0041\u200b)
          = in the archive \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
          = in layer 1 of 2 of \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https...il.example www.evil.example @team %0A::error::owned\U000e0041\u200b, made by: \x1b[2J\x9b1m ::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
          = hidden by layer 2, but still in the image: everyone who pulls it can read it
          = fingerprint: c0ffee

        note: the allow comment at a.py:3 matches nothing
        note: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
        not read: assets/old.zip: larger than 256 MiB
        not read: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b: \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b

        ROTATE NOW   jourvex-key at \x1b[2J\x9b1m\r\n::error::owned\u...%0A::error::owned\U000e0041\u200b:14   jvx_live_9fKq...   c0ffee
          published: origin/main, tag v1.2, \x1b[2J\x9b1m\r\n::error::owned\u...%0A::error::owned\U000e0041\u200b   exposed since \x1b[2J\x9b1m\r\n:, still in HEAD
          first      \x1b[2J\x9b1m  \x1b[2J\x9b1m\r\n:  \x1b[2J\x9b1m\r\n::error::owned\u...%0A::error::owned\U000e0041\u200b:14   last  HEAD  src/client.ts:14   4 places
          do         rotate at Settings -> API Access
                     remove the literal
                     \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
                       \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
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
          = fingerprint: c0ffee
        ");
    }

    proptest::proptest! {
        #[test]
        fn any_line_can_be_drawn(
            before in "(?s).{0,90}",
            secret in "(?s).{1,40}",
            after in "(?s).{0,90}",
            width in proptest::option::of(0_usize..200),
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
