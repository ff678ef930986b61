//! A question before a Jourvex key is accepted: whoever reads one can use it until it is rotated.

use super::super::output;
use anyhow::Context as _;
use std::io::{self, IsTerminal};

/// What accepting Jourvex keys means.
pub(in crate::cli) struct Risk {
    what: String,
    is_one: bool,
}

impl Risk {
    /// The risk of keys, each as it may be shown; none if there are no keys.
    pub(in crate::cli) fn of(keys: &[&str]) -> Option<Self> {
        let shown = keys.iter().take(3).copied();
        let shown = shown.collect::<Vec<_>>().join(", ");
        let what = match keys.len() {
            0 => return None,
            1 => format!("the Jourvex key {shown} works for whoever reads it until it is rotated"),
            count => format!(
                "{count} Jourvex keys ({shown}{}) work for whoever reads them until they are rotated",
                if count > 3 { ", ..." } else { "" }
            ),
        };
        Some(Self {
            what: format!("{what} at Settings -> API Access"),
            is_one: keys.len() == 1,
        })
    }

    /// Asks the person at the terminal whether the keys shall be `done` with all the same.
    ///
    /// # Errors
    /// When the answer cannot be read.
    pub(in crate::cli) fn ask(&self, done: &str) -> anyhow::Result<bool> {
        let it = if self.is_one { "it" } else { "they" };
        output::ask(&format!(
            "{}. Shall {it} be {done} all the same? [y/N] ",
            self.what
        ));
        let mut answer = String::new();
        io::stdin()
            .read_line(&mut answer)
            .context("standard input: cannot read the answer")?;
        Ok(agrees(&answer))
    }

    /// Says it where nobody can be asked, as in a job that takes a baseline of what is there.
    pub(in crate::cli) fn say(&self) {
        let it = if self.is_one { "it" } else { "them" };
        output::say(&format!(
            "{}; accepting {it} changes nothing of that",
            self.what
        ));
    }

    /// Says it as the reason why nothing was done.
    pub(in crate::cli) fn refusal(&self) -> anyhow::Error {
        let it_is = if self.is_one { "it is" } else { "they are" };
        anyhow::anyhow!(
            "{}; if {it_is} dead or meant to be public, give --yes as the first option",
            self.what
        )
    }
}

/// True when there is a person to ask.
pub(in crate::cli) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
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
