//! Frameworks and bundlers, and the route by which a page of each asks its own server.

/// A framework or bundler, told by what its files and its output look like.
#[derive(Debug)]
pub(super) struct Framework {
    pub(super) name: &'static str,
    /// Parts of a path that only it has.
    pub(super) paths: &'static str,
    /// Packages that only its projects need.
    pub(super) packages: &'static str,
    /// Words of a text that only it has.
    pub(super) words: &'static str,
    /// The file that holds a server route.
    pub(super) route: &'static str,
    /// The route's code.
    pub(super) code: &'static str,
    /// The prefix that makes a variable public, if it has one.
    pub(super) prefix: Option<&'static str>,
    /// Folders that keep what an earlier build inlined.
    pub(super) caches: &'static str,
}

/// The specific before the general: a Next.js bundle also looks like webpack's.
pub(super) const FRAMEWORKS: [Framework; 15] = [
    Framework {
        name: "Next.js",
        packages: "next",
        paths: "/.next/ /_next/ /next.config.",
        words: "NEXT_PUBLIC_ __NEXT_DATA__ __next_f 'next/ \"next/",
        route: "app/api/journey/[id]/route.ts",
        code: "export async function GET(_req: Request, { params }: { params: Promise<{ id: string }> }) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  return fetch(`https://jourvex-api.onrender.com/api/journey/${(await params).id}`, { headers });\n}",
        prefix: Some("NEXT_PUBLIC_"),
        caches: ".next/cache",
    },
    Framework {
        name: "Nuxt",
        packages: "nuxt",
        paths: "/_nuxt/ /.output/ /nuxt.config. /.nuxt/",
        words: "NUXT_PUBLIC_ __NUXT__ useRuntimeConfig defineNuxtConfig",
        route: "server/api/journey/[id].get.ts",
        code: "export default defineEventHandler((event) =>\n  $fetch(`https://jourvex-api.onrender.com/api/journey/${getRouterParam(event, 'id')}`,\n    { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } }));",
        prefix: Some("NUXT_PUBLIC_"),
        caches: ".nuxt, .output",
    },
    Framework {
        name: "SvelteKit",
        packages: "@sveltejs/kit",
        paths: "/_app/immutable/ /.svelte-kit/ /+page /+layout .svelte",
        words: "$env/static/ $env/dynamic/",
        route: "src/routes/api/journey/[id]/+server.ts",
        code: "import { JOURVEX_API_KEY } from '$env/static/private';\nexport const GET = ({ params, fetch }) => fetch(`https://jourvex-api.onrender.com/api/journey/${params.id}`,\n  { headers: { Authorization: `Bearer ${JOURVEX_API_KEY}` } });",
        prefix: Some("PUBLIC_"),
        caches: ".svelte-kit/output",
    },
    Framework {
        name: "Astro",
        packages: "astro",
        paths: "/_astro/ .astro /astro.config.",
        words: "astro:env define:vars",
        route: "src/pages/api/journey/[id].ts",
        code: "export const prerender = false;\nexport const GET = ({ params }) => fetch(`https://jourvex-api.onrender.com/api/journey/${params.id}`,\n  { headers: { Authorization: `Bearer ${import.meta.env.JOURVEX_API_KEY}` } });",
        prefix: Some("PUBLIC_"),
        caches: "node_modules/.astro",
    },
    Framework {
        name: "Gatsby",
        packages: "gatsby",
        paths: "/page-data/ /gatsby-",
        words: "GATSBY_",
        route: "src/api/journey.js",
        code: "export default async function handler(req, res) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  res.json(await (await fetch(`https://jourvex-api.onrender.com/api/journey/${req.query.id}`, { headers })).json());\n}",
        prefix: Some("GATSBY_"),
        caches: ".cache",
    },
    Framework {
        name: "Expo",
        packages: "expo",
        paths: "/app.config. /app.json",
        words: "EXPO_PUBLIC_ react-native \"expo\"",
        route: "app/api/journey/[id]+api.ts",
        code: "export function GET(_req: Request, { id }: { id: string }) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  return fetch(`https://jourvex-api.onrender.com/api/journey/${id}`, { headers });\n}",
        prefix: Some("EXPO_PUBLIC_"),
        caches: ".expo, node_modules/.cache",
    },
    Framework {
        name: "SolidStart",
        paths: "",
        packages: "@solidjs/start",
        words: "@solidjs/start",
        route: "src/routes/api/journey/[id].ts",
        code: "export const GET = ({ params }) => fetch(`https://jourvex-api.onrender.com/api/journey/${params.id}`,\n  { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } });",
        prefix: Some("VITE_"),
        caches: ".output, .vinxi",
    },
    Framework {
        name: "Qwik City",
        paths: "",
        packages: "@builder.io/qwik-city @qwik.dev/router",
        words: "@builder.io/qwik @qwik.dev/",
        route: "src/routes/api/journey/[id]/index.ts",
        code: "export const onGet = async ({ params, env, json }) => json(200, await (await fetch(\n  `https://jourvex-api.onrender.com/api/journey/${params.id}`,\n  { headers: { Authorization: `Bearer ${env.get('JOURVEX_API_KEY')}` } })).json());",
        prefix: Some("PUBLIC_"),
        caches: "dist, server, node_modules/.vite",
    },
    Framework {
        name: "Remix and React Router",
        packages: "@remix-run/ @react-router/",
        paths: "/app/root. /app/routes/ /build/client/",
        words: "@remix-run/ @react-router/ window.ENV",
        route: "app/routes/api.journey.$id.ts",
        code: "export async function loader({ params }) {\n  const headers = { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n  return fetch(`https://jourvex-api.onrender.com/api/journey/${params.id}`, { headers });\n}",
        prefix: None,
        caches: "node_modules/.vite, build",
    },
    Framework {
        name: "Angular",
        packages: "@angular/core",
        paths: "/environments/environment /angular.json",
        words: "@angular/ NG_APP_",
        route: "server.ts",
        code: "app.get('/api/journey/:id', async (req, res) =>\n  res.json(await (await fetch(`https://jourvex-api.onrender.com/api/journey/${req.params.id}`,\n    { headers: { Authorization: `Bearer ${process.env['JOURVEX_API_KEY']}` } })).json()));",
        prefix: Some("NG_APP_"),
        caches: ".angular/cache",
    },
    Framework {
        name: "Create React App",
        packages: "react-scripts",
        paths: "",
        words: "REACT_APP_",
        route: "a small server beside it, with src/setupProxy.js in development",
        code: PLAIN,
        prefix: Some("REACT_APP_"),
        caches: "node_modules/.cache",
    },
    Framework {
        name: "Vue CLI",
        packages: "@vue/cli-service",
        paths: "/vue.config.",
        words: "VUE_APP_",
        route: "a small server beside it, with devServer.proxy in development",
        code: PLAIN,
        prefix: Some("VUE_APP_"),
        caches: "node_modules/.cache",
    },
    Framework {
        name: "Vite",
        packages: "vite",
        paths: "/vite.config.",
        words: "import.meta.env VITE_",
        route: "a small server beside it, with server.proxy in development",
        code: PLAIN,
        prefix: Some("VITE_"),
        caches: "node_modules/.vite",
    },
    Framework {
        name: "a browser extension",
        packages: "wxt plasmo",
        paths: "/content_scripts/ chrome-mv",
        words: "chrome.runtime browser.runtime",
        route: "a small server of yours, which the extension calls",
        code: PLAIN,
        prefix: None,
        caches: "build, .output",
    },
    Framework {
        name: "",
        packages: "",
        paths: "",
        words: "",
        route: "a small server beside the page",
        code: PLAIN,
        prefix: None,
        caches: ".parcel-cache, node_modules/.cache, dist",
    },
];

/// The route of a project that brings no server of its own.
const PLAIN: &str = "app.get('/api/journey/:id', async (req, res) =>\n  res.json(await (await fetch('https://jourvex-api.onrender.com/api/journey/' + req.params.id,\n    { headers: { Authorization: 'Bearer ' + process.env.JOURVEX_API_KEY } })).json()));";
