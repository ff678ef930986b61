//! Whose word counts on commits under review: that of the files they start from. A pull request
//! that brings a key could bring the line that hides it as well.
//!
//! What is read here are the files of the repository by which a project speaks to the scanner, also
//! those that the command line names. A file that neither end of the change knows, or that is not in
//! the work tree at all, is not the change's to alter: whoever named it is trusted.

use super::project_text::{LARGEST, ProjectText, folder_of};
use jvxleaks::detect::Detector;
use jvxleaks::model::{BlobPath, Fault, Outcome};
use jvxleaks::policy::{Config, Policy, ReviewedCommits};
use jvxleaks::review::{mark_accepted, tell_later_comments};
use jvxleaks::source::{Change, GitRepo, Side};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How to have a file as the change has it.
const TRUST: &str = "--trust-head-config takes it as it is here";

/// A change, and which files of the project were asked for.
#[derive(Debug)]
pub(in crate::cli) struct Review {
    change: Change,
    /// The folder that paths in commits are relative to.
    root: PathBuf,
    asked: RefCell<BTreeSet<BlobPath>>,
    /// Those of which new `[[allow]]` entries count.
    adding: RefCell<BTreeSet<BlobPath>>,
    /// What could not be read of them.
    faults: RefCell<BTreeSet<Fault>>,
}

impl Review {
    /// The review of a change in a repository.
    pub(in crate::cli) fn new(repo: &GitRepo, change: Change) -> Self {
        Self {
            change,
            root: repo.work_dir().unwrap_or(repo.git_dir()).to_owned(),
            asked: RefCell::default(),
            adding: RefCell::default(),
            faults: RefCell::default(),
        }
    }

    /// Which commits these are.
    pub(in crate::cli) fn commits(&self) -> ReviewedCommits {
        if self.change.is_single() {
            ReviewedCommits::Single
        } else {
            ReviewedCommits::Range
        }
    }

    /// A file that is looked for by its usual name, if it would be one of the repository: its text
    /// before the change, if it was there.
    pub(in crate::cli) fn usual(&self, path: &Path) -> Option<Option<ProjectText>> {
        self.inside(path).map(|inside| self.before(inside, path))
    }

    /// The same for a file that an option or a configuration names, if the commits know it.
    pub(in crate::cli) fn named(&self, path: &Path) -> Option<Option<ProjectText>> {
        let inside = self.known(path)?;
        Some(self.before(inside, path))
    }

    /// The file of the repository that a path means: itself, or the first that its links lead to and that the
    /// commits know.
    fn known(&self, path: &Path) -> Option<BlobPath> {
        let mut stations = stations(path).into_iter();
        stations.find_map(|station| {
            let inside = self.inside(&station)?;
            // What cannot be told counts as known: nothing on disk is trusted by mistake.
            let known = self.told(&inside, self.change.knows(&inside));
            known.unwrap_or(true).then_some(inside)
        })
    }

    /// True for a named file that is not there before the change.
    pub(in crate::cli) fn adds(&self, path: &Path) -> bool {
        matches!(self.named(path), Some(None))
    }

    /// The `[[allow]]` entries that the change adds to a configuration. Each names one finding and
    /// a reason, so a reviewer sees what it does. A configuration that is broken is a fault.
    pub(in crate::cli) fn added(&self, path: &Path) -> Config {
        let Some(inside) = self.known(path) else {
            return Config::default();
        };
        let touched = self.told(&inside, self.change.touches(&inside));
        // What no diff shows, no reviewer sees.
        if touched != Some(true) || !self.change.shows(None, &inside) {
            return Config::default();
        }
        let of = |side| {
            let text = self.text(side, &inside)?;
            let parsed = Config::parse(&inside.to_string(), &text);
            let broken = |line, what| format!("line {line}: {what}; repair it before it is merged");
            let parsed = parsed.map_err(|e| broken(e.line, e.what));
            match side {
                Side::Head => self.told(&inside, parsed),
                Side::Base | Side::Fork => parsed.ok(),
            }
        };
        // Also where there was no configuration, an entry for a whole rule does not count yet.
        let head = of(Side::Head).unwrap_or_default();
        let head = head.beyond(&Config::default());
        let known = [Side::Fork, Side::Base].into_iter().filter_map(of);
        let added = known.fold(head, |head, known| head.beyond(&known));
        if added.has_entries() {
            self.adding.borrow_mut().insert(inside);
        }
        added
    }

    /// Completes the outcome of a scan of the change: what it accepts by itself, which files of the
    /// project it alters, and what of those could not be read.
    pub(in crate::cli) fn complete(
        &self,
        outcome: &mut Outcome,
        detector: &Detector,
        policy: &Policy,
    ) {
        mark_accepted(outcome, &self.change, detector, policy);
        tell_later_comments(outcome, &self.change, detector, policy);
        let asked = self.asked.take();
        let notes = asked.iter().filter_map(|path| self.note(path));
        outcome.warnings.extend(notes);
        outcome.faults.extend(self.faults.take());
        outcome.faults.sort();
        outcome.faults.dedup();
    }

    /// What the change does to a file of the project, and when that will count.
    fn note(&self, path: &BlobPath) -> Option<String> {
        let touched = self.told(path, self.change.touches(path))?;
        let known = self.told(path, self.change.knows(path))?;
        let on_disk = || self.root.join(path.to_native()).symlink_metadata().is_ok();
        let base = self.change.base();
        let (counts, rest) = if self.adding.borrow().contains(path) {
            (
                "what its new [[allow]] entries accept counts here already; ",
                "all else",
            )
        } else {
            ("", "it")
        };
        match (touched, known, base) {
            (true, _, Some(base)) => Some(format!(
                "{path}: these commits change it; {counts}until they are merged {rest} counts as it is in {base} ({TRUST})"
            )),
            (true, _, None) => Some(format!(
                "{path}: these commits bring it; {counts}{rest} counts from the next ones on ({TRUST})"
            )),
            (false, false, _) if on_disk() => Some(format!(
                "{path}: these commits start without it, so it does not count here; what starts from a commit that has it is read with it ({TRUST})"
            )),
            _ => None,
        }
    }

    /// A path below the root, as commits name it.
    fn inside(&self, path: &Path) -> Option<BlobPath> {
        let inside = path.strip_prefix(&self.root).ok()?;
        Some(BlobPath::from_native(inside))
    }

    fn before(&self, inside: BlobPath, path: &Path) -> Option<ProjectText> {
        let text = self.text(Side::Base, &inside);
        let base = self.change.base().unwrap_or_default();
        let name = format!("{base}:{inside}");
        self.asked.borrow_mut().insert(inside);
        text.map(|text| ProjectText {
            path: path.to_owned(),
            name,
            text,
        })
    }

    fn text(&self, side: Side, path: &BlobPath) -> Option<String> {
        let bytes = self.told(path, self.change.file(side, path, LARGEST))??;
        let text = String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned());
        self.told(path, text)
    }

    /// A result, or a fault of the file at `path`.
    fn told<T>(&self, path: &BlobPath, result: Result<T, String>) -> Option<T> {
        let fault = |what| {
            self.faults
                .borrow_mut()
                .insert(Fault::new(path.clone(), what))
        };
        result.map_err(fault).ok()
    }
}

/// A path that was typed, with its folder in full; the file itself may be a link.
fn in_full(path: &Path) -> PathBuf {
    let parts = folder_of(path).zip(path.file_name());
    let full = parts.map(|(folder, name)| folder.join(name));
    full.or_else(|| std::path::absolute(path).ok())
        .unwrap_or_else(|| path.to_owned())
}

/// A path that was typed, and each that its links lead to in turn.
fn stations(path: &Path) -> Vec<PathBuf> {
    // As many links as Linux follows.
    const LINKS: usize = 40;
    let next = |station: &PathBuf| {
        let target = station.read_link().ok()?;
        Some(in_full(&station.parent()?.join(target)))
    };
    std::iter::successors(Some(in_full(path)), next)
        .take(LINKS)
        .collect()
}
