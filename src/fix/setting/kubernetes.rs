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
    let is_in_list = around.any(|(_, line)| key_of(line).0 == b"env");
    if !(scalar.is_whole && scalar.name == b"value" && is_in_list) {
        return Err(NO_SETTING);
    }
    let key = memchr::memmem::find(line.before, b"value").ok_or(NO_SETTING)?;
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

/// The `name` of the same item of the list: above the value, or below it.
fn name_beside(text: &[u8], line: &SettingLine<'_>, column: usize) -> Option<String> {
    let is_first = line.before.trim_ascii_start().starts_with(b"-");
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
    let name = name.trim_ascii_end();
    let quoted = |b: &u8| b"\"'".contains(b);
    let name: Vec<u8> = name.iter().copied().filter(|b| !quoted(b)).collect();
    let name = String::from_utf8(name).ok()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let fits = key == b"name" && !name.is_empty() && name.chars().all(is_name);
    fits.then_some(name)
}
