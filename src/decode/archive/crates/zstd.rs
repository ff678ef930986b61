//! The frames of a Zstandard stream, one after the other as one file
//! ([RFC 8878](https://www.rfc-editor.org/rfc/rfc8878#section-3.1)).

use super::super::member::Notes;
use super::lzma::WINDOW;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, Read};

/// A reader of all frames, which notes what is in those without content.
pub(super) struct Frames<'a> {
    rest: &'a [u8],
    frame: Option<StreamingDecoder<&'a [u8], FrameDecoder>>,
    notes: &'a Notes,
}

impl<'a> Frames<'a> {
    pub(in crate::decode::archive) fn new(bytes: &'a [u8], notes: &'a Notes) -> Self {
        Self {
            rest: bytes,
            frame: None,
            notes,
        }
    }

    /// Starts the next frame; false at the end. Frames that hold no content are passed over.
    fn start(&mut self) -> io::Result<bool> {
        while !self.rest.is_empty() {
            match StreamingDecoder::new_with_max_window_size(self.rest, WINDOW) {
                Ok(frame) => {
                    self.frame = Some(frame);
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let frame = self.rest.get(SKIP_HEADER..).unwrap_or_default();
                    let (skipped, rest) = frame
                        .split_at_checked(length as usize)
                        .ok_or(io::ErrorKind::UnexpectedEof)?;
                    self.notes.add(skipped);
                    self.rest = rest;
                }
                Err(FrameDecoderError::WindowSizeTooBig { .. }) => {
                    return Err(io::ErrorKind::OutOfMemory.into());
                }
                Err(FrameDecoderError::DictNotProvided { .. }) => {
                    return Err(io::ErrorKind::Unsupported.into());
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    /// Leaves a frame that was read to its end, if its content is what its checksum says.
    fn finish(&mut self) -> io::Result<()> {
        if let Some(frame) = self.frame.take() {
            let (rest, decoder) = frame.into_parts();
            self.rest = rest;
            let stored = decoder.get_checksum_from_data();
            if stored.is_some() && stored != decoder.get_calculated_checksum() {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(())
    }
}

/// Magic number and length of a frame without content, in bytes.
const SKIP_HEADER: usize = 8;

impl Read for Frames<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(frame) = &mut self.frame {
                let read = frame.read(buffer)?;
                if read > 0 {
                    return Ok(read);
                }
                self.finish()?;
            }
            if !self.start()? {
                return Ok(0);
            }
        }
    }
}
