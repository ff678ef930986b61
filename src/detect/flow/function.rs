//! Which functions answer a browser.

use super::read::{last, parts};
use super::region::CodeRegion;
use crate::syntax::{Name, TokenKind, is_listed};

/// Functions whose result a framework of JavaScript sends to the browser, or serializes into the page.
const ANSWERING: &str = "load loader clientloader action actions serverloader getserversideprops getstaticprops \
    getinitialprops generatemetadata onget onpost onrequest onrequestget onrequestpost doget dopost handler meta";

/// The same elsewhere.
const ANSWERING_ELSEWHERE: &str =
    "lambda_handler on_post_page on_page_content on_page_markdown on_post_build";

/// The same of what is only that in capitals: `GET` of a route, where `get` is any function.
const VERBS: &str = "GET POST PUT PATCH DELETE HEAD OPTIONS ALL";

/// Words of what stands above a function that answers: `@app.get("/")`, `@GetMapping`, `[HttpGet]`, `#[tauri::command]`.
const MARKS: &str = "route get post put patch delete mapping expose api websocket httpget httppost httpput view resolver \
    whitelist processor query mutation strawberry";

/// Words in front of the name of a function.
pub(super) const DEFINING: &str = "function def fn func fun sub async defp";

/// Most lines from the beginning of a block without brackets to a value in it.
const LONGEST_BLOCK: usize = 256;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// It has a name, at this token.
    Named(usize),
    /// It is what a route without brackets is given: `get "/" do`.
    Route,
    /// It is a value: its first token, and the one behind its last.
    Value(usize, usize),
}

impl CodeRegion<'_> {
    /// The function that a `return`, an arrow or the last statement of a block belongs to.
    pub(super) fn function(&self, at: usize) -> Option<Function> {
        let tree = &self.tree;
        if tree.is_any(at, &[b"=>", b"->"]) {
            return Some(self.arrow(at));
        }
        if tree.word(at) == b"lambda" {
            return Some(Function::Value(at, tree.value_end(at)));
        }
        let mut inner = at;
        while let Some(open) = tree.parent(inner) {
            if tree.is(open, b"{")
                && let Some(function) = self.of_block(open)
            {
                return Some(function);
            }
            inner = open;
        }
        self.by_indent(at)
    }

    /// The function that an arrow is a part of: `(a) => ...`, `async a => ...`.
    fn arrow(&self, at: usize) -> Function {
        let tree = &self.tree;
        let before = at.saturating_sub(1);
        let mut start = tree.mate(before).unwrap_or(before);
        // `(a): Promise<B> => ...`
        let colon = (at.saturating_sub(12)..at)
            .rev()
            .find(|at| tree.is(*at, b":"));
        if let Some(open) = colon
            .and_then(|colon| colon.checked_sub(1))
            .and_then(|close| tree.mate(close))
        {
            start = start.min(open);
        }
        while start > 0 && is_listed("async static function fn", tree.word(start - 1)) {
            start -= 1;
        }
        let body = tree.skip_lines(at + 1);
        let end = match tree.mate(body) {
            Some(close) => close + 1,
            None => tree.value_end(body),
        };
        Function::Value(start, end)
    }

    /// The function whose body a block is.
    fn of_block(&self, open: usize) -> Option<Function> {
        let tree = &self.tree;
        let before = tree.before(open)?;
        if tree.is_any(before, &[b"=>", b"->"]) {
            let Function::Value(start, _) = self.arrow(before) else {
                return None;
            };
            return Some(Function::Value(start, tree.mate(open)? + 1));
        }
        // Behind the arguments there may be a type: `func f() string {`, `fn f() -> Json<A> {`, `f(): Promise<B> {`
        let near = (before.saturating_sub(24)..=before).rev();
        let mut near = near.take_while(|at| !tree.is_any(*at, &[b";", b"}"]));
        let close = near.find(|at| tree.is(*at, b")") && tree.parent(*at) == tree.parent(open))?;
        let arguments = tree.mate(close)?;
        let name = self
            .callee(arguments)
            .or_else(|| arguments.checked_sub(1))?;
        let word = tree.word(name);
        if tree.kind(name) != Some(TokenKind::Name)
            || is_listed(
                "if for while switch catch match unless until with elseif",
                word,
            )
        {
            return None;
        }
        // `function () {`, and `func() {` of Go
        if is_listed(DEFINING, word) {
            let is_async = name > 0 && tree.word(name - 1) == b"async";
            return Some(Function::Value(
                name - usize::from(is_async),
                tree.mate(open)? + 1,
            ));
        }
        let is_defined = name > 0 && is_listed(DEFINING, tree.word(name - 1));
        // A call that is given a block is none: `get("/") { ... }` of Ktor and Sinatra answers all the same.
        let is_method =
            is_defined || tree.parent(open).is_some() || !self.is_in("kt kts groovy gradle rb");
        is_method.then_some(Function::Named(name))
    }

    /// The function that a line belongs to by how far it is indented: `def f(): ...`, `get "/" do ... end`.
    fn by_indent(&self, at: usize) -> Option<Function> {
        let tree = &self.tree;
        if let Some((name, _)) = self.indented(at) {
            return Some(Function::Named(name));
        }
        let mut line = tree.line_start(at);
        for _ in 0..LONGEST_BLOCK {
            let before = line.checked_sub(1).filter(|_| self.is_in("rb"))?;
            line = tree.line_start(before);
            if tree.indent(line) < tree.indent(at) && self.is_route(line, line + 1) {
                return Some(Function::Route);
            }
        }
        None
    }

    /// True for a named function that answers a browser, by its name, by what stands above it or by what it begins with.
    pub(super) fn answers(&self, name: usize) -> bool {
        let parent = self.tree.parent(name);
        (self.is_answering(self.tree.word(name)) && self.is_exported(name))
            || parent.is_some_and(|open| self.is_resolvers(open))
            || self.is_marked(name)
            || self.is_server_action(name)
    }

    /// True for the resolvers of GraphQL, whose results are answers: `Query: { config: () => ... }`
    /// (<https://www.apollographql.com/docs/apollo-server/data/resolvers>).
    pub(super) fn is_resolvers(&self, open: usize) -> bool {
        let tree = &self.tree;
        let colon = tree.before(open).filter(|at| tree.is(*at, b":"));
        let key = colon.and_then(|colon| colon.checked_sub(1));
        key.is_some_and(|key| is_listed("Query Mutation Subscription", tree.word(key)))
    }

    /// True for a function that others see, in a language that says so.
    pub(super) fn is_exported(&self, name: usize) -> bool {
        let tree = &self.tree;
        let start = tree.line_start(name);
        let is_method = tree.parent(name).is_some();
        !self.is_in("js mjs cjs jsx ts mts cts tsx")
            || is_method
            || tree.word(start) == b"export"
            || !is_listed("loader action actions load handler meta", tree.word(name))
    }

    /// True for `GET` and the like.
    pub(super) fn is_verb(&self, name: &[u8]) -> bool {
        is_listed(VERBS, last(name))
    }

    /// The same by the name alone.
    pub(super) fn is_answering(&self, name: &[u8]) -> bool {
        let own = last(name);
        let lower = own.to_ascii_lowercase();
        let is_verb = is_listed("get post put patch delete head all options", &lower);
        if is_verb {
            return is_listed(VERBS, own);
        }
        let is_script = self.is_in("js mjs cjs jsx ts mts cts tsx vue svelte astro mdx gs");
        // Pages get the data of a `load` of SvelteKit, and of a `data` of Vike.
        if is_listed("load data", &lower) && is_script {
            return self
                .path
                .rsplit('/')
                .next()
                .is_some_and(|name| name.starts_with('+'));
        }
        if lower == b"share" {
            return self.is_in("php");
        }
        // `resolve_config` of Graphene
        if self.is_in("py") && lower.starts_with(b"resolve_") {
            return true;
        }
        is_listed(
            if is_script {
                ANSWERING
            } else {
                ANSWERING_ELSEWHERE
            },
            &lower,
        )
    }

    /// True below `@app.get("/")`, `@GetMapping("/")`, `[HttpGet]`, `#[tauri::command]`.
    fn is_marked(&self, name: usize) -> bool {
        let tree = &self.tree;
        let mut end = name;
        for _ in 0..6 {
            // A mark may have lines of its own: `@app.get(`, `    "/",`, `)`.
            let line = tree.line_start(end);
            let open = tree.mate(line).filter(|open| *open < line);
            let open = open.or_else(|| tree.parent(line).filter(|_| end != name));
            let open = open.filter(|open| tree.is(*open, b"("));
            let line = open.map_or(line, |open| tree.line_start(open));
            let is_mark = tree.is_any(line, &[b"@", b"[", b"#"]);
            let near = line..end.min(line + 6);
            let mut words = near.filter(|at| tree.kind(*at) == Some(TokenKind::Name));
            let is_rust = self.is_in("rs");
            let says = |at| {
                let own = tree.word(at);
                // `@patch("a.b")` of a test is no `@app.patch("/")`.
                if self.is_in("py")
                    && parts(own).count() < 2
                    && own != b"route"
                    && own != b"expose"
                    && !own.starts_with(b"api_view")
                {
                    return false;
                }
                let is_own = is_rust && is_listed("tauri::command server command", own);
                is_own || parts(own).any(|part| Name::new(part).has(MARKS))
            };
            if is_mark && words.any(says) {
                return true;
            }
            // The function itself stands on a line of its own, or behind its mark.
            match line.checked_sub(1) {
                Some(before) if is_mark || end == name => end = before,
                _ => return false,
            }
        }
        false
    }

    /// True for a function that a client may call: `'use server'` in front of all, or of its body.
    fn is_server_action(&self, name: usize) -> bool {
        let tree = &self.tree;
        let is_directive =
            |at: usize| tree.kind(at) == Some(TokenKind::Str) && tree.word(at) == b"use server";
        let open = (name..tree.tokens.len().min(name + 64))
            .find(|at| tree.is(*at, b"{") && tree.parent(*at) == tree.parent(name));
        is_directive(tree.skip_lines(0))
            || open.is_some_and(|open| is_directive(tree.skip_lines(open + 1)))
    }
}
