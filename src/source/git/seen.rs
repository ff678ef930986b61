//! Which packs and loose objects an earlier audit with the same rules has read, and what hit in
//! them. Kept in the user's cache folder and never in the repository: a repository that was copied
//! from somewhere could bring a cache that says everything is clean.

use super::graph::Graph;
use super::object::ObjectKind;
use super::object_id::{IdSet, ObjectId};
use super::pack::Pack;
use super::store::Listing;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

const FIRST_LINE: &str = "jvxleaks/seen/2";

/// What earlier audits know.
#[derive(Debug, Default)]
pub struct Seen {
    packs: BTreeSet<String>,
    loose: IdSet,
    hits: BTreeMap<ObjectId, ObjectKind>,
    /// Where the hits are in just these packs and loose objects.
    graph: Option<Arc<Graph>>,
    has_news: bool,
}

impl Seen {
    /// Reads what [`Seen::to_text`] wrote. A text for another `key` (other rules, version or
    /// repository), or one that is damaged, knows nothing.
    pub fn parse(text: &str, key: &str) -> Self {
        Self::lines(text, key).unwrap_or_default()
    }

    fn lines(text: &str, key: &str) -> Option<Self> {
        let mut seen = Self::default();
        let mut lines = text.lines();
        (lines.next()? == format!("{FIRST_LINE} {key}")).then_some(())?;
        while let Some(line) = lines.next() {
            let (word, rest) = line.split_once(' ')?;
            let id = || ObjectId::from_hex(rest.as_bytes());
            match word {
                "pack" => {
                    seen.packs.insert(rest.to_owned());
                }
                "loose" => {
                    seen.loose.insert(id()?);
                }
                "graph" => seen.graph = Some(Arc::new(Graph::from_lines(rest, &mut lines)?)),
                "end" => {
                    let fits = |graph: &Arc<Graph>| graph.hits == seen.hits.len();
                    return seen.graph.iter().all(fits).then_some(seen);
                }
                word => {
                    seen.hits.insert(id()?, kind(word)?);
                }
            }
        }
        None // Cut short.
    }

    /// What is known, for a file.
    pub fn to_text(&self, key: &str) -> String {
        let mut text = format!("{FIRST_LINE} {key}\n");
        for stamp in &self.packs {
            let _ = writeln!(text, "pack {stamp}");
        }
        let loose: BTreeSet<&ObjectId> = self.loose.iter().collect();
        for id in loose {
            let _ = writeln!(text, "loose {id}");
        }
        for (id, kind) in &self.hits {
            let _ = writeln!(text, "{} {id}", word(*kind));
        }
        if let Some(graph) = &self.graph {
            graph.to_lines(&mut text);
        }
        text + "end .\n"
    }

    /// True when it knows more than the text it was read from.
    pub fn has_news(&self) -> bool {
        self.has_news
    }

    /// Where the hits are, if nothing was added to the repository since that was found out.
    pub(super) fn graph(&self, listing: &Listing, packs: &[Pack]) -> Option<Arc<Graph>> {
        let same_loose = self.loose.len() == listing.loose.len()
            && listing.loose.iter().all(|id| self.loose(*id));
        let stamps = packs.iter().map(|pack| stamp(pack.path()));
        let stamps: Option<BTreeSet<String>> = stamps.collect();
        let graph = self.graph.as_ref().filter(|_| same_loose)?;
        (stamps? == self.packs).then(|| graph.clone())
    }

    /// Forgets everything when a pack that was read is gone: what other objects name may have been
    /// in it.
    pub(super) fn forget_unless_in(&mut self, listing: &Listing) {
        let there: BTreeSet<String> = listing.packs.iter().map(|path| name(path)).collect();
        let is_there = |stamp: &String| there.contains(stamp.split(' ').next().unwrap_or_default());
        if !self.packs.iter().all(is_there) {
            *self = Self {
                has_news: true,
                ..Self::default()
            };
        }
    }

    /// The hits in a pack, if that is known.
    pub(super) fn pack(&self, pack: &Pack) -> Option<Vec<(ObjectId, ObjectKind)>> {
        self.packs.contains(&stamp(pack.path())?).then_some(())?;
        let hits = self.hits.iter().filter(|(id, _)| pack.contains(**id));
        Some(hits.map(|(id, kind)| (*id, *kind)).collect())
    }

    /// True when a loose object is known.
    pub(super) fn loose(&self, id: ObjectId) -> bool {
        self.loose.contains(&id)
    }

    /// What a known object is, if it hit.
    pub(super) fn hit(&self, id: ObjectId) -> Option<ObjectKind> {
        self.hits.get(&id).copied()
    }

    /// Takes over what an audit found that read everything.
    pub(super) fn learn(
        &mut self,
        listing: &Listing,
        packs: &[Pack],
        hits: &BTreeMap<ObjectId, ObjectKind>,
        graph: &Arc<Graph>,
    ) {
        let known = self.graph(listing, packs);
        if known.is_some_and(|known| Arc::ptr_eq(&known, graph)) && self.hits == *hits {
            return;
        }
        self.packs = packs.iter().filter_map(|pack| stamp(pack.path())).collect();
        self.loose = listing.loose.iter().copied().collect();
        self.hits.clone_from(hits);
        self.graph = Some(graph.clone());
        self.has_news = true;
    }
}

/// A pack's name, which is made of its content, with sizes and time in case that is a lie.
fn stamp(index: &Path) -> Option<String> {
    let of = |path: &Path| std::fs::metadata(path).ok();
    let (index_size, pack) = (of(index)?.len(), of(&index.with_extension("pack"))?);
    let changed = pack.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let (name, size, changed) = (name(index), pack.len(), changed.as_nanos());
    Some(format!("{name} {size} {index_size} {changed}"))
}

fn name(index: &Path) -> String {
    let name = index.file_name().unwrap_or_default().to_string_lossy();
    name.replace(char::is_whitespace, "_")
}

fn word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Blob => "blob",
        ObjectKind::Commit => "commit",
        ObjectKind::Tag => "tag",
    }
}

fn kind(word: &str) -> Option<ObjectKind> {
    let all = [ObjectKind::Blob, ObjectKind::Commit, ObjectKind::Tag];
    all.into_iter().find(|kind| self::word(*kind) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_for_its_key_and_only_whole() {
        let id = ObjectId::from_hex(&[b'a'; 40]).unwrap();
        let seen = Seen {
            packs: BTreeSet::from(["pack-1.idx 2 3 4".to_owned()]),
            loose: IdSet::from_iter([id]),
            hits: BTreeMap::from([(id, ObjectKind::Tag)]),
            graph: None,
            has_news: true,
        };
        let knows = |text: &str, key| {
            let seen = Seen::parse(text, key);
            assert!(!seen.has_news());
            seen.to_text("k")
        };
        let nothing = Seen::default().to_text("k");
        let text = seen.to_text("k");
        assert_eq!(knows(&text, "k"), text);
        assert_eq!(knows(&text, "other"), nothing);
        assert_eq!(knows(&text[..text.len() - 7], "k"), nothing);
        assert_eq!(knows("", "k"), nothing);
    }
}
