//! Which packs and loose objects an earlier audit with the same rules has read, and what hit in
//! them. Kept in the user's cache folder and never in the repository: a repository that was copied
//! from somewhere could bring a cache that says everything is clean.
//!
//! An audit with it must say what one without it says. So whatever is gone since, or was changed, or
//! is damaged in the text itself, means reading anew; and only an audit that met no trouble is kept.

use super::super::pack::store::{FileStamp, Listing};
use super::super::pack::{Pack, Packed};
use super::super::provenance::graph::Graph;
use super::super::provenance::kept_graph::KeptGraph;
use super::super::repo::object::ObjectKind;
use super::super::repo::object_id::{IdMap, ObjectId};
use super::super::repo::single::{Objects, single};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

const FIRST_LINE: &str = "jvxleaks/seen/3";

/// What the last line begins with; the rest is the checksum of all before it.
const LAST_LINE: &str = "sha256 ";

/// What earlier audits know.
#[derive(Debug, Default)]
pub struct Seen {
    packs: BTreeSet<PackStamp>,
    loose: IdMap<FileStamp>,
    hits: BTreeMap<ObjectId, ObjectKind>,
    /// Where the hits are in just these packs and loose objects, as it was read.
    kept: Option<KeptGraph>,
    /// The same, as it was learned.
    graph: Option<Arc<Graph>>,
    has_news: bool,
}

/// A pack, by a hash of its name and of the sizes and times of its files.
type PackStamp = String;

impl Seen {
    /// Reads what [`Seen::to_text`] wrote. A text for another `key` (other rules, version or
    /// repository), or one that is damaged, knows nothing.
    pub fn parse(text: &str, key: &str) -> Self {
        Self::checked(text, key).unwrap_or_default()
    }

    fn checked(text: &str, key: &str) -> Option<Self> {
        let at = text.strip_suffix('\n')?.rfind('\n')? + 1;
        let (body, last) = text.split_at(at);
        (last == format!("{LAST_LINE}{}\n", checksum(body))).then_some(())?;
        let mut seen = Self::default();
        let mut lines = body.lines();
        (lines.next()? == format!("{FIRST_LINE} {key}")).then_some(())?;
        while let Some(line) = lines.next() {
            let (word, rest) = line.split_once(' ')?;
            match word {
                "pack" => {
                    seen.packs.insert(rest.to_owned());
                }
                "loose" => {
                    let (id, stamp) = loose(rest)?;
                    seen.loose.insert(id, stamp);
                }
                "graph" => seen.kept = Some(KeptGraph::from_lines(rest, &mut lines)?),
                word => {
                    let id = ObjectId::from_hex(rest.as_bytes())?;
                    seen.hits.insert(id, kind(word)?);
                }
            }
        }
        let fits = |graph: &KeptGraph| graph.hits() == seen.hits.len();
        seen.kept.iter().all(fits).then_some(seen)
    }

    /// What is known, for a file. It holds no names.
    pub fn to_text(&self, key: &str) -> String {
        let mut text = format!("{FIRST_LINE} {key}\n");
        for stamp in &self.packs {
            let _ = writeln!(text, "pack {stamp}");
        }
        let loose: BTreeMap<&ObjectId, &FileStamp> = self.loose.iter().collect();
        for (id, stamp) in loose {
            let _ = writeln!(text, "loose {id} {} {}", stamp.size, stamp.changed);
        }
        for (id, kind) in &self.hits {
            let _ = writeln!(text, "{} {id}", word(*kind));
        }
        if let Some(graph) = &self.graph {
            graph.to_lines(&mut text);
        }
        let sum = checksum(&text);
        text + &format!("{LAST_LINE}{sum}\n")
    }

    /// True when it knows more than the text it was read from.
    pub fn has_news(&self) -> bool {
        self.has_news
    }

    /// Where the hits are, if nothing was added to the repository since that was found out. The names
    /// of files are read from `objects`.
    pub(in crate::source::git) fn graph(
        &mut self,
        listing: &Listing,
        packs: &[Pack],
        objects: &Objects,
    ) -> Option<Arc<Graph>> {
        let same_loose = self.loose.len() == listing.loose.len();
        let mut loose = listing.loose.iter();
        let same_loose = same_loose && loose.all(|(id, stamp)| self.loose(*id, *stamp));
        let stamps = packs.iter().map(|pack| stamp(pack.path()));
        (same_loose && stamps.collect::<BTreeSet<_>>() == self.packs).then_some(())?;
        if self.graph.is_none() {
            let tree = |id| match single(objects, id) {
                Ok((Packed::Tree, raw)) => Some(raw),
                _ => None,
            };
            self.graph = Some(Arc::new(self.kept.take()?.named(tree)?));
        }
        self.graph.clone()
    }

    /// Forgets everything when something that was read is gone, or a pack is another: what other
    /// objects name may have been in it.
    pub(super) fn forget_unless_in(&mut self, listing: &Listing) {
        let there: BTreeSet<PackStamp> = listing.packs.iter().map(|path| stamp(path)).collect();
        let loose = |id: &ObjectId| listing.loose.contains_key(id);
        if !self.packs.is_subset(&there) || !self.loose.keys().all(loose) {
            *self = Self {
                has_news: true,
                ..Self::default()
            };
        }
    }

    /// The hits in a pack, if that is known.
    pub(in crate::source::git) fn pack(&self, pack: &Pack) -> Option<Vec<(ObjectId, ObjectKind)>> {
        self.packs.contains(&stamp(pack.path())).then_some(())?;
        let hits = self.hits.iter().filter(|(id, _)| pack.contains(**id));
        Some(hits.map(|(id, kind)| (*id, *kind)).collect())
    }

    /// True when a loose object is known, and its file is what it was.
    pub(in crate::source::git) fn loose(&self, id: ObjectId, stamp: FileStamp) -> bool {
        self.loose.get(&id) == Some(&stamp)
    }

    /// What a known object is, if it hit.
    pub(in crate::source::git) fn hit(&self, id: ObjectId) -> Option<ObjectKind> {
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
        *self = Self {
            packs: packs.iter().map(|pack| stamp(pack.path())).collect(),
            loose: listing.loose.iter().map(|(id, at)| (*id, *at)).collect(),
            hits: hits.clone(),
            kept: None,
            graph: Some(graph.clone()),
            has_news: true,
        };
    }
}

fn loose(words: &str) -> Option<(ObjectId, FileStamp)> {
    let mut words = words.split(' ');
    let id = ObjectId::from_hex(words.next()?.as_bytes())?;
    let (size, changed) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((id, FileStamp { size, changed }))
}

/// A pack's name is made of its content; sizes and times are for when that is a lie.
fn stamp(index: &Path) -> PackStamp {
    let name = index.file_name().unwrap_or_default();
    let (pack, index) = (
        FileStamp::of(&index.with_extension("pack")),
        FileStamp::of(index),
    );
    let text = format!(
        "{} {} {} {} ",
        pack.size, pack.changed, index.size, index.changed
    );
    let mut digest = Sha256::new();
    digest.update(text);
    digest.update(name.as_encoded_bytes());
    hex(&digest.finalize()[..16])
}

fn checksum(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Blob => "blob",
        ObjectKind::Commit => "commit",
        ObjectKind::Tag => "tag",
        ObjectKind::Name => "name",
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
            packs: BTreeSet::from([stamp(Path::new("pack-1.idx"))]),
            loose: IdMap::from_iter([(id, FileStamp::default())]),
            hits: BTreeMap::from([(id, ObjectKind::Tag)]),
            has_news: true,
            ..Seen::default()
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
        assert_eq!(knows(&format!("{text}\n"), "k"), nothing);
        for at in 0..text.len() {
            let other = format!("{}~{}", &text[..at], &text[at + 1..]);
            assert_eq!(knows(&other, "k"), nothing, "{at}");
        }
    }
}
