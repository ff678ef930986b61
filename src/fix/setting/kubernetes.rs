//! A credential in the environment of a container, as a manifest of Kubernetes sets it.

use super::super::change::TextChange;
use super::line::{SettingLine, indent, parents};
use super::secret::{NO_SETTING, Replaced, SettingSecret};
use super::yaml::{Scalar, key_of};
use crate::model::{Span, Wording};

/// The Secret that is read.
const SECRET: &str = "credentials";

/// `value: KEY` beside `name: NAME` becomes `valueFrom` with a reference to a Secret.
pub(super) fn replaced(secret: &SettingSecret<'_>) -> Replaced {
    let text = secret.text;
    let says = |word: &[u8]| {
        let mut lines = text.split(|b| *b == b'\n');
        lines.any(|line| line.starts_with(word))
    };
    if !says(b"apiVersion:") || !says(b"kind:") {
        return Err("the file is in no language that edits are made for");
    }
    let line = SettingLine::around(text, secret.span);
    let scalar = Scalar::around(text, secret.span)?;
    let mut around = parents(text, line.start);
    if !around.any(|(_, line)| key_of(line).0 == b"env") {
        return Err(NO_SETTING);
    }
    if line.before.trim_ascii_start().starts_with(b"- {") {
        return in_flow(secret, &line);
    }
    // `value: >-`, and the credential alone below it.
    let is_block = scalar.name == b"value" && is_alone(text, &line);
    let line = match parents(text, line.start).next() {
        Some((start, _)) if is_block => SettingLine::around(text, Span::new(start, start)),
        _ => line,
    };
    if !(scalar.name == b"value" && (scalar.is_whole || is_block)) {
        return Err(NO_SETTING);
    }
    let own = &text[line.start..];
    let key = memchr::memmem::find(own, b"value").ok_or(NO_SETTING)?;
    let name = name_beside(text, &line, key).ok_or(NO_SETTING)?;
    let end = memchr::memchr(b'\n', &text[secret.span.end..]);
    let end = end.map_or(text.len(), |end| secret.span.end + end);
    let end = end - usize::from(text[..end].ends_with(b"\r"));
    let newline = if text[end..].starts_with(b"\r") {
        "\r\n"
    } else {
        "\n"
    };
    let pad = " ".repeat(key);
    let wording = [
        "valueFrom:".to_owned(),
        format!("{pad}  secretKeyRef:"),
        format!("{pad}    name: {SECRET}"),
        format!("{pad}    key: {name}"),
    ];
    let span = Span::new(line.start + key, end);
    let wording = Wording::plain(wording.join(newline));
    Ok((name, vec![TextChange::new(span, wording)]))
}

/// `- {name: NAME, value: KEY}`
fn in_flow(secret: &SettingSecret<'_>, line: &SettingLine<'_>) -> Replaced {
    let text = secret.text;
    let open = line.start + line.indent() + b"- ".len();
    let length = memchr::memchr(b'}', line.behind).ok_or(NO_SETTING)?;
    let close = secret.span.end + length;
    let (mut name, mut value) = (None, None);
    let mut at = open + 1;
    for member in text[at..close].split(|b| *b == b',') {
        let whole = Span::new(at, at + member.len());
        at = whole.end + 1;
        match key_of(member) {
            (b"name", own) => name = plain_name(own),
            (b"value", own) => value = Some((whole, own)),
            _ => return Err(NO_SETTING),
        }
    }
    let (whole, own) = value.ok_or(NO_SETTING)?;
    let held = &text[secret.span.range()];
    let own = own.trim_ascii();
    let is_whole = [b"\"", b"'"].iter().any(|quote| {
        let inner = own
            .strip_prefix(*quote)
            .and_then(|own| own.strip_suffix(*quote));
        inner == Some(held)
    });
    if !(is_whole || own == held) || !whole.contains(secret.span) {
        return Err(NO_SETTING);
    }
    let name = name.ok_or(NO_SETTING)?;
    let start =
        whole.start + text[whole.range()].len() - text[whole.range()].trim_ascii_start().len();
    let end = start + text[whole.range()].trim_ascii().len();
    let wording = format!("valueFrom: {{secretKeyRef: {{name: {SECRET}, key: {name}}}}}");
    let own = TextChange::new(Span::new(start, end), Wording::plain(wording));
    Ok((name, vec![own]))
}

/// True for a line that holds the credential alone, in a block of one line.
fn is_alone(text: &[u8], line: &SettingLine<'_>) -> bool {
    if !(line.before.trim_ascii().is_empty() && line.behind.trim_ascii().is_empty()) {
        return false;
    }
    let Some((above, key)) = parents(text, line.start).next() else {
        return false;
    };
    let is_below = above + key.len() + 1 == line.start;
    let rest = &text[line.start..];
    let mut below = rest.split(|b| *b == b'\n').skip(1);
    let below = below.find(|line| !line.trim_ascii().is_empty());
    is_below && below.is_none_or(|next| indent(next) < line.indent())
}

/// The `name` of the same item of the list: above the value, or below it.
fn name_beside(text: &[u8], line: &SettingLine<'_>, column: usize) -> Option<String> {
    let own = &text[line.start..];
    let is_first = own.trim_ascii_start().starts_with(b"-");
    let lines_of = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
    };
    let beside = if is_first {
        let behind = memchr::memchr(b'\n', &text[line.start..])?;
        let next = lines_of(&text[line.start + behind + 1..])
            .into_iter()
            .next()?;
        (indent(&next) == column).then_some(next)?
    } else {
        let above = lines_of(text[..line.start].strip_suffix(b"\n")?);
        above.last().cloned()?
    };
    let (key, name) = key_of(&beside);
    plain_name(name).filter(|_| key == b"name")
}

/// The name in a scalar, if it may be one of a key of a Secret.
fn plain_name(scalar: &[u8]) -> Option<String> {
    let scalar = scalar.trim_ascii().iter().copied();
    let name: Vec<u8> = scalar.filter(|b| !b"\"'".contains(b)).collect();
    let name = String::from_utf8(name).ok()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}
