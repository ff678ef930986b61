// Packs npm packages: `pack.mjs FOLDER` the package that people install, `pack.mjs FOLDER TARGET BINARY` the one that
// holds the program for a target. The first depends on all of the second kind, of which npm installs the one that fits.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PLATFORMS } from "./platforms.cjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const [folder, target, binary] = process.argv.slice(2);
const version = /^version = "([^"]+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];
const common = {
  version,
  license: "MIT",
  description: "Finds leaked Jourvex API keys and hardcoded Authorization headers",
};

function program(folder) {
  const found = PLATFORMS.find((platform) => platform.target === target);
  if (!found) throw new Error(`${target}: no such target; known are ${PLATFORMS.map((p) => p.target).join(", ")}`);
  const file = found.os === "win32" ? "jvxleaks.exe" : "jvxleaks";
  copyFileSync(binary, join(folder, file));
  chmodSync(join(folder, file), 0o755);
  return { name: found.package, ...common, os: [found.os], cpu: [found.cpu], files: [file] };
}

function shim(folder) {
  for (const file of ["jvxleaks.cjs", "platforms.cjs"]) copyFileSync(join(here, file), join(folder, file));
  chmodSync(join(folder, "jvxleaks.cjs"), 0o755);
  return {
    name: "jvxleaks",
    ...common,
    keywords: ["secrets", "security", "linter", "pre-commit"],
    bin: { jvxleaks: "jvxleaks.cjs" },
    files: ["jvxleaks.cjs", "platforms.cjs"],
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(PLATFORMS.map((platform) => [platform.package, version])),
  };
}

const work = mkdtempSync(join(tmpdir(), "jvxleaks-npm-"));
try {
  mkdirSync(folder, { recursive: true });
  const manifest = target ? program(work) : shim(work);
  for (const file of ["LICENSE", "README.md"]) copyFileSync(join(root, file), join(work, file));
  writeFileSync(join(work, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const options = { cwd: work, encoding: "utf8", shell: process.platform === "win32" };
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", resolve(folder)], options);
  console.log(join(folder, packed.trim()));
} finally {
  rmSync(work, { recursive: true });
}
