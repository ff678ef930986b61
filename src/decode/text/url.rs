//! URLs with a user and a password whose slashes are escaped: `https:\/\/u:p@h` of PHP's JSON, `\u002F`, `&#x2F;` of
//! a template, `%3A%2F%2F` of a URL in a URL, `https\://` of `.properties`.

use super::super::sign::trigger::windows;
use super::escape::unescape;
use crate::decode::Layer;
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::Span;
use memchr::memmem;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = r"URLs with a password whose slashes are escaped: `https:\/\/u:p@h`, `\u002F`, `&#x2F;`, `%3A%2F%2F`, `https\://`; escapes of the other kinds stay";

/// How far behind the slashes a URL's user and password are read, in bytes.
pub(in crate::decode) const REACH: usize = 512;

/// How far before them its scheme is, in bytes; what a text needs to be long enough to be searched.
const BEFORE: usize = 64;

/// The slashes of a URL, as each way to escape has them, with where in that the four bytes begin that are
/// searched for: those that have no letter of two cases, if there are any.
pub(in crate::decode) const SLASHES: [(&[u8], usize); 9] = [
    (br":\/\/", 0),
    (br":\\/\\/", 2),
    (br":\\\/\\\/", 3),
    (br"\://", 0),
    (br"\u002f\u002f", 1),
    (b"&#x2f;&#x2f;", 0),
    (b"&#47;&#47;", 0),
    (b"%2f%2f", 0),
    (b"%2F%2F", 0),
];

/// What an at sign has in it, as it is or in escapes.
const AT_SIGNS: [&[u8]; 6] = [b"@", b"%40", b"0040", b"x40", b"#64", b"commat"];

/// True when a user and a password may stand behind the slashes of a URL at `slashes`. Links are in many texts.
pub(in crate::decode) fn has_userinfo(text: &[u8], slashes: Span) -> bool {
    // `:`, `%3A`, `\u003a`, `&#58;`
    let before = text[..slashes.start].last();
    let is_behind_colon =
        text[slashes.range()].contains(&b':') || before.is_some_and(|b| b":aA;".contains(b));
    let behind = &text[slashes.end..text.len().min(slashes.end + REACH)];
    let is_end = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>".contains(b);
    let end = behind.iter().position(is_end).unwrap_or(behind.len());
    let url = &behind[..end];
    is_behind_colon && AT_SIGNS.iter().any(|at| memmem::find(url, at).is_some())
}

/// Each URL without the escapes that its slashes have. Those of other kinds stay: a password may hold `%2F`.
pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    for kind in *br"\%&" {
        let is_own = |slashes: &&Trigger| {
            let slashes = &text[slashes.span.range()];
            slashes.contains(&kind)
        };
        let urls = triggers.iter().filter(|t| t.sign == Sign::Slashes);
        let urls = urls.filter(is_own).map(|t| t.span);
        for window in windows(text, urls, (BEFORE, REACH)) {
            let layer = unescape(text, window, &[kind]);
            if !layer.is_unchanged() {
                layers.push(layer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;

    fn decoded(text: &str) -> Option<String> {
        let layers = layers_of(text.as_bytes()).into_iter();
        let mut texts = layers.map(|layer| String::from_utf8(layer.text).unwrap());
        texts.next_back()
    }

    #[test]
    fn a_url_is_read_however_its_slashes_are_escaped() {
        for text in [
            r"https:\/\/user:pass%2Fword@host",
            r"https:\\/\\/user:pass%2Fword@host",
            r"https:\\\/\\\/user:pass%2Fword@host",
            r"https:\u002F\u002Fuser:pass%2Fword@host",
            r"https\://user\:pass%2Fword\@host",
            "https:&#x2F;&#x2f;user:pass%2Fword&#64;host",
            "https&#58;&#47;&#47;user&colon;pass%2Fword&commat;host",
            "https%3A%2F%2Fuser%3Apass%252Fword%40host",
            "https:%2f%2fuser:pass%252Fword@host",
        ] {
            let expected = Some("https://user:pass%2Fword@host".to_owned());
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn a_url_without_a_user_is_left_alone() {
        for text in [
            r#"{"a": "https:\/\/host\/path", "b": "user@host"}"#,
            "?next=https%3A%2F%2Fhost%2Fpath",
            r"\/\/ a comment for user@host",
        ] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
