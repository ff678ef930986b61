//! Languages in which edits are made: how each reads a variable of the environment, and where it cannot.

use super::super::change::{TextChange, TextChanges};
use super::super::literal::{Choice, SecretLiteral};
use super::super::variable::{FALLBACK, SETS_ITSELF, free_name, is_set};
use super::import::ImportForm;
use super::place::CodePlace;
use super::runtime::{has_environment_of_its_own, has_own_texts, interpreter, runs_elsewhere};
use super::shell;
use super::wording::{JoinForm, Joining, ReadInText, TextParts};
use crate::model::{BlobPath, Span, Wording};
use crate::syntax::{Backticks, HereDocuments, Style, Tree, is_listed};

/// A language in which edits are made.
#[derive(Debug)]
pub(super) struct CodeLanguage {
    /// Ends of names of its files.
    extensions: &'static str,
    /// How it reads the variable in the place of `NAME`.
    read: &'static str,
    joining: Joining,
    within: Option<ReadInText>,
    import: Option<ImportForm>,
    /// Words of a statement or a member whose value is made before the program runs.
    constant: &'static [&'static [u8]],
    /// The word that a reading begins with, where a program may give it another meaning.
    base: &'static str,
    /// Why a person should look at the edit.
    caution: Option<&'static str>,
}

const NOTHING: &[&[u8]] = &[];

/// What a line says that sets a variable.
const SETTING: [&[u8]; 6] = [b"environ", b"ENV", b"env.", b"$env:", b"putenv", b"etenv("];

/// Each as its own documentation has it.
const LANGUAGES: &[CodeLanguage] = &[
    CodeLanguage {
        extensions: "py pyw",
        read: "os.environ[\"NAME\"]",
        joining: Joining::Format,
        within: None,
        import: Some(ImportForm::Python),
        constant: &[
            b"case",
            b"match",
            b"Literal",
            b"cast",
            b"type",
            b"typing.cast",
            b"typing.Literal",
        ],
        base: "os",
        caution: None,
    },
    CodeLanguage {
        extensions: "js mjs cjs",
        read: "process.env.NAME",
        joining: Joining::Template,
        within: Some(ReadInText {
            quotes: b"`",
            read: "${process.env.NAME}",
            lost: b"",
        }),
        import: None,
        constant: &[b"import", b"with", b"assert", b"case"],
        base: "process",
        caution: None,
    },
    CodeLanguage {
        extensions: "ts mts cts",
        read: "process.env.NAME!",
        joining: Joining::Template,
        within: Some(ReadInText {
            quotes: b"`",
            read: "${process.env.NAME}",
            lost: b"",
        }),
        import: None,
        constant: &[
            b"enum",
            b"type",
            b"interface",
            b"declare",
            b"import",
            b"with",
            b"assert",
            b"case",
        ],
        base: "process",
        caution: None,
    },
    CodeLanguage {
        extensions: "go",
        read: "os.Getenv(\"NAME\")",
        joining: Joining::Plus,
        within: None,
        import: Some(ImportForm::Go),
        constant: &[b"const", b"case", b"type"],
        base: "os",
        caution: None,
    },
    CodeLanguage {
        extensions: "rb rake",
        read: "ENV.fetch(\"NAME\")",
        joining: Joining::Plus,
        within: Some(ReadInText {
            quotes: b"\"`",
            read: "#{ENV.fetch(\"NAME\")}",
            lost: b"#\\\"",
        }),
        import: None,
        constant: &[b"in", b"when"],
        base: "",
        caution: None,
    },
    CodeLanguage {
        extensions: "php",
        read: "getenv('NAME')",
        joining: Joining::Point,
        within: None,
        import: None,
        constant: &[
            b"const",
            b"public",
            b"private",
            b"protected",
            b"static",
            b"var",
            b"function",
            b"case",
            b"readonly",
        ],
        base: "",
        caution: None,
    },
    CodeLanguage {
        extensions: "java",
        read: "System.getenv(\"NAME\")",
        joining: Joining::Plus,
        within: None,
        import: None,
        constant: &[b"case"],
        base: "System",
        caution: None,
    },
    CodeLanguage {
        extensions: "kt kts",
        read: "System.getenv(\"NAME\")",
        joining: Joining::Plus,
        within: Some(ReadInText {
            quotes: b"\"",
            read: "${System.getenv(\"NAME\")}",
            lost: b"",
        }),
        import: None,
        constant: &[b"const", b"annotation"],
        base: "System",
        caution: None,
    },
    CodeLanguage {
        extensions: "scala",
        read: "sys.env(\"NAME\")",
        joining: Joining::Plus,
        within: None,
        import: None,
        constant: &[b"case", b"type", b"inline", b"match"],
        base: "sys",
        caution: None,
    },
    CodeLanguage {
        extensions: "cs",
        read: "System.Environment.GetEnvironmentVariable(\"NAME\")",
        joining: Joining::Plus,
        within: None,
        import: None,
        constant: &[b"const", b"case", b"is", b"when", b"switch"],
        base: "System",
        caution: None,
    },
    CodeLanguage {
        extensions: "swift",
        read: "ProcessInfo.processInfo.environment[\"NAME\"]!",
        joining: Joining::Plus,
        within: Some(ReadInText {
            quotes: b"\"",
            read: "\\(ProcessInfo.processInfo.environment[\"NAME\"]!)",
            lost: b"",
        }),
        import: Some(ImportForm::Swift),
        constant: &[b"case"],
        base: "",
        caution: Some("an app that is installed has no such environment; a server has"),
    },
    CodeLanguage {
        extensions: "rs",
        read: "&std::env::var(\"NAME\").expect(\"NAME is set\")",
        joining: Joining::Macro,
        within: None,
        import: None,
        constant: &[b"const", b"static"],
        base: "",
        caution: Some("what takes a literal alone takes no text that is read at run time"),
    },
    CodeLanguage {
        extensions: "ex exs",
        read: "System.fetch_env!(\"NAME\")",
        joining: Joining::Angles,
        within: Some(ReadInText {
            quotes: b"\"",
            read: "#{System.fetch_env!(\"NAME\")}",
            lost: b"",
        }),
        import: None,
        constant: &[b"defmacro", b"when"],
        base: "",
        caution: Some("a module attribute is read when the module is compiled"),
    },
    CodeLanguage {
        extensions: "ps1 psm1",
        read: "$env:NAME",
        joining: Joining::Within,
        within: Some(ReadInText {
            quotes: b"\"",
            read: "${env:NAME}",
            lost: b"$`\"",
        }),
        import: None,
        constant: NOTHING,
        base: "",
        caution: None,
    },
    CodeLanguage {
        extensions: "sh bash zsh ksh",
        read: "${NAME:?}",
        joining: Joining::Within,
        within: None,
        import: None,
        constant: NOTHING,
        base: "",
        caution: None,
    },
];

impl CodeLanguage {
    /// The language of a file, by its name or by the program that its first line names: `#!/usr/bin/env python3`.
    pub(super) fn of(path: &BlobPath, text: &[u8]) -> Option<&'static Self> {
        let named = path.extension();
        // `#!/usr/bin/env python3` counts more than `.sh`.
        let is_script = named.is_none_or(|own| is_listed("sh bash zsh ksh", own));
        let told = text.starts_with(b"#!") && is_script;
        let extension = if told { interpreter(text) } else { named }?;
        LANGUAGES
            .iter()
            .find(|own| is_listed(own.extensions, extension))
    }

    /// How its comments begin.
    pub(super) fn style(&self) -> Style {
        let extension = self.extensions.split(' ').next().unwrap_or_default();
        Style::of(&BlobPath::from(format!("a.{extension}").as_str()))
    }

    /// What stands between its backticks.
    pub(super) fn backticks(&self) -> Option<Backticks> {
        match self {
            own if own.is_in("js ts") => Some(Backticks::Template),
            own if own.is_in("go") => Some(Backticks::Raw),
            _ => None,
        }
    }

    /// How it writes texts of several lines.
    pub(super) fn documents(&self) -> Option<HereDocuments> {
        match self {
            own if own.is_in("sh") => Some(HereDocuments::Shell),
            own if own.is_in("rb") => Some(HereDocuments::Ruby),
            own if own.is_in("php") => Some(HereDocuments::Php),
            own if own.is_in("ps1") => Some(HereDocuments::PowerShell),
            _ => None,
        }
    }

    /// What reads a variable within such a text.
    pub(super) fn read_in_document(&self) -> Option<&'static str> {
        match self {
            own if own.is_in("sh") => Some(own.read),
            own if own.is_in("rb ps1") => own.within.map(|own| own.read),
            _ => None,
        }
    }

    /// The name, or the first with a number that the program neither reads nor sets elsewhere.
    pub(super) fn free_name(&self, text: &[u8], variable: String, at: usize) -> String {
        let is_taken = |name: &str| self.is_in("sh ps1") && is_set(text, name, at);
        free_name(text, variable, is_taken)
    }

    fn is_in(&self, extensions: &str) -> bool {
        let mut own = self.extensions.split(' ');
        own.any(|own| is_listed(extensions, own.as_bytes()))
    }

    /// What is to be put in front of all.
    pub(super) fn import(&self, tree: &Tree<'_>) -> Result<Option<TextChange>, &'static str> {
        self.import.map_or(Ok(None), |import| import.missing(tree))
    }

    /// Where a text of several lines begins in which not all is read as a program: `k = %w[`. What stands behind it is left.
    pub(super) fn open_text(&self, text: &[u8], lost: &[usize]) -> Option<usize> {
        let opened: &[&[u8]] = match self {
            own if own.is_in("rb") => &[b"%w", b"%q", b"%Q"],
            _ => &[],
        };
        let places = opened.iter().filter_map(|open| self.first_open(text, open));
        let document = places.min();
        let signs: &[u8] = match self {
            own if own.is_in("py sh") => b"",
            own if own.is_in("js ts go") => b"`",
            own if own.is_in("rb php ps1 ex") => b"\"'",
            _ => b"\"",
        };
        let mut lost = lost.iter().copied();
        let lost = lost.find(|at| signs.contains(&text[*at]));
        // One backtick too many may be any of them: the one of a pattern opens no template.
        let lost = match memchr::memchr(b'`', text) {
            first @ Some(_) if lost.is_some() && self.backticks().is_some() => first,
            _ => lost,
        };
        [document, lost].into_iter().flatten().min()
    }

    /// The first text that `open` begins and that is longer than its line: `%w[a b]` of Ruby is not.
    fn first_open(&self, text: &[u8], open: &[u8]) -> Option<usize> {
        memchr::memmem::find_iter(text, open).find(|at| {
            let behind = &text[at + open.len()..];
            let line = &behind[..memchr::memchr(b'\n', behind).unwrap_or(behind.len())];
            let close = match line.first() {
                Some(b'[') => b']',
                Some(b'(') => b')',
                Some(b'{') => b'}',
                _ => return true,
            };
            let inner = memchr::memchr(close, line).map(|end| &line[..end]);
            !open.starts_with(b"%") || inner.is_none_or(|inner| inner.contains(&b'#'))
        })
    }

    /// As [`CodeLanguage::replaced`], of a shell; nothing of other languages. `code` is the script without its here-documents.
    pub(super) fn replaced_in_script(
        &self,
        code: &[u8],
        secret: Span,
    ) -> Option<Result<TextChanges, &'static str>> {
        self.is_in("sh")
            .then(|| shell::replaced(code, secret, self.read))
    }

    /// The bytes that go and what comes there.
    pub(super) fn replaced(
        &self,
        tree: &Tree<'_>,
        literal: &SecretLiteral,
        secret: Span,
        variable: &str,
    ) -> Result<TextChanges, &'static str> {
        const LONGER: &str = "the credential is a part of a longer text";
        self.check_place(tree, literal, variable)?;
        let parts = TextParts::of(tree.text, literal.body, secret).ok_or(LONGER)?;
        let owned = literal.owned(tree).filter(|_| self.is_in("rs"));
        let longer = (!parts.are_scheme()).then_some(LONGER);
        let wording = match self.check_literal(tree, literal) {
            Ok(()) if parts.are_empty() => {
                let read = self.read.strip_prefix('&').filter(|_| owned.is_some());
                Wording::reading(read.unwrap_or(self.read))
            }
            Ok(()) if self.joining.takes(&parts) => {
                let form = match owned {
                    Some(_) => JoinForm::Owned,
                    None if self.is_in("go") && is_among_arguments(tree, literal) => {
                        JoinForm::Tight
                    }
                    None => JoinForm::Usual,
                };
                self.joining.joined(self.read, &parts, form)
            }
            told => {
                let own = self.within.as_ref();
                let within = own.and_then(|own| own.within(tree, literal, secret));
                let (span, wording) = within.ok_or(told.err().unwrap_or(LONGER))?;
                return Ok(TextChanges {
                    caution: self.caution.or(longer),
                    ..TextChanges::safe(span, wording)
                });
            }
        };
        let caution = self.caution.filter(|_| owned.is_none());
        Ok(TextChanges {
            caution: caution.or(longer),
            ..TextChanges::safe(owned.unwrap_or(literal.whole), wording)
        })
    }

    /// Whether the literal may be any expression.
    fn check_literal(&self, tree: &Tree<'_>, literal: &SecretLiteral) -> Result<(), &'static str> {
        let prefix = literal.prefix(tree);
        let is_line = !tree.text[literal.body.range()].contains(&b'\n');
        let is_plain = match prefix {
            b"" => true,
            b"u" | b"f" | b"r" => self.is_in("py"),
            b"\"\"" | b"''" | b"r\"\"" | b"r''" => self.is_in("py") && is_line,
            b"$" => self.is_in("cs"),
            _ => false,
        };
        // `'a'` of Elixir is a list of letters.
        let is_list = literal.quote(tree) == b'\'' && self.is_in("ex");
        if !is_plain || is_list || literal.quote(tree) == b'`' && !self.is_in("js ts go") {
            return Err("it is a literal of a kind of its own");
        }
        if !literal.is_alone(tree, self.choice(), self.joining.signs()) {
            return Err("the literal is a part of an expression");
        }
        Ok(())
    }

    /// Whether what is read at run time may stand where the literal is.
    fn check_place(
        &self,
        tree: &Tree<'_>,
        literal: &SecretLiteral,
        variable: &str,
    ) -> Result<(), &'static str> {
        let place = CodePlace {
            tree,
            at: literal.at,
            extensions: self.extensions,
            constant: self.constant,
            choice: self.choice(),
        };
        place.check(literal)?;
        if !self.base.is_empty() && place.is_taken(self.base.as_bytes()) {
            return Err("what the variable is read with has another meaning in this file");
        }
        if self.is_in("rb")
            && memchr::memmem::find(&tree.text[..literal.whole.start], b"\n__END__").is_some()
        {
            return Err("it stands behind the program");
        }
        if place.is_fallback() {
            return Err(FALLBACK);
        }
        if has_environment_of_its_own(tree) {
            return Err(
                "the program runs where there is no such environment; read it as others there",
            );
        }
        if self.is_in("go") && has_own_texts(tree.text) {
            return Err("the program has texts of types of its own, which may be wanted there");
        }
        let in_block = tree.parent(literal.at).is_some();
        if self.is_in("ps1") && in_block && runs_elsewhere(tree.text) {
            return Err("another machine may run it, with an environment of its own");
        }
        // What stands between `?>` and `<?php` is a page.
        let before = &tree.text[..literal.whole.start];
        let mark = memchr::memmem::rfind(before, b"?>").filter(|_| self.is_in("php"));
        if mark.is_some_and(|at| memchr::memmem::find(&before[at..], b"<?").is_none()) {
            return Err("it stands in a page, which has no environment");
        }
        let line = tree.line_start(literal.at);
        let before = &tree.text[tree.tokens[line].span.start..literal.whole.start];
        let says = |word: &&[u8]| memchr::memmem::find(before, word).is_some();
        if says(&variable.as_bytes()) && SETTING.iter().any(says) {
            return Err(SETS_ITSELF);
        }
        Ok(())
    }

    /// How it writes an expression that is one of two.
    fn choice(&self) -> Choice {
        match self {
            own if own.is_in("js ts php cs rb swift java") => Choice::Signs,
            own if own.is_in("py") => Choice::Behind,
            own if own.is_in("kt scala") => Choice::Words,
            _ => Choice::Other,
        }
    }
}

/// `f(a, "b")`
fn is_among_arguments(tree: &Tree<'_>, literal: &SecretLiteral) -> bool {
    let in_call = tree
        .parent(literal.at)
        .is_some_and(|open| tree.is(open, b"("));
    let before = tree.before(literal.at);
    in_call && (before.is_some_and(|at| tree.is(at, b",")) || tree.is(literal.at + 1, b","))
}
