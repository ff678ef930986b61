//! What kind of archive bytes are, told by a few of them: asked of every blob.

/// Where a tar says `ustar`.
const TAR_MARK: usize = 257;

/// The bytes that tell an archive are no farther from an end of it than this.
pub const MARKED: usize = 512;

/// Length of the record that ends a zip without a comment.
const ZIP_END: usize = 22;

/// A kind of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One compressed stream, of a file or of a tar.
    Stream(Compression),
    /// POSIX or GNU tar.
    Tar,
    /// zip, jar, war, whl, docx and so on.
    Zip,
    /// One that is known and not opened, by the name that reports use.
    Closed(&'static str),
}

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
    Gzip,
    /// bzip2.
    Bzip2,
    /// [xz](https://tukaani.org/xz/xz-file-format.txt).
    Xz,
    /// [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).
    Zstd,
}

/// What bytes are as an archive: by their start, and a zip behind something else by its end, as in
/// programs that unpack themselves and in Python's `.pyz`.
#[inline]
pub fn kinds(bytes: &[u8]) -> [Option<Kind>; 2] {
    let first = first(bytes);
    let is_zip_behind = first != Some(Kind::Zip) && ends_as_zip(bytes);
    [first, is_zip_behind.then_some(Kind::Zip)]
}

#[inline]
fn first(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some(Kind::Zip),
        [0x1f, 0x8b, 8, ..] => Some(Kind::Stream(Compression::Gzip)),
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if is_bzip2_block(rest) => {
            Some(Kind::Stream(Compression::Bzip2))
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Kind::Stream(Compression::Xz)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Kind::Stream(Compression::Zstd)),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Kind::Closed("7z archive")),
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Some(Kind::Closed("rar archive")),
        [4, 0x22, 0x4d, 0x18, ..] => Some(Kind::Closed("lz4 file")),
        _ if is_tar(bytes) => Some(Kind::Tar),
        _ => None,
    }
}

/// A block, or the end of a stream without one.
fn is_bzip2_block(rest: &[u8]) -> bool {
    const MARKS: [[u8; 6]; 2] = [
        [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
        [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
    ];
    MARKS.iter().any(|mark| rest.starts_with(mark))
}

pub(super) fn is_tar(bytes: &[u8]) -> bool {
    let mark = bytes.get(TAR_MARK..);
    mark.is_some_and(|rest| rest.starts_with(b"ustar"))
}

fn ends_as_zip(bytes: &[u8]) -> bool {
    let start = bytes.len().checked_sub(ZIP_END);
    start.is_some_and(|start| bytes[start..].starts_with(b"PK\x05\x06"))
}
