//! What is wrong with allow comments: stale, unexplained, of no rule.

use super::super::rule_names::RuleNames;
use super::Allow;
use crate::model::{Base, Blob, Detection, FileContext};

/// Warnings about the allow comments of one blob.
pub(in crate::policy) fn of_comments(
    rules: &RuleNames,
    told: &Base,
    blob: &Blob<'_>,
    detection: &Detection<'_>,
    allows: &[Allow],
) -> Vec<String> {
    // The past cannot be tidied, and documentation shows what a comment looks like.
    let is_present = blob.origin.is_present();
    let is_shown = detection.context == FileContext::Documentation;
    let mut warnings = Vec::new();
    for allow in allows
        .iter()
        .filter(|a| is_present && (a.used || !is_shown))
    {
        let what = remarks(allow, rules).into_iter();
        let path = told.seen_from(blob.path);
        warnings.extend(what.map(|what| format!("{path}:{}: {what}", allow.line)));
    }
    warnings
}

fn remarks(allow: &Allow, rules: &RuleNames) -> Vec<String> {
    const EXAMPLE: &str = "jvxleaks:allow RULE -- reason";
    let terms = &allow.terms;
    if terms.rules.is_empty() || terms.rules == ["*"] {
        return vec![format!(
            "the allow comment names no rule and does nothing; write `{EXAMPLE}`"
        )];
    }
    let known = |id: &&String| rules.known.is_empty() || rules.known.contains(id);
    // Not quoted: the words of a comment may be anything, the pieces of a key too.
    let unknown = match terms.rules.iter().filter(|id| !known(id)).count() {
        0 => None,
        1 if terms.rules.len() == 1 => Some("a rule that is not there".to_owned()),
        count => Some(format!(
            "{count} of {} rules that are not there",
            terms.rules.len()
        )),
    };
    let mut remarks: Vec<_> = unknown
        .map(|what| {
            let mut unknown = terms.rules.iter().filter(|id| !known(id));
            let meant = unknown.find_map(|id| rules.nearest(id));
            let meant = meant.map(|meant| format!("did you mean `{meant}`? "));
            let meant = meant.unwrap_or_default();
            format!("the allow comment names {what}; {meant}see `jvxleaks rules list`")
        })
        .into_iter()
        .collect();
    if terms.reason.is_none() {
        remarks.push(format!(
            "the allow comment gives no reason; write `{EXAMPLE}`"
        ));
    }
    let ran = |id: &String| rules.known.is_empty() || rules.has_whole_family(id);
    if !allow.used && remarks.is_empty() && terms.rules.iter().all(ran) {
        remarks.push("the allow comment silences nothing; remove it".to_owned());
    }
    remarks
}
