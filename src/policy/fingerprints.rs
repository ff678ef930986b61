//! The fingerprints of a run. Each is computed once for a rule and secret, however many places hold
//! it, and on all cores: a log may hold one password a million times, or as many distinct ones.

use super::fingerprint::{either, fingerprint, former};
use crate::model::{Fingerprint, Match, Secret};
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Fewer are computed by the thread that asks: to wake others takes as long.
const FEW: usize = 16;

/// What was computed so far, by all threads.
#[derive(Debug, Default)]
pub struct Fingerprints {
    now: KnownValues<Fingerprint>,
    former: KnownValues<Option<Fingerprint>>,
    others: KnownValues<[Fingerprint; 2]>,
}

impl Fingerprints {
    /// The fingerprint of each match.
    pub(super) fn of(&self, matches: &[Match]) -> Vec<Fingerprint> {
        self.now.of(matches, fingerprint)
    }

    /// The fingerprints that each match may have had under another family of rules.
    pub(super) fn under(&self, family: &str, matches: &[Match]) -> Vec<[Fingerprint; 2]> {
        let keys = matches.iter().map(|m| (family, &m.secret));
        self.others.of_keys(keys, either)
    }

    /// The fingerprint that each match had in former versions, if it was another.
    pub(super) fn former(&self, matches: &[Match]) -> Vec<Option<Fingerprint>> {
        self.former.of(matches, former)
    }
}

/// A family of rules, and a secret of that kind.
type FingerprintKey<'m> = (&'m str, &'m Secret);

/// Values by family of rules and secret.
#[derive(Debug)]
struct KnownValues<V>(Mutex<HashMap<String, HashMap<Secret, V>>>);

impl<V> Default for KnownValues<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<V: Clone + Send> KnownValues<V> {
    fn of(&self, matches: &[Match], compute: impl Fn(&str, &Secret) -> V + Sync) -> Vec<V> {
        let keys = matches.iter().map(|m| (m.rule.family.as_str(), &m.secret));
        self.of_keys(keys, compute)
    }

    fn of_keys<'m>(
        &self,
        keys: impl Iterator<Item = FingerprintKey<'m>>,
        compute: impl Fn(&str, &Secret) -> V + Sync,
    ) -> Vec<V> {
        let (keys, numbers) = numbered(keys);
        let values = self.of_distinct(&keys, compute);
        numbers.into_iter().map(|n| values[n].clone()).collect()
    }

    fn of_distinct(
        &self,
        keys: &[FingerprintKey<'_>],
        compute: impl Fn(&str, &Secret) -> V + Sync,
    ) -> Vec<V> {
        let mut values = self.known(keys);
        let unknown = (0..keys.len()).filter(|n| values[*n].is_none());
        let unknown: Vec<usize> = unknown.collect();
        let computed = |n: &usize| (*n, compute(keys[*n].0, keys[*n].1));
        let new: Vec<(usize, V)> = if unknown.len() < FEW {
            unknown.iter().map(computed).collect()
        } else {
            unknown.par_iter().map(computed).collect()
        };
        self.remember(keys, &new);
        for (n, value) in new {
            values[n] = Some(value);
        }
        values.into_iter().flatten().collect()
    }

    fn known(&self, keys: &[FingerprintKey<'_>]) -> Vec<Option<V>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value =
            |(family, secret): &FingerprintKey<'_>| known.get(*family)?.get(secret).cloned();
        keys.iter().map(value).collect()
    }

    fn remember(&self, keys: &[FingerprintKey<'_>], new: &[(usize, V)]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (n, value) in new {
            let (family, secret) = keys[*n];
            let of_family = known.entry(family.to_owned()).or_default();
            of_family.insert(secret.clone(), value.clone());
        }
    }
}

/// The distinct keys, and for each key its place among those.
fn numbered<K: Copy + Eq + Hash>(keys: impl Iterator<Item = K>) -> (Vec<K>, Vec<usize>) {
    let (mut distinct, mut places) = (Vec::new(), HashMap::new());
    let numbers = keys.map(|key| {
        *places.entry(key).or_insert_with(|| {
            distinct.push(key);
            distinct.len() - 1
        })
    });
    let numbers = numbers.collect();
    (distinct, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::sample;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn each_is_computed_once_for_a_rule_and_secret() {
        let text = "KEY ".repeat(100);
        let (mut detection, _) = sample::detection(&text);
        let again = detection.matches.clone();
        detection.matches.extend(again);
        let (known, computed) = (KnownValues::default(), AtomicUsize::new(0));
        let count = |_: &str, secret: &Secret| {
            computed.fetch_add(1, Ordering::Relaxed);
            secret.expose().len()
        };
        let lengths = known.of(&detection.matches, count);
        assert_eq!(known.of(&detection.matches, count), lengths);
        let expected = detection.matches.iter().map(|m| m.secret.expose().len());
        assert_eq!(lengths, expected.collect::<Vec<_>>());
        assert_eq!(computed.into_inner(), 100);
    }

    #[test]
    fn all_cores_compute_what_one_would() {
        let text = "KEY ".repeat(2 * FEW);
        let (detection, _) = sample::detection(&text);
        let alone = detection
            .matches
            .iter()
            .map(|m| fingerprint(&m.rule.family, &m.secret));
        assert_eq!(
            Fingerprints::default().of(&detection.matches),
            alone.collect::<Vec<_>>()
        );
    }
}
