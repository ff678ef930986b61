//! `jvxleaks allow`: one finding is silenced, by an entry of the configuration that says why.

pub(in crate::cli) mod args;
mod search;
mod wanted;

use super::super::args::threads;
use super::super::exit::Exit;
use super::super::output;
use super::super::output::confirm::{self, Risk};
use super::super::setup::project_text;
use anyhow::Context as _;
use args::AllowArgs;
use jvxleaks::model::{Finding, shell_word};
use jvxleaks::policy::{Config, NewAllow, is_jourvex_key};
use jvxleaks::redact;
use search::{FoundPlace, PlaceSearch};
use std::path::Path;
use wanted::Wanted;

/// Finds the finding, asks, and writes the entry.
pub(in crate::cli) fn run(args: &AllowArgs) -> anyhow::Result<Exit> {
    threads::limit(args.input.jobs)?;
    let reason = reason(&args.reason)?;
    let wanted = args.finding.as_deref().map(Wanted::parse).transpose()?;
    let search = PlaceSearch::new(args)?;
    let found = match &wanted {
        Some(wanted) => search.find(wanted)?,
        None => search.refused()?,
    };
    let distinct = found.distinct();
    let finding = match distinct.as_slice() {
        [] => anyhow::bail!("{}", nothing(wanted.as_ref(), &found)),
        [one] => *one,
        several => return Ok(choose(several)),
    };
    let (config, policy) = (&search.config, &search.setup.policy);
    let file = project_text::shown(config).display().to_string();
    if let Some(line) = policy
        .config
        .line_allowing(&finding.fingerprint, policy.today)
    {
        output::say(&format!(
            "{file}:{line}: there is an entry for it already; nothing was changed"
        ));
        return Ok(Exit::Clean);
    }
    let shown = finding.secret.to_string();
    if is_jourvex_key(finding)
        && !args.yes
        && let Some(risk) = Risk::of(&[&shown])
    {
        if !confirm::is_possible() {
            return Err(risk.refusal());
        }
        if !risk.ask("silenced")? {
            output::say(&format!("{file}: not changed"));
            return Ok(Exit::Trouble);
        }
    }
    let path = found.root.seen_from(&finding.place.path).to_string();
    let entry = entry(finding, &path, reason);
    write(&entry, config, &file)?;
    output::generated(|out| write!(out, "{}", entry.to_toml()))?;
    // pre-commit hides what is not staged, and `range` and `ci` take the project's word only from commits.
    if search.has_work_tree() {
        let counts = "scan, staged and history count it at once. Stage it before you commit, since pre-commit \
                      hides what is not staged, and range and ci count what is committed:";
        output::say(&format!("{file}: added; {counts}"));
        output::line(&format!("git add -- {}", shell_word(file.as_bytes())));
    } else {
        output::say(&format!("{file}: added; it counts at once"));
    }
    Ok(Exit::Clean)
}

/// The reason, without a key: the configuration is public.
fn reason(words: &[String]) -> anyhow::Result<String> {
    let reason = words.join(" ").trim().to_owned();
    // `allow FINGERPRINT -- rotated --yes`
    anyhow::ensure!(
        !reason.ends_with("--yes"),
        "behind `--` all is the reason; give the option in front of it: jvxleaks allow --yes ..."
    );
    anyhow::ensure!(
        !reason.is_empty(),
        "the reason is empty; say behind `--` why the finding may stay"
    );
    anyhow::ensure!(
        !["REASON", "reason"].contains(&reason.as_str()),
        "`{reason}` stands for the reason; say behind `--` why the finding may stay"
    );
    anyhow::ensure!(
        redact::text(&reason) == reason,
        "the reason holds what looks like a credential, and the configuration is public; \
         say it without"
    );
    Ok(reason)
}

/// What is said where nothing is meant.
fn nothing(wanted: Option<&Wanted>, found: &FoundPlace) -> String {
    let what = match wanted {
        Some(Wanted::Id(id)) => format!(
            "no finding has the fingerprint {id}, neither in the files here nor staged nor in the history; \
             copy it from a report"
        ),
        Some(Wanted::At(at)) => format!(
            "{}: no finding stands there; `jvxleaks scan` and `jvxleaks history` print the places",
            at.shown()
        ),
        None => "nothing that is staged or not pushed yet is refused; name the finding by its \
                 fingerprint or as PATH:LINE"
            .to_owned(),
    };
    match found.unread {
        0 => what,
        _ => format!(
            "{what}; not all could be read, `jvxleaks history` and `jvxleaks scan` say what"
        ),
    }
}

/// Lists what the words may mean.
fn choose(findings: &[&Finding]) -> Exit {
    output::error(&anyhow::anyhow!(
        "{} findings are meant; name one of them by its fingerprint:",
        findings.len()
    ));
    for finding in findings {
        let place = &finding.place;
        output::line(&format!(
            "{} {} {} at {}:{}:{}",
            finding.fingerprint,
            finding.rule.id,
            finding.secret,
            place.path,
            place.line,
            place.column
        ));
    }
    Exit::Trouble
}

fn entry(finding: &Finding, path: &str, reason: String) -> NewAllow {
    let about = output::inert(&format!("{} in {path}", finding.rule.id));
    NewAllow {
        fingerprint: finding.fingerprint.clone(),
        reason,
        about: about.replace(['\n', '\r'], " "),
    }
}

/// Puts the entry behind what the configuration says already.
fn write(entry: &NewAllow, config: &Path, file: &str) -> anyhow::Result<()> {
    let text = if config.exists() {
        project_text::read(config)?.text
    } else {
        String::new()
    };
    let text = entry.added_to(&text);
    if let Err(error) = Config::parse(file, &text) {
        let (line, what, inline) = (error.line, error.what, entry.to_inline());
        anyhow::bail!(
            "{file}: not changed, since with a new entry at its end line {line} is wrong: {what}; \
             write it into `allow` by hand: {inline}"
        );
    }
    output::replace(config, |out| out.write_all(text.as_bytes()))
        .with_context(|| format!("{file}: cannot write the entry"))
}
