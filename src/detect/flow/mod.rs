//! Where the value of a variable goes: from the place that reads it, through what it is put into and the names that it
//! is given, to a page or an answer of a server.
//!
//! `region` finds the code that a place is part of, whatever the language: a program, or what a template holds between
//! its tags. `read` takes the expression that reads the variable, `role` says what an expression is in the one around
//! it, `take` knows who takes it there: a wrapper hands it on, an answer shows it (`answer`), a function of the same text
//! is followed into (`call`), any other only uses it. `function` tells which functions answer a browser, `scope` where a name means what it was given. `build` asks the same
//! of the settings of a bundler, `written` of scripts and of web servers.

mod answer;
mod build;
mod call;
mod function;
mod give;
mod project;
mod read;
mod region;
mod register;
mod role;
mod scope;
mod take;
mod written;

use super::context::Around;
use crate::model::{BlobPath, FileContext, Outlet, Span};
use crate::rules::Gate;
use crate::syntax::whole_places;
use memchr::memmem;
use region::{CodeRegion, FOLLOWED, Regions, needs_browser};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Most names that a value is followed through, one given to the next.
const DEEPEST: usize = 4;

/// Most places of one name that are looked at.
const MOST_PLACES: usize = 256;

/// Most steps from an expression to the one around it.
const MOST_STEPS: usize = 64;

/// Most bytes of other files that are read as code for what one file reads.
const MOST_READ: usize = 16 << 20;

/// The name of what a module exports as a whole: `export default`.
const DEFAULT: &[u8] = b"default";

/// Where the value goes that a name stands for, as far as a gate asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Goes {
    /// To a page or an answer, or into the output of a build.
    pub(super) is_shown: bool,
    /// It stands in a setting of a build for a server.
    pub(super) is_for_server: bool,
    /// It stands in a template, of which only what is printed counts.
    pub(super) is_in_template: bool,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum NameKind {
    /// The name of a variable of the environment, or of what holds its value.
    Variable,
    /// A name of the program that was given the value.
    Name,
    /// The name of a function that returns it.
    Function,
    /// A text under which an application keeps it.
    Kept,
}

/// Names of fields, the outermost first: `journey` and `key` of `{ journey: { key: value } }`. Of more than three the
/// innermost are left out, as if all of the last one held the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fields<'t>([Option<&'t [u8]>; 3]);

impl<'t> Fields<'t> {
    /// The outermost.
    fn outer(self) -> Option<&'t [u8]> {
        self.0[0]
    }

    /// The innermost.
    fn inner(self) -> Option<&'t [u8]> {
        self.0.into_iter().flatten().last()
    }

    /// Those of an object that has these in a field.
    fn within(self, name: &'t [u8]) -> Self {
        Self([Some(name), self.0[0], self.0[1]])
    }

    /// Those of what the outermost holds.
    fn taken(self) -> Self {
        Self([self.0[1], self.0[2], None])
    }
}

/// A name that holds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Holder<'t> {
    name: &'t [u8],
    /// The field of it that does; all of it where there is none.
    fields: Fields<'t>,
    /// The class whose objects have it as a field or a method.
    owner: Option<&'t [u8]>,
    /// Where the name holds, in bytes of the text.
    scope: Span,
}

/// What is looked for at a place.
#[derive(Clone, Copy, Debug)]
struct Lookup<'t> {
    kind: NameKind,
    /// As of a [`Holder`].
    fields: Fields<'t>,
    owner: Option<&'t [u8]>,
}

impl Lookup<'_> {
    /// A variable of the environment, or of what holds its value.
    const VARIABLE: Self = Lookup {
        kind: NameKind::Variable,
        fields: Fields([None; 3]),
        owner: None,
    };
}

/// What becomes of a value.
#[derive(Debug, PartialEq, Eq)]
enum End<'t> {
    /// A browser gets it.
    Shown,
    /// A template gets an object that has it in a field, by a name.
    Viewed(Holder<'t>),
    /// It is used, and that is all.
    Used,
    /// A name is given it, or an object that has it in a field.
    Named(Holder<'t>),
    /// A function returns it, or an object that has it in a field.
    Returned(Holder<'t>),
    /// An application keeps it under a text.
    Kept(Holder<'t>),
    /// A function is given it that the text does not have.
    Passed(CallArgument<'t>),
}

/// What a call gives to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CallArgument<'t> {
    /// The function, with what it is called on: `module.make`.
    function: &'t [u8],
    /// How many arguments stand in front of it.
    number: usize,
    /// The name that the call says of it.
    key: Option<&'t [u8]>,
    /// As of a [`Holder`].
    fields: Fields<'t>,
}

/// What a value met on its way.
#[derive(Debug, Default)]
struct Carried<'t> {
    /// The fields that it was put into.
    fields: Fields<'t>,
    /// The field of a class that it was put into: `Config{Key: value}`.
    typed: Option<Holder<'t>>,
    /// The argument of a class of another file that it was made: `Config(key=value)`.
    passed: Option<CallArgument<'t>>,
}

/// The search of one text, for any number of names.
pub(super) struct Flow<'t> {
    text: &'t [u8],
    regions: Regions<'t>,
    /// What is asked is what a build writes into its output.
    is_build: bool,
    /// Names that were followed, and whether they lead to a browser.
    followed: BTreeMap<(Holder<'t>, NameKind, usize), (bool, Option<Outlet>)>,
    /// Brackets by where they stand, and whether they hold settings of a build for a server.
    builds: BTreeMap<usize, bool>,
    path: &'t BlobPath,
    /// The files of the project, if there may be others.
    around: Option<&'t Around<'t>>,
    /// How many files the value came through.
    hops: usize,
    /// One of those says that the field which holds it is left out where its object is sent.
    is_hidden: bool,
    /// What was asked of other files.
    asked: Rc<RefCell<Asked<'t>>>,
    /// How many bytes of other files may still be read.
    room: Rc<Cell<usize>>,
    /// Where in another file a browser gets what was asked for last.
    outlet: Rc<RefCell<Option<Outlet>>>,
}

/// What was asked of other files, by the address of the text that has the name, and whether a browser gets it.
type Asked<'t> = BTreeMap<(usize, Asking<'t>), bool>;

/// What other files are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asking<'t> {
    /// What becomes of what a name holds.
    Name(Holder<'t>, NameKind),
    /// What becomes of what a call gives.
    Argument(CallArgument<'t>),
}

impl<'t> Flow<'t> {
    /// Of a text of the blob that `around` is about.
    pub(super) fn new(text: &'t [u8], around: &'t Around<'t>) -> Self {
        Self {
            around: Some(around),
            ..Self::alone(text, around.own_path())
        }
    }

    fn alone(text: &'t [u8], path: &'t BlobPath) -> Self {
        Self {
            path,
            around: None,
            hops: 0,
            is_hidden: false,
            asked: Rc::default(),
            room: Rc::new(Cell::new(MOST_READ)),
            outlet: Rc::default(),
            text,
            regions: Regions::new(text, path),
            is_build: false,
            followed: BTreeMap::new(),
            builds: BTreeMap::new(),
        }
    }

    /// Where the value goes whose name stands at `name`, in a file of this kind, as far as a gate asks.
    pub(super) fn goes(&mut self, name: Span, gate: Gate, context: FileContext) -> Goes {
        let is_page = context == FileContext::BrowserBundle && !self.regions.is_template();
        self.is_build = matches!(gate, Gate::BuildInlining | Gate::ServerInlining);
        let is_template = gate == Gate::BrowserReference && self.regions.is_template();
        if gate == Gate::PageWriting && self.text.len() <= FOLLOWED {
            return Goes {
                is_shown: written::is_written(self.text, name),
                ..Goes::default()
            };
        }
        let is_asked = self.is_build || is_template || gate == Gate::Handover;
        if !is_asked || is_page && !is_template || self.text.len() > FOLLOWED {
            return Goes::default();
        }
        let is_settings = gate == Gate::Handover && self.is_settings();
        Goes {
            is_shown: if is_settings {
                self.reaches_from_settings(name.start)
            } else {
                self.reaches(name, Lookup::VARIABLE, 0)
            },
            is_for_server: self.is_build && self.is_for_server(name.start),
            is_in_template: is_template,
        }
    }

    /// True when the value that is read at `place` reaches a browser.
    fn reaches(&mut self, place: Span, sought: Lookup<'t>, depth: usize) -> bool {
        let Some(region) = self.regions.at(place.start) else {
            return false;
        };
        if let Some(holder) = region.taken_apart(place).filter(|_| depth == 0) {
            return self.follow(holder, NameKind::Name, depth);
        }
        if self.is_build {
            let Some(end) = region.built_from(place, sought) else {
                return false;
            };
            let is_last = end == End::Shown;
            return self.ends_shown(end, depth) && (!is_last || self.note(place));
        }
        let at = region.tree.at(place.start);
        if sought.kind == NameKind::Function && at.is_some_and(|at| region.is_routed(at)) {
            let is_sent = !self.leaves_out(&region, sought.fields);
            return is_sent && self.note(place);
        }
        if let Some(field) = region.injected(place) {
            return self.follow(self.anywhere(field), NameKind::Name, depth);
        }
        if let Some(holder) = region.filled(place).filter(|_| depth == 0) {
            return self.follow(holder, NameKind::Name, 0);
        }
        if let Some(name) = region.imported(place).filter(|_| depth == 0) {
            return self.follow(self.anywhere(name), NameKind::Name, 0);
        }
        if let Some(holder) = region.taken_from_registry(place, sought) {
            return self.follow(holder, NameKind::Name, depth);
        }
        let Some((read, fields)) = region.read(place, sought) else {
            return false;
        };
        if region.is_compiled_in(read) || region.is_macro(read) && self.is_crate_for_browsers() {
            return true;
        }
        let mut carried = Carried {
            fields,
            ..Carried::default()
        };
        let end = region.end_of(read, &mut carried);
        self.ends(&region, end, &carried, place, depth)
    }

    /// True when a browser gets what ends so in a region.
    fn ends(
        &mut self,
        region: &CodeRegion<'t>,
        end: End<'t>,
        carried: &Carried<'t>,
        place: Span,
        depth: usize,
    ) -> bool {
        let at = region.tree.at(place.start);
        let is_sent = matches!(end, End::Shown | End::Viewed(_));
        let is_part = carried.fields.outer().is_some();
        let is_other = self.hops > 0;
        let is_cut =
            || is_part && at.is_some_and(|at| region.is_filtered(at, carried.fields, is_other));
        let is_hidden = is_sent && (self.leaves_out(region, carried.fields) || is_cut());
        !is_hidden && self.ends_shown(end, depth) && (!is_sent || self.note(place))
            || carried
                .typed
                .is_some_and(|holder| self.follow(holder, NameKind::Name, depth))
            || carried
                .passed
                .is_some_and(|argument| self.is_passed_on(argument))
    }

    /// True when an object is sent without the field of it that holds the value.
    fn leaves_out(&self, region: &CodeRegion<'t>, fields: Fields<'t>) -> bool {
        region.is_hidden(fields) || self.is_hidden && fields.outer().is_some()
    }

    /// Notes that a browser gets the value at a place, if this is not the file that reads it. True.
    fn note(&self, place: Span) -> bool {
        if self.hops > 0 {
            let before = &self.text[..place.start];
            let outlet = Outlet {
                path: self.path.clone(),
                line: 1 + memchr::memchr_iter(b'\n', before).count(),
            };
            self.outlet.borrow_mut().get_or_insert(outlet);
        }
        true
    }

    /// Where a browser gets what was asked for last, if that is another file.
    pub(super) fn outlet(&self) -> Option<Outlet> {
        self.outlet.take()
    }

    /// True when a browser gets it in the end.
    fn ends_shown(&mut self, end: End<'t>, depth: usize) -> bool {
        match end {
            End::Shown => true,
            End::Viewed(holder) => self.is_viewed(holder),
            End::Used => false,
            End::Named(holder) => self.follow(holder, NameKind::Name, depth),
            End::Returned(holder) => self.follow(holder, NameKind::Function, depth),
            End::Kept(holder) => self.follow(holder, NameKind::Kept, depth),
            End::Passed(argument) => self.is_passed_on(argument),
        }
    }

    /// True in a crate that is built for browsers, and for no server besides.
    fn is_crate_for_browsers(&self) -> bool {
        let manifest = self.around.and_then(|around| around.beside("Cargo.toml"));
        manifest.is_some_and(|text| needs_browser(&text) && memmem::find(&text, b"ssr").is_none())
    }

    /// A name that holds the value wherever it stands.
    fn anywhere(&self, name: &'t [u8]) -> Holder<'t> {
        Holder {
            name,
            fields: Fields::default(),
            owner: None,
            scope: Span::new(0, self.text.len()),
        }
    }

    /// True when a browser gets what a name holds, at one of its places in the scope.
    fn follow(&mut self, holder: Holder<'t>, kind: NameKind, depth: usize) -> bool {
        // `$key` is `key` in `compact('key')` and `$this->key`; `@key` is one of an object of Ruby.
        let name = holder.name.strip_prefix(b"$").unwrap_or(holder.name);
        let name = name.strip_prefix(b"@").unwrap_or(name);
        let sought = Lookup {
            kind,
            fields: holder.fields,
            owner: holder.owner,
        };
        if name.is_empty() || depth == DEEPEST {
            return false;
        }
        let region = self.regions.at(holder.scope.start);
        if region.is_some_and(|region| region.takes_away(name, &holder)) {
            return false;
        }
        let key = (holder, kind, depth);
        if let Some((known, outlet)) = self.followed.get(&key) {
            self.outlet.borrow_mut().clone_from(outlet);
            return *known;
        }
        self.followed.insert(key, (false, None));
        // No place of the text has the name of the whole module.
        let is_module = holder.name == DEFAULT;
        let places = whole_places(self.text, holder.scope, name).take(MOST_PLACES);
        let places: Vec<usize> = places.filter(|_| !is_module).collect();
        let reaches = places.into_iter().any(|at| {
            let place = Span::new(at, at + name.len());
            let region = self.regions.at(at);
            let is_other = kind != NameKind::Kept
                && region.is_some_and(|region| region.is_shadowed(place, holder.scope));
            !is_other && self.reaches(place, sought, depth + 1)
        });
        let reaches = reaches || self.elsewhere(holder, kind);
        let outlet = self.outlet.borrow().clone();
        self.followed.insert(key, (reaches, outlet));
        reaches
    }
}
