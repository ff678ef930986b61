//! A credential on a line of its own, or in an element.

use super::super::change::TextChange;
use super::line::SettingLine;
use super::secret::{COMMENT, NO_SETTING, NOT_ALONE, Replaced, SettingSecret};
use crate::model::{Span, Wording};

/// `key=value`, `key: value`
pub(super) fn in_line(secret: &SettingSecret<'_>, read: &str) -> Replaced {
    let line = SettingLine::around(secret.text, secret.span);
    let first = line.before.trim_ascii_start().first();
    if first.is_some_and(|b| b"#!;".contains(b)) {
        return Err(COMMENT);
    }
    let (name, _) = line.name_and_value(b"=:").ok_or(NO_SETTING)?;
    let wording = Wording::reading(read);
    Ok((
        secret.variable(name),
        vec![TextChange::new(secret.span, wording)],
    ))
}

/// `key = "value"` becomes `key = ${NAME}`, and `"Bearer value"` becomes `"Bearer "${NAME}`.
pub(super) fn in_hocon(secret: &SettingSecret<'_>, read: &str) -> Replaced {
    let line = SettingLine::around(secret.text, secret.span);
    let start = line.before.trim_ascii_start();
    if start.starts_with(b"#") || start.starts_with(b"//") {
        return Err(COMMENT);
    }
    let (name, value) = last_setting(line.before).ok_or(NO_SETTING)?;
    let quote = secret.text.get(secret.span.end) == Some(&b'"');
    let reading = Wording::reading(read);
    let change = match value {
        b"" => TextChange::new(secret.span, reading),
        b"\"" if quote => {
            let whole = Span::new(secret.span.start - 1, secret.span.end + 1);
            TextChange::new(whole, reading)
        }
        [b'"', before @ ..] if quote && !before.contains(&b'"') => {
            let whole = Span::new(secret.span.start, secret.span.end + 1);
            TextChange::new(whole, reading.between("\"", ""))
        }
        _ => return Err(NOT_ALONE),
    };
    Ok((secret.variable(name), vec![change]))
}

/// The last name of a line and what is given to it so far: `token` and `"Bearer ` of `{ id = 1, token = "Bearer `.
fn last_setting(before: &[u8]) -> Option<(&[u8], &[u8])> {
    let quotes = memchr::memchr_iter(b'"', before).count();
    let end = match quotes % 2 {
        1 => memchr::memrchr(b'"', before)?,
        _ => before.len(),
    };
    let sign = before[..end].iter().rposition(|b| b"=:".contains(b))?;
    let name = before[..sign].trim_ascii_end();
    let name = name.rsplit(|b| b" {,\t".contains(b)).next()?;
    (!name.is_empty()).then(|| (name, before[sign + 1..].trim_ascii_start()))
}

/// `NAME=value`, of which the value goes: the name is what it is.
pub(super) fn in_environment(secret: &SettingSecret<'_>) -> Replaced {
    let line = SettingLine::around(secret.text, secret.span);
    if line.before.trim_ascii_start().starts_with(b"#") {
        return Err(COMMENT);
    }
    let (name, value) = line.name_and_value(b"=").ok_or(NO_SETTING)?;
    let name = name.strip_prefix(b"export ").unwrap_or(name).trim_ascii();
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let name = std::str::from_utf8(name).ok();
    let name = name.filter(|own| !own.is_empty() && own.bytes().all(|b| is_name(&b)));
    let name = name.ok_or(NO_SETTING)?;
    let start = secret.span.start - value.len();
    let behind = match value.first() {
        Some(quote @ (b'"' | b'\'')) => {
            let close = memchr::memchr(*quote, line.behind);
            close.ok_or("its value goes over several lines")? + 1
        }
        _ => memchr::memmem::find(line.behind, b" #").unwrap_or(line.behind.len()),
    };
    let whole = Span::new(start, secret.span.end + behind);
    Ok((
        name.to_owned(),
        vec![TextChange::new(whole, Wording::plain(""))],
    ))
}

/// `<password>value</password>`
pub(super) fn in_element(secret: &SettingSecret<'_>, read: &str) -> Replaced {
    let (before, behind) = (
        &secret.text[..secret.span.start],
        &secret.text[secret.span.end..],
    );
    let opened = memchr::memmem::rfind(before, b"<!--");
    let closed = memchr::memmem::rfind(before, b"-->");
    if opened > closed {
        return Err(COMMENT);
    }
    let start = memchr::memrchr(b'<', before).ok_or(NO_SETTING)?;
    let name = before[start + 1..].strip_suffix(b">").ok_or(NOT_ALONE)?;
    if !behind.starts_with(b"</") {
        return Err(NOT_ALONE);
    }
    let wording = Wording::reading(read);
    Ok((
        secret.variable(name),
        vec![TextChange::new(secret.span, wording)],
    ))
}
