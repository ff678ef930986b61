//! Archives made at run time, whole, broken and hostile.

use super::*;
use ::tar::{Builder, Header};
use ::zip::write::{SimpleFileOptions, ZipWriter};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::{Cursor, Write};

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
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

fn zip_of(files: &[(&str, &[u8])], method: ::zip::CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn deflated(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_of(files, ::zip::CompressionMethod::Deflated)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What an archive holds, a line each.
fn list_within(limits: Limits, name: &str, bytes: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    let budget = Budget::new(limits, bytes.len());
    let kind = kind(bytes).expect("an archive");
    read(kind, bytes, name.as_bytes(), &budget, &mut |found| {
        lines.push(match found {
            Found::Member(m) if m.bytes.len() > 40 => {
                format!("{}: {} bytes", text(m.path), m.bytes.len())
            }
            Found::Member(m) => {
                let stored = m
                    .stored
                    .map(|span| text(&bytes[span.range()]) == text(m.bytes));
                format!("{}: {} {stored:?}", text(m.path), text(m.bytes))
            }
            Found::Skipped(kind) => format!("skipped {kind}"),
            Found::Fault(path, what) => format!("fault {}: {what}", text(path)),
        });
    });
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
    let zip = zip_of(TWO, ::zip::CompressionMethod::Stored);
    assert_eq!(list("x.zip", &zip), stored);
    assert_eq!(list("app.log.gz", &gz(b"one")), ["app.log: one None"]);
    assert_eq!(list("<stdin>", &gz(b"one")), ["<stdin>: one None"]);
}

#[test]
fn streams_in_a_row_are_one_file() {
    let both = [gz(b"one "), gz(b"two")].concat();
    assert_eq!(list("a.gz", &both), ["a: one two None"]);
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
        assert_eq!(kind(bytes), None);
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
    header.set_entry_type(::tar::EntryType::GNUSparse);
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
    let whole = gz(text);
    let lines = list("a.gz", &whole[..whole.len() - 6]);
    assert_eq!(lines, ["a: 49 bytes", "skipped broken archive member"]);
    let tar = tar_of(&[("a", text)]);
    let lines = list("a.tar", &tar[..540]);
    let broken = "skipped broken archive member";
    assert_eq!(lines[..2], ["a: some words that do not compr None", broken]);
    assert_eq!(
        list("a.zip", b"PK\x03\x04\x99\x01random bytes"),
        ["skipped broken archive"]
    );
    assert_eq!(
        list("a.gz", &[0x1f, 0x8b, 8, 9, 9]),
        ["skipped broken archive member"]
    );
}

#[test]
fn encrypted_and_unknown_members_are_skipped() {
    let edit = |at_local: usize, at_entry: usize, value: u8| {
        let mut bytes = zip_of(TWO, ::zip::CompressionMethod::Stored);
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

#[test]
fn members_are_taken_out_of_the_rest() {
    let spans = [
        Span::new(4, 8),
        Span::new(1, 3),
        Span::new(2, 5),
        Span::new(7, 99),
    ];
    assert_eq!(&*without(b"abcd\nfgh", &spans), b"a\0\0\0\n\0\0\0");
    assert_eq!(&*without(b"abc", &[]), b"abc");
}

proptest! {
    /// Whatever is changed in an archive, reading it ends, and with no more than the limits allow.
    #[test]
    fn any_bytes_are_read_within_bounds(
        which in 0..5_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let files: &[(&str, &[u8])] = &[("a", b"one"), ("b", &[b'x'; 700]), ("c", b"")];
        let mut bytes = match which {
            0 => gz(b"one two three"),
            1 => gz(&tar_of(files)),
            2 => tar_of(files),
            3 => deflated(files),
            _ => zip_of(files, ::zip::CompressionMethod::Stored),
        };
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Some(kind) = kind(&bytes) {
            let budget = Budget::new(small(), bytes.len());
            let (mut members, mut total) = (0, 0);
            read(kind, &bytes, b"x", &budget, &mut |found| {
                if let Found::Member(member) = found {
                    assert!(member.bytes.len() <= 1000);
                    members += 1;
                    total += member.bytes.len();
                }
            });
            prop_assert!(members <= 3);
            prop_assert!(total <= 4000.max(bytes.len()));
        }
    }
}
