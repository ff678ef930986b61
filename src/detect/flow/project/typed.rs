//! Names that a text gives to objects of a class: `cfg *config.Config`, `State(state): State<AppState>`, `new Config()`,
//! `func Load() *Config`.

use super::super::read::{first, last};
use super::super::region::CodeRegion;
use super::super::{Fields, Holder, NameKind};
use crate::model::Span;
use crate::syntax::{TokenKind, is_listed, is_word, whole_places};

/// Most places of a class that are looked at.
const MOST: usize = 64;

/// Most tokens between a name and its class.
const MOST_BETWEEN: usize = 10;

/// Most tokens between the arguments of a function and its body.
const LONGEST_TYPE: usize = 24;

/// Words that stand in front of the name of a function.
const FUNCTIONS: &str = "def fn fun func function async static";

/// Words that stand behind a class and are no name.
const NO_NAMES: &str =
    "extends implements with where as in is from class struct interface func fn def";

impl<'t> CodeRegion<'t> {
    /// The names that hold such an object, a field of which has the value, and those of functions that return one.
    pub(super) fn typed_names(
        &self,
        class: &'t [u8],
        fields: Fields<'t>,
    ) -> Vec<(Holder<'t>, NameKind)> {
        let tree = &self.tree;
        let places = whole_places(tree.text, self.whole(), class).take(MOST);
        let ats = places.filter_map(|place| tree.at(place));
        let names = ats.filter_map(|at| {
            let word = tree.word(at);
            // `val a = Class.from(b)`, `let a = Class::new()`
            let is_made = first(word) == class && tree.is_any(at + 1, &[b"(", b"::"]);
            let is_class = tree.kind(at) == Some(TokenKind::Name) && last(word) == class;
            if !is_class && !is_made {
                return None;
            }
            if let Some(name) = self.returning(at) {
                let function = self.function_of(name, fields);
                return Some((function, NameKind::Function));
            }
            let name = self.name_before(at);
            let name = name.or_else(|| self.name_behind(at).filter(|_| is_class))?;
            // `class B : A()`
            if name > 0 && is_listed(NO_NAMES, tree.word(name - 1)) {
                return None;
            }
            let owner = self.class_of(name).filter(|_| self.is_in_class(name));
            let owner = owner.or_else(|| self.struct_of(name));
            let word = tree.word(name);
            let word = word.strip_prefix(b"$").unwrap_or(word);
            let holder = Holder {
                name: last(word),
                fields,
                owner,
                scope: self.argument_scope(name).unwrap_or(self.whole()),
            };
            Some((holder, NameKind::Name))
        });
        names.collect()
    }

    /// The name of the function that a class stands behind as its result: `def f() -> Class:`, `func F() (*Class, error) {`,
    /// `fun f(): Class`, `Class f() {`.
    fn returning(&self, at: usize) -> Option<usize> {
        let tree = &self.tree;
        let floor = tree.line_start(at).max(at.saturating_sub(MOST_BETWEEN));
        let mut before = at;
        while let Some(sign) = before.checked_sub(1).filter(|sign| *sign >= floor) {
            if tree.is(sign, b")") {
                let open = tree.mate(sign)?;
                let name = self.callee(open)?;
                let word = name.checked_sub(1).map_or(&b""[..], |at| tree.word(at));
                let is_method = tree.is(name.checked_sub(1)?, b")") && self.is_in("go");
                return (is_method || is_listed(FUNCTIONS, word)).then_some(name);
            }
            let is_between = tree.is_any(sign, &[b"->", b":", b"(", b"*", b"&", b"<", b"["])
                || tree.is_any(sign + 1, &[b"<", b"["]);
            if !is_between {
                break;
            }
            before = sign;
        }
        // `Class f() {`
        let name = self.name_behind(at)?;
        let close = tree.mate(name + 1).filter(|_| tree.is(name + 1, b"("))?;
        (self.is_in("java cs php") && tree.is(close + 1, b"{")).then_some(name)
    }

    /// The body of the function that a token is in the arguments of: `fun f(name: Class) { ... }`.
    fn argument_scope(&self, at: usize) -> Option<Span> {
        let tree = &self.tree;
        let mut open = tree.parent(at)?;
        // `constructor(private name: Class)` makes a field of it.
        let before = at.saturating_sub(3).max(open)..at;
        let is_field = |at: usize| is_listed("private public protected readonly", tree.word(at));
        if before.into_iter().any(is_field) {
            return None;
        }
        while let Some(outer) = tree.parent(open).filter(|outer| tree.is(*outer, b"(")) {
            open = outer;
        }
        let close = tree.mate(open).filter(|_| tree.is(open, b"("))?;
        if self.is_in("py") {
            let line = tree.line_start(open);
            let is_function = is_listed("def async", tree.word(line));
            let start = tree.tokens[line].span.start;
            return is_function.then(|| Span::new(start, tree.text.len()));
        }
        let mut near = close + 1..tree.tokens.len().min(close + LONGEST_TYPE);
        let end = near.find(|at| tree.is_any(*at, &[b"{", b";", b"="]))?;
        tree.is(end, b"{").then(|| self.bytes(end))
    }

    /// `name: Class`, `name *Class`, `name = new Class(`, `State(name): State<Class>`.
    fn name_before(&self, at: usize) -> Option<usize> {
        let tree = &self.tree;
        let floor = tree.line_start(at).max(at.saturating_sub(MOST_BETWEEN));
        let mut before = at;
        while let Some(sign) = before.checked_sub(1).filter(|sign| *sign >= floor) {
            if tree.is_any(sign, &[b":", b"=", b":="]) {
                let name = sign.checked_sub(1)?;
                let name = match tree.mate(name).filter(|_| tree.is(name, b")")) {
                    Some(open) => (open < name - 1).then_some(name - 1)?,
                    // `name?: Class`
                    None if tree.is(name, b"?") => name.checked_sub(1)?,
                    None => name,
                };
                return (tree.kind(name) == Some(TokenKind::Name)).then_some(name);
            }
            // `State<'_, Class>`
            let is_of_lifetime = self.is_in("rs")
                && sign > 1
                && tree.text[..tree.tokens[sign].span.start].ends_with(b"'_");
            if is_of_lifetime {
                before = (floor..sign).rev().find(|at| tree.is(*at, b"<"))?;
                continue;
            }
            let is_between = tree.is_any(sign, &[b"&", b"*", b"<", b"[", b"&'", b"?"])
                || is_listed("new typeof mut dyn await impl const final readonly", tree.word(sign))
                // `Annotated[Class`, `State<Class`
                || tree.is_any(sign + 1, &[b"<", b"["]);
            if !is_between {
                // `cfg *config.Config`, `cfg Config`
                let is_go = self.is_in("go") && tree.kind(sign) == Some(TokenKind::Name);
                return (is_go && !is_listed("type func return struct", tree.word(sign)))
                    .then_some(sign);
            }
            before = sign;
        }
        None
    }

    /// `Class name`, `Class $name`, `Class<A> name`.
    fn name_behind(&self, at: usize) -> Option<usize> {
        let tree = &self.tree;
        let near = at + 1..at + 4;
        let signs: [&[u8]; 6] = [b">", b"?", b"[", b"]", b"&", b"*"];
        let name = near.into_iter().find(|at| !tree.is_any(*at, &signs))?;
        let is_name = tree.kind(name) == Some(TokenKind::Name)
            && tree.line_start(name) == tree.line_start(at);
        (is_name && !is_listed(NO_NAMES, tree.word(name)) && !self.is_in("go py rb rs"))
            .then_some(name)
    }
}

/// The name in front of a class of Go, in a text that is no program: `cfg *config.Config`.
pub(super) fn argument_before<'t>(
    text: &'t [u8],
    class: &'t [u8],
    fields: Fields<'t>,
) -> Option<(Holder<'t>, NameKind)> {
    let whole = Span::new(0, text.len());
    let at = whole_places(text, whole, class).next()?;
    let is_path = |b: &u8| is_word(b) || b".*&".contains(b);
    let path = text[..at].iter().rev().take_while(|b| is_path(b)).count();
    let before = text[..at - path].trim_ascii_end();
    let length = before.iter().rev().take_while(|b| is_word(b)).count();
    let holder = Holder {
        name: &before[before.len() - length..],
        fields,
        owner: None,
        scope: whole,
    };
    (length > 0).then_some((holder, NameKind::Name))
}

#[cfg(test)]
mod tests {
    use super::super::super::region::Regions;
    use super::super::super::{Fields, Holder, NameKind};
    use crate::model::BlobPath;

    #[test]
    fn names_are_told_by_the_class_that_they_are_given() {
        for (path, text, expected) in [
            (
                "a.ts",
                "constructor(\n  private readonly a: ConfigType<typeof C>,\n) {}",
                "a",
            ),
            (
                "a.ts",
                "const a = new C();\nconst b: C = x;\nf(c?: C)",
                "a b c",
            ),
            (
                "a.go",
                "func New(a *config.C) *H {}\ntype H struct {\n\tb *config.C\n}",
                "a b/H",
            ),
            ("a.rs", "async fn f(State(a): State<C>, b: &C) {}", "a b"),
            (
                "A.java",
                "class B {\n  private final C a;\n  B(C b) {}\n}",
                "a/B b",
            ),
            (
                "a.php",
                "<?php\nclass B {\n  function f(C $a) { $b = new C(); }\n}",
                "a b",
            ),
            (
                "a.py",
                "def f(a: Annotated[C, Depends(g)], b: C):\n    c = C()",
                "a b c",
            ),
            ("a.kt", "fun Application.f(a: C) {}\nclass B : C()", "a"),
        ] {
            let path = BlobPath::from(path);
            let mut regions = Regions::new(text.as_bytes(), &path);
            let region = regions.at(text.len() - 1).unwrap();
            let shown = |(Holder { name, owner, .. }, kind): (Holder<'_>, NameKind)| {
                let call = if kind == NameKind::Function { "()" } else { "" };
                let name = String::from_utf8_lossy(name).into_owned() + call;
                owner.map_or(name.clone(), |o| {
                    format!("{name}/{}", String::from_utf8_lossy(o))
                })
            };
            let names: Vec<_> = region
                .typed_names(b"C", Fields::default())
                .into_iter()
                .map(shown)
                .collect();
            assert_eq!(names.join(" "), expected, "{text}");
        }
    }
}
