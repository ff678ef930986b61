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
use jvxleaks::model::Outcome;
use jvxleaks::redact;
use jvxleaks::source::{GitRepo, Push, RefUpdate};
use std::env;
use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The push option that lets a push pass: `git push -o jvxleaks.skip=REASON`.
const SKIP: &str = "jvxleaks.skip";

/// The file in the repository that pushes are noted in which nothing was checked of.
const LOG: &str = "jvxleaks-skipped.log";

/// Reads what a push brings, and says whether it passes.
pub(super) fn receive(
    updates: impl FnOnce() -> anyhow::Result<Vec<RefUpdate>>,
    server: &ServerArgs,
    common: &CommonArgs,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let watch = Watch::begin(server, started);
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
    let outcome = git::read(&push, &setup)?;
    watch.end();
    report(outcome, &setup, common, started)
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
        Some(redact::text(reason.trim()).into_owned())
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
    setup: &Setup,
    common: &CommonArgs,
    started: Instant,
) -> anyhow::Result<Exit> {
    let is_whole = outcome.faults.is_empty();
    let exit = git::finish_short(outcome, setup, common, started)?;
    let bypass = match setup.policy.config.server_bypass {
        Some(false) => String::new(),
        _ => format!(", or skip the check once and say why: git push -o {SKIP}=REASON"),
    };
    let told = match (exit, is_whole) {
        (Exit::Clean, _) => return Ok(exit),
        (Exit::Findings, _) => format!(
            "the push is refused: it holds what must not be published. Take it out of every commit of the push \
             (jvxleaks history says how), rotate what was shared{bypass}"
        ),
        (Exit::Trouble, _) => format!("the push is refused: not all of it could be read{bypass}"),
    };
    output::say(&told);
    // GitLab's pages show this line alone.
    if input::given("GL_PROTOCOL").as_deref() == Some("web") {
        output::line(&format!("GL-HOOK-ERR: jvxleaks: {told}"));
    }
    Ok(exit)
}

/// Ends the run when the time is over that a push may take.
struct Watch(Arc<AtomicBool>);

impl Watch {
    fn begin(server: &ServerArgs, started: Instant) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        if let Some(limit) = server.time_limit.map(Duration::from_secs) {
            let (is_over, verdict) = (Arc::clone(&is_over), server.on_time_limit);
            let _ = std::thread::Builder::new().spawn(move || {
                std::thread::sleep(limit.saturating_sub(started.elapsed()));
                if !is_over.swap(true, Ordering::SeqCst) {
                    stop(limit, verdict);
                }
            });
        }
        Self(is_over)
    }

    /// Reading is over. If the time was over before, this waits for the end.
    fn end(&self) {
        while self.0.swap(true, Ordering::SeqCst) {
            std::thread::park();
        }
    }
}

#[expect(
    clippy::exit,
    reason = "what reads holds no lock that would outlive the process, and writes nothing"
)]
fn stop(limit: Duration, verdict: TimeVerdict) {
    let seconds = limit.as_secs();
    let (told, exit) = match verdict {
        TimeVerdict::Refuse => (
            "the push is refused: push fewer commits at once, or ask for a longer --time-limit",
            Exit::Trouble,
        ),
        TimeVerdict::Accept => (
            "the push passes, and may hold keys: run jvxleaks history on the server",
            Exit::Clean,
        ),
    };
    output::say(&format!(
        "not all was read within {seconds} s (--time-limit). {told}"
    ));
    std::process::exit(i32::from(exit.code()));
}
