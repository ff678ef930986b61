//! What to do about a finding, in steps that can be followed: what to write instead, where to
//! rotate, how to silence. What to do about a key of an audit is in `rotation`.
//!
//! Names and places are those of the vendor's page on API keys: the variable `JOURVEX_API_KEY`,
//! and Settings -> API Access.

mod amend;
mod elsewhere;
mod issuer;
mod listing;
mod merged;
mod names;
mod rebase;
mod rotation;
mod shell;
mod taking;
mod trees;

pub use amend::rewriting;
pub use rotation::advise;

use super::allow::language::Language;
use crate::model::{
    ExposedKey, FileContext, Finding, Fingerprint, ImagePart, KeyAction, Origin, RuleInfo,
};
use issuer::{Issuer, PUSHED, one_line};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the steps depend on besides the finding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation<'a> {
    pub(super) language: Language,
    /// Whether it has not left this machine yet.
    pub(super) is_unpublished: bool,
    /// Which commits under review it is in.
    pub(super) reviewed: ReviewedCommits,
    /// The options that a command needs to find it again.
    pub(super) options: &'a str,
    /// How a comment above its line begins, if one can stand there.
    pub(super) comment: Option<&'static str>,
}

/// The steps, one a line. `more` are those that the detector knows for the file's framework.
pub(super) fn lines(finding: &Finding, situation: Situation<'_>, more: &[String]) -> Vec<String> {
    let rule = &finding.rule;
    let Situation {
        language,
        is_unpublished,
        reviewed,
        options,
        comment,
    } = situation;
    let silence = silence(finding, comment, options);
    let silence = format!("silence: {}{silence}", reviewed.condition());
    if finding.context == FileContext::ThirdParty && !is_jourvex(rule) {
        return vec![OF_OTHERS.to_owned(), silence];
    }
    let mut lines = more.to_vec();
    if !more.iter().any(|line| line.starts_with("instead:")) {
        lines.insert(0, format!("instead: {}", instead(finding, language)));
    }
    // What a rule says of a name is a reason first.
    let begins = if finding.secret.is_public() && !rule.advice.is_empty() {
        WHY
    } else {
        ROTATE
    };
    lines.push(format!("{begins}{}", rotate(finding, is_unpublished)));
    lines.push(silence);
    lines
}

/// What the line begins with that says how the credential is ended.
const ROTATE: &str = "rotate: ";

/// The same of the name of a variable, or of a setting.
const WHY: &str = "why: ";

/// Has the findings of an audit say of their key how far it got: one that never left this machine need not be rotated.
pub fn advise_findings(findings: &mut [Finding], keys: &[ExposedKey]) {
    let unpublished = keys.iter();
    let unpublished = unpublished.filter(|key| key.exposure.asks_for() != KeyAction::Rotate);
    let unpublished: BTreeSet<&Fingerprint> = unpublished.map(|key| &key.fingerprint).collect();
    // Findings in a row share their advice.
    let (mut written, mut told): (Arc<[String]>, Arc<[String]>) = Default::default();
    for finding in findings {
        if !is_jourvex(&finding.rule) || !unpublished.contains(&finding.fingerprint) {
            continue;
        }
        if !Arc::ptr_eq(&written, &finding.advice) {
            written = finding.advice.clone();
            let lines = written.iter().map(|line| {
                if line.starts_with(ROTATE) {
                    format!("{ROTATE}{}", rotate(finding, true))
                } else {
                    line.clone()
                }
            });
            told = lines.collect();
        }
        finding.advice = told.clone();
    }
}

/// Has a finding in a container image say what is to be done about the image: a layer that hides a file leaves it there.
pub fn advise_image(finding: &mut Finding) {
    let Some(place) = &finding.image else { return };
    let name = variable(&finding.rule);
    let instead = match place.part {
        ImagePart::Layer { .. } if Language::of(&finding.place.path, b"") == Language::Env => {
            Some(format!(
                "keep this file out of the image (.dockerignore), and give {name} at run time (docker run --env {name})"
            ))
        }
        ImagePart::Layer { .. } => None,
        _ => Some(format!(
            "give it at run time (docker run --env {name}), or to one RUN with --mount=type=secret; \
             ENV, ARG, LABEL and commands stay in the image"
        )),
    };
    let (mut lines, rest): (Vec<String>, Vec<String>) = finding
        .advice
        .iter()
        .cloned()
        .partition(|line| line.starts_with("instead:"));
    if let Some(instead) = instead {
        lines = vec![format!("instead: {instead}")];
    }
    lines.push(IMAGE.to_owned());
    lines.extend(rest);
    finding.advice = lines.into();
}

/// How a key is taken out of an image.
const IMAGE: &str = "image: build a new one without it, and delete the old tags wherever they were pushed; \
                     a layer on top takes nothing out";

/// Commits under review, about which only what is committed counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReviewedCommits {
    /// None are.
    #[default]
    None,
    /// Those of a range, to which the next commit belongs too.
    Range,
    /// One that is there already.
    Single,
}

impl ReviewedCommits {
    /// What is said before what silences a finding.
    fn condition(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Range => "it counts once committed: ",
            Self::Single => "it counts in a range that ends at the commit of the entry: ",
        }
    }
}

/// Of a credential that came with code of others, and is theirs to revoke.
const OF_OTHERS: &str =
    "instead: change nothing here; if it is a credential, tell those who wrote this code";

/// What ends a credential that a rule finds, in an imperative.
pub fn ending(rule: &RuleInfo) -> String {
    Issuer::of(rule).end(rule)
}

/// True for a key that Jourvex gave out, whichever rule found it.
pub fn is_jourvex_key(finding: &Finding) -> bool {
    !finding.secret.is_public() && is_jourvex(&finding.rule)
}

fn is_jourvex(rule: &RuleInfo) -> bool {
    Issuer::of(rule) == Issuer::Jourvex
}

/// The variable to read in its place.
fn variable(rule: &RuleInfo) -> &'static str {
    match Issuer::of(rule) {
        Issuer::Jourvex => "JOURVEX_API_KEY",
        Issuer::Person => "PASSWORD",
        Issuer::Vendor => "API_TOKEN",
    }
}

/// The file in which git has the message of a commit that is being made.
const DRAFT: &[u8] = b"COMMIT_EDITMSG";

fn is_draft(finding: &Finding) -> bool {
    finding.place.path.file_name() == DRAFT
}

fn instead(finding: &Finding, language: Language) -> String {
    let name = variable(&finding.rule);
    if is_draft(finding) {
        // Absolute, so that it is found from any folder of the work tree.
        return "take it out of the message: \
                git commit --edit --file=\"$(git rev-parse --absolute-git-dir)/COMMIT_EDITMSG\""
            .to_owned();
    }
    if finding.place.path.is_name() {
        return "give it another name: whoever lists what is there reads this one".to_owned();
    }
    match &finding.origin {
        // Above the message: the tree, a parent, the author and the committer.
        Origin::CommitMessage { .. } if finding.place.line < 5 => {
            return "set another author or committer (git commit --amend --reset-author, or git rebase -i)"
                .to_owned();
        }
        Origin::CommitMessage { .. } => {
            return "reword the commit (git commit --amend, or git rebase -i)".to_owned();
        }
        Origin::TagMessage { .. } => {
            return "delete the tag, also on the remote, and make it again".to_owned();
        }
        _ => {}
    }
    if finding.context.reaches_browser() {
        let api = if is_jourvex(&finding.rule) {
            "the Journey API"
        } else {
            "the API"
        };
        let read = read(Language::JavaScript, name);
        return format!("call {api} from your server, never from the browser; there, {read}");
    }
    if matches!(
        finding.context,
        FileContext::Documentation | FileContext::Example
    ) {
        return placeholder(&finding.rule);
    }
    read(language, name)
}

fn placeholder(rule: &RuleInfo) -> String {
    let placeholder = match Issuer::of(rule) {
        Issuer::Jourvex => "jvx_live_...",
        Issuer::Person => "<password>",
        Issuer::Vendor => "<token>",
    };
    format!("write a placeholder: {placeholder}")
}

/// How a file of this language gets the value of the variable `name`.
fn read(language: Language, name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let expression = match language {
        Language::Python => format!("os.environ[\"{name}\"]"),
        Language::JavaScript => format!("process.env.{name}"),
        Language::Go => format!("os.Getenv(\"{name}\")"),
        Language::Rust => format!("std::env::var(\"{name}\")"),
        Language::Ruby => format!("ENV.fetch(\"{name}\")"),
        Language::Php => format!("getenv(\"{name}\")"),
        Language::Java | Language::Kotlin | Language::Clojure => {
            format!("System.getenv(\"{name}\")")
        }
        Language::Scala => format!("sys.env(\"{name}\")"),
        Language::CSharp => format!("Environment.GetEnvironmentVariable(\"{name}\")"),
        Language::C => format!("getenv(\"{name}\")"),
        Language::Dart => format!("Platform.environment[\"{name}\"]"),
        Language::Elixir => format!("System.fetch_env!(\"{name}\")"),
        Language::Lua => format!("os.getenv(\"{name}\")"),
        Language::Perl => format!("$ENV{{{name}}}"),
        Language::R => format!("Sys.getenv(\"{name}\")"),
        Language::Shell => format!("\"${name}\" (double quotes)"),
        Language::PowerShell => format!("$env:{name}"),
        Language::Batch => format!("%{name}%"),
        Language::Npmrc => format!("${{{name}}}"),
        Language::Http => format!("{{{{$processEnv {name}}}}}"),
        Language::Swift => {
            return format!(
                "on a server, read ProcessInfo.processInfo.environment[\"{name}\"]; \
                 an app can be unpacked, so it calls your server"
            );
        }
        Language::Notebook => {
            return format!("read os.environ[\"{name}\"] in the cell, and clear the outputs");
        }
        Language::Terraform => {
            return format!(
                "declare variable \"{lower}\" {{ sensitive = true }} and set TF_VAR_{lower}"
            );
        }
        _ => return set(language, name),
    };
    format!("read {expression}")
}

/// How a file of this format is given the variable by whatever reads it.
fn set(language: Language, name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match language {
        Language::Dockerfile => format!(
            "give it at run time (docker run --env {name}), or to one RUN with --mount=type=secret; \
             ENV and ARG stay in the image"
        ),
        Language::Compose => {
            format!("write {name}: ${{{name}}} and set it in an .env that is not committed")
        }
        Language::Kubernetes => format!(
            "use env valueFrom.secretKeyRef for {name}, and keep the Secret out of git or sealed"
        ),
        Language::Helm => format!(
            "name an existing Secret in the values and use secretKeyRef for {name} in the template"
        ),
        Language::GitHubActions => {
            format!(
                "make a repository secret and write {name}: ${{{{ secrets.{name} }}}} under env"
            )
        }
        Language::GitLabCi => {
            format!("make a masked CI/CD variable (Settings -> CI/CD) and use ${name}")
        }
        Language::Env => {
            format!("keep this file out of git (.gitignore); commit .env.example with {name}=")
        }
        Language::EnvExample => format!("leave the value empty: {name}="),
        Language::Properties | Language::Yaml => {
            format!("write ${{{name}}} if its reader expands variables, else read {name} in code")
        }
        Language::Nginx => format!("make this file from a template with envsubst and ${{{name}}}"),
        Language::Netrc => "keep this file in your home folder, out of git".to_owned(),
        Language::Postman => format!("use {{{{{lower}}}}}, a secret of your own environment"),
        Language::Log => "delete this file from git, and keep headers out of logs".to_owned(),
        _ => format!("read {name} from the environment of your server"),
    }
}

fn rotate(finding: &Finding, is_unpublished: bool) -> String {
    let rule = &finding.rule;
    if is_jourvex(rule) && is_unpublished {
        // What never left the machine needs no new key.
        return format!(
            "only if it was pushed or shared before: Settings -> API Access, the key with prefix {}",
            finding.secret
        );
    }
    if is_jourvex(rule) {
        return format!(
            "Settings -> API Access, the key with prefix {}; the old key dies at once, \
             the new one is shown once",
            finding.secret
        );
    }
    match (rule.advice.is_empty(), Issuer::of(rule)) {
        (false, _) => of_rule(&one_line(&rule.advice)),
        (true, Issuer::Person) => CHANGE.to_owned(),
        (true, _) => REVOKE.to_owned(),
    }
}

/// What a rule says of its issuer. What to read in place of the credential is told by the line before, for the
/// language at hand: "Read it from the environment. If this was ever pushed, revoke it."
fn of_rule(advice: &str) -> String {
    match advice.split_once(PUSHED) {
        Some((_, end)) => format!("{}, if this was ever pushed", end.trim_end_matches('.')),
        None => advice.to_owned(),
    }
}

const CHANGE: &str = "change the password at the service it is for, if this was ever pushed";
const REVOKE: &str = "revoke it at its issuer and make a new one, if this was ever pushed";

/// True where people write comments: neither in what a tool makes, nor in a commit that stays as it is, whatever a
/// later one says.
pub(super) fn takes_comments(origin: &Origin, context: FileContext) -> bool {
    use FileContext::{BrowserBundle, Lockfile, ThirdParty};
    let written_by_tool = matches!(context, BrowserBundle | Lockfile | ThirdParty);
    origin.is_present() && !origin.is_site() && !written_by_tool
}

fn silence(finding: &Finding, opener: Option<&str>, options: &str) -> String {
    // Nobody writes into the member of an archive, and git leaves comments out of a message.
    let takes_none = !finding.place.path.inside_file().is_empty() || is_draft(finding);
    match opener.filter(|_| !takes_none) {
        Some(opener) => {
            let mark = format!("jvxleaks:allow {} -- reason", finding.rule.id);
            let comment = match opener.split_once(' ') {
                Some((open, close)) => format!("{open} {mark} {close}"),
                None => format!("{opener} {mark}"),
            };
            let by_comment = format!("put `{comment}` above the line");
            match finding.origin {
                Origin::Stdin => by_comment,
                _ => format!("{by_comment}, or: {}", allow(finding, options)),
            }
        }
        // `jvxleaks allow` looks for what it silences, and nobody keeps this text.
        None if finding.origin.is_elsewhere() => format!(
            "in .jvxleaks.toml, [[allow]] fingerprint = \"{}\", reason = \"...\"",
            finding.fingerprint
        ),
        None => allow(finding, options),
    }
}

/// The command that silences a finding, in files, in the index and in commits.
fn allow(finding: &Finding, options: &str) -> String {
    format!("jvxleaks allow {}{options} -- REASON", finding.fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Match, Secret};
    use crate::policy::{Policy, sample};

    fn advice(path: &str, text: &str, rule: &str, context: FileContext) -> String {
        let mut sampled = sample::detection(text);
        let detection = &mut sampled.0;
        detection.context = context;
        let prefix = if rule == "jourvex-key" {
            "jvx_live_"
        } else {
            ""
        };
        let rule = Arc::new(RuleInfo {
            public_prefix: prefix.to_owned(),
            ..sample::rule(rule)
        });
        let key = format!("{prefix}{}", "9fKqT2mXw7".repeat(3));
        for matched in &mut detection.matches {
            let old = matched.clone();
            *matched = Match {
                rule: rule.clone(),
                context,
                secret: Secret::new(key.clone(), prefix.len()),
                ..old
            };
        }
        sample::verdict(&Policy::default(), path, &sampled).findings[0]
            .advice
            .join("\n")
    }

    fn jourvex(path: &str, text: &str) -> String {
        advice(path, text, "jourvex-key", FileContext::Source)
    }

    #[test]
    fn advice_says_what_to_write_where_to_rotate_and_how_to_silence() {
        insta::assert_snapshot!(jourvex("a.py", "KEY"), @r#"
        instead: read os.environ["JOURVEX_API_KEY"]
        rotate: Settings -> API Access, the key with prefix jvx_live_9fKq...; the old key dies at once, the new one is shown once
        silence: put `# jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow ccb533b6dc56e3ae03c7884647f5ea48 -- REASON
        "#);
        insta::assert_snapshot!(
            advice("a.go", "KEY", "authorization-header", FileContext::Source), @r#"
        instead: read os.Getenv("API_TOKEN")
        rotate: revoke it at its issuer and make a new one, if this was ever pushed
        silence: put `// jvxleaks:allow authorization-header -- reason` above the line, or: jvxleaks allow bea9f6a3fd89776f301af528d3bfb53c -- REASON
        "#);
        insta::assert_snapshot!(
            advice("src/a.ts", "KEY", "jourvex-key", FileContext::ClientSource), @"
        instead: call the Journey API from your server, never from the browser; there, read process.env.JOURVEX_API_KEY
        rotate: Settings -> API Access, the key with prefix jvx_live_9fKq...; the old key dies at once, the new one is shown once
        silence: put `// jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow ccb533b6dc56e3ae03c7884647f5ea48 -- REASON
        ");
        insta::assert_snapshot!(
            advice("dist/a.js", "KEY", "jourvex-key", FileContext::BrowserBundle), @"
        instead: call the Journey API from your server, never from the browser; there, read process.env.JOURVEX_API_KEY
        rotate: Settings -> API Access, the key with prefix jvx_live_9fKq...; the old key dies at once, the new one is shown once
        silence: jvxleaks allow ccb533b6dc56e3ae03c7884647f5ea48 -- REASON
        ");
    }

    #[test]
    fn every_language_is_answered_in_its_own() {
        let instead = |(path, text): (&str, &str)| {
            let advice = jourvex(path, text);
            let line = advice.lines().next().unwrap_or_default();
            format!("{path}: {}", line.trim_start_matches("instead: "))
        };
        let files = [
            ("a.py", "KEY"),
            ("a.ts", "KEY"),
            ("a.go", "KEY"),
            ("a.rs", "KEY"),
            ("a.rb", "KEY"),
            ("a.php", "KEY"),
            ("A.java", "KEY"),
            ("a.kt", "KEY"),
            ("A.cs", "KEY"),
            ("a.swift", "KEY"),
            ("a.sh", "KEY"),
            ("Dockerfile", "KEY"),
            ("compose.yml", "KEY"),
            ("k8s.yaml", "apiVersion: v1\nkind: Secret\nKEY"),
            ("charts/a/values.yaml", "KEY"),
            (".github/workflows/a.yml", "KEY"),
            ("a.tf", "KEY"),
            (".env", "KEY"),
            (".env.example", "KEY"),
            ("app.properties", "KEY"),
            ("a.ipynb", "KEY"),
            ("a.json", "KEY"),
        ];
        insta::assert_snapshot!(files.map(instead).join("\n"), @r#"
        a.py: read os.environ["JOURVEX_API_KEY"]
        a.ts: read process.env.JOURVEX_API_KEY
        a.go: read os.Getenv("JOURVEX_API_KEY")
        a.rs: read std::env::var("JOURVEX_API_KEY")
        a.rb: read ENV.fetch("JOURVEX_API_KEY")
        a.php: read getenv("JOURVEX_API_KEY")
        A.java: read System.getenv("JOURVEX_API_KEY")
        a.kt: read System.getenv("JOURVEX_API_KEY")
        A.cs: read Environment.GetEnvironmentVariable("JOURVEX_API_KEY")
        a.swift: on a server, read ProcessInfo.processInfo.environment["JOURVEX_API_KEY"]; an app can be unpacked, so it calls your server
        a.sh: read "$JOURVEX_API_KEY" (double quotes)
        Dockerfile: give it at run time (docker run --env JOURVEX_API_KEY), or to one RUN with --mount=type=secret; ENV and ARG stay in the image
        compose.yml: write JOURVEX_API_KEY: ${JOURVEX_API_KEY} and set it in an .env that is not committed
        k8s.yaml: use env valueFrom.secretKeyRef for JOURVEX_API_KEY, and keep the Secret out of git or sealed
        charts/a/values.yaml: name an existing Secret in the values and use secretKeyRef for JOURVEX_API_KEY in the template
        .github/workflows/a.yml: make a repository secret and write JOURVEX_API_KEY: ${{ secrets.JOURVEX_API_KEY }} under env
        a.tf: declare variable "jourvex_api_key" { sensitive = true } and set TF_VAR_jourvex_api_key
        .env: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=
        .env.example: leave the value empty: JOURVEX_API_KEY=
        app.properties: write ${JOURVEX_API_KEY} if its reader expands variables, else read JOURVEX_API_KEY in code
        a.ipynb: read os.environ["JOURVEX_API_KEY"] in the cell, and clear the outputs
        a.json: read JOURVEX_API_KEY from the environment of your server
        "#);
    }

    #[test]
    fn what_others_wrote_is_left_to_them_unless_it_is_a_key_of_ours() {
        let of = |rule| advice("vendor/a.go", "KEY", rule, FileContext::ThirdParty);
        insta::assert_snapshot!(of("url-password"), @"
        instead: change nothing here; if it is a credential, tell those who wrote this code
        silence: jvxleaks allow b6f167542017a196150a96e3321745cc -- REASON
        ");
        insta::assert_snapshot!(of("jourvex-key"), @r#"
        instead: read os.Getenv("JOURVEX_API_KEY")
        rotate: Settings -> API Access, the key with prefix jvx_live_9fKq...; the old key dies at once, the new one is shown once
        silence: jvxleaks allow ccb533b6dc56e3ae03c7884647f5ea48 -- REASON
        "#);
        let example = advice("examples/a.go", "KEY", "url-password", FileContext::Example);
        insta::assert_snapshot!(example, @"
        instead: write a placeholder: <password>
        rotate: change the password at the service it is for, if this was ever pushed
        silence: put `// jvxleaks:allow url-password -- reason` above the line, or: jvxleaks allow b6f167542017a196150a96e3321745cc -- REASON
        ");
    }

    #[test]
    fn a_rule_of_the_users_gives_its_own_advice() {
        let mut sampled = sample::detection("KEY");
        let rule = RuleInfo {
            advice: "Ask the\nplatform team.".to_owned(),
            ..sample::rule("ours")
        };
        sampled.0.matches[0].rule = Arc::new(rule);
        let findings = sample::verdict(&Policy::default(), "a.py", &sampled).findings;
        assert_eq!(findings[0].advice[1], "rotate: Ask the platform team.");
    }

    #[test]
    fn the_advised_comment_silences() {
        for path in [
            "a.py",
            "a.js",
            "a.html",
            "a.lua",
            "a.bat",
            "a.clj",
            "Dockerfile",
            "a.xml",
        ] {
            let advice = advice(path, "KEY", "test-key", FileContext::Source);
            let comment = advice.split('`').nth(1).unwrap();
            let text = format!("{comment}\nKEY");
            let verdict = sample::verdict(&Policy::default(), path, &sample::detection(&text));
            assert!(verdict.findings.is_empty(), "{path}: {comment}");
        }
    }
}
