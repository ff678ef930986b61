//! MapSource maps: the sources of a bundle, whole, inside a JSON string
//! (<https://tc39.es/ecma426/>).
//!
//! A map is searched as the text that it is; [`SourceMap`] then tells where in the original source a
//! place of that text stood. Maps inside a bundle are for `inline_map`.
//! What a map says is text and no more: its paths are cleaned for reports and never opened, and a
//! map that is broken or lies is still searched as text.

use crate::decode::text::name;
use crate::model::{BlobPath, Span};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    "source maps: where in the original source a place stood";

/// A map within a map is not followed further than this; the format allows one step.
const DEEPEST: usize = 2;

/// The members of a map that are read. Everything else is skipped without being kept.
#[derive(Deserialize)]
struct MapSyntax<'t> {
    #[serde(borrow, default, rename = "sourceRoot")]
    root: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    sources: FewItems<Option<Cow<'t, str>>>,
    #[serde(borrow, default, rename = "sourcesContent")]
    contents: FewItems<Option<&'t RawValue>>,
    #[serde(borrow, default)]
    sections: FewItems<SectionSyntax<'t>>,
}

#[derive(Deserialize)]
struct SectionSyntax<'t> {
    #[serde(borrow, default)]
    map: Option<&'t RawValue>,
}

/// Most members of a list. Builds make maps of some ten thousand sources; in a map of empty ones, each would
/// take many times its own two bytes.
const MOST: usize = 1 << 17;

/// A list of at most [`MOST`] members.
struct FewItems<T>(Vec<T>);

impl<T> Default for FewItems<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'t, T: Deserialize<'t>> Deserialize<'t> for FewItems<T> {
    fn deserialize<D: Deserializer<'t>>(list: D) -> Result<Self, D::Error> {
        list.deserialize_seq(MapMembers(PhantomData)).map(Self)
    }
}

/// Reads the members.
struct MapMembers<T>(PhantomData<T>);

impl<'t, T: Deserialize<'t>> Visitor<'t> for MapMembers<T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list that is not too long")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            if members.len() == MOST {
                return Err(A::Error::invalid_length(MOST + 1, &self));
            }
            members.push(member);
        }
        Ok(members)
    }
}

/// One source that a map carries.
#[derive(Debug)]
struct MapSource {
    /// Its path as the map gives it, with the root.
    path: String,
    /// The JSON string, quotes included, in the text of the map.
    content: Span,
}

/// A place in an original source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// The source, relative to the scanned root.
    pub path: BlobPath,
    /// 1-based line.
    pub line: usize,
    /// 1-based byte column.
    pub column: usize,
}

/// The sources that one text carries.
#[derive(Debug)]
pub struct SourceMap {
    sources: Vec<MapSource>,
    /// Where the last answer was, since the next is behind it more often than not.
    cursor: Cell<Cursor>,
}

/// A place in a source, and the line and the column there.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    /// Offset of the source in the map's text, with its quote.
    source: usize,
    at: usize,
    line: usize,
    column: usize,
}

impl SourceMap {
    /// Reads a text as a source map; `None` when it is none, or carries no sources.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let start = json_start(text)?;
        let json = std::str::from_utf8(&text[start..]).ok()?;
        let mut sources = Vec::new();
        collect(json, json.as_ptr() as usize - start, 0, &mut sources)?;
        sources.retain(|source| source.content.len() > 2);
        sources.sort_by_key(|source| source.content);
        (!sources.is_empty()).then(|| Self {
            sources,
            cursor: Cell::default(),
        })
    }

    /// Where the byte at `place` of the map's text stands in its source. `map` is the map's own
    /// path, which relative sources start from.
    pub fn original(&self, text: &[u8], place: usize, map: &BlobPath) -> Option<Original> {
        let next = self.sources.partition_point(|s| s.content.start <= place);
        let source = self.sources.get(next.checked_sub(1)?)?;
        if place >= source.content.end {
            return None;
        }
        let mut cursor = self.cursor.get();
        if cursor.source != source.content.start || cursor.at > place || cursor.line == 0 {
            cursor = Cursor {
                source: source.content.start,
                at: source.content.start + 1,
                line: 1,
                column: 1,
            };
        }
        cursor.move_to(place, text);
        self.cursor.set(cursor);
        let Cursor { line, column, .. } = cursor;
        Some(Original {
            path: cleaned(&source.path, map),
            line,
            column,
        })
    }
}

/// Where the object begins, behind the line that keeps a map from being run as a script
/// (<https://tc39.es/ecma426/#sec-source-map-format>: `)]}'`).
fn json_start(text: &[u8]) -> Option<usize> {
    let line = if text.starts_with(b")]}") {
        memchr::memchr(b'\n', text)? + 1
    } else {
        0
    };
    let blank = text[line..].iter().take_while(|b| b.is_ascii_whitespace());
    let start = line + blank.count();
    (text.get(start) == Some(&b'{')).then_some(start)
}

/// Adds the sources of a map and of its sections. `base` is the address of the whole text, from
/// which the offsets of the borrowed strings are counted.
fn collect(json: &str, base: usize, depth: usize, found: &mut Vec<MapSource>) -> Option<()> {
    let map: MapSyntax<'_> = serde_json::from_str(json).ok()?;
    let root = map.root.unwrap_or_default();
    let mut paths = map.sources.0.iter();
    for content in map.contents.0 {
        if found.len() == MOST {
            return None;
        }
        let path = paths.next().and_then(Option::as_deref).unwrap_or_default();
        let Some(raw) = content
            .map(RawValue::get)
            .filter(|raw| raw.starts_with('"'))
        else {
            continue;
        };
        let start = raw.as_ptr() as usize - base;
        found.push(MapSource {
            path: format!(
                "{root}{}{path}",
                if root.is_empty() || root.ends_with('/') {
                    ""
                } else {
                    "/"
                }
            ),
            content: Span::new(start, start + raw.len()),
        });
    }
    if depth < DEEPEST {
        for section in map.sections.0 {
            let inner = section.map.map(RawValue::get).unwrap_or_default();
            let _ = collect(inner, base, depth + 1, found);
        }
    }
    Some(())
}

impl Cursor {
    /// Goes over the JSON string's characters up to `place`.
    fn move_to(&mut self, place: usize, text: &[u8]) {
        while self.at < place {
            let (is_break, bytes, length) = character(&text[self.at..place]);
            if is_break {
                (self.line, self.column) = (self.line + 1, 1);
            } else {
                self.column += bytes;
            }
            self.at += length;
        }
    }
}

/// The first character of a JSON string's inside: whether it is a line break, how many bytes it
/// decodes to, and how many it takes.
fn character(rest: &[u8]) -> (bool, usize, usize) {
    match rest {
        [b'\\', b'n', ..] => (true, 0, 2),
        [b'\\', b'u', digits @ ..] => {
            let digits = digits.get(..4).and_then(|d| std::str::from_utf8(d).ok());
            match digits.and_then(|d| u32::from_str_radix(d, 16).ok()) {
                Some(0xA) => (true, 0, 6),
                Some(0..0x80) => (false, 1, 6),
                Some(0x80..0x800) => (false, 2, 6),
                // Half of a character of four bytes, which takes two escapes.
                Some(0xD800..0xE000) => (false, 2, 6),
                Some(_) => (false, 3, 6),
                None => (false, 1, 2),
            }
        }
        [b'\\', _, ..] => (false, 1, 2),
        _ => (false, 1, 1),
    }
}

/// A source's path as a report may show it: without scheme, query and `..` that would lead out of
/// the root. Relative paths start from the map's folder; what a bundler makes up
/// (`webpack://name/./src/a.js`) and what is absolute starts from the root.
fn cleaned(written: &str, map: &BlobPath) -> BlobPath {
    let path = written.replace('\\', "/");
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (path, is_relative) = match path.split_once("://") {
        Some((_, rest)) => (rest.split_once('/').map_or("", |(_, path)| path), false),
        None => (path, !path.starts_with('/')),
    };
    let folder = String::from_utf8_lossy(map.as_bytes());
    let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    let folder = folder.split('/').filter(|_| is_relative);
    for part in folder.chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let shown = parts.join("/");
    let own = parts.len().min(path.split('/').count());
    let own = parts[parts.len() - own..].join("/");
    if parts.is_empty() || name::hides_key(written.as_bytes(), own.as_bytes()) {
        BlobPath::from("(unnamed source)")
    } else {
        BlobPath::from_bytes(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the `@` of a map stands in its source.
    fn original(map: &str) -> Option<(String, usize, usize)> {
        let text = map.as_bytes();
        let place = map.find('@').unwrap();
        let found = SourceMap::parse(text)?.original(text, place, &"dist/a.js.map".into())?;
        Some((found.path.to_string(), found.line, found.column))
    }

    fn at(path: &str, line: usize, column: usize) -> Option<(String, usize, usize)> {
        Some((path.to_owned(), line, column))
    }

    #[test]
    fn a_place_in_a_map_has_a_line_and_a_column_in_its_source() {
        let map = r#"{"version":3,"sources":["../src/a.js","../src/b.js"],
            "sourcesContent":["one\ntwo","three\r\n\t\"é\u00e9\" @"],"mappings":";"}"#;
        assert_eq!(original(map), at("src/b.js", 2, 9));
        assert_eq!(original(&map.replace("three", "@")), at("src/b.js", 1, 1));
        let guarded = format!(")]}}'\n{map}");
        assert_eq!(original(&guarded), at("src/b.js", 2, 9));
    }

    #[test]
    fn the_maps_of_an_indexed_map_are_read() {
        let map = r#"{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":
            {"version":3,"sourceRoot":"webpack://app/./","sources":["src/c.js"],"sourcesContent":["a\n @"],"mappings":""}}]}"#;
        assert_eq!(original(map), at("src/c.js", 2, 2));
    }

    #[test]
    fn sources_never_lead_out_of_the_root() {
        for (source, path) in [
            ("../../../../etc/passwd", "etc/passwd"),
            ("/home/x/a.js", "home/x/a.js"),
            ("webpack://name/./src/a.vue?1a2b", "src/a.vue"),
            ("webpack:///../a.js", "a.js"),
            ("file:///c:\\\\x\\\\..\\\\a.js", "c:/a.js"),
            ("./a.js", "dist/a.js"),
            ("", "dist"),
            ("../..", "(unnamed source)"),
        ] {
            let map = format!(r#"{{"sources":["{source}"],"sourcesContent":["@"]}}"#);
            assert_eq!(original(&map), at(path, 1, 1), "{source}");
        }
    }

    #[test]
    fn a_broken_or_lying_map_is_no_map() {
        for map in [
            "@",
            "{\"sourcesContent\":[\"@",
            "{\"sourcesContent\":5,\"a\":\"@\"}",
            "{\"sources\":[],\"sourcesContent\":[null],\"names\":[\"@\"]}",
            "{\"sections\":[{\"map\":{\"sections\":[{\"map\":7}]}}],\"x\":\"@\"}",
            &format!("{{\"sources\":[{}\"@\"]}}", "\"\",".repeat(MOST)),
            &format!("{{\"sourcesContent\":[{}\"@\"]}}", "\"a\",".repeat(MOST)),
        ] {
            assert_eq!(original(map), None, "{map}");
        }
        let unnamed = "{\"sources\":[],\"sourcesContent\":[\"@\"]}";
        assert_eq!(original(unnamed), at("dist", 1, 1));
    }
}
