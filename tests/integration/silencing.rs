//! Comments, configuration, ignore file and baseline: what they silence, and what they do not.

use crate::repo::Repo;
use crate::workspace::{Workspace, key, token};

const ALLOW: &str = "jvxleaks:allow jourvex-key -- a dead key";

fn fingerprint(workspace: &Workspace, path: &str) -> String {
    let report = workspace.json(&["scan", path, "--format", "json", "--no-config"]);
    let id = &report["findings"][0]["fingerprint"];
    id.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_comment_silences_the_line_below_and_is_listed() {
    let workspace = Workspace::new();
    workspace.file("a.py", format!("# {ALLOW}\nk = '{}'\n", key(1)));
    insta::assert_snapshot!(workspace.run(&["scan", "-v"]), @"
    exit 0
    --- stdout
    suppressed: a.py:2:6 jourvex-key: by `jvxleaks:allow` (a dead key)
    --- stderr
    No findings. 1 suppressed. Read 1 file, 91 bytes. Took [N] ms.
    ");
}

#[test]
fn a_comment_is_good_for_all_rules_that_report_the_same_key() {
    let workspace = Workspace::new();
    for (path, rule, word) in [
        ("src/a.vue", "jourvex-key", ""),
        ("src/a.py", "browser-bundle-key", ""),
        ("src/b.vue", "authorization-header", "stays"),
    ] {
        let line = format!(
            "const k = '{}' // jvxleaks:allow {rule} -- dead {word}",
            key(1)
        );
        workspace.file(path, format!("<script>\n{line}\n</script>\n"));
    }
    let report = workspace.json(&["scan", "--format", "json"]);
    let left = report["findings"].as_array().unwrap();
    let left: Vec<_> = left.iter().map(|f| f["path"].as_str()).collect();
    assert_eq!(left, [Some("src/b.vue")], "{report}");
    let told = workspace.run(&["scan"]);
    assert_eq!(told.matches("silences nothing").count(), 1, "{told}");
    assert!(
        told.contains("src/b.vue:2: the allow comment silences nothing"),
        "{told}"
    );
}

#[test]
fn stale_and_careless_comments_are_told() {
    let workspace = Workspace::new();
    let text = format!(
        "k = '{}' # jvxleaks:allow jourvex-key\n# {ALLOW}\n\n",
        key(1)
    );
    workspace.file("a.py", text);
    workspace.file(
        "README.md",
        format!("Write `# {ALLOW}` for jvx_live_ keys.\n"),
    );
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 0
    --- stdout
    note: a.py:1: the allow comment gives no reason; write `jvxleaks:allow RULE -- reason`
    note: a.py:2: the allow comment silences nothing; remove it
    --- stderr
    No findings. 1 suppressed. Read 2 files, 192 bytes. Took [N] ms.
    ");
}

#[test]
fn other_tools_marks_can_be_switched_off() {
    let workspace = Workspace::new();
    workspace
        .file("a.py", format!("k = '{}' # gitleaks:allow\n", key(1)))
        .file("b.py", format!("k = '{}'\n", key(2)))
        .file(".gitleaksignore", "b.py:jourvex-key:1\n");
    assert!(workspace.places(&["scan"]).is_empty());
    assert_eq!(workspace.places(&["scan", "--no-foreign-allows"]).len(), 2);
    workspace.file(".jvxleaks.toml", "foreign-allows = false\n");
    assert_eq!(workspace.places(&["scan"]).len(), 2);
}

#[test]
fn the_configuration_is_found_above_the_scanned_folder() {
    let workspace = Workspace::new();
    workspace
        .file("src/gen/a.js", format!("k = '{}'\n", key(1)))
        .file("src/b.js", format!("k = '{}'\n", key(2)))
        .file(".jvxleaks.toml", "[paths]\nexclude = ['src/gen']\n");
    assert_eq!(workspace.places(&["scan", "src"]), ["jourvex-key b.js:1:6"]);
    assert_eq!(workspace.places(&["scan", "src", "--no-config"]).len(), 2);
    assert_eq!(workspace.places(&["scan", ".", "src/b.js"]).len(), 1);
    let named = ["scan", "src/gen/a.js", "src/b.js"];
    assert_eq!(workspace.places(&named).len(), 2);
    let summary = workspace.run(&["scan", "-f", "github"]);
    assert!(summary.starts_with("exit 1"), "{summary}");
    let report = workspace.json(&["scan", "-f", "json"]);
    assert_eq!(report["stats"]["files"], 2);
}

#[test]
fn what_is_excluded_is_counted() {
    let workspace = Workspace::new();
    workspace
        .file("a.js", format!("k = '{}'\n", key(1)))
        .file("c.toml", "[paths]\nexclude = ['*.js']\n");
    insta::assert_snapshot!(workspace.run(&["scan", "--config", "c.toml"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. Read 1 file, 27 bytes. Skipped: excluded (1). Took [N] ms.
    ");
}

#[test]
fn an_allowed_fingerprint_silences_that_secret_only() {
    let workspace = Workspace::new();
    workspace.file("a.js", format!("k = '{}'\n", key(1)));
    let id = fingerprint(&workspace, "a.js");
    let config = format!("[[allow]]\nfingerprint = '{id}'\nreason = 'a dead key'\n");
    workspace.file(".jvxleaks.toml", config);
    insta::assert_snapshot!(workspace.run(&["scan", "-v"]), @"
    exit 0
    --- stdout
    suppressed: a.js:1:6 jourvex-key: by the configuration (a dead key)
    --- stderr
    No findings. 1 suppressed. Read 2 files, 129 bytes. Took [N] ms.
    ");
    workspace.file("a.js", format!("k = '{}'\n", key(2)));
    let report = workspace.run(&["scan"]);
    assert!(report.starts_with("exit 1"), "{report}");
    assert!(
        report.contains("note: .jvxleaks.toml:1: the [[allow]] entry silences nothing; remove it"),
        "{report}"
    );
}

#[test]
fn bad_configurations_are_errors() {
    let workspace = Workspace::new();
    let run = |text: &str| {
        workspace.file(".jvxleaks.toml", text);
        workspace.run(&["scan"])
    };
    insta::assert_snapshot!(run("severity = 'low'\nfailon = 'high'\n"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks.toml:2: unknown field `failon`, expected one of `severity`, `fail-on`, `foreign-allows`, `baseline`, `paths`, `rules`, `server`, `allow`; did you mean `fail-on`?
    ");
    insta::assert_snapshot!(run("[rules]\ndisable = [\n'nope']\n"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks.toml:3: no rule is called `nope`; the rules are api-key-header, environment-key, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, build-inlines-key, server-build-inlines-key, page-written-with-key, build-inlines-environment, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password (see `jvxleaks rules list`)
    ");
    insta::assert_snapshot!(run(&format!("# {}\n", key(1))), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks.toml:1: this looks like a whole key; a configuration is public, so name a finding by its `fingerprint` (see `jvxleaks scan --format json`)
    ");
    insta::assert_snapshot!(run(&"#\n".repeat(9 << 20)), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks.toml: larger than 16 MiB, so not what its name says
    ");
}

#[test]
fn the_configuration_chooses_rules_and_levels() {
    let workspace = Workspace::new();
    workspace
        .file("a.js", format!("k = '{}'\n", key(1)))
        .file("tests/b.js", format!("setBearerAuth('{}')\n", token(2, 40)))
        .file(".jvxleaks.toml", "severity = 'critical'\n");
    assert_eq!(workspace.places(&["scan"]).len(), 1);
    assert_eq!(workspace.places(&["scan", "--severity", "low"]).len(), 2);
    let off = "[rules]\ndisable = ['jourvex-key', 'bearer-token']\n";
    workspace.file(".jvxleaks.toml", off);
    assert!(workspace.places(&["scan"]).is_empty());
}

#[cfg(unix)]
#[test]
fn a_linked_configuration_is_refused_unless_named() {
    let workspace = Workspace::new();
    workspace.file("other.toml", "severity = 'low'\n");
    std::os::unix::fs::symlink("other.toml", workspace.path(".jvxleaks.toml")).unwrap();
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks.toml: it is a symbolic link, which is not followed in a scanned tree; name the file with --config or --baseline, or give --no-config
    ");
    let named = workspace.run(&["scan", "-q", "-c", ".jvxleaks.toml"]);
    assert!(named.starts_with("exit 0"), "{named}");
}

#[test]
fn a_baseline_accepts_what_is_there_and_nothing_new() {
    let workspace = Workspace::new();
    workspace.file("src/a.js", format!("k = '{}'\n", key(1)));
    insta::assert_snapshot!(workspace.run(&["baseline", "create", "--yes"]), @"
    exit 0
    --- stdout
    --- stderr
      649bd9f1fa20768fe9ad1fae7a267d94 jourvex-key jvx_live_zEGC... in src/a.js:1
    .jvxleaks-baseline: 1 finding accepted
    ");
    let baseline = std::fs::read_to_string(workspace.path(".jvxleaks-baseline")).unwrap();
    insta::assert_snapshot!(baseline, @"
    # jvxleaks baseline 2: accepted findings, as `fingerprint rule path`. Only the fingerprint counts.
    # Change it with `jvxleaks baseline update` and `jvxleaks baseline prune`.
    649bd9f1fa20768fe9ad1fae7a267d94 jourvex-key src/a.js
    ");
    assert!(workspace.places(&["scan"]).is_empty());
    // Moved, and further down: still the same secret.
    std::fs::remove_file(workspace.path("src/a.js")).unwrap();
    workspace.file("lib/b.py", format!("\n\n\nk = '{}'\n", key(1)));
    assert!(workspace.places(&["scan"]).is_empty());
    // Another key on the same line is news.
    workspace.file("lib/b.py", format!("\n\n\nk = '{}'\n", key(2)));
    assert_eq!(workspace.places(&["scan"]), ["jourvex-key lib/b.py:4:6"]);
}

#[test]
fn a_baseline_is_updated_and_pruned() {
    let workspace = Workspace::new();
    workspace.file("a.js", format!("k = '{}'\n", key(1)));
    workspace.run(&["baseline", "create", "--yes"]);
    insta::assert_snapshot!(workspace.run(&["baseline", "create", "--yes"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks-baseline: there is a baseline already; change it with `jvxleaks baseline update`, or name another with --baseline
    ");
    workspace.file("a.js", format!("k = '{}'\n", key(2)));
    insta::assert_snapshot!(workspace.run(&["baseline", "update", "--yes"]), @"
    exit 0
    --- stdout
    --- stderr
      31613ce762ea8ec5ce042061e8db176b jourvex-key jvx_live_mDSH... in a.js:1
    .jvxleaks-baseline: 1 finding added
    ");
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 0
    --- stdout
    note: .jvxleaks-baseline: the entry 649bd9f1fa20768fe9ad1fae7a267d94 (jourvex-key in a.js) matches nothing any more; remove it with `jvxleaks baseline prune`
    --- stderr
    No findings. 1 suppressed. Read 2 files, 322 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(workspace.run(&["baseline", "prune", "a.js"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: .jvxleaks-baseline: to tell which entries match nothing, all that it speaks of must be read; scan the folder it is in
    ");
    insta::assert_snapshot!(workspace.run(&["baseline", "prune"]), @"
    exit 0
    --- stdout
    --- stderr
    .jvxleaks-baseline: 1 finding removed
    ");
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. 1 suppressed. Read 2 files, 272 bytes. Took [N] ms.
    ");
}

#[test]
fn a_baseline_that_is_not_there_is_an_error() {
    let workspace = Workspace::new();
    for args in [
        ["scan", "--baseline", "b"].as_slice(),
        &["baseline", "update", "--baseline", "b"],
        &["baseline", "prune"],
    ] {
        let report = workspace.run(args);
        assert!(report.starts_with("exit 2"), "{report}");
        assert!(
            report.contains("no such baseline; make it with"),
            "{report}"
        );
    }
}

#[test]
fn a_baseline_elsewhere_is_named_by_option_or_configuration() {
    let workspace = Workspace::new();
    workspace.file("a.js", format!("k = '{}'\n", key(1)));
    workspace.file("ci/.keep", "");
    let created = workspace.run(&["baseline", "create", "--yes", "--baseline", "ci/known"]);
    assert!(created.starts_with("exit 0"), "{created}");
    assert_eq!(workspace.places(&["scan"]).len(), 1);
    assert!(
        workspace
            .places(&["scan", "--baseline", "ci/known"])
            .is_empty()
    );
    workspace.file(".jvxleaks.toml", "baseline = 'ci/known'\n");
    assert!(workspace.places(&["scan"]).is_empty());
}

#[test]
fn no_silencing_file_holds_a_secret() {
    let workspace = Workspace::new();
    let password = token(7, 24);
    let text = format!(
        "k = '{}'\nu = 'https://ci:{password}@git.example.org/'\n",
        key(1)
    );
    workspace.file("a.js", text);
    workspace.run(&["baseline", "create", "--yes"]);
    let baseline = std::fs::read_to_string(workspace.path(".jvxleaks-baseline")).unwrap();
    assert_eq!(baseline.lines().count(), 4);
    assert!(!baseline.contains(&password) && !baseline.contains(&key(1)[9..]));
}

#[test]
fn an_entry_of_gitleaks_silences_the_kind_it_names_and_never_a_jourvex_key() {
    let workspace = Workspace::new();
    let header = |n| format!("curl -H 'Authorization: Bearer {}'\n", &key(n)[9..]);
    workspace
        .file("a.sh", header(1))
        .file("b.sh", header(2))
        .file("c.py", format!("k = '{}'\n", key(3)))
        .file("d.py", format!("k = '{}'\n", key(4)));
    let left = |entries: &str| {
        workspace.file(".gitleaksignore", entries);
        workspace.places(&["scan"])
    };
    let all = left("a.sh:x:1\nb.sh:github-pat:1\nc.py:generic-api-key:1\nd.py:jwt:1\n");
    assert_eq!(
        all,
        [
            "authorization-header a.sh:1:32",
            "authorization-header b.sh:1:32",
            "jourvex-key c.py:1:6",
            "jourvex-key d.py:1:6",
        ]
    );
    let some = left("a.sh:curl-auth-header:1\nb.sh:authorization-header:1\nd.py:jourvex-key:1\n");
    assert_eq!(some, ["jourvex-key c.py:1:6"]);
}

#[test]
fn a_byte_order_mark_in_a_file_of_the_project_is_no_error() {
    let workspace = Workspace::new();
    workspace
        .file("a.py", format!("k = '{}'\n", key(1)))
        .file("b.py", format!("k = '{}'\n", key(2)))
        .file("c.py", format!("k = '{}'\n", key(3)))
        .file(".jvxleaks.toml", "\u{feff}[paths]\nexclude = ['c.py']\n")
        .file(".gitleaksignore", "\u{feff}b.py:jourvex-key:1\n")
        .file(
            "acme.toml",
            "\u{feff}[[rules]]\nid = 'acme'\ndescription = 'Acme'\nregex = 'acme_[a-z]{9}'\n",
        );
    let id = fingerprint(&workspace, "a.py");
    workspace.file(
        ".jvxleaks-baseline",
        format!("\u{feff}{id} jourvex-key a.py\n"),
    );
    insta::assert_snapshot!(workspace.run(&["scan", "--rules", "acme.toml"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. 2 suppressed. Read 6 files, 271 bytes. Skipped: excluded (1). Took [N] ms.
    ");
}

#[test]
fn fingerprints_of_former_versions_go_on_counting() {
    let workspace = Workspace::new();
    workspace.file("a.js", format!("k = '{}'\n", key(1)));
    let former = "169ab1354b61fae41f88176745bfba5c";
    assert_ne!(fingerprint(&workspace, "a.js"), former);
    for title in ["# jvxleaks baseline 1: accepted findings\n", ""] {
        workspace.file(
            ".jvxleaks-baseline",
            format!("{title}{former} jourvex-key a.js\n"),
        );
        assert!(workspace.places(&["scan"]).is_empty(), "{title}");
        assert!(
            !workspace.run(&["scan"]).contains("matches nothing"),
            "{title}"
        );
    }
    workspace.file(".jvxleaks-baseline", "");
    let entry = format!("[[allow]]\nfingerprint = '{former}'\nreason = 'dead'\n");
    workspace.file(".jvxleaks.toml", entry);
    assert!(workspace.places(&["scan"]).is_empty());
}

#[test]
fn a_baseline_is_made_by_an_update_which_lists_what_it_accepts() {
    let workspace = Workspace::new();
    let line = |seed| format!("h = {{'Authorization': 'Bearer {}'}}\n", token(seed, 40));
    workspace.file("a.py", line(1) + &line(2));
    insta::assert_snapshot!(workspace.run(&["baseline", "update"]), @"
    exit 0
    --- stdout
    --- stderr
      ecbbb4334ad7a2f2e6a0b3990cf89e88 authorization-header zEGC... in a.py:1
      9b6b45c52cf57d199d77ea7e77beda23 authorization-header mDSH... in a.py:2
    .jvxleaks-baseline: 2 findings added
    ");
    insta::assert_snapshot!(workspace.run(&["baseline", "update"]), @"
    exit 0
    --- stdout
    --- stderr
    .jvxleaks-baseline: 0 findings added
    ");
}

#[test]
fn a_baseline_with_a_jourvex_key_says_the_risk_where_nobody_can_be_asked() {
    let workspace = Workspace::new();
    workspace.file("a.js", format!("k = ['{}', '{}']\n", key(1), key(2)));
    insta::assert_snapshot!(workspace.run(&["baseline", "create"]), @"
    exit 0
    --- stdout
    --- stderr
      649bd9f1fa20768fe9ad1fae7a267d94 jourvex-key jvx_live_zEGC... in a.js:1
      31613ce762ea8ec5ce042061e8db176b jourvex-key jvx_live_mDSH... in a.js:1
    jvxleaks: 2 Jourvex keys (jvx_live_zEGC..., jvx_live_mDSH...) work for whoever reads them until they are rotated at Settings -> API Access; accepting them changes nothing of that
    .jvxleaks-baseline: 2 findings accepted
    ");
    assert!(workspace.places(&["scan"]).is_empty());
}

#[test]
fn a_baseline_says_no_risk_that_was_taken() {
    let workspace = Workspace::new();
    workspace.file("a.js", format!("k = '{}'\n", key(1)));
    insta::assert_snapshot!(workspace.run(&["baseline", "create", "--yes"]), @"
    exit 0
    --- stdout
    --- stderr
      649bd9f1fa20768fe9ad1fae7a267d94 jourvex-key jvx_live_zEGC... in a.js:1
    .jvxleaks-baseline: 1 finding accepted
    ");
}

#[test]
fn a_baseline_accepts_the_findings_of_a_report() {
    let workspace = Workspace::new();
    workspace.file("a.py", format!("setBearerAuth('{}')\n", token(1, 40)));
    workspace.run(&["scan", "-f", "json", "-o", "report.json"]);
    workspace.run(&["scan", "-f", "json", "--show-secrets", "-o", "whole.json"]);
    workspace.file("b.py", format!("setBearerAuth('{}')\n", token(2, 40)));
    insta::assert_snapshot!(workspace.run(&["baseline", "update", "--from", "report.json"]), @"
    exit 0
    --- stdout
    --- stderr
      acc1645e38e7c7e3d230c6d4c972c5e6 bearer-token ... in a.py:1
    .jvxleaks-baseline: 1 finding added
    ");
    let whole = workspace.run(&[
        "baseline",
        "create",
        "--from",
        "whole.json",
        "--baseline",
        "c",
    ]);
    assert!(
        whole.starts_with("exit 0") && !whole.contains(&token(1, 40)[..8]),
        "{whole}"
    );
    assert_eq!(workspace.places(&["scan", "a.py", "b.py"]).len(), 1);
    insta::assert_snapshot!(workspace.run(&["baseline", "update", "--from", "b.py"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: b.py: this is no JSON report; make one with `--format json -o FILE`
    ");
    workspace.file("bad.json", r#"{"schema": "jvxleaks/2", "findings": []}"#);
    insta::assert_snapshot!(workspace.run(&["baseline", "update", "--from", "bad.json"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: bad.json: its schema is not jvxleaks/1; make the report with this version
    ");
}

#[test]
fn a_baseline_accepts_the_findings_of_commits() {
    let repo = Repo::new();
    let base = repo.commit("base");
    for (seed, file) in [(1, "a.py"), (2, "b.py")] {
        repo.write(file, format!("setBearerAuth('{}')\n", token(seed, 40)));
        repo.commit("add");
        repo.write(file, "");
    }
    repo.commit("remove");
    let update = |words: &str| {
        let told = repo.scan(&format!("baseline update {words}"));
        told.transcript(&repo.path())
    };
    insta::assert_snapshot!(update(&format!("--range {base}..HEAD~2")), @"
    exit 0
    --- stdout
    --- stderr
      acc1645e38e7c7e3d230c6d4c972c5e6 bearer-token zEGC... in a.py:1
    .jvxleaks-baseline: 1 finding added
    ");
    insta::assert_snapshot!(update("--history"), @"
    exit 0
    --- stdout
    --- stderr
      aaa98ab7144d4373019beac8f19949b3 bearer-token mDSH... in b.py:1
    .jvxleaks-baseline: 1 finding added
    ");
    assert_eq!(repo.scan("history").exit, Some(0));
    insta::assert_snapshot!(repo.scan("scan").transcript(&repo.path()), @"
    exit 0
    --- stdout
    --- stderr
    No findings. Read 3 files, 276 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(repo.scan("baseline prune").transcript(&repo.path()), @"
    exit 0
    --- stdout
    --- stderr
    .jvxleaks-baseline: 0 findings removed
    ");
}

#[test]
fn an_entry_for_a_rule_holds_at_its_paths_only() {
    let workspace = Workspace::new();
    let line = |seed| format!("setBearerAuth('{}')\n", token(seed, 40));
    workspace
        .file("fixtures/a.js", line(1))
        .file("src/b.js", line(2))
        .file("fixtures/c.js", format!("k = '{}'\n", key(1)))
        .file(
            ".jvxleaks.toml",
            "[[allow]]\nrule = 'bearer-token'\npaths = ['fixtures/', 'x']\nreason = 'made up'\n",
        );
    assert_eq!(
        workspace.places(&["scan"]),
        [
            "jourvex-key fixtures/c.js:1:6",
            "bearer-token src/b.js:1:16"
        ]
    );
    for (entry, told) in [
        ("rule = 'bearer-token'", "needs `paths`"),
        ("reason = 'b'", "duplicate key"),
        ("rule = 'nope'\npaths = ['a']", "no rule is called `nope`"),
        ("paths = ['a']", "or `rule` with `paths`"),
    ] {
        workspace.file(
            ".jvxleaks.toml",
            format!("[[allow]]\nreason = 'a'\n{entry}\n"),
        );
        let report = workspace.run(&["scan"]);
        assert!(
            report.starts_with("exit 2") && report.contains(told),
            "{report}"
        );
    }
}

#[test]
fn an_entry_for_a_rule_that_a_change_brings_does_not_count_yet() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("a.js", format!("setBearerAuth('{}')\n", token(1, 40)));
    repo.write(
        ".jvxleaks.toml",
        "[[allow]]\nrule = 'bearer-token'\npaths = ['a.js']\nreason = 'trust me'\n",
    );
    repo.commit("change");
    assert_eq!(repo.scan(&format!("range {base}..HEAD")).exit, Some(1));
    assert_eq!(repo.scan("scan").exit, Some(0));
}

#[test]
fn the_configuration_names_rule_files_below_its_folder() {
    let workspace = Workspace::new();
    let rules = "[[rules]]\nid = 'acme-token'\ndescription = 'Acme token'\nregex = 'acme_([A-Za-z0-9]{20})'\n";
    let files = |name: &str| format!("[rules]\nfiles = ['{name}']\n");
    workspace
        .file("ci/acme.toml", rules)
        .file("src/a.txt", format!("acme_{}\n", token(1, 20)))
        .file(".jvxleaks.toml", files("ci/acme.toml"));
    assert_eq!(workspace.places(&["scan", "src"]), ["acme-token a.txt:1:6"]);
    for words in [["explain", "acme-token"], ["rules", "list"]] {
        let told = workspace.run(&words);
        assert!(told.contains("Acme token"), "{told}");
    }
    for (name, told) in [
        ("../acme.toml", "below its own folder"),
        ("/etc/passwd", "below its own folder"),
        ("ci", "not a regular file"),
        ("nowhere.toml", "no such file"),
    ] {
        workspace.file(".jvxleaks.toml", files(name));
        let report = workspace.run(&["scan"]);
        assert!(
            report.starts_with("exit 2") && report.contains(told),
            "{report}"
        );
    }
}

#[test]
fn the_configuration_keeps_a_rule_to_paths_and_gives_it_a_severity() {
    let workspace = Workspace::new();
    let line = |seed| format!("setBearerAuth('{}')\n", token(seed, 40));
    workspace
        .file("src/a.js", line(1))
        .file("lib/b.js", line(2))
        .file(
            ".jvxleaks.toml",
            "[rules.\"bearer-token\"]\npaths = ['src/']\nseverity = 'low'\n",
        );
    insta::assert_snapshot!(workspace.run(&["scan", "-v", "-f", "github"]), @"
    exit 0
    --- stdout
    ::warning file=src/a.js,line=1,col=16,title=bearer-token::Hardcoded bearer token (zEGC...)%0Ainstead: read process.env.API_TOKEN%0Arotate: revoke it at its issuer and make a new one, if this was ever pushed%0Asilence: put `// jvxleaks:allow bearer-token -- reason` above the line, or: jvxleaks allow acc1645e38e7c7e3d230c6d4c972c5e6 -- REASON
    --- stderr
    ");
    for (settings, told) in [
        (
            "[rules.nope]\nseverity = 'low'",
            ":1: no rule is called `nope`",
        ),
        (
            "[rules.bearer-token]\nlevel = 'low'",
            ":2: unknown field `level`",
        ),
        ("[rules]\ndisabled = ['x']", ":2: unknown field `disabled`"),
    ] {
        workspace.file(".jvxleaks.toml", settings);
        let report = workspace.run(&["scan"]);
        assert!(
            report.starts_with("exit 2") && report.contains(told),
            "{report}"
        );
    }
}

#[test]
fn paths_of_a_rule_that_match_no_file_are_told_by_a_scan_of_all() {
    let workspace = Workspace::new();
    let note = "note: .jvxleaks.toml:1: `paths` of `bearer-token` match no file that was read: the rule looked at \
                nothing; correct or remove them\n";
    workspace
        .file("src/a.js", format!("setBearerAuth('{}')\n", token(1, 40)))
        .file("src/b.js", "");
    let told = |paths: &str, args: &[&str]| {
        let config = format!("[rules.\"bearer-token\"]\npaths = ['{paths}']\n");
        workspace.file(".jvxleaks.toml", config);
        let told = workspace.run(args);
        assert!(told.matches(note).count() <= 1, "{told}");
        told.contains(note)
    };
    assert!(told("srcx/", &["scan"]));
    for paths in ["src/", "b.js"] {
        assert!(!told(paths, &["scan"]), "{paths}");
    }
    // Of a part of the files nobody knows, nor of a rule that does not run.
    assert!(!told("srcx/", &["scan", "src"]));
    assert!(!told("srcx/", &["scan", "--disable", "bearer-token"]));
    // In a repository as well: what commits hold is no file of today.
    workspace.file(".git/HEAD", "ref: refs/heads/main\n");
    for folder in [".git/objects/info", ".git/refs/heads"] {
        std::fs::create_dir_all(workspace.path(folder)).unwrap();
    }
    assert!(told("srcx/", &["scan"]));
}

#[test]
fn what_is_accepted_of_a_rule_that_does_not_run_is_accepted_of_the_next() {
    let workspace = Workspace::new();
    let header = |n| format!("h = {{'Authorization': 'Bearer {}'}}\n", key(n));
    workspace.file("a.py", header(1));
    let scan = ["scan", "--disable", "jourvex-key"];
    workspace.run(&["baseline", "create", "--yes"]);
    let said = workspace.run(&scan);
    assert!(said.contains("1 suppressed"), "{said}");
    workspace.file("b.py", header(2));
    assert_eq!(workspace.places(&scan), ["authorization-header b.py:1:31"]);
    // An entry of the configuration does not name its rule.
    let report = workspace.json(&["scan", "--format", "json"]);
    let id = report["findings"][0]["fingerprint"].as_str().unwrap();
    let entry = format!("[[allow]]\nfingerprint = '{id}'\nreason = 'dead'\n");
    workspace.file(".jvxleaks.toml", entry);
    let said = workspace.run(&scan);
    assert!(said.contains("2 suppressed"), "{said}");
    let said = workspace.run(&["scan"]);
    assert!(said.contains("2 suppressed"), "{said}");
}
