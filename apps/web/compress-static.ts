import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { readBuildFolder } from "./src/env.ts";

const compress = promisify(brotliCompress);
const WORTHWHILE = new Set([".js", ".mjs", ".css", ".wasm", ".json", ".svg", ".ttf"]);
const SMALLEST_BYTES = 1_024;
/** Beyond this the best quality takes minutes and saves little. */
const LARGE_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 4;

/** Puts a brotli file beside every static file of the build; the server sends it to whoever takes it. */
async function compressFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const waiting = paths.filter((path) => WORTHWHILE.has(extname(path)));
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) await compressFile(path);
    }),
  );
}

async function compressFile(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size < SMALLEST_BYTES) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: size > LARGE_BYTES ? 9 : 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
  const compressed = await compress(await readFile(path), { params });
  if (compressed.length < size * 0.95) await writeFile(`${path}.br`, compressed);
  else await rm(`${path}.br`, { force: true });
}

await compressFolder(join(fileURLToPath(new URL(".", import.meta.url)), readBuildFolder(), "static"));
