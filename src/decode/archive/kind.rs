//! What kind of archive bytes are, told by a few of them: asked of every blob.

use super::container::cpio;
use super::crates::{begins_brotli, begins_zlib};
use memchr::memchr_iter;

/// The words for what git packs, of which only git knows what is whole.
pub(super) const GIT_BUNDLE: &str = "git bundle";

pub(super) const GIT_PACK: &str = "git pack";

/// The words for a layer of an image that only whoever has its key can read.
pub const ENCRYPTED_LAYER: &str = "encrypted image layer";

/// The same for one that the image names and does not hold.
pub const ABSENT_LAYER: &str = "image layer that is not there";

/// The same for its manifest and its configuration.
pub const ABSENT_MANIFEST: &str = "image manifest that is not there";
pub const ABSENT_CONFIG: &str = "image configuration that is not there";

/// The words for a document of an image that does not say what such a document says.
pub const BROKEN_DOCUMENT: &str = "broken document of an image";

/// The words for what an image names as a layer and what is none.
pub const NO_LAYER: &str = "image layer that is no tar";

/// The bytes that tell an archive are no farther from an end of it than this, but for a zip behind
/// something else: [`has_sign`] knows.
pub const MARKED: usize = 512;

/// What the record that ends a zip starts with.
const ZIP_END: &[u8] = b"PK\x05\x06";

/// Length of that record without a comment, and the most that a comment adds to it.
const ZIP_END_LENGTH: usize = 22;
const LONGEST_COMMENT: usize = u16::MAX as usize;

/// A kind of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveKind {
    /// One compressed stream, of a file, a tar or a cpio.
    Stream(Compression),
    /// tar: POSIX, GNU and that of Unix version 7.
    Tar,
    /// cpio, binary or in letters.
    Cpio,
    /// Unix `ar`: `.deb`, `.a`.
    Ar,
    /// rpm.
    Rpm,
    /// zip, jar, war, whl, docx and so on.
    Zip,
    /// A document with compressed streams in it.
    Pdf,
    /// An image with compressed texts in it.
    Png,
    /// One that is known and not opened, by the name that reports use.
    Closed(&'static str),
}

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
    Gzip,
    /// [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950), as in loose objects of git.
    Zlib,
    /// [RFC 7932](https://www.rfc-editor.org/rfc/rfc7932).
    Brotli,
    /// bzip2.
    Bzip2,
    /// [xz](https://tukaani.org/xz/xz-file-format.txt).
    Xz,
    /// What xz was before it had that name.
    Lzma,
    /// lzip.
    Lzip,
    /// [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).
    Zstd,
    /// Unix `compress`.
    Compress,
}

impl ArchiveKind {
    /// True of what is read as a file as well, and so may lie in as many archives as a file.
    pub(super) fn is_document(self) -> bool {
        matches!(self, Self::Pdf | Self::Png)
    }
}

/// What bytes are as an archive: by their start, and a zip behind something else by its end, as in
/// programs that unpack themselves and in Python's `.pyz`.
#[inline]
pub fn kinds(bytes: &[u8]) -> [Option<ArchiveKind>; 2] {
    let is_told = may_begin(bytes);
    let first = if is_told { told(bytes) } else { None };
    let first = first.or_else(|| is_tar(bytes).then_some(ArchiveKind::Tar));
    let is_brotli = || !may_precede_zip(bytes) && begins_brotli(bytes);
    let first = first.or_else(|| is_brotli().then_some(ArchiveKind::Stream(Compression::Brotli)));
    let is_zip_behind = first != Some(ArchiveKind::Zip)
        && (ends_as_zip(bytes)
            || is_told && may_precede_zip(bytes) && ends_as_commented_zip(bytes));
    [first, is_zip_behind.then_some(ArchiveKind::Zip)]
}

/// What bytes are by their start alone.
pub(super) fn first(bytes: &[u8]) -> Option<ArchiveKind> {
    told(bytes).or_else(|| is_tar(bytes).then_some(ArchiveKind::Tar))
}

/// The first bytes of all kinds and of what may precede a zip, but for lzma, which may begin with many and then has 0,
/// and lzh, which is told by the bytes behind two.
const BEGINNINGS: [bool; 256] = {
    let known = *b"PQRSTUVWXYZ[\\]^_\x1fBGL!%\x89\x08\x18(8Hhx0q7IMs#\xed\xfd\xc7\x04\x02\"\x23$%&'`\xff\x7f\xfe\xce\xcf\xca";
    let mut table = [false; 256];
    let mut at = 0;
    while at < known.len() {
        table[known[at] as usize] = true;
        at += 1;
    }
    table
};

/// False of nearly all files, by one look into a table.
#[inline]
fn may_begin(bytes: &[u8]) -> bool {
    match bytes {
        [first, second, third, ..] => {
            BEGINNINGS[usize::from(*first)] || *second == 0 || *third == b'-'
        }
        _ => false,
    }
}

/// False when a file that these are a part of, from its first or up to its last byte, is no archive as
/// far as they tell. Parts overlap by [`MARKED`] bytes.
///
/// A zip behind a program or picture may end with 64 KiB of something else, so each of those is one that may be. A script
/// is small in most cases, and then all of it is here.
#[inline]
pub fn has_sign(bytes: &[u8]) -> bool {
    let is_script = bytes.starts_with(b"#!") && bytes.len() < LONGEST_COMMENT;
    kinds(bytes) != [None, None] || may_precede_zip(bytes) && !is_script
}

/// True of what a zip is hidden behind or put behind, by its first bytes: programs, scripts, pictures, media.
#[inline]
fn may_precede_zip(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [b'M', b'Z', ..]
            | [0x7f, b'E', b'L', b'F', ..]
            | [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
            | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..]
            | [0xca, 0xfe, 0xba, 0xbe, ..]
            | [b'#', b'!', ..]
            | [0xff, 0xd8, 0xff, ..]
            | [0x89, b'P', b'N', b'G', ..]
            | [b'G', b'I', b'F', b'8', ..]
            | [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..]
            | [0, 0, 1 | 2, 0, ..]
            | [b'R', b'I', b'F', b'F', ..]
            | [0, 0, _, _, b'f', b't', b'y', b'p', ..]
            | [b'I', b'D', b'3', ..]
            | [b'%', b'P', b'D', b'F', b'-', ..]
    )
}

/// What bytes are by their first few.
#[inline(never)]
fn told(bytes: &[u8]) -> Option<ArchiveKind> {
    use Compression::{Bzip2, Compress, Gzip, Lzip, Lzma, Xz, Zlib, Zstd};
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, b'P', b'K', ..] => {
            Some(ArchiveKind::Zip)
        }
        [0x1f, 0x8b, 8, ..] => Some(ArchiveKind::Stream(Gzip)),
        [0x1f, 0x9d, flags, ..] if matches!(flags & 0x7f, 9..=16) => {
            Some(ArchiveKind::Stream(Compress))
        }
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if is_bzip2_block(rest) => {
            Some(ArchiveKind::Stream(Bzip2))
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(ArchiveKind::Stream(Xz)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(ArchiveKind::Stream(Zstd)),
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(behind_skippable(bytes)),
        [b'L', b'Z', b'I', b'P', 1, ..] => Some(ArchiveKind::Stream(Lzip)),
        [b'!', b'<', b'a', b'r', b'c', b'h', b'>', b'\n', ..] => Some(ArchiveKind::Ar),
        [0xed, 0xab, 0xee, 0xdb, ..] => Some(ArchiveKind::Rpm),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(ArchiveKind::Pdf),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(ArchiveKind::Png),
        // Two bytes are too few to tell, so what is behind them is looked at, in few files.
        [0x08 | 0x18 | 0x28 | 0x38 | 0x48 | 0x58 | 0x68 | 0x78, ..] if begins_zlib(bytes) => {
            Some(ArchiveKind::Stream(Zlib))
        }
        [b'0', b'7', b'0', b'7', ..] | [0xc7, 0x71, ..] | [0x71, 0xc7, ..]
            if cpio::begins(bytes) =>
        {
            Some(ArchiveKind::Cpio)
        }
        [0..=224, 0, ..] if is_lzma(bytes) => Some(ArchiveKind::Stream(Lzma)),
        _ => closed(bytes).map(ArchiveKind::Closed),
    }
}

/// What is known and not opened.
fn closed(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some("7z archive"),
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Some("rar archive"),
        [4, 0x22, 0x4d, 0x18, ..] | [2, 0x21, 0x4c, 0x18, ..] => Some("lz4 file"),
        [0x22..=0x27, 0xb5, 0x2f, 0xfd, ..] => Some("zstd file of before its first version"),
        [b'M', b'S', b'C', b'F', 0, 0, 0, 0, ..] => Some("cab archive"),
        [b'I', b'S', b'c', b'(', ..] => Some("InstallShield archive"),
        [b'M', b'S', b'W', b'I', b'M', 0, 0, 0, ..] => Some("wim image"),
        [b'x', b'a', b'r', b'!', 0, ..] => Some("xar archive"),
        [b'h', b's', b'q', b's', ..] | [b's', b'q', b's', b'h', ..] if is_squashfs(bytes) => {
            Some("squashfs image")
        }
        [_, _, b'-', b'l', b'h', b'0'..=b'9' | b'd', b'-', ..] => Some("lzh archive"),
        [0x60, 0xea, _, _, ..] if is_arj(bytes) => Some("arj archive"),
        [0x89, b'L', b'Z', b'O', 0, b'\r', b'\n', 0x1a, b'\n', ..] => Some("lzop file"),
        [b'L', b'R', b'Z', b'I', 0, ..] => Some("lrzip file"),
        [0xff, 6, 0, 0, b's', b'N', b'a', b'P', b'p', b'Y', ..] => Some("snappy file"),
        [b'P', b'A', b'C', b'K', 0, 0, 0, 2 | 3, ..] => Some(GIT_PACK),
        [b'#', b' ', b'v', b'2' | b'3', rest @ ..] if rest.starts_with(b" git bundle\n") => {
            Some(GIT_BUNDLE)
        }
        _ => None,
    }
}

/// zstd and lz4 both have frames that hold no content, of the same form: 4 bytes that tell one and 4
/// of its length. pzstd and seekable files begin with one.
fn behind_skippable(bytes: &[u8]) -> ArchiveKind {
    let mut rest = bytes;
    while let [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, frame @ ..] = rest {
        let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        rest = frame.get(length..).unwrap_or_default();
    }
    match closed(rest) {
        Some(name) => ArchiveKind::Closed(name),
        None => ArchiveKind::Stream(Compression::Zstd),
    }
}

/// The version of the superblock is 4 since 2009; its place is the same in either order of bytes.
fn is_squashfs(bytes: &[u8]) -> bool {
    matches!(bytes.get(28..30), Some([1..=4, 0] | [0, 1..=4]))
}

/// The first header is of the archive itself: kind 2.
fn is_arj(bytes: &[u8]) -> bool {
    bytes.get(10) == Some(&2)
}

/// A block, or the end of a stream without one.
fn is_bzip2_block(rest: &[u8]) -> bool {
    const MARKS: [[u8; 6]; 2] = [
        [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
        [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
    ];
    MARKS.iter().any(|mark| rest.starts_with(mark))
}

/// Where an lzma stream begins, behind properties, window and size.
const LZMA_HEADER: usize = 13;

/// True of an lzma stream, which has no mark: its window is one that encoders choose, 2^n or 2^n +
/// 2^(n-1), its size is unknown or less than 256 GiB, and the coded bytes begin with 0.
fn is_lzma(bytes: &[u8]) -> bool {
    let Some((header, [0, ..])) = bytes.split_at_checked(LZMA_HEADER) else {
        return false;
    };
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0_u64, |n, b| n << 8 | u64::from(*b))
    };
    let (window, size) = (number(&header[1..5]), number(&header[5..]));
    let lowest = window & window.wrapping_neg();
    let is_chosen = window >= 4096 && (window == lowest || window == 3 * lowest);
    header[0] < 225 && is_chosen && (size == u64::MAX || size < 1 << 38) && size != 0
}

/// Where a tar says `ustar`.
const TAR_MARK: usize = 257;

#[inline]
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    let mark = bytes.get(TAR_MARK..);
    mark.is_some_and(|rest| rest.starts_with(b"ustar")) || is_old_tar(bytes)
}

/// A tar of before `ustar`: its numbers end in NUL, as no text has it, and the sum of the header is
/// what it says.
#[inline]
fn is_old_tar(bytes: &[u8]) -> bool {
    bytes.get(107) == Some(&0) && bytes.get(115) == Some(&0) && has_tar_sum(bytes)
}

#[cold]
fn has_tar_sum(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..512).filter(|header| header[0] != 0) else {
        return false;
    };
    let is_end = |b: &u8| matches!(b, 0 | b' ');
    let digits = header[148..156].iter().skip_while(|b| **b == b' ');
    let digits = digits.take_while(|b| !is_end(b));
    let stated = digits.fold(0, |sum, b| sum * 8 + u32::from(b.wrapping_sub(b'0')));
    let others = header[..148].iter().chain(&header[156..]);
    stated == others.fold(8 * u32::from(b' '), |sum, b| sum + u32::from(*b))
}

#[inline]
fn ends_as_zip(bytes: &[u8]) -> bool {
    let start = bytes.len().checked_sub(ZIP_END_LENGTH);
    start.is_some_and(|start| bytes[start..].starts_with(ZIP_END))
}

/// A program or picture may hold the mark without a zip, so the directory must stand where the record says. The
/// mark is looked for by the byte of it that no script has.
#[cold]
fn ends_as_commented_zip(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(ZIP_END_LENGTH + LONGEST_COMMENT);
    memchr_iter(ZIP_END[2], &bytes[from..]).any(|place| {
        let Some(at) = (from + place).checked_sub(2) else {
            return false;
        };
        let size = bytes
            .get(at + 12..at + 16)
            .and_then(|size| size.try_into().ok());
        let directory = at.checked_sub(size.map_or(0, u32::from_le_bytes) as usize);
        bytes[at..].starts_with(ZIP_END)
            && directory.is_some_and(|start| bytes[start..].starts_with(b"PK\x01\x02"))
    })
}
