//! What is read with crates of others. Without the feature `archives`, `closed` stands in its place.

mod brotli;
mod deflate;
mod gzip;
mod lzma;
mod tar;
mod zip;
mod zstd;

pub(super) use brotli::begins_brotli;
pub(super) use deflate::{begins_zlib, deflate, zlib};
pub(super) use tar::{entries as tar_entries, read as read_tar};
pub(super) use zip::read as read_zip;

use super::kind::Compression;
use super::member::Notes;
use super::stream::compress::Lzw;
use bzip2::read::MultiBzDecoder;
use gzip::GzipMembers;
use std::cell::Cell;
use std::io::{self, Read};
use zstd::Frames;

/// Reads what is compressed. Where a stream may end before the bytes do, `behind` is how many are left then.
pub(super) fn reader<'b>(
    compression: Compression,
    bytes: &'b [u8],
    notes: &'b Notes,
    behind: &'b Cell<usize>,
) -> io::Result<Box<dyn Read + 'b>> {
    Ok(match compression {
        Compression::Brotli => Box::new(brotli::brotli(bytes)),
        Compression::Gzip => Box::new(GzipMembers::new(bytes, notes)),
        Compression::Zlib => Box::new(zlib(bytes, behind)),
        Compression::Bzip2 => Box::new(MultiBzDecoder::new(bytes)),
        Compression::Xz => Box::new(lzma::xz(bytes)),
        Compression::Lzma => Box::new(lzma::lzma(bytes, behind)?),
        Compression::Lzip => Box::new(lzma::lzip(bytes)?),
        Compression::Zstd => Box::new(Frames::new(bytes, notes)),
        Compression::Compress => Box::new(Lzw::new(bytes)),
    })
}
