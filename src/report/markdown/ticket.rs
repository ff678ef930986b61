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
pub(in crate::report) const LEGEND: [(KeyAction, &str); 5] = [
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
    (
        KeyAction::Done,
        "others may hold a copy, and its server refuses it",
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

/// How the words begin that say when to do what stands below them, and not what stands above.
const CHOICES: [&str; 3] = ["if ", "or, ", "otherwise"];

/// The same of words to which all the rest belongs.
const RESTS: [&str; 2] = ["otherwise", "if it is one"];

/// Steps as blocks that can be copied. A choice is a sentence above a block of its own: who copies a block does not
/// type both branches.
fn fenced(steps: &[Step]) -> String {
    let mut told = String::new();
    let mut block = String::new();
    let mut is_branch = false;
    let begins = |words: &str, with: &[&str]| with.iter().any(|start| words.starts_with(start));
    for step in steps {
        match step {
            Step::Say(words) if begins(words, &CHOICES) => {
                told += &closed(&mut block);
                told += &format!("{}\n\n", sentence(words));
                is_branch = !begins(words, &RESTS);
            }
            Step::Say(words) => {
                if is_branch && !block.is_empty() {
                    told += &closed(&mut block);
                    is_branch = false;
                }
                block += &format!("# {}\n", escape::visible(words));
            }
            // No command begins with what would end the block.
            Step::Run(command) => block += &format!("{}\n", escape::visible(command)),
        }
    }
    told += &closed(&mut block);
    format!("{}\n", told.trim_end())
}

/// The lines of a block, and a block that is empty again.
fn closed(block: &mut String) -> String {
    match &*std::mem::take(block) {
        "" => String::new(),
        lines => format!("```sh\n{lines}```\n\n"),
    }
}

/// Words as a paragraph: what Markdown could make something of is shown as code.
fn sentence(words: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".,;()':-?".contains(c);
    let shown = |(at, part): (usize, &str)| {
        // Between backticks it is code anyway.
        if at % 2 == 1 {
            return code(part);
        }
        let words = part.split(' ').map(|word| {
            let is_safe = word.chars().all(is_plain) && !word.contains("www.");
            if is_safe { word.to_owned() } else { code(word) }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let parts = words.split('`').enumerate().map(shown);
    let text: String = parts.collect();
    let first = text.chars().next().unwrap_or_default().to_ascii_uppercase();
    format!("{first}{}", text.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_branch_of_a_choice_is_a_block_below_a_sentence() {
        let steps = [
            Step::say("take the key out of .env, then"),
            Step::run("git add -- .env"),
            Step::say("or, since `.env` <b> *stays* out of git, leave it out:"),
            Step::run("git rm --cached -- .env"),
            Step::say("on branch feat"),
            Step::run("git switch feat"),
            Step::say("if it was pushed: rotate it"),
            Step::say("otherwise:"),
            Step::say("look"),
            Step::run("git log"),
            Step::say("look again"),
        ];
        insta::assert_snapshot!(fenced(&steps), @"
        ```sh
        # take the key out of .env, then
        git add -- .env
        ```

        Or, since `.env` `<b>` `*stays*` out of git, leave it out:

        ```sh
        git rm --cached -- .env
        ```

        ```sh
        # on branch feat
        git switch feat
        ```

        If it was pushed: rotate it

        Otherwise:

        ```sh
        # look
        git log
        # look again
        ```
        ");
    }
}
