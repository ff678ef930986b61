//! Archives of the kinds that no crate here writes, made at run time.

use flate2::write::{DeflateEncoder, ZlibEncoder};
use lzma_rust2::{LzipOptions, LzipWriter, LzmaOptions, LzmaWriter};
use std::collections::BTreeMap;
use std::io::Write;

type Files<'a> = &'a [(&'a str, &'a [u8])];

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn lzma(bytes: &[u8]) -> Vec<u8> {
    let options = LzmaOptions::with_preset(1);
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, None).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(crate) fn lzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = LzipWriter::new(Vec::new(), LzipOptions::with_preset(1));
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// As `compress` writes it, without emptying its table.
pub(crate) fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut table = BTreeMap::new();
    let mut codes = Vec::new();
    let mut last: Option<u32> = None;
    for byte in bytes {
        let next = u32::from(*byte);
        let Some(before) = last else {
            last = Some(next);
            continue;
        };
        // The first code that is no byte would empty the table.
        let new = 257 + table.len() as u32;
        last = match table.get(&(before, next)) {
            Some(code) => Some(*code),
            None => {
                table.insert((before, next), new);
                codes.push(before);
                Some(next)
            }
        };
    }
    codes.extend(last);
    let mut out = vec![0x1f, 0x9d, 0x80 | 16];
    let (mut bits, mut held, mut width, mut group) = (0, 0, 9, 0);
    for (index, code) in (0..).zip(codes) {
        // What a reader knows: each code adds one, from the second on.
        if (256 + index).max(257) > (1 << width) - 1 {
            // The group of eight codes is filled up before codes are longer.
            while group % 8 != 0 {
                push(&mut out, &mut bits, &mut held, 0, width);
                group += 1;
            }
            (width, group) = (width + 1, 0);
        }
        push(&mut out, &mut bits, &mut held, code, width);
        group += 1;
    }
    out.extend((held > 0).then_some(bits as u8));
    out
}

fn push(out: &mut Vec<u8>, bits: &mut u32, held: &mut u32, code: u32, width: u32) {
    *bits |= code << *held;
    *held += width;
    while *held >= 8 {
        out.push(*bits as u8);
        *bits >>= 8;
        *held -= 8;
    }
}

/// A loose object of git.
pub(crate) fn object(kind: &str, content: &[u8]) -> Vec<u8> {
    let header = format!("{kind} {}\0", content.len());
    zlib(&[header.as_bytes(), content].concat())
}

pub(crate) fn ar(files: Files<'_>) -> Vec<u8> {
    let mut out = b"!<arch>\n".to_vec();
    for (name, bytes) in files {
        let name = format!("{name}/");
        out.extend(
            format!(
                "{name:<16}0           0     0     100644  {:<10}`\n",
                bytes.len()
            )
            .bytes(),
        );
        out.extend_from_slice(bytes);
        out.extend((bytes.len() % 2 == 1).then_some(b'\n'));
    }
    out
}

/// Forms of cpio.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cpio {
    New,
    Octal,
    Little,
    Big,
}

pub(crate) fn cpio(form: Cpio, files: Files<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files.iter().chain(&[("TRAILER!!!", &b""[..])]) {
        let (named, size) = (name.len() + 1, bytes.len());
        let word = |number: usize| match form {
            Cpio::Little => (number as u16).to_le_bytes(),
            _ => (number as u16).to_be_bytes(),
        };
        let align = match form {
            Cpio::New => {
                out.extend(
                    format!(
                        "070701{}{size:08X}{}{named:08X}{}",
                        "0".repeat(48),
                        "0".repeat(32),
                        "0".repeat(8)
                    )
                    .bytes(),
                );
                4
            }
            Cpio::Octal => {
                out.extend(format!("070707{}{named:06o}{size:011o}", "0".repeat(53)).bytes());
                1
            }
            Cpio::Little | Cpio::Big => {
                let numbers = [
                    0o070707,
                    0,
                    0,
                    0o100644,
                    0,
                    0,
                    1,
                    0,
                    0,
                    0,
                    named,
                    size >> 16,
                    size,
                ];
                out.extend(numbers.map(word).concat());
                2
            }
        };
        out.extend_from_slice(name.as_bytes());
        out.push(0);
        out.resize(out.len().next_multiple_of(align), 0);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(align), 0);
    }
    out
}

pub(crate) fn rpm(payload: &[u8]) -> Vec<u8> {
    let header = |data: &[u8]| {
        let length = (data.len() as u32).to_be_bytes();
        [
            b"\x8e\xad\xe8\x01\0\0\0\0\0\0\0\x01",
            &length[..],
            &[0; 16],
            data,
        ]
        .concat()
    };
    let mut out = b"\xed\xab\xee\xdb\x03\0".to_vec();
    out.resize(96, 0);
    out.extend(header(b"signature"));
    out.resize(out.len().next_multiple_of(8), 0);
    out.extend(header(b"of the package"));
    out.extend_from_slice(payload);
    out
}

/// An image of nothing, with chunks of text.
pub(crate) fn png(chunks: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let ends = [("IHDR", vec![0; 13]), ("IEND", Vec::new())];
    for (name, data) in ends[..1].iter().chain(chunks).chain(&ends[1..]) {
        out.extend((data.len() as u32).to_be_bytes());
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(data);
        out.extend([0; 4]);
    }
    out
}

pub(crate) fn ztxt(keyword: &str, text: &[u8]) -> (&'static str, Vec<u8>) {
    ("zTXt", [keyword.as_bytes(), b"\0\0", &zlib(text)].concat())
}

pub(crate) fn itxt(keyword: &str, text: &[u8]) -> (&'static str, Vec<u8>) {
    let head = [keyword.as_bytes(), b"\0\x01\0en\0Schl\xc3\xbcssel\0"].concat();
    ("iTXt", [head, zlib(text)].concat())
}

/// Objects from number 1 on: each a dictionary without its length, and a stream.
pub(crate) fn pdf(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    for (number, (dictionary, bytes)) in (1..).zip(streams) {
        let length = bytes.len();
        out.extend(format!("{number} 0 obj\n<<{dictionary}/Length {length}>>\nstream\r\n").bytes());
        out.extend_from_slice(bytes);
        out.extend(b"\nendstream\nendobj\n");
    }
    out.extend(b"trailer\n<</Root 1 0 R>>\n%%EOF\n");
    out
}

/// A tar of version 7 of Unix, which says `ustar` nowhere.
pub(crate) fn old_tar(files: Files<'_>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_old();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A frame of zstd or lz4 that holds no content.
pub(crate) fn skippable(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u32).to_le_bytes();
    [b"\x50\x2a\x4d\x18", &length[..], data].concat()
}

/// A stream without the header of zlib, and with a wrong sum, as some writers of PDF have it.
pub(crate) fn without_sum(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![0x78, 0x9c], flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    [encoder.finish().unwrap(), vec![0; 4]].concat()
}
