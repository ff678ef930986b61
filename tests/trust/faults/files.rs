//! Faults of files and folders, met by `scan`.

use super::call::Call;
use super::row::{HIDDEN, Injected, PLANTED, Row};
use crate::repo::Repo;
use crate::workspace::key;
use jvxleaks::detect::Detector;
use jvxleaks::policy::Policy;
use jvxleaks::rules::RuleSet;
use jvxleaks::source::{Consumer, Event, Source, SourceError, Walk, WalkOptions};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "a file that may not be read",
        how: "mode 000, read by another user",
        words: "scan -v",
        found: "open.txt",
        exit: 2,
        says: "locked.txt: cannot be read: Permission denied",
        inject: |repo| {
            repo.write("locked.txt", key(HIDDEN));
            mode(repo, "locked.txt", 0o000);
            Call::bound()
        },
    },
    Row {
        fault: "a folder that may not be listed",
        how: "mode 000, read by another user",
        words: "scan -v",
        found: "open.txt",
        exit: 2,
        says: "locked: cannot be read: Permission denied",
        inject: |repo| {
            repo.write("locked/a.txt", key(HIDDEN));
            mode(repo, "locked", 0o000);
            Call::bound()
        },
    },
    Row {
        fault: "a folder that may be listed and not entered",
        how: "mode 444, read by another user",
        words: "scan -v",
        found: "open.txt",
        exit: 2,
        says: "locked/a.txt: cannot be read: Permission denied",
        inject: |repo| {
            repo.write("locked/a.txt", key(HIDDEN));
            mode(repo, "locked", 0o444);
            Call::bound()
        },
    },
    Row {
        fault: "an ignore file that may not be read",
        how: "mode 000, read by another user",
        words: "scan -v",
        found: "open.txt",
        exit: 2,
        says: ".gitignore: cannot be read: Permission denied",
        inject: |repo| {
            repo.write(".gitignore", "*.log\n");
            mode(repo, ".gitignore", 0o000);
            Call::bound()
        },
    },
    Row {
        fault: "a path that is not there",
        how: "named on the command line",
        words: "scan nowhere open.txt",
        found: "open.txt",
        exit: 2,
        says: "nowhere: no such file or folder",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a file that vanishes",
        how: "deleted after its folder was listed",
        words: "scan -v",
        found: ".txt",
        exit: 2,
        says: "it vanished during the scan; run it again",
        inject: |repo| {
            twins(repo);
            meddle(repo, |path| std::fs::remove_file(path).unwrap())
        },
    },
    Row {
        fault: "a file that becomes a FIFO",
        how: "replaced after its folder was listed",
        words: "scan -v",
        found: ".txt",
        exit: 1,
        says: "Skipped: device (1)",
        inject: |repo| {
            twins(repo);
            meddle(repo, |path| {
                std::fs::remove_file(path).unwrap();
                fifo(path);
            })
        },
    },
    Row {
        fault: "a file that becomes a folder",
        how: "replaced after its folder was listed",
        words: "scan -v",
        found: ".txt",
        exit: 2,
        says: "cannot be read: is a directory",
        inject: |repo| {
            twins(repo);
            meddle(repo, |path| {
                std::fs::remove_file(path).unwrap();
                std::fs::create_dir(path).unwrap();
            })
        },
    },
    Row {
        fault: "a file that grows without end",
        how: "the run appends to what it reads",
        words: "scan -v open.txt",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |_| {
            Call::after("{ while kill -0 $$; do echo more >> open.txt; done } 2>/dev/null >&2 &")
        },
    },
    Row {
        fault: "a file over the size limit",
        how: "--max-file-size",
        words: "scan -v --max-file-size 4K",
        found: "open.txt",
        exit: 2,
        says: "big.txt: larger than 4096 bytes",
        inject: |repo| {
            repo.write("big.txt", "x".repeat(5000) + &key(HIDDEN));
            Call::plain()
        },
    },
    Row {
        fault: "a sparse file of a terabyte",
        how: "its length is set",
        words: "scan -v",
        found: "open.txt",
        exit: 2,
        says: "big.txt: larger than 256 MiB",
        inject: |repo| {
            let file = std::fs::File::create(repo.path().join("big.txt")).unwrap();
            match file.set_len(1 << 40) {
                Ok(()) => Call::plain(),
                Err(_) => Injected::No("the file system has no such files"),
            }
        },
    },
    Row {
        fault: "links in a ring",
        how: "a -> b -> a, and a folder in itself",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            link(repo, "b", "a");
            link(repo, "a", "b");
            std::fs::create_dir(repo.path().join("ring")).unwrap();
            link(repo, "../ring", "ring/ring");
            Call::plain()
        },
    },
    Row {
        fault: "a link in a ring that was asked for",
        how: "named on the command line",
        words: "scan -v a open.txt",
        found: "open.txt",
        exit: 2,
        says: "a: cannot be read: Too many levels of symbolic links",
        inject: |repo| {
            link(repo, "a", "a");
            Call::plain()
        },
    },
    Row {
        fault: "a link out of the root",
        how: "to a file and to a folder with keys",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            std::fs::write(repo.beside("outside.txt"), key(HIDDEN)).unwrap();
            link(repo, "../outside.txt", "file");
            link(repo, "..", "folder");
            Call::plain()
        },
    },
    Row {
        fault: "a link to nothing",
        how: "its text is a key",
        words: "scan -v",
        found: "dangling",
        exit: 1,
        says: "2 findings",
        inject: |repo| {
            link(repo, &key(PLANTED), "dangling");
            Call::plain()
        },
    },
    Row {
        fault: "a device that was asked for",
        how: "/dev/zero on the command line",
        words: "scan -v /dev/zero open.txt",
        found: "open.txt",
        exit: 2,
        says: "/dev/zero: not a regular file",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a device behind a link",
        how: "a link to /dev/zero",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            link(repo, "/dev/zero", "endless");
            Call::plain()
        },
    },
    Row {
        fault: "a FIFO in the tree",
        how: "nobody writes to it",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "Skipped: device (1)",
        inject: |repo| {
            fifo(&repo.path().join("pipe"));
            Call::plain()
        },
    },
    Row {
        fault: "an ignore file without end",
        how: ".gitignore is a link to /dev/zero",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            link(repo, "/dev/zero", ".gitignore");
            Call::plain()
        },
    },
    Row {
        fault: "an ignore file that nobody writes to",
        how: ".gitignore is a FIFO",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            fifo(&repo.path().join(".gitignore"));
            Call::plain()
        },
    },
    Row {
        fault: "an ignore file without end, further down",
        how: "sub/.gitignore is a link to /dev/zero",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write("sub/a.txt", "a\n");
            link(repo, "/dev/zero", "sub/.gitignore");
            Call::plain()
        },
    },
    Row {
        fault: "an exclude file that nobody writes to, further down",
        how: "sub/.git/info/exclude is a FIFO",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write("sub/.git/HEAD", "ref: refs/heads/main\n");
            repo.write("sub/.git/info/a.txt", "a\n");
            fifo(&repo.path().join("sub/.git/info/exclude"));
            Call::plain()
        },
    },
    Row {
        fault: "an exclude file without end, further down",
        how: "sub/.git/info/exclude is a link to /dev/zero",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write("sub/.git/HEAD", "ref: refs/heads/main\n");
            repo.write("sub/.git/info/a.txt", "a\n");
            link(repo, "/dev/zero", "sub/.git/info/exclude");
            Call::plain()
        },
    },
    Row {
        fault: "a linked work tree that leads to a FIFO",
        how: "sub/.git names a folder whose commondir is one",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write("sub/.git", "gitdir: linked\n");
            repo.write("sub/linked/HEAD", "ref: refs/heads/main\n");
            fifo(&repo.path().join("sub/linked/commondir"));
            Call::plain()
        },
    },
    Row {
        fault: "a linked work tree whose exclude file has no end",
        how: "over sub/.git and commondir, a link to /dev/zero",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write("sub/.git", "gitdir: linked\n");
            repo.write("sub/linked/HEAD", "ref: refs/heads/main\n");
            repo.write("sub/linked/commondir", "../common\n");
            repo.write("sub/common/info/a.txt", "a\n");
            link(repo, "/dev/zero", "sub/common/info/exclude");
            Call::plain()
        },
    },
    Row {
        fault: "a configuration of git that leads to a FIFO, further down",
        how: "sub/.git/config includes it",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write("sub/.git/HEAD", "ref: refs/heads/main\n");
            repo.write("sub/.git/config", "[Include]\n\tpath = pipe\n");
            fifo(&repo.path().join("sub/.git/pipe"));
            Call::plain()
        },
    },
    Row {
        fault: "an index that nobody writes to, and something is hidden",
        how: "sub/.git/index is a FIFO",
        words: "scan -v",
        found: "open.txt",
        exit: 2,
        says: "sub: the index cannot be read (it is not a regular file)",
        inject: |repo| {
            repo.write("sub/.git/HEAD", "ref: refs/heads/main\n");
            repo.write("sub/.gitignore", "*.log\n");
            repo.write("sub/a.log", key(HIDDEN));
            fifo(&repo.path().join("sub/.git/index"));
            Call::plain()
        },
    },
    Row {
        fault: "a pointer of Git LFS to what nobody writes",
        how: "the object in .git/lfs is a FIFO",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "Skipped: LFS object not here: git lfs fetch --all (1)",
        inject: |repo| {
            let object = lfs_object(repo, "video.mp4");
            fifo(&object);
            Call::plain()
        },
    },
    Row {
        fault: "a pointer of Git LFS to what stands elsewhere",
        how: "the object in .git/lfs is a link",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "Skipped: LFS object not here: git lfs fetch --all (1)",
        inject: |repo| {
            let object = lfs_object(repo, "video.mp4");
            std::fs::write(repo.beside("elsewhere"), key(HIDDEN)).unwrap();
            symlink(repo.beside("elsewhere"), object).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "an object of Git LFS over the size limit",
        how: "its pointer says 1 byte",
        words: "scan -v --max-file-size 4K",
        found: "open.txt",
        exit: 2,
        says: "video.mp4: larger than 4096 bytes",
        inject: |repo| {
            let object = lfs_object(repo, "video.mp4");
            std::fs::write(object, "x".repeat(5000) + &key(HIDDEN)).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "an ignore file with a broken pattern",
        how: "an open bracket",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write(".gitignore", "open[\n*.log\n");
            Call::plain()
        },
    },
    Row {
        fault: "names that are not UTF-8",
        how: "a file and a folder",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "3 findings",
        inject: |repo| {
            let name = |bytes: &[u8]| repo.path().join(OsStr::from_bytes(bytes));
            let made = std::fs::write(name(b"latin-\xe9.txt"), key(PLANTED));
            if made.is_err() {
                return Injected::No("the file system has no such names");
            }
            std::fs::create_dir(name(b"\xff\xfe")).unwrap();
            std::fs::write(name(b"\xff\xfe/a.txt"), key(PLANTED)).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "an archive that is cut off",
        how: "a gzip without its second half, named",
        words: "scan -v cut.gz open.txt",
        found: "open.txt",
        exit: 2,
        says: "cut.gz: ",
        inject: |repo| {
            let whole = gzip(format!("{}{}", "noise ".repeat(5000), key(HIDDEN)).as_bytes());
            repo.write("cut.gz", &whole[..whole.len() / 2]);
            Call::plain()
        },
    },
    Row {
        fault: "an archive that never ends",
        how: "a gzip of 300 MiB of zeros",
        words: "scan -v",
        found: "open.txt",
        exit: 2,
        says: "bomb.gz",
        inject: |repo| {
            repo.write("bomb.gz", gzip(&vec![0; 300 << 20]));
            Call::plain()
        },
    },
    Row {
        fault: "standard input that cannot be read",
        how: "it is a folder",
        words: "scan -",
        found: "",
        exit: 2,
        says: "standard input: Is a directory",
        inject: |_| Call::after("exec < ."),
    },
];

pub(crate) fn mode(repo: &Repo, name: &str, mode: u32) {
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(repo.path().join(name), permissions).unwrap();
}

/// Writes a pointer of Git LFS that says 1 byte, and gives the path of its object, which is not there.
fn lfs_object(repo: &Repo, name: &str) -> PathBuf {
    let id = "0123456789abcdef".repeat(4);
    repo.write(name, crate::repo::lfs_pointer(&id));
    let object = repo.path().join(format!(".git/lfs/objects/01/23/{id}"));
    std::fs::create_dir_all(object.parent().unwrap()).unwrap();
    object
}

fn link(repo: &Repo, target: &str, name: &str) {
    symlink(target, repo.path().join(name)).unwrap();
}

pub(crate) fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Two files with the same key in a folder of their own, so that either may be read first.
fn twins(repo: &Repo) {
    repo.write("twins/a.txt", key(PLANTED));
    repo.write("twins/b.txt", key(PLANTED));
}

/// Reads the twins on one thread, and does something to the second one when the first was read.
fn meddle(repo: &Repo, what: fn(&Path)) -> Injected {
    let folder = repo.path().join("twins");
    let walk = Walk::new(WalkOptions {
        roots: vec![folder.clone()],
        respect_ignore: true,
        max_file_size: 1 << 20,
        threads: 1,
    });
    let detector = Detector::new(RuleSet::builtin().unwrap());
    let source = Meddled {
        walk,
        folder,
        what,
        once: Once::new(),
    };
    let outcome = jvxleaks::scan::scan(&source, &detector, &Policy::default());
    Injected::Read(Box::new(outcome.unwrap()))
}

struct Meddled {
    walk: Walk,
    folder: PathBuf,
    what: fn(&Path),
    once: Once,
}

impl Source for Meddled {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        self.walk.visit(&|event: Event<'_>| {
            if let Event::Blob(blob) = &event {
                let other = if blob.path.to_string().starts_with('a') {
                    "b.txt"
                } else {
                    "a.txt"
                };
                self.once
                    .call_once(|| (self.what)(&self.folder.join(other)));
            }
            consumer.take(event);
        })
    }
}
