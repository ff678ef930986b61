//! What layers take away from those below them: a file at the same path, a
//! [whiteout](https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts), or something else where a
//! folder was.

use super::files::ImageFiles;
use crate::decode::archive::{Budget, Limits, TarEntryKind, tar_entries};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What the name of a file begins with that stands for one that is gone.
const WHITEOUT: &[u8] = b".wh.";

/// The name of a file that stands for all that layers below have in its folder.
const OPAQUE: &[u8] = b".wh..wh..opq";

/// Most files that are asked about, and most folders above one: more are only in what nobody uses.
const MOST_FILES: usize = 10_000;
const DEEPEST: usize = 64;

/// Files, and which layers hide them.
#[derive(Debug, Default)]
pub(super) struct LayerHiding {
    layers: BTreeSet<Vec<u8>>,
    /// The files, each with the number under which `hidden` has it.
    files: BTreeMap<Vec<u8>, usize>,
    /// Layer and number of the file.
    hidden: BTreeSet<(Vec<u8>, usize)>,
}

impl LayerHiding {
    /// Asks whether a layer hides the file at `path`.
    pub(super) fn seek(&mut self, path: &[u8]) {
        let next = self.files.len();
        if next < MOST_FILES && !self.files.contains_key(path) {
            self.files.insert(path.to_vec(), next);
        }
    }

    /// Asks it of these layers.
    pub(super) fn seek_in<'n>(&mut self, layers: impl Iterator<Item = &'n [u8]>) {
        self.layers.extend(layers.map(<[u8]>::to_vec));
    }

    /// Looks into the layers.
    pub(super) fn look(&mut self, files: &dyn ImageFiles) {
        let mut hidden = BTreeSet::new();
        let below = self.below();
        let (mut sizes, mut unpacked) = (0, 0_u64);
        files.layers(&self.layers, &mut |layer, bytes| {
            sizes += bytes.len();
            // What is read of all layers is bounded as what is read of an archive of their size.
            let limits = Limits::default().for_size(sizes);
            let total = limits.total.saturating_sub(unpacked);
            let limits = Limits { total, ..limits };
            let budget = Budget::new(limits, bytes.len());
            let mut done = BTreeSet::new();
            tar_entries(bytes, &budget, &mut |entry| {
                unpacked = unpacked.saturating_add(entry.size);
                let (path, takes) = taken(&entry.path, &entry.kind);
                let Some((path, sought)) = below.get_key_value(&*path) else {
                    return;
                };
                if done.insert((*path, takes)) {
                    let taken = sought.iter().filter(|(_, below)| takes.covers(*below));
                    hidden.extend(taken.map(|(number, _)| (layer.to_vec(), *number)));
                }
            });
        });
        self.hidden = hidden;
    }

    /// True when `layer` hides the file at `path`, which was asked before.
    pub(super) fn is_hidden(&self, layer: &[u8], path: &[u8]) -> bool {
        let number = self.files.get(path);
        number.is_some_and(|number| self.hidden.contains(&(layer.to_vec(), *number)))
    }

    /// The files at and below each path on the way to one.
    fn below(&self) -> BTreeMap<&[u8], Vec<(usize, bool)>> {
        let mut below: BTreeMap<&[u8], Vec<(usize, bool)>> = BTreeMap::new();
        for (path, number) in &self.files {
            below.entry(path).or_default().push((*number, false));
            let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/');
            let above = ends.map(|(at, _)| &path[..at]).take(DEEPEST);
            for above in above.chain([&b""[..]]) {
                below.entry(above).or_default().push((*number, true));
            }
        }
        below
    }
}

/// Which files an entry of a layer takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    /// The file of that path.
    Same,
    /// All below it.
    Below,
    /// Both.
    All,
    Nothing,
}

impl Taken {
    fn covers(self, is_below: bool) -> bool {
        match self {
            Self::All => true,
            Self::Below => is_below,
            Self::Same => !is_below,
            Self::Nothing => false,
        }
    }
}

/// The path at which an entry takes something away, and what.
fn taken<'p>(path: &'p [u8], kind: &TarEntryKind) -> (Cow<'p, [u8]>, Taken) {
    let at = path.iter().rposition(|b| *b == b'/');
    let (folder, name) = at.map_or((&b""[..], path), |at| (&path[..at], &path[at + 1..]));
    if name == OPAQUE {
        return (Cow::Borrowed(folder), Taken::Below);
    }
    match name.strip_prefix(WHITEOUT) {
        // Notes that aufs keeps for itself.
        Some(rest) if rest.starts_with(WHITEOUT) => (Cow::Borrowed(path), Taken::Nothing),
        // No file is called so; who builds a root file system of it passes it over.
        Some(b"" | b"." | b"..") => (Cow::Borrowed(path), Taken::Nothing),
        Some(rest) if folder.is_empty() => (Cow::Borrowed(rest), Taken::All),
        Some(rest) => (Cow::Owned([folder, b"/", rest].concat()), Taken::All),
        None if *kind == TarEntryKind::Folder => (Cow::Borrowed(path), Taken::Same),
        None => (Cow::Borrowed(path), Taken::All),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_takes_away_what_is_at_and_below_its_path() {
        let told = |path: &str, kind| {
            let (path, what) = taken(path.as_bytes(), &kind);
            format!("{what:?} {}", String::from_utf8_lossy(&path))
        };
        use TarEntryKind::{File, Folder};
        let told = [
            told("app/.env", File),
            told("app", Folder),
            told("app/.wh..env", File),
            told(".wh.app", File),
            told("a/b/.wh..wh..opq", File),
            told(".wh..wh..opq", File),
            told(".wh..wh.plnk", File),
            told(".wh.", File),
            told("a/.wh..", File),
            told("a/.wh...", File),
            told("app", TarEntryKind::Link(b"elsewhere".to_vec())),
        ];
        insta::assert_snapshot!(told.join("\n"), @"
        All app/.env
        Same app
        All app/.env
        All app
        Below a/b
        Below 
        Nothing .wh..wh.plnk
        Nothing .wh.
        Nothing a/.wh..
        Nothing a/.wh...
        All app
        ");
    }
}
