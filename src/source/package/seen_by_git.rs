//! The files of a folder as git sees them: tracked, or neither tracked nor ignored.

use super::super::{Consumer, Event, Source, Walk, WalkOptions, git};
use super::listing::{PackageListing, entries};
use crate::model::{BlobPath, Fault, lock, unlock};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Whether git tracks a file.
pub(super) fn is_tracked(file: &Path) -> bool {
    let folder = file.parent().unwrap_or(Path::new(""));
    tracked(folder).contains(&folder.join(file.file_name().unwrap_or_default()))
}

/// The files below `folder` that git tracks.
pub(super) fn tracked(folder: &Path) -> BTreeSet<PathBuf> {
    let Ok(whole) = folder.canonicalize() else {
        return BTreeSet::new();
    };
    let mut above = whole.ancestors();
    let found = above.find_map(|root| Some((root, git::git_dir(root)?)));
    let Some((root, git_dir)) = found else {
        return BTreeSet::new();
    };
    let tracked = git::tracked_paths(&git_dir).unwrap_or_default();
    let below = tracked.into_iter().filter_map(|(path, _)| {
        let path = root.join(BlobPath::from_bytes(path).to_native());
        Some(folder.join(path.strip_prefix(&whole).ok()?))
    });
    below.collect()
}

/// The files below `folder` that git tracks or would add.
pub(super) fn seen_by_git(folder: &Path, listing: &mut PackageListing) -> Vec<PathBuf> {
    let walk = Walk::new(WalkOptions {
        roots: vec![folder.to_owned()],
        respect_ignore: true,
        max_file_size: 0,
        threads: 1,
    });
    let names = SeenNames::default();
    if let Err(error) = walk.visit(&names) {
        listing.fault(folder, error.to_string());
    }
    let faults = unlock(names.faults).into_iter();
    // Nothing is, on purpose.
    let faults = faults.filter(|fault| !fault.what.starts_with("nothing was read"));
    faults.for_each(|fault| listing.fault(&folder.join(fault.path.to_native()), fault.what));
    let paths = unlock(names.paths).into_iter();
    paths.map(|path| folder.join(path.to_native())).collect()
}

/// The links below `folder` that git tracks, and those beside the files that it sees. A scan does not follow them; cargo does.
pub(super) fn links(
    folder: &Path,
    seen: &[PathBuf],
    listing: &mut PackageListing,
) -> BTreeSet<PathBuf> {
    let folders = seen.iter().filter_map(|file| file.parent());
    let folders: BTreeSet<&Path> = folders.chain([folder]).collect();
    let mut links = tracked(folder);
    links.retain(|path| path.is_symlink());
    for within in folders {
        let found = entries(listing, within).into_iter();
        let found = found.filter(|(_, kind)| kind.is_symlink());
        links.extend(found.map(|(name, _)| within.join(name)));
    }
    links
}

/// Takes the names of files and opens none.
#[derive(Default)]
struct SeenNames {
    paths: Mutex<Vec<BlobPath>>,
    faults: Mutex<Vec<Fault>>,
}

impl Consumer for SeenNames {
    fn take(&self, event: Event<'_>) {
        if let Event::Fault(fault) = event {
            lock(&self.faults).push(fault);
        }
    }

    fn wants(&self, path: &BlobPath) -> bool {
        lock(&self.paths).push(path.clone());
        false
    }

    fn wants_name(&self, _: &[u8]) -> bool {
        false
    }
}
