//! What a text is written in, and which ways of writing mean the same there.
//!
//! A path tells it by its ending. A text without one tells it by what only one language has; a text with nothing of
//! the kind (a header, YAML, settings, a command among other lines) keeps its white space.

/// The path of examples that name none.
pub(super) const NO_PATH: &str = "sample.txt";

/// The ways of writing that mean the same. All of them are false where white space means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Language {
    /// For the table of languages that the examples are in.
    pub(super) name: &'static str,
    /// Brackets hold what stands in them, whatever lines and spaces are between.
    pub(super) brackets: bool,
    /// `"a"` is `'a'`, where nothing is put in.
    pub(super) quotes: bool,
    /// `"a"` is `` `a` ``, where nothing is put in.
    pub(super) backticks: bool,
    /// `/* a comment */`.
    pub(super) blocks: bool,
    /// What begins a comment to the end of the line.
    pub(super) comment: Option<&'static str>,
    /// `a = "b", c` is `a="b",c`.
    pub(super) no_spaces: bool,
    /// `a: "b"` is `a : "b"`.
    pub(super) space_before_colon: bool,
    /// `f("a")` is `f ("a")`.
    pub(super) space_before_call: bool,
    /// A comma may stand behind the last of several.
    pub(super) last_comma: bool,
    /// A line may end behind an operator.
    pub(super) operators: bool,
    /// A call of what another gave may begin a line, with this sign.
    pub(super) chain: Option<&'static str>,
    /// `;` ends a statement, so that several may stand on one line.
    pub(super) semicolons: bool,
    /// The end of a line does too.
    pub(super) no_semicolon: bool,
    /// So much so that a list whose brackets close on their own line needs a last comma.
    pub(super) needs_comma: bool,
    /// A line may be continued behind a backslash.
    pub(super) backslash: bool,
    /// Each line is a name and a value, or an item.
    pub(super) values: bool,
}

const LINES: Language = Language {
    name: "lines",
    brackets: false,
    quotes: false,
    backticks: false,
    blocks: false,
    comment: None,
    no_spaces: false,
    space_before_colon: false,
    space_before_call: false,
    last_comma: false,
    operators: false,
    chain: None,
    semicolons: false,
    no_semicolon: false,
    needs_comma: false,
    backslash: false,
    values: false,
};

const YAML: Language = Language {
    name: "YAML",
    values: true,
    ..LINES
};

const SHELL: Language = Language {
    name: "shell",
    quotes: true,
    backslash: true,
    ..LINES
};

const CODE: Language = Language {
    name: "code",
    brackets: true,
    ..LINES
};

const JSON: Language = Language {
    name: "JSON",
    no_spaces: true,
    space_before_colon: true,
    operators: true,
    ..CODE
};

/// Without the headers of its tables, which stand on one line.
const TOML: Language = Language {
    name: "TOML",
    quotes: true,
    comment: Some("#"),
    no_spaces: true,
    ..CODE
};

/// Java, C#, C++, Kotlin, Scala.
const C_LIKE: Language = Language {
    name: "C-like",
    blocks: true,
    comment: Some("//"),
    no_spaces: true,
    space_before_call: true,
    operators: true,
    chain: Some("."),
    semicolons: true,
    ..CODE
};

const GO: Language = Language {
    name: "Go",
    backticks: true,
    last_comma: true,
    chain: None,
    needs_comma: true,
    ..C_LIKE
};

const RUST: Language = Language {
    name: "Rust",
    last_comma: true,
    ..C_LIKE
};

const PHP: Language = Language {
    name: "PHP",
    quotes: true,
    last_comma: true,
    chain: Some("->"),
    ..C_LIKE
};

const JAVASCRIPT: Language = Language {
    name: "JavaScript",
    quotes: true,
    backticks: true,
    space_before_colon: true,
    last_comma: true,
    no_semicolon: true,
    ..C_LIKE
};

/// `=` and `->` want the same white space on both sides, or some.
const SWIFT: Language = Language {
    name: "Swift, Objective-C",
    blocks: true,
    comment: Some("//"),
    ..CODE
};

const PYTHON: Language = Language {
    name: "Python",
    quotes: true,
    comment: Some("#"),
    no_spaces: true,
    space_before_colon: true,
    space_before_call: true,
    last_comma: true,
    semicolons: true,
    ..CODE
};

const RUBY: Language = Language {
    name: "Ruby, Perl",
    quotes: true,
    comment: Some("#"),
    last_comma: true,
    semicolons: true,
    ..CODE
};

const R: Language = Language {
    name: "R",
    quotes: true,
    comment: Some("#"),
    space_before_call: true,
    semicolons: true,
    ..CODE
};

const ELIXIR: Language = Language {
    name: "Elixir",
    comment: Some("#"),
    ..CODE
};

const ERLANG: Language = Language {
    name: "Erlang",
    comment: Some("%"),
    ..CODE
};

const CLOJURE: Language = Language {
    name: "Clojure",
    comment: Some(";"),
    ..CODE
};

const HASKELL: Language = Language {
    name: "Haskell",
    comment: Some("--"),
    ..CODE
};

/// Of examples that name a path: its ending. Files of markup and of settings are not among them.
const ENDINGS: [(&str, Language); 8] = [
    (".yml", YAML),
    (".js", JAVASCRIPT),
    (".mjs", JAVASCRIPT),
    (".ts", JAVASCRIPT),
    (".tsx", JAVASCRIPT),
    (".jsx", JAVASCRIPT),
    (".json", JSON),
    (".map", JSON),
];

/// Of those that do not: what begins a command.
const COMMANDS: [&str; 6] = ["curl ", "wget ", "http -", "xh ", "npm ", "probe "];

/// And what stands in one language, with ` | ` between; the first that does tells it.
const MARKS: [(Language, &str); 23] = [
    (TOML, r#"auth.strategy = | strategy = "bearer""#),
    (
        RUBY,
        "$ua-> | req.basic_auth | conn.request : | HTTP[ | Basic.encode_",
    ),
    (
        PHP,
        "$this-> | $client-> | ::withToken( | 'auth' => | ['headers' => | CURLOPT_",
    ),
    (ERLANG, r#"<<""#),
    (ELIXIR, "{:bearer, | {:basic, | plug Tesla | auth: {:"),
    (CLOJURE, "{:headers { | :basic-auth ["),
    (HASKELL, ".~ ["),
    (SWIFT, r#"forHTTPHeaderField | :@" | [.authorization("#),
    (
        GO,
        r#".Header.Set( | []string{ | .SetBasicAuth( | h.Set("X-Api-Key", key)"#,
    ),
    (GO, r#"h.Set("X-Consul"#),
    (RUST, r#"&str | Some(" | .bearer_auth("#),
    (R, "add_headers("),
    (
        C_LIKE,
        "= new( | new Jwt | new Network | new Authentication | new OAuth2 | new Test",
    ),
    (
        C_LIKE,
        "AddHeader( | Convert.To | cpr::Bearer{ | setBearerAuth( | request.auth.bearer(",
    ),
    (
        C_LIKE,
        r#"given(). | HttpCredentials( | -> " | new X(); | @Security"#,
    ),
    (
        PYTHON,
        "requests. | urllib3. | b64encode( | auth = ( | headers = { | headers={",
    ),
    (
        PYTHON,
        r#"gitlab.Gitlab | HTTPBasicAuth( | API_KEY = " | .format( | os.environ["#,
    ),
    (
        JAVASCRIPT,
        "const | fetch( | axios. | headers: { | btoa( | https.request( | process.env",
    ),
    (
        JAVASCRIPT,
        "agent.get( | h.Authorization = | h['Authorization'] = | .join(' ')",
    ),
    (JAVASCRIPT, "httpCredentials: { | auth: '"),
    (LINES, "weboptions("),
    (
        CODE,
        r#"auth.basic( | regex = " | emit(" | c->header( | IdHTTP1. | ', ' | "Bearer " + ""#,
    ),
    (CODE, r#"http { GET | = .{ . | ["first-item""#),
];

impl Language {
    /// The language of a text at a path.
    pub(super) fn of(path: &str, text: &str) -> Self {
        // Three quotes, heredocs and markup have lines that mean something.
        let is_markup = text.contains("</") || text.contains("/>") || text.starts_with("---");
        if is_markup || text.contains("\"\"\"") || text.contains("'''") {
            return LINES;
        }
        if path != NO_PATH {
            let known = ENDINGS.iter().find(|(ending, _)| path.ends_with(ending));
            return known.map_or(LINES, |(_, language)| *language);
        }
        if is_json(text) {
            return JSON;
        }
        if text.contains('\n') && text.lines().all(is_yaml) {
            return YAML;
        }
        if COMMANDS.iter().any(|command| text.starts_with(command)) {
            let is_plain = !text.contains(['\\', '\n', ';', '`']);
            return if is_plain { SHELL } else { LINES };
        }
        let marked = |marks: &str| marks.split(" | ").any(|mark| text.contains(mark));
        let known = MARKS.iter().find(|(_, marks)| marked(marks));
        known.map_or(LINES, |(language, _)| *language)
    }
}

/// True of `- name: value`, `name:` and `- item`.
fn is_yaml(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.strip_prefix("- ");
    let (name, value) = rest.unwrap_or(line).split_once(':').unwrap_or_default();
    let is_name =
        !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || "{[(\"".contains(c));
    (is_name && (value.is_empty() || value.starts_with(' '))) || rest.is_some()
}

/// True of an object or array, and of the inside of an object.
fn is_json(text: &str) -> bool {
    let parses = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    let inside = text.trim_end_matches(',');
    (text.starts_with(['{', '[']) && parses(text)) || parses(&format!("{{{inside}}}"))
}
