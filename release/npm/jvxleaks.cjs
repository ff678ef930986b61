#!/usr/bin/env node
// Runs the program that npm installed for this system, and ends as it ends.
"use strict";
const { spawnSync } = require("node:child_process");
const { PLATFORMS } = require("./platforms.cjs");

const TROUBLE = 2;

function fail(text) {
  console.error(`jvxleaks: error: ${text}`);
  process.exit(TROUBLE);
}

function program() {
  const { platform: os, arch: cpu } = process;
  const found = PLATFORMS.find((platform) => platform.os === os && platform.cpu === cpu);
  if (!found) fail(`there is no program for ${os}-${cpu} on npm; cargo install jvxleaks builds one`);
  try {
    return require.resolve(`${found.package}/jvxleaks${os === "win32" ? ".exe" : ""}`);
  } catch {
    fail(`${found.package} is not installed; install again without --no-optional and --omit=optional`);
  }
}

const run = spawnSync(program(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });
if (run.error) fail(`the program cannot be run: ${run.error.message}`);
if (run.signal) process.kill(process.pid, run.signal);
process.exit(run.status ?? TROUBLE);
