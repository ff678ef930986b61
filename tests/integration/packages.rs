//! `jvxleaks package`: what would be published is read, and nothing else.

use crate::archives::{env, gz, tar, zip};
use crate::repo::Repo;
use crate::workspace::{Workspace, key};

const PACKAGE: &str = r#"{"name": "shop", "version": "1.0.0"}"#;

#[test]
fn a_key_that_npm_would_publish_is_found_and_said_to_be_for_all() {
    let workspace = Workspace::new();
    workspace
        .file("package.json", PACKAGE)
        .file(".gitignore", "build/\n")
        .file(".env", env(950))
        .file(
            ".npmrc",
            format!("//registry.npmjs.org/:_authToken={}", key(951)),
        )
        .file("node_modules/dep/.env", env(952))
        .file("build/a.js", format!("k = '{}'", key(953)));
    insta::assert_snapshot!(workspace.run(&["package", "npm"]), @"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> .env:2:5
      |
    2 | KEY=jvx_live_eYxh...
      |     ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = instead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=
      = rotate: Settings -> API Access, the key with prefix jvx_live_eYxh...; the old key dies at once, the new one is shown once
      = silence: put `# jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow 781082603e54de78312c49c202b84a02 -- REASON

    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 2 files, 93 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "--list"]), @"
    exit 0
    --- stdout
    .env
    package.json
    --- stderr
    ");
}

#[test]
fn what_npm_takes_although_git_ignores_it_is_read() {
    let workspace = Workspace::new();
    let package = r#"{"name": "shop", "version": "1.0.0", "files": ["dist", "!**/*.map"], "main": "./lib/index.js", "scripts": {"prepack": "touch ran"}}"#;
    workspace
        .file("pkg/package.json", package)
        .file("pkg/.gitignore", "dist\n")
        .file("pkg/dist/settings.env", env(954))
        .file("pkg/dist/a.js.map", format!("k = '{}'", key(955)))
        .file("pkg/lib/index.js", "x")
        .file("pkg/lib/other.js", "x")
        .file("pkg/src/.env", env(956));
    insta::assert_snapshot!(workspace.run(&["package", "npm", "pkg", "-f", "concise"]), @"
    exit 1
    --- stdout
    pkg/dist/settings.env:2:5: critical[jourvex-key] Live Jourvex API key 976fce4cc60b7410e7bc3b71df8c8e05
    note: package.json: npm runs `prepack` before it packs; nothing is run here, so run it first
    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 2 files, 188 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "pkg", "--list"]), @"
    exit 0
    --- stdout
    dist/settings.env
    package.json
    --- stderr
    jvxleaks: package.json: npm runs `prepack` before it packs; nothing is run here, so run it first
    ");
    assert!(!workspace.path("ran").exists() && !workspace.path("pkg/ran").exists());
}

#[test]
fn what_cargo_would_publish_is_read() {
    let repo = Repo::new();
    let manifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nexclude = [\"/docs\"]\n";
    for (name, text) in [
        ("Cargo.toml", manifest.to_owned()),
        (".gitignore", "/target\n.env\n".to_owned()),
        ("src/lib.rs", format!("const K: &str = \"{}\";", key(960))),
        ("docs/a.env", format!("K={}", key(961))),
        ("nested/Cargo.toml", manifest.to_owned()),
        (
            "nested/src/lib.rs",
            format!("const K: &str = \"{}\";", key(962)),
        ),
    ] {
        repo.write(name, text);
    }
    repo.commit("first");
    repo.write(".env", env(963));
    repo.write("target/debug/x.env", env(964));
    repo.write("later.rs", format!("const K: &str = \"{}\";", key(965)));
    let list = repo.scan("package cargo --list");
    insta::assert_snapshot!(list.stdout, @"
    .gitignore
    Cargo.toml
    later.rs
    src/lib.rs
    ");
    let found = repo.scan("package cargo -f concise");
    assert_eq!(found.exit, Some(1));
    insta::assert_snapshot!(found.stdout, @"
    later.rs:1:18: critical[jourvex-key] Live Jourvex API key 48fa52558a25d3c0df0af2e6e64d7e8f
    src/lib.rs:1:18: critical[jourvex-key] Live Jourvex API key f34f6749b0d87e0d7b2cabeec9d97362
    ");
}

#[test]
fn archives_that_were_built_are_read_as_they_are() {
    let workspace = Workspace::new();
    let files = env(970);
    let members: &[(&str, &[u8])] = &[("shop-1.0/.env", &files)];
    workspace
        .file("python/dist/shop-1.0.tar.gz", gz(&tar(members)))
        .file(
            "python/dist/shop-1.0-py3-none-any.whl",
            zip(&[("shop/.env", &env(971))]),
        )
        .file("python/dist/notes.txt", key(972))
        .file("python/.env", env(973))
        .file("shop-1.0.0.tgz", gz(&tar(members)));
    insta::assert_snapshot!(workspace.run(&["package", "pypi", "python", "-f", "concise"]), @"
    exit 1
    --- stdout
    python/dist/shop-1.0-py3-none-any.whl!/shop/.env:2:5: critical[jourvex-key] Live Jourvex API key 41a542a2d52f6c161f665111da39c329
    python/dist/shop-1.0.tar.gz!/shop-1.0/.env:2:5: critical[jourvex-key] Live Jourvex API key 00dabe4a3f21e4a7f1b20d0f562a883a
    --- stderr
    2 findings (2 errors). Everyone who installs the package can read that. Read 2 files, 318 bytes, and 2 archive members. Took [N] ms.
    ");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "shop-1.0.0.tgz", "-f", "concise"]), @"
    exit 1
    --- stdout
    shop-1.0.0.tgz!/shop-1.0/.env:2:5: critical[jourvex-key] Live Jourvex API key 00dabe4a3f21e4a7f1b20d0f562a883a
    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 1 file, 143 bytes, and 1 archive member. Took [N] ms.
    ");
}

#[test]
fn a_source_archive_is_told_by_settings_where_the_backend_has_no_say() {
    let workspace = Workspace::new();
    let project = |backend: &str, more: &str| {
        format!(
            "[build-system]\nbuild-backend = \"{backend}\"\n[project]\nname = \"shop\"\nversion = \"1\"\nreadme = \"README.md\"\n{more}"
        )
    };
    let hatch =
        "[tool.hatch.build.targets.sdist]\nexclude = [\"/docs\"]\nartifacts = [\"made.py\"]\n";
    workspace
        .file("hatch/pyproject.toml", project("hatchling.build", hatch))
        .file("hatch/.gitignore", "secret.env\nmade.py\n")
        .file("hatch/README.md", "")
        .file("hatch/secret.env", env(980))
        .file("hatch/made.py", "")
        .file("hatch/tests/.env", env(981))
        .file("hatch/docs/a.md", "")
        .file("hatch/shop/__pycache__/a.pyc", "")
        .file("flit/pyproject.toml", project("flit_core.buildapi", ""))
        .file("flit/README.md", "")
        .file("flit/LICENSE", "")
        .file("flit/src/shop/__init__.py", "")
        .file("flit/src/shop/.env", env(982))
        .file("flit/tests/a.py", "")
        .file("other/pyproject.toml", project("setuptools.build_meta", ""));
    for (name, backend) in [("own", "hatchling.build"), ("custom", "flit_core.buildapi")] {
        let more = "[tool.hatch.build.hooks.custom]\n[tool.flit.sdist]\ninclude = [\"a\"]\n";
        workspace.file(format!("{name}/pyproject.toml"), project(backend, more));
    }
    let list = |folder: &str| workspace.run(&["package", "pypi", folder, "--list"]);
    insta::assert_snapshot!(list("hatch"), @"
    exit 0
    --- stdout
    .gitignore
    README.md
    made.py
    pyproject.toml
    tests/.env
    --- stderr
    jvxleaks: dist/ holds no archive: this is what a source archive would hold, as pyproject.toml says
    ");
    insta::assert_snapshot!(list("flit"), @"
    exit 0
    --- stdout
    LICENSE
    README.md
    pyproject.toml
    src/shop/.env
    src/shop/__init__.py
    --- stderr
    jvxleaks: dist/ holds no archive: this is what a source archive would hold, as pyproject.toml says
    ");
    let refused = ["other", "own", "custom", "absent"].map(list);
    insta::assert_snapshot!(refused.join(""), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: other: no archive in dist/, and only a build tells what setuptools.build_meta puts into one; type `python -m build`, then `jvxleaks package pypi` again
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: own: no archive in dist/, and tool.hatch.build has `hooks`, which is not followed here; type `python -m build`, then `jvxleaks package pypi` again
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: custom: no archive in dist/, and tool.flit has settings that are not followed here; type `python -m build`, then `jvxleaks package pypi` again
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: absent: no such folder; check the path
    ");
    insta::assert_snapshot!(workspace.run(&["package", "pypi", "flit", "-f", "concise"]), @"
    exit 1
    --- stdout
    flit/src/shop/.env:2:5: critical[jourvex-key] Live Jourvex API key 99bc13d81ce8e0888feb81fa7fc88890
    note: dist/ holds no archive: this is what a source archive would hold, as pyproject.toml says
    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 5 files, 168 bytes. Took [N] ms.
    ");
}

/// What cannot be told is an error, and takes nothing with it that can.
#[test]
fn a_package_that_cannot_be_told_is_an_error() {
    let workspace = Workspace::new();
    let groups = r#"{"name": "shop", "version": "1.0.0", "files": ["lib/*.@(js|ts)", ".env"]}"#;
    workspace
        .file("groups/package.json", groups)
        .file("groups/.env", env(990))
        .file("broken/package.json", "{")
        .file("none/readme", "")
        .file("virtual/Cargo.toml", "[workspace]\nmembers = []\n")
        .file("wrong/Cargo.toml", "[package\n");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "groups", "-f", "concise"]), @"
    exit 2
    --- stdout
    groups/.env:2:5: critical[jourvex-key] Live Jourvex API key d609fa7ab0c53ac0e6626fe3b835e771
    not read: groups: the pattern `!lib/*.@(js|ts)` is not understood; run `npm pack` and scan the .tgz file that it writes
    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 2 files, 130 bytes. Not read: 1 input (groups: the pattern `!lib/*.@(js|ts)` is not understood; run `npm pack` and scan the .tgz file that it writes). Took [N] ms.
    ");
    let all = [
        ("npm", "broken"),
        ("npm", "none"),
        ("cargo", "none"),
        ("cargo", "virtual"),
        ("cargo", "wrong"),
        ("pypi", "none"),
        ("npm", "absent"),
    ];
    let all = all.map(|(kind, folder)| workspace.run(&["package", kind, folder]));
    insta::assert_snapshot!(all.join(""), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: broken/package.json: no JSON: EOF while parsing an object at line 1 column 1; npm would not publish it either
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: none/package.json: not there; name the folder of an npm package, or a .tgz file of `npm pack`
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: none/Cargo.toml: not there; name the folder of a crate, or a .crate file of `cargo package`
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: virtual/Cargo.toml: a workspace without a package of its own; name the folder of one of its crates
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: wrong/Cargo.toml: no TOML: unclosed table, expected `]`; cargo would not publish it either
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: none: no archive in dist/, and there is no pyproject.toml that says what one would hold; type `python -m build`, then `jvxleaks package pypi` again
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: absent: no such file or folder; check the path, or give `-` to read standard input
    ");
}

#[test]
fn names_of_files_are_read_and_shown_without_keys() {
    let workspace = Workspace::new();
    let name = format!("{}.txt", key(995));
    workspace
        .file("package.json", PACKAGE)
        .file(&name, "x")
        .file("a\u{1b}[2J.txt", "x");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "-f", "concise"]), @"
    exit 1
    --- stdout
    jvx_live_6B5V....txt!/(name):1:1: critical[jourvex-key] Live Jourvex API key ce78a471a871654eaa74790baa62a59d
    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 3 files, 38 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "--list"]), @r"
    exit 0
    --- stdout
    a\x1b[2J.txt
    jvx_live_6B5V....txt
    package.json
    --- stderr
    ");
}

/// npm packs what such a link leads to: `npm install file:vend/dep` and pnpm make them.
#[cfg(unix)]
#[test]
fn bundled_packages_that_are_links_are_read() {
    use std::os::unix::fs::symlink;
    let package =
        |name: &str, more: &str| format!(r#"{{"name": "{name}", "version": "1.0.0"{more}}}"#);
    let workspace = Workspace::new();
    workspace
        .file(
            "shop/package.json",
            package("shop", r#", "files": ["lib"], "dependencies": {"dep": "file:vend/dep", "far": "1", "out": "1", "gone": "1"}, "bundleDependencies": ["dep", "far", "out", "gone"]"#),
        )
        .file("shop/vend/dep/package.json", package("dep", ""))
        .file("shop/vend/dep/.env", env(900))
        .file("shop/vend/dep/.npmignore", "left.js")
        .file("shop/vend/dep/left.js", "")
        .file(
            "shop/node_modules/.pnpm/far@1/node_modules/far/package.json",
            package("far", r#", "dependencies": {"near": "1"}"#),
        )
        .file(
            "shop/node_modules/.pnpm/near@1/node_modules/near/package.json",
            package("near", ""),
        )
        .file(
            "shop/node_modules/.pnpm/near@1/node_modules/near/.env",
            env(901),
        )
        .file("elsewhere/package.json", package("out", ""));
    for (to, link) in [
        ("../vend/dep", "dep"),
        (".pnpm/far@1/node_modules/far", "far"),
        (
            "../../near@1/node_modules/near",
            ".pnpm/far@1/node_modules/near",
        ),
        ("../../elsewhere", "out"),
        ("../nothing", "gone"),
    ] {
        symlink(to, workspace.path(format!("shop/node_modules/{link}"))).unwrap();
    }
    insta::assert_snapshot!(workspace.run(&["package", "npm", "shop", "--list"]), @"
    exit 2
    --- stdout
    node_modules/.pnpm/far@1/node_modules/near/.env
    node_modules/.pnpm/far@1/node_modules/near/package.json
    node_modules/dep/.env
    node_modules/dep/package.json
    node_modules/far/package.json
    package.json
    --- stderr
    jvxleaks: node_modules/gone: a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes
    jvxleaks: node_modules/out: a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes
    ");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "shop", "-f", "concise"]), @"
    exit 2
    --- stdout
    shop/node_modules/.pnpm/far@1/node_modules/near/.env:2:5: critical[jourvex-key] Live Jourvex API key in third-party code 1c7f92d5666592e7d98a7b485a703d6e
    shop/node_modules/dep/.env:2:5: critical[jourvex-key] Live Jourvex API key in third-party code b91f8e48fd53d39f63da39716f5223fa
    not read: shop/node_modules/gone: a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes
    not read: shop/node_modules/out: a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes
    --- stderr
    2 findings (2 errors). Everyone who installs the package can read that. Read 6 files, 437 bytes. Not read: 2 inputs (shop/node_modules/gone: a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes; shop/node_modules/out: a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes). Took [N] ms.
    ");
    // In a project of workspaces it may be anywhere in that.
    workspace.file(
        "package.json",
        r#"{"name": "all", "version": "1.0.0", "workspaces": ["shop"]}"#,
    );
    insta::assert_snapshot!(workspace.run(&["package", "npm", "shop", "--list"]), @"
    exit 2
    --- stdout
    node_modules/.pnpm/far@1/node_modules/near/.env
    node_modules/.pnpm/far@1/node_modules/near/package.json
    node_modules/dep/.env
    node_modules/dep/package.json
    node_modules/far/package.json
    node_modules/out/package.json
    package.json
    --- stderr
    jvxleaks: node_modules/gone: a bundled package that is a link to nothing or out of the project; run `npm pack` and scan the .tgz file that it writes
    ");
}

/// Braces and `..` in patterns mean what they mean to npm, or are named.
#[test]
fn patterns_of_npm_with_braces_and_ways_up_are_followed_or_named() {
    let workspace = Workspace::new();
    let files = r#"{"name": "shop", "version": "1.0.0", "files": ["a/../b", "{q}", "${x}", "dist{1..2}", "a${b,c}"]}"#;
    workspace
        .file("some/package.json", files)
        .file("some/b/.env", env(910))
        .file("some/{q}", "")
        .file("some/q", "")
        .file("some/${x}", "")
        .file("some/dist1/a.js", "")
        .file(
            "all/package.json",
            r#"{"name": "shop", "version": "1.0.0", "files": ["lib/..", "!src"]}"#,
        )
        .file("all/lib/a.js", "")
        .file("all/.env", "")
        .file("ignored/package.json", PACKAGE)
        .file("ignored/.npmignore", "*\n!{a..c}.js\n")
        .file("ignored/a.js", "");
    let all = ["some", "all", "ignored"];
    let all = all.map(|folder| workspace.run(&["package", "npm", folder, "--list"]));
    insta::assert_snapshot!(all.join(""), @"
    exit 2
    --- stdout
    ${x}
    b/.env
    package.json
    {q}
    --- stderr
    jvxleaks: the pattern `!dist{1..2}` is not understood; run `npm pack` and scan the .tgz file that it writes
    jvxleaks: the pattern `!a${b,c}` is not understood; run `npm pack` and scan the .tgz file that it writes
    exit 0
    --- stdout
    .env
    lib/a.js
    package.json
    --- stderr
    exit 2
    --- stdout
    package.json
    --- stderr
    jvxleaks: the pattern `!{a..c}.js` is not understood; run `npm pack` and scan the .tgz file that it writes
    ");
}

/// `package npm package.json` would read that file alone.
#[test]
fn a_file_that_is_no_archive_is_an_error() {
    let workspace = Workspace::new();
    workspace
        .file("package.json", PACKAGE)
        .file("crates/shop/Cargo.toml", "[package]\n");
    let all = [("npm", "package.json"), ("cargo", "crates/shop/Cargo.toml")];
    let all = all.map(|(kind, file)| workspace.run(&["package", kind, file]));
    insta::assert_snapshot!(all.join(""), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: package.json: neither a folder nor an archive; type `jvxleaks package npm .` for the package in that folder
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: crates/shop/Cargo.toml: neither a folder nor an archive; type `jvxleaks package cargo crates/shop` for the package in that folder
    ");
}

/// hatchling follows them wherever they lead, and flit follows none.
#[cfg(unix)]
#[test]
fn folders_that_are_links_are_in_a_source_archive_of_hatchling() {
    use std::os::unix::fs::symlink;
    let workspace = Workspace::new();
    workspace.file("elsewhere/.env", env(920));
    for backend in ["hatchling.build", "flit_core.buildapi"] {
        let folder = &backend[..4];
        let project =
            format!("[build-system]\nbuild-backend = \"{backend}\"\n[project]\nname = \"shop\"\n");
        workspace
            .file(format!("{folder}/pyproject.toml"), project)
            .file(format!("{folder}/shop/__init__.py"), "")
            .file(format!("{folder}/ignored/a.py"), "")
            .file(format!("{folder}/.gitignore"), "/ignored/\n");
        for (to, link) in [
            ("../../elsewhere", "out"),
            ("../ignored", "taken"),
            ("..", "round"),
            (".", "again"),
        ] {
            symlink(to, workspace.path(format!("{folder}/shop/{link}"))).unwrap();
        }
    }
    let all = ["hatc", "flit"].map(|folder| workspace.run(&["package", "pypi", folder, "--list"]));
    insta::assert_snapshot!(all.join(""), @"
    exit 0
    --- stdout
    .gitignore
    pyproject.toml
    shop/__init__.py
    shop/out/.env
    shop/taken/a.py
    --- stderr
    jvxleaks: dist/ holds no archive: this is what a source archive would hold, as pyproject.toml says
    exit 0
    --- stdout
    pyproject.toml
    shop/__init__.py
    --- stderr
    jvxleaks: dist/ holds no archive: this is what a source archive would hold, as pyproject.toml says
    ");
    let found = workspace.run(&["package", "pypi", "hatc", "-f", "concise"]);
    insta::assert_snapshot!(found, @"
    exit 1
    --- stdout
    hatc/shop/out/.env:2:5: critical[jourvex-key] Live Jourvex API key ff2b113b79109f631608dfcdb940d037
    note: dist/ holds no archive: this is what a source archive would hold, as pyproject.toml says
    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 5 files, 140 bytes. Took [N] ms.
    ");
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_in_a_crate_whether_git_tracks_them_or_not() {
    let repo = Repo::new();
    let manifest =
        "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nexclude = [\"/notes\", \"/more\"]\n";
    repo.write("Cargo.toml", manifest);
    repo.write("src/lib.rs", "");
    repo.write("notes/a.env", env(980));
    repo.write("more/b.env", env(981));
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, repo.path().join(name)).unwrap();
    };
    link("notes", "tracked");
    repo.commit("first");
    link("more", "untracked");
    insta::assert_snapshot!(repo.scan("package cargo --list").stdout, @"
    Cargo.toml
    src/lib.rs
    tracked/a.env
    untracked/b.env
    ");
    link("nowhere", "lost");
    assert_eq!(repo.scan("package cargo").exit, Some(2));
}

#[test]
fn what_npm_takes_however_it_is_written_is_read() {
    let workspace = Workspace::new();
    let package = r#"{"name": "shop", "version": "1.0.0", "files": ["lib"], "bin": ["cli.js"], "dependencies": {"d": "1", "e": "1"}, "bundleDependencies": {"d": "1", "e": "1"}}"#;
    workspace
        .file("package.json", package)
        .file("cli.js", "x")
        .file("lib/.npmignore", "\u{feff}!kept.txt\n*.log\n")
        .file("lib/kept.txt", "x")
        .file("lib/a.log", "x")
        .file("node_modules/d/d.js", "x")
        .file("node_modules/d/package.json", "{}")
        .file("node_modules/e/e.js", "x");
    insta::assert_snapshot!(workspace.run(&["package", "npm", "--list"]), @"
    exit 0
    --- stdout
    cli.js
    lib/kept.txt
    node_modules/d/d.js
    node_modules/d/package.json
    node_modules/e/e.js
    package.json
    --- stderr
    ");
}

#[test]
fn what_is_called_an_archive_and_is_none_is_an_error() {
    let workspace = Workspace::new();
    workspace
        .file("dist/shop-1.0.tar.gz", "")
        .file("dist/shop-1.0-py3-none-any.whl", "junk");
    let run = workspace.run(&["package", "pypi", "-q"]);
    insta::assert_snapshot!(run, @"
    exit 2
    --- stdout
    not read: dist/shop-1.0-py3-none-any.whl: it is no archive; type `python -m build`, then `jvxleaks package pypi` again
    not read: dist/shop-1.0.tar.gz: it is no archive; type `python -m build`, then `jvxleaks package pypi` again
    --- stderr
    ");
    let workspace = Workspace::new();
    let project = "[build-system]\nbuild-backend = \"hatchling.build\"\n[project]\nname = \"shop\"\n[tool.hatch.build.targets.wheel]\nartifacts = [\"shop/gen.py\"]\n";
    workspace.file("pyproject.toml", project);
    let run = workspace.run(&["package", "pypi"]);
    let why = "tool.hatch.build.targets.wheel has `artifacts`, which is not followed here";
    assert!(run.starts_with("exit 2\n") && run.contains(why), "{run}");
}

#[test]
fn a_workspace_that_a_pattern_leaves_out_keeps_to_no_ignore_file_around_it() {
    let listed = |patterns: &str| {
        let workspace = Workspace::new();
        workspace
            .file(
                "package.json",
                format!("{{\"name\": \"all\", \"workspaces\": {patterns}}}"),
            )
            .file(".gitignore", ".env\n")
            .file("packages/a/package.json", PACKAGE)
            .file("packages/a/.env", env(970));
        let run = workspace.run(&["package", "npm", "packages/a", "--list"]);
        format!("{patterns}: {}", run.contains(".env"))
    };
    let all = [
        "[\"packages/*\"]",
        "[\"/packages/*\"]",
        "[\"packages/*\", \"!packages/a\"]",
        "[\"!packages/a\", \"packages/*\"]",
        "[\"!packages/*\", \"packages/a\"]",
        "[\"*\"]",
        "[\"**\"]",
    ];
    insta::assert_snapshot!(all.map(listed).join("\n"), @r#"
    ["packages/*"]: false
    ["/packages/*"]: false
    ["packages/*", "!packages/a"]: true
    ["!packages/a", "packages/*"]: true
    ["!packages/*", "packages/a"]: false
    ["*"]: true
    ["**"]: false
    "#);
}

#[test]
fn what_a_crate_takes_from_its_workspace_is_read() {
    let workspace = Workspace::new();
    let root = format!(
        "[workspace]\nmembers = [\"a\"]\n\n[workspace.package]\nhomepage = \"https://a.example/?key={}\"\n",
        key(971)
    );
    workspace
        .file("Cargo.toml", root)
        .file(
            "a/Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"1.0.0\"\nhomepage.workspace = true\n",
        )
        .file("a/src/lib.rs", "");
    insta::assert_snapshot!(workspace.run(&["package", "cargo", "a", "-f", "concise"]), @"
    exit 1
    --- stdout
    Cargo.toml:5:36: critical[jourvex-key] Live Jourvex API key 41a542a2d52f6c161f665111da39c329
    note: Cargo.toml: cargo writes into it what it takes from the workspace; the Cargo.toml of that is read too
    --- stderr
    1 finding (1 error). Everyone who installs the package can read that. Read 3 files, 192 bytes. Took [N] ms.
    ");
}

#[test]
fn an_ignore_file_that_leaves_out_the_project_itself_counts_for_nothing_in_hatchling() {
    let listed = |ignored: &str| {
        let workspace = Workspace::new();
        workspace
            .file(
                "pyproject.toml",
                "[build-system]\nbuild-backend = \"hatchling.build\"\n[project]\nname = \"pk\"\n",
            )
            .file(".gitignore", ignored)
            .file("pk/__init__.py", "")
            .file("pk/é.py", "")
            .file(".env", env(972));
        let run = workspace.run(&["package", "pypi", "--list"]);
        format!("{ignored:?}: {}", run.contains(".env"))
    };
    insta::assert_snapshot!([".env\n", "/*\n!/pk/\n"].map(listed).join("\n"), @r#"
    ".env\n": false
    "/*\n!/pk/\n": true
    "#);
}
