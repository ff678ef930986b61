//! What the settings of a build do with a value: which of them write it into the output, and for whom.

use super::super::context::targets_server;
use super::function::Function;
use super::read::{Value, first, last, parts};
use super::region::CodeRegion;
use super::role::ExprRole;
use super::take::HANDING_ON;
use super::{End, Fields, Flow, Lookup, MOST_STEPS, NameKind};
use crate::model::Span;
use crate::syntax::{Name, TokenKind, is_listed};

/// Settings whose values are written into the output, in small letters.
const INLINING: &str = "define appconfig public publicruntimeconfig extra customfields themeconfig sitemetadata app env \
    head templateparameters defineserver defineclient";

/// Calls whose arguments are.
const INLINING_CALLS: &str = "environmentplugin defineplugin envplugin dotenv replace defineappconfig defineenvvars injectenv";

/// Settings that stay in the process that builds, tests or serves.
const KEEPING: &str = "proxy devserver server webserver serverruntimeconfig test headers nitro apps functions \
    configureserver setupmiddlewares before authorization";

/// Functions of plugins whose result is a part of a page.
const WRITING: &str = "transformindexhtml renderchunk generatebundle";

/// Settings that hold what only a server gets: <https://nextjs.org/docs/app/api-reference/config/next-config-js/compiler>.
const SERVER_PARTS: &str = "defineserver serverdefine ssr";

impl Flow<'_> {
    /// True inside a setting for a build of server code: `{ target: 'node', plugins: [...] }`, `if (isServer) { ... }`.
    pub(super) fn is_for_server(&mut self, place: usize) -> bool {
        let Some(region) = self.regions.at(place) else {
            return false;
        };
        let tree = &region.tree;
        let mut inner = tree.at(place);
        while let Some(open) = inner.and_then(|at| tree.parent(at)) {
            let known = self
                .builds
                .get(&(region.tree.tokens[open].span.start))
                .copied();
            let is_for_server = known.unwrap_or_else(|| {
                tree.is(open, b"{")
                    && (targets_server(&region.tree, open) || region.is_server_part(open))
            });
            self.builds
                .insert(tree.tokens[open].span.start, is_for_server);
            if is_for_server {
                return true;
            }
            inner = Some(open);
        }
        false
    }
}

impl<'t> CodeRegion<'t> {
    /// What a build does with the value that stands at a place, or with the variable that a setting names there.
    pub(super) fn built_from(&self, place: Span, sought: Lookup<'t>) -> Option<End<'t>> {
        let tree = &self.tree;
        let at = tree.at(place.start)?;
        // `EnvironmentPlugin(["KEY"])`
        let is_variable = sought.kind == NameKind::Variable;
        let is_listed = is_variable && tree.kind(at) == Some(TokenKind::Str);
        let listed = Value {
            start: at,
            end: at + 1,
        };
        let value = self
            .read(place, sought)
            .map(|(value, _)| value)
            // `'KEY' in process.env` asks.
            .or_else(|| self.suffixed(listed).filter(|_| is_listed));
        match value {
            Some(value) => Some(self.built(value)),
            // `env: { schema: { KEY: envField.string() } }`
            None if tree.is(at + 1, b":") && is_variable => {
                Some(self.built(self.brackets(tree.parent(at)?).ok()?))
            }
            None => None,
        }
    }

    /// The same of a value.
    fn built(&self, value: Value) -> End<'t> {
        let mut value = value;
        for _ in 0..MOST_STEPS {
            let around = self.built_step(value);
            value = match around.map(|around| self.suffixed(around)) {
                Ok(Some(whole)) => whole,
                Ok(None) => return End::Used,
                Err(end) => return end,
            };
        }
        End::Used
    }

    fn built_step(&self, value: Value) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        match self.role(value) {
            ExprRole::Grouped(open) => self.brackets(open),
            ExprRole::Member(_, Some(key)) if self.says(key, KEEPING) => Err(End::Used),
            ExprRole::Member(open, Some(key)) if self.says(key, INLINING) => {
                let is_used =
                    self.is_kept(open) || self.says(key, "env") && self.is_in_plugin(open);
                Err(if is_used { End::Used } else { End::Shown })
            }
            ExprRole::Member(open, key) if !tree.is(open, b"(") => {
                self.member(open, key, Fields::default())
            }
            ExprRole::Member(open, _) | ExprRole::Argument(open) => self.built_argument(open),
            ExprRole::Returned(at) => match self.function(at) {
                Some(Function::Named(name)) if self.says(name, WRITING) => Err(End::Shown),
                Some(Function::Named(name)) => Err(self.gives_back(name, Fields::default())),
                Some(Function::Value(start, end)) => Ok(Value { start, end }),
                _ => Err(End::Used),
            },
            ExprRole::Given(target) => Err(self.given(target, value, Fields::default())),
            _ => Err(End::Used),
        }
    }

    /// True in what a plugin is given: `new SentryPlugin({ env: { key } })`, `['plugin', { env: { key } }]`.
    fn is_in_plugin(&self, open: usize) -> bool {
        let tree = &self.tree;
        let mut around = Some(open);
        while let Some(open) = around {
            let callee = self.callee(open).filter(|_| tree.is(open, b"("));
            let word = callee.map_or(&b""[..], |name| last(tree.word(name)));
            if tree.is(open, b"[") || word.first().is_some_and(u8::is_ascii_uppercase) {
                return true;
            }
            around = tree.parent(open);
        }
        false
    }

    /// True in a setting that stays in the process that builds, however deep: `test: { env: { KEY: key } }`.
    fn is_kept(&self, open: usize) -> bool {
        let tree = &self.tree;
        let mut around = Some(open);
        while let Some(open) = around {
            let colon = tree.before(open).filter(|at| tree.is(*at, b":") && *at > 0);
            if colon.is_some_and(|colon| self.says(colon - 1, KEEPING)) {
                return true;
            }
            around = tree.parent(open);
        }
        false
    }

    fn built_argument(&self, open: usize) -> Result<Value, End<'t>> {
        let tree = &self.tree;
        let name = self.callee(open).ok_or(End::Used)?;
        let start = self.chain_start(name);
        let own = last(tree.word(name)).to_ascii_lowercase();
        // `html.replace(...)` is another.
        let base = first(tree.word(start));
        let is_own = start == name && (parts(tree.word(name)).count() == 1);
        let is_bundler = is_own || is_listed("webpack rspack", base);
        if is_listed(INLINING_CALLS, &own) && is_bundler {
            return Err(End::Shown);
        }
        if !is_listed(HANDING_ON, &own) {
            return Err(End::Used);
        }
        let mut value = self.brackets(open)?;
        value.start = start - usize::from(start > 0 && tree.word(start - 1) == b"new");
        Ok(value)
    }

    /// True for a name that is one of these, in any case of letters.
    fn says(&self, name: usize, names: &str) -> bool {
        is_listed(names, &last(self.tree.word(name)).to_ascii_lowercase())
    }

    /// True for a block that is for a server alone: `if (isServer) {`, `defineServer: {`.
    fn is_server_part(&self, open: usize) -> bool {
        let tree = &self.tree;
        let Some(before) = tree.before(open) else {
            return false;
        };
        if tree.is(before, b":") && before > 0 {
            let key = tree.word(before - 1).to_ascii_lowercase();
            return is_listed(SERVER_PARTS, &key);
        }
        let Some(condition) = tree.mate(before).filter(|_| tree.is(before, b")")) else {
            return false;
        };
        let is_if = condition > 0 && tree.word(condition - 1) == b"if";
        let says = |at: usize| {
            let is_name = tree.kind(at) == Some(TokenKind::Name);
            is_name && Name::new(tree.word(at)).has("server ssr") && !tree.is(at - 1, b"!")
        };
        is_if && (condition + 1..before).any(says)
    }
}
