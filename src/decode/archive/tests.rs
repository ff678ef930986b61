//! Archives made at run time.

mod hostile;
mod kinds;
mod made;

use super::member::{LONGEST_NAME, cleaned};
use super::*;
use crate::model::Span;
use ::tar::{Builder, EntryType, Header};
use ::zip::CompressionMethod;
use ::zip::write::{SimpleFileOptions, ZipWriter};
use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};
use ruzstd::encoding::CompressionLevel;
use std::io::{Cursor, Write};

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = XzWriter::new(Vec::new(), XzOptions::with_preset(1)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = Header::new_ustar();
        header.set_size(bytes.len() as u64);
        // Past the crate's own check, which refuses names that lead out.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip_of(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn deflated(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_of(files, CompressionMethod::Deflated)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What an archive holds, a line each.
fn list_within(limits: Limits, name: &str, bytes: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    let budget = Budget::new(limits, bytes.len());
    let kinds: Vec<ArchiveKind> = kinds(bytes).into_iter().flatten().collect();
    assert!(!kinds.is_empty(), "no archive");
    for kind in kinds {
        read(kind, bytes, name.as_bytes(), &budget, &mut |found| {
            lines.push(match found {
                FoundMember::Member(m) if m.bytes.len() > 60 => {
                    format!("{}: {} bytes", text(m.path), m.bytes.len())
                }
                FoundMember::Member(m) => {
                    let is_same = |span: Span| bytes[span.range()] == *m.bytes;
                    let place = match m.packed.map(is_same) {
                        None => "somewhere",
                        Some(true) => "stored",
                        Some(false) => "packed",
                    };
                    format!("{}: {} {place}", text(m.path), text(m.bytes))
                }
                FoundMember::Note(notes) => format!("note {}", text(notes)),
                FoundMember::Skipped(kind) => format!("skipped {kind}"),
                FoundMember::Fault(path, what) => format!("fault {}: {what}", text(path)),
            });
        });
    }
    lines
}

fn list(name: &str, bytes: &[u8]) -> Vec<String> {
    list_within(Limits::default(), name, bytes)
}

const TWO: &[(&str, &[u8])] = &[("a.txt", b"one"), ("b/c.env", b"two")];

/// What a packed tar of them stores beside its content: their names.
const NOTES_OF_TWO: &str = "note a.txt\nb/c.env\n";

#[test]
fn each_kind_gives_its_members() {
    let plain = [
        "a.txt: one somewhere",
        "b/c.env: two somewhere",
        NOTES_OF_TWO,
    ];
    let packed = ["a.txt: one packed", "b/c.env: two packed"];
    let stored = ["a.txt: one stored", "b/c.env: two stored"];
    assert_eq!(list("x.tar", &tar_of(TWO)), stored);
    assert_eq!(list("x.tgz", &gz(&tar_of(TWO))), plain);
    assert_eq!(list("x.zip", &deflated(TWO)), packed);
    let zip = zip_of(TWO, CompressionMethod::Stored);
    assert_eq!(list("x.zip", &zip), stored);
    for (name, bytes) in [
        ("app.log.gz", gz(b"one")),
        ("app.log.bz2", bz2(b"one")),
        ("app.log.XZ", xz(b"one")),
        ("app.log.zst", zst(b"one")),
    ] {
        assert_eq!(list(name, &bytes), ["app.log: one somewhere"]);
    }
    for bytes in [bz2(&tar_of(TWO)), xz(&tar_of(TWO)), zst(&tar_of(TWO))] {
        assert_eq!(list("x", &bytes), plain);
    }
    let zip = zip_of(TWO, CompressionMethod::Bzip2);
    assert_eq!(list("x.zip", &zip), packed);
    assert_eq!(list("<stdin>", &gz(b"one")), ["<stdin>: one somewhere"]);
}

#[test]
fn streams_in_a_row_are_one_file() {
    for compress in [gz, bz2, xz, zst] {
        let both = [compress(b"one "), compress(b"two")].concat();
        assert_eq!(list("a", &both), ["a: one two somewhere"]);
    }
    // A frame of two bytes without content.
    let skipped = [
        zst(b"one "),
        b"\x50\x2a\x4d\x18\x02\0\0\0..".to_vec(),
        zst(b"two"),
    ];
    assert_eq!(
        list("a.zst", &skipped.concat()),
        ["a: one two somewhere", "note ..\n"]
    );
    let tars = [tar_of(&TWO[..1]), tar_of(&TWO[1..])].concat();
    assert_eq!(list("a.gz", &gz(&tars)).len(), 3);
}

#[test]
fn ordinary_files_are_no_archives() {
    for bytes in [
        &b""[..],
        b"PK",
        b"PKZIP",
        &[0x1f, 0x8b],
        &[b'a'; 600],
        &[0; 260],
    ] {
        assert_eq!(kinds(bytes), [None, None]);
    }
}

#[test]
fn names_are_only_text() {
    let names = ["/etc/passwd", "../../a", "..\\b\\..\\c", "./d//e", ".."];
    let files: Vec<_> = names.iter().map(|name| (*name, &b"x"[..])).collect();
    let expected = ["etc/passwd", "a", "b/c", "d/e", "(unnamed)"];
    let shown = |lines: Vec<String>| -> Vec<String> {
        let names = lines
            .iter()
            .map(|l| l.split(": ").next().unwrap_or_default());
        names.map(str::to_owned).collect()
    };
    assert_eq!(shown(list("x.tar", &tar_of(&files))), expected);
    assert_eq!(shown(list("x.zip", &deflated(&files))), expected);
    assert_eq!(cleaned(&[b'a'; 5000]).len(), LONGEST_NAME);
}

#[test]
fn members_of_one_name_are_all_read() {
    let zip = deflated(&[("a", b"one"), ("b", b"two")]);
    let zip: Vec<u8> = zip
        .iter()
        .map(|b| if *b == b'b' { b'a' } else { *b })
        .collect();
    assert_eq!(list("x.zip", &zip), ["a: one packed", "a: two packed"]);
    let tar = tar_of(&[("a", b"one"), ("a", b"two")]);
    assert_eq!(
        list("x.tgz", &gz(&tar)),
        ["a: one somewhere", "a: two somewhere", "note a\na\n"]
    );
}

#[test]
fn large_and_streamed_zips_are_read() {
    let options = SimpleFileOptions::default().large_file(true);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("zip64", options).unwrap();
    writer.write_all(b"one").unwrap();
    let zip = writer.finish().unwrap().into_inner();
    assert_eq!(list("a.zip", &zip), ["zip64: one packed"]);

    let mut writer = ZipWriter::new_stream(Vec::new());
    for (name, bytes) in TWO {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    let zip = writer.finish().unwrap().into_inner();
    assert_eq!(
        list("a.zip", &zip),
        ["a.txt: one packed", "b/c.env: two packed"]
    );
    let entry = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    let cut = list("a.zip", &zip[..entry]);
    assert!(
        cut.contains(&"b/c.env: two somewhere".to_owned()),
        "{cut:?}"
    );
}

#[test]
fn a_zip_behind_a_program_is_read() {
    let program = b"#!/usr/bin/env python3\n".to_vec();
    assert_eq!(
        list("app.pyz", &[program, deflated(TWO)].concat()),
        ["a.txt: one packed", "b/c.env: two packed"]
    );
    let both = [gz(b"three"), deflated(TWO)].concat();
    let lines = list("a.gz", &both);
    assert!(
        lines.contains(&"a: three somewhere".to_owned()),
        "{lines:?}"
    );
    assert!(lines.contains(&"a.txt: one packed".to_owned()), "{lines:?}");
}

#[test]
fn long_names_and_links_of_a_tar_are_read() {
    let long = format!("{}/x.env", "folder/".repeat(40));
    let mut builder = Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(3);
    builder
        .append_data(&mut header, &long, &b"one"[..])
        .unwrap();
    builder
        .append_pax_extensions([("path", &b"from/pax.env"[..])])
        .unwrap();
    let mut header = Header::new_ustar();
    header.set_size(3);
    builder
        .append_data(&mut header, "short", &b"two"[..])
        .unwrap();
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Symlink);
    header.set_size(0);
    builder
        .append_link(&mut header, "link", "../../to/there")
        .unwrap();
    let tar = gz(&builder.into_inner().unwrap());
    assert_eq!(
        list("x.tgz", &tar),
        [
            format!("{}: one somewhere", long.replace("//", "/")),
            "from/pax.env: two somewhere".to_owned(),
            "link: ../../to/there somewhere".to_owned(),
            format!("note {long}\nfrom/pax.env\nlink\n"),
        ]
    );
}
