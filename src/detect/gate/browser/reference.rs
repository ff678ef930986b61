//! Names of variables that hold a Jourvex key: does the place bring the value to a browser?
//!
//! The pattern finds the name. What is asked here is whether the place reads it, and where that code
//! runs or the value goes. Bundlers rename what stands before a name (`process.env`, `{}`, `a`), so
//! a read is the name as a property of anything.

use super::super::candidate::{Candidate, GatePage, Refusal};
use super::HARMLESS;
use crate::detect::code::{Bracket, Site, SiteKind};
use crate::model::{FileContext, Span};
use crate::rules::{Gate, LazyRegex};
use memchr::memmem;

/// What this gate says of itself.
pub(in crate::detect::gate) const BROWSER_REFERENCE: GatePage = GatePage {
    gate: Gate::BrowserReference,
    judges: "the name of a variable that code of a browser reads",
    harmless: HARMLESS,
    judge: in_browser,
    judge_shown: in_browser,
};

/// What this gate says of itself.
pub(in crate::detect::gate) const BUILD_INLINING: GatePage = GatePage {
    gate: Gate::BuildInlining,
    judges: "the name of a variable whose value a build writes into its output",
    harmless: HARMLESS,
    judge: in_build,
    judge_shown: in_build,
};

/// What this gate says of itself.
pub(in crate::detect::gate) const SERVER_INLINING: GatePage = GatePage {
    gate: Gate::ServerInlining,
    judges: "the name of a variable whose value a build for a server writes into its output",
    harmless: HARMLESS,
    judge: in_server_build,
    judge_shown: in_server_build,
};

/// What this gate says of itself.
pub(in crate::detect::gate) const HANDOVER: GatePage = GatePage {
    gate: Gate::Handover,
    judges: "the name of a variable that server code reads and gives to a page",
    harmless: HARMLESS,
    judge: handed_over,
    judge_shown: handed_over,
};

/// What this gate says of itself.
pub(in crate::detect::gate) const PAGE_WRITING: GatePage = GatePage {
    gate: Gate::PageWriting,
    judges: "the name of a variable that a script or a web server writes into a page",
    harmless: &[
        "a command that uses the key, such as `curl`, and writes what comes back",
        "a text in which the shell fills in nothing, and a question whether the variable is there",
        "a file that is no part of a page",
    ],
    judge: written,
    judge_shown: written,
};

/// Functions that frameworks take out of what browsers get.
const SERVER_FUNCTIONS: &str = r"(?x-u) \b(?: getServerSideProps | getStaticProps | getStaticPaths
    | generateMetadata | generateStaticParams | loader | action | routeLoader\$ | routeAction\$ | server\$
    | createServerFn | defineEventHandler ) (?: [^\w$] | $ )";

/// Routes whose loader runs in the browser as well
/// (<https://tanstack.com/start/latest/docs/framework/react/guide/execution-model>).
const UNIVERSAL_LOADERS: &str = r"(?-u)\bcreate(?:Lazy)?(?:File|Root)Route\b";

/// A plugin of Babel's that does so, as the first bytes of the list that names it and its options.
const INLINING_PLUGIN: &str =
    r#"(?-u)\A\s*["'](?:babel-plugin-)?(?:transform-)?inline-(?:en|dotenv)"#;

/// A variable of Astro's that no client gets
/// (<https://docs.astro.build/en/guides/environment-variables/#variable-types>).
const FOR_SERVER: &str =
    r#"(?-u)\A["']?\s*:\s*envField\.\w+\(\s*\{[^}]*\bcontext\s*:\s*["']server"#;

/// Code of a browser reads the variable.
fn in_browser(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let site = candidate.site.ok_or("not in a script or a page")?;
    if !is_read(candidate, site) {
        return Err("the name alone: nothing is read here");
    }
    match site.kind {
        SiteKind::Comment => return Err("in a comment"),
        SiteKind::Literal | SiteKind::Markup
            if candidate.goes.is_in_template && !candidate.goes.is_shown =>
        {
            return Err("nothing that the template prints");
        }
        SiteKind::Literal
            if !is_whole_string(candidate, site) && !is_filled_in(candidate, site) =>
        {
            return Err("in a text that the program shows");
        }
        SiteKind::Markup if !is_expression(site) => return Err("in the text of a page"),
        SiteKind::Literal | SiteKind::Markup | SiteKind::Code | SiteKind::Eval => {}
    }
    if candidate.context == FileContext::ClientSource && runs_on_server(site) {
        return Err("read by a part that runs on the server");
    }
    Ok(candidate.span)
}

/// Build configuration writes the variable's value into what browsers get.
fn in_build(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let span = inlined(candidate)?;
    if is_for_server(candidate) {
        Err("in a build for a server")
    } else {
        Ok(span)
    }
}

/// Build configuration writes the variable's value into what a server runs.
fn in_server_build(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let span = inlined(candidate)?;
    if is_for_server(candidate) {
        Ok(span)
    } else {
        Err("in a build for browsers")
    }
}

fn is_for_server(candidate: &Candidate<'_>) -> bool {
    candidate.goes.is_for_server
}

/// Build configuration writes the variable's value into its output.
fn inlined(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let site = candidate.site.ok_or("not in a script")?;
    match site.kind {
        SiteKind::Comment => return Err("in a comment"),
        SiteKind::Literal if !is_whole_string(candidate, site) => return Err("in a text"),
        _ => {}
    }
    if is_key_of_value(candidate) {
        return Err("the name of a setting; its value is judged");
    }
    if names_replacement(candidate) || replaces(site) {
        return Ok(candidate.span);
    }
    static PRIVATE: LazyRegex = LazyRegex::fixed(FOR_SERVER);
    static PLUGIN: LazyRegex = LazyRegex::fixed(INLINING_PLUGIN);
    if PRIVATE.is_match(candidate.near_after()) {
        return Err("declared for the server");
    }
    let mut bodies = site.brackets.iter().map(|bracket| bracket.body);
    let by_plugin = bodies.any(|body| PLUGIN.is_match(body));
    if by_plugin || candidate.goes.is_shown {
        Ok(candidate.span)
    } else {
        Err("not written into the output by this setting")
    }
}

/// Server code reads the variable and gives its value to a page.
fn handed_over(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    if candidate.goes.is_shown {
        Ok(candidate.span)
    } else {
        Err("stays on the server")
    }
}

/// A script writes the variable's value into a page.
fn written(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    if candidate.goes.is_shown {
        Ok(candidate.span)
    } else {
        Err("written into no page")
    }
}

/// The name as a property, taken out of an object by its name, or asked for in a template of PHP:
/// `env('JOURVEX_API_KEY')`.
fn is_read(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    let (before, after) = (candidate.before(), candidate.after());
    let quoted = before.ends_with(b"[\"") || before.ends_with(b"['") || before.ends_with(b"[`");
    let closed = matches!(after, [b'"' | b'\'' | b'`', b']', ..]);
    let called = before.ends_with(b"env(\"") || before.ends_with(b"env('");
    let ends = matches!(after, [b'"' | b'\'', b')' | b',', ..]);
    before.ends_with(b".")
        || (quoted && closed)
        || (called && ends)
        || is_filled_in(candidate, site)
        || is_taken_apart(candidate, site)
}

/// `const { JOURVEX_API_KEY: key } = process.env`, or an import from a module that holds what the build
/// knew (<https://github.com/goatandsheep/react-native-dotenv>).
fn is_taken_apart(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    static OPENS: LazyRegex = LazyRegex::fixed(r"(?-u)\b(?:const|let|var|import)\s*\{$");
    static CLOSES: LazyRegex = LazyRegex::fixed(
        r#"(?x-u) \A [^{}]{0,400} \} \s*
        (?: = \s* (?: process\.env\b | import\.meta\.env\b | \{\} | [\w.$]*\benv\b )
          | from \s* ["'] (?: @env | react-native-dotenv ) ["'] )"#,
    );
    let declares = |b: &Bracket<'_>| OPENS.is_match(b.head);
    site.brackets.first().is_some_and(declares) && CLOSES.is_match(candidate.near_after())
}

/// `{ ... }` in the markup of a component, or the value of a bound attribute.
fn is_expression(site: &Site<'_>) -> bool {
    let opens = site.clause.iter().rposition(|b| *b == b'{');
    let closes = site.clause.iter().rposition(|b| *b == b'}');
    // `{% if settings.JOURVEX_API_KEY %}`
    let is_block = opens.is_some_and(|at| site.clause.get(at + 1) == Some(&b'%'));
    (opens > closes && !is_block) || memmem::find(site.clause, b"=\"").is_some()
}

/// A string that a template engine or `envsubst` fills in: `'{{ settings.JOURVEX_API_KEY }}'`, `"<%= ... %>"`,
/// `'${JOURVEX_API_KEY}'`.
fn is_filled_in(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    static OPENS: LazyRegex =
        LazyRegex::fixed(r#"(?-u)\A(?:["'`](?:\{\{|\{!!|<%[-=]|<\?=)|["']\$\{)[^}%>]*$"#);
    let before = &candidate.text[site.token..candidate.span.start];
    let near = &before[before.len().saturating_sub(120)..];
    OPENS.is_match(near)
}

pub(in crate::detect::gate) fn runs_on_server(site: &Site<'_>) -> bool {
    static FUNCTIONS: LazyRegex = LazyRegex::fixed(SERVER_FUNCTIONS);
    static ON_BOTH: LazyRegex = LazyRegex::fixed(UNIVERSAL_LOADERS);
    let directive = |b: &Bracket<'_>| {
        let body = b.body.trim_ascii_start();
        body.starts_with(b"'use server'") || body.starts_with(b"\"use server\"")
    };
    let is_route = site.brackets.iter().any(|b| ON_BOTH.is_match(b.head));
    let loads = |b: &Bracket<'_>| is_route && memmem::find(b.head, b"oader").is_some();
    let named = |b: &Bracket<'_>| FUNCTIONS.is_match(b.head) && !loads(b);
    site.on_server || site.brackets.iter().any(|b| directive(b) || named(b))
}

/// The name, or `process.env.` and the name, is the whole of a string.
fn is_whole_string(candidate: &Candidate<'_>, site: &Site<'_>) -> bool {
    let token = &candidate.text[site.token..candidate.span.start];
    // What stands behind the `}` of a template has no quote of its own: `${a}JOURVEX_API_KEY`.
    let Some((b'"' | b'\'' | b'`', head)) = token.split_first() else {
        return false;
    };
    let closed = matches!(candidate.after(), [b'"' | b'\'' | b'`', ..]);
    closed && (head.is_empty() || head == b"process.env." || head == b"import.meta.env.")
}

/// `JOURVEX_API_KEY: process.env.JOURVEX_API_KEY` names the variable twice; the second is the read.
fn is_key_of_value(candidate: &Candidate<'_>) -> bool {
    static VALUE: LazyRegex = LazyRegex::fixed(r#"(?-u)\A["'`]?\]?\s*[:=][^,;\n]{0,200}JOURVEX"#);
    VALUE.is_match(candidate.near_after())
}

/// `'process.env.JOURVEX_API_KEY': ...` means nothing but a replacement at build time.
fn names_replacement(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before();
    let quoted = [&b"process.env."[..], b"import.meta.env."]
        .iter()
        .any(|head| {
            let start = before.strip_suffix(*head);
            start.is_some_and(|start| matches!(start.last(), Some(b'"' | b'\'' | b'`')))
        });
    let rest = candidate
        .after()
        .get(1..)
        .unwrap_or_default()
        .trim_ascii_start();
    quoted && matches!(rest.first(), Some(b':' | b']'))
}

/// The value of such a replacement: `'process.env.X': JSON.stringify(process.env.JOURVEX_API_KEY)`.
fn replaces(site: &Site<'_>) -> bool {
    static REPLACEMENT: LazyRegex = LazyRegex::fixed(
        r#"(?-u)["'`](?:process\.env|import\.meta\.env)(?:\.\w+["'`]\s*\]?|["'`]\s*\]\s*\.\w+)\s*[:=]\s*(?:[\w.]+\s*\()?[^,;]*$"#,
    );
    let around = site.brackets.first().map(|bracket| bracket.head);
    let mut clauses = around.into_iter().chain([site.clause]);
    clauses.any(|clause| REPLACEMENT.is_match(clause))
}
