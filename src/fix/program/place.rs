//! Whether a place in a program takes any expression, or only what is known before the program runs.
//!
//! What is not known to be a place for expressions is none: a literal that is left is named, and one that is replaced wrongly breaks
//! a program.

use super::super::literal::{Choice, SecretLiteral};
use super::expression::ExpressionPlaces;
use super::import::takings;
use crate::model::Span;
use crate::syntax::{TokenKind, Tree, is_listed, whole_places};

/// Signs in front of braces that hold an object, and not statements.
const OBJECTS: &[&[u8]] = &[
    b"=", b"(", b",", b":", b"[", b"?", b"||", b"&&", b"??", b":=", b"=>",
];

/// Most brackets around a literal, and most tokens of a statement, that are looked at.
const DEEPEST: usize = 64;
const LONGEST: usize = 512;

/// A place in a program.
pub(super) struct CodePlace<'p, 't> {
    pub(super) tree: &'p Tree<'t>,
    pub(super) at: usize,
    /// Ends of names of files in the language.
    pub(super) extensions: &'static str,
    /// Words of statements and of what is around them in which a constant is wanted.
    pub(super) constant: &'static [&'static [u8]],
    /// How the language writes an expression that is one of two.
    pub(super) choice: Choice,
}

impl CodePlace<'_, '_> {
    fn is_in(&self, extensions: &str) -> bool {
        let mut own = self.extensions.split(' ');
        own.any(|own| is_listed(extensions, own.as_bytes()))
    }

    /// Whether any expression may stand here.
    pub(super) fn check(&self, literal: &SecretLiteral) -> Result<(), &'static str> {
        const CONSTANT: &str = "a constant is wanted there, which is made before the program runs";
        let tree = self.tree;
        let text = tree.text;
        let start = literal.whole.start;
        // `return"a"`, `s = :"a"` of Ruby
        let touched = start.checked_sub(1).map(|at| text[at]);
        if touched.is_some_and(|b| {
            b.is_ascii_alphanumeric() || b == b'_' || b == b':' && self.is_in("rb")
        }) {
            return Err("the literal is a part of an expression");
        }
        if self.is_name_or_type()
            || self.has_type_of_its_own()
            || self.is_case(literal)
            || self.is_head()
        {
            return Err(CONSTANT);
        }
        if self.is_in_macro() {
            return Err("a macro takes it, which may want a literal");
        }
        if self.is_handed_to_browser() {
            return Err(
                "whoever gets the page or the app gets it; the request belongs on a server",
            );
        }
        if self.is_in("rs") && literal.owned(tree).is_none() && self.must_live_on() {
            return Err("a text is wanted there that lives as long as the program");
        }
        if self.is_pattern() || self.is_marked() || self.is_default() || self.says_constant() {
            return Err(CONSTANT);
        }
        let places = ExpressionPlaces {
            tree,
            choice: self.choice,
        };
        if self.is_in("ts") && !places.has(self.at) {
            return Err("it may be a type");
        }
        Ok(())
    }

    /// A key, an index, or a type: `{ "a": b }`, `a["b"]`, `a: "b"`
    fn is_name_or_type(&self) -> bool {
        let tree = self.tree;
        let before = tree.before(self.at);
        let parent = tree.parent(self.at);
        let is_chosen = before.is_some_and(|sign| self.choice.divides(tree, sign));
        let is_type = before.is_some_and(|sign| tree.is(sign, b":"))
            && !is_chosen
            && match parent {
                // `config :app, key: "a"`, `f key: "a"`
                None => !self.is_in("ex rb"),
                // Values of Go and Rust: `Config{Key: "a"}`
                Some(open) if tree.is(open, b"{") => self.is_block(open) && !self.is_in("go rs"),
                Some(_) => self.is_in("py ts kt scala rs"),
            };
        let is_index = parent.is_some_and(|open| {
            let is_name =
                |at: usize| matches!(tree.kind(at), Some(TokenKind::Name | TokenKind::Close));
            open > 0 && tree.is(open, b"[") && tree.touches(open - 1, open) && is_name(open - 1)
        });
        let is_first = before.is_some_and(|sign| self.choice.has_signs() && tree.is(sign, b"?"));
        let behind = tree.skip_lines(self.at + 1);
        // `{ "a": b }`, `{ "a" => b }`, `"a" -> b`
        let is_key = tree.is(behind, b":") && parent.is_some() && !is_first
            || tree.is_any(behind, &[b"=>", b"->", b"=", b"<-"]);
        is_type || is_index || is_key
    }

    /// `var key Key = "..."` of Go
    fn has_type_of_its_own(&self) -> bool {
        let tree = self.tree;
        let sign = tree.before(self.at).filter(|sign| tree.is(*sign, b"="));
        let type_of = sign
            .filter(|_| self.is_in("go"))
            .and_then(|sign| tree.before(sign));
        type_of.is_some_and(|own| {
            let name = tree.before(own).map_or(&b""[..], |at| tree.word(at));
            let is_behind_name =
                own > 0 && tree.kind(own - 1) == Some(TokenKind::Name) && name != b"var";
            is_behind_name && tree.word(own) != b"string"
        })
    }

    /// The braces of a function, a class or a branch.
    fn is_block(&self, open: usize) -> bool {
        let tree = self.tree;
        let Some(before) = tree.before(open).filter(|_| tree.is(open, b"{")) else {
            return tree.is(open, b"{");
        };
        let is_body = tree.is(before, b"=>") && self.is_in("js ts cs");
        is_body || !tree.is_any(before, OBJECTS) && tree.word(before) != b"return"
    }

    /// The brackets around the literal, the innermost first.
    fn around(&self) -> impl Iterator<Item = usize> + '_ {
        let first = self.tree.parent(self.at);
        std::iter::successors(first, |open| self.tree.parent(*open)).take(DEEPEST)
    }

    /// `static final String KEY = "a"` and `case KEY:`, `@A(KEY)`
    fn is_case(&self, literal: &SecretLiteral) -> bool {
        let Some(name) = literal
            .name(self.tree)
            .filter(|_| self.is_in("java kt scala"))
        else {
            return false;
        };
        let text = self.tree.text;
        let whole = Span::new(0, text.len());
        whole_places(text, whole, name).any(|at| {
            let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
            let before = text[line..at].trim_ascii();
            before.ends_with(b"case") || before.contains(&b'@')
        })
    }

    /// `val (a, "b") = c`, `case ["a", b]:`, and `{ key: "a" } as const` or `satisfies A`, of which types are made or that
    /// have to be of one
    fn is_pattern(&self) -> bool {
        let tree = self.tree;
        self.around().any(|open| {
            let behind = tree.mate(open).map(|close| close + 1);
            behind.is_some_and(|at| {
                let is_constant = tree.word(at) == b"as" && tree.word(at + 1) == b"const";
                // `{:ok, "a"} -> b`, `("a", b) => c`
                let is_arm = self.is_in("ex") && tree.is_any(at, &[b"->", b"<-"])
                    || self.is_in("rs") && tree.is(at, b"=>");
                is_constant || is_arm || tree.is(at, b"=") || tree.word(at) == b"satisfies"
            })
        })
    }

    /// `@A(b = "c")`, `#[A("b")]`, `[A("b")]`
    fn is_marked(&self) -> bool {
        let tree = self.tree;
        let is_list = self.is_in("cs ps1");
        let in_list = self
            .around()
            .any(|open| is_list && tree.is(open, b"[") && !self.is_block(open));
        let first = self.statement();
        let line = &tree.text[tree.tokens.get(first).map_or(0, |own| own.span.start)..];
        let is_at = (first..self.at).any(|at| tree.is(at, b"@") || tree.word(at).starts_with(b"@"));
        let before = &tree.text[..tree.tokens[self.at].span.start];
        let hash =
            memchr::memmem::rfind(before, b"#[").is_some_and(|at| !before[at..].contains(&b']'));
        in_list
            || is_at && !self.is_in("rb ps1 cs php")
            || self.is_in("cs") && line.starts_with(b"[")
            || hash && self.is_in("php rs")
    }

    /// True where the word that a reading begins with may stand for something else.
    pub(super) fn is_taken(&self, word: &[u8]) -> bool {
        let takings = takings(self.tree.text, word);
        let elsewhere: Vec<Span> = takings
            .iter()
            .filter_map(|at| self.bound_within(*at))
            .filter(|block| !block.contains(self.tree.tokens[self.at].span))
            .collect();
        let is_elsewhere = |at: &usize| {
            let own = Span::new(*at, *at + word.len());
            elsewhere.iter().any(|block| block.contains(own))
        };
        !takings.iter().all(is_elsewhere)
    }

    /// The block of JavaScript in which alone a name is bound that stands here: `{ const process = a; }`,
    /// `function f(process) {}`.
    fn bound_within(&self, at: usize) -> Option<Span> {
        let tree = self.tree;
        let name = tree.at(at).filter(|_| self.is_in("js ts"))?;
        let around = tree.parent(name)?;
        let declares = |at: usize| matches!(tree.word(at), b"const" | b"let");
        let is_declared = tree.before(name).is_some_and(declares);
        let head = tree.before(around).map_or(&b""[..], |at| tree.word(at));
        let is_function = !matches!(head, b"for" | b"if" | b"while" | b"switch" | b"with");
        let block = if tree.is(around, b"{") {
            Some(around).filter(|open| is_declared && self.is_block(*open))
        } else if is_function || is_declared {
            // The block of a function or of a loop, or of what catches.
            let behind = tree.mate(around).map(|close| tree.skip_lines(close + 1))?;
            let behind = behind + usize::from(tree.is(behind, b"=>"));
            Some(behind).filter(|at| tree.is(around, b"(") && tree.is(*at, b"{"))
        } else {
            None
        };
        let (open, close) = (block?, tree.mate(block?)?);
        let first = tree.tokens[open.min(around)].span.start;
        Some(Span::new(first, tree.tokens[close].span.end))
    }

    /// The head of a function of Elixir, whose arguments are patterns: `def plan("a"), do: b`
    fn is_head(&self) -> bool {
        let tree = self.tree;
        let first = self.statement();
        let is_definition = matches!(
            tree.word(first),
            b"def" | b"defp" | b"defmacro" | b"defmacrop" | b"defguard" | b"defstruct"
        );
        let is_behind = (first..self.at).any(|at| tree.word(at) == b"do");
        self.is_in("ex") && is_definition && !is_behind
    }

    /// `concat!("a", "b")` of Rust, and what a text is written by: `println!("a")`
    fn is_in_macro(&self) -> bool {
        const OF_TEXTS: &[&[u8]] = &[
            b"format",
            b"print",
            b"println",
            b"eprint",
            b"eprintln",
            b"write",
            b"writeln",
            b"panic",
        ];
        const OF_VALUES: &[&[u8]] = &[b"vec", b"json", b"dbg", b"assert_eq", b"assert_ne"];
        let tree = self.tree;
        let mut calls = self.around().filter_map(|open| {
            let sign = open.checked_sub(1).filter(|sign| tree.is(*sign, b"!"))?;
            let name = tree.word(sign.checked_sub(1)?);
            // `serde_json::json!`
            let name = name.rsplit(|b| *b == b':').next().unwrap_or(name);
            let is_first = tree.before(self.at) == Some(open);
            Some(OF_VALUES.contains(&name) || OF_TEXTS.contains(&name) && !is_first)
        });
        self.is_in("rs") && calls.any(|takes_values| !takes_values)
    }

    /// What an argument is if nobody gives it: a constant in some languages.
    fn is_default(&self) -> bool {
        let tree = self.tree;
        let in_brackets = tree.parent(self.at).is_some_and(|open| tree.is(open, b"("));
        let is_given = tree.before(self.at).is_some_and(|sign| tree.is(sign, b"="));
        in_brackets && is_given && self.is_in("cs php")
    }

    /// An argument of a function that is run in a browser, or a setting that is put into what a browser gets:
    /// `page.evaluate(() => "a")`, `publicRuntimeConfig: { key: "a" }`
    fn is_handed_to_browser(&self) -> bool {
        const NAMES: &[&[u8]] = &[
            b"evaluate",
            b"evaluateOnNewDocument",
            b"addInitScript",
            b"DefinePlugin",
            b"buildConfigField",
            b"resValue",
            b"publicRuntimeConfig",
            b"wp_localize_script",
            b"wp_add_inline_script",
        ];
        let tree = self.tree;
        self.around().any(|open| {
            let before = tree.before(open);
            let is_given = |at| tree.is_any(at, &[b":", b"=", b"=>"]);
            let before = before.map(|at| at.saturating_sub(usize::from(is_given(at))));
            let name = before.map_or(&b""[..], |at| tree.word(at));
            let last = name.rsplit(|b| *b == b'.').next().unwrap_or(name);
            NAMES.contains(&last)
        })
    }

    /// What a function of Rust returns, the value of an arm, and an argument of `from_static("a")`: what is read at run time
    /// is gone there.
    fn must_live_on(&self) -> bool {
        let tree = self.tree;
        let is_returned = tree.before(self.at).is_none_or(|before| {
            tree.is_any(before, &[b"{", b"=>", b";", b"}"]) || tree.word(before) == b"return"
        });
        let callee = tree.parent(self.at).and_then(|open| tree.before(open));
        let callee = callee.map_or(&b""[..], |at| tree.word(at));
        let last = callee
            .rsplit(|b| b":.".contains(b))
            .next()
            .unwrap_or(callee);
        let is_kept = matches!(
            last,
            b"Ok" | b"Some" | b"Err" | b"insert" | b"push" | b"extend" | b"!"
        );
        is_returned || is_kept || callee.ends_with(b"static")
    }

    /// The braces of a function, in which statements run whatever is around it: `enum A { static func b() {`.
    fn is_function(&self, from: usize, open: usize) -> bool {
        const WORDS: &[&[u8]] = &[b"func", b"fun", b"fn", b"function", b"def"];
        const OTHERS: &[&[u8]] = &[
            b"if", b"for", b"while", b"switch", b"match", b"when", b"catch", b"guard", b"class",
            b"record",
        ];
        let tree = self.tree;
        let says = |words: &[&[u8]]| (from..open).any(|at| words.contains(&tree.word(at)));
        let has_arguments = tree.before(open).is_some_and(|at| tree.is(at, b")"));
        !says(HEADERS) && (says(WORDS) || has_arguments && !says(OTHERS))
    }

    /// `os.environ.get("A_B", "c")`, `config.get("A_B", "c")`, `z.string().default("c")`: to read a variable there would fail
    /// where `A_B` is set, or names another one.
    pub(super) fn is_fallback(&self) -> bool {
        let (tree, at) = (self.tree, self.at);
        const CALLS: &[&[u8]] = &[
            b"default",
            b"setdefault",
            b"unwrap_or",
            b"orElse",
            b"getOrElse",
        ];
        const READS: &[&[u8]] = &[
            b"environ.get",
            b"getenv",
            b"get_env",
            b"ENV.fetch",
            b"env.get",
        ];
        let open = tree.parent(at).filter(|open| tree.is(*open, b"("));
        let call = open.and_then(|open| tree.before(open));
        let call = call.map_or(&b""[..], |call| tree.word(call));
        let last = call.rsplit(|b| b".:".contains(b)).next().unwrap_or(call);
        // The name of a variable, which is the first argument.
        let first = open
            .map(|open| tree.skip_lines(open + 1))
            .filter(|first| *first < at);
        let name = first.map_or(&b""[..], |first| tree.word(first));
        let is_name = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
        let names_variable = name.len() > 2 && name.contains(&b'_') && name.iter().all(is_name);
        let sets = [&b"setenv"[..], b"Setenv", b"putenv", b"put_env", b"define"];
        let is_of = |calls: &[&[u8]]| calls.iter().any(|own| call.ends_with(own));
        // `ENV["A"] || "b"`
        let is_other = tree.before(at).is_some_and(|sign| {
            tree.is_any(sign, &[b"||", b"??", b"?:", b"||="]) || tree.word(sign) == b"or"
        });
        names_variable && !is_of(&sets)
            || is_of(READS) && first.is_some()
            || is_other
            || CALLS.contains(&last)
    }

    /// The statement, or what is around it, says that it is a constant, a type or a pattern.
    fn says_constant(&self) -> bool {
        let says = |from: usize, to: usize| {
            (from..to).any(|at| {
                let is_name = self.tree.kind(at) == Some(TokenKind::Name);
                is_name && self.constant.contains(&self.tree.word(at))
            })
        };
        let headers = self.around().filter(|open| self.is_block(*open));
        let headers = headers.map(|open| (self.statement_of(open), open));
        let mut headers = headers.take_while(|(from, to)| !self.is_function(*from, *to));
        let (arm, is_arm) = self.arm();
        // `static A: Lazy<String> = Lazy::new(|| "a".to_owned());`
        let closure = (arm..self.at)
            .rev()
            .find(|at| self.is_in("rs") && self.tree.is_any(*at, &[b"||", b"|"]));
        says(closure.unwrap_or(arm), self.at)
            || headers.any(|(from, to)| {
                // `static A: B = B { key: "a" };`
                says_header(self.tree, from, to, is_arm) || self.is_in("rs") && says(from, to)
            })
    }

    /// Where the part of the statement begins in which a constant would be wanted: behind the pattern of an arm, of which the
    /// literal is the value. `"a" => KEY`, `case "a" -> KEY;`, `case "a": return KEY;`
    fn arm(&self) -> (usize, bool) {
        let tree = self.tree;
        let first = self.statement();
        let arrows: &[&[u8]] = match self {
            own if own.is_in("rs scala php cs") => &[b"=>"],
            own if own.is_in("kt java") => &[b"->"],
            _ => &[],
        };
        let before = tree.before(self.at);
        let body = tree.parent(self.at).filter(|open| tree.is(*open, b"{"));
        if let Some(open) = body
            && before.is_some_and(|sign| tree.is_any(sign, arrows))
        {
            // `const A: &str = match b { 1 => KEY }`
            let is_choice = |word: &[u8]| matches!(word, b"match" | b"switch" | b"case" | b"when");
            let is_constant = (self.statement_of(open)..open).any(|at| {
                let word = tree.word(at);
                self.constant.contains(&word) && !is_choice(word)
            });
            return (if is_constant { first } else { self.at }, !is_constant);
        }
        // A colon behind the label, and no value of it: `case { a: "b" }:`.
        let is_label = tree.word(first) == b"case" && self.is_in("js ts java go php cs swift");
        let label = (first..self.at)
            .find(|at| is_label && tree.is(*at, b":") && tree.parent(*at) == tree.parent(first));
        match label.filter(|sign| !self.choice.divides(tree, *sign)) {
            Some(sign) if before != Some(sign) => (sign, false),
            _ => (first, false),
        }
    }

    fn statement(&self) -> usize {
        self.statement_of(self.at)
    }

    /// The first token of the statement around a token: behind what ends the one before it.
    fn statement_of(&self, at: usize) -> usize {
        let tree = self.tree;
        let ends_with_line = !self.is_in("java cs php");
        let mut first = at;
        while let Some(before) = first.checked_sub(1).filter(|_| at - first < LONGEST) {
            let is_outer = tree.parent(before) != tree.parent(first)
                && tree.kind(before) == Some(TokenKind::Open);
            let ends = match tree.kind(before) {
                Some(TokenKind::Newline) => {
                    let last = tree.before(before);
                    let goes_on = last.is_some_and(|last| {
                        tree.is_any(last, &[b"=", b",", b"(", b"[", b"|", b"+", b"->"])
                    });
                    ends_with_line
                        && !goes_on
                        && tree.parent(before).is_none_or(|open| self.is_block(open))
                }
                Some(TokenKind::Open) if is_outer => self.is_block(before),
                Some(TokenKind::Close) => {
                    tree.is(before, b"}")
                        && tree.mate(before).is_none_or(|open| self.is_block(open))
                }
                // `static A: [&str; 2] = ["a", "b"];`
                _ => {
                    let is_length = tree.parent(before).is_some_and(|open| tree.is(open, b"["));
                    tree.is(before, b";") && !is_length
                }
            };
            if ends {
                break;
            }
            first = before;
        }
        first
    }
}

/// Words in front of braces between which there are no statements.
const HEADERS: &[&[u8]] = &[
    b"enum",
    b"interface",
    b"declare",
    b"type",
    b"annotation",
    b"match",
];

/// The value of an arm is no part of its pattern.
fn says_header(tree: &Tree<'_>, from: usize, to: usize, is_arm: bool) -> bool {
    let is_header = |word| HEADERS.contains(&word) && !(is_arm && word == b"match");
    (from..to).any(|at| is_header(tree.word(at)) && !tree.is(at + 1, b"("))
}
