//! Which file takes what from which other file, and where that goes round in a circle.
//!
//! A name is followed to the file that defines it: a child that takes `super::X`, where the folder's `mod.rs` only passes
//! `X` on from another child, takes it from that child. `mod child;` and `pub use child::X;` are the sign at the door of a
//! folder, and no use of the child, unless the file also uses `X` itself.

use super::code::{own, tokens};
use std::collections::{BTreeMap, BTreeSet};

/// A module of the crate, as the names on the way to it.
type Module = Vec<String>;

/// What one file says of names.
#[derive(Default)]
struct Room {
    /// Each name that a `use` brings in, what it stands for, and whether it is also passed on.
    names: BTreeMap<String, (Vec<String>, bool)>,
    /// What `use a::*` takes everything from.
    globs: Vec<Vec<String>>,
    /// Names that the file defines.
    defined: BTreeSet<String>,
    /// Paths in the code, those of `use` not among them.
    paths: BTreeSet<Vec<String>>,
}

/// Rooms of the crate by module.
pub(crate) struct House {
    rooms: BTreeMap<Module, (String, Room)>,
}

impl House {
    pub(crate) fn new(sources: &BTreeMap<String, String>) -> Self {
        let room = |(file, text): (&String, &String)| {
            let room = Room::new(&tokens(own(text)));
            (module_of(file), (file.clone(), room))
        };
        let rooms = sources.iter().map(room).collect();
        Self { rooms }
    }

    /// The circles, each as sentences "file takes X from file" of its files in one line.
    pub(crate) fn circles(&self) -> Vec<(Vec<String>, String)> {
        let edges = self.edges();
        let mut circles: BTreeMap<Vec<String>, String> = BTreeMap::new();
        let reached: BTreeMap<&String, BTreeSet<&String>> = edges
            .keys()
            .map(|file| (file, reach(&edges, file)))
            .collect();
        for (file, files) in &reached {
            let round = |other: &&&String| reached.get(**other).is_some_and(|r| r.contains(*file));
            let members: Vec<String> = files.iter().filter(round).map(|f| (*f).clone()).collect();
            if members.len() > 1 {
                let said = said(&edges, &members);
                circles.insert(members, said);
            }
        }
        circles.into_iter().collect()
    }

    /// For each file, the files it takes something from, and what.
    fn edges(&self) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
        let mut edges: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (module, (file, room)) in &self.rooms {
            let from = edges.entry(file.clone()).or_default();
            let mut add = |path: &[String]| {
                if let Some((target, name)) = self.target(module, path)
                    && target != file
                {
                    from.entry(target.clone()).or_default().insert(name);
                }
            };
            for (name, (path, passed_on)) in &room.names {
                let is_used = room.paths.iter().any(|path| path.first() == Some(name));
                let is_sign = *passed_on && self.is_child(module, path);
                if !is_sign || is_used {
                    add(path);
                }
            }
            room.globs
                .iter()
                .filter(|path| !self.is_child(module, path))
                .for_each(|path| add(path));
            room.paths
                .iter()
                .filter(|path| path.len() > 1)
                .for_each(|path| add(path));
        }
        edges
    }

    fn is_child(&self, module: &Module, path: &[String]) -> bool {
        let head = path.first().into_iter().cloned();
        let child: Module = module.iter().cloned().chain(head).collect();
        self.rooms.contains_key(&child)
    }

    /// The file that defines what `path` names in a module, and its name there. Of a path that only names a module there
    /// is none, since the names that are taken from it are asked one by one.
    fn target(&self, module: &Module, path: &[String]) -> Option<(&String, String)> {
        let (at, name) = self.followed(module, path)?;
        let (file, room) = self.rooms.get(&at)?;
        let name = name?;
        room.defined.contains(&name).then_some((file, name))
    }

    /// The module that a path leads to, and the name in it that is no module.
    fn followed(&self, module: &Module, path: &[String]) -> Option<(Module, Option<String>)> {
        let mut at = module.clone();
        let mut path = path.to_vec();
        // `use a::b` where `a` is the crate's root, and so on: names that stand for names.
        for _ in 0..32 {
            let Some(head) = path.first().cloned() else {
                return Some((at, None));
            };
            let child: Module = at.iter().cloned().chain([head.clone()]).collect();
            match head.as_str() {
                "crate" => at = Vec::new(),
                "self" => {}
                "super" => _ = at.pop()?,
                _ if self.rooms.contains_key(&child) => at = child,
                _ => {
                    let Some(stands_for) = self.stands_for(&at, &head) else {
                        return Some((at, Some(head)));
                    };
                    path.splice(..1, stands_for);
                    // `use std::fs` is of no module here.
                    if !self.is_of_crate(&at, path.first()?) {
                        return None;
                    }
                    continue;
                }
            }
            path.remove(0);
        }
        None
    }

    fn is_of_crate(&self, module: &Module, head: &str) -> bool {
        let is_word = ["crate", "self", "super"].contains(&head);
        is_word || self.is_child(module, &[head.to_owned()])
    }

    fn begins_here(&self, module: &Module, room: &Room, path: &[String]) -> bool {
        let head = path.first().map_or("", String::as_str);
        self.is_of_crate(module, head) || room.has(head)
    }

    /// What a name of a room stands for, if a `use` brings it in.
    fn stands_for(&self, module: &Module, name: &str) -> Option<Vec<String>> {
        let (_, room) = self.rooms.get(module)?;
        if let Some((path, _)) = room.names.get(name) {
            return Some(path.clone());
        }
        let holds = |glob: &&Vec<String>| {
            let is_here = |(module, name): (Module, Option<String>)| {
                name.is_none().then(|| self.rooms.get(&module))?
            };
            let room = self.followed(module, glob).and_then(is_here);
            room.is_some_and(|(_, room)| room.has(name))
        };
        let is_own = room.defined.contains(name);
        // `use clap::*` is of no module here, and its own name is in no other glob.
        let globs = room.globs.iter().filter(|_| !is_own);
        let mut globs = globs.filter(|glob| self.begins_here(module, room, glob));
        let glob = globs.find(holds)?;
        Some(glob.iter().cloned().chain([name.to_owned()]).collect())
    }
}

/// All files that a file's imports lead to.
fn reach<'a>(
    edges: &'a BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    file: &'a String,
) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        let targets = edges.get(file).into_iter().flat_map(BTreeMap::keys);
        open.extend(targets.filter(|target| reached.insert(*target)));
    }
    reached
}

/// What the files of a circle take from each other, a line each.
fn said(
    edges: &BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    members: &[String],
) -> String {
    let lines = members.iter().flat_map(|file| {
        let targets = edges.get(file).into_iter().flatten();
        let inside = targets.filter(|(target, _)| members.contains(target));
        inside.map(move |(target, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{file} takes {} from {target}\n", names.join(", "))
        })
    });
    lines.collect()
}

/// `decode/mod.rs` is the module `decode`, `lib.rs` and `main.rs` are the crate.
fn module_of(file: &str) -> Module {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let path = path.strip_suffix("mod").unwrap_or(path);
    let parts = path.split('/').filter(|part| !part.is_empty());
    let parts = parts.filter(|part| *part != "lib");
    parts.map(str::to_owned).collect()
}

impl Room {
    fn new(tokens: &[&str]) -> Self {
        const KINDS: [&str; 9] = [
            "fn", "struct", "enum", "trait", "type", "const", "static", "union", "mod",
        ];
        let mut room = Self::default();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match *token {
                "use" => {
                    let passed_on = at > 0 && [")", "pub"].contains(&tokens[at - 1]);
                    let end = tokens[at..].iter().position(|t| *t == ";");
                    let end = at + end.unwrap_or(tokens.len() - at);
                    room.brought(&tokens[at + 1..end], &[], passed_on);
                    at = end;
                }
                kind if KINDS.contains(&kind) => {
                    let next = |t: &&str| !["mut", "fn", "unsafe", "async"].contains(t);
                    at += 1 + tokens[at + 1..].iter().position(next).unwrap_or(0);
                    room.defined
                        .extend(tokens.get(at).map(|name| (*name).to_owned()));
                }
                word if is_word(word) && !follows_a_path(tokens, at) => {
                    room.paths.insert(path_at(tokens, at));
                }
                _ => {}
            }
            at += 1;
        }
        room
    }

    fn has(&self, name: &str) -> bool {
        self.defined.contains(name) || self.names.contains_key(name)
    }

    /// Takes in `a::{b, c::{d as e, self}, f::*}`.
    fn brought(&mut self, tree: &[&str], before: &[String], passed_on: bool) {
        let mut path = before.to_vec();
        let mut rest = tree;
        while let [word, "::", behind @ ..] = rest {
            path.push((*word).to_owned());
            rest = behind;
        }
        match rest {
            ["{", inner @ .., "}"] => {
                for part in parts(inner) {
                    self.brought(part, &path, passed_on);
                }
            }
            ["*"] => self.globs.push(path),
            ["self"] => {
                let name = path.last().cloned().unwrap_or_default();
                self.names.insert(name, (path, passed_on));
            }
            [word, alias @ ..] => {
                path.push((*word).to_owned());
                let name = alias.last().unwrap_or(word);
                self.names.insert((*name).to_owned(), (path, passed_on));
            }
            [] => {}
        }
    }
}

/// The parts of a list, parted at the commas that are in no inner braces.
fn parts<'t, 's>(list: &'t [&'s str]) -> Vec<&'t [&'s str]> {
    let mut depth = 0;
    let is_end = |token: &&str| {
        match *token {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        *token == "," && depth == 0
    };
    list.split(is_end).filter(|part| !part.is_empty()).collect()
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn follows_a_path(tokens: &[&str], at: usize) -> bool {
    at > 0 && ["::", "."].contains(&tokens[at - 1])
}

/// The path `a::b::C` that begins at a word.
fn path_at(tokens: &[&str], at: usize) -> Vec<String> {
    let mut path = vec![tokens[at].to_owned()];
    let mut rest = &tokens[at + 1..];
    while let ["::", word, behind @ ..] = rest
        && is_word(word)
    {
        path.push((*word).to_owned());
        rest = behind;
    }
    path
}
