//! The code that a place is part of: the whole of a program, or what a template holds between two tags.

use crate::model::{BlobPath, Span};
use crate::syntax::{Style, Tree, is_listed, lex};
use memchr::memmem;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Largest file in which a value is followed, in bytes. Source files are smaller; the bound keeps the work linear in
/// files that are not.
pub(super) const FOLLOWED: usize = 64 << 10;

/// What opens and closes code in a template, and whether the template prints its value.
type Tag = (&'static str, &'static str, bool);

const PHP: &[Tag] = &[("<?=", "?>", true), ("<?", "?>", false)];
const ERB: &[Tag] = &[
    ("<%=", "%>", true),
    ("<%-", "%>", true),
    ("<%", "%>", false),
];
const CURLY: &[Tag] = &[
    ("{{", "}}", true),
    ("{%", "%}", false),
    ("{!!", "!!}", true),
    ("[[${", "}]]", true),
    ("=\"${", "}", true),
];
const DOLLAR: &[Tag] = &[("${", "}", true)];
const HASH: &[Tag] = &[("#{{", "}}", true), ("#{", "}", true), ("!{", "}", true)];
const BLADE: &[Tag] = &[
    ("@php\n", "@endphp", false),
    ("@json(", ")</", true),
    ("@js(", ")</", true),
    ("@json(", ");", true),
    ("@json(", ")\n", true),
];
const BRACE: &[Tag] = &[("{", "}", true)];

/// Ends of names of templates of any text.
const OF_ANY_TEXT: &str = "jinja jinja2 j2 mustache liquid tmpl tpl";

/// The tags of templates by the end of their name. Each engine documents its own:
/// <https://www.php.net/manual/en/language.basic-syntax.phptags.php>, <https://docs.ruby-lang.org/en/3.3/ERB.html>,
/// <https://jinja.palletsprojects.com/en/stable/templates/>, <https://docs.astro.build/en/basics/astro-components/>.
const TEMPLATES: &[(&str, &[&[Tag]])] = &[
    ("php phtml", &[PHP, CURLY, BLADE]),
    ("erb ejs eex leex ep rhtml asp", &[ERB]),
    ("heex", &[ERB, BRACE]),
    ("jsp jspx jspf ftl ftlh", &[ERB, DOLLAR]),
    (
        "html htm xhtml njk nunjucks twig hbs handlebars gohtml latte",
        &[CURLY, ERB],
    ),
    (OF_ANY_TEXT, &[CURLY, ERB]),
    ("pug jade haml slim", &[HASH]),
    ("astro", &[BRACE]),
    ("templ", &[BRACE]),
];

/// What a comment of a template begins with, behind its tag: `{{! a }}`, `{{-- a --}}`, `<%# a %>`.
const COMMENTS: [&[u8]; 3] = [b"!--", b"--", b"#"];

/// Longest comment of a template that is known as one, in bytes.
const LONGEST_COMMENT: usize = 2 << 10;

/// Templates in which a line is code by what it begins with: `meta(content=a)`, `p= a`.
const BY_LINE: &str = "pug jade haml slim";

/// Templates in which code stands behind a sign in the text: `@Configuration["a"]`.
const BY_SIGN: &str = "cshtml razor";

/// What crates for browsers and for apps use.
const WASM: [&str; 9] = [
    "tauri",
    "wasm_bindgen",
    "web_sys",
    "leptos",
    "yew",
    "dioxus",
    "gloo",
    "sycamore",
    "seed::",
];

/// Code, with its brackets.
#[derive(Debug)]
pub(super) struct CodeRegion<'t> {
    pub(super) tree: Tree<'t>,
    /// A template prints the value.
    pub(super) is_printed: bool,
    pub(super) language: Rc<str>,
    /// Where the file stands, in small letters.
    pub(super) path: Rc<str>,
    /// Functions by the lines that are indented below them.
    pub(super) indented: RefCell<BTreeMap<usize, Option<(usize, Span)>>>,
    /// Functions by the names that calls have for them.
    pub(super) defined: RefCell<BTreeMap<&'t [u8], Option<Definition<'t>>>>,
    /// Pages get what the file exports: `_data/` of Eleventy (<https://www.11ty.dev/docs/data-js/>).
    pub(super) is_page_data: bool,
    /// The code behind a page of Razor, whose properties its template prints.
    pub(super) is_page_model: bool,
}

impl<'t> CodeRegion<'t> {
    /// True for code in one of these languages, by the end of a file's name.
    pub(super) fn is_in(&self, languages: &str) -> bool {
        is_listed(languages, self.language.as_bytes())
    }

    /// The code that a text holds between braces, whose value is put in there.
    pub(super) fn inner(&self, span: Span) -> Self {
        let text = self.tree.text;
        Self {
            tree: Tree::new(text, lex(text, span, Style::ANY, true).0),
            is_printed: true,
            language: Rc::clone(&self.language),
            path: Rc::clone(&self.path),
            indented: RefCell::default(),
            defined: RefCell::default(),
            is_page_data: false,
            is_page_model: false,
        }
    }

    /// True in a template whose code is a line.
    pub(super) fn is_by_line(&self) -> bool {
        self.is_in(BY_LINE)
    }
}

/// A function: the bracket in front of its arguments, and what it does, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Definition<'t> {
    pub(super) arguments: usize,
    pub(super) body: Span,
    /// The class that it makes an object of.
    pub(super) makes: Option<&'t [u8]>,
}

/// The code of one text, read where it is asked for.
pub(super) struct Regions<'t> {
    text: &'t [u8],
    style: Style,
    language: Rc<str>,
    path: Rc<str>,
    tags: Option<Vec<Tag>>,
    is_page_data: bool,
    is_page_model: bool,
    read: BTreeMap<(usize, usize), Rc<CodeRegion<'t>>>,
}

impl<'t> Regions<'t> {
    pub(super) fn new(text: &'t [u8], path: &BlobPath) -> Self {
        let extension = path.extension().unwrap_or_default();
        let language = String::from_utf8_lossy(extension).to_ascii_lowercase();
        // A template of an engine may make any text: the configuration of a server, a mail.
        let has_markup = || memmem::find(text, b"</").is_some();
        let own = TEMPLATES
            .iter()
            .find(|(names, _)| is_listed(names, language.as_bytes()));
        Self {
            text,
            style: Style::of(path),
            tags: own.map(|(names, tags)| {
                if *names == OF_ANY_TEXT && !has_markup() {
                    Vec::new()
                } else {
                    tags.concat()
                }
            }),
            language: language.into(),
            path: String::from_utf8_lossy(path.as_bytes())
                .to_ascii_lowercase()
                .into(),
            is_page_data: memmem::find(path.as_bytes(), b"_data/").is_some(),
            is_page_model: path.as_bytes().ends_with(b".cshtml.cs"),
            read: BTreeMap::new(),
        }
    }

    /// The code at a place, if it is in any.
    pub(super) fn at(&mut self, place: usize) -> Option<Rc<CodeRegion<'t>>> {
        let (span, is_printed) = self.span(place)?;
        let own = self.read.entry((span.start, span.end)).or_insert_with(|| {
            let (tokens, _) = lex(self.text, span, self.style, false);
            Rc::new(CodeRegion {
                tree: Tree::new(self.text, tokens),
                is_printed,
                language: Rc::clone(&self.language),
                path: Rc::clone(&self.path),
                indented: RefCell::default(),
                defined: RefCell::default(),
                is_page_data: self.is_page_data,
                is_page_model: self.is_page_model,
            })
        });
        Some(Rc::clone(own))
    }

    /// True for a file in which only what stands between tags is code.
    pub(super) fn is_template(&self) -> bool {
        (self.tags.is_some() && &*self.language != "astro")
            || is_listed(BY_SIGN, self.language.as_bytes())
    }

    fn span(&self, place: usize) -> Option<(Span, bool)> {
        if is_listed(BY_SIGN, self.language.as_bytes()) {
            return signed(self.text, place);
        }
        if self.tags.is_some() && in_comment(&self.text[..place]) {
            return None;
        }
        let whole = Span::new(0, self.text.len().min(FOLLOWED));
        let Some(tags) = &self.tags else {
            // Templates of Sinatra stand behind the program (<https://sinatrarb.com/intro.html>).
            let end = memmem::find(self.text, b"\n__END__\n").filter(|_| &*self.language == "rb");
            let own = ERB.iter().filter(|_| end.is_some_and(|end| end < place));
            let own = own.filter_map(|tag| self.opened(tag, place));
            return own
                .max_by_key(|(span, is_printed)| (span.start, *is_printed))
                .or(Some((whole, false)).filter(|_| end.is_none_or(|end| place < end)));
        };
        if let Some(end) = frontmatter(self.text, &self.language).filter(|end| place < *end) {
            return Some((Span::new(0, end), false));
        }
        let opened = tags.iter().filter_map(|tag| self.opened(tag, place));
        // `<%=` is also `<%`, and the nearest that is open counts.
        let own = opened.max_by_key(|(span, is_printed)| (span.start, *is_printed));
        own.or_else(|| is_listed(BY_LINE, self.language.as_bytes()).then_some((whole, false)))
    }

    /// What stands between the last tag of this kind and the one that closes it, if the place is in it.
    fn opened(&self, (open, close, is_printed): &Tag, place: usize) -> Option<(Span, bool)> {
        let before = &self.text[..place];
        let start = memmem::rfind(before, open.as_bytes())? + open.len();
        let end = match memmem::find(&self.text[start..], close.as_bytes()) {
            Some(length) => start + length,
            // A file of PHP may end in code.
            None if *open == "<?" => self.text.len(),
            None => return None,
        };
        let start = match self.text[start..].strip_prefix(b"php") {
            Some(_) if *open == "<?" => start + 3,
            _ => start,
        };
        // Another of the kind ends it, so that what is read stays as long as the text.
        let next = memmem::find(&self.text[place..end.max(place)], open.as_bytes());
        let end = next.map_or(end, |length| place + length);
        let is_comment = COMMENTS
            .iter()
            .any(|sign| self.text[start..].starts_with(sign));
        (place < end && !is_comment).then_some((Span::new(start, end), *is_printed))
    }
}

/// True for a text that says the name of a crate for browsers.
pub(super) fn needs_browser(text: &[u8]) -> bool {
    let has = |word: &&str| memmem::find(text, word.as_bytes()).is_some();
    WASM.iter().any(has)
}

/// Comments of templates, and parts that are written as they stand.
const ASIDE: &[(&str, &str)] = &[
    ("{#", "#}"),
    ("{{--", "--}}"),
    ("{{!--", "--}}"),
    ("<%--", "--%>"),
    ("<%#", "%>"),
    ("{% comment %}", "{% endcomment %}"),
    ("{% raw %}", "{% endraw %}"),
    ("{% verbatim %}", "{% endverbatim %}"),
];

/// True where one of those is open.
fn in_comment(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(LONGEST_COMMENT)..];
    ASIDE.iter().any(|(open, close)| {
        let start = memmem::rfind(near, open.as_bytes());
        start.is_some_and(|start| memmem::find(&near[start..], close.as_bytes()).is_none())
    })
}

/// The code of Razor: the rest of a line behind `@`, or a block of statements
/// (<https://learn.microsoft.com/aspnet/core/mvc/views/razor>).
fn signed(text: &[u8], place: usize) -> Option<(Span, bool)> {
    let before = &text[..place];
    let block = memmem::rfind(before, b"@{").or_else(|| memmem::rfind(before, b"@code"));
    let is_open = |at: &usize| memmem::find(&text[*at..place], b"\n}").is_none();
    if let Some(start) = block.filter(is_open) {
        let end = memmem::find(&text[place..], b"@{").map_or(text.len(), |at| place + at);
        return Some((Span::new(start + 1, end), false));
    }
    let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let start = line + memchr::memrchr(b'@', &text[line..place])? + 1;
    // `me@example.org` is an address.
    if text[line..start - 1]
        .last()
        .is_some_and(u8::is_ascii_alphanumeric)
    {
        return None;
    }
    let end = memchr::memchr2(b'\n', b'@', &text[place..]).map_or(text.len(), |at| place + at);
    Some((Span::new(start, end), true))
}

/// Where the code in front of a page of Astro ends.
fn frontmatter(text: &[u8], language: &str) -> Option<usize> {
    let start = text.len() - text.trim_ascii_start().len();
    let is_there = language == "astro" && text[start..].starts_with(b"---");
    let end = memmem::find(text.get(start + 3..).filter(|_| is_there)?, b"\n---")?;
    Some(start + 3 + end)
}
