"""Sites of bundlers, served and scanned, and compared with the folder and with a browser: `site_bundles.py JVXLEAKS FOLDER`."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from checks import check, failures, key
from serving import Site

BINARY, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
APP = ROOT / "app"
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": str(ROOT)}
HERE = ROOT / "nowhere"
HERE.mkdir()
BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")

# An application in parts: a chunk that is loaded at once, one that is loaded later, a worker, and settings at run time.
MAIN, NOW, LATER = key(), key(), key()
SOURCES = {
    "main.js": f"""
import {{ title }} from './title.js';
const call = (path) => fetch(path, {{ headers: {{ Authorization: 'Bearer {MAIN}' }} }});
document.title = title;
fetch('/settings.json').then((answer) => answer.json()).then((settings) => {{ document.title += settings.name; }});
import('./now.js').then((now) => now.show());
addEventListener('click', () => import('./later.js').then((later) => later.show(call)));
""",
    "title.js": "export const title = 'trips';\n",
    "now.js": f"export const show = () => {{ document.body.dataset.key = '{NOW}'; }};\n",
    "later.js": f"export const show = (call) => call('https://jourvex-api.onrender.com/api/journey/{LATER}');\n",
}

BUILD = """
import * as esbuild from 'esbuild';
import { rspack } from '@rspack/core';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';
import { Parcel } from '@parcel/core';
const [tool, entry, page, out] = process.argv.slice(2);
const packed = (bundler) => new Promise((done, fail) => bundler({
  mode: 'production', target: 'web', entry, devtool: 'source-map',
  output: { path: out, filename: 'main.js', chunkFilename: tool === 'webpack' ? '[id].[contenthash:8].js' : 'js/[name].js' },
}, (error, stats) => error || stats.hasErrors() ? fail(error ?? new Error(stats.toString('errors-only'))) : done()));
await {
  esbuild: () => esbuild.build({ entryPoints: [entry], outdir: out, bundle: true, minify: true, sourcemap: true, splitting: true, format: 'esm' }),
  rollup: async () => (await rollup({ input: entry })).write({ dir: out, format: 'es', sourcemap: true }),
  vite: () => vite.build({ root: page, configFile: false, logLevel: 'error', build: { outDir: out, emptyOutDir: true, sourcemap: true } }),
  webpack: () => packed(webpack),
  rspack: () => packed(rspack),
  parcel: () => new Parcel({ entries: `${page}/index.html`, defaultConfig: '@parcel/config-default', mode: 'production', shouldDisableCache: true, targets: { main: { distDir: out, publicUrl: '/' } } }).run(),
}[tool]();
"""


def build(tool):
    source, out = APP / "parts" / tool, ROOT / "built" / tool
    source.mkdir(parents=True)
    out.mkdir(parents=True)
    for name, text in SOURCES.items():
        (source / name).write_text(text)
    page = "<!doctype html><title>a</title><link rel=icon href=data:,><body><script type=module src={}></script></body>"
    (source / "index.html").write_text(page.format("./main.js"))
    (APP / "build-parts.mjs").write_text(BUILD)
    subprocess.run(["node", "build-parts.mjs", tool, str(source / "main.js"), str(source), str(out)], cwd=APP, check=True)
    if not (out / "index.html").exists():
        (out / "index.html").write_text(page.format("/main.js"))
    (out / "settings.json").write_text('{"name": " today"}')
    return out


def findings(words, root):
    done = subprocess.run([BINARY, *words, "-f", "json"], cwd=HERE, env=ENVIRONMENT, capture_output=True, text=True)
    report = json.loads(done.stdout)
    # In a folder nothing says of a chunk that browsers get it, so it may be the same key by another rule.
    places = {(f["path"].removeprefix(root).lstrip("/"), f["fingerprint"]) for f in report["findings"]}
    return done.returncode, places


def loaded(url):
    """What the browser asks the server for."""
    profile = ROOT / "profile"
    subprocess.run(
        [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         f"--user-data-dir={profile}", "--virtual-time-budget=5000", "--dump-dom", url],
        env=ENVIRONMENT, capture_output=True, timeout=120, check=True,
    )


for tool in ["esbuild", "rollup", "vite", "webpack", "rspack", "parcel"]:
    folder = build(tool)
    served = Site(folder)
    code, of_site = findings(["site", "--rate", "500", f"{served.url}/"], served.url)
    asked = set(served.paths())
    there = {f"/{file.relative_to(folder)}" for file in folder.rglob("*") if file.is_file()}
    of_folder = findings(["scan", "--no-ignore", str(folder)], str(folder))[1]
    check(f"{tool}: the site has what the folder has ({len(of_site)} findings)", code == 1 and of_site == of_folder,
          f"{code}\nsite alone: {of_site - of_folder}\nfolder alone: {of_folder - of_site}")
    files = {"/" if path == "/index.html" else path for path in there}
    # Parcel calls a module by the path that its source had.
    guessed = {"/title.js"} if tool == "parcel" else set()
    check(f"{tool}: each of {len(files)} files is asked for, and nothing that is not there", asked == files | guessed,
          f"not asked for: {files - asked}\nnot there: {asked - files}")
    if BROWSER:
        browsed = Site(folder)
        loaded(f"{browsed.url}/")
        seen = {path for path in browsed.paths() if path != "/favicon.ico"}
        later = {path for path in files - seen if not path.endswith(".map")}
        texts = "".join((folder / path.lstrip("/")).read_text() for path in later)
        check(f"{tool}: Chromium loads {len(seen)}, all asked for; beside maps only what a click loads is more",
              seen <= asked and LATER in texts and len(later) == 1, f"Chromium alone: {seen - asked}\nsite alone: {later}")
        browsed.stop()
    served.stop()
if not BROWSER:
    print("not run: the comparison with Chromium, which is not installed")
if failures:
    sys.exit(f"e2e: {len(failures)} failed")
