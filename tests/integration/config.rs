//! `jvxleaks config`: what holds, where it comes from, and what is made of rules and types: schemas and pages.

use crate::workspace::Workspace;
use insta::assert_snapshot;
use jvxleaks::decode::{DECODERS, OTHERS};
use jvxleaks::detect::{GATES, GatePage};
use std::path::Path;

#[test]
fn each_setting_says_where_it_comes_from() {
    let workspace = Workspace::new();
    workspace.file(
        ".jvxleaks.toml",
        "fail-on = 'medium'\nbaseline = 'known'\n\n[paths]\nexclude = ['vendor/', '*.min.js']\n\n\
         [rules]\ndisable = ['url-password']\n\n[rules.'bearer-token']\nseverity = 'low'\n\n\
         [[allow]]\nrule = 'jourvex-key'\npaths = ['t/']\nreason = 'made up'\n",
    );
    assert_snapshot!(workspace.run(&["config", "show", "--disable", "npm-token"]), @"
    exit 0
    --- stdout
    configuration file           .jvxleaks.toml     found
    baseline file                known              not there
    ignore file                  .gitleaksignore    not there
    rules                        27 of 29           without npm-token, url-password
    no-ignore                    false              default
    fix                          false              default
    diff                         false              default
    fix-only                     false              default
    unsafe-fixes                 false              default
    write-env                    false              default
    max-file-size                256M               default
    jobs                         0                  default
    disable                      npm-token          --disable
    disable                      url-password       .jvxleaks.toml:8
    no-config                    false              default
    baseline                     known              .jvxleaks.toml:2
    no-foreign-allows            false              default
    severity                     low                default
    fail-on                      medium             .jvxleaks.toml:1
    exit-zero                    false              default
    format                       text               default
    show-secrets                 false              default
    sarif-include-suppressed     false              default
    statistics                   false              default
    color                        auto               default
    quiet                        false              default
    verbose                      false              default
    paths.exclude                vendor/            .jvxleaks.toml:5
    paths.exclude                *.min.js           .jvxleaks.toml:5
    rules.bearer-token.severity  low                .jvxleaks.toml:11
    allow                        jourvex-key in t/  .jvxleaks.toml:13
    --- stderr
    ");
}

#[test]
fn an_option_counts_before_the_configuration() {
    let workspace = Workspace::new();
    workspace.file(
        ".jvxleaks.toml",
        "fail-on = 'medium'\nseverity = 'medium'\n",
    );
    let told = workspace.run(&["config", "show", "--fail-on", "critical"]);
    let about = told
        .lines()
        .filter(|line| line.contains("fail-on") || line.contains("severity"));
    assert_snapshot!(about.collect::<Vec<_>>().join("\n"), @"
    severity                  medium              .jvxleaks.toml:2
    fail-on                   critical            --fail-on
    fail-on                   medium              .jvxleaks.toml:1, replaced
    ");
}

#[test]
fn a_configuration_that_is_none_is_told_as_by_a_scan() {
    let workspace = Workspace::new();
    workspace.file(".jvxleaks.toml", "failon = 'medium'\n");
    let scan = workspace.run(&["scan"]);
    assert_eq!(workspace.run(&["config", "show"]), scan);
    assert!(scan.starts_with("exit 2"), "{scan}");
}

/// The keys that a schema says a table has, and those that a reader of it says it expects.
#[test]
fn the_schemas_have_the_keys_that_are_read() {
    let workspace = Workspace::new();
    workspace.file(".jvxleaks.toml", "nosuchkey = 1\n");
    assert_snapshot!(keys(&workspace.run(&["config", "schema"]), "properties"), @"allow baseline fail-on foreign-allows paths rules server severity");
    assert_snapshot!(workspace.run(&["scan"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks.toml:1: unknown field `nosuchkey`, expected one of `severity`, `fail-on`, `foreign-allows`, `baseline`, `paths`, `rules`, `server`, `allow`
    ");
    workspace.file(".jvxleaks.toml", "");
    workspace.file("acme.toml", "[[rules]]\nnosuchkey = 1\n");
    let schema = workspace.run(&["rules", "schema"]);
    let expected = workspace.run(&["rules", "check", "acme.toml"]);
    let known = keys(&schema, "properties");
    assert!(expected.contains("unknown field `nosuchkey`"), "{expected}");
    for key in expected.split('`').skip(3).step_by(2) {
        assert!(schema.contains(&format!("\"{key}\": {{")), "{key}: {known}");
    }
}

/// Compares a page with what it has to say, or writes it when asked to:
/// `UPDATE_REPORT=1 cargo test --test integration pages`.
fn compare(page: &Path, wanted: &str) {
    if std::env::var_os("UPDATE_REPORT").is_some() {
        std::fs::write(page, wanted).unwrap();
    }
    let there = std::fs::read_to_string(page).unwrap_or_default();
    let page = page.display();
    assert!(
        there == wanted,
        "{page} is not what it is made from: UPDATE_REPORT=1"
    );
}

/// The same of a table with this head in a page.
fn compare_table(page: &str, head: &str, rows: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once(head).unwrap();
    let old = rest.lines().take_while(|line| line.starts_with('|'));
    let behind = &rest[old.map(|line| line.len() + 1).sum()..];
    compare(&page, &format!("{before}{head}{rows}{behind}"));
}

#[test]
fn the_table_in_the_pages_about_rules_is_that_of_the_gates() {
    let row = |page: &GatePage| format!("| `{}` | {} |\n", page.gate, page.judges);
    let rows: String = GATES.iter().map(row).collect();
    let head = "| gate | judges |\n|---|---|\n";
    compare_table("docs/writing-rules.md", head, &rows);
}

#[test]
fn the_table_in_the_pages_about_the_house_is_that_of_the_decoders() {
    let decoders = DECODERS.iter().map(|one| (one.file, one.takes_off));
    let mut rows: Vec<_> = decoders.chain(OTHERS).collect();
    rows.sort_unstable();
    let rows = rows.iter();
    let rows = rows.map(|(file, what)| format!("| `{file}` | {what} |\n"));
    let head = "| file | takes off |\n|---|---|\n";
    compare_table("ARCHITECTURE.md", head, &rows.collect::<String>());
}

#[test]
fn the_pages_about_rules_say_what_the_rules_do() {
    let workspace = Workspace::new();
    let told = workspace.run(&["rules", "pages", "pages"]);
    assert!(told.starts_with("exit 0"), "{told}");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let names = |folder: &Path| {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let made = workspace.path("pages");
    for name in names(&made) {
        compare(
            &kept.join(&name),
            &std::fs::read_to_string(made.join(&name)).unwrap(),
        );
    }
    assert_eq!(names(&kept), names(&made));
}

/// The names below `"properties"` of the outermost object.
fn keys(printed: &str, of: &str) -> String {
    let json = printed.split_once("--- stdout\n").unwrap().1;
    let json = json.split("\n--- stderr").next().unwrap();
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let names = value[of].as_object().unwrap().keys().cloned();
    names.collect::<Vec<_>>().join(" ")
}
