import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { TeatreeError } from "../contracts/errors.ts";
import { measure, readableOf } from "./measured-stream.ts";
import {
  assertObjectKey,
  assertObjectPrefix,
  type ListedObject,
  type ObjectStore,
  objectNotFound,
  type PutOptions,
  resolveRange,
  type StoredObject,
} from "./object-store.ts";

/** Begins with a dot, which no key may: unfinished objects cannot be read or listed. */
const UNFINISHED = ".unfinished";

/** An object store in a directory of a local or shared POSIX file system. Makes the directory when it is absent. */
export async function openDirectoryStore(path: string): Promise<ObjectStore> {
  const root = resolve(path);
  const unfinished = join(root, UNFINISHED);
  await mkdir(unfinished, { recursive: true });
  await removeAbandoned(unfinished);
  const pathOf = (key: string) => {
    assertObjectKey(key);
    return join(root, ...key.split("/"));
  };

  async function put(key: string, source: Readable | Uint8Array, options: PutOptions = {}) {
    const target = pathOf(key);
    const temporary = join(unfinished, randomUUID());
    try {
      const written = await writeDurably(temporary, source, options);
      await makeFolder(root, dirname(target));
      const created = await moveInto(temporary, target, options.ifAbsent === true);
      return { ...written, created } satisfies StoredObject;
    } catch (error) {
      if (isCode(error, "ENOSPC", "EDQUOT")) {
        throw new TeatreeError("disk_full", "The object store's disk is full.", { cause: error });
      }
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  return {
    put,
    putFile: (key, file, options) => put(key, createReadStream(file), options),
    async get(key, range) {
      const handle = await openObject(key, pathOf(key));
      try {
        const { size } = await handle.stat();
        if (range === undefined) return { stream: handle.createReadStream(), bytes: size };
        const { start, end } = resolveRange(range, size);
        return { stream: handle.createReadStream({ start, end }), bytes: end - start + 1 };
      } catch (error) {
        await handle.close();
        throw error;
      }
    },
    async head(key) {
      const found = await stat(pathOf(key)).catch(nullIfAbsent);
      return found?.isFile() === true ? { bytes: found.size } : null;
    },
    async remove(key) {
      const target = pathOf(key);
      if ((await stat(target).catch(nullIfAbsent))?.isFile() !== true) return;
      await rm(target, { force: true });
      await syncFolder(dirname(target));
    },
    list: (prefix) => listObjects(root, prefix),
    localPath: pathOf,
    async check() {
      const probe = join(unfinished, `${randomUUID()}.check`);
      try {
        await (await open(probe, "wx")).close();
      } catch (cause) {
        throw new TeatreeError("unavailable", "The object store's directory cannot be written.", { cause });
      } finally {
        await rm(probe, { force: true });
      }
    },
    async close() {},
  };
}

/** What a killed process left; a day is longer than any upload takes, and others may be writing here now. */
async function removeAbandoned(unfinished: string): Promise<void> {
  const dayAgo = Date.now() - 24 * 60 * 60 * 1000;
  for (const name of await readdir(unfinished)) {
    const path = join(unfinished, name);
    const found = await stat(path).catch(nullIfAbsent);
    if (found !== null && found.mtimeMs < dayAgo) await rm(path, { force: true });
  }
}

async function writeDurably(path: string, source: Readable | Uint8Array, options: PutOptions) {
  const meter = measure(options);
  // `flush`: synced before it is closed.
  const file = createWriteStream(path, { flags: "wx", flush: true });
  await pipeline(readableOf(source), meter.through, file);
  return meter.finish();
}

/** True when the target is now ours. `link` fails on an existing name, `rename` replaces it: both at once or not. */
async function moveInto(temporary: string, target: string, ifAbsent: boolean): Promise<boolean> {
  try {
    if (ifAbsent) await link(temporary, target);
    else await rename(temporary, target);
  } catch (error) {
    if (ifAbsent && isCode(error, "EEXIST")) return false;
    if (isCode(error, "EISDIR", "ENOTDIR", "ENOTEMPTY")) {
      throw new TeatreeError("invalid_arguments", "One object's key cannot be the folder of another.", {
        cause: error,
      });
    }
    throw error;
  }
  await syncFolder(dirname(target));
  return true;
}

/** A new folder is only durable when the one above it has been synced, too. */
async function makeFolder(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true }).catch((cause) => {
    if (!isCode(cause, "EEXIST", "ENOTDIR")) throw cause;
    throw new TeatreeError("invalid_arguments", "One object's key cannot be the folder of another.", {
      cause,
    });
  });
  if (first === undefined) return;
  for (let above = dirname(folder); above.startsWith(root); above = dirname(above)) {
    await syncFolder(above);
    if (above === dirname(first)) break;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openObject(key: string, path: string): Promise<FileHandle> {
  const handle = await open(path, "r").catch(nullIfAbsent);
  if (handle === null) throw objectNotFound(key);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw objectNotFound(key);
}

async function* listObjects(root: string, prefix: string): AsyncGenerator<ListedObject> {
  assertObjectPrefix(prefix);
  const folder = prefix.includes("/") ? join(root, prefix.slice(0, prefix.lastIndexOf("/"))) : root;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(nullIfAbsent);
  for (const entry of entries ?? []) {
    const path = join(entry.parentPath, entry.name);
    const key = relative(root, path).split(sep).join("/");
    if (!entry.isFile() || !key.startsWith(prefix) || key.startsWith(`${UNFINISHED}/`)) continue;
    const found = await stat(path).catch(nullIfAbsent);
    if (found !== null) yield { key, bytes: found.size };
  }
}

function nullIfAbsent(error: unknown): null {
  if (isCode(error, "ENOENT", "ENOTDIR")) return null;
  throw error;
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
