//! What an expression is in the one around it: an argument, a member, what a name is given, what a function returns.

use super::read::Value;
use super::region::CodeRegion;
use crate::syntax::{TokenKind, is_listed};

/// Words behind which a value counts for a decision alone.
const DECIDING: &str = "if unless elif elsif while until when switch assert case not typeof isset empty defined throw \
    raise del delete import guard match #if";

/// Words that print what follows.
const PRINTING: &str = "echo print printf";

/// Signs that give a name its value.
const GIVING: &[&[u8]] = &[b"=", b":=", b"<-", b"+=", b"??=", b"||=", b".="];

/// Signs that compare what stands on both sides.
const COMPARING: &[&[u8]] = &[b"==", b"===", b"!=", b"!==", b"=~", b">=", b"<="];

/// Signs in front of braces that hold an object.
const OBJECTS: &[&[u8]] = &[
    b"(", b"[", b",", b"=", b":", b"?", b"||", b"&&", b"??", b":=", b"...", b"{",
];

/// Most tokens of one expression in front of a value.
const FARTHEST: usize = 512;

/// What an expression is in the one around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExprRole {
    /// A statement, or all there is.
    Statement,
    /// An argument, with the bracket that opens the arguments.
    Argument(usize),
    /// Between brackets that only hold it together.
    Grouped(usize),
    /// What a command without brackets is given: `render json: a`.
    Operand(usize),
    /// A member of an object or a list, with its bracket and its name.
    Member(usize, Option<usize>),
    /// What an attribute of an element is, or a part of its text.
    Markup,
    /// What the name at this token is given.
    Given(usize),
    /// What the function returns whose arrow or `return` this is.
    Returned(usize),
    /// Printed.
    Printed,
    /// Part of a decision, or of something unknown.
    Lost,
}

impl CodeRegion<'_> {
    /// The role of a value.
    pub(super) fn role(&self, value: Value) -> ExprRole {
        let tree = &self.tree;
        let parent = tree.parent(value.start);
        // What decides which value counts was passed: `a ? value : b`.
        let mut decided = false;
        let mut at = value.start;
        let farthest = at.saturating_sub(FARTHEST);
        if at > 0 && tree.is(at - 1, b"!") && Some(at - 1) != parent {
            return ExprRole::Lost;
        }
        while let Some(before) = at.checked_sub(1) {
            if at < farthest {
                return ExprRole::Lost;
            }
            if Some(before) == parent {
                return self.in_bracket(before, None);
            }
            let role = match tree.kind(before) {
                Some(TokenKind::Newline) if self.goes_on(before, parent) => None,
                Some(TokenKind::Newline) | None => {
                    let last = tree.before(before);
                    let is_member =
                        last.is_some_and(|last| tree.is(last, b",") || Some(last) == parent);
                    Some(match parent.filter(|_| is_member) {
                        Some(open) => self.in_bracket(open, None),
                        None => self.statement(parent),
                    })
                }
                Some(TokenKind::Close) => match tree.mate(before) {
                    Some(open) => {
                        at = open;
                        continue;
                    }
                    None => Some(ExprRole::Lost),
                },
                Some(TokenKind::Op) => self.by_sign(before, parent, &mut decided),
                Some(TokenKind::Name) => self.by_word(before, at, value, &mut decided),
                Some(TokenKind::Str | TokenKind::Open) => None,
            };
            if let Some(role) = role {
                return role;
            }
            at = before;
        }
        self.statement(parent)
    }

    /// True at the end of a line that the expression goes on behind.
    fn goes_on(&self, newline: usize, parent: Option<usize>) -> bool {
        let is_round = parent.is_some_and(|parent| !self.tree.is(parent, b"{"));
        // `key:` and its value below it.
        let last = self.tree.before(newline);
        let is_field = parent.is_some() && last.is_some_and(|last| self.tree.is(last, b":"));
        is_round || is_field || self.tree.leads_on(newline)
    }

    fn statement(&self, parent: Option<usize>) -> ExprRole {
        match parent.map(|open| self.in_bracket(open, None)) {
            // A value alone between the braces of a block.
            Some(ExprRole::Member(open, _)) if !self.tree.is(open, b"{") => {
                ExprRole::Member(open, None)
            }
            Some(role @ (ExprRole::Argument(_) | ExprRole::Grouped(_) | ExprRole::Markup)) => role,
            _ => ExprRole::Statement,
        }
    }

    /// What a value is in a bracket, behind its name if it has one.
    fn in_bracket(&self, open: usize, key: Option<usize>) -> ExprRole {
        let tree = &self.tree;
        let before = open.checked_sub(1);
        if tree.is(open, b"(") {
            let name = self.callee(open);
            let word = name.map_or(&b""[..], |name| tree.word(name));
            return match name {
                Some(_) if is_listed(DECIDING, word) => ExprRole::Lost,
                Some(_) if is_listed(PRINTING, word) && self.is_in("php phtml") => {
                    ExprRole::Printed
                }
                Some(_) if !is_listed("return await yield and or", word) => {
                    ExprRole::Argument(open)
                }
                _ if before.is_some_and(|b| tree.kind(b) == Some(TokenKind::Close)) => {
                    ExprRole::Argument(open)
                }
                _ => ExprRole::Grouped(open),
            };
        }
        if tree.is(open, b"[") {
            return if self.is_index(open) {
                ExprRole::Lost
            } else {
                ExprRole::Member(open, key)
            };
        }
        let Some(before) = tree.before(open) else {
            return ExprRole::Member(open, key);
        };
        // `<A b={value}>`, `<p>{value}</p>`
        let is_attribute = tree.is(before, b"=")
            && before > 0
            && tree.kind(before - 1) == Some(TokenKind::Name)
            && tree.touches(before, open)
            && self.is_in("tsx jsx js ts mdx svelte vue astro heex");
        let is_child = tree.is(before, b">") && self.is_in("tsx jsx js mdx");
        // `<A {...value} />`
        let is_spread = tree.word(open + 1).starts_with(b".")
            && self.is_in("tsx jsx mdx")
            && !tree.is_any(before, OBJECTS)
            && tree.kind(before) != Some(TokenKind::Op)
            && !is_listed("return", tree.word(before));
        if key.is_none() && (is_attribute || is_child || is_spread) && tree.mate(open).is_some() {
            return ExprRole::Markup;
        }
        if (key.is_some() || self.is_object(open, before)) && !self.is_ruby_block(open) {
            return ExprRole::Member(open, key);
        }
        ExprRole::Statement
    }

    /// True for the brackets of an index: `list[key]`.
    fn is_index(&self, open: usize) -> bool {
        let tree = &self.tree;
        let before = open.checked_sub(1);
        before.is_some_and(|before| {
            matches!(tree.kind(before), Some(TokenKind::Name | TokenKind::Close))
                && tree.touches(before, open)
                && !is_listed("return", tree.word(before))
        })
    }

    /// True for the braces of a block: `format.json { render json: value }`.
    fn is_ruby_block(&self, open: usize) -> bool {
        let tree = &self.tree;
        let before = open.checked_sub(1).filter(|_| self.is_in("rb"));
        before.is_some_and(|before| {
            matches!(tree.kind(before), Some(TokenKind::Name | TokenKind::Close))
                && !is_listed("return yield when then", tree.word(before))
        })
    }

    /// True for braces that hold an object or a list, and no statements.
    fn is_object(&self, open: usize, before: usize) -> bool {
        let tree = &self.tree;
        let is_sign = tree.is_any(before, OBJECTS);
        let word = tree.word(before);
        let is_word = is_listed("return new default yield", word);
        // `gin.H{...}`, `map[string]string{...}` in a value
        let is_type = tree.touches(before, open)
            && matches!(tree.kind(before), Some(TokenKind::Name | TokenKind::Op))
            && self.is_in("go rs swift dart");
        // `f(Config { key })`
        let is_record = self.is_in("rs") && before > 0 && {
            let is_name = tree.kind(before) == Some(TokenKind::Name);
            let is_class = tree.word(before)[0].is_ascii_uppercase();
            // `Self { key }` at the end of a block
            let is_last = is_class
                && (tree.is_any(before - 1, &[b"{", b";", b"}"])
                    || tree.kind(before - 1) == Some(TokenKind::Newline));
            let is_value = tree.is_any(before - 1, OBJECTS) || tree.word(before - 1) == b"return";
            is_name && (is_value || is_last)
        };
        is_sign || is_word || is_type || is_record
    }

    /// What a sign in front of a value makes it; nothing where it leaves it what it is.
    fn by_sign(&self, at: usize, parent: Option<usize>, decided: &mut bool) -> Option<ExprRole> {
        let tree = &self.tree;
        let own = |sign: &[u8]| tree.is(at, sign);
        let key = at.checked_sub(1);
        if own(b",") {
            return Some(match parent {
                Some(open) => self.in_bracket(open, None),
                None => self.operand(at),
            });
        }
        if own(b";") {
            return Some(ExprRole::Statement);
        }
        if GIVING.iter().any(|sign| own(sign)) {
            return Some(self.by_giving(at, key?, parent));
        }
        if own(b"=>") || own(b"->") {
            return Some(self.by_arrow(at, parent));
        }
        if own(b":") {
            return self.by_colon(at, parent, decided);
        }
        if own(b"?") || own(b"&&") {
            *decided = true;
            return None;
        }
        (COMPARING.iter().any(|sign| own(sign)) && !*decided).then_some(ExprRole::Lost)
    }

    /// `=` gives a name its value, an argument or the field of an object: `f(a=1)`, `new { A = 1 }`.
    fn by_giving(&self, at: usize, key: usize, parent: Option<usize>) -> ExprRole {
        let tree = &self.tree;
        let Some(open) = parent.filter(|_| tree.is(at, b"=")) else {
            return ExprRole::Given(key);
        };
        let before = tree.before(open);
        let is_object = || before.is_some_and(|before| self.is_object(open, before));
        if tree.is(open, b"(") || (tree.is(open, b"{") && is_object()) {
            ExprRole::Member(open, Some(key))
        } else {
            ExprRole::Given(key)
        }
    }

    /// `=>` and `->` stand between a key and its value, or between a function and what it returns.
    fn by_arrow(&self, at: usize, parent: Option<usize>) -> ExprRole {
        let tree = &self.tree;
        let key = at.checked_sub(1);
        let is_text = key.is_some_and(|key| {
            tree.kind(key) == Some(TokenKind::Str)
                || self.is_in("php phtml rb erb pl ex exs heex")
                    && tree.kind(key) == Some(TokenKind::Name)
        });
        match parent {
            // `array('key' => value)`
            Some(open) if is_text && tree.is(at, b"=>") && tree.is(open, b"(") => {
                ExprRole::Member(open, key)
            }
            Some(open) if is_text && tree.is(at, b"=>") => self.in_bracket(open, key),
            _ => ExprRole::Returned(at),
        }
    }

    /// `:` stands behind a key, in a decision, or behind a type.
    fn by_colon(&self, at: usize, parent: Option<usize>, decided: &mut bool) -> Option<ExprRole> {
        let tree = &self.tree;
        let key = at.checked_sub(1)?;
        let mut left = at;
        while let Some(before) = left.checked_sub(1).filter(|before| at - before < FARTHEST) {
            let ends = Some(before) == parent || tree.is_any(before, &[b",", b";", b"=", b"{"]);
            if ends || tree.kind(before) == Some(TokenKind::Newline) && !tree.leads_on(before) {
                break;
            }
            if tree.is(before, b"?") && !tree.touches(before, at) {
                *decided = true;
                return None;
            }
            if is_listed("lambda", tree.word(before)) {
                return Some(ExprRole::Returned(before));
            }
            left = tree
                .mate(before)
                .filter(|mate| *mate < before)
                .unwrap_or(before);
        }
        Some(match parent {
            Some(open) => match self.in_bracket(open, Some(key)) {
                ExprRole::Statement => self.operand(at),
                role => role,
            },
            // `<%= { key: value } %>`
            None if self.is_printed => ExprRole::Statement,
            // `render json: value`
            None => self.operand(at),
        })
    }

    /// What a command at the beginning of the line is given.
    fn operand(&self, at: usize) -> ExprRole {
        let tree = &self.tree;
        // The block that it is in may begin on its line.
        let block = tree.parent(at).map_or(0, |open| open + 1);
        let mut start = tree.line_start(at).max(block);
        // `config :app, :key,` and its options below it.
        while start > block + 1 && tree.is(start - 2, b",") {
            start = tree.line_start(start - 2).max(block);
        }
        let is_command = start + 1 < at && tree.kind(start) == Some(TokenKind::Name);
        if is_command {
            ExprRole::Operand(start)
        } else {
            ExprRole::Lost
        }
    }

    /// What a word in front of a value makes it.
    fn by_word(
        &self,
        at: usize,
        behind: usize,
        value: Value,
        decided: &mut bool,
    ) -> Option<ExprRole> {
        let tree = &self.tree;
        let word = tree.word(at);
        if is_listed("else then", word) {
            *decided = true;
            return None;
        }
        if word == b"with" {
            let shows = memchr::memmem::find(tree.text, b"{{ . }}").is_some();
            return Some(if self.is_printed && shows {
                ExprRole::Printed
            } else {
                ExprRole::Lost
            });
        }
        if is_listed("return yield", word) {
            return Some(ExprRole::Returned(at));
        }
        if is_listed(PRINTING, word) && self.is_in("php phtml") {
            return Some(ExprRole::Printed);
        }
        if is_listed(DECIDING, word) {
            return (!*decided).then_some(ExprRole::Lost);
        }
        let is_command = behind == value.start && tree.line_start(at) == at;
        let has_commands = self.is_printed || self.is_in("rb ex exs coffee pl");
        (is_command && has_commands && !is_listed("await new", word))
            .then_some(ExprRole::Operand(at))
    }
}
