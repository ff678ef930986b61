//! Functions of the same text, as far as a call of one tells where a value goes: the argument that it becomes.

use super::function::DEFINING;
use super::read::{last, parts};
use super::region::{CodeRegion, Definition};
use super::{CallArgument, End, Fields, Holder, MOST_PLACES};
use crate::model::Span;
use crate::syntax::{TokenKind, is_listed, whole_places};
use memchr::memmem;

/// Names of functions that make an object.
const MAKING: &str = "constructor __init__ __construct initialize init new create";

/// Those of them that are called on the class: `Client.new(key)`, `Client::create(key)`.
const OF_CLASSES: &str = "new create init";

/// Words in front of the name of an argument.
const MODIFIERS: &str = "private public protected internal readonly final const val var override mut ref this let params in \
    out required";

/// How far behind a definition its arguments and its body are looked for, in tokens.
const NEAR: usize = 32;

/// How far behind the name of a class what makes its objects is looked for, in tokens.
const LONGEST_CLASS: usize = 2048;

/// How a function reads the variable that an argument names, as written in its body.
const READS: [&[u8]; 9] = [
    b"process.env[",
    b"environ",
    b"etenv(",
    b"env::var",
    b"Deno.env.get(",
    b"ENV[",
    b"ENV.fetch(",
    b"System.get_env",
    b"LookupEnv(",
];

impl<'t> CodeRegion<'t> {
    /// What becomes of a value that a function is given, between the brackets that open there.
    pub(super) fn passed(
        &self,
        name: usize,
        open: usize,
        (start, key): (usize, Option<usize>),
        fields: Fields<'t>,
    ) -> End<'t> {
        let tree = &self.tree;
        let commas = (open + 1..start).filter(|at| tree.parent(*at) == Some(open));
        let argument = CallArgument {
            function: tree.word(name),
            number: commas.filter(|at| tree.is(*at, b",")).count(),
            key: key.map(|key| tree.word(key)),
            fields,
        };
        match self.definition(called(argument.function)) {
            // The arguments themselves, where they are named: `def make(self, key, url):`.
            Some(own) if own.arguments == open => End::Used,
            Some(own) => self.taken_by(&own, argument).unwrap_or(End::Used),
            None => End::Passed(argument),
        }
    }

    /// What becomes of an argument in the function that is defined so.
    pub(super) fn taken_by(
        &self,
        function: &Definition<'t>,
        passed: CallArgument<'t>,
    ) -> Option<End<'t>> {
        let tree = &self.tree;
        let close = tree.mate(function.arguments)?;
        let starts = (function.arguments + 1..close)
            .filter(|at| tree.parent(*at) == Some(function.arguments) && tree.is(*at, b","));
        let starts = [function.arguments]
            .into_iter()
            .chain(starts)
            .map(|at| at + 1);
        let mut arguments = starts
            .map(|start| self.argument_at(start, close))
            .filter(|at| !at.is_some_and(|at| is_listed("self cls", tree.word(at))));
        let argument = match passed.key {
            Some(key) => arguments.find(|at| at.is_some_and(|at| tree.word(at) == key)),
            None => arguments.nth(passed.number),
        };
        let argument = argument.flatten()?;
        if tree.is(argument, b"{") {
            return Some(match self.taken_out(tree.mate(argument)?, passed.fields) {
                End::Named(holder) => End::Named(Holder {
                    scope: function.body,
                    ..holder
                }),
                other => other,
            });
        }
        let is_field = function.makes.is_some();
        Some(End::Named(Holder {
            name: tree.word(argument),
            fields: passed.fields,
            owner: function.makes,
            scope: if is_field {
                self.whole()
            } else {
                function.body
            },
        }))
    }

    /// True for a function of the same text that reads the variable whose name it is given: `required("KEY")`.
    pub(super) fn reads_variable(&self, name: usize) -> bool {
        let body = self
            .definition(last(self.tree.word(name)))
            .map(|own| &self.tree.text[own.body.range()]);
        body.is_some_and(|body| READS.iter().any(|sign| memmem::find(body, sign).is_some()))
    }

    /// The name of the argument that begins at a token, or the brace of one that is taken apart.
    fn argument_at(&self, start: usize, close: usize) -> Option<usize> {
        let tree = &self.tree;
        let start = tree.skip_lines(start);
        let parent = tree.parent(start).or_else(|| tree.parent(close))?;
        let ends =
            |at: &usize| tree.parent(*at) == Some(parent) && tree.is_any(*at, &[b",", b"=", b":"]);
        if tree.is(start, b"{") {
            return Some(start);
        }
        let end = (start..close).find(ends).unwrap_or(close);
        let is_name = |at: &usize| {
            tree.kind(*at) == Some(TokenKind::Name)
                && tree.parent(*at) == Some(parent)
                && !is_listed(MODIFIERS, tree.word(*at))
        };
        let mut names = (start..end).filter(is_name);
        // `String key` puts the type in front, `key string` behind.
        if self.is_in("java cs dart c cc cpp groovy") {
            names.next_back()
        } else if self.is_in("php phtml") {
            names.find(|at| tree.word(*at).starts_with(b"$"))
        } else {
            names.next()
        }
    }

    /// The function or class of this name, if the text has it.
    pub(super) fn definition(&self, own: &'t [u8]) -> Option<Definition<'t>> {
        let tree = &self.tree;
        if let Some(known) = self.defined.borrow().get(own) {
            return *known;
        }
        let places = whole_places(tree.text, self.whole(), own).take(MOST_PLACES);
        let found = places
            .filter_map(|place| tree.at(place))
            .filter(|at| last(tree.word(*at)) == own)
            .find_map(|at| self.defined_at(at));
        self.defined.borrow_mut().insert(own, found);
        found
    }

    /// The function whose definition has its name at a token.
    pub(super) fn defined_at(&self, at: usize) -> Option<Definition<'t>> {
        let tree = &self.tree;
        let before = at.checked_sub(1).map_or(&b""[..], |at| tree.word(at));
        if is_listed("class struct record object", before) {
            return self.maker(at);
        }
        let near = at + 1..tree.tokens.len().min(at + NEAR);
        let parent = tree.parent(at);
        let mut open = near.clone().find(|open| tree.is(*open, b"("))?;
        if tree.is(at + 1, b"=") || tree.is(at + 1, b":") {
            // `const f = async (a) => ...`, `const f: A = function (a) { ... }`
            open = near.into_iter().find(|open| {
                tree.is(*open, b"(") && tree.parent(*open) == parent && {
                    let behind = tree.mate(*open).map_or(*open, |close| close + 1);
                    let mut behind = behind..tree.tokens.len().min(behind + NEAR);
                    tree.word(open.saturating_sub(1)) == b"function"
                        || behind
                            .find(|at| tree.is_any(*at, &[b"=>", b";"]))
                            .is_some_and(|at| tree.is(at, b"=>"))
                }
            })?;
            return self.with_body(open, None);
        }
        let is_behind_receiver = self.is_in("go") && tree.is(at - usize::from(at > 0), b")");
        let is_method = tree.is(at + 1, b"(") && (self.is_in_class(at) || is_behind_receiver);
        (is_listed(DEFINING, before) || is_method)
            .then(|| self.with_body(open, None))
            .flatten()
    }

    /// What makes an object of the class whose name stands at a token.
    fn maker(&self, at: usize) -> Option<Definition<'t>> {
        let tree = &self.tree;
        let class = tree.word(at);
        // `class A(val key: String)`
        if tree.is(at + 1, b"(") && self.is_in("kt kts scala cs java") {
            return Some(Definition {
                arguments: at + 1,
                body: self.whole(),
                makes: Some(class),
            });
        }
        let end = tree.tokens.len().min(at + LONGEST_CLASS);
        let own = (at + 1..end).find(|own| {
            let word = tree.word(*own);
            let is_maker = is_listed(MAKING, word) || word == class;
            is_maker && tree.is(own + 1, b"(") && self.class_of(*own) == Some(class)
        })?;
        self.with_body(own + 1, Some(class))
    }

    fn with_body(&self, arguments: usize, makes: Option<&'t [u8]>) -> Option<Definition<'t>> {
        let tree = &self.tree;
        let close = tree.mate(arguments)?;
        if self.is_in("py rb ex exs") {
            let mut line = close;
            while tree.kind(line).is_some() && tree.kind(line) != Some(TokenKind::Newline) {
                line += 1;
            }
            let body = self.indented(tree.skip_lines(line))?.1;
            return Some(Definition {
                arguments,
                body,
                makes,
            });
        }
        let mut near = close + 1..tree.tokens.len().min(close + NEAR);
        let sign = near.find(|at| tree.is_any(*at, &[b"{", b"=>", b";", b"="]))?;
        let body = match () {
            () if tree.is(sign, b";") => return None,
            () if tree.is(sign, b"{") => self.bytes(sign),
            () => {
                let value = tree.skip_lines(sign + 1);
                let end = tree.mate(value).unwrap_or_else(|| tree.value_end(value));
                let end = tree
                    .tokens
                    .get(end)
                    .map_or(tree.text.len(), |own| own.span.end);
                Span::new(tree.tokens.get(value)?.span.start, end)
            }
        };
        Some(Definition {
            arguments,
            body,
            makes,
        })
    }
}

/// The function or class that a call names: `make` of `module.make(`, `Client` of `Client.new(`.
pub(super) fn called(function: &[u8]) -> &[u8] {
    let mut parts = parts(function).rev();
    let own = parts.next().unwrap_or(function);
    let class = parts.next().filter(|_| is_listed(OF_CLASSES, own));
    class.unwrap_or(own)
}
