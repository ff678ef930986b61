//! The same text in other formatting, as people, formatters and minifiers write it.

use super::language::{Language, NO_PATH};
use super::token::{Kind, Token, tokens};

/// A text to write anew.
pub(super) struct Written<'t> {
    path: &'t str,
    text: &'t str,
    language: Language,
    /// None where its white space means something.
    tokens: Option<Vec<Token<'t>>>,
}

/// Writes a text in one form; none where the form means something else, or says nothing new.
pub(super) type Form = fn(&Written<'_>) -> Option<String>;

pub(super) const FORMS: [(&str, Form); 31] = [
    ("as it stands", |w| Some(w.text.to_owned())),
    ("with a byte order mark", |w| {
        Some(format!("\u{feff}{}", w.text))
    }),
    ("Windows lines", |w| {
        Some(format!("{}\n", w.text).replace('\n', "\r\n"))
    }),
    // The fence of front matter is where its line begins.
    ("indented", |w| {
        (!w.text.starts_with("---")).then(|| indented(w.text, "            "))
    }),
    ("deep in tabs", |w| {
        w.code().map(|_| indented(w.text, &"\t".repeat(16)))
    }),
    ("far down a file", far_down),
    ("blank lines between", |w| {
        w.each(|at| at.is(Kind::Line).then(|| "\n\n".to_owned()))
    }),
    ("spaces at line ends", |w| {
        w.each(|at| at.is(Kind::Line).then(|| "  \n".to_owned()))
    }),
    ("tabs", tabs),
    ("other quotes", other_quotes),
    ("backticks", backticks),
    ("aligned", aligned),
    ("no spaces", no_spaces),
    ("spaces in brackets", spaces_in_brackets),
    ("space before brackets", space_before_brackets),
    ("space before colons", space_before_colons),
    ("broken lines", |w| broken(w, Break::default())),
    ("broken lines, brackets closed on their own", |w| {
        let comment = None;
        let closing = true;
        broken(w, Break { closing, comment })
    }),
    ("broken lines with comments", |w| {
        let comment = Some(w.language.comment?);
        let closing = true;
        broken(w, Break { closing, comment })
    }),
    ("broken after operators", broken_after_operators),
    ("broken before dots", broken_before_dots),
    ("continued lines", continued),
    ("quoted values", quoted_values),
    ("aligned values", |w| {
        w.each_value(|value| Some(format!("    {value}")))
    }),
    ("comments behind values", |w| {
        w.each_value(|value| Some(format!("{value}  # of the batch job")))
    }),
    ("comments between", comments_between),
    ("a comment behind", comment_behind),
    ("a statement a line", a_statement_a_line),
    ("without semicolons", without_semicolons),
    ("among others on its line", |w| {
        w.among("open(1); ", " close(2);")
    }),
    ("in a long line", in_a_long_line),
];

impl<'t> Written<'t> {
    pub(super) fn new(path: &'t str, text: &'t str) -> Self {
        let language = Language::of(path, text);
        let has_tokens = language.brackets || language.backslash;
        let tokens = has_tokens.then(|| tokens(text, language)).flatten();
        Self {
            path,
            text,
            language,
            tokens,
        }
    }

    /// True where some white space means nothing.
    pub(super) fn has_language(&self) -> bool {
        self.tokens.is_some() || self.language.values
    }

    /// The tokens of code whose brackets hold what is in them.
    fn code(&self) -> Option<&[Token<'t>]> {
        self.tokens.as_deref().filter(|_| self.language.brackets)
    }

    /// The text with some of its tokens replaced.
    fn each(&self, replace: impl Fn(At<'_, 't>) -> Option<String>) -> Option<String> {
        let tokens = self.code()?;
        let written = (0..tokens.len()).map(|at| {
            let at = At { tokens, at };
            replace(at).unwrap_or_else(|| at.token().text.to_owned())
        });
        let written: String = written.collect();
        (written != self.text).then_some(written)
    }

    /// The text with some of the values of its lines replaced.
    fn each_value(&self, replace: impl Fn(&str) -> Option<String>) -> Option<String> {
        let lines = self.text.lines().map(|line| {
            let item = || line.find("- ").filter(|_| !line.ends_with(':'));
            let start = line.find(": ").or_else(item).map(|at| at + 2);
            let (name, value) = line.split_at(start.unwrap_or(line.len()));
            let replaced = (!value.is_empty()).then(|| replace(value)).flatten();
            format!("{name}{}", replaced.unwrap_or_else(|| value.to_owned()))
        });
        let written = lines.collect::<Vec<_>>().join("\n");
        (self.language.values && written != self.text).then_some(written)
    }

    /// The text as one of several statements on a line. What is part of a list or of an object is none.
    fn among(&self, before: &str, after: &str) -> Option<String> {
        let tokens = self.code().filter(|_| self.language.semicolons)?;
        let is_part = |t: &Token<'_>| {
            t.depth == 0 && (t.kind == Kind::Comma || [":", "=>"].contains(&t.text))
        };
        let begins = tokens.first()?.kind == Kind::Word && !self.text.starts_with('@');
        let is_line = !tokens.iter().any(|t| t.kind == Kind::Line || is_part(t));
        let end = if tokens.last()?.kind == Kind::Semicolon {
            ""
        } else {
            ";"
        };
        (begins && is_line).then(|| format!("{before}{}{end}{after}", self.text))
    }
}

/// A token among the others.
#[derive(Clone, Copy)]
struct At<'a, 't> {
    tokens: &'a [Token<'t>],
    at: usize,
}

impl<'a, 't> At<'a, 't> {
    fn token(self) -> Token<'t> {
        self.tokens[self.at]
    }

    fn is(self, kind: Kind) -> bool {
        self.token().kind == kind
    }

    fn is_sign(self, signs: &[&str]) -> bool {
        self.is(Kind::Sign) && signs.contains(&self.token().text)
    }

    /// The token beside it.
    fn last(self) -> Option<Self> {
        let at = self.at.checked_sub(1)?;
        Some(Self { at, ..self })
    }

    /// The token beside it.
    fn next(self) -> Option<Self> {
        let at = self.at + 1;
        (at < self.tokens.len()).then_some(Self { at, ..self })
    }

    /// The token after it that is neither white space nor a comment.
    fn following(self) -> Option<Self> {
        let is_blank =
            |at: &Self| matches!(at.token().kind, Kind::Space | Kind::Line | Kind::Comment);
        let mut rest = std::iter::successors(self.next(), |at| at.next());
        rest.find(|at| !is_blank(at))
    }

    /// The kinds of the tokens beside it.
    fn between(self) -> Option<(Kind, Kind)> {
        Some((self.last()?.token().kind, self.next()?.token().kind))
    }

    /// True of a bracket that opens and holds something.
    fn opens(self) -> bool {
        self.is(Kind::Open) && self.following().is_some_and(|at| !at.is(Kind::Close))
    }

    /// True of the bracket that closes several things, with no comma behind the last of them.
    fn closes_several(self) -> bool {
        let depth = self.token().depth;
        let inside = self.tokens[..self.at]
            .iter()
            .rev()
            .take_while(|t| t.depth > depth);
        let mut inside =
            inside.filter(|t| !matches!(t.kind, Kind::Space | Kind::Line | Kind::Comment));
        let has_comma = inside
            .clone()
            .any(|t| t.kind == Kind::Comma && t.depth == depth + 1);
        has_comma && inside.next().is_some_and(|t| t.kind != Kind::Comma)
    }

    /// True of what follows the end of a line, or begins the text.
    fn begins_line(self) -> bool {
        self.last().is_none_or(|last| last.is(Kind::Line))
    }
}

fn indented(text: &str, by: &str) -> String {
    let lines = text.split('\n').map(|line| format!("{by}{line}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Where a statement would be out of place, blank lines.
fn far_down(written: &Written<'_>) -> Option<String> {
    let text = written.text;
    let takes_statements = written.code().is_some() && written.language.semicolons;
    // `'use client'` is the first of all statements.
    if takes_statements && !text.starts_with(['\'', '"']) {
        return Some(format!("{}{text}", "step(17);\n".repeat(1000)));
    }
    (!text.starts_with("---")).then(|| format!("{}{text}", "\n".repeat(4000)))
}

fn tabs(written: &Written<'_>) -> Option<String> {
    written.each(|at| {
        let leading = || "\t".repeat(at.token().text.len().div_ceil(2));
        let tabs = || {
            if at.begins_line() {
                leading()
            } else {
                "\t".to_owned()
            }
        };
        at.is(Kind::Space).then(tabs)
    })
}

fn requoted(token: Token<'_>, from: &[char], to: &str) -> Option<String> {
    let inside = token.text.strip_prefix(from)?.strip_suffix(from)?;
    // What is put in, or escaped, is so in one kind of quotes only.
    let is_plain = !inside.contains(['"', '\'', '`', '\\', '$', '#', '@']);
    is_plain.then(|| format!("{to}{inside}{to}"))
}

fn other_quotes(written: &Written<'_>) -> Option<String> {
    let swap =
        |token: Token<'_>| requoted(token, &['"'], "'").or_else(|| requoted(token, &['\''], "\""));
    if written.language.backslash {
        let tokens = written.tokens.as_ref()?.iter();
        let swapped = tokens.map(|t| swap(*t).unwrap_or_else(|| t.text.to_owned()));
        let swapped: String = swapped.collect();
        return (swapped != written.text).then_some(swapped);
    }
    written
        .language
        .quotes
        .then(|| written.each(|at| swap(at.token())))?
}

/// Not around the name of a property, of a module or a directive.
fn backticks(written: &Written<'_>) -> Option<String> {
    let is_value = |at: At<'_, '_>| {
        let mut before = std::iter::successors(at.last(), |at| at.last());
        let before = before.find(|at| !matches!(at.token().kind, Kind::Space | Kind::Line));
        let follows = before.is_some_and(|at| {
            at.is_sign(&["=", ":", "+", ":=", "||", "??"])
                || matches!(at.token().kind, Kind::Open | Kind::Comma)
        });
        follows && !at.following().is_some_and(|at| at.is_sign(&[":"]))
    };
    let change = |at: At<'_, '_>| is_value(at).then(|| requoted(at.token(), &['"', '\''], "`"))?;
    written.language.backticks.then(|| written.each(change))?
}

const ASSIGNING: [&str; 3] = ["=", ":=", "=>"];

fn aligned(written: &Written<'_>) -> Option<String> {
    written.each(|at| {
        let widens = at.is(Kind::Space)
            && (at.next()?.is_sign(&ASSIGNING) || at.last()?.is_sign(&[":"]))
            && !at.begins_line();
        widens.then(|| "    ".to_owned())
    })
}

/// As a minifier writes it, its lines kept.
fn no_spaces(written: &Written<'_>) -> Option<String> {
    const TIGHT: [&str; 9] = ["=", ":", "=>", ":=", "+", "||", "??", "->", "."];
    let may_go = |at: At<'_, '_>| {
        let (Some(last), Some(next)) = (at.last(), at.next()) else {
            return false;
        };
        let is_operand = |at: At<'_, '_>| {
            matches!(
                at.token().kind,
                Kind::Word | Kind::Text | Kind::Open | Kind::Close
            )
        };
        let behind = matches!(
            last.token().kind,
            Kind::Open | Kind::Comma | Kind::Semicolon
        ) || last.is_sign(&TIGHT);
        let before = next.is(Kind::Close) || next.is_sign(&TIGHT);
        (behind && is_operand(next)) || (before && is_operand(last))
    };
    let tighten = |at: At<'_, '_>| (at.is(Kind::Space) && may_go(at)).then(String::new);
    written.language.no_spaces.then(|| written.each(tighten))?
}

fn spaces_in_brackets(written: &Written<'_>) -> Option<String> {
    written.each(|at| {
        let token = at.token();
        if at.opens() && !matches!(at.next()?.token().kind, Kind::Space | Kind::Line) {
            return Some(format!("{} ", token.text));
        }
        let is_tight = at.is(Kind::Close)
            && !matches!(
                at.last()?.token().kind,
                Kind::Open | Kind::Space | Kind::Line
            );
        is_tight.then(|| format!(" {}", token.text))
    })
}

fn space_before_brackets(written: &Written<'_>) -> Option<String> {
    let calls =
        |at: At<'_, '_>| at.token().text == "(" && at.last().is_some_and(|at| at.is(Kind::Word));
    let spaced = |at: At<'_, '_>| calls(at).then(|| " (".to_owned());
    written
        .language
        .space_before_call
        .then(|| written.each(spaced))?
}

fn space_before_colons(written: &Written<'_>) -> Option<String> {
    let names = |at: At<'_, '_>| {
        let is_name = at
            .last()
            .is_some_and(|at| matches!(at.token().kind, Kind::Word | Kind::Text));
        at.is_sign(&[":"]) && at.token().depth > 0 && is_name
    };
    let spaced = |at: At<'_, '_>| names(at).then(|| " :".to_owned());
    written
        .language
        .space_before_colon
        .then(|| written.each(spaced))?
}

/// How lines are broken, besides behind each bracket that opens and each comma in brackets.
#[derive(Clone, Copy, Default)]
struct Break {
    /// Before each bracket that closes, with a comma behind the last of several where there may be one.
    closing: bool,
    /// What begins the comment at the end of each line.
    comment: Option<&'static str>,
}

fn broken(written: &Written<'_>, how: Break) -> Option<String> {
    let comment = how
        .comment
        .map(|sign| format!("  {sign} of the batch job"))
        .unwrap_or_default();
    let last_comma = written.language.last_comma;
    // Go ends a statement with the line, but behind a comma.
    let may_close =
        |at: At<'_, '_>| how.closing && (!written.language.needs_comma || at.closes_several());
    written.each(|at| {
        let Token { text, depth, .. } = at.token();
        let on = |depth: usize| format!("\n{}", "    ".repeat(depth));
        let breaks = |at: At<'_, '_>| {
            let ends = at.next().is_some_and(|next| next.is(Kind::Line));
            (at.opens() || (at.is(Kind::Comma) && at.token().depth > 0)) && !ends
        };
        let closes = |at: At<'_, '_>| {
            let is_tight = at
                .last()
                .is_some_and(|at| !matches!(at.token().kind, Kind::Open | Kind::Line));
            at.is(Kind::Close) && is_tight && may_close(at)
        };
        if breaks(at) {
            let inner = if at.is(Kind::Open) { depth + 1 } else { depth };
            return Some(format!("{text}{comment}{}", on(inner)));
        }
        if closes(at) {
            let comma = if last_comma && at.closes_several() {
                ","
            } else {
                ""
            };
            return Some(format!("{comma}{}{text}", on(depth)));
        }
        let is_loose = at.is(Kind::Space) && (breaks(at.last()?) || closes(at.next()?));
        is_loose.then(String::new)
    })
}

fn broken_after_operators(written: &Written<'_>) -> Option<String> {
    const GO_ON: [&str; 8] = ["=", ":=", "=>", ":", "+", "||", "??", "->"];
    let breaks = |at: At<'_, '_>| {
        let goes_on = at.last().is_some_and(|at| at.is_sign(&GO_ON));
        (at.is(Kind::Space) && goes_on).then(|| "\n        ".to_owned())
    };
    written.language.operators.then(|| written.each(breaks))?
}

fn broken_before_dots(written: &Written<'_>) -> Option<String> {
    let dot = written.language.chain?;
    let breaks = |at: At<'_, '_>| {
        let chains = at.is_sign(&[dot]) && at.between() == Some((Kind::Close, Kind::Word));
        chains.then(|| format!("\n    {dot}"))
    };
    written.each(breaks)
}

/// Before each option of a command.
fn continued(written: &Written<'_>) -> Option<String> {
    let tokens = written
        .tokens
        .as_ref()
        .filter(|_| written.language.backslash)?;
    let continues = |at: At<'_, '_>| {
        at.is(Kind::Space) && at.next().is_some_and(|at| at.token().text.starts_with('-'))
    };
    let lines = (0..tokens.len()).map(|at| At { tokens, at }).map(|at| {
        if continues(at) {
            " \\\n    "
        } else {
            at.token().text
        }
    });
    let lines: String = lines.collect();
    (lines != written.text).then_some(lines)
}

/// Those that are words, and no number, truth or nothing.
fn quoted_values(written: &Written<'_>) -> Option<String> {
    written.each_value(|value| {
        let is_plain = value.len() > 5
            && !value.contains(|c: char| !c.is_alphanumeric() && !"+/=*_.-".contains(c));
        let is_word = is_plain
            && value.starts_with(|c: char| c.is_alphanumeric())
            && value.parse::<f64>().is_err();
        is_word.then(|| format!("\"{value}\""))
    })
}

fn comments_between(written: &Written<'_>) -> Option<String> {
    let comment = |at: At<'_, '_>| {
        at.is(Kind::Comma)
            .then(|| ", /* of the batch job */".to_owned())
    };
    written.language.blocks.then(|| written.each(comment))?
}

fn comment_behind(written: &Written<'_>) -> Option<String> {
    let sign = written.code().and(written.language.comment)?;
    Some(format!("{}  {sign} of the batch job", written.text))
}

fn a_statement_a_line(written: &Written<'_>) -> Option<String> {
    let outside = |at: At<'_, '_>, kind| at.is(kind) && at.token().depth == 0;
    let breaks = |at: At<'_, '_>| {
        let is_between = outside(at, Kind::Space) && outside(at.last()?, Kind::Semicolon);
        is_between.then(|| "\n".to_owned())
    };
    written.language.semicolons.then(|| written.each(breaks))?
}

fn without_semicolons(written: &Written<'_>) -> Option<String> {
    let ends = |at: At<'_, '_>| {
        let ends = at.next().is_none_or(|next| next.is(Kind::Line));
        // A line that begins with a bracket, a string or an operator would go on.
        let goes_on = at.following().is_some_and(|at| !at.is(Kind::Word));
        (at.is(Kind::Semicolon) && ends && !goes_on).then(String::new)
    };
    written.language.no_semicolon.then(|| written.each(ends))?
}

fn in_a_long_line(written: &Written<'_>) -> Option<String> {
    let is_value = written.text.starts_with(['{', '[']) && !written.text.contains('\n');
    if written.language.name == "JSON" {
        let ones = || "1, ".repeat(2000);
        let is_whole = is_value && written.path == NO_PATH;
        return is_whole.then(|| format!("[{}{}, {}2]", ones(), written.text, ones()));
    }
    written.among(&"f(1);".repeat(1000), &"g(2);".repeat(1000))
}
