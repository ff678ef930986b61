//! What a ticket says of an audit besides its tables: of which repository it is, and what to do about each key.
//!
//! Steps stand in a block of code, where Markdown makes nothing of what they name: commands as they are, and words
//! as comments between them.

use super::super::escape;
use super::super::options::ReportOptions;
use super::super::summary::counted;
use super::super::text::keys;
use super::super::text::keys::{amended, heading, short};
use super::code::{code, key_name};
use crate::model::{Audited, ExposedKey, KeyAction, Outcome, RefKind, Step};
use std::io::{self, Write};

/// What each word means.
const LEGEND: [(KeyAction, &str); 4] = [
    (
        KeyAction::Rotate,
        "others may hold a copy, so only a new key helps",
    ),
    (
        KeyAction::Amend,
        "it is in this clone alone, so take it out before the push",
    ),
    (
        KeyAction::Expire,
        "nothing refers to it any more, so let git delete it",
    ),
    (
        KeyAction::Check,
        "a warning where it stands, so see whether it is a credential",
    ),
];

/// Which repository was audited, and when.
pub(in crate::report) fn headline(audited: &Audited) -> String {
    let mut parts = vec![format!("Repository {}", code(&audited.repository))];
    if let Some(head) = &audited.head {
        let branch = audited.branch.as_ref().map(|branch| match branch.kind() {
            RefKind::Branch(name) => format!(" on {}", code(name)),
            _ => String::new(),
        });
        let branch = branch.unwrap_or_default();
        parts.push(format!("HEAD {}{branch}", code(&short(head))));
    }
    parts.push(format!("read on {}", keys::day(&audited.day)));
    parts.join(", ") + "."
}

/// Writes what the words mean, and the steps for each key and for all that are taken out together. Keys to check
/// are told once.
pub(super) fn write_steps(
    keys: &[&ExposedKey],
    outcome: &Outcome,
    options: &ReportOptions,
    left: &mut usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for (action, meaning) in LEGEND {
        if keys.iter().any(|key| key.action() == action) {
            writeln!(out, "- **{}**: {meaning}.", heading(action))?;
        }
    }
    let mut cut = 0;
    let mut write = |head: String, steps: &[Step]| {
        let block = format!("\n{head}\n\n{}", fenced(steps));
        match left.checked_sub(block.len()) {
            Some(rest) if cut == 0 => {
                *left = rest;
                out.write_all(block.as_bytes())
            }
            _ => {
                cut += 1;
                Ok(())
            }
        }
    };
    for key in keys.iter().filter(|key| key.action() != KeyAction::Check) {
        let head = format!("**{}** {}", heading(key.action()), key_name(key));
        write(head, &key.advice)?;
    }
    if !outcome.rewriting.is_empty() {
        let head = format!("**AMEND ALL** {}, in one rewrite", amended(outcome));
        write(head, &outcome.rewriting)?;
    }
    if keys.iter().any(|key| key.action() == KeyAction::Check) {
        write(
            "**CHECK** each of these".to_owned(),
            &keys::to_check(options),
        )?;
    }
    match cut {
        0 => Ok(()),
        cut => writeln!(
            out,
            "\nSteps of {} left out for lack of room.",
            counted(cut, "key")
        ),
    }
}

/// Steps as a block that can be copied.
fn fenced(steps: &[Step]) -> String {
    let lines = steps.iter().map(|step| {
        let (start, text) = match step {
            Step::Say(words) => ("# ", words),
            Step::Run(command) => ("", command),
        };
        // No command begins with what would end the block.
        format!("{start}{}\n", escape::visible(text))
    });
    let lines: String = lines.collect();
    format!("```sh\n{lines}```\n")
}
