import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { WORKER_POLICY } from "./csp.ts";

const CONTENT_TYPES: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
};

type StaticFile = {
  path: string;
  bytes: number;
  contentType: string;
  brotli: { path: string; bytes: number } | null;
};

export type StaticFiles = {
  has: (name: string) => boolean;
  send: (name: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

/**
 * The files of a folder whose names bear a hash of their content: sent as they lie there, compressed at build time,
 * cached for ever. The list is read once, so that no name in a request ever becomes a path.
 */
export async function openStaticFiles(folder: string): Promise<StaticFiles> {
  const files = await listFiles(folder);

  async function send(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = files.get(name);
    if (!file) throw new Error("not one of the static files");
    const small = file.brotli !== null && acceptsBrotli(request.headers["accept-encoding"]);
    const chosen = small && file.brotli ? file.brotli : file;
    response.writeHead(200, {
      "content-type": file.contentType,
      "content-length": chosen.bytes,
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
      "content-security-policy": WORKER_POLICY,
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      ...(small ? { "content-encoding": "br" } : {}),
    });
    if (request.method === "HEAD") response.end();
    else await pipeline(createReadStream(chosen.path, { highWaterMark: 1 << 18 }), response);
  }

  return { has: (name) => files.has(name), send };
}

async function listFiles(folder: string): Promise<Map<string, StaticFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = new Map<string, number>();
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    sizes.set(path, (await stat(path)).size);
  }
  const files = new Map<string, StaticFile>();
  for (const [path, bytes] of sizes) {
    const contentType = CONTENT_TYPES[extname(path)];
    if (contentType === undefined) continue;
    const compressed = sizes.get(`${path}.br`);
    const brotli = compressed === undefined ? null : { path: `${path}.br`, bytes: compressed };
    files.set(relative(folder, path).split(sep).join("/"), { path, bytes, contentType, brotli });
  }
  return files;
}

function acceptsBrotli(header: string | string[] | undefined): boolean {
  return /(^|[\s,])br(?!\s*;\s*q=0(\.0*)?(\s|,|$))(\s*[;,]|\s*$)/i.test(String(header ?? ""));
}
