//! Whether a place in TypeScript holds an expression for certain. Types have literals too, and no program reads a variable there:
//! `let f: (k: string) => "a";`, `type A = B extends C ? "a" : "b";`.
//!
//! Nothing here parses types. From a place outwards, each sign has to belong to an expression; where one may belong to a type, it
//! does.

use super::super::literal::Choice;
use crate::syntax::{TokenKind, Tree};

/// Most brackets, arrows and choices around a place that are looked at.
const DEEPEST: usize = 64;

/// Most tokens in front of a sign that are looked at.
const FARTHEST: usize = 512;

/// Words in front of an expression.
const LEADING: &[&[u8]] = &[b"return", b"throw", b"yield", b"default"];

/// Signs that no type has.
const OPERATORS: &[&[u8]] = &[b"||", b"&&", b"??", b"+=", b"??=", b"||="];

/// Words in front of round brackets around a type.
const OF_TYPES: &[&[u8]] = &[
    b"as",
    b"satisfies",
    b"extends",
    b"implements",
    b"keyof",
    b"typeof",
    b"is",
    b"in",
    b"infer",
    b"readonly",
    b"unique",
    b"asserts",
    b"import",
    b"abstract",
    b"new",
];

/// Places of expressions in a program.
pub(super) struct ExpressionPlaces<'p, 't> {
    pub(super) tree: &'p Tree<'t>,
    pub(super) choice: Choice,
}

impl ExpressionPlaces<'_, '_> {
    /// True for a token that an expression begins with for certain.
    pub(super) fn has(&self, at: usize) -> bool {
        self.is_at(at, DEEPEST)
    }

    fn is_at(&self, at: usize, left: usize) -> bool {
        let tree = self.tree;
        let Some((before, left)) = tree.before(at).zip(left.checked_sub(1)) else {
            return false;
        };
        if tree.is_any(at, &[b"{", b"["]) {
            let Some(close) = tree.mate(at) else {
                return false;
            };
            // `f(): { a: "b" } {`, `(): ["a"] =>`
            let behind = tree.skip_lines(close + 1);
            let is_type =
                tree.is_any(behind, &[b"=>", b"|", b"&"]) || tree.is_any(close + 1, &[b"[", b"{"]);
            if is_type {
                return false;
            }
        }
        self.is_behind(before, left)
    }

    /// True for a sign behind which an expression begins.
    fn is_behind(&self, sign: usize, left: usize) -> bool {
        let tree = self.tree;
        match tree.kind(sign) {
            Some(TokenKind::Name) => LEADING.contains(&tree.word(sign)),
            Some(TokenKind::Open) => self.is_in(sign, left),
            Some(TokenKind::Op) => match tree.word(sign) {
                b"=" => !self.gives_type(sign),
                b"?" => self.is_choice(sign, left),
                b":" => self.is_behind_colon(sign, left),
                b"=>" => self.is_arrow(sign, left),
                b"," => tree
                    .parent(sign)
                    .is_some_and(|open| !self.is_in_angles(sign) && self.is_in(open, left)),
                own => OPERATORS.contains(&own),
            },
            _ => false,
        }
    }

    /// True for brackets of an expression: `f(`, `= [`, `= (`.
    fn is_in(&self, open: usize, left: usize) -> bool {
        let tree = self.tree;
        if tree.is(open, b"{") {
            return false;
        }
        let callee = open.checked_sub(1).filter(|_| tree.is(open, b"("));
        let is_call = callee.is_some_and(|own| match tree.kind(own) {
            Some(TokenKind::Name) => !OF_TYPES.contains(&tree.word(own)),
            Some(TokenKind::Close) => !tree.is(own, b"}"),
            _ => tree.is_any(own, &[b">", b"?.", b"!"]),
        });
        is_call || self.is_at(open, left)
    }

    /// The tokens in front of one in the same brackets, the nearest first.
    fn in_front(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let tree = self.tree;
        let parent = tree.parent(at);
        let first = parent.map_or(0, |open| open + 1);
        let first = first.max(at.saturating_sub(FARTHEST));
        (first..at)
            .rev()
            .filter(move |own| tree.parent(*own) == parent)
    }

    /// `{ key: ` of an object, and the second `:` of a choice.
    fn is_behind_colon(&self, sign: usize, left: usize) -> bool {
        let tree = self.tree;
        let object = tree.parent(sign).filter(|open| tree.is(*open, b"{"));
        let key = tree.before(sign).and_then(|last| match tree.kind(last) {
            Some(TokenKind::Name | TokenKind::Str) => Some(last),
            Some(TokenKind::Close) if tree.is(last, b"]") => tree.mate(last),
            _ => None,
        });
        let lead = key.and_then(|key| tree.before(key));
        if let Some((open, lead)) = object.zip(lead)
            && (lead == open || tree.is(lead, b","))
        {
            return self.is_at(open, left);
        }
        let question = self.choice.question(tree, sign);
        question.is_some_and(|question| self.is_choice(question, left))
    }

    /// True for the `?` of a choice between values: `= a ? `, and not `A extends B ? `.
    fn is_choice(&self, question: usize, left: usize) -> bool {
        let tree = self.tree;
        let Some(left) = left.checked_sub(1) else {
            return false;
        };
        for at in self.in_front(question) {
            if tree.kind(at) == Some(TokenKind::Name) {
                match tree.word(at) {
                    b"extends" | b"infer" | b"keyof" | b"is" | b"asserts" => return false,
                    word if LEADING.contains(&word) => return true,
                    _ => {}
                }
            } else if tree.is_any(at, &[b"=", b"=>", b",", b":"]) {
                return self.is_behind(at, left);
            } else if tree.is(at, b";") {
                return false;
            }
        }
        let open = tree.parent(question);
        open.is_some_and(|open| question - open < FARTHEST && self.is_in(open, left))
    }

    /// True for the arrow of a function, and not of its type: `= (a) => `, `f(async a => `.
    fn is_arrow(&self, arrow: usize, left: usize) -> bool {
        let tree = self.tree;
        let Some(last) = tree.before(arrow) else {
            return false;
        };
        let close = if tree.is(last, b")") {
            Some(last)
        } else {
            self.before_result(arrow)
        };
        let first = match close {
            Some(close) => tree.mate(close),
            None => Some(last).filter(|own| tree.kind(*own) == Some(TokenKind::Name)),
        };
        let Some(first) = first else { return false };
        let is_async = |own: &usize| tree.word(*own) == b"async";
        self.is_at(tree.before(first).filter(is_async).unwrap_or(first), left)
    }

    /// The `)` of `(a): Map<B, C> =>`.
    fn before_result(&self, arrow: usize) -> Option<usize> {
        let tree = self.tree;
        let mut angles = 0_usize;
        for at in self.in_front(arrow) {
            match tree.kind(at)? {
                TokenKind::Op if tree.is(at, b":") => {
                    return tree.before(at).filter(|own| tree.is(*own, b")"));
                }
                TokenKind::Op => match tree.word(at) {
                    b">" => angles += 1,
                    b">>" => angles += 2,
                    b"<" => angles = angles.checked_sub(1)?,
                    b"," if angles > 0 => {}
                    b"|" | b"&" | b"." => {}
                    _ => return None,
                },
                TokenKind::Newline => return None,
                _ => {}
            }
        }
        None
    }

    /// True behind `<` that nothing closes: `f(a as Map<b, `. It may also be less than something.
    fn is_in_angles(&self, at: usize) -> bool {
        let mut angles = 0_usize;
        for own in self.in_front(at) {
            match self.tree.kind(own).map(|_| self.tree.word(own)) {
                Some(b">") => angles += 1,
                Some(b">>") => angles += 2,
                Some(b"<" | b"<<") if angles == 0 => return true,
                Some(b"<" | b"<<") => angles -= 1,
                _ => {}
            }
        }
        false
    }

    /// True for the sign of `type A<B = C> = "a"`, and for the one in the angles.
    fn gives_type(&self, sign: usize) -> bool {
        let tree = self.tree;
        let mut angles = 0_usize;
        let mut farthest = sign;
        for at in self.in_front(sign) {
            farthest = at;
            let is_outside = angles == 0;
            if tree.kind(at) == Some(TokenKind::Name) {
                let is_bound = matches!(tree.word(at), b"const" | b"let" | b"var");
                match tree.word(at) {
                    // `this.key = "a"`
                    own if at + 1 == sign && own.contains(&b'.') => return false,
                    b"type" if tree.kind(at + 1) == Some(TokenKind::Name) => return true,
                    // `f<const T = "a">()`
                    _ if is_outside && is_bound => {
                        let before = tree.before(at);
                        return before.is_some_and(|own| tree.is_any(own, &[b"<", b","]));
                    }
                    b"return" if is_outside => return false,
                    _ => {}
                }
                continue;
            }
            match tree.kind(at).map(|_| tree.word(at)) {
                Some(b">") => angles += 1,
                Some(b">>") => angles += 2,
                Some(b"<") if is_outside => return true,
                Some(b"<") => angles -= 1,
                Some(b";" | b"=") if is_outside => return false,
                _ => {}
            }
        }
        sign - farthest >= FARTHEST
    }
}
