import { type BlockStore, manifestOf, type StoredVersion } from "@teatree/shared/block-store/block-store";
import { packOfKey } from "@teatree/shared/block-store/pack-name";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Manifest, ManifestDifference } from "@teatree/shared/contracts/versions";
import type { VersionRow } from "@teatree/shared/control-db/versions";

/** What a version is made of, from its pack. Throws `block_damaged`. */
export async function storedVersion(
  blocks: BlockStore,
  { pack }: Pick<VersionRow, "pack">,
): Promise<StoredVersion> {
  const name = packOfKey(pack);
  if (name === null) throw new TeatreeError("internal", `The version's pack has a strange name: ${pack}.`);
  return blocks.version(name);
}

/** Reads a version's manifest. Throws `block_damaged`. */
export async function readManifest(blocks: BlockStore, version: Pick<VersionRow, "pack">): Promise<Manifest> {
  return manifestOf(await storedVersion(blocks, version));
}

/** What of `manifest` differs from `since`: an edge that holds the older file needs no other blocks. */
export function manifestDifference(manifest: Manifest, since: Manifest): ManifestDifference {
  const { blocks, ...rest } = manifest;
  // With blocks of another size nothing lies where it did.
  const before = since.blockSize === manifest.blockSize ? since.blocks : [];
  const changed = blocks.flatMap((hash, index) => (hash === before[index] ? [] : [{ index, hash }]));
  return { ...rest, since: since.version, changed };
}
