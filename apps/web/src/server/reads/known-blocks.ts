import type { BlockList } from "@teatree/shared/block-store/block-list";

/** Stands for the header in place of a block's index. */
export const HEADER = -1;

export type Place = { version: number; index: number };

/** Which kept version of one model is made of which blocks, as far as it was looked at. */
export interface KnownBlocks {
  /** Forgets what only versions that are not among these had. */
  keep(kept: ReadonlySet<number>): void;
  /**
   * Places of the hashes; one that no version has is left out. `versions` are the kept ones, newest first: those not looked at
   * yet are, until all hashes are found.
   */
  find(
    hashes: readonly string[],
    versions: readonly number[],
    listOf: (version: number) => Promise<BlockList>,
  ): Promise<ReadonlyMap<string, Place>>;
}

/**
 * Keeps the newest place of each block, up to `most` of them. Versions beyond that are looked at again whenever a hash is in
 * none of the others: slow, and never wrong.
 */
export function createKnownBlocks(most = 300_000): KnownBlocks {
  const places = new Map<string, Place>();
  const entered = new Set<number>();

  function enter(version: number, list: BlockList): void {
    if (places.size + list.blocks.length >= most) return;
    for (const [hash, index] of namedBy(list)) {
      const known = places.get(hash);
      if (known === undefined || known.version < version) places.set(hash, { version, index });
    }
    entered.add(version);
  }

  return {
    keep(kept) {
      const gone = [...entered].filter((version) => !kept.has(version));
      if (gone.length === 0) return;
      // What the removed ones named was not entered for older ones, so those are to be looked at again.
      const newest = Math.max(...gone);
      for (const version of entered) if (version <= newest) entered.delete(version);
      for (const [hash, { version }] of places) if (!kept.has(version)) places.delete(hash);
    },
    async find(hashes, versions, listOf) {
      const found = new Map<string, Place>();
      const left = new Set(hashes);
      const take = (hash: string, place: Place | undefined) => {
        if (place === undefined) return;
        found.set(hash, place);
        left.delete(hash);
      };
      for (const hash of left) take(hash, places.get(hash));
      for (const version of versions) {
        if (left.size === 0) break;
        if (entered.has(version)) continue;
        const list = await listOf(version);
        enter(version, list);
        for (const [hash, index] of namedBy(list)) if (left.has(hash)) take(hash, { version, index });
      }
      return found;
    },
  };
}

function* namedBy({ header, blocks }: BlockList): Generator<[string, number]> {
  yield [header, HEADER];
  for (const [index, block] of blocks.entries()) if (block !== null) yield [block.hash, index];
}
