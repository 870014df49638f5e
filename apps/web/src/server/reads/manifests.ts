import { type BlockStore, manifestOf, type StoredVersion } from "@teatree/shared/block-store/block-store";
import { packOfKey } from "@teatree/shared/block-store/pack-name";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Manifest } from "@teatree/shared/contracts/versions";
import type { VersionRow } from "@teatree/shared/control-db/versions";

/** What a version is made of, from its pack. Throws `block_damaged`, also when the pack is not the one that was published. */
export async function storedVersion(
  blocks: BlockStore,
  { pack, hash }: Pick<VersionRow, "pack" | "hash">,
): Promise<StoredVersion> {
  const name = packOfKey(pack);
  if (name === null) throw new TeatreeError("internal", `The version's pack has a strange name: ${pack}.`);
  const stored = await blocks.version(name);
  if (stored.record.hash === hash) return stored;
  throw new TeatreeError("block_damaged", `The pack of version ${name.version} is another one's.`, {
    details: { pack },
  });
}

/** Reads a version's manifest. Throws `block_damaged`. */
export async function readManifest(
  blocks: BlockStore,
  version: Pick<VersionRow, "pack" | "hash">,
): Promise<Manifest> {
  return manifestOf(await storedVersion(blocks, version));
}
