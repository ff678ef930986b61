//! Paths as they are typed, and lists of them in files.

use anyhow::Context as _;
use jvxleaks::decode;
use jvxleaks::model::BlobPath;
use jvxleaks::source::standard_input;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The paths, with each `@FILE` replaced by those in the file.
///
/// # Errors
/// When a list cannot be read.
pub(in crate::cli) fn listed(typed: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in typed {
        match list(path) {
            Some(list) => paths.extend(read(&list)?),
            None => paths.push(path.clone()),
        }
    }
    Ok(paths)
}

/// The file that `@FILE` names; `None` for a path, which `@types` is where there is one.
fn list(path: &Path) -> Option<PathBuf> {
    let file = path.as_os_str().to_str()?.strip_prefix('@')?;
    (!file.is_empty() && path.symlink_metadata().is_err()).then(|| file.into())
}

fn read(list: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut text = Vec::new();
    let read = if list.as_os_str() == "-" {
        standard_input()
            .and_then(|mut input| input.read_to_end(&mut text))
            .map(|_| ())
    } else {
        std::fs::read(list).map(|read| text = read)
    };
    read.with_context(|| format!("cannot read the list of paths {}", list.display()))?;
    // As PowerShell writes it, in which every other byte is zero.
    let text = if text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF") {
        decode::text(&text).into_owned()
    } else {
        decode::without_mark(&text).to_vec()
    };
    let zero = text.contains(&0);
    let paths = text.split(|b| if zero { *b == 0 } else { *b == b'\n' });
    let paths = paths.map(|path| path.strip_suffix(b"\r").unwrap_or(path));
    let paths = paths.filter(|path| !path.is_empty());
    Ok(paths
        .map(|path| BlobPath::from_bytes(path).to_native())
        .collect())
}
