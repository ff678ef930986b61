//! Names that stand for pieces: `const P = "jvx_live_"`, `const B = "..."` and, anywhere, `P + B`, `${P}...`,
//! `P += "..."`, `append P "..."`, `$P$B`.
//!
//! A name stands for the literal that it was given last before it is used, or for the first one behind where none was
//! before: constants may be defined below their use. Of a path (`this.p`, `K.P`, `K['p']`) the last part counts.

use super::chain::{Chain, begins_key, is_beginning, joined};
use super::glue::{self, Glue, PieceNames, is_macro};
use super::list::{self, ListOpener};
use super::run::run;
use super::{WHOLE_BODY, format};
use crate::decode::Layer;
use crate::model::Span;
use crate::syntax::{
    Before, CallKind, LONGEST_NAME, Lexer, Style, Token, TokenKind, before_blanks, behind_blanks,
    call, given, is_listed, is_quote, is_word, whole_places, words_before,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = r#"pieces under names, above their use or below: `P + B`, `${P}${B}`, `K.prefix + K.body`, `P += "..."`, `append P "..."`"#;

/// How far from the beginnings of keys a name is looked for, in bytes, and how far the names are that come after the
/// first [`MOST_NAMES`]: so the search stays linear whatever a text is made of.
const FAR: usize = 256 << 10;
const NEAR: usize = 2048;
const MOST_NAMES: usize = 32;

/// Most uses of one name that are read, and most of which something comes.
const MOST_USES: usize = 256;
const MOST_JOINED: usize = 16;

/// Most beginnings that are given to a name one after the other: `A = "jvx_"`, `B = A + "live_"`.
const DEEPEST: usize = 3;

/// Most words in front of a value of which one may be its name.
const MOST_WORDS: usize = 8;

/// Most of those words that are followed: `P As String =`, of which it is not known which is a type.
const MOST_NAMED: usize = 3;

/// The names in a text, as far as somebody asked for them.
pub(in crate::decode) struct NamedPieces<'t> {
    text: &'t [u8],
    region: Span,
    before: Before<'t>,
    known: RefCell<HashMap<&'t [u8], Rc<KnownName>>>,
}

/// Where a name stands, and what it is given there.
struct KnownName {
    places: Vec<usize>,
    /// Where it is given something: how far what it stood for before may be used, which is behind `k` of
    /// `k = k + "..."`.
    given: Vec<(usize, usize)>,
    /// Where it is given literals.
    values: Vec<(usize, Vec<Span>)>,
}

impl KnownName {
    /// Where a name stands for what it is given at `given`: up to where it is given something anew, and in front of
    /// all such places.
    fn uses(&self, given: usize) -> &[usize] {
        let next = self.given.partition_point(|(other, _)| *other <= given);
        let is_first = self.given.first().is_none_or(|(other, _)| *other >= given);
        let end = self.given.get(next).map_or(usize::MAX, |(_, end)| *end);
        let before = |limit: usize| self.places.partition_point(|place| *place < limit);
        let start = before(if is_first { 0 } else { given });
        &self.places[start..before(end).max(start)]
    }
}

impl<'t> PieceNames<'t> for NamedPieces<'t> {
    fn before(&self) -> &Before<'t> {
        &self.before
    }

    fn value(&self, name: &'t [u8], at: usize) -> Option<(usize, Vec<Span>)> {
        let known = self.known(name, at);
        let behind = known.values.partition_point(|(given, _)| *given < at);
        known.values.get(behind.saturating_sub(1)).cloned()
    }

    fn used(&self, token: Token) -> Option<(&'t [u8], usize)> {
        let (text, mut end) = (self.text, token.span.end);
        // `$A$B` is two names.
        let rest = &text[token.span.start + 1..end];
        if let Some(next) = memchr::memchr(b'$', rest).filter(|at| *at > 0) {
            end = token.span.start + 1 + next;
        }
        // `f("jvx_", sep = "_")`
        let next = behind_blanks(&text[end..]);
        if next.starts_with(b"=") && !next.starts_with(b"==") {
            return None;
        }
        let mut behind = end;
        let mut path = text[token.span.start..end].rsplit(|b| !is_word(b));
        if text[end..].starts_with(b"()") {
            path.next();
            behind += 2;
        } else if text[end..].starts_with(b"[")
            || (text[end..].starts_with(b"(") && is_getter(&text[..end]))
        {
            return index(text, end);
        } else if text[end..].starts_with(b"(") || text[end..].starts_with(b"!") {
            return None;
        }
        let is_in_string =
            text[token.span.start] == b'$' || text[..token.span.start].ends_with(b"$");
        if is_in_string && text.get(behind).is_some_and(is_quote) {
            behind += 1;
        }
        let name = path.find(|part| !part.is_empty())?;
        is_name(name).then_some((name, behind))
    }
}

impl<'t> NamedPieces<'t> {
    /// The names around the beginnings of keys.
    pub(in crate::decode) fn new(text: &'t [u8], beginnings: Span) -> Self {
        Self {
            text,
            region: reach(text, beginnings, FAR),
            before: Before::new(text),
            known: RefCell::default(),
        }
    }

    fn known(&self, name: &'t [u8], at: usize) -> Rc<KnownName> {
        let mut known = self.known.borrow_mut();
        if let Some(known) = known.get(name) {
            return Rc::clone(known);
        }
        if known.len() == MOST_NAMES {
            let near = reach(self.text, Span::new(at, at), NEAR);
            return Rc::new(self.find(name, near));
        }
        let found = Rc::new(self.find(name, self.region));
        known.insert(name, Rc::clone(&found));
        found
    }

    fn find(&self, name: &[u8], region: Span) -> KnownName {
        let mut known = KnownName {
            places: whole_places(self.text, region, name).collect(),
            given: Vec::new(),
            values: Vec::new(),
        };
        for at in &known.places {
            let Some(own) = given(self.text, Span::new(*at, at + name.len())) else {
                continue;
            };
            let value = literals(self.text, own.value);
            known.given.push(match value {
                Some(_) => (*at, *at),
                None => (*at, own.value.span.end),
            });
            known.values.extend(value.map(|value| (*at, value)));
        }
        known
    }

    /// Follows the names that stand for the beginning of a key whose literal, or whose first name, stands at `start`.
    pub(in crate::decode) fn follow(
        &self,
        beginning: &[Span],
        start: usize,
        depth: usize,
        layers: &mut Vec<Layer>,
    ) {
        for place in self.names_of(start) {
            let known = self.known(&self.text[place.range()], place.start);
            let uses = known.uses(place.start).iter().take(MOST_USES);
            let uses = uses.filter(|used| **used != place.start);
            let format =
                |used: &usize| format::at(self.text, self, Span::new(*used, used + place.len()));
            layers.extend(uses.clone().filter_map(format).take(MOST_JOINED));
            let chains = uses.filter_map(|used| {
                let used = Span::new(*used, used + place.len());
                Some((used, self.expression(beginning, place, used)?))
            });
            for (used, chain) in chains.take(MOST_JOINED) {
                layers.extend(joined(self.text, &chain));
                if depth < DEEPEST && is_beginning(self.text, &chain) {
                    self.follow(&chain, used.start, depth + 1, layers);
                }
            }
        }
    }

    /// The names whose value stands at `at`, or begins there: words in front of it.
    fn names_of(&self, at: usize) -> Vec<Span> {
        let text = self.text;
        let words = words_before(text, at).take(MOST_WORDS);
        let holds = |value: Token| {
            let start = value.span.start;
            // `P=${A}live_`
            let is_in_word = || {
                !text[start..at]
                    .iter()
                    .any(|b| b.is_ascii_whitespace() || *b == b';')
            };
            start <= at && (at < value.span.end || is_in_word())
        };
        let is_letter = |at: usize| text.get(at).is_some_and(|b| *b >= 0x80);
        let is_given = |word: &Span| {
            is_name(&text[word.range()])
                && !is_letter(word.end)
                && given(text, *word).is_some_and(|given| holds(given.value))
        };
        words.filter(is_given).take(MOST_NAMED).collect()
    }

    /// The pieces when something is joined to a name where it is used; `place` is where it is given its value.
    fn expression(&self, beginning: &[Span], place: Span, used: Span) -> Option<Vec<Span>> {
        let text = self.text;
        let before = &text[used.start.saturating_sub(LONGEST_NAME)..used.start];
        let mut chain = Chain::of(beginning, used.start, used.end);
        let is_put_in = is_put_in(before);
        let is_given = is_given_to_call(before);
        if let Some(bare) = is_given.then(|| word_behind(text, used)).flatten() {
            chain.push(&[bare], bare.end);
        } else {
            let next = glue::next(text, Some(self), used.start, used.end + ending(text, used))?;
            let is_joined = match next.glue {
                Glue::Joined => true,
                Glue::Adjacent => is_put_in || is_given || is_macro(text, place.start),
                Glue::Listed => {
                    next.is_named
                        || list::opener(text, &self.before, used.start) != ListOpener::Other
                }
            };
            if !is_joined || begins_key(text, &next.spans) {
                return None;
            }
            chain.push(&next.spans, next.end);
        }
        chain.grow(text, Some(self), chain.end);
        chain.without_others(text);
        Some(chain.pieces)
    }
}

/// Names of calls that give what a record holds by the name in their brackets.
const GETTING: &str = "get getstring getproperty getitem getattr fetch value";

/// True behind the name of such a call.
fn is_getter(before: &[u8]) -> bool {
    let letters = before.iter().rev().take(LONGEST_NAME);
    let length = letters.take_while(|b| is_word(b)).count();
    let name = before[before.len() - length..].to_ascii_lowercase();
    is_listed(GETTING, &name)
}

/// Length of what ends the string or the brackets that a name stands in: `"$P"`, `['p']`, `get("p")`.
fn ending(text: &[u8], used: Span) -> usize {
    let quote = text.get(used.end).filter(|b| is_quote(b));
    let before = used.start.checked_sub(1).and_then(|at| text.get(at));
    match (quote, before) {
        (Some(_), Some(b'$')) => 1,
        (Some(quote), Some(before)) if quote == before => {
            let got = text[..used.start - 1]
                .strip_suffix(b"(")
                .is_some_and(is_getter);
            match text.get(used.end + 1) {
                Some(b']') => 2,
                Some(b')') if got => 2,
                _ => 0,
            }
        }
        _ => 0,
    }
}

fn reach(text: &[u8], span: Span, reach: usize) -> Span {
    Span::new(
        span.start.saturating_sub(reach),
        text.len().min(span.end + reach),
    )
}

fn is_name(word: &[u8]) -> bool {
    let starts = word.first().is_some_and(|b| !b.is_ascii_digit());
    starts && word.len() <= LONGEST_NAME
}

/// The name in brackets at `at`, and what is behind them: `['p']`, `[:p]`, `("p")`.
fn index(text: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let mut tokens = Lexer::new(
        text,
        reach(text, Span::new(at + 1, at + 1), LONGEST_NAME),
        Style::ANY,
    );
    tokens.seek(at + 1 + usize::from(text.get(at + 1) == Some(&b':')));
    let (name, close) = (tokens.next()?, tokens.next()?);
    let name = &text[name.body.range()];
    let is_closed = matches!(close.text(text), b"]" | b")");
    (is_closed && is_name(name)).then_some((name, close.span.end))
}

/// The literals that a name is given, the first of which is `value`.
fn literals(text: &[u8], value: Token) -> Option<Vec<Span>> {
    let first = run(text, value.body.start);
    let behind = text.get(first.end);
    let next = text[first.end..]
        .iter()
        .find(|b| !matches!(b, b' ' | b'\t'));
    let is_added_to = || next.is_some_and(|b| b"+.&|<~*^%?([".contains(b));
    // `B := (a whole body)/pre-commit`, but not `B = name.of(...)`
    let is_body = || first.len() >= WHOLE_BODY && !behind.is_some_and(|b| b"([".contains(b));
    let is_whole = match value.kind {
        TokenKind::Str => first.end == value.body.end,
        _ if is_body() => true,
        _ => behind.is_none_or(|b| b.is_ascii_whitespace() || is_quote(b)) && !is_added_to(),
    };
    if first.is_empty() || !is_whole {
        return None;
    }
    let mut chain = Chain::of(&[first], first.start, first.end);
    if value.kind == TokenKind::Str {
        chain.grow(text, None, value.span.end);
        chain.only_joined();
    }
    Some(chain.pieces)
}

/// The word behind a name, on the same line: `append P abc`.
fn word_behind(text: &[u8], used: Span) -> Option<Span> {
    let behind = text[used.end..].iter().take(LONGEST_NAME);
    let blanks = behind.take_while(|b| **b == b' ').count();
    let word = run(text, used.end + blanks);
    let is_ended = text.get(word.end).is_none_or(u8::is_ascii_whitespace);
    (blanks > 0 && is_ended && !word.is_empty()).then_some(word)
}

/// True behind what puts the value of a name into a string: `$P`, `${P`, `#{P`, `{{ env.P`, `{K['P`.
fn is_put_in(before: &[u8]) -> bool {
    let before = before
        .strip_suffix(b"['")
        .or(before.strip_suffix(b"[\""))
        .unwrap_or(before);
    let path = before
        .iter()
        .rev()
        .take(LONGEST_NAME)
        .take_while(|b| is_word(b) || b".>-".contains(b));
    let before = &before[..before.len() - path.count()];
    matches!(before_blanks(before).last(), Some(b'$' | b'{'))
        || before.ends_with(b"\\(")
        || before.ends_with(b"$(")
}

/// True behind the name of a call that joins and has no brackets: `append P "abc"`.
fn is_given_to_call(before: &[u8]) -> bool {
    let before = before_blanks(before);
    let length = before.iter().rev().take_while(|b| is_word(b)).count();
    call(&before[before.len() - length..]) == CallKind::Joins
}

#[cfg(test)]
mod tests {
    use crate::decode::{is_read, layers_of};

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
    fn a_name_that_is_given_something_anew_stands_for_that() {
        let text = "k = \"jvx_%s\" % \"a\"\n".repeat(1000);
        let names = super::NamedPieces::new(text.as_bytes(), (0..text.len()).into());
        let known = names.known(b"k", 0);
        let uses: usize = known
            .given
            .iter()
            .map(|(at, _)| known.uses(*at).len())
            .sum();
        assert!((1000..=3000).contains(&uses), "{uses}");
    }

    #[test]
    fn names_are_followed_in_any_order_and_whatever_stands_between() {
        let far = "x = y + z;\n".repeat(2000);
        for text in [
            "const b=\"abcdef\",p=\"jvx_live_\";f(p+b);h('X-Foo','bar');",
            "const b=\"abcdef\",p=\"jvx_live_\";f(p+b);x['foo']=1;",
            "f(p+b);var b=\"abcdef\",p=\"jvx_live_\";",
            "def k():\n    return f'{P}{B}'\nB = 'abcdef'\nP = 'jvx_live_'\n",
            "K = $(P)$(B)\nP = jvx_live_\nB = abcdef\n",
            &format!("P = 'jvx_live_'\n{far}B = 'abcdef'\n{far}k = P + B"),
            &format!("k = P + B\n{far}P = 'jvx_live_'\n{far}B = 'abcdef'"),
            "let b='';\nb='abcdef';\nconst p='jvx_live_';f(p+b)",
        ] {
            assert!(is_read(text), "{}", &text[..text.len().min(200)]);
        }
    }

    #[test]
    fn any_piece_may_have_a_name() {
        for text in [
            "a = 'jvx_', b = 'live_';\nf(a + b + 'abcdef')",
            "a = 'jvx_'; b = 'live_'; c = 'abcdef';\nf(`${a}${b}${c}`)",
            "A=jvx_\nM=live_\nB=abcdef\nK=$A$M$B\n",
            "a = 'jvx_'; b = a + 'live_'; c = b + 'abcdef'",
            "A=jvx_\nP=${A}live_\nB=abcdef\nK=$P$B\n",
            "p = 'jvx_' + 'live_'; b = 'abc' + 'def'; f(p + b)",
            "b = 'abcdef'; f('jvx_live_' + b)",
            "f(`jvx_live_${b}`); const b = 'abcdef'",
            "B = 'abcdef'\nk = 'jvx_live_%s' % B\n",
            "B=abcdef\nK=jvx_live_$B\n",
            "k = 'jvx_live_'\nb = 'abcdef'\nk += b\n",
            "k = 'jvx_live_'\nb = 'abcdef'\nk = k + b\n",
            "s.append(P);\ns.append(B);\nP = \"jvx_live_\"; B = \"abcdef\";",
            "p, b = x(), y()\np='jvx_live_'\nb='abcdef'\nk = '%s%s' % (p, b)",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn a_name_may_be_a_field_or_a_variable_of_a_configuration() {
        for text in [
            "K={prefix:'jvx_live_',body:'abcdef'};f(K.prefix+K.body)",
            "K={'body':'abcdef','prefix':'jvx_live_'};f(K['prefix']+K['body'])",
            "K={'body':'abcdef','prefix':'jvx_live_'};f(K.get('prefix') + K.get('body'))",
            "P, B = 'jvx_live_', 'abcdef'\nk = P + B\n",
            "p, b := \"jvx_live_\", \"abcdef\"\nk := p + b",
            "[b, p] = ['abcdef', 'jvx_live_']; f(p + b)",
            "local p, b = 'jvx_live_', 'abcdef'\nf(p .. b)",
            "C = { prefix: 'jvx_live_', body: 'abcdef' }\nC[:prefix] + C[:body]",
            "class K{k(){return this.p+this.b}p='jvx_live_';b='abcdef'}",
            "k := Key{Prefix: \"jvx_live_\", Body: \"abcdef\"}\nreq(k.Prefix + k.Body)",
            "const P = 'jvx_live_'; const B = 'abcdef'; self::P . self::B",
            "define('P', 'jvx_live_'); define('B', 'abcdef'); $k = P . B;",
            "const p string = \"jvx_live_\"\nvar b string = \"abcdef\"\nk := p + b",
            "Const P As String = \"jvx_live_\"\nConst B As String = \"abcdef\"\nDim K = P & B",
            "p VARCHAR2(9) := 'jvx_live_';\nb VARCHAR2(9) := 'abcdef';\nk := p || b;",
            "let p = String::from(\"jvx_live_\");\nlet b = \"abcdef\".to_owned();\nsend(p + &b)",
            "std::string p(\"jvx_live_\"); std::string b{\"abcdef\"}; auto k = p + b;",
            "P: str = 'jvx_live_'\nB: Final[str] = 'abcdef'\nk = P + B\n",
            "@p \"jvx_live_\"\n@b \"abcdef\"\ndef k, do: @p <> @b\n",
            "#define P \"jvx_live_\"\n#define B \"abcdef\"\nchar *k = P B;",
            "env:\n  B: abcdef\n  P: jvx_live_\nrun: x ${{ env.P }}${{ env.B }}\n",
            "run: x ${P}${B}\nvariables:\n  B: 'abcdef'\n  P: \"jvx_live_\"\n",
            "- name: P\n  value: jvx_live_\n- name: B\n  value: abcdef\n- value: $(P)$(B)\n",
            "variable \"p\" {\n  default = \"jvx_live_\"\n}\nvariable \"b\" {\n  default = \"abcdef\"\n}\nk = \"${var.p}${var.b}\"",
            "ENV B=abcdef P=jvx_live_\nENV K=${P}${B}\n",
            "ENV B abcdef\nARG P jvx_live_\nENV K $P$B\n",
            "set \"P=jvx_live_\"\nset B=abcdef\nset K=%P%%B%\n",
            "set PA=jvx_live_\nset \"BB=abcdef\"\nset K=%PA%%BB%\n",
            "set -x P jvx_live_\nset -x B abcdef\nset K $P$B\n",
            "K=\"$P\"\"$B\"\nP=jvx_live_\nB=abcdef\n",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn what_a_name_is_given_at_run_time_is_no_piece() {
        for text in [
            "p = 'jvx_live_'\nb = os.getenv('abcdef')\nk = p + b",
            "p = 'jvx_live_'; b = a || 'abcdef'; f(p + b)",
            "p = 'jvx_live_'; b = ['abcdef', 'x']; f(p + b)",
            "k = paste('jvx_live_', sep = 'abcdef')",
            "P=jvx_live_\nB=abcdef\ncheck $P $B\n",
            "p = 'jvx_live_', b = 'abcdef'; f(c ? p : b); f(p.length + b.length)",
            "p = 'jvx_live_'; b = 'abcdef'; if (k.startsWith(p) && h === b) f(p)",
        ] {
            assert!(!is_read(text), "{text}");
        }
    }

    #[test]
    fn names_that_are_not_put_together_stay_apart() {
        for text in [
            "P = 'jvx_live_'\nh = 'abcdef'\ncheck(k, P)\nlog(h)",
            "f(p, b = 'jvx_live_', 'abcdef'); k = p + b",
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
