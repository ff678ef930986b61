//! A credential in a Dockerfile: what an image is built from holds it for ever, also if a later layer deletes it.

use super::super::change::TextChange;
use super::line::{SettingLine, requoted};
use super::secret::{COMMENT, NO_SETTING, Replaced, SettingSecret};
use crate::model::{Span, Wording};

/// What comes in the place of `ENV NAME=KEY`.
const GIVEN: &str = "# NAME is given to the container (docker run --env NAME), and to a command of the build by \
                     RUN --mount=type=secret,id=NAME,env=NAME";

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
        b"ENV" | b"ARG" if start == line.start => assigned(secret, &line, rest),
        b"ENV" | b"ARG" => Err("it is one of several settings of one instruction"),
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
        b"CMD" | b"ENTRYPOINT" if !rest.starts_with(b"[") => {
            let quotes = requoted(text, secret.span, rest)?;
            let wording = in_quotes(rest, &quotes, "${NAME:?}");
            let variable = secret.variable(rest_name(rest));
            let own = TextChange::new(secret.span, wording);
            Ok((variable, quotes.into_iter().chain([own]).collect()))
        }
        _ => Err(NO_SETTING),
    }
}

/// `ENV NAME=KEY` and `ENV NAME KEY`: the whole instruction goes.
fn assigned(secret: &SettingSecret<'_>, line: &SettingLine<'_>, rest: &[u8]) -> Replaced {
    let sign = rest
        .iter()
        .position(|b| b"= ".contains(b))
        .ok_or(NO_SETTING)?;
    let value = rest[sign + 1..].trim_ascii_start();
    let behind = line.behind.trim_ascii();
    let is_alone = matches!(value, b"" | b"\"" | b"'") && matches!(behind, b"" | b"\"" | b"'");
    if !is_alone {
        return Err("it is one of several settings of one instruction");
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
