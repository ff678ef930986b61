//! A graph in lines of text: an audit of a repository that has not changed since the last one takes
//! it from there and reads only the few trees that tell a name. A name of a file may be a secret
//! too, so none is written: it is looked up again in a tree that has it, by its hash.

use super::super::repo::object::TreeEntries;
use super::super::repo::object_id::ObjectId;
use super::graph::{CommitNode, Graph, Node};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A graph as it was kept: all but the names.
#[derive(Debug)]
pub(in crate::source::git) struct KeptGraph {
    graph: Graph,
    names: Vec<NameSign>,
}

/// A name that is not told.
#[derive(Clone, Copy, Debug)]
struct NameSign {
    /// A tree that has it.
    tree: ObjectId,
    /// The beginning of its hash.
    hash: u64,
}

impl Graph {
    /// Writes the numbers of hits, names, trees and commits, and then a line for each: a tree that
    /// has a name, and the name's hash; a tree's id and what it holds (`name:node`); a commit's id,
    /// its tree or `-`, its two times and its parents.
    pub(in crate::source::git) fn to_lines(&self, text: &mut String) {
        let (names, trees, commits) = (self.names.len(), self.edges.len(), self.commits.len());
        let _ = writeln!(text, "graph {} {names} {trees} {commits}", self.hits);
        let ids = self.tree_ids();
        let mut holders = vec![None; names];
        for (id, edges) in ids.iter().zip(&self.edges) {
            edges
                .iter()
                .for_each(|(name, _)| holders[*name as usize] = *id);
        }
        for (holder, name) in holders.into_iter().zip(&self.names) {
            push_id(text, holder);
            let _ = writeln!(text, " {:016x}", hash(name));
        }
        for (id, edges) in ids.into_iter().zip(&self.edges) {
            push_id(text, id);
            for (name, child) in edges {
                let _ = write!(text, " {name}:{child}");
            }
            text.push('\n');
        }
        for commit in &self.commits {
            push_id(text, Some(commit.id));
            let _ = match commit.tree {
                Some(tree) => write!(text, " {tree}"),
                None => write!(text, " -"),
            };
            let _ = write!(text, " {} {}", commit.authored, commit.committed);
            for parent in &commit.parents {
                let _ = write!(text, " {parent}");
            }
            text.push('\n');
        }
    }

    /// The ids of trees, by number.
    fn tree_ids(&self) -> Vec<Option<ObjectId>> {
        let mut ids = vec![None; self.edges.len()];
        for (id, node) in &self.trees {
            let at = (*node as usize).checked_sub(self.hits);
            if let Some(place) = at.and_then(|at| ids.get_mut(at)) {
                *place = Some(*id);
            }
        }
        ids
    }
}

impl KeptGraph {
    /// Number of hits.
    pub(in crate::source::git) fn hits(&self) -> usize {
        self.graph.hits
    }

    /// Reads what [`Graph::to_lines`] wrote; `None` when that is damaged.
    pub(in crate::source::git) fn from_lines<'t>(
        head: &str,
        lines: &mut impl Iterator<Item = &'t str>,
    ) -> Option<Self> {
        let counts: Vec<usize> = head.split(' ').map_while(|n| n.parse().ok()).collect();
        let [hits, names, trees, commits] = counts[..] else {
            return None;
        };
        let signs: Option<Vec<_>> = (0..names).map(|_| sign(lines.next()?)).collect();
        let mut graph = Graph {
            hits,
            ..Graph::default()
        };
        let known = |node: &Node| (*node as usize) < hits + trees;
        for _ in 0..trees {
            let mut words = lines.next()?.split(' ');
            let id = ObjectId::from_hex(words.next()?.as_bytes())?;
            let edge = |word: &str| {
                let (name, child) = word.split_once(':')?;
                let (name, child): (u32, Node) = (name.parse().ok()?, child.parse().ok()?);
                ((name as usize) < names && known(&child)).then_some((name, child))
            };
            let edges: Option<Vec<_>> = words.map(edge).collect();
            graph.trees.insert(id, (hits + graph.edges.len()) as Node);
            graph.edges.push(edges?);
        }
        for no in 0..commits {
            let commit = commit(lines.next()?)?;
            let parents_known = commit.parents.iter().all(|p| (*p as usize) < commits);
            (parents_known && commit.tree.iter().all(known)).then_some(())?;
            graph.numbers.insert(commit.id, no as u32);
            graph.commits.push(commit);
        }
        graph.put_in_order();
        Some(Self {
            graph,
            names: signs?,
        })
    }

    /// The graph with its names, for which `tree` gives the bytes of trees; `None` when a name is not
    /// found again.
    pub(in crate::source::git) fn named(
        self,
        tree: impl Fn(ObjectId) -> Option<Vec<u8>>,
    ) -> Option<Graph> {
        let Self { mut graph, names } = self;
        let mut wanted: BTreeMap<ObjectId, Vec<(u64, usize)>> = BTreeMap::new();
        for (no, sign) in names.iter().enumerate() {
            wanted.entry(sign.tree).or_default().push((sign.hash, no));
        }
        let mut found: Vec<Option<Vec<u8>>> = vec![None; names.len()];
        for (id, wanted) in wanted {
            let raw = tree(id)?;
            for entry in TreeEntries::new(&raw) {
                let hash = hash(entry.name);
                let same = wanted.iter().filter(|(wanted, _)| *wanted == hash);
                same.for_each(|(_, no)| found[*no] = Some(entry.name.to_vec()));
            }
        }
        graph.names = found.into_iter().collect::<Option<_>>()?;
        Some(graph)
    }
}

fn sign(line: &str) -> Option<NameSign> {
    let (tree, hash) = line.split_once(' ')?;
    Some(NameSign {
        tree: ObjectId::from_hex(tree.as_bytes())?,
        hash: u64::from_str_radix(hash, 16).ok()?,
    })
}

fn hash(name: &[u8]) -> u64 {
    let digest = Sha256::digest(name);
    digest[..8]
        .iter()
        .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

fn commit(line: &str) -> Option<CommitNode> {
    let mut words = line.split(' ');
    let id = ObjectId::from_hex(words.next()?.as_bytes())?;
    let tree = match words.next()? {
        "-" => None,
        node => Some(node.parse().ok()?),
    };
    let (authored, committed) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let parents: Option<Vec<_>> = words.map(|parent| parent.parse().ok()).collect();
    Some(CommitNode {
        id,
        tree,
        parents: parents?,
        authored,
        committed,
        place: 0,
    })
}

/// An id; one that is not known is written as nothing, which is damage to whoever reads it.
fn push_id(text: &mut String, id: Option<ObjectId>) {
    if let Some(id) = id {
        let _ = write!(text, "{id}");
    }
}

#[cfg(test)]
mod tests {
    use super::super::shelf::Shelf;
    use super::*;
    use crate::source::git::repo::object::Commit;

    fn id(byte: u8) -> ObjectId {
        ObjectId::from_bytes(&[byte; 20]).unwrap()
    }

    /// Two commits; the tree of the second holds the hit in a folder.
    fn graph() -> Graph {
        let commit = |tree, parents: &[u8]| Commit {
            tree: id(tree),
            parents: parents.iter().map(|p| id(*p)).collect(),
            authored: -5,
            committed: 7,
        };
        let shelf = Shelf {
            names: [(b"a b\n".to_vec(), 0), ("\u{fe}x".into(), 1)].into(),
            edges: vec![(0, id(1)), (1, id(2))],
            trees: vec![(id(2), 1), (id(3), 2)],
            commits: vec![(id(8), commit(9, &[])), (id(7), commit(3, &[8]))],
        };
        Graph::build(&[id(1)], vec![shelf])
    }

    fn lines(graph: &Graph) -> String {
        let mut text = String::new();
        graph.to_lines(&mut text);
        text
    }

    /// The trees of the graph, as git has them.
    fn tree(id: ObjectId) -> Option<Vec<u8>> {
        let entry = match id.as_bytes()[0] {
            2 => "100644 a b\n",
            3 => "40000 \u{fe}x",
            _ => return None,
        };
        Some([entry.as_bytes(), &[0; 21]].concat())
    }

    fn read(text: &str) -> Option<Graph> {
        let mut lines = text.lines();
        let head = lines.next()?.strip_prefix("graph ")?;
        KeptGraph::from_lines(head, &mut lines)?.named(tree)
    }

    #[test]
    fn a_graph_comes_back_whole_and_holds_no_name() {
        let graph = graph();
        let text = lines(&graph);
        assert!(text.is_ascii() && !text.contains("a b") && !text.contains("612062"));
        let back = read(&text).unwrap();
        assert_eq!(lines(&back), text);
        assert_eq!(back.names, graph.names);
        assert_eq!(format!("{:?}", back.order), format!("{:?}", graph.order));
        assert_eq!(back.tree(id(3)), graph.tree(id(3)));
        assert_eq!(back.commit(id(7)), graph.commit(id(7)));
    }

    #[test]
    fn a_damaged_graph_does_not() {
        let text = lines(&graph());
        assert!(read(&text[..text.len() - 50]).is_none());
        let hash = format!("{:016x}", hash(b"a b\n"));
        let other = format!("{:016x}", hash.len());
        for (from, to) in [
            (" 0:", " 9:"),
            ("graph 1", "graph 0"),
            ("0707", "07"),
            (&*hash, &*other),
        ] {
            assert!(text.contains(from), "{from} in {text}");
            assert!(read(&text.replacen(from, to, 1)).is_none(), "{from}");
        }
    }
}
