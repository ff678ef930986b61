//! The repositories that were typed or listed, each under a name that is the same on every machine.

use super::super::super::output;
use anyhow::Context as _;
use jvxleaks::model::BlobPath;
use jvxleaks::redact;
use jvxleaks::source::standard_input;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Where a repository is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whereabouts {
    /// In a folder here.
    Folder(PathBuf),
    /// At an address that git clones from.
    Address(String),
    /// In a folder that cannot be listed, for this reason.
    Unlisted(String),
}

/// The repositories by their names.
pub(super) type RepositoryList = BTreeMap<String, Whereabouts>;

/// The same, where several places may have one name.
#[derive(Debug, Default)]
struct FoundPlaces(BTreeMap<String, BTreeSet<Whereabouts>>);

impl FoundPlaces {
    fn add(&mut self, name: String, place: Whereabouts) {
        self.0.entry(name).or_default().insert(place);
    }

    /// Each place under a name of its own: `a`, `a~2`. A folder is one, however its path was written; two addresses may be
    /// two repositories, as those of `alice@host:a` and `bob@host:a`.
    fn named(self) -> RepositoryList {
        let mut list = RepositoryList::new();
        for (name, places) in self.0 {
            let mut has_folder = false;
            let is_other = |place: &Whereabouts| {
                let is_folder = matches!(place, Whereabouts::Folder(_));
                !is_folder || !std::mem::replace(&mut has_folder, true)
            };
            for (number, place) in (1..).zip(places.into_iter().filter(is_other)) {
                let mut own = name.clone();
                let mut next = number.max(2);
                // One may be called `a~2` itself.
                while list.contains_key(&own) || number > 1 && own == name {
                    own = format!("{name}~{next}");
                    next += 1;
                }
                list.insert(own, place);
            }
        }
        list
    }
}

/// What was typed, as repositories.
///
/// # Errors
/// When a list cannot be read, or nothing is in it.
pub(super) fn read(typed: &[PathBuf]) -> anyhow::Result<RepositoryList> {
    let mut found = FoundPlaces::default();
    for path in typed {
        let shown = output::inert(&path.display().to_string());
        if path.as_os_str() == "-" {
            let mut text = Vec::new();
            let read = standard_input().and_then(|mut input| input.read_to_end(&mut text));
            read.context("standard input: cannot be read as a list")?;
            listed(&text, "standard input", &mut found);
        } else if path.is_dir() && is_repository(path) {
            let name = name_of(path);
            if path.join(".git").exists() {
                walk(path, &format!("{name}/"), &mut found);
            }
            found.add(name, Whereabouts::Folder(path.clone()));
        } else if path.is_dir() {
            // With one folder its own name says nothing, and would differ from machine to machine.
            let prefix = if typed.len() == 1 {
                String::new()
            } else {
                name_of(path) + "/"
            };
            let mut own = FoundPlaces::default();
            walk(path, &prefix, &mut own);
            anyhow::ensure!(
                !own.0.is_empty(),
                "{shown}: no repository is in it; name a folder of repositories, or a list"
            );
            own.0
                .into_iter()
                .for_each(|(name, places)| found.0.entry(name).or_default().extend(places));
        } else {
            let text = fs::read(path)
                .with_context(|| format!("{shown}: cannot be read as a list of repositories"))?;
            listed(&text, &shown, &mut found);
        }
    }
    let found = found.named();
    anyhow::ensure!(!found.is_empty(), "nothing is listed; name a repository");
    // A name is printed and kept, and may hold a key itself.
    let shown = found.into_iter().map(|(name, place)| {
        let shown = redact::text(&name).into_owned();
        (shown, place)
    });
    let mut named = RepositoryList::new();
    for (name, place) in shown {
        anyhow::ensure!(
            named.insert(name, place).is_none(),
            "two repositories have a key in their names and are called the same without it; rename one of them"
        );
    }
    Ok(named)
}

/// A digest of the names.
pub(super) fn digest(inventory: &RepositoryList) -> String {
    let mut digest = Sha256::new();
    for name in inventory.keys() {
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name);
    }
    let bytes = digest.finalize();
    bytes[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A path or an address a line. Of a path that is not UTF-8, as `Stra\xdfe.git` of an older system, all bytes count.
fn listed(text: &[u8], list: &str, found: &mut FoundPlaces) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    for (number, line) in (1..).zip(lines) {
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let Ok(line) = std::str::from_utf8(line) else {
            let folder = BlobPath::from_bytes(line).to_native();
            let name = name_of(&folder);
            found.add(name, Whereabouts::Folder(folder));
            continue;
        };
        let place = if is_address(line) {
            if let Some((scheme, _)) = line.split_once(":/").filter(|(_, rest)| is_cut(rest)) {
                let what = format!(
                    "{list}:{number}: it is no address; write {}://",
                    output::inert(scheme)
                );
                found.add(format!("{list}:{number}"), Whereabouts::Unlisted(what));
                continue;
            }
            if has_password(line) {
                let what = format!(
                    "{list}:{number}: the address holds a password; leave it to a credential helper of git, and take it out there"
                );
                Whereabouts::Unlisted(what)
            } else {
                Whereabouts::Address(line.to_owned())
            }
        } else {
            Whereabouts::Folder(PathBuf::from(line))
        };
        let name = match &place {
            Whereabouts::Folder(folder) => name_of(folder),
            _ => address_name(line),
        };
        found.add(name, place);
    }
}

/// Finds the repositories below a folder, those within the work trees of others among them.
fn walk(folder: &Path, prefix: &str, found: &mut FoundPlaces) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) => return not_listed(prefix, &why, found),
    };
    let is_bare = is_repository(folder) && !folder.join(".git").exists();
    if is_bare {
        left_in(folder, prefix, found);
    }
    for entry in entries {
        let entry = match entry {
            Ok(entry) if entry.file_name() == ".git" => {
                left_in(&entry.path(), &format!("{prefix}.git/"), found);
                continue;
            }
            Ok(entry) => entry,
            Err(why) => {
                not_listed(prefix, &why, found);
                break;
            }
        };
        let kind = entry.file_type();
        let is_folder = kind.as_ref().is_ok_and(|kind| kind.is_dir());
        // A link may lead to a repository; one that leads to a folder may go round in a circle.
        let is_link = kind.is_ok_and(|kind| kind.is_symlink());
        let path = entry.path();
        let name = format!("{prefix}{}", text_of(entry.file_name().as_encoded_bytes()));
        // Logs of a bare repository have a HEAD and refs too.
        if is_bare && OF_GIT.iter().any(|own| entry.file_name() == *own) {
            continue;
        }
        let is_one = (is_folder || is_link) && is_repository(&path);
        if is_one {
            found.add(name.clone(), Whereabouts::Folder(path.clone()));
        }
        // In a work tree others may lie, as submodules do, and in the folder of a bare repository work trees.
        if is_folder {
            walk(&path, &format!("{name}/"), found);
        }
    }
}

/// Folders in a git folder that hold no repositories.
const OF_GIT: [&str; 9] = [
    "branches",
    "hooks",
    "info",
    "lfs",
    "logs",
    "modules",
    "objects",
    "refs",
    "worktrees",
];

/// Finds the repositories of submodules that are in no work tree any more, as `git submodule deinit` leaves them in a git folder,
/// those of its work trees and of submodules of submodules among them.
fn left_in(git_dir: &Path, prefix: &str, found: &mut FoundPlaces) {
    left_modules(
        &git_dir.join("modules"),
        &format!("{prefix}modules/"),
        found,
    );
    for entry in fs::read_dir(git_dir.join("worktrees"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = text_of(entry.file_name().as_encoded_bytes());
        let prefix = format!("{prefix}worktrees/{name}/modules/");
        left_modules(&entry.path().join("modules"), &prefix, found);
    }
}

fn left_modules(folder: &Path, prefix: &str, found: &mut FoundPlaces) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = format!("{prefix}{}", text_of(entry.file_name().as_encoded_bytes()));
        if !is_repository(&path) {
            left_modules(&path, &format!("{name}/"), found);
            continue;
        }
        left_in(&path, &format!("{name}/"), found);
        let config = fs::read_to_string(path.join("config")).unwrap_or_default();
        let mut settings = config.lines().filter_map(|line| line.split_once('='));
        let tree = settings.find(|(name, _)| name.trim() == "worktree");
        let is_out = tree.is_some_and(|(_, tree)| path.join(tree.trim()).join(".git").exists());
        if !is_out {
            found.add(name, Whereabouts::Folder(path));
        }
    }
}

/// A folder in which there may be repositories that nobody can name.
fn not_listed(prefix: &str, why: &std::io::Error, found: &mut FoundPlaces) {
    // With the `/` behind it, since it may be the work tree of a repository that is read.
    let name = if prefix.is_empty() { "./" } else { prefix };
    let what = format!("this folder cannot be listed whole: {why}");
    found.add(name.to_owned(), Whereabouts::Unlisted(what));
}

/// True for a work tree, and for a bare repository, even one that is broken: what has lost its HEAD is to be told of, and
/// not passed over.
fn is_repository(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).exists();
    let parts = ["HEAD", "objects", "refs"]
        .into_iter()
        .filter(|name| has(name));
    has(".git") || parts.count() >= 2
}

/// The path as it was typed, without `./` before it and `/` behind it. `app/.git` is the repository `app`.
fn name_of(path: &Path) -> String {
    let path = text_of(BlobPath::from_native(path).as_bytes());
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/.git").unwrap_or(path);
    path.strip_prefix("./").unwrap_or(path).to_owned()
}

/// A name as text. One that is not UTF-8 ends in a hash of its bytes, since others may look the same.
fn text_of(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => {
            let hash = Sha256::digest(name);
            let shown = String::from_utf8_lossy(name);
            format!(
                "{shown}~{:02x}{:02x}{:02x}{:02x}",
                hash[0], hash[1], hash[2], hash[3]
            )
        }
    }
}

/// True for `https://host/path` and `user@host:path`, and not for `C:\repositories` or `./a:b`.
fn is_address(line: &str) -> bool {
    let scp = || {
        let (host, _) = line.split_once(':')?;
        let has_login = line.find('@').is_some_and(|at| at > host.len());
        Some(host.len() > 1 && !host.contains(['/', '\\', '.']) || host.contains('@') || has_login)
    };
    line.contains("://") || !Path::new(line).exists() && scp().unwrap_or(false)
}

/// True for what stands behind `https:/` of `https:/host/a`.
fn is_cut(rest: &str) -> bool {
    !rest.starts_with('/') && rest.contains('@')
}

/// True for `https://token@host/a`, `https://host/a?token=b` and `user:password@host:a`. A user of ssh is no secret.
fn has_password(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let is_ssh = address.starts_with("ssh://") || !address.contains("://");
    let user = match rest.split_once('@') {
        // `https://host/@scope/a`
        Some((before, _)) if before.contains('/') && !is_login(before) => None,
        Some((before, _)) => Some(before),
        None => None,
    };
    user.is_some_and(|user| !is_ssh || user.contains(':')) || address.contains('?')
}

/// `host/team/app` of `https://host/team/app.git` and of `git@host:team/app.git`, without who logs in and what is asked for.
fn address_name(address: &str) -> String {
    let (is_scp, rest) = match address.split_once("://") {
        Some((_, rest)) => (false, rest),
        None => (true, address),
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let rest = match rest.split_once('@') {
        // `host/@scope/a`, `host:8080/@scope/a`
        Some((before, _)) if before.contains('/') && !is_login(before) => rest,
        Some((_, rest)) => rest,
        None => rest,
    };
    let (host, path) = rest
        .split_once(if is_scp { ':' } else { '/' })
        .unwrap_or((rest, ""));
    // A password may hold an `@`.
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    format!("{host}/{path}").trim_matches('/').to_owned()
}

/// True for `user:pass/word`, and not for `host:8080/`.
fn is_login(before: &str) -> bool {
    let behind = before.split_once(':').map(|(_, behind)| behind);
    let port = behind.and_then(|behind| behind.split('/').next());
    port.is_some_and(|port| !port.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_paths_and_addresses() {
        let list = "# all of them\n\nrepos/a.git\n./repos/b/\nhttps://example.org/team/app.git\n\
                    git@example.org:team/lib.git\nssh://git@example.org/team/tool\n/srv/git/c.git\n";
        let mut found = FoundPlaces::default();
        listed(list.as_bytes(), "list", &mut found);
        let found = found.named();
        let names: Vec<&str> = found.keys().map(String::as_str).collect();
        insta::assert_snapshot!(names.join("\n"), @r"
        /srv/git/c.git
        example.org/team/app
        example.org/team/lib
        example.org/team/tool
        repos/a.git
        repos/b
        ");
    }

    #[test]
    fn an_address_with_a_password_is_not_read() {
        let refused = |line: &str| {
            let mut found = FoundPlaces::default();
            listed(line.as_bytes(), "list", &mut found);
            let found = found.named();
            let names = found.keys().map(String::as_str).collect::<String>();
            assert!(
                !names.contains("word") && !names.contains("token"),
                "{names}"
            );
            matches!(found.values().next(), Some(Whereabouts::Unlisted(_)))
        };
        assert!(refused("user:word@example.org:team/a.git"));
        assert!(refused("https://user:word@example.org/a.git"));
        assert!(refused("https://token@example.org/a.git"));
        assert!(refused("https://user:wo/rd@example.org/a.git"));
        assert!(refused("https://user:pass@word@example.org/a.git"));
        assert!(refused("user:pass@word@example.org:team/a.git"));
        assert!(refused("https://example.org/a.git?access=token"));
        assert!(!refused("https://example.org:8080/@scope/a.git"));
        assert!(!refused("ssh://git@example.org/a.git"));
    }

    #[test]
    fn the_digest_hangs_on_the_names_alone() {
        let inventory = |names: &[&str]| {
            let place = || Whereabouts::Folder(PathBuf::new());
            names
                .iter()
                .map(|name| ((*name).to_owned(), place()))
                .collect::<RepositoryList>()
        };
        assert_eq!(
            digest(&inventory(&["a", "b"])),
            digest(&inventory(&["b", "a"]))
        );
        assert_ne!(digest(&inventory(&["a", "b"])), digest(&inventory(&["ab"])));
    }
}
