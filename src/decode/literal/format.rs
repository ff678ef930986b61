//! Literals that are put into a text with places for them: `"%s_live_%s" % ("jvx", "...")`,
//! `"jvx_{}".format("...")`, `'{0}_live_{1}' -f 'jvx', '...'`, `sprintf("%s%s", "jvx_live_", "...")`.

use super::glue::{self, closing};
use super::named::Names;
use super::pieces::PREFIX;
use crate::decode::Layer;
use crate::model::{Dress, Span};
use crate::syntax::{TokenKind, Tree};
use memchr::memmem;

/// Longest text with places, in bytes.
const LONGEST: usize = 256;

/// Most tokens between it and a literal that is put in.
const MOST_TOKENS: usize = 16;

/// Most literals that are put in, to either side of the one that a key begins with.
const MOST: usize = 4;

/// What comes of the text with places that holds `first`, or stands in front of it.
pub(in crate::decode) fn at<'t>(text: &'t [u8], names: &Names<'t>, piece: Span) -> Option<Layer> {
    let is_place = matches!(text.get(piece.end), Some(b'%' | b'{' | b'~'));
    let quoted = matches!(text.get(piece.end), Some(b'"' | b'\'' | b'`'));
    let (format, literals) = match (is_place, quoted) {
        (true, _) => {
            let format = around(text, piece.start)?;
            let end = format.end + closing(text, format.end);
            (format, literals(text, names, format.start, end))
        }
        (_, true) => {
            let (format, mut literals) = before(text, piece)?;
            let end = piece.end + closing(text, piece.end);
            literals.extend(self::literals(text, names, piece.start, end));
            (format, literals)
        }
        _ => return None,
    };
    let filled = filled(text, format, &literals)?;
    memmem::find(&filled.text, PREFIX)?;
    Some(filled)
}

/// True when something can be put into a literal.
fn has_place(text: &[u8], literal: Span) -> bool {
    let rest = |at| &text[at..literal.end];
    literal.range().any(|at| place(rest(at)).is_some())
}

/// The literal that holds `at`, without its quotes.
fn around(text: &[u8], at: usize) -> Option<Span> {
    let before = &text[at.saturating_sub(LONGEST)..at];
    let is_quote = |b: &u8| matches!(b, b'"' | b'\'' | b'`' | b'\n');
    let back = before.iter().rev().position(is_quote)?;
    let start = at - back;
    let quote = text[start - 1];
    let behind = &text[at..text.len().min(at + LONGEST)];
    let end = at + memchr::memchr2(quote, b'\n', behind)?;
    (text[end] == quote && quote != b'\n').then(|| Span::new(start, end))
}

/// The literal with places that stands in front of a piece, and the literals from the first that is put in up to the
/// piece.
fn before(text: &[u8], piece: Span) -> Option<(Span, Vec<Vec<Span>>)> {
    let tree = Tree::up_to(text, piece.start.checked_sub(1)?, LONGEST);
    let mut literals = vec![vec![piece]];
    let mut leads_on = false;
    for at in (0..tree.tokens.len()).rev().take(MOST_TOKENS) {
        let token = tree.tokens[at];
        match token.kind {
            TokenKind::Str if has_place(text, token.body) => {
                return leads_on.then_some((token.body, literals));
            }
            TokenKind::Str if literals.len() < MOST && tree.is_any(at + 1, &[b","]) => {
                literals.insert(0, vec![token.body]);
            }
            TokenKind::Str => return None,
            _ => leads_on |= tree.is_any(at, &[b"%", b",", b"-", b"("]),
        }
    }
    None
}

/// The literals that follow what ends at `at`.
fn literals<'t>(text: &'t [u8], names: &Names<'t>, first: usize, mut at: usize) -> Vec<Vec<Span>> {
    let mut literals = Vec::new();
    while let Some(next) =
        glue::next(text, Some(names), first, at).filter(|_| literals.len() < MOST)
    {
        literals.push(next.spans);
        at = next.end;
    }
    literals
}

/// The text with the literals in its places, one after the other or by their numbers; `None` when it
/// has none.
fn filled(text: &[u8], format: Span, literals: &[Vec<Span>]) -> Option<Layer> {
    let mut filled = Layer::new(Dress::Joined);
    let (mut at, mut begun, mut used) = (format.start, format.start, 0);
    while at < format.end {
        let place = place(&text[at..format.end]);
        let literal = place.and_then(|(_, number)| literals.get(number.unwrap_or(used)));
        match (place, literal) {
            (Some((length, _)), Some(literal)) => {
                filled.push(&text[begun..at], Span::new(begun, at));
                for piece in literal {
                    filled.push(&text[piece.range()], *piece);
                }
                used += 1;
                at += length;
                begun = at;
            }
            _ => at += 1,
        }
    }
    filled.push(&text[begun..at], Span::new(begun, at));
    (used > 0).then_some(filled)
}

/// Length and number of the place that `rest` begins with: `%s`, `%1$s`, `{}`, `{0}`, `~a`.
fn place(rest: &[u8]) -> Option<(usize, Option<usize>)> {
    let digits = rest[1..]
        .iter()
        .take(2)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let number = std::str::from_utf8(&rest[1..=digits]).ok()?.parse().ok();
    let behind = rest.get(1 + digits);
    match rest[0] {
        b'%' if behind == Some(&b'$') => {
            let number: Option<usize> = number;
            Some((digits + 3, number.and_then(|n| n.checked_sub(1))))
        }
        b'%' => {
            matches!(behind, Some(b's' | b'v' | b'q' | b'@' | b'S')).then_some((digits + 2, None))
        }
        b'~' => matches!(behind, Some(b's' | b'a' | b'p')).then_some((2, None)),
        b'{' => {
            let end = rest.iter().take(16).position(|b| *b == b'}')?;
            Some((end + 1, number.filter(|_| digits > 0)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;

    #[test]
    fn literals_are_put_into_their_places() {
        for text in [
            r#"k = "%s_live_%s" % ("jvx", "abcdef")"#,
            r#"k = "jvx_%s_%s" % ("live", "abcdef")"#,
            r#"k = "jvx_live_%s" % "abcdef""#,
            "k = '{0}_live_{1}' -f 'jvx', 'abcdef'",
            r#"k = "{1}_live_{0}".format("abcdef", "jvx")"#,
            r#"k = sprintf("%s%s", "jvx_live_", "abcdef")"#,
            r#"k := fmt.Sprintf("jvx_live_%s", "abcdef")"#,
            r#"k = String.format("%1$s_live_%2$s", "jvx", "abcdef")"#,
            r#"k = format!("{}{}", "jvx_live_", "abcdef")"#,
            r#"k = string.format("jvx_%s", "live_abcdef")"#,
            "printf 'jvx_live_%s' 'abcdef'",
            r#"k = "Bearer %s_live_%s".formatted("jvx", "abcdef")"#,
        ] {
            let found = layers_of(text.as_bytes());
            let has = |l: &super::Layer| super::memmem::find(&l.text, b"jvx_live_abcdef").is_some();
            let layer = found.iter().find(|l| has(l));
            let layer = layer.unwrap_or_else(|| panic!("{text}"));
            let stored = layer.stored((0..layer.text.len()).into());
            let stored = &text[stored.range()];
            assert!(
                stored.contains("live") && stored.contains("abcdef"),
                "{stored}"
            );
        }
    }

    #[test]
    fn what_is_put_in_at_run_time_is_no_piece() {
        for text in [
            r#"k = "%s_live_%s" % ("jvx", body)"#,
            r#"k = "jvx_live_{body}".format(body=os.getenv("abcdef"))"#,
            r#"k = format("jvx_live_%s", var.body)"#,
        ] {
            let found = layers_of(text.as_bytes());
            let has = |l: &super::Layer| super::memmem::find(&l.text, b"jvx_live_abcdef").is_some();
            assert!(!found.iter().any(has), "{text}");
        }
    }
}
