//! Where a finding is looked for: what is nearest to read comes first, all of the history last.

use super::super::super::args::groups::SilencingArgs;
use super::args::AllowArgs;
use super::wanted::Wanted;
use crate::cli::command::git;
use crate::cli::setup::project::Project;
use crate::cli::setup::{self, Setup};
use jvxleaks::model::{Base, BlobPath, Finding, Outcome};
use jvxleaks::policy::CONFIG_FILE;
use jvxleaks::redact;
use jvxleaks::scan::scan;
use jvxleaks::source::{GitRepo, Range, RangeSpec, Source, Staged, Walk, WalkOptions};
use std::path::{Path, PathBuf};

/// Looks for findings in a project.
pub(super) struct PlaceSearch<'a> {
    args: &'a AllowArgs,
    silencing: SilencingArgs,
    repo: Option<GitRepo>,
    root: PathBuf,
    pub(super) setup: Setup,
    /// The configuration that is in force, or that would be.
    pub(super) config: PathBuf,
}

/// What was found.
#[derive(Default)]
pub(super) struct FoundPlace {
    pub(super) findings: Vec<Finding>,
    /// How many things could not be read on the way.
    pub(super) unread: usize,
    /// From their paths to those from the root of the project.
    pub(super) root: Base,
}

impl<'a> PlaceSearch<'a> {
    /// Makes a search ready, of the repository around the current folder or of that folder.
    pub(super) fn new(args: &'a AllowArgs) -> anyhow::Result<Self> {
        let here = Project::of(&[PathBuf::from(".")])?;
        let longest = args.input.max_file_size;
        let repo = match GitRepo::open(None) {
            Ok(repo) => Some(repo.reading_up_to(longest)),
            Err(_) if !here.is_in_repository() => None,
            Err(error) => return Err(error.into()),
        };
        anyhow::ensure!(
            args.config.is_some() || repo.as_ref().is_none_or(|repo| repo.work_dir().is_some()),
            "this repository is bare: an entry would stand among the files of git, where no commit has it; \
             run this in a clone or a work tree, and commit the entry there"
        );
        let root = match &repo {
            Some(repo) => repo.work_dir().unwrap_or_else(|| repo.git_dir()),
            None => &here.paths,
        };
        let project = Project::of(&[root.to_owned()])?;
        let silencing = silencing(args.config.clone());
        let mut setup = setup::scan(&project, &args.rules, &silencing, None)?;
        setup.show_all();
        let config = match &args.config {
            Some(path) => path.clone(),
            None => match project.find(CONFIG_FILE)? {
                Some(found) => found.path,
                None => project.root().join(CONFIG_FILE),
            },
        };
        Ok(Self {
            args,
            silencing,
            root: root.to_owned(),
            repo,
            setup,
            config,
        })
    }

    /// True when others get the configuration by git.
    pub(super) fn has_work_tree(&self) -> bool {
        let repo = self.repo.as_ref();
        repo.is_some_and(|repo| repo.work_dir().is_some())
    }

    /// What is meant, in the first place that holds it.
    pub(super) fn find(&self, wanted: &Wanted) -> anyhow::Result<FoundPlace> {
        let mut found = match wanted {
            Wanted::Id(_) => self.in_files(wanted, true)?,
            Wanted::At(at) => self.in_file(&at.file(), wanted)?,
        };
        let Some(repo) = &self.repo else {
            if found.findings.is_empty() && matches!(wanted, Wanted::Id(_)) {
                found = self.in_files(wanted, false)?;
            }
            return Ok(found);
        };
        if found.findings.is_empty() {
            found.add(self.in_index(repo)?, wanted, &self.setup);
        }
        if found.findings.is_empty() {
            found.add(self.in_history(repo)?, wanted, &self.setup);
        }
        if found.findings.is_empty() && matches!(wanted, Wanted::Id(_)) {
            found = self.in_files(wanted, false)?;
        }
        Ok(found)
    }

    /// What a commit would be refused for, or else what a push would.
    pub(super) fn refused(&self) -> anyhow::Result<FoundPlace> {
        let Some(repo) = &self.repo else {
            anyhow::bail!(
                "--last is about commits and pushes, and here is no git repository; name the finding"
            );
        };
        let refused = |outcome: Outcome| {
            let unread = outcome.faults.len();
            let findings = redact::outcome(outcome).findings.into_iter();
            let findings = findings.filter(|f| f.severity >= self.setup.fail_on);
            FoundPlace {
                findings: findings.collect(),
                unread,
                root: self.setup.root.clone(),
            }
        };
        let found = refused(self.in_index(repo)?);
        if !found.findings.is_empty() {
            return Ok(found);
        }
        let unpushed = RangeSpec {
            include: vec!["HEAD".to_owned()],
            exclude_remotes: Some("*".to_owned()),
            ..RangeSpec::default()
        };
        let unpushed = self.read(&Range::new(repo.clone(), unpushed))?;
        let mut later = refused(unpushed);
        later.unread += found.unread;
        // What `git commit -a` would have staged is in the files alone when it was refused.
        if later.findings.is_empty() && repo.work_dir().is_some() {
            let mut files = self.read(&self.walk(&self.root, true))?;
            let tracked = repo.tracked()?;
            let file = |path: &BlobPath| path.archive().unwrap_or_else(|| path.clone());
            files
                .findings
                .retain(|f| tracked.contains(&file(&f.place.path)));
            let files = refused(files);
            later.findings = files.findings;
            later.unread += files.unread;
        }
        Ok(later)
    }

    /// What is in the files, with `usual` but for those that are ignored or excluded.
    fn in_files(&self, wanted: &Wanted, usual: bool) -> anyhow::Result<FoundPlace> {
        let mut found = FoundPlace::default();
        let is_bare = |repo: &GitRepo| repo.work_dir().is_none();
        if self.repo.as_ref().is_some_and(is_bare) {
            return Ok(found);
        }
        let walk = self.walk(&self.root, usual);
        if usual {
            found.add(self.read(&walk)?, wanted, &self.setup);
            return Ok(found);
        }
        let project = Project::of(std::slice::from_ref(&self.root))?;
        let mut setup = setup::scan(&project, &self.args.rules, &self.silencing, None)?;
        setup.show_all();
        // One that was named was read all the same, and its report tells of this command.
        setup.policy.exclude_nothing();
        let files = scan(&walk, &setup.detector, &setup.policy)?;
        found.add(files, wanted, &setup);
        Ok(found)
    }

    fn in_file(&self, file: &Path, wanted: &Wanted) -> anyhow::Result<FoundPlace> {
        let mut found = FoundPlace::default();
        if file.is_file() {
            let project = Project::of(&[file.to_owned()])?;
            let mut setup = setup::scan(&project, &self.args.rules, &self.silencing, None)?;
            setup.show_all();
            let outcome = scan(&self.walk(file, true), &setup.detector, &setup.policy)?;
            found.add(outcome, wanted, &setup);
        }
        Ok(found)
    }

    /// What is staged, and the message of a commit that was stopped.
    fn in_index(&self, repo: &GitRepo) -> anyhow::Result<Outcome> {
        let mut outcome = self.read(&Staged::new(repo.clone()))?;
        let message = repo.git_dir().join("COMMIT_EDITMSG");
        if message.is_file() {
            let longest = self.args.input.max_file_size;
            let message = self.read(&repo.message_file(message, true, longest))?;
            outcome.findings.extend(message.findings);
            outcome.suppressed.extend(message.suppressed);
            outcome.faults.extend(message.faults);
        }
        Ok(outcome)
    }

    fn in_history(&self, repo: &GitRepo) -> anyhow::Result<Outcome> {
        git::audited(repo, &self.setup, self.args.input.max_file_size)
    }

    fn walk(&self, root: &Path, respect_ignore: bool) -> Walk {
        Walk::new(WalkOptions {
            roots: vec![root.to_owned()],
            respect_ignore,
            max_file_size: self.args.input.max_file_size,
            threads: self.args.input.jobs,
        })
    }

    fn read(&self, source: &dyn Source) -> anyhow::Result<Outcome> {
        Ok(scan(source, &self.setup.detector, &self.setup.policy)?)
    }
}

impl FoundPlace {
    /// Adds what is meant of an outcome, also what a comment or a baseline silences already: that holds for
    /// a place or a branch, and the entry for all.
    fn add(&mut self, outcome: Outcome, wanted: &Wanted, setup: &Setup) {
        self.root = setup.root.clone();
        self.unread += outcome.faults.len();
        let outcome = redact::outcome(outcome);
        let suppressed = outcome.suppressed.into_iter().map(|s| s.finding);
        let findings = outcome.findings.into_iter().chain(suppressed);
        self.findings
            .extend(findings.filter(|f| wanted.is(f, &setup.here)));
    }

    /// One finding for each fingerprint.
    pub(super) fn distinct(&self) -> Vec<&Finding> {
        let mut distinct: Vec<&Finding> = Vec::new();
        for finding in &self.findings {
            if !distinct
                .iter()
                .any(|known| known.fingerprint == finding.fingerprint)
            {
                distinct.push(finding);
            }
        }
        distinct
    }
}

fn silencing(config: Option<PathBuf>) -> SilencingArgs {
    SilencingArgs {
        config,
        no_config: false,
        baseline: None,
        no_foreign_allows: false,
    }
}
