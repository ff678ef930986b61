//! What a program has to say in front of all before it can read its environment.

use super::edit::TextInsertion;

/// How a language imports.
#[derive(Clone, Copy, Debug)]
pub(super) enum ImportForm {
    /// `import os` of Python.
    Python,
    /// `import "os"` of Go.
    Go,
    /// `import Foundation` of Swift.
    Swift,
}

impl ImportForm {
    /// What is to be put in; none where it is there.
    pub(super) fn missing(self, text: &[u8]) -> Option<TextInsertion> {
        let lines = Lines::of(text);
        let end = if text.windows(2).any(|two| two == b"\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        match self {
            Self::Python => python(&lines, end),
            Self::Go => go(&lines, end),
            Self::Swift => swift(&lines, end),
        }
    }
}

fn python(lines: &Lines<'_>, end: &str) -> Option<TextInsertion> {
    let has_os = |line: &[u8]| {
        let names = line.strip_prefix(b"import ").unwrap_or_default();
        names
            .split(|b| *b == b',')
            .any(|name| name.trim_ascii() == b"os")
    };
    let is_there = lines
        .all
        .iter()
        .any(|(_, line)| has_os(line.trim_ascii_end()));
    let at = lines.first(|line| {
        let is_import = line.starts_with(b"import ") || line.starts_with(b"from ");
        is_import && !line.starts_with(b"from __future__")
    });
    (!is_there).then(|| TextInsertion {
        at: at.unwrap_or_else(|| behind_head(lines)),
        text: format!("import os{end}"),
    })
}

fn go(lines: &Lines<'_>, end: &str) -> Option<TextInsertion> {
    let is_os = |line: &[u8]| line == b"\"os\"" || line == b"import \"os\"";
    if lines.all.iter().any(|(_, line)| is_os(line.trim_ascii())) {
        return None;
    }
    if let Some(at) = lines.go_block() {
        let text = format!("\t\"os\"{end}");
        return Some(TextInsertion { at, text });
    }
    let at = lines.behind(|line| line.starts_with(b"package "))?;
    let text = format!("{end}import \"os\"{end}");
    Some(TextInsertion { at, text })
}

fn swift(lines: &Lines<'_>, end: &str) -> Option<TextInsertion> {
    let mut all = lines.all.iter();
    let is_there = all.any(|(_, line)| line.trim_ascii() == b"import Foundation");
    (!is_there).then(|| TextInsertion {
        at: lines
            .first(|line| line.starts_with(b"import "))
            .unwrap_or(0),
        text: format!("import Foundation{end}"),
    })
}

/// Lines with where they begin.
struct Lines<'t> {
    all: Vec<(usize, &'t [u8])>,
    end: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t [u8]) -> Self {
        let mut at = 0;
        let lines = text.split_inclusive(|b| *b == b'\n').map(|line| {
            let start = at;
            at += line.len();
            (start, line)
        });
        Self {
            all: lines.collect(),
            end: text.len(),
        }
    }

    /// Where the first such line begins.
    fn first(&self, is: impl Fn(&[u8]) -> bool) -> Option<usize> {
        let mut lines = self.all.iter();
        lines.find(|(_, line)| is(line)).map(|(at, _)| *at)
    }

    /// Where `"os"` stands in the order of a block of imports.
    fn go_block(&self) -> Option<usize> {
        let open = self
            .all
            .iter()
            .position(|(_, line)| line.trim_ascii() == b"import (")?;
        let mut block = self.all[open + 1..].iter();
        let next = block.find(|(_, line)| {
            let line = line.trim_ascii();
            line.is_empty()
                || line == b")"
                || line.starts_with(b"\"") && line > b"\"os\"".as_slice()
        });
        next.map(|(at, _)| *at)
    }

    /// Where the line behind the first such one begins.
    fn behind(&self, is: impl Fn(&[u8]) -> bool) -> Option<usize> {
        let number = self.all.iter().position(|(_, line)| is(line))?;
        Some(self.all.get(number + 1).map_or(self.end, |(at, _)| *at))
    }
}

/// Behind the comments and the text about the module that a program of Python begins with, and what it takes from the future.
fn behind_head(lines: &Lines<'_>) -> usize {
    let mut quotes: Option<&[u8]> = None;
    for (at, line) in &lines.all {
        let own = line.trim_ascii();
        if let Some(closing) = quotes {
            if own.ends_with(closing) {
                quotes = None;
            }
            continue;
        }
        let opened = [&b"\"\"\""[..], b"'''"]
            .into_iter()
            .find(|three| own.starts_with(three));
        match opened {
            Some(three) if own.len() < 6 || !own.ends_with(three) => quotes = Some(three),
            Some(_) => {}
            None if own.is_empty()
                || own.starts_with(b"#")
                || own.starts_with(b"from __future__") => {}
            None => return *at,
        }
    }
    lines.end
}
