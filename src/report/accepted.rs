//! Findings that do not count, in words; and those of them that the very commits that were read
//! accept, each once however many of the commits have it.

use crate::model::{Outcome, Suppressed, Suppression};
use std::collections::BTreeSet;

/// What the commits that were read accept by themselves: a reviewer should see it.
pub(super) fn by_this_change(outcome: &Outcome) -> Vec<&Suppressed> {
    let mut seen = BTreeSet::new();
    let brought = outcome.suppressed.iter().filter(|s| s.in_change);
    brought
        .filter(|s| seen.insert((&s.finding.place.path, &s.finding.rule.id, &s.finding.secret)))
        .collect()
}

/// ``a.py:2:6 jourvex-key: by `jvxleaks:allow` (a dead key)``
pub(super) fn words(suppressed: &Suppressed) -> String {
    let (place, rule) = (&suppressed.finding.place, &suppressed.finding.rule.id);
    let (by, reason) = by(&suppressed.by);
    let by = match suppressed.by {
        Suppression::Inline { .. } => format!("`{by}`"),
        _ => by.to_owned(),
    };
    let reason = reason.map(|r| format!(" ({r})")).unwrap_or_default();
    let at = format!("{}:{}:{}", place.path, place.line, place.column);
    format!("{at} {rule}: by {by}{reason}")
}

/// What a finding is accepted by, and the reason if it gives one.
pub(super) fn by(suppression: &Suppression) -> (&str, Option<&str>) {
    match suppression {
        Suppression::Inline { mark, reason } => (mark, reason.as_deref()),
        Suppression::Config { reason } => ("the configuration", reason.as_deref()),
        Suppression::Baseline => ("the baseline", None),
        Suppression::IgnoreFile => ("an ignore file", None),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Outcome;
    use crate::report::sample;

    /// An outcome whose suppressed finding two of the commits that were read accept.
    fn outcome() -> Outcome {
        let mut outcome = sample::outcome();
        outcome.suppressed[0].in_change = true;
        outcome.suppressed.push(outcome.suppressed[0].clone());
        outcome.findings.clear();
        outcome.keys.clear();
        outcome
    }

    #[test]
    fn a_report_lists_once_what_the_change_accepts() {
        insta::assert_snapshot!(sample::report("text", &outcome()), @"
        accepted by this change: src/tracking/client.ts:2:17 jourvex-key: by `jvxleaks:allow` (rotated in May)
        note: the allow comment at a.py:3 matches nothing
        not read: assets/old.zip: larger than 256 MiB
        ");
    }

    #[test]
    fn a_summary_lists_what_the_change_accepts_and_the_notes() {
        insta::assert_snapshot!(sample::report("markdown", &outcome()), @"
        ## jvxleaks

        No findings in what was read; 1 input was not read. 2 suppressed. Read 1,204 files in 12 commits, 38 MB. Skipped: device (2).

        | Accepted by this change | Rule | By | Reason |
        | --- | --- | --- | --- |
        | `src/tracking/client.ts:2:17` | `jourvex-key` | `jvxleaks:allow` | rotated in May |

        | Note |
        | --- |
        | `the allow comment at a.py:3 matches nothing` |

        | Not read | Why |
        | --- | --- |
        | `assets/old.zip` | larger than 256 MiB |
        ");
    }

    #[test]
    fn an_annotation_and_a_notification_stand_where_the_change_accepts_something() {
        let mut outcome = outcome();
        let report = sample::report("github", &outcome);
        let notice: Vec<_> = report.lines().filter(|l| l.contains("::notice")).collect();
        insta::assert_snapshot!(notice.join("\n"), @"::notice file=src/tracking/client.ts,line=2,col=17,title=jvxleaks::accepted by this change: src/tracking/client.ts:2:17 jourvex-key: by `jvxleaks:allow` (rotated in May)");
        let log: serde_json::Value =
            serde_json::from_str(&sample::report("sarif", &outcome)).unwrap();
        let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][1];
        insta::assert_snapshot!(told["message"]["text"], @r#""Accepted by this change: src/tracking/client.ts:2:17 jourvex-key: by `jvxleaks:allow` (rotated in May)""#);
        let place = &told["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "src/tracking/client.ts");
        // GitHub keeps ten notices of a step.
        let one = outcome.suppressed[0].clone();
        outcome.suppressed = (1..=30)
            .map(|line| {
                let mut one = one.clone();
                one.finding.place.path = format!("a{line}").as_str().into();
                one
            })
            .collect();
        let report = sample::report("github", &outcome);
        assert_eq!(report.matches("::notice").count(), 9);
        assert!(
            report.contains("22 more accepted by this change"),
            "{report}"
        );
    }

    #[test]
    fn data_say_of_each_whether_the_change_accepts_it() {
        let report = sample::report("jsonl", &outcome());
        assert_eq!(report.matches(r#""accepted_by_change":true"#).count(), 2);
        let report = sample::report("jsonl", &sample::outcome());
        assert_eq!(report.matches(r#""accepted_by_change":false"#).count(), 1);
    }
}
