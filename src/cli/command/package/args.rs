//! What can be typed to have a package scanned.

use super::super::super::args::groups::CommonArgs;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct PackageArgs {
    /// Who publishes it
    #[arg(value_name = "KIND")]
    pub(crate) kind: PublishedBy,

    /// The folder of the package, or an archive that was made of it (.tgz, .crate, .whl, .tar.gz)
    #[arg(value_name = "DIR|ARCHIVE", default_value = ".")]
    pub(crate) path: PathBuf,

    /// List the files that would be published, one a line, and read none
    #[arg(long)]
    pub(crate) list: bool,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// Who publishes a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PublishedBy {
    /// What `npm publish` takes: `files`, .npmignore, .gitignore, bundled dependencies
    Npm,
    /// What `cargo publish` takes: `include`, `exclude`, what git tracks or would add
    Cargo,
    /// What `twine upload` takes: the archives in dist/
    Pypi,
}
