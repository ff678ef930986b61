//! What a script's text says about where it runs.

use crate::rules::LazyRegex;
use memchr::memmem;
use regex::bytes::{Regex, RegexSet};
use std::borrow::Cow;
use std::sync::OnceLock;

/// How much of the beginning and of the end of a text is looked at: imports stand first, exports
/// and start-up code last, and a bundle of megabytes shows its marks early.
const HEAD: usize = 256 << 10;
const TAIL: usize = 64 << 10;

/// Words that only code of a server, a command or a build has a use for. `fetch`, `URL`, `Headers`
/// and `atob` are in neither list: they are everywhere.
const NODE: [&str; 15] = [
    r#"(?:require\(|from\s*|import\s*\(?)["']node:\w"#,
    r#"(?:require\(|from\s*|import\s*\(?)["'](?:fs|fs/promises|https?|net|tls|os|child_process|cluster|dgram|readline|worker_threads)["']"#,
    r#"(?:require\(|from\s*|import\s*\(?)["'](?:express|fastify|koa|hono|@hapi/hapi|@nestjs/[\w-]+|dotenv(?:/config)?|aws-lambda|@netlify/functions|server-only|electron)["']"#,
    r#"["'](?:next/server|next/headers|vue/server-renderer|react-dom/server|@sveltejs/kit/node|@angular/ssr/node)["']"#,
    // As an import only: browser bundles keep a `require` of these in libraries that run on both.
    r#"(?:from|import)\s*["'](?:async_hooks|crypto|module|path|perf_hooks|v8|vm|zlib)["']"#,
    r"\bprocess\.(?:argv|exit|cwd|stdin|stdout|on)\b",
    r"\b(?:createServer|readFileSync)\b",
    r"\.listen\(\s*(?:\d|process|\{\s*port|port|PORT)",
    r"\b(?:__dirname|__filename|import\.meta\.dirname)\b",
    r"\bexports\.handler\b|export\s+(?:const|async\s+function|function)\s+handler\b",
    r"export\s+default\s*\{\s*(?:async\s+)?fetch\s*[(:]",
    r"\b(?:Deno|Bun|Netlify)\.env\b|\bdefineEventHandler\b|\bExportedHandler\b",
    r"\bNextResponse\b|\bNextApiRequest\b",
    // Endpoints of Next.js, SvelteKit, Astro, Expo and SolidStart, and of Qwik.
    r"\bexport\s+(?:const|async\s+function|function)\s+(?:GET|POST|PUT|PATCH|DELETE|on(?:Get|Post|Put|Patch|Delete|Request))\b",
    // A component that waits is one of a server: <https://react.dev/reference/rsc/server-components>.
    r"\bexport\s+default\s+async\s+function\s+[A-Z]\w*\s*\(",
];

/// Words that only code of a page, a worker of a page, an extension or an app has a use for.
const PAGE: [&str; 14] = [
    r"\bdocument\.",
    r"\bwindow\.",
    r"\b(?:local|session)Storage\b",
    r"\bnavigator\.",
    r"\bXMLHttpRequest\b",
    r"\blocation\.(?:href|search|hash|pathname|reload)\b",
    r#"self\.addEventListener\(\s*["'`](?:fetch|install|activate|push)"#,
    r"\b(?:chrome|browser)\.(?:runtime|storage|tabs|action)\b",
    r"webpackChunk|__NEXT_DATA__|self\.__next_f|__NUXT__|modulepreload",
    r"\b(?:useState|useEffect|useRef|useReducer|useLoaderData|createRoot|onMounted|createSignal)\(",
    r#"(?:from|import)\s*["'](?:react-dom/client|react-native|expo[\w/-]*|jquery|@angular/(?:core|common|common/http|router))["']"#,
    r"\bcustomElements\b|\bHTMLElement\b|\brequestAnimationFrame\b",
    r"\$\.(?:ajax|getJSON)\(|\bjQuery\b|\bclient(?:Loader|Action)\b",
    // A name that a bundler replaces: no other code has a global called that.
    r"\b__[A-Z0-9_]*JOURVEX[A-Z0-9_]*__\b",
];

/// Where a text's marks say that it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkSide {
    Page,
    Server,
    Unknown,
}

/// Weighs the different marks of either side; as many of both is a server's library that also runs
/// in pages, or server code with a page in a string.
pub(super) fn side(text: &[u8]) -> MarkSide {
    static SETS: OnceLock<(Option<RegexSet>, Option<RegexSet>)> = OnceLock::new();
    let (node, page) = SETS.get_or_init(|| (set(&NODE), set(&PAGE)));
    let code = without_scripts(text);
    let (node, page) = (count(node, &code), count(page, &code));
    match node {
        0 if page == 0 => MarkSide::Unknown,
        _ if page > node => MarkSide::Page,
        _ => MarkSide::Server,
    }
}

/// A script without the scripts in its strings: `res.send("<script>window.k = 1</script>")`. Where they run says nothing
/// of where it does.
fn without_scripts(text: &[u8]) -> Cow<'_, [u8]> {
    let mut code: Vec<u8> = Vec::new();
    let mut at = 0;
    for open in memmem::find_iter(text, b"<script") {
        if open < at {
            continue;
        }
        let Some(length) = memmem::find(&text[open..], b"</script") else {
            break;
        };
        code.extend(&text[at..open]);
        at = open + length;
    }
    if at == 0 {
        return Cow::Borrowed(text);
    }
    code.extend(&text[at..]);
    Cow::Owned(code)
}

/// The first words of each mark of `side` that a text holds, and of the other side.
pub(super) fn words(text: &[u8], side: MarkSide) -> (Vec<String>, Vec<String>) {
    let text = &*without_scripts(text);
    let head = &text[..text.len().min(HEAD)];
    let tail = &text[text.len().saturating_sub(TAIL).max(head.len())..];
    let first = |mark: &&str| {
        let regex = Regex::new(&format!("(?-u){mark}")).ok()?;
        let found = regex.find(head).or_else(|| regex.find(tail))?;
        let shown = String::from_utf8_lossy(found.as_bytes());
        Some(shown.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let node = NODE.iter().filter_map(first).collect();
    let page = PAGE.iter().filter_map(first).collect();
    match side {
        MarkSide::Page => (page, node),
        _ => (node, page),
    }
}

fn set(marks: &[&str]) -> Option<RegexSet> {
    RegexSet::new(marks.iter().map(|mark| format!("(?-u){mark}"))).ok()
}

fn count(set: &Option<RegexSet>, text: &[u8]) -> usize {
    let Some(set) = set else { return 0 };
    let head = set.matches(&text[..text.len().min(HEAD)]);
    let tail = text.len().saturating_sub(TAIL).max(HEAD.min(text.len()));
    let tail = set.matches(&text[tail..]);
    head.iter().count() + tail.iter().filter(|mark| !head.matched(*mark)).count()
}

/// The directive that a module begins with: `'use client'` or `'use server'`. Only comments and
/// other directives may stand before it (<https://react.dev/reference/rsc/use-client>).
pub(super) fn directive(text: &[u8]) -> Option<MarkSide> {
    static FIRST: LazyRegex = LazyRegex::fixed(
        r#"(?x-u) \A (?: \s | //[^\n]* | /\* (?s:.*?) \*/ | ["']use\ strict["'] ;? )*
            (?: ["'] use\ (client|server) ["'] \s* (?: [;\n\r,] | \z ) | import \s* ["'](server|client)-only["'] )"#,
    );
    let head = &text[..text.len().min(8 << 10)];
    let captures = FIRST.get()?.captures(head)?;
    let word = captures.get(1).or_else(|| captures.get(2))?;
    match word.as_bytes() {
        b"client" => Some(MarkSide::Page),
        _ => Some(MarkSide::Server),
    }
}

/// True for a script that runs a bundler: what it says to it decides what the output holds.
pub(super) fn is_build_script(text: &[u8]) -> bool {
    static BUNDLER: LazyRegex = LazyRegex::fixed(
        r#"(?x-u) (?: require\( | from \s* | import \s* \(? ) ["']
            (?: esbuild | webpack | rollup | vite | parcel | @parcel/core | @rspack/core | @rsbuild/core | rolldown
              | tsup | dotenv-webpack | @rollup/plugin-replace | snowpack | browserify | bun:bundle ) ["']"#,
    );
    let calls = memmem::find(text, b"Bun.build(").is_some();
    calls || BUNDLER.is_match(&text[..text.len().min(8 << 10)])
}

/// True for a script that the system runs by its first line.
pub(super) fn is_command(text: &[u8]) -> bool {
    text.starts_with(b"#!")
}

/// True when the first lines are longer than people write them. An inline source map is a comment.
pub(super) fn is_minified(text: &[u8]) -> bool {
    const LONG: usize = 400;
    let head = &text[..text.len().min(8 << 10)];
    let is_long = |line: &[u8]| line.len() > LONG && !line.starts_with(b"//");
    head.split(|b| *b == b'\n').take(20).any(is_long)
}
