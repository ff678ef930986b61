//! Lists `rules/*.toml` so that a new rule file needs no other change; `published.toml` has no rules.
//!
//! Writes `builtin.rs` with one `(name, include_str!(path))` per file, sorted by name.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("rules"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "toml") && !path.ends_with("published.toml") {
            files.push(path);
        }
    }
    files.sort();
    let mut list = String::from("&[\n");
    for path in &files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let path = path.to_string_lossy();
        let line = format!("    (r#\"{name}\"#, include_str!(r#\"{path}\"#)),");
        writeln!(list, "{line}").map_err(io::Error::other)?;
    }
    list.push(']');
    fs::write(out.join("builtin.rs"), list)
}
