//! Each kind that is opened or named, by its first bytes.

use super::made::{self, Cpio};
use super::*;
use base64::Engine as _;

#[test]
fn packages_and_old_archives_give_their_members() {
    let stored = ["a.txt: one stored", "b/c.env: two stored"];
    assert_eq!(list("x.deb", &made::ar(TWO)), stored);
    for form in [Cpio::New, Cpio::Octal, Cpio::Little, Cpio::Big] {
        assert_eq!(list("x.cpio", &made::cpio(form, TWO)), stored, "{form:?}");
    }
    assert_eq!(list("x.tar", &made::old_tar(TWO)), stored);
    let cpio = made::cpio(Cpio::New, TWO);
    assert_eq!(list("x.rpm", &made::rpm(&cpio)), stored);
    let unpacked = [
        "a.txt: one somewhere",
        "b/c.env: two somewhere",
        "note a.txt\nb/c.env\n",
    ];
    assert_eq!(list("x.rpm", &made::rpm(&xz(&cpio))), unpacked);
    assert_eq!(list("x.cpio.gz", &gz(&cpio)), unpacked);
}

#[test]
fn long_names_of_ar_are_read_in_both_forms() {
    let name = "a_name_of_more_than_16_letters.env";
    let list_of_names = format!("first.txt/\n{name}/\n");
    let gnu = made::ar(&[("/", list_of_names.as_bytes()), ("/11", b"one")]);
    // The writer ends each name with `/`, which these two have already.
    let gnu = String::from_utf8(gnu).unwrap().replace("/11/", "/11 ");
    assert_eq!(list("x.a", gnu.as_bytes()), [format!("{name}: one stored")]);
    let content = format!("{name}\0\0two");
    let bsd = made::ar(&[("#1/36", content.as_bytes())]);
    let bsd = String::from_utf8(bsd).unwrap().replace("#1/36/", "#1/36 ");
    assert_eq!(list("x.a", bsd.as_bytes()), [format!("{name}: two stored")]);
}

#[test]
fn what_is_behind_a_cpio_is_a_member() {
    let both = [made::cpio(Cpio::New, TWO), vec![0; 300], gz(b"three")].concat();
    let lines = list("initramfs", &both);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[2].starts_with("(rest): "), "{lines:?}");
    let both = [
        made::cpio(Cpio::New, &TWO[..1]),
        made::cpio(Cpio::Octal, &TWO[1..]),
    ]
    .concat();
    assert_eq!(
        list("x", &both),
        ["a.txt: one stored", "b/c.env: two stored"]
    );
}

#[test]
fn streams_of_each_method_are_unpacked() {
    // Codes of 9 to 13 bits.
    let long: Vec<u8> = (0..5000_u32).map(|n| (n * n / 7) as u8).collect();
    for (name, compress) in [
        ("app.log.zz", made::zlib as fn(&[u8]) -> Vec<u8>),
        ("app.log.lzma", made::lzma),
        ("app.log.lz", made::lzip),
        ("app.log.Z", made::compressed),
    ] {
        let text = b"one two one two";
        let line = "app.log: one two one two somewhere";
        assert_eq!(list(name, &compress(text)), [line], "{name}");
        assert_eq!(list(name, &compress(&long)), ["app.log: 5000 bytes"]);
        let tar = compress(&tar_of(TWO));
        assert_eq!(
            list(name, &tar)[..2],
            ["a.txt: one somewhere", "b/c.env: two somewhere"]
        );
    }
}

#[test]
fn what_brotli_made_of_a_text_is_told_without_a_mark() {
    // What node makes of four lines of a script.
    let stream = "G1gAYIzUYs2Zj/S2fc+KaNgI5xXMyFNRtqLYccqBUws0yaIwuN1j7BpXkuEq2GWYIHMc/ybReouzRFACRa5vW2i1al9Tl45MAYrSQz/nDw==";
    let stream = base64::engine::general_purpose::STANDARD
        .decode(stream)
        .unwrap();
    assert_eq!(list("app.js.br", &stream), ["app.js: 89 bytes"]);
    for other in [
        &stream[1..],
        &[0x1b; 200],
        b"\xffplain text in Latin-1: na\xefve",
        // 60,000 bytes that a stream would store as they are.
        b"\xf0\xa5\x1eAuthorization: Basic, and more of a text that is read as it is written, line by line",
    ] {
        assert_eq!(kinds(other), [None, None]);
    }
}

#[test]
fn an_object_of_git_is_read_without_its_header() {
    assert_eq!(
        list("0a1b", &made::object("blob", b"one")),
        ["0a1b: one somewhere"]
    );
    // A length that is not that of the content is no header.
    let other = made::zlib(b"blob 9\0one");
    assert_eq!(list("0a1b", &other), ["0a1b: blob 9\0one somewhere"]);
}

#[test]
fn frames_without_content_may_come_first() {
    let skippable = made::skippable(b"a note");
    let both = [&skippable[..], &zst(b"one")].concat();
    assert_eq!(list("a.zst", &both), ["a: one somewhere", "note a note\n"]);
    let lz4 = [&skippable[..], &skippable, b"\x04\x22\x4d\x18..."].concat();
    assert_eq!(list("a.lz4", &lz4), ["skipped lz4 file"]);
}

#[test]
fn compressed_texts_of_an_image_are_read() {
    let chunks = [
        ("tEXt", b"Comment\0as it is".to_vec()),
        made::ztxt("Comment", b"one"),
        made::itxt("XML:com.adobe.xmp", b"two"),
        ("iTXt", b"Plain\0\0\0\0\0as it is".to_vec()),
    ];
    let png = made::png(&chunks);
    let lines = ["Comment: one somewhere", "XML:com.adobe.xmp: two somewhere"];
    assert_eq!(list("a.png", &png), lines);
    assert_eq!(list("a.png", &png[..png.len() - 30]), lines);
    assert_eq!(list("a.png", &png[..40]), [""; 0]);
}

#[test]
fn compressed_streams_of_a_document_are_read() {
    let flate = "/Filter/FlateDecode";
    let pdf = made::pdf(&[
        (flate, made::zlib(b"one")),
        (
            "/Filter [ /ASCIIHexDecode /FlateDecode ]",
            hex(&made::zlib(b"two")),
        ),
        ("/Filter /ASCIIHexDecode", hex(b"three")),
        (flate, made::without_sum(b"four")),
        ("", b"as it is".to_vec()),
        ("/Filter/DCTDecode", b"an image".to_vec()),
        ("/Filter/LZWDecode", b"?".to_vec()),
        (flate, made::zlib(b"BT (five) Tj ET")),
    ]);
    assert_eq!(
        list("a.pdf", &pdf),
        [
            "object-1: one somewhere",
            "object-2: two somewhere",
            "object-3: three somewhere",
            "object-4: four somewhere",
            "skipped PDF stream of an unknown filter",
            "object-8: BT (five) Tj ET somewhere",
            "skipped text drawn by PDF pages",
        ]
    );
    let encrypted = [pdf, b"trailer <</Encrypt 9 0 R>>".to_vec()].concat();
    assert_eq!(list("a.pdf", &encrypted), ["skipped encrypted PDF"]);
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    let digits: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("{digits}>").into_bytes()
}

#[test]
fn names_and_comments_are_noted() {
    let mut encoder = flate2::GzBuilder::new()
        .filename("a name")
        .comment("a comment")
        .write(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"one").unwrap();
    let named = encoder.finish().unwrap();
    let both = [gz(b"zero "), named].concat();
    assert_eq!(
        list("a.gz", &both),
        ["a: zero one somewhere", "note a name\na comment\n"]
    );
    let mut builder = Builder::new(Vec::new());
    builder
        .append_pax_extensions([("comment", &b"by hand"[..]), ("path", b"long/name")])
        .unwrap();
    let mut header = Header::new_ustar();
    header.set_size(3);
    header.set_username("someone").unwrap();
    builder
        .append_data(&mut header, "short", &b"one"[..])
        .unwrap();
    let tar = builder.into_inner().unwrap();
    assert_eq!(
        list("a.tgz", &gz(&tar)),
        [
            "long/name: one somewhere",
            "note long/name\nsomeone\ncomment=by hand\n"
        ]
    );
}

#[test]
fn a_program_with_a_zip_may_end_with_a_comment() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file("a.env", SimpleFileOptions::default())
        .unwrap();
    writer.write_all(b"one").unwrap();
    writer.set_comment("c".repeat(60_000)).unwrap();
    let zip = writer.finish().unwrap().into_inner();
    for program in [&b"MZ program"[..], b"\x7fELF program", b"#!/bin/sh\n"] {
        let bytes = [program, &zip].concat();
        assert_eq!(list("setup.exe", &bytes), ["a.env: one packed"]);
        // What tells it is not in the last bytes.
        assert!(has_sign(&[program, &[b'.'; 100_000]].concat()));
    }
    for picture in [&b"\xff\xd8\xff picture"[..], b"GIF89a", &made::png(&[])] {
        let bytes = [picture, &deflated(TWO), b"some bytes"].concat();
        let lines = list("a.jpg", &bytes);
        assert_eq!(
            lines[..2],
            ["a.txt: one packed", "b/c.env: two packed"],
            "{lines:?}"
        );
    }
    // A program that only knows what ends a zip is none.
    let other = [b"MZ program ", &b"PK\x05\x06"[..], &[7; 40]].concat();
    assert_eq!(kinds(&other), [None, None]);
    assert!(!has_sign(b"#!/bin/sh\n"));
}

#[test]
fn archives_that_are_not_opened_are_named() {
    let squashfs = [&b"hsqs"[..], &[1; 24], &[4, 0, 0, 0]].concat();
    let arj = [&[0x60, 0xea, 40, 0, 30, 11, 1, 0, 0, 0, 2][..], b"..."].concat();
    for (start, name) in [
        (&b"7z\xbc\xaf\x27\x1c..."[..], "7z archive"),
        (b"Rar!\x1a\x07\x01\0", "rar archive"),
        (b"\x04\x22\x4d\x18", "lz4 file"),
        (b"MSCF\0\0\0\0...", "cab archive"),
        (b"ISc(\x04\0\0\x01", "InstallShield archive"),
        (b"MSWIM\0\0\0", "wim image"),
        (b"xar!\0\x1c\0\x01", "xar archive"),
        (&squashfs, "squashfs image"),
        (b"\x24\x6a-lh5-...", "lzh archive"),
        (&arj, "arj archive"),
        (b"\x89LZO\0\r\n\x1a\n", "lzop file"),
        (b"LRZI\0\x06", "lrzip file"),
        (b"\xff\x06\0\0sNaPpY", "snappy file"),
        (b"\x27\xb5\x2f\xfd", "zstd file of before its first version"),
        (b"# v2 git bundle\n", "git bundle"),
        (b"# v3 git bundle\n@object", "git bundle"),
        (b"PACK\0\0\0\x02\0\0\0\x01", "git pack"),
    ] {
        assert_eq!(list("a", start), [format!("skipped {name}")]);
    }
}

#[test]
fn windows_that_are_too_large_are_not_called_broken() {
    let wanted = "skipped compressed file that needs more memory";
    let mut lzma = made::lzma(b"one");
    lzma[1..5].copy_from_slice(&(1_u32 << 30).to_le_bytes());
    assert_eq!(list("a.lzma", &lzma), [wanted]);
    let mut lzip = made::lzip(b"one");
    lzip[5] = 29;
    assert_eq!(list("a.lz", &lzip), [wanted]);
    // A frame without a length whose window is 2 GiB, as `zstd --long=31` writes it.
    let zstd = b"\x28\xb5\x2f\xfd\x00\xa8\x19\0\0one";
    assert_eq!(list("a.zst", zstd), [wanted]);
    // `zstd --long=28`.
    let zstd = b"\x28\xb5\x2f\xfd\x00\x90\x19\0\0one";
    assert_eq!(list("a.zst", zstd), ["a: one somewhere"]);
    let with_window = |window: u8| {
        let mut bytes = xz(b"one");
        // Behind the stream's header: the length of the block's, with what it holds and its sum.
        let end = 12 + (usize::from(bytes[12]) + 1) * 4 - 4;
        bytes[16] = window;
        let mut sum = flate2::Crc::new();
        sum.update(&bytes[12..end]);
        bytes[end..end + 4].copy_from_slice(&sum.sum().to_le_bytes());
        bytes
    };
    assert_eq!(list("a.xz", &with_window(34)), [wanted], "512 MiB");
    assert_eq!(list("a.xz", &with_window(32)), ["a: one somewhere"]);
}

proptest::proptest! {
    /// The header of zlib is text as well, and text is what nearly all files are.
    #[test]
    fn text_is_no_archive(
        start in proptest::sample::select(vec!["x^", "hC", "HK", "x\u{1}", "0707", "#!", "# v2 git ", "hsqs", "]"]),
        rest in "[ -~\n\t]{0,700}",
    ) {
        let text = format!("{start}{rest}");
        proptest::prop_assert_eq!(kinds(text.as_bytes()), [None, None], "{}", text);
    }
}
