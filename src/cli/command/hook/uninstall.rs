//! `jvxleaks hook uninstall`.

use super::args::ChoiceArgs;
use super::existing::before;
use super::folder::Folder;
use super::script::{self, Hook};
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::setup::project_text;
use anyhow::Context as _;
use jvxleaks::source::UserSettings;
use std::fs;
use std::io;
use std::path::Path;

/// Takes the chosen hooks away, and puts back what was there before.
pub(super) fn uninstall(args: &ChoiceArgs) -> anyhow::Result<Exit> {
    let folder = if args.global {
        Folder::of_user()?
    } else {
        Folder::of_repository(args.server.as_deref())?
    };
    let mut told = Vec::new();
    for hook in args.hooks(&Hook::ALL) {
        told.extend(take(&folder, hook)?);
    }
    if folder.is_own() && Hook::ALL.iter().all(|hook| !scans(&folder, *hook)) {
        told.push(dissolve(&folder)?);
    }
    if told.is_empty() {
        let path = project_text::shown(&folder.path).display();
        told.push(format!("{path}: no hook of jvxleaks is there"));
    }
    if args.quiet {
        return Ok(Exit::Clean);
    }
    output::generated(|out| told.iter().try_for_each(|line| writeln!(out, "{line}")))
}

/// Takes one hook away, and tells so; nothing if it is not ours. In our own folder the
/// repository's hook goes on.
fn take(folder: &Folder, hook: Hook) -> anyhow::Result<Option<String>> {
    let path = folder.path.join(hook.name());
    let shown = project_text::shown(&path).display();
    let text = match fs::read(&path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.with_context(|| cannot_change(&path))?,
    };
    if !script::is_ours(&text) {
        return Ok(Some(format!(
            "{shown}: not written by jvxleaks, left alone"
        )));
    }
    if folder.is_own() && !scans(folder, hook) {
        return Ok(None);
    }
    let earlier = before(&folder.path, hook);
    if folder.is_own() {
        let script = script::pass_through(hook.name());
        output::replace_program(&path, script.as_bytes()).with_context(|| cannot_change(&path))?;
    } else if earlier.symlink_metadata().is_ok() {
        fs::rename(&earlier, &path).with_context(|| cannot_change(&path))?;
        return Ok(Some(format!("{shown}: the hook from before is back")));
    } else {
        fs::remove_file(&path).with_context(|| cannot_change(&path))?;
    }
    Ok(Some(format!("{shown}: removed")))
}

/// True while a hook of our own folder does more than run the repository's.
fn scans(folder: &Folder, hook: Hook) -> bool {
    let text = fs::read(folder.path.join(hook.name())).unwrap_or_default();
    script::is_ours(&text) && text != script::pass_through(hook.name()).as_bytes()
}

/// Lets git look for hooks in each repository again, and clears our own folder.
fn dissolve(folder: &Folder) -> anyhow::Result<String> {
    if let Some(settings) = UserSettings::find().filter(|s| s.hooks_path().is_some()) {
        let file = settings.file().display();
        let unset = settings.set_hooks_path(None);
        unset.map_err(|why| anyhow::anyhow!("{file}: cannot be changed: {why}"))?;
    }
    for entry in fs::read_dir(&folder.path).into_iter().flatten().flatten() {
        let ours = fs::read(entry.path()).is_ok_and(|text| script::is_ours(&text));
        if ours {
            fs::remove_file(entry.path()).with_context(|| cannot_change(&entry.path()))?;
        }
    }
    // What someone else put there stays, and with it the folder.
    let _ = fs::remove_dir(&folder.path);
    Ok("git looks for hooks in each repository again".to_owned())
}

fn cannot_change(path: &Path) -> String {
    format!("{}: cannot be changed", path.display())
}
