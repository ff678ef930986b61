//! `jvxleaks fleet` and `merge`: many repositories, each audited once, and one list of keys.

pub(in crate::cli) mod args;
mod auditing;
mod inventory;
mod journal;
mod merging;
mod remembered;
mod room;
mod telling;

pub(in crate::cli) use merging::merge;

use super::super::args::threads;
use super::super::exit::Exit;
use super::super::output;
use super::super::setup::ReadyDetector;
use anyhow::Context as _;
use args::FleetArgs;
use auditing::Auditor;
use inventory::{RepositoryList, Whereabouts};
use journal::Journal;
use jvxleaks::fleet::{Head, Inventory, RepositoryRecord, Share, StoreKey};
use jvxleaks::model::{Severity, lock, shell_word};
use jvxleaks::source::KnownBlobs;
use remembered::Remembered;
use room::Room;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;
use telling::Telling;

/// Repositories with faults that are named on standard error; the file has all.
const NAMED: usize = 20;

/// Audits many repositories.
pub(in crate::cli) fn run(args: &FleetArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let files = args.search.files().chain(&args.fingerprint_key);
    output::keep_apart(files.chain(&args.repositories), [&args.output])?;
    threads::limit(args.search.input.jobs)?;
    let share = args.shard.unwrap_or(Share::WHOLE);
    let listed = inventory::read(&args.repositories)?;
    let key = args.fingerprint_key.as_ref().map(|file| {
        let shown = file.display();
        let bytes = fs::read(file).with_context(|| format!("{shown}: cannot be read"))?;
        StoreKey::new(&bytes).map_err(|why| anyhow::anyhow!("{shown}: {why}"))
    });
    let key = key.transpose()?;
    let ready = ReadyDetector::new(&args.search.rules)?;
    let rules = ready.identity();
    let head = head(args, &rules, share, &listed, key.as_ref())?;
    let blobs = Arc::new(KnownBlobs::default());
    let remembered = args.object_cache.as_ref().map(|folder| {
        let limits = format!("{rules} {}", args.search.input.max_file_size);
        Remembered::open(folder, &limits, &share.to_string(), &blobs)
    });
    let remembered = remembered.transpose()?;
    let journal = Journal::open(&args.output, head, args.no_cache)?;
    let auditor = Auditor {
        args,
        ready,
        rules,
        blobs: blobs.clone(),
        key,
        room: Room::default(),
    };
    let own = listed
        .into_iter()
        .filter(|(name, _)| share.takes(name))
        .collect();
    let tally = audit_all(own, &auditor, &journal)?;
    journal.finish()?;
    if let Some(remembered) = remembered {
        remembered.save(&blobs)?;
    }
    tally.tell(args, started);
    if let Some(format) = args.format {
        merging::tell(&args.output, format)?;
    }
    Ok(tally.exit(args))
}

/// What the records have in common: two files come together only if they were made alike.
fn head(
    args: &FleetArgs,
    rules: &str,
    share: Share,
    listed: &RepositoryList,
    key: Option<&StoreKey>,
) -> anyhow::Result<Head> {
    let silencing = &args.search.silencing;
    let mut digest = Sha256::new();
    digest.update(rules);
    let severity = args.verdict.severity.unwrap_or(Severity::Low).name();
    let limit = args.search.input.max_file_size;
    let switches = (silencing.no_config, silencing.no_foreign_allows);
    digest.update(format!("{severity} {limit} {switches:?}"));
    for file in silencing.files() {
        let shown = file.display();
        let bytes = fs::read(file).with_context(|| format!("{shown}: cannot be read"))?;
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
    let bytes = digest.finalize();
    let digest = bytes[..16].iter().map(|byte| format!("{byte:02x}"));
    let key = key.map_or_else(|| "none".to_owned(), StoreKey::id);
    Ok(Head {
        versions: BTreeSet::from([env!("CARGO_PKG_VERSION").to_owned()]),
        rules: BTreeSet::from([digest.collect()]),
        fingerprint_keys: BTreeSet::from([key]),
        inventories: vec![Inventory {
            digest: inventory::digest(listed),
            repositories: listed.len(),
            shares: BTreeSet::from([share.to_string()]),
        }],
    })
}

/// Audits each repository. As many are read at once as there are threads: of a small one the most is done by one alone.
fn audit_all(
    own: RepositoryList,
    auditor: &Auditor<'_>,
    journal: &Journal,
) -> anyhow::Result<FleetTally> {
    let telling = Telling::new(auditor.args.progress, own.len());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let workers = match auditor.args.search.input.jobs {
        0 => workers,
        jobs => jobs,
    };
    let workers = workers.min(own.len());
    let rest: Mutex<_> = Mutex::new(own.into_iter());
    let tally = Mutex::new(FleetTally::default());
    let failed = Mutex::new(None);
    let next = || lock(&rest).next();
    let work = || {
        while let Some((name, place)) = next().filter(|_| lock(&failed).is_none()) {
            let record = record(&name, &place, auditor, journal);
            if let Err(why) = journal.add(&record) {
                lock(&failed).get_or_insert(why);
            }
            telling.done(&record);
            lock(&tally).add(&record);
        }
    };
    thread::scope(|scope| {
        (1..workers).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    telling.finish();
    match jvxleaks::model::unlock(failed) {
        Some(why) => {
            Err(why).context("the file of the run cannot be written; make room, and run this again")
        }
        None => Ok(jvxleaks::model::unlock(tally)),
    }
}

fn record(
    name: &str,
    place: &Whereabouts,
    auditor: &Auditor<'_>,
    journal: &Journal,
) -> RepositoryRecord {
    auditor.record(name, place, journal.known(name))
}

/// What a run came to, counted.
#[derive(Default)]
struct FleetTally {
    repositories: usize,
    keys: BTreeSet<String>,
    with_keys: usize,
    worst: Option<Severity>,
    unread: Vec<(String, String)>,
}

impl FleetTally {
    fn add(&mut self, record: &RepositoryRecord) {
        self.repositories += 1;
        self.with_keys += usize::from(!record.keys.is_empty());
        for key in &record.keys {
            self.keys.insert(key.fingerprint.clone());
            self.worst = self.worst.max(Some(key.level()));
        }
        if let Some(fault) = record.faults.first() {
            let what = if fault.path == record.name {
                fault.what.clone()
            } else {
                format!("{}: {}", fault.path, fault.what)
            };
            self.unread.push((record.name.clone(), what));
        }
    }

    fn tell(&self, args: &FleetArgs, started: Instant) {
        let mut unread: Vec<_> = self.unread.iter().collect();
        unread.sort();
        for (name, what) in unread.iter().take(NAMED) {
            output::say(&format!("not read: {name}: {what}"));
        }
        if let Some(more @ 1..) = unread.len().checked_sub(NAMED) {
            output::say(&format!("not read: {more} more"));
        }
        let unread = match unread.len() {
            0 => String::new(),
            some => format!(", {some} of them not read whole"),
        };
        let keys = match (self.keys.len(), self.with_keys) {
            (0, _) => "No keys".to_owned(),
            (keys, with) => format!("{}, in {with} of them", counted(keys, "key", "keys")),
        };
        let repositories = counted(self.repositories, "repository", "repositories");
        let took = output::duration(started.elapsed());
        output::say(&format!("{repositories}{unread}. {keys}. Took {took}."));
        if !self.keys.is_empty() && args.format.is_none() {
            let file = shell_word(args.output.as_os_str().as_encoded_bytes());
            output::say(&format!("`jvxleaks merge {file}` lists the keys"));
        }
    }

    fn exit(&self, args: &FleetArgs) -> Exit {
        let fail_on = args.verdict.fail_on.unwrap_or(Severity::High);
        let counts = self.worst.is_some_and(|worst| worst >= fail_on);
        if !self.unread.is_empty() {
            Exit::Trouble
        } else if counts && !args.verdict.exit_zero {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
