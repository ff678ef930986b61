//! What a history scan says about each distinct key: how far it got, and what to do about it.

use super::escape;
use super::summary::{counted, number};
use crate::model::{ExposedKey, KeyAction, RefKind, RefName, Refs, Reveal, Sighting};

/// Refs that a line names; the rest is a number.
const NAMED: usize = 3;

/// The word a key's block begins with.
pub(super) fn heading(action: KeyAction) -> &'static str {
    match action {
        KeyAction::Rotate => "ROTATE NOW",
        KeyAction::Amend => "AMEND",
        KeyAction::Expire => "EXPIRE",
    }
}

/// The rule and the first place, for a key of which nothing is shown that tells it from others:
/// `url-password at README.md:570`.
pub(super) fn identity(key: &ExposedKey) -> Option<String> {
    if !key.secret.public().is_empty() {
        return None;
    }
    let exposure = &key.exposure;
    let first = exposure.first_seen.as_ref().map(line_of);
    let staged = exposure.staged.first().map(|path| path.to_string());
    let place = first.or_else(|| staged.map(|path| escape::visible(&path).into_owned()));
    let rule = escape::visible(&key.rule.id);
    Some(match place {
        Some(place) => format!("{rule} at {place}"),
        None => format!("{rule}, fingerprint {}", key.fingerprint),
    })
}

/// Where the key is, in one line.
pub(super) fn reach(key: &ExposedKey) -> String {
    let exposure = &key.exposure;
    let action = exposure.action();
    let place = match action {
        KeyAction::Rotate => format!("published: {}", refs(&exposure.published)),
        KeyAction::Amend if exposure.local.is_empty() => "local only, not on any remote".to_owned(),
        KeyAction::Amend => format!("local only: {}, not on any remote", refs(&exposure.local)),
        KeyAction::Expire => "unreachable: no branch or tag holds it".to_owned(),
    };
    let since = match action {
        KeyAction::Rotate => "exposed since",
        KeyAction::Amend | KeyAction::Expire => "since",
    };
    let since = exposure
        .first_seen
        .as_ref()
        .map(|at| format!("{since} {}", day(&at.date)));
    let removed = exposure.removed_in.as_ref();
    let removed = removed.map(|s| format!("removed in {} on {}", short(&s.commit), day(&s.date)));
    let in_head = !exposure.in_head.is_empty();
    let parts = [
        since,
        in_head.then(|| "still in HEAD".to_owned()),
        (!exposure.staged.is_empty()).then(|| "staged".to_owned()),
        removed,
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let gap = if parts.is_empty() { "" } else { "   " };
    format!("{place}{gap}{}", parts.join(", "))
}

/// The key's block for the terminal, without its heading word.
pub(super) fn block(key: &ExposedKey, reveal: Reveal) -> String {
    let exposure = &key.exposure;
    let secret = key.secret.shown(reveal);
    let mut headline = vec![escape::visible(&secret).into_owned()];
    headline.extend(identity(key));
    headline.push(reach(key));
    let mut block = format!("{}\n", headline.join("   "));
    let first = exposure
        .first_seen
        .as_ref()
        .map(|at| format!("first      {}", sighting(at)));
    let last = exposure
        .last_seen
        .as_ref()
        .map(|at| match exposure.in_head.is_empty() {
            false => format!("last  HEAD  {}", line_of(at)),
            true => format!("last  {}", sighting(at)),
        });
    let places = counted(key.places as u64, "place");
    let line: Vec<_> = [first, last, Some(places)].into_iter().flatten().collect();
    block += &format!("  {}\n", line.join("   "));
    for (i, step) in key.advice.iter().enumerate() {
        let word = if i == 0 { "do" } else { "" };
        block += &format!("  {word:<11}{}\n", escape::visible(step));
    }
    block
}

fn sighting(at: &Sighting) -> String {
    format!("{}  {}  {}", short(&at.commit), day(&at.date), line_of(at))
}

fn line_of(at: &Sighting) -> String {
    let path = at.path.to_string();
    format!("{}:{}", escape::visible(&path), at.line)
}

/// Refs as people name them, a few and the number of the others: `origin/main, tag v1.2, branch wip
/// and 1,204 more`.
pub(super) fn refs(refs: &Refs) -> String {
    let names: Vec<_> = refs.named().iter().take(NAMED).map(label).collect();
    let more = refs.count() - names.len();
    match more {
        0 => names.join(", "),
        more => format!("{} and {} more", names.join(", "), number(more as u64)),
    }
}

/// What people call a ref.
fn label(name: &RefName) -> String {
    match name.kind() {
        RefKind::Branch(branch) => format!("branch {}", escape::visible(branch)),
        RefKind::Remote(branch) => escape::visible(branch).into_owned(),
        // The HEAD of a remote is moved to another branch without any force.
        RefKind::FormerRemote(head) if head.ends_with("/HEAD") => {
            format!("{} (as it once was)", escape::visible(head))
        }
        RefKind::FormerRemote(branch) => {
            format!("{} (before a force push)", escape::visible(branch))
        }
        RefKind::Tag(tag) => format!("tag {}", escape::visible(tag)),
        RefKind::Stash(entry) => escape::visible(entry).into_owned(),
        RefKind::Notes(notes) => format!("notes/{}", escape::visible(notes)),
        RefKind::Other(name) => {
            let name = name.strip_prefix("refs/").unwrap_or(name);
            escape::visible(name).into_owned()
        }
    }
}

/// The first digits of an object id.
pub(super) fn short(id: &str) -> String {
    let start: String = id.chars().take(7).collect();
    escape::visible(&start).into_owned()
}

/// The date without the time of day.
pub(super) fn day(date: &str) -> String {
    let day: String = date.chars().take(10).collect();
    escape::visible(&day).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_published_key_is_shown_with_its_whole_reach() {
        let key = sample::exposed(KeyAction::Rotate);
        insta::assert_snapshot!(block(&key, Reveal::Redacted), @"
        jvx_live_9fKq...   published: origin/main, tag v1.2   exposed since 2026-01-03, still in HEAD
          first      3f2a9c1  2026-01-03  src/client.ts:14   last  HEAD  src/client.ts:14   4 places
          do         rotate at Settings -> API Access
                     remove the literal
        ");
    }

    #[test]
    fn a_local_key_names_its_branches() {
        let key = sample::exposed(KeyAction::Amend);
        insta::assert_snapshot!(block(&key, Reveal::Redacted), @"
        jvx_live_9fKq...   local only: branch wip, stash@{0}, not on any remote   since 2026-01-03
          first      3f2a9c1  2026-01-03  src/client.ts:14   4 places
          do         rotate at Settings -> API Access
                     remove the literal
        ");
    }

    #[test]
    fn of_many_refs_a_few_are_named() {
        let tags = (0..2000).map(|n| RefName::new(format!("refs/tags/v{n}")));
        let many = Refs::new(tags, 2000);
        insta::assert_snapshot!(refs(&many), @"tag v0, tag v1, tag v2 and 1,997 more");
        let once = ["main@{1}", "HEAD@{0}"].map(|n| RefName::new(format!("refs/remotes/o/{n}")));
        insta::assert_snapshot!(refs(&once.into()), @"o/main (before a force push), o/HEAD (as it once was)");
    }

    #[test]
    fn a_key_that_shows_nothing_of_itself_is_named_by_rule_and_place() {
        let mut key = sample::exposed(KeyAction::Rotate);
        key.secret = crate::model::Secret::new(*b"hunter2hunter", 0);
        let block = block(&key, Reveal::Redacted);
        insta::assert_snapshot!(block.lines().next().unwrap(), @"...   jourvex-key at src/client.ts:14   published: origin/main, tag v1.2   exposed since 2026-01-03, still in HEAD");
        key.exposure.first_seen = None;
        insta::assert_snapshot!(identity(&key).unwrap(), @"jourvex-key, fingerprint c0ffee");
    }

    #[test]
    fn an_unreachable_key_has_no_sightings() {
        let key = sample::exposed(KeyAction::Expire);
        insta::assert_snapshot!(block(&key, Reveal::Redacted), @"
        jvx_live_9fKq...   unreachable: no branch or tag holds it
          4 places
          do         rotate at Settings -> API Access
                     remove the literal
        ");
    }

    #[test]
    fn a_removed_key_says_so() {
        let mut key = sample::exposed(KeyAction::Rotate);
        key.exposure.removed_in = key.exposure.last_seen.take();
        key.exposure.in_head.clear();
        insta::assert_snapshot!(reach(&key), @"published: origin/main, tag v1.2   exposed since 2026-01-03, removed in 3f2a9c1 on 2026-01-03");
    }
}
