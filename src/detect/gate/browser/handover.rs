//! A value that server code reads, and that a page gets: props, loader data, `define:vars`.

use super::super::candidate::Candidate;
use crate::detect::code::{Bracket, Site};
use crate::rules::LazyRegex;
use regex::bytes::Regex;

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
    static BEFORE: LazyRegex = LazyRegex::fixed(
        r#"(?-u)[\s][\w:-]+=\{\s*(?:\{[^{}]*?["']?\w+["']?\s*:\s*)?(?:[\w$.?]+\.)$"#,
    );
    static AFTER: LazyRegex = LazyRegex::fixed(
        r#"(?-u)\A!?\s*(?:(?:\?\?|\|\|)\s*["'`][^"'`\n]*["'`]\s*)?(?:\}|,[^{}]*\}\s*\})"#,
    );
    BEFORE.is_match(candidate.near_before()) && AFTER.is_match(candidate.near_after())
}

/// `define:vars={{ key: import.meta.env.JOURVEX_API_KEY }}`, or in the template of an Astro page.
fn is_page_variable(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    static TEMPLATE: LazyRegex =
        LazyRegex::fixed(r"(?-u)\{[^{}]*(?:import\.meta\.env|process\.env|Astro\.locals[\w.]*)\.$");
    let is_markup = site.kind == crate::detect::code::SiteKind::Markup;
    is_markup && TEMPLATE.is_match(candidate.near_before())
}

/// `return json({ token: process.env.JOURVEX_API_KEY })` in a loader: the value itself, not a header
/// or an argument made of it.
fn is_loaded(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    static DIRECT: LazyRegex =
        LazyRegex::fixed(r#"(?x-u) ^ \s* (?: ["']? [\w$]+ ["']? \s* : \s* (?: [\w$.]+ \. )? )? $"#);
    static ENDS: LazyRegex =
        LazyRegex::fixed(r"(?x-u) \A !? \s* (?: (?:\?\?|\|\|) [^,}\n]* )? [,}]");
    static ENV: LazyRegex = LazyRegex::fixed(r#"(?-u)\b(?:window\.)?ENV["']?\s*[:=]\s*\{$"#);
    if !DIRECT.is_match(site.clause) || !ENDS.is_match(candidate.near_after()) {
        return false;
    }
    let inner = site.brackets.first();
    inner.is_some_and(|b| b.head.ends_with(b"{"))
        && (inner.is_some_and(|b| ENV.is_match(b.head)) || is_result(&site.brackets))
}

/// True when nothing but objects and wrapping calls stands between a place and its loader.
fn is_result(brackets: &[Bracket<'_>]) -> bool {
    static LOADING: LazyRegex = LazyRegex::fixed(LOADS);
    static PASSING: LazyRegex = LazyRegex::fixed(WRAPS);
    static HOLDING: LazyRegex = LazyRegex::fixed(
        r#"(?-u)(?:^|[:(,=>]|\breturn|^\s*["']?(?:props|data|ENV)["']?\s*:)\s*\{$"#,
    );
    for bracket in brackets {
        if LOADING.is_match(bracket.head) {
            return true;
        }
        let passes = PASSING.is_match(bracket.head);
        let holds = HOLDING.is_match(bracket.head)
            && !bracket.head.trim_ascii_start().starts_with(b"headers");
        if !passes && !holds {
            return false;
        }
    }
    false
}

/// The variable that the value is put into: `const key = import.meta.env.JOURVEX_API_KEY`.
fn variable<'t>(candidate: &Candidate<'t>, site: &Site<'t>) -> Option<&'t [u8]> {
    static ASSIGNS: LazyRegex = LazyRegex::fixed(
        r"(?x-u) \b(?:const|let|var) \s+ ([A-Za-z_$][\w$]{0,60}) \s* (?: : [^=]{0,60} )?
        = \s* (?: process\.env | import\.meta\.env | [\w$]*env ) \. $",
    );
    static IMPORTS: LazyRegex =
        LazyRegex::fixed(r#"(?-u)\A[^{};]{0,200}\}\s*from\s*["']\$env/(?:static|dynamic)/private"#);
    let regex = ASSIGNS.get()?;
    if let Some(name) = regex.captures(site.clause).and_then(|c| c.get(1)) {
        return Some(name.as_bytes());
    }
    IMPORTS
        .is_match(candidate.near_after())
        .then(|| candidate.value())
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
