//! Blobs that earlier runs have read, in a folder that machines may share: each share of a list writes one file there and
//! reads those of all.

use super::super::super::output;
use anyhow::Context as _;
use jvxleaks::source::KnownBlobs;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a file is called behind its last dot.
const EXTENSION: &str = "blobs";

/// A folder, and the file that this run writes to it.
pub(super) struct Remembered {
    own: PathBuf,
    key: String,
}

impl Remembered {
    /// Reads what runs with the same rules have left in a folder, which is made if it is not there. A file that is damaged,
    /// or of other rules, costs time and nothing else.
    ///
    /// # Errors
    /// When the folder can be neither listed nor made.
    pub(super) fn open(
        folder: &Path,
        rules: &str,
        share: &str,
        blobs: &Arc<KnownBlobs>,
    ) -> anyhow::Result<Self> {
        let cannot = || {
            let shown = folder.display();
            format!("{shown}: cannot be used; choose another folder with --object-cache")
        };
        fs::create_dir_all(folder).with_context(cannot)?;
        let key = format!("{rules} {}", program());
        let own = folder.join(format!("{}.{EXTENSION}", share.replace('/', "-of-")));
        for entry in fs::read_dir(folder).with_context(cannot)?.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|end| end == EXTENSION) {
                let bytes = fs::read(&path).unwrap_or_default();
                blobs.extend(&bytes, &key, path == own);
            }
        }
        Ok(Self { own, key })
    }

    /// Writes down what is known now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn save(&self, blobs: &KnownBlobs) -> anyhow::Result<()> {
        if !blobs.has_news() {
            return Ok(());
        }
        let shown = self.own.display();
        let saved = output::replace_private(&self.own, &blobs.to_bytes(&self.key));
        saved.with_context(|| format!("{shown}: cannot be written; choose another --object-cache"))
    }
}

/// A digest of this program: another build may find more.
fn program() -> String {
    let bytes = std::env::current_exe()
        .and_then(fs::read)
        .unwrap_or_default();
    let digest = Sha256::digest(bytes);
    digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
