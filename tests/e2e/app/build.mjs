// Builds one variant of the demo app with one bundler: node build.mjs TOOL ENTRY OUT inline|leave|server
//
// `inline` replaces the variable with its value at build time, as people do to make the page work;
// `leave` configures nothing, so that the bundler keeps the reference or an empty object;
// `server` builds code that a server runs, which reads the variable there.
import { execFileSync } from 'node:child_process';
import { Parcel } from '@parcel/core';
import replace from '@rollup/plugin-replace';
import { rspack } from '@rspack/core';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';

const [tool, entry, out, mode] = process.argv.slice(2);
const isServer = mode === 'server';
const define = mode === 'inline'
  ? { 'process.env.JOURVEX_API_KEY': JSON.stringify(process.env.JOURVEX_API_KEY) }
  : {};

const packed = (bundler) => () =>
  new Promise((done, fail) => {
    const plugins = [new bundler.DefinePlugin(define)];
    const output = { path: out, filename: 'main.[contenthash:8].js' };
    const target = isServer ? 'node20' : 'web';
    bundler({ mode: 'production', target, entry, output, plugins, devtool: 'source-map' }, (error, stats) => {
      const failed = error ?? (stats.hasErrors() ? new Error(stats.toString('errors-only')) : undefined);
      failed ? fail(failed) : done();
    });
  });

const builds = {
  esbuild: () =>
    esbuild.build({ entryPoints: [entry], outfile: `${out}/app.js`, bundle: true, minify: true, sourcemap: true, define, format: isServer ? 'esm' : 'iife', platform: isServer ? 'node' : 'browser', logLevel: 'error' }),
  async rollup() {
    const plugins = [replace({ preventAssignment: true, values: define })];
    const bundle = await rollup({ input: entry, external: [/^node:/], plugins });
    await bundle.write({ file: `${out}/app.js`, format: isServer ? 'es' : 'iife', sourcemap: 'inline' });
  },
  vite: () =>
    vite.build({ configFile: false, logLevel: 'error', define, build: { outDir: out, emptyOutDir: true, ssr: isServer, sourcemap: 'hidden', modulePreload: false, rollupOptions: { input: entry } } }),
  webpack: packed(webpack),
  rspack: packed(rspack),
  // Parcel inlines whatever variable there is (https://parceljs.org/features/node-emulation/#environment-variables).
  parcel() {
    if (mode !== 'inline') delete process.env.JOURVEX_API_KEY;
    const target = { distDir: out, context: isServer ? 'node' : 'browser', engines: isServer ? { node: '20' } : { browsers: 'last 2 Chrome versions' }, outputFormat: isServer ? 'commonjs' : 'global', optimize: true };
    return new Parcel({ entries: entry, defaultConfig: '@parcel/config-default', mode: 'production', shouldDisableCache: true, targets: { main: target } }).run();
  },
  bun() {
    const env = mode === 'inline' ? 'inline' : 'disable';
    const options = ['--minify', '--sourcemap=linked', `--env=${env}`, `--target=${isServer ? 'node' : 'browser'}`];
    const bun = `node_modules/@oven/bun-${process.platform}-${process.arch}/bin/bun`;
    execFileSync(bun, ['build', entry, '--outdir', out, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  },
};
await builds[tool]();
