//! What a source may ask about a blob before the whole of it is in memory.

use super::super::BlobPath;

/// The word for what the configuration excludes, among the kinds of what is passed over.
pub const EXCLUDED: &str = "excluded";

/// Tells from the path, or from a part, of a blob whether the whole is worth while. Asked by many threads.
pub trait Skim: Sync {
    /// False when a file at `path` need not be opened. One that was asked for by name is, whatever this says.
    fn wants(&self, _path: &BlobPath) -> bool {
        true
    }

    /// False when there is no sign in `bytes` of what is looked for. Where all parts of a blob are without
    /// one, and each but the first begins [`Skim::reach`] before the end of the one before it, nothing is to
    /// be found in the blob.
    fn has_sign(&self, bytes: &[u8]) -> bool;

    /// How much of the text around it decides whether a byte is a sign, in bytes.
    fn reach(&self) -> usize;
}
