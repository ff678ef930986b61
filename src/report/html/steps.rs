//! What to do: words, and commands in blocks that can be copied.

use super::super::escape;
use crate::model::Step;
use maud::{Markup, html};

/// Steps in their order; commands that follow each other are one block.
pub(super) fn list(steps: &[Step]) -> Markup {
    let mut blocks: Vec<Markup> = Vec::new();
    let mut commands: Vec<&str> = Vec::new();
    for step in steps {
        match step {
            Step::Run(line) => commands.push(line),
            Step::Say(said) => {
                blocks.extend(block(&std::mem::take(&mut commands)));
                blocks.push(html! { p { (words(said)) } });
            }
        }
    }
    blocks.extend(block(&commands));
    html! { @for block in &blocks { "\n" (block) } }
}

/// Commands, one a line, with a button that copies them.
fn block(commands: &[&str]) -> Option<Markup> {
    let lines: Vec<_> = commands.iter().map(|line| escape::visible(line)).collect();
    (!lines.is_empty()).then(|| command(&lines.join("\n")))
}

/// A command with a button that copies it; hidden characters are shown already.
pub(super) fn command(text: &str) -> Markup {
    html! {
        div .command {
            pre { code { (text) } }
            button .copy type="button" aria-label="Copy the command" { "Copy" }
        }
    }
}

/// Words, in which what stands between backticks is code.
pub(super) fn words(text: &str) -> Markup {
    let text = escape::visible(text);
    let parts: Vec<&str> = text.split('`').collect();
    // A backtick that nothing closes is one.
    let is_paired = parts.len() % 2 == 1;
    html! {
        @if is_paired {
            @for (at, part) in parts.iter().enumerate() {
                @if at % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else { (text) }
    }
}

/// What a step begins with that accepts a finding.
const SILENCE: &str = "silence: ";

/// The command in it, which is the rest of the line.
const COMMAND: &str = "jvxleaks allow ";

/// True for the step that accepts a finding.
pub(super) fn is_silence(step: &str) -> bool {
    step.starts_with(SILENCE)
}

/// How a finding is accepted, behind a fold, by the steps that it has.
pub(super) fn silence(advice: &[String]) -> Markup {
    let steps = advice.iter().filter_map(|step| step.strip_prefix(SILENCE));
    html! {
        @for step in steps {
            "\n" details .silence {
                summary { "False alarm?" }
                (accepted(step))
            }
        }
    }
}

/// `put ... above the line, or: jvxleaks allow ...`, the command in a block of its own.
fn accepted(step: &str) -> Markup {
    let at = step.rfind(COMMAND);
    // Between backticks it is a part of a sentence.
    let at = at.filter(|at| !step[*at..].contains('`'));
    let (said, command) = step.split_at(at.unwrap_or(step.len()));
    html! {
        @if !said.is_empty() { p { (words(said.trim_end())) } }
        @if !command.is_empty() { (self::command(&escape::visible(command))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_blocks_and_words_stay_text() {
        let steps = [
            Step::say("take `KEY` out of <.env>, then"),
            Step::run("git add -- '.env'"),
            Step::run("git commit -m \"x\""),
            Step::say("an odd ` stays"),
        ];
        insta::assert_snapshot!(list(&steps).into_string().trim_start(), @r#"
        <p>take <code>KEY</code> out of &lt;.env&gt;, then</p>
        <div class="command"><pre><code>git add -- '.env'
        git commit -m &quot;x&quot;</code></pre><button class="copy" type="button" aria-label="Copy the command">Copy</button></div>
        <p>an odd ` stays</p>
        "#);
    }
}
