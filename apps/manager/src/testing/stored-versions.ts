import { join } from "node:path";
import { type BlockStore, openBlockStore, type StoredVersion } from "@teatree/shared/block-store/block-store";
import { packOfKey } from "@teatree/shared/block-store/pack-name";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { hashesOf, rootHash } from "@teatree/shared/block-store/root-hash";
import type { VersionRow } from "@teatree/shared/control-db/versions";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { openSnapshotFiles } from "../publish/snapshot-files.ts";

/** What a deployment with a directory as object store has published, read as web reads it: from packs alone. */
export type StoredVersions = {
  blocks: BlockStore;
  version(row: Pick<VersionRow, "pack"> | undefined): Promise<StoredVersion>;
  /** Writes the version's file somewhere, every block checked. */
  write(row: Pick<VersionRow, "pack"> | undefined, path: string): Promise<void>;
  /** Why the version is not what the control database says; null when it is. Reads every block. */
  fault(row: VersionRow): Promise<string | null>;
};

export async function openStoredVersions(home: string): Promise<StoredVersions> {
  const versionsDir = join(home, "versions");
  const store = await openObjectStore({ kind: "directory", path: join(home, "objects") });
  const blocks = openBlockStore(packPlaces(store, versionsDir));
  const files = openSnapshotFiles(versionsDir, blocks);
  const versionOf = async (row: Pick<VersionRow, "pack"> | undefined) => {
    const name = packOfKey(row?.pack ?? "");
    if (name === null) throw new Error(`${row?.pack} is no pack`);
    return blocks.version(name);
  };
  return {
    blocks,
    version: versionOf,
    write: async (row, path) => void (await files.writeTo(path, await versionOf(row))),
    async fault(row) {
      try {
        const version = await versionOf(row);
        await blocks.header(version);
        const { list } = version;
        for await (const block of blocks.read(list, list.blocks.keys())) void block;
        const hash = rootHash(hashesOf(list));
        return hash === row.hash ? null : `its blocks have the root hash ${hash}`;
      } catch (error) {
        return String(error);
      }
    },
  };
}
