//! Where the files of an image are taken from.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// A larger document is none of an image, in bytes. Registries take manifests of 4 MiB at most.
pub const LARGEST_DOCUMENT: u64 = 4 << 20;

/// Bytes by which a layer is told for a tar.
pub const HEAD: usize = 1024;

/// The files that an image is made of, by their names in it: members of a tar, or files below a folder.
pub trait ImageFiles {
    /// A small file, if there is one.
    fn document(&self, name: &[u8]) -> Option<Cow<'_, [u8]>>;
    /// Whether there is a file, of any size.
    fn holds(&self, name: &[u8]) -> bool;
    /// The first [`HEAD`] bytes of a layer, if there is one.
    fn head(&self, _name: &[u8]) -> Option<Cow<'_, [u8]>> {
        None
    }
    /// Whether there is more of an image than names that other archives have too, such as the `manifest.json` of an
    /// extension of a browser.
    fn has_blobs(&self) -> bool {
        false
    }
    /// The name of the file that a name stands for: `docker save` links a layer to an equal one.
    fn resolved(&self, name: Vec<u8>) -> Vec<u8> {
        name
    }
    /// Hands out the bytes of those of some layers that are there, each with its name.
    fn layers(&self, names: &BTreeSet<Vec<u8>>, see: &mut dyn FnMut(&[u8], &[u8]));
}
