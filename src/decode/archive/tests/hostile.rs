//! Archives that are broken, or made to do harm.

use super::*;
use proptest::prelude::*;

fn small() -> Limits {
    Limits {
        members: 3,
        member: 1000,
        total: 4000,
        least: 2000,
        ..Limits::default()
    }
}

/// The last line that is no note.
fn last_of(lines: &[String]) -> &str {
    let mut last = lines.iter().rev().filter(|line| !line.starts_with("note"));
    last.next().expect("a line")
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
        let last = last_of(&lines);
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
        let last = last_of(&lines);
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
    assert_eq!(
        lines,
        [&format!("a: {} somewhere", self::text(text)), broken]
    );
    let tar = tar_of(&[("a", text)]);
    let lines = list("a.tar", &tar[..540]);
    assert_eq!(
        lines[..2],
        ["a: some words that do not compr somewhere", broken]
    );
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
fn a_short_stream_that_is_cut_off_is_told() {
    let broken = "skipped broken archive member".to_owned();
    let text = b"KEY=one two three";
    // Encoders in a hurry write a header that is text.
    let mut quick = made::zlib(text);
    quick[1] = b'^';
    assert_eq!(
        list("a.zz", &quick[..quick.len() - 6]).last(),
        Some(&broken)
    );
    let whole = made::zlib(text);
    for end in 4..whole.len() {
        let cut = &whole[..end];
        assert_eq!(list("a.zz", cut).last(), Some(&broken), "{end}");
        let chunk = |data: &[u8]| [b"Comment\0\0", data].concat();
        let png = made::png(&[("zTXt", chunk(cut))]);
        assert_eq!(list("a.png", &png).last(), Some(&broken), "{end}");
        let png = made::png(&[("zTXt", chunk(&whole))]);
        let start = png.len() - 16 - whole.len();
        assert_eq!(list("a.png", &png[..start + end]).last(), Some(&broken));
        let pdf = made::pdf(&[("/Filter/FlateDecode", whole.clone())]);
        let start = memchr::memmem::find(&pdf, &whole).unwrap();
        if end < whole.len() - 4 {
            assert_eq!(list("a.pdf", &pdf[..start + end]).last(), Some(&broken));
        }
    }
}

#[test]
fn a_wrong_checksum_is_told() {
    let broken = "skipped broken archive member";
    // Bytes of checksums, counted from the end: that of xz stands before its index and footer.
    for (mut bytes, at) in [(gz(b"one"), 8), (xz(b"one"), 28), (zst(b"one"), 4)] {
        let at = bytes.len() - at;
        bytes[at] ^= 1;
        assert_eq!(list("a", &bytes), ["a: one somewhere", broken]);
    }
    // This decoder gives up a block with its checksum.
    let mut bytes = bz2(b"one");
    bytes[10] ^= 1;
    assert_eq!(list("a", &bytes), [broken]);
    let mut zip = deflated(TWO);
    let entry = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    zip[entry + 16] ^= 1;
    let lines = list("a.zip", &zip);
    assert_eq!(
        lines,
        ["a.txt: one somewhere", broken, "b/c.env: two packed"]
    );
}

#[test]
fn garbage_behind_an_archive_hides_nothing() {
    let behind = |bytes: Vec<u8>| [bytes, b"some garbage".to_vec()].concat();
    assert_eq!(list("a.gz", &behind(gz(b"one")))[0], "a: one somewhere");
    assert_eq!(list("a.bz2", &behind(bz2(b"one")))[0], "a: one somewhere");
    assert_eq!(list("a.xz", &behind(xz(b"one")))[0], "a: one somewhere");
    assert_eq!(list("a.zst", &behind(zst(b"one")))[0], "a: one somewhere");
    for (name, compress) in [
        ("a.lzma", made::lzma as fn(&[u8]) -> Vec<u8>),
        ("a.zz", made::zlib),
        ("a.lz", made::lzip),
    ] {
        let stream = compress(b"one");
        let rest = match name {
            // This decoder tells of what it does not know.
            "a.lz" => "skipped broken archive member",
            _ => "a: some garbage somewhere",
        };
        assert_eq!(
            list(name, &behind(stream.clone())),
            ["a: one somewhere", rest]
        );
        let more = [&stream[..], &compress(b"two")].concat();
        let text = list(name, &more).join(" ");
        assert!(text.contains("one") && text.contains("two"), "{text}");
    }
    assert_eq!(list("a.zip", &behind(deflated(TWO)))[..2].len(), 2);
    assert_eq!(list("a.tar", &behind(tar_of(TWO)))[..2].len(), 2);
}

#[test]
fn a_zip_without_its_directory_is_read_by_its_headers() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let zip = zip_of(TWO, method);
        let entry = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
        let lines = list("a.zip", &zip[..entry]);
        let how = match method {
            CompressionMethod::Stored => "stored",
            _ => "packed",
        };
        assert_eq!(
            lines,
            [
                "skipped broken archive".to_owned(),
                format!("a.txt: one {how}"),
                format!("b/c.env: two {how}")
            ]
        );
    }
}

#[test]
fn members_that_the_directory_leaves_out_are_read() {
    let (first, second) = (deflated(&TWO[..1]), deflated(&TWO[1..]));
    let both = [&first[..], b"PK\x03\x04 no header", &second].concat();
    assert_eq!(
        list("a.zip", &both),
        ["b/c.env: two packed", "a.txt: one packed"]
    );
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
    let rest = "b/c.env: two stored";
    assert_eq!(edit(6, 8, 1), ["skipped encrypted archive member", rest]);
    assert_eq!(
        edit(8, 10, 77),
        ["skipped archive member of an unknown compression", rest]
    );
}

#[test]
fn bombs_of_every_kind_stop_early() {
    let zeros = [0; 900];
    let many = ["a", "b", "c"].map(|name| (name, &zeros[..]));
    let stream = ("/Filter/FlateDecode", made::zlib(&zeros));
    let text = || made::ztxt("a", &zeros);
    let limits = Limits {
        ratio: 1,
        ..small()
    };
    for (name, bytes) in [
        ("rpm", made::rpm(&gz(&made::cpio(made::Cpio::New, &many)))),
        ("pdf", made::pdf(&[stream.clone(), stream.clone(), stream])),
        ("png", made::png(&[text(), text(), text()])),
        ("lzma", made::lzma(&tar_of(&many))),
        ("lzip", made::lzip(&tar_of(&many))),
        ("zlib", made::zlib(&tar_of(&many))),
    ] {
        let lines = list_within(limits, "x", &bytes);
        let last = last_of(&lines);
        assert!(last.contains("unpacks to more than"), "{name}: {lines:?}");
    }
}

#[test]
fn lengths_that_lie_give_what_is_there() {
    let broken = "skipped broken archive member";
    let longer = |bytes: &[u8], from: &str, to: &str| {
        let at = memchr::memmem::find(bytes, from.as_bytes()).unwrap();
        [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
    };
    let ar = longer(&made::ar(&[("a", b"one")]), "3         `", "4000000000`");
    assert_eq!(list("a.deb", &ar), ["a: one\n somewhere", broken]);
    let cpio = made::cpio(made::Cpio::New, &[("a", b"one")]);
    let cpio = longer(&cpio, "00000003", "FFFFFFFF");
    assert_eq!(
        list("a.cpio", &cpio)[1..],
        [broken, "skipped broken archive"]
    );
    let mut png = made::png(&[made::ztxt("a", b"one")]);
    png[8..12].fill(0xff);
    assert_eq!(list("a.png", &png), [""; 0]);
    let mut rpm = made::rpm(b"");
    rpm[104..112].fill(0xff);
    assert_eq!(list("a.rpm", &rpm), ["skipped broken archive"]);
}

/// Each `stream` begins a look, and none of them may look at all that follows.
#[test]
fn a_document_of_many_beginnings_is_read_once() {
    let begin = "1 0 obj /Filter/ASCII85Decode stream\n";
    let pdf = format!("%PDF-1.7\n{}", begin.repeat(20_000));
    let lines = list("a.pdf", pdf.as_bytes());
    assert_eq!(lines.len(), 1, "{}", lines.len());
    let begin = "1 0 obj /Filter/FlateDecode stream\nx\u{9c}";
    let pdf = format!("%PDF-1.7\n{}", begin.repeat(20_000));
    let lines = list("a.pdf", pdf.as_bytes());
    assert_eq!(lines.len(), 20_000, "{}", lines.len());
}

proptest! {
    /// Whatever is changed in an archive, reading it ends, and with no more than the limits allow.
    #[test]
    fn any_bytes_are_read_within_bounds(
        which in 0..22_usize,
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
            9 => zip_of(files, CompressionMethod::Stored),
            10 => made::ar(files),
            11 => made::cpio(made::Cpio::New, files),
            12 => gz(&made::cpio(made::Cpio::Octal, files)),
            13 => made::cpio(made::Cpio::Little, files),
            14 => made::rpm(&gz(&made::cpio(made::Cpio::New, files))),
            15 => made::lzma(&[b'x'; 300]),
            16 => made::lzip(&tar_of(files)),
            17 => made::compressed(&tar_of(files)),
            18 => made::object("blob", &tar_of(files)),
            19 => made::png(&[made::ztxt("a", b"one"), made::itxt("b", &[b'x'; 700])]),
            20 => made::pdf(&[("/Filter/FlateDecode", made::zlib(&[b'x'; 700]))]),
            _ => made::old_tar(files),
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
                if let FoundMember::Member(member) = found {
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
