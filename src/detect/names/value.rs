//! What is literal in the value of a name, and what stands for a literal somewhere else.

use super::super::header_value;
use crate::model::Span;
use crate::syntax::{Item, Name, Style, TokenKind, Tree, is_listed, lex, listed};

/// Calls whose argument says where a value is kept, not what it is.
const GETTERS: &str = "env environ environment get getenv getproperty lookup fetch load read find param config require input \
    prompt dig getitem query select resolve property";

/// Longest value with parameters, in bytes.
const LONGEST: usize = 1 << 10;

/// Longest name in front of a value, in bytes.
const LONGEST_PARAMETER: usize = 16;

/// Most parts of a value.
const MOST: usize = 8;

/// Most tokens of a value that are looked at.
const MOST_TOKENS: usize = 64;

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A literal, without its quotes.
    Literal(Span),
    /// A name.
    Name(Span),
}

/// The literals and names in some tokens, in order. What is looked up by a literal is none of them: `env["A"]`.
pub(super) fn parts(tree: &Tree<'_>, start: usize, end: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = start;
    let end = end.min(tree.tokens.len()).min(start + MOST_TOKENS);
    while at < end && parts.len() < MOST {
        let span = tree.tokens[at].body;
        match tree.tokens[at].kind {
            TokenKind::Open if is_lookup(tree, at, start) => at = tree.mate(at).unwrap_or(at),
            TokenKind::Name | TokenKind::Str if at > start && is_other_field(tree, at) => {
                at = tree
                    .value_end(tree.key_behind(at).unwrap_or(at + 1))
                    .max(at + 1)
                    - 1;
            }
            TokenKind::Str if at > start && tree.is(at + 1, b":") => {}
            TokenKind::Str => parts.push(Part::Literal(span)),
            TokenKind::Name if is_converted(tree, at) => {
                let last = tree.word(at).iter().rposition(|b| *b == b'.');
                let end = last.map_or(span.end, |last| span.start + last);
                parts.push(Part::Name(Span::new(span.start, end)));
            }
            TokenKind::Name if is_value(tree, at) => {
                parts.push(Part::Name(Span::new(span.start, end_of_name(tree, at))));
            }
            _ => {}
        }
        at += 1;
    }
    parts
}

/// True for the name of a field in a record whose value is none of its own: `id` of `{id: "a", value: "b"}`. Names of
/// hosts stand for whoever has a token there.
fn is_other_field(tree: &Tree<'_>, at: usize) -> bool {
    let name = tree.word(at);
    let keys = [super::VALUE_KEYS, super::TOKEN_KEYS, super::PASSWORD_KEYS];
    let is_own = || name.contains(&b'.') || keys.iter().any(|keys| super::is_key(name, keys));
    // `[:api :token]` of Lisp
    let is_keyword =
        tree.is(at + 1, b":") && !tree.touches(at, at + 1) && tree.touches(at + 1, at + 2);
    tree.key_behind(at).is_some() && !tree.is(at + 1, b"->") && !is_keyword && !is_own()
}

/// Calls that give what they are called on, in another type.
const CONVERTING: &str = "as_bytes as_str asString bytes clone encode getBytes into strip to_owned to_s to_string toBytes \
    toByteArray toCharArray toString trim unwrap utf8";

/// True for a name that is called without arguments to have it in another type: `TOKEN.encode()`.
fn is_converted(tree: &Tree<'_>, at: usize) -> bool {
    let written = tree.word(at);
    let last = written.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let is_called = tree.is(at + 1, b"(") && tree.touches(at, at + 1);
    is_called && last.len() + 1 < written.len() && is_listed(CONVERTING, last)
}

/// True for a name that is neither called nor given something.
fn is_value(tree: &Tree<'_>, at: usize) -> bool {
    // `(get-in config [:token])` of Lisp
    let is_first = at > 0
        && tree.is(at - 1, b"(")
        && !(at > 1 && tree.touches(at - 2, at - 1) && tree.kind(at - 2) == Some(TokenKind::Name))
        && matches!(
            tree.kind(at + 1),
            Some(TokenKind::Name | TokenKind::Str | TokenKind::Open)
        );
    let is_called = tree.is(at + 1, b"(") || is_first;
    !is_called
        && !tree.is_any(at + 1, &[b":", b"=>"])
        && tree.word(at).iter().any(u8::is_ascii_alphabetic)
}

/// Where a name ends, in bytes, with what it is a record of: `TOKENS["eu"]`, but not `env["A"]`.
fn end_of_name(tree: &Tree<'_>, at: usize) -> usize {
    let open = at + 1;
    let key = tree.skip_lines(open + 1);
    let close = tree.mate(open).filter(|close| {
        let is_key = tree.kind(key) == Some(TokenKind::Str) && tree.skip_lines(key + 1) == *close;
        is_key && tree.is(open, b"[") && is_lookup(tree, open, at)
    });
    let is_record = !Name::new(tree.word(at)).has(GETTERS);
    tree.tokens[close.filter(|_| is_record).unwrap_or(at)]
        .span
        .end
}

/// True for brackets behind a name that hold the name of a value, and not a value.
fn is_lookup(tree: &Tree<'_>, open: usize, start: usize) -> bool {
    let Some(before) = open
        .checked_sub(1)
        .filter(|before| *before >= start && tree.touches(*before, open))
    else {
        return false;
    };
    let is_name = tree.kind(before) == Some(TokenKind::Name);
    match tree.word(open) {
        b"[" => {
            (is_name || tree.kind(before) == Some(TokenKind::Close)) && !tree.is(open + 1, b"]")
        }
        b"(" if is_name => {
            let path = tree.word(before);
            let last = path
                .rsplit(|b| matches!(b, b'.' | b':' | b'>'))
                .next()
                .unwrap_or(path);
            let name = Name::new(last);
            name.has(GETTERS) && !name.has("bytes")
        }
        _ => false,
    }
}

/// A credential or a name for one, with the scheme in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Credential {
    pub(super) part: Part,
    pub(super) scheme: Option<Span>,
}

/// Most credentials of one value: `a ? "b" : "c"`.
const MOST_CREDENTIALS: usize = 3;

/// The credentials in the parts of a header's value: `"Bearer abc"`, `"Bearer " + "abc"`, `["Bearer", abc]`.
pub(super) fn credentials(text: &[u8], parts: &[Part], style: Style) -> Vec<Credential> {
    let mut found = Vec::new();
    gather(text, parts, None, style, 0, &mut found);
    found.truncate(MOST_CREDENTIALS);
    found
}

/// Deepest literal in an insertion in a literal: `` `Basic ${btoa(`a:${b}`)}` ``.
const DEEPEST: usize = 3;

fn gather(
    text: &[u8],
    parts: &[Part],
    mut scheme: Option<Span>,
    style: Style,
    depth: usize,
    found: &mut Vec<Credential>,
) {
    for part in parts {
        let Part::Literal(body) = *part else {
            found.push(Credential {
                part: *part,
                scheme,
            });
            continue;
        };
        if scheme.is_none()
            && let Some(own) = scheme_alone(text, body)
        {
            scheme = Some(own);
            continue;
        }
        let start = body.start + blanks(&text[body.range()]);
        let put_in = |own: &(Span, Span)| scheme.is_none() && insertion(&text[own.1.range()]);
        if let Some((own, rest)) = split(text, Span::new(start, body.end)).filter(put_in) {
            if depth < DEEPEST {
                gather_inside(text, rest, Some(own), style, depth, found);
            }
            continue;
        }
        let (own, secret) = match scheme {
            Some(scheme) => (Some(scheme), Span::new(start, body.end)),
            None => match header_value::at(&text[..body.end], start) {
                Some(value) => (
                    value.scheme,
                    Span::new(value.secret.start, value.secret.end),
                ),
                None => continue,
            },
        };
        // `key=${KEY}`
        let near = text[secret.range()].iter().take(LONGEST_PARAMETER);
        let name = near.take_while(|b| b.is_ascii_alphabetic()).count();
        let is_parameter = text[secret.start + name..body.end].starts_with(b"=")
            && insertion(&text[secret.start + name + 1..body.end]);
        let start = secret.start + if is_parameter { name + 1 } else { 0 };
        let inserted = Span::new(start, body.end);
        if !insertion(&text[inserted.range()]) {
            found.push(Credential {
                part: Part::Literal(trimmed(text, secret)),
                scheme: own,
            });
        } else if depth < DEEPEST {
            gather_inside(text, inserted, own, style, depth, found);
        }
    }
}

/// The credentials of what is put into a literal: `${btoa("a:b")}`.
fn gather_inside(
    text: &[u8],
    inserted: Span,
    scheme: Option<Span>,
    style: Style,
    depth: usize,
    found: &mut Vec<Credential>,
) {
    let (tokens, _) = lex(text, inserted, style, true);
    let tree = Tree::new(text, tokens);
    let inner = parts(&tree, 0, tree.tokens.len());
    gather(text, &inner, scheme, style, depth + 1, found);
}

/// A scheme and what stands behind the blank behind it.
fn split(text: &[u8], body: Span) -> Option<(Span, Span)> {
    let part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'-' | b'_');
    let length = text[body.range()].iter().take(32).take_while(part).count();
    let scheme = Span::new(body.start, body.start + length);
    let gap = blanks(&text[scheme.end..body.end]);
    (length > 2 && gap > 0).then_some((scheme, Span::new(scheme.end + gap, body.end)))
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// Without blanks at its end.
fn trimmed(text: &[u8], span: Span) -> Span {
    Span::new(
        span.start,
        span.start + text[span.range()].trim_ascii_end().len(),
    )
}

/// A literal that is a scheme and nothing else, or the place of a value behind it: `"Bearer "`, `"Bearer %s"`.
fn scheme_alone(text: &[u8], body: Span) -> Option<Span> {
    let start = body.start + blanks(&text[body.range()]);
    let part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'-' | b'_');
    let length = text[start..body.end]
        .iter()
        .take(32)
        .take_while(part)
        .count();
    let scheme = Span::new(start, start + length);
    let rest = text[scheme.end..body.end].trim_ascii();
    let rest = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii();
    let is_place = rest.is_empty() || PLACES.contains(&rest);
    let is_scheme = text[scheme.range()].iter().any(u8::is_ascii_alphabetic) && length >= 3;
    let ends_in_blank = scheme.end < body.end;
    let is_known =
        listed(KNOWN).any(|known| text[scheme.range()].eq_ignore_ascii_case(known.as_bytes()));
    (is_scheme && is_place && (is_known || (ends_in_blank && length <= 16))).then_some(scheme)
}

/// True for the value of a header that a literal begins and something else goes on with: nothing, a scheme, or the
/// place of a value.
pub(super) fn is_begun(text: &[u8], body: Span) -> bool {
    let value = text[body.range()].trim_ascii();
    value.is_empty() || PLACES.contains(&value) || scheme_alone(text, body).is_some()
}

/// The places of what is put into a literal, or their beginnings.
const PLACES: &[&[u8]] = &[
    b"%s", b"%v", b"{}", b"{0}", b"%@", b"%q", b"{1}", b"~a", b"~s", b"\\(", b"${", b"#{",
];

/// Schemes that may stand in a literal of their own.
const KNOWN: &str = "bearer basic token apikey api-key digest jwt negotiate ntlm";

/// The name that is put in where a literal begins, and nothing else in it: `${PASSWORD}`, `{password}`.
pub(super) fn inserted_name(text: &[u8], body: Span) -> Option<Span> {
    let value = &text[body.range()];
    let signs = value.iter().take_while(|b| b"$#\\%{(".contains(b)).count();
    let own = value[signs..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"_.".contains(b));
    let start = body.start + signs;
    let name = Span::new(start, start + own.count());
    let is_closed = text[name.end..body.end].iter().all(|b| b"})".contains(b));
    (signs > 0 && !name.is_empty() && is_closed).then_some(name)
}

/// True when something is put in where a literal begins.
fn insertion(value: &[u8]) -> bool {
    let signs: [&[u8]; 12] = [
        b"${", b"#{", b"{{", b"{", b"\\(", b"$(", b"%(", b"@{", b"<%", b"$", b"%", b"@",
    ];
    let is_there = signs.iter().any(|sign| value.starts_with(sign));
    is_there
        && value.iter().skip(1).take(3).any(|b| {
            b.is_ascii_alphabetic()
                || matches!(b, b'_' | b'\'' | b'"' | b'`' | b'{' | b'(' | b' ' | b'$')
        })
}

/// Parameters of a scheme that are a credential by themselves; any other scheme with parameters signs one request.
const TOKENS: &[&[u8]] = &[b"token", b"accesstoken", b"apikey", b"key"];

/// The tokens among the parameters of a scheme (<https://www.rfc-editor.org/rfc/rfc9110#name-credentials>), each with
/// the scheme: `Token token="abc", email="a@b"`. `None` for any other value.
pub(super) fn parameters(tree: &Tree<'_>, start: usize, end: usize) -> Option<Vec<(Span, Span)>> {
    let text = tree.text;
    let first = tree.tokens.get(start)?;
    let body = match first.kind {
        TokenKind::Str => first.body,
        TokenKind::Name => {
            let near = &text[first.span.start..text.len().min(first.span.start + LONGEST)];
            let line = memchr::memchr(b'\n', near).unwrap_or(near.len());
            let last = tree.tokens.get(end.checked_sub(1)?)?.span.end;
            let end = last
                .max(first.span.start + line)
                .min(first.span.start + LONGEST);
            Span::new(first.span.start, end)
        }
        _ => return None,
    };
    let value = header_value::at(
        &text[..body.end.min(text.len())],
        body.start + blanks(&text[body.range()]),
    )?;
    let scheme = value.scheme?;
    let rest = Span::new(value.secret.start, body.end.min(text.len()));
    let name = text[rest.range()]
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || matches!(**b, b'_' | b'-'))
        .count();
    let equals = &text[rest.start + name..rest.end];
    let is_parameter = name >= 2
        && equals.first() == Some(&b'=')
        && equals
            .get(1)
            .is_some_and(|b| !b" \"',;=&\n".contains(b) || matches!(b, b'"'))
        || name >= 2 && equals.starts_with(b"=\\\"");
    if !is_parameter {
        return None;
    }
    let style = Style {
        slashes: false,
        hash: false,
        dashes: false,
    };
    let (tokens, _) = lex(text, rest, style, true);
    let tree = Tree::new(text, tokens);
    let tokens = (0..tree.tokens.len()).filter_map(|at| {
        let behind = tree
            .key_behind(at)
            .filter(|_| tree.kind(at) == Some(TokenKind::Name))?;
        let is_token = TOKENS.contains(&&*super::letters(tree.word(at)));
        let value = tree.tokens.get(behind).filter(|_| is_token)?;
        let secret = match value.kind {
            TokenKind::Str => value.body,
            _ => header_value::at(&text[..rest.end], value.span.start)?.secret,
        };
        Some((secret, scheme))
    });
    Some(tokens.collect())
}

/// The member of a record that has one of these names.
pub(super) fn member<'i>(tree: &Tree<'_>, items: &'i [Item], keys: &[&str]) -> Option<&'i Item> {
    let has = |item: &&Item| {
        item.key
            .is_some_and(|key| super::is_key(tree.word(key), keys))
    };
    items.iter().find(has)
}
