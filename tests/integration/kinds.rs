//! What kind of file a file is taken for, by itself and by the files around it.

use crate::archives::zip;
use crate::workspace::{Workspace, key, token};

const MANIFEST: &str = r#"{"manifest_version": 3, "background": {"service_worker": "bg.js"}}"#;

/// An extension, a page that loads a script, and a project of which all is for browsers.
fn neighbourhood() -> Workspace {
    let here = Workspace::new();
    here.file("ext/manifest.json", MANIFEST)
        .file("ext/bg.js", format!("const k = '{}';\n", key(1)))
        .file("site/index.html", "<script src=\"js/main.js\"></script>\n")
        .file("site/js/main.js", format!("k = '{}';\n", key(2)))
        .file("web/package.json", r#"{"dependencies": {"next": "15"}}"#)
        .file("web/src/a.jsx", format!("const k = '{}';\n", key(3)))
        .file("vue/package.json", r#"{"dependencies": {"vue": "3"}}"#)
        .file("vue/src/a.js", "const k = env.JOURVEX_API_KEY;\n")
        .file("alone/a.js", "const k = env.JOURVEX_API_KEY;\n");
    here
}

#[test]
fn files_around_a_script_tell_that_it_reaches_browsers() {
    let here = neighbourhood();
    assert_eq!(
        here.places(&["scan"]),
        [
            "browser-bundle-key ext/bg.js:1:12",
            "browser-bundle-key site/js/main.js:1:6",
            "browser-key-reference vue/src/a.js:1:15",
            "browser-bundle-key web/src/a.jsx:1:12",
        ]
    );
    let one = here.places(&["scan", "ext/bg.js"]);
    assert_eq!(one, ["browser-bundle-key ext/bg.js:1:12"]);
}

#[test]
fn advice_is_that_of_the_framework_that_the_package_names() {
    let here = neighbourhood();
    let text = here.run(&["scan", "web"]);
    assert!(
        text.contains("(Next.js)") && text.contains(".next/cache"),
        "{text}"
    );
    let text = here.run(&["scan", "ext"]);
    assert!(!text.contains("(Next.js)"), "{text}");
}

#[test]
fn a_variable_that_a_handler_answers_with_is_told_in_the_language_of_the_server() {
    let here = Workspace::new();
    here.file(
        "app.py",
        "@app.get('/config')\ndef config():\n    return {'key': os.environ['JOURVEX_API_KEY']}\n",
    );
    insta::assert_snapshot!(here.run(&["scan"]), @r#"
exit 1
--- stdout
error[key-handed-to-browser]: Server code gives the Jourvex API key to browsers
 --> app.py:3:32
  |
3 |     return {'key': os.environ['JOURVEX_API_KEY']}
  |                                ^^^^^^^^^^^^^^^ its value goes from here to whoever opens the page
  |
  = instead: call the Journey API from your server (Flask and FastAPI) and let the page call that: a route of the same application
  =     @app.get("/api/journey/<id>")  # FastAPI: {id}
  =     def journey(id):
  =         headers = {"Authorization": f"Bearer {os.environ['JOURVEX_API_KEY']}"}
  =         return requests.get(f"https://jourvex-api.onrender.com/api/journey/{id}", headers=headers).json()
  = why: What a handler answers with, a template prints, or a page is given as props or loader data, its visitors read. Hand over the answer of the Journey API instead of the key. If it was ever served, rotate the key: Settings -> API Access.
  = silence: put `# jvxleaks:allow key-handed-to-browser -- reason` above the line, or: jvxleaks allow 5c1d696d9c596280b806c24d914c9ba5 -- REASON

--- stderr
1 finding (1 error). Read 1 file, 84 bytes. Took [N] ms.
"#);
}

#[test]
fn output_is_the_same_for_any_number_of_threads() {
    let here = neighbourhood();
    let run = |jobs| here.places(&["scan", "--jobs", jobs]);
    assert_eq!(run("1"), run("64"));
}

#[cfg(unix)]
#[test]
fn neighbours_outside_the_scanned_folder_are_not_asked() {
    let here = neighbourhood();
    let path = |name: &str| here.path(name);
    std::fs::rename(path("ext/manifest.json"), path("manifest.json")).unwrap();
    assert_eq!(here.places(&["scan", "ext"]), ["jourvex-key bg.js:1:12"]);
    std::os::unix::fs::symlink("../manifest.json", path("ext/manifest.json")).unwrap();
    assert_eq!(here.places(&["scan", "ext"]), ["jourvex-key bg.js:1:12"]);
}

#[test]
fn neighbours_that_cannot_be_read_are_no_fault() {
    let here = neighbourhood();
    let large = format!("{MANIFEST}{}", " ".repeat(2 << 20));
    here.file("ext/manifest.json", large)
        .file("vue/package.json", "{");
    std::fs::create_dir_all(here.path("alone/package.json")).unwrap();
    assert_eq!(
        here.places(&["scan"]),
        [
            "jourvex-key ext/bg.js:1:12",
            "browser-bundle-key site/js/main.js:1:6",
            "browser-bundle-key web/src/a.jsx:1:12",
        ]
    );
}

#[test]
fn explain_says_what_decided_and_which_rules_apply() {
    let here = neighbourhood();
    here.file("dist/app.js", "document.title = navigator.language;\n")
        .file("app/a.tsx", "'use client';\n")
        .file("build/client/a.js", "x\n")
        .file("a.py", "x\n");
    let explain = |path: &str| here.run(&["explain", path]);
    let paths = [
        "ext/bg.js",
        "site/js/main.js",
        "vue/src/a.js",
        "dist/app.js",
        "app/a.tsx",
        "build/client/a.js",
        "a.py",
    ];
    insta::assert_snapshot!(paths.map(explain).concat(), @"
    exit 0
    --- stdout
    ext/bg.js: client-source: source that is compiled for browsers
      because ext/manifest.json is that of a browser extension and names it
      rules here: api-key-header, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    site/js/main.js: browser-bundle: built code or data that browsers download
      because site/index.html loads it as a script
      rules here: api-key-header, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    vue/src/a.js: client-source: source that is compiled for browsers
      because vue/package.json needs packages that draw pages or screens, and none of a server
      rules here: api-key-header, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    dist/app.js: browser-bundle: built code or data that browsers download
      because it lies among built or served files, and what it uses is for pages: document., navigator.
      rules here: api-key-header, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    app/a.tsx: client-source: source that is compiled for browsers
      because it begins with the directive 'use client'
      rules here: api-key-header, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    build/client/a.js: browser-bundle: built code or data that browsers download
      because of its folder: tools write their output to build/client/
      rules here: api-key-header, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    a.py: source: other source code or configuration
      because neither its path nor its text says more
      rules here: api-key-header, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, public-env-key, page-written-with-key, build-inlines-environment, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    ");
}

#[test]
fn a_map_that_is_broken_or_lies_is_read_as_text_and_is_no_fault() {
    let here = Workspace::new();
    let deep = format!("{}\"{}\"", "{\"sections\":[{\"map\":".repeat(5000), key(1));
    for (name, text) in [
        ("cut", format!("{{\"sourcesContent\":[\"{}", key(1))),
        ("deep", deep),
        (
            "lies",
            format!("{{\"sources\":[],\"sourcesContent\":\"{}\"}}", key(1)),
        ),
        (
            "up",
            format!(
                "{{\"sources\":[\"../../../etc/passwd\"],\"sourcesContent\":[\"{}\"]}}",
                key(1)
            ),
        ),
        (
            "absolute",
            format!(
                "{{\"sources\":[\"/etc/passwd\"],\"sourcesContent\":[\"{}\"]}}",
                key(1)
            ),
        ),
        (
            "itself",
            format!(
                "{{\"sources\":[\"itself.js.map\"],\"sourcesContent\":[\"{}\"]}}",
                key(1)
            ),
        ),
    ] {
        here.file(format!("dist/{name}.js.map"), text);
    }
    let report = here.json(&["scan", "--format", "json"]);
    let findings = report["findings"].as_array().unwrap();
    let origins = findings.iter().map(|f| f["derived_from"]["path"].as_str());
    let known: Vec<_> = origins.collect();
    let outside = ["etc/passwd", "etc/passwd", "dist/itself.js.map"];
    assert_eq!(known.len(), 6, "{report}");
    assert_eq!(
        known,
        [
            Some(outside[0]),
            None,
            None,
            Some(outside[2]),
            None,
            Some(outside[1])
        ]
    );
    assert_eq!(
        report["faults"].as_array().map(Vec::len),
        Some(0),
        "{report}"
    );
}

/// What is reported of a header and of a key, in each file of a project.
fn severities(here: &Workspace) -> String {
    let report = here.json(&["scan", "-f", "json"]);
    let findings = report["findings"].as_array().unwrap().iter();
    let shown = |finding: &serde_json::Value| {
        let fields = ["path", "line", "rule", "severity", "context"];
        fields
            .map(|field| finding[field].to_string().replace('"', ""))
            .join(" ")
    };
    findings.map(shown).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_credential_of_another_vendor_is_a_warning_outside_of_the_program() {
    let here = Workspace::new();
    let text = format!("Authorization: Bearer {}\n{}\n", token(1, 40), key(1));
    for path in [
        "src/client.py",
        "src/contest.py",
        "latest/a.py",
        "unit-tests/a.py",
        "src/OrderIT.java",
        "cypress/a.json",
        "README",
        "docs/openapi.yaml",
        "examples/a.py",
        "node_modules/a/b.js",
        "mix.lock",
    ] {
        here.file(path, &text);
    }
    insta::assert_snapshot!(severities(&here), @"
    README 1 authorization-header medium documentation
    README 2 jourvex-key critical documentation
    cypress/a.json 1 authorization-header medium test
    cypress/a.json 2 jourvex-key critical test
    docs/openapi.yaml 1 authorization-header medium documentation
    docs/openapi.yaml 2 jourvex-key critical documentation
    examples/a.py 1 authorization-header medium example
    examples/a.py 2 jourvex-key critical example
    latest/a.py 1 authorization-header high source
    latest/a.py 2 jourvex-key critical source
    mix.lock 1 authorization-header medium lockfile
    mix.lock 2 jourvex-key critical lockfile
    node_modules/a/b.js 1 authorization-header medium third-party
    node_modules/a/b.js 2 jourvex-key critical third-party
    src/OrderIT.java 1 authorization-header medium test
    src/OrderIT.java 2 jourvex-key critical test
    src/client.py 1 authorization-header high source
    src/client.py 2 jourvex-key critical source
    src/contest.py 1 authorization-header high source
    src/contest.py 2 jourvex-key critical source
    unit-tests/a.py 1 authorization-header medium test
    unit-tests/a.py 2 jourvex-key critical test
    ");
}

#[test]
fn a_member_of_an_archive_is_also_where_the_archive_is() {
    let here = Workspace::new();
    let text = format!("Authorization: Bearer {}\n", token(1, 40));
    let archive = zip(&[
        ("conf/a.yml", text.as_bytes()),
        ("test/b.yml", text.as_bytes()),
    ]);
    here.file("src/__tests__/dump.zip", &archive)
        .file("src/dump.zip", &archive);
    insta::assert_snapshot!(severities(&here), @"
    src/__tests__/dump.zip!/conf/a.yml 1 authorization-header medium test
    src/__tests__/dump.zip!/test/b.yml 1 authorization-header medium test
    src/dump.zip!/conf/a.yml 1 authorization-header high source
    src/dump.zip!/test/b.yml 1 authorization-header medium test
    ");
}

#[test]
fn documentation_inside_source_is_documentation_and_a_comment_is_source() {
    let here = Workspace::new();
    let header = |seed| format!("Authorization: Bearer {}", token(seed, 40));
    let (first, second) = (header(1), header(2));
    here.file("a.rs", format!("/// {first}\nfn a() {{}}\n// {second}\n"))
        .file(
            "A.java",
            format!("/**\n * {first}\n */\nint a;\n/* {second} */\n"),
        )
        .file(
            "a.py",
            format!("def a():\n    \"\"\"b\n    {first}\n    \"\"\"\n    c = '{second}'\n"),
        )
        .file("b.py", format!("def a():\n    \"\"\"{}\"\"\"\n", key(1)));
    insta::assert_snapshot!(severities(&here), @"
    A.java 2 authorization-header medium documentation
    A.java 5 authorization-header high source
    a.py 3 authorization-header medium documentation
    a.py 5 authorization-header high source
    a.rs 1 authorization-header medium documentation
    a.rs 3 authorization-header high source
    b.py 2 jourvex-key critical documentation
    ");
}

#[test]
fn what_is_said_of_jourvex_keys_is_said_in_examples_too() {
    let here = Workspace::new();
    let header = format!("h={{Authorization:\"Bearer {}\"}}", token(1, 40));
    here.file(
        "examples/web/dist/app.js",
        format!("document.k=\"{}\";{header}\n", key(1)),
    )
    .file(
        "examples/web/src/a.vue",
        "<script>\nk = import.meta.env.JOURVEX_API_KEY\n</script>\n",
    );
    insta::assert_snapshot!(severities(&here), @"
    examples/web/dist/app.js 1 browser-bundle-key critical browser-bundle
    examples/web/dist/app.js 1 authorization-header medium example
    examples/web/src/a.vue 2 browser-key-reference high client-source
    ");
}

#[test]
fn explain_names_the_part_of_the_path_that_decided() {
    let here = Workspace::new();
    let paths = [
        "a/unit-tests/b.py",
        "vendor/a.go",
        "docs/a.yml",
        "examples/a.sh",
        "TODO",
    ];
    let explain = |path: &str| {
        here.file(path, "x\n");
        let text = here.run(&["explain", path]);
        text.lines().skip(2).take(2).collect::<Vec<_>>().join("\n") + "\n"
    };
    insta::assert_snapshot!(paths.map(explain).concat(), @"
    a/unit-tests/b.py: test: a test or its fixtures
      because `unit-tests` in its path names tests and what they need
    vendor/a.go: third-party: code that others wrote
      because `vendor` in its path names code of others
    docs/a.yml: documentation: prose for people
      because `docs` in its path names documentation
    examples/a.sh: example: an example of how something is used or set up
      because `examples` in its path names examples
    TODO: documentation: prose for people
      because `TODO` in its path names documentation
    ");
}

#[test]
fn a_folder_that_is_served_is_one_also_when_it_alone_is_scanned() {
    let here = Workspace::new();
    std::fs::create_dir(here.path(".git")).unwrap();
    let text = format!(
        "fetch('/x', {{ headers: {{ Authorization: 'Bearer {}' }} }});\n",
        token(1, 40)
    );
    here.file("public/js/a.js", text);
    here.file(
        ".github/workflows/ci.yml",
        "on: push\nenv:\n  JOURVEX_API_KEY: VALUE\njobs: {}\n".replace("VALUE", &key(1)),
    );
    let told = |folder: &str, words: &[&str]| {
        let mut command = here.command(&[words, &["-f", "json"]].concat());
        let output = command.current_dir(here.path(folder)).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let told =
            findings.map(|own| format!("{} {} {}", own["path"], own["context"], own["not_fixed"]));
        format!(
            "{folder}$ {}: {}",
            words.join(" "),
            told.collect::<Vec<_>>().join("; ")
        )
    };
    let all = [
        told("", &["scan", "public", ".github"]),
        told("", &["scan", "public/js"]),
        told("public/js", &["scan"]),
        told("", &["scan", ".github/workflows"]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r#"
    $ scan public .github: ".github/workflows/ci.yml" "source" null; "public/js/a.js" "browser-bundle" "a browser has no environment; the request belongs on the server"
    $ scan public/js: "a.js" "browser-bundle" "a browser has no environment; the request belongs on the server"
    public/js$ scan: "a.js" "browser-bundle" "a browser has no environment; the request belongs on the server"
    $ scan .github/workflows: "ci.yml" "source" null
    "#);
}

#[test]
fn a_folder_of_tests_is_one_also_when_it_alone_is_scanned() {
    let here = Workspace::new();
    here.file(
        "unit-tests/a/b.py",
        format!("Authorization: Bearer {}\n", token(1, 40)),
    );
    let severity = |folder: &str, args: &[&str]| {
        let mut command = here.command(&[args, &["-f", "json"]].concat());
        let output = command.current_dir(here.path(folder)).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["findings"][0]["severity"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(severity("", &["scan", "unit-tests/a"]), "medium");
    // Where nothing says what the project is, only what was typed does.
    assert_eq!(severity("unit-tests/a", &["scan"]), "high");
    std::fs::create_dir(here.path(".git")).unwrap();
    assert_eq!(severity("unit-tests/a", &["scan"]), "medium");
    let whole = here.path("unit-tests/a/b.py");
    assert_eq!(severity("", &["scan", whole.to_str().unwrap()]), "medium");
}
