// Holds the line hashes of SARIF logs against the algorithm of codeql-action's src/fingerprints.ts, as node reads files:
// `line-hash.mjs ROOT LOG...`. Written from the description, one window after the other.
import { createReadStream, existsSync, readFileSync } from "node:fs";

const [root, ...logs] = process.argv.slice(2);

async function hashes(path) {
  const units = [];
  const starts = [0];
  let afterReturn = false;
  for await (const chunk of createReadStream(path, "utf8")) {
    for (let i = 0; i < chunk.length; i++) {
      let unit = chunk.charCodeAt(i);
      if (unit === 32 || unit === 9 || (afterReturn && unit === 10)) {
        afterReturn = false;
        continue;
      }
      afterReturn = unit === 13;
      if (afterReturn) unit = 10;
      units.push(unit);
      if (unit === 10) starts.push(units.length);
    }
  }
  units.push(65535);
  const times = new Map();
  return starts.map((start) => {
    let hash = 0n;
    for (let i = start; i < start + 100; i++) hash = BigInt.asUintN(64, hash * 37n + BigInt(units[i] ?? 0));
    const text = hash.toString(16);
    times.set(text, (times.get(text) ?? 0) + 1);
    return `${text}:${times.get(text)}`;
  });
}

let checked = 0;
let failed = 0;
for (const log of logs) {
  for (const result of JSON.parse(readFileSync(log, "utf8")).runs[0].results) {
    const place = result.locations[0].physicalLocation;
    // A name that is no UTF-8 is none for node either, nor for the uploader.
    if (/%[89A-F]/.test(place.artifactLocation.uri)) continue;
    const path = `${root}/${decodeURIComponent(place.artifactLocation.uri)}`;
    if (!existsSync(path)) continue;
    const expected = (await hashes(path))[place.region.startLine - 1];
    checked++;
    if (result.partialFingerprints?.primaryLocationLineHash !== expected) {
      failed++;
      console.error(`e2e: FAILED ${path}:${place.region.startLine}: not ${expected}`);
    }
  }
}
if (checked < 200) throw new Error(`only ${checked} hashes were there to check`);
console.log(`e2e: ok ${checked} line hashes`);
process.exit(failed ? 1 : 0);
