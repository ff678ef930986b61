//! A credential in YAML of which the reader puts in variables.

use super::super::change::TextChange;
use super::super::variable::SETS_ITSELF;
use super::line::{SettingLine, parents, requoted};
use super::secret::{COMMENT, NO_SETTING, Replaced, SettingSecret};
use crate::model::{Span, Wording};

/// How the text around a credential is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ScalarStyle {
    Plain,
    /// `{key: value}`, in which a brace ends the value.
    Flow,
    Quoted(u8),
    /// `|` and `>`
    Block,
}

/// A scalar that holds a credential.
pub(super) struct Scalar<'t> {
    /// The key that it is the value of, or the name in front of `=`.
    pub(super) name: &'t [u8],
    style: ScalarStyle,
    /// What it holds in front of the credential, quotes left out.
    before: &'t [u8],
    /// True where it holds nothing else.
    pub(super) is_whole: bool,
}

impl<'t> Scalar<'t> {
    /// The scalar around a credential.
    pub(super) fn around(text: &'t [u8], secret: Span) -> Result<Self, &'static str> {
        let line = SettingLine::around(text, secret);
        if let Some(key) = parents(text, line.start).find(|(_, parent)| is_block_key(parent)) {
            return Ok(Self {
                name: key_of(key.1).0,
                style: ScalarStyle::Block,
                before: line.before.trim_ascii_start(),
                is_whole: false,
            });
        }
        if line.before.trim_ascii_start().starts_with(b"#") {
            return Err(COMMENT);
        }
        let (key, value) = key_of(line.before);
        if key.is_empty() && !line.before.trim_ascii_start().starts_with(b"-") {
            return Err("it stands in a text of several lines");
        }
        Self::in_value(key, value, line.behind)
    }

    /// A scalar on the line of its key.
    fn in_value(key: &'t [u8], value: &'t [u8], behind: &'t [u8]) -> Result<Self, &'static str> {
        let first = value.first().copied();
        let (mut quote, mut opened) = (None, 0);
        for (at, b) in value.iter().enumerate() {
            let is_led = at == 0 || b" {[,:".contains(&value[at - 1]);
            match (quote, b) {
                (None, b'#') if is_led => return Err(COMMENT),
                (None, b'"' | b'\'') if is_led && opens(first, at) => {
                    quote = Some(*b);
                    opened = at + 1;
                }
                (Some(own), b) if own == *b => quote = None,
                _ => {}
            }
        }
        let is_flow = first.is_some_and(|b| b"{[".contains(&b));
        let style = match quote {
            Some(own) => ScalarStyle::Quoted(own),
            None if is_flow => ScalarStyle::Flow,
            None => ScalarStyle::Plain,
        };
        let before = match style {
            ScalarStyle::Quoted(_) => &value[opened..],
            ScalarStyle::Flow => value
                .rsplit(|b| b"{[,".contains(b))
                .next()
                .unwrap_or_default(),
            _ => value,
        };
        let ends = match style {
            ScalarStyle::Quoted(own) => behind.first() == Some(&own),
            ScalarStyle::Flow => behind.first().is_none_or(|b| b" ,}]".contains(b)),
            _ => behind.trim_ascii().is_empty() || behind.starts_with(b" #"),
        };
        // `{token: KEY}` and `- NAME=KEY`
        let inner = if is_flow {
            key_of(before.trim_ascii_start())
        } else {
            (key, before)
        };
        let name = match memchr::memrchr(b'=', before) {
            Some(sign) => before[..sign].rsplit(|b| b" \"'-".contains(b)).next(),
            None => Some(inner.0),
        };
        Ok(Self {
            name: name.unwrap_or(key),
            style,
            before,
            is_whole: ends && (before.is_empty() || is_flow && inner.1.is_empty()),
        })
    }
}

/// A quote is one where a value begins, and within brackets.
fn opens(first: Option<u8>, at: usize) -> bool {
    at == 0 || first.is_some_and(|b| b"{[".contains(&b))
}

/// The keys of braces on a line, whatever stands in them: `rules` and `if` of `rules: [{if: '$A`.
fn flow_keys(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_flow = line.iter().any(|b| b"{[".contains(b));
    let words = line.split(|b| b" \t{[,".contains(b));
    let keys = words.filter_map(|word| word.strip_suffix(b":"));
    keys.filter(move |_| is_flow).map(|key| {
        let end = key.iter().rposition(|b| !b"\"'".contains(b));
        let key = &key[..end.map_or(0, |end| end + 1)];
        &key[key.iter().take_while(|b| b"\"'".contains(b)).count()..]
    })
}

/// True behind `cat <<'END'` of a script, of which the end has not come.
fn in_quoted_document(text: &[u8], line: &SettingLine<'_>) -> bool {
    let Some((first, _)) = parents(text, line.start).find(|(_, parent)| is_block_key(parent))
    else {
        return false;
    };
    let mut open: Option<&[u8]> = None;
    for line in text[first..line.start].split(|b| *b == b'\n') {
        if open.is_some_and(|end| line.trim_ascii() == end) {
            open = None;
        } else if open.is_none() {
            let behind = memchr::memmem::rfind(line, b"<<").map(|at| &line[at + 2..]);
            let word = behind.map(|own| own.strip_prefix(b"-").unwrap_or(own).trim_ascii_start());
            open = word.and_then(|word| {
                let quote = *word.first().filter(|b| b"'\"\\".contains(b))?;
                let rest = &word[1..];
                let is_end = |b: &u8| *b == quote || quote == b'\\' && !b.is_ascii_alphanumeric();
                Some(&rest[..rest.iter().position(is_end).unwrap_or(rest.len())])
            });
        }
    }
    open.is_some()
}

/// True for a key of which the value stands on the lines below it: `script: |`.
fn is_block_key(line: &[u8]) -> bool {
    let mark = line.trim_ascii_end().rsplit(|b| b" \t:".contains(b)).next();
    mark.is_some_and(|mark| {
        let own = mark.first().is_some_and(|b| b"|>".contains(b));
        own && mark[1..].iter().all(|b| b"+-0123456789".contains(b))
    })
}

/// The key of a line, and what stands behind it: `- name: value`. The key is empty where there is none.
pub(super) fn key_of(line: &[u8]) -> (&[u8], &[u8]) {
    let mut rest = line.trim_ascii_start();
    while let Some(item) = rest.strip_prefix(b"- ") {
        rest = item.trim_ascii_start();
    }
    let quote = rest.first().copied().filter(|b| b"\"'".contains(b));
    let end = match quote {
        Some(quote) => memchr::memchr(quote, &rest[1..]).map(|end| end + 2),
        None => memchr::memchr(b':', rest),
    };
    let is_key = |end: &usize| {
        let is_word = !rest[..*end].iter().any(|b| b"{[#,\"' ".contains(b)) || quote.is_some();
        let behind = &rest[*end..];
        let is_sign = behind.starts_with(b": ") || behind.trim_ascii_end() == b":";
        is_word && is_sign
    };
    match end.filter(is_key) {
        Some(end) => {
            let key = rest[..end].trim_ascii_end();
            let key = key
                .strip_prefix(b"\"")
                .or(key.strip_prefix(b"'"))
                .unwrap_or(key);
            let key = key
                .strip_suffix(b"\"")
                .or(key.strip_suffix(b"'"))
                .unwrap_or(key);
            (key, rest[end + 1..].trim_ascii_start())
        }
        None => (b"", rest),
    }
}

/// Where the readers of YAML put in variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// In every value.
    Plain,
    /// In steps and environments, and where a workflow hands secrets on.
    GitHub,
    /// In values and scripts, which a shell reads.
    GitLab,
    /// In values but conditions.
    Azure,
    /// In commands, which a shell reads.
    Shell,
}

/// Keys whose values are commands of a shell.
const COMMANDS: &[&[u8]] = &[b"script", b"after-script", b"run", b"command", b"bash"];

/// Keys below which a workflow knows secrets
/// (<https://docs.github.com/actions/reference/workflows-and-actions/contexts#context-availability>).
const WITH_SECRETS: &[&[u8]] = &[b"env", b"steps", b"credentials", b"secrets"];

/// Keys of GitLab below which texts are compared, or make jobs.
const CONDITIONS: &[&[u8]] = &[b"if", b"inputs", b"only", b"except", b"matrix"];

const NOWHERE: &str = "no variable is read there; delete it, and add the variable in the settings";

impl Dialect {
    /// Whether the reader puts in variables at a place, of which these are the keys, the innermost first.
    fn check(
        self,
        scalar: &Scalar<'_>,
        (keys, line): (&[&[u8]], &[u8]),
        text: &[u8],
    ) -> Result<(), &'static str> {
        let says = |names: &[&[u8]]| keys.iter().any(|key| names.contains(key));
        let is_below =
            |names: &[&[u8]]| says(names) || flow_keys(line).any(|key| names.contains(&key));
        // What is compared, or read before there are variables, is no value.
        let is_read = match self {
            Self::Plain => true,
            Self::GitHub => {
                says(WITH_SECRETS) && !is_below(&[b"if", b"inputs", b"strategy", b"matrix"])
            }
            Self::Shell => says(COMMANDS),
            // `value: "a"` beside `expand: false`
            Self::GitLab => {
                let is_expanded = memchr::memmem::find(text, b"expand: false").is_none();
                !is_below(CONDITIONS) && (scalar.name != b"value" || is_expanded)
            }
            Self::Azure => !is_below(&[b"if", b"condition", b"matrix", b"parameters"]),
        };
        let opened = memchr::memmem::rfind(scalar.before, b"${{");
        let closed = memchr::memmem::rfind(scalar.before, b"}}");
        if !is_read || opened > closed {
            return Err(NOWHERE);
        }
        Ok(())
    }
}

/// `token: KEY` becomes `token: ${NAME}`.
pub(super) fn replaced(secret: &SettingSecret<'_>, read: &str, dialect: Dialect) -> Replaced {
    let scalar = Scalar::around(secret.text, secret.span)?;
    let line = SettingLine::around(secret.text, secret.span);
    let around = parents(secret.text, line.start).map(|(_, line)| key_of(line).0);
    let own = [scalar.name, key_of(line.before).0];
    let keys: Vec<&[u8]> = own.into_iter().chain(around).collect();
    dialect.check(&scalar, (&keys, line.before), secret.text)?;
    let variable = secret.variable(scalar.name);
    let is_itself = scalar.name == variable.as_bytes() && scalar.is_whole;
    if is_itself && matches!(dialect, Dialect::GitLab | Dialect::Azure) {
        return Err(SETS_ITSELF);
    }
    if dialect == Dialect::GitHub && variable.starts_with("GITHUB_") {
        return Err("no secret of a repository may have that name");
    }
    // `env(KEY): 'a'` of Symfony, for where there is no variable.
    if scalar.name.starts_with(b"env(") {
        return Err("it is what stands for a variable that is not set; delete it");
    }
    // In GitHub's expressions and Azure's macros the text is put in before a shell reads it.
    let is_shell = matches!(dialect, Dialect::GitLab | Dialect::Shell);
    if is_shell && in_quoted_document(secret.text, &line) {
        return Err("it stands in a here-document, in which no variable is read");
    }
    let quotes = match scalar.style {
        _ if !is_shell => Vec::new(),
        ScalarStyle::Plain | ScalarStyle::Block => {
            requoted(secret.text, secret.span, scalar.before)?
        }
        _ if memchr::memchr(b'\'', scalar.before).is_none() => Vec::new(),
        _ => return Err("it stands in single quotes, in which no variable is read"),
    };
    let reading = Wording::reading(read);
    let wording = match scalar.style {
        ScalarStyle::Flow if scalar.is_whole => reading.between("\"", "\""),
        ScalarStyle::Flow => return Err(NO_SETTING),
        // `%` begins no plain scalar.
        ScalarStyle::Plain if scalar.is_whole && read.starts_with('%') => reading.between("'", "'"),
        _ => reading,
    };
    let own = TextChange::new(secret.span, wording);
    Ok((variable, quotes.into_iter().chain([own]).collect()))
}
