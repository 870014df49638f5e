import type { ModelId } from "../contracts/ids.ts";
import { type Block, decodeBlocks, decodeDelta } from "./block-list.ts";
import type { PackIndex } from "./pack-format.ts";
import { type PackName, packKey } from "./pack-name.ts";

/**
 * What versions need of packs, by the packs' keys: the slots they read, with the hash that lies there. A pack without slots is
 * needed for the list in it.
 */
export type NamedSlots = Map<string, Map<number, string>>;

export type IndexOf = (pack: PackName) => Promise<PackIndex>;

/** Versions whose lists are told as differences to one whole list, that list's own version among them when it is wanted. */
type Family = { base: PackName; members: { length: number; replaced: number[] }[] };

/**
 * Everything in the packs of `model` that the given versions, of any model, are made of. Looks at each whole list once, not once
 * per version. Throws `block_damaged` when a list cannot be read: then nothing is known, and nothing may be removed.
 */
export async function namedSlots(
  versions: readonly PackName[],
  model: ModelId,
  indexOf: IndexOf,
): Promise<NamedSlots> {
  const named: NamedSlots = new Map();
  const families = new Map<string, Family>();

  const slotsOf = (pack: PackName) => entryOf(named, packKey(pack), () => new Map<number, string>());
  function name(block: Block | null | undefined): void {
    if (block?.pack.model === model) slotsOf(block.pack).set(block.slot, block.hash);
  }

  for (const version of versions) {
    const { record, list } = await indexOf(version);
    if (version.model === model) slotsOf(version).set(0, record.header);
    const isWhole = record.list.kind === "whole";
    const base = record.list.kind === "whole" ? version : record.list.base;
    const length = record.list.kind === "whole" ? Number.POSITIVE_INFINITY : record.list.count;
    const replaced: number[] = [];
    for (const [index, block] of isWhole ? [] : decodeDelta(list, record.owners)) {
      replaced.push(index);
      name(block);
    }
    entryOf(families, packKey(base), (): Family => ({ base, members: [] })).members.push({
      length,
      replaced,
    });
  }
  for (const { base, members } of families.values()) {
    if (base.model === model) slotsOf(base);
    const { record, list } = await indexOf(base);
    const blocks = decodeBlocks(list, record.owners);
    const left = goneFrom(members, blocks.length);
    for (const [index, block] of blocks.entries()) {
      if ((left[index] ?? 0) < members.length) name(block);
    }
  }
  return named;
}

/** How many of the members have something else at each place of the whole list, or end before it. */
function goneFrom(members: Family["members"], length: number): Uint32Array {
  const gone = new Uint32Array(length);
  for (const member of members) {
    for (const index of member.replaced) gone[index] = (gone[index] ?? 0) + 1;
    for (let index = member.length; index < length; index += 1) gone[index] = (gone[index] ?? 0) + 1;
  }
  return gone;
}

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
