//! What files of records say together. It is the same whatever the order of the files, however the list was shared, and
//! if a file is named twice.

use super::record::{KeyRecord, RepositoryRecord, SightingRecord};
use super::record_file::Head;
use crate::model::{KeyAction, Severity};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What several files say.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// What they have in common.
    pub head: Head,
    /// One record for each repository, by name.
    pub records: BTreeMap<String, RepositoryRecord>,
    /// What was asked for and is not in them.
    pub troubles: BTreeSet<Trouble>,
}

/// Something that was asked for and is not there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The file, list or repository.
    pub at: String,
    /// The cause and the next step.
    pub what: String,
}

/// A key, with all repositories that hold it.
#[derive(Clone, Debug)]
pub struct LeakedKey<'m> {
    /// Id of rule and secret.
    pub fingerprint: &'m str,
    /// The public prefix and four characters.
    pub prefix: &'m str,
    /// The rule's id.
    pub rule: &'m str,
    /// The worst severity of all.
    pub severity: Severity,
    /// The repositories, the most urgent first.
    pub holders: Vec<LeakHolder<'m>>,
    /// Whether an earlier report has it, if there is one.
    pub since: Option<Since>,
}

/// A repository that holds a key.
#[derive(Clone, Copy, Debug)]
pub struct LeakHolder<'m> {
    /// The repository.
    pub repository: &'m RepositoryRecord,
    /// What it holds.
    pub key: &'m KeyRecord,
}

/// How a key compares with an earlier report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// It was not there.
    New,
    /// It was there, in other repositories or with another action.
    Changed,
    /// It was there just so.
    Unchanged,
    /// It was there, and is not any more.
    Gone,
}

impl Since {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Gone => "gone",
        }
    }
}

impl Merged {
    /// Takes over a record. Of two that differ for one repository the one of which more was read counts.
    pub fn add(&mut self, record: RepositoryRecord) {
        match self.records.get_mut(&record.name) {
            Some(known) if weight(&record) > weight(known) => *known = record,
            Some(_) => {}
            None => {
                self.records.insert(record.name.clone(), record);
            }
        }
    }

    /// Takes over what a file says of itself.
    pub fn join(&mut self, head: &Head) {
        self.head.join(head);
    }

    /// Notes something that is not there.
    pub fn trouble(&mut self, at: impl Into<String>, what: impl Into<String>) {
        let (at, what) = (at.into(), what.into());
        self.troubles.insert(Trouble { at, what });
    }

    /// Looks for what the files should have and do not: shares of their lists, the repositories of `inventory`, and that
    /// all were made alike.
    pub fn check<'n>(&mut self, inventory: impl IntoIterator<Item = &'n str>) {
        for name in inventory {
            if !self.records.contains_key(name) {
                let what = "the inventory has it, and no file has a record of it; run `jvxleaks fleet` for it";
                self.trouble(name, what);
            }
        }
        for inventory in self.head.inventories.clone() {
            let missing = inventory.missing();
            if !missing.is_empty() {
                let at = format!("the list of {} repositories", inventory.repositories);
                let shares = missing.join(", ");
                let what = format!("no file has its shares {shares}; name their files too");
                self.trouble(at, what);
            }
        }
        let head = &self.head;
        let mut differ = Vec::new();
        if head.versions.len() > 1 {
            let versions: Vec<&str> = head.versions.iter().map(String::as_str).collect();
            differ.push(format!("the versions {}", versions.join(" and ")));
        } else if head.rules.len() > 1 {
            differ.push("different rules, options or limits".to_owned());
        }
        if head.fingerprint_keys.len() > 1 {
            differ
                .push("different fingerprint keys, so that one key may be listed twice".to_owned());
        }
        for what in differ {
            let what = format!("they were made with {what}; make them again with the same");
            self.trouble("the files", what);
        }
    }

    /// One item for each key, the most urgent first.
    pub fn keys(&self) -> Vec<LeakedKey<'_>> {
        let mut keys: BTreeMap<&str, LeakedKey<'_>> = BTreeMap::new();
        for repository in self.records.values() {
            for key in &repository.keys {
                let entry = keys.entry(&key.fingerprint);
                let item = entry.or_insert_with(|| LeakedKey {
                    fingerprint: &key.fingerprint,
                    prefix: &key.prefix,
                    rule: &key.rule,
                    severity: key.level(),
                    holders: Vec::new(),
                    since: None,
                });
                item.severity = item.severity.max(key.level());
                item.holders.push(LeakHolder { repository, key });
            }
        }
        let mut keys: Vec<LeakedKey<'_>> = keys.into_values().collect();
        for key in &mut keys {
            key.holders
                .sort_by_key(|holder| (holder.key.urgency(), &holder.repository.name));
        }
        keys.sort_by(|a, b| a.rank().cmp(&b.rank()));
        keys
    }

    /// As [`Merged::keys`], each with how it compares with an earlier report; behind them those that are gone.
    pub fn keys_since<'m>(&'m self, old: &'m Self) -> Vec<LeakedKey<'m>> {
        let mut keys = self.keys();
        let mut before: BTreeMap<&str, LeakedKey<'m>> = old
            .keys()
            .into_iter()
            .map(|key| (key.fingerprint, key))
            .collect();
        for key in &mut keys {
            key.since = Some(match before.remove(key.fingerprint) {
                None => Since::New,
                Some(former) if former.told() == key.told() => Since::Unchanged,
                Some(_) => Since::Changed,
            });
        }
        let mut gone: Vec<LeakedKey<'m>> = before.into_values().collect();
        gone.sort_by(|a, b| a.rank().cmp(&b.rank()));
        gone.iter_mut()
            .for_each(|key| key.since = Some(Since::Gone));
        keys.extend(gone);
        keys
    }

    /// Repositories of which not all was read, by name.
    pub fn incomplete(&self) -> impl Iterator<Item = &RepositoryRecord> {
        self.records.values().filter(|record| !record.is_whole())
    }

    /// True if all that was asked for is there and was read.
    pub fn is_complete(&self) -> bool {
        self.troubles.is_empty() && self.incomplete().next().is_none()
    }
}

impl<'m> LeakedKey<'m> {
    /// What it asks for where it got farthest.
    pub fn action(&self) -> &'m str {
        self.holders
            .first()
            .map_or(KeyAction::Check.name(), |first| &first.key.action)
    }

    /// True for one that somebody has to do something about.
    pub fn is_open(&self) -> bool {
        let done = [KeyAction::Check.name(), KeyAction::Done.name()];
        self.since != Some(Since::Gone) && !done.contains(&self.action())
    }

    /// Where it appeared first, if a commit tells.
    pub fn first_seen(&self) -> Option<(&'m SightingRecord, &'m RepositoryRecord)> {
        let seen = self.holders.iter().filter_map(|holder| {
            let at = holder.key.first_seen.as_ref()?;
            Some((at, holder.repository))
        });
        seen.min_by_key(|(at, repository)| (*at, &repository.name))
    }

    /// How many repositories have it at their HEAD.
    pub fn heads(&self) -> usize {
        let at_head = self.holders.iter().filter(|holder| holder.key.in_head);
        at_head.count()
    }

    /// The step that is the same in every repository: how the key is rotated.
    pub fn first_step(&self) -> &'m str {
        let advice = self.holders.first().map_or("", |first| &first.key.advice);
        advice.lines().next().unwrap_or_default()
    }

    fn rank(&self) -> impl Ord + 'm {
        let urgency = self.holders.first().map(|first| first.key.urgency());
        let since = self.first_seen().map(|(at, _)| at.author_date.as_str());
        let severity = Reverse(self.severity);
        (urgency, severity, since.is_none(), since, self.fingerprint)
    }

    /// What two reports tell of it.
    fn told(&self) -> Vec<(&'m str, &'m str, bool)> {
        let holders = self.holders.iter();
        let told = holders.map(|holder| {
            let key = holder.key;
            (
                holder.repository.name.as_str(),
                key.action.as_str(),
                key.in_head,
            )
        });
        told.collect()
    }
}

/// How much a record says: of two equal ones it does not matter which is kept, and of others it is always the same.
fn weight(record: &RepositoryRecord) -> (bool, u64, String) {
    let text = serde_json::to_string(record).unwrap_or_default();
    (record.is_whole(), record.objects, text)
}
