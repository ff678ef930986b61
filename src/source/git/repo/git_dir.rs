//! Where the git folder of a work tree is, and whether all that is read in it may be opened.

use super::super::pack::store::{DEPTH, alternates};
use crate::model::BlobPath;
use std::env::var_os;
use std::fs::{self, File, FileType};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A larger file names no folder, in bytes; paths are shorter.
const LARGEST_POINTER: u64 = 64 << 10;

/// Files of a git folder that are read, here or by libgit2.
const FILES: [&str; 12] = [
    "HEAD",
    "FETCH_HEAD",
    "commondir",
    "config",
    "config.worktree",
    "gitdir",
    "index",
    "info/attributes",
    "info/exclude",
    "info/grafts",
    "packed-refs",
    "shallow",
];

/// Folders of which all is read, with the folders in them.
const FOLDERS: [&str; 2] = ["refs", "logs"];

/// The same of a folder of objects. Single objects are looked at when they are read.
const OF_OBJECTS: [&str; 2] = ["info", "pack"];

/// What the index of a split one begins with.
const SHARED_INDEX: &str = "sharedindex.";

/// The first file of the repository around `path`, or around the current folder, that is a FIFO, a socket or a
/// device, with what to do: whoever opens it may wait for ever. So this opens nothing but ordinary files.
pub(super) fn irregular(path: Option<&Path>) -> Option<(PathBuf, &'static str)> {
    const ENDLESS: &str = "not a regular file, and reading it may never end; remove it, and `git fsck` tells what is missing then";
    const INCLUDED: &str = "no file, and the configuration of this repository includes it; take it out of `include.path` there";
    let (git_dir, common_dir) = match folders_around(path)? {
        Ok(folders) => folders,
        Err(dot_git) => return Some((dot_git, ENDLESS)),
    };
    let found = irregular_within(&git_dir, &common_dir, path.is_none());
    found.map(|found| (found, ENDLESS)).or_else(|| {
        let configs = [common_dir.join("config"), git_dir.join("config.worktree")];
        Some((included_in_vain(configs.to_vec())?, INCLUDED))
    })
}

/// The git folder around a path, and the one that it shares with others. `Err` as in [`around`].
fn folders_around(path: Option<&Path>) -> Option<Result<(PathBuf, PathBuf), PathBuf>> {
    let named = var_os("GIT_DIR").filter(|_| path.is_none());
    let git_dir = match named {
        Some(git_dir) => PathBuf::from(git_dir),
        None => match around(path.unwrap_or(Path::new(".")))? {
            Ok(git_dir) => git_dir,
            Err(dot_git) => return Some(Err(dot_git)),
        },
    };
    let named = var_os("GIT_COMMON_DIR").filter(|_| path.is_none());
    let common_dir = named.map_or_else(|| common_dir(&git_dir), PathBuf::from);
    Some(Ok((git_dir, common_dir)))
}

fn irregular_within(
    git_dir: &Path,
    common_dir: &Path,
    follows_environment: bool,
) -> Option<PathBuf> {
    let both = [git_dir, common_dir];
    let own = both.iter().flat_map(|dir| FILES.map(|name| dir.join(name)));
    let found = own
        .chain(split_index(git_dir))
        .find(|file| is_special(file));
    let mut folders: Vec<_> = both
        .iter()
        .flat_map(|dir| FOLDERS.map(|name| dir.join(name)))
        .collect();
    folders.dedup();
    folders.push(common_dir.join("worktrees"));
    found
        .or_else(|| special_below(folders))
        .or_else(|| special_object_file(common_dir.join("objects"), follows_environment))
}

/// Most files that are followed from one to the next; git itself follows ten.
const INCLUDES: usize = 64;

/// A larger file is no configuration, in bytes.
const LARGEST_CONFIG: u64 = 1 << 20;

/// The first of the files that configurations include, on whatever condition, and these in turn, that is there and
/// no file.
fn included_in_vain(mut configs: Vec<PathBuf>) -> Option<PathBuf> {
    let mut at = 0;
    while let Some(config) = configs.get(at).cloned() {
        at += 1;
        if at > 2 && fs::metadata(&config).is_ok_and(|metadata| !metadata.is_file()) {
            return Some(config);
        }
        let is_small =
            fs::metadata(&config).is_ok_and(|m| m.is_file() && m.len() <= LARGEST_CONFIG);
        let text = fs::read(&config)
            .ok()
            .filter(|_| is_small)
            .unwrap_or_default();
        let folder = config.parent().unwrap_or(Path::new(""));
        let more = included(&String::from_utf8_lossy(&text), folder);
        configs.extend(
            more.into_iter()
                .take(INCLUDES.saturating_sub(configs.len())),
        );
    }
    None
}

/// What the sections `[include]` and `[includeIf "..."]` of a configuration name.
fn included(text: &str, folder: &Path) -> Vec<PathBuf> {
    let mut is_inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        let mut line = line.trim();
        if let Some((section, rest)) = line.strip_prefix('[').and_then(|line| line.split_once(']'))
        {
            let name = section.split_whitespace().next().unwrap_or_default();
            is_inside = ["include", "includeif"]
                .iter()
                .any(|own| name.eq_ignore_ascii_case(own));
            line = rest.trim();
        }
        let Some((key, value)) = line.split_once('=').filter(|_| is_inside) else {
            continue;
        };
        if key.trim().eq_ignore_ascii_case("path") {
            let value = value.trim();
            let value = value
                .strip_prefix('"')
                .map_or(value, |rest| rest.split('"').next().unwrap_or(rest));
            let home = value.strip_prefix("~/").zip(var_os("HOME"));
            found.push(match home {
                Some((rest, home)) => PathBuf::from(home).join(rest),
                None => folder.join(value),
            });
        }
    }
    found
}

/// The git folder that a path is in: that of a work tree, or a bare one. `Err` with a `.git` that is neither a
/// file nor a folder.
fn around(path: &Path) -> Option<Result<PathBuf, PathBuf>> {
    let path = path.canonicalize().ok()?;
    path.ancestors().find_map(|folder| {
        let dot_git = folder.join(".git");
        if is_special(&dot_git) {
            return Some(Err(dot_git));
        }
        let is_bare = || {
            ["HEAD", "objects", "refs"]
                .iter()
                .all(|name| folder.join(name).exists())
        };
        git_dir(folder)
            .or_else(|| is_bare().then(|| folder.to_owned()))
            .map(Ok)
    })
}

fn split_index(git_dir: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(git_dir).into_iter().flatten().flatten();
    let is_shared =
        |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(SHARED_INDEX.as_bytes());
    entries.filter_map(move |entry| is_shared(&entry.file_name()).then(|| entry.path()))
}

/// Something special in some folders, or in folders in them.
fn special_below(mut folders: Vec<PathBuf>) -> Option<PathBuf> {
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => {}
                _ if is_special(&entry.path()) => return Some(entry.path()),
                _ => {}
            }
        }
    }
    None
}

/// The same in a folder of objects, or in one that it borrows from.
fn special_object_file(own: PathBuf, follows_environment: bool) -> Option<PathBuf> {
    let set = |name| var_os(name).filter(|_| follows_environment);
    let mut next = vec![own];
    next.extend(set("GIT_OBJECT_DIRECTORY").map(PathBuf::from));
    let more = set("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    next.extend(more.iter().flat_map(std::env::split_paths));
    for _ in 0..=DEPTH {
        for store in std::mem::take(&mut next) {
            let found = special_below(OF_OBJECTS.map(|name| store.join(name)).to_vec());
            if found.is_some() {
                return found;
            }
            next.extend(alternates(&store));
        }
    }
    None
}

/// True for what is there, and neither a file nor a folder, nor a link to one.
fn is_special(path: &Path) -> bool {
    let is_special = |kind: FileType| !kind.is_file() && !kind.is_dir();
    fs::metadata(path).is_ok_and(|metadata| is_special(metadata.file_type()))
}

/// The git folder of the work tree at `folder`: `.git`, or what the file `.git` names in a linked work tree or a
/// submodule.
pub fn git_dir(folder: &Path) -> Option<PathBuf> {
    let dot_git = folder.join(".git");
    let metadata = fs::metadata(&dot_git).ok()?;
    let named = if metadata.is_file() {
        folder.join(pointer(&dot_git, b"gitdir: ")?)
    } else {
        dot_git
    };
    named.join("HEAD").exists().then_some(named)
}

/// The git folder that all work trees of a repository share.
pub(in crate::source) fn common_dir(git_dir: &Path) -> PathBuf {
    let named = pointer(&git_dir.join("commondir"), b"");
    named.map_or_else(|| git_dir.to_owned(), |named| git_dir.join(named))
}

/// The path that the first line of an ordinary file names behind `word`.
fn pointer(file: &Path, word: &[u8]) -> Option<PathBuf> {
    let metadata = fs::symlink_metadata(file).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST_POINTER {
        return None;
    }
    let mut line = Vec::new();
    let mut file = BufReader::new(File::open(file).ok()?.take(LARGEST_POINTER));
    file.read_until(b'\n', &mut line).ok()?;
    let named = line.strip_prefix(word)?.trim_ascii_end();
    Some(BlobPath::from_bytes(named).to_native())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_that_include_are_read_as_git_reads_them() {
        let text = "[core]\n\tpath = no\n[include] path = a\n[includeIf \"gitdir:/x/\"]\n\tPath = \"b c\"\n[remote \"include\"]\n\tpath = no\n";
        let found = included(text, Path::new("/r"));
        assert_eq!(found, [Path::new("/r/a"), Path::new("/r/b c")]);
    }
}
