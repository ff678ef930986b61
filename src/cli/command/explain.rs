//! `jvxleaks explain RULE|PATH`: what a rule finds, what it takes to be harmless, what to do; or what
//! kind of file a file is taken for.

use super::super::args::ExplainArgs;
use super::super::exit::Exit;
use super::super::setup::project::Project;
use super::super::{output, setup};
use anyhow::Context as _;
use jvxleaks::decode;
use jvxleaks::detect::{classify, gate_page};
use jvxleaks::model::{BlobPath, FileContext};
use jvxleaks::redact;
use jvxleaks::rules::{Rule, RuleSet, Sample};
use jvxleaks::source::{Source as _, Walk, WalkOptions};
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

/// How a key is rotated, step by step.
const ROTATE: &str = include_str!("../../../docs/rotate.md");

/// Prints one rule's explanation, what a file is taken for, or how a key is rotated.
pub(in crate::cli) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    if args.id == "rotate" {
        return output::generated(|out| out.write_all(ROTATE.as_bytes()));
    }
    let rules = setup::rules(&args.rules)?;
    let path = Path::new(&args.id);
    if rules.find(&args.id).is_err() && path.is_file() {
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", args.id))?;
        let file = Explained::new(path, &decode::text(&text), &rules)?;
        return output::generated(|out| file.write(out));
    }
    let is_path = args.id.contains(['/', '.']) || path.exists();
    let found = rules.find(&args.id);
    anyhow::ensure!(
        found.is_ok() || !is_path,
        "{}: {}; name a rule, or a file",
        args.id,
        if path.exists() {
            "not a file"
        } else {
            "no such file"
        }
    );
    let rule = found?;
    output::generated(|out| write(rule, out))
}

/// What kind of file a file is taken for, why, and what that means.
struct Explained<'r> {
    path: BlobPath,
    context: FileContext,
    because: String,
    rules: Vec<&'r str>,
}

impl<'r> Explained<'r> {
    /// Asks as a scan of the current folder would.
    fn new(path: &Path, text: &[u8], rules: &'r RuleSet) -> anyhow::Result<Self> {
        let here = std::env::current_dir().unwrap_or_default();
        let project = Project::of(&[path.to_owned()])?;
        let path = BlobPath::from_native(path.strip_prefix(here).unwrap_or(path));
        let seen = setup::base(&project, project.told_from());
        let seen = seen.seen_from(&path);
        let around = Walk::new(WalkOptions {
            roots: vec![".".into()],
            respect_ignore: true,
            max_file_size: 0,
            threads: 1,
        });
        let kind = classify(&path, &seen, text, around.nearby());
        let apply = rules.iter().filter(|r| r.applies_to(&path, kind.role));
        Ok(Self {
            context: kind.context,
            // What decided may be a part of the path that by itself is not known for a credential any more.
            because: match redact::text(&path.to_string()) {
                Cow::Borrowed(_) => kind.because(text),
                Cow::Owned(_) => "of its path, which holds a credential".to_owned(),
            },
            rules: apply.map(|rule| rule.info.id.as_str()).collect(),
            path,
        })
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let path = self.path.to_string();
        let (context, meaning) = (self.context, meaning(self.context));
        writeln!(out, "{}: {context}: {meaning}", output::inert(&path))?;
        writeln!(out, "  because {}", output::inert(&self.because))?;
        writeln!(out, "  rules here: {}", self.rules.join(", "))
    }
}

fn meaning(context: FileContext) -> &'static str {
    match context {
        FileContext::BrowserBundle => "built code or data that browsers download",
        FileContext::ClientSource => "source that is compiled for browsers",
        FileContext::BuildConfig => "configuration of a bundler or framework",
        FileContext::Server => "code that runs on a server or on the command line",
        FileContext::Source => "other source code or configuration",
        FileContext::Documentation => "prose for people",
        FileContext::Example => "an example of how something is used or set up",
        FileContext::Test => "a test or its fixtures",
        FileContext::Lockfile => "a lock file, written by a tool",
        FileContext::ThirdParty => "code that others wrote",
    }
}

/// How the placeholders of [`jvxleaks::rules::expand`] are read.
pub(super) const BRACES: &str = "In examples `{alnum:32}` stands for 32 random letters and digits (hex, lower, upper, letter, base64 and \
                      base64url\nfor others), `{b64(x)}` for x in base64, and `{|}` for nothing.";

/// Lines under a head and a blank line, or nothing without lines.
fn section(head: &str, lines: Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{head}\n  {}\n", lines.join("\n  "))
}

fn write(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let info = &rule.info;
    writeln!(
        out,
        "{}: {} ({})\n",
        info.id, info.description, info.severity
    )?;
    let written = |sample: &Sample| sample.written.replace('\n', "\n  ");
    let examples = rule.examples.iter().map(written).collect();
    let harmless = gate_page(rule.gate).harmless.iter();
    let harmless = harmless.map(|reason| (*reason).to_owned());
    let counterexamples = rule.counterexamples.iter();
    let counterexamples = counterexamples.map(|sample| format!("e.g. {}", written(sample)));
    let advice = Some(info.advice.clone());
    section(
        "What to do",
        advice.filter(|a| !a.is_empty()).into_iter().collect(),
        out,
    )?;
    section("What it finds", examples, out)?;
    section(
        "What it takes to be harmless",
        harmless.chain(counterexamples).collect(),
        out,
    )?;
    let mut samples = rule.examples.iter().chain(&rule.counterexamples);
    if samples.any(|sample| sample.written != sample.text) {
        writeln!(out, "{BRACES}\n")?;
    }
    writeln!(out, "See why a value was dropped with `jvxleaks scan -v`.")?;
    for reference in &info.references {
        writeln!(out, "\nMore: {reference}")?;
    }
    Ok(())
}
