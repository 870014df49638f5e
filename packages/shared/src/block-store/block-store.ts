import { hash } from "node:crypto";
import { TeatreeError } from "../contracts/errors.ts";
import { HEADER_BYTES, type Manifest } from "../contracts/versions.ts";
import {
  applyDelta,
  type Block,
  type BlockList,
  blockLength,
  blockOffset,
  decodeBlocks,
  RECORD_BYTES,
} from "./block-list.ts";
import {
  decodeIndex,
  FOOTER_BYTES,
  indexPlace,
  type PackIndex,
  type Slot,
  type VersionRecord,
} from "./pack-format.ts";
import { type PackName, packKey } from "./pack-name.ts";
import type { OpenPack, PackPlaces } from "./pack-places.ts";
import { unpack } from "./pack-writer.ts";
import { createRecentlyUsed } from "./recently-used.ts";
import { hashesOf, rootHash } from "./root-hash.ts";

/** A version as its pack tells it, with every block's place. */
export type StoredVersion = { name: PackName; record: VersionRecord; list: BlockList };

/**
 * Where bytes may be that no copy of a pack gives any more, such as a file of the version: gives what lies there, or null. The
 * block store checks it like everything else.
 */
export type Fallback = (offset: number, length: number) => Promise<Buffer | null>;

/** A block of a snapshot, checked against its hash. */
export type ReadBlock = { index: number; bytes: Buffer };

export interface BlockStore {
  /** Throws `block_damaged` when the pack is gone or its index is not what was written. */
  version(name: PackName): Promise<StoredVersion>;
  /** The version's first {@link HEADER_BYTES}. Throws `block_damaged`. */
  header(version: StoredVersion, fallback?: Fallback): Promise<Buffer>;
  /**
   * The blocks at the given indexes, in that order; holes are left out. Every block is checked against its hash; one that is
   * damaged is looked for in every other copy of its pack, then where `fallback` says. Throws `block_damaged`, naming it, when
   * there is no good one.
   */
  read(list: BlockList, indexes: Iterable<number>, fallback?: Fallback): AsyncGenerator<ReadBlock>;
  /** Takes a version that was just written as if it had been read. */
  remember(version: StoredVersion): void;
  /** Forgets what it remembers of a pack that was written anew. */
  forget(name: PackName): void;
}

/** Of one list a place takes 8 to 250 bytes: most of what lists of one model hold is shared. */
const MOST_PLACES = 1_000_000;
const INDEX_LIMITS = {
  most: 1_024,
  heaviest: MOST_PLACES,
  weigh: ({ slots, list }: PackIndex) => slots.length + list.length / RECORD_BYTES,
};
const VERSION_LIMITS = {
  most: 24,
  heaviest: MOST_PLACES,
  weigh: ({ list }: StoredVersion) => list.blocks.length,
};
/** One read from a pack gives at most so much: enough for the disk's pace, little enough for memory and for those who wait. */
const RUN_BYTES = 2 * 1024 * 1024;

/** Reads what was published, from the packs at their places. */
export function openBlockStore(places: PackPlaces): BlockStore {
  const indexes = createRecentlyUsed(INDEX_LIMITS);
  const versions = createRecentlyUsed(VERSION_LIMITS);

  const indexOf = (name: PackName) => indexes.get(packKey(name), () => readIndex(places, name));

  async function load(name: PackName): Promise<StoredVersion> {
    const { record, list } = await indexOf(name);
    const blocks =
      record.list.kind === "whole"
        ? decodeBlocks(list, record.owners)
        : applyDelta(await wholeList(record.list.base), list, record.owners, record.list.count);
    const { bytes, blockSize, header } = record;
    const version = { name, record, list: { bytes, blockSize, header, blocks } };
    // A difference is only worth something with the very list it was made to.
    if (rootHash(hashesOf(version.list)) !== record.hash) {
      throw damaged(name, "list", "its blocks are not those of its root hash");
    }
    return version;
  }

  async function wholeList(base: PackName): Promise<BlockList["blocks"]> {
    return (await versions.get(packKey(base), () => load(base))).list.blocks;
  }

  /** Tries every copy of the pack, then once more with what its index says now: it may have been thinned meanwhile. */
  async function anyCopy<T>(
    name: PackName,
    what: string,
    read: (copy: OpenPack, index: PackIndex) => Promise<T>,
  ): Promise<T> {
    let reason: unknown = "no copy of its pack is there";
    for (const isLast of [false, true]) {
      for await (const copy of places.copies(name)) {
        try {
          return await read(copy, await indexOf(name));
        } catch (error) {
          reason = error;
        } finally {
          await copy.close();
        }
      }
      if (!isLast) indexes.forget(packKey(name));
    }
    throw damaged(name, what, reason);
  }

  async function readRun(run: Run, list: BlockList, fallback?: Fallback): Promise<ReadBlock[]> {
    const first = run.slots[0];
    const last = run.slots.at(-1);
    if (first === undefined || last === undefined) return [];
    try {
      return await readTogether(run, first, last);
    } catch {
      // One of them is damaged somewhere: each is looked for alone.
      const found: ReadBlock[] = [];
      for (const { index, block } of run.blocks) {
        const place = { offset: blockOffset(list, index), length: blockLength(list, index) };
        found.push({ index, bytes: await readAnywhere(block, place, fallback) });
      }
      return found;
    }
  }

  async function readTogether(run: Run, first: Slot, last: Slot): Promise<ReadBlock[]> {
    for await (const copy of places.copies(run.pack)) {
      try {
        const bytes = await copy.read(first.offset, last.offset + last.stored - first.offset);
        // Here and not on the thread pool: that costs as much per block as the sum itself, of which a run makes 1 ms.
        return run.blocks.map(({ index, block }, place) => {
          const slot = run.slots[place] ?? first;
          const at = slot.offset - first.offset;
          return { index, bytes: checked(unpack(bytes.subarray(at, at + slot.stored), slot), block.hash) };
        });
      } finally {
        await copy.close();
      }
    }
    throw new Error("no copy");
  }

  function readOne({ pack, slot, hash: wanted }: Pick<Block, "pack" | "slot" | "hash">): Promise<Buffer> {
    return anyCopy(pack, wanted, async (copy, { slots }) => {
      const place = slots[slot];
      if (place === undefined || place.stored === 0) throw new Error("its pack does not hold it");
      return checked(unpack(await copy.read(place.offset, place.stored), place), wanted);
    });
  }

  async function readAnywhere(
    block: Pick<Block, "pack" | "slot" | "hash">,
    { offset, length }: { offset: number; length: number },
    fallback?: Fallback,
  ): Promise<Buffer> {
    try {
      return await readOne(block);
    } catch (error) {
      const bytes = await fallback?.(offset, length).catch(() => null);
      if (!bytes || hash("sha256", bytes, "hex") !== block.hash) throw error;
      return bytes;
    }
  }

  async function* runsOf(list: BlockList, wanted: Iterable<number>): AsyncGenerator<Run> {
    let run: Run | undefined;
    for (const index of wanted) {
      const block = list.blocks[index];
      if (!block) continue;
      // A pack without an index may still have a copy of its blocks elsewhere: each is looked for alone.
      const pack = await indexOf(block.pack).catch(() => null);
      const slot = pack?.slots[block.slot] ?? NO_SLOT;
      if (run && follows(run, block, slot)) {
        run.blocks.push({ index, block });
        run.slots.push(slot);
        run.bytes += slot.raw;
        continue;
      }
      if (run) yield run;
      run = { pack: block.pack, blocks: [{ index, block }], slots: [slot], bytes: slot.raw };
    }
    if (run) yield run;
  }

  return {
    version: (name) => versions.get(packKey(name), () => load(name)),
    header: ({ name, record, list }, fallback) => {
      const place = { offset: 0, length: headerBytes(list) };
      return readAnywhere({ pack: name, slot: 0, hash: record.header }, place, fallback);
    },
    async *read(list, wanted, fallback) {
      let reading: Promise<ReadBlock[]> | undefined;
      try {
        for await (const run of runsOf(list, wanted)) {
          // The next run is on its way while the caller deals with this one.
          const ahead = readRun(run, list, fallback);
          ahead.catch(() => undefined);
          const ready = reading;
          reading = ahead;
          if (ready) yield* await ready;
        }
        if (reading) yield* await reading;
      } finally {
        await reading?.catch(() => undefined);
      }
    },
    remember(version) {
      indexes.forget(packKey(version.name));
      versions.put(packKey(version.name), version);
    },
    forget(name) {
      indexes.forget(packKey(name));
      versions.forget(packKey(name));
    },
  };
}

type Run = {
  pack: PackName;
  blocks: { index: number; block: Block }[];
  slots: Slot[];
  /** Of the blocks themselves: blocks of metadata shrink to a hundredth, so their stored length bounds nothing. */
  bytes: number;
};

const NO_SLOT: Slot = { offset: 0, stored: 0, raw: 0 };

function follows(run: Run, block: Block, slot: Slot): boolean {
  const before = run.slots.at(-1);
  if (before === undefined || slot.stored === 0) return false;
  const { pack } = block;
  const samePack =
    pack.version === run.pack.version && pack.epoch === run.pack.epoch && pack.model === run.pack.model;
  return samePack && slot.offset === before.offset + before.stored && run.bytes + slot.raw <= RUN_BYTES;
}

/** What the pack says, from the nearest copy that is whole. Throws `block_damaged` when there is none. */
export async function readIndex(places: PackPlaces, name: PackName): Promise<PackIndex> {
  let reason: unknown = "no copy of it is there";
  // Twice: a copy in the object store may be replaced by a thinned one between two reads of it.
  for (let round = 0; round < 2; round += 1) {
    for await (const copy of places.copies(name)) {
      try {
        return await indexOfCopy(copy, name);
      } catch (error) {
        reason = error;
      } finally {
        await copy.close();
      }
    }
  }
  throw damaged(name, "index", reason);
}

/** What this copy of a pack says. Throws when it is not what was written. */
export async function indexOfCopy(copy: OpenPack, name: PackName): Promise<PackIndex> {
  const footer = await copy.read(Math.max(0, copy.bytes - FOOTER_BYTES), FOOTER_BYTES);
  const { offset, bytes } = indexPlace(footer);
  if (offset + bytes + FOOTER_BYTES !== copy.bytes) throw new Error("the pack's footer is damaged");
  const index = decodeIndex(await copy.read(offset, bytes), footer);
  const { model, version } = index.record;
  if (model !== name.model || version !== name.version) throw new Error("it is another version's");
  return index;
}

function checked(bytes: Buffer, wanted: string): Buffer {
  if (hash("sha256", bytes, "hex") !== wanted) throw new Error("its bytes are not those of its hash");
  return bytes;
}

function damaged(name: PackName, what: string, reason: unknown): TeatreeError {
  const why = reason instanceof Error ? reason.message : String(reason);
  return new TeatreeError(
    "block_damaged",
    `A stored block of version ${name.version} is missing or damaged and is not served (${why}).`,
    { details: { pack: packKey(name), block: what }, cause: reason },
  );
}

/** The manifest of a version as the public contract has it. */
export function manifestOf({ record, list }: StoredVersion): Manifest {
  const { owners: _o, list: _l, iteration: _i, metadataBlocks: _m, ...manifest } = record;
  return { ...manifest, blocks: list.blocks.map((block) => block?.hash ?? null) };
}

/** Bytes of a version's file that lie in its header. */
export function headerBytes(list: Pick<BlockList, "bytes">): number {
  return Math.min(HEADER_BYTES, list.bytes);
}
