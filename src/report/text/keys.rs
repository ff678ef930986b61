//! What a history scan says about each distinct key: how far it got, and what to do about it.

use super::super::escape;
use super::super::options::ReportOptions;
use super::super::summary::{counted, number};
use super::wrap::{LONGEST, shortened, wrapped};
use crate::model::{
    ExposedKey, Exposure, KeyAction, Outcome, RefKind, RefName, Refs, Sighting, Step,
};
use annotate_snippets::renderer::{DEFAULT_ERROR_STYLE, DEFAULT_WARNING_STYLE};

/// Refs that a line names; the rest is a number.
const NAMED: usize = 3;

/// Lines of keys that are shown whole, unless all are asked for.
const WHOLE: usize = 60;

/// Keys beyond these that are one line each.
const SHORT: usize = 15;

/// Keys to check, one line each.
const CHECKED: usize = 10;

/// Lines of steps for one key.
const STEPS: usize = 24;

/// Lines of steps for all keys to amend: a part of them would be worse than none.
const PLAN: usize = 150;

/// Longest name of a ref and longest path, in bytes.
const LONGEST_NAME: usize = 70;

/// What is before the steps, and as many blanks before the rest of them.
const MARGIN: usize = 13;

/// The word a key's block begins with.
pub(crate) fn heading(action: KeyAction) -> &'static str {
    match action {
        KeyAction::Rotate => "ROTATE NOW",
        KeyAction::Amend => "AMEND",
        KeyAction::Expire => "EXPIRE",
        KeyAction::Check => "CHECK",
        KeyAction::Done => "DONE",
    }
}

/// All keys for the terminal: those to act upon with their steps, those to check in a line each.
pub(in crate::report) fn list(outcome: &Outcome, options: &ReportOptions) -> String {
    let (keys, left_out) = chosen(outcome, options);
    let (errors, checks): (Vec<_>, Vec<_>) =
        keys.into_iter().partition(|key| key.severity.is_error());
    let mut list = String::new();
    let (mut whole, mut filled) = (0, 0);
    for key in &errors {
        let block = headed(key, &block(key, options), options);
        filled += block.lines().count();
        if !options.verbose && whole > 0 && filled > WHOLE {
            break;
        }
        list += &block;
        whole += 1;
    }
    list += &lines(&errors[whole..], SHORT, options);
    if whole < errors.len() {
        list += &format!("{:<MARGIN$}-v shows what to do about each\n\n", "");
    }
    list += &lines(&checks, CHECKED, options);
    if !checks.is_empty() {
        list += &steps(&to_check(options), STEPS, options);
    }
    if left_out > 0 {
        let more = counted(left_out as u64, "more key");
        list += &format!("{:<MARGIN$}and {more}, by --max-findings\n", "");
    }
    list + &plan(outcome, options)
}

/// What to do about all keys to check.
pub(in crate::report) fn to_check(options: &ReportOptions) -> [Step; 3] {
    [
        Step::say("revoke at its issuer what is a credential; silence each of the others:"),
        Step::run(format!(
            "jvxleaks allow FINGERPRINT{} -- REASON",
            options.allow_options
        )),
        Step::say("with its own fingerprint, which stands above, and the reason"),
    ]
}

/// The steps for all keys to amend, if these are several.
fn plan(outcome: &Outcome, options: &ReportOptions) -> String {
    if outcome.rewriting.is_empty() {
        return String::new();
    }
    let style = DEFAULT_WARNING_STYLE;
    let word = format!("{:<MARGIN$}", "AMEND ALL");
    let word = if options.color {
        format!("{style}{word}{style:#}")
    } else {
        word
    };
    let steps = steps(&outcome.rewriting, PLAN, options);
    format!("{word}{}, in one rewrite\n{steps}\n", amended(outcome))
}

/// `2 keys`: how many are to be amended.
pub(in crate::report) fn amended(outcome: &Outcome) -> String {
    let keys = outcome.keys.iter();
    let keys = keys.filter(|key| key.action() == KeyAction::Amend);
    counted(keys.count() as u64, "key")
}

/// The keys that may be shown, what is to be acted upon first, and how many are left out.
pub(in crate::report) fn chosen<'o>(
    outcome: &'o Outcome,
    options: &ReportOptions,
) -> (Vec<&'o ExposedKey>, usize) {
    let keys = outcome.keys.iter();
    let (mut chosen, checks): (Vec<_>, Vec<_>) = keys.partition(|key| key.severity.is_error());
    chosen.extend(checks);
    chosen.truncate(options.max_findings.unwrap_or(chosen.len()));
    let left_out = outcome.keys.len() - chosen.len();
    (chosen, left_out)
}

/// A line for each key, and the number of those for which there is no room.
fn lines(keys: &[&ExposedKey], most: usize, options: &ReportOptions) -> String {
    let most = if options.verbose { keys.len() } else { most };
    let mut lines = String::new();
    for key in keys.iter().take(most) {
        let line = format!("{}   {}", headline(key, options), reach(key));
        lines += &headed(
            key,
            &format!("{}\n", shortened(&line, LONGEST - MARGIN)),
            options,
        );
    }
    if keys.len() > most {
        let more = number((keys.len() - most) as u64);
        lines += &format!(
            "{:<MARGIN$}and {more} more; -v or --format json shows all\n",
            ""
        );
    }
    lines
}

/// A block behind its heading word.
fn headed(key: &ExposedKey, block: &str, options: &ReportOptions) -> String {
    let style = match key.action() {
        KeyAction::Rotate => DEFAULT_ERROR_STYLE,
        _ => DEFAULT_WARNING_STYLE,
    };
    let heading = format!("{:<MARGIN$}", heading(key.action()));
    if options.color {
        format!("{style}{heading}{style:#}{block}")
    } else {
        format!("{heading}{block}")
    }
}

/// What tells a key from others: rule, first place, what may be shown of it, and fingerprint.
fn headline(key: &ExposedKey, options: &ReportOptions) -> String {
    let secret = key.secret.shown(options.reveal);
    let shown = Some(secret).filter(|secret| secret != "...");
    let shown = shown.map(|secret| escape::visible(&secret).into_owned());
    let id = Some(key.fingerprint.to_string()).filter(|id| !id.is_empty());
    let parts = [Some(identity(key)), shown, id];
    parts.into_iter().flatten().collect::<Vec<_>>().join("   ")
}

/// The rule and the first place: `url-password at README.md:570`.
pub(in crate::report) fn identity(key: &ExposedKey) -> String {
    let exposure = &key.exposure;
    let first = first(exposure).map(line_of);
    let staged = exposure.staged.first().map(|path| path.to_string());
    let place = first.or_else(|| staged.map(|path| escape::visible(&path).into_owned()));
    let rule = escape::visible(&key.rule.id);
    match (place, exposure.names.first()) {
        (Some(place), _) => format!("{rule} at {place}"),
        (None, Some(key)) => format!("{rule} in the name of {}", label(&key.name)),
        (None, None) => rule.into_owned(),
    }
}

/// The commit, or else the tag, that shows a key first.
pub(in crate::report) fn first(exposure: &Exposure) -> Option<&Sighting> {
    exposure.first_seen.as_ref().or(exposure.in_tag.as_ref())
}

/// Where the key is, in one line.
pub(in crate::report) fn reach(key: &ExposedKey) -> String {
    let (place, since) = whereabouts(key);
    let gap = if since.is_empty() { "" } else { "   " };
    format!("{place}{gap}{}", since.join(", "))
}

/// Where the key is, and since and until when.
pub(in crate::report) fn whereabouts(key: &ExposedKey) -> (String, Vec<String>) {
    let exposure = &key.exposure;
    let action = exposure.asks_for();
    let place = match action {
        KeyAction::Rotate if exposure.is_tag_alone() => format!(
            "{}, which may have been pushed: nothing here tells",
            refs(&exposure.published)
        ),
        KeyAction::Rotate => format!("published: {}", refs(&exposure.published)),
        KeyAction::Amend if exposure.local.is_empty() => "local only, not on any remote".to_owned(),
        KeyAction::Amend => format!("local only: {}, not on any remote", refs(&exposure.local)),
        _ if exposure.is_kept_by_undo() => {
            "unreachable: no branch or tag holds it, the index keeps it from a resolved conflict"
                .to_owned()
        }
        _ => "unreachable: no branch or tag holds it".to_owned(),
    };
    let since = match action {
        KeyAction::Rotate => "exposed since",
        _ => "since",
    };
    let since = first(exposure).map(|at| format!("{since} {}", day(&at.date)));
    let removed = exposure.removed_in.as_ref();
    let removed = removed.map(|s| format!("removed in {} on {}", short(&s.commit), day(&s.date)));
    let in_head = !exposure.in_head.is_empty();
    let liveness = key.liveness.as_ref();
    let parts = [
        liveness.map(|told| format!("{} ({})", told.state.name(), told.reason)),
        since,
        in_head.then(|| "still in HEAD".to_owned()),
        still_on(exposure).filter(|_| !in_head),
        (!exposure.staged.is_empty()).then(|| "staged".to_owned()),
        removed,
    ];
    (place, parts.into_iter().flatten().collect())
}

/// `still on branch feat/x`.
pub(in crate::report) fn still_on(exposure: &Exposure) -> Option<String> {
    let mut branches = exposure.in_tips.iter().map(|(branch, _)| label(branch));
    let first = branches.next()?;
    let first = shortened(&first, LONGEST_NAME).into_owned();
    let more = branches.count();
    Some(match more {
        0 => format!("still on {first}"),
        _ => format!("still on {first} and others"),
    })
}

/// The key's block for the terminal, without its heading word.
fn block(key: &ExposedKey, options: &ReportOptions) -> String {
    let exposure = &key.exposure;
    let headline = headline(key, options);
    let first = first(exposure).map(|at| format!("first      {}", sighting(at)));
    let last = exposure.last_seen.as_ref().map(|at| {
        if !exposure.in_head.is_empty() {
            format!("last  HEAD  {}", line_of(at))
        } else {
            format!("last  {}", sighting(at))
        }
    });
    let places = counted(key.places as u64, "place");
    let line: Vec<_> = [first, last, Some(places)].into_iter().flatten().collect();
    let (reach, line) = (reach(key), line.join("   "));
    // A part of a rewrite would be worse than none.
    let most = match key.action() {
        KeyAction::Amend => PLAN,
        _ => STEPS,
    };
    format!(
        "{headline}\n  {reach}\n  {line}\n{}\n",
        steps(&key.advice, most, options)
    )
}

/// What to do, a step a line. Words are broken between them; a command is one line, to be copied.
fn steps(steps: &[Step], most: usize, options: &ReportOptions) -> String {
    let room = options.prose().saturating_sub(MARGIN);
    let lines = steps.iter().flat_map(|step| match step {
        Step::Say(words) => wrapped(&escape::visible(words), room),
        Step::Run(command) => {
            let command = escape::visible(command);
            let command = shortened(&command, LONGEST - 2 * MARGIN);
            vec![format!("  {command}")]
        }
    });
    let mut lines: Vec<String> = lines.collect();
    if !options.verbose && lines.len() > most {
        lines.truncate(most);
        lines.push("-v or --format json shows the other steps".to_owned());
    }
    let words = ["do"].into_iter().chain(std::iter::repeat(""));
    let lines = words.zip(lines);
    lines
        .map(|(word, line)| format!("  {word:<11}{line}\n"))
        .collect()
}

fn sighting(at: &Sighting) -> String {
    format!("{}  {}  {}", short(&at.commit), day(&at.date), line_of(at))
}

pub(in crate::report) fn line_of(at: &Sighting) -> String {
    let path = at.path.to_string();
    let path = escape::visible(&path);
    format!("{}:{}", shortened(&path, LONGEST_NAME), at.line)
}

/// Refs as people name them, a few and the number of the others: `origin/main, tag v1.2, branch wip
/// and 1,204 more`.
pub(crate) fn refs(refs: &Refs) -> String {
    let names = refs.named().iter().take(NAMED).map(label);
    let names = names.map(|name| shortened(&name, LONGEST_NAME).into_owned());
    let names: Vec<_> = names.collect();
    let more = refs.count() - names.len();
    match more {
        0 => names.join(", "),
        more => format!("{} and {} more", names.join(", "), number(more as u64)),
    }
}

/// What people call a ref.
pub(in crate::report) fn label(name: &RefName) -> String {
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
        RefKind::Other(RefName::RESOLVED) => "the index, from a resolved conflict".to_owned(),
        RefKind::Other(name) => {
            let name = name.strip_prefix("refs/").unwrap_or(name);
            escape::visible(name).into_owned()
        }
    }
}

/// The first digits of an object id.
pub(crate) fn short(id: &str) -> String {
    let start: String = id.chars().take(7).collect();
    escape::visible(&start).into_owned()
}

/// The date without the time of day.
pub(crate) fn day(date: &str) -> String {
    let day: String = date.chars().take(10).collect();
    escape::visible(&day).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use crate::report::sample;

    #[test]
    fn a_published_key_is_shown_with_its_whole_reach() {
        let key = sample::exposed(KeyAction::Rotate);
        insta::assert_snapshot!(block(&key, &sample::options()), @"
        jourvex-key at src/client.ts:14   jvx_live_9fKq...   c0ffee
          published: origin/main, tag v1.2   exposed since 2026-01-03, still in HEAD
          first      3f2a9c1  2026-01-03  src/client.ts:14   last  HEAD  src/client.ts:14   4 places
          do         rotate at Settings -> API Access
                     remove the literal
        ");
    }

    #[test]
    fn a_local_key_names_its_branches() {
        let key = sample::exposed(KeyAction::Amend);
        insta::assert_snapshot!(block(&key, &sample::options()), @"
        jourvex-key at src/client.ts:14   jvx_live_9fKq...   c0ffee
          local only: branch wip, stash@{0}, not on any remote   since 2026-01-03
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
        insta::assert_snapshot!(headline(&key, &sample::options()), @"jourvex-key at src/client.ts:14   c0ffee");
    }

    #[test]
    fn of_many_keys_the_worst_are_whole_and_warnings_are_one_line() {
        let mut outcome = Outcome {
            keys: vec![sample::exposed(KeyAction::Rotate); 50],
            ..Outcome::default()
        };
        let checked = ExposedKey {
            severity: Severity::Medium,
            ..sample::exposed(KeyAction::Rotate)
        };
        outcome.keys.extend(vec![checked; 200]);
        let list = list(&outcome, &sample::options());
        assert_eq!(list.matches("\n  do ").count(), 11);
        let lines: Vec<_> = list.lines().collect();
        assert_eq!(lines.len(), 60 + SHORT + 3 + CHECKED + 4);
        insta::assert_snapshot!(lines[73..79].join("\n"), @"
        ROTATE NOW   jourvex-key at src/client.ts:14   jvx_live_9fKq...   c0ffee   published: origin/main, tag v1.2   exposed since 2026-01-03, still in HEAD
        ROTATE NOW   jourvex-key at src/client.ts:14   jvx_live_9fKq...   c0ffee   published: origin/main, tag v1.2   exposed since 2026-01-03, still in HEAD
                     and 25 more; -v or --format json shows all
                     -v shows what to do about each

        CHECK        jourvex-key at src/client.ts:14   jvx_live_9fKq...   c0ffee   published: origin/main, tag v1.2   exposed since 2026-01-03, still in HEAD
        ");
    }

    #[test]
    fn an_unreachable_key_has_no_sightings() {
        let key = sample::exposed(KeyAction::Expire);
        insta::assert_snapshot!(block(&key, &sample::options()), @"
        jourvex-key   jvx_live_9fKq...   c0ffee
          unreachable: no branch or tag holds it
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
