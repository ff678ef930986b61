//! gzip: one compressed file, or a tar that is read as it is unpacked.

use super::budget::{Budget, End};
use super::{Found, Member, Sink, deliver, is_tar, tar};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The first record of a tar, which tells that it is one.
const HEAD: u64 = 512;

pub(super) fn read(bytes: &[u8], name: &[u8], budget: &Budget, sink: Sink<'_>) {
    let mut stream = budget.metered(MultiGzDecoder::new(bytes));
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
        stored: None,
    };
    deliver(member, end, budget, sink);
}

/// `app.log` for `app.log.gz`.
fn unpacked_name(name: &[u8]) -> &[u8] {
    let (stem, end) = name.split_at(name.len().saturating_sub(3));
    match end.eq_ignore_ascii_case(b".gz") && !stem.is_empty() {
        true => stem,
        false => name,
    }
}
