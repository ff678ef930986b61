//! One repository of many, audited as `history` does it.

use super::super::super::args::groups::SilencingArgs;
use super::super::super::setup::project::Project;
use super::super::super::setup::{self, ReadyDetector, Setup};
use super::super::cache::Cache;
use super::args::FleetArgs;
use super::inventory::Whereabouts;
use super::room::Room;
use anyhow::Context as _;
use jvxleaks::audit::audit;
use jvxleaks::fleet::{RecordFault, RepositoryRecord, StoreKey};
use jvxleaks::model::{Failure, Outcome};
use jvxleaks::policy::{BASELINE_FILE, CONFIG_FILE, IGNORE_FILE, advise};
use jvxleaks::redact;
use jvxleaks::report::Format;
use jvxleaks::source::{
    GitRepo, History, KnownBlobs, Progress, RepositoryState, Scope, git_dir, mirror, mirror_of,
};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What all audits of a run share.
pub(super) struct Auditor<'a> {
    pub(super) args: &'a FleetArgs,
    /// The rules that the options choose, which blobs are known by.
    pub(super) ready: ReadyDetector,
    pub(super) rules: String,
    pub(super) blobs: Arc<KnownBlobs>,
    pub(super) key: Option<StoreKey>,
    pub(super) room: Room,
}

impl Auditor<'_> {
    /// The record of a repository, whatever happens. An `earlier` one holds as long as nothing has changed.
    pub(super) fn record(
        &self,
        name: &str,
        place: &Whereabouts,
        earlier: Option<&RepositoryRecord>,
    ) -> RepositoryRecord {
        let told = Failure::caught(|| self.audited(name, place, earlier));
        let told = told.unwrap_or_else(|failure| Err(anyhow::anyhow!("{failure}")));
        told.unwrap_or_else(|why| {
            let what = format!("{why:#}");
            RepositoryRecord::unread(name, redact::text(&what))
        })
    }

    fn audited(
        &self,
        name: &str,
        place: &Whereabouts,
        earlier: Option<&RepositoryRecord>,
    ) -> anyhow::Result<RepositoryRecord> {
        let (folder, stale) = self.brought(name, place)?;
        let longest = self.args.search.input.max_file_size;
        let repo = GitRepo::open(Some(&folder))?.reading_up_to(longest);
        is_itself(&repo, &folder)?;
        let state = repo.state()?;
        let root = repo.work_dir().unwrap_or(repo.git_dir());
        let (setup, unset) = match self.setup(root, &self.args.search.silencing) {
            Ok(setup) => (setup, None),
            // Its keys are told all the same.
            Err(why) => (self.setup(root, &SilencingArgs::of_options())?, Some(why)),
        };
        let mut record = RepositoryRecord {
            name: name.to_owned(),
            remote: repo
                .remote_address()
                .map(|url| redact::text(&url).into_owned()),
            refs: state.refs,
            refs_digest: state.refs_digest.clone(),
            objects: state.objects,
            state: digest(&state, root, &setup),
            ..RepositoryRecord::default()
        };
        let is_own = self.args.search.silencing.config.is_none();
        record.has_own_rules = setup.detector.rules().identity() != self.rules
            || is_own && setup.policy.config.judges_otherwise();
        let earlier = earlier.filter(|earlier| earlier.state == record.state && stale.is_none());
        if let Some(earlier) = earlier {
            return Ok(earlier.clone());
        }
        let unset = unset.map(|why| format!("{why:#}; what it says was passed over"));
        record
            .faults
            .extend(stale.into_iter().chain(unset).map(|what| RecordFault {
                path: name.to_owned(),
                what: redact::text(&what).into_owned(),
            }));
        let _room = self.room.take(repo.size_of_packs());
        let outcome = self.outcome(&repo, &setup)?;
        record.audited(&redact::outcome(outcome));
        record.call_faults(&root.display().to_string());
        if let Some(key) = &self.key {
            let keys = record.keys.iter_mut();
            keys.for_each(|own| own.fingerprint = key.apply(&own.fingerprint));
        }
        Ok(record)
    }

    /// The folder of a repository, which is cloned if it is to be; and why it may lack what is new.
    fn brought(
        &self,
        name: &str,
        place: &Whereabouts,
    ) -> anyhow::Result<(PathBuf, Option<String>)> {
        let address = match place {
            Whereabouts::Folder(folder) => return Ok((folder.clone(), None)),
            Whereabouts::Unlisted(why) => anyhow::bail!("{why}"),
            Whereabouts::Address(address) => address,
        };
        let into = self.args.clone_into.as_ref();
        let into = into.context("it is listed by its address; give --clone-into DIR")?;
        let is_plain = |part| matches!(part, Component::Normal(_));
        anyhow::ensure!(
            Path::new(name).components().all(is_plain),
            "its address leads out of --clone-into; write it without `..`"
        );
        let folder = mirror_of(address, &into.join(name));
        let longest = Duration::from_secs(self.args.clone_timeout);
        match mirror(address, &folder, longest) {
            Ok(()) => Ok((folder, None)),
            // What was fetched before is read all the same.
            Err(why) if folder.exists() => Ok((folder, Some(why))),
            Err(why) => Err(anyhow::anyhow!("{why}")),
        }
    }

    fn setup(&self, root: &Path, silencing: &SilencingArgs) -> anyhow::Result<Setup> {
        let search = &self.args.search;
        let verdict = Some(&self.args.verdict);
        let project = Project::part_of(root);
        let json: Option<Format> = "json".parse().ok();
        let ready = Some(&self.ready);
        let setup = setup::scan_with(&project, &search.rules, silencing, verdict, ready)?;
        let setup = setup.reporting(json);
        if setup.names_baseline(silencing) {
            setup.require_baseline()?;
        }
        Ok(setup)
    }

    fn outcome(&self, repo: &GitRepo, setup: &Setup) -> anyhow::Result<Outcome> {
        let longest = self.args.search.input.max_file_size;
        let rules = setup.detector.rules();
        let mut cache = if self.args.no_cache {
            None
        } else {
            Cache::open(repo, rules, longest, self.args.cache_dir.as_deref())
        };
        let mut history = History::new(repo.clone());
        // A project with rules of its own may find more in a blob than others do.
        if rules.identity() == self.rules {
            history = history.among(self.blobs.clone());
        }
        let mut outcome = audit(
            &history,
            &Scope::default(),
            &setup.detector,
            &setup.policy,
            cache.as_mut().map(|cache| &mut cache.seen),
            &Progress::default(),
        )?;
        if let Some(cache) = cache {
            cache.save();
        }
        outcome.forges = repo.forges().unwrap_or_default();
        let keys = outcome.keys.iter_mut();
        keys.for_each(|key| key.exposure.options.clone_from(&setup.policy.options));
        outcome.rewriting = advise(&mut outcome.keys);
        Ok(outcome)
    }
}

/// Refuses a folder that is no repository and only lies in one.
fn is_itself(repo: &GitRepo, folder: &Path) -> anyhow::Result<()> {
    let folder = fs::canonicalize(folder)?;
    // A file `.git` may name a bare repository.
    let named = git_dir(&folder).and_then(|named| fs::canonicalize(named).ok());
    let is_itself = repo.work_dir() == Some(&folder)
        || repo.git_dir() == folder
        || named.as_deref() == Some(repo.git_dir());
    anyhow::ensure!(
        is_itself,
        "it is no repository, and lies in that at {}; name that one, or take it out of the list",
        repo.work_dir().unwrap_or(repo.git_dir()).display()
    );
    Ok(())
}

/// What a record hangs on: the repository, the rules, and what the project accepts.
fn digest(state: &RepositoryState, root: &Path, setup: &Setup) -> String {
    let mut digest = Sha256::new();
    let mut part = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    part(state.digest.as_bytes());
    part(setup.detector.rules().identity().as_bytes());
    part(setup.policy.least_severity.name().as_bytes());
    // The same files accept less when an entry has expired.
    let expired = setup.policy.config.expired(setup.policy.today);
    part(&expired.to_le_bytes());
    let files = [CONFIG_FILE, BASELINE_FILE, IGNORE_FILE].map(|name| root.join(name));
    for file in files.iter().chain([&setup.baseline]) {
        part(&fs::read(file).unwrap_or_default());
    }
    let bytes = digest.finalize();
    bytes[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
