//! The expression that reads a variable: `process.env.A`, `ENV["A"]`, `os.environ.get("A")`, `getenv "A"`.

mod bind;
mod insert;

use super::region::{CodeRegion, needs_browser};
use super::{Fields, Lookup, NameKind};
use crate::model::Span;
use crate::syntax::{Name, TokenKind, is_listed};
use insert::LONGEST_INSERT;

/// Words of what gives the value of a variable by its name.
const READERS: &str = "env environ environment getenv secret secrets config configuration configure settings setting \
    properties property params parameters var option lookup vars bindings server getattr fromenvironment";

/// The same, of a word that means something else elsewhere: `fetch` of `ENV.fetch`.
const READING: &str = "fetch get getproperty getvalue getstring value dig require int str string";

/// Parts of a path behind a value that leave it as it is: `key.trim()`, `key.to_s`.
const SAME: &str = "trim strip tostring to_string to_s to_str to_owned clone unwrap unwrap_or unwrap_or_default \
    unwrap_or_else expect as_ref into borrow join html_safe to_json tojson valueof value raw get orelse orelsethrow orempty decode encode map_err ok ok_or ok_or_else context with_context \
    chomp asstring getstring as_str as_deref freeze squish presence model_dump model_dump_json dict to_dict to_h as_json toobject \
    serializable_hash attributes inner get_secret_value";

/// Filters of templates that show a part of a value, or tell of it.
const PARTS: &str = "length len size count first last truncate slice substr filesizeformat wordcount type bool yesno mask md5 hash sha1 sha256 hmac";

/// Words behind a value that ask something of it.
const ASKING: &str = "and instanceof in is isnot has like matches eq ne";

/// Signs behind a value that ask something of it, or make another of it.
const COMPARING: &[&[u8]] = &[
    b"==", b"===", b"!=", b"!==", b"&&", b"=~", b"<=", b">=", b"<=>", b"!~", b"-", b"*", b"/", b"^",
];

/// Words in front of brackets that call nothing.
const BEFORE_BRACKETS: &str = "return await yield and or in of case typeof new default else not export const let var async \
    do then puts throw raise";

/// Objects that keep values under texts, by any part of their path.
const REGISTRIES: &str =
    "app application server fastify state config settings locals g ctx c container env";

/// Most calls of a chain that are looked at.
const LINKS: usize = 32;

/// Tokens of a value, the first and the one behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'t> CodeRegion<'t> {
    /// The value that is read at a place, by the name there, and the field of it that holds what is followed.
    pub(super) fn read(&self, place: Span, sought: Lookup<'t>) -> Option<(Value, Fields<'t>)> {
        let tree = &self.tree;
        let at = tree.at(place.start)?;
        let token = tree.tokens[at];
        let is_within = token.body.start <= place.start && place.end <= token.body.end;
        if !is_within || self.is_comment(place.start) {
            return None;
        }
        let value = match token.kind {
            TokenKind::Name => return self.named(at, place, sought),
            TokenKind::Str if sought.kind == NameKind::Variable && token.body == place => {
                self.looked_up(at)?
            }
            TokenKind::Str if sought.kind == NameKind::Kept && token.body == place => {
                let Value { start, end } = self.asked_for(at)?;
                let (end, fields) = self.deeper(end, sought.fields)?;
                return Some((self.suffixed(Value { start, end })?, fields));
            }
            TokenKind::Str if token.body == place && self.is_compacted(at) => {
                let open = tree.parent(at)?;
                Value {
                    start: open - 1,
                    end: tree.mate(open)? + 1,
                }
            }
            TokenKind::Str if self.is_inserted(at, place, sought) => Value {
                start: at,
                end: at + 1,
            },
            _ => return None,
        };
        Some((value, sought.fields))
    }

    /// The value of a name, or of a path that ends with it.
    fn named(&self, at: usize, place: Span, sought: Lookup<'t>) -> Option<(Value, Fields<'t>)> {
        let tree = &self.tree;
        let body = tree.tokens[at].body;
        let (head, tail) = (
            &tree.text[body.start..place.start],
            &tree.text[place.end..body.end],
        );
        if sought.kind == NameKind::Kept
            && let Some(value) = self.asked_by_atom(at)
        {
            let (end, fields) = self.deeper(value.end, sought.fields)?;
            return Some((self.suffixed(Value { end, ..value })?, fields));
        }
        let is_own = match sought.kind {
            NameKind::Variable => head.is_empty() || is_self(head) || self.is_configuration(head),
            // `c.var.key`, `settings.key`, and `({ key }) => key`
            NameKind::Kept if head.is_empty() => self.is_argument(at, &tree.text[place.range()]),
            NameKind::Kept => keeps_values(head),
            _ if self.is_field_of_other(at) => false,
            _ => self.is_owned(at, head, sought.owner),
        };
        if !is_own || self.is_declared(at, sought.kind) {
            return None;
        }
        let is_path = tail.is_empty()
            || tail.starts_with(b".")
            || tail.starts_with(b"?.")
            || tail.starts_with(b"->");
        let fields = self.along(tail, sought.fields).filter(|_| is_path)?;
        let is_call = tree.is(at + 1, b"(");
        let is_function = sought.kind == NameKind::Function;
        if is_call != is_function && (is_function || tail.is_empty()) {
            return None;
        }
        let (end, fields) = match () {
            () if is_function => (tree.mate(at + 1)? + 1, fields),
            () if is_call => self.asked(at + 1, fields)?,
            () => (at + 1, fields),
        };
        let start = if self.is_root_field(at) {
            at - 1
        } else {
            self.chain_start(at)
        };
        let (end, fields) = self.deeper(end, fields)?;
        Some((self.suffixed(Value { start, end })?, fields))
    }

    /// The fields that are left behind a path that leads to the value: `settings.key.trim`.
    fn along(&self, path: &[u8], fields: Fields<'t>) -> Option<Fields<'t>> {
        parts(path).try_fold(fields, |fields, part| {
            if fields.outer() == Some(part) {
                Some(fields.taken())
            } else {
                is_same(part).then_some(fields)
            }
        })
    }

    /// Behind the arguments of a call that leaves the value what it is, or takes the field out that a text names:
    /// `settings.get("key")`.
    fn asked(&self, open: usize, fields: Fields<'t>) -> Option<(usize, Fields<'t>)> {
        let tree = &self.tree;
        let end = tree.mate(open)? + 1;
        let is_text = tree.kind(open + 1) == Some(TokenKind::Str);
        // `settings.model_dump(exclude={"key"})`
        let mut words = (open + 1..end).map(|at| tree.word(at));
        let leaves_out = words.any(|word| is_listed("exclude except omit", word))
            && words.any(|word| fields.outer() == Some(word));
        if leaves_out {
            return None;
        }
        match fields.outer() {
            Some(field) if is_text => {
                (tree.word(open + 1) == field).then_some((end, fields.taken()))
            }
            _ => Some((end, fields)),
        }
    }

    /// What stands behind an object in one of whose fields the value is: `["key"]`, `[:key]`, `.key` of `load().key`.
    fn deeper(&self, start: usize, fields: Fields<'t>) -> Option<(usize, Fields<'t>)> {
        let tree = &self.tree;
        let (mut end, mut fields) = (start, fields);
        while let Some(field) = fields.outer() {
            let name = end + 1 + usize::from(tree.is(end + 1, b":"));
            if tree.is(end, b"[") && tree.touches(end - 1, end) && tree.is(name + 1, b"]") {
                (tree.word(name) == field).then_some(())?;
                end = name + 2;
                fields = fields.taken();
                continue;
            }
            let sign = tree.skip_lines(end);
            let is_member = tree.is_any(sign, &[b".", b"?.", b"->"]);
            if !is_member || tree.kind(sign + 1) != Some(TokenKind::Name) {
                break;
            }
            fields = self.along(tree.word(sign + 1), fields)?;
            end = sign + 2;
            if tree.is(end, b"(") {
                (end, fields) = self.asked(end, fields)?;
            }
        }
        Some((end, fields))
    }

    /// True for the name of a field of something that is no name: `{{ .key }}`, `f().key`; not for `...key`.
    fn is_field_of_other(&self, at: usize) -> bool {
        let tree = &self.tree;
        // A point of PHP and Perl joins texts.
        at > 0
            && tree.is_any(at - 1, &[b".", b"?."])
            && tree.touches(at - 1, at)
            && !(at > 1 && tree.is(at - 2, b".."))
            && !self.is_in("php phtml pl")
            && !self.is_root_field(at)
    }

    /// `{{ .Key }}` of Go is a field of what the template was given.
    fn is_root_field(&self, at: usize) -> bool {
        let tree = &self.tree;
        let is_behind_point = at > 0 && tree.is(at - 1, b".") && tree.touches(at - 1, at);
        let is_first = at == 1 || at > 1 && !tree.touches(at - 2, at - 1);
        let is_exported = tree.word(at).first().is_some_and(u8::is_ascii_uppercase);
        is_behind_point && is_first && is_exported && self.is_in("html htm gohtml tmpl tpl")
    }

    /// True for a name that is given something here, or is a field's: `KEY = ...`, `{ KEY: ... }`, `f(key=...)`.
    fn is_declared(&self, at: usize, sought: NameKind) -> bool {
        let tree = &self.tree;
        let behind = tree.is_any(at + 1, &[b"=", b":=", b"??=", b"||=", b"<-"]);
        let is_field =
            tree.is(at + 1, b":") || tree.is(at + 1, b"=>") && sought != NameKind::Function;
        let is_path = memchr::memchr(b'.', tree.word(at)).is_some();
        let before = tree.before(at);
        // `a ? KEY : b` is no field.
        let is_branch = || before.is_some_and(|before| tree.is(before, b"?"));
        behind || (is_field && !is_path && !is_branch()) || self.imports(at)
    }

    /// `compact('key')` of PHP holds the variable `$key`.
    fn is_compacted(&self, at: usize) -> bool {
        let open = self.tree.parent(at).filter(|_| self.is_in("php"));
        let name = open.and_then(|open| self.callee(open));
        name.is_some_and(|name| self.tree.word(name) == b"compact")
    }

    /// The value that what a text names is looked up by.
    fn looked_up(&self, at: usize) -> Option<Value> {
        let tree = &self.tree;
        let before = at.checked_sub(1)?;
        // `getattr(settings, "A")`
        let second = tree
            .parent(at)
            .filter(|open| *open > 0 && tree.word(*open - 1) == b"getattr");
        let open = Some(before)
            .filter(|before| tree.parent(at) == Some(*before))
            .or(second);
        let name = match open {
            Some(open) => self.callee(open)?,
            // `getenv "A"`
            None if tree.kind(before) == Some(TokenKind::Name) => before,
            None => return None,
        };
        let start = self.chain_start(name);
        let is_reader = (start..=name)
            .filter(|at| tree.kind(*at) == Some(TokenKind::Name))
            .any(|at| Name::new(tree.word(at)).has(READERS));
        let is_reading = || is_listed(READING, &last(tree.word(name)).to_ascii_lowercase());
        // `cookies.get("jourvex_token")` asks for no variable: those are written in capitals.
        let is_variable = || !tree.word(at).iter().any(u8::is_ascii_lowercase);
        let is_called = open.is_some_and(|open| tree.is(open, b"("));
        let is_own = || is_called && self.reads_variable(name);
        let gives = is_reader || is_called && is_variable() && is_reading() || is_own();
        if !gives {
            return None;
        }
        let end = match open {
            Some(open) => tree.mate(open)? + 1,
            None => at + 1,
        };
        self.suffixed(Value { start, end })
    }

    /// The value with what stands behind it, if that leaves it what it is.
    pub(super) fn suffixed(&self, value: Value) -> Option<Value> {
        self.with_suffix(value, is_same)
    }

    /// The same of a text that holds the value, in which something may be replaced: `JSON.stringify(a).replace("<", "")`.
    /// Of the value itself that would make a mask.
    pub(super) fn suffixed_text(&self, value: Value) -> Option<Value> {
        self.with_suffix(value, |part| {
            is_same(part) || is_listed("replace replaceall gsub", &part.to_ascii_lowercase())
        })
    }

    fn with_suffix(&self, value: Value, is_same: fn(&[u8]) -> bool) -> Option<Value> {
        let tree = &self.tree;
        let Value { start, mut end } = value;
        loop {
            let at = end;
            if tree.is(at, b"!") || (tree.is(at, b"?") && self.is_in("rs")) {
                end += 1;
                continue;
            }
            // `${a.key?js_string}` of FreeMarker
            if tree.is(at, b"?") && self.is_in("ftl ftlh") {
                let asks = is_listed("has_content exists length size", tree.word(at + 1));
                (!asks && tree.kind(at + 1) == Some(TokenKind::Name)).then_some(())?;
                end += 2;
                continue;
            }
            if tree.is(at, b"[") && tree.touches(at - 1, at) {
                return None;
            }
            let next = tree.skip_lines(at);
            if tree.is_any(next, &[b".", b"?.", b"->"]) && tree.touches(next, next + 1) {
                is_same(first(tree.word(next + 1))).then_some(())?;
                end = next + 2;
                if tree.is(end, b"(") {
                    end = tree.mate(end)? + 1;
                }
                continue;
            }
            if tree.is(at, b"|") && is_listed(PARTS, tree.word(at + 1)) {
                return None;
            }
            // The sign at the end of a tag takes blanks away: `<%= key -%>`.
            let ends_tag = tree.is(at, b"-") && tree.kind(at + 1).is_none();
            let asks = !ends_tag && tree.is_any(at, COMPARING) || is_listed(ASKING, tree.word(at));
            // `a ? b : c` asks as well.
            let is_asked = tree.is(at, b"?") && !tree.is(at + 1, b":");
            let is_word = tree.kind(at) == Some(TokenKind::Name);
            return (!is_asked && !(asks && (is_word || tree.kind(at) == Some(TokenKind::Op))))
                .then_some(Value { start, end });
        }
    }

    /// True for the path of an object that holds the configuration: `process.env.`, `settings.`, `c.env.`.
    fn is_configuration(&self, head: &[u8]) -> bool {
        let own = last(head);
        Name::new(own).has(READERS)
            || is_listed("env $_env $_server bindings", &own.to_ascii_lowercase())
    }

    /// True behind a `#` that the lexer takes for no comment: `#return KEY`.
    fn is_comment(&self, place: usize) -> bool {
        if !self.is_in("py rb php sh ex exs pl") {
            return false;
        }
        let before = &self.tree.text[place.saturating_sub(LONGEST_INSERT)..place];
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let line = &before[start..];
        let sign = memchr::memchr(b'#', line).filter(|at| !line[at + 1..].starts_with(b"{"));
        sign.is_some_and(|at| {
            let quotes = line[..at].iter().filter(|b| b"\"'".contains(b)).count();
            quotes % 2 == 0
        })
    }

    /// True for a value that the compiler puts into a program for browsers: `env!("A")` in a crate for wasm,
    /// `String.fromEnvironment("A")` of Dart.
    pub(super) fn is_compiled_in(&self, value: Value) -> bool {
        let tree = &self.tree;
        let word = tree.word(value.start);
        self.is_macro(value) && needs_browser(tree.text)
            || (self.is_in("dart") && last(word) == b"fromEnvironment")
    }

    /// `env!("A")`, `option_env!("A")`
    pub(super) fn is_macro(&self, value: Value) -> bool {
        let tree = &self.tree;
        let is_one = is_listed("env option_env", tree.word(value.start));
        self.is_in("rs") && is_one && tree.is(value.start + 1, b"!")
    }

    /// The name in front of a bracket: of `f(`, `f!(`, `f<T>(`, `f?.(`.
    pub(super) fn callee(&self, open: usize) -> Option<usize> {
        let tree = &self.tree;
        let mut at = open.checked_sub(1)?;
        // `call (a)` is a call, and `return (a)` is none.
        let is_word = tree.kind(at) == Some(TokenKind::Name);
        let is_apart = is_word && is_listed(BEFORE_BRACKETS, tree.word(at));
        if is_apart || !is_word && !tree.touches(at, open) && !tree.is(at, b">") {
            return None;
        }
        if tree.is_any(at, &[b"!", b"?.", b"."]) {
            at = at.checked_sub(1)?;
        }
        if tree.is(at, b">") {
            let types = (at.saturating_sub(12)..at).rev();
            at = types
                .into_iter()
                .find(|at| tree.is(*at, b"<"))?
                .checked_sub(1)?;
        }
        (tree.kind(at) == Some(TokenKind::Name)).then_some(at)
    }

    /// The first token of the path and the calls that end with a name: `response` of `response().status(200).json`.
    pub(super) fn chain_start(&self, name: usize) -> usize {
        let tree = &self.tree;
        let mut start = name;
        for _ in 0..LINKS {
            let sign = tree.before(start).filter(|sign| {
                tree.is_any(*sign, &[b".", b"?.", b"->", b"::"]) && tree.touches(*sign, start)
            });
            let Some(end) = sign.and_then(|sign| tree.before(sign)) else {
                return start;
            };
            let open = match tree.kind(end) {
                Some(TokenKind::Close) => tree.mate(end),
                Some(TokenKind::Name | TokenKind::Str) => Some(end),
                _ => None,
            };
            let Some(open) = open else {
                return start;
            };
            start = match self.callee(open).filter(|_| open != end) {
                Some(name) => name,
                None => open,
            };
        }
        start
    }
}

/// The parts of a path: `a` and `b` of `a.b`, `a->b`, `a::b`, `a?.b`.
pub(super) fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    let parts = path.split(|b| b".?>:".contains(b));
    let parts = parts.map(|part| part.strip_suffix(b"-").unwrap_or(part));
    parts.filter(|part| !part.is_empty())
}

/// The first part.
pub(super) fn first(path: &[u8]) -> &[u8] {
    parts(path).next().unwrap_or(path)
}

/// The last part.
pub(super) fn last(path: &[u8]) -> &[u8] {
    parts(path).next_back().unwrap_or(path)
}

fn is_same(part: &[u8]) -> bool {
    is_listed(SAME, &part.to_ascii_lowercase())
}

/// True for what stands in front of a field of the object itself.
pub(super) fn is_self(head: &[u8]) -> bool {
    matches!(
        head,
        b"this." | b"self." | b"$this->" | b"@" | b"$" | b"this->" | b"this.#" | b"self::$"
    )
}

/// True for the path of an object that keeps values under texts: `req.app`, `c.var.` in front of a name, `self`.
pub(super) fn keeps_values(path: &[u8]) -> bool {
    parts(path).any(|part| is_listed(REGISTRIES, part)) || first(path) == b"self"
}
