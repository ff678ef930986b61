//! A look at parts of a blob, before the whole of it is in memory.

/// Tells from a part of a blob whether the whole is worth while. Asked by many threads.
pub trait Skim: Sync {
    /// False when there is no sign in `bytes` of what is looked for. Where all parts of a blob are without
    /// one, and each but the first begins [`Skim::reach`] before the end of the one before it, nothing is to
    /// be found in the blob.
    fn has_sign(&self, bytes: &[u8]) -> bool;

    /// How much of the text around it decides whether a byte is a sign, in bytes.
    fn reach(&self) -> usize;
}
