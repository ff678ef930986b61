//! What git hands a hook: variables, and lists of refs on standard input.

use anyhow::Context as _;
use jvxleaks::source::RefUpdate;
use std::env;
use std::io::Read;

/// Most bytes of the list of pushed refs.
const LONGEST_LIST: u64 = 64 << 20;

/// A variable that says something.
pub(super) fn given(name: &str) -> Option<String> {
    env::var(name).ok().filter(|text| !text.is_empty())
}

/// The lines that git writes to the hook `name`, each read by `parse`.
pub(super) fn updates(
    name: &str,
    parse: fn(&str) -> Option<RefUpdate>,
) -> anyhow::Result<Vec<RefUpdate>> {
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock().take(LONGEST_LIST + 1);
    let size = input
        .read_to_end(&mut bytes)
        .context("standard input: cannot read which refs are pushed")? as u64;
    anyhow::ensure!(
        size <= LONGEST_LIST,
        "standard input: this is no list of pushed refs"
    );
    anyhow::ensure!(
        size > 0 || !is_device(),
        "standard input: this is no list of pushed refs, which git hands its hook through a pipe; \
         hand on all of its standard input"
    );
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .enumerate()
        .map(|(at, line)| {
            // The line itself is not shown: what it is instead may be a secret.
            let number = at + 1;
            parse(line).with_context(|| {
                format!(
                    "standard input: line {number} is not what git tells a {name} hook; \
                     hand on all of its standard input"
                )
            })
        })
        .collect()
}

/// True when standard input is a device, such as the `/dev/null` that whoever calls a hook gives it
/// in place of what git said. Git's own list is a pipe, which is empty when nothing is pushed.
#[cfg(unix)]
fn is_device() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let file = std::io::stdin().as_fd().try_clone_to_owned();
    let kind = file.and_then(|file| std::fs::File::from(file).metadata());
    kind.is_ok_and(|metadata| metadata.file_type().is_char_device())
}

#[cfg(not(unix))]
fn is_device() -> bool {
    false
}
