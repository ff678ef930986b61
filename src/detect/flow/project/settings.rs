//! Files of settings that name a variable of the environment, and the programs that ask for the setting:
//! `jourvex: { api-key: ${KEY} }` of Spring and `record Jourvex(String apiKey)`, `apiKey = ${KEY}` of Ktor and
//! `property("apiKey")`, `'%env(KEY)%'` of Symfony and `{{ token }}`.

use super::super::{Fields, Flow, Holder, Lookup, NameKind};
use crate::model::{ProjectFile, Span};
use crate::syntax::{is_listed, is_word};
use memchr::memmem;

/// Ends of names of files of settings.
const SETTINGS: &str = "yml yaml properties conf";

/// Most names of a setting, one inside the other.
const DEEPEST: usize = 8;

/// Most files of settings that a value is handed on through.
const MOST_HOPS: usize = 3;

impl<'t> Flow<'t> {
    /// True for a file of settings.
    pub(in crate::detect::flow) fn is_settings(&self) -> bool {
        is_listed(SETTINGS, self.path.extension().unwrap_or_default())
    }

    /// True when a browser gets the setting that stands at a place, by way of a program that asks for it.
    pub(in crate::detect::flow) fn reaches_from_settings(&self, place: usize) -> bool {
        let Some(around) = self.around.filter(|_| self.hops < MOST_HOPS) else {
            return false;
        };
        let mut names = names(self.text, place);
        // `parameters: { a.b: ... }` of Symfony is asked for as `a.b`.
        if names.first() == Some(&&b"parameters"[..]) {
            names.remove(0);
        }
        let Some((own, outer)) = names.split_last() else {
            return false;
        };
        let whole = names.join(&b'.');
        let outer = outer.join(&b'.');
        let mut others = around
            .project()
            .iter()
            .filter(|file| file.path != *self.path);
        let named = [own.strip_prefix(b"$").unwrap_or(own), &outer, &whole];
        others.any(|file| {
            let says = |name: &&[u8]| !name.is_empty() && memmem::find(&file.text, name).is_some();
            let flow = named.iter().any(says).then(|| self.within(file));
            let Some(mut flow) = flow.flatten() else {
                return false;
            };
            if flow.is_settings() {
                // `token: '%jourvex.api_key%'`
                let places = quoted(&file.text, &whole);
                return places.into_iter().any(|at| flow.reaches_from_settings(at));
            }
            if memmem::find(&outer, b"globals").is_some() {
                // `twig: { globals: { token: ... } }`
                return flow.prints(file, own);
            }
            if let Some(name) = own.strip_prefix(b"$") {
                // `arguments: { $apiKey: ... }`
                return flow.follows(file, name);
            }
            flow.binds(file, &outer, own) || flow.asks(file, &whole, &outer, own)
        })
    }

    /// A template prints the name.
    fn prints(&mut self, file: &'t ProjectFile, name: &[u8]) -> bool {
        self.regions.is_template() && self.follows(file, name)
    }

    fn follows(&mut self, file: &'t ProjectFile, name: &[u8]) -> bool {
        let Some(at) = memmem::find(&file.text, name) else {
            return false;
        };
        let holder = self.anywhere(&file.text[at..at + name.len()]);
        self.follow(holder, NameKind::Name, 0)
    }

    /// A class whose fields the settings below a name fill: `@ConfigurationProperties(prefix = "jourvex")`.
    fn binds(&mut self, file: &'t ProjectFile, outer: &[u8], own: &[u8]) -> bool {
        let text = &file.text[..];
        let Some(mark) = memmem::find(text, b"ConfigurationProperties(") else {
            return false;
        };
        let is_bound = quoted(text, outer).into_iter().any(|at| at > mark);
        let class = is_bound.then(|| class_behind(text, mark)).flatten();
        let Some((class, field)) = class.zip(field(text, own)) else {
            return false;
        };
        let holder = Holder {
            name: field,
            fields: Fields::default(),
            owner: Some(class),
            scope: Span::new(0, text.len()),
        };
        self.follow(holder, NameKind::Name, 0)
    }

    /// A program that asks for the setting by its name, or by its last one where it says the others too.
    fn asks(&mut self, file: &'t ProjectFile, whole: &[u8], outer: &[u8], own: &[u8]) -> bool {
        let text = &file.text[..];
        let mut places = quoted(text, whole);
        if !quoted(text, outer).is_empty() {
            places.extend(quoted(text, own));
        }
        places.into_iter().any(|at| {
            let name = text[at..]
                .iter()
                .take_while(|b| is_word(b) || b".-".contains(b))
                .count();
            self.reaches(Span::new(at, at + name), Lookup::VARIABLE, 0)
        })
    }
}

/// How a program of Laravel asks for a setting (<https://laravel.com/docs/configuration#accessing-configuration-values>).
const ASKING: [&[u8]; 4] = [
    b"config('",
    b"config(\"",
    b"Config::get('",
    b"Config::get(\"",
];

/// The file of settings of Laravel at a path, by the name that it has in `config('services.jourvex.key')`.
pub(super) fn laravel(path: &[u8]) -> Option<&[u8]> {
    let name = path.strip_suffix(b".php")?;
    let mut parts = name.rsplit(|b| *b == b'/');
    let own = parts.next()?;
    (parts.next() == Some(b"config")).then_some(own)
}

/// Where a text asks for what such a file holds in some fields, and those that are left of them:
/// `config('services.jourvex')` has `key` left.
pub(super) fn asked<'t>(text: &'t [u8], own: &[u8], fields: Fields<'t>) -> Vec<(Span, Fields<'t>)> {
    let calls = ASKING
        .iter()
        .flat_map(|ask| memmem::find_iter(text, *ask).map(|at| at + ask.len()));
    let asked = calls.filter_map(|start| {
        let length = text[start..].iter().position(|b| b"'\"\n".contains(b))?;
        let mut names = text[start..start + length].split(|b| *b == b'.');
        let is_own = names.next() == Some(own);
        let left = names.try_fold(fields, |fields, name| {
            (fields.outer() == Some(name)).then(|| fields.taken())
        });
        Some((Span::new(start, start + length), left.filter(|_| is_own)?))
    });
    asked.collect()
}

/// The names of the setting whose value stands at a place, the outermost first.
fn names(text: &[u8], place: usize) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut depth = usize::MAX;
    let mut closed = 0_usize;
    let mut is_inside = false;
    let end = memchr::memchr(b'\n', &text[place..]).map_or(text.len(), |end| place + end);
    for line in text[..end].split(|b| *b == b'\n').rev() {
        let indent = line.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") || line.starts_with(b"//") {
            continue;
        }
        // In braces what is around ends with one, else it is indented less.
        closed += usize::from(line == b"}");
        let opens = line.ends_with(b"{");
        let is_around = if opens && closed > 0 {
            closed -= 1;
            false
        } else {
            !is_inside || opens || (indent < depth && line.ends_with(b":"))
        };
        if !is_around {
            continue;
        }
        let sign = line
            .iter()
            .position(|b| b"=:{".contains(b))
            .unwrap_or(line.len());
        let name = line[..sign].trim_ascii();
        let name = name.strip_prefix(b"- ").unwrap_or(name);
        names.push(name.trim_ascii());
        (depth, is_inside) = (indent, true);
        if names.len() == DEEPEST {
            break;
        }
    }
    names.reverse();
    names
}

/// Where a text stands as a whole string: between quotes, `${a}` or `%a%`.
fn quoted(text: &[u8], name: &[u8]) -> Vec<usize> {
    if name.is_empty() {
        return Vec::new();
    }
    let places = memmem::find_iter(text, name);
    let places = places.filter(|at| {
        let before = at.checked_sub(1).map(|at| text[at]);
        let behind = text.get(at + name.len());
        let opens = before.is_some_and(|b| b"\"'`{%".contains(&b));
        opens && behind.is_some_and(|b| b"\"'`}%:".contains(b))
    });
    places.collect()
}

/// The class that stands behind a mark.
fn class_behind(text: &[u8], mark: usize) -> Option<&[u8]> {
    let words = text[mark..]
        .split(|b| !is_word(b))
        .filter(|word| !word.is_empty());
    let mut words = words.take(64);
    words.find(|word| is_listed("class record interface", word))?;
    words.next()
}

/// A name of a program for a setting: `apiKey` of `api-key`.
fn field<'t>(text: &'t [u8], setting: &[u8]) -> Option<&'t [u8]> {
    let letters = |word: &[u8]| -> Vec<u8> {
        let letters = word.iter().filter(|b| b.is_ascii_alphanumeric());
        letters.map(u8::to_ascii_lowercase).collect()
    };
    let wanted = letters(setting);
    let mut words = text.split(|b| !is_word(b));
    words.find(|word| letters(word) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_has_the_names_around_it() {
        for (text, expected) in [
            ("jourvex:\n  url: a\n  api-key: HERE\n", "jourvex.api-key"),
            ("a:\n  b:\n    c: 1\n  # d\n  e:\n    f: HERE", "a.e.f"),
            ("jourvex.api-key=HERE", "jourvex.api-key"),
            (
                "ktor {\n  a = 1\n}\njourvex {\n  b {\n  }\n  apiKey = HERE\n}",
                "jourvex.apiKey",
            ),
            ("parameters:\n    a.b: 'HERE'", "parameters.a.b"),
        ] {
            let place = text.find("HERE").unwrap();
            let names = names(text.as_bytes(), place).join(&b'.');
            assert_eq!(String::from_utf8_lossy(&names), expected, "{text}");
        }
    }
}
