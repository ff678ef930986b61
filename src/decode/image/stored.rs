//! The files of an image in a tar, which may be compressed.

use super::files::{HEAD, ImageFiles, LARGEST_DOCUMENT};
use crate::decode::archive::{Budget, Limits, TarEntryKind, tar_entries};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

/// Most bytes of documents that are kept of one image.
const MOST: u64 = 64 << 20;

/// Most files of which the first bytes are kept.
const MOST_HEADS: usize = 10_000;

/// Where the files of an OCI layout are.
const BLOBS: &[u8] = b"blobs/";

/// What a document begins with.
const OPENING: &[u8] = b"{[";

/// An image in a tar.
#[derive(Debug)]
pub struct StoredImage<'a> {
    bytes: &'a [u8],
    limits: Limits,
    /// All small files that may be JSON, by their names.
    documents: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The first bytes of what may be a layer.
    heads: BTreeMap<Vec<u8>, Vec<u8>>,
    names: BTreeSet<Vec<u8>>,
    /// What links lead to: `docker save` links a layer to an equal one.
    links: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl<'a> StoredImage<'a> {
    /// Reads the documents of the image in `bytes`; `None` of what is no tar.
    pub fn new(bytes: &'a [u8], limits: Limits) -> Option<Self> {
        let (mut documents, mut heads) = (BTreeMap::new(), BTreeMap::new());
        let (mut names, mut links) = (BTreeSet::new(), BTreeMap::new());
        let mut left = MOST;
        let budget = Budget::new(limits, bytes.len());
        let is_tar = tar_entries(bytes, &budget, &mut |entry| {
            let path = std::mem::take(&mut entry.path);
            match &entry.kind {
                TarEntryKind::Folder => return,
                TarEntryKind::Link(to) => {
                    links.insert(path.clone(), beside(&path, to));
                }
                TarEntryKind::File => {
                    let mut content = Vec::new();
                    let is_layer = may_be_layer(&path) && heads.len() < MOST_HEADS;
                    let length = if is_layer { HEAD } else { 1 };
                    let head = entry.content.take(length as u64).read_to_end(&mut content);
                    if head.is_ok() && is_layer {
                        heads.insert(path.clone(), content.clone());
                    }
                    if head.is_ok()
                        && entry.size <= LARGEST_DOCUMENT.min(left)
                        && content.first().is_some_and(|b| OPENING.contains(b))
                    {
                        let mut rest = entry.content.take(LARGEST_DOCUMENT);
                        if rest.read_to_end(&mut content).is_ok() {
                            left = left.saturating_sub(content.len() as u64);
                            documents.insert(path.clone(), content);
                        }
                    }
                }
            }
            names.insert(path);
        });
        is_tar.then_some(Self {
            bytes,
            limits,
            documents,
            heads,
            names,
            links,
        })
    }
}

impl ImageFiles for StoredImage<'_> {
    fn document(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.documents
            .get(name)
            .map(|text| Cow::Borrowed(&text[..]))
    }

    fn head(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.heads.get(name).map(|head| Cow::Borrowed(&head[..]))
    }

    fn has_blobs(&self) -> bool {
        let mut names = self.names.iter();
        self.names.contains(&b"oci-layout"[..])
            || names.any(|name| {
                name.starts_with(BLOBS) || name.ends_with(b"/layer.tar") || is_digest_tar(name)
            })
    }

    fn holds(&self, name: &[u8]) -> bool {
        self.names.contains(name)
    }

    fn resolved(&self, name: Vec<u8>) -> Vec<u8> {
        self.links.get(&name).cloned().unwrap_or(name)
    }

    fn layers(&self, names: &BTreeSet<Vec<u8>>, see: &mut dyn FnMut(&[u8], &[u8])) {
        if names.is_empty() {
            return;
        }
        let budget = Budget::new(self.limits, self.bytes.len());
        tar_entries(self.bytes, &budget, &mut |entry| {
            if names.contains(&entry.path) {
                let mut layer = Vec::new();
                let mut read = entry.content.take(self.limits.member);
                // As much as could be read hides what it hides.
                let _ = read.read_to_end(&mut layer);
                see(&entry.path, &layer);
            }
        });
    }
}

fn may_be_layer(name: &[u8]) -> bool {
    name.starts_with(BLOBS)
        || [&b".tar"[..], b".tar.gz"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// `0a1b....tar`, as podman names layers.
fn is_digest_tar(name: &[u8]) -> bool {
    let digest = name.strip_suffix(b".gz").unwrap_or(name);
    let digest = digest.strip_suffix(b".tar");
    digest.is_some_and(|digest| digest.len() == 64 && digest.iter().all(u8::is_ascii_hexdigit))
}

/// What a link in the file at `path` leads to, below the image: `../b/layer.tar` of `a/layer.tar` is `b/layer.tar`.
fn beside(path: &[u8], to: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = path.split(|b| *b == b'/').collect();
    parts.pop();
    if to.starts_with(b"/") {
        parts.clear();
    }
    for part in to.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_other_members() {
        assert_eq!(beside(b"a/layer.tar", b"../b/layer.tar"), b"b/layer.tar");
        assert_eq!(beside(b"a", b"./b"), b"b");
        assert_eq!(beside(b"a/layer.tar", b"/b/layer.tar"), b"b/layer.tar");
        assert_eq!(beside(b"a/b", b"../../../../c"), b"c");
    }

    #[test]
    fn what_is_no_tar_is_no_image() {
        assert!(StoredImage::new(b"text", Limits::default()).is_none());
    }
}
