//! Archives.

use crate::repo::Repo;
use crate::workspace::{Workspace, key};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn zip_with(files: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, zip::CompressionMethod::Deflated)
}

pub(crate) fn env(seed: u64) -> Vec<u8> {
    format!("# settings\nKEY={}\n", key(seed)).into_bytes()
}

#[test]
fn a_key_in_an_archive_is_reported_as_its_member() {
    let workspace = Workspace::new();
    workspace.file("outer.zip", zip(&[("inner/config.env", &env(1))]));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> outer.zip!/inner/config.env:2:5
      |
    2 | KEY=jvx_live_zEGC...
      |     ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = in the archive outer.zip
      = instead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    --- stderr
    1 finding (1 error). Read 1 file, 189 bytes, and 1 archive member. Took [N] ms.
    ");
    let report = workspace.json(&["scan", "--format", "json"]);
    let from = &report["findings"][0]["derived_from"];
    let expected = r#"{"column":1,"kind":"archive","line":1,"path":"outer.zip"}"#;
    assert_eq!(from.to_string(), expected);
}

#[test]
fn each_kind_of_archive_is_opened() {
    let workspace = Workspace::new();
    let jar = zip(&[("app/application.properties", &env(2))]);
    let three = zip(&[("two.tgz", &gz(&tar(&[("x/one.jar", &jar)])))]);
    workspace
        .file("lib.zip", zip(&[("lib/app.jar", &jar)]))
        .file("three.zip", three)
        .file("b.tar.gz", gz(&tar(&[("b/.env", &env(3))])))
        .file("c.log.gz", gz(&env(4)));
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"
    jourvex-key b.tar.gz!/b/.env:2:5
    jourvex-key c.log.gz!/c.log:2:5
    jourvex-key lib.zip!/lib/app.jar!/app/application.properties:2:5
    jourvex-key three.zip!/two.tgz!/x/one.jar!/app/application.properties:2:5
    ");
}

/// A tar and a stored member hold the bytes as they are; they are still one finding.
#[test]
fn what_is_stored_as_it_is_is_found_once() {
    let workspace = Workspace::new();
    let stored = zip::CompressionMethod::Stored;
    let files: &[(&str, &[u8])] = &[("a/.env", &env(5)), ("README", b"text")];
    workspace
        .file("a.tar", tar(files))
        .file("b.zip", zip_with(files, stored));
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"
    jourvex-key a.tar!/a/.env:2:5
    jourvex-key b.zip!/a/.env:2:5
    ");
}

#[test]
fn a_key_beside_the_members_is_found() {
    let workspace = Workspace::new();
    let mut writer = ZipWriter::new(Cursor::new(zip(&[("a", b"x")])));
    writer.set_comment(format!("key {}", key(6))).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    workspace.file("a.zip", bytes);
    let places = workspace.places(&["scan"]);
    assert_eq!(places.len(), 1);
    assert!(places[0].starts_with("jourvex-key a.zip:1:"), "{places:?}");
}

#[test]
fn excluded_paths_hold_inside_too() {
    let workspace = Workspace::new();
    let files: &[(&str, &[u8])] = &[
        ("vendor/.env", &env(7)),
        ("src/.env", &env(8)),
        ("gen/x.env", &env(9)),
    ];
    workspace
        .file("a.tar", tar(files))
        .file("old/b.zip", zip(files))
        .file(
            ".jvxleaks.toml",
            "[paths]\nexclude = [\"vendor/\", \"old/\", \"/gen/\"]\n",
        );
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"jourvex-key a.tar!/src/.env:2:5");
}

#[test]
fn an_allow_comment_in_a_member_counts() {
    let workspace = Workspace::new();
    let line = format!("KEY={} # jvxleaks:allow jourvex-key -- a sample\n", key(10));
    workspace.file("a.tar", tar(&[(".env", line.as_bytes())]));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. 1 suppressed. Read 1 file, 2.0 kB, and 1 archive member. Took [N] ms.
    ");
}

#[test]
fn standard_input_can_be_an_archive() {
    let workspace = Workspace::new();
    let output = workspace.run_with_input(&["scan", "-", "-f", "jsonl"], gz(&env(11)));
    assert!(output.contains(r#""path":"<stdin>!/<stdin>""#), "{output}");
}

/// A finding whose place needs care in every format.
fn awkward() -> Workspace {
    let workspace = Workspace::new();
    let name = "../a b/\u{1b}[2J,\u{fc}:%.env";
    workspace.file("my files/out er.zip", zip(&[(name, &env(20))]));
    workspace
}

#[test]
fn every_format_names_the_member() {
    let workspace = awkward();
    insta::assert_snapshot!(workspace.run(&["scan"]), @r#"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> my files/out er.zip!/a b/\x1b[2J,ü:%.env:2:5
      |
    2 | KEY=jvx_live_XEzR...
      |     ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = in the archive my files/out er.zip
      = instead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=
      = rotate: Settings -> API Access, the key with prefix jvx_live_XEzR...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 67aa3d5a68cb467e11e79bad08e5ac2e -- REASON

    --- stderr
    1 finding (1 error). Read 1 file, 197 bytes, and 1 archive member. Took [N] ms.
    "#);
    insta::assert_snapshot!(workspace.run(&["scan", "-f", "github"]), @r#"
    exit 1
    --- stdout
    ::error file=my files/out er.zip,line=1,title=jourvex-key::Live Jourvex API key (jvx_live_XEzR...) in my files/out er.zip!/a b/\x1b[2J,ü:%25.env:2:5%0Ainstead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=%0Arotate: Settings -> API Access, the key with prefix jvx_live_XEzR...; the old key dies at once, the new one is shown once%0Asilence: jvxleaks allow 67aa3d5a68cb467e11e79bad08e5ac2e -- REASON
    --- stderr
    "#);
    insta::assert_snapshot!(workspace.run(&["scan", "-f", "markdown"]), @r"
    exit 1
    --- stdout
    ## jvxleaks

    1 finding (1 error). Read 1 file, 197 bytes, and 1 archive member.

    | Severity | Rule | Places | What | Secret | Fingerprint | Do |
    | --- | --- | --- | --- | --- | --- | --- |
    | critical | `jourvex-key` | `my files/out er.zip!/a b/\x1b[2J,ü:%.env:2:5` | Live Jourvex API key | `jvx_live_XEzR...` | `67aa3d5a68cb467e11e79bad08e5ac2e` | `instead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=`<br>`rotate: Settings -> API Access, the key with prefix jvx_live_XEzR...; the old key dies at once, the new one is shown once` |

    To silence a false alarm: `jvxleaks allow FINGERPRINT -- REASON`, and commit the entry. In a pull request it counts at once.
    --- stderr
    ");
    let sarif = workspace.json(&["scan", "-f", "sarif"]);
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    insta::assert_snapshot!(format!("{place:#}"), @r#"
    {
      "artifactLocation": {
        "uri": "my%20files/out%20er.zip%21/a%20b/%1B%5B2J%2C%C3%BC%3A%25.env",
        "uriBaseId": "%SRCROOT%"
      },
      "region": {
        "endColumn": 46,
        "startColumn": 5,
        "startLine": 2
      }
    }
    "#);
    let json = workspace.json(&["scan", "-f", "json"]);
    let finding = &json["findings"][0];
    let fields = ["path", "line", "column", "origin", "derived_from"];
    let fields = fields.map(|name| format!("{name}: {}", finding[name]));
    insta::assert_snapshot!(fields.join("\n"), @r#"
    path: "my files/out er.zip!/a b/\u001b[2J,ü:%.env"
    line: 2
    column: 5
    origin: {"kind":"file"}
    derived_from: {"column":1,"kind":"archive","line":1,"path":"my files/out er.zip"}
    "#);
}

#[test]
fn exceptions_name_a_member_by_either_path() {
    let workspace = Workspace::new();
    workspace.file("a.zip", zip(&[("conf/x.env", &env(21))]));
    let report = workspace.json(&["scan", "-f", "json"]);
    let id = report["findings"][0]["fingerprint"].as_str().unwrap();
    let exits = [
        "a.zip!/conf/x.env",
        "a.zip!",
        "conf/",
        "/conf/*.env",
        "other/",
    ]
    .map(|path| {
        let entry = format!(
            "[[allow]]\nfingerprint = \"{id}\"\nreason = \"a sample\"\npath = \"{path}\"\n"
        );
        workspace.file(".jvxleaks.toml", entry);
        let output = workspace.command(&["scan"]).output().unwrap();
        format!("{path} {:?}", output.status.code())
    });
    insta::assert_snapshot!(exits.join("\n"), @"
    a.zip!/conf/x.env Some(0)
    a.zip! Some(0)
    conf/ Some(0)
    /conf/*.env Some(0)
    other/ Some(1)
    ");
}

#[test]
fn an_ignore_file_names_a_member_as_gitleaks_does() {
    let workspace = Workspace::new();
    workspace
        .file("a.zip", zip(&[("b.tar", &tar(&[("x.env", &env(26))]))]))
        .file(".gitleaksignore", "a.zip!b.tar!x.env:jourvex-key:2\n");
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. 1 suppressed. Read 2 files, 257 bytes, and 2 archive members. Took [N] ms.
    ");
}

#[test]
fn a_baseline_holds_what_is_in_archives() {
    let workspace = Workspace::new();
    workspace.file("a.zip", zip(&[("x.env", &env(22))]));
    insta::assert_snapshot!(workspace.run(&["baseline", "create", "--yes"]), @"
    exit 0
    --- stdout
    --- stderr
      3469ed279e714e4f858184e5dee4b214 jourvex-key jvx_live_6mYB... in a.zip!/x.env:2
    .jvxleaks-baseline: 1 finding accepted
    ");
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. 1 suppressed. Read 2 files, 399 bytes, and 1 archive member. Took [N] ms.
    ");
}

#[test]
fn staged_and_range_open_archives() {
    let repo = Repo::new();
    repo.commit("first");
    repo.write("a.zip", zip(&[("x.env", &env(23))]));
    repo.git("add -A");
    assert_eq!(repo.scan("staged --format json").places(), ["a.zip!/x.env"]);
    let commit = repo.commit("second");
    assert_eq!(
        repo.scan("range HEAD^..HEAD --format json").places(),
        [format!("a.zip!/x.env {commit}")]
    );
}

#[test]
fn history_opens_archives_and_says_where_in_them_a_key_was() {
    let repo = Repo::new();
    repo.write("a.tgz", gz(&tar(&[("b/x.env", &env(24)), ("c", b"text")])));
    let commit = repo.commit("add");
    repo.git("rm -q a.tgz");
    repo.write("cut.zip", &zip(&[("x", b"text")])[..40]);
    repo.write("deep.zip", nested(9, b"text"));
    repo.commit("remove");
    let scan = repo.scan("history --format json");
    assert_eq!(scan.places(), [format!("a.tgz!/b/x.env {commit}")]);
    let report = scan.json();
    let key = &report["keys"][0];
    let seen =
        ["first_seen", "removed_in"].map(|at| format!("{}:{}", key[at]["path"], key[at]["line"]));
    assert_eq!(seen, ["\"a.tgz!/b/x.env\":2", "\"a.tgz!/b/x.env\":2"]);
    let unread = ["skipped", "faults"].map(|list| report[list].to_string());
    insta::assert_snapshot!(unread.join("\n"), @r#"
    [{"path":"cut.zip","what":"broken archive"}]
    [{"path":"deep.zip!/8.zip!/7.zip!/6.zip!/5.zip!/4.zip!/3.zip!/2.zip!/1.zip","what":"an archive in 8 others, and no more than 8 are opened; unpack the archive and scan the folder"}]
    "#);
    assert_eq!(scan.exit, Some(2));
}

/// An archive in an archive, and so on.
pub(crate) fn nested(depth: usize, content: &[u8]) -> Vec<u8> {
    (0..depth).fold(content.to_vec(), |bytes, n| {
        zip(&[(format!("{n}.zip").as_str(), &bytes)])
    })
}
