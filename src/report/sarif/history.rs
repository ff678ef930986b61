//! A key that history holds is one result, however many commits had it: code scanning opens an alert
//! for each result, and what is to do is done once for a key.

use super::super::escape;
use super::super::options::worst_first;
use crate::model::{ExposedKey, Finding, Origin, Outcome, Refs};
use serde_sarif::sarif::PropertyBag;
use std::collections::{BTreeMap, BTreeSet};

/// What an audit says of keys, by their fingerprint.
pub(in crate::report) struct Keys<'o>(BTreeMap<&'o str, &'o ExposedKey>);

impl<'o> Keys<'o> {
    /// The keys of an outcome; there are none unless history was read.
    pub(in crate::report) fn of(outcome: &'o Outcome) -> Self {
        let keys = outcome.keys.iter();
        Self(keys.map(|key| (&*key.fingerprint.0, key)).collect())
    }

    /// The findings to make results of, worst first: of those of one rule and key in history, the
    /// one that is still there, else the newest.
    pub(super) fn results(&self, outcome: &'o Outcome) -> Vec<&'o Finding> {
        let all = worst_first(outcome);
        let mut chosen: BTreeMap<(&str, &str), &Finding> = BTreeMap::new();
        for finding in all.iter().copied().filter(|f| self.gathers(f)) {
            let group = (&*finding.rule.id, &*finding.fingerprint.0);
            let best = chosen.entry(group).or_insert(finding);
            if self.rank(finding) > self.rank(best) {
                *best = finding;
            }
        }
        let chosen: BTreeSet<*const Finding> =
            chosen.into_values().map(std::ptr::from_ref).collect();
        let mut results = all;
        results.retain(|f| !self.gathers(f) || chosen.contains(&std::ptr::from_ref(*f)));
        results
    }

    /// The key that a finding of history is about.
    pub(in crate::report) fn of_finding(&self, finding: &Finding) -> Option<&'o ExposedKey> {
        let key = self.0.get(&*finding.fingerprint.0).copied();
        key.filter(|_| in_history(&finding.origin))
    }

    fn gathers(&self, finding: &Finding) -> bool {
        self.of_finding(finding).is_some()
    }

    fn rank(&self, finding: &'o Finding) -> impl Ord + use<'o> {
        let last = self
            .0
            .get(&*finding.fingerprint.0)
            .and_then(|key| key.exposure.last_seen.as_ref());
        let is_last = last.is_some_and(|last| last.path == finding.place.path);
        (is_last, finding.origin.commit().map(|(_, date)| date))
    }

    /// What a reader of the log may want to sort results by.
    pub(super) fn properties(&self, finding: &Finding) -> Option<PropertyBag> {
        let key = self.of_finding(finding)?;
        let exposure = &key.exposure;
        let mut facts = BTreeMap::from([
            ("inHead".to_owned(), (!exposure.in_head.is_empty()).into()),
            ("action".to_owned(), key.action().name().into()),
            ("fingerprint".to_owned(), (&*key.fingerprint.0).into()),
            ("published".to_owned(), names(&exposure.published)),
            (
                "publishedCount".to_owned(),
                exposure.published.count().into(),
            ),
        ]);
        if let Some((id, date)) = finding.origin.commit() {
            facts.insert("commit".to_owned(), id.into());
            facts.insert("authorDate".to_owned(), date.into());
        }
        let mut bag = PropertyBag::builder().build();
        bag.additional_properties = facts;
        Some(bag)
    }
}

fn names(refs: &Refs) -> serde_json::Value {
    let names = refs.named().iter();
    names.map(|name| escape::visible(name.as_str())).collect()
}

fn in_history(origin: &Origin) -> bool {
    !matches!(origin, Origin::File | Origin::Stdin | Origin::Site { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::KeyAction;
    use crate::report::sample;

    #[test]
    fn a_key_in_many_commits_is_one_result_at_the_newest() {
        let at = |date: &str, path: &str| {
            let mut finding = sample::key_in_commit();
            finding.place.path = path.into();
            if let Origin::Commit { author_date, .. } = &mut finding.origin {
                *author_date = date.to_owned();
            }
            finding
        };
        let mut key = sample::exposed(KeyAction::Rotate);
        let findings = vec![at("2025", "old"), at("2026", "new"), at("2024", "first")];
        key.fingerprint = findings[0].fingerprint.clone();
        let mut outcome = Outcome {
            findings,
            keys: vec![key],
            ..Outcome::default()
        };
        let paths = |outcome: &Outcome| -> Vec<String> {
            let results = Keys::of(outcome).results(outcome);
            results.iter().map(|f| f.place.path.to_string()).collect()
        };
        assert_eq!(paths(&outcome), ["new"]);
        if let Some(last) = &mut outcome.keys[0].exposure.last_seen {
            last.path = "first".into();
        }
        assert_eq!(paths(&outcome), ["first"]);
        outcome.findings.push(sample::key_in_file());
        assert_eq!(paths(&outcome).len(), 2);
        outcome.keys.clear();
        assert_eq!(paths(&outcome).len(), 4);
    }
}
