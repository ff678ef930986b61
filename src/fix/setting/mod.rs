//! Files of settings in which another program puts the value of a variable: workflows, compose files, Spring's settings.
//!
//! Whether that program is the reader of this file, and where it takes the value from, is for a person to see: no edit
//! of a file of settings is safe.

mod docker;
mod kubernetes;
mod line;
mod plain;
mod secret;
mod terraform;
mod yaml;

use super::change::TextChanges;
use crate::model::{BlobPath, Span};
use secret::SettingSecret;
use yaml::Dialect;

/// How the text of a file of settings is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    /// YAML, whose reader puts in variables by rules of its own.
    Yaml(Dialect),
    /// `key = value`
    Lines,
    /// `key = "value"`, in which a variable stands outside of the quotes.
    Hocon,
    /// `<key>value</key>`
    Xml,
    /// `NAME=value`, which is where the values are.
    Environment,
    Docker,
    Kubernetes,
    Terraform,
}

/// A kind of files of settings.
#[derive(Debug)]
pub(super) struct SettingFormat {
    /// Ends of paths, with one `*` at most in the name of a file.
    files: &'static [&'static str],
    notation: Notation,
    /// What stands in the place of a value.
    read: &'static str,
    caution: &'static str,
}

/// Each as the documentation of its reader has it.
const FORMATS: &[SettingFormat] = &[
    SettingFormat {
        files: &[
            ".github/workflows/*.yml",
            ".github/workflows/*.yaml",
            ".gitea/workflows/*.yml",
            ".gitea/workflows/*.yaml",
            ".forgejo/workflows/*.yml",
            ".forgejo/workflows/*.yaml",
        ],
        notation: Notation::Yaml(Dialect::GitHub),
        read: "${{ secrets.NAME }}",
        caution: "the secret has to be added to the settings of the repository",
    },
    SettingFormat {
        files: &["*.gitlab-ci.yml", "*.gitlab-ci.yaml"],
        notation: Notation::Yaml(Dialect::GitLab),
        read: "${NAME}",
        caution: "the variable has to be added to the CI/CD settings of the project, masked and protected",
    },
    SettingFormat {
        files: &["azure-pipelines*.yml", "azure-pipelines*.yaml"],
        notation: Notation::Yaml(Dialect::Azure),
        read: "$(NAME)",
        caution: "the variable has to be added to the pipeline as a secret",
    },
    SettingFormat {
        files: &["bitbucket-pipelines.yml", ".circleci/config.yml"],
        notation: Notation::Yaml(Dialect::Shell),
        read: "${NAME}",
        caution: "the variable has to be added to the settings of the project as a secret",
    },
    SettingFormat {
        files: &[
            "docker-compose*.yml",
            "docker-compose*.yaml",
            "compose*.yml",
            "compose*.yaml",
        ],
        notation: Notation::Yaml(Dialect::Plain),
        read: "${NAME:?}",
        caution: "the variable has to be set where docker compose runs, or in an .env beside it that git ignores",
    },
    SettingFormat {
        files: &[
            "application*.yml",
            "application*.yaml",
            "bootstrap*.yml",
            "bootstrap*.yaml",
        ],
        notation: Notation::Yaml(Dialect::Plain),
        read: "${NAME}",
        caution: "the variable has to be set where Spring or Quarkus runs",
    },
    SettingFormat {
        files: &["application*.properties", "bootstrap*.properties"],
        notation: Notation::Lines,
        read: "${NAME}",
        caution: "the variable has to be set where Spring or Quarkus runs",
    },
    SettingFormat {
        files: &["application*.conf", "reference.conf"],
        notation: Notation::Hocon,
        read: "${NAME}",
        caution: "the variable has to be set where the program runs",
    },
    SettingFormat {
        files: &["serverless*.yml", "serverless*.yaml"],
        notation: Notation::Yaml(Dialect::Plain),
        read: "${env:NAME}",
        caution: "the variable has to be set where serverless runs",
    },
    SettingFormat {
        files: &["config/packages/*.yaml", "config/services*.yaml"],
        notation: Notation::Yaml(Dialect::Plain),
        read: "%env(NAME)%",
        caution: "the variable has to be set where Symfony runs",
    },
    SettingFormat {
        files: &[".npmrc"],
        notation: Notation::Lines,
        read: "${NAME}",
        caution: "the variable has to be set where npm runs",
    },
    SettingFormat {
        files: &[".yarnrc.yml"],
        notation: Notation::Yaml(Dialect::Plain),
        read: "${NAME}",
        caution: "the variable has to be set where yarn runs",
    },
    SettingFormat {
        files: &["settings.xml", "pom.xml"],
        notation: Notation::Xml,
        read: "${env.NAME}",
        caution: "the variable has to be set where Maven runs",
    },
    SettingFormat {
        files: &["*.tf"],
        notation: Notation::Terraform,
        read: "var.name",
        caution: "the variable has to be given, as TF_VAR_ and its name; declare it once in the module",
    },
    SettingFormat {
        files: &[
            "*Dockerfile",
            "Dockerfile.*",
            "*.dockerfile",
            "Containerfile",
        ],
        notation: Notation::Docker,
        read: "$(cat /run/secrets/NAME)",
        caution: "a build has to be given the secret, and a container the variable",
    },
    SettingFormat {
        files: &["*.env", ".env.*"],
        notation: Notation::Environment,
        read: "",
        caution: "the value has to come from elsewhere",
    },
    SettingFormat {
        files: &["*.yml", "*.yaml"],
        notation: Notation::Kubernetes,
        read: "",
        caution: "the cluster has to hold the Secret `credentials` with that key",
    },
];

impl SettingFormat {
    /// The format of a file.
    pub(super) fn of(path: &BlobPath) -> Option<&'static Self> {
        let own = |format: &&Self| format.files.iter().any(|file| is_named(path, file));
        FORMATS.iter().find(own)
    }

    /// The variable that is read, the bytes that go and what comes there.
    pub(super) fn replaced(
        &self,
        text: &[u8],
        span: Span,
        is_jourvex: bool,
    ) -> Result<(String, TextChanges), &'static str> {
        let secret = SettingSecret {
            text,
            span,
            is_jourvex,
        };
        let (variable, own) = match self.notation {
            Notation::Yaml(dialect) => yaml::replaced(&secret, self.read, dialect)?,
            Notation::Kubernetes => kubernetes::replaced(&secret)?,
            Notation::Docker => docker::replaced(&secret, self.read)?,
            Notation::Terraform => terraform::replaced(&secret, self.read)?,
            Notation::Lines => plain::in_line(&secret, self.read)?,
            Notation::Hocon => plain::in_hocon(&secret, self.read)?,
            Notation::Environment => plain::in_environment(&secret)?,
            Notation::Xml => plain::in_element(&secret, self.read)?,
        };
        let caution = Some(self.caution);
        Ok((variable, TextChanges { own, caution }))
    }
}

/// Whether a path ends like a pattern with one `*` at most: `application*.yml`.
fn is_named(path: &BlobPath, pattern: &str) -> bool {
    let path = path.as_bytes();
    let (folder, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let at = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    let (own_folder, own) = (path[..at].strip_suffix(b"/"), &path[at..]);
    let own_folder = own_folder.unwrap_or_default();
    let is_there = folder.is_empty()
        || own_folder
            .strip_suffix(folder.as_bytes())
            .is_some_and(|before| before.is_empty() || before.ends_with(b"/"));
    let is_alike = match name.split_once('*') {
        None => own == name.as_bytes(),
        Some((first, last)) => {
            own.len() >= first.len() + last.len()
                && own.starts_with(first.as_bytes())
                && own.ends_with(last.as_bytes())
        }
    };
    is_there && is_alike
}
