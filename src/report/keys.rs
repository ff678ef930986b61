//! What a history scan says about each distinct key: how far it got, and what to do about it.

use super::escape;
use crate::model::{ExposedKey, KeyAction, Reveal, Sighting};

/// The word a key's block begins with.
pub(super) fn heading(action: KeyAction) -> &'static str {
    match action {
        KeyAction::Rotate => "ROTATE NOW",
        KeyAction::Amend => "AMEND",
        KeyAction::Expire => "EXPIRE",
    }
}

/// Where the key is, in one line.
pub(super) fn reach(key: &ExposedKey) -> String {
    let place = match key.action {
        KeyAction::Rotate => format!("published: {}", refs(&key.published)),
        KeyAction::Amend if key.local.is_empty() => "local only, not on any remote".to_owned(),
        KeyAction::Amend => format!("local only: {}, not on any remote", refs(&key.local)),
        KeyAction::Expire => "unreachable: no branch or tag holds it".to_owned(),
    };
    let since = match key.action {
        KeyAction::Rotate => "exposed since",
        KeyAction::Amend | KeyAction::Expire => "since",
    };
    let since = key
        .first_seen
        .as_ref()
        .map(|at| format!("{since} {}", day(&at.date)));
    let removed = key.removed_in.as_ref();
    let removed = removed.map(|s| format!("removed in {} on {}", short(&s.commit), day(&s.date)));
    let parts = [
        since,
        key.in_head.then(|| "still in HEAD".to_owned()),
        key.in_index.then(|| "staged".to_owned()),
        removed,
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let gap = if parts.is_empty() { "" } else { "   " };
    format!("{place}{gap}{}", parts.join(", "))
}

/// The key's block for the terminal, without its heading word.
pub(super) fn block(key: &ExposedKey, reveal: Reveal) -> String {
    let secret = key.secret.shown(reveal);
    let secret = escape::visible(&secret);
    let mut block = format!("{secret}   {}\n", reach(key));
    let first = key
        .first_seen
        .as_ref()
        .map(|at| format!("first      {}", sighting(at)));
    let last = key.last_seen.as_ref().map(|at| match key.in_head {
        true => format!("last  HEAD  {}", line_of(at)),
        false => format!("last  {}", sighting(at)),
    });
    let places = super::summary::counted(key.places as u64, "place");
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

/// Refs as people name them: `origin/main, tag v1.2, branch wip`.
pub(super) fn refs(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| ref_name(name)).collect();
    names.join(", ")
}

fn ref_name(name: &str) -> String {
    let named = |prefix, word: &str| {
        let rest = name.strip_prefix(prefix)?;
        Some(format!("{word}{}", escape::visible(rest)))
    };
    named("refs/heads/", "branch ")
        .or_else(|| named("refs/remotes/", ""))
        .or_else(|| named("refs/tags/", "tag "))
        .or_else(|| named("refs/", ""))
        .unwrap_or_else(|| escape::visible(name).into_owned())
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
        jvx_live_9fKq...   local only: branch wip, stash, not on any remote   since 2026-01-03
          first      3f2a9c1  2026-01-03  src/client.ts:14   4 places
          do         rotate at Settings -> API Access
                     remove the literal
        ");
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
        key.removed_in = key.last_seen.take();
        key.in_head = false;
        insta::assert_snapshot!(reach(&key), @"published: origin/main, tag v1.2   exposed since 2026-01-03, removed in 3f2a9c1 on 2026-01-03");
    }
}
