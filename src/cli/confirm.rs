//! A question before a Jourvex key is accepted: whoever reads one can use it until it is rotated.

use super::output;
use anyhow::Context as _;
use std::io::{self, IsTerminal};

/// True when Jourvex keys, each as it may be shown, may be `done` with: there are none, an option says so,
/// or the person at the terminal does.
///
/// # Errors
/// When there is nobody to ask.
pub(super) fn jourvex_keys(keys: &[&str], yes: bool, done: &str) -> anyhow::Result<bool> {
    if keys.is_empty() || yes {
        return Ok(true);
    }
    let count = keys.len();
    let shown = keys.iter().take(3).copied();
    let shown = shown.collect::<Vec<_>>().join(", ");
    let risk = match count {
        1 => format!("the Jourvex key {shown} works for whoever reads it until it is rotated"),
        _ => format!(
            "{count} Jourvex keys ({shown}{}) work for whoever reads them until they are rotated",
            if count > 3 { ", ..." } else { "" }
        ),
    };
    let risk = format!("{risk} at Settings -> API Access");
    let (it, is) = if count == 1 {
        ("it", "is")
    } else {
        ("they", "are")
    };
    anyhow::ensure!(
        io::stdin().is_terminal() && io::stderr().is_terminal(),
        "{risk}; if {it} {is} dead or meant to be public, give --yes"
    );
    output::ask(&format!(
        "{risk}. Shall {it} be {done} all the same? [y/N] "
    ));
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .context("standard input: cannot read the answer")?;
    Ok(agrees(&answer))
}

fn agrees(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_one() {
        assert!(["y\n", "Yes\n", " yes \r\n"].iter().all(|a| agrees(a)));
        assert!(!["\n", "", "no\n", "yesterday\n"].iter().any(|a| agrees(a)));
    }
}
