//! Whether a comment can stand on a line of its own above another one, and how it begins there. Where it would
//! become part of a command, a string or a document, or nobody here knows, there is none.

use super::allow::language::{Comments, Language};
use super::multiline;
use crate::model::{BlobPath, Span};
use memchr::memmem::{rfind, rfind_iter};
use std::cell::OnceCell;

/// Most bytes before a line in which its section is looked for.
const SECTION: usize = 1 << 16;

/// A file, as far as comments are concerned.
pub(super) struct CommentPlaces<'a> {
    path: &'a BlobPath,
    text: &'a [u8],
    language: Language,
    /// Told once, and only of files with a finding.
    strings: OnceCell<Vec<Span>>,
}

impl<'a> CommentPlaces<'a> {
    pub(super) fn new(path: &'a BlobPath, text: &'a [u8], language: Language) -> Self {
        Self {
            path,
            text,
            language,
            strings: OnceCell::new(),
        }
    }

    /// How a comment begins above the line at `line`; none where it cannot stand.
    pub(super) fn opener(&self, line: Span) -> Option<&'static str> {
        let Comments::Opened(opener) = self.language.comments() else {
            return None;
        };
        let before = &self.text[..line.start];
        let before = &before[before.len().saturating_sub(SECTION)..];
        let this = &self.text[line.range()];
        let extension = self.extension();
        let stands = match extension.as_str() {
            "md" | "markdown" => stands_in_markdown(before, this),
            // Templates, and documents that are written otherwise.
            "mdx" | "rst" | "adoc" | "asciidoc" | "textile" | "erb" | "rmd" | "phtml"
            | "cshtml" => false,
            "vb" | "erl" => false,
            "vue" | "svelte" | "astro" => is_last(before, b"<script", b"</script"),
            "php" => is_last(before, b"<?", b"?>"),
            "js" | "jsx" | "tsx" => !is_in_markup(before, this),
            _ if self.language == Language::Html => stands_in_html(before),
            _ => true,
        };
        let strings = || {
            let told = || multiline::strings(self.language, self.text);
            multiline::holds(self.strings.get_or_init(told), line.start)
        };
        (stands && !goes_on(self.language, before) && !strings()).then_some(opener)
    }

    fn extension(&self) -> String {
        let name = String::from_utf8_lossy(self.path.file_name()).to_ascii_lowercase();
        let extension = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_owned());
        extension.unwrap_or_default()
    }
}

/// True when the line before ends in what joins the next one to it: `curl -s \`.
fn goes_on(language: Language, before: &[u8]) -> bool {
    let line = before.trim_ascii_end();
    let ends = before.len() - line.len() <= 2;
    ends && match language {
        Language::PowerShell => line.ends_with(b"`"),
        Language::Batch => line.ends_with(b"^"),
        _ => line.ends_with(b"\\"),
    }
}

/// True when `open` was met last, and `close` not since.
fn is_last(before: &[u8], open: &[u8], close: &[u8]) -> bool {
    rfind(before, open).is_some_and(|at| rfind(&before[at..], close).is_none())
}

/// Not in a block of code, where it would be shown, and not inside a table.
fn stands_in_markdown(before: &[u8], line: &[u8]) -> bool {
    let fences = before.split(|b| *b == b'\n').filter(|line| {
        let line = line.trim_ascii_start();
        line.starts_with(b"```") || line.starts_with(b"~~~")
    });
    let is_indented = line.starts_with(b"    ") || line.starts_with(b"\t");
    let is_row = line.trim_ascii_start().starts_with(b"|");
    fences.count() % 2 == 0 && !is_indented && !is_row
}

/// Not inside a tag, a script or a section of text.
fn stands_in_html(before: &[u8]) -> bool {
    let open = rfind(before, b"<").is_some_and(|at| !before[at..].contains(&b'>'));
    let sections: [(&[u8], &[u8]); 6] = [
        (b"<script", b"</script"),
        (b"<style", b"</style"),
        (b"<pre", b"</pre"),
        (b"<textarea", b"</textarea"),
        (b"<![CDATA[", b"]]>"),
        (b"<!--", b"-->"),
    ];
    !open
        && !sections
            .iter()
            .any(|(open, close)| is_last(before, open, close))
}

/// True where a line is markup inside of a script: a comment would be shown.
fn is_in_markup(before: &[u8], line: &[u8]) -> bool {
    let above = before.trim_ascii_end();
    let above = rfind_iter(above, b"\n")
        .next()
        .map_or(above, |at| &above[at + 1..]);
    let closes_tag = above.ends_with(b">") && !above.ends_with(b"=>");
    line.trim_ascii_start().starts_with(b"<") || closes_tag
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The opener above the line that holds `KEY`.
    fn opener(path: &str, text: &str) -> Option<&'static str> {
        let path = BlobPath::from(path);
        let language = Language::of(&path, text.as_bytes());
        let at = text.find("KEY").unwrap();
        let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
        let places = CommentPlaces::new(&path, text.as_bytes(), language);
        places.opener(Span::new(start, end))
    }

    #[test]
    fn a_comment_is_advised_where_it_is_one() {
        for (path, text, expected) in [
            ("a.sh", "set -e\ncurl -H KEY\n", "#"),
            ("a.sql", "-- it's one\nINSERT KEY;\n", "--"),
            ("a.py", "\"\"\"Doc.\"\"\"\nk = KEY\n", "#"),
            ("a.py", "s = 'it'\nk = KEY\n", "#"),
            ("a.js", "const s = `a`;\nconst k = KEY;\n", "//"),
            (
                "a.vue",
                "<template>\n</template>\n<script>\nconst k = KEY\n</script>\n",
                "//",
            ),
            ("a.md", "Say\n```\ncode\n```\nThe key is KEY.\n", "<!-- -->"),
            ("a.html", "<html>\n<p>KEY</p>\n", "<!-- -->"),
            ("a.php", "<?php\n$k = KEY;\n", "//"),
            ("a.yml", "a: |\n  text\nb: KEY\n", "#"),
            ("a.rb", "s = <<~SQL\n  x\nSQL\nk = KEY\n", "#"),
            ("a.jsx", "const a = () =>\n  call(KEY)\n", "//"),
            ("Dockerfile", "FROM a\nENV A=KEY\n", "#"),
        ] {
            assert_eq!(opener(path, text), Some(expected), "{path}: {text}");
        }
    }

    #[test]
    fn none_is_advised_where_it_would_be_something_else() {
        for (path, text) in [
            ("a.sh", "curl -s \\\n  -H KEY\n"),
            ("a.sh", "cat <<EOF\nk = KEY\nEOF\n"),
            ("a.sh", "curl -d '{\n KEY }'\n"),
            ("a.ps1", "curl `\n -H KEY\n"),
            ("a.bat", "curl ^\r\n -H KEY\r\n"),
            ("Dockerfile", "RUN curl \\\n -H KEY\n"),
            ("a.vue", "<template>\n<p>KEY</p>\n</template>\n"),
            ("a.py", "s = \"\"\"\nKEY\n\"\"\"\n"),
            ("a.js", "const s = `a\nKEY\n`;\n"),
            ("a.jsx", "return <p>\n  KEY\n</p>\n"),
            ("a.md", "```sh\ncurl KEY\n```\n"),
            ("a.md", "| a | b |\n| KEY | c |\n"),
            ("a.rst", "KEY\n"),
            ("a.html", "<script>\nk = KEY\n</script>\n"),
            ("a.html", "<a\n href=KEY>\n"),
            ("a.php", "<?php a(); ?>\n<p>KEY</p>\n"),
            ("a.yml", "run: |\n  curl KEY\n"),
            ("a.go", "s := `a\nKEY\n`\n"),
            ("a.css", "a { b: KEY }\n"),
            ("notes.txt", "KEY\n"),
            ("a.json", "{\n\"k\": KEY }\n"),
        ] {
            assert_eq!(opener(path, text), None, "{path}: {text}");
        }
    }

    #[test]
    fn many_quotes_that_nothing_closes_cost_one_look_each() {
        let text = "\"\"\"'''`<<EOF\n".repeat(60_000);
        for language in [
            Language::Python,
            Language::Shell,
            Language::Ruby,
            Language::Yaml,
        ] {
            let started = std::time::Instant::now();
            let _ = multiline::strings(language, text.as_bytes());
            assert!(started.elapsed().as_secs() < 5, "{language:?}");
        }
    }
}
