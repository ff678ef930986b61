//! Faults of a repository's objects, met by `staged`, `range` and `history`.

use super::call::Call;
use super::files::fifo;
use super::row::{HIDDEN, Injected, PLANTED, Row};
use crate::repo::Repo;
use crate::workspace::{key, token};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "a pack that is cut off",
        how: "its last third is gone",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "this pack ",
        inject: |repo| {
            let pack = packed_apart(repo);
            let bytes = std::fs::read(&pack).unwrap();
            replace(&pack, &bytes[..bytes.len() * 2 / 3]);
            Call::plain()
        },
    },
    Row {
        fault: "a pack whose bytes are wrong",
        how: "one byte in the middle is another",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: |repo| {
            let pack = packed_apart(repo);
            damage(&pack, |bytes| bytes.len() / 2);
            Call::plain()
        },
    },
    Row {
        fault: "a packed object of a type that git does not have",
        how: "the type in front of the first object is 5",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: |repo| {
            let pack = packed_apart(repo);
            let mut bytes = std::fs::read(&pack).unwrap();
            // Behind the pack's header of 12 bytes, three bits of the first one are the type.
            bytes[12] = bytes[12] & 0b1000_1111 | 5 << 4;
            replace(&pack, &bytes);
            Call::plain()
        },
    },
    Row {
        fault: "a pack with a wrong checksum",
        how: "its last byte is another",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "this pack's checksum is not the one in its index",
        inject: |repo| {
            let pack = packed_apart(repo);
            damage(&pack, |bytes| bytes.len() - 1);
            Call::plain()
        },
    },
    Row {
        fault: "a pack without its index",
        how: "the .idx is deleted",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "has no index",
        inject: |repo| {
            let pack = packed_apart(repo);
            std::fs::remove_file(pack.with_extension("idx")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "an index of a pack that is broken",
        how: "the .idx is cut off",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "this pack cannot be opened",
        inject: |repo| {
            let index = packed_apart(repo).with_extension("idx");
            let bytes = std::fs::read(&index).unwrap();
            replace(&index, &bytes[..100]);
            Call::plain()
        },
    },
    Row {
        fault: "a delta without its base",
        how: "the name of the base is another",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: without_base,
    },
    Row {
        fault: "a loose object that is corrupt",
        how: "its file is noise",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: |repo| {
            replace(&hidden(repo), b"noise");
            Call::plain()
        },
    },
    Row {
        fault: "a loose object that is cut off, met by an audit",
        how: "the second half of its file is gone",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is corrupt (its file is cut off",
        inject: |repo| {
            halve(&hidden(repo));
            Call::plain()
        },
    },
    Row {
        fault: "a loose object that is cut off, met by a range",
        how: "the second half of its file is gone",
        words: "range -v base..HEAD",
        found: "open.txt",
        exit: 2,
        says: "is corrupt (its file is cut off",
        inject: |repo| {
            halve(&hidden(repo));
            Call::plain()
        },
    },
    Row {
        fault: "a commit that is cut off",
        how: "the second half of its file is gone",
        words: "range -v base..HEAD",
        found: "",
        exit: 2,
        says: "is corrupt (its file is cut off",
        inject: |repo| {
            repo.write("more.txt", token(5, 500));
            repo.commit(&token(6, 500));
            halve(&object(repo, "HEAD"));
            Call::plain()
        },
    },
    Row {
        fault: "a commit that is cut off behind a name with words in it",
        how: "the second half of its file is gone",
        words: "range -v HEAD^{/base}..HEAD",
        found: "",
        exit: 2,
        says: "is corrupt (its file is cut off",
        inject: |repo| {
            repo.commit(&token(6, 500));
            halve(&object(repo, "HEAD"));
            Call::plain()
        },
    },
    Row {
        fault: "the tip of another branch that is cut off, beside a staged key that HEAD has too",
        how: "the second half of its file is gone",
        words: "staged -v",
        found: "copy.txt",
        exit: 1,
        says: "copy.txt",
        inject: |repo| {
            repo.git("checkout -q -b other base");
            repo.commit(&token(6, 500));
            let tip = object(repo, "HEAD");
            repo.git("checkout -q -");
            halve(&tip);
            repo.write("copy.txt", key(PLANTED));
            repo.git("add copy.txt");
            Call::plain()
        },
    },
    Row {
        fault: "a loose object that is no file",
        how: "a FIFO in its place",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "its file is no regular file",
        inject: |repo| {
            let file = hidden(repo);
            std::fs::remove_file(&file).unwrap();
            fifo(&file);
            Call::plain()
        },
    },
    Row {
        fault: "an index that leaves out objects of its pack",
        how: "the pack's head and its index are of other numbers",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "this index leaves out 1 of its pack's objects",
        inject: |repo| {
            let pack = packed_apart(repo);
            let mut bytes = std::fs::read(&pack).unwrap();
            bytes[11] += 1;
            replace(&pack, &bytes);
            Call::plain()
        },
    },
    Row {
        fault: "a loose object that is another",
        how: "its file is that of another object",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: |repo| {
            let file = hidden(repo);
            let other = object(repo, "HEAD:README.md");
            replace(&file, &std::fs::read(other).unwrap());
            Call::plain()
        },
    },
    Row {
        fault: "a loose object that may not be read",
        how: "mode 000, read by another user",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "object ",
        inject: |repo| {
            let file = hidden(repo);
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o000)).unwrap();
            repo.git("config --global safe.directory *");
            Call::bound()
        },
    },
    Row {
        fault: "a folder of objects that may not be listed",
        how: "mode 000, read by another user",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "cannot be listed: Permission denied",
        inject: |repo| {
            let file = hidden(repo);
            let locked = std::fs::Permissions::from_mode(0o000);
            std::fs::set_permissions(file.parent().unwrap(), locked).unwrap();
            repo.git("config --global safe.directory *");
            Call::bound()
        },
    },
    Row {
        fault: "a file that is missing in the history",
        how: "its object is deleted",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            std::fs::remove_file(hidden(repo)).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a folder that is missing in the history",
        how: "the object of its tree is deleted",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            hidden(repo);
            std::fs::remove_file(object(repo, "HEAD:folder")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a commit that is missing in the history",
        how: "its object is deleted",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            std::fs::remove_file(object(repo, "base")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a file that is missing in a range",
        how: "its object is deleted",
        words: "range -v base..HEAD",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            std::fs::remove_file(hidden(repo)).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a file that is corrupt in a range",
        how: "its object is noise",
        words: "range -v base..HEAD",
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: |repo| {
            replace(&hidden(repo), b"noise");
            Call::plain()
        },
    },
    Row {
        fault: "a folder that is missing in a range",
        how: "the object of its tree is deleted",
        words: "range -v base..HEAD",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            hidden(repo);
            std::fs::remove_file(object(repo, "HEAD:folder")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a commit that is missing in a range",
        how: "its object is deleted",
        words: "range -v base..HEAD",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            repo.write("more.txt", "more\n");
            repo.commit("more");
            repo.write("open.txt", [key(1), "\n".to_owned()].concat());
            repo.commit("again");
            std::fs::remove_file(object(repo, "HEAD~2")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a staged file that is missing",
        how: "its object is deleted",
        words: "staged -v",
        found: "open.txt",
        exit: 2,
        says: "folder/hidden.txt: object",
        inject: |repo| {
            let file = hidden(repo);
            repo.git("reset -q --soft base");
            std::fs::remove_file(file).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a staged file that is cut off",
        how: "the second half of its object is gone",
        words: "staged -v",
        found: "open.txt",
        exit: 2,
        says: "is corrupt (its file is cut off",
        inject: |repo| {
            let file = hidden(repo);
            repo.git("reset -q --soft base");
            halve(&file);
            Call::plain()
        },
    },
    Row {
        fault: "a staged file that is corrupt",
        how: "its object is noise",
        words: "staged -v",
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: |repo| {
            let file = hidden(repo);
            repo.git("reset -q --soft base");
            replace(&file, b"noise");
            Call::plain()
        },
    },
    Row {
        fault: "the tree of HEAD is missing",
        how: "its object is deleted",
        words: "staged -v",
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            repo.git("reset -q --soft base");
            std::fs::remove_file(object(repo, "HEAD^{tree}")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "objects that a partial clone left behind",
        how: "git clone --filter=blob:none --no-checkout",
        words: "history -v --no-cache",
        found: "COMMIT_MSG",
        exit: 2,
        says: "a partial clone left 2 objects at its remote",
        inject: |repo| {
            message(repo);
            clone_as(repo, "--filter=blob:none --no-checkout");
            Call::after("cd ../clone")
        },
    },
    Row {
        fault: "objects of a range that a partial clone left behind",
        how: "git clone --filter=blob:none --no-checkout",
        words: "range -v HEAD~2..HEAD",
        found: "COMMIT_MSG",
        exit: 2,
        says: "is missing; fetch it",
        inject: |repo| {
            message(repo);
            clone_as(repo, "--filter=blob:none --no-checkout");
            Call::after("cd ../clone")
        },
    },
    Row {
        fault: "objects borrowed from a folder that is gone",
        how: "objects/info/alternates names it",
        words: "history -v --no-cache",
        found: "COMMIT_MSG",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            let lent = repo.beside("lent");
            repo.git(&format!("clone -q --bare . {}", lent.display()));
            repo.git(&format!("clone -q --shared {} ../clone", lent.display()));
            let message = ["commit", "-q", "--allow-empty", "-m", &key(1)];
            repo.run(&repo.beside("clone"), &message);
            std::fs::remove_dir_all(lent).unwrap();
            Call::after("cd ../clone")
        },
    },
];

/// Commits `folder/hidden.txt`, and gives the file of its object.
pub(crate) fn hidden(repo: &Repo) -> PathBuf {
    repo.write("folder/hidden.txt", key(HIDDEN));
    repo.commit("hidden");
    object(repo, "HEAD:folder/hidden.txt")
}

/// Commits a key in a message.
fn message(repo: &Repo) {
    repo.commit(&key(1));
}

/// The file of a loose object.
fn object(repo: &Repo, name: &str) -> PathBuf {
    let id = repo.git(&format!("rev-parse {name}"));
    let (fan, rest) = id.split_at(2);
    repo.path().join(".git/objects").join(fan).join(rest)
}

/// Clones over the protocol, so that git filters and cuts.
pub(crate) fn clone_as(repo: &Repo, options: &str) {
    repo.git("config uploadpack.allowFilter true");
    let from = format!("file://{}", repo.path().display());
    let to = repo.beside("clone");
    repo.git(&format!("clone -q {options} {from} {}", to.display()));
}

/// Packs files with keys that no ref reaches, and gives the pack; all else stays loose.
fn packed_apart(repo: &Repo) -> PathBuf {
    let ids: Vec<String> = (0..6)
        .map(|n| {
            let text = format!("{}\n{}\n", token(n + 100, 3000), key(HIDDEN));
            repo.write("apart", text);
            repo.git("hash-object -w apart")
        })
        .collect();
    std::fs::remove_file(repo.path().join("apart")).unwrap();
    pack(repo, &ids)
}

/// Packs these objects and takes away their loose files.
fn pack(repo: &Repo, ids: &[String]) -> PathBuf {
    let list = repo.beside("list");
    std::fs::write(&list, ids.join("\n") + "\n").unwrap();
    let script = format!(
        "git pack-objects -q .git/objects/pack/pack < {}",
        list.display()
    );
    let status = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(repo.path())
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.unwrap().success());
    repo.git("prune-packed");
    let folder = std::fs::read_dir(repo.path().join(".git/objects/pack")).unwrap();
    let mut packs = folder.map(|entry| entry.unwrap().path());
    packs
        .find(|path| path.extension().is_some_and(|e| e == "pack"))
        .unwrap()
}

/// Git writes its objects without permission to write.
pub(crate) fn replace(path: &PathBuf, bytes: &[u8]) {
    std::fs::remove_file(path).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Takes away the second half, as a full disk does.
fn halve(path: &PathBuf) {
    let bytes = std::fs::read(path).unwrap();
    replace(path, &bytes[..bytes.len() / 2]);
}

fn damage(path: &PathBuf, at: fn(&[u8]) -> usize) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = at(&bytes);
    bytes[at] ^= 0x55;
    replace(path, &bytes);
}

/// A pack of a base and its delta by name (`REF_DELTA`), in which the name is then another.
fn without_base(repo: &Repo) -> Injected {
    let long = token(7, 4000);
    let ids = ["", "\n"].map(|end| {
        repo.write("apart", format!("{long}{}{end}", key(HIDDEN)));
        repo.git("hash-object -w apart")
    });
    std::fs::remove_file(repo.path().join("apart")).unwrap();
    repo.git("config pack.deltaCacheSize 0");
    repo.git("config repack.useDeltaBaseOffset false");
    let pack = pack(repo, &ids);
    let mut bytes = std::fs::read(&pack).unwrap();
    let names = ids.map(|id| {
        let pairs = id
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).unwrap());
        pairs
            .map(|pair| u8::from_str_radix(pair, 16).unwrap())
            .collect::<Vec<u8>>()
    });
    let found = names
        .iter()
        .find_map(|name| bytes.windows(20).position(|w| w == &name[..]));
    let Some(at) = found else {
        return Injected::No("this git wrote no delta by name");
    };
    bytes[at] ^= 0x55;
    replace(&pack, &bytes);
    Call::plain()
}
