// Builds one variant of the demo app with one bundler: node build.mjs TOOL ENTRY OUT inline|leave
//
// `inline` replaces the variable with its value at build time, as people do to make the page work;
// `leave` configures nothing, so that the bundler keeps the reference or an empty object.
import replace from '@rollup/plugin-replace';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';

const [tool, entry, out, mode] = process.argv.slice(2);
const define = mode === 'inline'
  ? { 'process.env.JOURVEX_API_KEY': JSON.stringify(process.env.JOURVEX_API_KEY) }
  : {};

const builds = {
  esbuild: () =>
    esbuild.build({ entryPoints: [entry], outfile: `${out}/app.js`, bundle: true, minify: true, sourcemap: true, define, logLevel: 'error' }),
  async rollup() {
    const plugins = [replace({ preventAssignment: true, values: define })];
    const bundle = await rollup({ input: entry, plugins });
    await bundle.write({ file: `${out}/app.js`, format: 'iife', sourcemap: 'inline' });
  },
  vite: () =>
    vite.build({ configFile: false, logLevel: 'error', define, build: { outDir: out, emptyOutDir: true, sourcemap: 'hidden', modulePreload: false, rollupOptions: { input: entry } } }),
  webpack: () =>
    new Promise((done, fail) => {
      const plugins = [new webpack.DefinePlugin(define)];
      const output = { path: out, filename: 'main.[contenthash:8].js' };
      webpack({ mode: 'production', entry, output, plugins, devtool: 'source-map' }, (error, stats) => {
        const failed = error ?? (stats.hasErrors() ? new Error(stats.toString('errors-only')) : undefined);
        failed ? fail(failed) : done();
      });
    }),
};
await builds[tool]();
