//! What a script of a shell or the configuration of a web server writes into a page: redirections, here-documents, `tee`,
//! `sed -i`, and answers of nginx and Caddy.

use crate::model::Span;
use crate::syntax::{is_listed, whole_places};
use memchr::memmem;
use std::collections::BTreeSet;

/// Most variables that a value is followed through, one given to the next.
const DEEPEST: usize = 4;

/// Most places of one variable that are looked at.
const MOST_PLACES: usize = 64;

/// Most lines that a line goes on in, and most here-documents that one may be in.
const MOST_LINES: usize = 32;

/// Longest statement of a web server in front of a value, and longest here-document or block around one, in bytes.
const LONGEST: usize = 8 << 10;

/// Folders that a web server sends from, by their name.
const FOLDERS: &str = "html public dist build static www assets htdocs site _site web webroot wwwroot public_html out docs \
    client frontend";

/// Ends of names of what a page is made of.
const PARTS: &str = "js mjs html htm json webmanifest";

/// What only a script of a page says.
const SIGNS: [&[u8]; 5] = [b"window.", b"globalThis.", b"<script", b"<meta", b"self."];

/// Words in front of a reference to a variable.
const REFERRING: [&[u8]; 8] = [
    b"$",
    b"${",
    b"$(",
    b"{$",
    b"{env.",
    b"secrets.",
    b"env.",
    b"vars.",
];

/// Commands that write what they are given.
const PRINTING: &str = "echo printf cat jq yq envsubst sed awk perl";

/// Commands that use it.
const USING: &str = "curl wget http https npm npx yarn pnpm node python python3 docker kubectl gh git ssh openssl base64 \
    sha256sum";

/// Statements with which nginx and Caddy answer.
const ANSWERS: &str = "respond sub_filter add_header more_set_headers";

/// True when what a variable holds, whose name stands at `name`, is written into a page.
pub(super) fn is_written(text: &[u8], name: Span) -> bool {
    let mut script = Script {
        text,
        followed: BTreeSet::new(),
    };
    script.writes(name, 0)
}

/// A text that is read line by line.
struct Script<'t> {
    text: &'t [u8],
    /// Variables that were followed: two that are given one another are no more work than one each.
    followed: BTreeSet<&'t [u8]>,
}

impl<'t> Script<'t> {
    fn writes(&mut self, name: Span, depth: usize) -> bool {
        let line = self.line(name.start);
        let own = &self.text[line.range()];
        let (before, behind) = (
            &self.text[line.start..name.start],
            &self.text[name.end..line.end],
        );
        // `$(if $(KEY),true,false)` and `${KEY:+true}` only ask whether it is there.
        let is_asked = memmem::find(before, b"$(if ").is_some()
            || behind.starts_with(b":+")
            || behind.starts_with(b"+");
        if !is_reference(before) || is_asked || own.trim_ascii().starts_with(b"#") {
            return false;
        }
        if self.is_answer(name.start) || self.is_in_page(name.start, line) {
            return true;
        }
        let given = assigned(own, name.start - line.start);
        let is_other = |given: &&[u8]| **given != self.text[name.range()] && depth < DEEPEST;
        let Some(given) = given.filter(is_other) else {
            return false;
        };
        if !self.followed.insert(given) {
            return false;
        }
        let whole = Span::new(0, self.text.len());
        let mut places = whole_places(self.text, whole, given).take(MOST_PLACES);
        places.any(|at| at != name.start && self.writes(Span::new(at, at + given.len()), depth + 1))
    }

    /// A line, with those that it goes on in behind a backslash.
    fn line(&self, at: usize) -> Span {
        let text = self.text;
        let mut start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |at| at + 1);
        for _ in 0..MOST_LINES {
            if start < 2 || !text[..start - 1].ends_with(b"\\") {
                break;
            }
            start = memchr::memrchr(b'\n', &text[..start - 1]).map_or(0, |at| at + 1);
        }
        let mut end = at;
        for _ in 0..MOST_LINES {
            end = memchr::memchr(b'\n', &text[end..]).map_or(text.len(), |length| end + length);
            if end == text.len() || !text[..end].ends_with(b"\\") {
                break;
            }
            end += 1;
        }
        Span::new(start, end)
    }

    /// `return 200 "window.KEY = '$KEY'";`
    fn is_answer(&self, at: usize) -> bool {
        let before = &self.text[at.saturating_sub(LONGEST)..at];
        let statement = before.rsplit(|b| *b == b';').next().unwrap_or(before);
        let starts = memchr::memchr2_iter(b'\n', b'{', statement).map(|at| at + 1);
        starts.chain([0]).any(|start| {
            let words = statement[start..].split(u8::is_ascii_whitespace);
            let mut words = words.filter(|word| !word.is_empty());
            match words.next() {
                Some(b"return") => words.next() == Some(b"200"),
                Some(word) => is_listed(ANSWERS, word),
                None => false,
            }
        })
    }

    /// True for what a command of the line writes into a page, or a command that the line is a here-document of.
    fn is_in_page(&self, at: usize, line: Span) -> bool {
        let own = &self.text[line.range()];
        let place = at - line.start;
        if let Some((path, is_plain)) = target(own, place) {
            return (!is_plain || fills_in(own)) && self.is_page(path, own);
        }
        self.here_document(line)
            .is_some_and(|(command, body, is_quoted)| {
                let before = &self.text[..at];
                let is_expanded =
                    !is_quoted || before.ends_with(b"secrets.") || before.ends_with(b"env.");
                let path = target(command, command.len()).map(|(path, _)| path);
                is_expanded && path.is_some_and(|path| self.is_page(path, body))
            })
            || self
                .block(line)
                .is_some_and(|(path, body)| self.is_page(path, body))
    }

    /// The command that a line is a here-document of, all of that, and whether nothing is filled in there.
    fn here_document(&self, line: Span) -> Option<(&'t [u8], &'t [u8], bool)> {
        let text = self.text;
        let first = line.start.saturating_sub(LONGEST);
        let opens = memmem::rfind_iter(&text[first..line.start], b"<<").map(|at| first + at);
        let opens = opens.take(MOST_LINES);
        opens.into_iter().find_map(|open| {
            let rest = text[open + 2..]
                .strip_prefix(b"-")
                .unwrap_or(&text[open + 2..]);
            let rest = rest.trim_ascii_start();
            let is_quoted = rest.starts_with(b"'") || rest.starts_with(b"\"");
            let word = &rest[usize::from(is_quoted)..];
            let length = word
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
                .count();
            let word = &word[..length];
            let command = self.line(open);
            let ends = |own: &[u8]| own.trim_ascii() == word;
            let between = text.get(command.end..line.start)?;
            if word.is_empty() || between.split(|b| *b == b'\n').any(ends) {
                return None;
            }
            let behind = &text[line.start..text.len().min(line.start + LONGEST)];
            let end = behind
                .split_inclusive(|b| *b == b'\n')
                .scan(line.start, |at, own| {
                    *at += own.len();
                    Some((*at, ends(own)))
                });
            let (end, _) = end.into_iter().find(|(_, is_end)| *is_end)?;
            Some((&text[command.range()], &text[command.end..end], is_quoted))
        })
    }

    /// The file that a block of commands around a line writes, and the block: `{ ...; } > a.js`.
    fn block(&self, line: Span) -> Option<(&'t [u8], &'t [u8])> {
        let text = self.text;
        let indent = |own: &[u8]| own.len() - own.trim_ascii_start().len();
        let own = indent(&text[line.range()]);
        let behind = &text[line.end..text.len().min(line.end + LONGEST)];
        let close = behind
            .split(|b| *b == b'\n')
            .find(|next| !next.trim_ascii().is_empty() && indent(next) < own)?;
        let is_close = [&b"}"[..], b")", b"done"]
            .iter()
            .any(|end| close.trim_ascii_start().starts_with(end));
        let (path, _) = target(close, close.len()).filter(|_| is_close)?;
        let before = &text[line.start.saturating_sub(LONGEST)..line.start];
        let lines = before.split_inclusive(|b| *b == b'\n').rev();
        let inner = lines
            .take_while(|line| indent(line) >= own)
            .map(<[u8]>::len);
        Some((path, &text[line.start - inner.sum::<usize>()..line.end]))
    }

    /// True for a file that a web server sends, by its name or by what is written into it.
    fn is_page(&self, path: &[u8], content: &[u8]) -> bool {
        let path = self.filled_in(path, 0);
        let says = || {
            SIGNS
                .iter()
                .any(|sign| memmem::find(content, sign).is_some())
        };
        let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        is_page(&path) || (!name.contains(&b'.') || is_part(name)) && says()
    }

    /// A path with the variables that the script itself gives a value.
    fn filled_in(&self, path: &[u8], depth: usize) -> Vec<u8> {
        let Some(sign) = memchr::memchr(b'$', path).filter(|_| depth < DEEPEST) else {
            return path.to_vec();
        };
        let rest = &path[sign + 1..];
        let is_braced = rest.starts_with(b"{");
        let name = &rest[usize::from(is_braced)..];
        let length = name
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        let (name, behind) = name.split_at(length);
        let behind = match memchr::memchr(b'}', behind).filter(|_| is_braced) {
            Some(end) => &behind[end + 1..],
            None => behind,
        };
        let whole = Span::new(0, self.text.len());
        let mut places = whole_places(self.text, whole, name).take(MOST_PLACES);
        let value = places.find_map(|at| {
            let given = self.text[at + name.len()..].strip_prefix(b"=")?;
            let given = given
                .strip_prefix(b"\"")
                .or_else(|| given.strip_prefix(b"'"))
                .unwrap_or(given);
            let end = given
                .iter()
                .position(|b| b"\"'\n;& ".contains(b))
                .unwrap_or(given.len());
            Some(&given[..end])
        });
        let all = [&path[..sign], value.unwrap_or_default(), behind].concat();
        self.filled_in(&all, depth + 1)
    }
}

/// True for a path to what a web server sends, by its folders and its end: `public/env.js`, `index.html`.
pub(super) fn is_page(path: &[u8]) -> bool {
    let path = path.to_ascii_lowercase();
    let mut folders = path.split(|b| *b == b'/');
    let name = folders.next_back().unwrap_or_default();
    let is_sent = folders.any(|folder| is_listed(FOLDERS, folder));
    is_part(name) && is_sent || name.ends_with(b".html") || name.ends_with(b"*") && is_sent
}

/// True for a name of what a page is made of: `env.js`, `*.js`.
fn is_part(name: &[u8]) -> bool {
    let end = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
    name.contains(&b'.') && is_listed(PARTS, &end.to_ascii_lowercase())
}

/// True behind what refers to a variable by the name that follows: `$`, `${`, `secrets.`.
fn is_reference(before: &[u8]) -> bool {
    let refers = |sign: &&[u8]| {
        let head = before.strip_suffix(*sign);
        head.is_some_and(|head| !head.ends_with(b"\\"))
    };
    REFERRING.iter().any(refers)
}

/// The name that the value at a place of the line is given to: `TOKEN="$KEY"`, `TOKEN: ${{ secrets.KEY }}`, `ENV TOKEN $KEY`.
fn assigned(line: &[u8], place: usize) -> Option<&[u8]> {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let before = &line[..place];
    let sign = before.iter().rposition(|b| matches!(b, b'=' | b':'))?;
    let is_yaml = line[sign] == b':';
    let between = &before[sign + 1..];
    let begins = between.trim_ascii_start().first();
    let is_value = begins.is_some_and(|b| b"$\"'{".contains(b));
    if !is_value || (is_yaml && !between.starts_with(b" ")) {
        return None;
    }
    let start = before[..sign]
        .iter()
        .rposition(|b| !is_word(b))
        .map_or(0, |at| at + 1);
    let name = &line[start..sign];
    (!name.is_empty() && !name[0].is_ascii_digit()).then_some(name)
}

/// The file that the command around a place of the line writes, and whether the place is in a text in which nothing is
/// filled in: `'$KEY'`.
fn target(line: &[u8], place: usize) -> Option<(&[u8], bool)> {
    let is_value = is_quoted_value(line);
    let mut quote = None;
    let mut found = None;
    let mut is_plain = false;
    let mut start = 0;
    let mut at = 0;
    while at < line.len() {
        let byte = line[at];
        if at == place {
            is_plain = quote == Some(b'\'');
        }
        let is_escaped = at > 0 && line[at - 1] == b'\\';
        let counts = byte == b'\'' || byte == b'"' && is_escaped == is_value;
        match quote {
            Some(own) if own == byte && counts => quote = None,
            Some(_) => {}
            None if counts => quote = Some(byte),
            None if at > 0 && byte == b'>' && !b"2&-=<>".contains(&line[at - 1]) => {
                let behind = line[at + 1..].strip_prefix(b">").unwrap_or(&line[at + 1..]);
                found = found.or(word(behind).filter(|word| !word.starts_with(b"&")));
            }
            None if byte == b';'
                || line[at..].starts_with(b"&&")
                || line[at..].starts_with(b"||") =>
            {
                if at > place {
                    break;
                }
                found = None;
                start = at + 1;
            }
            None => {}
        }
        at += 1;
    }
    let command = &line[start..at];
    let before = &line[start.min(place)..place];
    if place < line.len() && !prints(before) {
        return None;
    }
    found
        .or_else(|| behind(command, b"tee "))
        .or_else(|| edited(command))
        .map(|path| (path, is_plain))
}

/// True for a command that is a value in JSON or YAML, with quotes of its own; those in it are written `\"`:
/// `"build": "echo \"a\" > b",`.
fn is_quoted_value(line: &[u8]) -> bool {
    let end = line.trim_ascii_end();
    let end = end.strip_suffix(b",").unwrap_or(end);
    let has = |part: &[u8]| memmem::find(line, part).is_some();
    end.ends_with(b"\"") && has(b": \"") && has(b"\\\"")
}

/// True where the last command of these is one that writes what it is given: `echo`, and no `curl`.
fn prints(commands: &[u8]) -> bool {
    let mut words = commands
        .split(|b| !b.is_ascii_alphanumeric() && *b != b'_')
        .rev();
    let named = words.find(|word| is_listed(PRINTING, word) || is_listed(USING, word));
    named.is_some_and(|word| is_listed(PRINTING, word))
}

/// The file behind a command: `| tee -a a.js`.
fn behind<'l>(command: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let at = memmem::find(command, name)? + name.len();
    let is_word = at == name.len() || !command[at - name.len() - 1].is_ascii_alphanumeric();
    let rest = command[at..].trim_ascii_start();
    let rest = rest.strip_prefix(b"-a").unwrap_or(rest);
    word(rest).filter(|_| is_word)
}

/// The file that `sed -i` and `perl -pi` change: the last word.
fn edited(command: &[u8]) -> Option<&[u8]> {
    let has = |word: &[u8]| memmem::find(command, word).is_some();
    let is_in_place = has(b" -i") || has(b"-pi") || has(b"--in-place");
    let is_editing = is_in_place && (has(b"sed ") || has(b"perl ") || has(b"yq "));
    let last = command
        .trim_ascii()
        .rsplit(|b| b.is_ascii_whitespace())
        .next();
    word(last.filter(|_| is_editing)?)
}

/// True for a command that fills in what the shell leaves: `envsubst '$KEY' < a > b`.
fn fills_in(command: &[u8]) -> bool {
    let has = |word: &[u8]| memmem::find(command, word).is_some();
    has(b"envsubst") || has(b"${{")
}

/// The first word, without its quotes.
fn word(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii_start();
    let is_quote = |b: &u8| matches!(b, b'"' | b'\'' | b'\\');
    let skipped = text.iter().take_while(|b| is_quote(b)).count();
    let text = &text[skipped..];
    let ends = |b: &u8| b.is_ascii_whitespace() || b"\"';&|)<>\\,".contains(b);
    let length = text.iter().position(ends).unwrap_or(text.len());
    // `"$ROOT"/a.js`
    let goes_on = text[length..].starts_with(b"\"/");
    let rest = &text[length + usize::from(goes_on)..];
    let more = rest.iter().position(ends).unwrap_or(rest.len());
    let end = if goes_on { length + 1 + more } else { length };
    (end > 0).then(|| &text[..end])
}
