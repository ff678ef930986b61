//! One page for a browser, with a card for each key.

use super::super::merged::{LeakHolder, LeakedKey};
use super::super::record::{KeyRecord, RepositoryRecord, SightingRecord};
use super::view::MergeView;
use super::words::{counted, summary};
use crate::model::{
    BlobPath, Exposure, Fingerprint, Forge, ForgeKind, KeyAction, RefName, Refs, Sighting, Step,
};
use crate::report::{HeldKey, KeyHolder, KeysPage, visible, write_keys};
use std::io::{self, Write};

/// Writes the page.
pub(super) fn write(told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rotate = told.keys.iter().filter(|key| !key.is_past());
    let rotate = rotate.filter(|key| key.action() == KeyAction::Rotate.name());
    let verdict = match rotate.count() {
        0 if told.keys.is_empty() => "No keys".to_owned(),
        0 => "No key to rotate now".to_owned(),
        some => format!("{} to rotate now", counted(some, "key", "keys")),
    };
    let unread: Vec<[String; 2]> = told.unread().map(|own| [own.at, own.what]).collect();
    let verdict = match unread.len() {
        0 => verdict,
        some => format!(
            "{verdict}. Not complete: {} not read",
            counted(some, "input", "inputs")
        ),
    };
    let repositories = told.merged.records.len();
    let page = KeysPage {
        about: counted(repositories, "repository", "repositories"),
        verdict,
        summary: summary(told.merged, &told.keys),
        keys: told.keys.iter().map(held).collect(),
        unread,
    };
    write_keys(&page, out)
}

fn held<'m>(key: &LeakedKey<'m>) -> HeldKey<'m> {
    let action = KeyAction::ALL
        .into_iter()
        .find(|known| known.name() == key.action());
    let since = key.since.map(|since| format!(", {}", since.name()));
    let holders = counted(key.holders.len(), "repository", "repositories");
    // What an earlier report alone has asks for nothing that this one could tell.
    let action = action.filter(|_| !key.is_past());
    HeldKey {
        action: action.unwrap_or(KeyAction::Check),
        severity: key.severity,
        rule: key.rule,
        secret: key.prefix,
        name: format!("{} in {holders}{}", key.rule, since.unwrap_or_default()),
        fingerprint: Fingerprint(visible(key.fingerprint).into_owned()),
        holders: key
            .holders
            .iter()
            .map(|own| holder(own, key.is_past()))
            .collect(),
    }
}

fn holder<'m>(holder: &LeakHolder<'m>, is_past: bool) -> KeyHolder<'m> {
    let (repository, key) = (holder.repository, holder.key);
    let seen = |at: &Option<SightingRecord>| at.as_ref().map(sighting);
    let refs = |names: &[String], count| Refs::new(names.iter().map(RefName::new), count);
    let last = seen(&key.last_seen).filter(|_| key.in_head && !is_past);
    let forge = repository.forge.as_ref();
    let forge = forge.filter(|own| is_page(&own.address)).and_then(|own| {
        Some(Forge {
            remote: own.remote.clone(),
            kind: ForgeKind::ALL
                .into_iter()
                .find(|kind| kind.name() == own.kind)?,
            address: own.address.clone(),
            is_mirrored: own.is_mirrored,
        })
    });
    KeyHolder {
        repository: &repository.name,
        exposure: Exposure {
            first_seen: seen(&key.first_seen),
            last_seen: seen(&key.last_seen),
            removed_in: seen(&key.removed_in),
            in_head: last.into_iter().collect(),
            in_index: key.in_index,
            published: refs(&key.published, key.published_count),
            local: refs(&key.local, key.local_count),
            ..Exposure::default()
        },
        introduced: key.introduced.iter().map(sighting).collect(),
        steps: if is_past {
            Vec::new()
        } else {
            steps(repository, key)
        },
        forges: forge.into_iter().collect(),
    }
}

fn sighting(at: &SightingRecord) -> Sighting {
    Sighting {
        commit: at.commit.clone(),
        date: at.author_date.clone(),
        path: BlobPath::from(at.path.as_str()),
        line: at.line,
    }
}

/// True for the address of a page, as a record has it that nobody changed.
fn is_page(address: &str) -> bool {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/:%".contains(&b);
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.bytes().all(is_plain)
    })
}

/// What to do in a repository. The steps that belong to several of its keys stand with each of them.
fn steps(repository: &RepositoryRecord, key: &KeyRecord) -> Vec<Step> {
    let is_amended = key.action == KeyAction::Amend.name();
    let all = Some(&repository.rewriting).filter(|_| is_amended);
    let lines = key
        .advice
        .lines()
        .chain(all.into_iter().flat_map(|all| all.lines()));
    lines.map(step).collect()
}

/// A line of advice: a command has two blanks before it.
fn step(line: &str) -> Step {
    match line.strip_prefix("  ") {
        Some(command) => Step::run(command),
        None => Step::say(line),
    }
}
