//! Who takes a value: what hands it on, what shows it, what only uses it.

use super::answer::{ANSWERS, is_sent};
use super::function::Function;
use super::give::SHOWN;
use super::read::{Value, first, last, parts};
use super::region::CodeRegion;
use super::role::ExprRole;
use super::{CallArgument, Carried, DEFAULT, End, Fields, Holder, MOST_STEPS};
use crate::syntax::{Name, TokenKind, is_listed};

/// Calls whose result holds what they are given, by their last word in small letters.
pub(super) const HANDING_ON: &str = "string str json dumps stringify json_encode encode tojson to_json encodeuri encodeuricomponent \
    btoa atob base64_encode b64encode strict_encode64 urlencode quote htmlspecialchars htmlentities esc_attr esc_js esc_html \
    e h raw html_safe markup mark_safe safe escape escapehtml sprintf format concat join some ok just optional of \
    ofnullable resolve freeze assign seal data defer superjson serialize encodetostring devalue jsesc dict map object array vec \
    list mapof listof obj singletonmap struct compact merge template interpolate replace html text content body value \
    asdict vars trim strip unwrap requirenonnull box arc rc from into byte bytes ref reactive computed useref usememo usecallback \
    fragment hidden asis cow js wp_parse_args array_merge array_replace shortcode_atts registeras field";

/// What methods among them are called on, in small letters: `JSON.stringify`.
const LIBRARIES: &str = "json object string promise buffer optional list map collections strings fmt base64 html cgi urllib \
    arrays set objectmapper mapper gson convert encoding std serde_json response results typedresults js frame jsonnode \
    superjson devalue bytes arc rc box cow flask django markupsafe html_escape erb";

/// Those among them that are methods of texts: `page.replace('%KEY%', key)`.
const OF_TEXTS: &str = "replace concat format";

/// Those among them that clients have too.
const OF_CLIENTS: &str = "list content body value data from of map into resolve text quote merge template compact replace \
    join concat some assign object";

/// Calls that put what they are given into the object that they are called on.
const PUTTING: &str = "update push append add set put extend merge unshift insert setdefault store";

/// Calls that give a template something by a name, and those that give it all that it has.
const ADDING: &str = "addattribute addobject";
const RENDERING: &str = "render render_template renderview view templateresponse render_to_response execute \
    executetemplate";

/// Words of helpers that write markup.
const MARKUP: &str = "tag content javascript script component json raw escape link image field input data attr html \
    meta safe print echo asset inline print_r dump e h url concat str string format default coalesce tojson";

impl<'t> CodeRegion<'t> {
    /// What becomes of a value.
    pub(super) fn end_of(&self, value: Value, carried: &mut Carried<'t>) -> End<'t> {
        let mut value = value;
        for _ in 0..MOST_STEPS {
            let around = self.step(value, carried);
            value = match around.map(|around| self.suffixed_text(around)) {
                Ok(Some(whole)) => whole,
                Ok(None) => return End::Used,
                Err(end) => return end,
            };
        }
        End::Used
    }

    /// The expression around a value that still holds it, or what becomes of it.
    fn step(&self, value: Value, carried: &mut Carried<'t>) -> Result<Value, End<'t>> {
        match self.role(value) {
            ExprRole::Grouped(open) | ExprRole::Argument(open) if self.is_pattern(open) => {
                Err(End::Used)
            }
            ExprRole::Grouped(open) if self.is_used_up(open + 1, value) => Err(End::Used),
            ExprRole::Grouped(open) => self.brackets(open),
            ExprRole::Argument(open) => {
                if let Some(built) = self.built_with(open) {
                    let text = self.tree.skip_lines(open + 1);
                    if text < value.start {
                        carried.fields = carried.fields.within(self.tree.word(text));
                    }
                    return Ok(built);
                }
                self.argument(open, (value.start, None), carried.fields)
            }
            ExprRole::Operand(command) => {
                let kept = self.configured(command, value.start, carried.fields);
                Err(kept.map_or_else(|| self.operand_of(command, carried.fields), End::Kept))
            }
            ExprRole::Member(_, Some(key)) if is_sent(self.tree.word(key)) => Err(End::Used),
            ExprRole::Member(open, key) => {
                let own = key.unwrap_or(value.start);
                let is_name = self.tree.kind(own) != Some(TokenKind::Open);
                let name = Some(self.tree.word(own)).filter(|_| is_name);
                carried.typed = carried
                    .typed
                    .or_else(|| self.typed(open, name?, carried.fields));
                carried.passed = carried
                    .passed
                    .or_else(|| self.passed_to(open, key?, carried.fields));
                if let Some(name) = name {
                    carried.fields = carried.fields.within(name);
                }
                self.member(open, key, carried.fields)
            }
            ExprRole::Markup | ExprRole::Printed => Err(End::Shown),
            ExprRole::Returned(_) | ExprRole::Statement if self.is_page_data => Err(End::Shown),
            ExprRole::Given(target) if self.is_page_data && is_exported(self.tree.word(target)) => {
                Err(End::Shown)
            }
            ExprRole::Given(target) => Err(self.given(target, value, carried.fields)),
            ExprRole::Returned(at) => self.returned(at, carried.fields),
            ExprRole::Statement => self.statement_of(value, carried.fields),
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

    pub(super) fn member(
        &self,
        open: usize,
        key: Option<usize>,
        fields: Fields<'t>,
    ) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        // In a template of lines the attributes of an element stand in brackets.
        if self.is_by_line() && key.is_some() && tree.is(open, b"(") {
            return Err(End::Shown);
        }
        // `%body{ data: { key: value } }`
        let is_element = self.is_by_line() && tree.is(open, b"{") && tree.parent(open).is_none();
        if is_element && tree.line_start(open) < open {
            return Err(End::Shown);
        }
        if tree.is(open, b"(") {
            return self.argument(open, (key.unwrap_or(open), key), fields);
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

    /// What a call does with the argument that begins at a token, or has its name there.
    fn argument(
        &self,
        open: usize,
        (start_of_argument, key): (usize, Option<usize>),
        fields: Fields<'t>,
    ) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        let name = self.callee(open).ok_or(End::Used)?;
        let start = self.chain_start(name);
        let whole = last(tree.word(name)).to_ascii_lowercase();
        let own = whole.strip_suffix(b"!").unwrap_or(&whole);
        if self.shows(name, start, open, own) {
            let viewed = self.viewed(open, start_of_argument, own, fields);
            return Err(viewed.unwrap_or(End::Shown));
        }
        let is_markup = || self.is_printed && Name::new(tree.word(name)).has(MARKUP);
        if let Some(holder) = self.registered(name, open, start_of_argument, fields) {
            return Err(End::Kept(holder));
        }
        if let Some(end) = self.put_into(name, open, own, fields) {
            return Err(end);
        }
        if self.hands_on(name, start, own) || is_markup() || self.is_record(name, key) {
            let is_new = start > 0 && tree.word(start - 1) == b"new";
            let mut value = self.brackets(open)?;
            value.start = start - usize::from(is_new);
            return Ok(value);
        }
        Err(self.passed(name, open, (start_of_argument, key), fields))
    }

    /// The name under which a template gets an object that has the value in a field: `model.addAttribute("a", object)`,
    /// `render("page", { a: object })`.
    fn viewed(&self, open: usize, start: usize, own: &[u8], fields: Fields<'t>) -> Option<End<'t>> {
        let tree = &self.tree;
        let text = tree.skip_lines(open + 1);
        let (name, fields) = if is_listed(ADDING, own) {
            let is_text = text < start && tree.kind(text) == Some(TokenKind::Str);
            is_text.then(|| (tree.word(text), fields))?
        } else {
            (
                fields.outer().filter(|_| is_listed(RENDERING, own))?,
                fields.taken(),
            )
        };
        Some(self.viewed_as(name, fields))
    }

    /// What becomes of what a call puts into an object: `context.update(key=value)`, `Object.assign(app.locals, value)`.
    fn put_into(
        &self,
        name: usize,
        open: usize,
        own: &[u8],
        fields: Fields<'t>,
    ) -> Option<End<'t>> {
        let tree = &self.tree;
        let path = tree.word(name);
        let first_argument = tree.skip_lines(open + 1);
        let object = match own {
            b"assign" if first(path) == b"Object" => {
                let is_name = tree.kind(first_argument) == Some(TokenKind::Name);
                is_name.then(|| tree.word(first_argument))?
            }
            _ if is_listed(PUTTING, own) && parts(path).count() == 2 => path,
            _ => return None,
        };
        let mut shown = parts(object).map(<[u8]>::to_ascii_lowercase);
        if own == b"assign" && shown.any(|part| is_listed(SHOWN, &part)) {
            return Some(End::Shown);
        }
        (first(object) != b"this" && first(object) != b"$this").then(|| {
            End::Named(Holder {
                name: first(object),
                fields,
                owner: None,
                scope: self.function_scope(name),
            })
        })
    }

    /// True for a function that hands on what it is given, and no method of a client that is called so: `api.list(key)`.
    fn hands_on(&self, name: usize, start: usize, own: &[u8]) -> bool {
        let tree = &self.tree;
        let path = tree.word(start);
        let is_literal = tree.kind(start) != Some(TokenKind::Name);
        let is_alone = start == name && parts(path).count() == 1;
        let is_library = !is_alone && is_listed(LIBRARIES, &first(path).to_ascii_lowercase());
        let is_of_text = is_listed(OF_TEXTS, own);
        let is_plain = is_alone && (self.is_in("py rs") || !is_listed(OF_CLIENTS, own));
        is_listed(HANDING_ON, own) && (is_literal || is_library || is_plain || is_of_text)
    }

    /// True for what makes a record of its arguments: `Hello(key = a)` in languages that need no word for it.
    fn is_record(&self, name: usize, key: Option<usize>) -> bool {
        let class = last(self.tree.word(name));
        let is_capital = class.first().is_some_and(u8::is_ascii_uppercase);
        // Unless the class says itself what it makes of them.
        let is_plain = || key.is_some() && self.definition(class).is_none();
        let is_type = self.is_in("py") && (self.uses(b"strawberry") || is_plain());
        is_capital && (is_type || self.is_in("kt kts scala swift dart rs"))
    }

    /// What a class of another file is given by the name of an argument, if there is one: `Settings(key=value)`.
    fn passed_to(&self, open: usize, key: usize, fields: Fields<'t>) -> Option<CallArgument<'t>> {
        let name = self
            .callee(open)
            .filter(|_| self.tree.is(open, b"(") && self.is_in("py"))?;
        match self.passed(name, open, (key, Some(key)), fields) {
            End::Passed(argument) => Some(argument),
            _ => None,
        }
    }

    /// True for what a function of a template of Go takes, which has no brackets: `resources.GetRemote "a" $options`.
    fn is_used_up(&self, function: usize, value: Value) -> bool {
        let tree = &self.tree;
        let is_called = tree.kind(function) == Some(TokenKind::Name)
            && function < value.start
            && tree.kind(function + 1) != Some(TokenKind::Op);
        let name = last(tree.word(function)).to_ascii_lowercase();
        let hands_on = is_listed(HANDING_ON, &name)
            || is_listed("printf print println", &name)
            || Name::new(tree.word(function)).has(MARKUP);
        self.is_in("html htm gohtml tmpl tpl") && is_called && !hands_on
    }

    /// What a command without brackets does: `render json: value`.
    fn operand_of(&self, command: usize, fields: Fields<'t>) -> End<'t> {
        let tree = &self.tree;
        let own = last(tree.word(command)).to_ascii_lowercase();
        let is_answer = is_listed(ANSWERS, &own) || is_listed("send_data head json html", &own);
        let is_markup = self.is_printed && Name::new(tree.word(command)).has(MARKUP);
        let is_line = self.is_by_line() && !tree.is(command.saturating_sub(1), b"-");
        if is_answer || is_markup || is_line {
            End::Shown
        } else {
            self.registered_by(command, fields)
                .map_or(End::Used, End::Kept)
        }
    }

    /// The object that a chain of calls builds, if this is one of them: `new JsonObject().put("key", value)`.
    fn built_with(&self, open: usize) -> Option<Value> {
        let name = self.callee(open)?;
        let start = self.chain_start(name);
        let own = last(self.tree.word(name)).to_ascii_lowercase();
        let new = start
            .checked_sub(1)
            .filter(|new| self.tree.word(*new) == b"new")?;
        let is_building = start < name && is_listed("put mergein putall", &own);
        let value = self.brackets(open).ok().filter(|_| is_building)?;
        Some(Value {
            start: new,
            ..value
        })
    }

    /// True for a function as a value.
    pub(super) fn is_function(&self, value: Value) -> bool {
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
    fn returned(&self, at: usize, fields: Fields<'t>) -> Result<Value, End<'t>> {
        match self.function(at) {
            Some(function) => self.returned_by(function, fields),
            // `<?php return ['key' => $value];`
            None if self.is_in("php") => Err(End::Named(self.module(fields))),
            None => Err(End::Used),
        }
    }

    /// What the file exports as a whole.
    fn module(&self, fields: Fields<'t>) -> Holder<'t> {
        Holder {
            name: DEFAULT,
            fields,
            owner: None,
            scope: self.whole(),
        }
    }

    pub(super) fn returned_by(
        &self,
        function: Function,
        fields: Fields<'t>,
    ) -> Result<Value, End<'t>> {
        match function {
            Function::Route => Err(End::Shown),
            Function::Named(name) if self.models(name).is_some() => {
                let viewed = self.models(name).filter(|_| fields.outer().is_some());
                Err(viewed.map_or(End::Shown, |name| self.viewed_as(name, fields)))
            }
            Function::Named(name) if self.answers(name) => Err(End::Shown),
            Function::Named(name) => {
                let is_view = self.path.contains("context_processor") && self.is_view(name);
                if is_view {
                    let inner = fields.taken();
                    let object = fields.outer().filter(|_| inner.outer().is_some());
                    return Err(object.map_or(End::Shown, |name| self.viewed_as(name, inner)));
                }
                Err(self.gives_back(name, fields))
            }
            Function::Value(start, end) => self.function_value(Value { start, end }),
        }
    }

    /// An object that a template gets by a name.
    pub(super) fn viewed_as(&self, name: &'t [u8], fields: Fields<'t>) -> End<'t> {
        End::Viewed(Holder {
            name,
            fields,
            owner: None,
            scope: self.whole(),
        })
    }

    /// The name by which templates get what a method returns: `@ModelAttribute("a") public A a() {`.
    fn models(&self, name: usize) -> Option<&'t [u8]> {
        let tree = &self.tree;
        let above = tree.line_start(name).checked_sub(1)?;
        let line = tree.line_start(above);
        let is_mark = tree.is(line, b"@") && tree.word(line + 1) == b"ModelAttribute";
        let text = line + 3;
        (is_mark && tree.kind(text) == Some(TokenKind::Str)).then(|| tree.word(text))
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
        let takes = self.takes_handler(name) || self.is_route(name, first);
        if takes {
            return Err(End::Shown);
        }
        if is_listed(ANSWERS, &own) || is_listed(HANDING_ON, &own) {
            return self.argument(open, (function.start, None), Fields::default());
        }
        Err(End::Used)
    }

    /// A function that stands for itself: `export default () => ...`, or a member of an object: `{ GET: () => ... }`.
    fn exported(&self, function: Value) -> Result<Value, End<'t>> {
        match self.role(function) {
            ExprRole::Member(_, Some(key)) if self.is_verb(self.tree.word(key)) => Err(End::Shown),
            ExprRole::Member(open, _) if self.is_resolvers(open) => Err(End::Shown),
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
    fn statement_of(&self, value: Value, fields: Fields<'t>) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        let parent = tree.parent(value.start);
        if parent.is_none() && self.is_printed {
            let first = usize::from(tree.is(0, b"-"));
            let is_used = self.is_used_up(first, value);
            return Err(if is_used { End::Used } else { End::Shown });
        }
        let before = value
            .start
            .checked_sub(1)
            .map_or(&b""[..], |at| tree.word(at));
        if before == DEFAULT && value.start > 1 && tree.word(value.start - 2) == b"export" {
            let module = self.module(fields);
            return Err(if self.is_function(value) {
                End::Returned(module)
            } else {
                End::Named(module)
            });
        }
        // The last value of a block is what it returns.
        let next = tree.skip_lines(value.end);
        let is_last =
            tree.kind(next) == Some(TokenKind::Close) || is_listed("end", tree.word(next));
        if is_last && self.is_in("rs rb ex exs kt kts scala clj jl r") {
            return self.returned(value.start, fields);
        }
        Err(End::Used)
    }
}

/// `module.exports`
fn is_exported(name: &[u8]) -> bool {
    last(name) == b"exports"
}
