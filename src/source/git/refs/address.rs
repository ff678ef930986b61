//! Whether two addresses of repositories mean the same one, as `git@example.org:team/app.git` and
//! `https://example.org/team/app` do, one for pushing and one for fetching.

/// Where a repository is.
#[derive(PartialEq, Eq)]
pub(in crate::source::git) enum AddressKind<'u> {
    /// On a host: its name, a port that is not the scheme's own, the user as whom ssh looks, and a path.
    Host(String, Option<&'u str>, &'u str),
    /// In a folder of this machine.
    Folder(&'u str),
}

/// True when both addresses mean one repository. A user counts only where both are of ssh, which looks
/// for a path in that user's home.
pub(super) fn is_same_place(a: &str, b: &str) -> bool {
    let ((one, user), (other, another)) = (place(a), place(b));
    a == b || one == other && (user.is_none() || another.is_none() || user == another)
}

/// The place that an address means, and the user of ssh.
pub(in crate::source::git) fn place(url: &str) -> (AddressKind<'_>, Option<&str>) {
    if let Some((scheme, rest)) = url.split_once("://") {
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (host, None),
        };
        let usual = match scheme {
            "https" => "443",
            "http" => "80",
            "ssh" => "22",
            _ => "",
        };
        return match scheme {
            "file" => (AddressKind::Folder(trimmed(rest)), None),
            _ => {
                let port = port.filter(|port| *port != usual);
                let user = (scheme == "ssh").then_some(user);
                (
                    AddressKind::Host(host.to_ascii_lowercase(), port, trimmed(path)),
                    user,
                )
            }
        };
    }
    // `user@host:path`; a colon behind a slash, or of a drive, is part of a path.
    match url.split_once(':') {
        Some((authority, path)) if authority.len() > 1 && !authority.contains('/') => {
            let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
            let path = path.trim_start_matches('/');
            (
                AddressKind::Host(host.to_ascii_lowercase(), None, trimmed(path)),
                Some(user),
            )
        }
        _ => (AddressKind::Folder(trimmed(url)), None),
    }
}

fn trimmed(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.strip_suffix(".git")
        .unwrap_or(path)
        .trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_repository_has_many_addresses() {
        let same = [
            (
                "https://example.org/team/app.git",
                "https://example.org/team/app",
            ),
            (
                "git@example.org:team/app.git",
                "https://example.org/team/app",
            ),
            (
                "ssh://git@example.org/team/app",
                "git@example.org:team/app.git",
            ),
            (
                "ssh://git@example.org:22/team/app",
                "https://EXAMPLE.org:443/team/app/",
            ),
            (
                "https://token@example.org/team/app",
                "https://example.org/team/app",
            ),
            ("../app.git", "../app"),
            ("file:///srv/app.git", "/srv/app"),
        ];
        for (a, b) in same {
            assert!(is_same_place(a, b), "{a} {b}");
        }
        let others = [
            (
                "https://example.org/team/app",
                "https://example.org/team/app2",
            ),
            (
                "https://example.org/team/app",
                "https://example.com/team/app",
            ),
            ("https://example.org:8443/app", "https://example.org/app"),
            ("a@example.org:app", "b@example.org:app"),
            ("../app", "../other"),
            ("example.org:app", "app"),
            ("C:/app", "D:/app"),
        ];
        for (a, b) in others {
            assert!(!is_same_place(a, b), "{a} {b}");
        }
    }
}
