//! The beginning of a key kept under a name: `const P = "jvx_live_"` and, further on, `P + "..."`,
//! `${P}...`, `P += "..."`, `append P "..."`, or `$P$B` with the rest under another name.

use super::Layer;
use super::call::{self, Call};
use super::glue::{self, Glue};
use super::list::{self, Opener};
use super::pieces::{Chain, PREFIX, SHORTEST_BODY, joined};
use super::run::run;
use crate::model::Span;
use memchr::memmem;

/// How far behind its value a name is followed, in bytes.
const REACH: usize = 4096;

/// How far around the beginning of a key the name of its rest is looked for, in bytes.
const NEAR: usize = 1024;

/// Most uses of one name that are followed.
const MOST_USES: usize = 16;

/// Longest name whose value is followed.
const LONGEST_NAME: usize = 64;

/// Words in front of a name that is given what follows without a sign.
const GIVING: [&[u8]; 6] = [b"set", b"define", b"def", b"setq", b"let", b"const"];

/// Decodes the uses of the names that stand for the beginning of a key.
pub(super) fn at(text: &[u8], piece: Span, layers: &mut Vec<Layer>) {
    if !is_beginning(&text[piece.range()]) {
        return;
    }
    for name in names_of(&text[..piece.start]).into_iter().flatten() {
        uses(text, piece, name, layers);
    }
}

/// True for part of the prefix, and for the prefix with less than a whole body.
fn is_beginning(piece: &[u8]) -> bool {
    let is_short = piece.len() < PREFIX.len() + SHORTEST_BODY;
    PREFIX.starts_with(piece) || (is_short && piece.starts_with(PREFIX))
}

/// The uses of one name of the piece, up to where it is given a beginning anew: each is read once. Keys that
/// are made of other names may stand between.
fn uses(text: &[u8], piece: Span, name: &[u8], layers: &mut Vec<Layer>) {
    let reach = Span::new(piece.end, text.len().min(piece.end + REACH));
    let uses = places_of(name, &text[reach.range()]).map(|at| reach.start + at);
    let uses = uses.map(|at| Span::new(at, at + name.len()));
    let alone = uses.filter(|used| is_name_alone(text, *used));
    let own = alone.take_while(|used| !is_given_beginning(&text[used.end..]));
    let read = own.filter(|used| !is_given(&text[used.end..]));
    for used in read.take(MOST_USES) {
        let rest = literal_behind(text, piece, used).or_else(|| name_behind(text, piece, used));
        layers.extend(rest.and_then(|pieces| joined(text, &pieces)));
    }
}

/// Where a name stands in a text. In a short one, such as up to the next of many keys, to make ready for the
/// search would take longer than the search.
fn places_of<'t>(name: &'t [u8], text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let is_short = text.len() <= 2 * LONGEST_NAME;
    let first = is_short.then(|| memchr::memchr_iter(name[0], text));
    let in_short = first.into_iter().flatten();
    let in_long = (!is_short).then(|| memmem::find_iter(text, name));
    let in_short = in_short.filter(|at| text[*at..].starts_with(name));
    in_short.chain(in_long.into_iter().flatten())
}

/// The names in front of the value that `before` ends at: `P = "`, `set P "`, `P=`, and `P: string = "`,
/// where it is not known which of the two is the type.
fn names_of(before: &[u8]) -> [Option<&[u8]>; 2] {
    let before = &before[before.len().saturating_sub(2 * LONGEST_NAME)..];
    let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let quoted = line
        .strip_suffix(b"\"")
        .or(line.strip_suffix(b"'"))
        .or(line.strip_suffix(b"`"));
    let before = quoted.unwrap_or(line).trim_ascii_end();
    let sign = before.strip_suffix(b"=").or(before.strip_suffix(b":"));
    let Some(sign) = sign else {
        return [name_given(before), None];
    };
    let sign = sign.strip_suffix(b":").unwrap_or(sign).trim_ascii_end();
    let typed =
        memchr::memrchr(b':', sign).and_then(|colon| last_name(sign[..colon].trim_ascii_end()));
    [last_name(sign), typed]
}

/// The name that a word in front of it gives what follows: `set P "`.
fn name_given(before: &[u8]) -> Option<&[u8]> {
    let name = last_name(before)?;
    let word = last_name(before[..before.len() - name.len()].trim_ascii_end())?;
    GIVING.contains(&word).then_some(name)
}

fn last_name(before: &[u8]) -> Option<&[u8]> {
    let last = before.iter().rev().take(LONGEST_NAME);
    let length = last.take_while(|b| is_name(b)).count();
    (length > 0).then(|| &before[before.len() - length..])
}

fn is_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// True when a name is not part of a longer one.
fn is_name_alone(text: &[u8], used: Span) -> bool {
    let before = used.start.checked_sub(1).map(|at| text[at]);
    let joins = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    !before.is_some_and(joins) && !text.get(used.end).copied().is_some_and(joins)
}

/// True behind a name that is given something else: `P = ...`, which adds nothing to what it stood for.
fn is_given(behind: &[u8]) -> bool {
    let behind = behind.trim_ascii_start();
    behind.starts_with(b"=") && !behind.starts_with(b"==") && !behind.starts_with(b"=>")
}

/// True behind a name that is given the beginning of a key: `P = "jvx_live_"`, `set P jvx_`.
fn is_given_beginning(behind: &[u8]) -> bool {
    let behind = &behind[..behind.len().min(LONGEST_NAME)];
    let signs = |b: &&u8| b.is_ascii_whitespace() || b"=:\"'`".contains(b);
    let value = behind.iter().take_while(signs).count();
    behind[value..].starts_with(&PREFIX[..3])
}

/// The pieces when a literal follows the name.
fn literal_behind(text: &[u8], piece: Span, used: Span) -> Option<Vec<Span>> {
    let before = &text[used.start.saturating_sub(LONGEST_NAME)..used.start];
    let is_given = is_given_to_call(before);
    let word = || word_behind(text, used);
    let bare = behind_braces(text, used).or_else(|| is_given.then(word).flatten());
    if let Some(bare) = bare {
        return Some(vec![piece, bare]);
    }
    let next = glue::next(text, piece.start, used.end)?;
    let is_joined = match next.glue {
        Glue::Joined => true,
        Glue::Adjacent => is_put_in(before) || is_given || is_macro(text, piece, used),
        Glue::Listed => list::opener(text, used.start) != Opener::Other,
    };
    let mut chain = Chain::of(piece);
    chain.pieces.push(next.span);
    chain.grow(text, next.end);
    chain.without_others(text);
    is_joined.then_some(chain.pieces)
}

/// The characters right behind the braces around a name: `${P}abc`, `{P}abc`, `$(P)abc`, `%P%abc`.
fn behind_braces(text: &[u8], used: Span) -> Option<Span> {
    let close = text[used.end..]
        .iter()
        .take(2)
        .take_while(|b| b"})%".contains(b));
    let close = close.count();
    let rest = run(text, used.end + close);
    (close > 0 && !rest.is_empty()).then_some(rest)
}

/// The word behind a name, on the same line: `append P abc`.
fn word_behind(text: &[u8], used: Span) -> Option<Span> {
    let behind = text[used.end..].iter().take(LONGEST_NAME);
    let blanks = behind.take_while(|b| **b == b' ').count();
    let word = run(text, used.end + blanks);
    let is_ended = text.get(word.end).is_none_or(u8::is_ascii_whitespace);
    (blanks > 0 && is_ended && !word.is_empty()).then_some(word)
}

/// True for a name that the preprocessor of C puts its value in the place of: `#define P "jvx_live_"`.
fn is_macro(text: &[u8], piece: Span, used: Span) -> bool {
    let before = &text[piece.start.saturating_sub(2 * LONGEST_NAME)..piece.start];
    let before = before.strip_suffix(b"\"").map(<[u8]>::trim_ascii_end);
    let before = before.and_then(|before| before.strip_suffix(&text[used.range()]));
    let before = before.map(<[u8]>::trim_ascii_end);
    before.is_some_and(|before| before.ends_with(b"define"))
}

/// True behind what puts the value of a name into a string: `$P`, `${P`, `#{P`.
fn is_put_in(before: &[u8]) -> bool {
    matches!(before.last(), Some(b'$' | b'{'))
}

/// True behind the name of a call that joins and has no brackets: `append P "abc"`.
fn is_given_to_call(before: &[u8]) -> bool {
    last_name(before.trim_ascii_end()).is_some_and(|word| call::of(word) == Call::Joins)
}

/// The pieces when another name follows this one, and stands for the rest.
fn name_behind(text: &[u8], piece: Span, used: Span) -> Option<Vec<Span>> {
    let rest = &text[used.end..text.len().min(used.end + 2 * LONGEST_NAME)];
    let between = |b: &&u8| b.is_ascii_whitespace() || b"})%\"'+.&,<^~|${(#".contains(b);
    let gap = rest.iter().take(12).take_while(between).count();
    let joins = |b: &u8| b"+.&,<^~|${#%".contains(b);
    if !rest[..gap].iter().any(joins) {
        return None;
    }
    let length = rest[gap..].iter().take_while(|b| is_name(b)).count();
    let name = rest
        .get(gap..gap + length)
        .filter(|name| !name.is_empty())?;
    Some(vec![piece, value_near(text, piece, name)?])
}

/// The value that a name is given near the beginning of a key: the next one, else the last one before.
fn value_near(text: &[u8], piece: Span, name: &[u8]) -> Option<Span> {
    let values = |from: usize, to: usize| {
        let places = memmem::find_iter(&text[from..to], name).map(move |at| from + at);
        let places = places.map(|at| Span::new(at, at + name.len()));
        let alone = places.filter(|place| is_name_alone(text, *place));
        alone
            .take(MOST_USES)
            .filter_map(|place| value_of(text, place.end))
    };
    let mut behind = values(piece.end, text.len().min(piece.end + NEAR));
    let before = || values(piece.start.saturating_sub(NEAR), piece.start).last();
    behind.next().or_else(before)
}

/// The value that the name before `at` is given: `= "abc"`, `=abc`, `: string = "abc"`.
fn value_of(text: &[u8], at: usize) -> Option<Span> {
    let rest = &text[at..text.len().min(at + LONGEST_NAME)];
    let line = rest.split(|b| *b == b'\n').next().unwrap_or_default();
    let signs = line.iter().take_while(|b| b" \t:&=".contains(b)).count();
    let typed = memchr::memchr(b'=', line).filter(|_| line.starts_with(b":"));
    let start = typed.map_or(signs, |sign| sign + 1);
    let space = line[start..].iter().take_while(|b| **b == b' ').count();
    let open = start + space;
    let quote = line.get(open).filter(|b| matches!(b, b'"' | b'\'' | b'`'));
    let value = run(text, at + open + usize::from(quote.is_some()));
    let is_given = line[..open].iter().any(|b| matches!(b, b'=' | b':'));
    let is_ended = text
        .get(value.end)
        .is_none_or(|b| quote.map_or(!is_name(b), |q| q == b));
    (is_given && is_ended && !value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::layers_of;

    fn is_read(text: &str) -> bool {
        let found = layers_of(text.as_bytes());
        found.iter().any(|l| l.text.starts_with(b"jvx_live_abcdef"))
    }

    #[test]
    fn a_prefix_is_followed_to_where_its_name_is_used() {
        for text in [
            "const P=\"jvx_live_\";f(P+\"abcdef\")",
            "const P = 'jvx_live_'; f(`${P}abcdef`)",
            "const P=\"jvx_live_\";f(`${P}${\"abcdef\"}`)",
            "c={pre:\"jvx_live_\"};f(c.pre+\"abcdef\")",
            "P='jvx_live_';f(P.concat('abcdef'))",
            "const P: string = \"jvx_live_\";\nf(P + \"abcdef\")",
            "P=jvx_live_\nexport K=\"${P}abcdef\"",
            "P=jvx_live_\nP+=abcdef\n",
            "P='jvx_'\nP+='live_'\nP+='abcdef'\n",
            "P=jvx_live_abc\nP+=def\n",
            "set k \"jvx_live_\"\nappend k \"abcdef\"\n",
            "set k jvx_live_\nappend k abcdef\n",
            "#define P \"jvx_live_\"\nchar *k = P \"abcdef\";",
            "$k = 'jvx_live_';\n$k .= 'abcdef';",
            "k = 'jvx_live_'\nk << 'abcdef'\n",
            "k = \"jvx_live_\"\nk = k + \"abcdef\"\n",
            "P := jvx_live_\nK = $(P)abcdef\n",
            "P=\"jvx_live_\"\nK=$P\"abcdef\"\n",
            "set P=jvx_live_\nset K=%P%abcdef\n",
            "P = 'jvx_live_'; Q = 'jvx_live_'; k = f'{P}abcdef'",
            "p = 'jvx_live_'; k = f'{p}abcdef'",
            "p = 'jvx_live_'; k = ''.join([p, 'abcdef'])",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn the_rest_may_begin_with_a_dash() {
        for text in [
            "const P = 'jvx_live_'; f(`${P}-abcdef`)",
            "k = f\"{'jvx_'}{'live_'}-abcdef\"",
            "K='jvx_live_'-abcdef",
        ] {
            let found = layers_of(text.as_bytes());
            let is_whole = |l: &super::Layer| l.text == b"jvx_live_-abcdef";
            assert!(found.iter().any(is_whole), "{text}");
        }
    }

    #[test]
    fn both_halves_may_have_names() {
        for text in [
            "A=jvx_live_\nB=abcdef\nexport K=\"$A$B\"\n",
            "A=\"jvx_live_\"\nB=\"abcdef\"\nK=${A}${B}\n",
            "B=abcdef\nA=jvx_live_\nK=\"${A}${B}\"\n",
            "const a = 'jvx_live_', b = 'abcdef';\nf(a + b)",
            "let a: &str = \"jvx_live_\";\nlet b: &str = \"abcdef\";\nconcat(a, b)",
            "a = 'jvx_live_'\nb = 'abcdef'\nk = f'{a}{b}'",
            "$a = 'jvx_live_'; $b = 'abcdef'; $k = $a . $b;",
            "const a = 'jvx_live_', b = 'abcdefaaaaaaaaaaaaaaaaaaaaaaa';\nf(a + b)",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn names_that_are_not_put_together_stay_apart() {
        for text in [
            "P = 'jvx_live_'\nh = 'abcdef'\ncheck(k, P)\nlog(h)",
            "P = 'jvx_live_'\nif k.startswith(P) and k == 'abcdef': pass",
            "P = 'jvx_live_'\nm = {P: 'abcdef'}",
            "P = \"jvx_live_\"\ncheck P \"abcdef\"",
        ] {
            assert!(!is_read(text), "{text}");
        }
        let found = layers_of(b"P = 'jvx_live_'; f(P + 'abcdef', 'other')");
        assert!(!found.iter().any(|l| l.text == b"jvx_live_abcdefother"));
    }
}
