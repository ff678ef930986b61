//! Outcomes for the tests of every format. Secrets are put together at run time.

use super::Format;
use super::options::ReportOptions;
use crate::model::{
    BlobPath, Cover, Derivation, Dress, Dropped, Excerpt, ExposedKey, Exposure, Fault, FileContext,
    Finding, Fingerprint, ImagePart, ImagePlace, KeyAction, LineIndex, Origin, Outcome, Place,
    RefName, Refs, RuleInfo, Secret, Severity, Sighting, Span, Stats, Step, Suppressed,
    Suppression,
};
use std::sync::Arc;

/// Options whose output does not depend on the package's version.
pub(super) fn options() -> ReportOptions {
    ReportOptions {
        tool_version: "1.2.3",
        ..ReportOptions::default()
    }
}

/// What `format` writes.
pub(super) fn written(format: &Format, outcome: &Outcome, options: &ReportOptions) -> String {
    let mut out = Vec::new();
    format.write(outcome, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What the format called `name` writes with the usual options.
pub(super) fn report(name: &str, outcome: &Outcome) -> String {
    written(&name.parse().unwrap(), outcome, &options())
}

fn key() -> String {
    format!("{}{}", "jvx_live_", "9fKqT2mXw7".repeat(3))
}

fn password() -> String {
    format!("{}{}", "aHVudGVy", "c2VjcmV0".repeat(4))
}

/// Every secret that [`outcome`] holds, in every form it is stored in.
pub(super) fn secrets() -> [String; 2] {
    [key(), password()]
}

/// A rule with everything a rule can say.
pub(super) fn rule(id: &str, severity: Severity) -> Arc<RuleInfo> {
    Arc::new(RuleInfo {
        id: id.to_owned(),
        family: String::new(),
        description: "A live key of the Journey API".to_owned(),
        severity,
        advice: "Read the key from the environment.".to_owned(),
        references: vec!["https://docs.example.com/keys".to_owned()],
        public_prefix: "jvx_live_".to_owned(),
    })
}

/// A finding at the first place where `text` holds `secret`.
pub(super) fn finding(path: &str, text: &str, secret: &str) -> Finding {
    let start = text.find(secret).unwrap();
    let span = Span::new(start, start + secret.len());
    let prefix = if secret.starts_with("jvx_live_") {
        9
    } else {
        0
    };
    let lines = LineIndex::new(text.as_bytes());
    let (from, to) = (lines.position(span.start), lines.position(span.end));
    let line = lines.line(from.line);
    Finding {
        rule: rule("jourvex-key", Severity::Critical),
        severity: Severity::Critical,
        message: "live Jourvex API key in client code".to_owned(),
        advice: [
            "instead: read process.env.JOURVEX_API_KEY on your server".to_owned(),
            "rotate: Settings -> API Access, the key with prefix jvx_live_9fKq".to_owned(),
        ]
        .into(),
        place: Place {
            path: BlobPath::from(path),
            line: from.line,
            column: from.column,
            end_line: to.line,
            end_column: to.column,
        },
        excerpt: Excerpt::new(
            text.as_bytes(),
            line,
            (span, prefix),
            &Cover::new(vec![(span, prefix)]),
        ),
        secret: Secret::new(secret, prefix),
        fingerprint: Fingerprint("c0ffee".to_owned()),
        dress: Dress::Plain,
        context: FileContext::ClientSource,
        origin: Origin::File,
        line_hash: None,
        derived_from: None,
        image: None,
        outlet: None,
        edit: None,
    }
}

/// The key in a source file.
pub(super) fn key_in_file() -> Finding {
    let text = format!("import x\n  auth: \"Bearer {}\",\n", key());
    finding("src/tracking/client.ts", &text, &key())
}

/// The same key in a commit, decoded from base64.
pub(super) fn key_in_commit() -> Finding {
    let text = format!("x = {}\n", key());
    Finding {
        dress: Dress::Base64,
        origin: Origin::Commit {
            commit: "3f2a9c1e".repeat(5),
            author_date: "2026-01-03T09:00:00Z".to_owned(),
            refs: [RefName::new("refs/heads/main")].into(),
        },
        derived_from: Some(Derivation {
            kind: "source-map",
            path: BlobPath::from("src/app.ts"),
            line: 1,
            column: 880,
        }),
        context: FileContext::BrowserBundle,
        ..finding("app.ts", &text, &key())
    }
}

/// The key in a layer of a container image, which a layer above hides.
pub(super) fn key_in_image() -> Finding {
    Finding {
        image: Some(ImagePlace {
            image: "shop:1.2 linux/amd64".to_owned(),
            part: ImagePart::Layer {
                number: 3,
                of: 5,
                created_by: Some("COPY . /app # buildkit".to_owned()),
                hidden_by: Some(4),
            },
        }),
        context: FileContext::Source,
        ..finding("image.tar", &format!("KEY={}\n", key()), &key())
    }
}

/// A password in a test, of medium severity.
pub(super) fn password_in_test() -> Finding {
    let text = format!("{}Basic {}\n", "é".repeat(3), password());
    Finding {
        rule: rule("auth-header", Severity::High),
        severity: Severity::Medium,
        message: "hardcoded Authorization header".to_owned(),
        advice: ["instead: read it from the environment".to_owned()].into(),
        fingerprint: Fingerprint("dec0de".to_owned()),
        context: FileContext::Test,
        ..finding("tests/größe test.py", &text, &password())
    }
}

fn sighting(path: &str) -> Sighting {
    Sighting {
        commit: "3f2a9c1e".repeat(5),
        date: "2026-01-03T09:00:00Z".to_owned(),
        path: BlobPath::from(path),
        line: 14,
    }
}

/// A key that asks for `action`.
pub(super) fn exposed(action: KeyAction) -> ExposedKey {
    let published = ["refs/remotes/origin/main", "refs/tags/v1.2"].map(RefName::new);
    let local = ["refs/heads/wip", "refs/stash@{0}"].map(RefName::new);
    let reached = |wanted| action == wanted;
    let in_head = Some(sighting("src/client.ts")).filter(|_| reached(KeyAction::Rotate));
    let exposure = Exposure {
        first_seen: (!reached(KeyAction::Expire)).then(|| sighting("src/client.ts")),
        last_seen: in_head.clone(),
        in_head: in_head.into_iter().collect(),
        has_head: true,
        published: if reached(KeyAction::Rotate) {
            published.into()
        } else {
            Refs::default()
        },
        local: if reached(KeyAction::Amend) {
            local.into()
        } else {
            Refs::default()
        },
        ..Exposure::default()
    };
    ExposedKey {
        rule: rule("jourvex-key", Severity::Critical),
        severity: Severity::Critical,
        secret: Secret::new(key(), 9),
        fingerprint: Fingerprint("c0ffee".to_owned()),
        exposure,
        places: 4,
        liveness: None,
        advice: vec![
            Step::say("rotate at Settings -> API Access"),
            Step::say("remove the literal"),
        ],
    }
}

/// Something of everything.
pub(super) fn outcome() -> Outcome {
    Outcome {
        findings: vec![key_in_commit(), key_in_file(), password_in_test()],
        keys: vec![exposed(KeyAction::Rotate)],
        ages: std::collections::BTreeMap::new(),
        rewriting: Vec::new(),
        audited: None,
        forges: Vec::new(),
        is_for_all: false,
        suppressed: vec![Suppressed {
            in_change: false,
            finding: key_in_file(),
            by: Suppression::Inline {
                mark: "jvxleaks:allow".to_owned(),
                reason: Some("rotated in May".to_owned()),
            },
        }],
        dropped: vec![Dropped {
            path: BlobPath::from("README.md"),
            line: 3,
            column: 9,
            rule: "jourvex-key".to_owned(),
            reason: "a placeholder".to_owned(),
        }],
        passed_over: Vec::new(),
        faults: vec![Fault::new(
            BlobPath::from("assets/old.zip"),
            "larger than 256 MiB",
        )],
        warnings: vec!["the allow comment at a.py:3 matches nothing".to_owned()],
        stats: Stats {
            files: 1204,
            bytes: 38_214_000,
            commits: Some(12),
            skipped: [("device", 2)].into(),
            ..Stats::default()
        },
        rules: vec![rule("jourvex-key", Severity::Critical)],
    }
}

/// Findings, faults and keys whose every text tries to break out of its report.
pub(super) fn hostile() -> Outcome {
    const EVIL: &str = "\x1b[2J\u{9b}1m\r\n::error::owned\u{202e}|`<script>](x) ##[error]x \
                        https://evil.example www.evil.example @team %0A::error::owned\u{e0041}\u{200b}";
    let mut outcome = outcome();
    let text = format!(
        "\x1b]0;t\x07\u{202e}::error::owned|`<script> {} ##[group]\u{2066}\x7f\n",
        key()
    );
    let path = format!("a,b:{EVIL}");
    let mut finding = finding(&path, &text, &key());
    finding.message = EVIL.to_owned();
    finding.advice = [EVIL.to_owned()].into();
    finding.rule = Arc::new(RuleInfo {
        description: EVIL.to_owned(),
        advice: EVIL.to_owned(),
        references: vec![EVIL.to_owned()],
        ..(*rule("hostile", Severity::High)).clone()
    });
    finding.origin = Origin::Commit {
        commit: EVIL.to_owned(),
        author_date: EVIL.to_owned(),
        refs: [RefName::new(EVIL)].into(),
    };
    finding.image = Some(ImagePlace {
        image: EVIL.to_owned(),
        part: ImagePart::Layer {
            number: 1,
            of: 2,
            created_by: Some(EVIL.to_owned()),
            hidden_by: Some(2),
        },
    });
    finding.derived_from = Some(Derivation {
        kind: "archive",
        path: BlobPath::from(EVIL),
        line: 1,
        column: 1,
    });
    outcome.suppressed[0].finding = finding.clone();
    outcome.suppressed[0].by = Suppression::Config {
        reason: Some(EVIL.to_owned()),
    };
    outcome.findings.push(finding);
    outcome.dropped[0].path = BlobPath::from(EVIL);
    outcome.dropped[0].reason = EVIL.to_owned();
    outcome.faults.push(Fault::new(BlobPath::from(EVIL), EVIL));
    outcome.warnings.push(EVIL.to_owned());
    let key = &mut outcome.keys[0];
    let published = key.exposure.published.named().iter().cloned();
    key.exposure.published = Refs::new(published.chain([RefName::new(EVIL)]), 3);
    key.advice.extend([Step::say(EVIL), Step::run(EVIL)]);
    key.exposure.first_seen = Some(Sighting {
        commit: EVIL.to_owned(),
        date: EVIL.to_owned(),
        ..sighting(EVIL)
    });
    outcome
}
