//! A graph in lines of text: an audit of a repository that has not changed since the last one takes
//! it from there and reads no tree again.

use super::graph::{CommitNode, Graph, Node, children_first};
use super::object_id::ObjectId;
use std::fmt::Write as _;

impl Graph {
    /// Writes the numbers of hits, names, trees and commits, and then a line for each: a name in
    /// hexadecimal; a tree's id and what it holds (`name:node`); a commit's id, its tree or `-`, its
    /// two times and its parents.
    pub(super) fn to_lines(&self, text: &mut String) {
        let (names, trees, commits) = (self.names.len(), self.edges.len(), self.commits.len());
        let _ = writeln!(text, "graph {} {names} {trees} {commits}", self.hits);
        for name in &self.names {
            name.iter().for_each(|byte| push_hex(text, *byte));
            text.push('\n');
        }
        for (id, edges) in self.tree_ids().into_iter().zip(&self.edges) {
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

    /// Reads what [`Graph::to_lines`] wrote; `None` when that is damaged.
    pub(super) fn from_lines<'t>(
        head: &str,
        lines: &mut impl Iterator<Item = &'t str>,
    ) -> Option<Self> {
        let counts: Vec<usize> = head.split(' ').map_while(|n| n.parse().ok()).collect();
        let [hits, names, trees, commits] = counts[..] else {
            return None;
        };
        let mut graph = Self {
            hits,
            ..Self::default()
        };
        let known = |node: &Node| (*node as usize) < hits + trees;
        for _ in 0..names {
            graph.names.push(unhex(lines.next()?)?);
        }
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
        graph.order = children_first(commits, |no| graph.commits[no as usize].parents.clone());
        Some(graph)
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
    })
}

/// An id; one that is not known is written as nothing, which is damage to whoever reads it.
fn push_id(text: &mut String, id: Option<ObjectId>) {
    let bytes = id.iter().flat_map(|id| id.as_bytes());
    bytes.for_each(|byte| push_hex(text, *byte));
}

fn push_hex(text: &mut String, byte: u8) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    text.push(DIGITS[usize::from(byte >> 4)]);
    text.push(DIGITS[usize::from(byte & 0xF)]);
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let digit = |b: u8| char::from(b).to_digit(16);
    let pair = |pair: &[u8]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
    digits.len().is_multiple_of(2).then_some(())?;
    digits.chunks_exact(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::git::object::Commit;
    use crate::source::git::shelf::Shelf;

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
            names: [(b"a b\n".to_vec(), 0), (b"\xFF".to_vec(), 1)].into(),
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

    fn read(text: &str) -> Option<Graph> {
        let mut lines = text.lines();
        let head = lines.next()?.strip_prefix("graph ")?;
        Graph::from_lines(head, &mut lines)
    }

    #[test]
    fn a_graph_comes_back_whole() {
        let graph = graph();
        let text = lines(&graph);
        let back = read(&text).unwrap();
        assert_eq!(lines(&back), text);
        assert_eq!(format!("{:?}", back.order), format!("{:?}", graph.order));
        assert_eq!(back.tree(id(3)), graph.tree(id(3)));
        assert_eq!(back.commit(id(7)), graph.commit(id(7)));
    }

    #[test]
    fn a_damaged_graph_does_not() {
        let text = lines(&graph());
        assert!(read(&text[..text.len() - 50]).is_none());
        for (from, to) in [(" 0:", " 9:"), ("graph 1", "graph 0"), ("0707", "07")] {
            assert!(text.contains(from), "{from} in {text}");
            assert!(read(&text.replacen(from, to, 1)).is_none(), "{from}");
        }
    }
}
