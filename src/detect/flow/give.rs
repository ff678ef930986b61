//! What a name is that is given the value: a part of an answer, or a name, field or function to follow.

use super::function::Function;
use super::read::{Value, first, last, parts};
use super::region::CodeRegion;
use super::{End, Fields, Holder};
use crate::syntax::{TokenKind, is_listed};

/// What a page shows when it is given: `ctx.body = `, `ViewBag.Key = `, `element.innerHTML = `.
pub(super) const SHOWN: &str = "body viewbag viewdata innerhtml outerhtml textcontent locals responsetext media gon window \
    returnvalue srcdoc payload";

/// The same of what is a list of such values: `context["key"] = `.
const SHOWN_LISTS: &str = "context ctx viewdata viewbag tempdata locals window globals";

/// Objects whose fields answer.
const BASES: &str = "ctx response res reply c app resp self context";

/// Those of [`SHOWN`] that answer whatever they are a field of.
const PAGES: &str =
    "viewbag viewdata innerhtml outerhtml textcontent gon window returnvalue srcdoc";

/// Names that pages get when a module gives them a value
/// (<https://nextjs.org/docs/app/api-reference/functions/generate-metadata>).
const PAGE_EXPORTS: &str = "metadata";

impl<'t> CodeRegion<'t> {
    /// What a name is that is given the value.
    pub(super) fn given(&self, target: usize, value: Value, fields: Fields<'t>) -> End<'t> {
        let tree = &self.tree;
        // `fun key() = value`
        let arguments = tree.mate(target).filter(|_| tree.is(target, b")"));
        if let Some(name) = arguments.and_then(|open| self.callee(open)) {
            return self
                .returned_by(Function::Named(name), fields)
                .err()
                .unwrap_or(End::Used);
        }
        // `context["key"] = value`
        if tree.is(target, b"]") {
            let open = tree.mate(target).filter(|open| *open > 0);
            let kept = open.and_then(|open| self.registered_at(open, fields));
            return match (open, kept) {
                (_, Some(holder)) => End::Kept(holder),
                (Some(open), None) => self.listed(open - 1, fields),
                (None, None) => End::Used,
            };
        }
        if tree.is(target, b"}") {
            return self.taken_out(target, fields);
        }
        if tree.kind(target) != Some(TokenKind::Name) {
            return End::Used;
        }
        let mut shown = parts(tree.word(target)).map(<[u8]>::to_ascii_lowercase);
        let is_path = parts(tree.word(target)).count() > 1;
        let base = first(tree.word(target)).to_ascii_lowercase();
        let is_answer = is_listed(BASES, &base) || tree.mate(target).is_some();
        let is_shown =
            |part: &[u8]| is_listed(SHOWN, part) && (is_answer || is_listed(PAGES, part));
        // `event.locals.key = value` of SvelteKit, `context.locals.key` of Astro and `ctx.state.key` of Koa are kept for those
        // who answer.
        let mut path = parts(tree.word(target)).rev();
        if let (Some(name), Some(b"locals" | b"state"), Some(b"event" | b"context" | b"ctx")) =
            (path.next(), path.next(), path.next())
        {
            return End::Kept(Holder {
                name,
                fields,
                owner: None,
                scope: self.whole(),
            });
        }
        if self.is_by_line() || is_path && shown.any(|part| is_shown(&part)) {
            // Of `app.locals.site = object` a template prints what it likes.
            let name = last(tree.word(target));
            let is_local = parts(tree.word(target)).rev().nth(1) == Some(b"locals");
            let is_part = is_local && fields.outer().is_some();
            return if is_part {
                self.viewed_as(name, fields)
            } else {
                End::Shown
            };
        }
        self.given_name(self.declared(target), value, fields)
    }

    /// The same of the list that a member is set in.
    fn listed(&self, list: usize, fields: Fields<'t>) -> End<'t> {
        let word = last(self.tree.word(list)).to_ascii_lowercase();
        let has = |word: &[u8]| memchr::memmem::find(self.tree.text, word).is_some();
        let is_page =
            !is_listed("context ctx", &word) || has(b"get_context_data") || has(b"render(");
        if is_page && is_listed(SHOWN_LISTS, &word) {
            End::Shown
        } else {
            self.holder(list, fields)
        }
    }

    /// An object that holds the value in a field, where the function ends in which it is given it.
    fn holder(&self, object: usize, fields: Fields<'t>) -> End<'t> {
        End::Named(Holder {
            name: first(self.tree.word(object)),
            fields,
            owner: None,
            scope: self.function_scope(object),
        })
    }

    /// The fields of an object by the path to one of them that is given the value: `settings.journey.key = value`.
    fn fields_of(&self, path: &'t [u8], fields: Fields<'t>) -> Fields<'t> {
        let inner = parts(path).skip(1).collect::<Vec<_>>().into_iter().rev();
        inner.fold(fields, Fields::within)
    }

    /// The name that `{ key } = value` and `{ key: a } = value` give the field.
    pub(super) fn taken_out(&self, close: usize, fields: Fields<'t>) -> End<'t> {
        let tree = &self.tree;
        let Some((field, open)) = fields.outer().zip(tree.mate(close)) else {
            return End::Used;
        };
        let mut own = (open + 1..close).filter(|at| tree.parent(*at) == Some(open));
        let Some(at) = own.find(|at| tree.word(*at) == field) else {
            return End::Used;
        };
        let name = if tree.is(at + 1, b":") { at + 2 } else { at };
        // `{ journey: { key } } = value`
        if let Some(inner) = tree.mate(name) {
            return self.taken_out(inner, fields.taken());
        }
        End::Named(Holder {
            name: tree.word(name),
            fields: fields.taken(),
            owner: None,
            scope: self.scope(open),
        })
    }

    /// The field of a class that an object of it is made with: `Config{Key: value}`.
    pub(super) fn typed(
        &self,
        open: usize,
        name: &'t [u8],
        fields: Fields<'t>,
    ) -> Option<Holder<'t>> {
        let tree = &self.tree;
        let before = tree.before(open)?;
        let class = match last(tree.word(before)) {
            // `Self { key }` of Rust, `.init(key: key)` of Swift
            b"Self" | b"init" => self.class_of(before)?,
            class => class,
        };
        let is_class = tree.kind(before) == Some(TokenKind::Name)
            && (class.first().is_some_and(u8::is_ascii_uppercase) || self.is_in("go"));
        let is_made = self.is_in("py") && tree.is(open, b"(");
        (is_class && (is_made || self.is_in("go rs swift kt kts scala dart"))).then(|| Holder {
            name,
            fields,
            owner: Some(class),
            scope: self.whole(),
        })
    }

    /// The same of a name.
    fn given_name(&self, target: usize, value: Value, fields: Fields<'t>) -> End<'t> {
        let path = self.tree.word(target);
        // `Rails.application.config.x.key = value`
        let path = path.strip_prefix(b"Rails.application.").unwrap_or(path);
        let name = last(path);
        if self.is_function(value) {
            return if self.is_answering(name) && self.is_exported(target) {
                End::Shown
            } else {
                End::Returned(self.function_of(target, fields))
            };
        }
        // `settings.key = value` is followed as `settings`, `this.key` as `key` of all objects of the class.
        let is_own = is_listed("this self $this cls", first(path))
            || self.is_in("rb") && target > 0 && self.tree.is(target - 1, b"@");
        if parts(path).count() > 1 && !is_own {
            // `t = HtmlService.createTemplateFromFile("a")`, whose fields its page is made with.
            if self.is_of_class(first(path), b"HtmlService") {
                return End::Shown;
            }
            if let Some(class) = self.configured_class(target) {
                return End::Named(Holder {
                    name,
                    fields,
                    owner: Some(class),
                    scope: self.whole(),
                });
            }
            return match self.holder(target, self.fields_of(path, fields)) {
                End::Named(holder) => End::Named(Holder {
                    name: first(path),
                    ..holder
                }),
                end => end,
            };
        }
        // A property of a page of Razor is there for its template.
        let is_property = self.is_page_model && name.first().is_some_and(u8::is_ascii_uppercase);
        if is_listed(PAGE_EXPORTS, name) || is_property {
            return End::Shown;
        }
        let owner = self.class_of(target);
        let is_field = is_own || owner.is_some() && self.is_in_class(target);
        End::Named(Holder {
            name,
            fields,
            owner: owner.filter(|_| is_field),
            scope: if is_field {
                self.whole()
            } else {
                self.scope(target)
            },
        })
    }

    /// The class whose object an argument of a function is: `services.Configure<Options>(options => { options.Key = value; })`
    /// (<https://learn.microsoft.com/dotnet/core/extensions/options>).
    fn configured_class(&self, target: usize) -> Option<&'t [u8]> {
        let tree = &self.tree;
        let mut inner = target;
        while let Some(open) = tree.parent(inner).filter(|_| self.is_in("cs")) {
            let is_generic = open > 3 && tree.is(open - 1, b">") && tree.is(open - 3, b"<");
            if tree.is(open, b"(") && is_generic {
                return Some(last(tree.word(open - 2)));
            }
            inner = open;
        }
        None
    }

    /// What follows from a function that returns the value: its calls, or the places of a property that it makes.
    pub(super) fn gives_back(&self, name: usize, fields: Fields<'t>) -> End<'t> {
        let function = self.function_of(name, fields);
        if self.is_getter(name) {
            End::Named(function)
        } else {
            End::Returned(function)
        }
    }

    /// True for `get key() {`, and below `@property`.
    fn is_getter(&self, name: usize) -> bool {
        let tree = &self.tree;
        let before = name.checked_sub(1).map_or(&b""[..], |at| tree.word(at));
        let line = tree.line_start(name);
        let above = line.checked_sub(2).map_or(&b""[..], |at| tree.word(at));
        before == b"get" && tree.parent(name).is_some()
            || self.is_in("py") && is_listed("property cached_property", above)
    }

    /// A function by its name, which returns the value.
    pub(super) fn function_of(&self, name: usize, fields: Fields<'t>) -> Holder<'t> {
        Holder {
            name: last(self.tree.word(name)),
            fields,
            owner: self.class_of(name),
            scope: self.whole(),
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
}
