//! What kind of file a blob is, from its path.

use crate::model::{BlobPath, FileContext, Severity};

const DOCUMENTATION: [&[u8]; 8] = [
    b"md",
    b"mdx",
    b"markdown",
    b"rst",
    b"adoc",
    b"asciidoc",
    b"txt",
    b"textile",
];

const LOCKFILES: [&[u8]; 14] = [
    b"package-lock.json",
    b"npm-shrinkwrap.json",
    b"yarn.lock",
    b"pnpm-lock.yaml",
    b"bun.lock",
    b"Cargo.lock",
    b"Gemfile.lock",
    b"composer.lock",
    b"poetry.lock",
    b"Pipfile.lock",
    b"uv.lock",
    b"go.sum",
    b"flake.lock",
    b"pubspec.lock",
];

const TEST_FOLDERS: [&[u8]; 10] = [
    b"test",
    b"tests",
    b"__tests__",
    b"spec",
    b"specs",
    b"testdata",
    b"fixtures",
    b"__fixtures__",
    b"e2e",
    b"mocks",
];

/// The context of the file at `path`.
pub fn classify(path: &BlobPath, text: &[u8]) -> FileContext {
    let _ = text;
    let name = path.file_name();
    if LOCKFILES.contains(&name) {
        return FileContext::Lockfile;
    }
    if is_test(path) {
        return FileContext::Test;
    }
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    let docs = path
        .folders()
        .any(|folder| folder == b"docs" || folder == b"doc");
    if DOCUMENTATION.contains(&extension.as_slice()) && (extension != b"txt" || docs) {
        return FileContext::Documentation;
    }
    FileContext::Source
}

fn is_test(path: &BlobPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    let stem = name.split(|b| *b == b'.').next().unwrap_or_default();
    let marked = stem.starts_with(b"test_") || stem.ends_with(b"_test") || stem.ends_with(b"_spec");
    let dotted = name
        .split(|b| *b == b'.')
        .skip(1)
        .any(|part| part == b"test" || part == b"spec");
    marked || dotted || path.folders().any(|folder| TEST_FOLDERS.contains(&folder))
}

/// A rule's severity in a context: what is not in use, or is likely a sample, weighs one step less.
pub(super) fn severity_in(context: FileContext, severity: Severity) -> Severity {
    match context {
        FileContext::BrowserBundle | FileContext::ClientSource => {
            Severity::Critical.min(raised(severity))
        }
        FileContext::Documentation | FileContext::Test | FileContext::Lockfile => lowered(severity),
        _ => severity,
    }
}

fn lowered(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}

fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Low => Severity::Medium,
        Severity::Medium => Severity::High,
        _ => Severity::Critical,
    }
}
