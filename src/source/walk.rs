//! Files and folders of the work tree.
//!
//! Hidden files are read, `.git` is never entered, `.gitignore` is respected inside a git
//! repository (as git and ripgrep do) but for files that git tracks all the same, and a path named on
//! the command line is always read.
//! Symbolic links are not followed below a root: their target text is a blob of its own, since
//! that text is what git would publish.

use super::ignore_rules;
use super::nearby::Below;
use super::skimmer::Skimmer;
use super::tracked::Tracked;
use super::visitor::Visitor;
use super::{Event, Sink, Source, SourceError};
use crate::model::{Nearby, Skim};
use ignore::{DirEntry, WalkBuilder};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// What to walk and how.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// Files and folders, as typed.
    pub roots: Vec<PathBuf>,
    /// Whether `.gitignore` and git's exclude files hide files.
    pub respect_ignore: bool,
    /// Largest file that is read, in bytes.
    pub max_file_size: u64,
    /// Number of threads; 0 takes one per core.
    pub threads: usize,
}

/// The files under some roots.
#[derive(Debug)]
pub struct Walk {
    options: WalkOptions,
    nearby: Below,
}

impl Walk {
    /// A walk over `options.roots`.
    pub fn new(options: WalkOptions) -> Self {
        let nearby = Below::new(base(&options.roots));
        Self { options, nearby }
    }

    fn visit_all(&self, sink: Sink<'_>, skim: Option<&dyn Skim>) -> Result<(), SourceError> {
        let mut folders = Vec::new();
        let mut files = Vec::new();
        for root in &self.options.roots {
            match std::fs::metadata(root) {
                Ok(metadata) if metadata.is_dir() => folders.push(root),
                Ok(_) => files.push(root),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {
                    return Err(SourceError::Missing(root.clone()));
                }
                Err(_) => files.push(root),
            }
        }
        let base = base(&self.options.roots);
        let tracked = match self.options.respect_ignore {
            true => Tracked::below(&folders),
            false => Tracked::default(),
        };
        let account = (!tracked.is_empty()).then_some(&tracked);
        let reader = || Skimmer::new(self.options.max_file_size, skim);
        let mut visitor = Visitor::new(sink, base.clone(), reader(), account);
        for file in files {
            visitor.named_file(file);
        }
        self.folders(&folders, &mut visitor);
        drop(visitor);
        for fault in &tracked.faults {
            sink(Event::Fault(fault.clone()));
        }
        let mut visitor = Visitor::new(sink, base, reader(), None);
        for file in tracked.hidden() {
            visitor.hidden_file(&file);
        }
        Ok(())
    }

    /// Walks `folders`. Those whose ignore files must not be read are walked last, as if there were
    /// no such files.
    fn folders(&self, folders: &[&PathBuf], visitor: &mut Visitor<'_>) {
        let respect = self.options.respect_ignore;
        let plain = |folder: &&&PathBuf| respect && ignore_rules::are_plain_above(folder);
        let (plain, odd): (Vec<&PathBuf>, _) = folders.iter().partition(plain);
        let odd = Arc::new(Mutex::new(odd.into_iter().cloned().collect::<Vec<_>>()));
        if let Some(mut builder) = self.builder(&plain, respect) {
            let met = odd.clone();
            builder.filter_entry(move |entry| is_wanted(entry) && !is_odd(entry, &met));
            builder.build_parallel().visit(visitor);
        }
        let odd = std::mem::take(&mut *odd.lock().unwrap_or_else(|e| e.into_inner()));
        if let Some(mut builder) = self.builder(&odd.iter().collect::<Vec<_>>(), false) {
            builder.filter_entry(is_wanted);
            builder.build_parallel().visit(visitor);
        }
    }

    fn builder(&self, folders: &[&PathBuf], respect: bool) -> Option<WalkBuilder> {
        let (first, rest) = folders.split_first()?;
        let mut builder = WalkBuilder::new(first);
        for folder in rest {
            builder.add(folder);
        }
        builder
            .hidden(false)
            .ignore(false)
            .parents(respect)
            .git_ignore(respect)
            .git_global(respect)
            .git_exclude(respect)
            .follow_links(false)
            .threads(self.options.threads);
        Some(builder)
    }
}

fn is_wanted(entry: &DirEntry) -> bool {
    entry.file_name() != ".git"
}

/// True for a folder that is to be walked without its ignore files; it is put aside in `met`.
fn is_odd(entry: &DirEntry, met: &Mutex<Vec<PathBuf>>) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    let odd = is_folder && !ignore_rules::are_plain(entry.path());
    if odd {
        let mut met = met.lock().unwrap_or_else(|e| e.into_inner());
        met.push(entry.path().to_owned());
    }
    odd
}

impl Source for Walk {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        self.visit_all(sink, None)
    }

    fn visit_skimming(&self, sink: Sink<'_>, skim: &dyn Skim) -> Result<(), SourceError> {
        self.visit_all(sink, Some(skim))
    }

    fn nearby(&self) -> &dyn Nearby {
        &self.nearby
    }
}

/// The folder that paths are relative to: the one root, or the current folder.
fn base(roots: &[PathBuf]) -> PathBuf {
    match roots {
        [only] if only.is_dir() => only.clone(),
        _ => PathBuf::from("."),
    }
}
