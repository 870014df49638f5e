import { open } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "../contracts/errors.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { readFully } from "./file-bytes.ts";
import { type PackName, packKey } from "./pack-name.ts";

/** One copy of a pack, open for reading. */
export interface OpenPack {
  bytes: number;
  /** Throws when the pack ends before. */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Where the packs of a deployment lie. */
export interface PackPlaces {
  /** The file that a pack is on this machine; its folder may not exist yet. */
  localPath(name: PackName): string;
  /** True when the local file is the object store's own: then there is nothing to upload, and no second copy. */
  readonly localIsStore: boolean;
  /** The copies there are, nearest first. A copy that is not there is left out. */
  copies(name: PackName): AsyncGenerator<OpenPack>;
  store: ObjectStore;
}

/**
 * With a directory as object store, packs are written where it keeps them. Else they are written beside the version files and
 * uploaded from there: publishing never waits for a store that is away.
 */
export function packPlaces(store: ObjectStore, versionsDir: string): PackPlaces {
  const localPath = (name: PackName) =>
    store.localPath?.(packKey(name)) ?? join(versionsDir, ".packs", packKey(name));
  return {
    localPath,
    localIsStore: store.localPath !== undefined,
    store,
    async *copies(name) {
      const local = await openLocal(localPath(name));
      if (local) yield local;
      if (store.localPath !== undefined) return;
      const remote = await openRemote(store, packKey(name));
      if (remote) yield remote;
    },
  };
}

async function openLocal(path: string): Promise<OpenPack | null> {
  const file = await open(path, "r").catch((error) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return null;
  return {
    bytes: (await file.stat()).size,
    read: (offset, length) => readFully(file, Buffer.allocUnsafe(length), offset),
    close: () => file.close(),
  };
}

async function openRemote(store: ObjectStore, key: string): Promise<OpenPack | null> {
  const head = await store.head(key);
  if (head === null) return null;
  return {
    bytes: head.bytes,
    async read(offset, length) {
      const { stream } = await store.get(key, { start: offset, end: offset + length - 1 });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk));
      const bytes = Buffer.concat(chunks);
      if (bytes.length !== length) throw new TeatreeError("internal", "A stored pack is too short.");
      return bytes;
    },
    async close() {},
  };
}
