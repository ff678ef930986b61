//! What a ref or an id leads to, through tags.

use super::super::pack::Packed;
use super::super::repo::object::{TAG_MESSAGE, date, tag_target, tagged, written};
use super::super::repo::object_id::ObjectId;
use super::super::repo::single::{Objects, kind_of, single};
use crate::model::{Blob, Origin, RefName};
use crate::source::{Consumer, Event};

/// What a ref names in the end, and the tags on the way there.
pub(in crate::source::git) struct RefTarget {
    /// Annotated tags, each with its bytes.
    pub(in crate::source::git) tags: Vec<(ObjectId, Vec<u8>)>,
    /// What is tagged, or why that cannot be told.
    pub(in crate::source::git) end: Result<(Packed, ObjectId), String>,
}

impl RefTarget {
    /// Follows tags from `id` on.
    pub(in crate::source::git) fn of(objects: &Objects, id: ObjectId) -> Self {
        let mut tags = Vec::new();
        let mut at = id;
        let end = loop {
            // What is no tag is not read here: it may be long.
            match kind_of(objects, at) {
                Ok(Packed::Tag) => {}
                Ok(kind) => break Ok((kind, at)),
                Err(what) => break Err(what),
            }
            match single(objects, at) {
                Ok((_, raw)) => match tag_target(&raw) {
                    Some(next) => {
                        tags.push((at, raw));
                        at = next;
                    }
                    None => break Err(format!("tag {at} is malformed; run `git fsck`")),
                },
                Err(what) => break Err(what),
            }
        };
        Self { tags, end }
    }

    /// Hands out the text of each tag on the way, which a ref called `name` begins.
    pub(in crate::source::git) fn hand_out_texts(&self, name: &RefName, consumer: &dyn Consumer) {
        for (tag, raw) in &self.tags {
            consumer.take(Event::Blob(Blob {
                path: &TAG_MESSAGE.into(),
                origin: &Origin::TagMessage {
                    tag: tag.to_string(),
                    date: tagged(raw).map(date).unwrap_or_default(),
                    refs: [name.clone()].into(),
                },
                bytes: &written(raw),
            }));
        }
    }

    /// The commit that it leads to.
    pub(in crate::source::git) fn commit(&self) -> Option<ObjectId> {
        match self.end {
            Ok((Packed::Commit, id)) => Some(id),
            _ => None,
        }
    }
}
