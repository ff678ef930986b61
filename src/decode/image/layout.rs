//! Which images there are, and of what layers: as `docker save` and the OCI layout tell it.

use super::files::ImageFiles;
use crate::decode::archive::{ABSENT_MANIFEST, BROKEN_DOCUMENT};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// The document that lists the images of an OCI layout.
const INDEX: &[u8] = b"index.json";

/// An index may list others; nobody lists more than one below the first.
const DEEPEST: usize = 4;

/// Most images of a tar or folder, and most layers of an image, that are told about. Docker makes 127 layers at most.
const MOST: usize = 256;

/// A longer command is not told, in bytes: it is a script.
const LONGEST_COMMAND: usize = 16 << 10;

/// One image.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Image {
    /// Its tag and platform; empty where nothing names it.
    pub(super) name: String,
    /// The file of its manifest, if it has one of its own.
    pub(super) manifest: Vec<u8>,
    /// The file of its configuration.
    pub(super) config: Vec<u8>,
    /// The lowest first.
    pub(super) layers: Vec<ImageLayer>,
    /// Whether its layers are what a builder says of another image.
    pub(super) attests: bool,
}

/// One layer of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ImageLayer {
    /// The file that holds it.
    pub(super) name: Vec<u8>,
    /// The command that made it.
    pub(super) created_by: Option<String>,
    pub(super) is_encrypted: bool,
    /// Whether it is said to be a tar.
    pub(super) is_tar: bool,
}

impl Image {
    fn is_same(&self, other: &Self) -> bool {
        let names = |image: &Self| -> Vec<Vec<u8>> {
            let layers = image.layers.iter();
            layers.map(|layer| layer.name.clone()).collect()
        };
        self.config == other.config && names(self) == names(other)
    }
}

/// A document that cannot be read, and why.
type UnreadDocument = (Vec<u8>, &'static str);

/// All images that the documents tell of, and the documents that cannot be read.
pub(super) fn images(files: &dyn ImageFiles) -> (Vec<Image>, Vec<UnreadDocument>) {
    let mut images = saved(files);
    let (of_index, mut unread) = indexed(files);
    if files.holds(b"manifest.json") && read::<Vec<SavedSyntax>>(files, b"manifest.json").is_none()
    {
        unread.push((b"manifest.json".to_vec(), BROKEN_DOCUMENT));
    }
    for image in of_index {
        match images.iter_mut().find(|known| known.is_same(&image)) {
            Some(known) => known.manifest = image.manifest,
            None => images.push(image),
        }
    }
    if images.is_empty() {
        images = legacy(files);
    }
    images.truncate(MOST);
    (images, unread)
}

/// The document called `name`, if it has this form.
fn read<T: DeserializeOwned>(files: &dyn ImageFiles, name: &[u8]) -> Option<T> {
    serde_json::from_slice(&files.document(name)?).ok()
}

/// An entry of the `manifest.json` of `docker save`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedSyntax {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Option<Vec<String>>,
}

fn saved(files: &dyn ImageFiles) -> Vec<Image> {
    let listed: Vec<SavedSyntax> = read(files, b"manifest.json").unwrap_or_default();
    let images = listed.into_iter().take(MOST).map(|entry| {
        let layers = entry.layers.unwrap_or_default();
        let layers = layers.iter().map(|name| ImageLayer {
            name: files.resolved(below(name)),
            is_tar: true,
            ..ImageLayer::default()
        });
        let image = Image {
            name: entry
                .repo_tags
                .unwrap_or_default()
                .into_iter()
                .next()
                .unwrap_or_default(),
            config: below(&entry.config),
            layers: layers.take(MOST).collect(),
            ..Image::default()
        };
        commented(files, image)
    });
    images.collect()
}

/// A name of a file as members of a tar have it.
fn below(name: &str) -> Vec<u8> {
    let name = name.trim_start_matches("./").trim_start_matches('/');
    name.as_bytes().to_vec()
}

/// What an index or manifest says of a file that it lists.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescriptorSyntax {
    #[serde(default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    platform: Option<PlatformSyntax>,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct PlatformSyntax {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

/// An index or a manifest: what it has tells which.
#[derive(Deserialize)]
struct ListSyntax {
    #[serde(default)]
    manifests: Option<Vec<DescriptorSyntax>>,
    #[serde(default)]
    config: Option<DescriptorSyntax>,
    #[serde(default)]
    layers: Option<Vec<DescriptorSyntax>>,
}

impl DescriptorSyntax {
    /// The file of a blob, if its digest is one: `blobs/sha256/0a1b`.
    fn file(&self) -> Option<Vec<u8>> {
        let (algorithm, digest) = self.digest.split_once(':')?;
        let is_plain = |part: &str| {
            let mut characters = part.chars();
            !part.is_empty() && characters.all(|c| c.is_ascii_alphanumeric() || "+._-".contains(c))
        };
        let is_digest = is_plain(algorithm) && is_plain(digest);
        is_digest.then(|| format!("blobs/{algorithm}/{digest}").into_bytes())
    }

    fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.as_ref()?.get(name).map(String::as_str)
    }

    /// What the image is called, if that is said here or was above.
    fn name(&self, above: &str) -> String {
        let names = [
            "io.containerd.image.name",
            "org.opencontainers.image.ref.name",
        ];
        let own = names.iter().find_map(|name| self.annotation(name));
        let platform = self.platform.as_ref().map(|on| {
            let parts = [Some(&on.os), Some(&on.architecture), on.variant.as_ref()];
            let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
            parts.map(String::as_str).collect::<Vec<_>>().join("/")
        });
        let parts = [
            own.unwrap_or(above),
            platform.as_deref().unwrap_or_default(),
        ];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    }

    fn is_attestation(&self) -> bool {
        self.annotation("vnd.docker.reference.type") == Some("attestation-manifest")
    }
}

/// The images of an OCI layout.
fn indexed(files: &dyn ImageFiles) -> (Vec<Image>, Vec<UnreadDocument>) {
    let mut reading = IndexReading {
        files,
        images: Vec::new(),
        unread: Vec::new(),
        seen: BTreeSet::new(),
    };
    if !files.holds(INDEX) && files.holds(b"oci-layout") {
        reading.unread.push((INDEX.to_vec(), ABSENT_MANIFEST));
    }
    reading.list(INDEX, ("", false), DEEPEST);
    (reading.images, reading.unread)
}

/// An index that is read, with those that it lists.
struct IndexReading<'f> {
    files: &'f dyn ImageFiles,
    images: Vec<Image>,
    unread: Vec<UnreadDocument>,
    seen: BTreeSet<Vec<u8>>,
}

impl IndexReading<'_> {
    /// Reads an index or a manifest; `name` is what it is called above, and whether it attests.
    fn list(&mut self, file: &[u8], (name, attests): (&str, bool), deeper: usize) {
        if deeper == 0 || self.images.len() == MOST || !self.seen.insert(file.to_vec()) {
            return;
        }
        let list = read::<ListSyntax>(self.files, file)
            .filter(|list| list.manifests.is_some() || list.layers.is_some() || file != INDEX);
        let Some(list) = list else {
            if self.files.holds(file) {
                self.unread.push((file.to_vec(), BROKEN_DOCUMENT));
            }
            return;
        };
        self.miss(file, &list);
        for entry in list.manifests.into_iter().flatten().take(MOST) {
            if let Some(file) = entry.file() {
                let attests = attests || entry.is_attestation();
                self.list(&file, (&entry.name(name), attests), deeper - 1);
            }
        }
        let Some(layers) = list.layers else { return };
        let is_statement = |layer: &DescriptorSyntax| layer.media_type.contains("in-toto");
        let attests = attests || layers.iter().any(is_statement);
        let layers = layers.iter().filter_map(|layer| {
            Some(ImageLayer {
                is_tar: layer.media_type.is_empty() || layer.media_type.contains("tar"),
                name: layer.file()?,
                created_by: None,
                is_encrypted: layer.media_type.ends_with("+encrypted"),
            })
        });
        let image = Image {
            name: name.to_owned(),
            manifest: file.to_vec(),
            config: list
                .config
                .and_then(|config| config.file())
                .unwrap_or_default(),
            layers: layers.take(MOST).collect(),
            attests,
        };
        self.images.push(commented(self.files, image));
    }

    /// Notes what a list names and nobody can read. Of the platforms in an index below the first, tools save some.
    fn miss(&mut self, file: &[u8], list: &ListSyntax) {
        let manifests = list.manifests.iter().flatten().take(MOST);
        let parts = list.layers.iter().flatten().take(MOST).chain(&list.config);
        let is_wrong = |entry: &DescriptorSyntax| entry.file().is_none();
        if manifests.clone().chain(parts).any(is_wrong) {
            self.unread.push((file.to_vec(), BROKEN_DOCUMENT));
        }
        let named: Vec<_> = manifests.filter_map(DescriptorSyntax::file).collect();
        let is_there = |name: &Vec<u8>| self.files.holds(name);
        if file == INDEX || !named.iter().any(is_there) {
            let absent = named.iter().filter(|name| !is_there(name));
            let absent: Vec<UnreadDocument> =
                absent.map(|name| (name.clone(), ABSENT_MANIFEST)).collect();
            self.unread.extend(absent);
        }
    }
}

/// What is read of a configuration.
#[derive(Deserialize)]
struct ImageConfigSyntax {
    #[serde(default)]
    history: Option<Vec<HistorySyntax>>,
}

#[derive(Deserialize)]
struct HistorySyntax {
    #[serde(default)]
    created_by: Option<String>,
    #[serde(default)]
    empty_layer: bool,
}

/// The image with the commands that made its layers, if its history tells of as many as there are.
fn commented(files: &dyn ImageFiles, mut image: Image) -> Image {
    let config: Option<ImageConfigSyntax> = read(files, &image.config);
    let history = config.and_then(|config| config.history).unwrap_or_default();
    let steps = history.into_iter().filter(|step| !step.empty_layer);
    let commands: Vec<_> = steps
        .map(|step| step.created_by.and_then(|c| told(&c)))
        .collect();
    if commands.len() == image.layers.len() {
        for (layer, command) in image.layers.iter_mut().zip(commands) {
            layer.created_by = command;
        }
    }
    image
}

/// A command as it is told. It is cut where it is shown, since half a key is not known for one.
fn told(command: &str) -> Option<String> {
    let command = command.trim();
    let is_told = !command.is_empty() && command.len() <= LONGEST_COMMAND;
    is_told.then(|| command.to_owned())
}

/// The `json` of a layer, as `docker save` wrote it before there was a `manifest.json`.
#[derive(Deserialize)]
struct LegacySyntax {
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    container_config: Option<LegacyConfigSyntax>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LegacyConfigSyntax {
    #[serde(default)]
    cmd: Option<Vec<String>>,
}

/// The images of a tar with nothing but `repositories`: each layer names the one below it.
fn legacy(files: &dyn ImageFiles) -> Vec<Image> {
    let repositories: BTreeMap<String, BTreeMap<String, String>> =
        read(files, b"repositories").unwrap_or_default();
    let tags = repositories.iter().flat_map(|(name, tags)| {
        tags.iter()
            .map(move |(tag, id)| (format!("{name}:{tag}"), id))
    });
    let images = tags.take(MOST).map(|(name, id)| {
        let mut image = Image {
            name,
            config: format!("{id}/json").into_bytes(),
            ..Image::default()
        };
        let mut next = Some(id.clone());
        while let Some(id) = next.take().filter(|_| image.layers.len() < MOST) {
            let Some(said) = read::<LegacySyntax>(files, format!("{id}/json").as_bytes()) else {
                break;
            };
            let command = said.container_config.and_then(|config| config.cmd);
            image.layers.push(ImageLayer {
                name: format!("{id}/layer.tar").into_bytes(),
                created_by: command.and_then(|words| told(&words.join(" "))),
                is_encrypted: false,
                is_tar: true,
            });
            next = said.parent;
        }
        image.layers.reverse();
        image
    });
    images.collect()
}
