//! Folders and file names to which frameworks and bundlers give a meaning.
//!
//! The folders were checked against what the tools really write: Next.js, SvelteKit, Nuxt, Astro,
//! Vite, webpack, Parcel, Rsbuild and others; the rest is from their documentation. All in lower
//! case.

/// Folders that only server code is built into.
pub(super) const SERVER_OUTPUT: &str = "/.next/server/ /.next/standalone/ /.output/server/ /.svelte-kit/output/server/ /dist/server/ \
    /build/server/ /output/server/ /netlify/functions/ /.netlify/ /output/functions/ /.wrangler/";

/// Folders that only what browsers download is built into.
pub(super) const BROWSER_OUTPUT: &str = "/.next/static/ /_next/static/ /_app/immutable/ /_nuxt/ /_astro/ /.output/public/ /.output/chrome-mv \
    /build/client/ /dist/client/ /output/client/ /output/prerendered/ /output/static/ /build/static/ \
    /build/chrome-mv /static/js/ /public/build/ /public/packs/ /public/assets/ /public/js/ \
    /storybook-static/ /priv/static/ /wwwroot/ /htdocs/ /web-build/ /www/";

/// Folders whose scripts are for browsers unless the text says otherwise.
pub(super) const SERVED: &str = "public static assets";

/// Folders that hold what was built, for browsers or for servers.
pub(super) const BUILT: &str = "dist build out output bundle release";

/// Folders of server code.
pub(super) const SERVER_FOLDERS: &str =
    "server servers backend functions lambda lambdas workers worker edge bin scripts";

/// Folders of code that is written for browsers.
pub(super) const CLIENT_FOLDERS: &str =
    "components composables content_scripts hooks islands pages popup renderer views widgets";

/// First parts of names that configure a build, before `.config` or an extension.
pub(super) const CONFIG_NAMES: &str = "webpack. rollup. esbuild. vite. rspack. rsbuild. next.config. nuxt.config. config-overrides. craco. \
    metro. gatsby-config. forge.";

/// First parts of names that configure a runner of tests: what it is told stays with the tests.
pub(super) const TEST_CONFIGS: &str = "cypress. jest. karma. playwright. vitest. wdio.";

/// Build configuration in JSON, which is read as the JavaScript that it also is.
pub(super) const JSON_CONFIGS: &str =
    ".babelrc .swcrc angular.json app.json babel.config.json project.json";
