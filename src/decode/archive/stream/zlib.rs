//! Bare zlib streams, and the loose objects of git, which are such.

use flate2::{Decompress, FlushDecompress, Status};
use std::cell::Cell;
use std::io::{self, Read};

/// How much is tried before bytes are taken for a stream.
const TRIED: usize = 1024;

/// How much of a stream inflates without an error only if it is one.
const ENOUGH: u64 = 256;

/// True of what begins as a zlib stream. The two bytes of its header are text too: `x^2 + y`.
#[inline]
pub(in crate::decode::archive) fn begins(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, _, ..] => {
            let is_header = u16::from_be_bytes([*method, *flags]).is_multiple_of(31);
            let needs_dictionary = flags & 0x20 != 0;
            is_header && !needs_dictionary && inflates(bytes)
        }
        _ => false,
    }
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
            let is_cut = tried.len() == bytes.len() && !may_be_text(bytes);
            is_cut || written > 0 && (!is_fixed || is_enough)
        }
        Err(_) => false,
    }
}

/// True of a text, also of one that begins with a header: `x\u{1}`.
fn may_be_text(bytes: &[u8]) -> bool {
    let is_control = |c: char| c.is_control() && !c.is_ascii_whitespace();
    let own = if bytes[1].is_ascii() {
        &bytes[2..]
    } else {
        bytes
    };
    std::str::from_utf8(own).is_ok_and(|text| !text.contains(is_control))
}

/// Inflates one stream. That it is cut off is an error, which the readers of the crate do not tell from its end.
pub(in crate::decode::archive) struct Inflating<'b> {
    state: Decompress,
    rest: &'b [u8],
    behind: &'b Cell<usize>,
    is_over: bool,
}

impl<'b> Inflating<'b> {
    /// A reader of a zlib stream, which sets `behind` to how many bytes stand behind its end.
    pub(in crate::decode::archive) fn new(bytes: &'b [u8], behind: &'b Cell<usize>) -> Self {
        Self {
            state: Decompress::new(true),
            rest: bytes,
            behind,
            is_over: false,
        }
    }

    /// The same of bare deflate.
    pub(in crate::decode::archive) fn bare(bytes: &'b [u8], behind: &'b Cell<usize>) -> Self {
        Self {
            state: Decompress::new(false),
            ..Self::new(bytes, behind)
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

/// The content of a loose object of git, without its header: `blob 12\0`.
pub(in crate::decode::archive) fn object(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().take(32).position(|b| *b == 0)?;
    let header = std::str::from_utf8(&bytes[..end]).ok()?;
    let (kind, size) = header.split_once(' ')?;
    let content = &bytes[end + 1..];
    let is_object = matches!(kind, "blob" | "tree" | "commit" | "tag")
        && size.parse::<usize>() == Ok(content.len());
    is_object.then_some(content)
}
