//! The way of a value into a function or a class of another file, which is called with it: `new Client(config.key)`.

use super::super::call::called;
use super::super::{Asking, CallArgument, Flow, MOST_PLACES};
use super::{Import, MOST_HOPS, SHORTEST, says};
use crate::model::{ProjectFile, Span};
use crate::syntax::whole_places;

impl<'t> Flow<'t> {
    /// True when a browser gets what a function of another file is given.
    pub(in super::super) fn is_passed_on(&mut self, argument: CallArgument<'t>) -> bool {
        self.ask(Asking::Argument(argument), |flow| {
            flow.is_taken_elsewhere(argument)
        })
    }

    fn is_taken_elsewhere(&mut self, argument: CallArgument<'t>) -> bool {
        let name = called(argument.function);
        let Some(around) = self
            .around
            .filter(|_| self.hops < MOST_HOPS && name.len() >= SHORTEST)
        else {
            return false;
        };
        let files = around.project();
        let Some(own) = files.iter().find(|file| file.path == *self.path) else {
            return false;
        };
        let others = files
            .iter()
            .filter(|file| file.path != *self.path && says(file, name));
        others
            .into_iter()
            .any(|file| self.is_taken_in(file, own, argument))
    }

    /// The same of one file, of which `own` has the call.
    fn is_taken_in(
        &self,
        file: &'t ProjectFile,
        own: &'t ProjectFile,
        argument: CallArgument<'t>,
    ) -> bool {
        let Some(mut flow) = self.within(file) else {
            return false;
        };
        let here = called(argument.function);
        let import = Import::of(&file.path, own);
        let name = import.as_ref().map_or(here, |import| import.name_of(here));
        let whole = Span::new(0, file.text.len());
        let places = whole_places(&file.text, whole, name).take(MOST_PLACES);
        let mut regions = places.filter_map(|place| flow.regions.at(place));
        let Some(region) = regions.next() else {
            return false;
        };
        let Some(definition) = region.definition(name) else {
            return false;
        };
        // A class has one name in all of a project; a function is that of the file which is imported.
        let is_meant = definition.makes.is_some()
            || import.is_some_and(|import| import.gives(argument.function));
        let end = region.taken_by(&definition, argument).filter(|_| is_meant);
        end.is_some_and(|end| flow.ends_shown(end, 0))
    }
}
