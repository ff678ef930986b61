//! What is to be changed in one file, and how it is changed.

use super::super::super::output;
use jvxleaks::model::{BlobPath, Cover, Edit, Finding, Secret, Span, changed};
use jvxleaks::source::GitRepo;
use similar::TextDiff;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What is to be changed in one file.
pub(super) struct FileFix {
    pub(super) path: BlobPath,
    /// The file of the work tree.
    pub(super) file: PathBuf,
    /// What was read: the file, or what is staged of it.
    pub(super) before: Vec<u8>,
    pub(super) edits: Vec<Edit>,
    /// Where the credentials stood, as findings say it.
    pub(super) fixed: BTreeSet<(usize, usize)>,
    /// What is not shown of the file.
    pub(super) cover: Cover,
    /// The credentials that go, one for each edit.
    pub(super) secrets: Vec<(Span, Secret)>,
    /// The file of the work tree, where what is staged was read.
    pub(super) copy: Option<WorkTreeCopy>,
}

/// A file of the work tree that is changed with what is staged of it.
pub(super) struct WorkTreeCopy {
    pub(super) before: Vec<u8>,
    pub(super) edits: Vec<Edit>,
}

impl FileFix {
    /// Each edit, with the credential that goes.
    pub(super) fn edits(&self) -> impl Iterator<Item = (&Edit, &Secret)> {
        let secrets = self.secrets.iter().map(|(_, secret)| secret);
        self.edits.iter().zip(secrets)
    }

    pub(super) fn has_fixed(&self, finding: &Finding) -> bool {
        let place = &finding.place;
        place.path == self.path && self.fixed.contains(&(place.line, place.column))
    }

    /// Replaces the file, and what is staged of it in the repository `index` if that was read. Both or neither.
    pub(super) fn make(&self, index: Option<&GitRepo>) -> Result<(), String> {
        let after = Edit::applied(&self.before, &self.edits);
        let Some((repo, copy)) = index.zip(self.copy.as_ref()) else {
            return self.replace(&self.before, &after);
        };
        let changed = Edit::applied(&copy.before, &copy.edits);
        self.replace(&copy.before, &changed)?;
        repo.restage(&self.path, &self.before, &after)
            .or_else(|why| {
                self.replace(&changed, &copy.before)?;
                Err(why)
            })
    }

    /// Replaces the file, unless it is another one than was read.
    fn replace(&self, before: &[u8], after: &[u8]) -> Result<(), String> {
        let now = fs::read(&self.file).map_err(|e| format!("it cannot be read any more: {e}"))?;
        if now != before {
            return Err("it changed meanwhile; scan again".to_owned());
        }
        let about = fs::metadata(&self.file).map_err(|e| e.to_string())?;
        output::replace_kept(&self.file, after, &about)
            .map_err(|e| format!("it cannot be written: {e}"))
    }

    /// The change as a unified diff, without what the file has of secrets.
    pub(super) fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let shown = |span: Span| {
            let own = self.secrets.iter().find(|(secret, _)| *secret == span);
            own.map_or("...".to_owned(), |(_, secret)| secret.to_string())
        };
        let secrets = self.secrets.iter().map(|(span, _)| *span);
        let all = Cover::new(
            self.cover
                .spans()
                .chain(secrets.clone())
                .map(|span| (span, 0))
                .collect(),
        );
        let hidden = |span: &Span| (*span, shown(*span));
        let before = changed(
            &self.before,
            all.spans().map(|span| hidden(&span)).collect(),
        );
        let changes: Vec<(Span, String)> = self.edits.iter().flat_map(Edit::changes).collect();
        let is_edited = |span: &Span| changes.iter().any(|(edited, _)| edited.overlaps(*span));
        let kept: Vec<Span> = all.spans().filter(|span| !is_edited(span)).collect();
        let changes = changes.iter().cloned().chain(kept.iter().map(hidden));
        let after = changed(&self.before, changes.collect());
        let (before, after) = (
            String::from_utf8_lossy(&before),
            String::from_utf8_lossy(&after),
        );
        let diff = TextDiff::from_lines(&*before, &*after);
        let path = self.path.to_string();
        let mut unified = diff.unified_diff();
        let text = unified
            .context_radius(3)
            .header(&format!("a/{path}"), &format!("b/{path}"))
            .to_string();
        write!(out, "{}", output::inert_lines(&text))
    }
}

/// Whether a file may be replaced: one of the folder `root` or else of this one, that has no other name, and that its
/// owner lets be written.
pub(super) fn writable(file: &Path, root: Option<&Path>) -> Result<(), String> {
    let said = |e: io::Error| e.to_string();
    let about = fs::symlink_metadata(file).map_err(said)?;
    if about.is_symlink() {
        return Err(
            "it is a symbolic link, which is not followed; fix what it leads to".to_owned(),
        );
    }
    if about.permissions().readonly() {
        return Err("it is read-only; make it writable and scan again".to_owned());
    }
    if has_other_names(&about) {
        return Err("it has another name, which would keep the secret; fix it by hand".to_owned());
    }
    let here = fs::canonicalize(root.unwrap_or(Path::new("."))).map_err(said)?;
    let whole = fs::canonicalize(file).map_err(said)?;
    let plain = file.strip_prefix(".").unwrap_or(file);
    if !whole.starts_with(&here) || whole != here.join(plain) {
        return Err(
            "it is outside of the current folder, or behind a link; run where it is".to_owned(),
        );
    }
    if whole.components().any(|part| part.as_os_str() == ".git") {
        return Err("it is a file of git; fix it by hand".to_owned());
    }
    if root_of(&whole) != root_of(&here.join("file")) {
        return Err("it is in another repository; run there".to_owned());
    }
    Ok(())
}

/// True for a file that a hard link gives another name.
fn has_other_names(about: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        std::os::unix::fs::MetadataExt::nlink(about) > 1
    }
    #[cfg(not(unix))]
    {
        let _ = about;
        false
    }
}

/// The folder of the repository around a file, or else the current one.
pub(super) fn root_of(file: &Path) -> PathBuf {
    let whole = file.parent().and_then(|folder| {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        fs::canonicalize(folder).ok()
    });
    let whole = whole.unwrap_or_default();
    let mut around = whole.ancestors();
    let root = around.find(|folder| folder.join(".git").exists());
    root.map_or_else(|| PathBuf::from("."), Path::to_owned)
}
