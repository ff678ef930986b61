//! What to do, step by step.

/// A step of an advice. Words and commands are apart, so that a command can be copied whole and runs as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Words.
    Say(String),
    /// A command, nothing before it and nothing behind it.
    Run(String),
}

impl Step {
    /// Words.
    pub fn say(words: impl Into<String>) -> Self {
        Self::Say(words.into())
    }

    /// A command.
    pub fn run(command: impl Into<String>) -> Self {
        Self::Run(command.into())
    }

    /// What is said or run.
    pub fn text_mut(&mut self) -> &mut String {
        match self {
            Self::Say(text) | Self::Run(text) => text,
        }
    }

    /// The step as a line; a command has two blanks before it.
    pub fn line(&self) -> String {
        match self {
            Self::Say(words) => words.clone(),
            Self::Run(command) => format!("  {command}"),
        }
    }

    /// All steps, one a line.
    pub fn lines(steps: &[Self]) -> String {
        let lines: Vec<String> = steps.iter().map(Self::line).collect();
        lines.join("\n")
    }
}
