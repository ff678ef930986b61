//! A question before a Jourvex key is accepted: whoever reads one can use it until it is rotated.

use super::output;
use anyhow::Context as _;
use jvxleaks::model::Finding;
use jvxleaks::policy::is_jourvex_key;
use std::collections::BTreeSet;
use std::io::{self, IsTerminal};

/// True when the Jourvex keys among `findings` may be `done` with: there are none, an option says so,
/// or the person at the terminal does.
///
/// # Errors
/// When there is nobody to ask.
pub(super) fn jourvex_keys(findings: &[&Finding], yes: bool, done: &str) -> anyhow::Result<bool> {
    let keys = findings.iter().filter(|f| is_jourvex_key(f));
    let keys: BTreeSet<_> = keys.map(|f| (&f.secret, f.secret.to_string())).collect();
    if keys.is_empty() || yes {
        return Ok(true);
    }
    let shown: Vec<&str> = keys
        .iter()
        .map(|(_, shown)| shown.as_str())
        .take(3)
        .collect();
    let (shown, count) = (shown.join(", "), keys.len());
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
