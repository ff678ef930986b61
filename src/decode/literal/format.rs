//! Literals that are put into a text with places for them: `"%s_live_%s" % ("jvx", "...")`,
//! `"jvx_{}".format("...")`, `'{0}_live_{1}' -f 'jvx', '...'`, `sprintf("%s%s", "jvx_live_", "...")`.

use super::PREFIX;
use super::glue::{PieceNames, closing};
use crate::decode::Layer;
use crate::model::{Dress, Span};
use crate::syntax::{CallKind, Item, TokenKind, Tree, call, is_quote, is_word};
use memchr::memmem;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    r#"`"%s_live_%s" % ("jvx", "...")`, `'{0}_live_{1}' -f ...`, `sprintf`, `format!`"#;

/// Longest text with places, and how far in front of a literal that is put in it begins, in bytes.
const LONGEST: usize = 256;

/// How far behind it the literals are, in bytes, for each of its places and at most.
const REACH_OF_PLACE: usize = 160;
const REACH: usize = 512;

/// Longest place, in bytes.
const LONGEST_PLACE: usize = 24;

/// Most tokens between the text and a literal that is put in.
const MOST_TOKENS: usize = 16;

/// What is put in: the name that it has, if any, and the pieces of it.
type Argument<'t> = (Option<&'t [u8]>, Option<Vec<Span>>);

/// What comes of the text with places that holds `part`, or that it is put into.
pub(super) fn at<'t>(text: &'t [u8], names: &dyn PieceNames<'t>, part: Span) -> Option<Layer> {
    let format = match text.get(part.end)? {
        b'%' | b'{' | b'~' => around(text, part.start)?,
        _ => before(text, names, part.start)?,
    };
    // In a program that is built, all its literals stand side by side.
    if text[format.range()].contains(&0) {
        return None;
    }
    let end = format.end + closing(text, format.end);
    let reach = REACH.min(REACH_OF_PLACE * places(&text[format.range()]).count());
    let filled = filled(text, format, &arguments(text, names, end, reach))?;
    memmem::find(&filled.text, PREFIX)?;
    Some(filled)
}

/// The literal that holds `at`, without its quotes.
fn around(text: &[u8], at: usize) -> Option<Span> {
    let before = &text[at.saturating_sub(LONGEST)..at];
    let back = before
        .iter()
        .rev()
        .position(|b| is_quote(b) || *b == b'\n')?;
    let start = at - back;
    let quote = text[start - 1];
    let behind = &text[at..text.len().min(at + LONGEST)];
    let end = at + memchr::memchr2(quote, b'\n', behind)?;
    (text[end] == quote && quote != b'\n').then(|| Span::new(start, end))
}

/// The literal with places that stands in front of what is put in at `at`.
fn before<'t>(text: &'t [u8], names: &dyn PieceNames<'t>, at: usize) -> Option<Span> {
    memchr::memchr3(b'%', b'{', b'~', &text[at.saturating_sub(LONGEST)..at])?;
    let is_quoted = at
        .checked_sub(1)
        .is_some_and(|before| is_quote(&text[before]));
    let at = at - usize::from(is_quoted);
    if begins_statement(&text[..at]) {
        return None;
    }
    let tree = Tree::up_to(text, names.before(), at, LONGEST);
    let mut tokens = (0..tree.tokens.len()).rev().take(MOST_TOKENS);
    let format = tokens.find(|at| {
        tree.kind(*at) == Some(TokenKind::Str) && places(tree.word(*at)).next().is_some()
    })?;
    let is_printed = || format > 0 && call(tree.word(format - 1)) == CallKind::Formats;
    let leads_on = |at| tree.is_any(at, &[b"%", b",", b"-", b"("]);
    let is_led = (format..tree.tokens.len()).any(leads_on) || is_printed();
    is_led.then(|| tree.tokens[format].body)
}

/// True behind a line that nothing goes on from.
fn begins_statement(before: &[u8]) -> bool {
    let before = &before[before.len().saturating_sub(LONGEST)..];
    let line = before.trim_ascii_end();
    let goes_on = || line.last().is_some_and(|b| b",%(-\\".contains(b));
    before[line.len()..].contains(&b'\n') && !goes_on()
}

/// What is put into the text that ends at `at`.
fn arguments<'t>(
    text: &'t [u8],
    names: &dyn PieceNames<'t>,
    at: usize,
    reach: usize,
) -> Vec<Argument<'t>> {
    let tree = Tree::behind(text, at, reach);
    let leads_on = |at: &usize| {
        let is_called = tree.is(at + 1, b"(") || tree.word(*at) == b"f";
        let signs: [&[u8]; 8] = [b"%", b".", b",", b"-", b"|", b"(", b"{", b"["];
        tree.is_any(*at, &signs) || (tree.kind(*at) == Some(TokenKind::Name) && is_called)
    };
    let start = (0..MOST_TOKENS).find(|at| !leads_on(at)).unwrap_or(0);
    let is_end = |at: &usize| {
        tree.kind(*at) == Some(TokenKind::Close) && tree.mate(*at).is_none_or(|open| open < start)
    };
    let end = (start..tree.tokens.len())
        .find(is_end)
        .unwrap_or(tree.tokens.len());
    let literal = |at: usize| match tree.kind(at)? {
        TokenKind::Str => Some(vec![tree.tokens[at].body]),
        TokenKind::Name => {
            let (name, _) = names.used(tree.tokens[at])?;
            Some(names.value(name, tree.tokens[at].span.start)?.1)
        }
        _ => None,
    };
    // `printf '%s_%s' jvx live` of a shell
    let word = |at: usize| literal(at).or(Some(vec![tree.tokens[at].body]));
    let is_word = |at| matches!(tree.kind(at), Some(TokenKind::Str | TokenKind::Name));
    let argument = |item: Item| {
        let tokens = item.start..item.end;
        let is_own =
            |key: &usize| tree.kind(*key) == Some(TokenKind::Str) && tree.parent(*key).is_none();
        // Outside of brackets a literal names nothing, whatever follows: `'{0}{1}' -f 'jvx', '...': more`.
        if let Some(key) = item.key.filter(is_own) {
            return vec![(None, literal(key))];
        }
        let key = item.key.map(|key| tree.word(key));
        if tokens.len() > 1 && tokens.clone().all(is_word) {
            tokens.map(|at| (None, word(at))).collect()
        } else {
            let mut tokens = tokens;
            let value = tokens.find(|at| !tree.is_any(*at, &[b"&", b"*"]));
            vec![(key, value.and_then(literal))]
        }
    };
    tree.members(start, end)
        .into_iter()
        .flat_map(argument)
        .collect()
}

/// The text with what is put in, one after the other, by numbers or by names; `None` when nothing is.
fn filled(text: &[u8], format: Span, arguments: &[Argument<'_>]) -> Option<Layer> {
    let mut filled = Layer::new(Dress::Joined);
    let (mut at, mut begun, mut used) = (format.start, format.start, 0);
    while at < format.end {
        let place = place(&text[at..format.end]);
        let Some(place) = place else {
            at += 1;
            continue;
        };
        let named = arguments.iter().find(|(key, _)| *key == Some(place.name));
        let number = || std::str::from_utf8(place.name).ok()?.parse().ok();
        let next = || arguments.get(number().map_or(used, |n: usize| n.wrapping_sub(place.first)));
        // What is put in at run time leaves the place as it is.
        if let Some(pieces) = named.or_else(next).and_then(|(_, pieces)| pieces.as_ref()) {
            filled.push(&text[begun..at], Span::new(begun, at));
            for piece in pieces {
                filled.push(&text[piece.range()], *piece);
            }
            begun = at + place.length;
        }
        used += 1;
        at += place.length;
    }
    filled.push(&text[begun..format.end], Span::new(begun, format.end));
    (begun > format.start).then_some(filled)
}

/// Where something is put in.
struct FormatSlot<'t> {
    length: usize,
    /// Its name or number; empty where the next argument is meant.
    name: &'t [u8],
    /// The number of the first.
    first: usize,
}

/// The places of a text.
fn places(format: &[u8]) -> impl Iterator<Item = FormatSlot<'_>> {
    (0..format.len()).filter_map(|at| place(&format[at..]))
}

/// The place that `rest` begins with: `%s`, `%1$s`, `%(a)s`, `{}`, `{0}`, `{a}`, `~a`.
fn place(rest: &[u8]) -> Option<FormatSlot<'_>> {
    let rest = &rest[..rest.len().min(LONGEST_PLACE)];
    let verb = |at: usize, verbs: &[u8]| rest.get(at).is_some_and(|b| verbs.contains(b));
    let (length, name, first) = match rest {
        [b'%', b'(', inner @ ..] => {
            let name = &inner[..memchr::memchr(b')', inner)?];
            (name.len() + 4, name, 0)
        }
        [b'%', inner @ ..] => {
            let digits = inner.iter().take_while(|b| b.is_ascii_digit()).count();
            match inner.get(digits) {
                Some(b'$') => (digits + 3, &inner[..digits], 1),
                _ => (digits + 2, &b""[..], 0),
            }
        }
        [b'~', ..] => (2, &b""[..], 0),
        [b'{', inner @ ..] => {
            let inner = &inner[..memchr::memchr(b'}', inner)?];
            let name = inner.split(|b| !is_word(b)).next()?;
            (inner.len() + 2, name, 0)
        }
        _ => return None,
    };
    let is_whole = rest[0] == b'{' || verb(length - 1, b"svq@Sap");
    is_whole.then_some(FormatSlot {
        length,
        name,
        first,
    })
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
            "k = '{0}_live_{1}' -f 'jvx', 'abcdef':1: more",
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
