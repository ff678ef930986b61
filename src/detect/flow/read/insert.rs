//! Texts that take in values: `${NAME}`, `#{NAME}`, `f"{NAME}"`, `"$NAME"`.

use super::super::region::CodeRegion;
use super::super::{Carried, End, Lookup};
use crate::model::Span;

/// Languages by how their texts take in values.
const SCRIPTS: &str = "js mjs cjs jsx ts mts cts tsx vue svelte astro mdx gs ejs";
const RUBIES: &str = "rb erb ex exs heex eex leex cr coffee haml slim pug jade";
const SHELLS: &str = "php phtml kt kts groovy gradle scala dart sh bash pl";

/// Longest expression in a text that is looked at, in bytes.
pub(super) const LONGEST_INSERT: usize = 200;

impl<'t> CodeRegion<'t> {
    /// True for a name in the place of which a text gets its value, as the language has it: `${NAME}`, `#{NAME}`,
    /// `f"{NAME}"`, `"$NAME"`.
    pub(in crate::detect::flow) fn is_inserted(
        &self,
        at: usize,
        place: Span,
        sought: Lookup<'t>,
    ) -> bool {
        let text = self.tree.text;
        let token = self.tree.tokens[at];
        let body = token.body;
        let quote = body.start.checked_sub(1).map(|at| text[at]);
        let prefix = &text[token.span.start..body.start];
        let insertion = match () {
            () if self.is_in(SCRIPTS) && quote == Some(b'`') => Insertion::Dollar,
            // html`<a data-key="${key}">` is no literal to the lexer, but for its attributes.
            () if self.is_in(SCRIPTS) && text[..token.span.start].ends_with(b"=") => {
                Insertion::Dollar
            }
            () if self.is_in(RUBIES) && quote != Some(b'\'') => Insertion::Hash,
            () if self.is_in("py") && prefix.iter().any(|b| b"fF".contains(b)) => Insertion::Brace,
            () if self.is_in("cs cshtml razor fs") && prefix.contains(&b'$') => Insertion::Brace,
            () if self.is_in("rs") => Insertion::Brace,
            () if self.is_in(SHELLS) && quote != Some(b'\'') => Insertion::Dollar,
            () => return false,
        };
        let before = &text[body.start..place.start];
        let sign = before
            .strip_suffix(b"$")
            .or_else(|| before.strip_suffix(b"${"));
        let is_bare = insertion == Insertion::Dollar && !self.is_in(SCRIPTS);
        if is_bare && sign.is_some_and(|before| !before.ends_with(b"\\")) {
            return true;
        }
        let Some(inner) = insert(text, body, place, insertion).map(|own| self.inner(own)) else {
            return false;
        };
        let value = inner.read(place, sought);
        value.is_some_and(|(value, fields)| {
            let mut carried = Carried {
                fields,
                ..Carried::default()
            };
            inner.end_of(value, &mut carried) == End::Shown
        })
    }
}

/// How a text takes in values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Insertion {
    /// `${a}`
    Dollar,
    /// `#{a}`
    Hash,
    /// `{a}`
    Brace,
}

/// What stands between the braces around a place in a text that take in its value.
fn insert(text: &[u8], body: Span, place: Span, insertion: Insertion) -> Option<Span> {
    let near = body.start.max(place.start.saturating_sub(LONGEST_INSERT));
    let is_marked = |at: usize| match insertion {
        Insertion::Dollar => text[near..at].ends_with(b"$") && !text[near..at].ends_with(b"\\$"),
        Insertion::Hash => text[near..at].ends_with(b"#"),
        Insertion::Brace => true,
    };
    let (mut depth, mut opened) = (0_usize, 0_usize);
    let open = (near..place.start).rev().find(|at| match text[*at] {
        b'}' => {
            depth += 1;
            false
        }
        b'{' if depth > 0 => {
            depth -= 1;
            false
        }
        b'{' => {
            opened += 1;
            is_marked(*at)
        }
        _ => false,
    })?;
    let behind = &text[place.end..body.end];
    let close = behind.iter().position(|b| {
        match b {
            b'{' => opened += 1,
            b'}' => opened -= 1,
            _ => {}
        }
        opened == 0
    })?;
    Some(Span::new(open + 1, place.end + close))
}
