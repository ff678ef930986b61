//! What kind of file a blob is: it decides severity and advice, never whether a key is reported.

use std::fmt;
use std::str::FromStr;

/// The role a file plays in its project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileContext {
    /// Emitted code or data that a browser downloads.
    BrowserBundle,
    /// Source that is compiled for the browser.
    ClientSource,
    /// Configuration of a bundler or framework.
    BuildConfig,
    /// Code that runs on a server.
    Server,
    /// Other source code and configuration.
    #[default]
    Source,
    /// Prose for people.
    Documentation,
    /// A sample of how something is used or set up.
    Example,
    /// Tests and their fixtures.
    Test,
    /// A lock file, written by a tool.
    Lockfile,
    /// Code that others wrote and that the project keeps a copy of.
    ThirdParty,
}

impl FileContext {
    /// All contexts.
    pub const ALL: [Self; 10] = [
        Self::BrowserBundle,
        Self::ClientSource,
        Self::BuildConfig,
        Self::Server,
        Self::Source,
        Self::Documentation,
        Self::Example,
        Self::Test,
        Self::Lockfile,
        Self::ThirdParty,
    ];

    /// The name that rule files and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::BrowserBundle => "browser-bundle",
            Self::ClientSource => "client-source",
            Self::BuildConfig => "build-config",
            Self::Server => "server",
            Self::Source => "source",
            Self::Documentation => "documentation",
            Self::Example => "example",
            Self::Test => "test",
            Self::Lockfile => "lockfile",
            Self::ThirdParty => "third-party",
        }
    }

    /// Where something is that is in such a file, as the end of a sentence; nothing for ordinary source.
    pub fn place(self) -> Option<&'static str> {
        Some(match self {
            Self::BrowserBundle => "in code that browsers download",
            Self::ClientSource => "in client code",
            Self::BuildConfig => "in build configuration",
            Self::Server => "in server code",
            Self::Source => return None,
            Self::Documentation => "in documentation",
            Self::Example => "in an example",
            Self::Test => "in a test",
            Self::Lockfile => "in a lock file",
            Self::ThirdParty => "in third-party code",
        })
    }

    /// True for what is no part of the program that a project runs. What looks like a credential there
    /// is mostly made up, or somebody else's.
    pub fn is_aside(self) -> bool {
        matches!(
            self,
            Self::Documentation | Self::Example | Self::Test | Self::Lockfile | Self::ThirdParty
        )
    }

    /// True when a browser gets to see what the file holds.
    pub fn reaches_browser(self) -> bool {
        matches!(self, Self::BrowserBundle | Self::ClientSource)
    }
}

impl fmt::Display for FileContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for FileContext {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|c| c.name() == name);
        known.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|c| c.name()).collect();
            format!("expected one of {}", names.join(", "))
        })
    }
}
