import { expect, test } from "vitest";
import { ModelId } from "../contracts/ids.ts";
import { type Block, deltaIndexes, encodeBlocks } from "./block-list.ts";
import { type IndexOf, type NamedSlots, namedSlots } from "./named-slots.ts";
import type { PackIndex, VersionRecord } from "./pack-format.ts";
import { type PackName, packKey } from "./pack-name.ts";
import { packUse } from "./pack-use.ts";

const OURS = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");
const THEIRS = ModelId.parse("0198b5a0-0000-7000-8000-000000000002");
const sha = (seed: number) => seed.toString(16).padStart(64, "0");

type Stored = { name: PackName; index: PackIndex; blocks: (Block | null)[] };

/** Numbers in [0, 1) that are the same at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** A history of two models, each version made of another one of either by changing, adding and dropping blocks. */
function history(seed: number, length: number): Stored[] {
  const random = dice(seed);
  const pick = <T>(items: T[]) => items[Math.floor(random() * items.length)];
  const made: Stored[] = [];
  for (let turn = 0; turn < length; turn += 1) {
    const model = random() < 0.6 ? OURS : THEIRS;
    const version = made.filter(({ name }) => name.model === model).length + 1;
    const name = { model, version, epoch: 1 + Math.floor(random() * 2) };
    const base = pick(made);
    const blocks = base ? [...base.blocks] : [];
    blocks.length = Math.max(2, Math.min(blocks.length + Math.floor(random() * 4) - 1, 30));
    let slots = 1;
    for (let place = 0; place < blocks.length; place += 1) {
      const roll = random();
      if (roll < 0.15) blocks[place] = null;
      else if (roll < 0.4 || blocks[place] === undefined) {
        blocks[place] = { hash: sha(turn * 1_000 + slots), checksum: 1n, pack: name, slot: slots };
        slots += 1;
      }
    }
    made.push({ name, blocks, index: indexOf(made, name, blocks, base, slots, random() < 0.6) });
  }
  return made;
}

function indexOf(
  made: Stored[],
  name: PackName,
  blocks: (Block | null)[],
  base: Stored | undefined,
  slots: number,
  asDelta: boolean,
): PackIndex {
  const list = base?.index.record.list;
  const wholeName = list?.kind === "delta" ? list.base : base?.name;
  const whole = made.find((each) => wholeName && packKey(each.name) === packKey(wholeName));
  const owners: ModelId[] = [];
  const indexes = asDelta && whole ? deltaIndexes(blocks, whole.blocks) : undefined;
  const bytes = encodeBlocks(blocks, owners, indexes);
  const record: VersionRecord = {
    model: name.model,
    version: name.version,
    parent: null,
    createdAt: "2026-01-01T00:00:00Z",
    hash: sha(0),
    bytes: 0,
    blockSize: 65_536,
    header: sha(name.version),
    intents: [],
    tables: [],
    reads: {},
    storageVersion: "v1.4.0",
    engineVersion: "v1.5.6",
    owners,
    list: indexes && whole ? { kind: "delta", base: whole.name, count: blocks.length } : { kind: "whole" },
    iteration: 0,
    metadataBlocks: [],
  };
  const table = Array.from({ length: slots }, (_, slot) => ({ offset: 8 + slot * 10, stored: 10, raw: 20 }));
  return { record, list: bytes, slots: table };
}

/** The same by looking at every block of every version. */
function slowly(versions: Stored[]): NamedSlots {
  const named: NamedSlots = new Map();
  const slotsOf = (pack: PackName) => {
    const slots = named.get(packKey(pack)) ?? new Map<number, string>();
    return named.set(packKey(pack), slots) && slots;
  };
  for (const { name, blocks, index } of versions) {
    if (name.model === OURS) slotsOf(name).set(0, index.record.header);
    const { list } = index.record;
    if (list.kind === "delta" && list.base.model === OURS) slotsOf(list.base);
    for (const block of blocks) {
      if (block?.pack.model === OURS) slotsOf(block.pack).set(block.slot, block.hash);
    }
  }
  return named;
}

const reader = (all: Stored[]): IndexOf => {
  const byKey = new Map(all.map((each) => [packKey(each.name), each.index]));
  return async (name) => {
    const index = byKey.get(packKey(name));
    if (!index) throw new Error(`no pack ${packKey(name)}`);
    return index;
  };
};

const plain = (named: NamedSlots) =>
  [...named].map(([key, slots]) => [key, [...slots].toSorted(([a], [b]) => a - b)]).toSorted();

test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
  "what versions name is what looking at every block of each finds (history %i)",
  async (seed) => {
    const random = dice(seed + 1_000);
    const all = history(seed, 14);
    const kept = all.filter(() => random() < 0.5);
    const found = await namedSlots(
      kept.map(({ name }) => name),
      OURS,
      reader(all),
    );
    expect(plain(found)).toEqual(plain(slowly(kept)));
  },
);

test("a list that cannot be read is an error, not a list that names nothing", async () => {
  const [first] = history(3, 4);
  const name = first?.name ?? { model: OURS, version: 1, epoch: 1 };
  await expect(namedSlots([name], OURS, reader([]))).rejects.toThrow("no pack");
});

test("live, waiting and dead bytes of packs add up", async () => {
  const all = history(7, 20);
  const ours = all.filter(({ name }) => name.model === OURS);
  const kept = all.slice(-4);
  const waiting = all.slice(-9, -4);
  const isKept = (name: PackName) => kept.some((each) => each.name === name);
  const packs = ours.map(({ name, index }) => ({
    name,
    bytes: 100 + index.slots.length * 10,
    isRemoved: !isKept(name),
  }));
  const names = (stored: Stored[]) => stored.map(({ name }) => name);
  const use = await packUse(packs, { kept: names(kept), waiting: names(waiting), model: OURS }, reader(all));
  const slow = (versions: Stored[]) => {
    const named = slowly(versions);
    const live = packs.filter(({ name }) => named.has(packKey(name)));
    return live.reduce((sum, { name }) => sum + 100 + (named.get(packKey(name))?.size ?? 0) * 10, 0);
  };
  expect(use.live).toBe(slow(kept));
  expect(use.live + use.waiting).toBe(slow([...kept, ...waiting]));
  expect(use.bytes).toBe(packs.reduce((sum, { bytes }) => sum + bytes, 0));
});
