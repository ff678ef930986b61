//! Container images: which layer a file is in, what made that layer, and whether a layer above it hides the file.
//!
//! What is told is read of the documents of the image: `manifest.json` of `docker save`, `index.json` of the
//! [OCI layout](https://github.com/opencontainers/image-spec/blob/main/image-layout.md), and what they lead to. All of
//! it is text of strangers: a document that makes no sense tells nothing, and the image is an archive like any other.

mod config;
mod files;
mod hiding;
mod layout;
mod stored;

pub use files::{HEAD, ImageFiles, LARGEST_DOCUMENT};
pub use stored::StoredImage;

use crate::decode::archive::{
    ABSENT_CONFIG, ABSENT_LAYER, ArchiveKind, ENCRYPTED_LAYER, NO_LAYER, kinds,
};
use crate::model::{ImagePart, ImagePlace};
use config::ConfigParts;
use hiding::LayerHiding;
use layout::{Image, ImageLayer};
use std::collections::{BTreeMap, BTreeSet};

/// True for the name of a file in an archive that only images have.
pub fn is_mark(name: &[u8]) -> bool {
    matches!(
        name,
        b"manifest.json" | b"index.json" | b"oci-layout" | b"repositories"
    )
}

/// A place in one of the files of an image.
#[derive(Clone, Copy, Debug)]
pub struct ImageSpot<'a> {
    /// The path below the image: `blobs/sha256/0a1b!/app/.env`.
    pub path: &'a [u8],
    /// 1-based line, which counts in documents.
    pub line: usize,
    /// 1-based byte column.
    pub column: usize,
}

/// What an image says.
#[derive(Debug, Default)]
pub struct LocatedSpots {
    /// Of each place that was asked about, where in the image it is.
    pub places: Vec<Option<ImagePlace>>,
    /// Layers and documents that cannot be read, by their names, and why.
    pub unread: Vec<(Vec<u8>, &'static str)>,
}

/// Says where in an image some places are.
pub fn located(files: &dyn ImageFiles, spots: &[ImageSpot<'_>]) -> LocatedSpots {
    let (images, broken) = layout::images(files);
    let parts = ImageParts::of(&images);
    let parted: Vec<_> = spots.iter().map(|spot| parts_of(spot.path)).collect();
    let mut hiding = LayerHiding::default();
    let mut asked = BTreeSet::new();
    for (file, inside) in &parted {
        let Some(inside) = inside else { continue };
        for &(image, at) in parts.layers.get(file).into_iter().flatten() {
            hiding.seek(inside);
            if asked.insert((image, at)) {
                let above = images[image].layers[at + 1..].iter();
                hiding.seek_in(above.map(|layer| &*layer.name));
            }
        }
    }
    hiding.look(files);
    let mut configs: BTreeMap<&[u8], Option<ConfigParts>> = BTreeMap::new();
    let places = spots.iter().zip(&parted).map(|(spot, &(file, inside))| {
        let mut set = |file| {
            let parts = configs
                .entry(file)
                .or_insert_with(|| files.document(file).map(|text| ConfigParts::of(&text)));
            let parts = parts.as_ref()?;
            Some(parts.at(spot.line, spot.column))
        };
        if let Some(found) = parts.layers.get(file) {
            let all = found.iter().map(|&(image, at)| {
                let image = &images[image];
                named(image, layer(image, at, inside, &hiding))
            });
            // A layer may belong to many images: one that shows the file tells most.
            return all.min_by_key(|place| place.part.is_hidden());
        }
        if let Some(image) = parts.configs.get(file) {
            return Some(named(image, set(file)?));
        }
        if let Some(image) = parts.manifests.get(file) {
            return Some(named(image, ImagePart::Manifest));
        }
        let part = if is_mark(file) {
            ImagePart::Manifest
        } else if is_legacy(files, file) {
            set(file)?
        } else if file.starts_with(b"blobs/") {
            ImagePart::Unlisted
        } else {
            return None;
        };
        (!images.is_empty()).then(|| named(&Image::default(), part))
    });
    LocatedSpots {
        places: places.collect(),
        unread: unread(files, &images, broken),
    }
}

/// Most images that are looked at of those that share a layer.
const SHARED: usize = 8;

/// What the files of images are, by their names.
#[derive(Default)]
struct ImageParts<'i> {
    /// The images of a layer, and its place in each from 0. An empty layer may be in one many times: the last is told.
    layers: BTreeMap<&'i [u8], Vec<(usize, usize)>>,
    configs: BTreeMap<&'i [u8], &'i Image>,
    manifests: BTreeMap<&'i [u8], &'i Image>,
}

impl<'i> ImageParts<'i> {
    fn of(images: &'i [Image]) -> Self {
        let mut parts = Self::default();
        for (number, image) in images.iter().enumerate() {
            for (at, layer) in image.layers.iter().enumerate() {
                let of = parts.layers.entry(&layer.name).or_default();
                let last = of.last_mut().filter(|(last, _)| *last == number);
                if let Some((_, place)) = last {
                    *place = at;
                } else if of.len() < SHARED {
                    of.push((number, at));
                }
            }
            parts.configs.entry(&image.config).or_insert(image);
            parts.manifests.entry(&image.manifest).or_insert(image);
        }
        parts
    }
}

fn named(image: &Image, part: ImagePart) -> ImagePlace {
    ImagePlace {
        image: image.name.clone(),
        part,
    }
}

/// What a layer of an image is, and whether one above it hides the file `inside`.
fn layer(image: &Image, at: usize, inside: Option<&[u8]>, hiding: &LayerHiding) -> ImagePart {
    if image.attests {
        return ImagePart::Attestation;
    }
    let hides = |layer: &ImageLayer| inside.is_some_and(|file| hiding.is_hidden(&layer.name, file));
    let above = image.layers.iter().skip(at + 1).position(hides);
    ImagePart::Layer {
        number: at + 1,
        of: image.layers.len(),
        created_by: image.layers[at].created_by.clone(),
        hidden_by: above.map(|above| at + 2 + above),
    }
}

/// True for what the first versions of docker said of a layer, which later ones write as well.
fn is_legacy(files: &dyn ImageFiles, file: &[u8]) -> bool {
    let folder = file
        .strip_suffix(b"json")
        .filter(|folder| folder.ends_with(b"/"));
    folder.is_some_and(|folder| files.holds(&[folder, b"layer.tar"].concat()))
}

/// The file of the image that a path leads to, and the file in that.
fn parts_of(path: &[u8]) -> (&[u8], Option<&[u8]>) {
    match cut(path) {
        (file, None) => (file, None),
        (file, Some(rest)) => (file, Some(cut(rest).0)),
    }
}

/// What is before and behind the first `!/`.
fn cut(path: &[u8]) -> (&[u8], Option<&[u8]>) {
    let at = path.windows(2).position(|two| two == b"!/");
    at.map_or((path, None), |at| (&path[..at], Some(&path[at + 2..])))
}

/// The layers and documents that cannot be read, each once.
fn unread(
    files: &dyn ImageFiles,
    images: &[Image],
    broken: Vec<(Vec<u8>, &'static str)>,
) -> Vec<(Vec<u8>, &'static str)> {
    let layers = images.iter().flat_map(|image| &image.layers);
    let unread = layers.filter_map(|layer| match files.holds(&layer.name) {
        false => Some((layer.name.clone(), ABSENT_LAYER)),
        true if layer.is_encrypted => Some((layer.name.clone(), ENCRYPTED_LAYER)),
        true if layer.is_tar && is_no_tar(files, &layer.name) => {
            Some((layer.name.clone(), NO_LAYER))
        }
        true => None,
    });
    let mut unread: BTreeSet<_> = unread.collect();
    let configs = images.iter().map(|image| &image.config);
    let configs = configs.filter(|config| !config.is_empty() && !files.holds(config));
    unread.extend(configs.map(|config| (config.clone(), ABSENT_CONFIG)));
    if files.has_blobs() {
        unread.extend(broken);
    }
    unread.into_iter().collect()
}

/// True for a layer that is no tar, of whatever compression. A tar of nothing is all zeros.
fn is_no_tar(files: &dyn ImageFiles, layer: &[u8]) -> bool {
    let Some(head) = files.head(layer) else {
        return false;
    };
    let is_empty = head.iter().all(|byte| *byte == 0);
    let kind = kinds(&head)[0];
    // One of a kind that is never opened is told as that.
    let is_known = matches!(
        kind,
        Some(ArchiveKind::Tar | ArchiveKind::Stream(_) | ArchiveKind::Closed(_))
    );
    !is_empty && !is_known
}

#[cfg(test)]
mod tests;
