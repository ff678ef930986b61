//! One line of a file that says what npm leaves out of a package.
//!
//! npm reads such lines with [minimatch](https://www.npmjs.com/package/minimatch): letters of either case are equal, a
//! dot is a character like any other, and a pattern of one part is about names wherever they are.

use globset::{GlobBuilder, GlobMatcher};
use std::borrow::Cow;

/// Most patterns that one line may stand for by its braces.
const MOST: usize = 256;

/// A line.
#[derive(Debug)]
pub(super) struct NpmRule {
    /// Whether it takes back what other lines leave out.
    pub(super) is_negated: bool,
    /// Whether it is about names, wherever they are.
    pub(super) is_relative: bool,
    patterns: Vec<Vec<NpmPart>>,
}

/// What a pattern has between its slashes.
#[derive(Debug)]
enum NpmPart {
    /// Nothing: before a slash at the start or behind one at the end.
    Nothing,
    /// `**`
    Any,
    Name {
        glob: GlobMatcher,
        /// Whether its own letters are those of ASCII.
        is_ascii: bool,
    },
}

impl NpmRule {
    /// The rule of a line; `None` of a comment.
    ///
    /// # Errors
    /// With the line, where it says what is not known here.
    pub(super) fn of(line: &str) -> Result<Option<Self>, String> {
        let written = line.trim();
        if written.is_empty() || written.starts_with('#') {
            return Ok(None);
        }
        let pattern = written.trim_start_matches('!');
        let is_negated = (written.len() - pattern.len()) % 2 == 1;
        if is_beyond(pattern) {
            return Err(written.to_owned());
        }
        let mut patterns = Vec::new();
        for pattern in expanded(pattern).ok_or_else(|| written.to_owned())? {
            let pattern = braces_escaped(&pattern).ok_or_else(|| written.to_owned())?;
            let parts = slashes_merged(&pattern);
            let parts = without_ways_up(&parts).into_iter().map(NpmPart::of);
            let parts: Option<Vec<NpmPart>> = parts.collect();
            patterns.push(parts.ok_or_else(|| written.to_owned())?);
        }
        let is_relative = patterns
            .iter()
            .any(|parts| matches!(&parts[..], [_] | [_, NpmPart::Nothing]));
        Ok(Some(Self {
            is_negated,
            is_relative,
            patterns,
        }))
    }

    /// Whether it is about this path.
    pub(super) fn hits(&self, path: &str) -> bool {
        self.patterns.iter().any(|parts| is_hit(parts, path, false))
    }

    /// Whether it is about this path, or may be about one below it.
    pub(super) fn may_hit_below(&self, path: &str) -> bool {
        self.patterns.iter().any(|parts| is_hit(parts, path, true))
    }
}

impl NpmPart {
    fn of(written: &str) -> Option<Self> {
        match written {
            "" => Some(Self::Nothing),
            "**" => Some(Self::Any),
            name => {
                let glob = GlobBuilder::new(name)
                    .case_insensitive(true)
                    .backslash_escape(true)
                    .build();
                Some(Self::Name {
                    glob: glob.ok()?.compile_matcher(),
                    is_ascii: name.is_ascii(),
                })
            }
        }
    }

    fn is(&self, name: &str) -> bool {
        match self {
            Self::Nothing => name.is_empty(),
            Self::Any => true,
            Self::Name { glob, is_ascii } => {
                // `?` stands for a unit of UTF-16 there, and for a byte here.
                let units = is_ascii.then(|| in_units(name));
                !name.is_empty() && glob.is_match(units.as_deref().unwrap_or(name))
            }
        }
    }
}

/// A name with a sign of one byte that no pattern has in the place of each unit of UTF-16 of another letter.
fn in_units(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    let letters = name.chars().map(|c| {
        if c.is_ascii() {
            c.to_string()
        } else {
            "\u{1}".repeat(c.len_utf16())
        }
    });
    Cow::Owned(letters.collect())
}

/// Whether a pattern says what is not followed here: groups as `@(a|b)`, classes as `[[:alpha:]]`, ranges as `{1..3}`,
/// and braces behind `$` or a backslash.
fn is_beyond(pattern: &str) -> bool {
    let has = |signs: &[&str]| signs.iter().any(|sign| pattern.contains(sign));
    let has_range = pattern.split('{').skip(1).any(|behind| {
        let mut ranges = behind.match_indices("..").map(|(at, _)| at);
        ranges.any(|at| behind[at..].contains('}'))
    });
    has(&["+(", "@(", "?(", "*(", "!(", "[:", "\\\\"])
        || has_range
        || pattern.contains(',') && has(&["${", "\\{", "\\}"])
}

/// A pattern in which braces that stand for nothing else are characters: `{a}`. `None` of one in which a comma or a
/// bracket may change what they are.
fn braces_escaped(pattern: &str) -> Option<String> {
    if pattern.contains(['{', '}']) && pattern.contains([',', '[']) {
        return None;
    }
    let mut escaped = String::with_capacity(pattern.len());
    let mut is_escaped = false;
    for c in pattern.chars() {
        if matches!(c, '{' | '}') && !is_escaped {
            escaped.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        escaped.push(c);
    }
    Some(escaped)
}

/// The parts of a pattern, of which `..` takes back the one before: `a/../b` is `b`.
fn without_ways_up(pattern: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        let has_way = parts
            .last()
            .is_some_and(|last| !matches!(*last, "" | "." | ".." | "**"));
        if part == ".." && has_way {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        parts.push("");
    }
    parts
}

/// `a//b` is `a/b`.
fn slashes_merged(pattern: &str) -> String {
    let mut merged = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        if c != '/' || !merged.ends_with('/') {
            merged.push(c);
        }
    }
    merged
}

/// Whether a pattern is that of a path; with `partial` also where it goes on below it.
fn is_hit(parts: &[NpmPart], path: &str, partial: bool) -> bool {
    let names: Vec<&str> = match parts {
        [_] => path
            .rsplit('/')
            .find(|name| !name.is_empty())
            .into_iter()
            .collect(),
        _ => path.split('/').collect(),
    };
    // At which parts of the pattern it may be, after each name.
    let mut at = vec![false; parts.len() + 1];
    at[0] = true;
    for name in names {
        let mut next = vec![false; parts.len() + 1];
        for (place, part) in parts.iter().enumerate() {
            // `**` in the middle may stand for nothing.
            if at[place] && matches!(part, NpmPart::Any) && place + 1 < parts.len() {
                at[place + 1] = true;
            }
            if at[place] && part.is(name) {
                next[place + 1] = true;
                next[place] |= matches!(part, NpmPart::Any);
            }
        }
        at = next;
    }
    at[parts.len()] || partial && at.contains(&true)
}

/// The patterns that one with braces stands for: `a.{js,ts}` is `a.js` and `a.ts`. A brace without a comma or an end is
/// a character. `None` of one that stands for too many.
fn expanded(pattern: &str) -> Option<Vec<String>> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(pattern) = open.pop() {
        match alternatives(&pattern) {
            Some(more) if done.len() + open.len() + more.len() <= MOST => open.extend(more),
            Some(_) => return None,
            None => done.push(pattern),
        }
    }
    Some(done)
}

/// What the first braces of a pattern stand for, each with what is around them.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    for (start, _) in pattern.match_indices('{') {
        let mut depth = 0;
        let mut cuts = vec![start];
        for (at, c) in pattern[start..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => cuts.push(start + at),
                _ => {}
            }
            if depth == 0 {
                if cuts.len() == 1 {
                    break;
                }
                let end = start + at;
                cuts.push(end);
                let around =
                    |inside: &str| [&pattern[..start], inside, &pattern[end + 1..]].concat();
                let inside = cuts.windows(2).map(|cut| &pattern[cut[0] + 1..cut[1]]);
                return Some(inside.map(around).collect());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(rule: &str, path: &str) -> bool {
        NpmRule::of(rule).unwrap().unwrap().hits(path)
    }

    #[test]
    fn a_line_is_about_the_paths_that_npm_takes_it_for() {
        for (rule, path) in [
            ("dist", "a/b/dist"),
            ("*.LOG", "a/b/x.log"),
            ("/dist", "/dist"),
            ("a/**", "a/b/c"),
            ("a/**/c", "a/c"),
            ("**/.git/**", "/.git/"),
            ("/readme{,.*[^~$]}", "/README.md"),
            ("/readme{,.*[^~$]}", "/readme"),
            ("x/", "x/"),
            ("{a,b{c,d}}.js", "bd.js"),
            ("a//b", "a/b"),
            ("a/../b", "x/b"),
            ("/a/../b/**", "/b/c"),
            ("lib/../**", "a"),
            ("{q}", "{q}"),
            ("${x}", "${x}"),
            ("a\\{b", "a{b"),
            ("a{", "a{"),
            ("?.js", "é.js"),
            ("[^a].js", "ю.js"),
            ("é*.js", "éa.js"),
        ] {
            assert!(hits(rule, path), "{rule} {path}");
        }
        for (rule, path) in [
            ("/dist", "dist"),
            ("/dist", "/a/dist"),
            ("a/**", "a"),
            ("a/*", "a/"),
            ("a/*", "a/b/c"),
            ("/readme{,.*[^~$]}", "/readme.md~"),
            ("x/", "x"),
            ("{q}", "q"),
            ("../lib", "lib"),
        ] {
            assert!(!hits(rule, path), "{rule} {path}");
        }
        let rule = NpmRule::of("!/dist/**/x.js").unwrap().unwrap();
        assert!(rule.is_negated && rule.may_hit_below("/dist/lib"));
        assert!(!rule.may_hit_below("/src"));
        assert!(
            NpmRule::of("!!a")
                .unwrap()
                .is_some_and(|rule| !rule.is_negated)
        );
        assert!(NpmRule::of("# a").unwrap().is_none());
        for beyond in [
            "*.@(js|ts)",
            "*.!(map)",
            "{1..3}.js",
            "a{b,{a..c}}",
            "x{01..09..2}/**",
            "a${b,c}",
            "\\{a,b}",
            "{a},b}",
            "*.{js,ts",
            "[{a}]",
            "[[:alpha:]]",
        ] {
            assert_eq!(NpmRule::of(beyond).unwrap_err(), beyond);
        }
        let many = "{a,b}".repeat(30);
        assert_eq!(NpmRule::of(&many).unwrap_err(), many);
    }
}
