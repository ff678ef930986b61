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

    /// The formats to try. What is done to a running program takes long, so there it is one, and a job
    /// has but one.
    pub(crate) fn formats(&self, words: &str) -> &'static [Format] {
        if self.meanwhile.is_some() || is_job(words) {
            &Format::ALL[..1]
        } else {
            Format::ALL
        }
    }

    pub(crate) fn run(&self, repo: &Repo, words: &str, format: &str) -> Said {
        let mut command = self.command(repo, &cargo_bin("jvxleaks"), words);
        if !is_job(words) {
            command.args(["--format", format]);
        }
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
        let Some(exit) = wait(&mut child, LONGEST) else {
            panic!("`{words}` hangs");
        };
        Said {
            exit,
            stdout: stdout.join().unwrap() + &self.job_files(),
            stderr: stderr.join().unwrap(),
        }
    }

    /// What a job wrote beside its log.
    fn job_files(&self) -> String {
        let names = ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"];
        let files = self.env.iter().filter(|(name, _)| names.contains(name));
        let files = files.filter(|(_, path)| path.is_file());
        files
            .map(|(_, path)| std::fs::read_to_string(path).unwrap())
            .collect()
    }

    /// A run of another scanner; no exit code when it does not end in time. `path` is where it
    /// finds git, if the row does not say.
    pub(crate) fn run_other(
        &self,
        repo: &Repo,
        program: &Path,
        words: &str,
        path: (&'static str, PathBuf),
        longest: Duration,
    ) -> (Option<i32>, Said) {
        let mut command = self.command(repo, program, words);
        if self.env.iter().all(|(name, _)| *name != path.0) {
            command.env(path.0, path.1);
        }
        // Some have git make a commit of what is staged.
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "A");
            command.env(format!("GIT_{who}_EMAIL"), "a@example.com");
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let stdout = std::thread::spawn(move || all(stdout));
        let stderr = std::thread::spawn(move || all(stderr));
        let exit = wait(&mut child, longest);
        let said = Said {
            exit: exit.unwrap_or_default(),
            stdout: stdout.join().unwrap(),
            stderr: stderr.join().unwrap(),
        };
        (exit, said)
    }

    fn command(&self, repo: &Repo, program: &Path, words: &str) -> Command {
        let bound = self.bound && is_root(repo);
        let program = if bound {
            reachable(repo, program)
        } else {
            program.to_owned()
        };
        let script = format!("{}\nexec \"$0\" \"$@\"", self.before);
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(script).arg(program);
        command.args(words.split(' ')).current_dir(repo.path());
        command.env_clear().env("HOME", repo.beside(""));
        for (name, value) in &self.env {
            if value.as_os_str().is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        if bound {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

/// True for the command that has one log for all, and so no choice of a format.
fn is_job(words: &str) -> bool {
    words.split(' ').next() == Some("ci")
}

/// True when permissions do not bind the tests.
pub(crate) fn is_root(repo: &Repo) -> bool {
    std::fs::metadata(repo.beside("")).unwrap().uid() == 0
}

/// The program where every user can run it, and a repository that every user may look into.
fn reachable(repo: &Repo, program: &Path) -> PathBuf {
    let folder = repo.beside("");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let copy = folder.join(program.file_name().unwrap());
    if !copy.exists() {
        link_or_copy(program, &copy);
    }
    copy
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

/// The exit code, as a shell tells it; none for a run that had to be stopped.
fn wait(child: &mut Child, longest: Duration) -> Option<i32> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let signal = status.signal().map(|signal| 128 + signal);
            return status.code().or(signal);
        }
        if started.elapsed() > longest {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
