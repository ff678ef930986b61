//! Clones of repositories that are audited, made by git with its own credentials. Nothing that a repository configures is
//! run: a mirror has no hooks, and its settings are those that git writes itself.

use crate::source::remedy::with_remedy;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether git is done.
const PERIOD: Duration = Duration::from_millis(20);

/// How long its words are waited for when it has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where git notes what was fetched, a line for each id (<https://git-scm.com/docs/git-fetch>).
const FETCHED: &str = "FETCH_HEAD";

/// Longest text of git that is read, in bytes.
const LONGEST: u64 = 64 << 10;

/// Brings a mirror of the repository at `address` to `folder`: all refs as they are there. One that is there already gets
/// what is new. Takes at most so `long`.
///
/// # Errors
/// What git says, when it fails; nothing of a clone that failed is left.
pub fn mirror(address: &str, folder: &Path, long: Duration) -> Result<(), String> {
    let told = |why: String| why.replace(address, "it");
    // What is left of one that was never made.
    let _ = fs::remove_dir(folder);
    if folder.exists() {
        return update(address, folder, long).map_err(told);
    }
    let parent = folder.parent().unwrap_or(Path::new("."));
    let made = fs::create_dir_all(parent);
    made.map_err(|why| format!("{}: cannot be made: {why}", parent.display()))?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    // Another run may clone it too.
    let partial = parent.join(format!(".{name}.partial-{}", std::process::id()));
    let _ = fs::remove_dir_all(&partial);
    let mut clone = git(parent);
    clone.args(["clone", "--quiet", "--mirror", "--template=", "--", address]);
    clone.arg(partial.file_name().unwrap_or_default());
    let cloned = done(clone, long, "cloned").and_then(|()| match fs::rename(&partial, folder) {
        Err(why) if !folder.exists() => Err(format!("{}: cannot be made: {why}", folder.display())),
        _ => Ok(()),
    });
    let _ = fs::remove_dir_all(&partial);
    cloned.map_err(told)
}

/// The folder of the mirror of an address, which is called like `path`: one that is there may be of another address that has
/// the same name.
pub fn mirror_of(address: &str, path: &Path) -> PathBuf {
    let named = |name: &str| {
        let mut own = path.as_os_str().to_owned();
        own.push(name);
        PathBuf::from(own)
    };
    let folder = named(".git");
    let mut ask = git(&folder);
    ask.args(["config", "remote.origin.url"])
        .stdout(Stdio::piped());
    let told = ask
        .output()
        .ok()
        .filter(|told| folder.exists() && told.status.success());
    let is_other =
        told.is_some_and(|told| String::from_utf8_lossy(&told.stdout).trim_end() != address);
    if !is_other {
        return folder;
    }
    let hash = Sha256::digest(address);
    named(&format!(
        "~{:02x}{:02x}{:02x}{:02x}.git",
        hash[0], hash[1], hash[2], hash[3]
    ))
}

/// Gets what is new. What no ref names any more, since it was pushed over or its branch was deleted, goes on standing in
/// `FETCH_HEAD`: whoever fetched it before has it.
fn update(address: &str, folder: &Path, long: Duration) -> Result<(), String> {
    let mut once = fetched_before(folder);
    once.extend(named_by_refs(folder)?);
    // Before git adds to it, so that a run that is ended in between loses nothing.
    remember(folder, &once)?;
    let mut fetch = git(folder);
    fetch.args([
        "fetch",
        "--append",
        "--quiet",
        "--prune",
        "--force",
        "--no-recurse-submodules",
        "--",
    ]);
    fetch.args([address, "+refs/*:refs/*"]);
    let fetched = done(fetch, long, "fetched");
    let now = named_by_refs(folder)?;
    once.retain(|id| !now.contains(id));
    remember(folder, &once)?;
    fetched
}

/// The ids that refs name.
fn named_by_refs(folder: &Path) -> Result<BTreeSet<String>, String> {
    let mut list = git(folder);
    list.args(["for-each-ref", "--format=%(objectname)"]);
    let listed = list.stdout(Stdio::piped()).output();
    let listed = listed.map_err(|why| format!("git cannot be run: {why}"))?;
    let ids = String::from_utf8_lossy(&listed.stdout);
    Ok(ids.lines().map(str::to_owned).collect())
}

/// What [`remember`] wrote.
fn fetched_before(folder: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(folder.join(FETCHED)).unwrap_or_default();
    let ids = text.lines().filter_map(|line| line.split('\t').next());
    ids.map(str::to_owned).collect()
}

/// Writes down ids that were fetched once.
fn remember(folder: &Path, ids: &BTreeSet<String>) -> Result<(), String> {
    let file = folder.join(FETCHED);
    let lines = ids.iter().map(|id| format!("{id}\tnot-for-merge\t\n"));
    let written = if ids.is_empty() {
        match fs::remove_file(&file) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
            _ => Ok(()),
        }
    } else {
        fs::write(&file, lines.collect::<String>())
    };
    written.map_err(|why| format!("{}: cannot be written: {why}", file.display()))
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    for setting in ["core.hooksPath=/dev/null", "gc.auto=0"] {
        command.args(["-c", setting]);
    }
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR",
    ] {
        command.env_remove(name);
    }
    command.env("GIT_TERMINAL_PROMPT", "0");
    // Of other protocols a program of that name would be run: `foo::bar` runs `git-remote-foo`.
    if std::env::var_os("GIT_ALLOW_PROTOCOL").is_none() {
        command.env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh");
    }
    if std::env::var_os("GIT_SSH_COMMAND").is_none() {
        command.env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
    }
    command
}

/// Waits until git is done. Its first line that tells of an error says why it failed.
fn done(mut command: Command, long: Duration, what: &str) -> Result<(), String> {
    // What git runs to ask a server waits on by itself: it gives up where nothing comes for so long.
    let seconds = long.as_secs().max(1).to_string();
    for (name, value) in [
        ("GIT_HTTP_LOW_SPEED_LIMIT", "1"),
        ("GIT_HTTP_LOW_SPEED_TIME", &seconds),
    ] {
        if std::env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    let mut child = command
        .spawn()
        .map_err(|why| format!("git cannot be run: {why}"))?;
    let errors = child.stderr.take();
    let (said, told) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(errors) = errors {
            let _ = errors.take(LONGEST).read_to_end(&mut text);
        }
        let _ = said.send(String::from_utf8_lossy(&text).into_owned());
    });
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() < long => thread::sleep(PERIOD),
            Ok(None) => {
                end(&mut child);
                let seconds = long.as_secs();
                return Err(format!(
                    "git took more than {seconds} s; raise --clone-timeout"
                ));
            }
            Err(why) => return Err(format!("git cannot be waited for: {why}")),
        }
    };
    if status.success() {
        return Ok(());
    }
    // What git leaves running, such as a shared connection of ssh, may hold its standard error open.
    let said = told.recv_timeout(PATIENCE).unwrap_or_default();
    Err(with_remedy(
        format!("it cannot be {what}: {}", cause(&said)),
        "try `git ls-remote` on it",
    ))
}

/// The first line that tells of an error, behind what ssh said before it: `Permission denied (publickey).`
fn cause(said: &str) -> String {
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.collect();
    let is_error = |line: &str| line.starts_with("fatal:") || line.starts_with("error:");
    let Some(at) = lines.iter().position(|line| is_error(line)) else {
        return "git failed without a word".to_owned();
    };
    // `remote: ...` of a server may hold anything, a banner among them.
    const OTHERS: [&str; 4] = ["warning:", "hint:", "remote:", "Cloning into"];
    let before = at.checked_sub(1).map(|at| lines[at]);
    let before = before.filter(|line| !OTHERS.iter().any(|own| line.starts_with(own)));
    let said = before.into_iter().chain([lines[at]]);
    said.collect::<Vec<_>>().join("; ")
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
