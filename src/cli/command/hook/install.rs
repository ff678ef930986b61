//! `jvxleaks hook install`.

use super::args::ChoiceArgs;
use super::existing::{Existing, before};
use super::folder::Folder;
use super::script::{self, Hook};
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::setup::project_text;
use anyhow::Context as _;
use std::fs;
use std::path::Path;

/// Puts the chosen hooks in place, or none if one of them cannot be.
pub(super) fn install(args: &ChoiceArgs) -> anyhow::Result<Exit> {
    let folder = if args.global {
        Folder::of_user()?
    } else {
        Folder::of_repository(args.server.as_deref())?
    };
    let hooks = args.hooks(&[Hook::PreCommit, Hook::PreMergeCommit, Hook::PrePush]);
    let existing = look(&folder, &hooks)?;
    if refuses(&folder, &existing) {
        return Ok(Exit::Trouble);
    }
    fs::create_dir_all(&folder.path).with_context(|| cannot_write(&folder.path))?;
    let mut told = Vec::new();
    for (hook, existing) in existing {
        told.push(put(&folder, hook, &existing)?);
    }
    told.extend(finish(&folder, args.server.is_some())?);
    if args.quiet {
        return Ok(Exit::Clean);
    }
    output::generated(|out| told.iter().try_for_each(|line| writeln!(out, "{line}")))
}

fn look(folder: &Folder, hooks: &[Hook]) -> anyhow::Result<Vec<(Hook, Existing)>> {
    let look = |hook: &Hook| {
        let path = folder.path.join(hook.name());
        let existing = Existing::look(&folder.path, *hook);
        let existing = existing.with_context(|| format!("{}: cannot be read", path.display()))?;
        Ok((*hook, existing))
    };
    hooks.iter().map(look).collect()
}

/// Says which hooks stand in the way, and what to do about each; true if any does.
fn refuses(folder: &Folder, existing: &[(Hook, Existing)]) -> bool {
    let mut refused = false;
    for (hook, existing) in existing {
        let Existing::Foreign { why, file, lines } = existing else {
            continue;
        };
        refused = true;
        let path = folder.path.join(hook.name());
        let path = project_text::shown(&path).display();
        output::say(&format!("{path}: {why}; add to {file}:"));
        lines.iter().for_each(|line| output::line(line));
    }
    if refused {
        output::say("nothing was changed");
    }
    refused
}

/// Puts one hook in place, and tells so.
fn put(folder: &Folder, hook: Hook, existing: &Existing) -> anyhow::Result<String> {
    let path = folder.path.join(hook.name());
    let earlier = before(&folder.path, hook);
    if *existing == Existing::Chainable {
        fs::rename(&path, &earlier).with_context(|| cannot_write(&earlier))?;
    }
    let script = hook.script(folder.program.as_deref(), folder.first);
    if *existing == Existing::Ours && is_in_place(&path, script.as_bytes()) {
        let path = project_text::shown(&path).display();
        return Ok(format!("{path}: already installed"));
    }
    let differs = |text: Vec<u8>| script::scans(&text) && text != script.as_bytes();
    let is_older = *existing == Existing::Ours && fs::read(&path).is_ok_and(differs);
    output::replace_program(&path, script.as_bytes()).with_context(|| cannot_write(&path))?;
    let first = match earlier.symlink_metadata() {
        Ok(_) if !may_run(&earlier, 0o100) => format!(
            "; {} is not executable, so it is not run, as git did not",
            project_text::shown(&earlier).display()
        ),
        Ok(_) => format!("; runs {} first", project_text::shown(&earlier).display()),
        Err(_) => String::new(),
    };
    let done = if is_older {
        "written anew, since another version of it stood there"
    } else {
        "installed"
    };
    Ok(format!(
        "{}: {done}{first}",
        project_text::shown(&path).display()
    ))
}

/// True for a hook that would be written again as it is. One that git does not run, since nobody may, is none.
fn is_in_place(path: &Path, script: &[u8]) -> bool {
    may_run(path, 0o111) && fs::read(path).is_ok_and(|text| text == script)
}

/// True for a program, by some of the bits that say so.
#[cfg(unix)]
fn may_run(path: &Path, bits: u32) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|there| there.permissions().mode() & bits == bits)
}

#[cfg(not(unix))]
fn may_run(_: &Path, _: u32) -> bool {
    true
}

/// What a folder for all repositories needs besides, and what there is to know.
fn finish(folder: &Folder, is_server: bool) -> anyhow::Result<Vec<String>> {
    let mut told = Vec::new();
    if folder.is_own() {
        let chosen_later = Hook::ALL.iter().map(|hook| hook.name());
        let chosen_later = chosen_later.filter(|name| !folder.path.join(name).exists());
        for name in chosen_later.chain(script::OTHERS) {
            let path = folder.path.join(name);
            let script = script::pass_through(name);
            output::replace_program(&path, script.as_bytes())
                .with_context(|| cannot_write(&path))?;
        }
    }
    if let Some(settings) = &folder.unnamed_in {
        let named = settings.set_hooks_path(Some(&folder.path));
        let file = settings.file().display();
        named.map_err(|why| anyhow::anyhow!("{file}: cannot be changed: {why}"))?;
        told.push(format!(
            "{file}: core.hooksPath = {}",
            folder.path.display()
        ));
    }
    if folder.shared {
        told.push(
            "These hooks run in every repository that has no core.hooksPath of its own.".to_owned(),
        );
    }
    told.push(if is_server {
        "A push may skip it with git push -o jvxleaks.skip=REASON once receive.advertisePushOptions is true here."
    } else {
        "To skip once: SKIP=jvxleaks git commit ..., or git commit --no-verify."
    }.to_owned());
    Ok(told)
}

fn cannot_write(path: &Path) -> String {
    format!("{}: cannot be written", path.display())
}
