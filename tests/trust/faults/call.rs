//! One run of the program among a row's fault.

use super::row::Injected;
use crate::repo::Repo;
use assert_cmd::cargo::cargo_bin;
use jvxleaks::report::Format;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// No run takes this long, not even on a busy machine; one that does hangs.
const LONGEST: Duration = Duration::from_secs(60);

/// The user `nobody`, whom permissions bind.
const NOBODY: u32 = 65534;

/// How the program is run.
#[derive(Default)]
pub(crate) struct Call {
    /// What a shell does before it becomes the program: limits, redirections.
    pub(crate) before: &'static str,
    /// Variables of its environment. `HOME` is the folder above the repository unless it is named
    /// here; an empty value leaves it out.
    pub(crate) env: Vec<(&'static str, PathBuf)>,
    /// Whether permissions must bind it: it is run as another user when the tests are root's.
    pub(crate) bound: bool,
    /// What is done to the running program.
    pub(crate) meanwhile: Option<fn(&Repo, &Child)>,
    /// A file of the repository that says `old` and must still do so afterwards.
    pub(crate) kept: Option<&'static str>,
}

/// What a run said.
pub(crate) struct Said {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Call {
    /// A run with nothing special about it.
    pub(crate) fn plain() -> Injected {
        Injected::Run(Self::default())
    }

    /// A run after a shell did this.
    pub(crate) fn after(before: &'static str) -> Injected {
        Injected::Run(Self {
            before,
            ..Self::default()
        })
    }

    /// A run with this in its environment.
    pub(crate) fn with(name: &'static str, value: impl Into<PathBuf>) -> Injected {
        Injected::Run(Self {
            env: vec![(name, value.into())],
            ..Self::default()
        })
    }

    /// A run as a user whom permissions bind.
    pub(crate) fn bound() -> Injected {
        Injected::Run(Self {
            bound: true,
            ..Self::default()
        })
    }

    /// The formats to try. What is done to a running program takes long, so there it is one.
    pub(crate) fn formats(&self) -> &'static [Format] {
        match self.meanwhile {
            Some(_) => &Format::ALL[..1],
            None => Format::ALL,
        }
    }

    pub(crate) fn run(&self, repo: &Repo, words: &str, format: &str) -> Said {
        let mut command = self.command(repo, words);
        command.args(["--format", format]);
        command.stdin(match self.meanwhile {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        });
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let stdout = std::thread::spawn(move || all(stdout));
        let stderr = std::thread::spawn(move || all(stderr));
        if let Some(meanwhile) = self.meanwhile {
            meanwhile(repo, &child);
        }
        let exit = wait(&mut child, words);
        Said {
            exit,
            stdout: stdout.join().unwrap(),
            stderr: stderr.join().unwrap(),
        }
    }

    fn command(&self, repo: &Repo, words: &str) -> Command {
        let bound = self.bound && is_root(repo);
        let program = match bound {
            true => reachable(repo),
            false => cargo_bin("jvxleaks"),
        };
        let script = format!("{}\nexec \"$0\" \"$@\"", self.before);
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(script).arg(program);
        command.args(words.split(' ')).current_dir(repo.path());
        command.env_clear().env("HOME", repo.beside(""));
        for (name, value) in &self.env {
            match value.as_os_str().is_empty() {
                true => command.env_remove(name),
                false => command.env(name, value),
            };
        }
        if bound {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

/// True when permissions do not bind the tests.
pub(crate) fn is_root(repo: &Repo) -> bool {
    std::fs::metadata(repo.beside("")).unwrap().uid() == 0
}

/// The program where every user can run it, and a repository that every user may look into.
fn reachable(repo: &Repo) -> PathBuf {
    let folder = repo.beside("");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.join("jvxleaks");
    if !program.exists() {
        link_or_copy(&cargo_bin("jvxleaks"), &program);
    }
    program
}

fn link_or_copy(from: &Path, to: &Path) {
    if std::fs::hard_link(from, to).is_err() {
        std::fs::copy(from, to).unwrap();
    }
}

fn all(mut from: impl Read) -> String {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The exit code, as a shell tells it.
fn wait(child: &mut Child, words: &str) -> i32 {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let signal = status.signal().map(|signal| 128 + signal);
            return status.code().or(signal).unwrap();
        }
        if started.elapsed() > LONGEST {
            child.kill().unwrap();
            panic!("`{words}` hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
