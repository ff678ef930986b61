//! How the runtimes of webpack and rspack name chunks: `r.u = e => "static/js/" + ({7: "list"}[e] || e) + "." + {7: "1b2c"}[e] + ".js"`.
//!
//! The function is read and not run: it may only join literals, its argument and tables. Its chunks are those that a table
//! has a part of the name of, and those that some script asks for by id, `r.e(7)`.

use super::literal::{behind_words, literal_at};
use super::place::{Standpoint, promised};
use super::runtime::{self, NamePart, Way, number};
use super::{Link, Sure};
use crate::source::site::served::Media;
use memchr::memmem;
use std::collections::BTreeSet;

/// Most chunks of one site.
const MOST_IDS: usize = 10_000;

/// The function of a runtime that names chunks.
#[derive(Clone, Debug)]
pub(in crate::source::site) struct ChunkNames {
    /// One way to make a name, or several of which all but the last are for one id each.
    ways: Vec<Way>,
    /// What stands before all names: `r.p = "/_next/"`.
    public: Option<String>,
    at: Standpoint,
}

impl ChunkNames {
    /// The functions of a script that name chunks, and the style sheets that belong to them.
    pub(super) fn of(text: &[u8], at: &Standpoint) -> Vec<Self> {
        let functions = runtime::functions(text);
        let public = (!functions.is_empty()).then(|| public_path(text)).flatten();
        let names = functions.into_iter().map(|ways| Self {
            ways,
            public: public.clone(),
            at: at.clone(),
        });
        names.collect()
    }

    /// The ids that it has a part of the name of.
    fn own_ids(&self) -> impl Iterator<Item = &String> {
        self.ways.iter().flat_map(|way| {
            let tables = way.parts.iter().filter_map(|part| match part {
                NamePart::Table { names, .. } => Some(names.keys()),
                _ => None,
            });
            tables.flatten().chain(&way.only)
        })
    }

    /// What a chunk is called.
    fn name(&self, id: &str) -> Option<String> {
        let is_its = |way: &&Way| way.only.as_deref().is_none_or(|only| only == id);
        let way = self.ways.iter().find(is_its)?;
        let parts = way.parts.iter().map(|part| match part {
            NamePart::Text(text) => Some(text.as_str()),
            NamePart::Id => Some(id),
            NamePart::Table { names, or_id } => {
                let name = names.get(id).map(String::as_str);
                name.or_else(|| or_id.then_some(id))
            }
        });
        parts.collect()
    }

    fn link(&self, id: &str) -> Option<Link> {
        let name = self.name(id)?;
        let expects = promised(&name, Media::Script)?;
        let known = self.public.as_ref();
        let known = known.and_then(|public| self.at.of_document(&format!("{public}{name}")));
        let mut urls = self.at.anywhere(&name);
        if let Some(known) = known {
            urls.retain(|url| *url != known);
            urls.insert(0, known);
        }
        (!urls.is_empty()).then_some(Link {
            urls,
            sure: Sure::Named,
            expects,
        })
    }
}

/// What all scripts of a site say of its chunks: one has the function, others the ids.
#[derive(Debug, Default)]
pub(in crate::source::site) struct Chunks {
    tables: Vec<ChunkNames>,
    ids: BTreeSet<String>,
}

impl Chunks {
    /// Learns of more functions and ids; the links to chunks that were not known before.
    pub(in crate::source::site) fn learn(
        &mut self,
        tables: Vec<ChunkNames>,
        ids: Vec<String>,
    ) -> Vec<Link> {
        let known = self.tables.len();
        let own = tables.iter().flat_map(ChunkNames::own_ids).cloned();
        let new = ids.into_iter().chain(own);
        let new: BTreeSet<String> = new.filter(|id| !self.ids.contains(id)).collect();
        let room = MOST_IDS.saturating_sub(self.ids.len());
        let new: BTreeSet<String> = new.into_iter().take(room).collect();
        self.tables.extend(tables);
        let of_new = self.tables[known..].iter().flat_map(|table| {
            let ids = self.ids.iter();
            ids.filter_map(|id| table.link(id))
        });
        let mut links: Vec<Link> = of_new.collect();
        let tables = self.tables.iter();
        links.extend(tables.flat_map(|table| new.iter().filter_map(|id| table.link(id))));
        self.ids.extend(new);
        links
    }
}

/// The ids of chunks that code asks for: `r.e(7)`, `__webpack_require__.e("list")`.
pub(super) fn ids(text: &[u8]) -> Vec<String> {
    let calls = memmem::find_iter(text, b".e(");
    let ids = calls.filter_map(|at| {
        let at = at + b".e(".len();
        if let Some((id, behind)) = literal_at(text, at) {
            return (text.get(behind) == Some(&b')')).then_some(id);
        }
        let rest = &text[at..text.len().min(at + 12)];
        let digits = rest
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'e');
        let digits = digits.count();
        let is_id = rest.get(digits) == Some(&b')') && rest[0].is_ascii_digit();
        is_id.then(|| number(&rest[..digits])).flatten()
    });
    let ids: BTreeSet<String> = ids.take(MOST_IDS).collect();
    ids.into_iter().collect()
}

/// `r.p = "/_next/"`.
fn public_path(text: &[u8]) -> Option<String> {
    let mut ends = behind_words(text, b"p").filter(|end| text[..end - 1].ends_with(b"."));
    ends.find_map(|end| {
        let sign = super::literal::behind_gap(text, end);
        let is_given = text.get(sign) == Some(&b'=');
        let (path, _) = is_given.then(|| literal_at(text, sign + 1)).flatten()?;
        path.ends_with('/').then_some(path)
    })
}
