//! Names that get the value without an expression that reads it: an import, a field that a framework fills, a pattern that
//! takes the environment apart.

use super::super::region::CodeRegion;
use super::super::{Fields, Holder};
use super::Value;
use crate::model::Span;
use crate::syntax::{Name, TokenKind, is_listed};

/// Words of the name of a key.
const KEYS: &str = "key token secret";

impl<'t> CodeRegion<'t> {
    /// The module that a call gives whose argument holds a place, with the fields that are taken out of it there:
    /// `require("./config").journey`.
    pub(in crate::detect::flow) fn required(
        &self,
        place: Span,
        fields: Fields<'t>,
    ) -> Option<(Value, Fields<'t>)> {
        let open = self.tree.parent(self.tree.at(place.start)?)?;
        let start = self.callee(open)?;
        let end = self.tree.mate(open)? + 1;
        let (end, fields) = self.deeper(end, fields)?;
        Some((self.suffixed(Value { start, end })?, fields))
    }

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
        let open = tree.parent(at).filter(|open| tree.is(*open, b"("))?;
        let name = self.callee(open)?;
        let close = tree.mate(open)?;
        let is_marked = name > 0
            && (is_listed("Value ConfigProperty Property", tree.word(name))
                && tree.is(name - 1, b"@")
                || tree.word(name) == b"Autowire" && tree.is(name - 1, b"["));
        let near = tree.skip_lines(close + 1)..tree.tokens.len().min(close + 16);
        let ends = |at: &usize| tree.is_any(*at, &[b";", b",", b")", b":", b"="]);
        let end = near.into_iter().find(ends).filter(|_| is_marked)?;
        (tree.kind(end - 1) == Some(TokenKind::Name)).then(|| tree.word(end - 1))
    }

    /// The field of a class that a library fills from the environment: `class Settings(BaseSettings): key: str`
    /// (<https://docs.pydantic.dev/latest/concepts/pydantic_settings/>), `Key string \`env:"KEY"\``,
    /// `#[arg(env = "KEY")] key: String`.
    pub(in crate::detect::flow) fn filled(&self, place: Span) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let at = tree.at(place.start)?;
        let (name, owner) = match &*self.language {
            "py" => self.filled_by_class(at)?,
            "go" => self.filled_by_tag(at, place)?,
            "rs" => self.filled_by_attribute(at)?,
            _ => return None,
        };
        Some(Holder {
            name: tree.word(name),
            fields: Fields::default(),
            owner: Some(owner),
            scope: self.whole(),
        })
    }

    /// `key: str`, `key: str = Field(alias="KEY")`, and the key that `env_prefix="JOURVEX_"` stands in front of.
    fn filled_by_class(&self, at: usize) -> Option<(usize, &'t [u8])> {
        let tree = &self.tree;
        let line = tree.line_start(at);
        let owner = self.class_of(line).filter(|_| self.is_in_class(line))?;
        if !self.is_of_class(owner, b"BaseSettings") {
            return None;
        }
        let is_prefix = at > 1 && tree.word(at - 2) == b"env_prefix";
        if !is_prefix {
            return tree.is(line + 1, b":").then_some((line, owner));
        }
        let mut names = (at..tree.tokens.len()).filter(|at| tree.is(at + 1, b":"));
        let is_key = |at: &usize| {
            let is_named = tree.line_start(*at) == *at && Name::new(tree.word(*at)).has(KEYS);
            is_named && self.class_of(*at) == Some(owner)
        };
        names.find(is_key).map(|name| (name, owner))
    }

    /// A tag of a field: `env:"KEY"`, `envconfig:"KEY"`.
    fn filled_by_tag(&self, at: usize, place: Span) -> Option<(usize, &'t [u8])> {
        let tree = &self.tree;
        let is_tag = tree.kind(at) == Some(TokenKind::Str)
            && [&b"env:\""[..], b"envconfig:\""]
                .iter()
                .any(|tag| tree.text[..place.start].ends_with(tag));
        let owner = self.struct_of(at).filter(|_| is_tag)?;
        Some((tree.line_start(at), owner))
    }

    /// The field below `#[arg(long, env = "KEY")]`.
    fn filled_by_attribute(&self, at: usize) -> Option<(usize, &'t [u8])> {
        let tree = &self.tree;
        let list = tree.parent(at).and_then(|open| tree.parent(open))?;
        let is_attribute = list > 0 && tree.is(list, b"[") && tree.is(list - 1, b"#");
        let is_variable = at > 1 && tree.word(at - 2) == b"env";
        let end = tree.mate(list).filter(|_| is_attribute && is_variable)?;
        let mut near = end..tree.tokens.len().min(end + 48);
        let name = near.find(|at| {
            tree.kind(*at) == Some(TokenKind::Name)
                && tree.is(at + 1, b":")
                && tree.parent(*at) == tree.parent(list)
        })?;
        Some((name, self.class_of(name)?))
    }

    /// `type A struct { name Class }` of Go.
    pub(in crate::detect::flow) fn struct_of(&self, name: usize) -> Option<&'t [u8]> {
        let tree = &self.tree;
        let open = tree.parent(name).filter(|open| *open > 1)?;
        (tree.word(open - 1) == b"struct").then(|| tree.word(open - 2))
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
