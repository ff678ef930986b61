//! `scan --fix` and `--diff`: what takes the place of credentials in files.

use super::super::exit::Exit;
use super::super::output;
use super::super::setup::Setup;
use anyhow::Context as _;
use jvxleaks::fix::Editor;
use jvxleaks::model::{
    Blob, BlobPath, Cover, Detection, Edit, Fault, Finding, LineIndex, Nearby, Origin, Outcome,
    Secret, Span, changed,
};
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Most credentials that are not fixed of which each is told.
const LISTED: usize = 50;

/// What is to be changed.
pub(super) struct Fixes {
    files: Vec<FileFix>,
    /// What is left as it is, with the reason.
    left: Vec<(BlobPath, usize, &'static str)>,
    faults: Vec<Fault>,
    also_unsafe: bool,
    lists_all: bool,
}

/// What is to be changed in one file.
struct FileFix {
    path: BlobPath,
    file: PathBuf,
    before: Vec<u8>,
    edits: Vec<Edit>,
    /// Where the credentials stood, as findings say it.
    fixed: BTreeSet<(usize, usize)>,
    /// What is not shown of the file.
    cover: Cover,
    /// The credentials that go.
    secrets: Vec<(Span, Secret)>,
}

impl Fixes {
    /// What can be done about the findings of files.
    pub(super) fn of(
        outcome: &Outcome,
        setup: &Setup,
        nearby: &dyn Nearby,
        (also_unsafe, lists_all): (bool, bool),
    ) -> Self {
        let mut by_file: BTreeMap<&BlobPath, Vec<&Finding>> = BTreeMap::new();
        for finding in &outcome.findings {
            let path = &finding.place.path;
            let is_file = finding.origin == Origin::File && path.archive().is_none();
            if is_file && !finding.secret.is_public() {
                by_file.entry(path).or_default().push(finding);
            }
        }
        let mut fixes = Self {
            files: Vec::new(),
            left: Vec::new(),
            faults: Vec::new(),
            also_unsafe,
            lists_all,
        };
        for (path, findings) in by_file {
            match fixes.file(path, &findings, setup, nearby) {
                Ok(file) => fixes.files.extend(file),
                Err(why) => fixes
                    .faults
                    .push(Fault::new(path.clone(), format!("not fixed: {why}"))),
            }
        }
        fixes
    }

    /// The edits of one file, if there are any.
    fn file(
        &mut self,
        path: &BlobPath,
        findings: &[&Finding],
        setup: &Setup,
        nearby: &dyn Nearby,
    ) -> Result<Option<FileFix>, String> {
        let file = setup.here.seen_from(path).to_native();
        let before = fs::read(&file).map_err(|e| format!("it cannot be read any more: {e}"))?;
        let blob = Blob {
            path,
            origin: &Origin::File,
            bytes: &before,
        };
        let detection = setup.detector.detect_among(&blob, nearby);
        let detection = detection.ok_or("it changed meanwhile; scan again")?;
        let mut fix = FileFix {
            path: path.clone(),
            edits: Vec::new(),
            fixed: BTreeSet::new(),
            secrets: Vec::new(),
            cover: detection.cover.clone(),
            before: before.clone(),
            file,
        };
        self.fill(&mut fix, &detection, findings)?;
        Ok((!fix.edits.is_empty()).then_some(fix))
    }

    /// Adds what can be done about the findings of a file.
    fn fill(
        &mut self,
        fix: &mut FileFix,
        detection: &Detection<'_>,
        findings: &[&Finding],
    ) -> Result<(), String> {
        let lines = LineIndex::new(&detection.text);
        let blob = Blob {
            path: &fix.path,
            origin: &Origin::File,
            bytes: &fix.before,
        };
        let editor = Editor::new(&blob, detection, &lines);
        for matched in &detection.matches {
            let at = lines.position(matched.span.start);
            let at = (at.line, at.column);
            let counts =
                |f: &&&Finding| (f.place.line, f.place.column) == at && f.secret == matched.secret;
            let finding = findings.iter().find(counts);
            let Some(made) = finding.and_then(|finding| finding.edit.as_ref()) else {
                continue;
            };
            if fix.fixed.contains(&at) {
                continue;
            }
            let edit = match made {
                Ok(edit) => edit,
                Err(why) => {
                    self.left.push((fix.path.clone(), at.0, why));
                    continue;
                }
            };
            let again = editor.edit(matched).map(|again| again.replacements);
            if again.as_ref() != Ok(&edit.replacements) {
                return Err("it changed meanwhile; scan again".to_owned());
            }
            if fix.edits.is_empty() {
                writable(&fix.file)?;
            }
            match edit.caution.filter(|_| !self.also_unsafe) {
                Some(why) => self.left.push((fix.path.clone(), at.0, why)),
                None => {
                    fix.edits.push(edit.clone());
                    fix.fixed.insert(at);
                    fix.secrets.push((matched.span, matched.secret.clone()));
                }
            }
        }
        Ok(())
    }

    /// Shows the changes, without a secret: 1 if there are any.
    pub(super) fn show(self, outcome: &Outcome) -> anyhow::Result<Exit> {
        let is_any = !self.files.is_empty();
        output::generated(|out| self.files.iter().try_for_each(|file| file.show(out)))?;
        self.say_left();
        let mut told = outcome.clone();
        told.faults.extend(self.faults);
        let is_whole = told.faults.is_empty();
        let what = if is_any {
            "nothing was changed; --fix makes these changes"
        } else {
            "there is nothing to change"
        };
        output::done(&told, what);
        Ok(match (is_whole, is_any) {
            (false, _) => Exit::Trouble,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        })
    }

    /// Makes the changes, and takes what is fixed out of the outcome.
    pub(super) fn make(mut self, outcome: &mut Outcome) -> anyhow::Result<()> {
        let mut variables = BTreeSet::new();
        let (mut count, mut files) = (0, 0);
        for file in &self.files {
            match file.make() {
                Ok(()) => {
                    variables.extend(file.edits.iter().map(|edit| edit.variable.clone()));
                    count += file.edits.len();
                    files += 1;
                    outcome.findings.retain(|f| !file.has_fixed(f));
                }
                Err(why) => {
                    let fault = Fault::new(file.path.clone(), format!("not fixed: {why}"));
                    self.faults.push(fault);
                }
            }
        }
        self.say_left();
        self.say_cautions();
        outcome.faults.append(&mut self.faults);
        if count == 0 {
            output::say("nothing was fixed");
            return Ok(());
        }
        let names: Vec<&str> = variables.iter().map(String::as_str).collect();
        output::say(&format!(
            "fixed {count} in {files} {}: set {} where the program runs, and rotate what stood there all the same",
            if files == 1 { "file" } else { "files" },
            names.join(", "),
        ));
        let first = self
            .files
            .first()
            .map(|file| root_of(&file.file))
            .unwrap_or_default();
        companions(&first, &names)
    }

    /// What a person should look at of what was changed.
    fn say_cautions(&self) {
        for file in &self.files {
            for edit in &file.edits {
                let line = edit.replacements.first().map_or(1, |own| own.lines.0.line);
                if let Some(why) = edit.caution {
                    output::line(&format!("look at {}:{line}: {why}", file.path));
                }
            }
        }
    }

    fn say_left(&self) {
        let most = if self.lists_all {
            self.left.len()
        } else {
            LISTED
        };
        for (path, line, why) in self.left.iter().take(most) {
            output::line(&format!("not fixed: {path}:{line}: {why}"));
        }
        if self.left.len() > most {
            output::line(&format!(
                "and {} more; -v lists all",
                self.left.len() - most
            ));
        }
    }
}

impl FileFix {
    fn has_fixed(&self, finding: &Finding) -> bool {
        let place = &finding.place;
        place.path == self.path && self.fixed.contains(&(place.line, place.column))
    }

    /// Replaces the file, unless it is another one than was read.
    fn make(&self) -> Result<(), String> {
        let now = fs::read(&self.file).map_err(|e| format!("it cannot be read any more: {e}"))?;
        if now != self.before {
            return Err("it changed meanwhile; scan again".to_owned());
        }
        let after = Edit::applied(&self.before, &self.edits);
        let about = fs::metadata(&self.file).map_err(|e| e.to_string())?;
        output::replace_kept(&self.file, &after, &about)
            .map_err(|e| format!("it cannot be written: {e}"))
    }

    /// The change as a unified diff, without what the file has of secrets.
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
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

/// Whether a file may be replaced: one of this folder that has no other name, and that its owner lets be written.
fn writable(file: &Path) -> Result<(), String> {
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
    let here = fs::canonicalize(".").map_err(said)?;
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
fn root_of(file: &Path) -> PathBuf {
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

/// Names the variables in `.env.example`, and keeps `.env` from git.
fn companions(root: &Path, names: &[&str]) -> anyhow::Result<()> {
    let missing = |text: &str| -> Vec<String> {
        let has = |name: &str| {
            let mut lines = text.lines().map(str::trim_start);
            lines.any(|line| {
                let line = line.strip_prefix("export ").unwrap_or(line);
                line.starts_with(&format!("{name}="))
            })
        };
        names
            .iter()
            .filter(|name| !has(name))
            .map(|name| format!("{name}="))
            .collect()
    };
    add_lines(root, ".env.example", missing)?;
    if !root.join(".git").exists() {
        return Ok(());
    }
    add_lines(root, ".gitignore", |text| {
        let is_there = text
            .lines()
            .any(|line| matches!(line.trim(), ".env" | "/.env" | ".env*" | "*.env" | ".env.*"));
        if is_there {
            Vec::new()
        } else {
            vec![".env".to_owned()]
        }
    })
}

/// Adds lines to a file that lacks them, and says so.
fn add_lines(
    root: &Path,
    name: &str,
    missing: impl FnOnce(&str) -> Vec<String>,
) -> anyhow::Result<()> {
    let file = root.join(name);
    let is_link = fs::symlink_metadata(&file).is_ok_and(|about| about.is_symlink());
    anyhow::ensure!(
        !is_link,
        "{name}: it is a symbolic link, which is not followed; add the lines by hand"
    );
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
        Err(e) => {
            return Err(e)
                .with_context(|| format!("{name}: cannot be read; add the lines by hand"));
        }
    };
    let lines = missing(&text);
    if lines.is_empty() {
        return Ok(());
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let between = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        end
    };
    let new = format!("{text}{between}{}{end}", lines.join(end));
    output::fill(root, name, new.as_bytes())?;
    output::line(&format!("{name}: added {}", lines.join(", ")));
    Ok(())
}
