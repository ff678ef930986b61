//! lzma streams: xz, what came before it, and lzip.

use lzma_rust2::{LzipReader, LzmaReader, XzReader};
use std::cell::Cell;
use std::io::{self, Read};

/// Largest window that a stream may have, in bytes: as much as is read of a member. The memory for it
/// grows with what is unpacked.
pub(super) const WINDOW: u64 = 256 << 20;

/// The same in KiB, with room for what a decoder needs beside it.
const MEMORY: u32 = (WINDOW >> 10) as u32 + 4096;

/// Where an lzma stream begins, behind properties, window and size.
const HEADER: usize = 13;

/// True of an lzma stream, which has no mark: its window is one that encoders choose, 2^n or 2^n +
/// 2^(n-1), its size is unknown or less than 256 GiB, and the coded bytes begin with 0.
pub(in crate::decode::archive) fn begins(bytes: &[u8]) -> bool {
    let Some((header, [0, ..])) = bytes.split_at_checked(HEADER) else {
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

pub(in crate::decode::archive) fn xz(bytes: &[u8]) -> impl Read + '_ {
    XzReader::new_mem_limit(bytes, true, MEMORY)
}

/// A reader of one stream, which sets `behind` to how many bytes stand behind its end.
pub(in crate::decode::archive) fn lzma<'b>(
    bytes: &'b [u8],
    behind: &'b Cell<usize>,
) -> io::Result<impl Read + 'b> {
    let reader = LzmaReader::new_mem_limit(bytes, MEMORY, None)?;
    Ok(One {
        reader: Some(reader),
        behind,
    })
}

struct One<'b> {
    /// None once all was read.
    reader: Option<LzmaReader<&'b [u8]>>,
    behind: &'b Cell<usize>,
}

impl Read for One<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(reader) = self.reader.as_mut().filter(|_| !buffer.is_empty()) else {
            return Ok(0);
        };
        let read = reader.read(buffer)?;
        if read == 0
            && let Some(reader) = self.reader.take()
        {
            let (rest, ahead) = reader.into_parts();
            self.behind.set(rest.len() + ahead.len());
        }
        Ok(read)
    }
}

pub(in crate::decode::archive) fn lzip(bytes: &[u8]) -> io::Result<impl Read + '_> {
    // The low five bits of the sixth byte are the logarithm of its window, rounded up.
    match bytes.get(5).map(|window| 1_u64 << (window & 0x1f)) {
        Some(window) if window > WINDOW => Err(io::ErrorKind::OutOfMemory.into()),
        _ => Ok(LzipReader::new(bytes)),
    }
}
