//! Clones of repositories that are audited, made by git with its own credentials. Nothing that a repository configures is
//! run: a mirror has no hooks, and its settings are those that git writes itself.

use crate::source::remedy::with_remedy;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether git is done.
const PERIOD: Duration = Duration::from_millis(20);

/// How long its words are waited for when it has failed.
const PATIENCE: Duration = Duration::from_secs(2);

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
        let mut fetch = git(folder);
        fetch.args([
            "fetch",
            "--quiet",
            "--prune",
            "--force",
            "--no-recurse-submodules",
            "--",
        ]);
        fetch.args([address, "+refs/*:refs/*"]);
        let fetched = done(fetch, long, "fetched").map_err(told);
        // It would say of what is fetched that a clone had it once.
        let _ = fs::remove_file(folder.join("FETCH_HEAD"));
        return fetched;
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
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.find(|line| line.starts_with("fatal:") || line.starts_with("error:"));
    let first = first.unwrap_or("git failed without a word");
    Err(with_remedy(
        format!("it cannot be {what}: {first}"),
        "try `git ls-remote` on it",
    ))
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
