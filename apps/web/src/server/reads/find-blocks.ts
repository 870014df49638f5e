import { join } from "node:path";
import { type Block, blockLength, blockOffset } from "@teatree/shared/block-store/block-list";
import { type Fallback, headerBytes, type StoredVersion } from "@teatree/shared/block-store/block-store";
import { fallbackFile } from "@teatree/shared/block-store/snapshot-bytes";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { HEADER_BYTES } from "@teatree/shared/contracts/versions";
import { keptPacks } from "@teatree/shared/control-db/versions";
import type { WebContext } from "../context.ts";
import { createKnownBlocks, type KnownBlocks, type Place } from "./known-blocks.ts";
import { storedVersion } from "./manifests.ts";

export type FoundBlock = {
  block: Block;
  length: number;
  /** Where it lies in the whole file of a version, too, which may or may not be there. */
  file: string;
  offset: number;
};

type Context = Pick<WebContext, "pool" | "blocks" | "versionsDirectory">;

const MOST_MODELS = 16;
const known = new WeakMap<WebContext["blocks"], Map<ModelId, KnownBlocks>>();

/**
 * Where the blocks lie, in the order asked. Looks through the versions that are kept, newest first, each of them once. Throws
 * `block_not_found`, naming the first that none of this model's kept versions is made of.
 */
export async function findBlocks(
  context: Context,
  model: { id: ModelId; name: string },
  hashes: readonly string[],
): Promise<FoundBlock[]> {
  const kept = await keptPacks(context.pool, model.id);
  const rows = new Map(kept.map((row) => [row.version, row]));
  const blocks = knownOf(context, model.id);
  blocks.keep(new Set(rows.keys()));
  const listOf = async (version: number) => {
    const row = rows.get(version);
    if (row === undefined) throw new TeatreeError("internal", `Version ${version} is not kept.`);
    return storedVersion(context.blocks, row);
  };
  const places = await blocks.find(hashes, [...rows.keys()], async (version) => (await listOf(version)).list);
  const missing = hashes.find((hash) => !places.has(hash));
  if (missing !== undefined) throw notFound(missing, model.name);
  const found = new Map<string, FoundBlock>();
  // Version by version: old ones are many, and their lists are not all kept in memory.
  for (const [version, named] of Map.groupBy(places, ([, place]) => place.version)) {
    const stored = await listOf(version);
    const file = join(context.versionsDirectory, rows.get(version)?.file ?? "");
    for (const [hash, place] of named) found.set(hash, { ...blockAt(stored, place), file });
  }
  return hashes.flatMap((hash) => found.get(hash) ?? []);
}

function blockAt({ name, list }: StoredVersion, { index }: Place): Omit<FoundBlock, "file"> {
  const block = list.blocks[index];
  if (block) return { block, length: blockLength(list, index), offset: blockOffset(list, index) };
  const header = { hash: list.header, checksum: 0n, pack: name, slot: 0 };
  return { block: header, length: headerBytes(list), offset: 0 };
}

/** The blocks one after the other, each checked. Throws `block_damaged`. */
export async function* blockBytes(
  { blocks }: Pick<Context, "blocks">,
  found: readonly FoundBlock[],
): AsyncGenerator<Buffer> {
  // A list of its own, of no file's: with blocks of one byte the offset in it says which of them is meant.
  const own = { bytes: HEADER_BYTES + found.length, blockSize: 1, header: "" };
  const list = { ...own, blocks: found.map(({ block }) => block) };
  const fallback: Fallback = async (at) => {
    const place = found[at - HEADER_BYTES];
    return place ? fallbackFile(place.file)(place.offset, place.length) : null;
  };
  for await (const { bytes } of blocks.read(list, list.blocks.keys(), fallback)) yield bytes;
}

function knownOf({ blocks }: Context, model: ModelId): KnownBlocks {
  const models = known.get(blocks) ?? new Map<ModelId, KnownBlocks>();
  known.set(blocks, models);
  const found = models.get(model) ?? createKnownBlocks();
  models.delete(model);
  models.set(model, found);
  const [oldest] = models.keys();
  if (models.size > MOST_MODELS && oldest !== undefined) models.delete(oldest);
  return found;
}

function notFound(hash: string, model: string): TeatreeError {
  return new TeatreeError(
    "block_not_found",
    `No version of “${model}” that is kept has the block ${hash}. The manifest of a version says what it is made of.`,
    { details: { hash } },
  );
}
