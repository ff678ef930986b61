//! One compressed stream: a file, or a tar that is read as it is unpacked.

use super::budget::{Budget, End};
use super::zstd::Frames;
use super::{Compression, Found, Member, Sink, deliver, is_tar, tar};
use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use std::io::Read;

/// The first record of a tar, which tells that it is one.
const HEAD: u64 = 512;

/// Most memory that an xz stream may ask for, in KiB. The largest preset needs a quarter of it.
const XZ_MEMORY: u32 = 256 << 10;

pub(super) fn read(
    compression: Compression,
    bytes: &[u8],
    name: &[u8],
    budget: &Budget,
    sink: Sink<'_>,
) {
    match compression {
        Compression::Gzip => file_or_tar(MultiGzDecoder::new(bytes), name, budget, sink),
        Compression::Bzip2 => file_or_tar(MultiBzDecoder::new(bytes), name, budget, sink),
        Compression::Xz => {
            let reader = XzReader::new_mem_limit(bytes, true, XZ_MEMORY);
            file_or_tar(reader, name, budget, sink);
        }
        Compression::Zstd => file_or_tar(Frames::new(bytes), name, budget, sink),
    }
}

fn file_or_tar(reader: impl Read, name: &[u8], budget: &Budget, sink: Sink<'_>) {
    let mut stream = budget.metered(reader);
    let mut content = Vec::new();
    let start = stream.by_ref().take(HEAD).read_to_end(&mut content);
    if start.is_ok() && is_tar(&content) {
        return tar::read(content.chain(stream), false, budget, sink);
    }
    let path = unpacked_name(name);
    if !budget.admits(1) {
        return sink(Found::Fault(path, budget.members_exceeded()));
    }
    let end = match start {
        Ok(_) => budget.fill(stream, &mut content),
        Err(_) if budget.is_spent() => End::Spent,
        Err(_) => End::Broken,
    };
    let member = Member {
        path,
        bytes: &content,
        packed: None,
    };
    deliver(member, end, budget, sink);
}

/// `app.log` for `app.log.gz`.
fn unpacked_name(name: &[u8]) -> &[u8] {
    let dot = name.iter().rposition(|b| *b == b'.').filter(|dot| *dot > 0);
    let Some((stem, ending)) = dot.map(|dot| name.split_at(dot)) else {
        return name;
    };
    let endings: [&[u8]; 4] = [b".gz", b".bz2", b".xz", b".zst"];
    match endings.iter().any(|e| ending.eq_ignore_ascii_case(e)) {
        true => stem,
        false => name,
    }
}
