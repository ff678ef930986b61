//! A value that server code reads, and that a page gets: props, loader data, `define:vars`.

use super::Candidate;
use super::reference::is_match;
use crate::detect::code::{Bracket, Site};
use regex::bytes::Regex;
use std::sync::OnceLock;

/// Largest file in which a variable is followed from where it is read to where it is given away.
/// Source files are smaller; the bound keeps the work linear in files that are not.
const FOLLOWED: usize = 64 << 10;

/// Functions whose result a framework serializes into the page.
const LOADS: &str =
    r"(?-u:\b(?:load|loader|getServerSideProps|getStaticProps|getInitialProps|routeLoader\$)\b)";

/// Calls that only wrap a loader's result.
const WRAPS: &str = r"(?x-u) (?: ^ | [^\w$.] ) (?: json | data | defer | return | superjson | Response\.json
    | useState ) \s* [({]+ \s* $";

/// True when the value read at the candidate ends up in a page.
pub(super) fn reaches_page(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    is_attribute(candidate)
        || is_page_variable(candidate, site)
        || is_loaded(candidate, site)
        || variable(candidate, site).is_some_and(|name| is_given_away(candidate.text, name))
}

/// `<Widget apiKey={process.env.JOURVEX_API_KEY} />`, `<Widget config={{ key: process.env.JOURVEX_API_KEY }} />`
fn is_attribute(candidate: &Candidate<'_>) -> bool {
    static BEFORE: OnceLock<Option<Regex>> = OnceLock::new();
    static AFTER: OnceLock<Option<Regex>> = OnceLock::new();
    let before = r#"(?-u)[\s][\w:-]+=\{\s*(?:\{[^{}]*?["']?\w+["']?\s*:\s*)?(?:[\w$.?]+\.)$"#;
    let after = r#"(?-u)\A!?\s*(?:(?:\?\?|\|\|)\s*["'`][^"'`\n]*["'`]\s*)?(?:\}|,[^{}]*\}\s*\})"#;
    is_match(&BEFORE, before, candidate.near_before())
        && is_match(&AFTER, after, candidate.near_after())
}

/// `define:vars={{ key: import.meta.env.JOURVEX_API_KEY }}`, or in the template of an Astro page.
fn is_page_variable(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    static TEMPLATE: OnceLock<Option<Regex>> = OnceLock::new();
    let is_markup = site.kind == crate::detect::code::SiteKind::Markup;
    let open = r"(?-u)\{[^{}]*(?:import\.meta\.env|process\.env|Astro\.locals[\w.]*)\.$";
    is_markup && is_match(&TEMPLATE, open, candidate.near_before())
}

/// `return json({ token: process.env.JOURVEX_API_KEY })` in a loader: the value itself, not a header
/// or an argument made of it.
fn is_loaded(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    static DIRECT: OnceLock<Option<Regex>> = OnceLock::new();
    static ENDS: OnceLock<Option<Regex>> = OnceLock::new();
    static ENV: OnceLock<Option<Regex>> = OnceLock::new();
    let direct = r#"(?x-u) ^ \s* (?: ["']? [\w$]+ ["']? \s* : \s* (?: [\w$.]+ \. )? )? $"#;
    let ends = r"(?x-u) \A !? \s* (?: (?:\?\?|\|\|) [^,}\n]* )? [,}]";
    if !is_match(&DIRECT, direct, site.clause) || !is_match(&ENDS, ends, candidate.near_after()) {
        return false;
    }
    let env = r#"(?-u)\b(?:window\.)?ENV["']?\s*[:=]\s*\{$"#;
    let inner = site.brackets.first();
    inner.is_some_and(|b| b.head.ends_with(b"{"))
        && (inner.is_some_and(|b| is_match(&ENV, env, b.head)) || is_result(&site.brackets))
}

/// True when nothing but objects and wrapping calls stands between a place and its loader.
fn is_result(brackets: &[Bracket<'_>]) -> bool {
    static LOADING: OnceLock<Option<Regex>> = OnceLock::new();
    static PASSING: OnceLock<Option<Regex>> = OnceLock::new();
    static HOLDING: OnceLock<Option<Regex>> = OnceLock::new();
    let object = r#"(?-u)(?:^|[:(,=>]|\breturn|^\s*["']?(?:props|data|ENV)["']?\s*:)\s*\{$"#;
    for bracket in brackets {
        if is_match(&LOADING, LOADS, bracket.head) {
            return true;
        }
        let passes = is_match(&PASSING, WRAPS, bracket.head);
        let holds = is_match(&HOLDING, object, bracket.head)
            && !bracket.head.trim_ascii_start().starts_with(b"headers");
        if !passes && !holds {
            return false;
        }
    }
    false
}

/// The variable that the value is put into: `const key = import.meta.env.JOURVEX_API_KEY`.
fn variable<'t>(candidate: &Candidate<'t>, site: &Site<'t>) -> Option<&'t [u8]> {
    static ASSIGNS: OnceLock<Option<Regex>> = OnceLock::new();
    static IMPORTS: OnceLock<Option<Regex>> = OnceLock::new();
    let source = r"(?x-u) \b(?:const|let|var) \s+ ([A-Za-z_$][\w$]{0,60}) \s* (?: : [^=]{0,60} )?
        = \s* (?: process\.env | import\.meta\.env | [\w$]*env ) \. $";
    let regex = ASSIGNS.get_or_init(|| Regex::new(source).ok()).as_ref()?;
    if let Some(name) = regex.captures(site.clause).and_then(|c| c.get(1)) {
        return Some(name.as_bytes());
    }
    let private = r#"(?-u)\A[^{};]{0,200}\}\s*from\s*["']\$env/(?:static|dynamic)/private"#;
    is_match(&IMPORTS, private, candidate.near_after()).then(|| candidate.value())
}

/// True when the file gives the variable `name` to a page.
fn is_given_away(text: &[u8], name: &[u8]) -> bool {
    if text.len() > FOLLOWED {
        return false;
    }
    let name = regex::escape(&String::from_utf8_lossy(name));
    let entry = format!(r"(?:[^{{}}]*?[,\s])?(?:\w+\s*:\s*)?{name}\s*[,}}]");
    let ways = [
        format!(r"\sdefine:vars=\{{\{{\s*{entry}"),
        format!(r"<[A-Za-z][^<>]*\s[\w:-]+=\{{\s*{name}!?\s*\}}"),
        format!(r"{LOADS}[^;]{{0,200}}=>\s*\(\s*\{{\s*{entry}"),
        format!(
            r"{LOADS}(?s:.{{0,4000}}?)\b(?:json\(|data\(|return|props\s*:)\s*\(?\s*\{{\s*{entry}"
        ),
    ];
    let found =
        |way: &String| Regex::new(&format!("(?-u){way}")).is_ok_and(|regex| regex.is_match(text));
    ways.iter().any(found)
}
