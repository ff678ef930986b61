//! Documentation inside source: what a tool makes pages of, such as `///` of Rust, `/** */` of Java and the
//! docstrings of Python. Commented-out code is none.
//!
//! One pass over the lines. A mark counts at the beginning of a line only, so that `"/**"` in a program, which
//! is a pattern of paths, is none.

use super::words::is_in;
use crate::model::Span;

/// Extensions of languages with `/** */`.
const BLOCKS: &str = " c cc cjs cpp cs css cts cxx d dart groovy h hh hpp java js jsx kt kts less m mjs mm mts php rs scala \
    scss svelte swift ts tsx vue ";

/// With `///`, and of these with `//!`.
const SLASHES: &str = " c cc cpp cs cxx d dart fs h hh hpp m mm rs swift zig ";

/// With a string under a heading.
const STRINGS: &str = " jl py pyi pyw ";

/// Where the documentation in a text stands, in order. `extension` is that of its file, in small letters.
pub(in crate::detect) fn doc_comments(extension: &str, text: &[u8]) -> Vec<Span> {
    let mut reader = CommentReader {
        extension,
        found: Vec::new(),
        until: None,
        headed: true,
        run: None,
    };
    let mut start = 0;
    for line in text.split_inclusive(|b| *b == b'\n') {
        reader.line(start, line);
        start += line.len();
    }
    reader.found
}

/// True behind the beginning of a code block of Markdown that names its language: a program holds one in a text
/// that it shows, such as the description of an API (`"For instance:\n```bash\ncurl ..."`).
pub(in crate::detect) fn is_in_code_block(text: &[u8], place: usize) -> bool {
    const NEAR: usize = 1 << 10;
    const FENCE: &[u8] = b"```";
    let before = &text[place.saturating_sub(NEAR)..place];
    let Some(at) = memchr::memmem::rfind(before, FENCE) else {
        return false;
    };
    let behind = &before[at + FENCE.len()..];
    let language = behind
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let rest = &behind[language..];
    let ends_line = [&b"\n"[..], b"\r", b"\\n", b"\\r"]
        .iter()
        .any(|end| rest.starts_with(end));
    language > 0 && ends_line
}

struct CommentReader<'e> {
    extension: &'e str,
    found: Vec<Span>,
    /// What ends the block or string that the next line goes on with, and whether that is documentation.
    until: Option<(&'static [u8], bool)>,
    /// True when the last line of code opened a body, or none was yet.
    headed: bool,
    /// The line comments above the next line that are documentation if it declares what they name.
    run: Option<(Span, String)>,
}

impl CommentReader<'_> {
    fn line(&mut self, start: usize, line: &[u8]) {
        let code = line.trim_ascii();
        let whole = Span::new(start, start + line.len());
        match self.until {
            Some((end, is_doc)) => {
                if is_doc {
                    self.found.push(whole);
                }
                if let Some(at) = memchr::memmem::find(line, end) {
                    self.until = None;
                    self.strings(&line[at + end.len()..], None);
                }
            }
            None if code.is_empty() => {}
            None if is_in(STRINGS, self.extension) => self.python(whole, line, code),
            None if self.extension == "go" => self.go(whole, line),
            None if self.is_line_of_docs(code) => self.found.push(whole),
            None => self.block(whole, code),
        }
    }

    /// Lines that are documentation by their own first sign.
    fn is_line_of_docs(&self, code: &[u8]) -> bool {
        let begins = |sign: &str| code.starts_with(sign.as_bytes());
        match self.extension {
            "rs" if begins("#[doc") || begins("#![doc") => true,
            "r" => begins("#'"),
            "lua" => begins("---"),
            "nim" => begins("##"),
            "hs" => begins("-- |") || begins("-- ^"),
            extension => {
                let slashes = (begins("///") && !begins("////")) || begins("//!");
                is_in(SLASHES, extension) && slashes
            }
        }
    }

    /// Documentation over several lines that begins here.
    fn block(&mut self, whole: Span, code: &[u8]) {
        let begins = |sign: &str| code.starts_with(sign.as_bytes());
        let docs = ["@doc", "@moduledoc", "@typedoc"].into_iter().any(begins);
        let (open, end): (usize, &[u8]) = match self.extension {
            "rb" if begins("=begin") => (6, b"=end"),
            "pl" | "pm" | "t" if is_pod(code) => (1, b"=cut"),
            "ex" | "exs" if docs => match memchr::memmem::find(code, b"\"\"\"") {
                Some(at) => (at + 3, b"\"\"\""),
                None => return,
            },
            "hs" if begins("{-|") || begins("{- |") => (2, b"-}"),
            extension if is_in(BLOCKS, extension) && is_block(code) => (3, b"*/"),
            _ => return,
        };
        self.found.push(whole);
        if memchr::memmem::find(&code[open..], end).is_none() {
            self.until = Some((end, true));
        }
    }

    /// A docstring is what stands alone below a line that opens a body, or at the beginning of the file.
    fn python(&mut self, whole: Span, line: &[u8], code: &[u8]) {
        if code.starts_with(b"#") {
            return;
        }
        let letters = code.iter().take_while(|b| b"rRuUbBfF".contains(b)).count();
        let quoted = code[letters.min(2)..].starts_with(b"\"\"\"")
            || code[letters.min(2)..].starts_with(b"'''");
        let is_doc = quoted && (self.headed || self.extension == "jl");
        self.strings(line, is_doc.then_some(whole));
        let comment = memchr::memmem::find(code, b" #").unwrap_or(code.len());
        self.headed = self.until.is_none() && code[..comment].trim_ascii_end().ends_with(b":");
    }

    /// Looks for the strings over several lines that a line holds, the first of which is documentation at `doc`.
    fn strings(&mut self, line: &[u8], doc: Option<Span>) {
        if !is_in(STRINGS, self.extension) {
            return;
        }
        self.found.extend(doc);
        let mut rest = line;
        let mut is_doc = doc.is_some();
        loop {
            let double = memchr::memmem::find(rest, b"\"\"\"");
            let single = memchr::memmem::find(rest, b"'''");
            let (at, quotes): (usize, &'static [u8]) = match (double, single) {
                (Some(double), single) if single.is_none_or(|single| double < single) => {
                    (double, b"\"\"\"")
                }
                (_, Some(single)) => (single, b"'''"),
                _ => return,
            };
            rest = &rest[at + 3..];
            match memchr::memmem::find(rest, quotes) {
                Some(end) => rest = &rest[end + 3..],
                None => {
                    self.until = Some((quotes, is_doc));
                    return;
                }
            }
            is_doc = false;
        }
    }

    /// `// Client talks to ...` above `type Client struct {`: the comment begins with what it documents.
    fn go(&mut self, whole: Span, line: &[u8]) {
        if let Some(comment) = line.strip_prefix(b"//") {
            self.run = Some(match self.run.take() {
                Some((span, name)) => (Span::new(span.start, whole.end), name),
                None => (whole, first_word(comment)),
            });
            return;
        }
        let Some((span, name)) = self.run.take() else {
            return;
        };
        let is_package = name == "Package" && line.starts_with(b"package ");
        if is_package || declared(line).is_some_and(|declared| declared == name) {
            self.found.push(span);
        }
    }
}

/// `/**` or `/*!`, and not the `/**/` of an empty comment.
fn is_block(code: &[u8]) -> bool {
    let rest = code
        .strip_prefix(b"/**")
        .or_else(|| code.strip_prefix(b"/*!"));
    rest.is_some_and(|rest| !rest.starts_with(b"/"))
}

/// `=head1 NAME`
fn is_pod(code: &[u8]) -> bool {
    let word = code.strip_prefix(b"=").unwrap_or_default();
    word.first().is_some_and(u8::is_ascii_alphabetic) && !word.starts_with(b"cut")
}

fn first_word(text: &[u8]) -> String {
    let text = text.trim_ascii_start();
    let length = text
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .count();
    String::from_utf8_lossy(&text[..length]).into_owned()
}

/// What a line of Go declares.
fn declared(line: &[u8]) -> Option<String> {
    let mut words = [&b"func "[..], b"type ", b"var ", b"const "].into_iter();
    let rest = words.find_map(|word| line.strip_prefix(word))?;
    let receiver = rest
        .starts_with(b"(")
        .then(|| memchr::memchr(b')', rest))
        .flatten();
    Some(first_word(&rest[receiver.map_or(0, |end| end + 1)..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of documentation in a text.
    fn docs(extension: &str, text: &str) -> Vec<usize> {
        let spans = doc_comments(extension, text.as_bytes());
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(starts);
        let numbered = starts.enumerate().filter(|(_, start)| {
            spans
                .iter()
                .any(|span| span.start <= *start && *start < span.end)
        });
        numbered.map(|(line, _)| line + 1).collect()
    }

    #[test]
    fn documentation_is_told_from_code_and_from_commented_out_code() {
        for (extension, text, lines) in [
            ("rs", "/// a\nfn a() {} // b\n//// c\n//! d", vec![1, 4]),
            ("rs", "#[doc = \"a\"]\nfn a() {}", vec![1]),
            (
                "java",
                "/**\n * a\n */\nint a;\n/* b */\n// c",
                vec![1, 2, 3],
            ),
            ("java", "  .antMatchers(\"/**\").permitAll()\na();", vec![]),
            (
                "js",
                "/** a */\nb();\n/*! c\n*/ d()\n/**/ e()",
                vec![1, 3, 4],
            ),
            ("js", "/// a", vec![]),
            ("php", "<?php\n/** a\n */", vec![2, 3]),
            ("py", "\"\"\"a\nb\"\"\"\nc = 1", vec![1, 2]),
            (
                "py",
                "#!x\ndef a():  # x\n    r'''b\n    c\n    '''\n    d = 1",
                vec![3, 4, 5],
            ),
            (
                "py",
                "a = \"\"\"\nb:\n\"\"\"\nclass C:\n    \"\"\"d\"\"\"\n    e = 1",
                vec![5],
            ),
            ("py", "import a\n\"\"\"b\n\"\"\"", vec![]),
            ("py", "f(\n  '''a\n  ''')\ndef b():\n  '''c'''", vec![5]),
            (
                "go",
                "// A is b\n// c\ntype A struct {\n// d\nfunc e() {}",
                vec![1, 2],
            ),
            (
                "go",
                "// Do a\nfunc (c *C) Do() {}\n\n// Package p\npackage p",
                vec![1, 4],
            ),
            ("go", "// Package p is a\npackage p", vec![1]),
            ("rb", "=begin\na\n=end\nb # c", vec![1, 2, 3]),
            ("pl", "a;\n=head1 B\nc\n=cut\nd;", vec![2, 3, 4]),
            ("ex", "@doc \"\"\"\na\n\"\"\"\ndef b", vec![1, 2, 3]),
            ("r", "#' a\n# b", vec![1]),
            ("lua", "--- a\n-- b", vec![1]),
            ("yml", "# a\n/** b */", vec![]),
        ] {
            assert_eq!(docs(extension, text), lines, "{extension}: {text}");
        }
    }

    #[test]
    fn a_code_block_has_a_language_and_an_end() {
        let inside = |text: &str| is_in_code_block(text.as_bytes(), text.find('K').unwrap());
        assert!(inside("d(\"For instance:\\n```bash\\ncurl K\")"));
        assert!(inside("```js\nK\n```"));
        assert!(!inside("```js\na\n```\nK"));
        assert!(!inside("````K"));
        assert!(!inside("K"));
    }

    #[test]
    fn any_text_is_read_without_a_panic() {
        for text in [
            "",
            "\n",
            "/**",
            "'''",
            "=begin",
            "@doc",
            "// \n",
            "rb'''",
            "fr\"\"\"a\"\"\"\"\"\"",
        ] {
            for extension in ["rs", "py", "go", "rb", "ex", "java", ""] {
                let _ = doc_comments(extension, text.as_bytes());
            }
        }
    }
}
