//! What is accepted hides nothing: a secret that is new is reported, wherever in a file it was planted.

use crate::draw::{BASE62, Draw};
use crate::scanner::{scan_accepting, scan_quietly};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jvxleaks::model::Outcome;
use proptest::prelude::*;

/// Statements with one secret each, `{}`, that may stand beside one another on a line. The names are given values
/// by [`NAMES`].
const STATEMENTS: [&str; 16] = [
    "k=\"jvx_live_{}\";",
    "k=P+\"{}\";",
    "k=`${P}{}`;",
    "k=`${Q}${\"{}\"}`;",
    "k=[P,\"{}\"].join(\"\");",
    "k=\"jvx_\"+\"live_\"+\"{}\";",
    "k=[\"jvx\",\"live\",\"{}\"].join(\"_\");",
    "k=[\"{}\",\"jvx_live_\"].reverse().join(\"\");",
    "k=fmt(\"jvx_live_%s\",\"{}\");",
    "k=\"jvx_live_\".concat(\"{}\");",
    "fetch(u,{headers:{Authorization:\"Bearer {}\"}});",
    "h={\"X-Api-Key\":\"{}\"};",
    "db=\"postgres://app:{}@db.example.org/x\";",
    "k=\"{base64}\";",
    "k=\"\\u006avx_live_{}\";",
    "s=\"{\\\"k\\\":\\\"jvx_live_{}\\\"}\";",
];

const NAMES: &str = "var P=\"jvx_live_\",Q=\"jvx_live_\";";

fn statement(draw: &mut Draw, body: &str) -> String {
    let encoded = STANDARD.encode(format!("a=jvx_live_{body}\n"));
    let form = draw.pick(&STATEMENTS);
    form.replace("{}", body).replace("{base64}", &encoded)
}

fn fingerprints(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.findings.iter();
    findings.map(|f| f.fingerprint.0.clone()).collect()
}

fn finds(outcome: &Outcome, body: &str) -> bool {
    let holds = |secret: &[u8]| {
        let text = String::from_utf8_lossy(secret).into_owned();
        text.contains(body)
    };
    outcome.findings.iter().any(|f| holds(f.secret.expose()))
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_new_secret_among_accepted_ones_is_reported(seed: u64) {
        let draw = &mut Draw::new(seed);
        let separator = *draw.pick(&["", "\n", " ", "\n\n"]);
        let count = draw.between(1, 5);
        let mut statements = vec![NAMES.to_owned()];
        for _ in 0..count {
            let length = draw.between(28, 44);
            let body = draw.text(BASE62, length);
            statements.push(statement(draw, &body));
        }
        let length = draw.between(28, 44);
        let body = draw.text(BASE62, length);
        let planted = statement(draw, &body);
        let alone = [NAMES, &planted].join(separator);
        prop_assume!(finds(&scan_quietly("a.js", alone.as_bytes()), &body));
        let accepted = fingerprints(&scan_quietly("a.js", statements.join(separator).as_bytes()));
        let at = draw.between(1, statements.len());
        statements.insert(at, planted);
        let text = statements.join(separator);
        let outcome = scan_accepting(&accepted, "a.js", text.as_bytes());
        prop_assert!(finds(&outcome, &body), "{body} in {text}");
    }

    /// Many lines in one run of base64, as a Kubernetes secret keeps a file of settings.
    #[test]
    fn a_new_secret_in_the_same_base64_is_reported(seed: u64) {
        let draw = &mut Draw::new(seed);
        let lines = |draw: &mut Draw, body: &str| match draw.below(3) {
            0 => format!("KEY=jvx_live_{body}\n"),
            1 => format!("DB=postgres://app:{body}@db.example.org/x\n"),
            _ => format!("H=Authorization: Bearer {body}\n"),
        };
        let count = draw.between(1, 4);
        let mut settings: Vec<String> = Vec::new();
        for _ in 0..count {
            let body = draw.text(BASE62, 32);
            settings.push(lines(draw, &body));
        }
        settings.push(format!("K=jvx_live_{}\n", draw.text(BASE62, 32)));
        let file = |settings: &[String]| format!("data:\n  .env: {}\n", STANDARD.encode(settings.concat()));
        let accepted = fingerprints(&scan_quietly("a.yaml", file(&settings).as_bytes()));
        let body = draw.text(BASE62, 32);
        let planted = format!("NEW=jvx_live_{body}\n");
        prop_assume!(finds(&scan_quietly("b.env", planted.as_bytes()), &body));
        settings.insert(draw.below(settings.len() + 1), planted);
        let text = file(&settings);
        let outcome = scan_accepting(&accepted, "a.yaml", text.as_bytes());
        prop_assert!(finds(&outcome, &body), "{body} in {}", settings.concat());
    }
}
