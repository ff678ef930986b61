//! The members of a gzip file, one after the other as one file
//! ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952#section-2.2)).

use super::super::member::Notes;
use flate2::bufread::GzDecoder;
use std::io::{self, Read};

/// A reader of all members, which notes the names and comments they store.
pub(super) struct GzipMembers<'a> {
    member: GzDecoder<&'a [u8]>,
    is_over: bool,
    notes: &'a Notes,
}

impl<'a> GzipMembers<'a> {
    pub(in crate::decode::archive) fn new(bytes: &'a [u8], notes: &'a Notes) -> Self {
        Self {
            member: GzDecoder::new(bytes),
            is_over: false,
            notes,
        }
    }
}

impl Read for GzipMembers<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_over && !buffer.is_empty() {
            let read = self.member.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            if let Some(header) = self.member.header() {
                let stored = [header.filename(), header.comment(), header.extra()];
                stored
                    .into_iter()
                    .flatten()
                    .for_each(|text| self.notes.add(text));
            }
            let rest = *self.member.get_ref();
            self.is_over = rest.is_empty();
            self.member = GzDecoder::new(rest);
        }
        Ok(0)
    }
}
