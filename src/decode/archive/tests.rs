//! Archives made at run time, whole, broken and hostile.

use super::*;
use ::tar::{Builder, EntryType, Header};
use ::zip::CompressionMethod;
use ::zip::write::{SimpleFileOptions, ZipWriter};
use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};
use proptest::prelude::*;
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
    let kinds: Vec<Kind> = kinds(bytes).into_iter().flatten().collect();
    assert!(!kinds.is_empty(), "no archive");
    for kind in kinds {
        read(kind, bytes, name.as_bytes(), &budget, &mut |found| {
            lines.push(match found {
                Found::Member(m) if m.bytes.len() > 60 => {
                    format!("{}: {} bytes", text(m.path), m.bytes.len())
                }
                Found::Member(m) => {
                    let is_same = |span: Span| bytes[span.range()] == *m.bytes;
                    let stored = m.stored.map(is_same);
                    format!("{}: {} {stored:?}", text(m.path), text(m.bytes))
                }
                Found::Skipped(kind) => format!("skipped {kind}"),
                Found::Fault(path, what) => format!("fault {}: {what}", text(path)),
            });
        });
    }
    lines
}

fn list(name: &str, bytes: &[u8]) -> Vec<String> {
    list_within(Limits::default(), name, bytes)
}

fn small() -> Limits {
    Limits {
        members: 3,
        member: 1000,
        total: 4000,
        least: 2000,
        ..Limits::default()
    }
}

const TWO: &[(&str, &[u8])] = &[("a.txt", b"one"), ("b/c.env", b"two")];

#[test]
fn each_kind_gives_its_members() {
    let plain = ["a.txt: one None", "b/c.env: two None"];
    let stored = ["a.txt: one Some(true)", "b/c.env: two Some(true)"];
    assert_eq!(list("x.tar", &tar_of(TWO)), stored);
    assert_eq!(list("x.tgz", &gz(&tar_of(TWO))), plain);
    assert_eq!(list("x.zip", &deflated(TWO)), plain);
    let zip = zip_of(TWO, CompressionMethod::Stored);
    assert_eq!(list("x.zip", &zip), stored);
    for (name, bytes) in [
        ("app.log.gz", gz(b"one")),
        ("app.log.bz2", bz2(b"one")),
        ("app.log.XZ", xz(b"one")),
        ("app.log.zst", zst(b"one")),
    ] {
        assert_eq!(list(name, &bytes), ["app.log: one None"]);
    }
    for bytes in [bz2(&tar_of(TWO)), xz(&tar_of(TWO)), zst(&tar_of(TWO))] {
        assert_eq!(list("x", &bytes), plain);
    }
    let zip = zip_of(TWO, CompressionMethod::Bzip2);
    assert_eq!(list("x.zip", &zip), plain);
    assert_eq!(list("<stdin>", &gz(b"one")), ["<stdin>: one None"]);
}

#[test]
fn streams_in_a_row_are_one_file() {
    for compress in [gz, bz2, xz, zst] {
        let both = [compress(b"one "), compress(b"two")].concat();
        assert_eq!(list("a", &both), ["a: one two None"]);
    }
    // A frame of two bytes without content.
    let skipped = [
        zst(b"one "),
        b"\x50\x2a\x4d\x18\x02\0\0\0..".to_vec(),
        zst(b"two"),
    ];
    assert_eq!(list("a.zst", &skipped.concat()), ["a: one two None"]);
    let tars = [tar_of(&TWO[..1]), tar_of(&TWO[1..])].concat();
    assert_eq!(list("a.gz", &gz(&tars)).len(), 2);
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
fn a_large_member_is_a_fault_and_the_next_is_read() {
    let large = [b'x'; 1001];
    let files: &[(&str, &[u8])] = &[("large", &large), ("b", b"two")];
    for bytes in [tar_of(files), gz(&tar_of(files)), deflated(files)] {
        let lines = list_within(
            Limits {
                least: 9000,
                total: 9000,
                ..small()
            },
            "x",
            &bytes,
        );
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert_eq!(lines[0], "large: 1000 bytes");
        assert_eq!(
            lines[1],
            "fault large: larger than 1000 bytes when unpacked, the most that is read of a member; \
             unpack the archive and scan the folder"
        );
        assert!(lines[2].starts_with("b: two"));
    }
}

#[test]
fn a_bomb_stops_early() {
    let zeros = [0; 900];
    let many: Vec<_> = ["a", "b", "c"].map(|name| (name, &zeros[..])).to_vec();
    let limits = Limits {
        ratio: 1,
        ..small()
    };
    for bytes in [gz(&tar_of(&many)), deflated(&many)] {
        let lines = list_within(limits, "x", &bytes);
        let last = lines.last().expect("a line");
        assert!(
            last.contains("unpacks to more than 2000 bytes"),
            "{lines:?}"
        );
        assert_eq!(lines.iter().filter(|l| l.starts_with("fault")).count(), 1);
    }
    let lines = list_within(
        Limits {
            member: 9000,
            ..limits
        },
        "x.gz",
        &gz(&[0; 8000]),
    );
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn members_are_counted() {
    let files = ["a", "b", "c", "d", "e"].map(|name| (name, &b"x"[..]));
    for bytes in [tar_of(&files), gz(&tar_of(&files)), deflated(&files)] {
        let lines = list_within(
            Limits {
                least: 1 << 20,
                total: 1 << 20,
                ..small()
            },
            "x",
            &bytes,
        );
        let last = lines.last().expect("a line");
        assert!(last.contains("more than 3 members"), "{lines:?}");
    }
}

#[test]
fn a_sparse_file_of_holes_is_charged() {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNUSparse);
    header.set_path("holes").unwrap();
    let gnu = header.as_gnu_mut().unwrap();
    gnu.set_real_size(1 << 40);
    gnu.sparse[0].set_offset(1 << 40);
    gnu.sparse[0].set_length(0);
    header.set_size(0);
    header.set_cksum();
    let mut builder = Builder::new(Vec::new());
    builder.append(&header, &b""[..]).unwrap();
    let lines = list_within(small(), "x", &builder.into_inner().unwrap());
    assert!(
        lines.iter().any(|l| l.starts_with("fault holes")),
        "{lines:?}"
    );
}

#[test]
fn what_is_broken_gives_what_it_has() {
    let text = b"some words that do not compress to nothing at all";
    let broken = "skipped broken archive member";
    let whole = gz(text);
    let lines = list("a.gz", &whole[..whole.len() - 6]);
    assert_eq!(lines, [&format!("a: {} None", self::text(text)), broken]);
    let tar = tar_of(&[("a", text)]);
    let lines = list("a.tar", &tar[..540]);
    assert_eq!(lines[..2], ["a: some words that do not compr None", broken]);
    for start in [
        &[0x1f, 0x8b, 8, 9, 9][..],
        b"\xfd7zXZ\0.....",
        b"\x28\xb5\x2f\xfd",
    ] {
        assert_eq!(list("a", start), [broken]);
    }
    assert_eq!(
        list("a.zip", b"PK\x03\x04\x99\x01random bytes"),
        ["skipped broken archive"]
    );
}

#[test]
fn a_wrong_checksum_is_told_and_the_content_read() {
    let broken = "skipped broken archive member";
    for compress in [gz, bz2, xz, zst] {
        let mut bytes = compress(b"one");
        let whole = list("a", &bytes);
        // The last eight bytes hold the checksum of all but xz, which has it before its index.
        let from_end = [4, 8, 12, 36].into_iter().find(|n| {
            let mut changed = bytes.clone();
            let at = changed.len() - n;
            changed[at] ^= 1;
            list("a", &changed) == [whole[0].as_str(), broken]
        });
        assert!(from_end.is_some(), "no checksum in {bytes:x?}");
        bytes.clear();
    }
    let mut zip = deflated(TWO);
    let entry = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    zip[entry + 16] ^= 1;
    let lines = list("a.zip", &zip);
    assert_eq!(lines, ["a.txt: one None", broken, "b/c.env: two None"]);
}

#[test]
fn garbage_behind_an_archive_hides_nothing() {
    let behind = |bytes: Vec<u8>| [bytes, b"some garbage".to_vec()].concat();
    assert_eq!(list("a.gz", &behind(gz(b"one")))[0], "a: one None");
    assert_eq!(list("a.bz2", &behind(bz2(b"one")))[0], "a: one None");
    assert_eq!(list("a.xz", &behind(xz(b"one")))[0], "a: one None");
    assert_eq!(list("a.zst", &behind(zst(b"one")))[0], "a: one None");
    assert_eq!(list("a.zip", &behind(deflated(TWO)))[..2].len(), 2);
    assert_eq!(list("a.tar", &behind(tar_of(TWO)))[..2].len(), 2);
}

#[test]
fn a_zip_without_its_directory_is_read_by_its_headers() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let zip = zip_of(TWO, method);
        let entry = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
        let lines = list("a.zip", &zip[..entry]);
        let stored = (method == CompressionMethod::Stored).then_some(true);
        assert_eq!(
            lines,
            [
                "skipped broken archive".to_owned(),
                format!("a.txt: one {stored:?}"),
                format!("b/c.env: two {stored:?}")
            ]
        );
    }
}

#[test]
fn members_of_one_name_are_all_read() {
    let zip = deflated(&[("a", b"one"), ("b", b"two")]);
    let zip: Vec<u8> = zip
        .iter()
        .map(|b| if *b == b'b' { b'a' } else { *b })
        .collect();
    assert_eq!(list("x.zip", &zip), ["a: one None", "a: two None"]);
    let tar = tar_of(&[("a", b"one"), ("a", b"two")]);
    assert_eq!(list("x.tgz", &gz(&tar)), ["a: one None", "a: two None"]);
}

#[test]
fn large_and_streamed_zips_are_read() {
    let options = SimpleFileOptions::default().large_file(true);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("zip64", options).unwrap();
    writer.write_all(b"one").unwrap();
    let zip = writer.finish().unwrap().into_inner();
    assert_eq!(list("a.zip", &zip), ["zip64: one None"]);

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
        ["a.txt: one None", "b/c.env: two None"]
    );
    let entry = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    let cut = list("a.zip", &zip[..entry]);
    assert!(cut.contains(&"b/c.env: two None".to_owned()), "{cut:?}");
}

#[test]
fn a_zip_behind_a_program_is_read() {
    let program = b"#!/usr/bin/env python3\n".to_vec();
    assert_eq!(
        list("app.pyz", &[program, deflated(TWO)].concat()),
        ["a.txt: one None", "b/c.env: two None"]
    );
    let both = [gz(b"three"), deflated(TWO)].concat();
    let lines = list("a.gz", &both);
    assert!(lines.contains(&"a: three None".to_owned()), "{lines:?}");
    assert!(lines.contains(&"a.txt: one None".to_owned()), "{lines:?}");
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
            format!("{}: one None", long.replace("//", "/")),
            "from/pax.env: two None".to_owned(),
            "link: ../../to/there None".to_owned(),
        ]
    );
}

#[test]
fn archives_that_are_not_opened_are_named() {
    for (start, name) in [
        (&b"7z\xbc\xaf\x27\x1c..."[..], "skipped 7z archive"),
        (b"Rar!\x1a\x07\x01\0", "skipped rar archive"),
        (b"\x04\x22\x4d\x18", "skipped lz4 file"),
    ] {
        assert_eq!(list("a", start), [name]);
    }
}

#[test]
fn encrypted_and_unknown_members_are_skipped() {
    let edit = |at_local: usize, at_entry: usize, value: u8| {
        let mut bytes = zip_of(TWO, CompressionMethod::Stored);
        let entry = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes[at_local] = value;
        bytes[entry + at_entry] = value;
        list("a.zip", &bytes)
    };
    let rest = "b/c.env: two Some(true)";
    assert_eq!(edit(6, 8, 1), ["skipped encrypted archive member", rest]);
    assert_eq!(
        edit(8, 10, 77),
        ["skipped archive member of an unknown compression", rest]
    );
}

proptest! {
    /// Whatever is changed in an archive, reading it ends, and with no more than the limits allow.
    #[test]
    fn any_bytes_are_read_within_bounds(
        which in 0..10_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let files: &[(&str, &[u8])] = &[("a", b"one"), ("b", &[b'x'; 700]), ("c", b"")];
        let mut bytes = match which {
            0 => gz(b"one two three"),
            1 => gz(&tar_of(files)),
            2 => tar_of(files),
            3 => deflated(files),
            4 => bz2(&tar_of(files)),
            5 => xz(&[b'x'; 300]),
            6 => zst(&tar_of(files)),
            7 => [gz(b"one"), deflated(files)].concat(),
            8 => { let zip = deflated(files); zip[..zip.len() - 30].to_vec() }
            _ => zip_of(files, CompressionMethod::Stored),
        };
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let budget = Budget::new(small(), bytes.len());
        let (mut members, mut total) = (0, 0);
        for kind in kinds(&bytes).into_iter().flatten() {
            read(kind, &bytes, b"x", &budget, &mut |found| {
                if let Found::Member(member) = found {
                    assert!(member.bytes.len() <= 1000);
                    members += 1;
                    total += member.bytes.len();
                }
            });
        }
        prop_assert!(members <= 3);
        prop_assert!(total <= 4000.max(bytes.len()));
    }
}
