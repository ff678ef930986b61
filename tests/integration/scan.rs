//! What is read, and where findings are said to be.

use crate::repo::Repo;
use crate::workspace::{Workspace, key, token};
use insta::assert_snapshot;

#[test]
fn the_first_command_finds_a_key() {
    let here = Workspace::new();
    let line = format!("  headers: {{ Authorization: \"Bearer {}\" }},\n", key(1));
    here.file(
        "src/client.ts",
        format!("export const f = () => get(url, {{\n{line}}});\n"),
    );
    here.file(
        "README.md",
        "Set JOURVEX_API_KEY=jvx_live_... on the server.\n",
    );
    assert_snapshot!(here.run(&["scan"]), @r#"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> src/client.ts:2:37
      |
    2 |   headers: { Authorization: "Bearer jvx_live_zEGC..." },
      |                                     ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = instead: read process.env.JOURVEX_API_KEY
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: put `// jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    --- stderr
    1 finding (1 error). Read 2 files, 168 bytes. Took [N] ms.
    "#);
}

#[test]
fn a_clean_folder_says_how_much_was_read() {
    let here = Workspace::new();
    here.file("a.txt", "nothing\n").file("b/c.txt", "here\n");
    assert_snapshot!(here.run(&["scan"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. Read 2 files, 13 bytes. Took [N] ms.
    ");
}

#[test]
fn hidden_files_are_read_and_git_is_not() {
    let here = Workspace::new();
    here.file(".env", key(1)).file(".github/ci.yml", key(2));
    here.file(".git/config", key(3))
        .file("sub/.git/config", key(4));
    assert_eq!(
        here.places(&["scan"]),
        ["jourvex-key .env:1:1", "jourvex-key .github/ci.yml:1:1"]
    );
}

#[test]
fn ignored_files_are_left_out_until_asked_for() {
    let here = Workspace::new();
    here.file(".gitignore", "dist\n.env\n")
        .file("dist/app.js", key(1))
        .file(".env", key(2));
    here.file(".git/HEAD", "ref: refs/heads/main\n");
    assert!(here.places(&["scan"]).is_empty());
    let both = ["jourvex-key .env:1:1", "jourvex-key dist/app.js:1:1"];
    assert_eq!(here.places(&["scan", "--no-ignore"]), both);
    assert_eq!(here.places(&["scan", ".env"]), both[..1]);
    assert_eq!(here.places(&["scan", "dist"]), ["jourvex-key app.js:1:1"]);
}

#[test]
fn what_git_tracks_is_read_though_an_ignore_file_hides_it() {
    let repo = Repo::new();
    repo.write(".gitignore", ".env\nlogs\n");
    repo.write("app/.env", key(1));
    repo.write("logs/deep/a.log", key(2));
    repo.write("logs/gone.log", key(3));
    repo.git("add -f .");
    repo.write("logs/untracked.log", key(4));
    std::fs::remove_file(repo.path().join("logs/gone.log")).unwrap();
    let found = |folder: &str, words: &str| {
        let scan = repo.scan_in(&repo.path().join(folder), words);
        (scan.exit, scan.places().join(" "))
    };
    assert_eq!(
        found("", "scan --format json"),
        (Some(1), "app/.env logs/deep/a.log".to_owned())
    );
    assert_eq!(
        found("app", "scan --format json"),
        (Some(1), ".env".to_owned())
    );
    assert_eq!(
        found("", "scan --no-ignore --format json").1,
        "app/.env logs/deep/a.log logs/untracked.log"
    );
    std::fs::write(repo.path().join(".git/index"), "DIRC").unwrap();
    let scan = repo.scan("scan --format json");
    assert_eq!(scan.exit, Some(2));
    assert!(scan.faults().contains("--no-ignore"), "{}", scan.faults());
}

#[test]
fn standard_input_is_a_file_of_its_own() {
    let here = Workspace::new();
    let input = format!("first\nkey = '{}'\n", key(1));
    assert_snapshot!(here.run_with_input(&["scan", "-"], input), @r#"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> <stdin>:2:8
      |
    2 | key = 'jvx_live_zEGC...'
      |        ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = instead: read JOURVEX_API_KEY from the environment of your server
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: in .jvxleaks.toml, [[allow]] fingerprint = "649bd9f1fa20768fe9ad1fae7a267d94", reason = "..."

    --- stderr
    1 finding (1 error). Read 1 file, 56 bytes. Took [N] ms.
    "#);
}

#[test]
fn paths_in_json_are_the_same_from_wherever_the_folder_is_named() {
    let here = Workspace::new();
    here.file("repo/src/a.py", format!("K = '{}'\n", key(1)));
    let absolute = here.path("repo");
    let absolute = here.places(&["scan", absolute.to_str().unwrap()]);
    assert_eq!(absolute, ["jourvex-key src/a.py:1:6"]);
    let mut inside = here.command(&["scan", ".", "-f", "jsonl"]);
    let inside = inside.current_dir(here.path("repo")).output().unwrap();
    let inside = String::from_utf8(inside.stdout).unwrap();
    assert!(inside.contains("\"path\":\"src/a.py\""), "{inside}");
    assert_eq!(here.places(&["scan", "repo"]), ["jourvex-key src/a.py:1:6"]);
    assert_eq!(
        here.places(&["scan", "repo/src/a.py"]),
        ["jourvex-key repo/src/a.py:1:6"]
    );
}

#[test]
fn the_report_does_not_depend_on_the_number_of_threads() {
    let here = Workspace::new();
    for n in 0..200 {
        here.file(format!("d{}/f{n}.txt", n % 7), format!("a\nb {}\n", key(n)));
    }
    let report = |jobs| here.command(&["scan", "-j", jobs]).output().unwrap().stdout;
    assert_eq!(report("1"), report("64"));
    assert_eq!(here.places(&["scan"]).len(), 200);
}

#[test]
fn every_kind_of_bytes_is_ordinary_input() {
    let here = Workspace::new();
    here.file("crlf.txt", format!("a\r\nk={}\r\n", key(1)));
    here.file("nul.bin", format!("\0\0k={}\0\0", key(2)));
    here.file("latin1.txt", [b"cl\xE9: ", key(3).as_bytes()].concat());
    here.file("no-newline.txt", key(4));
    here.file("empty.txt", "");
    here.file("bom.txt", [b"\xEF\xBB\xBF", key(5).as_bytes()].concat());
    here.file("with space/a b.txt", key(6));
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    here.file(
        "utf16.txt",
        [&[0xFF, 0xFE][..], &utf16(&format!("é\nk={}\n", key(7)))].concat(),
    );
    here.file("bare16.txt", utf16(&format!("some text\nk={}\n", key(8))));
    assert_snapshot!(here.places(&["scan"]).join("\n"), @"
    jourvex-key bare16.txt:2:3
    jourvex-key bom.txt:1:1
    jourvex-key crlf.txt:2:3
    jourvex-key latin1.txt:1:6
    jourvex-key no-newline.txt:1:1
    jourvex-key nul.bin:1:5
    jourvex-key utf16.txt:2:3
    jourvex-key with space/a b.txt:1:1
    ");
}

#[test]
fn a_file_of_two_encodings_is_read_as_one_text() {
    let here = Workspace::new();
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let wide = |n| utf16(&format!("k={}\r\n", key(n)));
    let hex: String = key(3).bytes().map(|b| format!("{b:02x}")).collect();
    let token = &key(4)["jvx_live_".len()..];
    let narrow = format!("a={}\nb = {hex}\nAuthorization: Bearer {token}\n", key(2));
    let mark = utf16("\u{feff}");
    here.file(
        "appended.txt",
        [&mark[..], &wide(1), narrow.as_bytes(), b"odd\n", &wide(5)].concat(),
    );
    here.file("marked.txt", [&mark[..], narrow.as_bytes()].concat());
    let header = utf16(&format!("Authorization: Bearer {token}\r\n"));
    here.file(
        "wide-behind.txt",
        [&b"a line\n"[..], &header, &wide(6)].concat(),
    );
    let rest = "a line without anything\n".repeat(20_000);
    here.file(
        "large.log",
        [rest.as_bytes(), &header, rest.as_bytes(), &wide(7)].concat(),
    );
    assert_snapshot!(here.places(&["scan"]).join("\n"), @"
    jourvex-key appended.txt:1:3
    jourvex-key appended.txt:2:3
    jourvex-key appended.txt:3:5
    authorization-header appended.txt:4:23
    jourvex-key appended.txt:6:3
    authorization-header large.log:20001:23
    jourvex-key large.log:40002:3
    jourvex-key marked.txt:1:3
    jourvex-key marked.txt:2:5
    authorization-header marked.txt:3:23
    authorization-header wide-behind.txt:2:23
    jourvex-key wide-behind.txt:3:3
    ");
}

#[test]
fn columns_are_right_in_a_line_of_over_a_megabyte() {
    let here = Workspace::new();
    let half = "x,".repeat(300_000);
    here.file("min.js", format!("{half}\"{}\"{half}", key(1)));
    assert_eq!(here.places(&["scan"]), ["jourvex-key min.js:1:600002"]);
}

#[test]
fn several_keys_on_a_line_are_several_findings() {
    let here = Workspace::new();
    here.file("a.txt", format!("{} {};{}\n", key(1), key(2), key(1)));
    assert_eq!(
        here.places(&["scan"]),
        [
            "jourvex-key a.txt:1:1",
            "jourvex-key a.txt:1:43",
            "jourvex-key a.txt:1:85"
        ]
    );
}

#[test]
fn a_key_that_was_given_a_name_is_a_key_and_an_identifier_is_none() {
    let here = Workspace::new();
    here.file("a.py", format!("k = 'prod_{}'\n", key(1)));
    let words = "jvx_live_stream_handler_for_the_update_page";
    here.file("b.py", format!("def my_{words}(): pass\n"));
    here.file("c.py", format!("my_jvx_live_{} = 1\n", token(1, 20)));
    assert_eq!(here.places(&["scan"]), ["jourvex-key a.py:1:11"]);
}

#[test]
fn a_key_in_pieces_is_found_though_a_string_that_stands_for_itself_follows() {
    let here = Workspace::new();
    let digits = token(1, 20);
    let hex = |b: u8| char::from_digit(u32::from(b) % 16, 16);
    let body: String = digits.bytes().filter_map(hex).collect();
    let line = format!("f('jvx_' 'live_' '{body}' 'AuthorizationOfTheFirstRequestOfTheDay')\n");
    here.file("a.py", line);
    assert_eq!(here.places(&["scan"]), ["jourvex-key a.py:1:4"]);
}

/// What the first quote opens and `%` fills is longer than the first key and gives way to the second.
#[test]
fn a_key_stays_though_a_longer_reading_of_it_gives_way_to_another_key() {
    let here = Workspace::new();
    let line = format!("k = '{}' # {}urvex\n%\"x\n", key(1), key(2));
    here.file("a.py", line);
    assert_eq!(
        here.places(&["scan"]),
        ["jourvex-key a.py:1:6", "jourvex-key a.py:1:51"]
    );
}

#[test]
fn a_key_in_a_header_is_one_finding() {
    let here = Workspace::new();
    here.file(
        "a.sh",
        format!("curl -H 'Authorization: Bearer {}'\n", key(1)),
    );
    assert_eq!(here.places(&["scan"]), ["jourvex-key a.sh:1:32"]);
}

#[test]
fn severity_depends_on_the_kind_of_file_and_reporting_does_not() {
    let here = Workspace::new();
    for path in ["src/a.py", "README.md", "tests/test_a.py", "yarn.lock"] {
        let header = format!("Authorization: Bearer {}", token(2, 40));
        here.file(path, format!("{}\n{header}\n", key(1)));
    }
    let report = here.json(&["scan", "--format", "json"]);
    let severities = report["findings"].as_array().unwrap().iter();
    let severities: Vec<_> = severities
        .map(|f| format!("{} {}", f["path"], f["severity"]))
        .collect();
    assert_snapshot!(severities.join("\n"), @r#"
    "README.md" "critical"
    "README.md" "medium"
    "src/a.py" "critical"
    "src/a.py" "high"
    "tests/test_a.py" "critical"
    "tests/test_a.py" "medium"
    "yarn.lock" "critical"
    "yarn.lock" "medium"
    "#);
}

#[test]
fn findings_below_a_level_can_be_left_out_or_forgiven() {
    let here = Workspace::new();
    here.file(
        "README.md",
        format!("Authorization: Bearer {}\n", token(1, 40)),
    );
    let code = |args: &[&str]| here.command(args).output().unwrap().status.code();
    assert_eq!(code(&["scan"]), Some(0));
    assert_eq!(code(&["scan", "--fail-on", "medium"]), Some(1));
    assert_eq!(code(&["scan", "--fail-on", "high"]), Some(0));
    let fails = ["scan", "--fail-on", "medium"];
    for more in [&["--severity", "high"][..], &["--exit-zero"]] {
        assert_eq!(code(&[&fails[..], more].concat()), Some(0));
    }
    here.file(".jvxleaks.toml", "fail-on = 'low'\n");
    assert_eq!(code(&["scan"]), Some(1));
}

#[test]
fn a_warning_says_which_kind_of_place_makes_it_one_and_fails_nothing() {
    let here = Workspace::new();
    here.file(
        "README.md",
        format!("Authorization: Bearer {}\n", token(1, 40)),
    );
    assert_snapshot!(here.run(&["scan"]), @"
    exit 0
    --- stdout
    warning[authorization-header]: Hardcoded credential in an Authorization header in documentation
     --> README.md:1:23
      |
    1 | Authorization: Bearer zEGC...
      |                       ^^^^^^^ a warning, because it is in documentation
      |
      = instead: write a placeholder: <token>
      = rotate: revoke it at its issuer and make a new one, if this was ever pushed
      = silence: put `<!-- jvxleaks:allow authorization-header -- reason -->` above the line, or: jvxleaks allow ecbbb4334ad7a2f2e6a0b3990cf89e88 -- REASON

    --- stderr
    1 finding (1 warning). Read 1 file, 63 bytes. Took [N] ms.
    ");
    assert_snapshot!(here.run(&["scan", "--format", "github"]), @"
    exit 0
    --- stdout
    ::warning file=README.md,line=1,col=23,title=authorization-header::Hardcoded credential in an Authorization header in documentation (zEGC...)%0Ainstead: write a placeholder: <token>%0Arotate: revoke it at its issuer and make a new one, if this was ever pushed%0Asilence: put `<!-- jvxleaks:allow authorization-header -- reason -->` above the line, or: jvxleaks allow ecbbb4334ad7a2f2e6a0b3990cf89e88 -- REASON
    --- stderr
    ");
}

#[test]
fn verbose_says_why_something_is_taken_for_harmless() {
    let here = Workspace::new();
    here.file(
        "a.md",
        "key: jvx_live_YOUR_KEY_HERE\nAuthorization: Bearer ${TOKEN}\n",
    );
    assert_snapshot!(here.run(&["scan", "-v"]), @"
    exit 0
    --- stdout
    dropped: a.md:1:6 jourvex-key: made of words
    dropped: a.md:2:23 authorization-header: interpolated: ${...}
    --- stderr
    No findings. Read 1 file, 59 bytes. Took [N] ms.
    ");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_not_followed_and_their_targets_are_read_as_text() {
        let here = Workspace::new();
        here.file("outside/secret.txt", key(1))
            .file("repo/a.txt", "nothing");
        symlink("../outside", here.path("repo/out")).unwrap();
        symlink(".", here.path("repo/loop")).unwrap();
        symlink(key(2), here.path("repo/link")).unwrap();
        assert_eq!(here.places(&["scan", "repo"]), ["jourvex-key link:1:1"]);
        assert_eq!(
            here.places(&["scan", "repo/out"]),
            ["jourvex-key secret.txt:1:1"]
        );
    }

    #[test]
    fn fifos_are_skipped_and_a_named_one_is_a_fault() {
        let here = Workspace::new();
        here.file("a.txt", key(1));
        let fifo = here.path("pipe");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        assert_snapshot!(here.run(&["scan", "--format", "github"]), @"
        exit 1
        --- stdout
        ::error file=a.txt,line=1,col=1,title=jourvex-key::Live Jourvex API key (jvx_live_zEGC...)%0Ainstead: read JOURVEX_API_KEY from the environment of your server%0Arotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once%0Asilence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON
        --- stderr
        ");
        assert_snapshot!(here.run(&["scan", "pipe"]), @"
        exit 2
        --- stdout
        not read: pipe: not a regular file; pipe it through standard input: jvxleaks scan -
        --- stderr
        No findings in what was read; 1 input was not read (pipe: not a regular file; pipe it through standard input: jvxleaks scan -). Read 0 files, 0 bytes. Took [N] ms.
        ");
    }

    #[test]
    fn any_file_name_will_do() {
        let here = Workspace::new();
        let name = std::ffi::OsStr::from_bytes(b"bad\xFFname\n.txt");
        here.file(name, key(1));
        assert_snapshot!(here.run(&["scan"]), @r"
        exit 1
        --- stdout
        error[jourvex-key]: Live Jourvex API key
         --> bad�name\n.txt:1:1
          |
        1 | jvx_live_zEGC...
          | ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
          |
          = instead: read JOURVEX_API_KEY from the environment of your server
          = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
          = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

        --- stderr
        1 finding (1 error). Read 1 file, 41 bytes. Took [N] ms.
        ");
    }
}

#[test]
fn a_key_that_is_encoded_whole_is_found_where_nothing_else_speaks_of_it() {
    let here = Workspace::new();
    let key = key(1);
    let each = |write: fn(u8) -> String, between: &str| {
        let bytes: Vec<_> = key.bytes().map(write).collect();
        bytes.join(between)
    };
    let decimal = |byte: u8| byte.to_string();
    here.file("a.js", format!("k = f({})\n", each(decimal, ", ")))
        .file("b.js", format!("k=f({})\n", each(decimal, ",")))
        .file("c.h", each(|byte| format!("0x{byte:02x}"), ", "))
        .file("d.h", each(|byte| format!("0x{byte:02X}"), ","))
        .file(
            "e.json",
            format!("\"{}\"", each(|byte| format!("\\u{byte:04x}"), "")),
        )
        .file(
            "f.mjs",
            format!("\"{}\"", each(|byte| format!("\\x{byte:02X}"), "")),
        )
        .file("g.txt", each(|byte| format!("%{byte:02X}"), ""))
        .file(
            "h.py",
            format!("k = '{}'", each(|byte| format!("{byte:02x}"), "")),
        )
        .file("i.html", each(|byte| format!("&#{byte};"), ""))
        .file(
            "j.c",
            format!(
                "char k[] = {{ '{}' }};",
                each(|byte| char::from(byte).to_string(), "', '")
            ),
        )
        .file("k.html", key.replace('_', "&#95;"));
    let places = here.places(&["scan"]);
    let files = places
        .iter()
        .filter_map(|place| place.split([' ', ':']).nth(1));
    let files: Vec<&str> = files.collect();
    assert_eq!(
        files,
        [
            "a.js", "b.js", "c.h", "d.h", "e.json", "f.mjs", "g.txt", "h.py", "i.html", "j.c",
            "k.html"
        ]
    );
}
