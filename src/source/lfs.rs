//! Git LFS: what the commits of a repository hold in place of a large file is a pointer, three lines of text, and its
//! content is an object of LFS, which a push publishes as well.

use super::disk::read::{FileContent, FileReader, unreadable};
use super::disk::tree_settings::TreeSettings;
use super::{Consumer, Event, too_large};
use crate::model::{Blob, Fault};
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// The kind of what is passed over because its content is elsewhere.
pub(super) const ABSENT: &str = "LFS object not here: git lfs fetch --all";

/// What is read all the same: it is what a checkout has there.
const ANOTHER: &str = "the object of Git LFS is another than its pointer names; run `git lfs fsck` and fetch it again";

/// First lines of a pointer, of today and of before Git LFS had its name
/// (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>).
const VERSIONS: [&[u8]; 3] = [
    b"version https://git-lfs.github.com/spec/v1",
    b"version https://hawser.github.com/spec/v1",
    b"version http://git-media.io/v/2",
];

/// Pointers are shorter, in bytes.
const LONGEST: usize = 1024;

/// Digits of a SHA-256 in hexadecimal.
const DIGITS: usize = 64;

/// Where a repository keeps the objects of Git LFS.
#[derive(Clone, Debug)]
pub(super) struct LfsObjects {
    folder: PathBuf,
}

/// Finds the objects of a repository; asked only when a pointer was met.
pub(super) type FindLfs<'f> = &'f dyn Fn() -> Option<LfsObjects>;

/// What a pointer leads to.
pub(super) enum LfsContent {
    /// The bytes of the object.
    Bytes(Vec<u8>),
    /// Nothing: the object was not fetched.
    Absent,
    /// An object that is not read, and why.
    Unread(String),
}

impl LfsObjects {
    /// Those of the repository with this common git folder.
    pub(super) fn of(common_dir: &Path, settings: &TreeSettings) -> Self {
        let storage = settings.lfs_storage.as_deref();
        let storage = storage.unwrap_or(Path::new("lfs"));
        Self {
            folder: common_dir.join(storage).join("objects"),
        }
    }

    /// The content of the object called `id`, if it has at most `longest` bytes, whatever its pointer says.
    pub(super) fn read(&self, id: &str, longest: u64) -> LfsContent {
        let file = self.folder.join(&id[..2]).join(&id[2..4]).join(id);
        // A link could lead anywhere, and Git LFS makes none.
        let is_file = std::fs::symlink_metadata(&file).is_ok_and(|m| m.is_file());
        if !is_file {
            return LfsContent::Absent;
        }
        match FileReader::new(longest).read(&file) {
            Ok(FileContent::Bytes(bytes)) => LfsContent::Bytes(bytes.to_vec()),
            Ok(FileContent::TooLarge(size)) => LfsContent::Unread(too_large(Some(size), longest)),
            Ok(FileContent::Special) => LfsContent::Absent,
            Err(e) if e.kind() == io::ErrorKind::NotFound => LfsContent::Absent,
            Err(e) => LfsContent::Unread(unreadable(&e)),
        }
    }
}

/// Hands on what a blob stands for, if it is a pointer: at the same place, since the content is what a checkout
/// has there. What is not here or cannot be read is told.
pub(super) fn follow(blob: &Blob<'_>, objects: FindLfs<'_>, longest: u64, consumer: &dyn Consumer) {
    let Some(id) = pointed_to(blob.bytes) else {
        return;
    };
    let path = blob.path.clone();
    match objects().map_or(LfsContent::Absent, |objects| objects.read(id, longest)) {
        LfsContent::Bytes(bytes) => {
            if digest(&bytes) != id {
                consumer.take(Event::Fault(Fault::new(path, ANOTHER)));
            }
            consumer.take(Event::Blob(Blob {
                bytes: &bytes,
                ..blob.clone()
            }));
        }
        LfsContent::Absent => consumer.take(Event::PassedOver(path, ABSENT)),
        LfsContent::Unread(what) => consumer.take(Event::Fault(Fault::new(path, what))),
    }
}

/// The SHA-256 of bytes in hexadecimal.
fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id in a pointer: the SHA-256 of what it stands for.
pub(super) fn pointed_to(bytes: &[u8]) -> Option<&str> {
    if bytes.len() >= LONGEST || !bytes.starts_with(b"version http") {
        return None;
    }
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next()?;
    VERSIONS.contains(&first).then_some(())?;
    let id = lines.find_map(|line| line.strip_prefix(b"oid sha256:"))?;
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_id = id.len() == DIGITS && id.iter().all(is_digit);
    std::str::from_utf8(id).ok().filter(|_| is_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pointer_with_a_whole_id_leads_anywhere() {
        let id = "0123456789abcdef".repeat(4);
        let pointer = |version: &str, id: &str| {
            let text = format!("version {version}\next-0-a sha256:0\noid sha256:{id}\nsize 12\n");
            pointed_to(text.as_bytes()).map(str::to_owned)
        };
        let spec = "https://git-lfs.github.com/spec/v1";
        assert_eq!(pointer(spec, &id), Some(id.clone()));
        assert_eq!(pointer("http://git-media.io/v/2", &id), Some(id.clone()));
        assert_eq!(pointer(&format!("{spec}\r"), &id), Some(id.clone()));
        for odd in [
            &id[1..],
            &id.to_uppercase(),
            &format!("../{}", &id[3..]),
            "",
        ] {
            assert_eq!(pointer(spec, odd), None, "{odd}");
        }
        assert_eq!(pointer("https://example.org", &id), None);
        assert_eq!(pointer(spec, &format!("{id}\n{}", " ".repeat(1024))), None);
    }
}
