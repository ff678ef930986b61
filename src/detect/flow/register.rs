//! Values that an application keeps under a text, for any handler to ask for: `app.set("key", value)` and
//! `req.app.get("key")`, `app["key"] = value`, `set :key, value` and `settings.key`.

use super::read::{Value, keeps_values, last};
use super::region::CodeRegion;
use super::{Fields, Holder, Lookup, NameKind};
use crate::model::Span;
use crate::syntax::{TokenKind, is_listed};

/// Calls that put one there, on such an object.
const SETTING: &str = "set bind register attribute";

/// The same on anything.
const SETTING_ANYWHERE: &str = "decorate provide";

/// Calls that ask such an object for one.
const ASKING: &str = "get use lookup attribute resolve fetch";

/// The same of anything.
const ASKING_ANYWHERE: &str = "inject usestate";

impl<'t> CodeRegion<'t> {
    /// The value under a text, where a call puts it there: `app.set("key", value)`.
    pub(super) fn registered(
        &self,
        name: usize,
        open: usize,
        start: usize,
        fields: Fields<'t>,
    ) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let text = tree.skip_lines(open + 1);
        let own = last(tree.word(name)).to_ascii_lowercase();
        let is_second = text < start && tree.kind(text) == Some(TokenKind::Str);
        let is_kept = is_listed(SETTING_ANYWHERE, &own)
            || is_listed(SETTING, &own) && self.is_registry(self.chain_start(name), name);
        (is_second && is_kept).then(|| self.under(text, fields))?
    }

    /// The same of a command: `set :key, value`.
    pub(super) fn registered_by(&self, command: usize, fields: Fields<'t>) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let is_set = self.is_in("rb") && tree.word(command) == b"set" && tree.is(command + 1, b":");
        is_set.then(|| self.under(command + 2, fields))?
    }

    /// `config :app, :jourvex, api_key: value` of Elixir.
    pub(super) fn configured(
        &self,
        command: usize,
        value: usize,
        fields: Fields<'t>,
    ) -> Option<Holder<'t>> {
        let tree = &self.tree;
        if !self.is_in("ex exs") || tree.word(command) != b"config" {
            return None;
        }
        let mut fields = fields;
        if let Some(key) = value
            .checked_sub(2)
            .filter(|key| tree.is(key + 1, b":") && key > &command)
        {
            fields = fields.within(tree.word(key));
        }
        let mut atoms = (command..value)
            .rev()
            .filter(|at| tree.is(*at, b":") && tree.touches(*at, at + 1));
        // The first is the application, whatever else is kept for it: `config :app, App.Journey, key: value`.
        let name = atoms.find(|at| *at + 1 < value && at - 1 > command)?;
        self.under(name + 1, fields)
    }

    /// `const { key } = locals`, of what is kept there.
    pub(super) fn taken_from_registry(
        &self,
        place: Span,
        sought: Lookup<'t>,
    ) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let at = tree
            .at(place.start)
            .filter(|_| sought.kind == NameKind::Kept)?;
        let open = tree.parent(at).filter(|open| tree.is(*open, b"{"))?;
        let sign = tree.mate(open)? + 1;
        let is_taken = tree.is(sign, b"=") && keeps_values(tree.word(sign + 1));
        let name = if tree.is(at + 1, b":") { at + 2 } else { at };
        is_taken.then(|| Holder {
            name: tree.word(name),
            fields: sought.fields,
            owner: None,
            scope: self.scope(open),
        })
    }

    /// `Application.fetch_env!(:app, :jourvex)`
    pub(super) fn asked_by_atom(&self, at: usize) -> Option<Value> {
        let tree = &self.tree;
        let is_atom = self.is_in("ex exs heex leex eex") && at > 0 && tree.is(at - 1, b":");
        let open = tree.parent(at).filter(|_| is_atom)?;
        let name = self.callee(open)?;
        let own = last(tree.word(name));
        let asks = [&b"fetch_env"[..], b"get_env", b"compile_env"]
            .iter()
            .any(|ask| own.starts_with(ask));
        Some(Value {
            start: self.chain_start(name),
            end: tree.mate(open).filter(|_| asks)? + 1,
        })
    }

    /// The same of an index: `app["key"] = value`.
    pub(super) fn registered_at(&self, open: usize, fields: Fields<'t>) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let object = open.checked_sub(1)?;
        let is_text = tree.kind(open + 1) == Some(TokenKind::Str) && tree.is(open + 2, b"]");
        let is_kept = is_text && self.is_registry(object, object);
        is_kept.then(|| self.under(open + 1, fields))?
    }

    /// The value that is asked for by a text.
    pub(super) fn asked_for(&self, at: usize) -> Option<Value> {
        let tree = &self.tree;
        let open = tree.parent(at).filter(|open| open + 1 == at)?;
        let end = tree.mate(open).filter(|end| *end == at + 1)? + 1;
        // `cache.get("trips")` is another; `conf["jourvex.key"]` is not.
        let text = tree.word(at).to_ascii_lowercase();
        let is_own = memchr::memmem::find(&text, b"jourvex").is_some();
        if tree.is(open, b"[") {
            let object = open.checked_sub(1);
            let object = object.filter(|object| tree.touches(*object, open))?;
            let start = self.chain_start(object);
            let is_kept = is_own || self.is_registry(start, object);
            return is_kept.then_some(Value { start, end });
        }
        let name = self.callee(open)?;
        let start = self.chain_start(name);
        let own = last(tree.word(name)).to_ascii_lowercase();
        let asks = is_listed(ASKING_ANYWHERE, &own)
            || is_listed(ASKING, &own) && (is_own || self.is_registry(start, name));
        asks.then_some(Value { start, end })
    }

    fn is_registry(&self, start: usize, name: usize) -> bool {
        keeps_values(self.tree.word(start)) || keeps_values(self.tree.word(name))
    }

    /// What the text at a token keeps. The name of a header is no such text: `c.set("Authorization", value)`.
    fn under(&self, text: usize, fields: Fields<'t>) -> Option<Holder<'t>> {
        let name = self.tree.word(text);
        let is_header = name.contains(&b'-') || name.eq_ignore_ascii_case(b"authorization");
        (!is_header && !name.is_empty()).then(|| Holder {
            name,
            fields,
            owner: None,
            scope: self.whole(),
        })
    }
}
