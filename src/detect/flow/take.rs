//! Who takes a value: what hands it on, what shows it, what only uses it.

use super::answer::{ANSWERS, TAKING_HANDLERS, is_header};
use super::function::Function;
use super::read::{Value, first, last, parts};
use super::region::CodeRegion;
use super::role::ExprRole;
use super::{End, MOST_STEPS};
use crate::syntax::{Name, TokenKind, is_listed};

/// Calls whose result holds what they are given, by their last word in small letters.
pub(super) const HANDING_ON: &str = "string str json dumps stringify json_encode encode tojson to_json encodeuri encodeuricomponent \
    btoa atob base64_encode b64encode strict_encode64 urlencode quote htmlspecialchars htmlentities esc_attr esc_js esc_html \
    e h raw html_safe markup mark_safe safe escape escapehtml sprintf format concat join some ok just optional of \
    ofnullable resolve freeze assign seal data defer superjson serialize devalue jsesc dict map hash object array vec \
    list mapof listof obj singletonmap struct compact merge template interpolate replace html text content body value \
    trim strip unwrap requirenonnull box arc rc from into byte bytes ref reactive computed useref usememo usecallback \
    fragment hidden asis cow js";

/// What a page shows when it is given: `ctx.body = `, `ViewBag.Key = `, `element.innerHTML = `.
const SHOWN: &str = "body viewbag viewdata innerhtml outerhtml textcontent locals responsetext gon window globalthis \
    returnvalue srcdoc payload";

/// The same of what is a list of such values: `context["key"] = `.
const SHOWN_LISTS: &str = "context ctx viewdata viewbag tempdata locals window globals";

/// Names that pages get when a module gives them a value
/// (<https://nextjs.org/docs/app/api-reference/functions/generate-metadata>).
const PAGE_EXPORTS: &str = "metadata";

/// Words of helpers that write markup.
const MARKUP: &str = "tag content javascript script component json raw escape link image field input data attr html \
    meta safe print echo asset inline print_r dump e h url concat str string format default coalesce tojson";

impl<'t> CodeRegion<'t> {
    /// What becomes of a value.
    pub(super) fn end_of(&self, value: Value) -> End<'t> {
        let mut value = value;
        for _ in 0..MOST_STEPS {
            let around = self.step(value);
            value = match around.map(|around| self.suffixed(around)) {
                Ok(Some(whole)) => whole,
                Ok(None) => return End::Used,
                Err(end) => return end,
            };
        }
        End::Used
    }

    /// The expression around a value that still holds it, or what becomes of it.
    fn step(&self, value: Value) -> Result<Value, End<'t>> {
        match self.role(value) {
            ExprRole::Grouped(open) | ExprRole::Argument(open) if self.is_pattern(open) => {
                Err(End::Used)
            }
            ExprRole::Grouped(open) => self.brackets(open),
            ExprRole::Argument(open) => self.argument(open),
            ExprRole::Operand(command) => Err(self.operand_of(command)),
            ExprRole::Member(open, key) => {
                let is_header = key.is_some_and(|key| is_header(self.tree.word(key)));
                if is_header {
                    Err(End::Used)
                } else {
                    self.member(open, key)
                }
            }
            ExprRole::Markup | ExprRole::Printed => Err(End::Shown),
            ExprRole::Returned(_) | ExprRole::Statement if self.is_page_data => Err(End::Shown),
            ExprRole::Given(target) if self.is_page_data && is_exported(self.tree.word(target)) => {
                Err(End::Shown)
            }
            ExprRole::Given(target) => Err(self.given(target, value)),
            ExprRole::Returned(at) => self.returned(at, value),
            ExprRole::Statement => self.statement_of(value),
            ExprRole::Lost => Err(End::Used),
        }
    }

    /// The brackets as a value.
    pub(super) fn brackets(&self, open: usize) -> Result<Value, End<'t>> {
        let close = self.tree.mate(open).ok_or(End::Used)?;
        Ok(Value {
            start: open,
            end: close + 1,
        })
    }

    /// True for the arguments of an arrow function: `({ a: key }) => ...`.
    fn is_pattern(&self, open: usize) -> bool {
        let behind = self.tree.mate(open).map(|close| close + 1);
        behind.is_some_and(|behind| self.tree.is(behind, b"=>"))
    }

    pub(super) fn member(&self, open: usize, key: Option<usize>) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        // In a template of lines the attributes of an element stand in brackets.
        if self.is_by_line() && key.is_some() && tree.is(open, b"(") {
            return Err(End::Shown);
        }
        if tree.is(open, b"(") {
            return self.argument(open);
        }
        let mut value = self.brackets(open)?;
        // `context! { ... }` of Rust
        if value.start > 1 && tree.is(value.start - 1, b"!") {
            value.start -= 2;
        }
        // `gin.H{...}`, `new { ... }`, `map[string]string{...}`
        while value.start > 0
            && tree.kind(value.start - 1) == Some(TokenKind::Name)
            && !is_listed("return yield default else", tree.word(value.start - 1))
            && tree.is(open, b"{")
        {
            value.start -= 1;
        }
        if value.start > 0 && tree.is(value.start - 1, b"]") && tree.is(open, b"{") {
            value.start = tree.mate(value.start - 1).unwrap_or(value.start);
        }
        // `{ key: k } = ...` takes apart what it is given.
        if tree.is(value.end, b"=") && !tree.is(value.end, b"=>") {
            return Err(End::Used);
        }
        Ok(value)
    }

    /// What a call does with its arguments.
    fn argument(&self, open: usize) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        let name = self.callee(open).ok_or(End::Used)?;
        let start = self.chain_start(name);
        let whole = last(tree.word(name)).to_ascii_lowercase();
        let own = whole.strip_suffix(b"!").unwrap_or(&whole);
        if self.shows(name, start, open, own) {
            return Err(End::Shown);
        }
        let is_markup = || self.is_printed && Name::new(tree.word(name)).has(MARKUP);
        if is_listed(HANDING_ON, own) || is_markup() {
            let is_new = start > 0 && tree.word(start - 1) == b"new";
            let mut value = self.brackets(open)?;
            value.start = start - usize::from(is_new);
            return Ok(value);
        }
        Err(End::Used)
    }

    /// What a command without brackets does: `render json: value`.
    fn operand_of(&self, command: usize) -> End<'t> {
        let tree = &self.tree;
        let own = last(tree.word(command)).to_ascii_lowercase();
        let is_answer = is_listed(ANSWERS, &own) || is_listed("send_data head json html", &own);
        let is_markup = self.is_printed && Name::new(tree.word(command)).has(MARKUP);
        let is_line = self.is_by_line() && !tree.is(command.saturating_sub(1), b"-");
        if is_answer || is_markup || is_line {
            End::Shown
        } else {
            End::Used
        }
    }

    /// What a name is that is given the value.
    pub(super) fn given(&self, target: usize, value: Value) -> End<'t> {
        let tree = &self.tree;
        // `fun key() = value`
        let arguments = tree.mate(target).filter(|_| tree.is(target, b")"));
        if let Some(name) = arguments.and_then(|open| self.callee(open)) {
            return self
                .returned_by(Function::Named(name), value)
                .err()
                .unwrap_or(End::Used);
        }
        // `context["key"] = value`
        if tree.is(target, b"]") {
            let base = tree.mate(target).and_then(|open| open.checked_sub(1));
            let word = base.map_or(&b""[..], |base| last(tree.word(base)));
            return match base {
                _ if is_listed(SHOWN_LISTS, &word.to_ascii_lowercase()) => End::Shown,
                Some(base) => End::Named(first(tree.word(base)), self.function_scope(base)),
                None => End::Used,
            };
        }
        if tree.kind(target) != Some(TokenKind::Name) {
            // `{ a } = value` and a type behind the name: `const a: string = value`
            return End::Used;
        }
        let path = tree.word(target);
        let mut shown = parts(path).map(<[u8]>::to_ascii_lowercase);
        if parts(path).count() > 1 && shown.any(|part| is_listed(SHOWN, &part)) {
            return End::Shown;
        }
        if self.is_by_line() {
            return End::Shown;
        }
        let target = self.declared(target);
        let path = tree.word(target);
        let name = last(path);
        if self.is_function(value) {
            return if self.is_answering(name) {
                End::Shown
            } else {
                End::Returned(name)
            };
        }
        // `settings.key = value` is followed as `settings`, `this.key` as `key`.
        let is_field = parts(path).count() > 1 && !is_listed("this self $this cls", first(path));
        if is_field {
            return End::Named(first(path), self.function_scope(target));
        }
        if is_listed(PAGE_EXPORTS, name) {
            End::Shown
        } else {
            End::Named(name, self.scope(target))
        }
    }

    /// The name of a declaration, whose type may stand behind it: `const a: string = `.
    fn declared(&self, target: usize) -> usize {
        let tree = &self.tree;
        // `key, ok := os.LookupEnv("A")`
        if target > 1 && self.is_in("go") && tree.is(target - 1, b",") {
            return target - 2;
        }
        let near = (target.saturating_sub(4)..target).rev();
        let colon = near.into_iter().find(|at| tree.is(*at, b":"));
        let name = colon.and_then(|colon| colon.checked_sub(1));
        let is_name = |name: &usize| {
            tree.kind(*name) == Some(TokenKind::Name)
                && tree.line_start(*name) == tree.line_start(target)
        };
        name.filter(is_name).unwrap_or(target)
    }

    /// True for a function as a value.
    fn is_function(&self, value: Value) -> bool {
        let tree = &self.tree;
        // `(async () => { ... }) satisfies A`
        let inner = usize::from(tree.is(value.start, b"("));
        let start = value.start
            + if tree.is(value.start + inner, b"async") {
                inner
            } else {
                0
            };
        let near = start..value.end.min(start + 24);
        let parent = tree.parent(start);
        let mut own = near.filter(|at| tree.parent(*at) == parent);
        own.any(|at| tree.is(at, b"=>") || is_listed("function func fn lambda", tree.word(at)))
    }

    /// What a function returns.
    fn returned(&self, at: usize, value: Value) -> Result<Value, End<'t>> {
        let function = self.function(at).ok_or(End::Used)?;
        self.returned_by(function, value)
    }

    fn returned_by(&self, function: Function, value: Value) -> Result<Value, End<'t>> {
        match function {
            Function::Route => Err(End::Shown),
            Function::Named(name) if self.answers(name) => Err(End::Shown),
            Function::Named(name) => {
                let is_view =
                    self.is_in("py") && self.is_view(name) && self.tree.is(value.start, b"{");
                if is_view {
                    return Err(End::Shown);
                }
                Err(End::Returned(last(self.tree.word(name))))
            }
            Function::Value(start, end) => self.function_value(Value { start, end }),
        }
    }

    /// A context of Django: `def keys(request): return {"key": value}`.
    fn is_view(&self, name: usize) -> bool {
        self.tree.is(name + 1, b"(") && self.tree.word(name + 2) == b"request"
    }

    /// What becomes of a function that returns the value.
    fn function_value(&self, function: Value) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        if self.is_server_function(function) {
            return Err(End::Shown);
        }
        let ExprRole::Argument(open) = self.role(function) else {
            return self.exported(function);
        };
        let name = self.callee(open).ok_or(End::Used)?;
        let own = last(tree.word(name)).to_ascii_lowercase();
        let first = tree.skip_lines(open + 1);
        let takes = is_listed(TAKING_HANDLERS, &own) || self.is_route(name, first);
        if takes {
            return Err(End::Shown);
        }
        if is_listed(ANSWERS, &own) || is_listed(HANDING_ON, &own) {
            return self.argument(open);
        }
        Err(End::Used)
    }

    /// A function that stands for itself: `export default () => ...`, or a member of an object: `{ GET: () => ... }`.
    fn exported(&self, function: Value) -> Result<Value, End<'t>> {
        match self.role(function) {
            ExprRole::Member(_, Some(key)) if self.is_answering(self.tree.word(key)) => {
                Err(End::Shown)
            }
            _ => Ok(function),
        }
    }

    fn is_server_function(&self, function: Value) -> bool {
        let tree = &self.tree;
        let open = (function.start..function.end)
            .rev()
            .find(|at| tree.is(*at, b"{") && tree.mate(*at) == Some(function.end - 1));
        open.is_some_and(|open| tree.word(tree.skip_lines(open + 1)) == b"use server")
    }

    /// What becomes of a value that stands for itself.
    fn statement_of(&self, value: Value) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        let parent = tree.parent(value.start);
        if parent.is_none() && self.is_printed {
            return Err(End::Shown);
        }
        // The last value of a block is what it returns.
        let next = tree.skip_lines(value.end);
        let is_last =
            tree.kind(next) == Some(TokenKind::Close) || is_listed("end", tree.word(next));
        if is_last && self.is_in("rs rb ex exs kt kts scala clj jl r") {
            return self.returned(value.start, value);
        }
        Err(End::Used)
    }
}

/// `module.exports`
fn is_exported(name: &[u8]) -> bool {
    last(name) == b"exports"
}
