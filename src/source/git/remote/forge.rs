//! From the address that a remote is fetched from to the pages on which people read it.
//!
//! Nothing is asked of the server: its name alone tells whose software it is, `gitlab.example.org` as well as
//! `github.com`. Of a server that does not say so there are no links, and no link holds a user or a password.

use super::super::refs::address::{AddressKind, place};
use crate::model::{Forge, ForgeKind};

/// Servers that are known by their whole name: by which they are fetched from, and by which they are read.
const SERVERS: [(&str, &str, ForgeKind); 11] = [
    ("github.com", "github.com", ForgeKind::GitHub),
    ("ssh.github.com", "github.com", ForgeKind::GitHub),
    ("gitlab.com", "gitlab.com", ForgeKind::GitLab),
    ("altssh.gitlab.com", "gitlab.com", ForgeKind::GitLab),
    ("codeberg.org", "codeberg.org", ForgeKind::Gitea),
    ("gitea.com", "gitea.com", ForgeKind::Gitea),
    ("bitbucket.org", "bitbucket.org", ForgeKind::BitbucketCloud),
    (
        "altssh.bitbucket.org",
        "bitbucket.org",
        ForgeKind::BitbucketCloud,
    ),
    ("dev.azure.com", "dev.azure.com", ForgeKind::Azure),
    ("ssh.dev.azure.com", "dev.azure.com", ForgeKind::Azure),
    ("git.sr.ht", "git.sr.ht", ForgeKind::SourceHut),
];

/// Words of a name that tell whose software a server of one's own runs: `gitlab.example.org`, `team.ghe.com`.
const WORDS: [(&str, ForgeKind); 6] = [
    ("github", ForgeKind::GitHub),
    ("ghe", ForgeKind::GitHub),
    ("gitlab", ForgeKind::GitLab),
    ("gitea", ForgeKind::Gitea),
    ("forgejo", ForgeKind::Gitea),
    ("bitbucket", ForgeKind::BitbucketServer),
];

/// The pages of a remote; `None` where its address does not tell them.
pub(in crate::source::git) fn of_remote(
    remote: String,
    url: &str,
    is_mirrored: bool,
) -> Option<Forge> {
    let (AddressKind::Host(host, port, path), _) = place(url) else {
        return None;
    };
    let scheme = url.split_once("://").map_or("ssh", |(scheme, _)| scheme);
    let is_web = matches!(scheme, "https" | "http");
    let known = SERVERS.iter().find(|(name, _, _)| *name == host);
    let (host, kind) = match known {
        Some((_, host, kind)) => ((*host).to_owned(), *kind),
        None => {
            let kind = kind_of(&host, is_web)?;
            (host, kind)
        }
    };
    let page = page(kind, path)?;
    // Only the address of a page says at which port pages are.
    let (scheme, port) = match port.filter(|_| is_web) {
        Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => (scheme, format!(":{port}")),
        Some(_) => return None,
        None if scheme == "http" => (scheme, String::new()),
        None => ("https", String::new()),
    };
    Some(Forge {
        remote,
        is_mirrored,
        kind,
        address: format!("{scheme}://{host}{port}/{page}"),
    })
}

/// Whose software a server of one's own runs. ssh may know a server by a name that is none, `github` or `github.com-work`,
/// where a browser does not.
fn kind_of(host: &str, is_web: bool) -> Option<ForgeKind> {
    let is_name = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let top = host.rsplit_once('.').map(|(_, top)| top);
    let is_public = top.is_some_and(|top| top.bytes().all(|b| b.is_ascii_alphabetic()));
    if !host.split('.').all(is_name) || !(is_web || is_public) {
        return None;
    }
    let told =
        |(word, kind): &(&str, ForgeKind)| host.split('.').any(|p| p == *word).then_some(*kind);
    WORDS.iter().find_map(told)
}

/// The path of a repository's page, by the path that it is fetched from.
fn page(kind: ForgeKind, path: &str) -> Option<String> {
    // What else a path holds would have to be encoded, and no forge has it in the name of a repository.
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._~%-".contains(&b);
    let parts: Vec<&str> = path.split('/').collect();
    let is_name = |part: &&str| !["", ".", ".."].contains(part) && part.bytes().all(is_plain);
    if parts.len() < 2 || !parts.iter().all(is_name) {
        return None;
    }
    match (kind, parts.as_slice()) {
        (ForgeKind::Azure, ["v3", team, project, name]) => {
            Some(format!("{team}/{project}/_git/{name}"))
        }
        (ForgeKind::Azure, [.., "_git", _]) => Some(path.to_owned()),
        (ForgeKind::Azure, _) => None,
        (ForgeKind::BitbucketServer, ["scm", project, name] | [project, name]) => {
            Some(match project.strip_prefix('~') {
                Some(user) => format!("users/{user}/repos/{name}"),
                None => format!("projects/{project}/repos/{name}"),
            })
        }
        (ForgeKind::BitbucketServer, _) => None,
        _ => Some(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str) -> String {
        let forge = of_remote("origin".to_owned(), url, false);
        let told = forge.map(|forge| format!("{:?} {}", forge.kind, forge.address));
        format!("{url}: {}", told.unwrap_or_else(|| "-".to_owned()))
    }

    #[test]
    fn an_address_tells_a_page_without_a_user() {
        let urls = [
            "https://github.com/team/app.git",
            "git@github.com:team/app.git",
            "ssh://git@ssh.github.com:443/team/app.git",
            "https://x-access-token:abc@github.com/team/app",
            "https://gitlab.com/group/sub/app.git",
            "ssh://git@gitlab.example.org:2222/group/app.git",
            "https://gitlab.example.org:8443/group/app.git",
            "http://gitlab/group/app.git",
            "https://codeberg.org/team/app",
            "git@forgejo.example.org:team/app.git",
            "git@bitbucket.org:team/app.git",
            "https://bitbucket.example.org/scm/prj/app.git",
            "ssh://git@bitbucket.example.org:7999/~anna/app.git",
            "https://team@dev.azure.com/team/My%20App/_git/app",
            "git@ssh.dev.azure.com:v3/team/project/app",
            "https://git.sr.ht/~anna/app",
            "https://octo.ghe.com/team/app",
        ];
        insta::assert_snapshot!(urls.map(told).join("\n"), @"
        https://github.com/team/app.git: GitHub https://github.com/team/app
        git@github.com:team/app.git: GitHub https://github.com/team/app
        ssh://git@ssh.github.com:443/team/app.git: GitHub https://github.com/team/app
        https://x-access-token:abc@github.com/team/app: GitHub https://github.com/team/app
        https://gitlab.com/group/sub/app.git: GitLab https://gitlab.com/group/sub/app
        ssh://git@gitlab.example.org:2222/group/app.git: GitLab https://gitlab.example.org/group/app
        https://gitlab.example.org:8443/group/app.git: GitLab https://gitlab.example.org:8443/group/app
        http://gitlab/group/app.git: GitLab http://gitlab/group/app
        https://codeberg.org/team/app: Gitea https://codeberg.org/team/app
        git@forgejo.example.org:team/app.git: Gitea https://forgejo.example.org/team/app
        git@bitbucket.org:team/app.git: BitbucketCloud https://bitbucket.org/team/app
        https://bitbucket.example.org/scm/prj/app.git: BitbucketServer https://bitbucket.example.org/projects/prj/repos/app
        ssh://git@bitbucket.example.org:7999/~anna/app.git: BitbucketServer https://bitbucket.example.org/users/anna/repos/app
        https://team@dev.azure.com/team/My%20App/_git/app: Azure https://dev.azure.com/team/My%20App/_git/app
        git@ssh.dev.azure.com:v3/team/project/app: Azure https://dev.azure.com/team/project/_git/app
        https://git.sr.ht/~anna/app: SourceHut https://git.sr.ht/~anna/app
        https://octo.ghe.com/team/app: GitHub https://octo.ghe.com/team/app
        ");
    }

    #[test]
    fn where_the_kind_is_not_told_there_is_no_page() {
        let urls = [
            "https://git.example.org/team/app.git",
            "git@github.com-work:team/app.git",
            "github:team/app.git",
            "../app.git",
            "file:///srv/github.com/team/app.git",
            "https://github.com/team",
            "https://github.com/team/../app",
            "https://github.com/team/a\"b",
            "https://gitlab.exa\"mple.org/team/app",
            "https://gitlab.example.org:80x/team/app",
            "https://dev.azure.com/team/app",
        ];
        for url in urls {
            assert_eq!(told(url), format!("{url}: -"));
        }
    }
}
