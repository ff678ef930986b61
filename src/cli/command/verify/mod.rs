//! `jvxleaks verify`: asks the vendor's server whether keys are alive.

pub(in crate::cli) mod args;

use super::super::exit::Exit;
use super::super::output;
use anyhow::Context as _;
use args::{AnswerFormat, SendingArgs, VerifyArgs};
use jvxleaks::RuleSet;
use jvxleaks::Scanner;
use jvxleaks::model::{ExposedKey, KEY_PREFIX, Liveness, LivenessState, Secret};
use jvxleaks::source::standard_input;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write};
use std::path::Path;

/// Longest text that is searched for keys, in bytes.
const LONGEST: u64 = 256 << 20;

/// Runs the command.
pub(in crate::cli) fn run(args: &VerifyArgs) -> anyhow::Result<Exit> {
    let keys = given(args.file.as_deref())?;
    let asked = asked(keys.into_iter().collect(), &args.sending)?;
    output::generated(|out| match args.format {
        AnswerFormat::Text => write_lines(&asked, out),
        AnswerFormat::Json => write_document(&asked, out),
    })?;
    Ok(exit(&asked))
}

/// Asks of each key of an audit, and puts those to act upon first again.
pub(super) fn keys(keys: &mut [ExposedKey], args: &SendingArgs) -> anyhow::Result<()> {
    let own = keys
        .iter()
        .filter(|key| key.secret.public() == KEY_PREFIX.as_bytes());
    let own: BTreeSet<Secret> = own.map(|key| key.secret.clone()).collect();
    if own.is_empty() {
        return Ok(());
    }
    let asked = asked(own.into_iter().collect(), args)?;
    for key in keys.iter_mut() {
        let told = asked.iter().find(|(secret, _)| *secret == key.secret);
        key.liveness = told.map(|(_, told)| told.clone());
    }
    keys.sort_by_key(ExposedKey::action);
    Ok(())
}

/// The keys in a text, each once.
fn given(file: Option<&Path>) -> anyhow::Result<BTreeSet<Secret>> {
    let (name, text) = match file {
        Some(path) => {
            let shown = path.display().to_string();
            let read = fs::File::open(path).and_then(read);
            let failed = |e| anyhow::anyhow!("{shown}: cannot be read: {e}; name another file");
            let text = read.map_err(failed)?;
            (shown, text)
        }
        None => {
            let text = standard_input().and_then(read).context("standard input")?;
            ("standard input".to_owned(), text)
        }
    };
    let mut rules = RuleSet::builtin()?;
    rules.select(&["jourvex-key".to_owned()], &[])?;
    let outcome = Scanner::new(rules)?.scan_bytes("keys.txt", &text);
    let suppressed = outcome.suppressed.into_iter().map(|own| own.finding);
    let found = outcome.findings.into_iter().chain(suppressed);
    let keys: BTreeSet<Secret> = found.map(|finding| finding.secret).collect();
    anyhow::ensure!(
        !keys.is_empty(),
        "{name}: it holds no whole key of Jourvex; a report has them if it was made with --show-secrets"
    );
    Ok(keys)
}

fn read(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    // A key behind the end would be one of which nobody hears.
    if from.take(LONGEST + 1).read_to_end(&mut text)? as u64 > LONGEST {
        return Err(io::Error::other("it is longer than 256 MiB; split it"));
    }
    Ok(text)
}

type Answers = Vec<(Secret, Liveness)>;

#[cfg(feature = "net")]
fn asked(keys: Vec<Secret>, args: &SendingArgs) -> anyhow::Result<Answers> {
    use jvxleaks::verify::Verifier;
    use std::time::Duration;

    let longest = Duration::from_secs(args.timeout);
    let verifier = Verifier::new(&args.api_url, longest, args.proxy)
        .map_err(|why| anyhow::anyhow!("--api-url: {why}"))?;
    let (count, host) = (keys.len(), verifier.host());
    let what = if count == 1 {
        "1 key".to_owned()
    } else {
        format!("{count} keys")
    };
    let used = "the dashboard says \"last used\" of them then, so look at it first";
    anyhow::ensure!(
        args.yes_send_keys,
        "nothing was sent: {what} would go to {host}, and {used}; then add --yes-send-keys"
    );
    output::say(&format!(
        "sending {what} to {host}; the dashboard's \"last used\" turns to now"
    ));
    let now = jiff::Timestamp::now().strftime("%FT%TZ").to_string();
    let asked = keys.into_iter().map(|key| {
        let told = verifier.ask(&key, &now);
        (key, told)
    });
    Ok(asked.collect())
}

#[cfg(not(feature = "net"))]
fn asked(_: Vec<Secret>, _: &SendingArgs) -> anyhow::Result<Answers> {
    anyhow::bail!(
        "this program was built without network code, and nothing was sent; build it with `cargo install --path . --features net`"
    )
}

/// All dead, one alive, or one of which nobody knows.
fn exit(asked: &Answers) -> Exit {
    let has = |state| asked.iter().any(|(_, told)| told.state == state);
    if has(LivenessState::Unknown) {
        Exit::Trouble
    } else if has(LivenessState::Alive) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

fn write_lines(asked: &Answers, out: &mut dyn Write) -> io::Result<()> {
    asked.iter().try_for_each(|(key, told)| {
        writeln!(out, "{key}   {:7}   {}", told.state.name(), told.reason)
    })
}

fn write_document(asked: &Answers, out: &mut dyn Write) -> io::Result<()> {
    let keys = asked.iter().map(|(key, told)| {
        serde_json::json!({
            "secret": key.to_string(),
            "liveness": { "state": told.state.name(), "reason": told.reason, "at": told.at },
        })
    });
    let keys: Vec<_> = keys.collect();
    let document = serde_json::json!({ "schema": "jvxleaks-verify/1", "keys": keys });
    writeln!(out, "{document:#}")
}
