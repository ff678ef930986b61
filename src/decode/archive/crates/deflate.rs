//! Deflate, bare or as a zlib stream.

use super::super::stream::zlib;
use flate2::{Decompress, FlushDecompress, Status};
use std::cell::Cell;
use std::io::{self, Read};

/// How much is tried before bytes are taken for a stream.
const TRIED: usize = 1024;

/// How much of a stream inflates without an error only if it is one.
const ENOUGH: u64 = 256;

/// True of what begins as a zlib stream.
#[inline]
pub(in crate::decode::archive) fn begins_zlib(bytes: &[u8]) -> bool {
    zlib::has_header(bytes) && inflates(bytes)
}

#[cold]
fn inflates(bytes: &[u8]) -> bool {
    let mut inflater = Decompress::new(true);
    let mut room = [0; 4 * TRIED];
    let tried = &bytes[..bytes.len().min(TRIED)];
    match inflater.decompress(tried, &mut room, FlushDecompress::None) {
        Ok(Status::StreamEnd) => true,
        Ok(_) => {
            let (read, written) = (inflater.total_in(), inflater.total_out());
            // A block with the fixed code can be made of nearly any bytes, the others check themselves.
            let is_fixed = bytes[2] & 0b110 == 0b010;
            let is_enough = read >= ENOUGH || written == room.len() as u64;
            // What is no text, and inflates to its end, was cut off.
            let is_cut = tried.len() == bytes.len() && !zlib::may_be_text(bytes);
            is_cut || written > 0 && (!is_fixed || is_enough)
        }
        Err(_) => false,
    }
}

/// A reader of a zlib stream, which sets `behind` to how many bytes stand behind its end.
pub(in crate::decode::archive) fn zlib<'b>(
    bytes: &'b [u8],
    behind: &'b Cell<usize>,
) -> impl Read + 'b {
    Inflating::new(true, bytes, behind)
}

/// The same of bare deflate.
pub(in crate::decode::archive) fn deflate<'b>(
    bytes: &'b [u8],
    behind: &'b Cell<usize>,
) -> impl Read + 'b {
    Inflating::new(false, bytes, behind)
}

/// Inflates one stream. That it is cut off is an error, which the readers of the crate do not tell from its end.
struct Inflating<'b> {
    state: Decompress,
    rest: &'b [u8],
    behind: &'b Cell<usize>,
    is_over: bool,
}

impl<'b> Inflating<'b> {
    fn new(is_zlib: bool, bytes: &'b [u8], behind: &'b Cell<usize>) -> Self {
        Self {
            state: Decompress::new(is_zlib),
            rest: bytes,
            behind,
            is_over: false,
        }
    }
}

impl Read for Inflating<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_over && !buffer.is_empty() {
            let before = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(self.rest, buffer, FlushDecompress::None)?;
            self.rest = &self.rest[(self.state.total_in() - before.0) as usize..];
            let written = (self.state.total_out() - before.1) as usize;
            if status == Status::StreamEnd {
                self.is_over = true;
                self.behind.set(self.rest.len());
            } else if written == 0 && self.rest.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
