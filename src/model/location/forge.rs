//! Where people read a repository in a browser.

use super::super::{RefKind, RefName};

/// The pages of a repository on the server that a remote is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forge {
    /// The remote's name: `origin`.
    pub remote: String,
    /// Whose software it is, which decides how a link is written.
    pub kind: ForgeKind,
    /// The repository's own page, without a final `/` and without a user: `https://github.com/team/app`.
    pub address: String,
    /// Whether this is a mirror, whose branches and tags are those of the forge: a clone with `--mirror`.
    pub is_mirrored: bool,
}

/// Software of servers, each with a form of links of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForgeKind {
    /// GitHub, also GitHub Enterprise.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitea and Forgejo.
    Gitea,
    /// bitbucket.org.
    BitbucketCloud,
    /// Bitbucket Data Center.
    BitbucketServer,
    /// Azure Repos.
    Azure,
    /// SourceHut.
    SourceHut,
}

impl ForgeKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::GitHub,
        Self::GitLab,
        Self::Gitea,
        Self::BitbucketCloud,
        Self::BitbucketServer,
        Self::Azure,
        Self::SourceHut,
    ];

    /// The word that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Gitea => "gitea",
            Self::BitbucketCloud => "bitbucket-cloud",
            Self::BitbucketServer => "bitbucket-server",
            Self::Azure => "azure",
            Self::SourceHut => "sourcehut",
        }
    }
}

impl Forge {
    /// True when one of `refs` is a branch of this remote as last seen, or any ref of a mirror: what it reaches, the forge
    /// has.
    pub fn has_any<'r>(&self, refs: impl IntoIterator<Item = &'r RefName>) -> bool {
        refs.into_iter().any(|name| match name.kind() {
            RefKind::Remote(branch) => branch
                .strip_prefix(self.remote.as_str())
                .is_some_and(|rest| rest.starts_with('/')),
            RefKind::Branch(_) | RefKind::Tag(_) => self.is_mirrored,
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forge_has_what_a_branch_of_its_remote_reaches() {
        let forge = Forge {
            remote: "origin".to_owned(),
            kind: ForgeKind::GitHub,
            address: "https://github.com/team/app".to_owned(),
            is_mirrored: false,
        };
        let has = |name: &str| forge.has_any(&[RefName::new(name)]);
        assert!(has("refs/remotes/origin/main"));
        assert!(!has("refs/remotes/origin2/main"));
        assert!(!has("refs/remotes/origin/main@{1}"));
        assert!(!has("refs/heads/main"));
        assert!(!has("refs/tags/v1"));
    }
}
