//! What a file is written in, as far as advice needs to know it: how it reads an environment
//! variable, and how it writes a comment.

use crate::model::BlobPath;
use memchr::memmem;

/// A language or file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Language {
    Batch,
    C,
    Clojure,
    Compose,
    CSharp,
    Dart,
    Dockerfile,
    Elixir,
    Env,
    EnvExample,
    GitHubActions,
    GitLabCi,
    Go,
    Helm,
    Html,
    Http,
    Java,
    JavaScript,
    Json,
    Kotlin,
    Kubernetes,
    Log,
    Lua,
    Netrc,
    Nginx,
    Notebook,
    Npmrc,
    Perl,
    Php,
    Postman,
    PowerShell,
    Properties,
    Prose,
    Python,
    R,
    Ruby,
    Rust,
    Scala,
    Shell,
    Sql,
    Swift,
    Terraform,
    Unknown,
    Yaml,
}

/// Comments of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Comments {
    /// Some opener makes a comment.
    Opened(&'static str),
    /// The format has none, or a tool writes the file and would drop it.
    None,
}

const BY_EXTENSION: &[(Language, &[&str])] = &[
    (Language::Batch, &["bat", "cmd"]),
    (
        Language::C,
        &["c", "cc", "cpp", "cxx", "h", "hh", "hpp", "m", "mm"],
    ),
    (Language::Clojure, &["clj", "cljc", "cljs", "edn"]),
    (Language::CSharp, &["cs", "fs", "vb", "cshtml"]),
    (Language::Dart, &["dart"]),
    (Language::Dockerfile, &["dockerfile", "containerfile"]),
    (Language::Elixir, &["ex", "exs", "erl"]),
    (Language::Env, &["env", "envrc"]),
    (Language::Go, &["go"]),
    (
        Language::Html,
        &["html", "htm", "xhtml", "xml", "svg", "plist"],
    ),
    (Language::Http, &["http", "rest"]),
    (Language::Java, &["java", "groovy", "gradle"]),
    (
        Language::JavaScript,
        &[
            "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "astro",
        ],
    ),
    (
        Language::Json,
        &[
            "json",
            "jsonl",
            "ndjson",
            "map",
            "webmanifest",
            "har",
            "csv",
            "tsv",
        ],
    ),
    (Language::Kotlin, &["kt", "kts"]),
    (Language::Log, &["log", "out", "trace"]),
    (Language::Lua, &["lua"]),
    (Language::Notebook, &["ipynb"]),
    (Language::Perl, &["pl", "pm"]),
    (Language::Php, &["php", "phtml"]),
    (Language::PowerShell, &["ps1", "psm1", "psd1"]),
    (
        Language::Properties,
        &["properties", "ini", "cfg", "conf", "toml"],
    ),
    (
        Language::Prose,
        &[
            "md", "mdx", "markdown", "rst", "adoc", "asciidoc", "textile",
        ],
    ),
    (Language::Python, &["py", "pyi", "pyw"]),
    (Language::R, &["r", "rmd"]),
    (Language::Ruby, &["rb", "rake", "erb", "gemspec"]),
    (Language::Rust, &["rs"]),
    (Language::Scala, &["scala", "sc", "sbt"]),
    (Language::Shell, &["sh", "bash", "zsh", "fish", "ksh"]),
    (Language::Sql, &["sql", "ddl", "psql"]),
    (Language::Swift, &["swift"]),
    (Language::Terraform, &["tf", "tfvars", "hcl"]),
    (Language::Yaml, &["yml", "yaml"]),
];

const BY_NAME: &[(Language, &[&str])] = &[
    (Language::Dockerfile, &["dockerfile", "containerfile"]),
    (Language::GitLabCi, &[".gitlab-ci.yml", ".gitlab-ci.yaml"]),
    (Language::Netrc, &[".netrc", "_netrc"]),
    (Language::Nginx, &["nginx.conf"]),
    (Language::Npmrc, &[".npmrc", ".yarnrc"]),
    (Language::Ruby, &["gemfile", "rakefile", "vagrantfile"]),
    (Language::Python, &["sconstruct", "wscript"]),
    (Language::Java, &["jenkinsfile"]),
    (
        Language::Shell,
        &[
            "makefile",
            ".bashrc",
            ".zshrc",
            ".profile",
            ".bash_profile",
            ".bash_history",
            ".zsh_history",
        ],
    ),
];

impl Language {
    /// The language of the file at `path`; its text tells the kinds of YAML and of scripts apart.
    pub(in crate::policy) fn of(path: &BlobPath, text: &[u8]) -> Self {
        let name = String::from_utf8_lossy(path.file_name()).to_ascii_lowercase();
        let has = |list: &&(Self, &[&str]), word: &str| list.1.contains(&word);
        if let Some((language, _)) = BY_NAME.iter().find(|list| has(list, &name)) {
            return *language;
        }
        if let Some(special) = named_like(&name) {
            return special;
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let found = BY_EXTENSION.iter().find(|list| has(list, extension));
        match found.map(|(language, _)| *language) {
            Some(Self::Yaml) => yaml(path, &name, text),
            Some(Self::Json) if name.contains("postman") => Self::Postman,
            Some(language) => language,
            None => by_first_line(text),
        }
    }

    /// How it writes a comment that a line can have above it.
    pub(in crate::policy) fn comments(self) -> Comments {
        Comments::Opened(match self {
            // What is not known has other comments, or none.
            Self::Json | Self::Notebook | Self::Postman | Self::Log | Self::Unknown => {
                return Comments::None;
            }
            Self::Html | Self::Prose => "<!-- -->",
            Self::Lua | Self::Sql => "--",
            Self::Batch => "REM",
            Self::Clojure => ";",
            Self::C
            | Self::CSharp
            | Self::Dart
            | Self::Go
            | Self::Java
            | Self::JavaScript
            | Self::Kotlin
            | Self::Php
            | Self::Rust
            | Self::Scala
            | Self::Swift => "//",
            _ => "#",
        })
    }
}

fn named_like(name: &str) -> Option<Language> {
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    if name.starts_with("dockerfile.") || name.starts_with("containerfile.") {
        return Some(Language::Dockerfile);
    }
    if is_yaml && (name.contains("compose.") || name.contains("compose-")) {
        return Some(Language::Compose);
    }
    if name == ".env" || name.starts_with(".env.") {
        let sample = ["example", "sample", "template", "dist", "defaults"];
        return Some(if sample.iter().any(|word| name.ends_with(word)) {
            Language::EnvExample
        } else {
            Language::Env
        });
    }
    None
}

fn yaml(path: &BlobPath, name: &str, text: &[u8]) -> Language {
    let whole = path.as_bytes();
    let has = |word: &str| memmem::find(text, word.as_bytes()).is_some();
    let in_workflows = memmem::find(whole, b".github/workflows/").is_some();
    if in_workflows || name == "action.yml" || name == "action.yaml" {
        return Language::GitHubActions;
    }
    let chart = path
        .folders()
        .any(|f| f == b"charts" || f == b"helm" || f == b"chart");
    if (chart && name.starts_with("values")) || (has("{{") && has(".Values.")) {
        return Language::Helm;
    }
    if has("apiVersion:") && has("kind:") {
        Language::Kubernetes
    } else {
        Language::Yaml
    }
}

/// A script without an extension says in its first line what runs it.
fn by_first_line(text: &[u8]) -> Language {
    let line = text.split(|b| *b == b'\n').next().unwrap_or_default();
    if !line.starts_with(b"#!") {
        return Language::Unknown;
    }
    let line = String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned();
    let runs = |word: &str| line.contains(word);
    [
        ("python", Language::Python),
        ("node", Language::JavaScript),
        ("ruby", Language::Ruby),
        ("perl", Language::Perl),
        ("php", Language::Php),
        ("pwsh", Language::PowerShell),
        ("sh", Language::Shell),
    ]
    .into_iter()
    .find_map(|(word, language)| runs(word).then_some(language))
    .unwrap_or(Language::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str) -> Language {
        Language::of(&BlobPath::from(path), text.as_bytes())
    }

    #[test]
    fn names_extensions_and_first_lines_tell_the_language() {
        for (path, expected) in [
            ("a/b.py", Language::Python),
            ("a/B.TSX", Language::JavaScript),
            ("Dockerfile", Language::Dockerfile),
            ("api.Dockerfile", Language::Dockerfile),
            ("docker-compose.prod.yml", Language::Compose),
            (".env", Language::Env),
            (".env.production", Language::Env),
            (".env.example", Language::EnvExample),
            ("x/.github/workflows/ci.yml", Language::GitHubActions),
            ("charts/app/values.yaml", Language::Helm),
            ("a.yaml", Language::Yaml),
            ("nb.ipynb", Language::Notebook),
            ("api.postman_collection.json", Language::Postman),
            ("LICENSE", Language::Unknown),
        ] {
            assert_eq!(of(path, ""), expected, "{path}");
        }
        assert_eq!(
            of("a.yml", "apiVersion: v1\nkind: Secret\n"),
            Language::Kubernetes
        );
        assert_eq!(of("t/a.yml", "kind: {{ .Values.kind }}"), Language::Helm);
        assert_eq!(of("run", "#!/usr/bin/env python3\n"), Language::Python);
        assert_eq!(of("run", "#!/bin/bash\n"), Language::Shell);
    }
}
