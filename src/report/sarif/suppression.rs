//! Why a finding does not count, in SARIF's terms.

use super::super::escape;
use crate::model::Suppression;
use serde_sarif::sarif::Suppression as SarifSuppression;

/// The suppressions of a result: none for what counts, which SARIF wants said as an empty list once
/// any result of a run is suppressed
/// (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, 3.27.23).
pub(in crate::report) fn of(by: Option<&Suppression>) -> Vec<SarifSuppression> {
    by.map(suppression).into_iter().collect()
}

fn suppression(by: &Suppression) -> SarifSuppression {
    let (kind, why) = match by {
        Suppression::Inline { mark, reason } => ("inSource", reason.as_deref().unwrap_or(mark)),
        Suppression::Config { reason } => {
            ("external", reason.as_deref().unwrap_or("the configuration"))
        }
        Suppression::Baseline => ("external", "the baseline"),
        Suppression::IgnoreFile => ("external", "an ignore file"),
    };
    let mut suppression = SarifSuppression::builder()
        .kind(serde_json::Value::from(kind))
        .build();
    suppression.justification = Some(escape::visible(why).into_owned());
    suppression
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(by: &Suppression) -> String {
        serde_json::to_string(&of(Some(by))).unwrap()
    }

    #[test]
    fn a_suppression_says_where_it_stands_and_why() {
        let inline = |reason: Option<&str>| Suppression::Inline {
            mark: "gitleaks:allow".to_owned(),
            reason: reason.map(str::to_owned),
        };
        let all = [
            inline(Some("a [demo](1)")),
            inline(None),
            Suppression::Baseline,
        ];
        insta::assert_snapshot!(all.map(|by| said(&by)).join("\n"), @r#"
        [{"justification":"a [demo](1)","kind":"inSource"}]
        [{"justification":"gitleaks:allow","kind":"inSource"}]
        [{"justification":"the baseline","kind":"external"}]
        "#);
        assert!(of(None).is_empty());
    }
}
