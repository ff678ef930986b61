//! Languages in which edits are made: how each reads a variable of the environment, and where it cannot.

use super::change::{TextChange, TextChanges};
use super::import::ImportForm;
use super::literal::{Choice, SecretLiteral};
use super::place::CodePlace;
use super::shell::{is_shell_default, open_quote, within_shell};
use super::variable::{FALLBACK, SETS_ITSELF};
use crate::model::{BlobPath, Span, Wording};
use crate::syntax::{Backticks, Style, Tree, is_listed, whole_places};

/// How a text and a value become one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joining {
    /// `"a" + b`
    Plus,
    /// `'a' . b`
    Point,
    /// `"a" <> b`
    Angles,
    /// `` `a${b}` ``
    Template,
    /// `f"a{b}"`
    Format,
    /// `"a$b"`, in the literal itself.
    Within,
}

/// A language in which edits are made.
#[derive(Debug)]
pub(super) struct CodeLanguage {
    /// Ends of names of its files.
    extensions: &'static str,
    /// How it reads the variable in the place of `NAME`.
    read: &'static str,
    joining: Joining,
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
        import: None,
        constant: &[b"import", b"with", b"assert", b"case"],
        base: "process",
        caution: None,
    },
    CodeLanguage {
        extensions: "ts mts cts",
        read: "process.env.NAME!",
        joining: Joining::Template,
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
        import: Some(ImportForm::Go),
        constant: &[b"const", b"case", b"type"],
        base: "os",
        caution: None,
    },
    CodeLanguage {
        extensions: "rb rake",
        read: "ENV.fetch(\"NAME\")",
        joining: Joining::Plus,
        import: None,
        constant: &[b"in", b"when"],
        base: "",
        caution: None,
    },
    CodeLanguage {
        extensions: "php",
        read: "getenv('NAME')",
        joining: Joining::Point,
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
        extensions: "java kt kts",
        read: "System.getenv(\"NAME\")",
        joining: Joining::Plus,
        import: None,
        constant: &[b"case", b"const", b"annotation"],
        base: "System",
        caution: None,
    },
    CodeLanguage {
        extensions: "scala",
        read: "sys.env(\"NAME\")",
        joining: Joining::Plus,
        import: None,
        constant: &[b"case", b"type", b"inline", b"match"],
        base: "sys",
        caution: None,
    },
    CodeLanguage {
        extensions: "cs",
        read: "System.Environment.GetEnvironmentVariable(\"NAME\")",
        joining: Joining::Plus,
        import: None,
        constant: &[b"const", b"case", b"is", b"when", b"switch"],
        base: "System",
        caution: None,
    },
    CodeLanguage {
        extensions: "swift",
        read: "ProcessInfo.processInfo.environment[\"NAME\"]!",
        joining: Joining::Plus,
        import: Some(ImportForm::Swift),
        constant: &[b"case"],
        base: "",
        caution: Some("an app that is installed has no such environment; a server has"),
    },
    CodeLanguage {
        extensions: "rs",
        read: "&std::env::var(\"NAME\").expect(\"NAME is set\")",
        joining: Joining::Plus,
        import: None,
        constant: &[b"const", b"static"],
        base: "",
        caution: Some("what takes a literal alone takes no text that is read at run time"),
    },
    CodeLanguage {
        extensions: "ex exs",
        read: "System.fetch_env!(\"NAME\")",
        joining: Joining::Angles,
        import: None,
        constant: &[b"defmacro"],
        base: "",
        caution: Some("a module attribute is read when the module is compiled"),
    },
    CodeLanguage {
        extensions: "ps1 psm1",
        read: "$env:NAME",
        joining: Joining::Within,
        import: None,
        constant: NOTHING,
        base: "",
        caution: None,
    },
    CodeLanguage {
        extensions: "sh bash zsh ksh",
        read: "${NAME:?}",
        joining: Joining::Within,
        import: None,
        constant: NOTHING,
        base: "",
        caution: None,
    },
];

impl CodeLanguage {
    /// The language of a file, by its name or by the program that its first line names: `#!/usr/bin/env python3`.
    pub(super) fn of(path: &BlobPath, text: &[u8]) -> Option<&'static Self> {
        let extension = path.extension().or_else(|| interpreter(text))?;
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

    fn is_in(&self, extensions: &str) -> bool {
        let mut own = self.extensions.split(' ');
        own.any(|own| is_listed(extensions, own.as_bytes()))
    }

    /// What is to be put in front of all.
    pub(super) fn import(&self, tree: &Tree<'_>) -> Result<Option<TextChange>, &'static str> {
        self.import.map_or(Ok(None), |import| import.missing(tree))
    }

    /// Where a text of several lines begins in which not all is read as a program: `cat <<END`, `k = <<~END`, `@"`. What stands
    /// behind it is left.
    pub(super) fn open_text(&self, text: &[u8], lost: &[usize]) -> Option<usize> {
        let opened: &[&[u8]] = match self {
            own if own.is_in("sh") => &[b"<<"],
            own if own.is_in("rb") => &[b"<<~", b"<<-", b"<<'", b"<<\"", b"%w", b"%q", b"%Q"],
            own if own.is_in("php") => &[b"<<<"],
            own if own.is_in("ps1") => &[b"@'", b"@\""],
            _ => &[],
        };
        let places = opened.iter().filter_map(|open| self.first_open(text, open));
        let document = places.min();
        let quoted = open_quote(text).filter(|_| self.is_in("sh"));
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
        [document, quoted, lost].into_iter().flatten().min()
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

    /// True for a script that sets the variable elsewhere than at a place.
    fn sets(&self, text: &[u8], variable: &str, at: usize) -> bool {
        let whole = Span::new(0, text.len());
        whole_places(text, whole, variable.as_bytes()).any(|place| {
            let end = place + variable.len();
            let line = memchr::memrchr(b'\n', &text[..place]).map_or(0, |end| end + 1);
            let is_unset = memchr::memmem::find(&text[line..place], b"unset").is_some();
            let behind = text[end..].iter().find(|b| **b != b' ');
            is_unset || behind == Some(&b'=') && !(end..end + 3).contains(&at)
        })
    }

    /// What comes in the place of a credential that stands in no literal: `KEY=jvx_live_...` of a shell.
    pub(super) fn replaced_bare(
        &self,
        text: &[u8],
        secret: Span,
        variable: &str,
    ) -> Result<TextChanges, &'static str> {
        let is_given = secret.start > 0 && text[secret.start - 1] == b'=';
        let ends = text
            .get(secret.end)
            .is_none_or(|b| b" \t\r\n;&|".contains(b));
        let line = memchr::memrchr(b'\n', &text[..secret.start]).map_or(0, |end| end + 1);
        if is_shell_default(&text[line..secret.start]) {
            return Err(FALLBACK);
        }
        let is_set = self.sets(text, variable, secret.start);
        if self.is_in("sh") && is_given && ends && !is_set {
            let read = Wording::reading(self.read).between("\"", "\"");
            return Ok(TextChanges::safe(secret, read));
        }
        Err("it stands in a comment, or in no literal")
    }

    /// The bytes that go and what comes there.
    pub(super) fn replaced(
        &self,
        tree: &Tree<'_>,
        literal: &SecretLiteral,
        secret: Span,
        variable: &str,
    ) -> Result<TextChanges, &'static str> {
        if self.is_in("sh ps1") && self.sets(tree.text, variable, literal.whole.start) {
            return Err("the script sets the variable itself");
        }
        if self.is_in("sh") {
            return within_shell(tree, literal, secret, self.read);
        }
        self.check(tree, literal, variable)?;
        let scheme = &tree.text[literal.body.start..secret.start];
        let is_end = secret.end == literal.body.end;
        let is_scheme = scheme
            .strip_suffix(b" ")
            .is_some_and(|word| word.iter().all(u8::is_ascii_alphabetic));
        let mut caution = self.caution;
        let wording = match std::str::from_utf8(scheme) {
            Ok("") if is_end => Wording::reading(self.read),
            Ok(scheme) if is_end && is_scheme => self.joined(scheme),
            Ok(before) if is_end && before.chars().all(|c| !"\"'`\\{}$%#\n".contains(c)) => {
                caution = caution.or(Some("the credential is a part of a longer text"));
                self.joined(before)
            }
            _ => return Err("the credential is a part of a longer text"),
        };
        Ok(TextChanges {
            caution,
            ..TextChanges::safe(literal.whole, wording)
        })
    }

    /// Whether the literal may be any expression.
    fn check(
        &self,
        tree: &Tree<'_>,
        literal: &SecretLiteral,
        variable: &str,
    ) -> Result<(), &'static str> {
        let prefix = literal.prefix(tree);
        let is_plain =
            prefix.is_empty() || self.is_in("py") && matches!(prefix, b"u" | b"f" | b"r");
        if !is_plain || literal.quote(tree) == b'`' && !self.is_in("js ts go") {
            return Err("it is a literal of a kind of its own");
        }
        if !literal.is_alone(tree, self.choice()) {
            return Err("the literal is a part of an expression");
        }
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
        if self.is_fallback(tree, literal) {
            return Err(FALLBACK);
        }
        if self.is_in("js ts") && has_environment_of_its_own(tree) {
            return Err("the program runs where `process.env` is not; read it as the others there");
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
            own if own.is_in("java") => Choice::SignsOrWords,
            own if own.is_in("js ts php cs rb swift") => Choice::Signs,
            own if own.is_in("py") => Choice::Behind,
            own if own.is_in("scala") => Choice::Words,
            _ => Choice::Other,
        }
    }

    /// `os.environ.get("A", "b")`, `ENV.fetch("A", "b")`: to read a variable there would fail where `A` is set.
    fn is_fallback(&self, tree: &Tree<'_>, literal: &SecretLiteral) -> bool {
        let open = tree.parent(literal.at).filter(|open| tree.is(*open, b"("));
        let call = open.and_then(|open| tree.before(open));
        let call = call.map_or(&b""[..], |call| tree.word(call));
        let reads: &[&[u8]] = &[b"environ.get", b"getenv", b"ENV.fetch", b"env.get"];
        self.is_in("py rb") && reads.iter().any(|own| call.ends_with(own))
    }

    /// `"Bearer "` and the value.
    fn joined(&self, scheme: &str) -> Wording {
        let read = match self.joining {
            Joining::Plus => self.read.trim_start_matches('&').to_owned(),
            Joining::Template => self.read.trim_end_matches('!').to_owned(),
            Joining::Format => self.read.replace('"', "'"),
            Joining::Point | Joining::Angles | Joining::Within => self.read.to_owned(),
        };
        let (before, after) = match self.joining {
            Joining::Plus => (format!("\"{scheme}\" + "), ""),
            Joining::Point => (format!("'{scheme}' . "), ""),
            Joining::Angles => (format!("\"{scheme}\" <> "), ""),
            Joining::Template => (format!("`{scheme}${{"), "}`"),
            Joining::Format => (format!("f\"{scheme}{{"), "}\""),
            Joining::Within => (format!("\"{scheme}"), "\""),
        };
        Wording::reading(&read).between(&before, after)
    }
}

/// True for a program of Deno (`Deno.env`) and for a worker, which is handed its variables: `async fetch(request, env)`.
fn has_environment_of_its_own(tree: &Tree<'_>) -> bool {
    let is_deno = |at: usize| tree.word(at).starts_with(b"Deno.");
    let is_handler = |at: usize| {
        let is_named = tree.word(at) == b"fetch" && tree.is(at + 1, b"(");
        let end = tree.mate(at + 1).filter(|_| is_named).unwrap_or(at);
        let is_function = tree.is(tree.skip_lines(end + 1), b"{");
        is_function && (at..end).any(|own| tree.word(own) == b"env")
    };
    (0..tree.tokens.len()).any(|at| is_deno(at) || is_handler(at))
}

/// The end of the names of files that the program of a script reads.
fn interpreter(text: &[u8]) -> Option<&'static [u8]> {
    const PROGRAMS: [(&[u8], &[u8]); 9] = [
        (b"python", b"py"),
        (b"node", b"js"),
        (b"ruby", b"rb"),
        (b"php", b"php"),
        (b"pwsh", b"ps1"),
        (b"bash", b"sh"),
        (b"zsh", b"sh"),
        (b"dash", b"sh"),
        (b"sh", b"sh"),
    ];
    let line = text.split(|b| *b == b'\n').next()?.strip_prefix(b"#!")?;
    let mut words = line.split(|b| b" /\t\r".contains(b));
    let known = |word: &[u8]| {
        let mut programs = PROGRAMS.iter();
        programs.find(|(program, _)| {
            let version = word.strip_prefix(*program);
            version.is_some_and(|own| own.iter().all(|b| b.is_ascii_digit() || *b == b'.'))
        })
    };
    words.find_map(known).map(|(_, extension)| *extension)
}
