//! Archives that cannot be opened, or that are made to do harm.

use crate::archives::{env, gz, nested, tar, zip, zip_with};
use crate::workspace::Workspace;

#[test]
fn a_bomb_is_a_fault() {
    let workspace = Workspace::new();
    let zeros = vec![0; 70 << 20];
    workspace.file("bomb.gz", gz(&zeros));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 2
    --- stdout
    not read: bomb.gz!/bomb: reading stopped here: unpacks to more than 64 MiB, the most that is read of an archive of its size; unpack the archive and scan the folder
    --- stderr
    No findings in what was read; 1 input was not read (bomb.gz!/bomb: reading stopped here: unpacks to more than 64 MiB, the most that is read of an archive of its size; unpack the archive and scan the folder). Read 1 file, 71 kB, and 1 archive member. Took [N] ms.
    ");
}

#[test]
fn an_archive_too_deep_is_a_fault() {
    let workspace = Workspace::new();
    workspace.file("deep.zip", nested(9, b"text"));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 2
    --- stdout
    not read: deep.zip!/8.zip!/7.zip!/6.zip!/5.zip!/4.zip!/3.zip!/2.zip!/1.zip: an archive in 8 others, and no more than 8 are opened; unpack the archive and scan the folder
    --- stderr
    No findings in what was read; 1 input was not read (deep.zip!/8.zip!/7.zip!/6.zip!/5.zip!/4.zip!/3.zip!/2.zip!/1.zip: an archive in 8 others, and no more than 8 are opened; unpack the archive and scan the folder). Read 1 file, 799 bytes, and 8 archive members. Took [N] ms.
    ");
}

/// A zip whose one member says that it is encrypted.
fn encrypted() -> Vec<u8> {
    let mut zip = zip(&[("secret.env", &[0x9d; 40])]);
    let entry = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    zip[6] |= 1;
    zip[entry + 8] |= 1;
    zip
}

/// Archives that cannot be opened, or not wholly.
fn unreadable() -> Workspace {
    let workspace = Workspace::new();
    let whole = gz(&[env(14), vec![b'x'; 5000]].concat());
    workspace
        .file("encrypted.zip", encrypted())
        .file("random.zip", b"PK\x03\x04\xd1\x07 no zip at all")
        .file("cut.gz", &whole[..whole.len() - 4])
        .file("other.7z", b"7z\xbc\xaf\x27\x1c\0\x04");
    workspace
}

#[test]
fn what_cannot_be_opened_is_counted_and_named() {
    let workspace = unreadable();
    insta::assert_snapshot!(workspace.run(&["scan", "-f", "github"]), @"
    exit 1
    --- stdout
    ::error file=cut.gz,line=1,title=jourvex-key::Live Jourvex API key (jvx_live_S9Bq...) in cut.gz!/cut:2:5%0Ainstead: read JOURVEX_API_KEY from the environment of your server%0Arotate: Settings -> API Access, the key with prefix jvx_live_S9Bq...; the old key dies at once, the new one is shown once%0Asilence: jvxleaks allow fc815fd33a46b56e10ec04c02bc93090 -- REASON
    --- stderr
    ");
    insta::assert_snapshot!(workspace.run(&["scan", "-v", "--disable", "jourvex-key"]), @"
    exit 0
    --- stdout
    skipped: cut.gz: broken archive member
    skipped: encrypted.zip: encrypted archive member
    skipped: other.7z: 7z archive
    skipped: random.zip: broken archive
    --- stderr
    No findings. Read 4 files, 252 bytes, and 1 archive member. Skipped: 7z archive (1), broken archive (1), broken archive member (1), encrypted archive member (1). Took [N] ms.
    ");
    let json = workspace.json(&["scan", "-f", "json"]);
    insta::assert_snapshot!(format!("{:#}", json["skipped"]), @r#"
    [
      {
        "path": "cut.gz",
        "what": "broken archive member"
      },
      {
        "path": "encrypted.zip",
        "what": "encrypted archive member"
      },
      {
        "path": "other.7z",
        "what": "7z archive"
      },
      {
        "path": "random.zip",
        "what": "broken archive"
      }
    ]
    "#);
}

#[test]
fn what_is_asked_for_by_name_and_cannot_be_opened_is_a_fault() {
    let workspace = unreadable();
    insta::assert_snapshot!(workspace.run(&["scan", "encrypted.zip", "other.7z"]), @"
    exit 2
    --- stdout
    not read: encrypted.zip: encrypted archive member, which cannot be read; unpack it and scan the folder
    not read: other.7z: 7z archive, which cannot be read; unpack it and scan the folder
    --- stderr
    No findings in what was read; 2 inputs were not read (encrypted.zip: encrypted archive member, which cannot be read; unpack it and scan the folder; other.7z: 7z archive, which cannot be read; unpack it and scan the folder). Read 2 files, 132 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(workspace.run_with_input(&["scan", "-"], encrypted()), @"
    exit 2
    --- stdout
    not read: <stdin>: encrypted archive member, which cannot be read; unpack it and scan the folder
    --- stderr
    No findings in what was read; 1 input was not read (<stdin>: encrypted archive member, which cannot be read; unpack it and scan the folder). Read 1 file, 124 bytes. Took [N] ms.
    ");
}

/// As 42.zip: sixteen archives of sixteen archives of a large file of zeros.
#[test]
fn a_bomb_of_nested_archives_is_a_fault() {
    let workspace = Workspace::new();
    let sixteen = |content: Vec<u8>| {
        let names: Vec<String> = (0..16).map(|n| format!("{n}.zip")).collect();
        let files: Vec<_> = names.iter().map(|n| (n.as_str(), &content[..])).collect();
        zip(&files)
    };
    let zeros = zip(&[("zeros", &vec![0; 20 << 20])]);
    let bomb = sixteen(sixteen(zeros));
    assert!(bomb.len() < 500_000);
    workspace.file("42.zip", bomb).file("beside.env", env(15));
    insta::assert_snapshot!(workspace.run(&["scan", "-f", "jsonl"]), @r#"
    exit 2
    --- stdout
    {"kind":"finding","rule":"jourvex-key","severity":"critical","message":"Live Jourvex API key","advice":"instead: keep this file out of git (.gitignore); commit .env.example with JOURVEX_API_KEY=\nrotate: Settings -> API Access, the key with prefix jvx_live_JwqJ...; the old key dies at once, the new one is shown once\nsilence: put `# jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow f7e59c48fadf7bb840d7a9b2e87711d2 -- REASON","path":"beside.env","line":2,"column":5,"end_line":2,"end_column":46,"secret":"jvx_live_JwqJ...","fingerprint":"f7e59c48fadf7bb840d7a9b2e87711d2","context":"source","exposure":null,"origin":{"kind":"file"},"derived_from":null,"fix":{"safe":false,"caution":"the value has to come from elsewhere","variable":"KEY","replacements":[{"offset":15,"end_offset":56,"line":2,"column":5,"end_line":2,"end_column":46,"text":""}]}}
    {"kind":"fault","path":"42.zip!/0.zip!/3.zip!/zeros","what":"reading stopped here: unpacks to more than 64 MiB, the most that is read of an archive of its size; unpack the archive and scan the folder"}
    {"kind":"summary","schema":"jvxleaks/1","tool":{"name":"jvxleaks","version":"0.1.0"},"root":".","findings":1,"keys":0,"suppressed":0,"faults":1,"stats":{"files":2,"bytes":8955,"commits":0}}
    --- stderr
    "#);
}

#[test]
fn a_bomb_of_members_is_a_fault() {
    let workspace = Workspace::new();
    let names: Vec<String> = (0..100_001).map(|n| n.to_string()).collect();
    let files: Vec<_> = names.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
    workspace.file("many.tgz", gz(&tar(&files)));
    workspace.file("many.zip", zip_with(&files, zip::CompressionMethod::Stored));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"
    exit 2
    --- stdout
    not read: many.tgz!/100000: reading stopped here: more than 100000 members; unpack the archive and scan the folder
    not read: many.zip!/(directory): reading stopped here: more than 100000 members; unpack the archive and scan the folder
    --- stderr
    No findings in what was read; 2 inputs were not read (many.tgz!/100000: reading stopped here: more than 100000 members; unpack the archive and scan the folder; many.zip!/(directory): reading stopped here: more than 100000 members; unpack the archive and scan the folder). Read 2 files, 9.7 MB, and 100,000 archive members. Took [N] ms.
    ");
}
