import { join } from "node:path";
import { type BlockList, blockLength } from "@teatree/shared/block-store/block-list";
import { headerBytes, type StoredVersion } from "@teatree/shared/block-store/block-store";
import { fallbackFile } from "@teatree/shared/block-store/snapshot-bytes";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { keptPacks } from "@teatree/shared/control-db/versions";
import type { WebContext } from "../context.ts";
import { createKnownBlocks, HEADER, type KnownBlocks, type Place } from "./known-blocks.ts";
import { storedVersion } from "./manifests.ts";

export type FoundBlock = {
  stored: StoredVersion;
  /** {@link HEADER} for the header. */
  index: number;
  length: number;
  /** The version's whole file, which may or may not be there. */
  file: string;
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
  const found: FoundBlock[] = [];
  for (const hash of hashes) {
    const place = places.get(hash);
    if (place === undefined) throw notFound(hash, model.name);
    const stored = await listOf(place.version);
    const file = join(context.versionsDirectory, rows.get(place.version)?.file ?? "");
    found.push({ stored, index: place.index, length: lengthOf(stored.list, place), file });
  }
  return found;
}

/** The blocks one after the other, each checked. Throws `block_damaged`. */
export async function* blockBytes(
  { blocks }: Pick<Context, "blocks">,
  places: readonly FoundBlock[],
): AsyncGenerator<Buffer> {
  for (let at = 0; at < places.length; ) {
    const first = places[at];
    if (first === undefined) return;
    const fallback = fallbackFile(first.file);
    if (first.index === HEADER) {
      yield await blocks.header(first.stored, fallback);
      at += 1;
      continue;
    }
    const run = runOf(places, at);
    for await (const { bytes } of blocks.read(first.stored.list, run, fallback)) yield bytes;
    at += run.length;
  }
}

/** Indexes of the blocks from `at` on that lie in one version. */
function runOf(places: readonly FoundBlock[], at: number): number[] {
  const run: number[] = [];
  const stored = places[at]?.stored;
  for (let next = at; next < places.length; next += 1) {
    const place = places[next];
    if (place === undefined || place.stored !== stored || place.index === HEADER) break;
    run.push(place.index);
  }
  return run;
}

function lengthOf(list: BlockList, { index }: Place): number {
  return index === HEADER ? headerBytes(list) : blockLength(list, index);
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
