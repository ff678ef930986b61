//! Archives and compressed files: tar, cpio, ar, rpm, zip under all its names, what is compressed in
//! PDF and PNG, and gzip, zlib, bzip2, xz, lzma, lzip, zstd and compress of a file, a tar or a cpio.
//!
//! [`kinds`] tells an archive by a few bytes, [`unpack()`] hands out all that is in it and in the
//! archives in it, within a [`Budget`]. Names of members are only text: nothing is ever written to a
//! disk.
//!
//! What cannot be opened is told as skipped: an encrypted member, a compression that is not known
//! here, a broken archive, of which the part that can be unpacked is read. To exceed a limit is a
//! fault: there was more, and it could have been read.

mod budget;
#[cfg(not(feature = "archives"))]
mod closed;
mod container;
#[cfg(feature = "archives")]
mod crates;
mod kind;
mod member;
mod stream;
mod unpack;

pub use budget::{Budget, Limits};
pub use kind::{
    ABSENT_CONFIG, ABSENT_LAYER, ABSENT_MANIFEST, ArchiveKind, BROKEN_DOCUMENT, Compression,
    ENCRYPTED_LAYER, MARKED, NO_LAYER, has_sign, kinds,
};
pub use member::{TarEntry, TarEntryKind};
pub use stream::{Inflated, inflated, is_deflated};
pub use unpack::{Visitor, unpack};

#[cfg(not(feature = "archives"))]
use closed as crates;
use kind::{GIT_BUNDLE, GIT_PACK};
use member::{Backing, FoundMember, MemberSink};

/// What a user can do about something that was skipped, by kind.
pub fn advice(kind: &str) -> &'static str {
    match kind {
        GIT_BUNDLE => "clone it (git clone FILE FOLDER) and run jvxleaks history FOLDER",
        GIT_PACK => "run jvxleaks history on its repository",
        container::pdf::ENCRYPTED => "save it without a password and scan that",
        container::pdf::DRAWN | container::pdf::UNKNOWN => {
            "save it as text (pdftotext) and scan that"
        }
        ENCRYPTED_LAYER => "decrypt it (skopeo copy --decryption-key) and scan that",
        ABSENT_LAYER | ABSENT_MANIFEST | ABSENT_CONFIG => {
            "save the whole image, without links, and scan that"
        }
        NO_LAYER | BROKEN_DOCUMENT => "save the image again and scan that",
        _ => "unpack it and scan the folder",
    }
}

/// Hands out the names in a tar, which may be compressed, as far as it can be read and the budget reaches; false of what
/// is no tar.
pub fn tar_entries(bytes: &[u8], budget: &Budget, each: &mut dyn FnMut(&mut TarEntry<'_>)) -> bool {
    match kinds(bytes)[0] {
        Some(ArchiveKind::Tar) => {
            crates::tar_entries(budget.metered(bytes), each);
            true
        }
        Some(ArchiveKind::Stream(compression)) => {
            stream::tar_entries(compression, bytes, budget, each)
        }
        _ => false,
    }
}

/// Hands out what is in one archive, in its order, until the budget is spent. `name` is its file
/// name, from which that of a compressed file is taken.
fn read(kind: ArchiveKind, bytes: &[u8], name: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    match kind {
        ArchiveKind::Stream(compression) => stream::read(compression, bytes, name, budget, sink),
        ArchiveKind::Tar => {
            crates::read_tar(budget.metered(bytes), Backing::Stored(0), budget, sink)
        }
        ArchiveKind::Cpio => {
            container::cpio::read(budget.metered(bytes), Backing::Stored(0), budget, sink)
        }
        ArchiveKind::Ar => container::ar::read(bytes, budget, sink),
        ArchiveKind::Rpm => container::rpm::read(bytes, budget, sink),
        ArchiveKind::Pdf => container::pdf::read(bytes, budget, sink),
        ArchiveKind::Png => container::png::read(bytes, budget, sink),
        ArchiveKind::Zip => crates::read_zip(bytes, budget, sink),
        ArchiveKind::Closed(name) => sink(FoundMember::Skipped(name)),
    }
}

#[cfg(feature = "archives")]
#[cfg(test)]
mod tests;
