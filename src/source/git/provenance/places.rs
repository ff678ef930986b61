//! Hits once more, each with the paths at which history had it.

use super::super::audit::history::History;
use super::super::pointers;
use super::super::repo::object::object_path;
use super::super::repo::object_id::ObjectId;
use super::super::repo::single::{Objects, single, text};
use super::Provenance;
use super::tracing::MOST_COPIES;
use super::trail::{Look, Trail};
use crate::model::Fault;
use crate::source::{Consumer, Event};
use rayon::prelude::*;

/// A thread takes no fewer hits than this at once.
const FEW: usize = 8;

impl History {
    /// Shows each hit of `provenance` to `look`, once for every place it was at. A hit that cannot
    /// be read any more is a fault at `consumer`, as is what could not be asked where hits are.
    pub fn visit_places(&self, provenance: &Provenance, look: Look<'_>, consumer: &dyn Consumer) {
        for fault in &provenance.unread {
            consumer.take(Event::Fault(fault.clone()));
        }
        if provenance.is_cut {
            consumer.take(Event::Note(not_all_places()));
        }
        let trails: Vec<(&ObjectId, &Trail)> = provenance.trails.iter().collect();
        let each = |objects: &mut Option<Objects>, (id, trail): (&ObjectId, &Trail)| {
            if let Some(name) = &trail.name {
                let places = provenance.places(*id);
                return places.iter().for_each(|at| look(at, name.text()));
            }
            let read = match objects {
                Some(objects) => single(objects, *id),
                None => Err("the repository could not be opened again".to_owned()),
            };
            match read {
                Ok((kind, raw)) => {
                    let bytes = text(kind, &raw);
                    provenance
                        .places(*id)
                        .iter()
                        .for_each(|at| pointers::look_at(&self.repo, at, &bytes, look, consumer));
                }
                Err(what) => consumer.take(Event::Fault(Fault::new(object_path(*id), what))),
            }
        };
        trails
            .into_par_iter()
            .with_min_len(FEW)
            .for_each_init(|| self.repo.objects().ok(), each);
    }
}

/// What is said where a few trees name each other many times.
fn not_all_places() -> String {
    format!(
        "some commit holds a file or folder at more than {MOST_COPIES} places, or below more folders than git checks out: it was read, and not all of its places are told"
    )
}
