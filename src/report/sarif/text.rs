//! The sentences of a SARIF log, in which no text of a scanned file becomes a link.

use super::super::summary::counted;
use super::super::text::keys::{heading, whereabouts};
use super::super::{escape, provenance};
use crate::model::{Dress, ExposedKey, Finding};

/// The first sentence is the alert's title, the rest says what the place alone does not: of a key of an audit also what
/// to do about it, and how far it got.
pub(in crate::report) fn message(
    finding: &Finding,
    key: Option<&ExposedKey>,
    linked: usize,
    unlinked: usize,
) -> String {
    let what = finding.message.trim_end_matches('.');
    let mut text = plain(&format!("{what} ({}).", finding.secret));
    if finding.dress != Dress::Plain {
        text += &format!(" Found in {}.", finding.dress.name());
    }
    if let Some(outlet) = &finding.outlet {
        text += &plain(&format!(
            " Sent to a browser in {}:{}.",
            outlet.path, outlet.line
        ));
    }
    if let Some(words) = provenance::words(&finding.origin) {
        text += &plain(&format!(" It is {words}."));
    }
    for words in provenance::image(finding) {
        text += &plain(&format!(" It is {words}."));
    }
    if let Some(key) = key {
        let (place, since) = whereabouts(key);
        let since: String = since.iter().map(|since| format!(", {since}")).collect();
        let action = heading(key.action());
        text += &plain(&format!(" {action}: {place}{since}."));
    }
    if linked > 0 {
        let links: Vec<_> = (1..=linked)
            .map(|id| format!("[also here]({id})"))
            .collect();
        text += &format!(" The same secret is {}", links.join(", "));
        text += &match unlinked {
            0 => ".".to_owned(),
            n => format!(" and in {}.", counted(n as u64, "more place")),
        };
    }
    text
}

/// Text in which SARIF sees neither a link (`[...](1)`) nor a placeholder (`{0}`).
pub(in crate::report) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in escape::visible(text).chars() {
        match c {
            '[' | ']' => plain.extend(['\\', c]),
            '{' | '}' => plain.extend([c, c]),
            c => plain.push(c),
        }
    }
    plain
}

/// `jourvex-key` as `JourvexKey`, the form SARIF asks of a rule's name.
pub(super) fn pascal_case(id: &str) -> String {
    let mut name = String::new();
    let mut first = true;
    for c in id.chars() {
        match c {
            c if !c.is_ascii_alphanumeric() => first = true,
            c if std::mem::take(&mut first) => name.push(c.to_ascii_uppercase()),
            c => name.push(c),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_placeholders_are_escaped() {
        insta::assert_snapshot!(plain("[a](1) {0}\n"), @r"\[a\](1) {{0}}\n");
    }

    #[test]
    fn a_rule_name_is_in_pascal_case() {
        assert_eq!(pascal_case("jourvex-key_v2"), "JourvexKeyV2");
    }
}
