//! `jvxleaks hook run pre-receive` and `update`: what a push brings to a server, before a ref names it.
//!
//! The one who pushes decides nothing: configuration, rules and baseline are the server's, or there are none.

use super::super::super::args::groups::{CommonArgs, SilencingArgs};
use super::args::{ServerArgs, TimeVerdict};
use super::input;
use crate::cli::args::threads;
use crate::cli::command::git;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::setup::{self, Setup, project::Project};
use anyhow::Context as _;
use jvxleaks::model::{Finding, Outcome, lock};
use jvxleaks::redact;
use jvxleaks::scan::scan_telling;
use jvxleaks::source::{GitRepo, Push, RefUpdate};
use std::env;
use std::fs::File;
use std::io::Write as _;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

/// The push option that lets a push pass: `git push -o jvxleaks.skip=REASON`.
const SKIP: &str = "jvxleaks.skip";

/// The file in the repository that pushes are noted in which nothing was checked of.
const LOG: &str = "jvxleaks-skipped.log";

/// Reads what a push brings, and says whether it passes. Where the hook `has_options`, one may skip the check.
pub(super) fn receive(
    updates: impl FnOnce() -> anyhow::Result<Vec<RefUpdate>>,
    has_options: bool,
    server: &ServerArgs,
    common: &CommonArgs,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let repo = git::open(None, common)?;
    let setup = ready(&repo, common)?;
    let updates = updates()?;
    if let Some(reason) = skipping(&setup)? {
        note(&repo, &reason, &updates)?;
        output::say(&format!(
            "nothing was checked, because the push says so: {reason}. It is noted on the server"
        ));
        return Ok(Exit::Clean);
    }
    let push = Push::new(repo, updates).without_refs();
    let over = |found| time_is_over(found, server, &setup, common, started);
    let outcome = match server.time_limit {
        None => git::read(&push, &setup)?,
        Some(limit) => {
            let left = Duration::from_secs(limit).saturating_sub(started.elapsed());
            read_within(left, &push, &setup, over)?
        }
    };
    let may_skip = has_options && setup.policy.config.server_bypass != Some(false);
    report(outcome, may_skip, &setup, common, started)
}

/// Makes the scan ready, without a file that a push could have brought: also a server's repository may have a work tree.
fn ready(repo: &GitRepo, common: &CommonArgs) -> anyhow::Result<Setup> {
    output::check(&common.output, common.files())?;
    threads::limit(common.search.input.jobs)?;
    let own = &common.search.silencing;
    let silencing = SilencingArgs {
        config: own.config.clone(),
        no_config: own.config.is_none(),
        baseline: own.baseline.clone(),
        no_foreign_allows: true,
    };
    let project = Project::part_of(repo.git_dir());
    let verdict = Some(&common.verdict);
    let mut setup = setup::scan(&project, &common.search.rules, &silencing, verdict)?
        .reporting(common.output.formats());
    setup.policy.is_unpublished = true;
    setup.shows_all = Some("the line of the server's hook, with -v");
    Ok(setup)
}

/// The reason of a push option that asks to skip the check, if it has one and is taken here.
fn skipping(setup: &Setup) -> anyhow::Result<Option<String>> {
    let count = input::given("GIT_PUSH_OPTION_COUNT").unwrap_or_default();
    let count: usize = count.parse().unwrap_or(0);
    let options = (0..count).filter_map(|at| env::var(format!("GIT_PUSH_OPTION_{at}")).ok());
    let mut asked = options.filter_map(|option| {
        let rest = option.strip_prefix(SKIP)?;
        let reason = rest.strip_prefix('=').or(rest.is_empty().then_some(""))?;
        Some(without_pieces(&redact::text(reason.trim())))
    });
    let Some(reason) = asked.next() else {
        return Ok(None);
    };
    if setup.policy.config.server_bypass == Some(false) {
        output::say(&format!("the push option {SKIP} is not taken here"));
        return Ok(None);
    }
    if reason.is_empty() {
        output::say(&format!("{SKIP} wants a reason: git push -o {SKIP}=REASON"));
        return Ok(None);
    }
    Ok(Some(jvxleaks::report::visible(&reason).into_owned()))
}

/// Notes a push of which nothing was checked. One that cannot be noted does not pass.
fn note(repo: &GitRepo, reason: &str, updates: &[RefUpdate]) -> anyhow::Result<()> {
    let names = [
        "GL_USERNAME",
        "GL_USER",
        "GITEA_PUSHER_NAME",
        "GITHUB_USER_LOGIN",
        "REMOTE_USER",
        "USER",
    ];
    let who = names.iter().find_map(|name| input::given(name));
    let who = who.unwrap_or_else(|| "somebody".to_owned());
    let refs = updates
        .iter()
        .map(|update| redact::text(update.name.as_str()).into_owned());
    let refs: Vec<String> = refs.collect();
    let line = format!(
        "{} {} {}: {reason}\n",
        jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        jvxleaks::report::visible(&redact::text(&who)),
        jvxleaks::report::visible(&refs.join(" ")),
    );
    let file = File::options()
        .create(true)
        .append(true)
        .open(repo.git_dir().join(LOG));
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .with_context(|| format!("{LOG}: cannot be written, so that nothing may be skipped"))
}

/// Reports in short lines, since git puts `remote: ` in front of each.
fn report(
    outcome: Outcome,
    may_skip: bool,
    setup: &Setup,
    common: &CommonArgs,
    started: Instant,
) -> anyhow::Result<Exit> {
    let is_whole = outcome.faults.is_empty();
    let exit = git::finish_short(outcome, setup, common, started)?;
    let bypass = if may_skip {
        format!(", or skip the check once and say why: git push -o {SKIP}=REASON")
    } else {
        String::new()
    };
    let told = match (exit, is_whole) {
        (Exit::Clean, _) => return Ok(exit),
        (Exit::Findings, _) => format!(
            "the push is refused: it holds what must not be published. Take it out of every commit of the push \
             (jvxleaks history says how), rotate what was shared{bypass}"
        ),
        (Exit::Trouble, _) => format!(
            "the push is refused: not all of it could be read; mend what is named above{bypass}"
        ),
    };
    output::say(&told);
    tell_gitlab(&told);
    Ok(exit)
}

/// GitLab's pages show what begins with these words, and nothing else
/// (<https://docs.gitlab.com/administration/server_hooks/#custom-error-messages>).
pub(super) fn tell_gitlab(told: &str) {
    if input::given("GL_PROTOCOL").as_deref() == Some("web") {
        output::bare(&format!("GL-HOOK-ERR: jvxleaks: {told}"));
    }
}

/// Reads a push. Where that takes longer than `limit`, the program ends as `over` says of what was found so far.
#[expect(
    clippy::exit,
    reason = "what reads holds no lock that would outlive the process, and writes nothing"
)]
fn read_within(
    limit: Duration,
    push: &Push,
    setup: &Setup,
    over: impl FnOnce(Vec<Finding>) -> Exit,
) -> anyhow::Result<Outcome> {
    let found: Mutex<Vec<Finding>> = Mutex::default();
    let keep = |more: &[Finding]| lock(&found).extend_from_slice(more);
    let (detector, policy) = (&setup.detector, &setup.policy);
    std::thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        let keep = &keep;
        scope.spawn(move || drop(tell.send(scan_telling(push, detector, policy, keep))));
        match told.recv_timeout(limit) {
            Ok(read) => Ok(read?),
            Err(_) => {
                let exit = over(std::mem::take(&mut *lock(&found)));
                std::process::exit(i32::from(exit.code()))
            }
        }
    })
}

/// Says what becomes of a push that could not be read in time. A key that was met refuses it, whatever the server lets pass
/// unread.
fn time_is_over(
    found: Vec<Finding>,
    server: &ServerArgs,
    setup: &Setup,
    common: &CommonArgs,
    started: Instant,
) -> Exit {
    let mut outcome = Outcome {
        findings: found,
        ..Outcome::default()
    };
    outcome.sort_findings();
    let verdict = Exit::of(&outcome, setup.fail_on, common.verdict.exit_zero);
    let reported = git::finish_short(outcome, setup, common, started);
    let told = match (server.on_time_limit, verdict) {
        (TimeVerdict::Refuse, _) => {
            "the push is refused: push fewer commits at once, or ask for a longer --time-limit"
        }
        (TimeVerdict::Accept, Exit::Clean) => {
            "the push passes, and may hold keys: run jvxleaks history on the server"
        }
        (TimeVerdict::Accept, _) => {
            "the push is refused: what was read holds what must not be published"
        }
    };
    let seconds = server.time_limit.unwrap_or_default();
    output::say(&format!(
        "not all was read within {seconds} s (--time-limit). {told}"
    ));
    if let Err(error) = reported {
        output::error(&error);
        return Exit::Trouble;
    }
    match server.on_time_limit {
        TimeVerdict::Refuse => Exit::Trouble,
        TimeVerdict::Accept => verdict,
    }
}

/// Fewest letters and digits in a row that may be a piece of a key: a word of people is shorter, or has no digit.
const PIECE: usize = 12;

/// The words of a reason, without what may be a piece of a key: `the key 7fKq...` without its prefix is known by nothing.
fn without_pieces(reason: &str) -> String {
    let mut shown = String::with_capacity(reason.len());
    let mut rest = reason;
    while !rest.is_empty() {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let has = |kind: fn(&char) -> bool| word.chars().skip(1).any(|c| kind(&c));
        let is_mixed = has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase)
            || has(char::is_ascii_digit);
        shown.push_str(if word.len() >= PIECE && is_mixed {
            "..."
        } else {
            word
        });
        let other = behind.find(is_part).unwrap_or(behind.len());
        shown.push_str(&behind[..other]);
        rest = &behind[other..];
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_keeps_its_words_and_no_piece_of_a_key() {
        let body = ["1tc6zbn3lc2w", "he4o1qlmn1hn"].concat();
        for (reason, shown) in [
            (
                "known, and rotated on 2026-11-30".to_owned(),
                "known, and rotated on 2026-11-30",
            ),
            (format!("for ({body})"), "for (...)"),
            (format!("{}-{}", &body[..12], &body[12..]), "...-..."),
            (
                "see TICKET-123456 of acknowledgements".to_owned(),
                "see TICKET-123456 of acknowledgements",
            ),
            ("größe é".to_owned(), "größe é"),
        ] {
            assert_eq!(without_pieces(&reason), shown);
        }
    }
}
