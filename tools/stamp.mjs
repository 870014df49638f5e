import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { ROOT } from "./paths.mjs";

const NEVER = /^(node_modules|test-results|dist|\..*)$/;

/** Files below `folder`, sorted; hidden and generated ones are left out. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NEVER.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

/** One hash over names and contents of files, and some further texts. */
export function hashOf(files, ...texts) {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${relative(ROOT, file).split(sep).join("/")}\n`);
    hash.update(readFileSync(file));
  }
  for (const text of texts) hash.update(`\n${text}`);
  return hash.digest("hex");
}

export function stampMatches(path, hash) {
  return existsSync(path) && readFileSync(path, "utf8") === hash;
}

export function writeStamp(path, hash) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, hash);
}
