//! What is wrong with the silencing itself: stale, expired, unexplained.

use super::super::{Config, IGNORE_FILE, Policy, RuleNames};
use super::Allow;
use crate::model::{Blob, Detection, FileContext, Origin};

/// Warnings about the allow comments of one blob.
pub(in crate::policy) fn of_comments(
    policy: &Policy,
    blob: &Blob<'_>,
    detection: &Detection<'_>,
    allows: &[Allow],
) -> Vec<String> {
    // The past cannot be tidied, and documentation shows what a comment looks like.
    let is_present = matches!(blob.origin, Origin::File | Origin::Stdin | Origin::Index);
    let is_shown = detection.context == FileContext::Documentation;
    let mut warnings = Vec::new();
    for allow in allows
        .iter()
        .filter(|a| is_present && (a.used || !is_shown))
    {
        let what = remarks(allow, &policy.rules).into_iter();
        let path = policy.told.seen_from(blob.path);
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
        .map(|what| format!("the allow comment names {what}; see `jvxleaks rules list`"))
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

/// Warnings about configuration, ignore file and baseline, after all blobs were seen.
pub(in crate::policy) fn of_exceptions(policy: &Policy, complete: bool) -> Vec<String> {
    let configs = [&policy.config, &policy.added].into_iter();
    let warnings = configs.flat_map(|config| of_config(config, policy, complete));
    let mut warnings: Vec<_> = warnings.collect();
    let broken = policy.ignore_file.broken.iter();
    warnings.extend(broken.map(|line| {
        format!("{IGNORE_FILE}:{line}: expected path:rule:line or commit:path:rule:line")
    }));
    if complete && policy.reach.baseline {
        let stale =
            |baseline: &super::super::Baseline| baseline.stale(|id| policy.rules.is_active(id));
        warnings.extend(policy.baseline.as_ref().map(stale).unwrap_or_default());
    }
    warnings
}

fn of_config(config: &Config, policy: &Policy, complete: bool) -> Vec<String> {
    let file = &config.file;
    // A fingerprint does not tell its rule, so all rules must have had their say.
    let all_ran = policy.rules.known.len() == policy.rules.active.len();
    let judges = complete && policy.reach.config && all_ran;
    let remark = |allow: &super::super::ConfigAllow| match allow.expires {
        Some(last) if allow.has_expired(policy.today) => Some(format!(
            "{file}:{}: the [[allow]] entry expired on {last}; renew or remove it",
            allow.line
        )),
        _ if judges && allow.is_unused() => Some(format!(
            "{file}:{}: the [[allow]] entry silences nothing; remove it",
            allow.line
        )),
        _ => None,
    };
    config.allows.iter().filter_map(remark).collect()
}
