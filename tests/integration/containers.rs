//! Archives and compressed files of every kind: a key in each is found, and what is not opened is
//! named.

#[path = "../../src/decode/archive/tests/made.rs"]
mod made;

use crate::archives::{env, gz, tar, zip};
use crate::repo::Repo;
use crate::workspace::{Workspace, key};
use flate2::GzBuilder;
use made::Cpio;
use std::io::{Cursor, Write};

fn files(content: &[u8]) -> [(&str, &[u8]); 2] {
    [("README", b"text"), ("etc/x.env", content)]
}

/// Each kind that is opened, by the name of its file, with a key in it.
fn opened() -> Vec<(&'static str, Vec<u8>)> {
    let content = env(100);
    let tarred = tar(&files(&content));
    let cpio = made::cpio(Cpio::New, &files(&content));
    let flate = ("/Filter/FlateDecode", made::zlib(&content));
    let objects = ("/Type/ObjStm/Filter/FlateDecode", made::zlib(&content));
    let frame = [made::skippable(b"...."), zstd(&content)].concat();
    vec![
        (
            "a.deb",
            made::ar(&[("control.tar.gz", &gz(b"")), ("data.tar.gz", &gz(&tarred))]),
        ),
        ("a.lzma", made::lzma(&content)),
        ("a.tar.lzma", made::lzma(&tarred)),
        ("a.tar.lz", made::lzip(&tarred)),
        ("a.tar.Z", made::compressed(&tarred)),
        ("a.zz", made::zlib(&content)),
        ("0a1b2c", made::object("blob", &content)),
        ("a.cpio", cpio.clone()),
        ("b.cpio", made::cpio(Cpio::Octal, &files(&content))),
        ("c.cpio", made::cpio(Cpio::Little, &files(&content))),
        ("d.cpio", made::cpio(Cpio::Big, &files(&content))),
        ("a.cpio.gz", gz(&cpio)),
        ("a.rpm", made::rpm(&gz(&cpio))),
        ("a.pdf", made::pdf(&[("", b"text".to_vec()), flate])),
        ("b.pdf", made::pdf(&[objects])),
        ("a.png", made::png(&[made::ztxt("Comment", &content)])),
        ("b.png", made::png(&[made::itxt("Author", &content)])),
        ("a.zst", frame),
        ("old.tar", made::old_tar(&[("x.gz", &gz(&content))])),
        (
            "setup.exe",
            [b"MZ program".to_vec(), commented(&zip(&files(&content)))].concat(),
        ),
    ]
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    // One block as it is, in a frame that says how large it is.
    let length = bytes.len() as u8;
    let block = ((u32::from(length) << 3) | 1).to_le_bytes();
    [b"\x28\xb5\x2f\xfd\x20", &[length][..], &block[..3], bytes].concat()
}

fn commented(zip: &[u8]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new_append(Cursor::new(zip.to_vec())).unwrap();
    writer.set_comment("Install me. ".repeat(99)).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_key_is_found_in_each_kind_that_is_opened() {
    let workspace = Workspace::new();
    for (name, bytes) in opened() {
        workspace.file(name, bytes);
    }
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"
    jourvex-key 0a1b2c!/0a1b2c:2:5
    jourvex-key a.cpio!/etc/x.env:2:5
    jourvex-key a.cpio.gz!/etc/x.env:2:5
    jourvex-key a.deb!/data.tar.gz!/etc/x.env:2:5
    jourvex-key a.lzma!/a:2:5
    jourvex-key a.pdf!/object-2:2:5
    jourvex-key a.png!/Comment:2:5
    jourvex-key a.rpm!/etc/x.env:2:5
    jourvex-key a.tar.Z!/etc/x.env:2:5
    jourvex-key a.tar.lz!/etc/x.env:2:5
    jourvex-key a.tar.lzma!/etc/x.env:2:5
    jourvex-key a.zst!/a:2:5
    jourvex-key a.zz!/a:2:5
    jourvex-key b.cpio!/etc/x.env:2:5
    jourvex-key b.pdf!/object-1:2:5
    jourvex-key b.png!/Author:2:5
    jourvex-key c.cpio!/etc/x.env:2:5
    jourvex-key d.cpio!/etc/x.env:2:5
    jourvex-key old.tar!/x.gz!/x:2:5
    jourvex-key setup.exe!/etc/x.env:2:5
    ");
}

#[test]
fn a_key_in_what_an_archive_stores_beside_its_members_is_found() {
    let workspace = Workspace::new();
    let mut named = GzBuilder::new()
        .filename(key(200))
        .comment(key(201))
        .write(Vec::new(), flate2::Compression::default());
    named.write_all(b"text").unwrap();
    let mut pax = ::tar::Builder::new(Vec::new());
    let extension = [("comment", key(202))];
    let extension = extension
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()));
    pax.append_pax_extensions(extension).unwrap();
    let mut header = ::tar::Header::new_ustar();
    header.set_size(4);
    pax.append_data(&mut header, "x", &b"text"[..]).unwrap();
    let pax = pax.into_inner().unwrap();
    let name = format!("{}.txt", key(203));
    let members: &[(&str, &[u8])] = &[(&name, b"text")];
    workspace
        .file("a.gz", named.finish().unwrap())
        .file("pax.tar", &pax)
        .file("pax.tgz", gz(&pax))
        .file("name.tgz", gz(&tar(members)))
        .file("name.rpm", made::rpm(&gz(&made::cpio(Cpio::New, members))))
        .file(
            "frame.zst",
            [made::skippable(&env(204)), zstd(b"text")].concat(),
        );
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"
    jourvex-key a.gz!/(names and comments):1:1
    jourvex-key a.gz!/(names and comments):2:1
    jourvex-key frame.zst!/(names and comments):2:5
    jourvex-key name.rpm!/(names and comments):1:1
    jourvex-key name.tgz!/(names and comments):1:1
    jourvex-key pax.tar:1:524
    jourvex-key pax.tgz!/(names and comments):2:9
    ");
}

/// Each kind that is only named, by the name of its file.
fn named() -> Vec<(&'static str, Vec<u8>)> {
    let encrypted = made::pdf(&[("/Filter/FlateDecode", made::zlib(b"text"))]);
    let encrypted = [encrypted, b"trailer<</Encrypt 9 0 R>>".to_vec()].concat();
    let squashfs = [&b"hsqs"[..], &[1; 24], &[4, 0, 0, 0]].concat();
    let mut wide = made::lzma(b"text");
    wide[1..5].copy_from_slice(&(1_u32 << 30).to_le_bytes());
    vec![
        ("7z", b"7z\xbc\xaf\x27\x1c".to_vec()),
        ("a.pack", b"PACK\0\0\0\x02".to_vec()),
        ("arj", b"\x60\xea\x28\0\x1e\x0b\x01\0\0\0\x02".to_vec()),
        ("cab", b"MSCF\0\0\0\0".to_vec()),
        (
            "drawn.pdf",
            made::pdf(&[(
                "/Filter/FlateDecode",
                made::without_sum(b"BT [(te) -9 (xt)] TJ ET"),
            )]),
        ),
        ("hdr.cab", b"ISc(\x04".to_vec()),
        ("lrz", b"LRZI\0".to_vec()),
        ("lz4", b"\x04\x22\x4d\x18".to_vec()),
        ("lzh", b"\x24\x6a-lh5-".to_vec()),
        ("lzma", wide),
        ("lzo", b"\x89LZO\0\r\n\x1a\n".to_vec()),
        ("old.zst", b"\x27\xb5\x2f\xfd".to_vec()),
        ("pdf", encrypted),
        (
            "pdf.lzw",
            made::pdf(&[("/Filter/LZWDecode", b"?".to_vec())]),
        ),
        ("rar", b"Rar!\x1a\x07".to_vec()),
        ("sqsh", squashfs),
        ("sz", b"\xff\x06\0\0sNaPpY".to_vec()),
        ("wim", b"MSWIM\0\0\0".to_vec()),
        ("xar", b"xar!\0\x1c".to_vec()),
    ]
}

#[test]
fn each_kind_that_is_not_opened_is_named() {
    let workspace = Workspace::new();
    for (name, bytes) in named() {
        workspace.file(name, bytes);
    }
    let report = workspace.json(&["scan", "--format", "json"]);
    let list = |entries: &serde_json::Value| {
        let entries = entries.as_array().unwrap().iter();
        let lines = entries.map(|entry| format!("{}: {}", entry["path"], entry["what"]));
        lines.collect::<Vec<_>>().join("\n").replace('"', "")
    };
    insta::assert_snapshot!(list(&report["skipped"]), @"
    7z: 7z archive
    a.pack: git pack
    arj: arj archive
    cab: cab archive
    drawn.pdf: text drawn by PDF pages
    hdr.cab: InstallShield archive
    lrz: lrzip file
    lz4: lz4 file
    lzh: lzh archive
    lzma: compressed file that needs more memory
    lzo: lzop file
    old.zst: zstd file of before its first version
    pdf: encrypted PDF
    pdf.lzw: PDF stream of an unknown filter
    rar: rar archive
    sqsh: squashfs image
    sz: snappy file
    wim: wim image
    xar: xar archive
    ");
    let names: Vec<_> = named().into_iter().map(|(name, _)| name).collect();
    let mut command = workspace.command(&[&["scan", "-f", "json"], &names[..]].concat());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    insta::assert_snapshot!(list(&report["faults"]), @"
    7z: 7z archive, which cannot be read; unpack it and scan the folder
    a.pack: git pack, which cannot be read; run jvxleaks history on its repository
    arj: arj archive, which cannot be read; unpack it and scan the folder
    cab: cab archive, which cannot be read; unpack it and scan the folder
    drawn.pdf: text drawn by PDF pages, which cannot be read; save it as text (pdftotext) and scan that
    hdr.cab: InstallShield archive, which cannot be read; unpack it and scan the folder
    lrz: lrzip file, which cannot be read; unpack it and scan the folder
    lz4: lz4 file, which cannot be read; unpack it and scan the folder
    lzh: lzh archive, which cannot be read; unpack it and scan the folder
    lzma: compressed file that needs more memory, which cannot be read; unpack it and scan the folder
    lzo: lzop file, which cannot be read; unpack it and scan the folder
    old.zst: zstd file of before its first version, which cannot be read; unpack it and scan the folder
    pdf: encrypted PDF, which cannot be read; save it without a password and scan that
    pdf.lzw: PDF stream of an unknown filter, which cannot be read; save it as text (pdftotext) and scan that
    rar: rar archive, which cannot be read; unpack it and scan the folder
    sqsh: squashfs image, which cannot be read; unpack it and scan the folder
    sz: snappy file, which cannot be read; unpack it and scan the folder
    wim: wim image, which cannot be read; unpack it and scan the folder
    xar: xar archive, which cannot be read; unpack it and scan the folder
    ");
}

/// `docs/reading.md` lists each kind that is only named.
#[test]
fn the_page_names_what_is_not_opened() {
    let workspace = Workspace::new();
    for (name, bytes) in named() {
        workspace.file(name, bytes);
    }
    let page = include_str!("../../docs/reading.md");
    let report = workspace.json(&["scan", "--format", "json"]);
    let kinds = report["skipped"].as_array().unwrap().iter();
    for what in kinds.map(|entry| entry["what"].as_str().unwrap()) {
        assert!(page.contains(what), "{what}");
    }
}

#[test]
fn a_bundle_of_git_is_named_and_its_advice_works() {
    let repo = Repo::new();
    repo.write("x.env", env(210));
    repo.commit("first");
    repo.git("bundle create -q a.bundle HEAD main");
    let scan = repo.scan("scan a.bundle --format json");
    assert_eq!(scan.exit, Some(2));
    insta::assert_snapshot!(scan.json()["faults"].to_string(), @r#"[{"path":"a.bundle","what":"git bundle, which cannot be read; clone it (git clone FILE FOLDER) and run jvxleaks history FOLDER"}]"#);
    repo.git("clone -q a.bundle copy");
    assert_eq!(repo.scan("history copy").exit, Some(1));
}

#[test]
fn objects_of_git_outside_a_repository_are_read() {
    let repo = Repo::new();
    repo.write("x.env", env(211));
    let commit = repo.commit(&format!("Use {}", key(212)));
    let object = repo
        .path()
        .join(".git")
        .join("objects")
        .join(&commit[..2])
        .join(&commit[2..]);
    let workspace = Workspace::new();
    workspace.file("commit", std::fs::read(object).unwrap());
    let places = workspace.places(&["scan"]);
    assert_eq!(places.len(), 1);
    assert!(places[0].contains("commit!/commit"), "{places:?}");
}

/// Images lie in archives as deep as files do.
#[test]
fn documents_may_lie_as_deep_as_files() {
    let png = made::png(&[made::ztxt("Comment", &env(213))]);
    let one = zip(&[("a.png", &png)]);
    let three = zip(&[("two.zip", &zip(&[("one.zip", &one)]))]);
    let workspace = Workspace::new();
    workspace.file("three.zip", three);
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"jourvex-key three.zip!/two.zip!/one.zip!/a.png!/Comment:2:5");
}
