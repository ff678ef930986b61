//! Where a name means what it was given: in the function that gave it, but for functions in which it means another.

use super::function::DEFINING;
use super::read::{is_self, last, parts};
use super::region::CodeRegion;
use super::{Holder, MOST_PLACES};
use crate::model::Span;
use crate::syntax::{TokenKind, is_listed, is_word, whole_places};

/// Words that declare a name.
const DECLARING: &str = "const let var val final auto mut my local";

/// Words that take a field out of an object.
const TAKING_AWAY: &str = "delete del unset pop remove";

/// Words in front of brackets that are no arguments of a function.
const BRANCHING: &str = "if for while switch catch match unless until with elseif foreach";

/// How far in front of a token the arrow of its function may stand, in tokens.
const NEAR: usize = 128;

/// Languages in which a function's names are its own without a word.
const OWN: &str = "py rb ex exs php phtml";

/// Languages in which a type declares a name: `String key = ...`.
const BY_TYPE: &str = "java kt cs dart scala groovy";

/// Words in front of the name of a class.
const CLASSES: &str = "class struct impl object interface trait record module enum extension";

/// Most lines from the name of a class to a line that is indented below it.
const LONGEST_CLASS: usize = 1024;

/// Longest line that says of what class a name is, in bytes.
const LONGEST_LINE: usize = 200;

impl<'t> CodeRegion<'t> {
    /// All of the text.
    pub(super) fn whole(&self) -> Span {
        Span::new(0, self.tree.text.len())
    }

    /// Where the name that is given a value at a token holds, in bytes of the text.
    pub(super) fn scope(&self, target: usize) -> Span {
        let tree = &self.tree;
        let whole = self.whole();
        let is_typed = |before: usize| {
            let is_type = tree.kind(before) == Some(TokenKind::Name)
                || tree.is_any(before, &[b">", b"]", b"?"]);
            self.is_in(BY_TYPE) && is_type && tree.line_start(target) != target
        };
        let is_declared = target > 0
            && (is_listed(DECLARING, tree.word(target - 1))
                || tree.is(target + 1, b":=")
                || is_typed(target - 1));
        if !is_declared && !self.is_in(OWN) {
            return whole;
        }
        if let Some((_, body)) = self.indented(target) {
            return body;
        }
        let mut inner = target;
        while let Some(open) = tree.parent(inner) {
            if tree.is(open, b"{") {
                return self.bytes(open);
            }
            inner = open;
        }
        whole
    }

    /// The same of an object, one of whose fields is given the value: the function that does so.
    pub(super) fn function_scope(&self, target: usize) -> Span {
        let tree = &self.tree;
        if let Some((_, body)) = self.indented(target) {
            return body;
        }
        let mut inner = target;
        while let Some(open) = tree.parent(inner) {
            if tree.is(open, b"{") && self.arguments(open).is_some() {
                return self.bytes(open);
            }
            inner = open;
        }
        self.whole()
    }

    /// The class that a token is a part of: `class A {`, `impl A for B {`, `func (a *A) f() {`, `class A:`.
    pub(super) fn class_of(&self, at: usize) -> Option<&'t [u8]> {
        let tree = &self.tree;
        if self.is_in("py rb") {
            return self.indented_class(at);
        }
        let mut inner = at;
        while let Some(open) = tree.parent(inner) {
            if tree.is(open, b"{")
                && let Some(class) = self.class_before(open)
            {
                return Some(class);
            }
            inner = open;
        }
        None
    }

    /// True in the body of a class itself, and in none of its functions.
    pub(super) fn is_in_class(&self, at: usize) -> bool {
        let tree = &self.tree;
        if self.is_in("py rb") {
            return self.indented(at).is_none();
        }
        // The braces that tell the class of a method of Go are those of the method.
        let open = tree.parent(at).filter(|_| !self.is_in("go"));
        open.is_some_and(|open| tree.is(open, b"{") && self.class_before(open).is_some())
    }

    /// The class whose body begins with a bracket.
    fn class_before(&self, open: usize) -> Option<&'t [u8]> {
        let tree = &self.tree;
        let start = (open.saturating_sub(32)..open)
            .rev()
            .take_while(|at| !tree.is_any(*at, &[b";", b"{", b"}"]))
            .last()?;
        // `fn f(a: impl A) -> impl B {` is a function.
        let word = (start..open).find(|at| {
            let is_type = *at > 0 && tree.is(*at - 1, b"->");
            let is_beside = tree.parent(*at) == tree.parent(open);
            // `companion object {` has no name of its own.
            let is_named = tree.kind(*at + 1) == Some(TokenKind::Name) || !tree.is(*at + 1, b"{");
            // `data class A(val key: String)` ends in front of the `fun main() {` below it.
            let is_function = |at: usize| {
                is_listed(DEFINING, tree.word(at)) && tree.parent(at) == tree.parent(open)
            };
            let is_over = (at + 1..open).any(is_function);
            is_listed(CLASSES, tree.word(*at)) && is_beside && !is_type && is_named && !is_over
        });
        if let Some(word) = word {
            let is_for = |at: &usize| tree.word(word) == b"impl" && tree.word(*at) == b"for";
            let name = (word..open).find(is_for).unwrap_or(word) + 1;
            // `impl<S> A<S> {`
            let end = (name..open).find(|at| tree.is(*at, b">") && tree.is(name, b"<"));
            return Some(last(tree.word(end.map_or(name, |end| end + 1))));
        }
        // `func (a *A) f() {`
        let func = (start..open).find(|at| tree.word(*at) == b"func" && self.is_in("go"))?;
        let close = tree.mate(func + 1)?;
        let is_method = tree.kind(close + 1) == Some(TokenKind::Name);
        is_method.then(|| last(tree.word(close - 1)))
    }

    /// The class that a line is indented below.
    fn indented_class(&self, at: usize) -> Option<&'t [u8]> {
        let tree = &self.tree;
        let mut indent = tree.indent(at);
        let mut line = tree.line_start(at);
        for _ in 0..LONGEST_CLASS {
            line = tree.line_start(line.checked_sub(1).filter(|_| indent > 0)?);
            if tree.kind(line) == Some(TokenKind::Newline) || tree.indent(line) >= indent {
                continue;
            }
            indent = tree.indent(line);
            if is_listed(CLASSES, tree.word(line)) {
                return Some(last(tree.word(line + 1)));
            }
        }
        None
    }

    /// True for what stands in front of a name that objects of a class have: nothing, the object itself, the class, or
    /// a name that some line gives that class.
    pub(super) fn is_owned(&self, at: usize, head: &[u8], owner: Option<&[u8]>) -> bool {
        let is_own = head.is_empty() || is_self(head);
        let Some(owner) = owner else {
            return is_own;
        };
        if is_own {
            return self.class_of(at).is_none_or(|class| class == owner);
        }
        let base = last(head);
        // `application.settings` of `extension Application { var settings ...`
        base.eq_ignore_ascii_case(owner) || self.is_of_class(base, owner)
    }

    /// `let a: A`, `a := &A{`, `a = new A(`, `func (a *A)`, `State(a): State<A>`.
    pub(super) fn is_of_class(&self, name: &[u8], class: &[u8]) -> bool {
        let text = self.tree.text;
        let mut places = whole_places(text, self.whole(), name).take(MOST_PLACES);
        places.any(|place| {
            let before = &text[place.saturating_sub(LONGEST_LINE)..place];
            let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
            let behind = &text[place..text.len().min(place + LONGEST_LINE)];
            let end = memchr::memchr(b'\n', behind).unwrap_or(behind.len());
            let line = Span::new(place - (before.len() - start), place + end);
            whole_places(text, line, class).next().is_some()
        })
    }

    /// True where a name means another than the one that holds in `scope`: an argument, or what a function inside
    /// gives it.
    pub(super) fn is_shadowed(&self, place: Span, scope: Span) -> bool {
        let tree = &self.tree;
        let Some(at) = tree.at(place.start) else {
            return false;
        };
        let name = &tree.text[place.range()];
        // `this.key` is the object's.
        if tree.tokens[at].kind == TokenKind::Name && parts(tree.word(at)).count() > 1 {
            return false;
        }
        if let Some((def, body)) = self.indented(at)
            && body.start > scope.start
        {
            let arguments = tree.mate(def + 1).filter(|_| tree.is(def + 1, b"("));
            let is_argument = arguments.is_some_and(|end| self.has(def + 2, end, name));
            if is_argument || self.gives(tree.line_start(def), at, name) {
                return true;
            }
        }
        let mut inner = at;
        while let Some(open) = tree.parent(inner) {
            if tree.tokens[open].span.start <= scope.start && scope.start > 0 {
                return false;
            }
            if self.loops_over(open, name) {
                return true;
            }
            let arguments = self.arguments(open);
            let is_argument = |range: Option<(usize, usize)>| {
                range.is_some_and(|(from, to)| self.has(from, to, name))
            };
            if is_argument(arguments) || is_argument(self.arrow_before(open, inner)) {
                return true;
            }
            if tree.is(open, b"{") && self.declares(open, inner, name) {
                return true;
            }
            inner = open;
        }
        false
    }

    /// True for an argument of a function around a token.
    pub(super) fn is_argument(&self, at: usize, name: &[u8]) -> bool {
        let tree = &self.tree;
        if let Some((def, _)) = self.indented(at) {
            let end = tree.mate(def + 1).filter(|_| tree.is(def + 1, b"("));
            return end.is_some_and(|end| self.has(def + 2, end, name));
        }
        let mut inner = at;
        while let Some(open) = tree.parent(inner) {
            let ranges = [self.arguments(open), self.arrow_before(open, inner)];
            let mut ranges = ranges.into_iter().flatten();
            if ranges.any(|(from, to)| self.has(from, to, name)) {
                return true;
            }
            inner = open;
        }
        // A function without brackets around it: `res => res.send(a)`
        self.arrow_before(0, inner)
            .is_some_and(|(from, to)| self.has(from, to, name))
    }

    /// True for the block of a loop over values of this name, or that catches one, and for a comprehension:
    /// `for (const [key, a] of b) {`, `foreach ($a as $key => $b) {`, `catch (key) {`, `[key for key in a]`.
    fn loops_over(&self, open: usize, name: &[u8]) -> bool {
        let tree = &self.tree;
        let is_named = |at: usize| {
            let word = tree.word(at);
            word == name || word.strip_prefix(b"$") == Some(name)
        };
        if self.is_in("py") {
            let end = tree.mate(open).unwrap_or(open);
            return (open + 1..end).any(|at| tree.word(at) == b"for" && is_named(at + 1));
        }
        let close = tree.before(open).filter(|_| tree.is(open, b"{"));
        let Some(first) = close.and_then(|close| tree.mate(close)) else {
            return false;
        };
        let word = first.checked_sub(1).map_or(&b""[..], |at| tree.word(at));
        if !is_listed("for foreach catch", word) {
            return false;
        }
        let close = close.unwrap_or(first);
        let joint = (first + 1..close).find(|at| is_listed("of in as", tree.word(*at)));
        let range = match joint {
            Some(joint) if tree.word(joint) == b"as" => joint..close,
            Some(joint) => first + 1..joint,
            None => first + 1..close,
        };
        range.into_iter().any(is_named)
    }

    /// True for an object out of which the field is taken that holds the value: `delete settings.key`, `settings.pop("key")`,
    /// `unset($settings['key'])`, `delete(settings, "key")`.
    pub(super) fn takes_away(&self, name: &[u8], holder: &Holder<'_>) -> bool {
        let text = self.tree.text;
        let Some(field) = holder.fields.inner() else {
            return false;
        };
        let mut places = whole_places(text, holder.scope, field).take(MOST_PLACES);
        places.any(|place| {
            let before = &text[place.saturating_sub(LONGEST_LINE)..place];
            let start = memchr::memrchr2(b'\n', b';', before).map_or(0, |at| at + 1);
            let words = || before[start..].split(|b| !is_word(b));
            words().any(|word| is_listed(TAKING_AWAY, word)) && words().any(|word| word == name)
        })
    }

    /// The bytes between two brackets.
    pub(super) fn bytes(&self, open: usize) -> Span {
        let tree = &self.tree;
        let start = tree.tokens[open].span.start;
        let close = tree.mate(open).map(|close| tree.tokens[close].span.end);
        Span::new(start, close.unwrap_or(tree.text.len()))
    }

    /// The arguments of the function whose body a bracket is, or that gives it back: `(a) => {`, `f(a) {`, `(a) => (`.
    fn arguments(&self, open: usize) -> Option<(usize, usize)> {
        let tree = &self.tree;
        // Braces of these hold no body: `{:ok, socket}`.
        if self.is_in("ex exs heex leex py") {
            return None;
        }
        let mut before = tree.before(open)?;
        if tree.is_any(before, &[b"=>", b"->"]) {
            before = before.checked_sub(1)?;
            if tree.kind(before) == Some(TokenKind::Name) {
                return Some((before, before + 1));
            }
        } else if !tree.is(open, b"{") {
            return None;
        }
        // `f(a): Type {`, `f(a) -> Type {`
        let near = (before.saturating_sub(24)..=before).rev();
        let mut near = near.take_while(|at| !tree.is_any(*at, &[b";", b"}", b"{"]));
        let close = near.find(|at| tree.is(*at, b")") && tree.parent(*at) == tree.parent(open))?;
        let first = tree.mate(close)?;
        let word = first.checked_sub(1).map_or(&b""[..], |at| tree.word(at));
        (!is_listed(BRANCHING, word)).then_some((first + 1, close))
    }

    /// The arguments of a function without braces that a token is in the body of: `key => f(key)`.
    fn arrow_before(&self, open: usize, inner: usize) -> Option<(usize, usize)> {
        let tree = &self.tree;
        let parent = tree.parent(inner);
        let near = (inner.saturating_sub(NEAR).max(open)..inner).rev();
        let mut near = near.filter(|at| tree.parent(*at) == parent);
        let arrow = near.find(|at| tree.is_any(*at, &[b"=>", b"->", b",", b";"]))?;
        if tree.is_any(arrow, &[b",", b";"]) {
            return None;
        }
        let before = arrow.checked_sub(1)?;
        match tree.mate(before) {
            Some(first) => Some((first + 1, before)),
            // `['key' => $key]`
            None if tree.kind(before) != Some(TokenKind::Name)
                || self.is_in("php phtml rb ex exs pl") =>
            {
                None
            }
            None => Some((before, arrow)),
        }
    }

    /// True when one of these tokens is the name.
    fn has(&self, from: usize, to: usize, name: &[u8]) -> bool {
        let tree = &self.tree;
        let is_name = |at: usize| {
            let word = tree.word(at);
            word == name || word.strip_prefix(b"$") == Some(name)
        };
        // `{ key: other }` takes `key` out and calls it `other`.
        let is_renamed = |at: usize| {
            let in_braces = tree.parent(at).is_some_and(|open| tree.is(open, b"{"));
            in_braces && tree.is(at + 1, b":")
        };
        (from..to).any(|at| is_name(at) && !is_renamed(at))
    }

    /// True when a statement of a block, in front of a token, declares the name.
    fn declares(&self, open: usize, before: usize, name: &[u8]) -> bool {
        let tree = &self.tree;
        (open + 1..before).any(|at| {
            if tree.word(at) != name {
                return false;
            }
            // `const { name } = ...`
            let pattern = tree.parent(at).filter(|own| *own > open + 1);
            let is_taken = pattern.is_some_and(|own| {
                tree.parent(own) == Some(open)
                    && is_listed(DECLARING, tree.word(own - 1))
                    && !tree.is(at + 1, b":")
            });
            let is_given = tree.parent(at) == Some(open)
                && (is_listed(DECLARING, tree.word(at - 1)) || tree.is(at + 1, b":="));
            is_taken || is_given
        })
    }

    /// True when a line of these tokens gives the name something: `name = ...`.
    fn gives(&self, from: usize, to: usize, name: &[u8]) -> bool {
        let tree = &self.tree;
        // `name=name,` on a line of a call names an argument.
        let is_argument = |at: usize| tree.parent(at).is_some_and(|open| tree.is(open, b"("));
        (from..to).any(|at| {
            let is_given = tree.word(at) == name && tree.is(at + 1, b"=");
            is_given && tree.line_start(at) == at && !is_argument(at)
        })
    }

    /// The name of the function that a line is indented below, and its bytes: `def f(): ...`, `def f ... end`.
    pub(super) fn indented(&self, at: usize) -> Option<(usize, Span)> {
        let line = self.tree.line_start(at);
        if let Some(known) = self.indented.borrow().get(&line) {
            return *known;
        }
        let own = self.find_indented(at);
        self.indented.borrow_mut().insert(line, own);
        own
    }

    fn find_indented(&self, at: usize) -> Option<(usize, Span)> {
        let tree = &self.tree;
        if !self.is_in("py rb ex exs") {
            return None;
        }
        let mut indent = tree.indent(at);
        let mut line = tree.line_start(at);
        while let Some(before) = line.checked_sub(1) {
            line = tree.line_start(before);
            // `) -> dict:` ends a line that began above.
            if let Some(open) = tree.mate(line).filter(|open| *open < line) {
                line = tree.line_start(open);
            }
            if tree.kind(line) == Some(TokenKind::Newline) || tree.indent(line) >= indent {
                continue;
            }
            indent = tree.indent(line);
            let mut words = line..line + 3;
            if let Some(word) = words.find(|at| is_listed("def defp", tree.word(*at))) {
                let start = tree.tokens[line].span.start;
                return Some((word + 1, Span::new(start, self.end_of_indented(at, indent))));
            }
            if indent == 0 {
                return None;
            }
        }
        None
    }

    /// Where the lines end that are indented deeper than a function, in bytes.
    fn end_of_indented(&self, at: usize, indent: usize) -> usize {
        let tree = &self.tree;
        let lines = (at..tree.tokens.len()).filter(|at| tree.line_start(*at) == *at);
        let mut lines = lines.filter(|at| tree.kind(*at) != Some(TokenKind::Newline));
        let next = lines.find(|line| tree.indent(*line) <= indent);
        next.map_or(tree.text.len(), |next| tree.tokens[next].span.start)
    }
}
