//! What tells whether a repository is what it was: its refs, and all else that an audit reads, without reading it.

use super::pack::store::Listing;
use super::refs::ref_targets::RefTargets;
use super::refs::work_trees::work_trees;
use super::repo::open::GitRepo;
use crate::source::SourceError;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Files of a git folder of which an audit reads something, beside refs and objects.
const FILES: [&str; 6] = [
    "HEAD",
    "FETCH_HEAD",
    "config",
    "config.worktree",
    "index",
    "shallow",
];

/// A repository at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryState {
    /// How many refs there are, HEAD among them where it is detached.
    pub refs: u64,
    /// A digest of the names of refs and of what they name: equal in every clone that has the same.
    pub refs_digest: String,
    /// How many objects are stored.
    pub objects: u64,
    /// A digest of all that an audit reads here: refs, reflogs, indexes, settings, and which objects are stored.
    pub digest: String,
}

impl GitRepo {
    /// What the repository is now. No object is read.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn state(&self) -> Result<RepositoryState, SourceError> {
        self.check_indexes()?;
        let targets = RefTargets::of(self);
        let mut refs = Sha256::new();
        for (name, id) in targets.all() {
            part(&mut refs, name.as_str().as_bytes());
            part(&mut refs, id.as_bytes());
        }
        let refs_digest = hex(refs);
        let mut all = Sha256::new();
        part(&mut all, refs_digest.as_bytes());
        let own = [self.git_dir().to_owned(), self.common_dir().to_owned()];
        let linked = work_trees(self).into_iter().map(|(_, folder)| folder);
        for folder in own.into_iter().chain(linked) {
            for name in FILES {
                part(&mut all, &fs::read(folder.join(name)).unwrap_or_default());
            }
            files(&mut all, &folder.join("logs"), true);
        }
        files(&mut all, &self.common_dir().join("lfs/objects"), false);
        let listing = Listing::within(&self.object_folders());
        let objects = listing.count_into(|bytes| part(&mut all, bytes));
        Ok(RepositoryState {
            refs: targets.all().count() as u64,
            refs_digest,
            objects,
            digest: hex(all),
        })
    }

    /// How many bytes its packs have, those that it borrows among them.
    pub fn size_of_packs(&self) -> u64 {
        Listing::within(&self.object_folders()).size_of_packs()
    }

    /// Where the repository was cloned from, or is pushed to: the address of `origin`, or of the only remote, without
    /// who logs in there.
    pub fn remote_address(&self) -> Option<String> {
        let handle = self.handle().ok()?;
        let names = handle.remotes().ok()?;
        let names: Vec<&str> = names
            .iter()
            .filter_map(|name| name.ok().flatten())
            .collect();
        let name = match names.as_slice() {
            [only] => only,
            names => names.iter().find(|name| **name == "origin")?,
        };
        let remote = handle.find_remote(name).ok()?;
        without_user(remote.url().ok()?)
    }
}

/// `https://host/path` of `https://user:password@host/path?token=a`, and `host:path` of `token@host:path`; the user `git` is no
/// secret. Nothing of an address in which something else may be one, as `https://proxy/https://token@host/path`.
fn without_user(url: &str) -> Option<String> {
    let is_plain = |path: &str| {
        let mut parts = path.split('/');
        !path.contains(['=', ':']) && !parts.any(|part| part.trim_start_matches('@').contains('@'))
    };
    let Some((scheme, rest)) = url.split_once("://") else {
        let Some((host, path)) = url.split_once(':').filter(|(host, _)| !host.contains('/')) else {
            return Some(url.to_owned());
        };
        let (user, host) = host.rsplit_once('@').unwrap_or(("", host));
        let user = if user == "git" { "git@" } else { "" };
        return is_plain(path).then(|| format!("{user}{host}:{path}"));
    };
    // A password may hold any of these: `https://user:a?b@host/path` ends here with a port that is none.
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let path = &path[..path.find(['?', '#', ';', '&']).unwrap_or(path.len())];
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    let is_known = !scheme.contains(':') && port.bytes().all(|b| b.is_ascii_digit());
    (is_known && is_plain(path)).then(|| format!("{scheme}://{host}{path}"))
}

/// Adds the files below a folder, in order of their names, with what is in them if that is `read`.
fn files(digest: &mut Sha256, folder: &Path, read: bool) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        part(digest, entry.file_name().as_encoded_bytes());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files(digest, &entry.path(), read),
            Ok(kind) if kind.is_file() && read => {
                part(digest, &fs::read(entry.path()).unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// Adds a text so that no two rows of texts are alike.
fn part(digest: &mut Sha256, bytes: &[u8]) {
    digest.update((bytes.len() as u64).to_le_bytes());
    digest.update(bytes);
}

fn hex(digest: Sha256) -> String {
    digest.finalize()[..16]
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::without_user;

    #[test]
    fn an_address_is_told_without_who_logs_in() {
        let table = [
            "https://x:y@example.org/a/b.git",
            "https://x:y@z@example.org/a.git?token=b",
            "ssh://git@example.org:22/a.git",
            "https://example.org/@scope/b.git",
            "git@example.org:a/b.git",
            "token@example.org:a/b.git",
            "x:y@example.org:a.git",
            "/srv/git/a.git",
            "https://x:y?z@example.org/a.git",
            "https://x:y/z@example.org/a.git",
            "https://proxy.example/https://token@example.org/a",
            "https://proxy.example/token@example.org/a",
            "https://example.org/a.git&token=b",
            "http://example.org:token/a",
            "ext::curl -H token",
            "https://example.org/token=b/a",
        ];
        let told = table.map(|url| without_user(url).unwrap_or_else(|| "nothing".to_owned()));
        insta::assert_snapshot!(told.join("\n"), @"
        https://example.org/a/b.git
        https://example.org/a.git
        ssh://example.org:22/a.git
        https://example.org/@scope/b.git
        git@example.org:a/b.git
        example.org:a/b.git
        nothing
        /srv/git/a.git
        nothing
        nothing
        nothing
        nothing
        https://example.org/a.git
        nothing
        nothing
        nothing
        ");
    }
}
