//! The way of a value from one file of a project into others: by a name that they import, by the class of what they are
//! given, by a text under which an application keeps it.
//!
//! No module is resolved as its language would: a file counts as one that imports another if a line that imports says the
//! other's name. What is followed there still has to reach a browser under the name that it has there.

mod argument;
mod import;
mod settings;
mod typed;

use super::super::context::PathWords;
use super::{Asking, Carried, DEFAULT, Fields, Flow, Holder, NameKind};
use crate::model::{BlobPath, ProjectFile, Span};
use crate::syntax::{is_listed, whole_places};
use import::{Import, Imported};
use memchr::memmem;
use std::rc::Rc;

/// Ends of names of templates that have what an application keeps.
const VIEWS: &str = "ejs njk nunjucks hbs handlebars pug twig liquid erb haml slim eta";

/// Most files that a value is followed through, one importing the next.
const MOST_HOPS: usize = 3;

/// Most names that other files are asked for, for all that one file reads: each of them may be looked for in 32 MiB.
const MOST_ASKED: usize = 128;

/// Fewest letters of a name that is looked for in other files: shorter ones are those of minified code.
const SHORTEST: usize = 3;

/// What another file may know a value by.
#[derive(Clone, Copy, Debug)]
enum Shared<'t> {
    /// The name of it, or of a function that returns it.
    Name(&'t [u8], Fields<'t>, NameKind),
    /// What the module exports as a whole.
    Module(Fields<'t>, NameKind),
    /// The class of the objects that hold it.
    Class(&'t [u8], Fields<'t>),
    /// The text that an application keeps it under.
    Text(Holder<'t>),
    /// The name of a helper or of a variable of a controller, which the views of Rails have.
    View(&'t [u8], Fields<'t>),
    /// A setting of `config.x` (<https://guides.rubyonrails.org/configuring.html#custom-configuration>).
    Custom(Fields<'t>),
}

impl<'t> Shared<'t> {
    /// What others may know a name by that a file at this path has.
    fn of(holder: Holder<'t>, kind: NameKind, whole: Span, path: &BlobPath) -> Vec<Self> {
        let (name, fields) = (holder.name, holder.fields);
        let outer = fields.outer().unwrap_or_default();
        let is_short = holder.owner.unwrap_or(name).len() < SHORTEST;
        let is_in = |folder: &[u8]| memmem::find(path.as_bytes(), folder).is_some();
        let is_ruby = path.extension() == Some(b"rb");
        let own = match holder.owner {
            _ if is_short => None,
            _ if kind == NameKind::Kept => Some(Self::Text(holder)),
            Some(class) => Some(Self::Class(class, fields.within(name))),
            None if name == DEFAULT => Some(Self::Module(fields, kind)),
            None if name == b"module" && outer == b"exports" => {
                Some(Self::Module(fields.taken(), kind))
            }
            None if name == b"exports" => Some(Self::Name(outer, fields.taken(), kind)),
            None if is_ruby && name == b"config" && outer == b"x" => {
                Some(Self::Custom(fields.taken()))
            }
            None if holder.scope == whole => Some(Self::Name(name, fields, kind)),
            None => None,
        };
        let is_for_views =
            is_ruby && (is_in(b"helpers/") || is_in(b"controllers/") || is_in(b"app.rb"));
        let view = (is_for_views && !is_short).then_some(Self::View(name, fields));
        own.into_iter().chain(view).collect()
    }
}

/// True for a file with a word.
fn says<'t>(file: &'t ProjectFile, word: &'t [u8]) -> bool {
    let whole = Span::new(0, file.text.len());
    whole_places(&file.text, whole, word).next().is_some()
}

/// True for a file with the name of a class, in Swift also in small letters: `app.settings` of
/// `extension App { var settings ... }`.
fn says_class<'t>(file: &'t ProjectFile, class: &'t [u8]) -> bool {
    let is_swift = file.path.extension() == Some(b"swift");
    let small = || memmem::find(&file.text, &class.to_ascii_lowercase()).is_some();
    says(file, class) || is_swift && small()
}

/// True for a page of Apps Script that calls a function: `google.script.run.withSuccessHandler(f).getState()`.
fn is_called_from_page<'t>(file: &'t ProjectFile, function: &'t [u8]) -> bool {
    let is_page = file.path.extension() == Some(b"html");
    is_page && memmem::find(&file.text, b"google.script.run").is_some() && says(file, function)
}

impl<'t> Flow<'t> {
    /// True when a browser gets what a name holds by way of another file of the project, or of its class.
    pub(super) fn elsewhere(&mut self, holder: Holder<'t>, kind: NameKind) -> bool {
        self.ask(Asking::Name(holder, kind), |flow| {
            flow.is_shared(holder, kind)
        })
    }

    /// The answer of other files, each time the same one; false to whoever asks for what he is being asked.
    fn ask(&mut self, question: Asking<'t>, answer: impl FnOnce(&mut Self) -> bool) -> bool {
        let key = (self.text.as_ptr().addr(), question);
        let known = self.asked.borrow().get(&key).copied();
        let is_full = self.asked.borrow().len() >= MOST_ASKED;
        if known.is_some() || is_full || self.is_build || self.around.is_none() {
            return known.unwrap_or(false);
        }
        self.asked.borrow_mut().insert(key, false);
        let reaches = answer(self);
        self.asked.borrow_mut().insert(key, reaches);
        reaches
    }

    fn is_shared(&mut self, holder: Holder<'t>, kind: NameKind) -> bool {
        let was_hidden = self.is_hidden;
        let region = self.regions.at(holder.scope.start);
        let field = holder.fields.within(holder.name);
        self.is_hidden |= region.is_some_and(|region| region.is_hidden(field));
        self.is_hidden |= holder
            .owner
            .is_some_and(|class| self.declares_hidden(class, field));
        let whole = Span::new(0, self.text.len());
        let shared = Shared::of(holder, kind, whole, self.path);
        let own = shared.iter().any(|shared| match shared {
            Shared::Class(class, fields) => self.reaches_class(class, *fields),
            _ => false,
        });
        let reaches = own || self.shares(&shared);
        self.is_hidden = was_hidden;
        reaches
    }

    /// True when another file declares the field of a class, and leaves it out where its objects are sent.
    fn declares_hidden(&self, class: &'t [u8], field: Fields<'t>) -> bool {
        let files = self.around.map_or(&[][..], |around| around.project());
        files.iter().any(|file| {
            let whole = Span::new(0, file.text.len());
            let Some(at) = whole_places(&file.text, whole, class).next() else {
                return false;
            };
            let region = self.within(file).and_then(|mut flow| flow.regions.at(at));
            region.is_some_and(|region| region.is_hidden(field))
        })
    }

    /// The same of what other files know it by.
    fn shares(&self, shared: &[Shared<'t>]) -> bool {
        let is_followed = self.hops < MOST_HOPS && !shared.is_empty();
        let Some(around) = self.around.filter(|_| is_followed) else {
            return false;
        };
        let mut others = around.project().iter();
        others.any(|file| {
            let is_other = file.path != *self.path;
            is_other && shared.iter().any(|shared| self.reaches_in(file, *shared))
        })
    }

    /// True unless the project has templates that say the name of what they are given, and none of them prints the value.
    pub(super) fn is_viewed(&self, holder: Holder<'t>) -> bool {
        let files = self.around.map_or(&[][..], |around| around.project());
        let says = |file: &&ProjectFile| memmem::find(&file.text, holder.name).is_some();
        let views = files
            .iter()
            .filter(says)
            .filter_map(|file| self.within(file));
        let mut views = views.filter(|flow| flow.regions.is_template()).peekable();
        let is_unknown = views.peek().is_none();
        let prints = |mut flow: Self| {
            let holder = Holder {
                scope: Span::new(0, flow.text.len()),
                ..holder
            };
            flow.follow(holder, NameKind::Name, 0)
        };
        is_unknown || views.any(prints)
    }

    /// The same of one other file.
    fn reaches_in(&self, file: &'t ProjectFile, shared: Shared<'t>) -> bool {
        let text = &file.text;
        match shared {
            Shared::Name(name, _, NameKind::Function) if is_called_from_page(file, name) => {
                let at = memmem::find(text, name).unwrap_or(0);
                let flow = self.within(file);
                return flow.is_some_and(|flow| flow.note(Span::new(at, at)));
            }
            Shared::Class(class, fields) if says_class(file, class) => {
                let flow = self.within(file);
                return flow.is_some_and(|mut flow| flow.reaches_class(class, fields));
            }
            _ => {}
        }
        let names = self.known_as(file, shared);
        let places = match shared {
            Shared::Module(fields, _) if settings::laravel(self.path.as_bytes()).is_some() => {
                let own = settings::laravel(self.path.as_bytes()).unwrap_or_default();
                settings::asked(text, own, fields)
            }
            Shared::Module(fields, NameKind::Name) => {
                let places = Import::of(self.path, file).map_or(Vec::new(), Import::in_place);
                places.into_iter().map(|place| (place, fields)).collect()
            }
            _ => Vec::new(),
        };
        if names.is_empty() && places.is_empty() {
            return false;
        }
        let Some(mut flow) = self.within(file) else {
            return false;
        };
        let mut places = places.into_iter();
        places.any(|(place, fields)| flow.reaches_required(place, fields))
            || names.into_iter().any(|(name, owner, fields, kind)| {
                let holder = Holder {
                    name,
                    fields,
                    owner,
                    scope: Span::new(0, text.len()),
                };
                let is_type = kind != NameKind::Kept && owner.is_none();
                flow.follow(holder, kind, 0) || is_type && flow.reaches_typed(name, fields)
            })
    }

    /// True when a browser gets the module whose name stands at a place: `{ journey: require("./journey") }`.
    fn reaches_required(&mut self, place: Span, fields: Fields<'t>) -> bool {
        let Some(region) = self.regions.at(place.start) else {
            return false;
        };
        let Some((value, fields)) = region.required(place, fields) else {
            return false;
        };
        let mut carried = Carried {
            fields,
            ..Carried::default()
        };
        let end = region.end_of(value, &mut carried);
        self.ends(&region, end, &carried, place, 0)
    }

    /// The names by which another file knows it.
    fn known_as(&self, file: &'t ProjectFile, shared: Shared<'t>) -> Imported<'t> {
        let ending = file.path.extension().unwrap_or_default();
        let import = || Import::of(self.path, file);
        match shared {
            Shared::Text(holder) if says(file, holder.name) => {
                let kept = [NameKind::Kept, NameKind::Name];
                // A template has it by its name: `ctx.state.key = value` and `{{ key }}`.
                let count = 1 + usize::from(is_listed(VIEWS, ending));
                let kinds = kept.into_iter().take(count);
                kinds
                    .map(|kind| (holder.name, None, holder.fields, kind))
                    .collect()
            }
            // A file that hands the module on as an object need not say the name.
            Shared::Name(name, fields, kind) if says(file, name) || kind == NameKind::Name => {
                import().map_or(Vec::new(), |import| import.names(name, fields, kind))
            }
            Shared::Module(fields, kind) => {
                import().map_or(Vec::new(), |import| import.module(fields, kind))
            }
            Shared::View(name, fields)
                if says(file, name) && is_listed("erb haml slim", ending) =>
            {
                vec![(name, None, fields, NameKind::Name)]
            }
            Shared::Custom(fields) if ending == b"rb" || ending == b"erb" => {
                let owners = [&b"configuration"[..], b"config"];
                let names = owners.map(|owner| (&b"x"[..], Some(owner), fields, NameKind::Name));
                names.into()
            }
            _ => Vec::new(),
        }
    }

    /// True when a browser gets it from what has this class, by any of its names.
    fn reaches_class(&mut self, class: &'t [u8], fields: Fields<'t>) -> bool {
        let of_class = Holder {
            name: fields.outer().unwrap_or(class),
            fields: fields.taken(),
            owner: Some(class),
            scope: Span::new(0, self.text.len()),
        };
        self.reaches_typed(class, fields)
            || self.follow(of_class, NameKind::Name, 0)
            || self.follow(of_class, NameKind::Function, 0)
    }

    /// The same of names that say the class.
    fn reaches_typed(&mut self, class: &'t [u8], fields: Fields<'t>) -> bool {
        let whole = Span::new(0, self.text.len());
        let mut places = whole_places(self.text, whole, class);
        let region = places.find_map(|place| self.regions.at(place));
        let names = region.map_or_else(
            // Arguments of a template of templ stand in no tag: `templ page(cfg *config.Config) {`.
            || {
                typed::argument_before(self.text, class, fields)
                    .into_iter()
                    .collect()
            },
            |region| region.typed_names(class, fields),
        );
        let mut names = names.into_iter();
        names.any(|(holder, kind)| {
            // `SettingsDep = Annotated[Settings, Depends(get)]` is another name of the class.
            let is_alias = holder.name.first().is_some_and(u8::is_ascii_uppercase)
                && kind == NameKind::Name
                && holder.name != class;
            self.follow(holder, kind, 0) || is_alias && self.reaches_alias(holder.name, fields)
        })
    }

    /// The same of another name of the class.
    fn reaches_alias(&mut self, alias: &'t [u8], fields: Fields<'t>) -> bool {
        let mut places = whole_places(self.text, Span::new(0, self.text.len()), alias);
        let region = places.find_map(|place| self.regions.at(place));
        let names = region.map_or(Vec::new(), |region| region.typed_names(alias, fields));
        let mut names = names.into_iter();
        names.any(|(holder, kind)| self.follow(holder, kind, 0))
    }

    /// The search of another file for what this one shares, while there is room for it.
    fn within(&self, file: &'t ProjectFile) -> Option<Self> {
        self.room.set(self.room.get().checked_sub(file.text.len())?);
        Some(Self {
            room: Rc::clone(&self.room),
            around: self.around,
            hops: self.hops + 1,
            // What the settings of a bundler import is a part of the build: `define: { CONFIG: JSON.stringify(config) }`.
            is_build: PathWords::new(&file.path).is_build_config(),
            is_hidden: self.is_hidden,
            asked: Rc::clone(&self.asked),
            outlet: Rc::clone(&self.outlet),
            ..Self::alone(&file.text, &file.path)
        })
    }
}
