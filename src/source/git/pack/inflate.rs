//! Objects as git compresses them, each a whole zlib stream whose length is known.

use libdeflater::Decompressor;

/// Decompresses one object after the other.
pub(in crate::source::git) struct Inflate(Decompressor);

impl Inflate {
    /// One that is ready.
    pub(in crate::source::git) fn new() -> Self {
        Self(Decompressor::new())
    }

    /// Puts the `size` bytes that `stream` begins with into `out`, and nothing else.
    ///
    /// # Errors
    /// When the stream is damaged, by its checksum too, or is of another length.
    pub(in crate::source::git) fn inflate(
        &mut self,
        stream: &[u8],
        size: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        out.resize(size, 0);
        let written = self.0.zlib_decompress(stream, out);
        if written == Ok(size) {
            Ok(())
        } else {
            Err("an object cannot be decompressed")
        }
    }
}
