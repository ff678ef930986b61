//! From options and the project's files to the parts of a scan.

pub(super) mod paths;
pub(super) mod project;
pub(super) mod project_text;
pub(super) mod review;

use super::args::groups::{RuleArgs, SilencingArgs, VerdictArgs};
use anyhow::Context as _;
use jvxleaks::detect::Detector;
use jvxleaks::model::{Base, BlobPath, Outcome, Severity};
use jvxleaks::policy::{
    BASELINE_FILE, Baseline, CONFIG_FILE, Config, Date, Fingerprints, IGNORE_FILE, IgnoreFile,
    Policy, ReadsAll, RuleName, RuleNames,
};
use jvxleaks::report::Format;
use jvxleaks::rules::RuleSet;
use project::Project;
use project_text::ProjectText;
use review::Review;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The rules that a scan of the current folder knows: built in, of its configuration and of options, and the choice
/// among them.
pub(super) fn rules(args: &RuleArgs) -> anyhow::Result<RuleSet> {
    let project = Project::of(&[PathBuf::from(".")])?;
    let found = project.find(CONFIG_FILE)?;
    let folder = found
        .as_ref()
        .and_then(|found| project_text::folder_of(&found.path));
    let config = found.map(|found| Config::parse(&found.name, &found.text));
    let config = config.transpose()?.unwrap_or_default();
    let mut rules = known_rules(&project, args, &config, folder.as_deref())?;
    rules.select(&args.enable, &args.disable)?;
    Ok(rules)
}

/// A scan made ready.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) detector: Detector,
    pub(super) policy: Policy,
    /// Findings from this severity up fail the run.
    pub(super) fail_on: Severity,
    /// The file of the baseline that is in force, or that would be.
    pub(super) baseline: PathBuf,
    /// Where paths begin, seen from the root of the repository.
    pub(super) root: Base,
    /// Where they begin, seen from the current folder.
    pub(super) here: Base,
    /// The command that shows all of a report that is cut, for who typed none.
    pub(super) shows_all: Option<&'static str>,
    /// The options that a command needs to know the rules: ` --rules FILE`.
    pub(super) rule_options: String,
    review: Option<Rc<Review>>,
}

/// Makes a scan ready for a project. Without `verdict`, the configuration's counts alone.
///
/// # Errors
/// When an option or a file of the project says something that it must not say.
pub(super) fn scan(
    project: &Project,
    rule_args: &RuleArgs,
    silencing: &SilencingArgs,
    verdict: Option<&VerdictArgs>,
) -> anyhow::Result<Setup> {
    scan_with(project, rule_args, silencing, verdict, None)
}

/// Rules that are made ready once for many projects, of which most have none of their own.
#[derive(Clone, Debug)]
pub(super) struct ReadyDetector {
    detector: Detector,
    names: RuleNames,
}

impl ReadyDetector {
    /// The rules that options choose.
    ///
    /// # Errors
    /// When a file of rules is none, or a rule is not there.
    pub(super) fn new(args: &RuleArgs) -> anyhow::Result<Self> {
        let mut rules = RuleSet::builtin()?;
        for file in &args.rules {
            rules.add_file(file)?;
        }
        let (rules, names) = selected(rules, args, &Config::default())?;
        let detector = Detector::new(rules);
        Ok(Self { detector, names })
    }

    /// The rules of a project, and those that options choose.
    fn of(
        project: &Project,
        args: &RuleArgs,
        config: &Config,
        folder: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let rules = known_rules(project, args, config, folder)?;
        let (rules, names) = selected(rules, args, config)?;
        let detector = Detector::new(rules);
        Ok(Self { detector, names })
    }

    /// Tells these rules from others.
    pub(super) fn identity(&self) -> String {
        self.detector.rules().identity()
    }
}

/// As [`scan`]; the rules that were made `ready` are taken where the project has no word about them.
///
/// # Errors
/// As there.
pub(super) fn scan_with(
    project: &Project,
    rule_args: &RuleArgs,
    silencing: &SilencingArgs,
    verdict: Option<&VerdictArgs>,
    ready: Option<&ReadyDetector>,
) -> anyhow::Result<Setup> {
    let (config, config_folder) = config(project, silencing)?;
    let ready = match ready.filter(|_| config.is_silent_on_rules()) {
        Some(ready) => ready.clone(),
        None => ReadyDetector::of(project, rule_args, &config, config_folder.as_deref())?,
    };
    let (baseline, file) = baseline(project, silencing, &config, config_folder.as_deref())?;
    let foreign = !silencing.no_foreign_allows && config.foreign_allows.unwrap_or(true);
    let severity = verdict.and_then(|v| v.severity).or(config.severity);
    let fail_on = verdict.and_then(|v| v.fail_on).or(config.fail_on);
    let covers_config = config_folder.as_ref().is_some_and(|f| project.covers(f));
    let reads_all = ReadsAll {
        config: covers_config,
        baseline: covers_baseline(project, &file),
        files: covers_config,
        commits: false,
    };
    let policy = Policy {
        least_severity: severity.unwrap_or(Severity::Low),
        foreign_allows: foreign,
        config_base: base(project, config_folder.as_deref().unwrap_or(&project.paths)),
        config,
        added: added(project, silencing),
        ignore_file: ignore_file(project, foreign && !silencing.no_config)?,
        ignore_base: base(project, &project.paths),
        baseline,
        rules: ready.names,
        today: today(),
        reads_all,
        line_hashes: false,
        edits: false,
        tells_fingerprints: true,
        is_unpublished: false,
        reviewed: project
            .review()
            .map(|review| review.commits())
            .unwrap_or_default(),
        told: project.shown_paths(),
        options: rule_args.again() + &silencing.again(),
        fingerprints: Fingerprints::default(),
    };
    Ok(Setup {
        detector: ready.detector.below(base(project, project.told_from())),
        policy,
        fail_on: fail_on.unwrap_or(Severity::High),
        baseline: file,
        root: base(project, project.root()),
        here: project.shown_paths(),
        shows_all: None,
        review: project.review().cloned(),
        rule_options: rule_args.again(),
    })
}

impl Setup {
    /// The same scan, which also says what it takes for harmless if `verbose`.
    pub(super) fn verbose(mut self, verbose: bool) -> Self {
        if verbose {
            self.detector = self.detector.keeping_drops();
        }
        self
    }

    /// The same scan, which also finds out what only one of these formats tells.
    pub(super) fn reporting(mut self, formats: impl IntoIterator<Item = Format>) -> Self {
        let formats: Vec<Format> = formats.into_iter().collect();
        self.policy.line_hashes = formats.iter().any(Format::tells_line_hashes);
        self.policy.edits = formats.iter().any(Format::tells_edits);
        self.policy.tells_fingerprints = formats.iter().any(Format::tells_fingerprints);
        self
    }

    /// The same scan of a project whose history may hold what its files do not: only
    /// `jvxleaks history` can tell then which exceptions silence nothing.
    pub(super) fn beside_history(mut self, project: &Project) -> Self {
        if project.is_in_repository() {
            self.policy.reads_all = ReadsAll {
                files: self.policy.reads_all.files,
                ..ReadsAll::default()
            };
        }
        self
    }

    /// Makes the scan give findings of every severity.
    pub(super) fn show_all(&mut self) {
        self.policy.least_severity = Severity::Low;
    }

    /// True when an option or the configuration asks for a certain baseline.
    pub(super) fn names_baseline(&self, args: &SilencingArgs) -> bool {
        args.baseline.is_some() || self.policy.config.baseline.is_some()
    }

    /// Completes the outcome of a scan with what is to be said of a change under review.
    pub(super) fn complete(&self, mut outcome: Outcome) -> Outcome {
        if let Some(review) = &self.review {
            review.complete(&mut outcome, &self.detector, &self.policy);
        }
        outcome
    }

    /// Complains if the baseline that was asked for is not there. One that a change under review
    /// brings will be.
    pub(super) fn require_baseline(&self) -> anyhow::Result<()> {
        let comes = |review: &Rc<Review>| review.adds(&self.baseline);
        anyhow::ensure!(
            self.policy.baseline.is_some() || self.review.as_ref().is_some_and(comes),
            "{}: no such baseline; make it with `jvxleaks baseline create`",
            project_text::shown(&self.baseline).display()
        );
        Ok(())
    }
}

/// The rules to run, and the names of those and of all others.
fn selected(
    mut rules: RuleSet,
    args: &RuleArgs,
    config: &Config,
) -> anyhow::Result<(RuleSet, RuleNames)> {
    let known = owned(rules.ids());
    let infos = rules.iter().map(|rule| &rule.info);
    let families = infos.filter(|info| info.family != info.id);
    let families = families.map(|info| (info.id.clone(), info.family.clone()));
    let families = families.collect();
    select(&mut rules, args, config)?;
    let active = owned(rules.ids());
    let names = RuleNames {
        known,
        active,
        families,
    };
    Ok((rules, names))
}

/// All rules: built in, and those of files that the configuration and options name.
fn known_rules(
    project: &Project,
    args: &RuleArgs,
    config: &Config,
    config_folder: Option<&Path>,
) -> anyhow::Result<RuleSet> {
    let mut rules = RuleSet::builtin()?;
    let folder = config_folder.unwrap_or(&project.paths);
    for file in &config.rule_files {
        if let Some(text) = project.inside(folder, file)? {
            rules.add_text(&text.name, &text.text)?;
        }
    }
    for file in &args.rules {
        match project.review().and_then(|review| review.named(file)) {
            Some(Some(before)) => rules.add_text(&before.name, &before.text)?,
            Some(None) => {}
            None => rules.add_file(file)?,
        }
    }
    Ok(rules)
}

fn owned(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}

/// From the scan's paths to those of a file in `folder`.
pub(super) fn base(project: &Project, folder: &Path) -> Base {
    let native = BlobPath::from_native;
    Base::new(&native(&project.paths), &native(folder))
}

/// The configuration, and the folder that its paths are relative to.
fn config(project: &Project, args: &SilencingArgs) -> anyhow::Result<(Config, Option<PathBuf>)> {
    let found = match &args.config {
        Some(path) => match project.named(path)? {
            None if !path.exists() => Some(project_text::read(path)?),
            found => found,
        },
        None if args.no_config => None,
        None => project.find(CONFIG_FILE)?,
    };
    let Some(ProjectText { path, name, text }) = found else {
        return Ok((Config::default(), None));
    };
    Ok((Config::parse(&name, &text)?, project_text::folder_of(&path)))
}

/// What a change under review adds to the configuration.
fn added(project: &Project, args: &SilencingArgs) -> Config {
    let usual = || project.root().join(CONFIG_FILE);
    let file = match &args.config {
        Some(path) => Some(path.clone()),
        None => (!args.no_config).then(usual),
    };
    let added = |review: &Rc<Review>| file.map(|file| review.added(&file));
    project.review().and_then(added).unwrap_or_default()
}

/// The command line's choice of rules replaces the configuration's `enable` and adds to its
/// `disable`.
fn select(rules: &mut RuleSet, args: &RuleArgs, config: &Config) -> anyhow::Result<()> {
    let others = config.named_rules();
    for name in config.enable.iter().chain(&config.disable).chain(&others) {
        let place = || format!("{}:{}", config.file, name.line);
        rules.find(&name.id).with_context(place)?;
    }
    let ids = |names: &[RuleName]| names.iter().map(|name| name.id.clone()).collect::<Vec<_>>();
    let enable = if args.enable.is_empty() {
        ids(&config.enable)
    } else {
        args.enable.clone()
    };
    let disable = [args.disable.clone(), ids(&config.disable)].concat();
    rules.select(&enable, &disable)?;
    Ok(())
}

/// The baseline, and the file it is or would be in.
fn baseline(
    project: &Project,
    args: &SilencingArgs,
    config: &Config,
    config_folder: Option<&Path>,
) -> anyhow::Result<(Option<Baseline>, PathBuf)> {
    let configured = config.baseline.as_ref().zip(config_folder);
    let named = args.baseline.clone();
    let named = named.or_else(|| configured.map(|(path, folder)| folder.join(path)));
    let (found, file) = match named {
        Some(file) => (project.named(&file)?, file),
        None if args.no_config => (None, project.root().join(BASELINE_FILE)),
        None => match project.find(BASELINE_FILE)? {
            Some(found) => {
                let file = found.path.clone();
                (Some(found), file)
            }
            None => (None, project.root().join(BASELINE_FILE)),
        },
    };
    let baseline = found.map(|found| Baseline::parse(&found.name, &found.text));
    Ok((baseline.transpose()?, file))
}

/// A baseline speaks of all that is below it; one of another name, of the whole project.
fn covers_baseline(project: &Project, file: &Path) -> bool {
    let usual = file.file_name().is_some_and(|name| name == BASELINE_FILE);
    let folder = project_text::folder_of(file).filter(|f| usual && project.paths.starts_with(f));
    project.covers(folder.as_deref().unwrap_or_else(|| project.root()))
}

fn ignore_file(project: &Project, wanted: bool) -> anyhow::Result<IgnoreFile> {
    let found = if wanted {
        project.beside_paths(IGNORE_FILE)?
    } else {
        None
    };
    Ok(found
        .map(|f| IgnoreFile::parse(&f.text))
        .unwrap_or_default())
}

/// The day in UTC, so that an exception expires everywhere at once.
fn today() -> Date {
    jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}
