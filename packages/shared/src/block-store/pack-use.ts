import type { ModelId } from "../contracts/ids.ts";
import { type IndexOf, namedSlots } from "./named-slots.ts";
import type { PackIndex } from "./pack-format.ts";
import { type PackName, packKey } from "./pack-name.ts";

/** Bytes in the packs of a model. What is neither live nor waiting stays until a pack is worth writing anew. */
export type PackUse = {
  bytes: number;
  /** Of blocks that kept versions of any model are made of, and of the lists of those. */
  live: number;
  /** Needed only by removed versions whose grace period lasts. */
  waiting: number;
};

export type UsedPack = {
  name: PackName;
  bytes: number;
  /** Its own version was removed: other versions may still be made of its blocks. */
  isRemoved: boolean;
};

/**
 * How a model's packs are used. `kept` and `waiting` are the versions of any model that may name them. Throws `block_damaged` when
 * one of their lists cannot be read.
 */
export async function packUse(
  packs: readonly UsedPack[],
  { kept, waiting, model }: { kept: readonly PackName[]; waiting: readonly PackName[]; model: ModelId },
  indexOf: IndexOf,
): Promise<PackUse> {
  const bytes = packs.reduce((sum, pack) => sum + pack.bytes, 0);
  // A pack whose own version is kept is live from front to end: each of its slots was made for that version.
  const removed = packs.filter(({ isRemoved }) => isRemoved);
  let live = bytes - removed.reduce((sum, pack) => sum + pack.bytes, 0);
  if (removed.length === 0) return { bytes, live, waiting: 0 };
  const byKept = await namedSlots(kept, model, indexOf);
  const byAll = await namedSlots([...kept, ...waiting], model, indexOf);
  let needed = live;
  for (const pack of removed) {
    const index = byAll.has(packKey(pack.name)) ? await indexOf(pack.name) : null;
    if (index === null) continue;
    live += neededBytes(pack, index, byKept.get(packKey(pack.name)));
    needed += neededBytes(pack, index, byAll.get(packKey(pack.name)));
  }
  return { bytes, live, waiting: needed - live };
}

/** What would be left of a pack with only these slots; 0 when nobody needs it. */
export function neededBytes(
  { bytes }: Pick<UsedPack, "bytes">,
  { slots }: PackIndex,
  named: ReadonlyMap<number, string> | undefined,
): number {
  if (named === undefined) return 0;
  const dropped = slots.reduce((sum, { stored }, slot) => sum + (named.has(slot) ? 0 : stored), 0);
  return bytes - dropped;
}
