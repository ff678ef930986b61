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
    /// The records of each repository, by its name. Several that differ are all kept, since nothing tells which is newer;
    /// the one of which most was read is the first.
    pub records: BTreeMap<String, Vec<RepositoryRecord>>,
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
    /// It was there, and its project's own files keep from being told what they told then.
    Hidden,
    /// It was there, in repositories that were not read since then.
    Unread,
}

impl Since {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Gone => "gone",
            Self::Hidden => "hidden by its project",
            Self::Unread => "not read again",
        }
    }
}

impl Merged {
    /// Takes over a record, unless it is known.
    pub fn add(&mut self, record: RepositoryRecord) {
        let known = self.records.entry(record.name.clone()).or_default();
        if !known.contains(&record) {
            known.push(record);
            known.sort_by_cached_key(|own| Reverse(weight(own)));
        }
    }

    /// All records.
    pub fn all(&self) -> impl Iterator<Item = &RepositoryRecord> {
        self.records.values().flatten()
    }

    /// How many files were not searched, by the reason why.
    pub fn skipped(&self) -> BTreeMap<&str, u64> {
        let mut all = BTreeMap::new();
        for (kind, count) in self.all().flat_map(|record| &record.skipped) {
            let sum: &mut u64 = all.entry(kind.as_str()).or_default();
            *sum = sum.saturating_add(*count);
        }
        all
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
        if differ.is_empty() {
            self.check_counts();
        }
        for what in differ {
            let what = format!("they were made with {what}; make them again with the same");
            self.trouble("the files", what);
        }
    }

    /// Looks for records that are too many or too few.
    fn check_counts(&mut self) {
        let several = self.records.iter().filter(|(_, own)| own.len() > 1);
        let several: Vec<String> = several.map(|(name, _)| name.clone()).collect();
        for name in several {
            let what = "its records differ, by time or since two repositories are called so; leave out the files that are out \
                        of date, or audit them under one list";
            self.trouble(name, what);
        }
        let whole = self.head.inventories.iter();
        let whole = whole.filter(|own| own.missing().is_empty());
        let listed = whole.map(|own| own.repositories).max().unwrap_or_default();
        let there = self.records.len();
        if there < listed {
            let what = format!("its files have records of {there}; make them again");
            self.trouble(format!("the list of {listed} repositories"), what);
        }
    }

    /// One item for each key, the most urgent first.
    pub fn keys(&self) -> Vec<LeakedKey<'_>> {
        let mut keys: BTreeMap<&str, LeakedKey<'_>> = BTreeMap::new();
        for repository in self.all() {
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
                let holders = &mut item.holders;
                // Of two records of one repository the first tells more.
                let last = holders.last();
                if last.is_none_or(|own| own.repository.name != repository.name) {
                    holders.push(LeakHolder { repository, key });
                }
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

    /// Notes what an earlier report has and this one cannot tell: its repositories of which there is no whole record, or
    /// all of it, if it was made in another way. What an `inventory` does not have any more was not asked for.
    pub fn check_since(&mut self, old: &Self, inventory: &[String]) {
        let is_asked_for =
            |name: &&str| inventory.is_empty() || inventory.iter().any(|own| own == name);
        let made = |merged: &Self| {
            let head = &merged.head;
            (head.rules.clone(), head.fingerprint_keys.clone())
        };
        if made(self) != made(old) {
            let what = "it was made with other rules, options or fingerprint keys; compare what was made alike";
            self.trouble("the earlier report", what);
        }
        let unread: BTreeSet<&str> = old
            .keys()
            .iter()
            .flat_map(|key| &key.holders)
            .filter(|holder| !self.has_again(holder.repository))
            .map(|holder| holder.repository.name.as_str())
            .filter(is_asked_for)
            .collect();
        let unread: Vec<String> = unread.into_iter().map(str::to_owned).collect();
        let hidden = old.keys_only_here(self).flat_map(|key| key.holders);
        let hidden = hidden
            .filter(|own| self.has_again(own.repository) && !self.tells_as_much(own.repository));
        let hidden: BTreeSet<String> = hidden.map(|own| own.repository.name.clone()).collect();
        for name in hidden {
            let what = "a key of it is told no more, and its own files accept, exclude or judge otherwise now; \
                        `jvxleaks history --no-config` there tells whether it is gone";
            self.trouble(name, what);
        }
        for name in unread {
            let what = "the earlier report has keys of it, and it was not read whole since then; audit it again";
            self.trouble(name, what);
        }
    }

    /// The keys that an other report does not have.
    fn keys_only_here<'m>(&'m self, other: &Self) -> impl Iterator<Item = LeakedKey<'m>> {
        let there = other
            .keys()
            .into_iter()
            .map(|key| key.fingerprint.to_owned());
        let there: BTreeSet<String> = there.collect();
        let keys = self.keys().into_iter();
        keys.filter(move |key| !there.contains(key.fingerprint))
    }

    /// True if a repository was read whole, and its project keeps as much from being told as it did before.
    fn tells_as_much(&self, before: &RepositoryRecord) -> bool {
        let hides = |own: &RepositoryRecord| (own.has_own_rules, own.accepted, own.skipped.clone());
        let now = self.records.get(&before.name);
        self.has_again(before)
            && now.is_some_and(|all| all.iter().any(|own| hides(own) == hides(before)))
    }

    /// True if a repository was read whole, and no other one has its name now.
    fn has_again(&self, before: &RepositoryRecord) -> bool {
        let known = self.records.get(&before.name);
        let is_same = |own: &RepositoryRecord| own.is_whole() && own.remote == before.remote;
        known.is_some_and(|all| all.iter().all(is_same))
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
        let comparable = self.head.rules == old.head.rules
            && self.head.fingerprint_keys == old.head.fingerprint_keys;
        for key in &mut gone {
            let all = |test: fn(&Self, &RepositoryRecord) -> bool| {
                let mut holders = key.holders.iter();
                comparable && holders.all(|own| test(self, own.repository))
            };
            key.since = Some(if all(Self::tells_as_much) {
                Since::Gone
            } else if all(Self::has_again) {
                Since::Hidden
            } else {
                Since::Unread
            });
        }
        keys.extend(gone);
        keys
    }

    /// Repositories of which not all was read, by name.
    pub fn incomplete(&self) -> impl Iterator<Item = &RepositoryRecord> {
        self.all().filter(|record| !record.is_whole())
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
        !self.is_past() && !done.contains(&self.action())
    }

    /// True for one that only the earlier report has.
    pub fn is_past(&self) -> bool {
        matches!(
            self.since,
            Some(Since::Gone | Since::Hidden | Since::Unread)
        )
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

    /// What to do about it: how it is rotated is the same in every repository; what is taken out is not, and takes steps.
    pub fn first_step(&self) -> &'m str {
        const ELSEWHERE: &str = "in each repository: `jvxleaks history` has the steps";
        let first = self.holders.first().map(|first| first.key);
        let rotated = first.filter(|key| key.action == KeyAction::Rotate.name());
        rotated.map_or(ELSEWHERE, |key| {
            key.advice.lines().next().unwrap_or_default()
        })
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
