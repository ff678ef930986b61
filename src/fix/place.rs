//! Whether a place in a program takes any expression, or only what is known before the program runs.
//!
//! What is not known to be a place for expressions is none: a literal that is left is named, and one that is replaced wrongly breaks
//! a program.

use super::literal::SecretLiteral;
use crate::syntax::{TokenKind, Tree, is_listed, whole_places};

/// Signs in front of braces that hold an object, and not statements.
const OBJECTS: &[&[u8]] = &[
    b"=", b"(", b",", b":", b"[", b"?", b"||", b"&&", b"??", b":=", b"=>",
];

/// Most brackets around a literal, and most tokens of a statement, that are looked at.
const DEEPEST: usize = 64;
const LONGEST: usize = 512;

/// A place in a program.
pub(super) struct CodePlace<'p, 't> {
    pub(super) tree: &'p Tree<'t>,
    pub(super) at: usize,
    /// Ends of names of files in the language.
    pub(super) extensions: &'static str,
    /// Words of statements and of what is around them in which a constant is wanted.
    pub(super) constant: &'static [&'static [u8]],
}

impl CodePlace<'_, '_> {
    fn is_in(&self, extensions: &str) -> bool {
        let mut own = self.extensions.split(' ');
        own.any(|own| is_listed(extensions, own.as_bytes()))
    }

    /// Whether any expression may stand here.
    pub(super) fn check(&self, literal: &SecretLiteral) -> Result<(), &'static str> {
        const CONSTANT: &str = "a constant is wanted there, which is made before the program runs";
        let tree = self.tree;
        let before = tree.before(self.at);
        let text = tree.text;
        let start = literal.whole.start;
        // `return"a"`, `s = :"a"` of Ruby
        let touched = start.checked_sub(1).map(|at| text[at]);
        if touched.is_some_and(|b| {
            b.is_ascii_alphanumeric() || b == b'_' || b == b':' && self.is_in("rb")
        }) {
            return Err("the literal is a part of an expression");
        }
        let parent = tree.parent(self.at);
        let is_type = before.is_some_and(|sign| tree.is(sign, b":"))
            && match parent {
                None => true,
                // Values of Go and Rust: `Config{Key: "a"}`
                Some(open) if tree.is(open, b"{") => self.is_block(open) && !self.is_in("go rs"),
                Some(_) => self.is_in("py ts kt scala swift rs"),
            };
        let is_index = parent.is_some_and(|open| {
            let is_name =
                |at: usize| matches!(tree.kind(at), Some(TokenKind::Name | TokenKind::Close));
            open > 0 && tree.is(open, b"[") && tree.touches(open - 1, open) && is_name(open - 1)
        });
        let is_key = tree.is(tree.skip_lines(self.at + 1), b":") && parent.is_some();
        if is_type || is_index || is_key {
            return Err(CONSTANT);
        }
        // `var key Key = "..."` of Go
        let type_of = before
            .filter(|sign| self.is_in("go") && tree.is(*sign, b"="))
            .and_then(|sign| tree.before(sign));
        let is_typed = type_of.is_some_and(|own| {
            let name = tree.before(own).map_or(&b""[..], |at| tree.word(at));
            let is_behind_name =
                own > 0 && tree.kind(own - 1) == Some(TokenKind::Name) && name != b"var";
            is_behind_name && tree.word(own) != b"string"
        });
        if is_typed || self.is_case(literal) {
            return Err(CONSTANT);
        }
        if self.is_pattern() || self.is_marked() || self.is_default() || self.says_constant() {
            return Err(CONSTANT);
        }
        Ok(())
    }

    /// The braces of a function, a class or a branch.
    fn is_block(&self, open: usize) -> bool {
        let tree = self.tree;
        let Some(before) = tree.before(open).filter(|_| tree.is(open, b"{")) else {
            return tree.is(open, b"{");
        };
        let is_body = tree.is(before, b"=>") && self.is_in("js ts cs");
        is_body || !tree.is_any(before, OBJECTS) && tree.word(before) != b"return"
    }

    /// The brackets around the literal, the innermost first.
    fn around(&self) -> impl Iterator<Item = usize> + '_ {
        let first = self.tree.parent(self.at);
        std::iter::successors(first, |open| self.tree.parent(*open)).take(DEEPEST)
    }

    /// `static final String KEY = "a"` and `case KEY:`, `@A(KEY)`
    fn is_case(&self, literal: &SecretLiteral) -> bool {
        let Some(name) = literal
            .name(self.tree)
            .filter(|_| self.is_in("java kt scala"))
        else {
            return false;
        };
        let text = self.tree.text;
        let whole = crate::model::Span::new(0, text.len());
        whole_places(text, whole, name).any(|at| {
            let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
            let before = text[line..at].trim_ascii();
            before.ends_with(b"case") || before.contains(&b'@')
        })
    }

    /// `val (a, "b") = c`, `case ["a", b]:`, and `{ key: "a" } as const`, of which types are made
    fn is_pattern(&self) -> bool {
        let tree = self.tree;
        self.around().any(|open| {
            let behind = tree.mate(open).map(|close| close + 1);
            behind.is_some_and(|at| {
                tree.is(at, b"=") || tree.word(at) == b"as" && tree.word(at + 1) == b"const"
            })
        })
    }

    /// `@A(b = "c")`, `#[A("b")]`, `[A("b")]`
    fn is_marked(&self) -> bool {
        let tree = self.tree;
        let is_list = self.is_in("cs ps1");
        let in_list = self
            .around()
            .any(|open| is_list && tree.is(open, b"[") && !self.is_block(open));
        let first = self.statement();
        let line = &tree.text[tree.tokens.get(first).map_or(0, |own| own.span.start)..];
        let is_at = (first..self.at).any(|at| tree.is(at, b"@") || tree.word(at).starts_with(b"@"));
        let before = &tree.text[..tree.tokens[self.at].span.start];
        let hash =
            memchr::memmem::rfind(before, b"#[").is_some_and(|at| !before[at..].contains(&b']'));
        in_list
            || is_at && !self.is_in("rb ps1")
            || is_list && line.starts_with(b"[")
            || hash && self.is_in("php rs")
    }

    /// What an argument is if nobody gives it: a constant in some languages.
    fn is_default(&self) -> bool {
        let tree = self.tree;
        let in_brackets = tree.parent(self.at).is_some_and(|open| tree.is(open, b"("));
        let is_given = tree.before(self.at).is_some_and(|sign| tree.is(sign, b"="));
        in_brackets && is_given && self.is_in("cs php")
    }

    /// The statement, or what is around it, says that it is a constant, a type or a pattern.
    fn says_constant(&self) -> bool {
        let says = |from: usize, to: usize| {
            (from..to).any(|at| {
                let is_name = self.tree.kind(at) == Some(TokenKind::Name);
                is_name && self.constant.contains(&self.tree.word(at))
            })
        };
        let headers = self.around().filter(|open| self.is_block(*open));
        let mut headers = headers.map(|open| (self.statement_of(open), open));
        says(self.statement(), self.at)
            || headers.any(|(from, to)| says_header(self.tree, from, to))
    }

    fn statement(&self) -> usize {
        self.statement_of(self.at)
    }

    /// The first token of the statement around a token: behind what ends the one before it.
    fn statement_of(&self, at: usize) -> usize {
        let tree = self.tree;
        let ends_with_line = !self.is_in("java cs php");
        let mut first = at;
        while let Some(before) = first.checked_sub(1).filter(|_| at - first < LONGEST) {
            let is_outer = tree.parent(before) != tree.parent(first)
                && tree.kind(before) == Some(TokenKind::Open);
            let ends = match tree.kind(before) {
                Some(TokenKind::Newline) => {
                    let last = tree.before(before);
                    let goes_on = last.is_some_and(|last| {
                        tree.is_any(last, &[b"=", b",", b"(", b"[", b"|", b"+", b"->"])
                    });
                    ends_with_line
                        && !goes_on
                        && tree.parent(before).is_none_or(|open| self.is_block(open))
                }
                Some(TokenKind::Open) if is_outer => self.is_block(before),
                Some(TokenKind::Close) => {
                    tree.is(before, b"}")
                        && tree.mate(before).is_none_or(|open| self.is_block(open))
                }
                _ => tree.is(before, b";"),
            };
            if ends {
                break;
            }
            first = before;
        }
        first
    }
}

/// Words in front of braces between which there are no statements.
const HEADERS: &[&[u8]] = &[
    b"enum",
    b"interface",
    b"declare",
    b"type",
    b"annotation",
    b"match",
    b"namespace",
];

fn says_header(tree: &Tree<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|at| HEADERS.contains(&tree.word(at)) && !tree.is(at + 1, b"("))
}

/// True for a text in which the word that a reading begins with stands for something else too: `os = "linux"`.
pub(super) fn is_taken(text: &[u8], word: &[u8]) -> bool {
    let whole = crate::model::Span::new(0, text.len());
    whole_places(text, whole, word).any(|at| {
        let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
        let before = text[line..at].trim_ascii();
        let behind = text[at + word.len()..].iter().find(|b| !b" \t".contains(b));
        let is_import = before.ends_with(b"import")
            || before.ends_with(b",")
            || before.is_empty() && behind.is_none();
        let is_quoted = text[..at].ends_with(b"\"") || text[..at].ends_with(b"'");
        // `import x as os`, `with open(a) as os:`, `class os:`, `case os:`
        let is_bound = [&b" as"[..], b"class", b"case"]
            .iter()
            .any(|own| before.ends_with(own));
        let is_typed = word == b"os" && behind == Some(&b':');
        let is_from = before.starts_with(b"from ");
        if is_bound || is_typed || is_from && is_import {
            return true;
        }
        let is_used = behind.is_some_and(|b| b".[:\"'".contains(b));
        let is_named_in_import = is_import && behind.is_none_or(|b| b"\r\n,;".contains(b));
        !is_used && !is_named_in_import && !is_quoted
    })
}
