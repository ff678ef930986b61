//! Tables for a job summary or a ticket. Secrets are always redacted.
//!
//! Everything that comes from scanned files stands in a code span, where Markdown makes no links,
//! mentions or tags of it; the few characters that could end a span or a cell are escaped.

pub(super) mod code;
pub(super) mod ticket;

use super::accepted;
use super::leak::{Leak, dated_place, leaks};
use super::options::ReportOptions;
use super::summary::{self, counted};
use super::text::keys;
use crate::model::{ExposedKey, Fault, Finding, Outcome, Suppressed};
use code::{code, cut, key_name, shown};
use std::io::{self, Write};

/// GitHub refuses a job summary of more than a mebibyte; other steps need room in it too.
const LONGEST: usize = 900_000;

/// Places that are told of a secret unless all are asked for.
const PLACES: usize = 3;

/// How a finding is accepted, for those who read the report of a job.
fn silence(options: &ReportOptions) -> String {
    let command = format!(
        "jvxleaks allow FINGERPRINT{} -- REASON",
        options.allow_options
    );
    format!(
        "To silence a false alarm: {}, and commit the entry. In a pull request it counts at once.",
        code(&command)
    )
}

/// Writes a heading, the summary, and a table each for keys, secrets, what the commits that were read
/// accept by themselves, notes, and inputs that were not read.
pub(super) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut left = LONGEST;
    writeln!(out, "## jvxleaks\n")?;
    if let Some(audited) = &outcome.audited {
        writeln!(out, "{}\n", ticket::headline(audited))?;
    }
    writeln!(out, "{}", totals(outcome))?;
    let (keys, unnamed) = keys::chosen(outcome, options);
    let rows = keys.iter().map(|key| key_row(key));
    let head = ["Key", "Do", "Where", "Since", "Places", "Fingerprint"];
    write_table(&head, rows, &mut left, out)?;
    write_left_out(unnamed, out)?;
    ticket::write_steps(&keys, outcome, options, &mut left, out)?;
    write_leaks(outcome, options, &mut left, out)?;
    let accepted = accepted::by_this_change(outcome);
    let accepted = accepted.into_iter().map(accepted_row);
    let head = ["Accepted by this change", "Rule", "By", "Reason"];
    write_table(&head, accepted, &mut left, out)?;
    let notes = outcome.warnings.iter().map(|note| [prose(note)]);
    write_table(&["Note"], notes, &mut left, out)?;
    let faults = outcome.faults.iter().map(fault_row);
    write_table(&["Not read", "Why"], faults, &mut left, out)
}

/// The secrets. What to do about each is told where no list of keys tells it.
fn write_leaks(
    outcome: &Outcome,
    options: &ReportOptions,
    left: &mut usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = if options.verbose { usize::MAX } else { PLACES };
    let leaks = leaks(outcome);
    let most = options.max_findings.unwrap_or(leaks.len()).min(leaks.len());
    let findings = leaks[..most].iter().map(|leak| leak_row(leak, places));
    let head = [
        "Severity",
        "Rule",
        "Places",
        "What",
        "Secret",
        "Fingerprint",
    ];
    if !outcome.keys.is_empty() {
        write_table(&head, findings, left, out)?;
    } else {
        let findings = findings.zip(&leaks).map(|(row, leak)| {
            let [a, b, c, d, e, f] = row;
            [a, b, c, d, e, f, advice(leak.worst())]
        });
        let [a, b, c, d, e, f] = head;
        write_table(&[a, b, c, d, e, f, "Do"], findings, left, out)?;
    }
    write_left_out(leaks.len() - most, out)?;
    let is_named = |leak: &Leak<'_>| !leak.worst().fingerprint.0.is_empty();
    if leaks.iter().any(is_named) {
        writeln!(out, "\n{}", silence(options))
    } else {
        Ok(())
    }
}

/// What to do about a real one, a step a line; how to silence a false one stands below the table.
fn advice(finding: &Finding) -> String {
    let steps = finding.advice.iter();
    let steps = steps.filter(|step| !step.starts_with("silence:"));
    let steps: Vec<String> = steps.map(|step| code(step)).collect();
    steps.join("<br>")
}

fn write_left_out(rows: usize, out: &mut dyn Write) -> io::Result<()> {
    match rows {
        0 => Ok(()),
        rows => {
            let more = counted(rows as u64, "more row");
            writeln!(out, "\n{more} left out by --max-findings.")
        }
    }
}

/// The summary; what was not read has a table of its own and is only counted here.
fn totals(outcome: &Outcome) -> String {
    let totals = summary::totals(outcome);
    match outcome.faults.len() {
        0 => totals,
        _ if outcome.findings.is_empty() => totals,
        n => format!("{totals} **Not read: {}.**", counted(n as u64, "input")),
    }
}

/// Writes a table, or nothing without rows. Rows for which there is no room left are counted.
fn write_table<const N: usize>(
    head: &[&str; N],
    rows: impl ExactSizeIterator<Item = [String; N]>,
    left: &mut usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    if rows.len() == 0 {
        return Ok(());
    }
    writeln!(out, "\n| {} |\n|{}", head.join(" | "), " --- |".repeat(N))?;
    let mut cut = 0;
    for row in rows {
        let row = format!("| {} |\n", row.join(" | "));
        match left.checked_sub(row.len()) {
            Some(rest) if cut == 0 => {
                *left = rest;
                out.write_all(row.as_bytes())?;
            }
            _ => cut += 1,
        }
    }
    if cut > 0 {
        writeln!(
            out,
            "\n{} left out for lack of room.",
            counted(cut, "more row")
        )?;
    }
    Ok(())
}

fn key_row(key: &ExposedKey) -> [String; 6] {
    let (place, since) = keys::whereabouts(key);
    [
        key_name(key),
        format!("**{}**", keys::heading(key.action())),
        code(&place),
        code(&since.join(", ")),
        key.places.to_string(),
        code(&key.fingerprint.0),
    ]
}

/// A secret with the first few of its places.
fn leak_row(leak: &Leak<'_>, places: usize) -> [String; 6] {
    let worst = leak.worst();
    let findings = leak.findings();
    let told = findings.iter().take(places);
    let mut told: Vec<String> = told.map(|finding| code(&dated_place(finding))).collect();
    let more = findings.len() - told.len();
    told.extend((more > 0).then(|| format!("and {} more", summary::number(more as u64))));
    [
        worst.severity.to_string(),
        code(&worst.rule.id),
        told.join(", "),
        prose(&worst.message),
        shown(&worst.secret),
        code(&worst.fingerprint.0),
    ]
}

fn accepted_row(accepted: &Suppressed) -> [String; 4] {
    let place = &accepted.finding.place;
    let at = format!("{}:{}:{}", place.path, place.line, place.column);
    let rule = code(&accepted.finding.rule.id);
    let (by, reason) = accepted::by(&accepted.by);
    [code(&at), rule, code(by), prose(reason.unwrap_or_default())]
}

fn fault_row(fault: &Fault) -> [String; 2] {
    [code(&fault.path.to_string()), prose(&fault.what)]
}

/// Plain words as they are, anything that Markdown could make something of as code.
fn prose(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " .,;()'".contains(c);
    if text.chars().all(plain) && !text.contains("www.") {
        cut(text)
    } else {
        code(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use crate::model::{BlobPath, Finding, Secret};

    #[test]
    fn an_outcome_is_a_few_tables() {
        insta::assert_snapshot!(sample::report("markdown", &sample::outcome()), @"
        ## jvxleaks

        3 findings (2 errors, 1 warning). 1 distinct key (1 to rotate). 1 suppressed. Read 1,204 files in 12 commits, 38 MB. Skipped: device (2). **Not read: 1 input.**

        | Key | Do | Where | Since | Places | Fingerprint |
        | --- | --- | --- | --- | --- | --- |
        | `jourvex-key at src/client.ts:14` `jvx_live_9fKq...` | **ROTATE NOW** | `published: origin/main, tag v1.2` | `exposed since 2026-01-03, still in HEAD` | 4 | `c0ffee` |

        - **ROTATE NOW**: others may hold a copy, so only a new key helps.

        **ROTATE NOW** `jourvex-key at src/client.ts:14` `jvx_live_9fKq...`

        ```sh
        # rotate at Settings -> API Access
        # remove the literal
        ```

        | Severity | Rule | Places | What | Secret | Fingerprint |
        | --- | --- | --- | --- | --- | --- |
        | critical | `jourvex-key` | `app.ts:1:5 in commit 3f2a9c1 of 2026-01-03`, `src/tracking/client.ts:2:17` | live Jourvex API key in client code | `jvx_live_9fKq...` | `c0ffee` |
        | medium | `auth-header` | `tests/größe test.py:1:13` | hardcoded Authorization header | `aHVu...` | `dec0de` |

        To silence a false alarm: `jvxleaks allow FINGERPRINT -- REASON`, and commit the entry. In a pull request it counts at once.

        | Note |
        | --- |
        | `the allow comment at a.py:3 matches nothing` |

        | Not read | Why |
        | --- | --- |
        | `assets/old.zip` | larger than 256 MiB |
        ");
    }

    #[test]
    fn hostile_text_stays_inside_its_code_span() {
        let mut outcome = sample::hostile();
        outcome.findings.drain(..3);
        insta::assert_snapshot!(sample::report("markdown", &outcome), @r"
        ## jvxleaks

        1 finding (1 error). 1 distinct key (1 to rotate). 1 suppressed. Read 1,204 files in 12 commits, 38 MB. Skipped: device (2). **Not read: 2 inputs.**

        | Key | Do | Where | Since | Places | Fingerprint |
        | --- | --- | --- | --- | --- | --- |
        | `jourvex-key at \x1b[2J\x9b1m\r\n::error::owned\u...%0A::error::owned\U000e0041\u200b:14` `jvx_live_9fKq...` | **ROTATE NOW** | `published: origin/main, tag v1.2, \x1b[2J\x9b1m\r\n::error::owned\u...%0A::error::owned\U000e0041\u200b` | `exposed since \x1b[2J\x9b1m\r\n:, still in HEAD` | 4 | `c0ffee` |

        - **ROTATE NOW**: others may hold a copy, so only a new key helps.

        **ROTATE NOW** `jourvex-key at \x1b[2J\x9b1m\r\n::error::owned\u...%0A::error::owned\U000e0041\u200b:14` `jvx_live_9fKq...`

        ```sh
        # rotate at Settings -> API Access
        # remove the literal
        # \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
        \x1b[2J\x9b1m\r\n::error::owned\u202e|`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b
        ```

        | Severity | Rule | Places | What | Secret | Fingerprint |
        | --- | --- | --- | --- | --- | --- |
        | critical | `hostile` | `` a,b:\x1b[2J\x9b1m\r\n::error::owned\u202e\x7c`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b:1:35 in commit \x1b[2J\x9b1m of \x1b[2J\x9b1m\r\n: (layer 1 of 2, hidden by layer 2) `` | `` \x1b[2J\x9b1m\r\n::error::owned\u202e\x7c`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b `` | `jvx_live_9fKq...` | `c0ffee` |

        To silence a false alarm: `jvxleaks allow FINGERPRINT -- REASON`, and commit the entry. In a pull request it counts at once.

        | Note |
        | --- |
        | `the allow comment at a.py:3 matches nothing` |
        | `` \x1b[2J\x9b1m\r\n::error::owned\u202e\x7c`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b `` |

        | Not read | Why |
        | --- | --- |
        | `assets/old.zip` | larger than 256 MiB |
        | `` \x1b[2J\x9b1m\r\n::error::owned\u202e\x7c`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b `` | `` \x1b[2J\x9b1m\r\n::error::owned\u202e\x7c`<script>](x) #\u0023[error]x https://evil.example www.evil.example @team %0A::error::owned\U000e0041\u200b `` |
        ");
    }

    #[test]
    fn a_report_of_many_findings_fits_a_job_summary() {
        let long = "x|".repeat(4000);
        let mut finding = sample::key_in_file();
        finding.place.path = BlobPath::from(long.as_str());
        let mut outcome = sample::outcome();
        let secrets = (0..5000).map(|n| Secret::new(format!("{n}"), 0));
        let findings = secrets.map(|secret| Finding {
            secret,
            ..finding.clone()
        });
        outcome.findings = findings.collect();
        let report = sample::report("markdown", &outcome);
        assert!(report.len() < 1 << 20, "{}", report.len());
        assert!(report.contains("more rows left out for lack of room."));
    }
}
