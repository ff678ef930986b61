//! What to do instead, in the words of the framework at hand.

use crate::model::BlobPath;
use memchr::memmem;

/// A framework or bundler, told by what its files and its output look like.
#[derive(Debug)]
struct Framework {
    name: &'static str,
    /// Parts of a path that only it has.
    paths: &'static [&'static str],
    /// Words of a text that only it has.
    words: &'static [&'static str],
    /// The file that holds a server route.
    route: &'static str,
    /// The route's code.
    code: &'static str,
    /// The prefix that makes a variable public, if it has one.
    prefix: Option<&'static str>,
    /// Folders that keep what an earlier build inlined.
    caches: &'static str,
}

/// The specific before the general: a Next.js bundle also looks like webpack's.
const FRAMEWORKS: [Framework; 13] = [
    Framework {
        name: "Next.js",
        paths: &["/.next/", "/_next/", "/next.config."],
        words: &[
            "NEXT_PUBLIC_",
            "__NEXT_DATA__",
            "__next_f",
            "'next/",
            "\"next/",
        ],
        route: "app/api/journey/[id]/route.ts",
        code: "export async function GET(_req: Request, { params }: { params: Promise<{ id: string }> }) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  return fetch(`https://jourvex-api.onrender.com/api/journey/${(await params).id}`, { headers });\n}",
        prefix: Some("NEXT_PUBLIC_"),
        caches: ".next/cache",
    },
    Framework {
        name: "Nuxt",
        paths: &["/_nuxt/", "/.output/", "/nuxt.config.", "/.nuxt/"],
        words: &[
            "NUXT_PUBLIC_",
            "__NUXT__",
            "useRuntimeConfig",
            "defineNuxtConfig",
        ],
        route: "server/api/journey/[id].get.ts",
        code: "export default defineEventHandler((event) =>\n  $fetch(`https://jourvex-api.onrender.com/api/journey/${getRouterParam(event, 'id')}`,\n    { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } }));",
        prefix: Some("NUXT_PUBLIC_"),
        caches: ".nuxt, .output",
    },
    Framework {
        name: "SvelteKit",
        paths: &[
            "/_app/immutable/",
            "/.svelte-kit/",
            "/+page",
            "/+layout",
            ".svelte",
        ],
        words: &["$env/static/", "$env/dynamic/"],
        route: "src/routes/api/journey/[id]/+server.ts",
        code: "import { JOURVEX_API_KEY } from '$env/static/private';\nexport const GET = ({ params, fetch }) => fetch(`https://jourvex-api.onrender.com/api/journey/${params.id}`,\n  { headers: { Authorization: `Bearer ${JOURVEX_API_KEY}` } });",
        prefix: Some("PUBLIC_"),
        caches: ".svelte-kit/output",
    },
    Framework {
        name: "Astro",
        paths: &["/_astro/", ".astro", "/astro.config."],
        words: &["astro:env", "define:vars"],
        route: "src/pages/api/journey/[id].ts",
        code: "export const prerender = false;\nexport const GET = ({ params }) => fetch(`https://jourvex-api.onrender.com/api/journey/${params.id}`,\n  { headers: { Authorization: `Bearer ${import.meta.env.JOURVEX_API_KEY}` } });",
        prefix: Some("PUBLIC_"),
        caches: "node_modules/.astro",
    },
    Framework {
        name: "Gatsby",
        paths: &["/page-data/", "/gatsby-"],
        words: &["GATSBY_"],
        route: "src/api/journey.js",
        code: "export default async function handler(req, res) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  res.json(await (await fetch(`https://jourvex-api.onrender.com/api/journey/${req.query.id}`, { headers })).json());\n}",
        prefix: Some("GATSBY_"),
        caches: ".cache",
    },
    Framework {
        name: "Expo",
        paths: &["/app.config.", "/app.json"],
        words: &["EXPO_PUBLIC_", "react-native", "\"expo\""],
        route: "app/api/journey/[id]+api.ts",
        code: "export function GET(_req: Request, { id }: { id: string }) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  return fetch(`https://jourvex-api.onrender.com/api/journey/${id}`, { headers });\n}",
        prefix: Some("EXPO_PUBLIC_"),
        caches: ".expo, node_modules/.cache",
    },
    Framework {
        name: "Remix and React Router",
        paths: &["/app/root.", "/app/routes/", "/build/client/"],
        words: &["@remix-run/", "@react-router/", "window.ENV"],
        route: "app/routes/api.journey.$id.ts",
        code: "export async function loader({ params }) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  return fetch(`https://jourvex-api.onrender.com/api/journey/${params.id}`, { headers });\n}",
        prefix: None,
        caches: "node_modules/.vite, build",
    },
    Framework {
        name: "Angular",
        paths: &["/environments/environment", "/angular.json"],
        words: &["@angular/", "NG_APP_"],
        route: "server.ts",
        code: "app.get('/api/journey/:id', async (req, res) =>\n  res.json(await (await fetch(`https://jourvex-api.onrender.com/api/journey/${req.params.id}`,\n    { headers: { Authorization: `Bearer ${process.env['JOURVEX_API_KEY']}` } })).json()));",
        prefix: Some("NG_APP_"),
        caches: ".angular/cache",
    },
    Framework {
        name: "Create React App",
        paths: &[],
        words: &["REACT_APP_"],
        route: "a small server beside it, with src/setupProxy.js in development",
        code: PLAIN,
        prefix: Some("REACT_APP_"),
        caches: "node_modules/.cache",
    },
    Framework {
        name: "Vue CLI",
        paths: &["/vue.config."],
        words: &["VUE_APP_"],
        route: "a small server beside it, with devServer.proxy in development",
        code: PLAIN,
        prefix: Some("VUE_APP_"),
        caches: "node_modules/.cache",
    },
    Framework {
        name: "Vite",
        paths: &["/vite.config."],
        words: &["import.meta.env", "VITE_"],
        route: "a small server beside it, with server.proxy in development",
        code: PLAIN,
        prefix: Some("VITE_"),
        caches: "node_modules/.vite",
    },
    Framework {
        name: "a browser extension",
        paths: &["/content_scripts/", "chrome-mv"],
        words: &["chrome.runtime", "browser.runtime"],
        route: "a small server of yours, which the extension calls",
        code: PLAIN,
        prefix: None,
        caches: "build, .output",
    },
    Framework {
        name: "",
        paths: &[],
        words: &[""],
        route: "a small server beside the page",
        code: PLAIN,
        prefix: None,
        caches: ".parcel-cache, node_modules/.cache, dist",
    },
];

/// The route of a project that brings no server of its own.
const PLAIN: &str = "app.get('/api/journey/:id', async (req, res) =>\n  res.json(await (await fetch('https://jourvex-api.onrender.com/api/journey/' + req.params.id,\n    { headers: { Authorization: 'Bearer ' + process.env.JOURVEX_API_KEY } })).json()));";

/// How much of a text is looked at to tell the framework.
const HEAD: usize = 64 << 10;

/// The steps for the framework that the file belongs to, one a line.
pub(super) fn advice(path: &BlobPath, text: &[u8]) -> Vec<String> {
    let Some(framework) = find(path, text) else {
        return Vec::new();
    };
    let mut steps = vec![format!(
        "instead: call the Journey API from your server{} and let the page call that: {}",
        if framework.name.is_empty() {
            String::new()
        } else {
            format!(" ({})", framework.name)
        },
        framework.route
    )];
    steps.extend(framework.code.lines().map(|line| format!("    {line}")));
    if let Some(prefix) = framework.prefix {
        steps.push(format!(
            "name the variable without {prefix} (JOURVEX_API_KEY), so that no build copies its value"
        ));
    }
    steps.push(format!(
        "delete what was built and the caches that keep the value: {}",
        framework.caches
    ));
    steps
}

fn find(path: &BlobPath, text: &[u8]) -> Option<&'static Framework> {
    let path = format!("/{path}");
    let head = &text[..text.len().min(HEAD)];
    let has_path = |f: &&Framework| f.paths.iter().any(|part| path.contains(part));
    let has_word = |f: &&Framework| {
        f.words
            .iter()
            .any(|w| memmem::find(head, w.as_bytes()).is_some())
    };
    let by_path = FRAMEWORKS.iter().find(has_path);
    by_path.or_else(|| FRAMEWORKS.iter().find(has_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_path_then_by_words() {
        for (path, text, name) in [
            ("out/_next/static/a.js", "", "Next.js"),
            ("src/App.vue", "process.env.VUE_APP_X", "Vue CLI"),
            ("src/a.ts", "import.meta.env.VITE_X", "Vite"),
            ("src/routes/+page.svelte", "", "SvelteKit"),
            ("src/environments/environment.prod.ts", "", "Angular"),
            ("dist/a.js", "x", ""),
        ] {
            let found = find(&BlobPath::from(path), text.as_bytes()).unwrap();
            assert_eq!(found.name, name, "{path}");
        }
    }

    #[test]
    fn the_route_the_name_and_the_caches_are_told() {
        let steps = advice(&BlobPath::from("pages/_next/a.js"), b"").join("\n");
        for word in [
            "app/api/journey/[id]/route.ts",
            "Bearer",
            "without NEXT_PUBLIC_",
            ".next/cache",
        ] {
            assert!(steps.contains(word), "{word}");
        }
    }
}
