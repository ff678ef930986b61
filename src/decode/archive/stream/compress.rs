//! Files of Unix `compress`, `.Z`: LZW with codes of 9 to 16 bits.

use std::io::{self, Read};

/// Where codes begin, behind two bytes that tell the kind and one of flags.
const HEADER: usize = 3;

/// The first code that is no byte; where the flags say so, it empties the table.
const CLEAR: usize = 256;

/// Fewest bits of a code.
const LEAST: usize = 9;

/// A reader of what was compressed.
pub(in crate::decode::archive) struct Lzw<'a> {
    bytes: &'a [u8],
    /// Where the next code is, and where the group of eight began that it belongs to, in bits.
    at: usize,
    group: usize,
    width: usize,
    widest: usize,
    clears: bool,
    /// Of each code from 256 on: the code of all but its last byte, and that byte.
    table: Vec<(u16, u8)>,
    last: Option<usize>,
    /// What was unpacked and is not handed out yet, back to front.
    ready: Vec<u8>,
}

impl<'a> Lzw<'a> {
    pub(in crate::decode::archive) fn new(bytes: &'a [u8]) -> Self {
        let flags = bytes.get(HEADER - 1).copied().unwrap_or_default();
        let mut new = Self {
            bytes: bytes.get(HEADER..).unwrap_or_default(),
            at: 0,
            group: 0,
            width: LEAST,
            widest: usize::from(flags & 0x1f).max(LEAST),
            clears: flags & 0x80 != 0,
            table: Vec::new(),
            last: None,
            ready: Vec::new(),
        };
        new.empty();
        new
    }

    fn empty(&mut self) {
        self.table.clear();
        // The code that empties the table stands for nothing else.
        self.table.extend(self.clears.then_some((0, 0)));
        self.last = None;
    }

    /// Begins a group of codes of `width` bits: the one before is filled up to eight codes.
    fn begin(&mut self, width: usize) {
        let codes = (self.at - self.group).div_ceil(self.width);
        self.group += codes.next_multiple_of(8) * self.width;
        (self.at, self.width) = (self.group, width);
    }

    fn next_code(&mut self) -> Option<usize> {
        if CLEAR + self.table.len() > (1 << self.width) - 1 && self.width < self.widest {
            self.begin(self.width + 1);
        }
        let end = self.at + self.width;
        let bytes = self.bytes.get(self.at / 8..end.div_ceil(8))?;
        let number = bytes.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b));
        let code = number >> (self.at % 8) & ((1 << self.width) - 1);
        self.at = end;
        Some(code)
    }

    /// Unpacks the next code that stands for bytes; false at the end.
    fn unpack(&mut self) -> io::Result<bool> {
        loop {
            let Some(code) = self.next_code() else {
                return Ok(false);
            };
            if code == CLEAR && self.clears {
                self.begin(LEAST);
                self.empty();
                continue;
            }
            let known = CLEAR + self.table.len();
            // A code may stand for the string that it is about to add: the last with its own first byte.
            let is_next = code == known;
            let from = match self.last {
                Some(last) if is_next => last,
                _ if code < known => code,
                _ => return Err(io::ErrorKind::InvalidData.into()),
            };
            let hole = self.ready.len();
            self.ready.extend(is_next.then_some(0));
            let first = self.expand(from);
            if is_next {
                self.ready[hole] = first;
            }
            if let Some(last) = self.last
                && known < 1 << self.widest
            {
                self.table.push((last as u16, first));
            }
            self.last = Some(code);
            return Ok(true);
        }
    }

    /// Puts what a code stands for in front, back to front; its first byte.
    fn expand(&mut self, mut code: usize) -> u8 {
        while let Some((before, last)) = code.checked_sub(CLEAR).map(|at| self.table[at]) {
            self.ready.push(last);
            code = usize::from(before);
        }
        self.ready.push(code as u8);
        code as u8
    }
}

impl Read for Lzw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while written < buffer.len() {
            if self.ready.is_empty() && !self.unpack()? {
                break;
            }
            while let Some(slot) = buffer.get_mut(written)
                && let Some(byte) = self.ready.pop()
            {
                *slot = byte;
                written += 1;
            }
        }
        Ok(written)
    }
}
