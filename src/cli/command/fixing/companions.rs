//! What goes with a fix: the names of variables in `.env.example`, `.env` kept from git, and its values if they are asked for.

use super::super::super::output;
use super::file_fix::writable;
use anyhow::Context as _;
use jvxleaks::model::Secret;
use jvxleaks::source::GitRepo;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Names the variables in `.env.example`, and keeps `.env` from git.
pub(super) fn name(root: &Path, names: &[String]) -> anyhow::Result<()> {
    let missing = |text: &str| -> Vec<String> {
        let is_there = |name: &str| text.lines().any(|line| value_of(line, name).is_some());
        let missing = names.iter().filter(|name| !is_there(name));
        missing.map(|name| format!("{name}=")).collect()
    };
    say_taken(root, names);
    add_lines(root, ".env.example", missing)?;
    if root.join(".git").exists() {
        keep_from_git(root)?;
    }
    Ok(())
}

/// Says which of the variables stood in `.env.example` before: another place may read one as another credential, and no
/// value of it is kept anywhere to tell.
fn say_taken(root: &Path, names: &[String]) {
    let text = fs::read_to_string(root.join(".env.example")).unwrap_or_default();
    let is_there = |name: &&String| text.lines().any(|line| value_of(line, name).is_some());
    let taken: Vec<&str> = names.iter().filter(is_there).map(String::as_str).collect();
    if !taken.is_empty() {
        output::line(&format!(
            ".env.example: had {} before; if what reads it wants another credential, give one of both another name",
            taken.join(", ")
        ));
    }
}

fn keep_from_git(root: &Path) -> anyhow::Result<()> {
    add_lines(root, ".gitignore", |text| {
        let is_there = text
            .lines()
            .any(|line| matches!(line.trim(), ".env" | "/.env" | ".env*" | "*.env" | ".env.*"));
        if is_there {
            Vec::new()
        } else {
            vec![".env".to_owned()]
        }
    })
}

/// The value that a line of an `.env` gives a variable.
fn value_of<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.strip_prefix(name)?.strip_prefix('=')
}

/// Writes the values of variables into the `.env` at the root, which git has to ignore.
pub(super) fn write_values(root: &Path, values: &BTreeMap<String, &Secret>) -> anyhow::Result<()> {
    const REFUSED: &str =
        "nothing was fixed: --write-env writes into an .env that git ignores alone";
    anyhow::ensure!(
        root.join(".git").exists(),
        "{REFUSED}, and here is no repository; fix without it"
    );
    keep_from_git(root)?;
    let repo = GitRepo::open(Some(root))?;
    anyhow::ensure!(
        repo.ignores(Path::new(".env"))
            .map_err(anyhow::Error::msg)?,
        "{REFUSED}, and git tracks it or an ignore file takes it back; run `git rm --cached .env`, or fix without it"
    );
    let file = root.join(".env");
    let about = fs::symlink_metadata(&file).ok();
    anyhow::ensure!(
        about.as_ref().is_none_or(fs::Metadata::is_file),
        ".env: it is no file; nothing was fixed"
    );
    if about.is_some() {
        let why = writable(&file, Some(root));
        why.map_err(|why| anyhow::anyhow!(".env: {why}; nothing was fixed"))?;
    }
    let text = match fs::read_to_string(&file) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.context(".env: cannot be read; nothing was fixed")?,
    };
    let filled = filled(&text, values)?;
    if filled == text {
        return Ok(());
    }
    match about {
        Some(about) => output::replace_kept(&file, filled.as_bytes(), &about),
        None => output::replace_private(&file, filled.as_bytes()),
    }
    .context(".env: cannot be written; nothing was fixed")?;
    let names: Vec<&str> = values.keys().map(String::as_str).collect();
    output::line(&format!(".env: has the values of {}", names.join(", ")));
    Ok(())
}

/// The text of an `.env` in which each variable has its value.
fn filled(text: &str, values: &BTreeMap<String, &Secret>) -> anyhow::Result<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (name, secret) in values {
        let value = quoted(secret).with_context(|| {
            format!("{name}: its value cannot be written in an .env; nothing was fixed")
        })?;
        let mut is_there = false;
        // Where a name stands twice, some readers take the first line and some the last.
        for line in &mut lines {
            let Some(own) = value_of(line, name) else {
                continue;
            };
            is_there = true;
            match own.trim() {
                "" => *line = format!("{}={value}", line.split('=').next().unwrap_or(name)),
                own if own == value || own.trim_matches(['"', '\'']) == value => {}
                _ => anyhow::bail!(
                    ".env: it gives {name} another value; nothing was fixed. Take the line out, or fix without --write-env"
                ),
            }
        }
        if !is_there {
            lines.push(format!("{name}={value}"));
        }
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Ok(lines.join(end) + end)
}

/// A value as every reader of an `.env` takes it.
fn quoted(secret: &Secret) -> Option<String> {
    let value = std::str::from_utf8(secret.expose()).ok()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.+/=:@%".contains(c);
    if value.chars().all(is_plain) {
        return Some(value.to_owned());
    }
    let is_quotable = !value.chars().any(|c| c == '\'' || c.is_control());
    is_quotable.then(|| format!("'{value}'"))
}

/// Adds lines to a file that lacks them, and says so.
fn add_lines(
    root: &Path,
    name: &str,
    missing: impl FnOnce(&str) -> Vec<String>,
) -> anyhow::Result<()> {
    let file = root.join(name);
    let is_link = fs::symlink_metadata(&file).is_ok_and(|about| about.is_symlink());
    anyhow::ensure!(
        !is_link,
        "{name}: it is a symbolic link, which is not followed; add the lines by hand"
    );
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
        Err(e) => {
            return Err(e)
                .with_context(|| format!("{name}: cannot be read; add the lines by hand"));
        }
    };
    let lines = missing(&text);
    if lines.is_empty() {
        return Ok(());
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let between = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        end
    };
    let new = format!("{text}{between}{}{end}", lines.join(end));
    output::fill(root, name, new.as_bytes())?;
    output::line(&format!("{name}: added {}", lines.join(", ")));
    Ok(())
}
