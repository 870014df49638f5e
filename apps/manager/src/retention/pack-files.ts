import { readdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { indexOfCopy } from "@teatree/shared/block-store/block-store";
import { type PackName, packKey } from "@teatree/shared/block-store/pack-name";
import type { PackPlaces } from "@teatree/shared/block-store/pack-places";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { fsyncFolder, makeFolder, UNFINISHED } from "../publish/snapshot-files.ts";
import { thinPack } from "./thin-pack.ts";

/** What lies where the packs of one model lie, on this machine and in the object store. */
export type PackFiles = {
  /** Keys of what is there, and of what was never finished. */
  keys: ReadonlySet<string>;
  unfinished: readonly string[];
  /** Takes the pack away everywhere. */
  remove(name: PackName): Promise<void>;
  /** Removes an unfinished file. */
  discard(key: string): Promise<void>;
  /** Writes the pack anew with the named slots only. Throws, with the pack as it was, when no copy of it is whole. */
  thin(name: PackName, named: ReadonlyMap<number, string>): Promise<void>;
  /** Length of the pack, nearest copy first. A copy in the object store that is another one is replaced. */
  settle(name: PackName): Promise<number>;
};

/** Looks what there is. Call it between publications: whatever is unfinished then was left behind. */
export async function openPackFiles(places: PackPlaces, model: ModelId): Promise<PackFiles> {
  const { store, localIsStore } = places;
  const prefix = `models/${model}/packs/`;
  const folder = dirname(places.localPath({ model, version: 1, epoch: 1 }));
  const remote = new Map<string, number>();
  if (!localIsStore) for await (const { key, bytes } of store.list(prefix)) remote.set(key, bytes);
  const local = (await readdir(folder).catch(() => [])).map((name) => prefix + name);
  const pathOf = (key: string) => `${folder}/${key.slice(prefix.length)}`;

  async function upload(name: PackName): Promise<void> {
    await store.putFile(packKey(name), places.localPath(name));
  }

  return {
    keys: new Set([...local, ...remote.keys()].filter((key) => !key.endsWith(UNFINISHED))),
    unfinished: local.filter((key) => key.endsWith(UNFINISHED)),
    async remove(name) {
      const key = packKey(name);
      if (!localIsStore) await store.remove(key);
      await rm(places.localPath(name), { force: true });
    },
    discard: (key) => rm(pathOf(key), { force: true }),
    async thin(name, named) {
      const target = places.localPath(name);
      const path = `${target}${UNFINISHED}`;
      await makeFolder(folder);
      await thinAnyCopy(places, name, named, path);
      await rename(path, target);
      await fsyncFolder(folder);
      if (!localIsStore) await upload(name);
    },
    async settle(name) {
      const key = packKey(name);
      const bytes = (await stat(places.localPath(name)).catch(() => null))?.size;
      const stored = remote.get(key);
      // Cut off between the two: the one that is here is the newer one.
      if (bytes !== undefined && stored !== undefined && bytes < stored) await upload(name);
      return bytes ?? stored ?? 0;
    },
  };
}

async function thinAnyCopy(
  places: PackPlaces,
  name: PackName,
  named: ReadonlyMap<number, string>,
  path: string,
): Promise<void> {
  let reason: unknown = new Error("no copy of the pack is there");
  for await (const copy of places.copies(name)) {
    try {
      await thinPack(copy, await indexOfCopy(copy, name), named, path);
      return;
    } catch (error) {
      reason = error;
    } finally {
      await copy.close();
    }
  }
  throw reason;
}
