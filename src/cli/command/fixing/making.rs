//! From the findings of a file to what is to be changed in it.

use super::super::super::setup::Setup;
use super::file_fix::{FileFix, WorkTreeCopy, writable};
use jvxleaks::fix::Editor;
use jvxleaks::model::{Blob, BlobPath, Cover, Detection, Finding, LineIndex, Nearby, Origin};
use jvxleaks::source::GitRepo;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const CHANGED: &str = "it changed meanwhile; scan again";

/// Finds out what is to be changed in files.
pub(super) struct FixMaker<'a> {
    pub(super) setup: &'a Setup,
    pub(super) nearby: &'a dyn Nearby,
    /// The repository, where what is staged was read.
    pub(super) index: Option<&'a GitRepo>,
    /// Also what a person should look at.
    pub(super) also_unsafe: bool,
}

impl FixMaker<'_> {
    /// What is to be changed in one file; `left` gets what is not.
    pub(super) fn file(
        &self,
        path: &BlobPath,
        findings: &[&Finding],
        left: &mut Vec<(BlobPath, usize, &'static str)>,
    ) -> Result<Option<FileFix>, String> {
        let (file, before) = self.read(path)?;
        let detection = self.detect(path, &before).ok_or(CHANGED)?;
        let mut fix = FileFix {
            path: path.clone(),
            edits: Vec::new(),
            fixed: BTreeSet::new(),
            secrets: Vec::new(),
            cover: Cover::default(),
            before: before.clone(),
            copy: None,
            file,
        };
        self.fill(&mut fix, &detection, findings, left)?;
        if fix.edits.is_empty() {
            return Ok(None);
        }
        writable(&fix.file, self.index.and_then(GitRepo::work_dir))?;
        if self.index.is_some() {
            fix.copy = Some(self.copy(&fix)?);
        }
        Ok(Some(fix))
    }

    /// The file of the work tree, and the bytes that were scanned.
    fn read(&self, path: &BlobPath) -> Result<(PathBuf, Vec<u8>), String> {
        match self.index {
            Some(repo) => {
                let root = repo.work_dir().ok_or("the repository has no work tree")?;
                Ok((root.join(path.to_native()), repo.staged_blob(path)?))
            }
            None => {
                let file = self.setup.here.seen_from(path).to_native();
                let bytes = read(&file)?;
                Ok((file, bytes))
            }
        }
    }

    fn detect<'b>(&self, path: &'b BlobPath, bytes: &'b [u8]) -> Option<Detection<'b>> {
        let blob = Blob {
            path,
            origin: &Origin::File,
            bytes,
        };
        self.setup.detector.detect_among(&blob, self.nearby)
    }

    /// Adds what can be done about the findings of a file.
    fn fill(
        &self,
        fix: &mut FileFix,
        detection: &Detection<'_>,
        findings: &[&Finding],
        left: &mut Vec<(BlobPath, usize, &'static str)>,
    ) -> Result<(), String> {
        let lines = LineIndex::new(&detection.text);
        let blob = Blob {
            path: &fix.path,
            origin: &Origin::File,
            bytes: &fix.before,
        };
        let editor = Editor::new(&blob, detection, &lines);
        let hidden = detection.cover.spans();
        fix.cover = Cover::new(hidden.map(|span| (editor.stored(span), 0)).collect());
        for matched in &detection.matches {
            let at = lines.position(matched.span.start);
            let at = (at.line, at.column);
            let counts =
                |f: &&&Finding| (f.place.line, f.place.column) == at && f.secret == matched.secret;
            let finding = findings.iter().find(counts);
            let made = finding.and_then(|finding| finding.edit.as_ref());
            let Some(made) = made.filter(|_| !fix.fixed.contains(&at)) else {
                continue;
            };
            let allowed = made.as_ref().map_err(|why| *why).and_then(|edit| {
                let caution = edit.caution.filter(|_| !self.also_unsafe);
                caution.map_or(Ok(edit), Err)
            });
            match allowed {
                Err(why) => left.push((fix.path.clone(), at.0, why)),
                Ok(edit) => {
                    let again = editor.edit(matched).map(|again| again.replacements);
                    if again.as_ref() != Ok(&edit.replacements) {
                        return Err(CHANGED.to_owned());
                    }
                    fix.edits.push(edit.clone());
                    fix.fixed.insert(at);
                    let secret = matched.secret.clone();
                    fix.secrets.push((editor.stored(matched.span), secret));
                }
            }
        }
        Ok(())
    }

    /// What goes with a change of what is staged: the same credentials go from the file of the work tree, which may
    /// have other lines and line ends.
    fn copy(&self, fix: &FileFix) -> Result<WorkTreeCopy, String> {
        const GONE: &str = "the file in the work tree does not hold it any more; `git add` it";
        let before = read(&fix.file)?;
        if before == fix.before {
            let edits = fix.edits.clone();
            return Ok(WorkTreeCopy { before, edits });
        }
        let detection = self.detect(&fix.path, &before).ok_or(GONE)?;
        let lines = LineIndex::new(&detection.text);
        let blob = Blob {
            path: &fix.path,
            origin: &Origin::File,
            bytes: &before,
        };
        let editor = Editor::new(&blob, &detection, &lines);
        let (mut edits, mut gone) = (Vec::new(), BTreeSet::new());
        for matched in &detection.matches {
            let staged = fix.edits().find(|(_, secret)| **secret == matched.secret);
            let Some((staged, _)) = staged else {
                continue;
            };
            let edit = editor.edit(matched);
            let mut edit = edit.map_err(|why| format!("in the work tree, {why}"))?;
            if let Some(why) = edit.caution.filter(|_| !self.also_unsafe) {
                return Err(format!("in the work tree, {why}"));
            }
            edit.variable.clone_from(&staged.variable);
            if !edits.contains(&edit) {
                edits.push(edit);
            }
            gone.insert(matched.secret.expose());
        }
        let is_gone = |(_, secret): &(_, jvxleaks::model::Secret)| gone.contains(secret.expose());
        if !fix.secrets.iter().all(is_gone) {
            return Err(GONE.to_owned());
        }
        drop(detection);
        Ok(WorkTreeCopy { before, edits })
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|e| format!("it cannot be read any more: {e}"))
}
