//! Names that get the value without an expression that reads it: an import, a field that a framework fills, a pattern that
//! takes the environment apart.

use super::super::region::CodeRegion;
use super::super::{Fields, Holder};
use crate::model::Span;
use crate::syntax::{TokenKind, is_listed};

impl<'t> CodeRegion<'t> {
    /// The name that a value is taken out under, and where it holds: `const { KEY: key } = process.env`.
    pub(in crate::detect::flow) fn taken_apart(&self, place: Span) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let at = tree.at(place.start)?;
        let open = tree.parent(at).filter(|open| tree.is(*open, b"{"))?;
        let is_taken = tree.is(tree.mate(open)? + 1, b"=") && tree.is(at + 1, b":");
        let name =
            Some(at + 2).filter(|name| is_taken && tree.kind(*name) == Some(TokenKind::Name))?;
        Some(Holder {
            name: tree.word(name),
            fields: Fields::default(),
            owner: None,
            scope: self.scope(open),
        })
    }

    /// The field that a framework gives the value: `@Value("${KEY}") private String key;`,
    /// `#[Autowire('%env(KEY)%')] private string $key`.
    pub(in crate::detect::flow) fn injected(&self, place: Span) -> Option<&'t [u8]> {
        let tree = &self.tree;
        let at = tree
            .at(place.start)
            .filter(|at| tree.kind(*at) == Some(TokenKind::Str))?;
        let open = tree.parent(at)?;
        let name = self.callee(open)?;
        let close = tree.mate(open)?;
        let is_marked = name > 0
            && (tree.word(name) == b"Value" && tree.is(name - 1, b"@")
                || tree.word(name) == b"Autowire" && tree.is(name - 1, b"["));
        let near = tree.skip_lines(close + 1)..tree.tokens.len().min(close + 16);
        let ends = |at: &usize| tree.is_any(*at, &[b";", b",", b")", b":", b"="]);
        let end = near.into_iter().find(ends).filter(|_| is_marked)?;
        (tree.kind(end - 1) == Some(TokenKind::Name)).then(|| tree.word(end - 1))
    }

    /// The field of a class that a library fills from the environment: `class Settings(BaseSettings): key: str`
    /// (<https://docs.pydantic.dev/latest/concepts/pydantic_settings/>).
    pub(in crate::detect::flow) fn filled(&self, place: Span) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let at = tree.at(place.start).filter(|_| self.is_in("py"))?;
        let is_field = tree.is(at + 1, b":") && tree.line_start(at) == at && self.is_in_class(at);
        let owner = self.class_of(at).filter(|_| is_field)?;
        self.is_of_class(owner, b"BaseSettings").then(|| Holder {
            name: tree.word(at),
            fields: Fields::default(),
            owner: Some(owner),
            scope: self.whole(),
        })
    }

    /// The name that an import brings in at a place: `KEY`, or `a` of `import { KEY as a }`.
    pub(in crate::detect::flow) fn imported(&self, place: Span) -> Option<&'t [u8]> {
        let tree = &self.tree;
        let at = tree.at(place.start)?;
        let is_imported = tree.kind(at) == Some(TokenKind::Name) && self.imports(at);
        let is_renamed = tree.word(at + 1) == b"as";
        let own = if is_renamed {
            tree.word(at + 2)
        } else {
            &tree.text[place.range()]
        };
        is_imported.then_some(own)
    }

    /// True in `import { KEY } from "a"`, `from a import KEY`, `use a::KEY;`.
    pub(in crate::detect::flow) fn imports(&self, at: usize) -> bool {
        let tree = &self.tree;
        let open = tree
            .parent(at)
            .filter(|open| tree.is_any(*open, &[b"{", b"("]));
        let line = tree.line_start(open.unwrap_or(at));
        let is_word = |at: usize| is_listed("import use from", tree.word(at));
        is_word(line) && tree.kind(line) == Some(TokenKind::Name)
    }
}
