//! What reaches a browser, from bytes to matches: one short case a class.

#![allow(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod doors;
mod projects;

use jvxleaks::detect::Detector;
use jvxleaks::model::{Blob, BlobPath, LineIndex, Origin};
use jvxleaks::rules::RuleSet;

/// A key that no repository holds: drawn here.
fn key() -> String {
    let alphabet = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let drawn = (1_u64..25).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33);
    let body = drawn.map(|number| char::from(alphabet[number as usize % alphabet.len()]));
    ["jvx", "live", ""].join("_").chars().chain(body).collect()
}

/// The matches in a file, as `rule line:column`, and the original place where there is one. `KEY` in
/// the text stands for a key.
fn found(path: &str, text: &str) -> Vec<String> {
    let text = text.replace("KEY!", &key());
    let detector = Detector::new(RuleSet::builtin().unwrap());
    let blob = Blob {
        path: &BlobPath::from(path),
        origin: &Origin::File,
        bytes: text.as_bytes(),
    };
    let Some(detection) = detector.detect(&blob) else {
        return Vec::new();
    };
    let lines = LineIndex::new(&detection.text);
    let line = |m: &jvxleaks::model::Match| {
        let at = lines.position(m.span.start);
        let original = m.derivation.as_ref();
        let original = original.map(|d| format!(" from {}:{}:{}", d.path, d.line, d.column));
        let original = original.unwrap_or_default();
        format!("{} {}:{}{original}", m.rule.id, at.line, at.column)
    };
    detection.matches.iter().map(line).collect()
}

#[test]
fn a_key_in_a_map_is_told_at_its_original_place() {
    let map = "{\"sources\":[\"../src/a.js\"],\n\"sourcesContent\":[\"a\\n b 'KEY!'\"]}";
    assert_eq!(
        found("dist/app.js.map", map),
        ["browser-bundle-key 2:27 from src/a.js:2:5"]
    );
}

#[test]
fn a_broken_map_is_searched_as_text() {
    for map in [
        "{\"sources\":[\"../../x\"],\"sourcesContent\":[\"KEY!\"",
        "{\"sources\":7,\"sourcesContent\":{\"a\":\"KEY!\"}}",
        "not json: KEY!",
    ] {
        let found = found("dist/app.js.map", map);
        assert_eq!(found.len(), 1, "{map}: {found:?}");
        assert!(!found[0].contains(" from "), "{map}: {found:?}");
    }
}

#[test]
fn a_key_in_an_inline_map_is_found_where_it_is_stored() {
    use base64::Engine as _;
    let json = r#"{"sources":["a.js"],"sourcesContent":["// KEY!"]}"#.replace("KEY!", &key());
    let data = base64::engine::general_purpose::STANDARD.encode(json);
    let bundle = format!("document.a();\n//# sourceMappingURL=data:application/json;base64,{data}");
    assert_eq!(
        found("dist/app.js", &bundle),
        ["browser-bundle-key 2:107 from dist/a.js:1:4"]
    );
}

#[test]
fn the_same_key_in_bundle_and_map_has_one_family() {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    let families: Vec<_> = ["jourvex-key", "browser-bundle-key"]
        .into_iter()
        .map(|id| detector.rules().find(id).unwrap().info.family.clone())
        .collect();
    assert_eq!(families, ["jourvex-key", "jourvex-key"]);
}

#[test]
fn parts_of_a_page_that_run_on_a_server_are_told_apart() {
    let page = "---\nconst a = 'KEY!';\n---\n<script>const b = 'KEY!';</script>";
    assert_eq!(
        found("src/pages/index.astro", page),
        ["jourvex-key 2:12", "browser-bundle-key 4:20"]
    );
    let props = "export default (p) => p.a;\nexport async function getServerSideProps() {\n  const k = 'KEY!';\n}";
    assert_eq!(found("pages/index.jsx", props), ["jourvex-key 3:14"]);
}

#[test]
fn a_key_behind_a_public_name_is_one_finding() {
    assert_eq!(
        found(".env.production", "VITE_JOURVEX_API_KEY=KEY!"),
        ["jourvex-key 1:22"]
    );
    assert_eq!(
        found(".env.example", "VITE_JOURVEX_API_KEY=jvx_live_your_key"),
        ["public-env-key 1:1"]
    );
}

#[test]
fn references_in_development_bundles_are_found_inside_eval() {
    let bundle = "eval(\"document.x = process.env.JOURVEX_API_KEY;\\n//# sourceURL=a\")";
    assert_eq!(
        found("dist/main.js", bundle),
        ["browser-key-reference 1:32"]
    );
}

#[test]
fn scripts_that_do_not_parse_are_searched_all_the_same() {
    let script = "}}) /[ `${ 'x\ndocument.title = \"KEY!\"";
    assert_eq!(found("src/a.js", script), ["browser-bundle-key 2:19"]);
}

#[test]
fn a_huge_line_of_a_map_is_read_to_its_end() {
    let source = "x;\\n".repeat(300_000);
    let map = format!("{{\"sources\":[\"a.js\"],\"sourcesContent\":[\"{source}KEY!\"]}}");
    let at = map.find("KEY").unwrap() + 1;
    assert_eq!(
        found("dist/app.js.map", &map),
        [format!("browser-bundle-key 1:{at} from dist/a.js:300001:1")]
    );
}

/// Takes some seconds and a gigabyte of memory: `cargo test --test browser -- --ignored`.
#[test]
#[ignore = "300 MB"]
fn a_map_of_hundreds_of_megabytes_is_read_to_its_end() {
    let source = "const a = 'b';\\n".repeat(20_000_000);
    let map = format!("{{\"sources\":[\"a.js\"],\"sourcesContent\":[\"{source}KEY!\"]}}");
    assert!(map.len() > 300_000_000);
    let found = found("dist/app.js.map", &map);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("from dist/a.js:20000001:1"), "{found:?}");
}

/// What a file's code does with the variable, by framework: what runs on a server is let be.
#[test]
fn code_of_a_server_is_not_taken_for_code_of_a_page() {
    let call = "fetch(`https://jourvex-api.onrender.com/api/journey/1`, { headers: { Authorization: \
                `Bearer ${process.env.JOURVEX_API_KEY}` } })";
    for (path, text) in [
        (
            "app/routes/a.tsx",
            "import { useLoaderData } from '@remix-run/react';\nexport const loader = async () => { return CALL; };\nexport default () => <p/>;",
        ),
        (
            "src/routes/a.tsx",
            "const get = query(async () => {\n 'use server';\n return CALL;\n}, 'j');\nexport default () => <p/>;",
        ),
        (
            "src/routes/j/[id].ts",
            "export async function GET({ params }) { return CALL; }",
        ),
        (
            "src/routes/index.tsx",
            "export const useJ = routeLoader$(async () => CALL);\nexport default component$(() => <p/>);",
        ),
        (
            "src/routes/a.tsx",
            "const get = createServerFn().handler(async () => CALL);\nexport const A = () => <p/>;",
        ),
        ("src/pages/j.json.ts", "export const GET = () => CALL;"),
        ("app/j+api.ts", "export function GET() { return CALL; }"),
        (
            "app/j/route.ts",
            "export const runtime = 'edge';\nexport async function GET() { return CALL; }",
        ),
        (
            "pages/api/j.ts",
            "export const config = { runtime: 'edge' };\nexport default async (req) => CALL;",
        ),
        (
            "components/Trip.tsx",
            "export default async function Trip() { const r = await CALL; return <p/>; }",
        ),
        (
            "server/api/j.get.ts",
            "export default defineEventHandler(() => CALL);",
        ),
        ("src/routes/+server.ts", "export const GET = () => CALL;"),
        ("public/_worker.js", "const r = CALL;"),
        (
            "functions/j.js",
            "export async function onRequest(context) { return CALL; }",
        ),
        (
            "astro.config.mjs",
            "export default { env: { schema: { JOURVEX_API_KEY: envField.string({ context: 'server' }) } } };",
        ),
        (
            "gatsby-config.js",
            "module.exports = { plugins: [{ options: { headers: { 'x-k': process.env.JOURVEX_API_KEY } } }] };",
        ),
        (
            "cypress.config.ts",
            "export default { env: { KEY: process.env.JOURVEX_API_KEY } };",
        ),
    ] {
        let text = text.replace("CALL", call);
        assert_eq!(found(path, &text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn code_of_a_page_is_found_beside_that_of_a_server() {
    let read = "process.env.JOURVEX_API_KEY";
    for (path, text, rule) in [
        (
            "app/routes/a.tsx",
            "export const clientLoader = async () => call(READ);",
            "browser-key-reference",
        ),
        (
            "src/routes/index.tsx",
            "export default component$(() => { const go = $(() => call(READ)); });",
            "browser-key-reference",
        ),
        (
            "src/routes/+page.ts",
            "export const load = () => call(READ);",
            "browser-key-reference",
        ),
        (
            ".storybook/main.ts",
            "export default { env: (c) => ({ ...c, KEY: READ }) };",
            "build-inlines-key",
        ),
        (
            "config/environment.js",
            "module.exports = () => { let ENV = { APP: {} }; ENV = { APP: { key: READ } }; };",
            "build-inlines-key",
        ),
        (
            "docusaurus.config.ts",
            "export default { customFields: { key: READ } };",
            "build-inlines-key",
        ),
        (
            "rspack.config.js",
            "module.exports = { builtins: { define: { K: JSON.stringify(READ) } } };",
            "build-inlines-key",
        ),
        (
            "angular.json",
            "{\"options\":{\"define\":{\"K\":\"READ\"}}}",
            "build-inlines-key",
        ),
        (
            "Makefile",
            "\tflutter build web --dart-define=KEY=$JOURVEX_API_KEY",
            "build-inlines-environment",
        ),
        (
            "gatsby-config.js",
            "module.exports = { siteMetadata: { key: READ } };",
            "build-inlines-key",
        ),
        (
            "vue.config.js",
            "tap((a) => { a[0]['process.env'].KEY = JSON.stringify(READ); })",
            "build-inlines-key",
        ),
        (
            ".babelrc",
            r#"{"plugins":[["transform-inline-environment-variables",{"include":["JOURVEX_API_KEY"]}]]}"#,
            "build-inlines-key",
        ),
        (
            "app/page.tsx",
            "export default () => <Client config={{ key: READ, id: 1 }} />;",
            "key-handed-to-browser",
        ),
        (
            "resources/views/a.blade.php",
            "<script>const K = @json(env('JOURVEX_API_KEY'));</script>",
            "key-handed-to-browser",
        ),
        (
            "netlify.toml",
            "[build.environment]\nVITE_JOURVEX_API_KEY = \"x\"",
            "public-env-key",
        ),
        (
            "vercel.json",
            "{\"env\":{\"REACT_APP_JOURVEX_KEY\":\"@k\"}}",
            "public-env-key",
        ),
        (
            "compose.yml",
            "      args:\n        - NEXT_PUBLIC_JOURVEX_TOKEN=${JOURVEX_API_KEY}",
            "public-env-key",
        ),
    ] {
        let text = text.replace("READ", read);
        let found = found(path, &text);
        assert!(
            found.len() == 1 && found[0].starts_with(rule),
            "{path}: {found:?}"
        );
    }
}
