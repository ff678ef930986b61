//! What all formats say of a key, in words.

use super::super::merged::{LeakHolder, LeakedKey, Merged, Since};
use super::super::record::SightingRecord;
use crate::model::{KeyAction, RefName, Refs};
use crate::report::{day, heading, number, refs_in_words, short};

/// The word that a key begins with: `ROTATE NOW`.
pub(super) fn headword(key: &LeakedKey<'_>) -> &'static str {
    match key.since {
        Some(Since::Gone) => return "GONE",
        Some(Since::Hidden) => return "HIDDEN",
        Some(Since::Unread) => return "NOT READ",
        _ => {}
    }
    word_of(key.action())
}

/// The word of an action, by its name.
pub(super) fn word_of(action: &str) -> &'static str {
    let known = KeyAction::ALL
        .into_iter()
        .find(|known| known.name() == action);
    known.map_or("CHECK", heading)
}

/// Where a repository holds it: `published: branch main; since 2026-01-03; still in HEAD`.
pub(super) fn whereabouts(holder: &LeakHolder<'_>) -> String {
    let key = holder.key;
    let named =
        |names: &[String], count| refs_in_words(&Refs::new(names.iter().map(RefName::new), count));
    let reach = if key.published_count > 0 {
        format!("published: {}", named(&key.published, key.published_count))
    } else if key.local_count > 0 {
        format!("local only: {}", named(&key.local, key.local_count))
    } else if key.in_index {
        "in the index".to_owned()
    } else {
        "unreachable".to_owned()
    };
    let since = key.first_seen.as_ref();
    let since = since.map(|at| format!("since {}", day(&at.author_date)));
    let removed = key.removed_in.as_ref();
    let removed = removed.map(|at| {
        format!(
            "removed in {} on {}",
            short(&at.commit),
            day(&at.author_date)
        )
    });
    let head = key.in_head.then(|| "still in HEAD".to_owned());
    let parts = [Some(reach), since, head, removed];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// `3f2a9c1 2026-01-03 src/client.ts:14`.
pub(super) fn sighting(at: &SightingRecord) -> String {
    format!(
        "{} {} {}:{}",
        short(&at.commit),
        day(&at.author_date),
        at.path,
        at.line
    )
}

/// `1 key`, `3 keys`.
pub(super) fn counted(count: usize, what: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { what } else { many })
}

/// How much there is, and of what: `3 keys: 2 to rotate, 1 to check. 200 repositories, 1 of them not read whole.`
pub(super) fn summary(merged: &Merged, keys: &[LeakedKey<'_>]) -> String {
    let there = keys.iter().filter(|key| !key.is_past());
    let there: Vec<_> = there.collect();
    let by_action = KeyAction::ALL.into_iter().filter_map(|action| {
        let count = there.iter().filter(|key| key.action() == action.name());
        let count = count.count();
        let word = match action {
            KeyAction::Rotate => "to rotate now",
            KeyAction::Amend => "to amend",
            KeyAction::Expire => "to expire",
            KeyAction::Check => "to check",
            KeyAction::Done => "done",
        };
        (count > 0).then(|| format!("{count} {word}"))
    });
    let by_action: Vec<String> = by_action.collect();
    let mut said = match there.len() {
        0 => "No keys".to_owned(),
        count => format!(
            "{}: {}",
            counted(count, "key", "keys"),
            by_action.join(", ")
        ),
    };
    let news = [
        Since::New,
        Since::Changed,
        Since::Gone,
        Since::Hidden,
        Since::Unread,
    ]
    .into_iter()
    .filter_map(|since| {
        let count = keys.iter().filter(|key| key.since == Some(since)).count();
        (count > 0).then(|| format!("{count} {}", since.name()))
    });
    let news: Vec<String> = news.collect();
    if !news.is_empty() {
        said += &format!(" ({} since then)", news.join(", "));
    }
    said += &format!(
        ". {}",
        counted(merged.records.len(), "repository", "repositories")
    );
    let unread = merged.incomplete().count();
    if unread > 0 {
        said += &format!(", {unread} of them not read whole");
    }
    said + "." + &allowed(merged)
}

/// What projects keep from being told, by themselves.
fn allowed(merged: &Merged) -> String {
    let mut said = String::new();
    let all = || merged.all();
    let accepted: usize = all().map(|record| record.accepted).sum();
    let skipped = merged.skipped();
    let skipped = skipped
        .iter()
        .map(|(kind, n)| format!("{kind} ({})", number(*n)));
    let skipped: Vec<String> = skipped.collect();
    let own: Vec<&str> = all()
        .filter(|record| record.has_own_rules)
        .map(|record| record.name.as_str())
        .collect();
    if accepted > 0 {
        said += &format!(
            " Projects accept {}.",
            counted(accepted, "finding", "findings")
        );
    }
    if !skipped.is_empty() {
        said += &format!(" Skipped: {}.", skipped.join(", "));
    }
    if !own.is_empty() {
        said += &format!(
            " Rules of their own have {}; --no-config reads them by the usual ones.",
            own.join(", ")
        );
    }
    said
}
