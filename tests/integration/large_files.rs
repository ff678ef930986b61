//! Files that are skimmed: larger than what is read at once.

use crate::archives::{env, tar, zip};
use crate::workspace::{Workspace, key};

/// More than what is read at once, in bytes.
const LARGE: usize = 300 << 10;

/// Lines of nothing, `bytes` of them or a few more.
fn filler(bytes: usize) -> String {
    "const answer = 42; // and nothing else\n".repeat(bytes / 39 + 1)
}

/// UTF-16 as Windows writes it.
fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

#[test]
fn a_key_is_found_wherever_in_a_large_file_it_stands() {
    let workspace = Workspace::new();
    let mut expected = Vec::new();
    // As much is read at once as one of these places says, and the end of it falls into the key.
    for place in [64_usize, 128, 256, 512, 1024] {
        for before in (5..75).step_by(10) {
            let mut text = filler(place << 10);
            text.truncate((place << 10) - before);
            text += &format!("\nk = '{}';\n{}", key(1), filler(LARGE));
            let name = format!("at-{place}-{before}.js");
            workspace.file(&name, text);
            expected.push(name);
        }
    }
    let found = workspace.run(&["scan", "--format", "json"]);
    let missed: Vec<_> = expected.iter().filter(|f| !found.contains(*f)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn a_large_file_is_found_out_by_its_end_or_its_beginning() {
    let workspace = Workspace::new();
    let line = format!("{}const k = '{}';\n", filler(2 * LARGE), key(1));
    workspace.file("wide.js", utf16(&line));
    let inner = zip(&[("inner.env", &env(2))]);
    workspace.file("app.pyz", [filler(LARGE).as_bytes(), &inner].concat());
    let rest = filler(LARGE);
    let members = [("rest.js", rest.as_bytes()), ("inner.env", &env(3))];
    workspace.file("files.tar", tar(&members));
    workspace.file("none.js", filler(LARGE));
    insta::assert_snapshot!(workspace.run(&["scan", "--format", "github"]), @"
    exit 1
    --- stdout
    ::error file=app.pyz,line=1,title=jourvex-key::Live Jourvex API key (jvx_live_mDSH...) in app.pyz!/inner.env:2:5%0Ainstead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=%0Arotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once%0Asilence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON
    ::error file=files.tar,line=1,title=jourvex-key::Live Jourvex API key (jvx_live_TLsZ...) in files.tar!/inner.env:2:5%0Ainstead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=%0Arotate: Settings -> API Access, the key with prefix jvx_live_TLsZ...; the old key dies at once, the new one is shown once%0Asilence: jvxleaks allow 41ee19650aded98106b98c609ac8e6e5 -- REASON
    ::error file=wide.js,line=15755,col=12,title=jourvex-key::Live Jourvex API key (jvx_live_zEGC...)%0Ainstead: read process.env.JOURVEX_API_KEY%0Arotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once%0Asilence: put `// jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON
    --- stderr
    ");
}
