//! What is uploaded to PyPI: the archives in `dist/`, which exist before an upload. Before a build, what a source archive
//! would hold, where the backend decides that by settings alone.

use super::listing::{PackageError, PackageListing, entries, read};
use super::python_backend;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use toml::{Table, Value};

/// The folder that builds write archives into.
const DIST: &str = "dist";

/// What the names of these archives end in.
const ENDINGS: &[&str] = &[".whl", ".tar.gz", ".zip"];

/// What to type where only a build can tell.
const BUILD: &str = "type `python -m build`, then `jvxleaks package pypi` again";

/// Lists the archives of the project in `folder`, or what one would hold.
///
/// # Errors
/// When there are none, and only a build can tell.
pub(super) fn list(folder: &Path) -> Result<PackageListing, PackageError> {
    let mut listing = PackageListing::default();
    let dist = folder.join(DIST);
    if dist.is_dir() {
        for (name, kind) in entries(&mut listing, &dist) {
            let file = dist.join(&name);
            let is_file = kind.is_file() || kind.is_symlink() && file.is_file();
            if is_file && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                if !is_archive(&file) {
                    listing.fault(&file, format!("it is no archive; {BUILD}"));
                }
                listing.add(file);
            }
        }
    }
    if listing.is_empty() {
        would_be(folder, &mut listing)?;
        listing.note("dist/ holds no archive: this is what a source archive would hold, as pyproject.toml says");
    }
    listing.below(folder)
}

/// True for what begins as a wheel or a packed source archive does.
fn is_archive(file: &Path) -> bool {
    let mut head = [0; 2];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && matches!(&head, b"PK" | b"\x1f\x8b")
}

/// Adds what a source archive would hold.
fn would_be(folder: &Path, listing: &mut PackageListing) -> Result<(), PackageError> {
    let unknown = |what: &str| {
        let folder = folder.display();
        PackageError::new(format!(
            "{folder}: no archive in dist/, and {what}; {BUILD}"
        ))
    };
    let file = folder.join("pyproject.toml");
    if !file.is_file() {
        return Err(unknown(
            "there is no pyproject.toml that says what one would hold",
        ));
    }
    let text = read(&file).map_err(|what| unknown(&format!("pyproject.toml: {what}")))?;
    let project: Table = text
        .parse()
        .map_err(|_| unknown("pyproject.toml is no TOML"))?;
    let backend = project
        .get("build-system")
        .and_then(|build| build.get("build-backend"));
    let backend = backend.and_then(Value::as_str).unwrap_or("setuptools");
    let told = match backend {
        "hatchling.build" => python_backend::hatchling(folder, &project, listing),
        "flit_core.buildapi" => python_backend::flit(folder, &project, listing),
        _ => Err(format!("only a build tells what {backend} puts into one")),
    };
    told.map_err(|what| unknown(&what))
}
