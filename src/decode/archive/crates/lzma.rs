//! lzma streams: xz, what came before it, and lzip.

use lzma_rust2::{LzipReader, LzmaReader, XzReader};
use std::cell::Cell;
use std::io::{self, Read};

/// Largest window that a stream may have, in bytes: as much as is read of a member. The memory for it
/// grows with what is unpacked.
pub(super) const WINDOW: u64 = 256 << 20;

/// The same in KiB, with room for what a decoder needs beside it.
const MEMORY: u32 = (WINDOW >> 10) as u32 + 4096;

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
