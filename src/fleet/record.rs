//! What an audit of one repository came to, as one line of JSON: no secret, no time, nothing that hangs on what was read
//! before. Two audits of the same repository by the same rules are the same bytes.

use crate::model::{
    ExposedKey, Fault, KeyAction, Outcome, RefName, Refs, Severity, Sighting, Step,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most places that are named of a key in a repository; all are counted.
const PLACES: usize = 20;

/// What an audit of one repository came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryRecord {
    /// As the list calls it.
    pub name: String,
    /// Where it was cloned from, without who logs in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
    /// Where people read it in a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forge: Option<ForgeRecord>,
    /// How many refs it has.
    pub refs: u64,
    /// A digest of its refs, equal in every clone that has the same.
    pub refs_digest: String,
    /// How many objects it stores.
    pub objects: u64,
    /// A digest of all that was read and of what was to be left out: as long as it is the same, the record holds.
    pub state: String,
    /// What was found, most urgent first.
    pub keys: Vec<KeyRecord>,
    /// Findings that the project accepts.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub accepted: usize,
    /// How many files were not searched, by the reason why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, u64>,
    /// Whether its configuration changes which rules run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_own_rules: bool,
    /// How several keys are taken out of what was not pushed yet, in one go, a step a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rewriting: String,
    /// What could not be read.
    pub faults: Vec<RecordFault>,
}

/// The pages of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgeRecord {
    /// The remote's name.
    pub remote: String,
    /// Whose software the server runs.
    pub kind: String,
    /// The repository's own page.
    pub address: String,
    /// Whether what was read is a mirror of it.
    pub is_mirrored: bool,
}

/// A distinct key in one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// The public prefix and four characters.
    pub prefix: String,
    /// The rule's id.
    pub rule: String,
    /// The worst severity of its findings.
    pub severity: String,
    /// Id of rule and secret, the same in every repository.
    pub fingerprint: String,
    /// What it asks for here.
    pub action: String,
    /// When it first appeared, if a commit tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<SightingRecord>,
    /// When it was last added or kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<SightingRecord>,
    /// The commit that removed the last copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_in: Option<SightingRecord>,
    /// Whether the commit at HEAD holds it.
    pub in_head: bool,
    /// Whether an index holds it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_index: bool,
    /// Remote branches and tags that reach it, the first few by name.
    pub published: Vec<String>,
    /// How many there are.
    pub published_count: usize,
    /// Local refs that reach it, the first few by name.
    pub local: Vec<String>,
    /// How many there are.
    pub local_count: usize,
    /// The commits that brought it in, the first few.
    pub introduced: Vec<SightingRecord>,
    /// How many places brought it in.
    pub places: usize,
    /// What to do about it in this repository, a step a line.
    pub advice: String,
}

/// A commit at which a key was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SightingRecord {
    /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
    pub author_date: String,
    /// Full object id in hex.
    pub commit: String,
    /// The file, as that commit names it.
    pub path: String,
    /// 1-based line.
    pub line: usize,
}

/// Something that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordFault {
    /// What it was.
    pub path: String,
    /// The cause and the next step.
    pub what: String,
}

impl RepositoryRecord {
    /// That of a repository of which nothing could be read.
    pub fn unread(name: &str, what: impl Into<String>) -> Self {
        let fault = RecordFault {
            path: name.to_owned(),
            what: what.into(),
        };
        Self {
            name: name.to_owned(),
            faults: vec![fault],
            ..Self::default()
        }
    }

    /// Takes over what an audit came to. The outcome shows no secret any more.
    pub fn audited(&mut self, outcome: &Outcome) {
        self.keys = outcome.keys.iter().map(KeyRecord::from).collect();
        self.forge = outcome.forges.first().map(|forge| ForgeRecord {
            remote: forge.remote.clone(),
            kind: forge.kind.name().to_owned(),
            address: forge.address.clone(),
            is_mirrored: forge.is_mirrored,
        });
        self.accepted = outcome.suppressed.len();
        let skipped = outcome.stats.skipped.iter();
        self.skipped = skipped.map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
        self.rewriting = Step::lines(&outcome.rewriting);
        self.faults
            .extend(outcome.faults.iter().map(RecordFault::from));
    }

    /// Calls the folder of the repository by its name in faults: the same repository gives the same record wherever it is.
    pub fn call_faults(&mut self, folder: &str) {
        for fault in &mut self.faults {
            for text in [&mut fault.path, &mut fault.what] {
                *text = text.replace(folder, &self.name);
            }
        }
        self.faults.sort();
    }

    /// True unless a word in it is none that an audit writes.
    pub(super) fn is_sound(&self) -> bool {
        let known = |key: &KeyRecord| {
            key.urgency() < KeyAction::ALL.len() && key.severity.parse::<Severity>().is_ok()
        };
        self.keys.iter().all(known)
    }

    /// True if all of the repository was read.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }
}

impl KeyRecord {
    /// Where it stands among actions: less is more urgent.
    pub fn urgency(&self) -> usize {
        let all = KeyAction::ALL.iter();
        let known = all
            .map(|action| action.name())
            .position(|name| name == self.action);
        known.unwrap_or(KeyAction::ALL.len())
    }

    /// How bad it is; of a word that is none, the least.
    pub fn level(&self) -> Severity {
        self.severity.parse().unwrap_or(Severity::Low)
    }
}

impl From<&ExposedKey> for KeyRecord {
    fn from(key: &ExposedKey) -> Self {
        let seen = |at: &Option<Sighting>| at.as_ref().map(SightingRecord::from);
        let exposure = &key.exposure;
        let introduced = exposure.introduced.iter().take(PLACES);
        Self {
            prefix: key.secret.to_string(),
            rule: key.rule.id.clone(),
            severity: key.severity.name().to_owned(),
            fingerprint: key.fingerprint.0.clone(),
            action: key.action().name().to_owned(),
            first_seen: seen(&exposure.first_seen),
            last_seen: seen(&exposure.last_seen),
            removed_in: seen(&exposure.removed_in),
            in_head: !exposure.in_head.is_empty(),
            in_index: exposure.in_index,
            published: names(&exposure.published),
            published_count: exposure.published.count(),
            local: names(&exposure.local),
            local_count: exposure.local.count(),
            introduced: introduced
                .map(|own| SightingRecord::from(&own.at))
                .collect(),
            places: key.places,
            advice: Step::lines(&key.advice),
        }
    }
}

impl From<&Sighting> for SightingRecord {
    fn from(at: &Sighting) -> Self {
        Self {
            author_date: at.date.clone(),
            commit: at.commit.clone(),
            path: at.path.to_string(),
            line: at.line,
        }
    }
}

impl From<&Fault> for RecordFault {
    fn from(fault: &Fault) -> Self {
        Self {
            path: fault.path.to_string(),
            what: fault.what.clone(),
        }
    }
}

fn names(refs: &Refs) -> Vec<String> {
    let named = refs.named().iter();
    named.map(RefName::to_string).collect()
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}
