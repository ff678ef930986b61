//! A credential in a Dockerfile: what an image is built from holds it for ever, also if a later layer deletes it.

use super::super::change::TextChange;
use super::line::{SettingLine, requoted};
use super::secret::{COMMENT, NO_SETTING, Replaced, SettingSecret};
use crate::model::{Span, Wording};
use crate::syntax::whole_places;

/// What comes in the place of `ENV NAME=KEY`.
const GIVEN: &str = "# NAME is given to the container (docker run --env NAME), and to a command of the build by \
                     RUN --mount=type=secret,id=NAME,env=NAME";

/// What comes in front of `ARG NAME`.
const BUILT_WITH: &str = "# NAME is given by docker build --build-arg NAME; an image keeps it from a command that gets it by \
                          RUN --mount=type=secret,id=NAME,env=NAME";

const SEVERAL: &str = "it is one of several settings of one instruction";

/// The instruction around a credential: where it begins, with its lines.
fn instruction(text: &[u8], at: usize) -> usize {
    let line_start = |at: usize| memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
    let mut start = line_start(at);
    while start > 0 {
        let above = text[..start - 1].trim_ascii_end();
        if !above.ends_with(b"\\") {
            break;
        }
        start = line_start(start - 1);
    }
    start
}

pub(super) fn replaced(secret: &SettingSecret<'_>, read: &str) -> Replaced {
    let text = secret.text;
    let start = instruction(text, secret.span.start);
    let line = SettingLine::around(text, secret.span);
    let before = &text[start..secret.span.start];
    if line.before.trim_ascii_start().starts_with(b"#") {
        return Err(COMMENT);
    }
    let pad = before.len() - before.trim_ascii_start().len();
    let word = before[pad..].split(u8::is_ascii_whitespace).next();
    let word = word.unwrap_or_default().to_ascii_uppercase();
    let rest = before[pad + word.len()..].trim_ascii_start();
    match &*word {
        b"ENV" | b"ARG" => {
            let words = words(text, start + pad + word.len());
            let is_pair = |own: &Span| memchr::memchr(b'=', &text[own.range()]).is_some();
            match words.iter().all(is_pair) {
                true => given(secret, start + pad, &words, &word),
                false if start == line.start => assigned(secret, &line, rest),
                false => Err(SEVERAL),
            }
        }
        b"RUN" if !rest.starts_with(b"[") && !rest.starts_with(b"<<") => {
            let quotes = requoted(text, secret.span, rest)?;
            let variable = secret.variable(rest_name(rest));
            let mount = Wording::reading(" --mount=type=secret,id=NAME,required=true");
            let behind = start + pad + word.len();
            let own = vec![
                TextChange::new(Span::new(behind, behind), mount),
                TextChange::new(secret.span, in_quotes(rest, &quotes, read)),
            ];
            Ok((variable, own.into_iter().chain(quotes).collect()))
        }
        b"CMD" | b"ENTRYPOINT" => in_container(secret, rest),
        b"HEALTHCHECK" => {
            let command = memchr::memmem::find(rest, b"CMD ").ok_or(NO_SETTING)?;
            in_container(secret, rest[command + 4..].trim_ascii_start())
        }
        _ => match open_script(text, start) {
            Some((run, body)) => in_script(secret, &line, (run, body), read),
            None => Err(NO_SETTING),
        },
    }
}

/// A command that runs in the container, which has the variable. Of a list of words no shell puts one in.
fn in_container(secret: &SettingSecret<'_>, rest: &[u8]) -> Replaced {
    if rest.starts_with(b"[") {
        return Err(NO_SETTING);
    }
    let quotes = requoted(secret.text, secret.span, rest)?;
    let wording = in_quotes(rest, &quotes, "${NAME:?}");
    let variable = secret.variable(rest_name(rest));
    let own = TextChange::new(secret.span, wording);
    Ok((variable, quotes.into_iter().chain([own]).collect()))
}

/// A here-document of a Dockerfile.
struct OpenDocument<'t> {
    /// The line that ends it.
    ends: &'t [u8],
    /// Whether that may be indented: `<<-`.
    is_indented: bool,
    /// Where its `RUN` ends and where the script begins, if `sh` reads it.
    script: Option<(usize, usize)>,
}

impl<'t> OpenDocument<'t> {
    /// The document that the line at `start` opens: `RUN <<EOF`. Where a program of another kind reads it, that is told
    /// behind `RUN`, or on the first line: `RUN python3 <<EOF`, `#!/usr/bin/env python3`.
    fn of(line: &'t [u8], start: usize, below: &[u8]) -> Option<Self> {
        let mark = memchr::memmem::find(line, b"<<")?;
        let word = line[mark + 2..].trim_ascii_end();
        let plain = word.strip_prefix(b"-").unwrap_or(word);
        let plain = match plain {
            [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
            plain => plain,
        };
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let ends = plain.split(|b| !is_part(b)).next().unwrap_or_default();
        let is_run = line[..mark].trim_ascii().eq_ignore_ascii_case(b"RUN");
        let is_shell = is_run && !ends.is_empty() && ends == plain && !below.starts_with(b"#!");
        let pad = line.len() - line.trim_ascii_start().len();
        Some(Self {
            ends,
            is_indented: word.starts_with(b"-"),
            script: is_shell.then_some((start + pad + b"RUN".len(), start + line.len())),
        })
    }

    fn is_ended_by(&self, line: &[u8]) -> bool {
        let line = line.trim_ascii_end();
        if self.is_indented {
            line.trim_ascii_start() == self.ends
        } else {
            line == self.ends
        }
    }
}

/// Of the script that is open on the line at `line`, where its `RUN` ends and where it begins.
fn open_script(text: &[u8], line: usize) -> Option<(usize, usize)> {
    let mut open: Option<OpenDocument<'_>> = None;
    let mut at = 0;
    for own in text[..line].split_inclusive(|b| *b == b'\n') {
        let start = at;
        at += own.len();
        open = match open {
            Some(document) => Some(document).filter(|document| !document.is_ended_by(own)),
            None => OpenDocument::of(own, start, &text[at..]),
        };
    }
    open?.script
}

/// A command of a script in the file. Quotes that a line above leaves open make it a part of a text.
fn in_script(
    secret: &SettingSecret<'_>,
    line: &SettingLine<'_>,
    (run, body): (usize, usize),
    read: &str,
) -> Replaced {
    let above = &secret.text[body..line.start];
    let is_open = |quote| memchr::memchr_iter(quote, above).count() % 2 == 1;
    let is_nested = memchr::memmem::find(above, b"<<").is_some();
    if is_nested || is_open(b'"') || is_open(b'\'') {
        return Err("it stands in a text of several lines");
    }
    let quotes = requoted(secret.text, secret.span, line.before)?;
    let variable = secret.variable(rest_name(line.before));
    let mount = Wording::reading(" --mount=type=secret,id=NAME,required=true");
    let own = [
        TextChange::new(Span::new(run, run), mount),
        TextChange::new(secret.span, in_quotes(line.before, &quotes, read)),
    ];
    Ok((variable, own.into_iter().chain(quotes).collect()))
}

/// The words of an instruction from a place on, over all of its lines.
fn words(text: &[u8], from: usize) -> Vec<Span> {
    let mut words = Vec::new();
    let mut at = from;
    loop {
        while let gap @ 1.. = gap(text, at) {
            at += gap;
        }
        let start = at;
        let mut quote = None;
        while let Some(own) = text.get(at).filter(|b| **b != b'\n') {
            match (quote, own) {
                (None, _) if gap(text, at) > 0 => break,
                (None, b'"' | b'\'') => quote = Some(*own),
                (Some(open), own) if open == *own => quote = None,
                (_, b'\\') => at += 1,
                _ => {}
            }
            at += 1;
        }
        at = at.min(text.len());
        if at == start {
            return words;
        }
        words.push(Span::new(start, at));
    }
}

/// The length of what stands between words: blanks, and the end of a line that goes on.
fn gap(text: &[u8], at: usize) -> usize {
    let blanks = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.iter().take_while(|b| b" \t\r".contains(b)).count()
    };
    match text.get(at) {
        Some(b'\\') => {
            let end = at + 1 + blanks(at + 1);
            if text.get(end) == Some(&b'\n') {
                end + 1 - at
            } else {
                0
            }
        }
        _ => blanks(at),
    }
}

/// `ENV A=1 B=KEY C=3`: the one value goes, and a comment says how the variable is given.
fn given(secret: &SettingSecret<'_>, start: usize, words: &[Span], keyword: &[u8]) -> Replaced {
    let text = secret.text;
    let pair = words.iter().find(|own| own.contains(secret.span));
    let pair = pair.ok_or(SEVERAL)?;
    let (before, behind) = (
        &text[pair.start..secret.span.start],
        &text[secret.span.end..pair.end],
    );
    let sign = memchr::memchr(b'=', before).ok_or(SEVERAL)?;
    let (name, opened) = (&before[..sign], &before[sign + 1..]);
    let is_name = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    if !is_name || opened != behind || !matches!(opened, b"" | b"\"" | b"'") {
        return Err(SEVERAL);
    }
    let is_argument = keyword == b"ARG";
    if !is_argument && is_read(text, name) {
        return Err(
            "the Dockerfile reads it elsewhere; give it to those commands by RUN --mount=type=secret",
        );
    }
    let name = String::from_utf8_lossy(name).into_owned();
    let comment = if is_argument { BUILT_WITH } else { GIVEN }.replace("NAME", &name);
    if words.len() == 1 && !is_argument {
        let whole = Span::new(start, pair.end);
        return Ok((name, vec![TextChange::new(whole, Wording::plain(comment))]));
    }
    // The name stays: the other settings of the instruction may go as well, and one without any is none.
    // Instructions below read the argument, which stays without a value.
    let value = Span::new(pair.start + sign + usize::from(!is_argument), pair.end);
    let first = memchr::memchr(b'\n', text).unwrap_or(0);
    let newline = if text[..first].ends_with(b"\r") {
        "\r\n"
    } else {
        "\n"
    };
    Ok((
        name,
        vec![
            TextChange::insertion(start, format!("{comment}{newline}")),
            TextChange::new(value, Wording::plain("")),
        ],
    ))
}

/// True where an instruction has `$NAME` or `${NAME}`.
fn is_read(text: &[u8], name: &[u8]) -> bool {
    let whole = Span::new(0, text.len());
    whole_places(text, whole, name)
        .any(|at| text[..at].ends_with(b"$") || text[..at].ends_with(b"${"))
}

/// `ENV NAME KEY`: the whole instruction goes.
fn assigned(secret: &SettingSecret<'_>, line: &SettingLine<'_>, rest: &[u8]) -> Replaced {
    let sign = rest
        .iter()
        .position(|b| b"= ".contains(b))
        .ok_or(NO_SETTING)?;
    let value = rest[sign + 1..].trim_ascii_start();
    let behind = line.behind.trim_ascii();
    let is_alone = matches!(value, b"" | b"\"" | b"'") && matches!(behind, b"" | b"\"" | b"'");
    if !is_alone {
        return Err(SEVERAL);
    }
    let name = String::from_utf8_lossy(&rest[..sign]).into_owned();
    let end = secret.span.end + line.behind.len();
    let wording = Wording::plain(GIVEN.replace("NAME", &name));
    let span = Span::new(line.start + line.indent(), end);
    Ok((name, vec![TextChange::new(span, wording)]))
}

/// What is read, in quotes of its own where the shell has none open.
fn in_quotes(rest: &[u8], quotes: &[TextChange], read: &str) -> Wording {
    let reading = Wording::reading(read);
    let is_open = memchr::memchr_iter(b'"', rest).count() % 2 == 1;
    if is_open || !quotes.is_empty() {
        reading
    } else {
        reading.between("\"", "\"")
    }
}

/// The last word in front of `=` or `:`.
fn rest_name(rest: &[u8]) -> &[u8] {
    let end = rest.iter().rposition(|b| b"=:".contains(b)).unwrap_or(0);
    rest[..end]
        .rsplit(|b| b" \"'".contains(b))
        .next()
        .unwrap_or_default()
}
